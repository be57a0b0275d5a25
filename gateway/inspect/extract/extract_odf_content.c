/* extract_odf_content.c - content.xml and styles.xml, element after element.
 *
 * Hostile: everything.  Elements we do not know are passed through; text that stands
 * outside paragraphs is METADATA when it looks like words. */
#include "inspect/extract/extract_odf_private.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_props.h"

enum { REPEAT_MAX = 1024 };

struct odf_level *odf_here(struct odf *o)
{
	return &o->level[o->depth];
}

void odf_send(struct odf *o, enum segment_where w, const char *rule, enum severity sev,
	      const char *evidence)
{
	struct odf_level *l = odf_here(o);

	l->where = (uint8_t)w;
	l->rule = rule;
	l->severity = (uint8_t)sev;
	l->evidence = evidence;
	l->start = extract_stream_len(o->part, w);
}

void odf_hide(struct odf *o, const char *evidence)
{
	if (odf_here(o)->where != WHERE_HIDDEN)
		odf_send(o, WHERE_HIDDEN, "DH-003", SEV_S1, evidence);
}

unsigned odf_look_of(const struct odf *o, const char *family, const struct extract_xml_attrs *a)
{
	char name[96];

	return extract_xml_attr(a, "style-name", name, sizeof(name))
		       ? odf_styles_look(o->styles, family, name)
		       : 0;
}

void odf_apply(struct odf *o, const char *family, const struct extract_xml_attrs *a)
{
	unsigned look = odf_look_of(o, family, a);
	struct odf_level *l = odf_here(o);

	l->background = l->background || (look & ODF_BACKGROUND) != 0;
	if ((look & ODF_GONE) != 0)
		odf_hide(o, "hidden-text");
	else if ((look & ODF_TINY) != 0)
		odf_hide(o, "tiny-text");
	else if ((look & ODF_WHITE) != 0 && !l->background && o->kind != ODF_SLIDES)
		odf_hide(o, "white-text");
}

void odf_value_line(struct odf *o, enum segment_where w, const struct extract_xml_attrs *a,
		    const char *name)
{
	char v[ODF_VALUE_MAX];

	if (extract_xml_attr(a, name, v, sizeof(v)) && v[0] != '\0')
		extract_line(o->part, w, NULL, v, strlen(v));
}

/* --- elements --- */

/* Text of a tracked insertion stands between two empty elements. */
static void start_change(struct odf *o)
{
	o->inserting = odf_here(o)->element == ODF_E_CHANGE_START;
	if (o->inserting)
		extract_mark(o->part, "DH-001", SEV_S1, WHERE_BODY,
			     extract_stream_len(o->part, WHERE_BODY), "insertion");
}

/* What sends its text elsewhere. */
static void start_place(struct odf *o, const struct extract_xml_attrs *a)
{
	char v[16];

	switch (odf_here(o)->element) {
	case ODF_E_ANNOTATION:
		odf_send(o, WHERE_COMMENT, "DH-002", SEV_S1, "comment");
		odf_here(o)->cell = odf_here(o)->text = false;
		break;
	case ODF_E_NOTE:
		odf_here(o)->where = WHERE_NOTE;
		odf_here(o)->text = false;
		break;
	case ODF_E_LABEL:
		odf_here(o)->text = true;
		break;
	case ODF_E_NOTES:
		if (o->page > 0)
			odf_send(o, WHERE_NOTE, "DH-002", SEV_S1, "speaker-notes");
		else
			odf_here(o)->where =
				WHERE_METADATA; /* of a master page: empty frames */
		break;
	case ODF_E_DELETION:
		odf_send(o, WHERE_DELETED, "DH-001", SEV_S1, "deletion");
		break;
	case ODF_E_CHANGE_START:
	case ODF_E_CHANGE_END:
		start_change(o);
		break;
	case ODF_E_HEADER:
		odf_here(o)->where = WHERE_HEADER;
		break;
	case ODF_E_FOOTER:
		odf_here(o)->where = WHERE_FOOTER;
		break;
	case ODF_E_SECTION:
		if (extract_xml_attr(a, "display", v, sizeof(v)) && strcmp(v, "none") == 0)
			odf_hide(o, "hidden-section");
		break;
	case ODF_E_HIDDEN:
		odf_hide(o, "hidden-text");
		odf_value_line(o, WHERE_HIDDEN, a, "string-value");
		break;
	case ODF_E_DESCRIPTION:
		odf_here(o)->where = WHERE_ALT;
		odf_here(o)->text = true;
		odf_here(o)->cell = false;
		break;
	case ODF_E_RUBY:
		odf_here(o)->where = WHERE_ALT;
		break;
	case ODF_E_PERSON:
		odf_here(o)->where = WHERE_PROPERTY;
		break;
	default:
		odf_start_frame(o, a);
		break;
	}
}

/* Running text; then the others. */
static void start_named(struct odf *o, const struct extract_xml_attrs *a)
{
	switch (odf_here(o)->element) {
	case ODF_E_P:
		odf_here(o)->text = true;
		odf_apply(o, "paragraph", a);
		break;
	case ODF_E_SPAN:
		odf_apply(o, "text", a);
		break;
	case ODF_E_S:
		for (long n = extract_xml_long(a, "c", 1), i = 0; i < n && i < REPEAT_MAX; i++)
			extract_text(o->part, (enum segment_where)odf_here(o)->where, " ", 1);
		break;
	case ODF_E_TAB:
		extract_text(o->part, (enum segment_where)odf_here(o)->where, "\t", 1);
		break;
	case ODF_E_BREAK:
		extract_text(o->part, (enum segment_where)odf_here(o)->where,
			     odf_here(o)->cell ? " " : "\n", 1);
		break;
	case ODF_E_LINK:
		odf_value_line(o, WHERE_FIELD, a, "href");
		break;
	default:
		start_place(o, a);
		break;
	}
}

/* Names, values and whatever else attributes say, but for those that were said above. */
static void say_attrs(struct odf *o, const char *name, const struct extract_xml_attrs *a)
{
	char author[ODF_VALUE_MAX];

	switch (odf_here(o)->element) {
	case ODF_E_LINK:
	case ODF_E_OUTSIDE:
	case ODF_E_EVENT:
	case ODF_E_HIDDEN:
	case ODF_E_TABLE:
	case ODF_E_CELL:
		return;
	default:
		break;
	}
	if (extract_xml_attr(a, "author", author, sizeof(author)))
		extract_property(o->part, "author", author, strlen(author));
	/* A file in base64 between the words. */
	if (strcmp(name, "binary-data") == 0)
		extract_mark(o->part, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "embedded-object");
	extract_attrs(o->part, a);
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct odf *o = arg;
	struct odf_level up;

	if (o->error != SL_OK || o->depth > EXTRACT_DEPTH_MAX)
		return;
	up = *odf_here(o);
	o->depth++;
	*odf_here(o) = (struct odf_level){.where = up.where,
					  .text = up.text,
					  .background = up.background,
					  .cell = up.cell,
					  .element = (uint8_t)odf_element_of(name, up.element)};
	o->error = odf_styles_start(o->styles, name, a);
	if (o->error == SL_OK)
		start_named(o, a);
	say_attrs(o, name, a);
}

static void end_named(struct odf *o, struct odf_level *l)
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
		odf_end_row(o);
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
	struct odf_level *l = odf_here(o);

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
	struct odf_level *l = odf_here(o);
	enum segment_where w = (enum segment_where)l->where;

	if (l->element == ODF_E_PERSON) {
		extract_property(o->part, "author", s, len);
	} else if (l->text && strspn(s, " \t\r\n") < len) {
		odf_to_column(o, w);
		extract_text(o->part, w, s, len);
		if (o->inserting && w == WHERE_BODY)
			extract_text(o->part, WHERE_INSERTED, s, len);
	} else if (l->text && len > 0 && l->element != ODF_E_OTHER) {
		extract_text(o->part, w, " ", 1); /* blanks between words */
	} else if (extract_is_wordy(s, len)) {
		extract_line(o->part, WHERE_METADATA, NULL, s, len);
	}
}

int odf_content(struct odf_styles *s, struct extract_part *p, const struct extract_member *m,
		enum odf_kind kind)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
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
