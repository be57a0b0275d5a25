/* present_outcome.h - referrals and appeals in plain words for a person at a terminal. */
#ifndef SL_POLICY_PRESENT_OUTCOME_H
#define SL_POLICY_PRESENT_OUTCOME_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* Whom the voter stood in for, when it was somebody. */
void present_stands_for(FILE *out, const json_t *vote);
/* "edits" of a vote, a line each; nothing when it has none. */
void present_edits(FILE *out, const struct cli *c, const json_t *vote);
/* "edits" of a fix's record with what became of each. */
void present_edits_applied(FILE *out, const struct cli *c, const json_t *record);
/* Was every one of them applied? */
bool present_edits_exact(const json_t *record);
/* "referrals" and "appeal" of review.show or draft.show, when there are any. */
void present_outcomes(FILE *out, const struct cli *c, const json_t *shown);

#endif
