/* extract_odf_frames.c - tables, pages and shapes of an OpenDocument file: where on the page
 * text stands, and whether a person sees it there.
 *
 * Hostile: repetitions, lengths and places; each has a ceiling. */
#include "inspect/extract/extract_odf_private.h"

#include <string.h>

#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_formula.h"
#include "inspect/extract/extract_props.h"

enum { TABS_MAX = 256 };

/* --- tables --- */

static void start_table(struct odf *o, const struct extract_xml_attrs *a)
{
	if (o->kind == ODF_SHEET && !odf_here(o)->cell) {
		o->page++;
		for (int w = 0; w < WHERE_COUNT && o->error == SL_OK; w++)
			o->error = extract_cut(o->part, (enum segment_where)w, o->page);
		memset(o->hidden_columns, 0, sizeof(o->hidden_columns));
	}
	o->columns = 0;
	if ((odf_look_of(o, "table", a) & ODF_NO_SHOW) != 0)
		odf_hide(o, "hidden-sheet");
	if (o->kind == ODF_SHEET)
		odf_value_line(o, (enum segment_where)odf_here(o)->where, a, "name");
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

	return (n < 1) ? 1 : (n > ODF_COLUMNS) ? ODF_COLUMNS : (unsigned)n;
}

static void start_column(struct odf *o, const struct extract_xml_attrs *a)
{
	unsigned n = repeated(a);

	for (; n > 0 && o->columns < ODF_COLUMNS; n--)
		o->hidden_columns[o->columns++] = collapsed(a);
}

/* What the cell is worth, where its text may say something else. */
static void cell_value(struct odf *o, const struct extract_xml_attrs *a, const char *name)
{
	char v[ODF_VALUE_MAX], digits[EXTRACT_DIGITS_MAX];

	if (!extract_xml_attr(a, name, v, sizeof(v)))
		return;
	if (extract_exponent(v, strlen(v), digits))
		extract_line(o->part, WHERE_METADATA, NULL, digits, strlen(digits));
	else if (extract_is_wordy(v, strlen(v)))
		extract_line(o->part, WHERE_METADATA, NULL, v, strlen(v));
}

/* What a formula puts together; the cell may show something else. */
static void say_joined(struct odf *o, const char *formula)
{
	struct buf lines;

	buf_init(&lines, (size_t)ODF_VALUE_MAX * 2);
	extract_formula_join(formula, strlen(formula), &lines);
	extract_line_end(o->part, WHERE_FIELD);
	extract_text(o->part, WHERE_FIELD, buf_str(&lines), lines.len);
	if (buf_error(&lines) == SL_E_NOMEM)
		o->part->owner->nomem = true;
	buf_release(&lines);
}

static void start_cell(struct odf *o, const struct extract_xml_attrs *a)
{
	char formula[ODF_VALUE_MAX];

	odf_here(o)->cell = true;
	odf_here(o)->background = odf_here(o)->background ||
				  (odf_look_of(o, "table-cell", a) & ODF_BACKGROUND) != 0;
	if (o->column < ODF_COLUMNS && o->hidden_columns[o->column])
		odf_hide(o, "hidden-column");
	else
		odf_apply(o, "table-cell", a);
	if (extract_xml_attr(a, "formula", formula, sizeof(formula))) {
		if (strchr(formula, '"') != NULL || extract_is_wordy(formula, strlen(formula)))
			extract_line(o->part, WHERE_FIELD, "formula", formula, strlen(formula));
		say_joined(o, formula);
	}
	cell_value(o, a, "string-value");
	cell_value(o, a, "value");
	o->column += repeated(a);
}

void odf_to_column(struct odf *o, enum segment_where w)
{
	unsigned want = (o->column > 0) ? o->column - 1 : 0;

	if (!odf_here(o)->cell || o->in_cell[w])
		return;
	for (unsigned n = 0; o->tabs[w] < want && n < TABS_MAX; n++, o->tabs[w]++)
		extract_text(o->part, w, "\t", 1);
	o->tabs[w] = want;
	o->in_cell[w] = o->in_row[w] = true;
}

void odf_end_row(struct odf *o)
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
	if ((odf_look_of(o, "drawing-page", a) & ODF_NO_SHOW) != 0)
		odf_hide(o, "hidden-slide");
}

static int64_t length_of(const struct extract_xml_attrs *a, const char *name)
{
	char v[32];

	return extract_xml_attr(a, name, v, sizeof(v)) ? odf_length(v) : 0;
}

static void start_shape(struct odf *o, const struct extract_xml_attrs *a)
{
	unsigned look = odf_look_of(o, "graphic", a) | odf_look_of(o, "presentation", a);
	struct extract_box *b;
	size_t i;

	odf_value_line(o, WHERE_FIELD, a, "href");
	odf_here(o)->text = false;
	if ((look & ODF_GONE) != 0)
		odf_hide(o, "hidden-shape");
	odf_here(o)->background = odf_here(o)->background || (look & ODF_OPAQUE) != 0;
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
		odf_hide(o, "beside-the-page");
	b->where = odf_here(o)->where;
	b->start = b->end = extract_stream_len(o->part, (enum segment_where)b->where);
	odf_here(o)->box = i + 1;
}

/* What stands beside the package and not in it.  "../x" in the document itself is a file in
 * its directory; in an object in it, a member of the package. */
static bool leads_out(const struct odf *o, const char *href)
{
	bool whole = o->part == extract_file(o->part->owner);

	return extract_is_outside(href, strlen(href)) || href[0] == '/' ||
	       strncmp(href, whole ? "../" : "../../", whole ? 3 : 6) == 0;
}

static void say_outside(struct odf *o, const struct extract_xml_attrs *a)
{
	size_t start = extract_stream_len(o->part, WHERE_FIELD);
	char href[ODF_VALUE_MAX];

	if (!extract_xml_attr(a, "href", href, sizeof(href)) || !leads_out(o, href))
		return;
	extract_line(o->part, WHERE_FIELD, NULL, href, strlen(href));
	extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
}

void odf_start_frame(struct odf *o, const struct extract_xml_attrs *a)
{
	switch (odf_here(o)->element) {
	case ODF_E_TABLE:
		start_table(o, a);
		break;
	case ODF_E_COLUMN:
		start_column(o, a);
		break;
	case ODF_E_ROW:
		odf_end_row(o);
		if (collapsed(a))
			odf_hide(o, "hidden-row");
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
		odf_value_line(o, WHERE_FIELD, a, "href");
		extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD,
			     extract_stream_len(o->part, WHERE_FIELD), "external-link");
		break;
	case ODF_E_EVENT:
		odf_value_line(o, WHERE_FIELD, a, "href");
		extract_mark(o->part, "DH-005", SEV_S1, WHERE_FIELD,
			     extract_stream_len(o->part, WHERE_FIELD), "macro");
		break;
	default: /* pictures, sources of sections and tables, backgrounds, fonts */
		say_outside(o, a);
		break;
	}
}
