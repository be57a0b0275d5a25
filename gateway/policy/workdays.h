/* workdays.h - working days: Monday to Friday, without the holidays and with the working
 * weekends of the yearly notice (lists "holidays" and "working-weekends").
 *
 * The day of the event is not counted (domain: the first day of a term is the next working
 * day).  A year without any holiday in the list is counted by weekends alone, and that is
 * said. */
#ifndef SL_POLICY_WORKDAYS_H
#define SL_POLICY_WORKDAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { WORKDAYS_TERM_MAX = 366 };

struct pack_list;
struct workdays { /* days since 1970, ascending; owned */
	int64_t *off, *on;
	unsigned n_off, n_on;
};

/* From the two lists, either of which may be NULL. SL_E_CONFIG names a word that is no date
 * like 2026-10-01; SL_E_NOMEM. */
int workdays_make(struct workdays *w, const struct pack_list *holidays,
		  const struct pack_list *weekends, struct sl_why *why) SL_MUST_USE;
void workdays_release(struct workdays *w);
bool workdays_is(const struct workdays *w, int64_t day);
/* The n-th working day after `day`, n <= WORKDAYS_TERM_MAX. */
int64_t workdays_after(const struct workdays *w, int64_t day, unsigned n);
/* Does the list know this year's holidays? */
bool workdays_knows(const struct workdays *w, int64_t day);
/* YYYY-MM-DD, with its NUL. */
enum { WORKDAYS_TEXT = 11 };
void workdays_format(int64_t day, char out[WORKDAYS_TEXT]);
/* Days since 1970 of YYYY-MM-DD; false when there is no such day. */
bool workdays_parse(const char *text, int64_t *ret_day);

#endif
