/* fuzz_extract_pdf.c - any bytes as pdf: the parsers end, and what they say keeps the rules. */
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	extract_fuzz("application/pdf", data, size);
	return 0;
}
