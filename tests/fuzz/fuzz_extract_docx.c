/* fuzz_extract_docx.c - bytes as a package, or as the main part of a good package.
 *
 * Checksums keep mutated packages from reaching the XML readers, so input that
 * does not begin like a ZIP becomes word/document.xml. */
#include <string.h>

#include "tests/fuzz/extract_fuzz.h"
#include "tests/support/make_zip.h"

static const char media_type[] =
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document";
static const char types[] =
	"<Types><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override "
	"PartName=\"/word/document.xml\" "
	"ContentType=\"application/vnd.openxmlformats-officedocument."
	"wordprocessingml.document.main+xml\"/></Types>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip_entry members[] = {
		{.name = "[Content_Types].xml", .data = types},
		{.name = "word/document.xml", .data = (const char *)data, .len = size},
		{0},
	};
	struct buf zip;

	if (size == 0 || size > 1 << 20 || (size > 2 && memcmp(data, "PK", 2) == 0)) {
		extract_fuzz(media_type, data, size);
		return 0;
	}
	buf_init(&zip, 4 << 20);
	make_zip(members, &zip);
	extract_fuzz(media_type, zip.data, zip.len);
	buf_release(&zip);
	return 0;
}
