/* extract_outside.c - addresses as programs take them, not as they are written.
 *
 * Hostile: browsers pass over blanks and line breaks in addresses, take "\" for "/", and
 * undo escapes of style sheets; so does this. */
#include "inspect/extract/extract_outside.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_css.h"

enum { HEAD = 64, ADDRESS_SHOWN = 300 };

static bool is_one_of(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(s, *list) == 0)
			return true;
	return false;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* The beginning of an address without what is passed over. */
static size_t head_of(const char *s, size_t len, char out[HEAD])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < HEAD - 1; i++)
		if ((uint8_t)s[i] > 0x20 || (n > 0 && s[i] == ' '))
			out[n++] = s[i];
	out[n] = '\0';
	return n;
}

bool extract_is_outside(const char *s, size_t len)
{
	static const char *const inside[] = {"data",	   "cid",      "mid", "about",
					     "blob",	   "mailto",   "tel", "sms",
					     "javascript", "vbscript", "urn", NULL};
	char head[HEAD];
	size_t n = head_of(s, len, head), scheme;

	if (n >= 2 && is_slash(head[0]) && is_slash(head[1]))
		return true;
	if (!isalpha((unsigned char)head[0]))
		return false;
	scheme = strspn(head,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	if (head[scheme] != ':')
		return false;
	head[scheme] = '\0';
	return !is_one_of(head, inside);
}

bool extract_is_outside_list(const char *s, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = 0;

		while (at + n < len && s[at + n] != ',')
			n++;
		if (extract_is_outside(s + at, n))
			return true;
		at += n + 1;
	}
	return false;
}

/* --- style sheets --- */

/* An address stands in quotes or in the brackets of a function that takes one; those of a
 * condition ("(max-width:600px)") or a selector (":not(a:hover)") hold none. */
static bool begins_address(const struct buf *b, size_t at)
{
	const char *s = buf_str(b);

	while (at > 0 && isspace((unsigned char)s[at - 1]))
		at--;
	if (at == 0 || s[at - 1] != '(')
		return at > 0 && (s[at - 1] == '"' || s[at - 1] == '\'');
	return at >= 4 && (strncasecmp(s + at - 4, "url(", 4) == 0 ||
			   strncasecmp(s + at - 4, "src(", 4) == 0);
}

bool extract_css_outside(const char *css, size_t len, struct buf *ret)
{
	static const char names[] = "http://www.w3.org/"; /* of languages: not fetched */
	struct buf b;
	size_t end = 0, n = 0; /* of the address */
	bool found = false;

	buf_init(&b, len);
	extract_css_plain(css, len, &b);
	for (size_t at = 0; !found && at < b.len; at++) {
		const char *s = buf_str(&b) + at;

		/* Blanks first: going back over them from each would take forever. */
		if (isspace((unsigned char)*s) || !begins_address(&b, at))
			continue;
		if (end <= at)
			end = at + strcspn(s, "\"')");
		n = end - at;
		found = extract_is_outside(s, n) && strncmp(s, names, sizeof(names) - 1) != 0;
		if (found)
			buf_put(ret, s, n < ADDRESS_SHOWN ? n : ADDRESS_SHOWN);
	}
	buf_release(&b);
	return found;
}

void extract_say_style(struct extract_part *p, const char *css, size_t len)
{
	size_t start = extract_stream_len(p, WHERE_FIELD);
	struct buf address;

	buf_init(&address, ADDRESS_SHOWN);
	if (extract_css_outside(css, len, &address)) {
		extract_line(p, WHERE_FIELD, "style", buf_str(&address), address.len);
		extract_mark(p, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	}
	buf_release(&address);
}

/* --- HTML --- */

bool extract_html_fetches(const char *element, const char *name, const char *rel)
{
	static const char *const always[] = {"src",	    "srcset",  "poster", "background",
					     "imagesrcset", "lowsrc",  "dynsrc", "codebase",
					     "manifest",    "archive", NULL};
	static const char *const by_href[] = {"image", "use", "feimage", "base", NULL};
	static const char *const rels[] = {"stylesheet", "icon",     "preload", "prefetch",
					   "prerender",	 "manifest", "import",	"connect",
					   "dns",	 NULL};

	if (is_one_of(name, always))
		return true;
	if (strcasecmp(name, "data") == 0)
		return strcasecmp(element, "object") == 0;
	if (strcasecmp(name, "href") != 0 && strcasecmp(name, "xlink:href") != 0)
		return false;
	if (is_one_of(element, by_href))
		return true;
	for (size_t i = 0; strcasecmp(element, "link") == 0 && rel != NULL && rels[i] != NULL;
	     i++)
		if (strcasestr(rel, rels[i]) != NULL)
			return true;
	return false;
}
