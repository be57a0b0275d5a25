/* diff.c - lines first, then the words of lines that stand against each other. */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct token { /* a line, or a word of one */
	const char *s;
	size_t len;
	uint64_t hash;
};
struct side {
	struct token *t;
	bool *changed; /* of each token */
	size_t n;
};

static uint64_t hash_of(const char *s, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a: only to compare quickly */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
	return h;
}

static bool same(const struct token *a, const struct token *b)
{
	return a->hash == b->hash && a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static int side_alloc(struct side *x, size_t n)
{
	x->n = 0;
	x->t = calloc(n + 1, sizeof(*x->t));
	x->changed = calloc(n + 1, sizeof(*x->changed));
	return x->t == NULL || x->changed == NULL ? SL_E_NOMEM : SL_OK;
}

static void side_release(struct side *x)
{
	free(x->t);
	free(x->changed);
}

static void side_add(struct side *x, const char *s, size_t len)
{
	x->t[x->n++] = (struct token){.s = s, .len = len, .hash = hash_of(s, len)};
}

static int split_lines(const char *s, size_t len, struct side *ret)
{
	size_t n = 1;
	const char *end = s + len, *nl;
	int r;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	r = side_alloc(ret, n);
	while (r == SL_OK && s < end) {
		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		side_add(ret, s, (size_t)(nl - s));
		s = nl < end ? nl + 1 : end;
	}
	return r;
}

/* A run of letters and digits is a word; so is every other character. */
static size_t word_len(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && ((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'A' && s[i] <= 'Z') ||
			   (s[i] >= 'a' && s[i] <= 'z')))
		i++;
	if (i == 0)
		(void)text_decode(s, len, &i);
	return i;
}

static int split_words(const struct token *line, struct side *ret)
{
	size_t i = 0;
	int r = side_alloc(ret, line->len < DIFF_WORDS_MAX ? line->len : DIFF_WORDS_MAX);

	while (r == SL_OK && i < line->len) {
		size_t len = word_len(line->s + i, line->len - i);

		if (ret->n == DIFF_WORDS_MAX)
			return SL_E_LIMIT;
		side_add(ret, line->s + i, len);
		i += len;
	}
	return r;
}

/* ---- the shortest edit between a[from..a_end) and b[from..b_end) ---- */

struct edit {
	const struct side *a, *b;
	size_t a0, b0; /* where they begin to differ */
	int n, m;      /* tokens from there on, equal ends left out */
	int *trail;    /* v of each number of edits d: 2 * d + 1 entries after d * d */
};

static int step(const struct edit *e, const int *v, int *next, int d, int k)
{
	int x;

	/* v holds d - 1 edits: its entry for diagonal k is v[k + d - 1]. */
	if (d == 0)
		x = 0;
	else if (k == -d || (k != d && v[k - 1 + d - 1] < v[k + 1 + d - 1]))
		x = v[k + 1 + d - 1];
	else
		x = v[k - 1 + d - 1] + 1;
	while (x < e->n && x - k < e->m &&
	       same(&e->a->t[e->a0 + (size_t)x], &e->b->t[e->b0 + (size_t)(x - k)]))
		x++;
	next[k + d] = x;
	return x;
}

/* Diagonals that lie outside of both texts are never asked for again. */
static int forward(struct edit *e, int max, int *ret_d)
{
	for (int d = 0; d <= max; d++) {
		size_t at = (size_t)d * (size_t)d;
		int *grown = realloc(e->trail, (at + 2 * (size_t)d + 1) * sizeof(*grown));
		const int *v;

		if (grown == NULL)
			return SL_E_NOMEM;
		e->trail = grown;
		v = d > 0 ? e->trail + (size_t)(d - 1) * (size_t)(d - 1) : NULL;
		for (int k = -d; k <= d; k++)
			e->trail[at + (size_t)(k + d)] = -1;
		for (int k = -d; k <= d; k += 2) {
			int x;

			if (k < -e->m || k > e->n) {
				/* Out of the texts: as good as not there. */
				e->trail[at + (size_t)(k + d)] = k > e->n ? e->n : -1;
				continue;
			}
			x = step(e, v, e->trail + at, d, k);
			if (x >= e->n && x - k >= e->m) {
				*ret_d = d;
				return SL_OK;
			}
		}
	}
	return SL_E_LIMIT;
}

static void backward(const struct edit *e, int d, struct side *a, struct side *b)
{
	int x = e->n, y = e->m;

	for (; d > 0; d--) {
		const int *v = e->trail + (size_t)(d - 1) * (size_t)(d - 1);
		int k = x - y;
		bool down = k == -d || (k != d && v[k - 1 + d - 1] < v[k + 1 + d - 1]);
		int from_k = down ? k + 1 : k - 1;
		int from_x = v[from_k + d - 1], from_y = from_x - from_k;

		if (down)
			b->changed[e->b0 + (size_t)from_y] = true;
		else
			a->changed[e->a0 + (size_t)from_x] = true;
		x = from_x;
		y = from_y;
	}
}

/* Mark what is only in a and only in b. */
static int compare(struct side *a, struct side *b, int max)
{
	struct edit e = {.a = a, .b = b};
	size_t a_end = a->n, b_end = b->n, i = 0;
	int d = 0, r;

	while (i < a_end && i < b_end && same(&a->t[i], &b->t[i]))
		i++;
	while (a_end > i && b_end > i && same(&a->t[a_end - 1], &b->t[b_end - 1])) {
		a_end--;
		b_end--;
	}
	e.a0 = e.b0 = i;
	if (a_end - i > INT32_MAX / 4 || b_end - i > INT32_MAX / 4)
		return SL_E_LIMIT;
	e.n = (int)(a_end - i);
	e.m = (int)(b_end - i);
	r = forward(&e, max, &d);
	if (r == SL_OK) {
		backward(&e, d, a, b);
	} else if (r == SL_E_LIMIT) {
		for (size_t k = i; k < a_end; k++)
			a->changed[k] = true;
		for (size_t k = i; k < b_end; k++)
			b->changed[k] = true;
		r = SL_OK;
	}
	free(e.trail);
	return r;
}

/* ---- lines out ---- */

static int put_whole(const struct diff_to *to, enum diff_kind kind, const struct side *x,
		     size_t i)
{
	struct diff_piece p = {.text = x->t[i].s, .len = x->t[i].len};
	struct diff_line l = {.kind = kind, .number = (uint32_t)i + 1, .piece = &p, .n = 1};

	return to->line(to->arg, &l);
}

/* The words of one line, neighbours of a kind together. */
static int put_words(const struct diff_to *to, enum diff_kind kind, const struct side *words,
		     size_t number)
{
	struct diff_piece *p = calloc(words->n + 1, sizeof(*p));
	struct diff_line l = {.kind = kind, .number = (uint32_t)number + 1, .piece = p};
	int r;

	if (p == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < words->n; i++) {
		if (l.n > 0 && p[l.n - 1].changed == words->changed[i])
			p[l.n - 1].len += words->t[i].len;
		else
			p[l.n++] = (struct diff_piece){.text = words->t[i].s,
						       .len = words->t[i].len,
						       .changed = words->changed[i]};
	}
	r = to->line(to->arg, &l);
	free(p);
	return r;
}

/* Old line i and new line j stand against each other: which words differ? */
static int words_between(const struct side *a, size_t i, const struct side *b, size_t j,
			 struct side *x, struct side *y)
{
	enum { WORD_EDITS = 400 };
	int r = split_words(&a->t[i], x);

	if (r == SL_OK)
		r = split_words(&b->t[j], y);
	return r == SL_OK ? compare(x, y, WORD_EDITS) : r;
}

static int put_pair(const struct diff_to *to, const struct side *a, size_t i,
		    const struct side *b, size_t j, bool old)
{
	struct side x = {0}, y = {0};
	int r = words_between(a, i, b, j, &x, &y);

	if (r == SL_E_LIMIT)
		r = old ? put_whole(to, DIFF_OLD, a, i) : put_whole(to, DIFF_NEW, b, j);
	else if (r == SL_OK)
		r = old ? put_words(to, DIFF_OLD, &x, i) : put_words(to, DIFF_NEW, &y, j);
	side_release(&x);
	side_release(&y);
	return r;
}

/* A run of old lines and the new ones in their place; as many as both have are pairs. */
static int put_change(const struct diff_to *to, const struct side *a, size_t i, size_t i_end,
		      const struct side *b, size_t j, size_t j_end)
{
	size_t pairs = i_end - i < j_end - j ? i_end - i : j_end - j;
	int r = SL_OK;

	for (size_t k = i; r == SL_OK && k < i_end; k++)
		r = k - i < pairs ? put_pair(to, a, k, b, j + (k - i), true)
				  : put_whole(to, DIFF_OLD, a, k);
	for (size_t k = j; r == SL_OK && k < j_end; k++)
		r = k - j < pairs ? put_pair(to, a, i + (k - j), b, k, false)
				  : put_whole(to, DIFF_NEW, b, k);
	return r;
}

/* Lines i..end of the new text are the same: the ends of the run are context. */
static int put_same(const struct diff_to *to, const struct side *b, size_t j, size_t end,
		    bool first, bool last)
{
	size_t head = first ? 0 : DIFF_CONTEXT, tail = last ? 0 : DIFF_CONTEXT;
	struct diff_line skipped = {.kind = DIFF_SKIPPED};
	int r = SL_OK;

	if (end - j <= head + tail) {
		head = end - j;
		tail = 0;
	}
	for (size_t k = j; r == SL_OK && k < j + head; k++)
		r = put_whole(to, DIFF_SAME, b, k);
	skipped.number = (uint32_t)(end - j - head - tail);
	if (r == SL_OK && skipped.number > 0)
		r = to->line(to->arg, &skipped);
	for (size_t k = end - tail; r == SL_OK && k < end; k++)
		r = put_whole(to, DIFF_SAME, b, k);
	return r;
}

static int put_all(const struct diff_to *to, const struct side *a, const struct side *b)
{
	size_t i = 0, j = 0;
	int r = SL_OK;

	while (r == SL_OK && (i < a->n || j < b->n)) {
		size_t i_end = i, j_end = j;

		while (j_end < b->n && i_end < a->n && !a->changed[i_end] &&
		       !b->changed[j_end]) {
			i_end++;
			j_end++;
		}
		if (j_end > j)
			r = put_same(to, b, j, j_end, i == 0 && j == 0,
				     j_end == b->n && i_end == a->n);
		i = i_end;
		j = j_end;
		while (i_end < a->n && a->changed[i_end])
			i_end++;
		while (j_end < b->n && b->changed[j_end])
			j_end++;
		if (r == SL_OK)
			r = put_change(to, a, i, i_end, b, j, j_end);
		i = i_end;
		j = j_end;
	}
	return r;
}

int diff_texts(const char *old, size_t old_len, const char *now, size_t now_len,
	       const struct diff_to *to)
{
	struct side a = {0}, b = {0};
	int r = SL_OK;

	if (old_len == now_len && memcmp(old, now, old_len) == 0)
		return SL_OK;
	r = split_lines(old, old_len, &a);
	if (r == SL_OK)
		r = split_lines(now, now_len, &b);
	if (r == SL_OK)
		r = compare(&a, &b, DIFF_EDITS_MAX);
	if (r == SL_OK)
		r = put_all(to, &a, &b);
	side_release(&a);
	side_release(&b);
	return r;
}
