/* fuzz_see_units.c - whatever a layer says and a page shows: ink goes to one unit or to none,
 * and units and lines follow each other without a gap. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/see/see_units.h"

enum { SIDE = 64, PLACES = 32, PLACE = 4, TEXT_MAX = 128 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct see_units *u)
{
	uint32_t letter = 0, line = 0;
	size_t run = 0;

	for (uint32_t i = 0; i < u->n_units; i++) {
		BUG(u->units[i].first != letter || u->units[i].end <= letter);
		BUG(u->units[i].run != run);
		BUG((u->units[i].n_runs > 0) != (u->units[i].ink.right > u->units[i].ink.left));
		letter = u->units[i].end;
		run += u->units[i].n_runs;
	}
	BUG(letter != u->n_letters);
	for (uint32_t i = 0; i < u->n_lines; i++) {
		BUG(u->lines[i].first != line || u->lines[i].end < line);
		BUG(i > 0 && u->lines[i].from != u->lines[i - 1].to);
		line = u->lines[i].end;
	}
	BUG(line != u->n_letters);
}

/* The number of places, 4 bytes for each, the layer up to a NUL, and the pixels: a bit
 * each, from the upper left corner. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PopplerRectangle rects[PLACES];
	char layer[TEXT_MAX];
	struct see_page g = {.dpi = 72, .layer = layer, .rects = rects};
	struct see_units u;
	size_t n, at = 1, len = 0;
	PIX *gray;

	if (size < 1 || (size - 1) / PLACE < (n = data[0] % PLACES))
		return 0;
	for (size_t i = 0; i < n; i++, at += PLACE)
		rects[i] = (PopplerRectangle){.x1 = data[at] / 2.0,
					      .y1 = data[at + 1] / 2.0,
					      .x2 = data[at + 2] / 2.0,
					      .y2 = data[at + 3] / 2.0};
	g.n_rects = (guint)n;
	while (at < size && data[at] != 0 && len < TEXT_MAX - 1)
		layer[len++] = (char)data[at++];
	layer[len] = '\0';
	gray = pixCreate(SIDE, SIDE, 8);
	BUG(gray == NULL);
	(void)pixSetAll(gray);
	for (int i = 0; at + (size_t)i / 8 < size && i < SIDE * SIDE; i++)
		if ((data[at + (size_t)i / 8] >> (i % 8) & 1) != 0)
			(void)pixSetPixel(gray, i % SIDE, i / SIDE, 0);
	if (see_units_find(&g, gray, &u) == SL_OK) {
		check(&u);
		see_units_release(&u);
	}
	pixDestroy(&gray);
	return 0;
}
