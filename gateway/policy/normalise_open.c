/* normalise_open.c - views in which lines that were wrapped run on, or in which what
 * somebody wrote between or behind every character of a stretch is gone.
 *
 * Every place where something was left out is a seam; findings of such a view count only
 * near one, and are reported apart from those that any reader sees. */
#include "policy/normalise_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/normalise_cuts.h"

enum { CUTS_MAX = 1 << 20 }; /* bounds the memory that seams take */

void cuts_add(struct cuts *c, size_t from, size_t len, enum norm_seam kind)
{
	/* A document with more is no prose; what follows is matched as it stands. */
	if (c->error != SL_OK || len == 0 || c->n == CUTS_MAX)
		return;
	if (c->n == c->cap) {
		size_t cap = c->cap == 0 ? 64 : c->cap * 2;
		struct cut *p = realloc(c->cut, cap * sizeof(*p));

		if (p == NULL) {
			c->error = SL_E_NOMEM;
			return;
		}
		c->cut = p;
		c->cap = cap;
	}
	c->cut[c->n++] = (struct cut){
		.from = (uint32_t)from, .len = (uint32_t)len, .kind = (uint8_t)kind};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does the text before a line break end there?  A sentence or a cell; the bytes of the
 * character before are at the end of s[0, n). */
static bool ends(const char *s, size_t n)
{
	static const char *const marks[] = {"。", "】", "〕", "…", NULL};

	if (n == 0 || strchr("!?;|>}", s[n - 1]) != NULL)
		return true;
	if (s[n - 1] == '.')
		return n < 2 || !is_digit(s[n - 2]); /* "10.34." goes on */
	for (const char *const *m = marks; n >= 3 && *m != NULL; m++) {
		if (memcmp(s + n - 3, *m, 3) == 0)
			return true;
	}
	return false;
}

static bool one_of(const char *s, size_t n, const char *const *marks)
{
	for (; *marks != NULL; marks++) {
		size_t k = strlen(*marks);

		if (k <= n && memcmp(s, *marks, k) == 0)
			return true;
	}
	return false;
}

/* "第四条", "第二章": a heading of a law. */
static bool is_article(const char *s, size_t n)
{
	static const char *const parts[] = {"条", "章", "节", "编", "款", NULL};

	for (size_t i = 3; i + 3 <= n && i <= 15 && memcmp(s, "第", 3) == 0; i += 3) {
		if (one_of(s + i, n - i, parts))
			return true;
	}
	return false;
}

/* "1.", "2、", "(3)", "(一)", "三、", "第四条", "- ", "• ": the next item, not the rest of
 * this line. */
static bool starts_item(const char *s, size_t n)
{
	static const char *const numerals[] = {"一", "二", "三", "四", "五", "六",
					       "七", "八", "九", "十", NULL};
	static const char *const bullets[] = {"● ", "• ", "■", "◆", "- ", NULL};
	size_t digits = 0, at = s[0] == '(';

	if (strchr("|<{#>", s[0]) != NULL || one_of(s, n, bullets) || is_article(s, n))
		return true;
	while (at + digits < n && digits < 3 && is_digit(s[at + digits]))
		digits++;
	if (digits == 0) {
		while (digits < 9 && n > at + digits &&
		       one_of(s + at + digits, n - at - digits, numerals))
			digits += 3;
	}
	if (digits == 0 || at + digits >= n)
		return false;
	if (at == 1)
		return s[at + digits] == ')';
	if (s[digits] == '.')
		return digits + 1 == n || !is_digit(s[digits + 1]);
	return n - digits >= 3 && memcmp(s + digits, "、", 3) == 0;
}

/* The line break at `at` and the blanks around it, when the line was only wrapped. */
static size_t cut_break(struct cuts *c, const char *s, size_t len, size_t at)
{
	size_t from = at, to = at + 1;

	while (from > 0 && is_blank(s[from - 1]))
		from--;
	while (to < len && is_blank(s[to]))
		to++;
	if (from > 0 && s[from - 1] != '\n' && to < len && s[to] != '\n' && !ends(s, from) &&
	    !starts_item(s + to, len - to))
		cuts_add(c, from, to - from, SEAM_WRAPPED);
	return to;
}

static int find_cuts(const struct norm *main_view, enum norm_open what, struct cuts *c)
{
	const char *s = main_view->text;
	size_t len = main_view->len, at = 0;

	while (at < len && c->error == SL_OK) {
		const char *nl = memchr(s + at, '\n', len - at);
		size_t end = nl != NULL ? (size_t)(nl - s) : len;

		if (what == OPEN_NOISE)
			cuts_noise(c, s, at, end);
		at = nl == NULL		  ? len
		     : what == OPEN_LINES ? cut_break(c, s, len, end)
					  : end + 1;
	}
	return c->error;
}

static int write_view(const struct norm *main_view, const struct cuts *c, struct norm *ret_n)
{
	struct norm_writer w = {0};
	size_t at = 0;

	w.n.source = main_view;
	w.cap = main_view->len + 64;
	w.n.text = malloc(w.cap);
	if (w.n.text == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < c->n && w.error == SL_OK; i++) {
		size_t from = c->cut[i].from > at ? c->cut[i].from : at;
		size_t end = (size_t)c->cut[i].from + c->cut[i].len;

		if (end <= from)
			continue;
		normalise_put_same(&w, main_view->text, at, from);
		normalise_put_drop(&w, from, end - from, c->cut[i].kind);
		at = end;
	}
	normalise_put_same(&w, main_view->text, at, main_view->len);
	return normalise_finish(&w, ret_n);
}

int normalise_open(const struct norm *main_view, enum norm_open what, struct norm *ret_n)
{
	struct cuts c = {0};
	int r = find_cuts(main_view, what, &c);

	if (r == SL_OK && c.n == 0)
		memset(ret_n, 0, sizeof(*ret_n));
	else if (r == SL_OK)
		r = write_view(main_view, &c, ret_n);
	free(c.cut);
	return r;
}
