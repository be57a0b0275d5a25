/* commands.h - the reviewers' commands; one table feeds --help, scripts and tests. */
#ifndef SL_REVIEWER_COMMANDS_H
#define SL_REVIEWER_COMMANDS_H

#include "base/cli.h"
#include "case.h"
#include "seen.h"

/* The program's table (reviewer/sluice-review.c runs it). */
extern const struct cli_program commands_program;

/* Open the session of --config; when it cannot be, that is said and *ret_code is set. */
int commands_start(const struct cli *c, struct session *s, int *ret_code) SL_MUST_USE;
/* Note as shown what `show` printed: manifest, report and the texts that were fetched. */
int commands_note_shown(const struct review_case *c, struct seen *seen) SL_MUST_USE;
/* Read "RULE=REASON" in place; SL_E_USAGE without '=' or reason. */
int commands_split_ack(char *text, const char **ret_rule, const char **ret_reason) SL_MUST_USE;

#endif
