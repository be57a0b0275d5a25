/* extract_qpdf.h - qpdf as we use it: it repairs nothing and prints nothing. */
#ifndef SL_INSPECT_EXTRACT_QPDF_H
#define SL_INSPECT_EXTRACT_QPDF_H

#include <qpdf/qpdf-c.h>

/* A reader for one document, which must be whole: damage is an error and is not mended.
 * NULL without memory. */
qpdf_data extract_qpdf_new(void);
/* NULL is fine. */
void extract_qpdf_free(qpdf_data q);

#endif
