/* workdays.h - working days: Monday to Friday, without the holidays and with the working
 * weekends of the yearly notices (calendar.h).
 *
 * The day of the event is not counted: the first day of a term is the next working day
 * (民法典 art. 201).  December may be changed by the file of the year that follows, which wins.
 * A year without a file is counted by weekends alone; a date that was counted over such days,
 * or over the last week of December while the next year's file is missing, is provisional
 * (暂定) and has to be shown so. */
#ifndef SL_POLICY_WORKDAYS_H
#define SL_POLICY_WORKDAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { WORKDAYS_TERM_MAX = 366, WORKDAYS_YEARS_MAX = 100 };

struct workdays_mark {
	int64_t day;   /* since 1970 */
	uint32_t year; /* of the file that says so */
	bool off;
};
struct workdays {
	struct workdays_mark *mark; /* ascending, each day once; owned */
	unsigned n;
	uint32_t year[WORKDAYS_YEARS_MAX]; /* of which there are files, ascending */
	unsigned n_years;
};

/* All of POLICIES/calendars/; a folder that is not there has no files.  SL_E_CONFIG names
 * file and line. workdays_release in any case. */
int workdays_load(const char *policies_dir, struct workdays *ret_w,
		  struct sl_why *why) SL_MUST_USE;
void workdays_release(struct workdays *w);
bool workdays_is(const struct workdays *w, int64_t day);
bool workdays_is_weekend(int64_t day);
/* The n-th working day after `day`, n <= WORKDAYS_TERM_MAX. */
int64_t workdays_after(const struct workdays *w, int64_t day, unsigned n);
/* Working days d with from < d <= to; at most three times WORKDAYS_TERM_MAX days are looked
 * at. */
unsigned workdays_between(const struct workdays *w, int64_t from, int64_t to);
/* Is there a file of that day's year? */
bool workdays_knows(const struct workdays *w, int64_t day);
/* Is what was counted over the days from < d <= to provisional? */
bool workdays_provisional(const struct workdays *w, int64_t from, int64_t to);
/* The year whose file is missing today: this one, or from 1 November on the next; 0: none. */
uint32_t workdays_missing(const struct workdays *w, int64_t today);
/* Working days of a year. */
unsigned workdays_of_year(const struct workdays *w, uint32_t year);
/* Which year a day is in. */
uint32_t workdays_year(int64_t day);
/* YYYY-MM-DD, with its NUL. */
enum { WORKDAYS_TEXT = 11 };
void workdays_format(int64_t day, char out[WORKDAYS_TEXT]);
/* Days since 1970 of YYYY-MM-DD; false when there is no such day. */
bool workdays_parse(const char *text, int64_t *ret_day);

#endif
