/* form_paper.h - the PDF of a record, made by a program of its own.
 *
 * What draws paper is a lot of libraries: a terminal that opens at once must not load them,
 * and whatever they do, they do it in a process that holds no key and no connection. */
#ifndef SL_FORM_FORM_PAPER_H
#define SL_FORM_FORM_PAPER_H

#include "base/buf.h"
#include "base/json.h"
#include "form/form.h"

/* Append the PDF.  The program is ../libexec/sluice/sluice-paper beside ours; it says on
 * standard error what is wrong.  SL_E_NOTFOUND without it, SL_E_UNSUPPORTED when it fails. */
int form_paper(const json_t *record, enum form_lang lang, struct buf *out,
	       struct sl_why *why) SL_MUST_USE;

#endif
