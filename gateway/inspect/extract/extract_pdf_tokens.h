/* extract_pdf_tokens.h - the words of the language that draws the pages of a PDF. */
#ifndef SL_INSPECT_EXTRACT_PDF_TOKENS_H
#define SL_INSPECT_EXTRACT_PDF_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PDF_WORD_MAX = 128, /* a name or operator; longer ones are cut */
	PDF_NUMBERS_MAX = 6 /* the last ones before an operator are kept */
};

/* A picture that stands in the content itself: BI ... ID ... EI (ISO 32000-1, 8.9.7). */
struct pdf_inline {
	double width, height;
};

/* One operator with what stood before it. */
struct pdf_operator {
	char word[PDF_WORD_MAX];
	char name[PDF_WORD_MAX]; /* the last name operand, without its stroke; "" none */
	double numbers[PDF_NUMBERS_MAX];
	unsigned n_numbers;
	size_t string_bytes;	   /* of all its strings, as they stand in the content */
	struct pdf_inline picture; /* of "BI", whose data has been passed over */
};

struct pdf_tokens {
	const uint8_t *s; /* borrowed */
	size_t len, at;
};

/* The next operator; false at the end.  Never fails: what is no word is passed over, as
 * readers do.  Work is linear in the bytes. */
bool extract_pdf_tokens_next(struct pdf_tokens *t, struct pdf_operator *ret_op);

#endif
