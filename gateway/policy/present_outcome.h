/* present_outcome.h - referrals and appeals in plain words for a person at a terminal. */
#ifndef SL_POLICY_PRESENT_OUTCOME_H
#define SL_POLICY_PRESENT_OUTCOME_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* "referrals" and "appeal" of review.show or draft.show, when there are any. */
void present_outcomes(FILE *out, const struct cli *c, const json_t *shown);

#endif
