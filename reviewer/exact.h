/* exact.h - is this revision what the one before becomes by the edits that a reviewer signed?
 *
 * The gateway says so ("edits_exact"); this machine has both revisions and the signed return,
 * and makes the edits once more.  Plain files must then be the same byte for byte, the title
 * the same words, everything else that the author declared and all other files unchanged.  An
 * office document is written anew by the gateway's cleaner: of it the words are compared. */
#ifndef SL_REVIEWER_EXACT_H
#define SL_REVIEWER_EXACT_H

#include <stdio.h>

#include "case.h"

enum exact {
	EXACT_UNCLAIMED, /* the gateway does not say so */
	EXACT_BYTES,
	EXACT_WORDS, /* and some files were written anew around them */
	EXACT_NOT,   /* blocks an approval */
	EXACT_STATES
};
enum { EXACT_LINE = 400 };
struct exact_result {
	enum exact state;
	bool mine; /* this person signed the edits */
	char by[ROSTER_NAME_MAX];
	int64_t revision;     /* that they are to */
	char why[EXACT_LINE]; /* EXACT_NOT: what differs */
};
/* SL_E_UNREACHABLE and others when it could not be looked at. */
int exact_check(struct session *s, struct review_case *c, struct exact_result *ret,
		struct sl_why *why) SL_MUST_USE;
/* One sentence; "" when nothing is claimed. */
void exact_line(const struct exact_result *x, char out[EXACT_LINE]);
/* exact_files.c: every file of `now` against `before` with these edits; EXACT_NOT with the
 * reason. */
int exact_files(struct session *s, struct review_case *before, struct review_case *now,
		const json_t *edits, struct exact_result *x, struct sl_why *why) SL_MUST_USE;

/* The bytes of file i, checked against the manifest; and its words, with where they stand. */
int exact_bytes(struct session *s, const struct review_case *c, unsigned i, struct buf *out,
		struct sl_why *why) SL_MUST_USE;
int exact_words(const struct case_file *f, struct buf *out) SL_MUST_USE;

#endif
