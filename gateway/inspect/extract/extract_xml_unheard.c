/* extract_xml_unheard.c - what is written in XML and no reader of elements listens to.
 *
 * Comments, processing instructions, and names that somebody made up: of elements, of
 * attributes, of name spaces.  Looked for in the bytes, because a second parse would cost
 * more than the first; that the XML is well-formed is for the parser to say, here hostile
 * bytes only ever end the search. */
#include "inspect/extract/extract_xml_unheard.h"

#include <ctype.h>
#include <string.h>

#include "inspect/extract/extract_decode.h"

enum { LONG_NUMBER = 11 };

struct scan {
	struct extract_part *part;
	const char *at, *end;
	bool notes;
};

/* Names are made of Latin letters as a rule.  Those of a customer's own data may be
 * Chinese, so this says nothing but the words. */
static bool strange(const char *s, size_t len)
{
	size_t digits = 0;

	for (size_t i = 0; i < len; i++) {
		digits = isdigit((unsigned char)s[i]) ? digits + 1 : 0;
		if ((uint8_t)s[i] >= 0x80 || digits >= LONG_NUMBER)
			return true;
	}
	return false;
}

static void say(struct scan *s, enum segment_where where, const char *from, const char *to)
{
	extract_line(s->part, where, NULL, from, (size_t)(to - from));
}

/* Behind the closing mark; false: there is none. */
static bool skip_to(struct scan *s, const char *mark, const char **ret_inside)
{
	size_t n = strlen(mark);
	const char *hit = memmem(s->at, (size_t)(s->end - s->at), mark, n);

	if (hit == NULL)
		return false;
	*ret_inside = hit;
	s->at = hit + n;
	return true;
}

static bool comment(struct scan *s)
{
	const char *from = s->at, *to;

	if (!skip_to(s, "-->", &to))
		return false;
	if (s->notes)
		say(s, WHERE_COMMENT, from, to);
	return true;
}

static bool instruction(struct scan *s)
{
	const char *from = s->at, *to;
	bool declaration = s->end - from > 4 && memcmp(from, "xml", 3) == 0 &&
			   isspace((unsigned char)from[3]);

	if (!skip_to(s, "?>", &to))
		return false;
	if (!declaration && (s->notes || strange(from, (size_t)(to - from))))
		say(s, WHERE_COMMENT, from, to);
	return true;
}

static bool in_name(char c)
{
	return strchr(" \t\r\n=/>\"'", c) == NULL;
}

/* One attribute, or what else stands before the end of the tag. */
static bool attribute(struct scan *s)
{
	const char *from = s->at, *to, *value;
	char quote;

	while (s->at < s->end && in_name(*s->at))
		s->at++;
	to = s->at;
	if (strange(from, (size_t)(to - from)))
		say(s, WHERE_METADATA, from, to);
	while (s->at < s->end && (*s->at == '=' || isspace((unsigned char)*s->at)))
		s->at++;
	if (s->at == s->end || (*s->at != '"' && *s->at != '\'')) {
		s->at += s->at == from; /* never stand still */
		return s->at < s->end;
	}
	quote = *s->at++;
	value = s->at;
	s->at = memchr(value, quote, (size_t)(s->end - value));
	if (s->at == NULL)
		return false;
	if (to - from >= 5 && memcmp(from, "xmlns", 5) == 0 &&
	    strange(value, (size_t)(s->at - value)))
		say(s, WHERE_METADATA, value, s->at);
	s->at++;
	return true;
}

static bool tag(struct scan *s)
{
	const char *from = s->at;

	if (*from == '/') /* named when it was opened */
		return skip_to(s, ">", &from);
	while (s->at < s->end && in_name(*s->at))
		s->at++;
	if (strange(from, (size_t)(s->at - from)))
		say(s, WHERE_METADATA, from, s->at);
	while (s->at < s->end && *s->at != '>') {
		if (isspace((unsigned char)*s->at) || *s->at == '/')
			s->at++;
		else if (!attribute(s))
			return false;
	}
	return s->at < s->end;
}

static bool one(struct scan *s)
{
	const char *unused;
	size_t left = (size_t)(s->end - s->at);

	if (left > 3 && memcmp(s->at, "!--", 3) == 0) {
		s->at += 3;
		return comment(s);
	}
	if (left > 8 && memcmp(s->at, "![CDATA[", 8) == 0)
		return skip_to(s, "]]>", &unused);
	if (left > 1 && *s->at == '?') {
		s->at++;
		return instruction(s);
	}
	return left > 0 && tag(s);
}

void extract_xml_unheard(struct extract_part *p, const char *xml, size_t len, bool notes)
{
	struct scan s = {.part = p, .notes = notes};
	const char *text = xml;
	struct buf own;

	buf_init(&own, EXTRACT_XML_MAX);
	/* UTF-16 is the other encoding that the parser accepts. */
	if (len >= 2 && ((uint8_t)xml[0] >= 0xfe || xml[0] == '\0' || xml[1] == '\0') &&
	    extract_decode((const uint8_t *)xml, len,
			   xml[1] == '\0'   ? EXTRACT_UTF16LE
			   : xml[0] == '\0' ? EXTRACT_UTF16BE
					    : EXTRACT_DETECT,
			   &own, &text, &len) != SL_OK)
		extract_fail(p, "unsupported");
	s.end = text + len;
	s.at = memchr(text, '<', len);
	while (s.at != NULL) {
		s.at++;
		if (!one(&s))
			break;
		s.at = memchr(s.at, '<', (size_t)(s.end - s.at));
	}
	buf_release(&own);
}
