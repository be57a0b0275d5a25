/* calendar.h - one year's file of POLICIES/calendars/: the days on which the yearly notice of
 * the State Council departs from Monday to Friday.
 *
 * The form is that of the holiday-cn project, so that its next file can be put there as it is:
 * {"year":2026,"days":[{"name":"元旦","date":"2026-01-01","isOffDay":true}, …]}; JSON is YAML,
 * and other keys ($schema, $id, papers) are passed over.  A file may also change the December
 * before its year. */
#ifndef SL_POLICY_CALENDAR_H
#define SL_POLICY_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { CALENDAR_DAYS_MAX = 400, CALENDAR_YEAR_MIN = 2000, CALENDAR_YEAR_MAX = 2199 };
/* The folder below a policy directory. */
#define CALENDAR_FOLDER "calendars"

struct calendar_day {
	char *name, *date;
	bool is_off;
	int64_t day; /* since 1970 */
};
struct calendar { /* immutable */
	uint32_t year;
	struct calendar_day *days;
	unsigned days_count;
};

/* Is this the name of such a file: 2026.json? */
bool calendar_named(const char *name);
/* Read one.  SL_E_CONFIG names file, line and what is wrong: no date, a day of another year
 * (but for the December before), a day twice, a working day that no holiday could be, a year
 * that is not the file's. */
int calendar_load(const char *path, struct calendar **ret_c, struct sl_why *why) SL_MUST_USE;
void calendar_free(struct calendar *c);

#endif
