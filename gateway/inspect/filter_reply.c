/* filter_reply.c - an answer is hostile until the last byte has been checked.
 *
 * The process that wrote it may have been taken over by the document it read.
 * Ceilings of filter.h and segment.h hold here again; memory grows only with
 * bytes that really arrived. */
#include "inspect/filter_reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int grow(void **array, uint32_t *cap, uint32_t n, uint32_t max, size_t size)
{
	uint32_t want;
	void *grown;

	if (n >= max)
		return SL_E_LIMIT;
	if (n < *cap)
		return SL_OK;
	want = *cap == 0 ? 16 : *cap * 2;
	grown = reallocarray(*array, want, size);
	if (grown == NULL)
		return SL_E_NOMEM;
	*array = grown;
	*cap = want;
	return SL_OK;
}

static int take_object(struct filter_reply *r, struct cur *c)
{
	void *array = r->objects;
	int e = grow(&array, &r->cap_objects, r->n_objects, FILTER_OBJECTS_MAX,
		     sizeof(*r->objects));

	r->objects = array;
	if (e == SL_OK)
		e = filter_object_get(c, &r->objects[r->n_objects]);
	if (e == SL_OK && r->n_objects == 0 && strcmp(r->objects[0].id, "0") != 0)
		e = SL_E_FORMAT;
	if (e == SL_OK)
		r->n_objects++;
	return e;
}

static int take_segment(struct filter_reply *r, struct cur *c)
{
	void *array = r->segments;
	int e = grow(&array, &r->cap_segments, r->n_segments, SEGMENT_COUNT_MAX,
		     sizeof(*r->segments));

	r->segments = array;
	if (e == SL_OK)
		e = segment_get(c, &r->segments[r->n_segments]);
	if (e == SL_OK && r->segments[r->n_segments].object >= r->n_objects)
		e = SL_E_FORMAT;
	if (e == SL_OK)
		r->n_segments++;
	return e;
}

static int take_finding(struct filter_reply *r, struct cur *c)
{
	void *array = r->findings;
	int e = grow(&array, &r->cap_findings, r->n_findings, FINDINGS_MAX,
		     sizeof(*r->findings));

	r->findings = array;
	if (e == SL_OK)
		e = finding_get(c, &r->findings[r->n_findings]);
	if (e == SL_OK)
		r->n_findings++;
	return e;
}

static int take_fact(struct filter_reply *r, struct cur *c)
{
	void *array = r->facts;
	int e = grow(&array, &r->cap_facts, r->n_facts, FILTER_FACTS_MAX, sizeof(*r->facts));
	struct filter_fact *f;

	r->facts = array;
	if (e != SL_OK)
		return e;
	f = &r->facts[r->n_facts];
	cur_str(c, f->key, sizeof(f->key));
	cur_str(c, f->value, sizeof(f->value));
	if (c->error != SL_OK || !filter_fact_key_ok(f->key) || !filter_text_ok(f->value))
		return SL_E_FORMAT;
	r->n_facts++;
	return SL_OK;
}

/* Only the clean filter gives copies; its name is the warm parent's word. */
static bool may_copy(const struct filter_reply *r)
{
	return strcmp(r->name, "clean") == 0 && r->n_objects == 1;
}

static int take_change(struct filter_reply *r, struct cur *c)
{
	void *array = r->changes;
	int e = !may_copy(r) ? SL_E_FORMAT
			     : grow(&array, &r->cap_changes, r->n_changes, FILTER_CHANGES_MAX,
				    sizeof(*r->changes));

	r->changes = array;
	if (e == SL_OK)
		e = filter_change_get(c, &r->changes[r->n_changes]);
	if (e == SL_OK)
		r->n_changes++;
	return e;
}

static int take_bytes(struct filter_reply *r, struct cur *c)
{
	void *array = r->pieces;
	size_t len = cur_left(c);
	int e = !may_copy(r) || len == 0 ? SL_E_FORMAT
					 : grow(&array, &r->cap_pieces, r->n_pieces,
						FILTER_PIECES_MAX, sizeof(*r->pieces));

	r->pieces = array;
	if (e == SL_OK && (len > FILTER_PIECE || len > FILTER_COPY_MAX - r->n_bytes))
		e = SL_E_LIMIT;
	if (e != SL_OK)
		return e;
	r->pieces[r->n_pieces].bytes = cur_bytes(c, len);
	r->pieces[r->n_pieces++].len = len;
	r->n_bytes += len;
	return SL_OK;
}

static bool may_hand_on(const struct filter_reply *r)
{
	return strcmp(r->name, "extract") == 0 || strcmp(r->name, "office") == 0;
}

/* The part that the next piece of this object belongs to: the last one, or a new one. */
static int part_of(struct filter_reply *r, uint32_t object, struct filter_part **ret_p)
{
	void *array = r->parts;
	int e;

	if (r->n_parts > 0 && r->parts[r->n_parts - 1].object == object) {
		*ret_p = &r->parts[r->n_parts - 1];
		return SL_OK;
	}
	for (uint32_t i = 0; i < r->n_parts; i++)
		if (r->parts[i].object == object)
			return SL_E_FORMAT;
	e = grow(&array, &r->cap_parts, r->n_parts, FILTER_PARTS_MAX, sizeof(*r->parts));
	r->parts = array;
	if (e != SL_OK)
		return e;
	r->parts[r->n_parts] = (struct filter_part){.object = object, .first = r->n_pieces};
	*ret_p = &r->parts[r->n_parts++];
	return SL_OK;
}

static int take_part(struct filter_reply *r, struct cur *c)
{
	uint32_t object = cur_u32(c);
	struct filter_part *p = NULL;
	void *array = r->pieces;
	size_t len = cur_left(c);
	int e = SL_E_FORMAT;

	if (may_hand_on(r) && c->error == SL_OK && object > 0 && object < r->n_objects &&
	    len > 0)
		e = grow(&array, &r->cap_pieces, r->n_pieces, FILTER_PIECES_MAX,
			 sizeof(*r->pieces));
	r->pieces = array;
	if (e == SL_OK && (len > FILTER_PIECE || len > FILTER_HANDED_MAX - r->n_bytes))
		e = SL_E_LIMIT;
	if (e == SL_OK)
		e = part_of(r, object, &p);
	if (e != SL_OK)
		return e;
	r->pieces[r->n_pieces++] =
		(struct filter_piece){.bytes = cur_bytes(c, len), .len = len};
	r->n_bytes += len;
	p->n++;
	p->bytes += len;
	return SL_OK;
}

static int take_hello(struct filter_reply *r, struct cur *c)
{
	cur_str(c, r->name, sizeof(r->name));
	cur_str(c, r->version, sizeof(r->version));
	cur_str(c, r->data, sizeof(r->data));
	if (c->error == SL_OK && filter_text_ok(r->name) && filter_text_ok(r->version) &&
	    filter_text_ok(r->data) && r->name[0] != '\0')
		return SL_OK;
	r->name[0] = r->version[0] = r->data[0] = '\0';
	return SL_E_FORMAT;
}

static int take_end(struct filter_reply *r, struct cur *c)
{
	if (cur_u32(c) != r->n_objects || cur_u32(c) != r->n_segments ||
	    cur_u32(c) != r->n_findings || cur_u32(c) != r->n_facts)
		return SL_E_FORMAT;
	if ((r->n_changes > 0 || r->n_bytes > 0) &&
	    (cur_u32(c) != r->n_changes || cur_u64(c) != r->n_bytes))
		return SL_E_FORMAT;
	r->ended = true;
	return SL_OK;
}

/* One record by a child, before END. */
static int take_record(struct filter_reply *r, uint8_t kind, struct cur *c)
{
	switch (kind) {
	case RECORD_OBJECT:
		return take_object(r, c);
	case RECORD_SEGMENT:
		return take_segment(r, c);
	case RECORD_FINDING:
		return take_finding(r, c);
	case RECORD_FACT:
		return take_fact(r, c);
	case RECORD_CHANGE:
		return take_change(r, c);
	case RECORD_BYTES:
		return take_bytes(r, c);
	case RECORD_PART:
		return take_part(r, c);
	case RECORD_END:
		return take_end(r, c);
	default:
		return SL_E_FORMAT;
	}
}

static int by_id(const void *a, const void *b)
{
	const struct filter_object *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static int check_ids(const struct filter_reply *r)
{
	const struct filter_object **sorted;
	int e = SL_OK;

	if (r->n_objects < 2)
		return SL_OK;
	sorted = calloc(r->n_objects, sizeof(*sorted));
	if (sorted == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < r->n_objects; i++)
		sorted[i] = &r->objects[i];
	qsort(sorted, r->n_objects, sizeof(*sorted), by_id);
	for (uint32_t i = 1; i < r->n_objects && e == SL_OK; i++) {
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
			e = SL_E_FORMAT;
	}
	free(sorted);
	return e;
}

static int check_findings(const struct filter_reply *r, uint32_t objects_elsewhere)
{
	uint32_t n = objects_elsewhere > 0 ? objects_elsewhere : r->n_objects;

	for (uint32_t i = 0; i < r->n_findings; i++) {
		if (r->findings[i].object >= n)
			return SL_E_FORMAT;
	}
	return SL_OK;
}

static int check_ending(const struct filter_reply *r)
{
	switch (r->ending) {
	case ENDING_CLEAN:
		return r->ended ? SL_OK : SL_E_FORMAT;
	case ENDING_TIMEOUT:
		return SL_E_TIMEOUT;
	case ENDING_ERROR:
	case ENDING_SIGNAL:
		return SL_E_UNREACHABLE;
	default:
		return SL_E_FORMAT;
	}
}

/* Split off the next record; its body is checked to the last byte by `c`. */
static int next_record(struct cur *all, uint8_t *ret_kind, struct cur *ret_c)
{
	size_t len = 0;
	const uint8_t *body;

	*ret_kind = cur_u8(all);
	body = cur_blob(all, (size_t)SEGMENT_TEXT_MAX + 1024, &len);
	if (all->error != SL_OK)
		return SL_E_FORMAT;
	cur_init(ret_c, body, len);
	return SL_OK;
}

static int parse_records(struct filter_reply *r, struct cur *all)
{
	struct cur c;
	uint8_t kind;
	int e = next_record(all, &kind, &c);

	if (e == SL_OK && kind != RECORD_HELLO)
		e = SL_E_FORMAT;
	if (e == SL_OK)
		e = take_hello(r, &c);
	while (e == SL_OK && cur_end(&c) == SL_OK) {
		e = next_record(all, &kind, &c);
		if (e != SL_OK)
			return e;
		if (kind == RECORD_TRAILER) {
			r->ending = cur_u8(&c);
			r->code = cur_u32(&c);
			return cur_end(&c) == SL_OK && cur_end(all) == SL_OK ? check_ending(r)
									     : SL_E_FORMAT;
		}
		e = r->ended ? SL_E_FORMAT : take_record(r, kind, &c);
	}
	return e != SL_OK ? e : SL_E_FORMAT;
}

int filter_reply_parse(const void *bytes, size_t len, uint32_t objects_elsewhere,
		       struct filter_reply *ret_r)
{
	struct cur all;
	int e;

	memset(ret_r, 0, sizeof(*ret_r));
	if (len > FILTER_REPLY_MAX)
		return SL_E_LIMIT;
	cur_init(&all, bytes, len);
	e = parse_records(ret_r, &all);
	if (e == SL_OK)
		e = check_ids(ret_r);
	if (e == SL_OK)
		e = check_findings(ret_r, objects_elsewhere);
	return e;
}

void filter_reply_release(struct filter_reply *r)
{
	free(r->objects);
	free(r->segments);
	free(r->findings);
	free(r->facts);
	free(r->changes);
	free(r->pieces);
	free(r->parts);
	memset(r, 0, sizeof(*r));
}

const char *filter_reply_fact(const struct filter_reply *r, const char *key)
{
	const char *found = NULL;

	for (uint32_t i = 0; i < r->n_facts; i++) {
		if (strcmp(r->facts[i].key, key) != 0)
			continue;
		if (found != NULL)
			return NULL; /* two answers to one question are none */
		found = r->facts[i].value;
	}
	return found;
}

bool filter_reply_number(const struct filter_reply *r, const char *key, uint64_t *ret_v)
{
	const char *text = filter_reply_fact(r, key);

	return text != NULL && text_to_u64(text, strlen(text), UINT32_MAX, ret_v);
}
