/* verdict_private.h - the steps of an inspection, for a new draft and for one that is inspected
 * again; nobody else includes it. */
#ifndef SL_INSPECT_VERDICT_PRIVATE_H
#define SL_INSPECT_VERDICT_PRIVATE_H

#include "inspect/draft_record.h"
#include "inspect/similar.h"
#include "inspect/verdict_case.h"
#include "store/recheck.h"

struct verdict_work {			/* on one draft */
	struct inspect_report *reports; /* one per file */
	struct draft_result *results;	/* one per file: what is stored of it */
	struct similar_kept *kept;	/* one per file: the sketch of its text */
	struct buf text;		/* of the last file */
	struct draft_record record;	/* what the draft says of itself */
	bool spill;
	bool look_only; /* nothing of it is stored */
};
int verdict_case_begin(const struct draft *d, struct verdict_work *w) SL_MUST_USE;
void verdict_case_end(const struct draft *d, struct verdict_work *w);
/* Reports of every file, until one spills.  Errors as of verdict_case_run. */
int verdict_case_look(const struct verdict_bench *b, const struct draft *d,
		      struct verdict_work *w, struct sl_why *why) SL_MUST_USE;
/* What the findings depend on beside the bytes, out of a report's "filters"; false when a
 * filter did not answer. */
bool verdict_case_basis(const json_t *filters, char out[RECHECK_BASIS_MAX]);
/* Rules of the findings that count, each once: " PI-001 WS-004 ", or "" without any; what does
 * not fit is left out.  Returns the worst severity, VERDICT_NO_FINDING without any. */
enum { VERDICT_RULES_MAX = 1000, VERDICT_NO_FINDING = 9 };
unsigned verdict_rules(const struct inspect_report *reports, unsigned n,
		       char out[VERDICT_RULES_MAX]);

#endif
