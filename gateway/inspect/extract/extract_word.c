/* extract_word.c - the elements of a WordprocessingML part, one after the other.
 *
 * ECMA-376 part 1.  Hostile: everything.  Elements we do not know are passed
 * through: their text, if any looks like words, becomes METADATA. */
#include "inspect/extract/extract_word.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_packed.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_word_flow.h"
#include "inspect/extract/extract_word_names.h"

enum { VALUE_MAX = 8192, STYLE_MAX = 64 };

struct word {
	struct word_flow flow;
	uint8_t stack[EXTRACT_DEPTH_MAX + 1]; /* enum extract_word_name of open elements */
	int depth;
	int former;	   /* inside w:rPrChange and its like: formatting of the past */
	bool shape_filled; /* the shape that is being described hides the page */
	size_t comment_start;
	struct buf packed; /* text of an element that is base64 */
	char author[120];  /* last one named, so that each is said once in a row */
};

static enum extract_word_name parent(const struct word *w)
{
	return (w->depth >= 2) ? (enum extract_word_name)w->stack[w->depth - 2] : WORD_OTHER;
}

static enum extract_word_name grandparent(const struct word *w)
{
	return (w->depth >= 3) ? (enum extract_word_name)w->stack[w->depth - 3] : WORD_OTHER;
}

static void name_author(struct word *w, const struct extract_xml_attrs *a)
{
	char name[120];

	if (!extract_xml_attr(a, "author", name, sizeof(name)) || strcmp(name, w->author) == 0)
		return;
	(void)snprintf(w->author, sizeof(w->author), "%s", name);
	extract_property(w->flow.part, "author", name, strlen(name));
}

/* A value of an attribute as a line of another stream. */
static void say(struct word *w, enum segment_where where, const struct extract_xml_attrs *a,
		const char *name)
{
	char value[VALUE_MAX];

	if (extract_xml_attr(a, name, value, sizeof(value)) && value[0] != '\0')
		extract_line(w->flow.part, where, NULL, value, strlen(value));
}

static void mark_here(struct word *w, const char *rule, const char *evidence)
{
	extract_mark(w->flow.part, rule, SEV_S1, w->flow.where,
		     extract_stream_len(w->flow.part, w->flow.where), evidence);
}

/* w:del and w:ins hold runs, or inside properties speak of a mark or a row. */
static void start_revision(struct word *w, enum extract_word_name id,
			   const struct extract_xml_attrs *a)
{
	enum extract_word_name up = parent(w);

	name_author(w, a);
	if (up == WORD_RPR || up == WORD_TRPR) {
		mark_here(w, "DH-001", (up == WORD_RPR) ? "paragraph-mark" : "table-row");
		return;
	}
	if (id == WORD_DEL)
		w->flow.deleted++;
	else
		w->flow.inserted++;
}

static void end_revision(struct word *w, enum extract_word_name id)
{
	enum extract_word_name up = parent(w);
	int *nest = (id == WORD_DEL) ? &w->flow.deleted : &w->flow.inserted;

	if (up != WORD_RPR && up != WORD_TRPR && *nest > 0)
		(*nest)--;
}

/* A character given by font and code: the stars of symbol fonts are stars. */
static void start_symbol(struct word *w, const struct extract_xml_attrs *a)
{
	char font[40], code[16], utf8[4];
	unsigned long cp;
	size_t n;

	(void)extract_xml_attr(a, "font", font, sizeof(font));
	(void)extract_xml_attr(a, "char", code, sizeof(code));
	cp = strtoul(code, NULL, 16) & 0xffff;
	if (strncmp(font, "Wingdings", 9) == 0 && ((cp & 0xff) == 0xab || (cp & 0xff) == 0xaa))
		cp = 0x2605;
	else if (strncmp(font, "Wingdings", 9) == 0 && (cp & 0xff) == 0xb6)
		cp = 0x2606;
	n = text_encode((uint32_t)cp, utf8);
	if (n > 0 && cp >= 0x20)
		word_flow_text(&w->flow, utf8, n);
}

static void start_style(struct word *w, enum extract_word_name id,
			const struct extract_xml_attrs *a)
{
	struct word_frame *fr = word_flow_top(&w->flow);
	char style[STYLE_MAX];

	(void)extract_xml_attr(a, "val", style, sizeof(style));
	if (id == WORD_P_STYLE)
		fr->para_style = extract_styles_get(w->flow.styles, style);
	else if (id == WORD_R_STYLE && grandparent(w) == WORD_R)
		fr->run_style = extract_styles_get(w->flow.styles, style);
	else if (id == WORD_TBL_STYLE && strcmp(style, "TableGrid") != 0 &&
		 strcmp(style, "TableNormal") != 0)
		fr->styled_table = true;
}

/* Properties of run, paragraph and cell that can hide text. */
static void start_format(struct word *w, const char *name, const struct extract_xml_attrs *a)
{
	struct word_frame *fr = word_flow_top(&w->flow);
	struct extract_format f = extract_format_unset;

	if (w->former > 0)
		return;
	if (parent(w) == WORD_RPR && grandparent(w) == WORD_R)
		(void)extract_format_read(&fr->run, name, a);
	else if (parent(w) == WORD_PPR)
		(void)extract_format_read(&fr->para, name, a);
	else if (parent(w) == WORD_TCPR && extract_format_read(&f, name, a))
		fr->cell_shade = f.shade;
}

static void start_shape(struct word *w, enum extract_word_name id,
			const struct extract_xml_attrs *a)
{
	char v[32];

	switch (id) {
	case WORD_SHAPE:
		w->shape_filled = extract_xml_attr(a, "fillcolor", v, sizeof(v)) &&
				  strcmp(v, "white") != 0 && strcasecmp(v, "#ffffff") != 0;
		say(w, WHERE_ALT, a, "alt");
		break;
	case WORD_FILL:
		if (parent(w) == WORD_SHAPE_PR)
			w->shape_filled = true;
		else if (extract_xml_attr(a, "idx", v, sizeof(v)) && strcmp(v, "0") != 0)
			w->shape_filled = true;
		break;
	case WORD_DOC_PR:
		say(w, WHERE_ALT, a, "descr");
		say(w, WHERE_ALT, a, "title");
		break;
	default: {
		char text[VALUE_MAX];

		if (extract_xml_attr(a, "string", text, sizeof(text)))
			word_flow_beside(&w->flow, text, strlen(text));
		break;
	}
	}
}

static void start_frame(struct word *w, enum extract_word_name id)
{
	switch (id) {
	case WORD_TEXT_BOX:
		word_flow_push(&w->flow, FRAME_TEXT_BOX);
		if (w->shape_filled)
			word_flow_top(&w->flow)->background_unknown = true;
		break;
	case WORD_CHOICE:
		word_flow_push(&w->flow, FRAME_CHOICE);
		break;
	case WORD_FALLBACK:
		word_flow_push(&w->flow, FRAME_FALLBACK);
		break;
	case WORD_RUBY:
		word_flow_push(&w->flow, FRAME_RUBY);
		break;
	default: /* WORD_ALTERNATE */
		buf_clear(&word_flow_top(&w->flow)->choice);
		break;
	}
}

static void start_comment(struct word *w, const struct extract_xml_attrs *a)
{
	name_author(w, a);
	w->comment_start = extract_stream_len(w->flow.part, w->flow.where);
}

static void end_comment(struct word *w)
{
	if (w->flow.where == WHERE_COMMENT)
		extract_mark(w->flow.part, "DH-002", SEV_S1, WHERE_COMMENT, w->comment_start,
			     "comment");
}

static void end_packed(struct word *w, const char *name)
{
	bool file = strcmp(name, "binData") == 0;

	if (file)
		mark_here(w, "DH-005", "embedded-object");
	if (buf_error(&w->packed) == SL_E_NOMEM)
		w->flow.part->owner->nomem = true;
	else if (buf_error(&w->packed) != SL_OK)
		extract_fail(w->flow.part, "over-limit");
	else
		extract_packed(w->flow.part, name,
			       file ? EXTRACT_PACKED_BYTES : EXTRACT_PACKED_FIELD,
			       buf_str(&w->packed), w->packed.len);
	buf_clear(&w->packed);
}

static void start_background(struct word *w, const struct extract_xml_attrs *a)
{
	char v[8];

	if (extract_xml_attr(a, "color", v, sizeof(v)) && strlen(v) == 6)
		w->flow.page_color = (int32_t)(strtoul(v, NULL, 16) & 0xffffff);
}

/* Text-like elements without words of their own. */
static bool start_character(struct word *w, enum extract_word_name id,
			    const struct extract_xml_attrs *a)
{
	switch (id) {
	case WORD_TAB: /* inside w:tabs it is a tab stop */
		if (parent(w) == WORD_R)
			word_flow_text(&w->flow, "\t", 1);
		return true;
	case WORD_BREAK:
		word_flow_text(&w->flow, "\n", 1);
		return true;
	case WORD_HYPHEN:
		word_flow_text(&w->flow, "-", 1);
		return true;
	case WORD_SYM:
		start_symbol(w, a);
		return true;
	default:
		return false;
	}
}

/* Elements whose attributes speak. */
static void start_speaking(struct word *w, enum extract_word_name id,
			   const struct extract_xml_attrs *a)
{
	switch (id) {
	case WORD_FLD_CHAR:
		word_flow_field_end(&w->flow);
		break;
	case WORD_FLD_SIMPLE: {
		char instr[VALUE_MAX];

		(void)extract_xml_attr(a, "instr", instr, sizeof(instr));
		word_flow_field(&w->flow, instr, strlen(instr));
		word_flow_field_end(&w->flow);
		break;
	}
	case WORD_CONTROL_TEXT:
		say(w, WHERE_FIELD, a, "val");
		say(w, WHERE_FIELD, a, "displayText");
		say(w, WHERE_FIELD, a, "value");
		break;
	case WORD_HYPERLINK:
		say(w, WHERE_ALT, a, "tooltip");
		break;
	case WORD_EMBEDDED:
		mark_here(w, "DH-005", "embedded-object");
		break;
	case WORD_CHANGE:
		name_author(w, a);
		mark_here(w, "DH-001", "formatting");
		w->former++;
		break;
	default:
		break;
	}
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct word *w = arg;
	enum extract_word_name id = extract_word_names_find(name);

	w->stack[w->depth++] = (uint8_t)id;
	extract_attrs(w->flow.part, a);
	switch (id) {
	case WORD_P:
		word_flow_paragraph(&w->flow);
		break;
	case WORD_R:
		word_flow_top(&w->flow)->run = extract_format_unset;
		word_flow_top(&w->flow)->run_style = extract_format_unset;
		break;
	case WORD_TC:
		word_flow_cell(&w->flow);
		break;
	case WORD_DEL:
	case WORD_INS:
		start_revision(w, id, a);
		break;
	case WORD_TEXT_BOX:
	case WORD_ALTERNATE:
	case WORD_CHOICE:
	case WORD_FALLBACK:
	case WORD_RUBY:
		start_frame(w, id);
		break;
	case WORD_SHAPE:
	case WORD_FILL:
	case WORD_DOC_PR:
	case WORD_TEXT_PATH:
		start_shape(w, id, a);
		break;
	case WORD_P_STYLE:
	case WORD_R_STYLE:
	case WORD_TBL_STYLE:
		if (w->former == 0)
			start_style(w, id, a);
		break;
	case WORD_COMMENT:
		start_comment(w, a);
		break;
	case WORD_BACKGROUND:
		start_background(w, a);
		break;
	case WORD_OTHER:
		start_format(w, name, a);
		break;
	default:
		if (!start_character(w, id, a))
			start_speaking(w, id, a);
		break;
	}
}

static void on_end(void *arg, const char *name)
{
	struct word *w = arg;
	enum extract_word_name id = (enum extract_word_name)w->stack[w->depth - 1];

	switch (id) {
	case WORD_P:
		word_flow_paragraph_end(&w->flow);
		break;
	case WORD_TC:
		word_flow_cell_end(&w->flow);
		break;
	case WORD_TR:
		word_flow_row_end(&w->flow);
		break;
	case WORD_TBL:
		if (word_flow_top(&w->flow)->cells == 0)
			word_flow_top(&w->flow)->styled_table = false;
		break;
	case WORD_DEL:
	case WORD_INS:
		end_revision(w, id);
		break;
	case WORD_TEXT_BOX:
	case WORD_CHOICE:
	case WORD_FALLBACK:
	case WORD_RUBY:
		word_flow_pop(&w->flow);
		break;
	case WORD_COMMENT:
		end_comment(w);
		break;
	case WORD_CHANGE:
		w->former--;
		break;
	case WORD_PACKED:
		end_packed(w, name);
		break;
	default:
		break;
	}
	w->depth--;
}

static void on_text(void *arg, const char *s, size_t len)
{
	struct word *w = arg;

	if (w->depth == 0)
		return;
	switch ((enum extract_word_name)w->stack[w->depth - 1]) {
	case WORD_T:
		word_flow_text(&w->flow, s, len);
		break;
	case WORD_DEL_TEXT:
		word_flow_deleted(&w->flow, s, len);
		break;
	case WORD_INSTR:
		word_flow_field(&w->flow, s, len);
		break;
	case WORD_NUMBER:
		break;
	case WORD_PACKED:
		buf_put(&w->packed, s, len);
		break;
	default: /* no office program shows it here */
		if (extract_is_wordy(s, len))
			extract_line(w->flow.part, WHERE_METADATA, NULL, s, len);
		break;
	}
}

int extract_word_part(struct extract_part *p, const struct extract_member *m,
		      const struct extract_styles *styles, enum segment_where where)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct word *w = calloc(1, sizeof(*w));
	int r;

	if (w == NULL)
		return SL_E_NOMEM;
	buf_init(&w->packed, EXTRACT_XML_MAX);
	word_flow_init(&w->flow, p, styles, where);
	r = extract_xml_parse(m->data, m->len, &events, w);
	if (r == SL_OK && w->flow.too_deep)
		r = SL_E_LIMIT;
	word_flow_finish(&w->flow);
	buf_release(&w->packed);
	free(w);
	return r;
}
