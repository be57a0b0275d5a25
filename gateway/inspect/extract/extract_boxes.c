/* extract_boxes.c - text that stands under an opaque shape.
 *
 * Hostile: geometry; products stay far below the range of 64 bits because callers
 * bound each length by 2^31. */
#include "inspect/extract/extract_boxes.h"

#include <stdlib.h>

enum { BOXES_MAX = 16384, WHOLE = 950 /* thousandths */ };

int extract_boxes_add(struct extract_boxes *b, size_t *ret_i)
{
	void *list = b->box;
	int r = extract_grow(&list, b->n, &b->cap, sizeof(*b->box), BOXES_MAX);

	b->box = list;
	if (r != SL_OK)
		return r;
	b->box[b->n] = (struct extract_box){.placed = false};
	*ret_i = b->n++;
	return SL_OK;
}

void extract_boxes_release(struct extract_boxes *b)
{
	free(b->box);
	*b = (struct extract_boxes){0};
}

/* Area that two boxes share, in thousandths of the first. */
static int64_t share(const struct extract_box *a, const struct extract_box *b)
{
	int64_t left = (a->x > b->x) ? a->x : b->x, up = (a->y > b->y) ? a->y : b->y;
	int64_t right = (a->x + a->w < b->x + b->w) ? a->x + a->w : b->x + b->w;
	int64_t down = (a->y + a->h < b->y + b->h) ? a->y + a->h : b->y + b->h;

	if (right <= left || down <= up)
		return 0;
	return (right - left) * 1000 / a->w * ((down - up) * 1000 / a->h) / 1000;
}

enum extract_cover extract_boxes_cover(const struct extract_boxes *b, size_t i)
{
	const struct extract_box *a = &b->box[i];
	enum extract_cover worst = COVER_NONE;

	for (size_t k = i + 1; a->placed && k < b->n && worst != COVER_WHOLE; k++) {
		const struct extract_box *c = &b->box[k];
		int64_t shared = (c->placed && c->opaque) ? share(a, c) : 0;

		if (shared >= WHOLE)
			worst = COVER_WHOLE;
		else if (shared > 0 && c->plain && c->end == c->start)
			worst = COVER_PART;
	}
	return worst;
}

/* The text of box a once more, as covered. */
static void say(struct extract_part *p, const struct extract_box *a, enum extract_cover how)
{
	size_t start = extract_stream_len(p, WHERE_COVERED);
	struct buf copy;

	buf_init(&copy, EXTRACT_XML_MAX);
	buf_put(&copy, p->text[a->where].data + a->start, a->end - a->start);
	extract_text(p, WHERE_COVERED, buf_str(&copy), copy.len);
	extract_line_end(p, WHERE_COVERED);
	buf_release(&copy);
	extract_mark(p, "DH-007", (how == COVER_WHOLE) ? SEV_S1 : SEV_S2, WHERE_COVERED, start,
		     (how == COVER_WHOLE) ? "covered-text" : "bar-over-text");
}

void extract_boxes_judge(struct extract_boxes *b, struct extract_part *p)
{
	for (size_t i = 0; i < b->n; i++) {
		enum extract_cover how = (b->box[i].end > b->box[i].start)
						 ? extract_boxes_cover(b, i)
						 : COVER_NONE;

		if (how != COVER_NONE)
			say(p, &b->box[i], how);
	}
	b->n = 0;
}
