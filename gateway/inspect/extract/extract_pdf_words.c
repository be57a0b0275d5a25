/* extract_pdf_words.c - operators and what stands before them. */
#include "inspect/extract/extract_pdf_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 40 };

static bool is_blank(char c)
{
	return c == '\0' || c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_delimiter(char c)
{
	return is_blank(c) || strchr("()<>[]{}/%", c) != NULL;
}

void pdf_words_begin(struct pdf_words *w, const char *s, size_t len)
{
	*w = (struct pdf_words){.s = s, .len = len};
}

void pdf_words_raw(struct pdf_words *w, const char *s, size_t len)
{
	*w = (struct pdf_words){.s = s, .len = len, .raw = true};
}

/* Over a literal string, whose brackets are balanced or escaped. */
static void literal(struct pdf_words *w)
{
	size_t from = w->at;
	int open = 0;

	for (; w->at < w->len; w->at++) {
		char c = w->s[w->at];

		if (c == '\\')
			w->at++;
		open += (c == '(') - (c == ')');
		if (open == 0)
			break;
	}
	w->at = w->at < w->len ? w->at + 1 : w->len;
	w->string += w->at - from;
}

static void hexadecimal(struct pdf_words *w)
{
	const char *end = memchr(w->s + w->at, '>', w->len - w->at);
	size_t to = end != NULL ? (size_t)(end - w->s) + 1 : w->len;

	w->string += (to - w->at) / 2;
	w->at = to;
}

static int digit(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10
					    : -1;
}

/* A name that is too long to be kept names nothing that we could find. */
static void read_name(struct pdf_words *w, char out[PDF_WORD_NAME])
{
	size_t n = 0;

	out[n++] = '/';
	for (w->at++; w->at < w->len && !is_delimiter(w->s[w->at]); w->at++) {
		char c = w->s[w->at];

		if (c == '#' && w->at + 2 < w->len && digit(w->s[w->at + 1]) >= 0 &&
		    digit(w->s[w->at + 2]) >= 0) {
			c = (char)(digit(w->s[w->at + 1]) << 4 | digit(w->s[w->at + 2]));
			w->at += 2;
		}
		if (n < PDF_WORD_NAME)
			out[n++] = c;
	}
	out[n < PDF_WORD_NAME ? n : 0] = '\0';
}

/* A word of letters, or a number; at most cap - 1 bytes of it are kept. */
static void read_word(struct pdf_words *w, char *out, size_t cap)
{
	size_t n = 0;

	do {
		if (n + 1 < cap)
			out[n++] = w->s[w->at];
		w->at++;
	} while (w->at < w->len && !is_delimiter(w->s[w->at]));
	out[n] = '\0';
}

/* The first "EI" that a word ends with ends the picture. */
static void skip_picture(struct pdf_words *w)
{
	while (w->at < w->len) {
		const char *e = memmem(w->s + w->at, w->len - w->at, "EI", 2);

		if (e == NULL)
			break;
		w->at = (size_t)(e - w->s) + 2;
		if (w->at == w->len || is_delimiter(w->s[w->at]))
			return;
	}
	w->at = w->len;
}

/* From BI to EI: pairs of a name and a value, ID, bytes. */
static void picture(struct pdf_words *w)
{
	char key[PDF_WORD_NAME] = "", word[NUMBER_MAX];

	w->pictures = true;
	while (w->at < w->len) {
		char c = w->s[w->at];

		if (c == '/') {
			read_name(w, key);
		} else if (c == '(') {
			literal(w);
		} else if (is_delimiter(c)) {
			w->at++;
		} else {
			read_word(w, word, sizeof(word));
			if (strcmp(word, "ID") == 0)
				break;
			if (strcmp(key, "/W") == 0 || strcmp(key, "/Width") == 0)
				w->width = strtod(word, NULL);
			else if (strcmp(key, "/H") == 0 || strcmp(key, "/Height") == 0)
				w->height = strtod(word, NULL);
		}
	}
	skip_picture(w);
}

/* A word that begins like a number: its letters, which are an operator of their own. */
static bool is_operator(char *word)
{
	size_t digits = strspn(word, "+-.0123456789");

	memmove(word, word + digits, strlen(word + digits) + 1);
	return word[0] != '\0';
}

bool pdf_words_next(struct pdf_words *w)
{
	w->name[0] = '\0';
	w->string = 0;
	w->width = w->height = 0;
	while (w->at < w->len) {
		char c = w->s[w->at];

		if (c == '/') {
			read_name(w, w->name);
		} else if (!is_delimiter(c)) {
			read_word(w, w->op, sizeof(w->op));
			if (!is_operator(w->op))
				continue;
			if (!w->raw && strcmp(w->op, "BI") == 0)
				picture(w);
			return true;
		} else if (w->raw || (c != '%' && c != '(' && c != '<')) {
			w->at++;
		} else if (c == '(') {
			literal(w);
		} else if (c == '%') {
			while (w->at < w->len && w->s[w->at] != '\n' && w->s[w->at] != '\r')
				w->at++;
		} else if (w->at + 1 < w->len && w->s[w->at + 1] == '<') {
			w->at += 2;
		} else {
			hexadecimal(w);
		}
	}
	return false;
}
