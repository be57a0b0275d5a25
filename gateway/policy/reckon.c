/* reckon.c - terms in days by the calendar, terms in hours by seconds. */
#include "policy/reckon.h"

#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60, MOVE_MAX = 60, PERCENT = 100 };

static int64_t seconds_of(enum clock_unit u)
{
	return u == CLOCK_HOUR ? HOUR_S : MINUTE_S;
}

/* Days of the term's kind with from < d <= to. */
static int64_t days_between(const struct clocks *c, enum clock_unit u, int64_t from, int64_t to)
{
	if (to <= from)
		return 0;
	return u == CLOCK_DAY ? to - from : (int64_t)workdays_between(&c->workdays, from, to);
}

/* What the pauses that are over add, in days or seconds. */
static int64_t paused(const struct clocks *c, const struct reckon_term *t)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < t->n_pauses; i++) {
		const struct reckon_pause *p = &t->pause[i];

		if (p->until < p->since)
			continue;
		sum += clocks_by_day(t->unit)
			       ? days_between(c, t->unit, clocks_day(c, p->since),
					      clocks_day(c, p->until))
			       : p->until - p->since;
	}
	return sum;
}

int64_t reckon_due(const struct clocks *c, const struct reckon_term *t)
{
	int64_t day = clocks_day(c, t->started), n = t->length + paused(c, t);

	if (!clocks_by_day(t->unit))
		return t->started + (int64_t)t->length * seconds_of(t->unit) + paused(c, t);
	if (t->unit == CLOCK_DAY) {
		day += n;
		for (unsigned i = 0; t->moves && i < MOVE_MAX; i++) {
			if (workdays_is(&c->workdays, day))
				break;
			day++;
		}
	} else {
		for (; n > WORKDAYS_TERM_MAX; n -= WORKDAYS_TERM_MAX)
			day = workdays_after(&c->workdays, day, WORKDAYS_TERM_MAX);
		day = workdays_after(&c->workdays, day, (unsigned)n);
	}
	return clocks_day_end(c, day);
}

int64_t reckon_first_due(const struct clocks *c, const struct reckon_what *w)
{
	int64_t first = 0;

	for (unsigned i = 0; i < c->n; i++) {
		const struct clocks_rule *r = &c->rule[i];
		const struct reckon_term t = {.unit = r->unit,
					      .length = r->length,
					      .moves = r->holiday == CLOCK_NEXT,
					      .started = w->started};
		int64_t due;

		if (strcmp(r->start, w->start) != 0 ||
		    (w->end != NULL && !clocks_has(&r->end, w->end)) ||
		    !clocks_applies(r, w->classes, w->content_type, w->category))
			continue;
		due = reckon_due(c, &t);
		if (first == 0 || due < first)
			first = due;
	}
	return first;
}

int64_t reckon_last_day(const struct clocks *c, int64_t due)
{
	return clocks_day(c, due - 1);
}

bool reckon_provisional(const struct clocks *c, const struct reckon_term *t, int64_t due)
{
	int64_t from = clocks_day(c, t->started), to = reckon_last_day(c, due);

	if (!clocks_by_day(t->unit) || (t->unit == CLOCK_DAY && !t->moves))
		return false;
	/* Of calendar days only the last can be moved by a file. */
	return workdays_provisional(&c->workdays,
				    t->unit == CLOCK_DAY ? from + t->length - 1 : from, to);
}

/* Seconds of the term's own time since its start, pauses not taken off: of days that count the
 * whole day, of the present one what has passed of it. */
static int64_t own_time(const struct clocks *c, const struct reckon_term *t, int64_t at)
{
	int64_t first = clocks_day(c, t->started), today = clocks_day(c, at), sum;

	if (!clocks_by_day(t->unit))
		return at - t->started;
	if (today <= first)
		return 0;
	sum = days_between(c, t->unit, first, today - 1) * DAY_S;
	if (t->unit == CLOCK_DAY || workdays_is(&c->workdays, today))
		sum += at - clocks_day_end(c, today - 1);
	return sum;
}

unsigned reckon_used(const struct clocks *c, const struct reckon_term *t, int64_t due,
		     int64_t now)
{
	int64_t off = paused(c, t) * (clocks_by_day(t->unit) ? DAY_S : 1), at = now, whole,
		used;

	for (unsigned i = 0; i < t->n_pauses; i++) {
		if (t->pause[i].until == 0 && t->pause[i].since < at)
			at = t->pause[i].since;
	}
	whole = own_time(c, t, due) - off;
	used = own_time(c, t, at) - off;
	if (used <= 0)
		return 0;
	/* A calendar of holidays only: nothing to divide by. */
	if (whole <= 0 || used / whole > RECKON_USED_MAX / PERCENT)
		return RECKON_USED_MAX;
	used = used * PERCENT / whole;
	return used > RECKON_USED_MAX ? RECKON_USED_MAX : (unsigned)used;
}

unsigned reckon_warn(const struct clocks_rule *r, unsigned used)
{
	static const uint32_t usual[] = {50, 80, 100};
	const uint32_t *level = r != NULL ? r->warn : usual;
	unsigned n = r != NULL ? r->warn_count : 3, reached = 0;

	for (unsigned i = 0; i < n; i++)
		reached = used >= level[i] ? level[i] : reached;
	return reached;
}
