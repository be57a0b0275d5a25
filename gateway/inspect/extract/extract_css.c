/* extract_css.c - style sheets in pieces: rules, declarations, strings.
 *
 * Hostile: all of it.  Each walk goes forward only, and what does not end goes on to the end
 * of the text, as browsers have it. */
#include "inspect/extract/extract_css.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { ESCAPE_DIGITS = 6, PRELUDE_MAX = 4096 };

/* An escape at s[0] == '\\' (CSS Syntax 3, 4.3.7): bytes it takes. */
static size_t unescape(const char *s, size_t len, struct buf *out)
{
	size_t n = 1, digits = 0;
	uint32_t v = 0;
	char c[4];

	while (n < len && digits < ESCAPE_DIGITS && isxdigit((unsigned char)s[n])) {
		int d = tolower((unsigned char)s[n++]);

		v = v << 4 | (uint32_t)(isdigit(d) ? d - '0' : d - 'a' + 10);
		digits++;
	}
	if (digits == 0) {
		if (n < len && s[n] != '\n')
			buf_put_u8(out, (uint8_t)s[n]);
		return n < len ? 2 : 1;
	}
	if (v >= 0x20 && text_encode(v, c) > 0)
		buf_put(out, c, text_encode(v, c));
	return n + (n < len && isspace((unsigned char)s[n]));
}

/* Bytes of the comment at s, 0: none begins here. */
static size_t comment(const char *s, size_t len)
{
	const char *end;

	if (len < 2 || s[0] != '/' || s[1] != '*')
		return 0;
	end = memmem(s + 2, len - 2, "*/", 2);
	return end != NULL ? (size_t)(end - s) + 2 : len;
}

void extract_css_plain(const char *s, size_t len, struct buf *out)
{
	for (size_t at = 0; at < len;) {
		size_t n = comment(s + at, len - at);

		if (n > 0)
			at += n;
		else if (s[at] == '\\')
			at += unescape(s + at, len - at, out);
		else
			buf_put_u8(out, (uint8_t)s[at++]);
	}
}

bool extract_css_ident(const char *s, size_t len, size_t *at, struct buf *out)
{
	unsigned char c = *at < len ? (unsigned char)s[*at] : 0;

	if (c == '\\') {
		*at += unescape(s + *at, len - *at, out);
		return true;
	}
	if (!isalnum(c) && c != '-' && c != '_' && c < 0x80)
		return false;
	buf_put_u8(out, c);
	(*at)++;
	return true;
}

/* Bytes of the string that a quote at s[0] begins; a bare line break ends it. */
static size_t string_end(const char *s, size_t len)
{
	size_t n = 1;

	while (n < len && s[n] != s[0] && s[n] != '\n')
		n += s[n] == '\\' && n + 1 < len ? 2 : 1;
	return n < len && s[n] == s[0] ? n + 1 : n;
}

/* Bytes before the first of `stops` that stands in no string, comment or bracket. */
static size_t span(const char *s, size_t len, const char *stops)
{
	size_t at = 0, deep = 0;

	while (at < len) {
		char c = s[at];
		size_t n = comment(s + at, len - at);

		if (n > 0) {
			at += n;
		} else if (c == '"' || c == '\'') {
			at += string_end(s + at, len - at);
		} else if (c == '\\') {
			at += len - at > 1 ? 2 : 1;
		} else {
			if (deep == 0 && c != '\0' && strchr(stops, c) != NULL)
				return at;
			deep += c == '(' || c == '[';
			deep -= (c == ')' || c == ']') && deep > 0;
			at++;
		}
	}
	return len;
}

/* Bytes of a block after its brace, up to the brace that ends it. */
static size_t block_end(const char *s, size_t len)
{
	size_t at = 0, deep = 0;

	while (at < len) {
		at += span(s + at, len - at, "{}");
		if (at == len || (s[at] == '}' && deep == 0))
			return at;
		deep += s[at] == '{';
		deep -= s[at] == '}';
		at++;
	}
	return len;
}

/* --- declarations --- */

static void put_plain(char *out, size_t cap, const char *s, size_t len)
{
	struct buf b;
	const char *from;
	size_t n;

	buf_init(&b, len + 1);
	extract_css_plain(s, len, &b);
	from = buf_str(&b);
	n = b.len;
	while (n > 0 && isspace((unsigned char)from[0])) {
		from++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)from[n - 1]))
		n--;
	n = n < cap ? n : cap - 1;
	memcpy(out, from, n);
	out[n] = '\0';
	buf_release(&b);
}

/* "… !important" loses that word. */
static bool take_important(char *value)
{
	char *mark = strrchr(value, '!');
	size_t n;

	if (mark == NULL || strcasecmp(mark + 1 + strspn(mark + 1, " \t\r\n\f"), "important"))
		return false;
	for (n = (size_t)(mark - value); n > 0 && isspace((unsigned char)value[n - 1]); n--)
		;
	value[n] = '\0';
	return true;
}

bool extract_css_next(const char *s, size_t len, size_t *at, struct css_declaration *ret_d)
{
	while (*at < len) {
		const char *from = s + *at;
		size_t n = span(from, len - *at, ";{}"), colon;

		*at += n;
		if (*at < len && s[*at] == '{') { /* a rule inside this one */
			*at += 1 + block_end(s + *at + 1, len - *at - 1);
			*at += *at < len;
			continue;
		}
		*at += *at < len;
		colon = span(from, n, ":");
		if (colon == n)
			continue;
		put_plain(ret_d->name, sizeof(ret_d->name), from, colon);
		if (strncmp(ret_d->name, "--", 2) != 0)
			for (char *c = ret_d->name; *c != '\0'; c++)
				*c = (char)tolower((unsigned char)*c);
		ret_d->raw = from + colon + 1;
		ret_d->raw_len = n - colon - 1;
		put_plain(ret_d->value, sizeof(ret_d->value), ret_d->raw, ret_d->raw_len);
		ret_d->important = take_important(ret_d->value);
		return true;
	}
	return false;
}

bool extract_css_string(const char *s, size_t len, size_t *at, struct buf *out)
{
	while (*at < len) {
		size_t n = comment(s + *at, len - *at);

		if (n > 0) {
			*at += n;
		} else if (s[*at] == '"' || s[*at] == '\'') {
			const char *from = s + *at + 1;
			size_t i = 0;

			n = string_end(s + *at, len - *at);
			*at += n;
			n -= n > 1 && from[n - 2] == from[-1] ? 2 : 1;
			while (i < n) {
				if (from[i] == '\\')
					i += unescape(from + i, n - i, out);
				else
					buf_put_u8(out, (uint8_t)from[i++]);
			}
			return true;
		} else {
			*at += s[*at] == '\\' && len - *at > 1 ? 2 : 1;
		}
	}
	return false;
}

/* --- rules --- */

/* What stands before a brace: without comments, with escapes. */
static void put_prelude(char out[PRELUDE_MAX], const char *s, size_t len)
{
	size_t n = 0;

	for (size_t at = 0; at < len && n < PRELUDE_MAX - 1;) {
		size_t skip = comment(s + at, len - at);

		if (skip == 0 && len - at >= 4 && strncmp(s + at, "<!--", 4) == 0)
			skip = 4; /* from the time when sheets were hidden in comments */
		if (skip == 0 && len - at >= 3 && strncmp(s + at, "-->", 3) == 0)
			skip = 3;
		if (skip > 0)
			at += skip;
		else if (n > 0 || !isspace((unsigned char)s[at]))
			out[n++] = s[at++];
		else
			at++;
	}
	while (n > 0 && isspace((unsigned char)out[n - 1]))
		n--;
	out[n] = '\0';
}

/* "@media" and its like hold rules; the others hold declarations. */
static bool holds_rules(const char *prelude)
{
	static const char *const names[] = {"@media",	  "@supports",	"@layer",  "@container",
					    "@-moz-doc",  "@document",	"@scope",  "@starting",
					    "@keyframes", "@-webkit-k", "@-moz-k", "@-o-key"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncasecmp(prelude, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

struct walk {
	css_rule_fn *each;
	void *arg;
};

static void rules_in(const struct walk *w, const char *s, size_t len, bool condition,
		     unsigned deep)
{
	char prelude[PRELUDE_MAX];
	size_t at = 0;

	while (at < len) {
		size_t n = span(s + at, len - at, ";{}"), body;

		if (at + n == len || s[at + n] != '{') {
			at += n + 1;
			continue;
		}
		put_prelude(prelude, s + at, n);
		at += n + 1;
		body = block_end(s + at, len - at);
		if (prelude[0] == '@' && holds_rules(prelude)) {
			if (deep < CSS_DEPTH_MAX)
				rules_in(w, s + at, body, true, deep + 1);
		} else {
			w->each(w->arg, prelude, s + at, body, condition);
			/* Rules may stand among its declarations. */
			if (deep < CSS_DEPTH_MAX && memchr(s + at, '{', body) != NULL)
				rules_in(w, s + at, body, true, deep + 1);
		}
		at += body + 1;
	}
}

void extract_css_rules(const char *s, size_t len, css_rule_fn *each, void *arg)
{
	rules_in(&(struct walk){.each = each, .arg = arg}, s, len, false, 0);
}
