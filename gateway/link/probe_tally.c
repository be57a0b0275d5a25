/* probe_tally.c - one run's table: a bit for each datagram, everything else is counted. */
#include "link/probe_tally.h"

#include <stdlib.h>
#include <string.h>

enum { SPAN_LEAST_MS = 10 };

struct step {
	bool seen; /* anything of it */
	uint32_t rate_kbit, size, of;
	uint32_t arrived, duplicates, reordered;
	uint32_t next; /* one more than the highest index */
	int64_t first_ms, last_ms;
	uint8_t got[PROBE_STEP_DATAGRAMS / 8];
};

struct probe_tally {
	bool any;
	uint32_t session, run, steps;
	uint32_t newest;	   /* step */
	int64_t began_ms, last_ms; /* of this run */
	uint32_t ignored;	   /* of other runs */
	struct step step[PROBE_STEPS_MAX];
};

int probe_tally_new(struct probe_tally **ret_t)
{
	*ret_t = calloc(1, sizeof(**ret_t));
	return *ret_t == NULL ? SL_E_NOMEM : SL_OK;
}

void probe_tally_free(struct probe_tally *t)
{
	free(t);
}

static void begin(struct probe_tally *t, uint32_t session, const struct probe *p,
		  int64_t now_ms)
{
	memset(t->step, 0, sizeof(t->step));
	t->any = true;
	t->session = session;
	t->run = p->run;
	t->steps = p->steps;
	t->newest = 0;
	t->began_ms = t->last_ms = now_ms;
}

static int count(struct step *s, const struct probe *p, size_t size, int64_t now_ms)
{
	uint8_t bit = (uint8_t)(1u << (p->index % 8));

	if (!s->seen) {
		s->seen = true;
		s->rate_kbit = p->rate_kbit;
		s->size = (uint32_t)size;
		s->of = p->of;
		s->first_ms = now_ms;
	}
	/* One run of the doctor does not contradict itself. */
	if (p->of != s->of || p->rate_kbit != s->rate_kbit || size != s->size)
		return SL_E_FORMAT;
	if ((s->got[p->index / 8] & bit) != 0) {
		s->duplicates++;
		return SL_E_REPLAY;
	}
	s->got[p->index / 8] |= bit;
	s->arrived++;
	s->last_ms = now_ms;
	if (p->index < s->next)
		s->reordered++;
	else
		s->next = p->index + 1;
	return SL_OK;
}

int probe_tally_take(struct probe_tally *t, const struct datagram *d, int64_t now_ms)
{
	struct probe p;
	int r = probe_parse(d->body, d->len, &p);

	if (r != SL_OK)
		return r;
	if (p.steps == 0 || p.steps > PROBE_STEPS_MAX || p.step >= p.steps || p.of == 0 ||
	    p.of > PROBE_STEP_DATAGRAMS || p.index >= p.of)
		return SL_E_LIMIT;
	if (!t->any || d->session > t->session)
		begin(t, d->session, &p, now_ms);
	if (d->session != t->session || p.run != t->run) {
		t->ignored++;
		return SL_E_REPLAY;
	}
	if (p.steps != t->steps)
		return SL_E_FORMAT;
	t->last_ms = now_ms;
	if (p.step > t->newest)
		t->newest = p.step;
	return count(&t->step[p.step], &p, d->len + DATAGRAM_FRAMING, now_ms);
}

static bool got(const struct step *s, uint32_t i)
{
	return (s->got[i / 8] & (1u << (i % 8))) != 0;
}

/* The longest row of lost ones among the first n. */
static uint32_t burst(const struct step *s, uint32_t n)
{
	uint32_t longest = 0, row = 0;

	for (uint32_t i = 0; i < n; i++) {
		/* The receiver has better things to do than to look at what is well. */
		if (i % 8 == 0 && s->got[i / 8] == UINT8_MAX) {
			row = 0;
			i += 7;
			continue;
		}
		row = got(s, i) ? 0 : row + 1;
		if (row > longest)
			longest = row;
	}
	return longest;
}

/* The last one ends the time of those before it. */
static int64_t heard_kbit(const struct step *s)
{
	int64_t ms = s->last_ms - s->first_ms;

	return ms < SPAN_LEAST_MS
		       ? 0
		       : (int64_t)(s->arrived - 1) * 8 * (s->size + DATAGRAM_IPV4) / ms;
}

static json_t *row(const struct step *s, unsigned number, uint32_t sent)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "step",
			 (json_int_t)number, "rate_kbit", (json_int_t)s->rate_kbit, "size",
			 (json_int_t)s->size, "sent", (json_int_t)sent, "arrived",
			 (json_int_t)s->arrived, "lost", (json_int_t)(sent - s->arrived),
			 "duplicates", (json_int_t)s->duplicates, "reordered",
			 (json_int_t)s->reordered, "burst", (json_int_t)burst(s, sent),
			 "heard_kbit", (json_int_t)heard_kbit(s));
}

json_t *probe_tally_json(const struct probe_tally *t, int64_t now_ms)
{
	bool over;
	json_t *table;
	char run[9];

	if (!t->any)
		return NULL;
	table = json_array();
	/* A clock that was set back must not keep a run open for ever. */
	over = now_ms < t->last_ms || now_ms - t->last_ms >= PROBE_OVER_MS;
	for (unsigned i = 0; i < t->steps; i++) {
		const struct step *s = &t->step[i];

		if (s->seen &&
		    json_array_append_new(table,
					  row(s, i, over || i < t->newest ? s->of : s->next)))
			break;
	}
	(void)snprintf(run, sizeof(run), "%08x", t->run);
	return json_pack("{s:s,s:I,s:I,s:b,s:I,s:I,s:o}", "run", run, "began",
			 (json_int_t)(t->began_ms / 1000), "last",
			 (json_int_t)(t->last_ms / 1000), "over", (int)over, "steps",
			 (json_int_t)t->steps, "ignored", (json_int_t)t->ignored, "table",
			 table);
}
