/* raw_pdf.h - PDF pages written by hand: content streams, fonts that lie, notes.
 *
 * Every page has these resources:
 *   F1   Chinese (GBK codes), as it is
 *   F2   the same, and its map to Unicode says 事 for 秘, 项 for 密,
 *        猫 for 《 and 狗 for 》
 *   F3   a font of drawings (Type 3): the letter "a" draws 秘密★5年, and is called 一;
 *        "b", "c" and "d" draw a point, 1, and 23, and are called 1, 2 and 3;
 *        "e" draws 密 and is called 《
 *   P1   a form with 秘密★5年 in it */
#ifndef SL_TESTS_RAW_PDF_H
#define SL_TESTS_RAW_PDF_H

#include <stddef.h>

#include "base/buf.h"

struct raw_page {
	const char *content; /* text in braces becomes the codes of F1 */
	const char *stamp;   /* NULL, or content of a note's appearance, 300 by 40 points */
};

/* `n` pages: number `at` (from 1) is `odd`, all others are `usual`. */
void raw_pdf(const struct raw_page *usual, unsigned n, const struct raw_page *odd, unsigned at,
	     struct buf *out);

#endif
