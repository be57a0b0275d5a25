/* recompare_sums.h - what a report says of itself, made again from what it lists. */
#ifndef SL_REVIEWER_RECOMPARE_SUMS_H
#define SL_REVIEWER_RECOMPARE_SUMS_H

#include "recompare.h"

/* Counts, verdict and digest of one file's report; a member that no report has is a
 * difference too. */
int recompare_sums(struct recompare *c, const char *file, const json_t *report) SL_MUST_USE;
/* A value as one short line; NULL gives "". */
void recompare_text(const json_t *v, char *out, size_t cap);

#endif
