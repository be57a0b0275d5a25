/* fuzz_identify.c - every structural identifier, chosen by the input's own first bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "inspect/type/identify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct identify_in in = {.p = data, .len = size, .name = "input.csv"};
	struct identity id;

	identify(&in, &id);
	/* A file without a type is never without a reason. */
	if (id.type[0] == '\0' && id.reason[0] == '\0')
		abort();
	return 0;
}
