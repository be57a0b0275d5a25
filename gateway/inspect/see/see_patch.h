/* see_patch.h - was something wiped out where a paper carries its grade? (SM-010)
 *
 * Scanned paper is never even: light and sensor leave a grain.  A patch without any grain in
 * the head of an otherwise grainy first page was painted over. */
#ifndef SL_INSPECT_SEE_PATCH_H
#define SL_INSPECT_SEE_PATCH_H

#include <leptonica/allheaders.h>
#include <stdbool.h>

/* 8 bit gray of a whole page. False for drawn pages and cleaned scans, which have no grain. */
bool see_has_patch(PIX *gray);

#endif
