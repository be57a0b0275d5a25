/* office_kit.h - LibreOffice as a library: from an old document to a new one.
 *
 * LibreOffice need not be there, neither when this is built nor when it runs; then
 * office_kit_ready is false and office_kit_engine says why.  It is the largest parser on
 * the host and is trusted with nothing: it runs in the disposable child only, and what
 * it writes is as hostile as the document. */
#ifndef SL_INSPECT_OFFICE_OFFICE_KIT_H
#define SL_INSPECT_OFFICE_OFFICE_KIT_H

#include <stdbool.h>

#include "base/err.h"

#define OFFICE_KIT_DIR	   "/usr/lib/libreoffice"   /* where the distribution puts it */
#define OFFICE_KIT_LIBRARY "program/libmergedlo.so" /* below that */

enum office_kind { OFFICE_TEXT, OFFICE_SHEET, OFFICE_SLIDES };

/* Load it and its parts, once, before the sandbox.  `dir` has OFFICE_KIT_LIBRARY; `scratch`
 * is an empty directory for what it writes meanwhile.  An installation that is not there,
 * is broken, hangs or crashes is no error: nothing is loaded then.  On return the process
 * has one thread.  SL_E_INTERNAL when it has more and stays that way. */
int office_kit_load(const char *dir, const char *scratch, struct sl_why *why) SL_MUST_USE;
bool office_kit_ready(void);
/* "LibreOffice 7.4.7.2", or "no LibreOffice: why". */
const char *office_kit_engine(void);

/* In the child: open the document at path `in`, save it at path `out` in today's format of
 * its kind, using `scratch` (a writable directory) for everything else.  SL_E_FORMAT when
 * it cannot be opened, is of another kind or cannot be saved; SL_E_UNSUPPORTED without
 * LibreOffice. */
int office_kit_convert(enum office_kind kind, const char *in, const char *out,
		       const char *scratch) SL_MUST_USE;

#endif
