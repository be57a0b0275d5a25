/* spill_rows.h - spills and their orders as the secrecy officers' programs get them. */
#ifndef SL_REVIEW_SPILL_ROWS_H
#define SL_REVIEW_SPILL_ROWS_H

#include "base/json.h"
#include "review/review.h"
#include "store/spill_order.h"

/* "requested", "confirmed", "done" (reported, or a confirmed close), "expired". */
const char *spill_order_state(const struct spill_order *o, int64_t now);
json_t *spill_order_row(const struct spill_order *o);
/* {draft, revision, unit, files, rule, sha256[], found, report_due, state, due?, clocks[]?,
 * orders[]} of every spilled revision; never a title or a name. */
int spill_rows(const struct review *v, json_t **ret_list) SL_MUST_USE;

#endif
