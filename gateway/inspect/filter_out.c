/* filter_out.c - the child's half of the answer: records, counted and capped.
 *
 * The ceilings here keep an honest filter honest; the orchestrator enforces
 * its own on whatever arrives. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "inspect/filter_wire.h"

enum { HOLD_BACK = 64 << 10 };

struct filter_out {
	int fd;		 /* borrowed: the connection */
	struct buf held; /* records not written yet */
	struct buf body; /* the record being made */
	uint64_t total;	 /* bytes of the answer so far */
	uint32_t objects, segments, findings, facts, changes;
	uint32_t parts; /* handed on */
	uint64_t bytes; /* of the copy, or of those parts */
	int error;	/* first error; sticks */
};

int filter_out_new(int fd, struct filter_out **ret_o)
{
	struct filter_out *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return SL_E_NOMEM;
	o->fd = fd;
	buf_init(&o->held, (size_t)SEGMENT_TEXT_MAX + 2 * HOLD_BACK);
	buf_init(&o->body, (size_t)SEGMENT_TEXT_MAX + HOLD_BACK);
	*ret_o = o;
	return SL_OK;
}

void filter_out_free(struct filter_out *o)
{
	if (o == NULL)
		return;
	buf_release(&o->held);
	buf_release(&o->body);
	free(o);
}

static int flush(struct filter_out *o)
{
	int r = file_write_all(o->fd, buf_str(&o->held), o->held.len);

	buf_clear(&o->held);
	return r;
}

/* Send what stands in o->body as one record. */
static int emit(struct filter_out *o, enum filter_record kind)
{
	if (o->error == SL_OK)
		o->error = buf_error(&o->body);
	if (o->error != SL_OK)
		return o->error;
	if (o->body.len + FILTER_RECORD_HEAD > FILTER_REPLY_MAX - o->total) {
		o->error = SL_E_LIMIT;
		return o->error;
	}
	o->total += o->body.len + FILTER_RECORD_HEAD;
	filter_record_put(&o->held, kind, buf_str(&o->body), o->body.len);
	o->error = buf_error(&o->held);
	if (o->error == SL_OK && o->held.len >= HOLD_BACK)
		o->error = flush(o);
	return o->error;
}

static int count(struct filter_out *o, uint32_t *counter, uint32_t max)
{
	if (o->error == SL_OK && *counter >= max)
		o->error = SL_E_LIMIT;
	if (o->error == SL_OK)
		(*counter)++;
	buf_clear(&o->body);
	return o->error;
}

int filter_out_object(struct filter_out *o, const struct filter_object *obj,
		      uint32_t *ret_index)
{
	struct filter_object safe = *obj;
	int r = count(o, &o->objects, FILTER_OBJECTS_MAX);

	if (r != SL_OK)
		return r;
	(void)text_safe(obj->path, strnlen(obj->path, sizeof(obj->path)), safe.path,
			sizeof(safe.path));
	filter_object_put(&o->body, &safe);
	r = emit(o, RECORD_OBJECT);
	if (r == SL_OK && ret_index != NULL)
		*ret_index = o->objects - 1;
	return r;
}

int filter_out_segment(struct filter_out *o, const struct segment *s)
{
	int r = count(o, &o->segments, SEGMENT_COUNT_MAX);

	if (r == SL_OK && s->object >= o->objects)
		r = o->error = SL_E_STATE;
	if (r != SL_OK)
		return r;
	segment_put(&o->body, s);
	return emit(o, RECORD_SEGMENT);
}

int filter_out_finding(struct filter_out *o, const struct finding *f)
{
	int r = count(o, &o->findings, FINDINGS_MAX);

	if (r != SL_OK)
		return r;
	finding_put(&o->body, f);
	return emit(o, RECORD_FINDING);
}

int filter_out_fact(struct filter_out *o, const char *key, const char *value)
{
	char safe[FILTER_FACT_VALUE_MAX];
	int r = count(o, &o->facts, FILTER_FACTS_MAX);

	if (r != SL_OK)
		return r;
	BUG(!filter_fact_key_ok(key));
	(void)text_safe(value, strlen(value), safe, sizeof(safe));
	buf_put_str(&o->body, key);
	buf_put_str(&o->body, safe);
	return emit(o, RECORD_FACT);
}

int filter_out_change(struct filter_out *o, const struct filter_change *c)
{
	int r = count(o, &o->changes, FILTER_CHANGES_MAX);

	if (r != SL_OK)
		return r;
	filter_change_put(&o->body, c);
	return emit(o, RECORD_CHANGE);
}

int filter_out_bytes(struct filter_out *o, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	if (o->error == SL_OK && len > FILTER_COPY_MAX - o->bytes)
		o->error = SL_E_LIMIT;
	o->bytes += len;
	while (o->error == SL_OK && len > 0) {
		size_t n = len < FILTER_PIECE ? len : FILTER_PIECE;

		buf_clear(&o->body);
		buf_put(&o->body, p, n);
		(void)emit(o, RECORD_BYTES); /* its error sticks */
		p += n;
		len -= n;
	}
	return o->error;
}

int filter_out_part(struct filter_out *o, uint32_t object, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	if (o->error == SL_OK && (object >= o->objects || len == 0))
		o->error = SL_E_STATE;
	if (o->error == SL_OK && len > FILTER_HANDED_MAX - o->bytes)
		o->error = SL_E_LIMIT;
	(void)count(o, &o->parts, FILTER_PARTS_MAX); /* its error sticks, too */
	while (o->error == SL_OK && len > 0) {
		size_t n = len < FILTER_PIECE ? len : FILTER_PIECE;

		buf_clear(&o->body);
		buf_put_u32(&o->body, object);
		buf_put(&o->body, p, n);
		(void)emit(o, RECORD_PART);
		o->bytes += n;
		p += n;
		len -= n;
	}
	return o->error;
}

int filter_out_end(struct filter_out *o)
{
	buf_clear(&o->body);
	buf_put_u32(&o->body, o->objects);
	buf_put_u32(&o->body, o->segments);
	buf_put_u32(&o->body, o->findings);
	buf_put_u32(&o->body, o->facts);
	if (o->changes > 0 || o->bytes > 0) {
		buf_put_u32(&o->body, o->changes);
		buf_put_u64(&o->body, o->bytes);
	}
	if (emit(o, RECORD_END) != SL_OK)
		return o->error;
	o->error = flush(o);
	return o->error;
}
