/* probe_advice.c - from a table of rates to four settings. */
#include "link/probe_advice.h"

#include <string.h>

#include "link/calibrate.h"
#include "link/geometry.h"

enum {
	LOSS_LEAST = 3,
	LOSS_MOST = 50,
	INTERLEAVE_MOST = 4096,
	OBJECT = 100 << 20, /* of many blocks */
	NOISE_PERMILLE = 2,
	REACHED_PERCENT = 95
};

static bool number(const json_t *j, const char *name, uint32_t *ret_v)
{
	int64_t v = 0;

	if (!json_i64(j, name, &v) || v < 0 || v > UINT32_MAX)
		return false;
	*ret_v = (uint32_t)v;
	return true;
}

static bool parse_row(const json_t *j, struct probe_row *r)
{
	return number(j, "step", &r->step) && number(j, "rate_kbit", &r->rate_kbit) &&
	       number(j, "size", &r->size) && number(j, "sent", &r->sent) &&
	       number(j, "arrived", &r->arrived) && number(j, "lost", &r->lost) &&
	       number(j, "duplicates", &r->duplicates) &&
	       number(j, "reordered", &r->reordered) && number(j, "burst", &r->burst) &&
	       number(j, "heard_kbit", &r->heard_kbit) && r->lost <= r->sent &&
	       r->burst <= r->lost && r->arrived == r->sent - r->lost;
}

int probe_run_parse(const json_t *j, struct probe_run *ret_r)
{
	const char *run = json_str(j, "run");
	const json_t *table = json_arr(j, "table");
	struct probe_run r = {.n = 0};

	if (run == NULL || strlen(run) != 8 || table == NULL ||
	    json_array_size(table) > PROBE_STEPS_MAX || !json_i64(j, "began", &r.began) ||
	    !json_i64(j, "last", &r.last) || !json_bool(j, "over", &r.over) ||
	    !number(j, "steps", &r.steps) || !number(j, "ignored", &r.ignored))
		return SL_E_FORMAT;
	memcpy(r.run, run, sizeof(r.run));
	for (size_t i = 0; i < json_array_size(table); i++) {
		if (!parse_row(json_array_get(table, i), &r.row[r.n++]))
			return SL_E_FORMAT;
	}
	*ret_r = r;
	return SL_OK;
}

static uint32_t permille(const struct probe_row *r)
{
	return r->sent == 0 ? 0 : (uint32_t)((uint64_t)r->lost * 1000 / r->sent);
}

static const struct probe_row *row_of(const struct probe_run *run, uint32_t rate, uint32_t size)
{
	for (unsigned i = 0; i < run->n; i++) {
		if (run->row[i].rate_kbit == rate && run->row[i].size == size)
			return &run->row[i];
	}
	return NULL;
}

/* The next higher rate of the table; 0 when there is none. */
static uint32_t rate_above(const struct probe_run *run, uint32_t rate)
{
	uint32_t next = 0;

	for (unsigned i = 0; i < run->n; i++) {
		uint32_t r = run->row[i].rate_kbit;

		if (r > rate && (next == 0 || r < next))
			next = r;
	}
	return next;
}

/* The largest size, and the link's own: the least above the small ones. */
static void sizes(const struct probe_run *run, struct probe_advice *a)
{
	for (unsigned i = 0; i < run->n; i++) {
		uint32_t size = run->row[i].size;

		if (size > a->size)
			a->size = size;
		if (size > CALIBRATE_SMALL && (a->usual == 0 || size < a->usual))
			a->usual = size;
	}
	a->arrived = a->usual != 0;
	a->blocked = run->n > 0 && !a->arrived;
}

/* A rate of which one size did not arrive at all has lost. */
static bool lossless(const struct probe_run *run, uint32_t rate, uint32_t size)
{
	const struct probe_row *small = row_of(run, rate, CALIBRATE_SMALL),
			       *large = row_of(run, rate, size);

	return small != NULL && large != NULL && small->lost == 0 && large->lost == 0;
}

/* What a row proves: its rate when it was reached, else what was sent as far as one can tell
 * by what came, in two digits. */
static uint32_t proved_kbit(const struct probe_row *r)
{
	uint64_t sent, unit = 1;

	if (r->heard_kbit == 0 || r->arrived == 0)
		return r->rate_kbit;
	sent = (uint64_t)r->heard_kbit * r->sent / r->arrived;
	if (sent * 100 >= (uint64_t)r->rate_kbit * REACHED_PERCENT)
		return r->rate_kbit;
	while (sent / unit >= 100)
		unit *= 10;
	return (uint32_t)(sent / unit * unit);
}

struct reach {
	uint32_t rate, proved; /* the highest nominal one; what it and those below prove */
};

static void extend(struct reach *reach, const struct probe_row *row)
{
	uint32_t proved = proved_kbit(row);

	reach->rate = row->rate_kbit;
	if (proved > reach->proved)
		reach->proved = proved;
}

static struct reach clean(const struct probe_run *run, uint32_t size)
{
	struct reach reach = {.rate = 0};

	for (uint32_t r = rate_above(run, 0); r != 0; r = rate_above(run, r)) {
		const struct probe_row *row = row_of(run, r, size);

		if (row == NULL || !lossless(run, r, size))
			break;
		extend(&reach, row);
	}
	return reach;
}

/* Where every rate loses: up to where it does not get much worse than at the lowest, of whose
 * two sizes the unluckier counts, since few datagrams make a lucky row. */
static struct reach even(const struct probe_run *run, uint32_t size)
{
	uint32_t first = rate_above(run, 0), worst = 0;
	const struct probe_row *row = row_of(run, first, size),
			       *small = row_of(run, first, CALIBRATE_SMALL);
	struct reach reach = {.rate = first, .proved = row == NULL ? first : 0};
	uint32_t bearable;

	if (row != NULL)
		worst = permille(row);
	if (small != NULL && permille(small) > worst)
		worst = permille(small);
	bearable = 2 * worst + NOISE_PERMILLE;
	for (uint32_t r = first; row != NULL && permille(row) <= bearable;
	     row = row_of(run, r, size)) {
		extend(&reach, row);
		r = rate_above(run, r);
	}
	return reach;
}

static void losses(const struct probe_run *run, uint32_t rate, struct probe_advice *a)
{
	struct geometry g;
	uint32_t worst = 0, spare;

	for (unsigned i = 0; i < run->n; i++) {
		const struct probe_row *r = &run->row[i];

		if (r->size != a->usual || r->rate_kbit > rate)
			continue;
		if (permille(r) > worst)
			worst = permille(r);
		if (r->burst > a->burst)
			a->burst = r->burst;
	}
	a->loss = (2 * worst + 9) / 10;
	if (a->loss < LOSS_LEAST)
		a->loss = LOSS_LEAST;
	if (a->loss > LOSS_MOST)
		a->loss = LOSS_MOST;
	if (geometry_plan(OBJECT, a->usual - DATAGRAM_FRAMING, 10 * a->loss, &g) != SL_OK)
		return;
	/* The other half is for what is lost beside the burst. */
	spare = g.m / 2 > 0 ? g.m / 2 : 1;
	a->interleave = (a->burst + spare - 1) / spare;
	if (a->interleave < 1)
		a->interleave = 1;
	if (a->interleave > INTERLEAVE_MOST)
		a->interleave = INTERLEAVE_MOST;
}

void probe_advise(const struct probe_run *run, struct probe_advice *ret_a)
{
	struct probe_advice a = {.loss = LOSS_LEAST, .interleave = 1};
	struct reach reach;

	sizes(run, &a);
	if (a.arrived) {
		reach = clean(run, a.usual);
		a.clean = reach.rate != 0;
		if (!a.clean)
			reach = even(run, a.usual);
		a.rate_kbit = reach.proved;
		losses(run, reach.rate, &a);
	}
	*ret_a = a;
}
