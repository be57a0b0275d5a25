/* extract_word_flow.c - joins runs to lines and decides what each run is.
 *
 * Hostile: any order and nesting of elements.  Invariants: frames[0] is the
 * part's own flow and is never popped; text is never dropped - it is plain, or
 * in the stream of its kind, or both. */
#include "inspect/extract/extract_word_flow.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WHITE = 0xffffff, NEAR = 0x10, TINY_HALF_POINTS = 2, DARK = 0x60 };

static void frame_init(struct word_frame *fr, enum word_frame_kind kind)
{
	*fr = (struct word_frame){.kind = kind,
				  .cell_shade = FORMAT_UNSET,
				  .para = extract_format_unset,
				  .para_style = extract_format_unset,
				  .run = extract_format_unset,
				  .run_style = extract_format_unset};
	buf_init(&fr->line, SEGMENT_TOTAL_MAX);
	buf_init(&fr->after, SEGMENT_TOTAL_MAX);
	buf_init(&fr->choice, SEGMENT_TOTAL_MAX);
}

static void frame_release(struct word_frame *fr)
{
	buf_release(&fr->line);
	buf_release(&fr->after);
	buf_release(&fr->choice);
}

void word_flow_init(struct word_flow *f, struct extract_part *p,
		    const struct extract_styles *styles, enum segment_where where)
{
	*f = (struct word_flow){
		.part = p, .styles = styles, .where = where, .page_color = WHITE};
	frame_init(&f->frames[0], FRAME_BASE);
}

struct word_frame *word_flow_top(struct word_flow *f)
{
	return &f->frames[f->top];
}

/* Append to a frame's buffer; the document's ceiling is checked when the text
 * reaches a stream, memory here. */
static void put(struct word_flow *f, struct buf *b, const char *s, size_t len)
{
	buf_put(b, s, len);
	if (buf_error(b) == SL_E_LIMIT)
		f->part->owner->over = true;
	else if (buf_error(b) != SL_OK)
		f->part->owner->nomem = true;
}

static void put_line(struct word_flow *f, const char *s, size_t len)
{
	struct word_frame *fr = word_flow_top(f);

	if (fr->pending != '\0')
		put(f, &fr->line, &fr->pending, 1);
	fr->pending = '\0';
	put(f, &fr->line, s, len);
}

/* The base flow's finished text goes to the part. */
static void flush(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	if (f->top != 0 || fr->line.len == 0)
		return;
	for (size_t i = 0; i < fr->line.len; i++)
		f->lines += fr->line.data[i] == '\n';
	extract_text(f->part, f->where, buf_str(&fr->line), fr->line.len);
	buf_clear(&fr->line);
}

/* --- lines of what is not plain text --- */

static void line_add(struct word_flow *f, enum segment_where w, const char *s, size_t len)
{
	if (!f->line[w].open) {
		extract_line_end(f->part, w);
		f->line[w].open = true;
		f->line[w].start = extract_stream_len(f->part, w);
	} else if (f->line[w].seq + 1 < f->seq) {
		/* Something else stood between: no neighbours, no one word. */
		extract_text(f->part, w, " ", 1);
	}
	f->line[w].seq = f->seq;
	extract_text(f->part, w, s, len);
}

static bool names_link(const struct word_flow *f, size_t start)
{
	static const char *const reach_out[] = {
		"DDE",	"DDEAUTO", "INCLUDE",  "INCLUDETEXT", "INCLUDEPICTURE",
		"LINK", "IMPORT",  "DATABASE", "RD",	      "MACROBUTTON"};
	const struct buf *b = &f->part->text[WHERE_FIELD];
	const char *s = buf_str(b) + start;

	s += strspn(s, " \t\"");
	for (size_t i = 0; i < sizeof(reach_out) / sizeof(reach_out[0]); i++) {
		size_t n = strlen(reach_out[i]);

		if (strncasecmp(s, reach_out[i], n) == 0 && !isalnum((unsigned char)s[n]))
			return true;
	}
	return false;
}

static bool is_blank(const struct extract_part *p, enum segment_where w, size_t start)
{
	const char *s = buf_str(&p->text[w]) + start;

	return s[strspn(s, " \t\r\n")] == '\0';
}

static void line_close(struct word_flow *f, enum segment_where w)
{
	char place[32];
	size_t start = f->line[w].start;

	if (!f->line[w].open)
		return;
	f->line[w].open = false;
	extract_line_end(f->part, w);
	if (is_blank(f->part, w, start) && w != WHERE_DELETED && w != WHERE_INSERTED)
		return;
	(void)snprintf(place, sizeof(place), "near-line:%u", f->lines + 1);
	if (w == WHERE_DELETED || w == WHERE_INSERTED)
		extract_mark(f->part, "DH-001", SEV_S1, w, start, place);
	else if (w == WHERE_HIDDEN)
		extract_mark(f->part, "DH-003", SEV_S1, w, start, place);
	else if (w == WHERE_COVERED)
		extract_mark(f->part, "DH-007", SEV_S1, w, start, place);
	else if (w == WHERE_FIELD && names_link(f, start))
		extract_mark(f->part, "DH-005", SEV_S1, w, start, place);
}

static void lines_close(struct word_flow *f)
{
	for (int w = 0; w < WHERE_COUNT; w++)
		line_close(f, (enum segment_where)w);
}

/* --- what a run is --- */

static int channel(int32_t rgb, int shift)
{
	return (rgb >> shift) & 0xff;
}

static bool near_color(int32_t a, int32_t b)
{
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs(channel(a, shift) - channel(b, shift)) > NEAR)
			return false;
	return true;
}

static bool is_dark(int32_t rgb)
{
	return channel(rgb, 0) < DARK && channel(rgb, 8) < DARK && channel(rgb, 16) < DARK;
}

/* Colour behind a run; FORMAT_UNSET when nobody can say. */
static int32_t background(const struct word_flow *f, const struct word_frame *fr,
			  int32_t run_shade)
{
	if (run_shade >= 0)
		return run_shade;
	if (fr->para.shade >= 0)
		return fr->para.shade;
	if (fr->cells > 0 && fr->cell_shade >= 0)
		return fr->cell_shade;
	return (fr->background_unknown || fr->styled_table) ? FORMAT_UNSET : f->page_color;
}

/* Page numbers of a table of contents are hidden in web view by every office
 * program; they tell nothing. */
static bool is_page_number(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]) && !isspace((unsigned char)s[i]))
			return false;
	return len <= 6;
}

static enum segment_where run_place(const struct word_flow *f, const char *s, size_t len)
{
	const struct word_frame *fr = &f->frames[f->top];
	struct extract_format e = fr->run, base = extract_styles_default(f->styles);
	int32_t behind;

	extract_format_inherit(&e, &fr->run_style);
	extract_format_inherit(&e, &fr->para_style);
	extract_format_inherit(&e, &base);
	if (e.vanish == 1 || (e.half_points >= 0 && e.half_points <= TINY_HALF_POINTS))
		return WHERE_HIDDEN;
	if (e.web_hidden == 1 && !is_page_number(s, len))
		return WHERE_HIDDEN;
	if (e.black_bar && (e.color < 0 || is_dark(e.color)))
		return WHERE_COVERED;
	behind = background(f, fr, e.shade);
	if (e.color >= 0 && behind >= 0 && near_color(e.color, behind))
		return is_dark(behind) ? WHERE_COVERED : WHERE_HIDDEN;
	return f->where;
}

void word_flow_text(struct word_flow *f, const char *s, size_t len)
{
	enum segment_where w;

	if (f->deleted > 0) {
		word_flow_deleted(f, s, len);
		return;
	}
	w = run_place(f, s, len);
	f->seq++;
	if (w != f->where) {
		line_add(f, w, s, len);
		return;
	}
	put_line(f, s, len);
	if (f->inserted > 0)
		line_add(f, WHERE_INSERTED, s, len);
}

void word_flow_deleted(struct word_flow *f, const char *s, size_t len)
{
	f->seq++;
	line_add(f, WHERE_DELETED, s, len);
}

void word_flow_field(struct word_flow *f, const char *s, size_t len)
{
	/* Field codes stand apart from the text: they do not count as neighbours. */
	f->line[WHERE_FIELD].seq = f->seq;
	line_add(f, WHERE_FIELD, s, len);
}

void word_flow_field_end(struct word_flow *f)
{
	line_close(f, WHERE_FIELD);
}

void word_flow_beside(struct word_flow *f, const char *s, size_t len)
{
	struct word_frame *fr = word_flow_top(f);

	put(f, &fr->after, s, len);
	put(f, &fr->after, "\n", 1);
}

/* --- paragraphs, cells, rows --- */

void word_flow_paragraph(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	fr->para = fr->para_style = fr->run = fr->run_style = extract_format_unset;
}

static void take_after(struct word_flow *f, struct word_frame *fr)
{
	put(f, &fr->line, buf_str(&fr->after), fr->after.len);
	buf_clear(&fr->after);
}

void word_flow_paragraph_end(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	lines_close(f);
	if (fr->cells > 0) {
		if (fr->after.len > 0) {
			put_line(f, "\n", 1);
			take_after(f, fr);
		} else if (fr->pending == '\0') {
			fr->pending = '\n';
		}
		return;
	}
	put_line(f, "\n", 1);
	take_after(f, fr);
	flush(f);
}

void word_flow_cell(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	fr->cells++;
	fr->cell_shade = FORMAT_UNSET;
}

void word_flow_cell_end(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	if (fr->cells > 0)
		fr->cells--;
	if (fr->pending == '\t')
		put(f, &fr->line, "\t", 1); /* an empty cell keeps its column */
	fr->pending = '\t';
}

void word_flow_row_end(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f);

	fr->pending = '\0';
	if (fr->cells > 0) {
		fr->pending = '\n';
		return;
	}
	put_line(f, "\n", 1);
	flush(f);
}

/* --- frames --- */

void word_flow_push(struct word_flow *f, enum word_frame_kind kind)
{
	const struct word_frame *under = word_flow_top(f);
	bool unknown = under->background_unknown || under->styled_table;

	if (f->top + 1 >= WORD_FRAMES_MAX) {
		f->too_deep = true;
		return;
	}
	lines_close(f);
	f->top++;
	frame_init(word_flow_top(f), kind);
	word_flow_top(f)->background_unknown = unknown;
}

/* The same words, whatever the white space? */
static bool same_words(const struct buf *a, const struct buf *b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a->len && a->data[i] <= ' ')
			i++;
		while (k < b->len && b->data[k] <= ' ')
			k++;
		if (i == a->len || k == b->len)
			return i == a->len && k == b->len;
		if (a->data[i++] != b->data[k++])
			return false;
	}
}

static void put_hidden(struct word_flow *f, const struct buf *b)
{
	size_t start;

	extract_line_end(f->part, WHERE_HIDDEN);
	start = extract_stream_len(f->part, WHERE_HIDDEN);
	extract_text(f->part, WHERE_HIDDEN, buf_str(b), b->len);
	extract_line_end(f->part, WHERE_HIDDEN);
	extract_mark(f->part, "DH-003", SEV_S1, WHERE_HIDDEN, start, "fallback-differs");
}

void word_flow_pop(struct word_flow *f)
{
	struct word_frame *fr = word_flow_top(f), *under;

	if (f->top == 0 || f->too_deep)
		return;
	lines_close(f);
	take_after(f, fr);
	f->top--;
	under = word_flow_top(f);
	if (fr->kind == FRAME_FALLBACK) {
		if (!same_words(&fr->line, &under->choice))
			put_hidden(f, &fr->line);
	} else if (fr->line.len > 0) {
		put(f, &under->after, buf_str(&fr->line), fr->line.len);
		if (fr->line.data[fr->line.len - 1] != '\n')
			put(f, &under->after, "\n", 1);
		if (fr->kind == FRAME_CHOICE)
			put(f, &under->choice, buf_str(&fr->line), fr->line.len);
	}
	frame_release(fr);
}

void word_flow_finish(struct word_flow *f)
{
	f->too_deep = false;
	while (f->top > 0)
		word_flow_pop(f);
	lines_close(f);
	take_after(f, word_flow_top(f));
	flush(f);
	frame_release(&f->frames[0]);
}
