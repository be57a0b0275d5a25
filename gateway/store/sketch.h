/* sketch.h - sketches of texts by draft, and which draft has a similar one.
 *
 * What a sketch is, policy/ knows; here it is bytes, found by numbers that similar ones share.
 * Whether its draft was refused, recalled or published is its state now. */
#ifndef SL_STORE_SKETCH_H
#define SL_STORE_SKETCH_H

#include "store/store.h"

enum { STORE_SKETCH_BANDS = 16, STORE_SKETCH_MAX = 1024, STORE_SKETCH_KEY = 17 };

struct sketch_row {
	int64_t number, revision;
	unsigned position;	    /* file */
	char key[STORE_SKETCH_KEY]; /* id of the key it was made with */
	const uint8_t *bytes;
	size_t len;
	int64_t band[STORE_SKETCH_BANDS];
};
/* In place of what this file of this revision had. Inspector. */
int store_sketch_put(struct store *s, const struct sketch_row *row) SL_MUST_USE;
/* Of a spill nothing is kept. Inspector. */
int store_sketch_drop(struct store *s, int64_t number, int64_t revision) SL_MUST_USE;

struct sketch_hit {
	char id[24]; /* release if it was published, else draft */
	enum draft_state state;
	char content_type[16];
	const uint8_t *bytes; /* for the call */
	size_t len;
};
/* Those of other drafts that share a band and a key, and were refused, recalled or published;
 * at most 64 of the newest a band.  `before`: only drafts with a smaller number; `corrects`: a
 * release to leave out, "" none.  The cost does not grow with the number of rows. */
int store_sketch_each(struct store *s, const struct sketch_row *row, int64_t before,
		      const char *corrects, int (*fn)(const struct sketch_hit *h, void *arg),
		      void *arg) SL_MUST_USE;

#endif
