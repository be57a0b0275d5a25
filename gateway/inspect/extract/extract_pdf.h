/* extract_pdf.h - the inner parts of the PDF reader. */
#ifndef SL_INSPECT_EXTRACT_PDF_H
#define SL_INSPECT_EXTRACT_PDF_H

#include <poppler.h>

#include "inspect/extract/extract.h"

struct _qpdf_data;
struct pdf {
	struct extract *x;
	struct extract_part *part; /* its text goes here */
	PopplerDocument *doc;
	unsigned pages;
	unsigned pictures; /* in all pages */
	unsigned embedded; /* files that became a part */
	unsigned layers;   /* that were looked at */
	/* Owned, by page, or NULL: why poppler must not interpret it, NULL when it may. */
	const char **dear;
	unsigned n_dear; /* that were named in the report */
};

/* Open bytes that stay alive until extract_pdf_close, and weigh the pages (extract_pdf_cost).
 * SL_E_DENIED encrypted, SL_E_FORMAT damaged, SL_E_LIMIT too many pages. */
int extract_pdf_open(struct pdf *pdf, struct extract *x, struct extract_part *p,
		     const uint8_t *bytes, size_t len) SL_MUST_USE;
/* The same without weighing them: bytes of our own, or of pages that were weighed. */
int extract_pdf_open_copy(struct pdf *pdf, struct extract *x, struct extract_part *p,
			  const uint8_t *bytes, size_t len) SL_MUST_USE;
void extract_pdf_close(struct pdf *pdf);

/* What each page would cost - operators and letters over all forms, patterns, drawn letters,
 * masks and appearances it names, as often as it names them, and the pixels of its pictures -
 * into pdf->dear and pdf->pages.  Beyond EXTRACT_OPERATORS_MAX, and when the pages so far are
 * beyond EXTRACT_OPERATORS_ALL_MAX, a page is "over-limit"; content that qpdf cannot unpack is
 * "corrupt".  Errors as extract_pdf_open. */
int extract_pdf_cost(struct pdf *pdf, const uint8_t *bytes, size_t len) SL_MUST_USE;
/* Why page i (from 0) must not be interpreted; NULL: it may be. */
const char *extract_pdf_dear(const struct pdf *pdf, unsigned i);

/* Once, before the sandbox: types, tables and character maps are loaded, and
 * stay so because one tiny document is never closed. */
int extract_pdf_init(struct sl_why *why) SL_MUST_USE;
/* That document: pages 0 (one line of Chinese) and 1 (blank), for as long as we live. */
PopplerDocument *extract_pdf_warm(void);
/* What poppler complained of since the last call ("" nothing): a reason word. */
const char *extract_pdf_problem(void);

/* Text of one page, cleaned to valid UTF-8; free() it. NULL: no memory. */
char *extract_pdf_page_text(PopplerPage *page);
/* Drawn small: is there nothing to see? */
bool extract_pdf_page_blank(PopplerPage *page);
/* Pictures placed on it; *ret_small: beside them, those too small to hold a letter. */
unsigned extract_pdf_pictures(PopplerPage *page, unsigned *ret_small);
/* All pages: text with page numbers, pictures, annotations, links, form values. */
int extract_pdf_pages(struct pdf *pdf) SL_MUST_USE;

/* Properties, outline, attachments. */
int extract_pdf_parts(struct pdf *pdf) SL_MUST_USE;
/* Text that only hidden layers show. */
int extract_pdf_layers(struct pdf *pdf) SL_MUST_USE;
/* Scripts, forms, files, texts and properties that no page shows.  After the
 * functions above, whose counts it checks. */
int extract_pdf_objects(struct pdf *pdf) SL_MUST_USE;
/* Is the value of this key that name? dict: a qpdf_oh of q. */
bool extract_pdf_is_name(struct _qpdf_data *q, unsigned dict, const char *key,
			 const char *name);
/* The size of a picture in pixels: the larger of what its dictionary says and what the head
 * of its JPEG or JPEG 2000 stream says.  stream: a qpdf_oh of q; the filters of its copy in
 * memory may change. */
void extract_pdf_picture_size(struct _qpdf_data *q, unsigned stream, double *ret_width,
			      double *ret_height);
/* Streams that no page shows as they are, of objects 1 to n - 1 of the file that q has open:
 * those the trailer does not lead to (DH-007, unread ones failed), metadata of other
 * objects, notes in the language that draws.  For extract_pdf_objects.  SL_E_LIMIT nested
 * too deep, SL_E_NOMEM. */
int extract_pdf_unseen(struct pdf *pdf, struct _qpdf_data *q, int n) SL_MUST_USE;
/* Comments between objects, and objects that the cross-reference table does not list; when
 * the file was saved once, also a second body of an object (DH-007, failed).  SL_E_NOMEM. */
int extract_pdf_bytes(struct pdf *pdf, struct _qpdf_data *q, int n,
		      bool one_saving) SL_MUST_USE;
/* Is there more than one saving in the file? */
bool extract_pdf_was_updated(const struct pdf *pdf);
/* Text that stands outside the visible part of its page. */
int extract_pdf_outside(struct pdf *pdf) SL_MUST_USE;
/* Earlier revisions of the file, each a part of its own. */
int extract_pdf_revisions(struct pdf *pdf) SL_MUST_USE;

/* The set of lines of a text, for asking what another text has beyond it. */
struct pdf_lines;
int extract_pdf_lines(const char *s, size_t len, struct pdf_lines **ret_l) SL_MUST_USE;
void extract_pdf_lines_free(struct pdf_lines *l);
bool extract_pdf_lines_has(const struct pdf_lines *l, const char *s, size_t len);

#endif
