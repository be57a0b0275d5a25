/* extract_rtf.c - rich text (RTF 1.9.1): control words and what they switch.
 *
 * Hostile: all of it; the groups are in extract_rtf_flow.c. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_rtf_flow.h"

enum { WORD_MAX = 32, WHITE_FROM = 0xf0, DIGITS_MAX = 9 };

static void look(struct rtf *r, enum rtf_look what, int32_t n)
{
	struct rtf_group *g = rtf_top(r);

	switch (what) {
	case RTF_RED:
	case RTF_GREEN:
	case RTF_BLUE:
		r->rgb |= (n >= WHITE_FROM) ? 1u << what : 0;
		return;
	case RTF_COLOUR:
		g->colour = (unsigned)n;
		return;
	case RTF_SIZE:
		g->size = (n > 0) ? (unsigned)n : 0;
		return;
	case RTF_SIZE_FAR:
		g->far_size = (n > 0) ? (unsigned)n : 0;
		return;
	case RTF_SHADE:
		g->shaded = n != 0;
		return;
	case RTF_SHADE_ROW:
		r->row_shaded = true;
		return;
	case RTF_ROW:
		r->row_shaded = false;
		return;
	}
}

/* Switches and settings; false: the word is none of them. */
static bool set(struct rtf *r, enum rtf_action action, uint32_t value, int32_t n, bool has_n)
{
	struct rtf_group *g = rtf_top(r);
	bool on = !has_n || n != 0;

	switch (action) {
	case RTF_HIDDEN:
		g->hidden = on;
		return true;
	case RTF_DELETED:
		g->deleted = on;
		return true;
	case RTF_REVISED:
		g->revised = on;
		return true;
	case RTF_PLAIN:
		g->hidden = g->deleted = g->revised = g->shaded = false;
		g->colour = 0;
		g->size = g->far_size = RTF_SIZE_USUAL;
		return true;
	case RTF_SKIP:
		g->skip = (n > 0) ? (unsigned)n : 0;
		return true;
	case RTF_CODEPAGE:
		if (g->kind != RTF_FONTS)
			r->codepage = (unsigned)n;
		return true;
	case RTF_FONT:
		g->font = (unsigned)n;
		return true;
	case RTF_CHARSET:
		if (g->font < RTF_FONTS_MAX)
			r->charsets[g->font] = (uint8_t)n;
		return true;
	case RTF_LOOK:
		look(r, (enum rtf_look)value, n);
		return true;
	default:
		return false;
	}
}

static void word(struct rtf *r, const char *name, int32_t n, bool has_n)
{
	const struct rtf_word *w = extract_rtf_word(name);
	struct rtf_group *g = rtf_top(r);

	if (w == NULL) {
		/* What only some readers know, others leave out. */
		if (g->starred && !g->owns && !rtf_is_hex(g->kind) && !rtf_is_value(g->kind))
			extract_rtf_flow_become(r, RTF_TABLE, WHERE_METADATA, "");
		g->starred = false;
		return;
	}
	g->starred = false;
	if (w->action == RTF_UNICODE) {
		extract_rtf_flow_unicode(r, n);
		return;
	}
	extract_rtf_flow_flush(r);
	if (set(r, w->action, w->value, n, has_n))
		return;
	switch (w->action) {
	case RTF_BREAK:
		extract_rtf_flow_break(r);
		return;
	case RTF_TAB:
		extract_rtf_flow_letter(r, '\t');
		return;
	case RTF_LETTER:
		extract_rtf_flow_letter(r, w->value);
		return;
	case RTF_PLACE:
		extract_rtf_flow_become(r, RTF_PLACE, (enum segment_where)w->value, w->name);
		return;
	default:
		extract_rtf_flow_become(r, w->action, g->where, w->name);
		return;
	}
}

static void symbol(struct rtf *r, uint8_t c)
{
	switch (c) {
	case '*':
		rtf_top(r)->starred = true;
		return;
	case '\\':
	case '{':
	case '}':
		extract_rtf_flow_byte(r, c);
		return;
	case '~':
		extract_rtf_flow_byte(r, ' ');
		return;
	case '_':
		extract_rtf_flow_byte(r, '-');
		return;
	case '\r':
	case '\n':
		extract_rtf_flow_break(r);
		return;
	default:
		return;
	}
}

/* "\binN" bytes, which belong to the group's file. */
static size_t binary(struct rtf *r, size_t at, int32_t n)
{
	size_t len = (n > 0) ? (size_t)n : 0;

	if (len > r->x->len - at) {
		extract_fail(r->part, "truncated");
		return r->x->len;
	}
	if (rtf_is_hex(rtf_top(r)->kind))
		buf_put(&r->bytes, r->x->bytes + at, len);
	else
		extract_unread(r->part, "bin", r->x->bytes + at, len);
	return at + len;
}

/* Behind the backslash; returns the place after the word. */
static size_t control(struct rtf *r, size_t at)
{
	const uint8_t *s = r->x->bytes;
	size_t len = r->x->len, n = 0, digits = 0;
	char name[WORD_MAX];
	int32_t value = 0;
	bool minus = false;

	if (s[at] == '\'' && len - at > 2 && isxdigit(s[at + 1]) && isxdigit(s[at + 2])) {
		const char hex[] = {(char)s[at + 1], (char)s[at + 2], '\0'};

		extract_rtf_flow_byte(r, (uint8_t)strtoul(hex, NULL, 16));
		return at + 3;
	}
	if (!isalpha(s[at])) {
		if (r->skip > 0)
			r->skip--;
		else
			symbol(r, s[at]);
		return at + 1;
	}
	while (at < len && isalpha(s[at])) {
		if (n < WORD_MAX - 1)
			name[n++] = (char)s[at];
		at++;
	}
	name[n] = '\0';
	if (at + 1 < len && s[at] == '-' && isdigit(s[at + 1])) {
		minus = true;
		at++;
	}
	for (; at < len && isdigit(s[at]); at++, digits++)
		value = (digits < DIGITS_MAX) ? value * 10 + (s[at] - '0') : value;
	if (at < len && s[at] == ' ')
		at++;
	if (strcmp(name, "bin") == 0)
		return binary(r, at, value);
	if (r->skip > 0)
		r->skip--;
	else
		word(r, name, minus ? -value : value, digits > 0);
	return at;
}

static int parse(struct rtf *r)
{
	const uint8_t *s = r->x->bytes;
	size_t len = r->x->len, at = 0;

	while (at < len && r->error == SL_OK) {
		uint8_t c = s[at++];

		if (c == '{')
			extract_rtf_flow_open(r);
		else if (c == '}' && r->depth > 0)
			extract_rtf_flow_close(r);
		else if (c == '\\' && at < len)
			at = control(r, at);
		else if (c == '}' || c == '\\')
			extract_fail(r->part, "corrupt");
		else if (c != '\r' && c != '\n' && c != 0)
			extract_rtf_flow_byte(r, c);
	}
	return extract_rtf_flow_end(r);
}

int extract_rtf_document(struct extract *x)
{
	struct rtf *r = calloc(1, sizeof(*r));
	int e;

	if (r == NULL)
		return SL_E_NOMEM;
	extract_rtf_flow_init(r, x);
	e = (x->len > 5 && memcmp(x->bytes, "{\\rtf", 5) == 0) ? parse(r) : SL_E_FORMAT;
	if (e != SL_OK && e != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(e));
	extract_rtf_flow_release(r);
	free(r);
	return (e == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
