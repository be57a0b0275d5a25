/* extract_boxes.c - text that stands under an opaque shape.
 *
 * Hostile: geometry; products stay far below the range of 64 bits because callers
 * bound each length by 2^31. */
#include "inspect/extract/extract_boxes.h"

#include <stdlib.h>

enum { BOXES_MAX = 20000, WHOLE = 950 /* thousandths */ };

int extract_boxes_add(struct extract_boxes *b, size_t *ret_i)
{
	if (b->n == b->cap) {
		size_t cap = (b->cap == 0) ? 32 : b->cap * 2;
		void *more =
			(cap <= BOXES_MAX) ? reallocarray(b->box, cap, sizeof(*b->box)) : NULL;

		if (more == NULL)
			return (cap <= BOXES_MAX) ? SL_E_NOMEM : SL_E_LIMIT;
		b->box = more;
		b->cap = cap;
	}
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

/* Does b, painted later, hide the text of a?  Says so. */
static bool hides(struct extract_part *p, const struct extract_box *a,
		  const struct extract_box *b)
{
	int64_t shared = share(a, b);
	size_t start = extract_stream_len(p, WHERE_COVERED);
	struct buf copy;

	if (shared < WHOLE && !(shared > 0 && b->plain && b->end == b->start))
		return false;
	buf_init(&copy, EXTRACT_XML_MAX);
	buf_put(&copy, p->text[a->where].data + a->start, a->end - a->start);
	extract_text(p, WHERE_COVERED, buf_str(&copy), copy.len);
	extract_line_end(p, WHERE_COVERED);
	buf_release(&copy);
	extract_mark(p, "DH-007", (shared >= WHOLE) ? SEV_S1 : SEV_S2, WHERE_COVERED, start,
		     (shared >= WHOLE) ? "covered-text" : "bar-over-text");
	return true;
}

void extract_boxes_judge(struct extract_boxes *b, struct extract_part *p)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct extract_box *a = &b->box[i];

		if (!a->placed || a->end <= a->start)
			continue;
		for (size_t k = i + 1; k < b->n; k++)
			if (b->box[k].placed && b->box[k].opaque && hides(p, a, &b->box[k]))
				break; /* once is enough */
	}
	b->n = 0;
}
