/* fuzz_see_header.c - heads of pictures: whatever they say, a size or a reason. */
#include <stddef.h>
#include <stdint.h>

#include "inspect/see/see.h"
#include "inspect/see/see_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct see_header h;
	int r = see_header(data, size, &h);

	BUG(r != SL_OK && r != SL_E_FORMAT && r != SL_E_LIMIT && r != SL_E_UNSUPPORTED);
	/* Of TIFF and BMP there are kinds that no decoder reads. */
	BUG(see_kind(data, size) == SEE_NONE && r != SL_E_UNSUPPORTED);
	BUG(r == SL_E_UNSUPPORTED && see_kind(data, size) != SEE_NONE &&
	    see_kind(data, size) != SEE_TIFF && see_kind(data, size) != SEE_BMP);
	BUG(r == SL_OK && (h.width == 0 || h.height == 0 || h.frames == 0));
	BUG(r == SL_OK && h.frames > SEE_FRAMES_MAX);
	return 0;
}
