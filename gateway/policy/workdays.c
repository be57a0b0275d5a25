/* workdays.c - all years' marks in one sorted array, and a weekday. */
#include "policy/workdays.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "policy/calendar.h"

enum {
	DAY_S = 86400,
	WEEK = 7,
	EPOCH_WEEKDAY = 4, /* 1970-01-01 was a Thursday */
	LOOK_MAX = WORKDAYS_TERM_MAX * 3,
	NOVEMBER = 11,
	PATH_SIZE = 4096,
	FILES_MAX = 200
};

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

uint32_t workdays_year(int64_t day)
{
	char text[WORKDAYS_TEXT];

	workdays_format(day, text);
	return (uint32_t)strtoul(text, NULL, 10);
}

/* ---- files ---- */

struct reading {
	const char *dir;
	struct workdays *w;
	struct sl_why *why;
};

static int take(struct workdays *w, const struct calendar *c)
{
	struct workdays_mark *more =
		realloc(w->mark, (w->n + c->days_count + 1) * sizeof(*more));

	if (more == NULL)
		return SL_E_NOMEM;
	w->mark = more;
	for (unsigned i = 0; i < c->days_count; i++)
		w->mark[w->n++] = (struct workdays_mark){
			.day = c->days[i].day, .year = c->year, .off = c->days[i].is_off};
	w->year[w->n_years++] = c->year;
	return SL_OK;
}

static int read_one(const char *name, void *arg)
{
	struct reading *g = arg;
	struct calendar *c = NULL;
	char path[PATH_SIZE];
	size_t n = strlen(name);
	int r;

	if (n <= 5 || strcmp(name + n - 5, ".json") != 0)
		return SL_OK;
	r = file_join(path, sizeof(path), g->dir, name);
	if (r == SL_OK && !calendar_named(name))
		return why_set(g->why, SL_E_CONFIG,
			       _("%s:1: the file of a year is named like 2026.json"), path);
	if (r == SL_OK && g->w->n_years == WORKDAYS_YEARS_MAX)
		return why_set(g->why, SL_E_LIMIT, _("%s: more than %d years"), g->dir,
			       WORKDAYS_YEARS_MAX);
	if (r == SL_OK)
		r = calendar_load(path, &c, g->why);
	if (r == SL_OK)
		r = take(g->w, c);
	calendar_free(c);
	return r;
}

static int by_day_then_year(const void *a, const void *b)
{
	const struct workdays_mark *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->year > y->year) - (x->year < y->year);
}

static int by_year(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Of two files that speak of one December day, the later year's is the newer notice. */
static void settle(struct workdays *w)
{
	unsigned kept = 0;

	if (w->n > 0)
		qsort(w->mark, w->n, sizeof(*w->mark), by_day_then_year);
	for (unsigned i = 0; i < w->n; i++) {
		if (kept > 0 && w->mark[kept - 1].day == w->mark[i].day)
			kept--;
		w->mark[kept++] = w->mark[i];
	}
	w->n = kept;
	if (w->n_years > 0)
		qsort(w->year, w->n_years, sizeof(w->year[0]), by_year);
}

int workdays_load(const char *policies_dir, struct workdays *ret_w, struct sl_why *why)
{
	struct reading g = {.w = ret_w, .why = why};
	char dir[PATH_SIZE];
	int fd, r = file_join(dir, sizeof(dir), policies_dir, CALENDAR_FOLDER);

	memset(ret_w, 0, sizeof(*ret_w));
	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	fd = file_open_dir(AT_FDCWD, dir);
	if (fd == SL_E_NOTFOUND)
		return SL_OK;
	if (fd < 0)
		return why_set(why, fd, "%s: %s", dir, sl_strerror(fd));
	g.dir = dir;
	r = file_each(fd, FILES_MAX, read_one, &g);
	file_close(fd);
	if (r == SL_OK)
		settle(ret_w);
	return r;
}

void workdays_release(struct workdays *w)
{
	free(w->mark);
	memset(w, 0, sizeof(*w));
}

/* ---- counting ---- */

bool workdays_is_weekend(int64_t day)
{
	int64_t weekday = ((day + EPOCH_WEEKDAY) % WEEK + WEEK) % WEEK; /* 0 = Sunday */

	return weekday == 0 || weekday == WEEK - 1;
}

static int find_day(const void *key, const void *item)
{
	int64_t x = *(const int64_t *)key, y = ((const struct workdays_mark *)item)->day;

	return (x > y) - (x < y);
}

bool workdays_is(const struct workdays *w, int64_t day)
{
	const struct workdays_mark *m =
		w->n > 0 ? bsearch(&day, w->mark, w->n, sizeof(*w->mark), find_day) : NULL;

	return m != NULL ? !m->off : !workdays_is_weekend(day);
}

int64_t workdays_after(const struct workdays *w, int64_t day, unsigned n)
{
	/* A file that makes every day a holiday must not keep us here for ever. */
	int64_t end = day + LOOK_MAX;

	while (n > 0 && day < end)
		n -= workdays_is(w, ++day) ? 1 : 0;
	return day;
}

unsigned workdays_between(const struct workdays *w, int64_t from, int64_t to)
{
	int64_t end = to - from > LOOK_MAX ? from + LOOK_MAX : to;
	unsigned n = 0;

	for (int64_t d = from + 1; d <= end; d++)
		n += workdays_is(w, d);
	return n;
}

static bool has_year(const struct workdays *w, uint32_t year)
{
	return w->n_years > 0 &&
	       bsearch(&year, w->year, w->n_years, sizeof(w->year[0]), by_year) != NULL;
}

bool workdays_knows(const struct workdays *w, int64_t day)
{
	return has_year(w, workdays_year(day));
}

bool workdays_provisional(const struct workdays *w, int64_t from, int64_t to)
{
	for (uint32_t y = workdays_year(from + 1); from < to && y <= workdays_year(to); y++) {
		int64_t last = clock_days((int)y, 12, 31);

		if (!has_year(w, y))
			return true;
		/* Its notice may still make a holiday of days around New Year. */
		if (to > last - WEEK && from < last && !has_year(w, y + 1))
			return true;
	}
	return false;
}

uint32_t workdays_missing(const struct workdays *w, int64_t today)
{
	uint32_t year = workdays_year(today);

	if (!has_year(w, year))
		return year;
	return today >= clock_days((int)year, NOVEMBER, 1) && !has_year(w, year + 1) ? year + 1
										     : 0;
}

unsigned workdays_of_year(const struct workdays *w, uint32_t year)
{
	return workdays_between(w, clock_days((int)year, 1, 1) - 1,
				clock_days((int)year, 12, 31));
}
