/* fuzz_extract_media.c - bytes as sound or film of the kind that they begin like. */
#include "inspect/type/identify.h"
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct identity id = {.type = "", .reason = "", .charset = ""};

	if (size > 1 << 20)
		return 0;
	/* Also what the walk refuses: the reader must not depend on it. */
	if (identify_media(&(struct identify_in){.p = data, .len = size, .name = "a"}, &id))
		extract_fuzz(id.type, data, size);
	return 0;
}
