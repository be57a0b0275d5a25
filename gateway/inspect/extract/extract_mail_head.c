/* extract_mail_head.c - fields of a mail: folded lines, encoded words, parameters.
 *
 * Hostile: all of it.  Programs differ in which of two equal fields or parameters they
 * believe, so that is said and not decided. */
#include "inspect/extract/extract_mail.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_html.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_rtf.h"

enum { FIELD_MAX = 256 << 10, PIECES_MAX = 64, WESTERN = 1252 };

size_t extract_mail_field(const char *s, size_t len, struct mail_field *ret_f)
{
	size_t n = 0, at;

	while (n < len && s[n] > ' ' && s[n] != ':')
		n++;
	if (n == 0 || n == len || s[n] != ':')
		return 0;
	ret_f->name = s;
	ret_f->name_len = n;
	buf_clear(&ret_f->value);
	at = n + 1;
	for (;;) {
		const char *end = memchr(s + at, '\n', len - at);
		size_t line = end != NULL ? (size_t)(end - s) : len, stop = line;

		if (stop > at && s[stop - 1] == '\r')
			stop--;
		buf_put(&ret_f->value, s + at, stop - at);
		at = line + (end != NULL);
		if (at >= len || (s[at] != ' ' && s[at] != '\t'))
			return at;
	}
}

bool extract_mail_is(const struct mail_field *f, const char *name)
{
	return strlen(name) == f->name_len && strncasecmp(name, f->name, f->name_len) == 0;
}

/* --- characters --- */

static bool is_western(const char *charset)
{
	static const char *const names[] = {"iso-8859-1", "windows-1252", "latin1"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(charset, names[i]) == 0)
			return true;
	return false;
}

int extract_mail_charset(const char *charset, const void *bytes, size_t len, struct buf *out)
{
	enum extract_charset cs = EXTRACT_DETECT;
	struct buf own;
	const char *s;
	size_t n;
	int r = SL_OK;

	if (charset[0] != '\0')
		r = extract_html_charset_named(charset, strlen(charset), &cs);
	if (r == SL_OK && cs == EXTRACT_DETECT && is_western(charset))
		return extract_rtf_decode(bytes, len, WESTERN, out);
	/* Here a text that can name itself in ASCII may still be UTF-16. */
	if (strncasecmp(charset, "utf-16", 6) == 0)
		r = SL_E_UNSUPPORTED;
	buf_init(&own, out->max);
	if (r == SL_OK)
		r = extract_decode(bytes, len, cs, &own, &s, &n);
	if (r == SL_OK) {
		buf_put(out, s, n);
		r = buf_error(out);
	}
	buf_release(&own);
	return r;
}

/* "=?charset?B?text?=" at s: bytes it takes, 0 when there is none. */
static size_t encoded_word(const char *s, size_t len, char charset[MAIL_WORD_MAX],
			   struct buf *bytes)
{
	const char *end = s + len, *cs = s + 2, *kind, *text, *stop;
	size_t n;

	if (len < 8 || s[0] != '=' || s[1] != '?')
		return 0;
	kind = memchr(cs, '?', (size_t)(end - cs));
	if (kind == NULL || end - kind < 4 || kind[2] != '?')
		return 0;
	text = kind + 3;
	stop = memmem(text, (size_t)(end - text), "?=", 2);
	n = strcspn(cs, "*?"); /* RFC 2231: a language may follow */
	if (stop == NULL || n == 0 || n >= MAIL_WORD_MAX)
		return 0;
	(void)snprintf(charset, MAIL_WORD_MAX, "%.*s", (int)n, cs);
	if (toupper((unsigned char)kind[1]) == 'Q')
		extract_quoted(text, (size_t)(stop - text), true, bytes);
	else if (toupper((unsigned char)kind[1]) != 'B' ||
		 !extract_base64(text, (size_t)(stop - text), bytes))
		return 0;
	return (size_t)(stop + 2 - s);
}

/* Bytes of words that follow each other belong together: a character may be cut. */
static int put_words(const char *charset, struct buf *bytes, struct buf *out)
{
	int r = SL_OK;

	if (bytes->len > 0)
		r = extract_mail_charset(charset, bytes->data, bytes->len, out);
	buf_clear(bytes);
	return r;
}

int extract_mail_words(const char *s, size_t len, struct buf *out)
{
	char charset[MAIL_WORD_MAX] = "", now[MAIL_WORD_MAX] = "";
	struct buf bytes, raw;
	size_t at = 0;
	int r = SL_OK;

	buf_init(&bytes, FIELD_MAX);
	buf_init(&raw, FIELD_MAX);
	while (r == SL_OK && at < len) {
		size_t blanks = strspn(s + at, " \t"), from = bytes.len, used;

		blanks = blanks < len - at ? blanks : len - at;
		used = encoded_word(s + at + blanks, len - at - blanks, now, &bytes);
		if (used > 0) {
			bool first = from == 0;

			if (raw.len > 0 || (first && blanks > 0))
				buf_put(&raw, s + at, blanks);
			r = put_words("", &raw, out);
			if (!first && strcasecmp(now, charset) != 0) {
				/* What has just been decoded starts anew. */
				struct buf tail;

				buf_init(&tail, FIELD_MAX);
				buf_put(&tail, bytes.data + from, bytes.len - from);
				buf_cut(&bytes, from);
				if (r == SL_OK)
					r = put_words(charset, &bytes, out);
				buf_put(&bytes, buf_str(&tail), tail.len);
				buf_release(&tail);
			}
			memcpy(charset, now, sizeof(charset));
			at += blanks + used;
			continue;
		}
		buf_cut(&bytes, from);
		r = put_words(charset, &bytes, out);
		buf_put(&raw, s + at, blanks + (at + blanks < len));
		at += blanks + 1;
	}
	if (r == SL_OK)
		r = put_words(charset, &bytes, out);
	if (r == SL_OK)
		r = put_words("", &raw, out);
	if (r == SL_OK)
		r = buf_error(out);
	buf_release(&bytes);
	buf_release(&raw);
	return r;
}

/* --- parameters --- */

/* Next "; name=value" of a field; value unquoted into `value`.  false: no more. */
static bool parameter(const char **s, size_t *len, char name[MAIL_WORD_MAX], struct buf *value)
{
	const char *p = memchr(*s, ';', *len);
	size_t left, n = 0;

	if (p == NULL)
		return false;
	p++;
	left = *len - (size_t)(p - *s);
	while (left > 0 && isspace((unsigned char)*p)) {
		p++;
		left--;
	}
	while (n < left && n < MAIL_WORD_MAX - 1 && p[n] != '=' && p[n] != ';' &&
	       !isspace((unsigned char)p[n])) {
		name[n] = (char)tolower((unsigned char)p[n]);
		n++;
	}
	name[n] = '\0';
	p += n;
	left -= n;
	buf_clear(value);
	while (left > 0 && (isspace((unsigned char)*p) || *p == '=')) {
		p++;
		left--;
	}
	if (left > 0 && *p == '"') {
		for (p++, left--; left > 0 && *p != '"'; p++, left--) {
			if (*p == '\\' && left > 1) {
				p++;
				left--;
			}
			buf_put_u8(value, (uint8_t)*p);
		}
	} else {
		for (; left > 0 && *p != ';' && !isspace((unsigned char)*p); p++, left--)
			buf_put_u8(value, (uint8_t)*p);
	}
	*s = p;
	*len = left;
	return true;
}

static void set(char *out, size_t cap, const struct buf *value, bool *twice)
{
	if (out[0] != '\0' && strcmp(out, buf_str(value)) != 0)
		*twice = true;
	if (value->len >= cap)
		*twice = true; /* cut: programs differ */
	(void)snprintf(out, cap, "%s", buf_str(value));
}

static void percent(const struct buf *in, struct buf *out)
{
	const char *s = buf_str(in);

	for (size_t i = 0; i < in->len; i++) {
		unsigned v;

		if (s[i] == '%' && in->len - i > 2 && isxdigit((unsigned char)s[i + 1]) &&
		    isxdigit((unsigned char)s[i + 2]) && sscanf(s + i + 1, "%2x", &v) == 1) {
			buf_put_u8(out, (uint8_t)v);
			i += 2;
		} else {
			buf_put_u8(out, (uint8_t)s[i]);
		}
	}
}

struct name_parts {
	struct buf bytes;
	char charset[MAIL_WORD_MAX];
	bool extended;
};

/* filename, filename*, filename*0, filename*0* (RFC 2231). */
static void name_part(struct name_parts *np, const char *key, const struct buf *value)
{
	const char *star = strchr(key, '*');
	struct buf rest = *value; /* a view: never grows, never released */
	size_t n = strlen(key);

	if (star == NULL || key[n - 1] != '*') {
		buf_put(&np->bytes, buf_str(value), value->len);
		np->extended = np->extended || star != NULL;
		return;
	}
	if (!np->extended) { /* charset'language'text */
		const char *s = buf_str(value), *a = strchr(s, '\''),
			   *b = a != NULL ? strchr(a + 1, '\'') : NULL;

		if (b != NULL) {
			(void)snprintf(np->charset, sizeof(np->charset), "%.*s", (int)(a - s),
				       s);
			rest.data += b + 1 - s;
			rest.len -= (size_t)(b + 1 - s);
		}
		buf_clear(&np->bytes);
	}
	np->extended = true;
	percent(&rest, &np->bytes);
}

static void set_name(struct name_parts *np, struct mail_head *h)
{
	struct buf out;
	int r;

	if (np->bytes.len == 0)
		return;
	buf_init(&out, MAIL_NAME_MAX - 1);
	r = np->charset[0] != '\0'
		    ? extract_mail_charset(np->charset, np->bytes.data, np->bytes.len, &out)
		    : extract_mail_words(buf_str(&np->bytes), np->bytes.len, &out);
	if (r == SL_OK)
		set(h->name, sizeof(h->name), &out, &h->twice);
	else
		(void)snprintf(h->name, sizeof(h->name), "?");
	buf_release(&out);
}

static void parameters(const char *s, size_t len, struct mail_head *h)
{
	struct name_parts np = {.extended = false};
	char key[MAIL_WORD_MAX];
	struct buf value;

	buf_init(&value, FIELD_MAX);
	buf_init(&np.bytes, MAIL_NAME_MAX * 4);
	for (unsigned i = 0; i < PIECES_MAX && parameter(&s, &len, key, &value); i++) {
		if (strcmp(key, "charset") == 0)
			set(h->charset, sizeof(h->charset), &value, &h->twice);
		else if (strcmp(key, "boundary") == 0)
			set(h->boundary, sizeof(h->boundary), &value, &h->twice);
		else if (strncmp(key, "filename", 8) == 0 || strcmp(key, "name") == 0 ||
			 strncmp(key, "name*", 5) == 0)
			name_part(&np, key, &value);
	}
	set_name(&np, h);
	buf_release(&value);
	buf_release(&np.bytes);
}

void extract_mail_note(const struct mail_field *f, struct mail_head *h)
{
	const char *s = buf_str(&f->value) + strspn(buf_str(&f->value), " \t");
	size_t len = strlen(s), n = strcspn(s, "; \t");
	bool type = extract_mail_is(f, "Content-Type");
	char *out = type ? h->type : h->encoding;

	if (type || extract_mail_is(f, "Content-Transfer-Encoding")) {
		h->twice = h->twice || out[0] != '\0';
		(void)snprintf(out, MAIL_WORD_MAX, "%.*s", (int)(n < 100 ? n : 100), s);
		for (char *c = out; *c != '\0'; c++)
			*c = (char)tolower((unsigned char)*c);
	}
	if (type || extract_mail_is(f, "Content-Disposition"))
		parameters(s, len, h);
}
