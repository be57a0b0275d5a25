/* fix_spans.c - places, overlaps and lines.  Hostile: the text and every number. */
#include "inspect/fix_spans.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LINE_SIDE = 120, TEXT_CAP = 4096 };

/* Moves on to the code point of that number; false when it does not stand in the passage. */
static bool go_to(struct fix_cursor *c, uint64_t offset)
{
	const struct passage *p = c->passage;
	size_t used;

	while (c->segment < p->n) {
		const struct segment *s = &p->segment[c->segment];

		if (!c->inside) {
			c->inside = true;
			c->at = 0;
			c->offset = s->offset;
		}
		for (; c->offset < offset && c->at < s->len; c->offset++) {
			(void)text_decode(s->text + c->at, s->len - c->at, &used);
			c->at += used;
		}
		if (c->at < s->len)
			return c->offset == offset;
		c->segment++;
		c->inside = false;
	}
	return false;
}

bool fix_spans_find(struct fix_cursor *c, uint64_t offset, uint64_t length, size_t *ret_from,
		    size_t *ret_to)
{
	struct fix_cursor last;
	size_t used;

	if (length == 0 || !go_to(c, offset))
		return false;
	*ret_from = c->passage->start[c->segment] + c->at;
	last = *c; /* the next one may begin inside of this one */
	if (!go_to(&last, offset + length - 1))
		return false;
	(void)text_decode(last.passage->segment[last.segment].text + last.at,
			  last.passage->segment[last.segment].len - last.at, &used);
	*ret_to = last.passage->start[last.segment] + last.at + used;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct fix_span *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to == y->to ? 0 : x->to > y->to ? -1 : 1; /* the longer one first */
}

void fix_spans_sort(struct fix_spans *all)
{
	qsort(all->span, all->n, sizeof(all->span[0]), by_place);
}

/* A name is one wherever it stands: 被害人周若宁 -> 被害人周某某 is also 周若宁 -> 周某某.
 * Of three characters only: two are often a part of another word. */
static int add_name(struct fix_masks *m, const char *text, size_t len, const struct fix_span *s)
{
	static const char some[] = "某某"; /* two of three bytes each */
	size_t n = strlen(s->with), used;
	char shown[16];
	uint32_t first;

	if (n != len || len <= 9 || memcmp(s->with + n - 6, some, 6) != 0 ||
	    memcmp(text, s->with, n - 6) != 0 || memcmp(text + len - 6, some, 6) == 0)
		return SL_OK;
	first = text_decode(text + len - 9, 9, &used);
	if (used != 3 || first < 0x4e00 || first > 0x9fff)
		return SL_OK;
	(void)snprintf(shown, sizeof(shown), "%.3s**", text + len - 9);
	return fix_masks_add(m, text + len - 9, 9, s->with + n - 9, shown, s->severity);
}

static void put_stars(struct buf *out, const char *s, size_t len)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		(void)text_decode(s + i, len - i, &used);
		buf_puts(out, s[i] == '\n' ? "\n" : "*");
	}
}

/* Spans that lie in `s` or reach over its end. */
static int add_overlaps(struct fix_masks *m, const char *text, const struct fix_spans *all,
			size_t i)
{
	const struct fix_span *s = &all->span[i];
	struct fix_masks inner = {.n = 0};
	size_t to = s->to, k;
	struct buf with, shown;
	int r = SL_OK;

	buf_init(&with, TEXT_CAP);
	buf_init(&shown, TEXT_CAP);
	for (k = i + 1; r == SL_OK && k < all->n && all->span[k].from < to; k++) {
		const struct fix_span *o = &all->span[k];

		r = fix_masks_add(&inner, text + o->from, o->to - o->from, o->with, o->shown,
				  o->severity);
		to = o->to > to ? o->to : to;
	}
	if (r == SL_OK)
		r = fix_masks_apply(&inner, s->with, strlen(s->with), false, &with, NULL);
	if (r == SL_OK)
		r = fix_masks_apply(&inner, s->shown, strlen(s->shown), true, &shown, NULL);
	if (r == SL_OK && to > s->to) {
		put_stars(&with, text + s->to, to - s->to);
		put_stars(&shown, text + s->to, to - s->to);
		r = buf_error(&with) != SL_OK ? buf_error(&with) : buf_error(&shown);
	}
	if (r == SL_OK)
		r = fix_masks_add(m, text + s->from, to - s->from, buf_str(&with),
				  buf_str(&shown), s->severity);
	/* Too long together: one by one, and the next inspection sees what is left. */
	if (r == SL_E_LIMIT)
		r = fix_masks_add(m, text + s->from, s->to - s->from, s->with, s->shown,
				  s->severity);
	fix_masks_release(&inner);
	buf_wipe(&with);
	buf_wipe(&shown);
	return r;
}

int fix_spans_mask(const struct fix_spans *all, const char *text, struct fix_masks *m)
{
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < all->n; i++) {
		const struct fix_span *s = &all->span[i];

		r = add_overlaps(m, text, all, i);
		if (r == SL_OK)
			r = add_name(m, text + s->from, s->to - s->from, s);
	}
	return r;
}

struct fix_span fix_spans_line(const char *text, size_t len, const struct fix_span *s)
{
	struct fix_span line = {.from = s->from, .to = s->to};

	for (int n = 0; line.from > 0 && text[line.from - 1] != '\n' && n < LINE_SIDE;
	     line.from--)
		n += ((uint8_t)text[line.from - 1] & 0xc0) != 0x80;
	while (line.from < s->from && ((uint8_t)text[line.from] & 0xc0) == 0x80)
		line.from++;
	for (int n = 0; line.to < len && text[line.to] != '\n' && n < LINE_SIDE; line.to++)
		n += ((uint8_t)text[line.to] & 0xc0) != 0x80;
	while (line.to > s->to && line.to < len && ((uint8_t)text[line.to] & 0xc0) == 0x80)
		line.to--;
	if (line.from > 0 && text[line.from - 1] != '\n')
		while (line.from < s->from && (uint8_t)text[line.from] < 0x80)
			line.from++;
	if (line.to < len && text[line.to] != '\n')
		while (line.to > s->to && (uint8_t)text[line.to - 1] < 0x80)
			line.to--;
	return line;
}
