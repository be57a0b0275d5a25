/* diff.h - what changed between two texts, line by line, and inside of changed lines by word.
 *
 * The shortest edit (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986),
 * bounded: what differs in more than DIFF_EDITS_MAX places is given as all old, all new. */
#ifndef SL_REVIEWER_DIFF_H
#define SL_REVIEWER_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { DIFF_EDITS_MAX = 2000, DIFF_WORDS_MAX = 4000, DIFF_CONTEXT = 2 };

enum diff_kind { DIFF_SAME, DIFF_OLD, DIFF_NEW, DIFF_SKIPPED };
struct diff_piece {
	const char *text; /* borrowed from what was compared */
	size_t len;
	bool changed; /* within a line that is otherwise the same */
};
struct diff_line {
	enum diff_kind kind;
	uint32_t number; /* of the line in its text, from 1; SKIPPED: how many are the same */
	const struct diff_piece *piece;
	unsigned n;
};
struct diff_to {
	int (*line)(void *arg, const struct diff_line *l);
	void *arg;
};
/* Each changed line with DIFF_CONTEXT lines around it, in order; nothing when the texts are
 * the same.  Stops at the first error of `line`. */
int diff_texts(const char *old, size_t old_len, const char *now, size_t now_len,
	       const struct diff_to *to) SL_MUST_USE;

#endif
