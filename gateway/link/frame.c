/* frame.c - the frames of stream mode.
 *
 * Hostile on reading: anyone who reaches the outlet's port can send frames.
 * Invariant of a parsed frame: offset + len <= total <= FRAME_UNIT_MAX. */
#include "link/frame.h"

#include <string.h>

static const char magic[8] = {'S', 'L', 'F', 'R', 'A', 'M', 'E', '1'};

static int check(const struct frame *f)
{
	if (f->serial < 1 || f->priority > 9)
		return SL_E_FORMAT;
	if (f->total > FRAME_UNIT_MAX || f->len > FRAME_DATA_MAX)
		return SL_E_LIMIT;
	if (f->offset > f->total || f->len > f->total - f->offset ||
	    (f->len == 0 && f->total != 0))
		return SL_E_FORMAT;
	return SL_OK;
}

int frame_write(const struct frame *f, struct buf *out)
{
	int r = check(f);

	if (r != SL_OK)
		return r;
	buf_put(out, magic, sizeof(magic));
	buf_put_u8(out, f->priority);
	buf_put_u64(out, (uint64_t)f->serial);
	buf_put_u64(out, f->offset);
	buf_put_u64(out, f->total);
	buf_put(out, f->sha256, sizeof(f->sha256));
	buf_put_blob(out, f->data, f->len);
	return buf_error(out);
}

int frame_parse(const void *bytes, size_t len, struct frame *ret_f)
{
	struct frame f = {.data = NULL};
	const uint8_t *p;
	struct cur c;
	uint64_t serial;
	int r;

	cur_init(&c, bytes, len);
	p = cur_bytes(&c, sizeof(magic));
	if (p == NULL || memcmp(p, magic, sizeof(magic)) != 0)
		return SL_E_FORMAT;
	f.priority = cur_u8(&c);
	serial = cur_u64(&c);
	f.offset = cur_u64(&c);
	f.total = cur_u64(&c);
	p = cur_bytes(&c, sizeof(f.sha256));
	if (p != NULL)
		memcpy(f.sha256, p, sizeof(f.sha256));
	f.data = cur_blob(&c, FRAME_DATA_MAX, &f.len);
	r = cur_end(&c);
	if (r != SL_OK)
		return r;
	if (serial > INT64_MAX)
		return SL_E_FORMAT;
	f.serial = (int64_t)serial;
	r = check(&f);
	if (r == SL_OK)
		*ret_f = f;
	return r;
}
