/* fuzz_clean.c - bytes as a file to be cleaned, of a kind that the first byte chooses; what
 * comes out must be cleaned again to the same bytes. */
#include "inspect/clean/clean.h"
#include "tests/support/make_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const kinds[] = {
	"image/jpeg", "image/png",
	"image/gif",  "image/webp",
	"text/plain", "application/pdf",
	"text/html",  "application/vnd.oasis.opendocument.text",
	"text/csv",   "image/bmp",
	"image/tiff",
};

static int run(const char *type, const uint8_t *data, size_t size, bool exact,
	       struct clean_result *res)
{
	static const struct clean_mask masks[] = {{"ab", "x"}, {"\xe5\xaf\x86", ""}};
	struct clean_job job = {.name = "a",
				.type = type,
				.bytes = data,
				.len = size,
				.masks = masks,
				.exact = exact,
				.n_masks = type[0] == 'a' && type[12] == 'p' ? 0 : 2};
	struct sl_why why = {""};

	clean_result_init(res);
	return clean_document(&job, res, &why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded;
	struct clean_result first, second;
	struct zip_entry members[] = {
		{.name = "mimetype", .data = "a"}, {.name = "content.xml"}, {0}};
	struct sl_why why = {""};
	const char *type;
	struct buf zip;

	BUG(!loaded && clean_load(&why) != SL_OK);
	loaded = true;
	if (size < 2 || size > 1 << 20)
		return 0;
	type = kinds[data[0] % (sizeof(kinds) / sizeof(kinds[0]))];
	members[1].data = (const char *)data + 1;
	members[1].len = size - 1;
	buf_init(&zip, 4 << 20);
	if (type[0] == 'a' && type[12] != 'p')
		make_zip(members, &zip);
	else
		buf_put(&zip, data + 1, size - 1);
	if (run(type, zip.data, zip.len, false, &first) == SL_OK && type[0] == 'i') {
		BUG(run(type, first.bytes.data, first.bytes.len, false, &second) != SL_OK);
		clean_result_release(&second);
	}
	clean_result_release(&first);
	/* Nothing but an office file takes exact words. */
	BUG(run(type, zip.data, zip.len, true, &first) == SL_OK && type[0] != 'a');
	clean_result_release(&first);
	buf_release(&zip);
	return 0;
}
