/* fuzz_extract_markup.c - any bytes as JSON, CSV, Markdown, XML, SVG or a card; the first
 * byte chooses. */
#include "tests/fuzz/extract_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"application/json", "text/csv",
					    "text/markdown",	"application/xml",
					    "image/svg+xml",	"text/vcard"};

	if (size > 0 && size <= 1 << 20)
		extract_fuzz(types[data[0] % 6], data + 1, size - 1);
	return 0;
}
