/* edits.h - exact words that a reviewer gives with a return. */
#ifndef SL_REVIEWER_EDITS_H
#define SL_REVIEWER_EDITS_H

#include "base/cli.h"
#include "case.h"

/* Read every --edit: [title:|file:N:|file:N@K:]FROM=TO, with "=>" instead of "=" when the text
 * itself has one.  Without a place the text must stand in title and files once, all told.
 * *ret_edits as trust/statement.h; caller owns.  SL_E_USAGE, SL_E_NOTFOUND with a sentence. */
int edits_read(const struct cli *c, struct session *s, struct review_case *k,
	       json_t **ret_edits, struct sl_why *why) SL_MUST_USE;

/* Every edit made once, on this machine: SL_E_UNSUPPORTED, with a sentence for a person, when
 * one cannot be made exactly.  Texts of the case are fetched already. */
int edits_try(struct session *s, struct review_case *k, const json_t *edits,
	      struct sl_why *why) SL_MUST_USE;

#endif
