/* due.h - what expires soon: one rule and one sentence for every program that says so.
 *
 * A thing is due when it has 60 days or less (trust.md section 9): a ceremony with
 * several custodians takes weeks to call together.  These are hints for people; what
 * is refused because it is over is decided where it is verified. */
#ifndef SL_BASE_DUE_H
#define SL_BASE_DUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "base/report.h"

enum { DUE_DAYS = 60, DUE_ITEMS_MAX = 64, DUE_NAME_MAX = 96, DUE_TEXT_MAX = 320 };

enum due_state { DUE_FINE, DUE_SOON, DUE_OVER };
enum due_state due_judge(int64_t expires, int64_t now);
const char *due_state_name(enum due_state s); /* "fine", "soon", "expired" */

struct due_item {
	char what[DUE_NAME_MAX]; /* "root metadata 3", "key 63d00ee3 of p-07" */
	int64_t expires;
};
struct due_list {
	struct due_item item[DUE_ITEMS_MAX]; /* the soonest first */
	unsigned n;
};
/* Keep it, in order; of more than DUE_ITEMS_MAX the latest are dropped. */
void due_add(struct due_list *l, int64_t expires, const char *fmt, ...) SL_PRINTF(3, 4);
/* "root metadata 3 expires in 12 days, on 2026-12-09", translated. */
void due_say(const struct due_item *d, int64_t now, char out[DUE_TEXT_MAX]);
/* How many items are soon or over; *ret_worst (may be NULL) the worst state. */
unsigned due_count(const struct due_list *l, int64_t now, enum due_state *ret_worst);
/* [{"expires","state","what"}] of what is soon or over. */
json_t *due_json(const struct due_list *l, int64_t now);
/* The same as items of a report: soon is a warning, over is not well. */
void due_report(const struct due_list *l, int64_t now, struct report *r);
/* A line each. */
void due_print(const struct due_list *l, int64_t now, const struct cli *c, FILE *out);

#endif
