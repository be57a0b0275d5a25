/* zip_data.c - unpack every member under the ceilings; check what the names say. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/text.h"
#include "inspect/type/identify.h"
#include "inspect/type/zip.h"

enum { CHUNK = 64 << 10, FLAG_UTF8 = 1u << 11 };

/* Unpack; give pieces to out when not NULL.  Exactly e->size bytes with e->crc. */
static int unpack(const struct zip *z, const struct zip_entry *e, struct buf *out)
{
	uint8_t *chunk = malloc(CHUNK);
	z_stream s;
	uint64_t made = 0;
	uLong crc = crc32(0, NULL, 0);
	int r = SL_E_FORMAT, end = Z_OK;

	memset(&s, 0, sizeof(s));
	if (chunk == NULL || inflateInit2(&s, -MAX_WBITS) != Z_OK) {
		free(chunk);
		return SL_E_NOMEM;
	}
	s.next_in = (z_const Bytef *)(uintptr_t)(z->p + e->data);
	s.avail_in = (uInt)e->packed; /* below 2^32: inside a file of at most 1 GiB */
	while (end == Z_OK) {
		size_t n;

		s.next_out = chunk;
		s.avail_out = CHUNK;
		end = inflate(&s, Z_NO_FLUSH);
		n = CHUNK - s.avail_out;
		if (n > e->size - made)
			goto out;
		made += n;
		crc = crc32(crc, chunk, (uInt)n);
		if (out != NULL)
			buf_put(out, chunk, n);
		if (end == Z_OK && n == 0 && s.avail_in == 0)
			goto out;
	}
	if (end == Z_STREAM_END && made == e->size && s.avail_in == 0 && crc == e->crc)
		r = out != NULL ? buf_error(out) : SL_OK;
out:
	(void)inflateEnd(&s);
	free(chunk);
	return r;
}

static int read_entry(const struct zip *z, const struct zip_entry *e, struct buf *out)
{
	if (e->method != 0)
		return unpack(z, e, out);
	if (crc32_z(crc32(0, NULL, 0), z->p + e->data, (size_t)e->size) != e->crc)
		return SL_E_FORMAT;
	if (out != NULL)
		buf_put(out, z->p + e->data, (size_t)e->size);
	return out != NULL ? buf_error(out) : SL_OK;
}

int zip_read(const struct zip *z, const struct zip_entry *e, size_t max, struct buf *out)
{
	return e->size > max ? SL_E_LIMIT : read_entry(z, e, out);
}

const char *zip_check_data(const struct zip *z)
{
	for (uint32_t i = 0; i < z->n; i++) {
		if (read_entry(z, &z->entries[i], NULL) != SL_OK)
			return "corrupt";
	}
	return NULL;
}

static bool component_ok(const char *s, size_t len)
{
	return len > 0 && !(len == 1 && s[0] == '.') &&
	       !(len == 2 && s[0] == '.' && s[1] == '.');
}

/* Relative, no way up, nothing that one system reads as a separator and another not. */
static bool name_ok(const struct zip_entry *e)
{
	const char *s = (const char *)e->name;
	size_t len = e->name_len, start = 0;
	bool utf8 = text_is_utf8(s, len);

	if (len == 0 || len > ZIP_NAME_MAX || s[0] == '/' || (len > 1 && s[1] == ':'))
		return false;
	if (!utf8 && (e->flags & FLAG_UTF8) != 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f || s[i] == '\\')
			return false;
	}
	for (size_t i = 0; utf8 && i < len;) {
		size_t used;

		if (text_is_deceptive(text_decode(s + i, len - i, &used)))
			return false;
		i += used;
	}
	if (s[len - 1] == '/')
		len--;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && s[i] != '/')
			continue;
		if (!component_ok(s + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

struct folded {
	char *text; /* owned */
	size_t len;
};

/* What a system that ignores case and composition would take the name for. */
static int fold(const struct zip_entry *e, struct folded *ret_f)
{
	enum { ROOM = ZIP_NAME_MAX * 4 };
	const UNormalizer2 *n;
	UErrorCode err = U_ZERO_ERROR;
	size_t len = e->name_len;
	UChar *wide = NULL, *norm = NULL;
	int32_t n_wide = 0, n_norm = 0;
	int r = SL_E_NOMEM;

	if (len > 0 && e->name[len - 1] == '/')
		len--;
	ret_f->text = malloc(len + 1);
	if (ret_f->text == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = e->name[i];

		ret_f->text[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	ret_f->len = len;
	if (!text_is_utf8((const char *)e->name, len))
		return SL_OK; /* bytes of an unknown charset: compared as they are */
	wide = calloc(ROOM, sizeof(*wide));
	norm = calloc(ROOM, sizeof(*norm));
	if (wide == NULL || norm == NULL)
		goto out;
	n = unorm2_getNFKCCasefoldInstance(&err);
	(void)u_strFromUTF8(wide, ROOM, &n_wide, (const char *)e->name, (int32_t)len, &err);
	n_norm = unorm2_normalize(n, wide, n_wide, norm, ROOM, &err);
	r = U_FAILURE(err) ? SL_E_FORMAT : SL_OK;
	if (r == SL_OK) {
		free(ret_f->text);
		ret_f->text = (char *)norm;
		ret_f->len = (size_t)n_norm * sizeof(*norm);
		norm = NULL; /* moved */
	}
out:
	free(wide);
	free(norm);
	return r;
}

static int by_fold(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;
	int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return order != 0 ? order : x->len < y->len ? -1 : x->len > y->len;
}

static const char *check_duplicates(const struct zip *z)
{
	struct folded *all = calloc(z->n > 0 ? z->n : 1, sizeof(*all));
	const char *why = all == NULL ? "over-limit" : NULL;

	for (uint32_t i = 0; i < z->n && why == NULL; i++) {
		if (fold(&z->entries[i], &all[i]) != SL_OK)
			why = "bad-name";
	}
	if (why == NULL)
		qsort(all, z->n, sizeof(*all), by_fold);
	for (uint32_t i = 1; i < z->n && why == NULL; i++) {
		if (by_fold(&all[i - 1], &all[i]) == 0)
			why = "duplicate-names";
	}
	for (uint32_t i = 0; all != NULL && i < z->n; i++)
		free(all[i].text);
	free(all);
	return why;
}

const char *zip_check_names(struct zip *z)
{
	for (uint32_t i = 0; i < z->n; i++) {
		if (!name_ok(&z->entries[i]))
			return "bad-name";
	}
	return check_duplicates(z);
}
