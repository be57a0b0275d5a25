/* Feed pages: what parses is written back byte for byte. */
#include "trust/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct feed_page page;
	struct sl_why why;
	struct buf b;

	if (feed_parse(data, size, &page, &why) != SL_OK)
		return 0;
	buf_init(&b, JSON_SIGNED_MAX);
	BUG(feed_write(&page, &b) != SL_OK || b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	return 0;
}
