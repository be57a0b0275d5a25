/* fuzz_normalise.c - any bytes: views stay valid UTF-8 and lead back inside the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "policy/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_map(const struct norm *n, size_t size)
{
	size_t last = 0;

	for (size_t i = 0; i < n->len; i++) {
		size_t from, to;

		normalise_original(n, i, i + 1, &from, &to);
		if (from >= to || to > size || from < last)
			abort();
		last = from;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fold *fold;
	struct sl_why why;
	struct norm n, d;

	if (fold == NULL && fold_new(&fold, &why) != SL_OK)
		abort();
	if (normalise_text(fold, (const char *)data, size, &n) != SL_OK)
		return 0;
	if (normalise_dense(&n, &d) != SL_OK)
		abort();
	if (!text_is_utf8(n.text, n.len) || !text_is_utf8(d.text, d.len))
		abort();
	check_map(&n, size);
	check_map(&d, size);
	if (n.len > 0)
		(void)normalise_kinds(&n, 0, n.len);
	normalise_release(&d);
	normalise_release(&n);
	return 0;
}
