/* fix_plan.c - findings become masks, or advice for a person.
 *
 * Hostile: the text.  A mask may never leave a part of another finding readable: what is
 * inside of it is masked there too, and what overlaps makes a third mask over both. */
#include "inspect/fix_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/filter_types.h"
#include "inspect/fix_spans.h"
#include "policy/passage.h"

enum { LONGEST = 150 /* characters that one finding may replace */, LINE_CAP = 4096 };

bool fix_plan_maskable(const char *type)
{
	static const char *const kinds[] = {"application/vnd.openxmlformats-officedocument.",
					    "application/vnd.oasis.opendocument.",
					    "text/plain",
					    "text/html",
					    "text/csv",
					    "application/json"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strncmp(type, kinds[i], strlen(kinds[i])) == 0)
			return true;
	}
	return false;
}

static const char *text_of(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL ? s : "";
}

static uint8_t severity_of(const json_t *f)
{
	const char *s = text_of(f, "severity");

	return s[0] == 'S' && s[1] >= '0' && s[1] <= '4' ? (uint8_t)(s[1] - '0') : SEV_S4;
}

/* Properties, and fields of pictures that nobody can read. */
static bool is_metadata(const char *rule)
{
	return strcmp(rule, "DH-004") == 0 || strcmp(rule, "UF-001") == 0;
}

/* Beside the pixels of a picture, of one in a document, or a picture in a picture. */
static bool is_beside_pixels(const json_t *report, const json_t *f, const char *type)
{
	const char *id = text_of(f, "object"), *where = text_of(f, "where");
	const json_t *o;
	size_t i;

	if (filter_type_is_cleaned_picture(type) && strcmp(id, "0") != 0)
		return true;
	if (strcmp(where, "property") != 0 && strcmp(where, "metadata") != 0)
		return false;
	json_array_foreach(json_arr(report, "objects"), i, o)
	{
		if (strcmp(text_of(o, "id"), id) == 0)
			return filter_type_is_cleaned_picture(text_of(o, "type"));
	}
	return false;
}

/* What the cleaner takes away in every run: properties, characters nobody sees, and of a PDF
 * earlier revisions and attachments. */
static bool goes_anyway(const json_t *report, const json_t *f, const char *type)
{
	const char *rule = text_of(f, "rule"), *where = text_of(f, "where");
	bool attached = strcmp(where, "attachment") == 0 ||
			(strcmp(text_of(f, "object"), "0") != 0 && strcmp(where, "ocr") != 0 &&
			 strcmp(where, "qr") != 0);

	return ((is_metadata(rule) || strcmp(rule, "DH-009") == 0 ||
		 is_beside_pixels(report, f, type)) &&
		filter_type_is_cleaned(type)) ||
	       (strcmp(type, "application/pdf") == 0 &&
		(attached || strcmp(where, "old-revision") == 0));
}

/* Why a mask cannot mend it, or NULL. */
static const char *hindrance(const json_t *report, const json_t *f, const char *type)
{
	const json_t *fix = json_obj(f, "fix");
	const char *action = text_of(fix, "action"), *where = text_of(f, "where");
	int64_t length = 0;

	if (goes_anyway(report, f, type))
		return "cleaned";
	/* It cannot be taken out of this kind of file, and more than a notice says so. */
	if (is_metadata(text_of(f, "rule")))
		return severity_of(f) == SEV_S4 ? "cleaned" : "metadata";
	if (action[0] == '\0' || strcmp(action, "return") == 0)
		return "return";
	if (text_of(fix, "text")[0] == '\0')
		return "meaning";
	if (strcmp(where, "filename") == 0)
		return "filename";
	if (strcmp(where, "ocr") == 0 || strcmp(where, "qr") == 0)
		return "picture";
	if (strcmp(where, "title") != 0 && !fix_plan_maskable(type))
		return "source";
	if (!json_i64(f, "length", &length) || length > LONGEST)
		return "long";
	return NULL;
}

static json_t *row_of(const json_t *f)
{
	static const char *const names[] = {"rule",   "severity", "where",   "line",
					    "column", "page",	  "excerpt", "message"};
	json_t *row = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *v = json_object_get(f, names[i]);

		if (row != NULL && v != NULL)
			(void)json_object_set(row, names[i], v);
	}
	return row;
}

static int leave(struct fix_plan *p, const json_t *f, const char *why)
{
	json_t *row = row_of(f);

	if (row == NULL || json_object_set_new(row, "why", json_string(why)) != 0) {
		json_decref(row);
		return SL_E_NOMEM;
	}
	return json_array_append_new(p->by_hand, row) == 0 ? SL_OK : SL_E_NOMEM;
}

static bool stands_here(const json_t *report, const json_t *f, const struct passage *p)
{
	const json_t *o = json_array_get(json_arr(report, "objects"), p->segment->object);

	return strcmp(text_of(f, "where"), where_name(p->segment->where)) == 0 &&
	       strcmp(text_of(f, "object"), text_of(o, "id")) == 0;
}

struct plan { /* while one is made */
	struct fix_plan *to;
	const json_t *report;
	const char *type; /* of the file */
	struct segment *segments;
	unsigned n_segments;
	struct fix_spans *spans;
	bool found[FIX_SPANS_MAX]; /* findings whose place is in the text */
};

/* A finding of this passage that has no hindrance, at its offset for now. */
static bool note_span(const struct plan *p, const json_t *f, const struct passage *x,
		      struct fix_span *ret_s)
{
	int64_t offset = -1, length = 0;

	if (hindrance(p->report, f, p->type) != NULL || !stands_here(p->report, f, x) ||
	    !json_i64(f, "offset", &offset) || !json_i64(f, "length", &length) || offset < 0 ||
	    offset > UINT32_MAX || length <= 0)
		return false;
	*ret_s = (struct fix_span){.finding = f,
				   .from = (size_t)offset,
				   .to = (size_t)(offset + length),
				   .with = text_of(json_obj(f, "fix"), "text"),
				   .shown = text_of(f, "excerpt"),
				   .severity = severity_of(f)};
	return true;
}

/* From offsets to bytes, in one pass; what does not stand there is left out. */
static void find_spans(struct plan *p, const struct passage *x)
{
	struct fix_cursor c = {.passage = x};
	struct fix_spans *all = p->spans;
	size_t n = 0;

	fix_spans_sort(all);
	for (size_t i = 0; i < all->n; i++) {
		struct fix_span s = all->span[i];

		if (!fix_spans_find(&c, s.from, s.to - s.from, &s.from, &s.to))
			continue;
		p->found[s.index] = true;
		all->span[n++] = s;
	}
	all->n = n;
	fix_spans_sort(all);
}

/* A safe line of the passage for the row, as it was or as it will be. */
static int put_line(const struct fix_plan *p, const char *text, size_t len, bool before,
		    json_t *row)
{
	char safe[2 * LINE_CAP];
	struct buf b;
	int r;

	buf_init(&b, LINE_CAP);
	r = fix_masks_apply(&p->masks, text, len, before, &b, NULL);
	if (r == SL_OK) {
		(void)text_safe(buf_str(&b), b.len, safe, sizeof(safe));
		r = json_object_set_new(row, before ? "before" : "after", json_string(safe)) ==
				    0
			    ? SL_OK
			    : SL_E_NOMEM;
	}
	buf_wipe(&b);
	return r;
}

/* The replacements of which one must have been used for this span to be mended. */
static int put_uses(const struct fix_plan *p, const char *text, size_t len, json_t *row)
{
	json_t *uses = json_array();
	char which[FIX_USE_CAP];

	for (size_t i = 0; uses != NULL && i < p->masks.n; i++) {
		const struct fix_mask *m = &p->masks.mask[i];

		if (memmem(m->text, strlen(m->text), text, len) == NULL)
			continue;
		(void)text_safe(m->with, strlen(m->with), which, sizeof(which));
		(void)json_array_append_new(uses, json_string(which));
	}
	return json_object_set_new(row, "uses", uses) == 0 ? SL_OK : SL_E_NOMEM;
}

static int add_row(struct fix_plan *p, const char *text, size_t len, const struct fix_span *s)
{
	const struct fix_span line = fix_spans_line(text, len, s);
	json_t *row = row_of(s->finding);
	int r = row == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK)
		r = put_line(p, text + line.from, line.to - line.from, true, row);
	if (r == SL_OK)
		r = put_line(p, text + line.from, line.to - line.from, false, row);
	if (r == SL_OK)
		r = put_uses(p, text + s->from, s->to - s->from, row);
	if (r != SL_OK) {
		json_decref(row);
		return r;
	}
	return json_array_append_new(p->rows, row) == 0 ? SL_OK : SL_E_NOMEM;
}

/* Everything of one passage: at first masks; then rows, for which the masks of the whole file
 * must be known. */
static int plan_passage(struct plan *p, const struct passage *x, bool rows)
{
	const json_t *f;
	size_t i;
	int r = SL_OK;

	p->spans->n = 0;
	json_array_foreach(json_arr(p->report, "findings"), i, f)
	{
		struct fix_span *s = &p->spans->span[p->spans->n];

		if (i >= FIX_SPANS_MAX || !note_span(p, f, x, s))
			continue;
		s->index = i;
		p->spans->n++;
	}
	find_spans(p, x);
	if (!rows)
		return fix_spans_mask(p->spans, x->text, &p->to->masks);
	for (i = 0; r == SL_OK && i < p->spans->n; i++)
		r = add_row(p->to, x->text, x->len, &p->spans->span[i]);
	return r;
}

static int plan_passages(struct plan *p, bool rows)
{
	unsigned at = 0;
	int r = SL_OK;

	while (r == SL_OK && at < p->n_segments) {
		struct passage x;

		r = passage_init(&x, &p->segments[at], p->n_segments - at);
		if (r == SL_OK)
			r = plan_passage(p, &x, rows);
		at += x.n > 0 ? x.n : 1;
		passage_release(&x);
	}
	return r;
}

static int plan_by_hand(struct plan *p)
{
	const json_t *f;
	size_t i;
	int r = SL_OK;

	json_array_foreach(json_arr(p->report, "findings"), i, f)
	{
		const char *why = hindrance(p->report, f, p->type);

		if (why == NULL && (i >= FIX_SPANS_MAX || !p->found[i]))
			why = "place";
		if (r == SL_OK && why != NULL && strcmp(why, "cleaned") != 0)
			r = leave(p->to, f, why);
	}
	return r;
}

static int read_segments(struct plan *p, const void *text, size_t len)
{
	unsigned cap = 0;
	struct cur c;
	int r = SL_OK;

	cur_init(&c, text, len);
	while (r == SL_OK && cur_left(&c) > 0) {
		if (p->n_segments == cap) {
			struct segment *more;

			cap = cap == 0 ? 64 : cap * 2;
			more = reallocarray(p->segments, cap, sizeof(*more));
			if (more == NULL)
				return SL_E_NOMEM;
			p->segments = more;
		}
		r = segment_get(&c, &p->segments[p->n_segments]);
		p->n_segments++;
	}
	return r;
}

int fix_plan_make(const json_t *report, const void *text, size_t len, struct fix_plan *ret_p)
{
	struct fix_plan to = {.rows = json_array(), .by_hand = json_array()};
	const json_t *file = json_array_get(json_arr(report, "objects"), 0);
	struct plan p = {.to = &to,
			 .report = report,
			 .type = text_of(file, "type"),
			 .spans = calloc(1, sizeof(*p.spans))};
	int r = p.spans == NULL || to.rows == NULL || to.by_hand == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK)
		r = read_segments(&p, text, len);
	if (r == SL_OK)
		r = plan_passages(&p, false);
	if (r == SL_OK)
		r = plan_passages(&p, true);
	if (r == SL_OK)
		r = plan_by_hand(&p);
	free(p.segments);
	free(p.spans);
	if (r != SL_OK) {
		fix_plan_release(&to);
		return r;
	}
	*ret_p = to; /* moved */
	return SL_OK;
}

void fix_plan_release(struct fix_plan *p)
{
	fix_masks_release(&p->masks);
	json_decref(p->rows);
	json_decref(p->by_hand);
	*p = (struct fix_plan){.rows = NULL};
}
