/* extract_shapes.c - DrawingML shapes in the order in which they are painted.
 *
 * ECMA-376 part 1, 19.3.1 and 20.1.  Hostile: geometry and nesting are the document's.
 * What stands inside a group is placed by the group's own scale; such shapes take part
 * in neither question of place (beside the page, under another shape). */
#include "inspect/extract/extract_shapes.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_boxes.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { NEST_MAX = 32, TINY_SIZE = 200, VALUE_MAX = 4096 };

struct level {
	size_t box; /* index; SIZE_MAX: a group */
	bool hidden, idle, off;
};

struct shapes {
	struct extract_part *part;
	const struct extract_shapes_frame *frame;
	struct extract_boxes boxes;
	struct level level[NEST_MAX];
	unsigned depth;
	bool in_text, in_cell, in_props, in_line, tiny;
	size_t content;
	int error;
};

static bool is_shape(const char *name)
{
	static const char *const names[] = {"sp",    "pic",   "graphicFrame",
					    "cxnSp", "grpSp", "contentPart"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static struct level *top(struct shapes *s)
{
	return (s->depth > 0) ? &s->level[s->depth - 1] : NULL;
}

static struct extract_box *top_box(struct shapes *s)
{
	struct level *l = top(s);

	return (l != NULL && l->box != SIZE_MAX) ? &s->boxes.box[l->box] : NULL;
}

static enum segment_where where_now(struct shapes *s)
{
	const struct level *l = top(s);

	if (s->tiny || (l != NULL && (l->hidden || l->off)))
		return WHERE_HIDDEN;
	return (l != NULL && l->idle) ? s->frame->placeholders : s->frame->where;
}

static void push(struct shapes *s, const char *name)
{
	const struct level *up = top(s);
	struct level l = {.box = SIZE_MAX, .hidden = up != NULL && up->hidden};

	if (s->depth == NEST_MAX) {
		s->error = SL_E_LIMIT;
		return;
	}
	if (strcmp(name, "grpSp") != 0) {
		s->error = extract_boxes_add(&s->boxes, &l.box);
		if (s->error != SL_OK)
			return;
		s->boxes.box[l.box].opaque = strcmp(name, "pic") == 0;
	}
	s->level[s->depth++] = l;
}

/* Position of a shape of the page itself; `ext` is also an element of extensions. */
static void place(struct shapes *s, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_box *b = top_box(s);
	const struct extract_shapes_frame *f = s->frame;
	char first[24], second[24];
	bool off = strcmp(name, "off") == 0;

	if (b == NULL || s->depth != 1 || b->placed ||
	    !extract_xml_attr(a, off ? "x" : "cx", first, sizeof(first)) ||
	    !extract_xml_attr(a, off ? "y" : "cy", second, sizeof(second)))
		return;
	if (off) {
		b->x = strtoll(first, NULL, 10) % INT32_MAX;
		b->y = strtoll(second, NULL, 10) % INT32_MAX;
		return;
	}
	b->w = strtoll(first, NULL, 10) % INT32_MAX;
	b->h = strtoll(second, NULL, 10) % INT32_MAX;
	b->placed = b->w > 0 && b->h > 0;
	if (b->placed && f->width > 0)
		s->level[0].off = b->x >= f->width || b->y >= f->height || b->x + b->w <= 0 ||
				  b->y + b->h <= 0;
}

static void describe(struct shapes *s, const struct extract_xml_attrs *a)
{
	static const char *const names[] = {"descr", "title", "name"};
	char value[VALUE_MAX];
	struct level *l = top(s);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (extract_xml_attr(a, names[i], value, sizeof(value)) &&
		    (i < 2 || extract_is_wordy(value, strlen(value))) && value[0] != '\0')
			extract_line(s->part, WHERE_ALT, NULL, value, strlen(value));
	if (l != NULL && extract_xml_true(a, "hidden"))
		l->hidden = true;
}

static void placeholder(struct shapes *s, const struct extract_xml_attrs *a)
{
	static const char *const idle[] = {"sldNum", "dt", "ftr", "hdr", "sldImg"};
	struct level *l = top(s);
	char type[16];

	if (l == NULL)
		return;
	(void)extract_xml_attr(a, "type", type, sizeof(type));
	l->idle = s->frame->all_placeholders;
	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		if (strcmp(type, idle[i]) == 0 && s->frame->where == WHERE_NOTE)
			l->idle = true;
}

static void fill(struct shapes *s, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_box *b = top_box(s);
	char value[16];

	if (b == NULL || !s->in_props || s->in_line)
		return;
	if (strcmp(name, "solidFill") == 0) {
		b->opaque = true;
	} else if (strcmp(name, "alpha") == 0) {
		if (extract_xml_long(a, "val", 100000) < 80000)
			b->opaque = false;
	} else if (b->opaque && extract_xml_attr(a, "val", value, sizeof(value))) {
		b->plain = strcmp(value, "000000") == 0 || strcasecmp(value, "FFFFFF") == 0 ||
			   strcmp(value, "tx1") == 0 || strcmp(value, "bg1") == 0 ||
			   strcmp(value, "dk1") == 0 || strcmp(value, "lt1") == 0;
	}
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct shapes *s = arg;

	if (is_shape(name)) {
		push(s, name);
	} else if (strcmp(name, "cNvPr") == 0) {
		describe(s, a);
	} else if (strcmp(name, "ph") == 0) {
		placeholder(s, a);
	} else if (strcmp(name, "off") == 0 || strcmp(name, "ext") == 0) {
		place(s, name, a);
	} else if (strcmp(name, "spPr") == 0) {
		s->in_props = true;
	} else if (strcmp(name, "ln") == 0) {
		s->in_line = true;
	} else if (strcmp(name, "txBody") == 0) {
		if (top_box(s) != NULL) {
			top_box(s)->where = (uint8_t)where_now(s);
			top_box(s)->start = extract_stream_len(s->part, where_now(s));
		}
	} else if (strcmp(name, "tc") == 0) {
		s->in_cell = true;
	} else if (strcmp(name, "r") == 0 || strcmp(name, "fld") == 0) {
		s->tiny = false;
	} else if (strcmp(name, "rPr") == 0) {
		s->tiny = extract_xml_long(a, "sz", TINY_SIZE + 1) <= TINY_SIZE;
	} else if (strcmp(name, "t") == 0) {
		s->in_text = true;
	} else if (strcmp(name, "br") == 0) {
		extract_text(s->part, where_now(s), s->in_cell ? " " : "\n", 1);
	} else {
		fill(s, name, a);
	}
	if (!is_shape(name) && strcmp(name, "cNvPr") != 0)
		extract_attrs(s->part, a);
}

static void on_end(void *arg, const char *name)
{
	struct shapes *s = arg;

	if (strcmp(name, "t") == 0) {
		s->in_text = false;
	} else if (strcmp(name, "p") == 0) {
		s->tiny = false;
		if (!s->in_cell)
			extract_line_end(s->part, where_now(s));
	} else if (strcmp(name, "tc") == 0) {
		s->in_cell = false;
		extract_text(s->part, where_now(s), "\t", 1);
	} else if (strcmp(name, "tr") == 0) {
		extract_text(s->part, where_now(s), "\n", 1);
	} else if (strcmp(name, "spPr") == 0) {
		s->in_props = false;
	} else if (strcmp(name, "ln") == 0) {
		s->in_line = false;
	} else if (strcmp(name, "txBody") == 0) {
		if (top_box(s) != NULL)
			top_box(s)->end = extract_stream_len(s->part, where_now(s));
	} else if (is_shape(name) && s->depth > 0) {
		s->depth--;
	}
}

static void on_text(void *arg, const char *t, size_t len)
{
	struct shapes *s = arg;
	enum segment_where w = where_now(s);
	size_t start = extract_stream_len(s->part, w);

	if (!s->in_text) {
		if (extract_is_wordy(t, len))
			extract_line(s->part, WHERE_METADATA, NULL, t, len);
		return;
	}
	extract_text(s->part, w, t, len);
	if (w == s->frame->where)
		s->content += len;
	if (w == WHERE_HIDDEN && s->frame->where != WHERE_HIDDEN && len > 0)
		extract_mark(s->part, "DH-003", SEV_S1, w, start,
			     s->tiny			       ? "tiny-text"
			     : (top(s) != NULL && top(s)->off) ? "beside-the-page"
							       : "hidden-shape");
}

int extract_shapes(struct extract_part *p, const struct extract_member *m,
		   const struct extract_shapes_frame *frame, size_t *ret_content)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct shapes s = {.part = p, .frame = frame};
	int r;

	if (m->data == NULL)
		return SL_E_FORMAT;
	r = extract_xml_parse(m->data, m->len, &events, &s);
	if (r == SL_OK)
		r = s.error;
	if (r == SL_OK)
		extract_boxes_judge(&s.boxes, p);
	if (ret_content != NULL)
		*ret_content = s.content;
	extract_boxes_release(&s.boxes);
	return r;
}
