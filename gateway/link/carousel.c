/* carousel.c - a list of units by serial; every question is one walk along it. */
#include "link/carousel.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 64 };

void carousel_init(struct carousel *c, const uint32_t *pauses, unsigned n)
{
	BUG(n > CAROUSEL_PAUSES_MAX);
	memset(c, 0, sizeof(*c));
	for (unsigned i = 0; i < n; i++)
		c->pause_ms[i] = (int64_t)pauses[i] * 1000;
	c->n_pauses = n;
}

void carousel_release(struct carousel *c)
{
	free(c->e);
	c->e = NULL;
	c->n = c->room = 0;
}

/* Where it is, or would be. */
static size_t place(const struct carousel *c, int64_t serial)
{
	size_t from = 0, to = c->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (c->e[middle].unit.serial < serial)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct carousel_entry *find(const struct carousel *c, int64_t serial)
{
	size_t at = place(c, serial);

	return at < c->n && c->e[at].unit.serial == serial ? &c->e[at] : NULL;
}

const struct carousel_entry *carousel_find(const struct carousel *c, int64_t serial)
{
	return find(c, serial);
}

int carousel_put(struct carousel *c, const struct carousel_entry *e)
{
	size_t at = place(c, e->unit.serial);

	if (at < c->n && c->e[at].unit.serial == e->unit.serial) {
		c->bytes -= c->e[at].bytes;
	} else {
		if (c->n == c->room) {
			size_t room = c->room == 0 ? ROOM_FIRST : 2 * c->room;
			struct carousel_entry *grown = realloc(c->e, room * sizeof(*grown));

			if (grown == NULL)
				return SL_E_NOMEM;
			c->e = grown;
			c->room = room;
		}
		memmove(&c->e[at + 1], &c->e[at], (c->n - at) * sizeof(c->e[0]));
		c->n++;
	}
	c->e[at] = *e;
	if (c->e[at].next > c->n_pauses) /* the schedule is shorter than it was */
		c->e[at].next = c->n_pauses;
	c->bytes += e->bytes;
	return SL_OK;
}

/* On to the next pause, or ended. */
static void move_on(const struct carousel *c, struct carousel_entry *e, int64_t now)
{
	e->sent = now;
	e->due = e->next < c->n_pauses ? now + c->pause_ms[e->next++] : CAROUSEL_NEVER;
}

int carousel_sent(struct carousel *c, const struct spool_entry *unit, uint64_t bytes,
		  int64_t now, const struct carousel_entry **ret_e)
{
	struct carousel_entry fresh = {.unit = *unit, .bytes = bytes};
	struct carousel_entry *e = find(c, unit->serial);
	int r = SL_OK;

	if (e == NULL) {
		r = carousel_put(c, &fresh);
		e = find(c, unit->serial);
	}
	if (r != SL_OK)
		return r;
	move_on(c, e, now);
	*ret_e = e;
	return SL_OK;
}

/* Newest first alone would starve the oldest: when a pass over all takes longer than a pause,
 * the newest ones are due for the third time before the oldest had their first turn, and it
 * is the first repetition that most often brings what was lost. */
static bool before(const struct carousel_entry *a, const struct carousel_entry *b)
{
	if ((a->unit.priority == SPOOL_RECALL) != (b->unit.priority == SPOOL_RECALL))
		return a->unit.priority == SPOOL_RECALL;
	if (a->next != b->next)
		return a->next < b->next;
	return a->unit.serial > b->unit.serial;
}

bool carousel_due(const struct carousel *c, bool recalls, int64_t now,
		  struct spool_entry *ret_unit)
{
	const struct carousel_entry *best = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct carousel_entry *e = &c->e[i];

		if (e->due > now || (recalls && e->unit.priority != SPOOL_RECALL))
			continue;
		if (best == NULL || before(e, best))
			best = e;
	}
	if (best != NULL)
		*ret_unit = best->unit;
	return best != NULL;
}

enum carousel_turn carousel_turn(struct carousel *c, const struct spool_entry *fresh,
				 int64_t now, struct spool_entry *ret_unit)
{
	bool recall = fresh != NULL && fresh->priority == SPOOL_RECALL;

	if (!recall && (fresh == NULL || c->turns >= CAROUSEL_NEW_TURNS) &&
	    carousel_due(c, false, now, ret_unit)) {
		c->turns = 0;
		return CAROUSEL_REPEAT;
	}
	if (fresh == NULL)
		return CAROUSEL_IDLE;
	if (c->turns < CAROUSEL_NEW_TURNS)
		c->turns++;
	return CAROUSEL_NEW;
}

bool carousel_resend(struct carousel *c, int64_t serial, int64_t now)
{
	struct carousel_entry *e = find(c, serial);

	if (e == NULL)
		return false;
	e->due = now;
	e->next = 0;
	return true;
}

void carousel_again(struct carousel *c, int64_t since, int64_t now)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->e[i].sent >= since && c->e[i].due > now)
			c->e[i].due = now;
	}
}

static void drop_at(struct carousel *c, size_t at)
{
	c->bytes -= c->e[at].bytes;
	c->n--;
	memmove(&c->e[at], &c->e[at + 1], (c->n - at) * sizeof(c->e[0]));
}

void carousel_drop(struct carousel *c, int64_t serial)
{
	struct carousel_entry *e = find(c, serial);

	if (e != NULL)
		drop_at(c, (size_t)(e - c->e));
}

bool carousel_prune(struct carousel *c, uint64_t bytes, size_t units,
		    struct spool_entry *ret_unit, bool *ret_early)
{
	size_t at = 0;

	if (c->n < 2 || (c->bytes <= bytes && c->n <= units))
		return false;
	while (at < c->n - 1 && c->e[at].due != CAROUSEL_NEVER)
		at++;
	*ret_early = at == c->n - 1;
	if (*ret_early)
		at = 0;
	*ret_unit = c->e[at].unit;
	drop_at(c, at);
	return true;
}

void carousel_view(const struct carousel *c, struct carousel_view *ret_v)
{
	struct carousel_view v = {.due = CAROUSEL_NEVER};

	if (c->n > 0) {
		v.lowest = c->e[0].unit.serial;
		v.highest = c->e[c->n - 1].unit.serial;
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct carousel_entry *e = &c->e[i];

		if (e->due == CAROUSEL_NEVER)
			continue;
		if (v.repeating++ == 0)
			v.lowest_repeating = e->unit.serial;
		if (e->due < v.due) {
			v.due = e->due;
			v.next = e->unit;
		}
	}
	*ret_v = v;
}
