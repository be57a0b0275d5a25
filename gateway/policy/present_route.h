/* present_route.h - how far a draft has come on its route, in plain words. */
#ifndef SL_POLICY_PRESENT_ROUTE_H
#define SL_POLICY_PRESENT_ROUTE_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* "    turn: desk": of a draft's status line, with what is added to its route, whether it is
 * handed over privately and whether its review after release is still to be done. */
void present_turn(FILE *out, const struct cli *c, const json_t *draft);
/* "late since 2026-11-27 09:00: ..." of a draft's "escalated" or a row of a list's; "" when
 * nothing is late. */
enum { PRESENT_ESCALATED = 300 };
void present_escalated(const json_t *escalated, char out[PRESENT_ESCALATED]);
/* Every step and modifier, and those of the review after release; nothing when the status has
 * none of them. */
void present_route(FILE *out, const struct cli *c, const json_t *draft);

#endif
