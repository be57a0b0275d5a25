/* fix_case.h - the inspector's work on one wish for a cleaned copy (docs/protocol.md, fix).
 *
 * The draft is only read.  What is made - a copy for each file that changed, and a record
 * bound to draft, revision and report - is stored for the author, who looks at it, signs it
 * and hands it in as the next revision; that one is inspected from the start. */
#ifndef SL_INSPECT_FIX_CASE_H
#define SL_INSPECT_FIX_CASE_H

#include "store/store.h"

enum { FIX_RECORD_MAX = 1 << 20 };

struct fix_bench { /* all borrowed */
	struct store *store;
	const char *socket_dir; /* of the filters */
	uint32_t seconds;	/* for one document */
};

/* Take one wish, if there is one, and do it: the store then says DONE or FAILED.
 * SL_E_NOTFOUND: nothing waits.  SL_E_CANCELED: the role stops; the wish stays WORKING for
 * store_fix_requeue at the next start. */
int fix_case_run(const struct fix_bench *b, struct sl_why *why) SL_MUST_USE;
/* Before a draft is sealed as a spill: remove the copies that a fix has made of it. */
int fix_case_forget(struct store *s, const struct draft *d) SL_MUST_USE;

#endif
