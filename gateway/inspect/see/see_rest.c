/* see_rest.c - what is known is painted over, the rest is read.
 *
 * Nothing is decided here about what a page may have on it.  Rules, boxes, pictures,
 * drawings, annotations, letters that are drawn as paths, light text: ink that is not a
 * known character's is left and read.  The same rest - a rule under each head line - is
 * read once.
 *
 * Hostile: all of it. */
#include "inspect/see/see_rest.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/see/see_codes.h"
#include "inspect/see/see_picture.h"
#include "inspect/see/see_reader.h"
#include "inspect/see/see_sheet.h"
#include "inspect/see/see_strip.h"
#include "inspect/see/see_tips.h"

enum {
	RESTS_KEPT = 32,
	PAPER_AROUND = 40, /* pixels */
};

struct seen {
	uint8_t digest[HASH_LEN];
	struct buf text, codes; /* that were read */
	bool code_unread;
};

struct see_rest {
	struct see_known *known;
	struct see_strips *strips;
	struct seen seen[RESTS_KEPT];
	size_t n;
};

int see_rest_new(struct see_rest **ret_s)
{
	struct see_rest *s = calloc(1, sizeof(*s));
	int r = s != NULL ? see_known_new(&s->known) : SL_E_NOMEM;

	if (r == SL_OK)
		r = see_strips_new(&s->strips);
	if (r == SL_OK)
		*ret_s = s;
	else
		see_rest_free(s);
	return r;
}

void see_rest_free(struct see_rest *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		buf_release(&s->seen[i].text);
		buf_release(&s->seen[i].codes);
	}
	see_strips_free(s->strips);
	see_known_free(s->known);
	free(s);
}

/* --- what is left --- */

/* The run, and the light pixels around it that belong to it. */
static void paint_over(PIX *rest, const struct see_run *run)
{
	int w = pixGetWidth(rest), h = pixGetHeight(rest);

	for (int y = run->y - 1; y <= run->y + 1; y++) {
		l_uint32 *row;

		if (y < 0 || y >= h)
			continue;
		row = pixGetData(rest) + (size_t)y * (size_t)pixGetWpl(rest);
		for (int x = run->x - 1; x <= run->x + run->len; x++) {
			bool own = y == run->y && x >= run->x && x < run->x + run->len;

			if (x >= 0 && x < w && (own || GET_DATA_BYTE(row, x) >= SEE_INK))
				SET_DATA_BYTE(row, x, UINT8_MAX);
		}
	}
}

static void paint_line_over(const struct see_units *u, const struct see_line *line, PIX *rest)
{
	uint32_t first, last;

	if (line->end == line->first)
		return;
	first = u->letters[line->first].unit;
	last = u->letters[line->end - 1].unit;
	for (uint32_t i = first; i <= last; i++)
		for (size_t k = u->units[i].run; k < u->units[i].run + u->units[i].n_runs; k++)
			paint_over(rest, &u->runs[k]);
	for (uint32_t i = first; i <= last; i++)
		if (u->units[i].n_runs > 0)
			see_tips_paint_over(&u->units[i].ink, rest);
}

/* Light letters alone look like paper to the models: the darkest pixel becomes black. */
static void darken(PIX *part)
{
	int w = pixGetWidth(part), h = pixGetHeight(part), ink = 0;

	for (int pass = 0; pass < 2; pass++)
		for (int y = 0; y < h; y++) {
			l_uint32 *row = pixGetData(part) + (size_t)y * (size_t)pixGetWpl(part);

			for (int x = 0; x < w; x++) {
				int v = UINT8_MAX - (int)GET_DATA_BYTE(row, x);

				if (pass == 0)
					ink = v > ink ? v : ink;
				else if (ink > 0)
					SET_DATA_BYTE(
						row, x,
						(l_uint8)(UINT8_MAX - v * UINT8_MAX / ink));
			}
		}
}

/* The part that has something on it, with paper around; NULL in *ret_part: nothing has.
 * SL_E_NOMEM. */
static int cut_part(PIX *rest, PIX **ret_part)
{
	int w = pixGetWidth(rest), h = pixGetHeight(rest);
	int left = w, right = 0, top = h, bottom = 0;
	PIX *part = NULL;
	BOX *box;

	for (int y = 0; y < h; y++) {
		const l_uint32 *row = pixGetData(rest) + (size_t)y * (size_t)pixGetWpl(rest);

		for (int x = 0; x < w; x++) {
			/* Four pixels of paper at once. */
			if ((x & 3) == 0 && row[x >> 2] == UINT32_MAX) {
				x += 3;
				continue;
			}
			if (GET_DATA_BYTE(row, x) < SEE_PAPER) {
				left = x < left ? x : left;
				right = x > right ? x : right;
				top = y < top ? y : top;
				bottom = y;
			}
		}
	}
	if (top < h) {
		/* What lies outside of the page is cut off by leptonica. */
		box = boxCreate(left - PAPER_AROUND, top - PAPER_AROUND,
				right - left + 1 + 2 * PAPER_AROUND,
				bottom - top + 1 + 2 * PAPER_AROUND);
		part = box != NULL ? pixClipRectangle(rest, box, NULL) : NULL;
		boxDestroy(&box);
		if (part != NULL)
			darken(part);
	}
	*ret_part = part;
	return part != NULL || top == h ? SL_OK : SL_E_NOMEM;
}

/* Lines whose pictures are known say what the layer says, others what is read of them. */
static int take_line(struct see_rest *s, const struct see_page *g, const struct see_units *u,
		     const struct see_line *l, PIX *gray, struct buf *text, bool *ret_taken)
{
	*ret_taken = see_sheet_line_known(u, l, s->known);
	if (!*ret_taken)
		return see_strips_take(s->strips, u, l, gray, g->number, s->known, text,
				       ret_taken);
	buf_put(text, g->layer + l->from, l->to - l->from);
	return buf_error(text);
}

/* Lines go from the picture to the text. */
static int take_lines(struct see_rest *s, const struct see_page *g, PIX *gray, PIX *rest,
		      struct buf *text)
{
	struct see_units u;
	int r = see_units_find(g, gray, &u);

	if (r == SL_E_LIMIT)
		return SL_OK; /* all of it is left */
	if (r != SL_OK)
		return r;
	r = see_sheet_read(&u, gray, g->number, s->known);
	for (uint32_t i = 0; r == SL_OK && i < u.n_lines; i++) {
		bool taken = false;

		r = take_line(s, g, &u, &u.lines[i], gray, text, &taken);
		if (r == SL_OK && taken)
			paint_line_over(&u, &u.lines[i], rest);
	}
	see_units_release(&u);
	return r;
}

/* --- reading what is left --- */

static int digest_of(PIX *rest, const struct see_read *how, uint8_t digest[HASH_LEN])
{
	const uint32_t head[] = {(uint32_t)pixGetWidth(rest), (uint32_t)pixGetHeight(rest),
				 (uint32_t)how->dpi, how->chinese_only};
	struct hash *h = NULL;
	int r = hash_new(&h);

	if (r == SL_OK) {
		hash_update(h, head, sizeof(head));
		hash_update(h, pixGetData(rest),
			    (size_t)pixGetWpl(rest) * (size_t)pixGetHeight(rest) *
				    sizeof(l_uint32));
		hash_final(h, digest);
	}
	hash_free(h);
	return r;
}

static int read_rest(PIX *rest, const struct see_read *how, struct seen *s)
{
	struct see_result result;
	int r = see_reader_read(rest, how, &s->text, &result);

	if (r == SL_OK)
		r = see_codes_read(rest, &s->codes);
	s->code_unread = r == SL_E_UNSUPPORTED;
	return s->code_unread ? SL_OK : r;
}

/* Borrowed from s, or read into *room. */
static int look_up(struct see_rest *s, PIX *rest, const struct see_read *how, struct seen *room,
		   const struct seen **ret_seen)
{
	int r = digest_of(rest, how, room->digest);

	for (size_t i = 0; r == SL_OK && i < s->n; i++)
		if (memcmp(s->seen[i].digest, room->digest, HASH_LEN) == 0) {
			*ret_seen = &s->seen[i];
			return SL_OK;
		}
	if (r == SL_OK)
		r = read_rest(rest, how, room);
	*ret_seen = room;
	if (r == SL_OK && s->n < RESTS_KEPT) {
		s->seen[s->n] = *room; /* moved */
		*ret_seen = &s->seen[s->n++];
		buf_init(&room->text, EXTRACT_CHUNK);
		buf_init(&room->codes, EXTRACT_CHUNK);
	}
	return r;
}

/* Everything dark goes, with the light pixels of its edges.  SL_E_NOMEM. */
static int leave_light(PIX *rest)
{
	enum { EDGE = 5 };
	PIX *dark = pixThresholdToBinary(rest, SEE_INK);
	PIX *wider = dark != NULL ? pixDilateBrick(NULL, dark, EDGE, EDGE) : NULL;
	int r = wider != NULL && pixSetMasked(rest, wider, UINT8_MAX) == 0 ? SL_OK : SL_E_NOMEM;

	pixDestroy(&wider);
	pixDestroy(&dark);
	return r;
}

/* Texts and codes of the part of `rest` that has something on it. */
static int read_part(struct see_rest *s, PIX *rest, const struct see_read *how,
		     struct extract_part *p, struct buf *text, bool *ret_any)
{
	PIX *part = NULL;
	const struct seen *seen = NULL;
	struct seen room = {.code_unread = false};
	int r = cut_part(rest, &part);

	*ret_any = part != NULL;
	buf_init(&room.text, EXTRACT_CHUNK);
	buf_init(&room.codes, EXTRACT_CHUNK);
	if (r == SL_OK && part != NULL)
		r = look_up(s, part, how, &room, &seen);
	if (r == SL_OK && seen != NULL) {
		buf_put(text, seen->text.data, seen->text.len);
		extract_text(p, WHERE_QR, buf_str(&seen->codes), seen->codes.len);
		if (seen->code_unread)
			extract_fail(p, "code-not-read");
	}
	buf_release(&room.text);
	buf_release(&room.codes);
	pixDestroy(&part);
	return r;
}

int see_rest_read(struct see_rest *s, const struct see_page *g, PIX *gray,
		  struct extract_part *p)
{
	const struct see_read how = {.dpi = (int)g->dpi,
				     .chinese_only = see_layer_is_chinese(g)};
	PIX *rest = pixCopy(NULL, gray);
	struct buf text;
	bool any = false;
	int r = rest != NULL ? SL_OK : SL_E_NOMEM;

	buf_init(&text, EXTRACT_CHUNK);
	if (r == SL_OK)
		r = take_lines(s, g, gray, rest, &text);
	if (r == SL_OK)
		r = read_part(s, rest, &how, p, &text, &any);
	/* Beside dark letters the models take light ones for paper: those once more. */
	if (r == SL_OK && any)
		r = leave_light(rest);
	if (r == SL_OK && any)
		r = read_part(s, rest, &how, p, &text, &any);
	if (r == SL_OK)
		r = see_layer_second_look(g, &text);
	if (r == SL_OK)
		see_put_text(p, &text);
	buf_release(&text);
	pixDestroy(&rest);
	return r;
}
