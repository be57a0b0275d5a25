/* buf.c - bounded writing and bounded reading of bytes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void buf_release(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	buf_init(b, max);
}

void buf_wipe(struct buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	buf_release(b);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->error = 0;
	if (b->data != NULL)
		b->data[0] = 0;
}

uint8_t *buf_take(struct buf *b, size_t *ret_len)
{
	uint8_t *data = b->data;

	*ret_len = b->len;
	buf_init(b, b->max);
	return data; /* moved */
}

const char *buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : (const char *)b->data;
}
int buf_error(const struct buf *b)
{
	return b->error;
}

uint8_t *buf_extend(struct buf *b, size_t len)
{
	uint8_t *at;

	if (b->error != 0)
		return NULL;
	if (len > b->max - b->len) {
		b->error = SL_E_LIMIT;
		return NULL;
	}
	/* One byte beyond is kept for the NUL. */
	if (b->data == NULL || b->cap - b->len <= len) {
		size_t want = b->cap < 128 ? 128 : b->cap;
		uint8_t *grown;

		while (want - b->len <= len)
			want = want > SIZE_MAX / 2 ? b->len + len + 1 : want * 2;
		if (want > b->max + 1 && b->len + len <= b->max)
			want = b->max + 1;
		grown = realloc(b->data, want);
		if (grown == NULL) {
			b->error = SL_E_NOMEM;
			return NULL;
		}
		b->data = grown;
		b->cap = want;
	}
	at = b->data + b->len;
	b->len += len;
	b->data[b->len] = 0;
	return at;
}

void buf_cut(struct buf *b, size_t len)
{
	BUG(len > b->len);
	b->len = len;
	if (b->data != NULL)
		b->data[len] = 0;
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
	uint8_t *at = buf_extend(b, len);

	if (at != NULL && len > 0)
		memcpy(at, bytes, len);
}

void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->error = b->error != 0 ? b->error : SL_E_NOMEM;
		return;
	}
	buf_put(b, s, (size_t)n);
	free(s);
}

static void put_be(struct buf *b, uint64_t v, size_t size)
{
	uint8_t *at = buf_extend(b, size);

	if (at == NULL)
		return;
	for (size_t i = size; i-- > 0; v >>= 8)
		at[i] = (uint8_t)(v & 0xff);
}

void buf_put_u8(struct buf *b, uint8_t v)
{
	put_be(b, v, 1);
}
void buf_put_u16(struct buf *b, uint16_t v)
{
	put_be(b, v, 2);
}
void buf_put_u32(struct buf *b, uint32_t v)
{
	put_be(b, v, 4);
}
void buf_put_u64(struct buf *b, uint64_t v)
{
	put_be(b, v, 8);
}

void buf_put_blob(struct buf *b, const void *bytes, size_t len)
{
	if (len > UINT32_MAX) {
		b->error = b->error != 0 ? b->error : SL_E_LIMIT;
		return;
	}
	buf_put_u32(b, (uint32_t)len);
	buf_put(b, bytes, len);
}

void buf_put_str(struct buf *b, const char *s)
{
	buf_put_blob(b, s, strlen(s));
}

void cur_init(struct cur *c, const void *bytes, size_t len)
{
	c->p = bytes;
	c->end = c->p == NULL ? NULL : c->p + len;
	c->error = 0;
}

const uint8_t *cur_bytes(struct cur *c, size_t len)
{
	const uint8_t *at = c->p;

	if (c->error != 0)
		return NULL;
	if (c->p == NULL || len > (size_t)(c->end - c->p)) {
		c->error = SL_E_FORMAT;
		return NULL;
	}
	c->p += len;
	return at;
}

static uint64_t get_be(struct cur *c, size_t size)
{
	const uint8_t *at = cur_bytes(c, size);
	uint64_t v = 0;

	if (at == NULL)
		return 0;
	for (size_t i = 0; i < size; i++)
		v = v << 8 | at[i];
	return v;
}

uint8_t cur_u8(struct cur *c)
{
	return (uint8_t)get_be(c, 1);
}
uint16_t cur_u16(struct cur *c)
{
	return (uint16_t)get_be(c, 2);
}
uint32_t cur_u32(struct cur *c)
{
	return (uint32_t)get_be(c, 4);
}
uint64_t cur_u64(struct cur *c)
{
	return get_be(c, 8);
}

const uint8_t *cur_blob(struct cur *c, size_t max, size_t *ret_len)
{
	size_t len = cur_u32(c);

	*ret_len = 0;
	if (c->error == 0 && len > max)
		c->error = SL_E_LIMIT;
	if (c->error != 0)
		return NULL;
	const uint8_t *at = cur_bytes(c, len);
	if (at != NULL)
		*ret_len = len;
	return at;
}

void cur_str(struct cur *c, char *out, size_t cap)
{
	size_t len;
	const uint8_t *at = cur_blob(c, cap - 1, &len);

	out[0] = '\0';
	if (at == NULL)
		return;
	if (memchr(at, 0, len) != NULL || !text_is_utf8((const char *)at, len)) {
		c->error = SL_E_FORMAT;
		return;
	}
	memcpy(out, at, len);
	out[len] = '\0';
}

size_t cur_left(const struct cur *c)
{
	return c->p == NULL ? 0 : (size_t)(c->end - c->p);
}

int cur_end(const struct cur *c)
{
	if (c->error != 0)
		return c->error;
	return cur_left(c) == 0 ? SL_OK : SL_E_FORMAT;
}
