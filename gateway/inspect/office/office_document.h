/* office_document.h - one document in the formats before 2007, read in two ways.
 *
 * Runs in the disposable child: the bytes are hostile, and so is what LibreOffice made of
 * them. */
#ifndef SL_INSPECT_OFFICE_OFFICE_DOCUMENT_H
#define SL_INSPECT_OFFICE_OFFICE_DOCUMENT_H

#include "inspect/extract/extract.h"

/* Fill the parts of x, whose part 0 is the document: what its container holds beside the
 * text, then as a part below it the document that LibreOffice saved in `scratch`, an empty
 * directory.  0 also when parts failed; SL_E_NOMEM, SL_E_IO. */
int office_document(struct extract *x, const char *scratch) SL_MUST_USE;

#endif
