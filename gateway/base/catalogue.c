/* catalogue.c - the tables of a .mo file (gettext manual, "The Format of GNU MO Files"): two
 * lists of (length, offset), the first sorted by its texts. */
#include "base/catalogue.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define MAGIC UINT32_C(0x950412de)

enum { FILE_MAX = 8 << 20, HEAD = 20, ROW = 8 };

struct catalogue {
	struct buf bytes;
	uint32_t n, texts, translations; /* where the two lists begin */
};

static uint32_t word_at(const struct catalogue *c, size_t at)
{
	uint32_t v;

	memcpy(&v, c->bytes.data + at, sizeof(v));
	return v;
}

/* The text of row i, which check() has found to lie within, with its NUL. */
static const char *text_at(const struct catalogue *c, uint32_t list, uint32_t i)
{
	return (const char *)c->bytes.data + word_at(c, list + (size_t)i * ROW + 4);
}

static bool list_ok(const struct catalogue *c, uint32_t list)
{
	size_t len = c->bytes.len;

	if (list > len || c->n > (len - list) / ROW)
		return false;
	for (uint32_t i = 0; i < c->n; i++) {
		uint32_t size = word_at(c, list + (size_t)i * ROW),
			 at = word_at(c, list + (size_t)i * ROW + 4);

		if (at >= len || size >= len - at || c->bytes.data[at + size] != '\0')
			return false;
	}
	return true;
}

static bool is_sorted(const struct catalogue *c)
{
	for (uint32_t i = 1; i < c->n; i++) {
		if (strcmp(text_at(c, c->texts, i - 1), text_at(c, c->texts, i)) > 0)
			return false;
	}
	return true;
}

int catalogue_read(const void *bytes, size_t len, struct catalogue **ret_c)
{
	struct catalogue *c = calloc(1, sizeof(*c));
	int r = c == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	buf_init(&c->bytes, FILE_MAX);
	buf_put(&c->bytes, bytes, len);
	r = buf_error(&c->bytes);
	if (r == SL_OK && (len < HEAD || word_at(c, 0) != MAGIC || word_at(c, 4) != 0))
		r = SL_E_FORMAT;
	if (r == SL_OK) {
		c->n = word_at(c, 8);
		c->texts = word_at(c, 12);
		c->translations = word_at(c, 16);
		if (!list_ok(c, c->texts) || !list_ok(c, c->translations) || !is_sorted(c))
			r = SL_E_FORMAT;
	}
	if (r != SL_OK)
		goto out;
	*ret_c = c;
	c = NULL; /* moved */
out:
	catalogue_free(c);
	return r;
}

int catalogue_open(const char *path, struct catalogue **ret_c)
{
	struct buf b;
	int r;

	buf_init(&b, FILE_MAX);
	r = file_read(AT_FDCWD, path, FILE_MAX, &b);
	if (r == SL_OK)
		r = catalogue_read(b.data, b.len, ret_c);
	buf_release(&b);
	return r;
}

void catalogue_free(struct catalogue *c)
{
	if (c == NULL)
		return;
	buf_release(&c->bytes);
	free(c);
}

const char *catalogue_find(const struct catalogue *c, const char *text)
{
	uint32_t lo = 0, hi = c->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = strcmp(text_at(c, c->texts, mid), text);

		if (order == 0)
			return text_at(c, c->translations, mid);
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
