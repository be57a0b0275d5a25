/* similar.h - DH-016: is a text nearly that of something refused, recalled or published?
 *
 * Remembered are sketches (policy/sketch.h), keyed hashes from which no text can be read, so
 * that nothing of a refused draft needs to be kept for it. */
#ifndef SL_INSPECT_SIMILAR_H
#define SL_INSPECT_SIMILAR_H

#include "inspect/inspect.h"
#include "policy/sketch.h"
#include "store/sketch.h"

struct similar_kept { /* to be stored with the outcome */
	struct sketch_row row;
	uint8_t bytes[SKETCH_BYTES];
};
struct similar { /* the file under inspection; all borrowed */
	struct store *store;
	const struct policy *policy;
	const struct draft *draft;
	unsigned position;
	bool look_only;		   /* inspected again: compared with older drafts only */
	struct similar_kept *kept; /* filled in */
	bool made;		   /* kept is: the text was long enough */
};
/* As struct inspect_input wants it; `arg` is a struct similar. */
int similar_find(void *arg, const struct buf *text, struct inspect_similar *ret_s) SL_MUST_USE;

#endif
