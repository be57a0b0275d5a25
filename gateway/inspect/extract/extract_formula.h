/* extract_formula.h - what cells say that are written as formulas or in exponents. */
#ifndef SL_INSPECT_EXTRACT_FORMULA_H
#define SL_INSPECT_EXTRACT_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* The texts that a formula puts together from two or more that stand in it, as lines:
 * "=\"138\"&\"0013\"" gives 1380013, and so do CONCATENATE, CONCAT and CHAR.  What is taken
 * from other cells divides. */
void extract_formula_join(const char *f, size_t len, struct buf *out);

enum { EXTRACT_DIGITS_MAX = 24 };
/* "1.38001E+10" as 13800100000, when it is a whole number of 7 to 18 digits of which six and
 * more are written: less is no number of a person or a phone.  false: anything else. */
bool extract_exponent(const char *s, size_t len, char ret_digits[EXTRACT_DIGITS_MAX]);

#endif
