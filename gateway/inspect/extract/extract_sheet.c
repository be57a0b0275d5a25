/* extract_sheet.c - one worksheet, row by row, as a person sees it and as it is.
 *
 * ECMA-376 part 1, 18.3.  Hostile: references, indices and nesting; a cell that is out
 * of order only changes how the line looks. */
#include "inspect/extract/extract_sheet.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_formula.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { COLUMNS = 16384, TABS_MAX = 256, VALUE_MAX = 1 << 20, ATTR_MAX = 4096 };

struct sheet {
	struct sheet_book *book;
	struct extract_part *part;
	bool hidden; /* the whole sheet */
	bool hidden_columns[COLUMNS], rows_hidden, row_hidden;
	unsigned column, tabs_seen, tabs_hidden;
	bool said_seen, said_hidden; /* in this row */
	char type[12];
	long style;
	bool in_cell, in_value, in_formula, in_inline, in_phonetic;
	enum segment_where page; /* of a header or footer that is open; WHERE_BODY: none */
	struct buf value, formula, joined;
	int error;
};

static void say(struct sheet *s, enum segment_where w, const struct extract_xml_attrs *a,
		const char *name)
{
	char v[ATTR_MAX];

	if (extract_xml_attr(a, name, v, sizeof(v)) && v[0] != '\0')
		extract_line(s->part, w, NULL, v, strlen(v));
}

/* <col min="2" max="5" hidden="1"/>, or a width that shows nothing. */
static void hide_columns(struct sheet *s, const struct extract_xml_attrs *a)
{
	long from = extract_xml_long(a, "min", 1), to = extract_xml_long(a, "max", 1);
	char width[16];
	bool none =
		extract_xml_attr(a, "width", width, sizeof(width)) && strtod(width, NULL) < 0.3;

	if (!none && !extract_xml_true(a, "hidden"))
		return;
	for (long i = from; i >= 1 && i <= to && i <= COLUMNS; i++)
		s->hidden_columns[i - 1] = true;
}

/* "BC12" is column 54. */
static unsigned column_of(const char *ref)
{
	unsigned n = 0;

	for (; isalpha((unsigned char)*ref) && n < COLUMNS; ref++)
		n = n * 26 + (unsigned)(toupper((unsigned char)*ref) - 'A' + 1);
	return n;
}

static void start_cell(struct sheet *s, const struct extract_xml_attrs *a)
{
	char ref[16];
	unsigned at = extract_xml_attr(a, "r", ref, sizeof(ref)) ? column_of(ref) : 0;

	s->column = (at > 0 && at <= COLUMNS) ? at : s->column + 1;
	(void)extract_xml_attr(a, "t", s->type, sizeof(s->type));
	s->style = extract_xml_long(a, "s", 0);
	buf_clear(&s->value);
	buf_clear(&s->formula);
}

static enum segment_where header_of(const char *name)
{
	size_t n = strlen(name);

	if (n < 9)
		return WHERE_BODY;
	if (strcmp(name + n - 6, "Header") == 0)
		return WHERE_HEADER;
	return (strcmp(name + n - 6, "Footer") == 0) ? WHERE_FOOTER : WHERE_BODY;
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct sheet *s = arg;

	if (strcmp(name, "c") == 0) {
		start_cell(s, a);
		s->in_cell = true;
	} else if (strcmp(name, "row") == 0) {
		s->row_hidden = extract_xml_true(a, "hidden") ||
				(s->rows_hidden && !extract_xml_has(a, "hidden"));
		s->column = s->tabs_seen = s->tabs_hidden = 0;
		s->said_seen = s->said_hidden = false;
	} else if (strcmp(name, "v") == 0) {
		s->in_value = true;
	} else if (strcmp(name, "is") == 0) {
		s->in_inline = true;
	} else if (strcmp(name, "rPh") == 0) {
		s->in_phonetic = true;
	} else if (strcmp(name, "f") == 0 || strcmp(name, "formula1") == 0 ||
		   strcmp(name, "formula2") == 0 || strcmp(name, "formula") == 0) {
		s->in_formula = true;
		buf_clear(&s->formula);
	} else if (strcmp(name, "col") == 0) {
		hide_columns(s, a);
	} else if (strcmp(name, "sheetFormatPr") == 0) {
		s->rows_hidden = extract_xml_true(a, "zeroHeight");
	} else if (header_of(name) != WHERE_BODY) {
		s->page = header_of(name);
		buf_clear(&s->value);
	} else if (strcmp(name, "hyperlink") == 0) {
		say(s, WHERE_FIELD, a, "location");
		say(s, WHERE_ALT, a, "display");
		say(s, WHERE_ALT, a, "tooltip");
	} else if (strcmp(name, "dataValidation") == 0) {
		say(s, WHERE_ALT, a, "promptTitle");
		say(s, WHERE_ALT, a, "prompt");
		say(s, WHERE_ALT, a, "errorTitle");
		say(s, WHERE_ALT, a, "error");
	} else {
		extract_attrs(s->part, a);
	}
}

/* Serial days as a date: what the cell shows, and what the rules read. */
static void date_text(const struct sheet *s, double serial, char *out, size_t cap)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	long days = (long)serial + (s->book->since_1904 ? 1462 : 0);
	int year = 1900, month = 0;

	/* Day 60 is 29 February 1900, which never was. */
	days -= (days > 60) ? 2 : 1;
	for (;; year++) {
		int in_year = 365 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));

		if (days < in_year)
			break;
		days -= in_year;
	}
	for (; month < 11; month++) {
		int n = month_days[month] +
			(month == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));

		if (days < n)
			break;
		days -= n;
	}
	(void)snprintf(out, cap, "%04d-%02d-%02ld", year, month + 1, days + 1);
}

/* A number as people write it: identity numbers and phones come as 1.5400001234E10. */
static void number_text(struct sheet *s, uint8_t format)
{
	char text[64], *end;
	double n;

	if (s->value.len == 0 || s->value.len > 40)
		return;
	n = strtod(buf_str(&s->value), &end);
	if (*end != '\0' || !isfinite(n))
		return;
	if ((format & SHEET_DATE) != 0 && n >= 1 && n < 2958466)
		date_text(s, n, text, sizeof(text));
	else if (strpbrk(buf_str(&s->value), "eE") != NULL && fabs(n) < 1e21)
		(void)snprintf(text, sizeof(text), "%.0f", n);
	else
		return;
	buf_clear(&s->value);
	buf_put(&s->value, text, strlen(text));
}

/* Bytes of the shared string that the value counts to; NULL: there is no such string. */
static const char *shared(struct sheet *s, size_t *ret_len)
{
	struct sheet_book *b = s->book;
	char *end;
	unsigned long i = strtoul(buf_str(&s->value), &end, 10);
	size_t from;

	if (s->value.len == 0 || *end != '\0' || i >= b->n_strings)
		return NULL;
	b->used[i] = true;
	from = (i > 0) ? b->ends[i - 1] : 0;
	*ret_len = b->ends[i] - from;
	return (const char *)b->strings.data + from;
}

static const char *why_hidden(const struct sheet *s, uint8_t format)
{
	if (s->row_hidden)
		return "hidden-row";
	if (s->column > 0 && s->column <= COLUMNS && s->hidden_columns[s->column - 1])
		return "hidden-column";
	if ((format & SHEET_WHITE) != 0)
		return "white-text";
	return ((format & SHEET_BLANK) != 0) ? "hidden-format" : NULL;
}

/* One cell into a line: tabs for the columns passed, line breaks in it as blanks. */
static void put_cell(struct sheet *s, enum segment_where w, unsigned *tabs, const char *text,
		     size_t len)
{
	unsigned want = (s->column > 0) ? s->column - 1 : 0;
	size_t start;

	for (unsigned n = 0; *tabs < want && n < TABS_MAX; n++, (*tabs)++)
		extract_text(s->part, w, "\t", 1);
	*tabs = want;
	start = extract_stream_len(s->part, w);
	extract_text(s->part, w, text, len);
	for (size_t i = start; i < s->part->text[w].len; i++)
		if (s->part->text[w].data[i] < 0x20)
			s->part->text[w].data[i] = ' ';
}

/* What a formula puts together, unless that is what the cell shows. */
static void say_joined(struct sheet *s)
{
	const char *t = buf_str(&s->joined);
	size_t n = s->joined.len;

	if (n > 0 && (s->value.len != n - 1 || memcmp(buf_str(&s->value), t, n - 1) != 0)) {
		extract_line_end(s->part, WHERE_FIELD);
		extract_text(s->part, WHERE_FIELD, t, n);
	}
	buf_clear(&s->joined);
}

static void end_cell(struct sheet *s)
{
	uint8_t format = (s->style >= 0 && (size_t)s->style < s->book->n_formats)
				 ? s->book->formats[s->style]
				 : 0;
	const char *why = why_hidden(s, format), *text;
	size_t len, start;

	if (strcmp(s->type, "s") == 0) {
		text = shared(s, &len);
		if (text == NULL && s->value.len > 0) {
			s->error = SL_E_FORMAT;
			return;
		}
	} else {
		if (s->type[0] == '\0' || strcmp(s->type, "n") == 0)
			number_text(s, format);
		text = buf_str(&s->value);
		len = s->value.len;
	}
	if (text == NULL || len == 0)
		return;
	if (s->hidden || why != NULL) {
		start = extract_stream_len(s->part, WHERE_HIDDEN);
		put_cell(s, WHERE_HIDDEN, &s->tabs_hidden, text, len);
		s->said_hidden = true;
		if (!s->hidden)
			extract_mark(s->part, "DH-003", SEV_S1, WHERE_HIDDEN, start, why);
	} else {
		put_cell(s, WHERE_BODY, &s->tabs_seen, text, len);
		s->said_seen = true;
	}
}

/* Formulas and conditions, where they say more than names of cells. */
static void end_formula(struct sheet *s)
{
	const char *f = buf_str(&s->formula);
	size_t start = extract_stream_len(s->part, WHERE_FIELD);
	bool talks = strchr(f, '"') != NULL || extract_is_wordy(f, s->formula.len);
	/* program|topic!item asks another program for its answer. */
	bool dde = strchr(f, '|') != NULL && strchr(f, '!') != NULL;

	s->in_formula = false;
	extract_formula_join(f, s->formula.len, &s->joined);
	if (!talks && !dde)
		return;
	extract_line(s->part, WHERE_FIELD, "formula", f, s->formula.len);
	if (dde)
		extract_mark(s->part, "DH-005", SEV_S1, WHERE_FIELD, start, "dde");
}

/* Page headers: "&L&"SimSun"&10内部" is text with orders for the printer. */
static void end_header(struct sheet *s)
{
	const char *t = buf_str(&s->value);
	enum segment_where w = s->page;

	s->page = WHERE_BODY;
	extract_line_end(s->part, w);
	while (*t != '\0') {
		size_t n = strcspn(t, "&");

		extract_text(s->part, w, t, n);
		t += n;
		if (*t == '\0')
			break;
		t++;
		if (*t == '"')
			t += 1 + strcspn(t + 1, "\"") + (strchr(t + 1, '"') != NULL);
		else if (isdigit((unsigned char)*t))
			t += strspn(t, "0123456789");
		else if (*t == '&')
			extract_text(s->part, w, t++, 1);
		else if (*t != '\0' && (uint8_t)*t < 0x80) {
			extract_line_end(s->part, w); /* left, centre, right, page number */
			t++;
		}
	}
	extract_line_end(s->part, w);
}

static void on_end(void *arg, const char *name)
{
	struct sheet *s = arg;

	if (strcmp(name, "c") == 0) {
		say_joined(s);
		end_cell(s);
		s->in_cell = false;
	} else if (strcmp(name, "row") == 0) {
		if (s->said_seen)
			extract_text(s->part, WHERE_BODY, "\n", 1);
		if (s->said_hidden)
			extract_text(s->part, WHERE_HIDDEN, "\n", 1);
	} else if (strcmp(name, "v") == 0) {
		s->in_value = false;
		/* Of an extension: no cell ends behind it. */
		if (!s->in_cell && extract_is_wordy(buf_str(&s->value), s->value.len))
			extract_line(s->part, WHERE_METADATA, NULL, buf_str(&s->value),
				     s->value.len);
		if (!s->in_cell)
			buf_clear(&s->value);
	} else if (strcmp(name, "is") == 0) {
		s->in_inline = false;
	} else if (strcmp(name, "rPh") == 0) {
		s->in_phonetic = false;
	} else if (s->in_formula && (name[0] == 'f')) {
		end_formula(s);
	} else if (s->page != WHERE_BODY && header_of(name) == s->page) {
		end_header(s);
	}
}

static void on_text(void *arg, const char *t, size_t len)
{
	struct sheet *s = arg;

	if (s->in_phonetic)
		extract_line(s->part, WHERE_ALT, NULL, t, len);
	else if (s->in_value || s->in_inline || s->page != WHERE_BODY)
		buf_put(&s->value, t, len);
	else if (s->in_formula)
		buf_put(&s->formula, t, len);
	else if (extract_is_wordy(t, len))
		extract_line(s->part, WHERE_METADATA, NULL, t, len);
}

int sheet_read(struct sheet_book *b, struct extract_part *p, const struct extract_member *m,
	       bool hidden)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct sheet *s = calloc(1, sizeof(*s));
	int r;

	if (s == NULL)
		return SL_E_NOMEM;
	s->book = b;
	s->part = p;
	s->hidden = hidden;
	s->page = WHERE_BODY;
	buf_init(&s->value, VALUE_MAX);
	buf_init(&s->formula, VALUE_MAX);
	buf_init(&s->joined, (size_t)VALUE_MAX * 2);
	r = (m->data == NULL) ? SL_E_FORMAT : extract_xml_parse(m->data, m->len, &events, s);
	if (r == SL_OK)
		r = s->error;
	if (r == SL_OK)
		r = buf_error(&s->value);
	if (r == SL_OK)
		r = buf_error(&s->formula);
	if (r == SL_OK)
		r = buf_error(&s->joined);
	say_joined(s); /* of conditions behind the last cell */
	buf_release(&s->joined);
	buf_release(&s->value);
	buf_release(&s->formula);
	free(s);
	return r;
}
