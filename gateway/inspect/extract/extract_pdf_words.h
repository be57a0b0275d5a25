/* extract_pdf_words.h - the language that draws pages, word by word (ISO 32000-1, 7.8.2).
 *
 * Hostile: all of it.  Nothing is judged wrong.  Where a picture in the content ends cannot
 * be told for certain without decoding it, so that whoever counts must ask `pictures` and
 * count what stands anywhere (pdf_words_raw) as well. */
#ifndef SL_INSPECT_EXTRACT_PDF_WORDS_H
#define SL_INSPECT_EXTRACT_PDF_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PDF_WORD_NAME = 128 };

struct pdf_words {
	const char *s; /* borrowed */
	size_t len, at;
	/* What stood before the operator: */
	char name[PDF_WORD_NAME]; /* the last name, with its "/", escapes undone; "" none */
	size_t string;		  /* bytes of all strings */
	double width, height;	  /* of the picture that a BI began; else 0 */
	char op[16];		  /* the operator; of a picture in the content "BI" */
	bool pictures;		  /* there was a picture in the content */
	bool raw;
};

void pdf_words_begin(struct pdf_words *w, const char *s, size_t len);
/* The same, but strings, notes and pictures are words like all others. */
void pdf_words_raw(struct pdf_words *w, const char *s, size_t len);
/* To the next operator; false at the end. */
bool pdf_words_next(struct pdf_words *w);

#endif
