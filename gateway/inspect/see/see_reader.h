/* see_reader.h - letters out of pixels: Tesseract with the Chinese and English models. */
#ifndef SL_INSPECT_SEE_READER_H
#define SL_INSPECT_SEE_READER_H

#include <leptonica/allheaders.h>

#include "base/buf.h"

enum see_layout {
	SEE_LAYOUT_PAGE,      /* find columns and paragraphs */
	SEE_LAYOUT_SCATTERED, /* as much text as there is, in no order */
	SEE_LAYOUT_LINE,      /* one line */
	SEE_LAYOUT_WORD	      /* one word, and no search for where it is */
};
struct see_read {
	enum see_layout layout;
	int dpi;
	bool chinese_only; /* half the time; digits and Latin letters are read less well */
};

struct see_result {
	int confidence; /* mean of the words, 0 to 100 */
	int turns;	/* quarter turns clockwise that make the text upright, 0 to 3 */
};

/* Load both models for good; SL_E_CONFIG when one is missing. */
int see_reader_load(struct sl_why *why) SL_MUST_USE;
const char *see_reader_version(void); /* "tesseract 5.3.0 chi_sim+eng 0a1b2c3d" */
/* Append what is read as lines of valid UTF-8 (without blanks between Chinese
 * characters).  SL_E_IO: the engine gave up; SL_E_NOMEM, SL_E_LIMIT of the buffer. */
int see_reader_read(PIX *pix, const struct see_read *how, struct buf *text,
		    struct see_result *ret_r) SL_MUST_USE;

/* A character that was read, and where the engine believes it stands. */
struct see_symbol {
	uint32_t cp; /* U+2605 for every kind of star */
	bool word;   /* the first of a word */
	int left, right;
};
/* Read a word or a line, character by character; what comes after `most` is left out.
 * SL_E_IO: the engine gave up; SL_E_NOMEM. */
int see_reader_symbols(PIX *pix, const struct see_read *how, struct see_symbol *list,
		       unsigned most, unsigned *ret_n) SL_MUST_USE;

#endif
