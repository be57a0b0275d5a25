/* audit.h - the audit trail of a draft, or of a unit's delegations, in lines. */
#ifndef SL_REVIEWER_AUDIT_H
#define SL_REVIEWER_AUDIT_H

#include "base/cli.h"
#include "base/json.h"

enum { AUDIT_WORDS_MAX = 2000 };
/* "2026-11-27T09:00:00Z  p-07  review.vote  revision 1, role desk …"; printable. */
void audit_words(const json_t *entry, const char *draft, char out[AUDIT_WORDS_MAX]);
/* sluice-review audit ID or --unit U, and diff ID. */
int audit_run(const struct cli *c);
int audit_diff_run(const struct cli *c);
extern const struct cli_option audit_options[], audit_diff_options[];

#endif
