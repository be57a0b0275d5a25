/* author_fix.h - the author's half of a fix: ask, look at the record, fetch the copies. */
#ifndef SL_INTAKE_AUTHOR_FIX_H
#define SL_INTAKE_AUTHOR_FIX_H

#include "base/json.h"
#include "trust/statement.h"
#include "wire/session.h"

struct author_fix {
	json_t *record;	  /* sluice-fix/1 (docs/protocol.md), its digest and draft checked */
	json_t *manifest; /* of the revision that is fixed, as JSON */
	char record_sha256[65];
	int64_t revision;
};
/* Ask for a fix of an own draft and wait for it, at most timeout_ms.  SL_E_TIMEOUT: it is
 * still worked on.  SL_E_UNSUPPORTED: it cannot be done, why says the reason; the draft is as
 * it was.  Release with author_fix_release. */
int author_fix(struct session *s, const char *draft, bool accept, int timeout_ms,
	       struct author_fix *ret_f, struct sl_why *why) SL_MUST_USE;
void author_fix_release(struct author_fix *f);
/* Write every file of the fixed draft, changed or not, under its name into the directory
 * (existing ones are not overwritten), each checked against the record. */
int author_fix_files(struct session *s, const char *draft, const struct author_fix *f, int dir,
		     struct sl_why *why) SL_MUST_USE;

#endif
