/* identify_message.c - rich text, mail and cards: texts with a structure of their own.
 *
 * Hostile: a file that only begins like one.  Rich text is walked group by group to its
 * end; the head of a mail must be a head, line by line. */
#include <string.h>
#include <strings.h>

#include "inspect/type/identify.h"

enum { HEAD_MAX = 256 << 10, LINES_MIN = 2, BIN_DIGITS = 9 };

/* --- rich text (RTF 1.9.1) --- */

/* "\binN": N raw bytes follow one blank.  The place after them, 0 when they are not there. */
static size_t after_binary(const struct identify_in *in, size_t at)
{
	size_t n = 0;

	for (unsigned k = 0; at < in->len && in->p[at] >= '0' && in->p[at] <= '9'; k++) {
		if (k == BIN_DIGITS)
			return 0;
		n = n * 10 + (size_t)(in->p[at++] - '0');
	}
	if (at < in->len && in->p[at] == ' ')
		at++;
	return n <= in->len - at ? at + n : 0;
}

static const char *rtf(const struct identify_in *in)
{
	size_t depth = 0, at = 0;

	while (at < in->len) {
		uint8_t c = in->p[at++];

		if (c == '{') {
			depth++;
		} else if (c == '}') {
			if (--depth > 0)
				continue;
			while (at < in->len && (in->p[at] == '\r' || in->p[at] == '\n' ||
						in->p[at] == ' ' || in->p[at] == 0))
				at++;
			return at == in->len ? NULL : "polyglot";
		} else if (c == '\\' && in->len - at > 4 && memcmp(in->p + at, "bin", 3) == 0 &&
			   in->p[at + 3] >= '0' && in->p[at + 3] <= '9') {
			at = after_binary(in, at + 3);
			if (at == 0)
				return "truncated";
		} else if (c == '\\') {
			at++;
		} else if (c == 0) {
			return "corrupt";
		}
	}
	return "truncated";
}

bool identify_rtf(const struct identify_in *in, struct identity *ret_id)
{
	const char *why;

	if (in->len < 5 || memcmp(in->p, "{\\rtf", 5) != 0)
		return false;
	ret_id->type = "application/rtf";
	why = rtf(in);
	if (why != NULL)
		ret_id->reason = why;
	return true;
}

/* --- mail (RFC 5322) --- */

static bool is_known(const char *line, size_t len)
{
	static const char *const names[] = {
		"received",	"return-path", "mime-version", "message-id",	"delivered-to",
		"date",		"from",	       "to",	       "subject",	"cc",
		"content-type", "reply-to",    "sender",       "dkim-signature"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && strncasecmp(names[i], line, len) == 0)
			return true;
	return false;
}

/* Fields that no person types at the top of a text. */
static bool is_machine(const char *line, size_t len)
{
	static const char *const names[] = {"received", "return-path", "mime-version",
					    "message-id", "delivered-to"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && strncasecmp(names[i], line, len) == 0)
			return true;
	return false;
}

bool identify_is_mail(const struct identify_in *in)
{
	const char *s = (const char *)in->p;
	size_t len = in->len < HEAD_MAX ? in->len : HEAD_MAX, known = 0, machine = 0;
	bool first = true, eml = strcasecmp(identify_extension(in->name), "eml") == 0;

	while (len > 0) {
		const char *end = memchr(s, '\n', len);
		size_t n = end != NULL ? (size_t)(end - s) : len, name = 0;

		if (n == 0 || (n == 1 && s[0] == '\r'))
			break;
		if (s[0] != ' ' && s[0] != '\t') {
			while (name < n && s[name] > ' ' && s[name] != ':')
				name++;
			if (name == 0 || name == n || s[name] != ':')
				return false;
			known += is_known(s, name);
			machine += is_machine(s, name);
		} else if (first) {
			return false;
		}
		first = false;
		n += end != NULL;
		s += n;
		len -= n;
	}
	return eml ? known > 0 : known >= LINES_MIN && machine > 0;
}
