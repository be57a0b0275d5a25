/* detect_date.c - dates that cannot be. */
#include <string.h>

#include "base/clock.h"
#include "policy/detect.h"

enum { YEAR_BACK = 1200 }; /* bytes searched for the year of "11月12日" */

static const char *const day_names[7] = {"日", "一", "二", "三", "四", "五", "六"};

/* Number that ends right before `at`; -1: none. *ret_start gets its first byte. */
static int number_before(const char *s, size_t from, size_t at, size_t *ret_start)
{
	int v = 0, unit = 1;
	size_t i = at;

	while (i > from && at - i < 4 && s[i - 1] >= '0' && s[i - 1] <= '9') {
		v += (s[i - 1] - '0') * unit;
		unit *= 10;
		i--;
	}
	*ret_start = i;
	return i == at ? -1 : v;
}

/* The year last written before the hit: 19xx or 20xx. */
static int year_before(const struct match *m)
{
	const char *s = m->view->text;
	size_t stop = m->from > YEAR_BACK ? m->from - YEAR_BACK : 0;

	for (size_t i = m->from; i >= stop + 4; i--) {
		const char *y = s + i - 4;
		bool digits = true;

		for (int k = 0; k < 4; k++)
			digits = digits && y[k] >= '0' && y[k] <= '9';
		if (!digits || (memcmp(y, "20", 2) != 0 && memcmp(y, "19", 2) != 0))
			continue;
		if ((i > 4 && y[-1] >= '0' && y[-1] <= '9') || (y[4] >= '0' && y[4] <= '9'))
			continue;
		return (y[0] - '0') * 1000 + (y[1] - '0') * 100 + (y[2] - '0') * 10 +
		       (y[3] - '0');
	}
	return 0;
}

/* Weekday in brackets behind the day: 0..6, -1 none. */
static int weekday_of(struct extent e)
{
	const char *at = memmem(e.text, e.len, "星期", 6);
	struct extent rest;

	if (at == NULL && (at = memmem(e.text, e.len, "周", 3)) != NULL)
		at -= 3; /* as if it were 星期 */
	if (at == NULL)
		return -1;
	rest = (struct extent){at + 6, e.len - (size_t)(at + 6 - e.text)};
	for (int d = 0; d < 7; d++) {
		if (match_starts(rest, (const char *const[]){day_names[d], NULL}) != NULL)
			return d;
	}
	return match_starts(rest, (const char *const[]){"天", NULL}) != NULL ? 0 : -1;
}

/* Trigger: [YYYY年]M月D日[(星期X)]. */
bool detect_date_exists(struct match *m)
{
	const char *s = m->view->text, *at;
	struct extent e = match_text(m);
	int year, month, day, weekday = weekday_of(e);
	size_t start, month_at, day_at;

	at = memmem(e.text, e.len, "月", 3);
	if (at == NULL)
		return false;
	month_at = (size_t)(at - s);
	month = number_before(s, m->from, month_at, &start);
	at = memmem(s + month_at, m->to - month_at, "日", 3);
	if (at == NULL)
		return false;
	day_at = (size_t)(at - s);
	day = number_before(s, month_at, day_at, &start);
	at = memmem(e.text, e.len, "年", 3);
	year = at != NULL && at < s + month_at
		       ? number_before(s, m->from, (size_t)(at - s), &start)
		       : 0;
	if (at == NULL && m->from > 0 && s[m->from - 1] >= '0' && s[m->from - 1] <= '9')
		return false;
	/* "(2)5月10日": what a second look puts together is no date. */
	if (m->view->source != NULL)
		return false;
	/* Without a year 29 February may be right. */
	if (!clock_date_exists(year > 0 ? year : 2024, month, day)) {
		match_evidence(m, "no-such-day");
		m->severity = SEV_S2;
		return true;
	}
	if (weekday < 0)
		return false;
	if (year <= 0)
		year = year_before(m);
	if (year <= 0 || !clock_date_exists(year, month, day) ||
	    clock_weekday(year, month, day) == weekday)
		return false;
	match_evidence(m, "weekday-is:%s", day_names[clock_weekday(year, month, day)]);
	m->severity = SEV_S3;
	return true;
}
