/* views.c - neighbourhoods of characters, hashed.
 *
 * Both texts come from processes that have parsed the document; they are valid UTF-8
 * (checked when they came in), and that is all that is believed of them. */
#include "inspect/views.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { STAR = 0xfaff /* of a mark: as good as a Chinese character */ };
enum { FIRST_SLOTS = 1 << 12, SHOWN_IN_RUN = 1 };

struct views_page {
	uint64_t *slots; /* owned; open addressing, 0: free */
	size_t n, cap;
	size_t count;
	uint32_t last[4]; /* of what was added, the newest last */
};

uint32_t views_fold(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	if (cp >= 'A' && cp <= 'Z')
		cp += 'a' - 'A';
	if (cp == 0x2605 || cp == 0x2606)
		return STAR;
	if (cp == 'o')
		return '0';
	if (cp == 'l' || cp == 'i')
		return '1';
	if ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
	    (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff))
		return cp;
	return 0;
}

static bool is_han(uint32_t c)
{
	return c >= 0x3400;
}

/* What n characters in a row are called; 0: such a row says nothing.  Two or three count
 * when a Chinese character is among them; of digits and Latin letters, of which there
 * are few, it takes four. */
static uint64_t row_key(const uint32_t *c, unsigned n)
{
	uint64_t key = n;
	bool han = false;

	for (unsigned i = 0; i < n; i++) {
		if (c[i] == 0)
			return 0;
		han = han || is_han(c[i]);
		key = key << (n == 4 ? 7 : 16) | c[i];
	}
	return han == (n < 4) ? key : 0;
}

static size_t slot(const struct views_page *p, uint64_t key)
{
	size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (p->cap - 1);

	while (p->slots[i] != 0 && p->slots[i] != key)
		i = (i + 1) & (p->cap - 1);
	return i;
}

static bool has(const struct views_page *p, uint64_t key)
{
	return p->slots[slot(p, key)] == key;
}

static int grow(struct views_page *p)
{
	struct views_page bigger = {.cap = p->cap * 2};

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < p->cap; i++)
		if (p->slots[i] != 0)
			bigger.slots[slot(&bigger, p->slots[i])] = p->slots[i];
	free(p->slots);
	p->slots = bigger.slots;
	p->cap = bigger.cap;
	return SL_OK;
}

static int put(struct views_page *p, uint64_t key)
{
	int r = p->n * 2 >= p->cap ? grow(p) : SL_OK;
	size_t i;

	if (r != SL_OK)
		return r;
	i = slot(p, key);
	p->n += p->slots[i] == 0;
	p->slots[i] = key;
	return SL_OK;
}

int views_page_new(struct views_page **ret_p)
{
	struct views_page *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return SL_E_NOMEM;
	p->cap = FIRST_SLOTS;
	p->slots = calloc(p->cap, sizeof(*p->slots));
	if (p->slots == NULL) {
		free(p);
		return SL_E_NOMEM;
	}
	*ret_p = p;
	return SL_OK;
}

void views_page_free(struct views_page *p)
{
	if (p == NULL)
		return;
	free(p->slots);
	free(p);
}

size_t views_page_count(const struct views_page *p)
{
	return p->count;
}

int views_page_add(struct views_page *p, const char *s, size_t len)
{
	size_t used;
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < len; i += used) {
		uint32_t c = views_fold(text_decode(s + i, len - i, &used));

		if (c == 0)
			continue;
		memmove(p->last, p->last + 1, 3 * sizeof(p->last[0]));
		p->last[3] = c;
		for (unsigned n = 2; r == SL_OK && n <= 4; n++) {
			uint64_t key = row_key(p->last + 4 - n, n);

			r = key != 0 ? put(p, key) : SL_OK;
		}
		p->count++;
	}
	return r;
}

enum { MIDDLE = 3, WINDOW = 7 };

/* Judged characters in a row of the text that is asked about: three on each side. */
struct window {
	uint32_t c[WINDOW]; /* 0: none */
	size_t at[WINDOW], end[WINDOW];
	const char *s;
	size_t len, next;
};

static void slide(struct window *w)
{
	enum { LAST = WINDOW - 1 };
	size_t used = 0;
	uint32_t c = 0;

	memmove(w->c, w->c + 1, LAST * sizeof(w->c[0]));
	memmove(w->at, w->at + 1, LAST * sizeof(w->at[0]));
	memmove(w->end, w->end + 1, LAST * sizeof(w->end[0]));
	while (c == 0 && w->next < w->len) {
		c = views_fold(text_decode(w->s + w->next, w->len - w->next, &used));
		w->at[LAST] = w->next;
		w->next += used;
		w->end[LAST] = w->next;
	}
	w->c[LAST] = c;
}

/* Does the page have any row around the middle? */
static bool is_shown(const struct views_page *p, const struct window *w)
{
	for (unsigned n = 2; n <= 4; n++)
		for (unsigned from = MIDDLE + 1 - n; from <= MIDDLE; from++) {
			uint64_t key = row_key(w->c + from, n);

			if (key != 0 && has(p, key))
				return true;
		}
	return false;
}

bool views_missing(const struct views_page *p, const char *s, size_t len, unsigned least,
		   size_t *at, struct views_run *ret_run)
{
	struct window w = {.s = s, .len = len, .next = *at};
	struct views_run run = {.count = 0};
	unsigned shown = 0;

	for (int i = MIDDLE; i < WINDOW; i++)
		slide(&w);
	for (; w.c[MIDDLE] != 0; slide(&w)) {
		if (!is_shown(p, &w)) {
			if (run.count == 0)
				run.start = w.at[MIDDLE];
			run.count += 1 + shown;
			run.len = w.end[MIDDLE] - run.start;
			shown = 0;
			continue;
		}
		if (run.count == 0)
			continue;
		if (++shown <= SHOWN_IN_RUN)
			continue;
		if (run.count >= least)
			break;
		run.count = shown = 0;
	}
	/* One back: the next question then knows the neighbour of what it starts with. */
	*at = w.c[MIDDLE] != 0 ? w.at[MIDDLE - 1] : len;
	if (run.count < least)
		return false;
	*ret_run = run;
	return true;
}
