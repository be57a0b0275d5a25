/* extract_coded.h - words and files that stand in running text as base64 or uuencode. */
#ifndef SL_INSPECT_EXTRACT_CODED_H
#define SL_INSPECT_EXTRACT_CODED_H

#include "inspect/extract/extract.h"

/* Look through every stream of the document that has just been read.  A row of 40 letters of
 * base64 and more, in one line or in lines of one length, that is text becomes METADATA
 * lines; of 15 and more when it is Chinese or a long number.  A file of a kind that we know,
 * and whatever a "data:" link or uuencode holds, becomes a part that extract_nested reads.
 * Text in text is read four deep; deeper, and past the ceilings of extract.h, p is failed.
 * Linear in the text.  SL_E_NOMEM is the one error. */
int extract_coded(struct extract *x) SL_MUST_USE;

#endif
