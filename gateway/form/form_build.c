/* form_build.c - blocks, rows, cells and lines; and untrusted text on its way into them. */
#include "form/form_build.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { PARAGRAPH_MAX = 1 << 20, SHANGHAI_S = 8 * 3600 };

static void fail(struct form_builder *b, int r)
{
	if (b->error == SL_OK)
		b->error = r;
}

void form_buf(struct buf *b)
{
	buf_init(b, PARAGRAPH_MAX);
}

char *form_keep(struct form_builder *b, struct buf *text)
{
	char *copy = NULL;

	if (buf_error(text) != SL_OK)
		fail(b, buf_error(text));
	if (b->error == SL_OK && text->len > FORM_BYTES_MAX - b->form->bytes)
		fail(b, SL_E_LIMIT);
	if (b->error == SL_OK) {
		copy = strdup(buf_str(text));
		if (copy == NULL)
			fail(b, SL_E_NOMEM);
		else
			b->form->bytes += text->len;
	}
	buf_clear(text);
	return copy;
}

/* One more element; the array grows by one, which is quick enough for a form. */
static void *grow(struct form_builder *b, void *list, size_t n, size_t size)
{
	void *more;

	if (b->error != SL_OK)
		return NULL;
	more = reallocarray(list, n + 1, size);
	if (more == NULL) {
		fail(b, SL_E_NOMEM);
		return NULL;
	}
	memset((char *)more + n * size, 0, size);
	return more;
}

void form_block(struct form_builder *b, const char *word)
{
	struct form_block *more = grow(b, b->form->blocks, b->form->n, sizeof(*more));
	struct buf name;

	if (more == NULL)
		return;
	b->form->blocks = more;
	b->form->n++;
	form_buf(&name);
	buf_puts(&name, form_word(b->form->lang, word));
	more[b->form->n - 1].name = form_keep(b, &name);
	buf_release(&name);
}

void form_row(struct form_builder *b, unsigned blank)
{
	struct form_block *k;
	struct form_row *more;

	if (b->error != SL_OK)
		return;
	k = &b->form->blocks[b->form->n - 1];
	more = grow(b, k->rows, k->n, sizeof(*more));
	if (more == NULL)
		return;
	k->rows = more;
	k->rows[k->n++].blank = blank;
}

static struct form_row *newest_row(struct form_builder *b)
{
	struct form_block *k = &b->form->blocks[b->form->n - 1];

	return &k->rows[k->n - 1];
}

void form_cell(struct form_builder *b, unsigned width)
{
	struct form_row *row;

	if (b->error != SL_OK)
		return;
	row = newest_row(b);
	BUG(row->n == FORM_CELLS_MAX);
	row->cell[row->n++].width = width;
}

void form_line_buf(struct form_builder *b, enum form_style style, struct buf *text)
{
	struct form_cell *c;
	struct form_line *more;
	struct form_row *row;

	if (b->error != SL_OK) {
		buf_clear(text);
		return;
	}
	row = newest_row(b);
	c = &row->cell[row->n - 1];
	more = grow(b, c->lines, c->n, sizeof(*more));
	if (more == NULL)
		return;
	c->lines = more;
	more[c->n].style = style;
	more[c->n++].text = form_keep(b, text);
}

void form_line(struct form_builder *b, enum form_style style, const char *text)
{
	struct buf copy;

	form_buf(&copy);
	buf_puts(&copy, text);
	form_line_buf(b, style, &copy);
	buf_release(&copy);
}

void form_label(struct form_builder *b, const char *label)
{
	form_cell(b, FORM_LABEL_WIDTH);
	form_line(b, FORM_LABEL, form_word(b->form->lang, label));
}

void form_field_buf(struct form_builder *b, unsigned width, const char *label, struct buf *text)
{
	form_label(b, label);
	form_cell(b, width - FORM_LABEL_WIDTH);
	form_line_buf(b, FORM_PLAIN, text);
}

void form_field(struct form_builder *b, unsigned width, const char *label, const char *text)
{
	struct buf safe;

	form_buf(&safe);
	form_put_safe(&safe, text);
	form_field_buf(b, width, label, &safe);
	buf_release(&safe);
}

void form_put_boxes(struct buf *out, enum form_lang lang, const char *const *options,
		    unsigned ticked)
{
	for (unsigned i = 0; options[i] != NULL; i++) {
		buf_puts(out, i == 0 ? "" : "　");
		buf_puts(out, (ticked & 1u << i) != 0 ? "■" : "□");
		buf_puts(out, form_word(lang, options[i]));
	}
}

void form_note(struct form_builder *b, struct buf *text)
{
	char **more = grow(b, b->form->notes, b->form->n_notes, sizeof(*more));

	if (more == NULL)
		return;
	b->form->notes = more;
	more[b->form->n_notes++] = form_keep(b, text);
}

void form_put_filled(struct buf *out, enum form_lang lang, const char *key, const char *one,
		     const char *two, const char *three)
{
	const char *values[] = {one, two, three}, *at = form_word(lang, key), *hole;
	size_t i = 0;

	while ((hole = strstr(at, "{}")) != NULL && i < 3) {
		buf_put(out, at, (size_t)(hole - at));
		if (values[i] != NULL)
			form_put_safe(out, values[i]);
		i++;
		at = hole + 2;
	}
	buf_puts(out, at);
}

void form_put_word(struct buf *out, enum form_lang lang, const char *group, const char *key)
{
	char name[64];

	if (snprintf(name, sizeof(name), "%s.%s", group, key) < (int)sizeof(name) &&
	    form_has_word(name))
		buf_puts(out, form_word(lang, name));
	else
		form_put_safe(out, key);
}

locale_t form_locale_enter(locale_t *ret_before)
{
	locale_t own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	*ret_before = own != (locale_t)0 ? uselocale(own) : (locale_t)0;
	return own;
}

void form_locale_leave(locale_t own, locale_t before)
{
	if (own == (locale_t)0)
		return;
	(void)uselocale(before);
	freelocale(own);
}

/* What joins the character before it cannot be told from it on paper. */
static bool is_hidden(uint32_t cp)
{
	return cp == TEXT_BAD || cp < 0x20 || text_is_deceptive(cp) || text_width(cp) == 0;
}

void form_put_safe(struct buf *out, const char *text)
{
	size_t len = strlen(text), used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(text + i, len - i, &used);

		if (!is_hidden(cp))
			buf_put(out, text + i, used);
		else
			buf_putf(out, "\\u{%x}",
				 cp == TEXT_BAD ? (unsigned char)text[i] : (unsigned)cp);
	}
}

void form_put_num(struct buf *out, int64_t n)
{
	buf_putf(out, "%lld", (long long)n);
}

void form_put_time(struct buf *out, enum form_lang lang, const char *time, bool day_only)
{
	char t[CLOCK_TEXT + 1];
	int64_t at;

	/* A place east of Greenwich is in the next year before the last year that exists ends.
	 */
	if (!clock_parse(time, strlen(time), &at) || strncmp(time, "9999-12", 7) == 0) {
		form_put_safe(out, time);
		return;
	}
	clock_format(at + SHANGHAI_S, t);
	if (lang == FORM_ZH)
		buf_putf(out, "%.4s年%.2s月%.2s日", t, t + 5, t + 8);
	else
		buf_putf(out, "%.10s", t);
	if (!day_only)
		buf_putf(out, " %.8s", t + 11);
}

const char *form_str(const json_t *obj, const char *name)
{
	const char *s = json_str(obj, name);

	return s != NULL ? s : "";
}

int64_t form_num(const json_t *obj, const char *name)
{
	int64_t n = 0;

	return json_i64(obj, name, &n) ? n : 0;
}

const json_t *form_manifest(const struct form_builder *b)
{
	return json_obj(b->record, "manifest");
}

unsigned form_named(const char *text, const char *const *names)
{
	unsigned bits = 0;

	for (unsigned i = 0; names[i] != NULL; i++)
		bits |= strstr(text, names[i]) != NULL ? 1u << i : 0;
	return bits;
}

bool form_same_ack(const json_t *a, const json_t *b)
{
	return strcmp(form_str(a, "rule"), form_str(b, "rule")) == 0 &&
	       strcmp(form_str(a, "reason"), form_str(b, "reason")) == 0;
}

bool form_ack_repeats(const json_t *vote, size_t k)
{
	const json_t *list = json_arr(vote, "acknowledged");

	for (size_t i = 0; i < k; i++) {
		if (form_same_ack(json_array_get(list, i), json_array_get(list, k)))
			return true;
	}
	return false;
}

void form_put_named(const struct form_builder *b, struct buf *out, const char *what,
		    const char *id)
{
	const char *name = form_str(json_obj(b->record, what), id);

	form_put_safe(out, id);
	buf_puts(out, name[0] != '\0' ? " " : "");
	form_put_safe(out, name);
}

bool form_put_certificate(struct buf *out, enum form_lang lang, const char *rule)
{
	char key[64];

	if (snprintf(key, sizeof(key), "certificate.%s", rule) >= (int)sizeof(key) ||
	    !form_has_word(key))
		return false;
	buf_puts(out, form_word(lang, key));
	return true;
}

void form_free(struct form *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		for (size_t r = 0; r < f->blocks[i].n; r++) {
			struct form_row *row = &f->blocks[i].rows[r];

			for (unsigned c = 0; c < row->n; c++) {
				for (size_t l = 0; l < row->cell[c].n; l++)
					free(row->cell[c].lines[l].text);
				free(row->cell[c].lines);
			}
		}
		free(f->blocks[i].rows);
		free(f->blocks[i].name);
	}
	for (size_t i = 0; i < f->n_notes; i++)
		free(f->notes[i]);
	free(f->blocks);
	free(f->notes);
	free(f->title);
	free(f->organisation);
	free(f->number);
	free(f->index_no);
	free(f->date);
	free(f->foot);
	free(f);
}
