/* clockwork.c - rules become rows; rows become dates. */
#include "store/clockwork.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int make_row(const struct clocks_rule *r, const struct clockwork_case *x,
		    struct store_clock *ret)
{
	struct store_clock c = {.length = r->length, .moves = r->holiday == CLOCK_NEXT};
	const char *word = clocks_start_word(r);
	int e = clocks_join(&r->routes, c.routes);

	if (e == SL_OK)
		e = clocks_join(&r->pause, c.pauses);
	if (e == SL_OK)
		e = clocks_join(&r->end, c.ends);
	if (word[0] != '\0')
		(void)snprintf(c.starts, sizeof(c.starts), ",%s,", word);
	else
		c.started = strcmp(r->start, "received") == 0 ? x->received : x->formed;
	(void)snprintf(c.kind, sizeof(c.kind), "%s", r->id);
	(void)snprintf(c.unit, sizeof(c.unit), "%s", clocks_unit_name(r->unit));
	if (e == SL_OK)
		*ret = c;
	return e;
}

int clockwork_wind(struct store *s, const struct clocks *k, int64_t number,
		   const struct clockwork_case *x)
{
	struct store_clock row[CLOCKS_MAX];
	unsigned n = 0;
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < k->n; i++) {
		if (clocks_applies(&k->rule[i], x->classes, x->content_type, x->category))
			r = make_row(&k->rule[i], x, &row[n++]);
	}
	return r == SL_OK ? store_clocks_set(s, number, row, n) : r;
}

/* pauses: room for STORE_CLOCK_PAUSES_MAX + 1. */
static int make_term(struct store *s, int64_t number, const struct store_clock *c,
		     struct reckon_pause *pauses, struct reckon_term *ret)
{
	struct store_clock_pause over[STORE_CLOCK_PAUSES_MAX];
	unsigned n = 0;
	struct reckon_term t = {.length = (uint32_t)c->length,
				.moves = c->moves,
				.started = c->started,
				.pause = pauses};
	int r = clocks_unit_from_name(c->unit, &t.unit) == SL_OK ? SL_OK : SL_E_CORRUPT;

	if (r == SL_OK && (c->paused > 0 || c->paused_total > 0))
		r = store_clock_pauses(s, number, c->kind, over, &n);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		pauses[t.n_pauses++] = (struct reckon_pause){over[i].since, over[i].until};
	if (c->paused > 0)
		pauses[t.n_pauses++] = (struct reckon_pause){.since = c->paused};
	if (r == SL_OK)
		*ret = t;
	return r;
}

static int count_one(struct store *s, const struct clocks *k,
		     const struct store_clock_name *name)
{
	struct reckon_pause pauses[STORE_CLOCK_PAUSES_MAX + 1];
	struct store_clock c[STORE_CLOCKS_MAX];
	struct reckon_term t;
	unsigned n = 0, i = 0;
	int r = store_clocks_get(s, name->number, c, &n);

	while (r == SL_OK && i < n && strcmp(c[i].kind, name->kind) != 0)
		i++;
	if (r == SL_OK && i == n)
		return SL_E_NOTFOUND;
	if (r == SL_OK)
		r = make_term(s, name->number, &c[i], pauses, &t);
	return r == SL_OK ? store_clock_due(s, name->number, name->kind, reckon_due(k, &t)) : r;
}

int clockwork_count(struct store *s, const struct clocks *k, unsigned *ret_n)
{
	struct store_clock_name name[CLOCKWORK_BATCH];
	unsigned n = 0;
	int r = store_clocks_uncounted(s, name, CLOCKWORK_BATCH, &n);

	*ret_n = 0;
	if (r != SL_OK || n == 0)
		return r;
	r = store_begin_soft(s);
	if (r != SL_OK)
		return r;
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = count_one(s, k, &name[i]);
	r = store_end(s, r);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

static int view(struct store *s, const struct clocks *k, int64_t number, int64_t now,
		struct clockwork_view *v)
{
	struct reckon_pause pauses[STORE_CLOCK_PAUSES_MAX + 1];
	struct reckon_term t;
	int r = make_term(s, number, &v->clock, pauses, &t);

	if (r != SL_OK)
		return r;
	if (v->clock.due == 0)
		v->clock.due = reckon_due(k, &t);
	v->rule = clocks_find(k, v->clock.kind);
	v->provisional = reckon_provisional(k, &t, v->clock.due);
	v->used = reckon_used(k, &t, v->clock.due, now);
	v->warn = reckon_warn(v->rule, v->used);
	return SL_OK;
}

static int by_due(const void *a, const void *b)
{
	const struct clockwork_view *x = a, *y = b;

	if (x->clock.due != y->clock.due)
		return x->clock.due < y->clock.due ? -1 : 1;
	return strcmp(x->clock.kind, y->clock.kind);
}

int clockwork_look(struct store *s, const struct clocks *k, const struct draft *d, int64_t now,
		   struct clockwork_view *ret, unsigned *ret_n)
{
	struct store_clock c[STORE_CLOCKS_MAX];
	unsigned n = 0, open = 0;
	int r = store_clocks_running(s, d->number, c, &n);

	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		if (!store_clock_open(&c[i], d->klass))
			continue;
		ret[open].clock = c[i];
		r = view(s, k, d->number, now, &ret[open++]);
	}
	if (r != SL_OK)
		return r;
	if (open > 1)
		qsort(ret, open, sizeof(*ret), by_due);
	*ret_n = open;
	return SL_OK;
}

/* `used` only grows between start and end. */
static int64_t reaches(const struct clocks *k, const struct reckon_term *t, int64_t due,
		       unsigned percent)
{
	int64_t low = t->started, high = due;

	while (low < high) {
		int64_t mid = low + (high - low) / 2;

		if (reckon_used(k, t, due, mid) >= percent)
			high = mid;
		else
			low = mid + 1;
	}
	return high;
}

int clockwork_reaches(struct store *s, const struct clocks *k, const struct draft *d,
		      const char *kind, unsigned percent, int64_t *ret_t)
{
	struct reckon_pause pauses[STORE_CLOCK_PAUSES_MAX + 1];
	struct store_clock c[STORE_CLOCKS_MAX];
	struct reckon_term t;
	unsigned n = 0, i = 0;
	int r = store_clocks_running(s, d->number, c, &n);

	*ret_t = 0;
	while (r == SL_OK && i < n && strcmp(c[i].kind, kind) != 0)
		i++;
	if (r != SL_OK || i == n || !store_clock_open(&c[i], d->klass) || c[i].paused > 0)
		return r;
	r = make_term(s, d->number, &c[i], pauses, &t);
	if (r == SL_OK)
		*ret_t = reaches(k, &t, c[i].due > 0 ? c[i].due : reckon_due(k, &t), percent);
	return r;
}
