/* report.h - what check and doctor looked at, an item each, for people and for scripts. */
#ifndef SL_BASE_REPORT_H
#define SL_BASE_REPORT_H

#include <stdbool.h>

#include "base/cli.h"
#include "base/json.h"

struct report {
	json_t *items; /* array of {"name","ok","detail","next"?,"warning"?} */
	bool all_ok;   /* false also when memory ran out */
};
void report_init(struct report *r);
void report_release(struct report *r);
/* One item: what was looked at, whether it is well, what was seen; next (may be
 * NULL, used when not ok) is what to do. */
void report_add(struct report *r, const char *name, bool ok, const char *next, const char *fmt,
		...) SL_PRINTF(5, 6);
/* An item that is well today and needs somebody soon; it does not change all_ok. */
void report_warn(struct report *r, const char *name, const char *next, const char *fmt, ...)
	SL_PRINTF(4, 5);
void report_print(const struct report *r, const struct cli *c);
/* Only what is not well, on standard error, in the name of `program`. */
void report_complain(const struct report *r, const char *program);

#endif
