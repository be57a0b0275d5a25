/* Unsigned documents of a ceremony: whatever passes as plain can be shown, in both languages.
 */
#include <string.h>

#include "crypto/hash.h"
#include "keys/ceremony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ceremony c;
	struct buf out;

	if (crypto_start() != SL_OK)
		return 0;
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		struct tuf_meta *m = NULL;

		if (tuf_parse(data, size, d == CEREMONY_ROOT ? "root" : "targets", &m, NULL) !=
		    SL_OK)
			continue;
		if (ceremony_plain(m, (enum ceremony_doc)d, NULL) == SL_OK) {
			memset(&c, 0, sizeof(c));
			c.new[d] = m;
			buf_init(&out, 1 << 24);
			ceremony_summary(&c, CEREMONY_EN, &out);
			ceremony_summary(&c, CEREMONY_ZH, &out);
			BUG(buf_error(&out) != SL_OK);
			buf_release(&out);
		}
		tuf_free(m);
	}
	return 0;
}
