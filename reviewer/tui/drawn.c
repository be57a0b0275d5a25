/* drawn.c - believe nothing of the answer; the process that gave it may be anybody's. */
#include "tui/drawn.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char magic[] = "SLDRAWN1";

void drawn_free(struct drawn *d)
{
	if (d == NULL)
		return;
	free(d->cell);
	buf_release(&d->codes);
	free(d);
}

/* What symbols are made of: printable ASCII, lines and blocks, braille, one cell wide. */
static bool is_symbol(uint32_t cp)
{
	return (cp >= 0x20 && cp < 0x7f) || (cp >= 0x2500 && cp <= 0x25ff) ||
	       (cp >= 0x2800 && cp <= 0x28ff);
}

static int take_cells(struct cur *c, struct drawn *d)
{
	size_t n = (size_t)d->cols * d->rows;

	d->cell = calloc(n + 1, sizeof(*d->cell));
	if (d->cell == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct drawn_cell *k = &d->cell[i];

		k->cp = cur_u32(c);
		k->ink = cur_u16(c);
		k->ground = cur_u16(c);
		if (!is_symbol(k->cp) || k->ink > DRAWN_NO_COLOR || k->ground > DRAWN_NO_COLOR)
			return SL_E_FORMAT;
	}
	return SL_OK;
}

/* ESC P parameters q data ESC \, of the characters that sixel is made of. */
static bool is_sixel(const uint8_t *s, size_t len)
{
	size_t i = 2;

	if (len < 5 || s[0] != 0x1b || s[1] != 'P' || s[len - 2] != 0x1b || s[len - 1] != '\\')
		return false;
	while (i < len - 2 && ((s[i] >= '0' && s[i] <= '9') || s[i] == ';'))
		i++;
	if (i >= len - 2 || s[i++] != 'q')
		return false;
	for (; i < len - 2; i++) {
		bool data = s[i] >= '?' && s[i] <= '~';

		if (!data && !(s[i] >= '0' && s[i] <= '9') && s[i] != '\n' &&
		    (s[i] == 0 || strchr("\"#!$-;", s[i]) == NULL))
			return false;
	}
	return true;
}

/* One or more of ESC _ G keys ; base64 ESC \; no key that reads files or memory. */
static bool is_kitty(const uint8_t *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		if (len - i < 5 || s[i] != 0x1b || s[i + 1] != '_' || s[i + 2] != 'G')
			return false;
		i += 3;
		/* t=d (data follows) is all that is allowed; t=f and t=s name files. */
		for (; i < len && s[i] != ';' && s[i] != 0x1b; i++) {
			if (s[i] == 't' && i + 2 < len && s[i + 1] == '=' && s[i + 2] != 'd')
				return false;
			if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
			      (s[i] >= '0' && s[i] <= '9') || s[i] == '=' || s[i] == ','))
				return false;
		}
		for (i += i < len && s[i] == ';'; i < len && s[i] != 0x1b; i++) {
			if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
			      (s[i] >= '0' && s[i] <= '9') || s[i] == '+' || s[i] == '/' ||
			      s[i] == '='))
				return false;
		}
		if (len - i < 2 || s[i + 1] != '\\')
			return false;
		i += 2;
	}
	return len > 0;
}

static int take_codes(struct cur *c, struct drawn *d)
{
	size_t len = 0;
	const uint8_t *s = cur_blob(c, DRAWN_CODES_MAX, &len);

	if (s == NULL || c->error != SL_OK)
		return c->error != SL_OK ? c->error : SL_E_FORMAT;
	if (!(d->kind == 'x' ? is_sixel(s, len) : is_kitty(s, len)))
		return SL_E_FORMAT;
	buf_put(&d->codes, s, len);
	return buf_error(&d->codes);
}

int drawn_parse(const void *bytes, size_t len, struct drawn **ret_d)
{
	struct drawn *d = calloc(1, sizeof(*d));
	const uint8_t *head;
	struct cur c;
	int r = d == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	buf_init(&d->codes, DRAWN_CODES_MAX);
	cur_init(&c, bytes, len);
	head = cur_bytes(&c, sizeof(magic) - 1);
	d->pages = cur_u32(&c);
	d->cols = cur_u16(&c);
	d->rows = cur_u16(&c);
	d->kind = (char)cur_u8(&c);
	if (head == NULL || c.error != SL_OK || memcmp(head, magic, sizeof(magic) - 1) != 0 ||
	    d->pages == 0)
		r = SL_E_FORMAT;
	else if (d->cols > DRAWN_COLS_MAX || d->rows > DRAWN_ROWS_MAX)
		r = SL_E_LIMIT;
	else if (d->kind == 's')
		r = take_cells(&c, d);
	else
		r = d->kind == 'x' || d->kind == 'k' ? take_codes(&c, d) : SL_E_FORMAT;
	if (r == SL_OK)
		r = cur_end(&c);
	if (r == SL_OK) {
		*ret_d = d;
		d = NULL; /* moved */
	}
	drawn_free(d);
	return r;
}
