/* due.h - what expires soon: one rule and one sentence for every program that says so.
 *
 * A thing is due when it has 60 days or less (trust.md section 9): a ceremony with
 * several custodians takes weeks to call together.  Files are read for their dates
 * only; nothing here verifies a signature, so nothing here may decide anything. */
#ifndef SL_TRUST_DUE_H
#define SL_TRUST_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "trust/roster.h"

enum { DUE_DAYS = 60, DUE_ITEMS_MAX = 64, DUE_NAME_MAX = 96, DUE_TEXT_MAX = 320 };

enum due_state { DUE_FINE, DUE_SOON, DUE_OVER };
enum due_state due_judge(int64_t expires, int64_t now);
const char *due_state_name(enum due_state s); /* "fine", "soon", "expired" */

struct due_item {
	char what[DUE_NAME_MAX]; /* "root metadata 3", "key of p-07 (63d00ee3)" */
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

/* Each person's keys, for each use the one that lasts longest. */
void due_roster(struct due_list *l, const struct roster *r);
/* The newest root, targets and policy metadata below DIR/metadata; what is not there or
 * cannot be read is left out.  *ret_n (may be NULL): how many were found. */
void due_directory(struct due_list *l, const char *dir, unsigned *ret_n);
/* One file: metadata of any kind, or an approval policy.  SL_E_FORMAT for others. */
int due_file(struct due_list *l, const char *path, struct sl_why *why) SL_MUST_USE;

#endif
