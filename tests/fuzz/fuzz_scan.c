/* fuzz_scan.c - the whole matcher with the project's own rules on any text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: where; then the text, cut into two segments in the middle. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy *policy;
	const struct scan_context ctx = {.offline = true};
	struct segment s[2] = {{0}};
	struct finding *f = NULL;
	struct sl_why why;
	bool overflow;
	unsigned n;

	if (policy == NULL && (crypto_start() != SL_OK ||
			       policy_load(SL_SOURCE_DIR "/policies", &policy, &why) != SL_OK))
		abort();
	if (size < 2 || !text_is_utf8((const char *)data + 1, size - 1))
		return 0;
	for (int i = 0; i < 2; i++) {
		s[i].where = data[0] % WHERE_COUNT;
		s[i].line = s[i].column = 1;
		s[i].text = (const char *)data + 1;
		s[i].len = (uint32_t)(size - 1);
	}
	if (policy_scan(policy, &ctx, s, 2, &f, &n, &overflow) != SL_OK)
		abort();
	for (unsigned i = 0; i < n; i++) {
		struct finding back;
		struct buf b;
		struct cur c;

		buf_init(&b, 1 << 16);
		finding_put(&b, &f[i]);
		cur_init(&c, b.data, b.len);
		if (finding_get(&c, &back) != SL_OK)
			abort();
		buf_release(&b);
	}
	free(f);
	return 0;
}
