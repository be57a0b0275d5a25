/* buf.h - growable byte buffer with a ceiling, and a cursor over borrowed bytes.
 *
 * Every buffer is told at birth how large it may become; growing past that is
 * SL_E_LIMIT, never an allocation.  Integers are big-endian; "blob" is a u32
 * length followed by the bytes.  Errors of put calls stick in the buffer, so a
 * writer may put many fields and ask buf_error once. */
#ifndef SL_BASE_BUF_H
#define SL_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf {
	uint8_t *data; /* owned; NULL while empty; always followed by a NUL byte */
	size_t len;
	size_t cap;
	size_t max; /* ceiling for len */
	int error;  /* first error of a put call, or 0 */
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b); /* frees contents; b may be used again after buf_init */
void buf_wipe(struct buf *b);	 /* overwrite with zeros, then release: for decrypted text */
void buf_clear(struct buf *b);	 /* len = 0, error = 0; keeps memory */
/* Give the bytes to the caller (free() them); b becomes empty. NULL if b never held any. */
uint8_t *buf_take(struct buf *b, size_t *ret_len);
/* As a NUL-terminated string, borrowed; "" when empty. */
const char *buf_str(const struct buf *b);
int buf_error(const struct buf *b) SL_MUST_USE;

void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putf(struct buf *b, const char *fmt, ...) SL_PRINTF(2, 3);
void buf_put_u8(struct buf *b, uint8_t v);
void buf_put_u16(struct buf *b, uint16_t v);
void buf_put_u32(struct buf *b, uint32_t v);
void buf_put_u64(struct buf *b, uint64_t v);
void buf_put_blob(struct buf *b, const void *bytes, size_t len);
void buf_put_str(struct buf *b, const char *s); /* blob of strlen(s) bytes */
/* Room for `len` more bytes, counted as written; NULL on error. */
uint8_t *buf_extend(struct buf *b, size_t len);
/* Take back what lies beyond the first `len` bytes; len must not be more than b->len. */
void buf_cut(struct buf *b, size_t len);

/* Cursor: reads never pass the end; the first error sticks, later reads give
 * zeros and empty spans.  Finish with cur_end. */
struct cur {
	const uint8_t *p;
	const uint8_t *end;
	int error;
};
void cur_init(struct cur *c, const void *bytes, size_t len);
uint8_t cur_u8(struct cur *c);
uint16_t cur_u16(struct cur *c);
uint32_t cur_u32(struct cur *c);
uint64_t cur_u64(struct cur *c);
/* Borrow len bytes; NULL on error (also NULL for len 0 is avoided: a valid pointer). */
const uint8_t *cur_bytes(struct cur *c, size_t len);
/* Borrow a blob of at most max bytes. */
const uint8_t *cur_blob(struct cur *c, size_t max, size_t *ret_len);
/* Copy a blob that must be valid UTF-8 without NUL into out (NUL-terminated),
 * at most cap - 1 bytes. */
void cur_str(struct cur *c, char *out, size_t cap);
size_t cur_left(const struct cur *c);
/* 0 when everything was read without error; SL_E_FORMAT when bytes are left. */
int cur_end(const struct cur *c) SL_MUST_USE;

#endif
