/* see_reader_text.c - lines as a person would copy them.
 *
 * Blanks between Chinese characters are the engine's and go.  Where the picture has
 * stars the result is walked character by character: one that covers a star is it. */
#include "inspect/see/see_reader_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/see/see_star.h"

static const char STAR[] = "\xe2\x98\x85";

static bool is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0x20000 && cp <= 0x3ffff) ||
	       (cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xffef) || cp == 0x2605;
}

static void put_line(struct buf *out, const char *s, size_t len)
{
	size_t used;
	uint32_t before = 0;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);
		uint32_t next = 0;
		size_t skip;

		if (i + used < len)
			next = text_decode(s + i + used, len - i - used, &skip);
		if (cp == TEXT_BAD || cp < 0x20)
			cp = ' ';
		if (cp == ' ' && (before == 0 || is_han(before) || is_han(next) || next == 0))
			continue;
		before = cp;
		if (cp < 0x80)
			buf_put_u8(out, (uint8_t)cp);
		else
			buf_put(out, s + i, used);
	}
	buf_put_u8(out, '\n');
}

static void put_lines(struct buf *out, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n\f");

		if (strspn(s, " \t") < n)
			put_line(out, s, n);
		s += n + (s[n] != '\0');
	}
}

/* --- with stars --- */

enum { SYMBOLS_MAX = 1000 /* of one line; what follows keeps its misread stars */ };

struct stars {
	BOXA *boxes;
	bool used[SEE_STARS_MOST];
};

struct box {
	int left, top, right, bottom;
};

struct line {
	struct box box;
	unsigned n;
	struct {
		char text[16];
		struct box box;
		bool word;  /* the first of one */
		bool star;  /* the models took a star for it */
		bool after; /* a star that they left out follows */
	} symbol[SYMBOLS_MAX];
	bool before;
};

/* Where a box begins for a reader, who may read a line upright or on its side. */
struct direction {
	bool down; /* along y */
	bool back; /* towards smaller numbers */
};

static struct direction direction_of(const struct line *l)
{
	const struct box *first = &l->symbol[0].box, *last = &l->symbol[l->n - 1].box;
	int dx = last->left + last->right - first->left - first->right;
	int dy = last->top + last->bottom - first->top - first->bottom;
	bool down = abs(dy) > abs(dx);

	return (struct direction){.down = down, .back = (down ? dy : dx) < 0};
}

static int begin_of(const struct box *b, struct direction d)
{
	int from = d.down ? b->top : b->left, to = d.down ? b->bottom : b->right;

	return d.back ? -to : from;
}

static bool is_in_line(const struct line *l, const struct box *star, struct direction d)
{
	int x = (star->left + star->right) / 2, y = (star->top + star->bottom) / 2;

	return d.down ? x >= l->box.left && x <= l->box.right
		      : y >= l->box.top && y <= l->box.bottom;
}

/* Boxes of characters are guesses and overlap, but they begin in order: a star is the
 * last character that begins where the star does, or follows the one before it. */
static void place_star(struct line *l, const struct box *star, struct direction d)
{
	int slack = (star->right - star->left) * 3 / 4, begin = begin_of(star, d);
	unsigned i = 0;

	while (i < l->n && begin_of(&l->symbol[i].box, d) <= begin + slack)
		i++;
	if (i == 0)
		l->before = true;
	else if (begin_of(&l->symbol[i - 1].box, d) > begin - slack)
		l->symbol[i - 1].star = true;
	else
		l->symbol[i - 1].after = true;
}

static void place_stars(struct line *l, struct stars *stars)
{
	struct direction d = direction_of(l);

	for (l_int32 i = 0; i < boxaGetCount(stars->boxes); i++) {
		l_int32 x = 0, y = 0, w = 0, h = 0;
		struct box b;

		(void)boxaGetBoxGeometry(stars->boxes, i, &x, &y, &w, &h);
		b = (struct box){.left = x, .top = y, .right = x + w, .bottom = y + h};
		if (stars->used[i] || !is_in_line(l, &b, d))
			continue;
		place_star(l, &b, d);
		stars->used[i] = true;
	}
}

static void put_symbols(struct line *l, struct stars *stars, struct buf *out)
{
	if (l->n > 0)
		place_stars(l, stars);
	if (l->before)
		buf_puts(out, STAR);
	for (unsigned i = 0; i < l->n; i++) {
		buf_puts(out, l->symbol[i].word ? " " : "");
		buf_puts(out, l->symbol[i].star ? STAR : l->symbol[i].text);
		buf_puts(out, l->symbol[i].after ? STAR : "");
	}
	buf_puts(out, "\n");
	l->n = 0;
	l->before = false;
}

static void take_box(TessPageIterator *pi, TessPageIteratorLevel level, struct box *b)
{
	(void)TessPageIteratorBoundingBox(pi, level, &b->left, &b->top, &b->right, &b->bottom);
}

static void take_symbol(TessResultIterator *ri, TessPageIterator *pi, struct line *l)
{
	char *s = TessResultIteratorGetUTF8Text(ri, RIL_SYMBOL);

	if (s != NULL && l->n < SYMBOLS_MAX) {
		(void)snprintf(l->symbol[l->n].text, sizeof(l->symbol[0].text), "%s", s);
		take_box(pi, RIL_SYMBOL, &l->symbol[l->n].box);
		l->symbol[l->n].word = TessPageIteratorIsAtBeginningOf(pi, RIL_WORD);
		l->symbol[l->n].star = l->symbol[l->n].after = false;
		l->n++;
	}
	TessDeleteText(s);
}

static void walk(TessResultIterator *ri, struct line *l, struct stars *stars, struct buf *out)
{
	TessPageIterator *pi = TessResultIteratorGetPageIterator(ri);

	do {
		if (TessPageIteratorIsAtBeginningOf(pi, RIL_TEXTLINE)) {
			put_symbols(l, stars, out);
			take_box(pi, RIL_TEXTLINE, &l->box);
		}
		take_symbol(ri, pi, l);
	} while (TessResultIteratorNext(ri, RIL_SYMBOL));
	put_symbols(l, stars, out);
}

static int lines_with_stars(TessBaseAPI *t, struct stars *stars, struct buf *text)
{
	TessResultIterator *ri = TessBaseAPIGetIterator(t);
	struct line *l = calloc(1, sizeof(*l));
	struct buf raw;
	int r = l != NULL ? SL_OK : SL_E_NOMEM;

	buf_init(&raw, text->max);
	if (ri != NULL && l != NULL)
		walk(ri, l, stars, &raw);
	/* A star that no line has is a line by itself. */
	for (l_int32 i = 0; i < boxaGetCount(stars->boxes); i++) {
		buf_puts(&raw, stars->used[i] ? "" : STAR);
		buf_puts(&raw, "\n");
	}
	TessResultIteratorDelete(ri);
	if (r == SL_OK)
		r = buf_error(&raw);
	if (r == SL_OK)
		put_lines(text, buf_str(&raw));
	buf_release(&raw);
	free(l);
	return r;
}

int see_reader_lines(TessBaseAPI *t, struct buf *text)
{
	PIX *binary = TessBaseAPIGetThresholdedImage(t);
	struct stars stars = {.boxes = binary != NULL ? see_stars(binary) : NULL};
	char *s = NULL;
	int r = stars.boxes != NULL ? SL_OK : SL_E_NOMEM;

	if (r == SL_OK && boxaGetCount(stars.boxes) > 0)
		r = lines_with_stars(t, &stars, text);
	else if (r == SL_OK)
		s = TessBaseAPIGetUTF8Text(t);
	if (s != NULL)
		put_lines(text, s);
	TessDeleteText(s);
	boxaDestroy(&stars.boxes);
	pixDestroy(&binary);
	return r == SL_OK ? buf_error(text) : r;
}

/* --- character by character --- */

static bool is_on_star(BOXA *stars, const struct box *b)
{
	for (l_int32 i = 0; i < boxaGetCount(stars); i++) {
		l_int32 x = 0, w = 0;

		(void)boxaGetBoxGeometry(stars, i, &x, NULL, &w, NULL);
		if (x < b->right && x + w > b->left)
			return true;
	}
	return false;
}

static void put_characters(const char *s, const struct box *b, bool star, bool word,
			   struct see_symbol *list, unsigned most, unsigned *n)
{
	enum { STAR_CHARACTER = 0x2605 };
	size_t len = strlen(s), used;

	for (size_t i = 0; i < len && *n < most; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		list[(*n)++] = (struct see_symbol){.cp = star ? STAR_CHARACTER : cp,
						   .word = word && i == 0,
						   .left = b->left,
						   .right = b->right};
	}
}

int see_reader_characters(TessBaseAPI *t, struct see_symbol *list, unsigned most,
			  unsigned *ret_n)
{
	PIX *binary = TessBaseAPIGetThresholdedImage(t);
	BOXA *stars = binary != NULL ? see_stars(binary) : NULL;
	TessResultIterator *ri = TessBaseAPIGetIterator(t);
	TessPageIterator *pi = ri != NULL ? TessResultIteratorGetPageIterator(ri) : NULL;
	int r = stars != NULL ? SL_OK : SL_E_NOMEM;
	unsigned n = 0;

	for (bool more = pi != NULL && r == SL_OK; more;
	     more = TessResultIteratorNext(ri, RIL_SYMBOL)) {
		char *s = TessResultIteratorGetUTF8Text(ri, RIL_SYMBOL);
		struct box b = {.left = 0};

		take_box(pi, RIL_SYMBOL, &b);
		if (s != NULL)
			put_characters(s, &b, is_on_star(stars, &b),
				       TessPageIteratorIsAtBeginningOf(pi, RIL_WORD), list,
				       most, &n);
		TessDeleteText(s);
	}
	*ret_n = n;
	TessResultIteratorDelete(ri);
	boxaDestroy(&stars);
	pixDestroy(&binary);
	return r;
}
