/* excerpt.h - what a report may show of a match: never a full identifier. */
#ifndef SL_POLICY_EXCERPT_H
#define SL_POLICY_EXCERPT_H

#include <stddef.h>

#include "policy/rules.h"

/* The masked form that a report shows; printable, at most cap - 1 bytes. */
void excerpt_mask(enum mask mask, const char *text, size_t len, char *out, size_t cap);
/* The replacement that the author is offered: 138****1234, 34*************123, 周某某 … */
void excerpt_fix(enum mask mask, const char *text, size_t len, char *out, size_t cap);

#endif
