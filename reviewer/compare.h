/* compare.h - one revision of a draft against another, as one JSON document.
 *
 * {"draft","from","to",
 *  "declared":[{"name","before"?,"after"?}],                    what the author declared
 *  "files":[{"name","change":"added"|"removed"|"changed"|"same",
 *            "lines":[{"kind":"same"|"old"|"new"|"skipped","number",
 *                      "pieces":[{"text","changed"?}]}],
 *            "text":"compared"|"none"|"too-large","truncated"?}]} */
#ifndef SL_REVIEWER_COMPARE_H
#define SL_REVIEWER_COMPARE_H

#include <stdio.h>

#include "base/cli.h"
#include "case.h"

enum { COMPARE_TEXT_MAX = 32 << 20, COMPARE_LINES_MAX = 20000 };

/* Fetches the texts of both that differ. Caller owns *ret_j. */
int compare_cases(struct session *s, struct review_case *before, struct review_case *now,
		  json_t **ret_j, struct sl_why *why) SL_MUST_USE;
/* The newest revision before the present one that this person decided about; 0: none. */
int64_t compare_last_vote(const json_t *audit, const struct review_case *now,
			  const char *person);
void compare_print(FILE *out, const struct cli *c, const json_t *changes);
/* review.audit's entries[] of a draft; caller owns. */
int compare_audit(struct session *s, const char *draft, json_t **ret_entries,
		  struct sl_why *why) SL_MUST_USE;

#endif
