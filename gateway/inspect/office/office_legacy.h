/* office_legacy.h - what a conversion of an old document would drop, read by ourselves. */
#ifndef SL_INSPECT_OFFICE_OFFICE_LEGACY_H
#define SL_INSPECT_OFFICE_OFFICE_LEGACY_H

#include "inspect/extract/extract.h"

/* Walk the container of part 0: properties; macros and embedded objects (DH-005); text in
 * bytes that belong to nothing, and in old states of the document (DH-007).  Encrypted
 * (DH-008), broken or unknown: the part is failed.  SL_E_NOMEM is the one error. */
int office_legacy(struct extract *x) SL_MUST_USE;

#endif
