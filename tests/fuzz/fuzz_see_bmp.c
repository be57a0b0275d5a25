/* fuzz_see_bmp.c - rows and runs of a BMP stay inside the picture and the file. */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "inspect/see/see_bmp.h"
#include "inspect/type/bmp.h"

enum { PIXELS_MAX = 1 << 20 /* the caller's ceiling, small enough to be fast */ };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bmp b;
	PIX *pix;

	if (bmp_open(data, size, &b) != NULL)
		return 0;
	BUG(b.pixels > size || b.pixels_len > size - b.pixels);
	BUG((size_t)b.n_colours * b.colour_len > b.pixels - b.colours);
	BUG(b.profile_len > 0 && (b.profile > size || b.profile_len > size - b.profile));
	if ((uint64_t)b.width * b.height > PIXELS_MAX)
		return 0;
	pix = see_bmp(data, size);
	BUG(pix != NULL &&
	    ((uint32_t)pixGetWidth(pix) != b.width || (uint32_t)pixGetHeight(pix) != b.height));
	pixDestroy(&pix);
	return 0;
}
