/* outcomes.h - what can become of a draft beside approve, return and refuse. */
#ifndef SL_REVIEWER_OUTCOMES_H
#define SL_REVIEWER_OUTCOMES_H

#include "base/cli.h"

int outcomes_codes(const struct cli *c);  /* reasons to return and to refuse */
int outcomes_refer(const struct cli *c);  /* an opinion is asked outside */
int outcomes_answer(const struct cli *c); /* it has come */
int outcomes_decide_appeal(const struct cli *c);

#endif
