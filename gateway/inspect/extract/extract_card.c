/* extract_card.c - calendars and cards (RFC 5545, RFC 6350): folded lines, values, parts.
 *
 * Hostile: all of it.  Shown is the value; parameters and fields that calendars keep to
 * themselves are metadata, what is packed in base64 is a document of its own. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_props.h"

enum { LINE_MAX_BYTES = 64 << 20, NAME_MAX_BYTES = 64, NAME_SHOWN = 41 };

struct card {
	struct extract *x;
	struct extract_part *part;
	unsigned files;
	struct buf line; /* unfolded */
};

/* What a person who opens the file reads. */
static bool is_shown(const char *name)
{
	static const char *const names[] = {
		"SUMMARY", "DESCRIPTION", "LOCATION", "FN",   "N",	    "ORG",   "TITLE",
		"ROLE",	   "TEL",	  "EMAIL",    "ADR",  "NOTE",	    "LABEL", "NICKNAME",
		"DTSTART", "DTEND",	  "URL",      "BDAY", "CATEGORIES", "DUE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* "\n", "\," and the like. */
static void unescape(const char *s, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '\\' && i + 1 < len) {
			c = s[++i];
			c = (c == 'n' || c == 'N') ? ' ' : c;
		}
		buf_put_u8(out, (uint8_t)c);
	}
}

static int read_file(struct card *c, const char *name, const char *s, size_t len)
{
	char member[NAME_MAX_BYTES];
	struct extract_part *p;
	struct buf bytes;
	int r = SL_OK;

	(void)snprintf(member, sizeof(member), "%.40s-%u", name, ++c->files);
	p = extract_part_new(c->x, member, len);
	if (p == NULL)
		return c->x->nomem ? SL_E_NOMEM : SL_OK;
	buf_init(&bytes, len);
	if (!extract_base64(s, len, &bytes)) {
		r = buf_error(&bytes) == SL_E_NOMEM ? SL_E_NOMEM : SL_OK;
		extract_fail(p, "corrupt");
	} else {
		p->object.bytes = bytes.len;
		r = extract_nested(c->x, p, member, &bytes);
	}
	buf_release(&bytes);
	return r;
}

static void say(struct card *c, const char *name, const char *s, size_t len)
{
	struct extract_part *p = c->part;
	size_t start;

	if (strcasecmp(name, "GEO") == 0) {
		extract_property(p, "GPSPosition", s, len);
	} else if (strcasecmp(name, "ORGANIZER") == 0 || strcasecmp(name, "PRODID") == 0) {
		extract_property(p, name, s, len);
	} else if (strcasecmp(name, "COMMENT") == 0) {
		start = extract_stream_len(p, WHERE_COMMENT);
		extract_line(p, WHERE_COMMENT, NULL, s, len);
		extract_mark(p, "DH-002", SEV_S1, WHERE_COMMENT, start, "comment");
	} else {
		extract_line(p, is_shown(name) ? WHERE_BODY : WHERE_METADATA, name, s, len);
	}
}

static int say_value(struct card *c, const char *name, const char *s, size_t len,
		     bool printable)
{
	struct buf value, own;
	const char *text;
	size_t text_len;
	int r;

	buf_init(&value, LINE_MAX_BYTES);
	buf_init(&own, LINE_MAX_BYTES);
	if (printable)
		extract_quoted(s, len, false, &value);
	else
		unescape(s, len, &value);
	r = buf_error(&value);
	if (r == SL_OK)
		r = extract_decode((const uint8_t *)buf_str(&value), value.len, EXTRACT_DETECT,
				   &own, &text, &text_len);
	if (r == SL_OK)
		say(c, name, text, text_len);
	buf_release(&value);
	buf_release(&own);
	return r;
}

/* Where the value begins: behind the first colon that is in no quotes; len: nowhere. */
static size_t find_value(const char *s, size_t len)
{
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		quoted = quoted != (s[i] == '"');
		if (s[i] == ':' && !quoted)
			return i + 1;
	}
	return len;
}

static bool has(const char *s, size_t len, const char *word)
{
	return memmem(s, len, word, strlen(word)) != NULL;
}

/* name;parameters:value */
static int read_line(struct card *c)
{
	const char *s = buf_str(&c->line), *dot;
	size_t len = c->line.len, at = find_value(s, len), n = strcspn(s, ";:");
	char name[NAME_MAX_BYTES];
	size_t from;

	if (n >= len || at == len) {
		extract_line(c->part, WHERE_METADATA, NULL, s, len);
		return SL_OK;
	}
	dot = memchr(s, '.', n); /* "item1.TEL" */
	from = dot != NULL ? (size_t)(dot + 1 - s) : 0;
	(void)text_safe(s + from, n - from, name, NAME_SHOWN);
	if (at > n + 1)
		extract_line(c->part, WHERE_METADATA, name, s + n + 1, at - n - 2);
	if (has(s + n, at - n, "BASE64") || has(s + n, at - n, "ENCODING=b") ||
	    has(s + n, at - n, "ENCODING=B"))
		return read_file(c, name, s + at, len - at);
	return say_value(c, name, s + at, len - at, has(s + n, at - n, "QUOTED-PRINTABLE"));
}

/* A line goes on where the next begins with a blank, or where quoted-printable ends with
 * "=" (vCard 2.1). */
static int read_lines(struct card *c, const char *s, size_t len)
{
	int r = SL_OK;

	while (r == SL_OK && len > 0) {
		const char *line = s, *end = memchr(s, '\n', len);
		size_t n = end != NULL ? (size_t)(end - s) : len, stop = n;
		bool soft;

		while (stop > 0 && line[stop - 1] == '\r')
			stop--;
		buf_put(&c->line, line, stop);
		n += end != NULL;
		s += n;
		len -= n;
		soft = stop > 0 && line[stop - 1] == '=' &&
		       strcasestr(buf_str(&c->line), "QUOTED-PRINTABLE") != NULL;
		if (soft) {
			buf_cut(&c->line, c->line.len - 1);
			continue;
		}
		if (len > 0 && (*s == ' ' || *s == '\t')) {
			s++;
			len--;
			continue;
		}
		r = buf_error(&c->line);
		if (r == SL_OK && c->line.len > 0)
			r = read_line(c);
		buf_clear(&c->line);
	}
	return r;
}

int extract_card_document(struct extract *x)
{
	struct card c = {.x = x, .part = extract_file(x)};
	struct buf own;
	const char *s;
	size_t len;
	int r;

	buf_init(&c.line, LINE_MAX_BYTES);
	buf_init(&own, SEGMENT_TOTAL_MAX);
	r = extract_decode(x->bytes, x->len, EXTRACT_DETECT, &own, &s, &len);
	if (r == SL_OK)
		r = read_lines(&c, s, len);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(c.part, extract_reason(r));
	buf_release(&c.line);
	buf_release(&own);
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
