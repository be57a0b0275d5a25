/* see.h - what a person sees in a document: its pages drawn and its pictures, read.
 *
 * Pictures of a file, of a package and of a PDF's pages become text (Tesseract,
 * WHERE_OCR) and the contents of QR and bar codes (zbar, WHERE_QR).  The parts are
 * named as the extract filter names them, so that the orchestrator can tell which of
 * its unread pictures were read:
 *
 *   picture file      part 0 itself
 *   package           FILE/member, of type image/… for each whose bytes are a picture
 *   PDF               FILE/page-N for each page, with everything drawn on it; what the
 *                     text layer has there without leaving a trace is WHERE_HIDDEN
 *
 * Facts: "pictures" (members, or pictures placed on pages) and, of a PDF, "pages".
 * Everything here runs in the disposable child: the bytes are hostile. */
#ifndef SL_INSPECT_SEE_SEE_H
#define SL_INSPECT_SEE_SEE_H

#include "inspect/extract/extract.h"

enum {
	SEE_PIXELS_MAX = EXTRACT_PIXELS_MAX, /* of one picture */
	SEE_SIDE_MAX = EXTRACT_SIDE_MAX,
	SEE_FRAMES_MAX = 64,	/* pages of one TIFF */
	SEE_PICTURES_MAX = 500, /* of one package */
	SEE_PAGES_MAX = 300,	/* of one PDF */
	SEE_DPI = 150,
	SEE_SCAN_DPI = 200, /* pages without a text layer have nothing but what is read here */
};

/* Load the models, the character maps and the fonts' index, once, before the sandbox.
 * SL_E_CONFIG says what to install. */
int see_load(struct sl_why *why) SL_MUST_USE;
/* "tesseract 5.3.0 chi_sim+eng 0a1b2c3d, zbar 0.23.92": models by digest, for the report. */
const char *see_engines(void);

/* Fill the parts of x, which was opened with the file's type.  0 also when parts
 * failed; an error only for lack of memory. */
int see_document(struct extract *x) SL_MUST_USE;

/* The parsers. */
int see_picture_document(struct extract *x) SL_MUST_USE;
int see_package_document(struct extract *x) SL_MUST_USE;
int see_pdf_document(struct extract *x) SL_MUST_USE;

#endif
