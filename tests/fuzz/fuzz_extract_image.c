/* fuzz_extract_image.c - bytes as a picture of the kind that they begin like. */
#include <string.h>

#include "inspect/type/identify.h"
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct identity id;

	if (size > 1 << 20)
		return 0;
	identify(&(struct identify_in){.p = data, .len = size, .name = "a"}, &id);
	/* Also what the walk refuses: the reader must not depend on it. */
	if (strncmp(id.type, "image/", 6) == 0)
		extract_fuzz(id.type, data, size);
	return 0;
}
