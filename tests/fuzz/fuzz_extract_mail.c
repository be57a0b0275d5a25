/* fuzz_extract_mail.c - any bytes as a mail. */
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 1 << 20)
		extract_fuzz("message/rfc822", data, size);
	return 0;
}
