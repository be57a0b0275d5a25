/* extract_formula.c - formulas that say a text in pieces, and numbers in exponents.
 *
 * Nothing is computed: pieces that stand in the formula are put behind each other, in one
 * pass.  Hostile: brackets without end, which only stop counting. */
#include "inspect/extract/extract_formula.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum {
	BRACKETS_MAX = 64,
	WRITTEN_MIN = 6,
	DIGITS_MIN = 7,
	DIGITS_MAX = 18,
	CODE_DIGITS = 7,
};

enum call { CALL_NONE, CALL_JOIN, CALL_CHAR };

struct joined {
	struct buf *out;
	size_t start; /* of the present line */
	unsigned pieces;
	enum call call[BRACKETS_MAX], next; /* of open brackets, of the next one */
	size_t depth;
};

static void divide(struct joined *j)
{
	if (j->pieces < 2)
		buf_cut(j->out, j->start);
	else
		buf_put_u8(j->out, '\n');
	j->start = j->out->len;
	j->pieces = 0;
}

static void piece(struct joined *j, const char *s, size_t len)
{
	buf_put(j->out, s, len);
	j->pieces++;
}

/* "…" at f; two quotes in it are one.  Returns the bytes it takes. */
static size_t put_string(struct joined *j, const char *f, size_t len)
{
	size_t at = 1;

	for (; at < len; at++) {
		if (f[at] == '"' && (at + 1 == len || f[at + 1] != '"'))
			break;
		at += f[at] == '"';
		buf_put(j->out, f + at, 1);
	}
	j->pieces++;
	return at < len ? at + 1 : len;
}

static size_t put_number(struct joined *j, const char *f, size_t len)
{
	uint32_t cp = 0;
	size_t n = 0;
	char utf8[4];

	while (n < len && (isdigit((unsigned char)f[n]) || f[n] == '.')) {
		cp = n < CODE_DIGITS && f[n] != '.' ? cp * 10 + (uint32_t)(f[n] - '0') : cp;
		n++;
	}
	if (j->depth == 0 || j->call[j->depth - 1] != CALL_CHAR)
		piece(j, f, n);
	else if (cp >= 0x20 && text_encode(cp, utf8) > 0)
		piece(j, utf8, text_encode(cp, utf8));
	return n;
}

/* A function, or the name of a cell. */
static size_t take_name(struct joined *j, const char *f, size_t len)
{
	static const struct {
		const char *name;
		enum call call;
	} rows[] = {
		{"CONCATENATE", CALL_JOIN},   {"CONCAT", CALL_JOIN},
		{"_xlfn.CONCAT", CALL_JOIN},  {"COM.MICROSOFT.CONCAT", CALL_JOIN},
		{"CHAR", CALL_CHAR},	      {"UNICHAR", CALL_CHAR},
		{"_xlfn.UNICHAR", CALL_CHAR}, {"T", CALL_JOIN},
	};
	size_t n = 0;

	while (n < len && ((uint8_t)f[n] >= 0x80 || isalnum((unsigned char)f[n]) ||
			   strchr("_.$!:", f[n]) != NULL))
		n++;
	for (size_t i = 0; n < len && f[n] == '(' && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strlen(rows[i].name) == n && strncasecmp(rows[i].name, f, n) == 0) {
			j->next = rows[i].call;
			return n;
		}
	}
	/* "of:=" begins a formula of OpenDocument. */
	if (n == 0 || n == len || f[n] != '=' || f[n - 1] != ':')
		divide(j);
	return n > 0 ? n : 1;
}

static void bracket(struct joined *j, char c)
{
	if (c == ')') {
		j->depth -= j->depth > 0 ? 1 : 0;
		return;
	}
	if (j->next == CALL_NONE)
		/* A bracket of its own changes nothing. */
		j->next = j->depth > 0 && j->depth <= BRACKETS_MAX ? j->call[j->depth - 1]
								   : CALL_NONE;
	if (j->depth < BRACKETS_MAX)
		j->call[j->depth++] = j->next;
	j->next = CALL_NONE;
}

void extract_formula_join(const char *f, size_t len, struct buf *out)
{
	struct joined j = {.out = out, .start = out->len};

	for (size_t at = 0; at < len;) {
		char c = f[at];

		if (c == '"') {
			at += put_string(&j, f + at, len - at);
		} else if (isdigit((unsigned char)c)) {
			at += put_number(&j, f + at, len - at);
		} else if (c == '(' || c == ')') {
			bracket(&j, c);
			at++;
		} else if (c == '&' || c == '=' || isspace((unsigned char)c)) {
			at++;
		} else if (c == ',' || c == ';') {
			if (j.depth == 0 || j.call[j.depth - 1] != CALL_JOIN)
				divide(&j);
			at++;
		} else {
			at += take_name(&j, f + at, len - at);
		}
	}
	divide(&j);
}

bool extract_exponent(const char *s, size_t len, char ret_digits[EXTRACT_DIGITS_MAX])
{
	size_t n = 0, written, whole = 0, at = 0, exponent = 0;

	for (; at < len && (isdigit((unsigned char)s[at]) || s[at] == '.'); at++) {
		if (s[at] == '.') {
			if (whole != 0 || n == 0)
				return false;
			whole = n;
		} else if (n == DIGITS_MAX) {
			return false;
		} else {
			ret_digits[n++] = s[at];
		}
	}
	written = n;
	whole = whole == 0 ? n : whole;
	if (n == 0 || ret_digits[0] == '0' || at == len || (s[at] | 0x20) != 'e')
		return false;
	at += at + 1 < len && s[at + 1] == '+' ? 2 : 1;
	if (at == len || len - at > 2)
		return false;
	for (; at < len; at++) {
		if (!isdigit((unsigned char)s[at]))
			return false;
		exponent = exponent * 10 + (size_t)(s[at] - '0');
	}
	whole += exponent;
	if (written < WRITTEN_MIN || whole < written || whole < DIGITS_MIN ||
	    whole > DIGITS_MAX)
		return false;
	while (n < whole)
		ret_digits[n++] = '0';
	ret_digits[n] = '\0';
	return true;
}
