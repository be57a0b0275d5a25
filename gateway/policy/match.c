/* match.c - bounded looks around a hit. */
#include "policy/match.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/passage.h"

enum { FIRST_LINES_BYTES = 4096 };

void match_evidence(struct match *m, const char *fmt, ...)
{
	size_t used = strlen(m->evidence);
	char word[MATCH_EVIDENCE_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(word, sizeof(word), fmt, ap);
	va_end(ap);
	if (n <= 0 || (size_t)n + 2 > sizeof(m->evidence) - used)
		return;
	(void)snprintf(m->evidence + used, sizeof(m->evidence) - used, "%s%s",
		       used > 0 ? "," : "", word);
}

void match_score(struct match *m, bool checked, const char *context)
{
	m->score = !checked ? SCORE_WEAK : context != NULL ? SCORE_STRONG : SCORE_MEDIUM;
	if (context != NULL)
		match_evidence(m, "context:%s", context);
}

/* A line break or the end of a sentence at s? */
static bool stops(const char *s)
{
	return s[0] == '\n' || s[0] == ';' || s[0] == '!' || s[0] == '?' ||
	       (s[0] == '\xe3' && s[1] == '\x80' && s[2] == '\x82');
}

size_t match_back(const struct match *m, size_t from, unsigned n, bool sentence)
{
	const char *s = m->view->text;

	while (n > 0 && from > 0) {
		size_t at = from - 1;

		while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
			at--;
		if (sentence && stops(s + at))
			break;
		from = at;
		n--;
	}
	return from;
}

size_t match_ahead(const struct match *m, size_t to, unsigned n, bool sentence)
{
	const char *s = m->view->text;
	size_t len = m->view->len;

	while (n > 0 && to < len) {
		if (sentence && stops(s + to))
			break;
		to++;
		while (to < len && ((unsigned char)s[to] & 0xc0) == 0x80)
			to++;
		n--;
	}
	return to;
}

static struct extent extent(const struct match *m, size_t from, size_t to)
{
	return (struct extent){.text = m->view->text + from, .len = to - from};
}

struct extent match_text(const struct match *m)
{
	return extent(m, m->from, m->to);
}

struct extent match_before(const struct match *m, unsigned n)
{
	return extent(m, match_back(m, m->from, n, m->entry->from->sentence), m->from);
}

struct extent match_after(const struct match *m, unsigned n)
{
	return extent(m, m->to, match_ahead(m, m->to, n, m->entry->from->sentence));
}

struct extent match_around(const struct match *m, unsigned before, unsigned after)
{
	bool sentence = m->entry->from->sentence;

	return extent(m, match_back(m, m->from, before, sentence),
		      match_ahead(m, m->to, after, sentence));
}

struct extent match_sentence(const struct match *m, unsigned n)
{
	return extent(m, match_back(m, m->from, n, true), match_ahead(m, m->to, n, true));
}

const char *match_any(struct extent e, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (memmem(e.text, e.len, *list, strlen(*list)) != NULL)
			return *list;
	}
	return NULL;
}

const char *match_words(struct extent e, const struct words *w)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (memmem(e.text, e.len, w->item[i], strlen(w->item[i])) != NULL)
			return w->item[i];
	}
	return NULL;
}

const char *match_ends(struct extent e, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n <= e.len && memcmp(e.text + e.len - n, *list, n) == 0)
			return *list;
	}
	return NULL;
}

const char *match_starts(struct extent e, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n <= e.len && memcmp(e.text, *list, n) == 0)
			return *list;
	}
	return NULL;
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* An enclosed number before a phone number is a list mark, not a digit of it. */
static bool is_list_mark(const struct match *m, size_t at)
{
	return m->view->source == NULL &&
	       (normalise_kinds(m->view, at, at + 1) & 1u << FOLD_COMPAT) != 0;
}

bool match_whole(const struct match *m)
{
	const char *s = m->view->text;

	if (m->from > 0 && is_word_byte(s[m->from - 1]) && is_word_byte(s[m->from]) &&
	    !is_list_mark(m, m->from - 1))
		return false;
	return m->to >= m->view->len || !is_word_byte(s[m->to]) || !is_word_byte(s[m->to - 1]);
}

bool match_is_decimal(const struct match *m)
{
	enum { DOTS_MAX = 3 };
	const struct norm *n = m->view;
	size_t from, to, dots = 0;

	normalise_main(n, m->from, m->to, &from, &to);
	while (n->source != NULL)
		n = n->source;
	for (size_t i = from; i < to; i++)
		dots += n->text[i] == '.';
	return dots > 0 && dots <= DOTS_MAX;
}

struct extent match_line(const struct match *m)
{
	const char *s = m->view->text;
	size_t low = m->from > MATCH_LINE_MAX ? m->from - MATCH_LINE_MAX : 0;
	size_t high =
		m->view->len - m->to > MATCH_LINE_MAX ? m->to + MATCH_LINE_MAX : m->view->len;
	const char *a = memrchr(s + low, '\n', m->from - low);
	const char *b = memchr(s + m->to, '\n', high - m->to);
	size_t from = a != NULL ? (size_t)(a + 1 - s) : low;
	size_t to = b != NULL ? (size_t)(b - s) : high;

	/* Cut by the limit: begin at a character. */
	while (from < m->from && ((unsigned char)s[from] & 0xc0) == 0x80)
		from++;
	while (to > m->to && to < m->view->len && ((unsigned char)s[to] & 0xc0) == 0x80)
		to--;
	return extent(m, from, to);
}

bool match_alone(const struct match *m)
{
	static const char *const around[] = {" ",  "\t", "\r", "(", ")",  "[",	"]", "【",
					     "】", "《", "》", "|", "〔", "〕", NULL};
	struct extent line = match_line(m);
	struct extent head = {line.text, (size_t)(m->view->text + m->from - line.text)};
	struct extent tail = {m->view->text + m->to, 0};
	const char *w;

	tail.len = line.len - (size_t)(tail.text - line.text);
	while (head.len > 0 && (w = match_starts(head, around)) != NULL) {
		head.text += strlen(w);
		head.len -= strlen(w);
	}
	while (tail.len > 0 && (w = match_starts(tail, around)) != NULL) {
		tail.text += strlen(w);
		tail.len -= strlen(w);
	}
	return head.len == 0 && tail.len == 0;
}

unsigned match_line_number(const struct match *m)
{
	const char *s = m->passage->text;
	size_t from, to;
	unsigned lines = m->passage->segment->line - 1;
	bool blank = true;

	normalise_original(m->view, m->from, m->to, &from, &to);
	if (from > FIRST_LINES_BYTES)
		return UINT_MAX;
	for (size_t i = 0; i < from; i++) {
		if (s[i] == '\n') {
			lines += !blank;
			blank = true;
		} else if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') {
			blank = false;
		}
	}
	return lines + 1;
}

uint32_t match_next(struct extent e, size_t *at)
{
	size_t used;
	uint32_t cp;

	if (*at >= e.len)
		return 0;
	cp = text_decode(e.text + *at, e.len - *at, &used);
	*at += used;
	return cp;
}

bool match_is_han(uint32_t cp)
{
	return cp >= 0x4e00 && cp <= 0x9fff;
}

static int digit_of(uint32_t cp)
{
	static const char *const han[] = {"〇零洞", "一壹幺", "二贰两", "三叁", "四肆",
					  "五伍",   "六陆",   "七柒拐", "八捌", "九玖勾"};
	char utf8[4];
	size_t n;

	if (cp >= '0' && cp <= '9')
		return (int)(cp - '0');
	/* Expressions of numbers let these through where somebody typed them for digits. */
	if (cp == 'O' || cp == 'o')
		return 0;
	if (cp == 'l' || cp == 'I')
		return 1;
	if (cp < 0x3000)
		return -1;
	n = text_encode(cp, utf8);
	for (int d = 0; d < 10; d++) {
		if (memmem(han[d], strlen(han[d]), utf8, n) != NULL)
			return d;
	}
	return -1;
}

size_t match_digits(struct extent e, char *out, size_t cap)
{
	size_t n = 0, at = 0;
	uint32_t cp;

	while ((cp = match_next(e, &at)) != 0) {
		int d = digit_of(cp);
		bool x = cp == 'X' || cp == 'x' || cp == 0xd7;

		if (d < 0 && !x)
			continue;
		if (n == cap)
			return 0;
		out[n++] = d >= 0 ? (char)('0' + d) : 'X';
	}
	return n;
}
