/* fuzz_extract_rtf.c - any bytes as rich text. */
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 1 << 20)
		extract_fuzz("application/rtf", data, size);
	return 0;
}
