/* see_units.h - which ink of a page belongs to which characters of its text layer.
 *
 * The text layer says where each character stands.  Pieces of ink that stand there are
 * the picture of that character; characters whose ink touches are one unit with one
 * picture.  Everything here only sorts ink: that a picture shows its characters is for
 * whoever reads it (see_known.h). */
#ifndef SL_INSPECT_SEE_UNITS_H
#define SL_INSPECT_SEE_UNITS_H

#include <stdbool.h>

#include "crypto/hash.h"
#include "inspect/see/see_ink.h"
#include "inspect/see/see_page.h"

enum {
	SEE_LETTERS_MOST = 20000, /* of one page, blanks too; with more it is read whole */
	SEE_LINES_MOST = 1000,
	SEE_UNIT_MOST = 8, /* characters whose ink touches; more is a line below them */
};

struct see_letter {
	uint32_t cp;
	uint32_t line;
	uint32_t unit;	     /* number of its unit */
	struct see_box cell; /* where the layer says it stands, pixels */
};

/* Characters [first, end) in a row and their ink. */
struct see_unit {
	uint32_t first, end;
	struct see_box ink;	  /* empty: nothing is drawn there */
	size_t run, n_runs;	  /* of struct see_units.runs */
	uint8_t darkest;	  /* of its pixels */
	uint8_t digest[HASH_LEN]; /* of the characters and the picture */
};

/* Characters [first, end) of a line of the layer: bytes [from, to) of it. */
struct see_line {
	uint32_t first, end;
	size_t from, to;
	struct see_box ink;
	/* Its characters stand one after the other, on one height, apart from all other
	 * lines, and no ink that is not theirs comes near: a reader has no choice in which
	 * order to read them, and it is the order of the layer. */
	bool plain;
};

struct see_units {
	struct see_letter *letters; /* all owned */
	uint32_t n_letters;
	struct see_unit *units;
	uint32_t n_units;
	struct see_line *lines;
	uint32_t n_lines;
	struct see_run *runs; /* unit after unit, each from top to bottom */
};

/* Sort the ink of a drawn page.  SL_E_LIMIT: more than the ceilings; SL_E_NOMEM. */
int see_units_find(const struct see_page *g, PIX *gray, struct see_units *ret_u) SL_MUST_USE;
void see_units_release(struct see_units *u);

#endif
