/* form_finish.h - what an archive wants in a PDF and the drawing library does not write:
 * language, XMP metadata, an identifier; and no transparency groups. */
#ifndef SL_REVIEWER_FORM_FINISH_H
#define SL_REVIEWER_FORM_FINISH_H

#include "form/form.h"

/* Append `raw`, a PDF that cairo has just written for this form, finished.  SL_E_INTERNAL when
 * it does not look as cairo's do: nothing is guessed. */
int form_finish(const struct form *f, const struct buf *raw, struct buf *out) SL_MUST_USE;

#endif
