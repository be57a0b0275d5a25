/* extract_rtf_flow.c - the groups of rich text, and where the letters in them go.
 *
 * Hostile: depth and bytes of any kind.  A group that a reader ignores is read as metadata,
 * never passed over; bytes in a code page that we do not know fail the file. */
#include "inspect/extract/extract_rtf_flow.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum {
	PENDING_MAX = 1 << 20,
	FILE_MAX_BYTES = 64 << 20,
	TINY_HALF_POINTS = 2,
};

/* --- text --- */

static void end_run(struct rtf *r)
{
	if (r->run.rule != NULL && extract_stream_len(r->part, r->run.where) > r->run.start)
		extract_mark(r->part, r->run.rule, SEV_S1, r->run.where, r->run.start,
			     r->run.evidence);
	r->run = (struct rtf_run){0};
}

static const char *hides(const struct rtf *r, const struct rtf_group *g)
{
	if (g->hidden)
		return "hidden-text";
	if (g->colour < r->colours && r->white[g->colour] && !g->shaded && !r->row_shaded)
		return "white-text";
	return (g->size <= TINY_HALF_POINTS || g->far_size <= TINY_HALF_POINTS) ? "tiny-text"
										: NULL;
}

static void say(struct rtf *r, const char *s, size_t len)
{
	const struct rtf_group *g = rtf_top(r);
	struct rtf_run now = {.where = g->where};
	const char *hidden = hides(r, g);

	if (g->deleted)
		now = (struct rtf_run){
			.rule = "DH-001", .evidence = "deleted", .where = WHERE_DELETED};
	else if (hidden != NULL && g->where != WHERE_COMMENT)
		now = (struct rtf_run){
			.rule = "DH-003", .evidence = hidden, .where = WHERE_HIDDEN};
	else if (g->revised)
		now = (struct rtf_run){
			.rule = "DH-001", .evidence = "inserted", .where = g->where};
	if (now.rule != r->run.rule || now.evidence != r->run.evidence ||
	    now.where != r->run.where) {
		end_run(r);
		now.start = extract_stream_len(r->part, now.where);
		r->run = now;
	}
	extract_text(r->part, now.where, s, len);
}

/* A ";" ends a colour; the first one is that of the reader's choice. */
static void end_colours(struct rtf *r, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != ';' || r->colours == RTF_COLOURS_MAX)
			continue;
		r->white[r->colours++] =
			r->rgb == (1u << RTF_RED | 1u << RTF_GREEN | 1u << RTF_BLUE);
		r->rgb = 0;
	}
}

static void put_utf8(struct rtf *r, const char *s, size_t len)
{
	const struct rtf_group *g = rtf_top(r);

	if (g->kind == RTF_PLACE)
		say(r, s, len);
	else if (g->kind == RTF_TABLE || g->kind == RTF_FONTS)
		extract_text(r->part, WHERE_METADATA, s, len);
	else if (rtf_is_value(g->kind))
		buf_put(&r->value, s, len);
	else if (g->kind == RTF_COLOURS)
		end_colours(r, s, len);
}

static unsigned codepage_now(const struct rtf *r)
{
	unsigned font = r->stack[r->depth].font;
	unsigned own = font < RTF_FONTS_MAX ? extract_rtf_codepage(r->charsets[font]) : 0;

	return own != 0 ? own : r->codepage != 0 ? r->codepage : 1252;
}

void extract_rtf_flow_flush(struct rtf *r)
{
	struct buf out;
	bool ascii = true;
	int e;

	for (size_t i = 0; i < r->pending.len; i++)
		ascii = ascii && r->pending.data[i] < 0x80;
	if (r->pending.len == 0)
		return;
	if (ascii) {
		put_utf8(r, buf_str(&r->pending), r->pending.len);
	} else {
		buf_init(&out, PENDING_MAX * 4);
		e = extract_rtf_decode(r->pending.data, r->pending.len, codepage_now(r), &out);
		if (e == SL_OK)
			put_utf8(r, buf_str(&out), out.len);
		else if (e == SL_E_NOMEM)
			r->error = e;
		else
			extract_fail(r->part, extract_reason(e));
		buf_release(&out);
	}
	buf_clear(&r->pending);
}

void extract_rtf_flow_letter(struct rtf *r, uint32_t cp)
{
	char s[4];
	size_t n = text_encode(cp, s);

	extract_rtf_flow_flush(r);
	if (n > 0)
		put_utf8(r, s, n);
}

void extract_rtf_flow_unicode(struct rtf *r, int32_t n)
{
	uint32_t unit = (uint32_t)n & 0xffff;

	r->skip = rtf_top(r)->skip;
	if (unit >= 0xd800 && unit < 0xdc00) {
		r->high = unit;
		return;
	}
	if (unit >= 0xdc00 && unit < 0xe000) {
		if (r->high != 0)
			extract_rtf_flow_letter(r, 0x10000 + ((r->high & 0x3ff) << 10) +
							   (unit & 0x3ff));
		else
			extract_fail(r->part, "corrupt");
		r->high = 0;
		return;
	}
	/* Letters of symbol fonts stand in the private area, above their byte. */
	if (unit >= 0xf020 && unit < 0xf080)
		unit -= 0xf000;
	extract_rtf_flow_letter(r, unit >= 0x20 ? unit : ' ');
}

static void put_nibble(struct rtf *r, uint8_t c)
{
	int v = isdigit(c) ? c - '0' : isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;

	if (v < 0)
		return;
	if (r->nibble >= 0)
		buf_put_u8(&r->bytes, (uint8_t)(r->nibble << 4 | v));
	r->nibble = r->nibble >= 0 ? -1 : v;
}

void extract_rtf_flow_byte(struct rtf *r, uint8_t c)
{
	if (r->skip > 0) {
		r->skip--;
		return;
	}
	if (rtf_is_hex(rtf_top(r)->kind)) {
		put_nibble(r, c);
		return;
	}
	if (c == 0x7f)
		return;
	if (r->pending.len >= PENDING_MAX - 1)
		extract_rtf_flow_flush(r);
	buf_put_u8(&r->pending, c >= 0x20 ? c : ' ');
}

void extract_rtf_flow_break(struct rtf *r)
{
	const struct rtf_group *g = rtf_top(r);

	extract_rtf_flow_flush(r);
	if (g->kind != RTF_PLACE)
		put_utf8(r, " ", 1);
	else if (g->deleted || hides(r, g) != NULL)
		say(r, "\n", 1);
	else
		extract_text(r->part, g->where, "\n", 1);
}

/* --- groups --- */

void extract_rtf_flow_open(struct rtf *r)
{
	struct rtf_group g = *rtf_top(r);

	extract_rtf_flow_flush(r);
	if (r->depth + 1 == EXTRACT_DEPTH_MAX) {
		r->error = SL_E_LIMIT;
		return;
	}
	g.owns = g.starred = false;
	r->stack[++r->depth] = g;
	r->skip = 0;
}

static void end_value(struct rtf *r, const struct rtf_group *g)
{
	const char *s = buf_str(&r->value) + g->start;
	size_t len = r->value.len - g->start;
	bool wordy = false;

	for (size_t i = 0; i < len; i++)
		wordy = wordy || (uint8_t)s[i] >= 0x80 || isalpha((unsigned char)s[i]);
	if (g->kind == RTF_FIELD)
		extract_rtf_field(r->part, s, len);
	else if (g->kind != RTF_SHAPE)
		extract_rtf_property(r->part, g->word, s, len);
	else if (wordy)
		extract_line(r->part, WHERE_ALT, NULL, s, len);
	buf_cut(&r->value, g->start);
}

void extract_rtf_flow_close(struct rtf *r)
{
	const struct rtf_group *g = rtf_top(r);

	extract_rtf_flow_flush(r);
	r->skip = 0;
	/* Tables of authors have an inner group for each. */
	if (rtf_is_value(g->kind) && (g->owns || r->value.len > g->start))
		end_value(r, g);
	if (g->owns && rtf_is_hex(g->kind)) {
		if (r->bytes.len > 0 && r->error == SL_OK)
			r->error = extract_rtf_file(r->x, g->kind, g->word, ++r->files,
						    r->bytes.data, r->bytes.len);
		buf_clear(&r->bytes);
	}
	if (g->owns && g->kind == RTF_PLACE) {
		end_run(r);
		extract_line_end(r->part, g->where);
		if (g->where == WHERE_COMMENT)
			extract_mark(r->part, "DH-002", SEV_S1, WHERE_COMMENT, g->start,
				     "comment");
	}
	if (g->kind == RTF_TABLE || g->kind == RTF_FONTS)
		extract_line_end(r->part, WHERE_METADATA);
	r->depth--;
}

/* The text of this group is something else from here on. */
void extract_rtf_flow_become(struct rtf *r, enum rtf_action kind, enum segment_where where,
			     const char *word)
{
	struct rtf_group *g = rtf_top(r);

	extract_rtf_flow_flush(r);
	if (kind == RTF_PLACE && where != g->where) {
		end_run(r);
		extract_line_end(r->part, where);
	}
	g->kind = kind;
	g->where = where;
	g->word = word;
	g->owns = true;
	g->start = rtf_is_value(kind)  ? r->value.len
		   : kind == RTF_PLACE ? extract_stream_len(r->part, where)
				       : 0;
	if (rtf_is_hex(kind)) {
		buf_clear(&r->bytes);
		r->nibble = -1;
	}
}

void extract_rtf_flow_init(struct rtf *r, struct extract *x)
{
	r->x = x;
	r->part = extract_file(x);
	r->nibble = -1;
	r->stack[0] = (struct rtf_group){.kind = RTF_PLACE,
					 .where = WHERE_BODY,
					 .word = "",
					 .size = RTF_SIZE_USUAL,
					 .far_size = RTF_SIZE_USUAL,
					 .skip = 1};
	buf_init(&r->pending, PENDING_MAX);
	buf_init(&r->value, PENDING_MAX);
	buf_init(&r->bytes, FILE_MAX_BYTES);
}

void extract_rtf_flow_release(struct rtf *r)
{
	buf_release(&r->pending);
	buf_release(&r->value);
	buf_release(&r->bytes);
}

int extract_rtf_flow_end(struct rtf *r)
{
	extract_rtf_flow_flush(r);
	end_run(r);
	if (r->error == SL_OK && r->depth > 0)
		extract_fail(r->part, "truncated");
	if (r->error == SL_OK)
		r->error = buf_error(&r->value);
	if (r->error == SL_OK)
		r->error = buf_error(&r->bytes);
	return r->error;
}
