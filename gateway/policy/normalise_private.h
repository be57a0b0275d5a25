/* normalise_private.h - how both views are written; for normalise*.c only. */
#ifndef SL_POLICY_NORMALISE_PRIVATE_H
#define SL_POLICY_NORMALISE_PRIVATE_H

#include "policy/normalise.h"

struct norm_writer {
	struct norm n;
	size_t cap, cap_span, cap_drop;
	int error; /* first error; sticks */
};

/* From here on, `step` bytes to come stand for from_step bytes of the source at `from`. */
void normalise_put_span(struct norm_writer *w, size_t from, size_t step, size_t from_step,
			enum fold_kind kind);
void normalise_put_bytes(struct norm_writer *w, const char *text, size_t len);
/* Source bytes [from, to) as they are. */
void normalise_put_same(struct norm_writer *w, const char *s, size_t from, size_t to);
/* Source bytes [from, from + len) are left out here. */
void normalise_put_drop(struct norm_writer *w, size_t from, size_t len, uint32_t first);
/* Where the next signs stand that may begin an escape. */
enum { NORM_ESCAPE_SIGNS = 4 };
struct norm_escapes {
	size_t at[NORM_ESCAPE_SIGNS];
	bool known;
	size_t run_end;	       /* the row of %XX or =XX that was looked at last ends here */
	bool run_gb;	       /* and is GB18030 */
	bool failed;	       /* no memory for the converter: the view is not whole */
	struct UConverter *gb; /* owned; NULL until a row needs it */
};
void normalise_escapes_release(struct norm_escapes *e);
/* First such sign at or after `at`; len: none.  `at` never goes back. */
size_t normalise_next_escape(struct norm_escapes *e, const char *s, size_t at, size_t len);
/* The escape that begins with the sign at s[at]: bytes it takes and the character it stands
 * for; 0: it is none. */
size_t normalise_escape(struct norm_escapes *e, const char *s, size_t at, size_t len,
			uint32_t *ret_cp);
/* Hand the view over, or free it and return the error. */
int normalise_finish(struct norm_writer *w, struct norm *ret_n) SL_MUST_USE;

#endif
