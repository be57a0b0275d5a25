/* fuzz_extract_text.c - any bytes as text: the parsers end, and what they say keeps the rules.
 */
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	extract_fuzz("text/plain", data, size);
	return 0;
}
