/* fuzz_extract_odf.c - bytes as styles.xml, content.xml or settings.xml of an OpenDocument file
 * whose kind the first byte chooses. */
#include "tests/fuzz/extract_fuzz.h"
#include "tests/support/make_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {
		"application/vnd.oasis.opendocument.text",
		"application/vnd.oasis.opendocument.spreadsheet",
		"application/vnd.oasis.opendocument.presentation",
	};
	struct zip_entry members[] = {
		{.name = "styles.xml", .data = "<s/>"},
		{.name = "content.xml", .data = "<c><p>a</p></c>"},
		{.name = "settings.xml", .data = "<s/>"},
		{0},
	};
	struct buf zip;

	if (size < 2 || size > 1 << 20)
		return 0;
	members[data[0] / 3 % 3].data = (const char *)data + 1;
	members[data[0] / 3 % 3].len = size - 1;
	buf_init(&zip, 4 << 20);
	make_zip(members, &zip);
	extract_fuzz(kinds[data[0] % 3], zip.data, zip.len);
	buf_release(&zip);
	return 0;
}
