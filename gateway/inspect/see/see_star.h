/* see_star.h - five-pointed stars among the pieces of a picture.
 *
 * The models know no star: 秘密★5年 is read as 秘密女5年, or 大 or 食.  The mark of a
 * state secret has one, so its shape is looked for where letters are read. */
#ifndef SL_INSPECT_SEE_STAR_H
#define SL_INSPECT_SEE_STAR_H

#include <leptonica/allheaders.h>
#include <stdbool.h>

enum { SEE_STARS_MOST = 64 };

/* One connected piece, 1 bit a pixel: is it a star, full or hollow, upright or turned? */
bool see_is_star(PIX *piece);
/* Boxes of all stars of letter size in a picture of 1 bit a pixel, light on dark as
 * well, at most
 * SEE_STARS_MOST; NULL: no
 * memory. */
BOXA *see_stars(PIX *binary);

#endif
