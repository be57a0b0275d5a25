/* drawn.h - a page or picture that another process has drawn, as cells or as terminal codes.
 *
 * Hostile: what drew it has read the file's bytes (sluice-draw), so its answer is believed
 * in nothing: sizes, characters and codes are checked here before a terminal sees them.
 *
 * The answer: "SLDRAWN1", u32 pages, u16 cols, u16 rows, u8 kind, and then for 's' (symbols)
 * cols * rows cells of u32 code point, u16 ink, u16 ground (0..255 of the 256 colours, 256:
 * the terminal's own); for 'x' (sixel) and 'k' (kitty) a blob with the codes. */
#ifndef SL_REVIEWER_TUI_DRAWN_H
#define SL_REVIEWER_TUI_DRAWN_H

#include <stdint.h>

#include "base/buf.h"

enum {
	DRAWN_COLS_MAX = 512,
	DRAWN_ROWS_MAX = 256,
	DRAWN_CODES_MAX = 8 << 20,
	DRAWN_NO_COLOR = 256
};

struct drawn_cell {
	uint32_t cp;
	uint16_t ink, ground;
};
struct drawn {
	uint32_t pages; /* that the file has */
	uint16_t cols, rows;
	char kind;		 /* 's', 'x' or 'k' */
	struct drawn_cell *cell; /* cols * rows, of 's' */
	struct buf codes;	 /* of the others */
};
/* SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM. */
int drawn_parse(const void *bytes, size_t len, struct drawn **ret_d) SL_MUST_USE;
void drawn_free(struct drawn *d);

/* What a page is drawn from and how. */
struct drawn_wish {
	int fd;		  /* the file's bytes, from their beginning; borrowed */
	const char *type; /* its media type */
	unsigned page;	  /* from 1 */
	unsigned cols, rows;
	const char *as; /* "symbols", "sixel" or "kitty" */
	bool color;
};
/* Have it drawn by a fresh process that has nothing but that descriptor and a pipe, waits at
 * most 20 seconds.  SL_E_UNSUPPORTED: nothing to draw in such a file; SL_E_TIMEOUT;
 * SL_E_FORMAT when the bytes are not what they claim, or the answer is not. */
int drawn_make(const struct drawn_wish *w, struct drawn **ret_d,
	       struct sl_why *why) SL_MUST_USE;

#endif
