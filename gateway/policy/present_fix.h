/* present_fix.h - the record of a fix (sluice-fix/1) in plain words, for authors and reviewers.
 */
#ifndef SL_POLICY_PRESENT_FIX_H
#define SL_POLICY_PRESENT_FIX_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* What was masked, line by line as it was and as it is, and what was taken out of each file. */
void present_fix_changes(FILE *out, const struct cli *c, const json_t *record);
/* What is left to a person, with the reason and what to do. */
void present_fix_by_hand(FILE *out, const struct cli *c, const json_t *record);
/* Is something left that blocks a draft (S1 or worse)? */
bool present_fix_blocks(const json_t *record);

#endif
