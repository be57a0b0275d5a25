/* form_finish.h - what an archive wants in a PDF and the drawing library does not write:
 * language, XMP metadata, an identifier, what colours mean; and no transparency groups.  The
 * result is PDF/A-2b (ISO 19005-2). */
#ifndef SL_FORM_FORM_FINISH_H
#define SL_FORM_FORM_FINISH_H

#include "form/form.h"

/* Append `raw`, a PDF that cairo has just written for this form, finished.  SL_E_INTERNAL when
 * it does not look as cairo's do: nothing is guessed. */
int form_finish(const struct form *f, const struct buf *raw, struct buf *out) SL_MUST_USE;

#endif
