/* form_text.c - the form on a terminal. */
#include <string.h>

#include "base/text.h"
#include "form/form_build.h"

enum { COLUMNS = 78, INDENT = 4 };

static size_t columns_of(const char *s, size_t len)
{
	size_t n = 0, used;

	for (size_t i = 0; i < len; i += used)
		n += (size_t)text_width(text_decode(s + i, len - i, &used));
	return n;
}

static void put_spaces(struct buf *out, size_t n)
{
	buf_putf(out, "%*s", (int)n, "");
}

/* How much of s fits into `room` columns: up to a space where one is near, else anywhere. */
static size_t fitting(const char *s, size_t len, size_t room)
{
	size_t at = 0, space = 0, used, n = 0;

	while (at < len) {
		uint32_t cp = text_decode(s + at, len - at, &used);

		n += (size_t)text_width(cp);
		if (n > room && at > 0)
			return space > 0 ? space : at;
		at += used;
		if (cp == ' ' && n > room / 2)
			space = at;
	}
	return len;
}

/* Text whose lines continue `indent` columns in; the first line is there already. */
static void put_wrapped(struct buf *out, const char *s, size_t indent, size_t taken)
{
	while (true) {
		size_t len = strcspn(s, "\n"), n = fitting(s, len, COLUMNS - taken);

		buf_put(out, s, n);
		while (out->len > 0 && out->data[out->len - 1] == ' ')
			buf_cut(out, out->len - 1);
		buf_puts(out, "\n");
		if (s[n] == '\0')
			return;
		s += n + (n == len);
		put_spaces(out, indent);
		taken = indent;
	}
}

/* A label is broken by hand for its narrow box, and spread with wide spaces. */
static void put_label(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strncmp(s, "　", 3) == 0)
			s += 2;
		else if (*s != '\n' && !(*s == ' ' && (unsigned char)s[1] >= 0x80))
			buf_put(out, s, 1);
		else if (*s == '\n' && (unsigned char)s[1] < 0x80)
			buf_puts(out, " ");
	}
}

/* Label and content, the content indented below when it is more than a line. */
static void put_field(struct buf *out, enum form_lang lang, const struct form_cell *label,
		      const struct form_cell *value)
{
	size_t start;

	put_spaces(out, 2);
	start = out->len;
	put_label(out, label->lines[0].text);
	buf_puts(out, form_word(lang, "label.end"));
	for (size_t i = 0; i < value->n; i++) {
		size_t taken = 2;

		if (i == 0 && out->data != NULL)
			taken += columns_of((const char *)out->data + start, out->len - start);
		else
			taken = INDENT;
		if (i > 0)
			put_spaces(out, INDENT);
		/* A digest is of one piece. */
		if (value->lines[i].style == FORM_FINE)
			buf_putf(out, "%s\n", value->lines[i].text);
		else
			put_wrapped(out, value->lines[i].text, INDENT, taken);
	}
	if (value->n == 0)
		buf_puts(out, "\n");
}

/* A row of a list: its cells one after the other. */
static void put_list_row(struct buf *out, const struct form_row *row)
{
	struct buf line;

	form_buf(&line);
	for (unsigned c = 0; c < row->n; c++) {
		buf_puts(&line, c == 0 ? "" : "  ");
		for (size_t l = 0; l < row->cell[c].n; l++)
			buf_puts(&line, row->cell[c].lines[l].text[0] != '\0'
						? row->cell[c].lines[l].text
						: "-");
	}
	put_spaces(out, INDENT);
	put_wrapped(out, buf_str(&line), INDENT + 2, INDENT);
	buf_release(&line);
}

static bool is_label(const struct form_cell *c)
{
	return c->n > 0 && c->lines[0].style == FORM_LABEL;
}

static void put_row(struct buf *out, enum form_lang lang, const struct form_row *row)
{
	unsigned c = 0;

	if (row->n == 0 || !is_label(&row->cell[0])) {
		put_list_row(out, row);
		return;
	}
	for (; c + 1 < row->n; c += 2)
		put_field(out, lang, &row->cell[c], &row->cell[c + 1]);
}

static void put_form(const struct form *f, struct buf *out)
{
	size_t title = columns_of(f->title, strlen(f->title));

	put_spaces(out, title < COLUMNS ? (COLUMNS - title) / 2 : 0);
	buf_putf(out, "%s\n\n", f->title);
	buf_putf(out, "%s\n%s\n%s\n", f->number, f->index_no, f->date);
	for (size_t i = 0; i < f->n; i++) {
		buf_putf(out, "\n【%s】\n", f->blocks[i].name);
		for (size_t r = 0; r < f->blocks[i].n; r++)
			put_row(out, f->lang, &f->blocks[i].rows[r]);
	}
	buf_puts(out, "\n");
	for (size_t i = 0; i < f->n_notes; i++)
		put_wrapped(out, f->notes[i], 0, 0);
	put_wrapped(out, f->foot, 0, 0);
	buf_puts(out, form_word(f->lang, "foot.record"));
	buf_putf(out, "%s\n", f->record);
}

int form_text(const struct form *f, struct buf *out)
{
	locale_t before, own = form_locale_enter(&before);

	put_form(f, out);
	form_locale_leave(own, before);
	return buf_error(out);
}
