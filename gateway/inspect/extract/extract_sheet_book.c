/* extract_sheet_book.c - what the cells of a workbook refer to: sheets and strings.
 *
 * ECMA-376 part 1, 18.2 and 18.4.  Hostile: every count and index is the document's;
 * lists grow by what is really there. */
#include "inspect/extract/extract_sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { STRINGS_MAX = 2000000 };

void sheet_book_init(struct sheet_book *b)
{
	*b = (struct sheet_book){.n_sheets = 0};
	buf_init(&b->strings, EXTRACT_XML_MAX);
}

void sheet_book_release(struct sheet_book *b)
{
	free(b->sheets);
	free(b->ends);
	free(b->used);
	free(b->formats);
	buf_release(&b->strings);
}

/* --- workbook.xml --- */

struct reader {
	struct sheet_book *book;
	struct extract_part *part;
	bool in_text, in_phonetic, in_name, hidden_name;
	struct buf value;
	char name[SHEET_NAME_MAX];
	int error;
};

static void add_sheet(struct reader *rd, const struct extract_xml_attrs *a)
{
	struct sheet_book *b = rd->book;
	struct sheet_entry *s;
	char state[16];
	void *list = b->sheets;
	int r = extract_grow(&list, b->n_sheets, &b->cap_sheets, sizeof(*s), SHEETS_MAX);

	b->sheets = list;
	if (r != SL_OK) {
		rd->error = r;
		return;
	}
	s = &b->sheets[b->n_sheets++];
	*s = (struct sheet_entry){.hidden = false};
	(void)extract_xml_attr(a, "name", s->name, sizeof(s->name));
	(void)extract_xml_link_id(a, s->id, sizeof(s->id));
	(void)extract_xml_attr(a, "state", state, sizeof(state));
	s->very_hidden = strcmp(state, "veryHidden") == 0;
	s->hidden = s->very_hidden || strcmp(state, "hidden") == 0;
}

static void book_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct reader *rd = arg;
	if (strcmp(name, "sheet") == 0) {
		add_sheet(rd, a);
	} else if (strcmp(name, "workbookPr") == 0) {
		rd->book->since_1904 = extract_xml_true(a, "date1904");
	} else if (strcmp(name, "definedName") == 0) {
		rd->in_name = true;
		rd->hidden_name = extract_xml_true(a, "hidden");
		(void)extract_xml_attr(a, "name", rd->name, sizeof(rd->name));
		buf_clear(&rd->value);
	}
	extract_attrs(rd->part, a);
}

static void book_end(void *arg, const char *name)
{
	struct reader *rd = arg;
	enum segment_where w = rd->hidden_name ? WHERE_HIDDEN : WHERE_METADATA;
	size_t start = extract_stream_len(rd->part, w);

	if (strcmp(name, "definedName") != 0)
		return;
	rd->in_name = false;
	extract_line(rd->part, w, rd->name, buf_str(&rd->value), rd->value.len);
	/* Filters of a list are hidden names that every program makes by itself. */
	if (rd->hidden_name && strncmp(rd->name, "_xlnm.", 6) != 0)
		extract_mark(rd->part, "DH-003", SEV_S1, w, start, "hidden-name");
}

static void collect_text(void *arg, const char *s, size_t len)
{
	struct reader *rd = arg;

	if (rd->in_name || rd->in_text || rd->in_phonetic)
		buf_put(&rd->value, s, len);
}

static int parse(struct reader *rd, const struct extract_member *m,
		 const struct extract_xml_events *events)
{
	int r;

	buf_init(&rd->value, EXTRACT_XML_MAX);
	r = (m->data == NULL) ? SL_E_FORMAT : extract_xml_parse(m->data, m->len, events, rd);
	if (r == SL_OK)
		r = rd->error;
	if (r == SL_OK)
		r = buf_error(&rd->value);
	buf_release(&rd->value);
	return r;
}

int sheet_book_read(struct sheet_book *b, struct extract_part *p,
		    const struct extract_member *m)
{
	static const struct extract_xml_events events = {
		.start = book_start, .end = book_end, .text = collect_text};
	struct reader rd = {.book = b, .part = p};

	return parse(&rd, m, &events);
}

/* --- sharedStrings.xml --- */

static void strings_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct reader *rd = arg;

	(void)a;
	if (strcmp(name, "rPh") == 0)
		rd->in_phonetic = true;
	else if (strcmp(name, "t") == 0)
		rd->in_text = !rd->in_phonetic;
}

static void string_done(struct reader *rd)
{
	struct sheet_book *b = rd->book;
	void *ends = b->ends, *used = b->used;
	size_t cap = b->cap_strings;
	int r = extract_grow(&ends, b->n_strings, &b->cap_strings, sizeof(*b->ends),
			     STRINGS_MAX);

	b->ends = ends;
	if (r == SL_OK)
		r = extract_grow(&used, b->n_strings, &cap, sizeof(*b->used), STRINGS_MAX);
	b->used = used;
	if (r != SL_OK) {
		rd->error = r;
		return;
	}
	b->used[b->n_strings] = false;
	b->ends[b->n_strings++] = b->strings.len;
}

static void strings_end(void *arg, const char *name)
{
	struct reader *rd = arg;

	if (strcmp(name, "rPh") == 0) {
		rd->in_phonetic = false;
		extract_line(rd->part, WHERE_ALT, NULL, buf_str(&rd->value), rd->value.len);
		buf_clear(&rd->value);
	} else if (strcmp(name, "t") == 0) {
		rd->in_text = false;
	} else if (strcmp(name, "si") == 0) {
		string_done(rd);
	}
}

static void strings_text(void *arg, const char *s, size_t len)
{
	struct reader *rd = arg;

	if (rd->in_phonetic)
		buf_put(&rd->value, s, len);
	else if (rd->in_text)
		buf_put(&rd->book->strings, s, len);
	else if (extract_is_wordy(s, len))
		extract_line(rd->part, WHERE_METADATA, NULL, s, len);
}

int sheet_strings_read(struct sheet_book *b, const struct extract_member *m)
{
	static const struct extract_xml_events events = {
		.start = strings_start, .end = strings_end, .text = strings_text};
	struct reader rd = {.book = b, .part = m->part};
	int r = parse(&rd, m, &events);

	return (r == SL_OK) ? buf_error(&b->strings) : r;
}
