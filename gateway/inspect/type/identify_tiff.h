/* identify_tiff.h - walk of a TIFF file, apart because its parts lie anywhere. */
#ifndef SL_INSPECT_TYPE_IDENTIFY_TIFF_H
#define SL_INSPECT_TYPE_IDENTIFY_TIFF_H

#include "inspect/type/identify.h"

/* NULL when every directory, value and strip is inside the file and they reach its
 * end; else the reason. */
const char *identify_tiff(const struct identify_in *in);

#endif
