/* extract_odf_content.c - content.xml and styles.xml, element after element.
 *
 * Each open element has a level that inherits from the one around it: which stream its
 * text goes to and why.  The level that sends text somewhere else marks it when it ends.
 * Hostile: everything.  Elements we do not know are passed through; text that stands
 * outside paragraphs is METADATA when it looks like words. */
#include "inspect/extract/extract_odf.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_boxes.h"
#include "inspect/extract/extract_odf_elements.h"
#include "inspect/extract/extract_props.h"

enum { COLUMNS = 16384, TABS_MAX = 256, VALUE_MAX = 4096, REPEAT_MAX = 1024 };

struct level {
	uint8_t element; /* enum odf_element */
	uint8_t where;	 /* of text below */
	bool text;	 /* text below is text, not the value of something */
	bool background;
	bool cell; /* inside a cell: paragraphs are set apart by blanks */
	/* Set by the element that sends its text elsewhere: */
	const char *rule, *evidence;
	uint8_t severity;
	size_t start;
	size_t box; /* index + 1 */
};

struct odf {
	struct odf_styles *styles;
	struct extract_part *part;
	enum odf_kind kind;
	struct level level[EXTRACT_DEPTH_MAX + 2];
	unsigned depth;
	unsigned page;
	int64_t page_w, page_h;
	struct extract_boxes boxes;
	bool hidden_columns[COLUMNS];
	unsigned column, columns; /* of the cell that is read; of the table so far */
	unsigned tabs[WHERE_COUNT];
	bool in_cell[WHERE_COUNT], in_row[WHERE_COUNT]; /* something was said there */
	bool inserting;
	int error;
};

static struct level *here(struct odf *o)
{
	return &o->level[o->depth];
}

/* Text below goes to w, and is a finding when there is any. */
static void send(struct odf *o, enum segment_where w, const char *rule, enum severity sev,
		 const char *evidence)
{
	struct level *l = here(o);

	l->where = (uint8_t)w;
	l->rule = rule;
	l->severity = (uint8_t)sev;
	l->evidence = evidence;
	l->start = extract_stream_len(o->part, w);
}

static void hide(struct odf *o, const char *evidence)
{
	if (here(o)->where != WHERE_HIDDEN)
		send(o, WHERE_HIDDEN, "DH-003", SEV_S1, evidence);
}

static unsigned look_of(const struct odf *o, const char *family,
			const struct extract_xml_attrs *a)
{
	char name[96];

	return extract_xml_attr(a, "style-name", name, sizeof(name))
		       ? odf_styles_look(o->styles, family, name)
		       : 0;
}

/* What a style of letters or paragraphs does here.  On slides and in shapes the ground
 * may be of any colour, so that white says nothing. */
static void apply(struct odf *o, const char *family, const struct extract_xml_attrs *a)
{
	unsigned look = look_of(o, family, a);
	struct level *l = here(o);

	l->background = l->background || (look & ODF_BACKGROUND) != 0;
	if ((look & ODF_GONE) != 0)
		hide(o, "hidden-text");
	else if ((look & ODF_TINY) != 0)
		hide(o, "tiny-text");
	else if ((look & ODF_WHITE) != 0 && !l->background && o->kind != ODF_SLIDES)
		hide(o, "white-text");
}

static void value_line(struct odf *o, enum segment_where w, const struct extract_xml_attrs *a,
		       const char *name)
{
	char v[VALUE_MAX];

	if (extract_xml_attr(a, name, v, sizeof(v)) && v[0] != '\0')
		extract_line(o->part, w, NULL, v, strlen(v));
}

/* --- tables --- */

static void start_table(struct odf *o, const struct extract_xml_attrs *a)
{
	if (o->kind == ODF_SHEET && !here(o)->cell) {
		o->page++;
		for (int w = 0; w < WHERE_COUNT && o->error == SL_OK; w++)
			o->error = extract_cut(o->part, (enum segment_where)w, o->page);
		memset(o->hidden_columns, 0, sizeof(o->hidden_columns));
	}
	o->columns = 0;
	if ((look_of(o, "table", a) & ODF_NO_SHOW) != 0)
		hide(o, "hidden-sheet");
	if (o->kind == ODF_SHEET)
		value_line(o, (enum segment_where)here(o)->where, a, "name");
}

static bool collapsed(const struct extract_xml_attrs *a)
{
	char v[16];

	return extract_xml_attr(a, "visibility", v, sizeof(v)) &&
	       (strcmp(v, "collapse") == 0 || strcmp(v, "filter") == 0);
}

static unsigned repeated(const struct extract_xml_attrs *a)
{
	long n = extract_xml_long(a, "number-columns-repeated", 1);

	return (n < 1) ? 1 : (n > COLUMNS) ? COLUMNS : (unsigned)n;
}

static void start_column(struct odf *o, const struct extract_xml_attrs *a)
{
	unsigned n = repeated(a);

	for (; n > 0 && o->columns < COLUMNS; n--)
		o->hidden_columns[o->columns++] = collapsed(a);
}

static void start_cell(struct odf *o, const struct extract_xml_attrs *a)
{
	char formula[VALUE_MAX];

	here(o)->cell = true;
	here(o)->background =
		here(o)->background || (look_of(o, "table-cell", a) & ODF_BACKGROUND) != 0;
	if (o->column < COLUMNS && o->hidden_columns[o->column])
		hide(o, "hidden-column");
	else
		apply(o, "table-cell", a);
	if (extract_xml_attr(a, "formula", formula, sizeof(formula)) &&
	    (strchr(formula, '"') != NULL || extract_is_wordy(formula, strlen(formula))))
		extract_line(o->part, WHERE_FIELD, "formula", formula, strlen(formula));
	o->column += repeated(a);
}

/* Tabs up to the column of this cell, before its first letter. */
static void to_column(struct odf *o, enum segment_where w)
{
	unsigned want = (o->column > 0) ? o->column - 1 : 0;

	if (!here(o)->cell || o->in_cell[w])
		return;
	for (unsigned n = 0; o->tabs[w] < want && n < TABS_MAX; n++, o->tabs[w]++)
		extract_text(o->part, w, "\t", 1);
	o->tabs[w] = want;
	o->in_cell[w] = o->in_row[w] = true;
}

static void end_row(struct odf *o)
{
	for (int w = 0; w < WHERE_COUNT; w++) {
		if (o->in_row[w])
			extract_line_end(o->part, (enum segment_where)w);
		o->tabs[w] = 0;
		o->in_row[w] = o->in_cell[w] = false;
	}
	o->column = 0;
}

/* --- shapes and pages --- */

static void start_page(struct odf *o, const struct extract_xml_attrs *a)
{
	char master[96];

	extract_boxes_judge(&o->boxes, o->part);
	o->page++;
	for (int w = 0; w < WHERE_COUNT && o->error == SL_OK; w++)
		o->error = extract_cut(o->part, (enum segment_where)w, o->page);
	o->page_w = o->page_h = 0;
	if (extract_xml_attr(a, "master-page-name", master, sizeof(master)))
		(void)odf_styles_page(o->styles, master, &o->page_w, &o->page_h);
	if ((look_of(o, "drawing-page", a) & ODF_NO_SHOW) != 0)
		hide(o, "hidden-slide");
}

static int64_t length_of(const struct extract_xml_attrs *a, const char *name)
{
	char v[32];

	return extract_xml_attr(a, name, v, sizeof(v)) ? odf_length(v) : 0;
}

static void start_shape(struct odf *o, const struct extract_xml_attrs *a)
{
	unsigned look = look_of(o, "graphic", a) | look_of(o, "presentation", a);
	struct extract_box *b;
	size_t i;

	value_line(o, WHERE_FIELD, a, "href");
	here(o)->text = false;
	if ((look & ODF_GONE) != 0)
		hide(o, "hidden-shape");
	here(o)->background = here(o)->background || (look & ODF_OPAQUE) != 0;
	if (o->kind != ODF_SLIDES || o->page == 0 || o->error != SL_OK)
		return;
	o->error = extract_boxes_add(&o->boxes, &i);
	if (o->error != SL_OK)
		return;
	b = &o->boxes.box[i];
	b->x = length_of(a, "x");
	b->y = length_of(a, "y");
	b->w = length_of(a, "width");
	b->h = length_of(a, "height");
	/* A turned or scaled shape stands where only its matrix says. */
	b->placed = b->w > 0 && b->h > 0 && !extract_xml_has(a, "transform");
	b->opaque = (look & ODF_OPAQUE) != 0 && (look & ODF_SEE_THROUGH) == 0;
	b->plain = (look & ODF_PLAIN) != 0;
	if (b->placed && o->page_w > 0 &&
	    (b->x >= o->page_w || b->y >= o->page_h || b->x + b->w <= 0 || b->y + b->h <= 0))
		hide(o, "beside-the-page");
	b->where = here(o)->where;
	b->start = b->end = extract_stream_len(o->part, (enum segment_where)b->where);
	here(o)->box = i + 1;
}

/* --- elements --- */

/* Text of a tracked insertion stands between two empty elements. */
static void start_change(struct odf *o)
{
	o->inserting = here(o)->element == ODF_E_CHANGE_START;
	if (o->inserting)
		extract_mark(o->part, "DH-001", SEV_S1, WHERE_BODY,
			     extract_stream_len(o->part, WHERE_BODY), "insertion");
}

static void start_named(struct odf *o, const struct extract_xml_attrs *a)
{
	char v[16];

	switch (here(o)->element) {
	case ODF_E_P:
		here(o)->text = true;
		apply(o, "paragraph", a);
		break;
	case ODF_E_SPAN:
		apply(o, "text", a);
		break;
	case ODF_E_S:
		for (long n = extract_xml_long(a, "c", 1), i = 0; i < n && i < REPEAT_MAX; i++)
			extract_text(o->part, (enum segment_where)here(o)->where, " ", 1);
		break;
	case ODF_E_TAB:
		extract_text(o->part, (enum segment_where)here(o)->where, "\t", 1);
		break;
	case ODF_E_BREAK:
		extract_text(o->part, (enum segment_where)here(o)->where,
			     here(o)->cell ? " " : "\n", 1);
		break;
	case ODF_E_LINK:
		value_line(o, WHERE_FIELD, a, "href");
		break;
	case ODF_E_ANNOTATION:
		send(o, WHERE_COMMENT, "DH-002", SEV_S1, "comment");
		here(o)->cell = here(o)->text = false;
		break;
	case ODF_E_NOTE:
		here(o)->where = WHERE_NOTE;
		here(o)->text = false;
		break;
	case ODF_E_LABEL:
		here(o)->text = true;
		break;
	case ODF_E_NOTES:
		if (o->page > 0)
			send(o, WHERE_NOTE, "DH-002", SEV_S1, "speaker-notes");
		else
			here(o)->where = WHERE_METADATA; /* of a master page: empty frames */
		break;
	case ODF_E_DELETION:
		send(o, WHERE_DELETED, "DH-001", SEV_S1, "deletion");
		break;
	case ODF_E_CHANGE_START:
	case ODF_E_CHANGE_END:
		start_change(o);
		break;
	case ODF_E_HEADER:
		here(o)->where = WHERE_HEADER;
		break;
	case ODF_E_FOOTER:
		here(o)->where = WHERE_FOOTER;
		break;
	case ODF_E_SECTION:
		if (extract_xml_attr(a, "display", v, sizeof(v)) && strcmp(v, "none") == 0)
			hide(o, "hidden-section");
		break;
	case ODF_E_HIDDEN:
		hide(o, "hidden-text");
		value_line(o, WHERE_HIDDEN, a, "string-value");
		break;
	case ODF_E_TABLE:
		start_table(o, a);
		break;
	case ODF_E_COLUMN:
		start_column(o, a);
		break;
	case ODF_E_ROW:
		end_row(o);
		if (collapsed(a))
			hide(o, "hidden-row");
		break;
	case ODF_E_CELL:
		start_cell(o, a);
		break;
	case ODF_E_PAGE:
		if (o->kind == ODF_SLIDES)
			start_page(o, a);
		break;
	case ODF_E_SHAPE:
		start_shape(o, a);
		break;
	case ODF_E_OUTSIDE:
		value_line(o, WHERE_FIELD, a, "href");
		extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD,
			     extract_stream_len(o->part, WHERE_FIELD), "external-link");
		break;
	case ODF_E_EVENT:
		value_line(o, WHERE_FIELD, a, "href");
		extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD,
			     extract_stream_len(o->part, WHERE_FIELD), "macro");
		break;
	case ODF_E_IMAGE:
		if (extract_xml_attr(a, "href", v, sizeof(v)) && strchr(v, ':') != NULL) {
			value_line(o, WHERE_FIELD, a, "href");
			extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD,
				     extract_stream_len(o->part, WHERE_FIELD), "external-link");
		}
		break;
	case ODF_E_DESCRIPTION:
		here(o)->where = WHERE_ALT;
		here(o)->text = true;
		here(o)->cell = false;
		break;
	case ODF_E_RUBY:
		here(o)->where = WHERE_ALT;
		break;
	case ODF_E_PERSON:
		here(o)->where = WHERE_PROPERTY;
		break;
	default:
		break;
	}
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct odf *o = arg;
	struct level up;

	if (o->error != SL_OK || o->depth > EXTRACT_DEPTH_MAX)
		return;
	up = *here(o);
	o->depth++;
	*here(o) = (struct level){.where = up.where,
				  .text = up.text,
				  .background = up.background,
				  .cell = up.cell,
				  .element = (uint8_t)odf_element_of(name, up.element)};
	o->error = odf_styles_start(o->styles, name, a);
	if (o->error == SL_OK)
		start_named(o, a);
	if (here(o)->element == ODF_E_OTHER)
		extract_attrs(o->part, a);
}

static void end_named(struct odf *o, struct level *l)
{
	enum segment_where w = (enum segment_where)l->where;

	switch (l->element) {
	case ODF_E_P:
	case ODF_E_DESCRIPTION:
		if (l->cell && w != WHERE_NOTE)
			extract_text(o->part, w, " ", (o->part->text[w].len > 0) ? 1 : 0);
		else
			extract_line_end(o->part, w);
		break;
	case ODF_E_CELL:
		/* The blank after the last paragraph goes. */
		for (int i = 0; i < WHERE_COUNT; i++) {
			struct buf *b = &o->part->text[i];

			if (o->in_cell[i] && b->len > 0 && b->data[b->len - 1] == ' ')
				buf_cut(b, b->len - 1);
			o->in_cell[i] = false;
		}
		break;
	case ODF_E_ROW:
		end_row(o);
		break;
	case ODF_E_SHAPE:
		if (l->box > 0)
			o->boxes.box[l->box - 1].end = extract_stream_len(
				o->part, (enum segment_where)o->boxes.box[l->box - 1].where);
		break;
	default:
		break;
	}
}

static void on_end(void *arg, const char *name)
{
	struct odf *o = arg;
	struct level *l = here(o);

	(void)name;
	if (o->error != SL_OK || o->depth == 0)
		return;
	end_named(o, l);
	if (l->rule != NULL &&
	    extract_stream_len(o->part, (enum segment_where)l->where) > l->start)
		extract_mark(o->part, l->rule, (enum severity)l->severity,
			     (enum segment_where)l->where, l->start, l->evidence);
	o->depth--;
}

static void on_text(void *arg, const char *s, size_t len)
{
	struct odf *o = arg;
	struct level *l = here(o);
	enum segment_where w = (enum segment_where)l->where;

	if (l->element == ODF_E_PERSON) {
		extract_property(o->part, "author", s, len);
	} else if (l->text && strspn(s, " \t\r\n") < len) {
		to_column(o, w);
		extract_text(o->part, w, s, len);
		if (o->inserting && w == WHERE_BODY)
			extract_text(o->part, WHERE_INSERTED, s, len);
	} else if (l->text && len > 0 && l->element != ODF_E_OTHER) {
		extract_text(o->part, w, " ", 1); /* blanks between words */
	} else if (extract_is_wordy(s, len)) {
		extract_line(o->part, WHERE_METADATA, NULL, s, len);
	}
}

static void on_note(void *arg, const char *s)
{
	struct odf *o = arg;

	extract_line(o->part, WHERE_COMMENT, NULL, s, strlen(s));
}

int odf_content(struct odf_styles *s, struct extract_part *p, const struct extract_member *m,
		enum odf_kind kind)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text, .note = on_note};
	struct odf *o = calloc(1, sizeof(*o));
	int r;

	if (o == NULL)
		return SL_E_NOMEM;
	o->styles = s;
	o->part = p;
	o->kind = kind;
	o->level[0].where = WHERE_BODY;
	r = (m->data == NULL) ? SL_E_FORMAT : extract_xml_parse(m->data, m->len, &events, o);
	if (r == SL_OK)
		r = o->error;
	if (r == SL_OK)
		extract_boxes_judge(&o->boxes, p);
	extract_boxes_release(&o->boxes);
	free(o);
	return r;
}
