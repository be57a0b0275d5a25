/* faults.c - the order of things that happen to a datagram; see faults.h. */
#include "faults.h"

#include <stdlib.h>
#include <string.h>

struct held {
	uint8_t *bytes;
	size_t len;
	uint64_t due; /* goes when so many datagrams have been taken */
};
struct faults {
	struct faults_plan plan;
	struct faults_counts n;
	struct chance chance;
	struct strangers *strangers;
	void (*out)(void *arg, const uint8_t *bytes, size_t len);
	void *arg;
	bool bad;	     /* Gilbert-Elliott */
	uint64_t bytes;	     /* taken so far */
	uint64_t burst_from; /* in those */
	struct held held[FAULTS_HELD];
	unsigned n_held;
};

static void next_burst(struct faults *f)
{
	const struct faults_plan *p = &f->plan;

	f->burst_from = f->bytes + p->every / 2 + chance_below(&f->chance, p->every);
}

struct faults *faults_new(const struct faults_plan *plan, struct strangers *strangers,
			  void (*out)(void *arg, const uint8_t *bytes, size_t len), void *arg)
{
	struct faults *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->plan = *plan;
	f->chance.state = plan->seed;
	f->strangers = strangers;
	f->out = out;
	f->arg = arg;
	if (plan->burst > 0)
		next_burst(f);
	return f;
}

void faults_free(struct faults *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < f->n_held; i++)
		free(f->held[i].bytes);
	free(f);
}

const struct faults_counts *faults_counted(const struct faults *f)
{
	return &f->n;
}

static void hand_out(struct faults *f, const uint8_t *bytes, size_t len)
{
	f->n.handed_out++;
	f->out(f->arg, bytes, len);
}

static void let_go(struct faults *f, uint64_t until)
{
	for (unsigned i = 0; i < f->n_held;) {
		struct held h = f->held[i];

		if (h.due > until) {
			i++;
			continue;
		}
		f->held[i] = f->held[--f->n_held];
		hand_out(f, h.bytes, h.len);
		free(h.bytes);
	}
}

void faults_idle(struct faults *f)
{
	let_go(f, UINT64_MAX);
}

static bool hold_back(struct faults *f, const uint8_t *bytes, size_t len)
{
	struct held h = {.len = len};

	if (f->n_held == FAULTS_HELD || !chance_hits(&f->chance, f->plan.reorder))
		return false;
	h.bytes = malloc(len + 1);
	if (h.bytes == NULL)
		return false;
	memcpy(h.bytes, bytes, len);
	h.due = f->n.taken + 1 + chance_below(&f->chance, f->plan.by);
	f->held[f->n_held++] = h;
	f->n.reordered++;
	return true;
}

static bool in_burst(struct faults *f, size_t len)
{
	if (f->plan.burst == 0)
		return false;
	f->bytes += len;
	if (f->bytes <= f->burst_from)
		return false;
	if (f->bytes <= f->burst_from + f->plan.burst)
		return true;
	f->n.bursts++;
	next_burst(f);
	return false;
}

static bool in_bad_state(struct faults *f)
{
	if (chance_hits(&f->chance, f->bad ? f->plan.good : f->plan.bad)) {
		f->n.bursts += f->bad ? 1 : 0;
		f->bad = !f->bad;
	}
	return f->bad;
}

static bool is_lost(struct faults *f, size_t len, uint64_t ms)
{
	uint64_t *why = NULL;

	/* Each has its turn every time, so that one does not move another. */
	if (chance_hits(&f->chance, f->plan.loss))
		why = &f->n.lost;
	if (in_bad_state(f) || in_burst(f, len))
		why = &f->n.lost_in_bursts;
	if (ms >= f->plan.dark_from && ms < f->plan.dark_to)
		why = &f->n.lost_in_the_dark;
	if (why != NULL)
		++*why;
	return why != NULL;
}

static bool is_damaged(struct faults *f, uint8_t *bytes, size_t *len)
{
	bool damaged = false;

	if (*len > 0 && chance_hits(&f->chance, f->plan.flip)) {
		uint64_t bit = chance_below(&f->chance, *len * 8);

		bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		f->n.flipped++;
		damaged = true;
	}
	if (*len > 0 && !damaged && chance_hits(&f->chance, f->plan.cut)) {
		*len = (size_t)chance_below(&f->chance, *len);
		f->n.truncated++;
		damaged = true;
	}
	return damaged;
}

static void inject(struct faults *f, const uint8_t *real, size_t real_len)
{
	const uint8_t *bytes = NULL;
	size_t len = 0;

	if (!chance_hits(&f->chance, f->plan.inject))
		return;
	f->n.injected[strangers_next(f->strangers, real, real_len, &bytes, &len)]++;
	hand_out(f, bytes, len);
}

static void lie(struct faults *f, uint8_t *bytes, size_t len)
{
	if (f->n.lied == f->plan.lies || !chance_hits(&f->chance, f->plan.lie))
		return;
	f->n.lied++;
	strangers_lie(f->strangers, bytes, len);
}

void faults_take(struct faults *f, uint8_t *bytes, size_t len, uint64_t ms)
{
	bool damaged;

	f->n.taken++;
	let_go(f, f->n.taken);
	if (is_lost(f, len, ms))
		return;
	lie(f, bytes, len);
	damaged = is_damaged(f, bytes, &len);
	if (!hold_back(f, bytes, len)) {
		hand_out(f, bytes, len);
		if (!damaged)
			strangers_seen(f->strangers, bytes, len);
	}
	/* Damaged twice would be counted twice by nobody. */
	if (!damaged && chance_hits(&f->chance, f->plan.duplicate)) {
		hand_out(f, bytes, len);
		f->n.duplicated++;
	}
	if (!damaged)
		inject(f, bytes, len);
}
