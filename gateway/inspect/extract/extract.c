/* extract.c - the parts of a document and their text streams while parsers run.
 *
 * Hostile: every length, name and count comes from the document.  Invariants:
 * all streams of a document together never pass SEGMENT_TOTAL_MAX, parts never
 * FILTER_OBJECTS_MAX; hitting either sets `over` and nothing more is kept.
 * Errors stick in the document (`over`, `nomem`), so parsers need not test each
 * call; extract_document and extract_emit look at them. */
#include "inspect/extract/extract.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { FACTS_MAX = 4096, GROW_FIRST = 8 };

static void part_free(struct extract_part *p)
{
	if (p == NULL)
		return;
	for (int w = 0; w < WHERE_COUNT; w++)
		buf_release(&p->text[w]);
	free(p->marks);
	free(p->cuts);
	free(p);
}

int extract_grow(void **list, size_t n, size_t *cap, size_t size, size_t max)
{
	size_t want = (*cap == 0) ? GROW_FIRST : *cap * 2;
	void *more;

	if (n >= max)
		return SL_E_LIMIT;
	if (n < *cap)
		return SL_OK;
	more = reallocarray(*list, want, size);
	if (more == NULL)
		return SL_E_NOMEM;
	*list = more;
	*cap = want;
	return SL_OK;
}

static struct extract_part *part_add(struct extract *x)
{
	struct extract_part *p;
	void *list = x->parts;
	int r;

	if (x->n_parts >= FILTER_OBJECTS_MAX) {
		x->over = true;
		return NULL;
	}
	r = extract_grow(&list, x->n_parts, &x->cap_parts, sizeof(struct extract_part *),
			 FILTER_OBJECTS_MAX);
	x->parts = list;
	p = (r == SL_OK) ? calloc(1, sizeof(*p)) : NULL;
	if (p == NULL) {
		x->nomem = true;
		return NULL;
	}
	p->owner = x;
	for (int w = 0; w < WHERE_COUNT; w++)
		buf_init(&p->text[w], SEGMENT_TOTAL_MAX);
	x->parts[x->n_parts++] = p;
	return p;
}

int extract_init(struct extract *x, const char *name, const char *type, const uint8_t *bytes,
		 size_t len)
{
	struct extract_part *p;

	*x = (struct extract){.name = name, .bytes = bytes, .len = len};
	buf_init(&x->facts, FACTS_MAX);
	p = part_add(x);
	if (p == NULL)
		return SL_E_NOMEM;
	x->file = p;
	x->first = x->n_parts;
	(void)snprintf(p->object.id, sizeof(p->object.id), "0");
	(void)text_safe(name, strlen(name), p->object.path, sizeof(p->object.path));
	(void)snprintf(p->object.type, sizeof(p->object.type), "%s", type);
	p->object.bytes = len;
	return SL_OK;
}

void extract_release(struct extract *x)
{
	for (size_t i = 0; i < x->n_parts; i++)
		part_free(x->parts[i]);
	for (size_t i = 0; i < x->n_kept; i++)
		buf_release(&x->kept[i]);
	free(x->parts);
	free(x->kept);
	buf_release(&x->facts);
	*x = (struct extract){0};
}

struct extract_part *extract_file(struct extract *x)
{
	return x->file;
}

struct extract_part *extract_part_new(struct extract *x, const char *member, uint64_t bytes)
{
	struct extract_part *p = part_add(x);
	struct filter_object *o, *above = &x->file->object;
	size_t len;

	if (p == NULL)
		return NULL;
	o = &p->object;
	if (snprintf(o->id, sizeof(o->id), "%s.%" PRIu32, above->id, ++x->file->n_below) >=
	    (int)sizeof(o->id))
		x->over = true;
	/* What it is in may take half of the room, so that the member shows. */
	len = text_safe(above->path, strlen(above->path), o->path, FILTER_PATH_MAX / 2);
	o->path[len++] = '/';
	(void)text_safe(member, strlen(member), o->path + len, FILTER_PATH_MAX - len);
	p->object.bytes = bytes;
	return p;
}

static void part_state(struct extract_part *p, enum object_state state, const char *reason)
{
	if (p->object.state != OBJECT_INSPECTED)
		return;
	p->object.state = (uint8_t)state;
	(void)snprintf(p->object.reason, sizeof(p->object.reason), "%s", reason);
}

void extract_fail(struct extract_part *p, const char *reason)
{
	part_state(p, OBJECT_FAILED, reason);
}

void extract_fail_all(struct extract *x, const char *reason)
{
	extract_fail(x->file, reason);
	for (size_t i = x->first; i < x->n_parts; i++)
		extract_fail(x->parts[i], reason);
}

void extract_skip(struct extract_part *p, const char *rule)
{
	part_state(p, OBJECT_SKIPPED, rule);
}

void extract_hand_on(struct extract_part *p, const uint8_t *bytes, size_t len)
{
	struct extract *x = p->owner;

	if (x->n_handed >= FILTER_PARTS_MAX || len > FILTER_HANDED_MAX - x->handed) {
		p->object.state = OBJECT_INSPECTED; /* nobody looks at it: that is the reason */
		extract_fail(p, "over-limit");
		return;
	}
	x->n_handed++;
	x->handed += len;
	p->handed = bytes;
	p->handed_len = len;
}

const char *extract_reason(int err)
{
	switch (err) {
	case SL_E_LIMIT:
		return "over-limit";
	case SL_E_UNSUPPORTED:
		return "unsupported";
	case SL_E_DENIED:
		return "encrypted";
	case SL_E_NOTFOUND:
		return "truncated";
	default:
		return "corrupt";
	}
}

void extract_text(struct extract_part *p, enum segment_where w, const char *s, size_t len)
{
	struct extract *x = p->owner;

	if (x->over || len > SEGMENT_TOTAL_MAX - x->text_bytes) {
		x->over = true;
		return;
	}
	x->text_bytes += len;
	buf_put(&p->text[w], s, len);
	if (buf_error(&p->text[w]) != SL_OK)
		x->nomem = true;
}

void extract_line_end(struct extract_part *p, enum segment_where w)
{
	const struct buf *b = &p->text[w];

	if (b->len > 0 && b->data[b->len - 1] != '\n')
		extract_text(p, w, "\n", 1);
}

void extract_line(struct extract_part *p, enum segment_where w, const char *name,
		  const char *value, size_t len)
{
	size_t from;

	extract_line_end(p, w);
	if (name != NULL) {
		extract_text(p, w, name, strlen(name));
		extract_text(p, w, ": ", 2);
	}
	from = p->text[w].len;
	extract_text(p, w, value, len);
	for (size_t i = from; i < p->text[w].len; i++)
		if (p->text[w].data[i] < 0x20)
			p->text[w].data[i] = ' ';
	extract_text(p, w, "\n", 1);
}

int extract_cut(struct extract_part *p, enum segment_where w, uint32_t page)
{
	void *list = p->cuts;
	int r = extract_grow(&list, p->n_cuts, &p->cap_cuts, sizeof(*p->cuts), SIZE_MAX);

	p->cuts = list;
	if (r != SL_OK)
		return r;
	p->cuts[p->n_cuts++] = (struct extract_cut){
		.where = (uint8_t)w, .page = page, .start = p->text[w].len};
	return SL_OK;
}

size_t extract_stream_len(const struct extract_part *p, enum segment_where w)
{
	return p->text[w].len;
}

/* How many marks of this rule and severity exist; *ret_last is the newest. */
static size_t marks_of(const struct extract_part *p, const char *rule,
		       struct extract_mark **ret_last)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_marks; i++) {
		if (strcmp(p->marks[i].rule, rule) != 0)
			continue;
		*ret_last = &p->marks[i];
		n++;
	}
	return n;
}

void extract_mark(struct extract_part *p, const char *rule, enum severity sev,
		  enum segment_where w, size_t start, const char *evidence)
{
	struct extract_mark *last = NULL;
	void *list = p->marks;
	size_t end = p->text[w].len;

	if (marks_of(p, rule, &last) >= EXTRACT_MARKS_MAX) {
		/* The worst severity must survive the ceiling. */
		if (sev < last->severity)
			last->severity = (uint8_t)sev;
		(void)snprintf(last->evidence, sizeof(last->evidence), "and-more");
		return;
	}
	if (extract_grow(&list, p->n_marks, &p->cap_marks, sizeof(*p->marks), SIZE_MAX) !=
	    SL_OK) {
		p->owner->nomem = true;
		return;
	}
	p->marks = list;
	while (end > start && p->text[w].data[end - 1] == '\n')
		end--;
	while (start < end && p->text[w].data[start] == '\n')
		start++;
	last = &p->marks[p->n_marks++];
	*last = (struct extract_mark){.severity = (uint8_t)sev,
				      .where = (uint8_t)w,
				      .start = start,
				      .len = (end > start) ? end - start : 0};
	(void)snprintf(last->rule, sizeof(last->rule), "%s", rule);
	(void)text_safe(evidence, strlen(evidence), last->evidence, sizeof(last->evidence));
}

void extract_fact(struct extract *x, const char *key, uint64_t value)
{
	if (x->depth > 0)
		return;
	buf_put(&x->facts, key, strlen(key) + 1);
	buf_putf(&x->facts, "%" PRIu64, value);
	buf_put_u8(&x->facts, 0);
}
