/* extract_mail.c - a mail: what its head shows, and its parts, each a document of its own.
 *
 * Hostile: parts in parts without end, boundaries that two programs would see in two
 * places, names and character sets.  What stands beside the parts is read as hidden. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_html.h"
#include "inspect/extract/extract_mail.h"
#include "inspect/extract/extract_note.h"
#include "inspect/type/identify.h"

enum { PARTS_MAX = 1000, MULTIPART_DEPTH_MAX = 16, FIELD_MAX = 256 << 10 };

struct mail {
	struct extract *x;
	struct extract_part *part;
	unsigned parts;
};

/* --- heads --- */

static void say_field(struct mail *m, const struct mail_field *f)
{
	static const char *const shown[] = {"Subject", "From",	   "To",    "Cc",
					    "Date",    "Reply-To", "Sender"};
	enum segment_where where = WHERE_METADATA;
	size_t start;
	char name[64];
	struct buf words;
	int r;

	buf_init(&words, FIELD_MAX * 4);
	r = extract_mail_words(buf_str(&f->value), f->value.len, &words);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (extract_mail_is(f, shown[i]))
			where = WHERE_BODY;
	/* Names of fields are printable ASCII, see extract_mail_field. */
	(void)snprintf(name, sizeof(name), "%.*s", (int)(f->name_len < 60 ? f->name_len : 60),
		       f->name);
	for (char *c = name; *c != '\0'; c++)
		*c = (uint8_t)*c < 0x7f ? *c : '?';
	start = extract_stream_len(m->part, where);
	if (r == SL_OK)
		extract_line(m->part, where, name,
			     buf_str(&words) + strspn(buf_str(&words), " \t"),
			     words.len - strspn(buf_str(&words), " \t"));
	else if (r == SL_E_NOMEM)
		m->x->nomem = true;
	else
		extract_fail(m->part, extract_reason(r));
	if (extract_mail_is(f, "Bcc"))
		extract_mark(m->part, "DH-003", SEV_S1, where, start, "hidden-recipient");
	else if (extract_mail_is(f, "X-Originating-IP"))
		extract_mark(m->part, "DH-004", SEV_S4, where, start, "sender");
	buf_release(&words);
}

/* Reads the head; returns the bytes it takes with the empty line after it. */
static size_t read_head(struct mail *m, const char *s, size_t len, bool whole,
			struct mail_head *h)
{
	struct mail_field f = {.name = NULL};
	size_t at = 0, n;

	*h = (struct mail_head){.twice = false};
	buf_init(&f.value, FIELD_MAX);
	while (at < len && s[at] != '\n' && s[at] != '\r') {
		n = extract_mail_field(s + at, len - at, &f);
		if (n == 0) {
			extract_fail(m->part, "corrupt");
			break;
		}
		if (buf_error(&f.value) != SL_OK)
			extract_fail(m->part, extract_reason(buf_error(&f.value)));
		extract_mail_note(&f, h);
		if (whole || strncasecmp(f.name, "Content-", 8) != 0 ||
		    extract_mail_is(&f, "Content-Description"))
			say_field(m, &f);
		at += n;
	}
	buf_release(&f.value);
	if (at < len && s[at] == '\r')
		at++;
	if (at < len && s[at] == '\n')
		at++;
	if (h->twice)
		extract_fail(m->part, "polyglot");
	return at;
}

/* --- bodies --- */

/* Bytes of a body as they were before the mail.  SL_E_FORMAT, SL_E_UNSUPPORTED. */
static int decode(const struct mail_head *h, const char *s, size_t len, struct buf *out)
{
	if (strcmp(h->encoding, "base64") == 0) {
		if (!extract_base64(s, len, out) && buf_error(out) == SL_OK)
			return SL_E_FORMAT;
	} else if (strcmp(h->encoding, "quoted-printable") == 0) {
		extract_quoted(s, len, false, out);
	} else if (h->encoding[0] == '\0' || strcmp(h->encoding, "7bit") == 0 ||
		   strcmp(h->encoding, "8bit") == 0 || strcmp(h->encoding, "binary") == 0) {
		buf_put(out, s, len);
	} else {
		return SL_E_UNSUPPORTED;
	}
	return buf_error(out);
}

static bool is_text(const struct mail_head *h)
{
	return h->type[0] == '\0' || strncmp(h->type, "text/", 5) == 0;
}

/* Into UTF-8 with a mark, which every reader of text here obeys.  A page that names its
 * character set itself must name the same one. */
static int to_utf8(const struct mail_head *h, struct buf *bytes)
{
	enum extract_charset named = EXTRACT_DETECT, own = EXTRACT_DETECT;
	struct buf text;
	int r;

	if (strcmp(h->type, "text/html") == 0) {
		r = extract_html_charset((const uint8_t *)buf_str(bytes), bytes->len, &own);
		if (r == SL_OK && h->charset[0] != '\0')
			r = extract_html_charset_named(h->charset, strlen(h->charset), &named);
		if (r != SL_OK || own != EXTRACT_DETECT)
			return r != SL_OK				 ? r
			       : named == EXTRACT_DETECT || named == own ? SL_OK
									 : SL_E_UNSUPPORTED;
	}
	buf_init(&text, bytes->max + 3);
	buf_put(&text, "\xef\xbb\xbf", 3);
	r = extract_mail_charset(h->charset, buf_str(bytes), bytes->len, &text);
	if (r == SL_OK) {
		buf_release(bytes);
		*bytes = text;
		return SL_OK;
	}
	buf_release(&text);
	return r;
}

/* A name for what has none, so that its kind can be told. */
static void name_of(const struct mail *m, const struct mail_head *h, char *out, size_t cap)
{
	const char *end = strcmp(h->type, "text/html") == 0	   ? "html"
			  : strcmp(h->type, "message/rfc822") == 0 ? "eml"
			  : strcmp(h->type, "text/calendar") == 0  ? "ics"
			  : is_text(h)				   ? "txt"
								   : "";

	if (h->name[0] != '\0')
		(void)snprintf(out, cap, "%s", h->name);
	else
		(void)snprintf(out, cap, "part-%u%s%s", m->parts, end[0] != '\0' ? "." : "",
			       end);
}

static const char *refusal(const struct mail_head *h)
{
	static const char *const locked[] = {"application/pkcs7-mime",
					     "application/x-pkcs7-mime",
					     "application/pgp-encrypted"};

	for (size_t i = 0; i < sizeof(locked) / sizeof(locked[0]); i++)
		if (strcmp(h->type, locked[i]) == 0)
			return "encrypted";
	return strcmp(h->type, "message/external-body") == 0 ||
			       strcmp(h->type, "message/partial") == 0
		       ? "unsupported"
		       : NULL;
}

static int read_body(struct mail *m, const struct mail_head *h, const char *s, size_t len)
{
	char name[MAIL_NAME_MAX];
	size_t max = EXTRACT_UNPACKED_MAX - m->x->unpacked;
	struct extract_part *p;
	struct buf bytes;
	int r;

	m->parts++;
	name_of(m, h, name, sizeof(name));
	p = extract_part_new(m->x, name, len);
	if (p == NULL)
		return m->x->nomem ? SL_E_NOMEM : SL_OK;
	buf_init(&bytes, max);
	r = decode(h, s, len, &bytes);
	if (r == SL_OK && is_text(h) && h->name[0] == '\0')
		r = to_utf8(h, &bytes);
	m->x->unpacked += bytes.len < max ? bytes.len : max;
	p->object.bytes = bytes.len;
	if (r == SL_E_NOMEM) {
		buf_release(&bytes);
		return r;
	}
	if (refusal(h) != NULL)
		extract_fail(p, refusal(h));
	else if (r != SL_OK)
		extract_fail(p, extract_reason(r));
	else if (bytes.len > 0 && !(bytes.len == 3 && bytes.data[0] == 0xef))
		r = extract_nested(m->x, p, name, &bytes);
	if (r == SL_OK && h->type[0] != '\0' && h->name[0] != '\0' &&
	    !identify_declared_agrees(p->object.type, h->type))
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "declared");
	buf_release(&bytes);
	return r == SL_E_NOMEM ? r : SL_OK;
}

/* --- parts --- */

/* The next line "--boundary" at or after *at: its start, and the place after it.  `last`:
 * it ends with "--".  false: no more. */
static bool next_boundary(const char *s, size_t len, size_t *at, const char *boundary,
			  size_t *ret_start, bool *ret_last)
{
	size_t n = strlen(boundary);

	while (*at < len) {
		const char *end = memchr(s + *at, '\n', len - *at);
		size_t line = *at, stop = end != NULL ? (size_t)(end - s) : len, rest;

		*at = stop + (end != NULL);
		if (stop - line < n + 2 || s[line] != '-' || s[line + 1] != '-' ||
		    memcmp(s + line + 2, boundary, n) != 0)
			continue;
		rest = line + 2 + n;
		*ret_last = stop - rest >= 2 && s[rest] == '-' && s[rest + 1] == '-';
		rest += *ret_last ? 2 : 0;
		while (rest < stop && isspace((unsigned char)s[rest]))
			rest++;
		if (rest != stop)
			continue;
		*ret_start = line;
		return true;
	}
	return false;
}

/* Text before the first part and after the last: no program shows it. */
static void say_beside(struct mail *m, const char *s, size_t len)
{
	static const char usual[] = "This is a multi-part message in MIME format.";
	size_t start = extract_stream_len(m->part, WHERE_HIDDEN);
	struct buf text;
	int r;

	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	if (len == 0 || (len == sizeof(usual) - 1 && memcmp(s, usual, len) == 0))
		return;
	buf_init(&text, EXTRACT_UNPACKED_MAX);
	r = extract_mail_charset("", s, len, &text);
	if (r == SL_OK) {
		extract_line_end(m->part, WHERE_HIDDEN);
		extract_text(m->part, WHERE_HIDDEN, buf_str(&text), text.len);
		extract_line_end(m->part, WHERE_HIDDEN);
		extract_mark(m->part, "DH-003", SEV_S1, WHERE_HIDDEN, start,
			     "beside-the-parts");
	} else if (r == SL_E_NOMEM) {
		m->x->nomem = true;
	} else {
		extract_fail(m->part, extract_reason(r));
	}
	buf_release(&text);
}

static int read_part(struct mail *m, const char *s, size_t len, unsigned depth, bool whole);

static int read_multipart(struct mail *m, const struct mail_head *h, const char *s, size_t len,
			  unsigned depth)
{
	size_t at = 0, start = 0, from;
	bool last = false;
	int r = SL_OK;

	if (strcmp(h->type, "multipart/encrypted") == 0)
		extract_fail(m->part, "encrypted");
	if (h->boundary[0] == '\0' || depth >= MULTIPART_DEPTH_MAX ||
	    !next_boundary(s, len, &at, h->boundary, &start, &last) || last) {
		extract_fail(m->part, depth >= MULTIPART_DEPTH_MAX ? "over-limit" : "corrupt");
		return SL_OK;
	}
	say_beside(m, s, start);
	while (r == SL_OK && !last) {
		size_t end = len;

		from = at;
		if (m->parts >= PARTS_MAX) {
			extract_fail(m->part, "over-limit");
			return SL_OK;
		}
		if (next_boundary(s, len, &at, h->boundary, &start, &last)) {
			end = start;
			/* The line break before a boundary belongs to it. */
			if (end > from && s[end - 1] == '\n')
				end--;
			if (end > from && s[end - 1] == '\r')
				end--;
		} else {
			extract_fail(m->part, "truncated");
			last = true;
		}
		r = read_part(m, s + from, end - from, depth + 1, false);
	}
	if (r == SL_OK && at < len)
		say_beside(m, s + at, len - at);
	return r;
}

static int read_part(struct mail *m, const char *s, size_t len, unsigned depth, bool whole)
{
	struct mail_head h;
	size_t n = read_head(m, s, len, whole, &h);

	if (strncmp(h.type, "multipart/", 10) == 0) {
		/* Packed parts are seen by some programs and not by others. */
		if (strcmp(h.encoding, "base64") == 0 ||
		    strcmp(h.encoding, "quoted-printable") == 0)
			extract_fail(m->part, "corrupt");
		return read_multipart(m, &h, s + n, len - n, depth);
	}
	return read_body(m, &h, s + n, len - n);
}

int extract_mail_document(struct extract *x)
{
	struct mail m = {.x = x, .part = extract_file(x)};
	int r = read_part(&m, (const char *)x->bytes, x->len, 0, true);

	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
