/* office_runs.c - see runs, weigh them, say those that are text.
 *
 * Hostile: everything.  Runs are bounded only by the input; a long one is said in pieces
 * of RUN_MAX characters. */
#include "inspect/office/office_runs.h"

#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_decode.h"

enum {
	HAN_LEAST = 8,
	USUAL_PERCENT = 85,
	DIGITS_LEAST = 11,
	DIGITS_MOST = 40,
	DISTINCT_LEAST = 4, /* "00000000000" is filling */
	LEVEL_1_FIRST = 0xb0,
	LEVEL_1_LAST = 0xd7, /* rows of GB 2312 with the usual characters, by sound */
	RUN_MAX = 4096,
};

static uint8_t usual[65536 / 8]; /* by code point */

/* What a run holds. */
struct weight {
	size_t chars, han, usual;
	size_t digits; /* in the row that ends here */
	uint32_t kinds;
	bool number;
};

static bool is_usual(uint32_t c)
{
	return c < 65536 && (usual[c / 8] & (1u << (c % 8))) != 0;
}

int office_runs_load(void)
{
	for (unsigned lead = LEVEL_1_FIRST; lead <= LEVEL_1_LAST; lead++) {
		for (unsigned trail = 0xa1; trail <= 0xfe; trail++) {
			const uint8_t pair[2] = {(uint8_t)lead, (uint8_t)trail};
			const char *s = NULL;
			size_t len = 0, used;
			struct buf own;
			uint32_t c = 0;

			buf_init(&own, 64);
			if (extract_decode(pair, 2, EXTRACT_GB18030, &own, &s, &len) == SL_OK)
				c = text_decode(s, len, &used);
			buf_release(&own);
			/* The last five places of row 55 are empty. */
			if (c >= 0x4e00 && c < 0xa000)
				usual[c / 8] |= (uint8_t)(1u << (c % 8));
		}
	}
	return is_usual(0x7684) ? SL_OK : SL_E_CONFIG;
}

static void weigh(struct weight *w, uint32_t c)
{
	bool han = (c >= 0x3400 && c < 0x4dc0) || (c >= 0x4e00 && c < 0xa000);

	w->chars++;
	w->han += han;
	w->usual += is_usual(c);
	if (c < '0' || c > '9') {
		w->digits = 0;
		w->kinds = 0;
		return;
	}
	w->kinds |= 1u << (c - '0');
	w->digits++;
	if (w->digits >= DIGITS_LEAST && w->digits <= DIGITS_MOST &&
	    __builtin_popcount(w->kinds) >= DISTINCT_LEAST)
		w->number = true;
}

static bool is_text(const struct weight *w)
{
	return w->number || (w->usual >= HAN_LEAST && w->usual * 100 >= w->han * USUAL_PERCENT);
}

/* Can this stand in a text? */
static bool printable(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n' || c == 0xb7 ||
	       (c >= 0x2010 && c < 0x2040) || (c >= 0x3000 && c < 0x3040) ||
	       (c >= 0x3400 && c < 0x4dc0) || (c >= 0x4e00 && c < 0xa000) ||
	       (c >= 0xff00 && c < 0xfff0);
}

static void say(struct extract_part *p, const char *s, size_t len, const char *evidence)
{
	size_t start;

	extract_line_end(p, WHERE_OLD_REVISION);
	start = extract_stream_len(p, WHERE_OLD_REVISION);
	extract_line(p, WHERE_OLD_REVISION, NULL, s, len);
	extract_mark(p, "DH-007", SEV_S1, WHERE_OLD_REVISION, start, evidence);
}

static void say_utf16(struct extract_part *p, const uint8_t *b, size_t chars,
		      const char *evidence)
{
	char text[RUN_MAX * 3];
	size_t n = 0;

	for (size_t i = 0; i < chars; i++) {
		uint32_t c = (uint32_t)(b[2 * i] | b[2 * i + 1] << 8);

		if (c < 0x80) {
			text[n++] = (char)c;
		} else if (c < 0x800) {
			text[n++] = (char)(0xc0 | c >> 6);
			text[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			text[n++] = (char)(0xe0 | c >> 12);
			text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			text[n++] = (char)(0x80 | (c & 0x3f));
		}
	}
	say(p, text, n, evidence);
}

static void utf16_runs(struct extract_part *p, const uint8_t *b, size_t len,
		       const char *evidence)
{
	struct weight w = {0};
	size_t from = 0;

	for (size_t at = 0; at + 2 <= len + 2; at += 2) {
		uint32_t c = (at + 2 <= len) ? (uint32_t)(b[at] | b[at + 1] << 8) : 0;
		bool inside = printable(c);

		if (inside)
			weigh(&w, c);
		if (inside && w.chars < RUN_MAX)
			continue;
		if (is_text(&w))
			say_utf16(p, b + from, w.chars, evidence);
		w = (struct weight){0};
		from = at + 2;
	}
}

/* Bytes of the character at b: 1 or 2; 0 when none can stand there. */
static size_t gbk_char(const uint8_t *b, size_t len, uint32_t *ret_c)
{
	if (printable(b[0]) && b[0] < 0x80) {
		*ret_c = b[0];
		return 1;
	}
	if (len < 2 || b[0] < 0x81 || b[0] == 0xff || b[1] < 0x40 || b[1] == 0x7f ||
	    b[1] == 0xff)
		return 0;
	*ret_c = 0x3000; /* a sign */
	if (b[0] >= LEVEL_1_FIRST && b[0] <= LEVEL_1_LAST && b[1] >= 0xa1)
		*ret_c = 0x7684; /* stands for any usual one */
	else if (b[0] < 0xa1 || b[0] > 0xa9)
		*ret_c = 0x3400; /* and this for any other */
	return 2;
}

static void say_gbk(struct extract_part *p, const uint8_t *b, size_t len, const char *evidence)
{
	const char *s = "?";
	size_t n = 1;
	struct buf own;

	buf_init(&own, RUN_MAX * 6);
	/* Bytes that no table has are still a finding. */
	if (extract_decode(b, len, EXTRACT_GB18030, &own, &s, &n) != SL_OK) {
		s = "?";
		n = 1;
	}
	say(p, s, n, evidence);
	buf_release(&own);
}

static void gbk_runs(struct extract_part *p, const uint8_t *b, size_t len, const char *evidence)
{
	struct weight w = {0};
	size_t from = 0, at = 0;

	while (at <= len) {
		uint32_t c = 0;
		size_t n = (at < len) ? gbk_char(b + at, len - at, &c) : 0;

		if (n > 0)
			weigh(&w, c);
		at += n;
		if (n > 0 && w.chars < RUN_MAX)
			continue;
		if (is_text(&w))
			say_gbk(p, b + from, at - from, evidence);
		w = (struct weight){0};
		at += (n == 0);
		from = at;
	}
}

void office_runs(struct extract_part *p, const uint8_t *bytes, size_t len, const char *evidence)
{
	utf16_runs(p, bytes, len, evidence);
	if (len > 0)
		utf16_runs(p, bytes + 1, len - 1, evidence);
	gbk_runs(p, bytes, len, evidence);
}
