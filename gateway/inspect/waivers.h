/* waivers.h - the suppressions that hold now, read from the store and judged again.
 *
 * The desk judged them when they were made; the inspector does not take its word: both
 * signatures are verified by the roster in force, so one of a person who left does not hold. */
#ifndef SL_INSPECT_WAIVERS_H
#define SL_INSPECT_WAIVERS_H

#include "inspect/inspect.h"
#include "store/store.h"
#include "trust/roster.h"

struct waivers; /* of one worker */

int waivers_new(struct waivers **ret_w) SL_MUST_USE;
void waivers_free(struct waivers *w);
/* What holds at this moment by the roster in that approval policy; borrowed until the next
 * call.  Read anew only when something changed or ended.  Its sha256 is over a line
 * "RULE HASH UNTIL FIRST SECOND" each, by rule, hash and number; FIRST and SECOND are digests
 * of the signed statements. */
int waivers_now(struct waivers *w, struct store *s, const char *approval_policy,
		const struct inspect_waivers **ret, struct sl_why *why) SL_MUST_USE;

#endif
