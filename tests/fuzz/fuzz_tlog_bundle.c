/* Entry bundles and tiles: a whole log walked over files that are all the same bytes. */
#include <string.h>

#include "crypto/hash.h"
#include "trust/tlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *data;
	size_t size;
};

static int give(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct bytes *b = arg;

	(void)path;
	if (b->size > max)
		return SL_E_LIMIT;
	buf_put(out, b->data, b->size);
	return buf_error(out);
}

static int see(uint64_t index, const void *entry, size_t len, void *arg, struct sl_why *why)
{
	uint8_t leaf[HASH_LEN];

	(void)arg;
	(void)why;
	BUG(len > TLOG_ENTRY_MAX || index >= 1000);
	merkle_leaf(entry, len, leaf);
	return SL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all;
	const struct tlog_reader r = {.read = give, .arg = &all};
	struct tlog_checkpoint c = {.size = 0};
	struct buf b;

	if (size < 2)
		return 0;
	/* Two bytes choose the size, the rest is the files. */
	all = (struct bytes){.data = data + 2, .size = size - 2};
	c.size = (((unsigned)data[0] << 8 | data[1]) % 1000) + 1;
	BUG(tlog_verify_all(&r, &c, see, NULL, NULL) == SL_OK);
	buf_init(&b, TLOG_ENTRY_MAX);
	(void)!tlog_entry(&r, c.size - 1, c.size, &b);
	buf_release(&b);
	return 0;
}
