/* passage.h - neighbouring segments of one place in one object, read as one text. */
#ifndef SL_POLICY_PASSAGE_H
#define SL_POLICY_PASSAGE_H

#include "policy/segment.h"

struct passage {
	const struct segment *segment; /* borrowed: the first */
	unsigned n;
	const char *text; /* the segments joined; borrowed or in `joined` */
	size_t len;
	uint32_t *start; /* owned: byte offset of each segment in text */
	struct buf joined;
};

/* Where something stands, in the numbers of segment.h. */
struct passage_place {
	uint32_t page, line, column, offset, length;
};

/* Walks a passage's code points forwards, so that many places cost one pass. */
struct passage_cursor {
	const struct passage *p;
	unsigned segment;
	size_t at; /* byte */
	uint32_t line, column, offset;
};

/* Longest run of segments from segments[0] on that belong together. Release
 * after use. SL_E_NOMEM, SL_E_LIMIT. */
int passage_init(struct passage *p, const struct segment *segments, unsigned n) SL_MUST_USE;
void passage_release(struct passage *p);
void passage_start(struct passage_cursor *c, const struct passage *p);
/* Place of bytes [from, to); from must not be less than in the call before. */
void passage_find(struct passage_cursor *c, size_t from, size_t to,
		  struct passage_place *ret_p);

#endif
