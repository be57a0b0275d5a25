/* clock.c - UTC seconds and their one text form. */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

int64_t clock_now_ms(void)
{
	struct timespec ts;
#ifdef SL_TEST_CLOCK
	const char *fixed = getenv("SLUICE_FIXED_TIME");
	int64_t t;

	if (fixed != NULL && clock_parse(fixed, strlen(fixed), &t))
		return t * 1000;
#endif
	BUG(clock_gettime(CLOCK_REALTIME, &ts) != 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return clock_now_ms() / 1000;
}

int64_t clock_mono_ms(void)
{
	struct timespec ts;

	BUG(clock_gettime(CLOCK_MONOTONIC, &ts) != 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Days from civil date, after Howard Hinnant's public description. */
int64_t clock_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

bool clock_date_exists(int year, int month, int day)
{
	static const int len[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12 || day < 1)
		return false;
	return day <= len[month - 1] + (month == 2 && leap ? 1 : 0);
}

int clock_weekday(int year, int month, int day)
{
	int64_t w = (clock_days(year, month, day) + 4) % 7;

	return (int)(w < 0 ? w + 7 : w);
}

void clock_format(int64_t t, char out[CLOCK_TEXT + 1])
{
	time_t tt = (time_t)t;
	struct tm tm;
	char text[64];

	BUG(gmtime_r(&tt, &tm) == NULL || tm.tm_year < -1899 || tm.tm_year > 8099);
	BUG(snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		     tm.tm_sec) != CLOCK_TEXT);
	memcpy(out, text, CLOCK_TEXT + 1);
}

static bool digits(const char *s, int n, int *ret_v)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*ret_v = v;
	return true;
}

bool clock_parse(const char *s, size_t len, int64_t *ret_t)
{
	int y, mo, d, h, mi, se;

	if (len != CLOCK_TEXT || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' ||
	    s[16] != ':' || s[19] != 'Z')
		return false;
	if (!digits(s, 4, &y) || !digits(s + 5, 2, &mo) || !digits(s + 8, 2, &d) ||
	    !digits(s + 11, 2, &h) || !digits(s + 14, 2, &mi) || !digits(s + 17, 2, &se))
		return false;
	if (y < 1 || !clock_date_exists(y, mo, d) || h > 23 || mi > 59 || se > 59)
		return false;
	*ret_t = clock_days(y, mo, d) * 86400 + h * 3600 + mi * 60 + se;
	return true;
}
