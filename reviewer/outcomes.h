/* outcomes.h - what can become of a draft beside approve, return and refuse. */
#ifndef SL_REVIEWER_OUTCOMES_H
#define SL_REVIEWER_OUTCOMES_H

#include "base/cli.h"

int outcomes_codes(const struct cli *c); /* codes: reasons to return and to refuse */

#endif
