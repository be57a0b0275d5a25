/* present_clock.h - what runs for a draft, in plain words. */
#ifndef SL_POLICY_PRESENT_CLOCK_H
#define SL_POLICY_PRESENT_CLOCK_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* "    due 2026-12-01 24:00, 62% used": one line of a draft's status, with its level,
 * "provisional" (暂定) and "paused"; nothing when no clock runs. */
void present_due(FILE *out, const struct cli *c, const json_t *draft);
/* Every clock that runs, and who holds the draft since when; nothing when the status has only
 * the one clock of a list. */
void present_clocks(FILE *out, const struct cli *c, const json_t *draft);
/* A line when the calendar of a year is missing: {"missing_calendar":2027}. */
void present_missing_calendar(FILE *out, const struct cli *c, const json_t *result);

#endif
