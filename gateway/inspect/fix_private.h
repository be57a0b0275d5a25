/* fix_private.h - what the two kinds of a fix share: masks by findings, edits by a reviewer. */
#ifndef SL_INSPECT_FIX_PRIVATE_H
#define SL_INSPECT_FIX_PRIVATE_H

#include "inspect/clean_call.h"
#include "inspect/fix_case.h"
#include "inspect/fix_plan.h"

struct fixing { /* one wish */
	const struct fix_bench *b;
	struct draft d;
	json_t *report;	      /* of the draft */
	json_t *files, *rows; /* for the record */
	json_t *by_hand;
	json_t *edits; /* of the record; NULL: this is no acceptance of edits */
	char edits_by[48], edits_envelope[65];
	char title[sizeof(((struct draft *)NULL)->title)];
	unsigned changed;
	int64_t omitted; /* rows that the record has no room for */
};

/* The whole report of one file (owned), and its text. */
int fix_case_load(const struct fixing *x, unsigned i, json_t **ret_report,
		  struct buf *text) SL_MUST_USE;
/* Ask the cleaner for a copy of file i with the masks of the plan. */
int fix_case_ask(struct fixing *x, unsigned i, const char *type, const struct fix_plan *plan,
		 struct clean_answer *answer, struct sl_why *why) SL_MUST_USE;
/* The copy becomes an object; "" when it is the file itself. */
int fix_case_keep(const struct fixing *x, const struct filter_reply *r, const char *was,
		  char ret_sha256[65], uint64_t *ret_len, struct sl_why *why) SL_MUST_USE;
/* One row of "files"; after is "" when the file stays as it is.  Takes changes (NULL: none). */
int fix_case_put(struct fixing *x, const struct draft_file *f, const char *after,
		 uint64_t length, json_t *changes, const char *reason) SL_MUST_USE;
json_t *fix_case_changes(const struct filter_reply *r);

/* fix_edits.c: read the reviewer's edits, then title and each file by them. */
int fix_edits_load(struct fixing *x, const char *envelope, struct sl_why *why) SL_MUST_USE;
int fix_edits_title(struct fixing *x) SL_MUST_USE;
int fix_edits_file(struct fixing *x, unsigned i, struct sl_why *why) SL_MUST_USE;

#endif
