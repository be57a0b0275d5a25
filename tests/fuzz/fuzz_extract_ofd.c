/* fuzz_extract_ofd.c - bytes as a page, the document or the root of an OFD package; the
 * first byte chooses. */
#include "tests/fuzz/extract_fuzz.h"
#include "tests/support/make_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip_entry members[] = {
		{.name = "p.xml", .data = "<P/>"},
		{.name = "d.xml", .data = "<D><Page BaseLoc='p.xml'/></D>"},
		{.name = "OFD.xml", .data = "<O><DocRoot>d.xml</DocRoot></O>"},
		{0},
	};
	struct buf zip;

	if (size < 2 || size > 1 << 20)
		return 0;
	members[data[0] % 3].data = (const char *)data + 1;
	members[data[0] % 3].len = size - 1;
	buf_init(&zip, 4 << 20);
	make_zip(members, &zip);
	extract_fuzz("application/ofd", zip.data, zip.len);
	buf_release(&zip);
	return 0;
}
