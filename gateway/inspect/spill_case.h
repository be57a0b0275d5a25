/* spill_case.h - what happens to a draft that looks classified. */
#ifndef SL_INSPECT_SPILL_CASE_H
#define SL_INSPECT_SPILL_CASE_H

#include "inspect/verdict_case.h"

/* What the law allows (实施条例 art. 61), where clocks.yaml has no clock for it. */
enum { SPILL_REPORT_SECONDS = 24 * 3600 };

/* Seal every body to the secrecy officers (DATA/sealed/<draft>-<revision>-<n>.sealed),
 * remove plaintext, reports and texts, note rule and hash and when it must be reported, move
 * the draft to SPILL and conceal its words.  Safe to repeat after a crash at any
 * point.  SL_E_CONFIG when there is no officer to seal to: then nothing is removed
 * and the draft stays where only the inspector reads it.  reports: one per file,
 * empty for files that were not looked at any more. */
int spill_case_seal(const struct verdict_bench *b, const struct draft *d,
		    const struct inspect_report *reports, struct sl_why *why) SL_MUST_USE;

#endif
