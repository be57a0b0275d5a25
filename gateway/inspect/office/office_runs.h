/* office_runs.h - readable text in bytes that nobody wrote as text.
 *
 * Cautious on purpose: a run counts only when it holds at least eight of the 3,755 usual
 * Chinese characters and hardly any other, or a number as long as those of people and
 * telephones.  Random bytes do not look like that; the remains of a letter do. */
#ifndef SL_INSPECT_OFFICE_OFFICE_RUNS_H
#define SL_INSPECT_OFFICE_OFFICE_RUNS_H

#include "inspect/extract/extract.h"

/* Once, after extract_load and before the sandbox: which characters are usual.  SL_E_CONFIG
 * without ICU's data. */
int office_runs_load(void) SL_MUST_USE;
/* Each run of `bytes`, UTF-16LE at either alignment or GBK, becomes a line of
 * WHERE_OLD_REVISION with a DH-007 mark. */
void office_runs(struct extract_part *p, const uint8_t *bytes, size_t len,
		 const char *evidence);

#endif
