/* Two texts, divided by the first NUL: what is left out, kept, old and new adds up to both. */
#include <string.h>

#include "diff.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct sums {
	uint64_t old_lines, new_lines, same;
};

static int add(void *arg, const struct diff_line *l)
{
	struct sums *s = arg;

	s->old_lines += l->kind == DIFF_OLD;
	s->new_lines += l->kind == DIFF_NEW;
	s->same += l->kind == DIFF_SAME ? 1 : l->kind == DIFF_SKIPPED ? l->number : 0;
	return SL_OK;
}

static uint64_t lines(const char *s, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n + (len > 0 && s[len - 1] != '\n');
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const unsigned char *nul = size > 0 ? memchr(data, 0, size) : NULL;
	size_t a_len = nul != NULL ? (size_t)(nul - data) : size / 2;
	size_t from = nul != NULL ? a_len + 1 : a_len;
	const char *a = (const char *)data, *b = (const char *)data + from;
	struct sums s = {0};
	struct diff_to to = {.line = add, .arg = &s};

	BUG(diff_texts(a, a_len, b, size - from, &to) != SL_OK);
	if (a_len == size - from && memcmp(a, b, a_len) == 0) {
		BUG(s.old_lines + s.new_lines + s.same != 0);
		return 0;
	}
	BUG(s.old_lines + s.same != lines(a, a_len));
	BUG(s.new_lines + s.same != lines(b, size - from));
	return 0;
}
