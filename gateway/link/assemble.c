/* assemble.c - which objects are being put together, and which of them gives way.
 *
 * Invariants: at most ASSEMBLE_PARTS slots and ASSEMBLE_BYTES on disk; one part for one
 * serial; a part exists only while the quarantine wants its serial or did when it began. */
#include "link/assemble.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "link/assemble_worker.h"

enum {
	OTHER_SHAPE_MS = 3000, /* idle for so long, a part gives way to another shape */
	FULL_MS = 100,	       /* no new part is tried for so long after one had no room */
	FULL_IDLE_MS = 60000   /* idle for so long, a part gives way when the disk is full */
};

struct assemble {
	struct quarantine *q;
	struct repair *repair;
	struct assemble_worker *worker; /* NULL: whoever receives does that work */
	assemble_told told;
	void *told_arg;
	struct assemble_part part[ASSEMBLE_PARTS];
	unsigned last; /* the slot that took a symbol last */
	uint64_t bytes;
	int64_t now, full_until; /* monotonic ms */
};

int assemble_open(struct quarantine *q, struct assemble **ret_a)
{
	struct assemble *a = calloc(1, sizeof(*a));
	int r = a == NULL ? SL_E_NOMEM : repair_new(&a->repair);

	if (r != SL_OK) {
		free(a);
		return r;
	}
	a->q = q;
	a->now = clock_mono_ms();
	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++)
		a->part[i].fd = -1;
	*ret_a = a;
	return SL_OK;
}

static void drop(struct assemble *a, struct assemble_part *p)
{
	if (p->fd < 0)
		return;
	a->bytes -= p->mapped;
	assemble_part_drop(p, quarantine_fd(a->q));
}

int assemble_background(struct assemble *a, assemble_told told, void *arg)
{
	a->told = told;
	a->told_arg = arg;
	return assemble_worker_new(a->q, ASSEMBLE_PARTS, &a->worker);
}

/* What became of a whole: note it, or throw the rest of it away.  1 or the error. */
static int settle(struct assemble *a, struct assemble_part *p, int result)
{
	if (result != SL_OK) {
		drop(a, p);
		return result;
	}
	quarantine_stored(a->q, &p->unit);
	a->bytes -= p->mapped;
	assemble_part_close(p);
	return 1;
}

/* One whole that the worker is done with; false: there is none. */
static bool reap_one(struct assemble *a, bool wait)
{
	struct assemble_part *p =
		a->worker != NULL ? assemble_worker_take(a->worker, wait) : NULL;
	int64_t serial;

	if (p == NULL)
		return false;
	serial = p->unit.serial;
	p->finishing = false;
	a->told(a->told_arg, serial, settle(a, p, p->result));
	return true;
}

void assemble_reap(struct assemble *a)
{
	while (reap_one(a, false))
		continue;
}

void assemble_close(struct assemble *a)
{
	if (a == NULL)
		return;
	/* What is whole stays, whatever becomes of the rest. */
	while (reap_one(a, true))
		continue;
	assemble_worker_free(a->worker);
	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++)
		drop(a, &a->part[i]);
	repair_free(a->repair);
	free(a);
}

static struct assemble_part *find(struct assemble *a, uint32_t serial)
{
	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++) {
		struct assemble_part *p = &a->part[(a->last + i) % ASSEMBLE_PARTS];

		if (p->fd >= 0 && p->unit.serial == serial) {
			a->last = (unsigned)(p - a->part);
			return p;
		}
	}
	return NULL;
}

static struct assemble_part *longest_idle(struct assemble *a)
{
	struct assemble_part *oldest = NULL;

	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++) {
		struct assemble_part *p = &a->part[i];

		if (p->fd >= 0 && !p->finishing &&
		    (oldest == NULL || p->touched < oldest->touched))
			oldest = p;
	}
	return oldest;
}

static struct assemble_part *free_slot(struct assemble *a)
{
	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++) {
		if (a->part[i].fd < 0)
			return &a->part[i];
	}
	return NULL;
}

/* A slot and the bytes within our own bounds; the disk has its say afterwards. */
static struct assemble_part *make_way(struct assemble *a, uint64_t bytes)
{
	while (free_slot(a) == NULL || (a->bytes > 0 && a->bytes + bytes > ASSEMBLE_BYTES)) {
		struct assemble_part *oldest = longest_idle(a);

		/* Better wait for the disk than give up what is being sent. */
		if ((oldest == NULL || a->now - oldest->touched < OTHER_SHAPE_MS) &&
		    reap_one(a, true))
			continue;
		drop(a, oldest);
	}
	return free_slot(a);
}

static int open_part(struct assemble *a, const struct datagram *d, const struct geometry *g,
		     struct assemble_part **ret_p)
{
	uint64_t bytes = assemble_part_bytes(g);
	char name[ASSEMBLE_PART_NAME];
	struct assemble_part *p;
	int r = quarantine_room_for(a->q, bytes);

	if (r != SL_OK)
		return r;
	p = make_way(a, bytes);
	(void)snprintf(name, sizeof(name), "%020lld.%d.part", (long long)d->serial,
		       (int)(p - a->part));
	r = assemble_part_open(p, quarantine_fd(a->q), name, d, g);
	if (r != SL_OK)
		return r;
	a->bytes += bytes;
	a->last = (unsigned)(p - a->part);
	*ret_p = p;
	return SL_OK;
}

static int start(struct assemble *a, const struct datagram *d, struct assemble_part **ret_p)
{
	struct assemble_part *oldest;
	struct geometry g;
	int r = quarantine_wants(a->q, d->serial);

	if (r == SL_OK)
		r = geometry_of(d->total, (uint32_t)d->len, d->m, &g);
	if (r != SL_OK)
		return r;
	quarantine_heard_of(a->q, d->serial);
	if (assemble_part_bytes(&g) > ASSEMBLE_BYTES)
		return SL_E_LIMIT;
	if (a->now < a->full_until)
		return SL_E_FULL;
	r = open_part(a, d, &g, ret_p);
	/* What nobody sends any more must not keep out what is being sent. */
	while (r == SL_E_FULL && (oldest = longest_idle(a)) != NULL &&
	       a->now - oldest->touched >= FULL_IDLE_MS) {
		drop(a, oldest);
		quarantine_look(a->q);
		r = open_part(a, d, &g, ret_p);
	}
	if (r == SL_E_FULL)
		a->full_until = a->now + FULL_MS;
	return r;
}

/* Every block is whole: prove it, and hand it on or throw it away. */
static int finish(struct assemble *a, struct assemble_part *p)
{
	if (a->worker == NULL)
		return settle(a, p, assemble_part_finish(p, a->q));
	p->finishing = true;
	assemble_worker_give(a->worker, p);
	return 0;
}

void assemble_time(struct assemble *a, int64_t now_ms)
{
	a->now = now_ms;
}

int assemble_symbol(struct assemble *a, const struct datagram *d)
{
	struct assemble_part *p = find(a, d->serial);
	int r = SL_OK;

	if (p != NULL && p->finishing)
		return 0; /* whole already */
	if (p != NULL && !assemble_part_shape(p, d)) {
		if (a->now - p->touched < OTHER_SHAPE_MS)
			return SL_E_STATE;
		drop(a, p);
		p = NULL;
	}
	if (p == NULL)
		r = start(a, d, &p);
	if (r != SL_OK)
		return r;
	p->touched = a->now;
	r = assemble_part_take(p, d, a->repair);
	if (r < 0)
		drop(a, p);
	return r == 1 ? finish(a, p) : r;
}

json_t *assemble_report(const struct assemble *a)
{
	json_t *parts = json_array();

	for (unsigned i = 0; i < ASSEMBLE_PARTS; i++) {
		const struct assemble_part *p = &a->part[i];

		if (p->fd >= 0)
			(void)json_array_append_new(
				parts,
				json_pack("{s:I,s:I,s:I,s:I}", "blocks",
					  (json_int_t)p->g.blocks, "done", (json_int_t)p->done,
					  "idle_ms", (json_int_t)(a->now - p->touched),
					  "serial", (json_int_t)p->unit.serial));
	}
	return parts;
}
