/* case.json, which the checker reads from the releaser: what parses is written in one way. */
#include <stdlib.h>
#include <string.h>

#include "release/casefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct casefile *c = calloc(2, sizeof(*c));
	struct buf b;

	if (c == NULL)
		return 0;
	buf_init(&b, CASEFILE_MAX);
	if (casefile_parse(data, size, &c[0], NULL) == SL_OK) {
		BUG(c[0].ended.n > 0 && c[0].policy.version == 0);
		BUG(casefile_write(&c[0], &b) != SL_OK);
		BUG(casefile_parse(b.data, b.len, &c[1], NULL) != SL_OK);
		BUG(memcmp(&c[0], &c[1], sizeof(*c)) != 0);
	}
	buf_release(&b);
	free(c);
	return 0;
}
