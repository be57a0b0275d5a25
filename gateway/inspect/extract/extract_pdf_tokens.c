/* extract_pdf_tokens.c - operators of a content stream, without doing what they say.
 *
 * Hostile: all of it.  Only what the cost of a page depends on is kept.  The data of a
 * picture inside the content may hold anything, also what looks like its end: without a
 * filter its length follows from its size, as for the reader that draws it. */
#include "inspect/extract/extract_pdf_tokens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64 };

static bool blank(int c)
{
	return c == 0 || c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool delimiter(int c)
{
	return c != 0 && strchr("()<>[]{}/%", c) != NULL;
}

static int peek(const struct pdf_tokens *t, size_t ahead)
{
	return ahead < t->len - t->at ? t->s[t->at + ahead] : -1;
}

/* Letters up to the next blank or delimiter; cut at the room there is. */
static void letters(struct pdf_tokens *t, char out[PDF_WORD_MAX])
{
	size_t n = 0;

	for (; t->at < t->len && !blank(t->s[t->at]) && !delimiter(t->s[t->at]); t->at++) {
		int c = t->s[t->at];

		if (n + 1 < PDF_WORD_MAX)
			out[n++] = (char)c;
	}
	out[n] = '\0';
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* A name may spell its letters #xx: "/F#6f" is "/Fo". */
static void unspell(char *name)
{
	char *to = name;

	for (const char *s = name; *s != '\0'; s++) {
		if (*s == '#' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			*to++ = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static size_t literal(struct pdf_tokens *t)
{
	size_t from = t->at;
	int open = 0;

	for (; t->at < t->len; t->at++) {
		uint8_t c = t->s[t->at];

		if (c == '\\' && t->at + 1 < t->len)
			t->at++;
		else
			open += (c == '(') - (c == ')');
		if (open == 0)
			break;
	}
	t->at += t->at < t->len;
	return t->at - from;
}

static size_t hexadecimal(struct pdf_tokens *t)
{
	size_t from = t->at;

	while (t->at < t->len && t->s[t->at] != '>')
		t->at++;
	t->at += t->at < t->len;
	return (t->at - from) / 2;
}

static bool is_number(const char *word, double *ret_v)
{
	char *end;

	/* Not the words that strtod knows: nan and inf. */
	if (strlen(word) > NUMBER_MAX || word[strspn(word, "+-.0123456789")] != '\0' ||
	    strpbrk(word, "0123456789") == NULL)
		return false;
	*ret_v = strtod(word, &end);
	if (!isfinite(*ret_v))
		*ret_v = 0;
	return true;
}

static bool same(const char *name, const char *brief, const char *full)
{
	return strcmp(name, brief) == 0 || strcmp(name, full) == 0;
}

/* Bytes of a picture without a filter, as poppler counts them. */
static double raw_bytes(double width, double height, double bits, const char *space)
{
	double parts = same(space, "RGB", "DeviceRGB")	   ? 3
		       : same(space, "CMYK", "DeviceCMYK") ? 4
							   : 1;

	return ceil(width * parts * bits / 8) * height;
}

/* From "BI" to behind "EI". */
static void pass_picture(struct pdf_tokens *t, struct pdf_inline *p)
{
	char key[PDF_WORD_MAX] = "", word[PDF_WORD_MAX], space[PDF_WORD_MAX] = "";
	double bits = 1, v;
	bool filtered = false, in_dict = true;

	*p = (struct pdf_inline){.width = 0};
	while (t->at < t->len && in_dict) {
		size_t before = t->at;
		bool name = t->s[t->at] == '/';

		t->at += name || blank(t->s[t->at]);
		letters(t, word);
		if (t->at == before)
			t->at++; /* an array, a string: no matter what it says */
		if (name && same(key, "CS", "ColorSpace")) {
			memcpy(space, word, sizeof(space));
			key[0] = '\0';
		} else if (name) {
			memcpy(key, word, sizeof(key));
		} else if (strcmp(word, "ID") == 0) {
			in_dict = false;
		} else if (is_number(word, &v)) {
			if (same(key, "W", "Width"))
				p->width = fmax(p->width, v);
			else if (same(key, "H", "Height"))
				p->height = fmax(p->height, v);
			else if (same(key, "BPC", "BitsPerComponent"))
				bits = v;
		}
		filtered = filtered || (name && same(word, "F", "Filter"));
		if (!name && word[0] != '\0')
			key[0] = '\0';
	}
	t->at += t->at < t->len; /* one blank */
	if (!filtered && p->width > 0 && p->height > 0) {
		double n = raw_bytes(p->width, p->height, bits, space);

		t->at = n < (double)(t->len - t->at) ? t->at + (size_t)n : t->len;
	}
	while (t->at < t->len && !(peek(t, 0) == 'E' && peek(t, 1) == 'I' &&
				   (peek(t, 2) < 0 || blank(peek(t, 2)))))
		t->at++;
	t->at += t->len - t->at < 2 ? t->len - t->at : 2;
}

static void operand(struct pdf_operator *op, double v)
{
	if (op->n_numbers == PDF_NUMBERS_MAX)
		memmove(op->numbers, op->numbers + 1, (PDF_NUMBERS_MAX - 1) * sizeof(v));
	else
		op->n_numbers++;
	op->numbers[op->n_numbers - 1] = v;
}

bool extract_pdf_tokens_next(struct pdf_tokens *t, struct pdf_operator *ret_op)
{
	double v;

	*ret_op = (struct pdf_operator){.n_numbers = 0};
	while (t->at < t->len) {
		int c = t->s[t->at];

		if (c == '(') {
			ret_op->string_bytes += literal(t);
		} else if (c == '<' && peek(t, 1) != '<') {
			ret_op->string_bytes += hexadecimal(t);
		} else if (c == '%') {
			while (t->at < t->len && t->s[t->at] != '\n' && t->s[t->at] != '\r')
				t->at++;
		} else if (c == '/') {
			t->at++;
			letters(t, ret_op->name);
			unspell(ret_op->name);
		} else if (blank(c) || delimiter(c)) {
			t->at++;
		} else {
			letters(t, ret_op->word);
			if (is_number(ret_op->word, &v)) {
				operand(ret_op, v);
				continue;
			}
			if (strcmp(ret_op->word, "BI") == 0)
				pass_picture(t, &ret_op->picture);
			return true;
		}
	}
	return false;
}
