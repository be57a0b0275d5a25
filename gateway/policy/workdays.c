/* workdays.c - two sorted arrays and a weekday. */
#include "policy/workdays.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "policy/pack.h"

enum { DAY_S = 86400, WEEK = 7, EPOCH_WEEKDAY = 4 /* 1970-01-01 was a Thursday */ };

bool workdays_parse(const char *text, int64_t *ret_day)
{
	uint64_t year, month, day;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || text[0] == '0')
		return false;
	/* text_to_u64 refuses a leading zero, which months and days have. */
	if (!text_to_u64(text, 4, 9999, &year) ||
	    !text_to_u64(text + 5 + (text[5] == '0'), text[5] == '0' ? 1 : 2, 12, &month) ||
	    !text_to_u64(text + 8 + (text[8] == '0'), text[8] == '0' ? 1 : 2, 31, &day) ||
	    !clock_date_exists((int)year, (int)month, (int)day))
		return false;
	*ret_day = clock_days((int)year, (int)month, (int)day);
	return true;
}

void workdays_format(int64_t day, char out[WORKDAYS_TEXT])
{
	char text[CLOCK_TEXT + 1];

	clock_format(day * DAY_S, text);
	(void)snprintf(out, WORKDAYS_TEXT, "%.10s", text);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int read_days(const struct pack_list *l, int64_t **ret_days, unsigned *ret_n,
		     struct sl_why *why)
{
	unsigned n = l != NULL ? l->words.n : 0;
	int64_t *days = calloc(n + 1, sizeof(*days));

	if (days == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < n; i++) {
		if (!workdays_parse(l->words.item[i], &days[i])) {
			struct sl_why detail = {.text = ""};

			free(days);
			(void)why_set(&detail, SL_E_CONFIG,
				      _("\"%s\" is no date like 2026-10-01"), l->words.item[i]);
			return pack_list_complain(l, &detail, why);
		}
	}
	qsort(days, n, sizeof(*days), compare);
	*ret_days = days;
	*ret_n = n;
	return SL_OK;
}

int workdays_make(struct workdays *w, const struct pack_list *holidays,
		  const struct pack_list *weekends, struct sl_why *why)
{
	int r = read_days(holidays, &w->off, &w->n_off, why);

	return r == SL_OK ? read_days(weekends, &w->on, &w->n_on, why) : r;
}

void workdays_release(struct workdays *w)
{
	free(w->off);
	free(w->on);
	memset(w, 0, sizeof(*w));
}

static bool has(const int64_t *days, unsigned n, int64_t day)
{
	return n > 0 && bsearch(&day, days, n, sizeof(*days), compare) != NULL;
}

bool workdays_is(const struct workdays *w, int64_t day)
{
	int64_t weekday = ((day + EPOCH_WEEKDAY) % WEEK + WEEK) % WEEK; /* 0 = Sunday */

	if (has(w->on, w->n_on, day))
		return true;
	return weekday != 0 && weekday != WEEK - 1 && !has(w->off, w->n_off, day);
}

int64_t workdays_after(const struct workdays *w, int64_t day, unsigned n)
{
	/* A list that names every day a holiday must not keep us here for ever. */
	int64_t end = day + (int64_t)WORKDAYS_TERM_MAX * 3;

	while (n > 0 && day < end)
		n -= workdays_is(w, ++day) ? 1 : 0;
	return day;
}

bool workdays_knows(const struct workdays *w, int64_t day)
{
	char year[WORKDAYS_TEXT], other[WORKDAYS_TEXT];

	workdays_format(day, year);
	for (unsigned i = 0; i < w->n_off; i++) {
		workdays_format(w->off[i], other);
		if (memcmp(year, other, 4) == 0)
			return true;
	}
	return false;
}
