/* see_star.c - the outline of a piece around its middle, against that of a star.
 *
 * Hostile: the pixels.  A piece is looked at along rays from its middle; five tips at
 * equal angles, straight edges between them and as much ink as a star has, or the thin
 * line of a hollow one, make a star. */
#include "inspect/see/see_star.h"

#include <math.h>

enum {
	RAYS = 120, /* 24 to a tip */
	TIPS = 5,
	STEP = RAYS / TIPS,
	SIDE_LEAST = 10,
	SIDE_MOST = 300,
	PIECES_MOST = 20000
};

/* The pieces of this drawing that lie off an ideal star's outline, of its radius. */
static const double OUTLINE_OFF = 0.13;
static const double INNER = 0.382; /* of the radius: where two edges meet */

struct shape {
	double x, y; /* the middle */
	double r[RAYS], most;
	double area;
};

static bool is_set(PIX *p, double x, double y)
{
	l_uint32 v = 0;

	if (x < 0 || y < 0 || x >= pixGetWidth(p) || y >= pixGetHeight(p))
		return false;
	(void)pixGetPixel(p, (l_int32)x, (l_int32)y, &v);
	return v != 0;
}

static void find_middle(PIX *p, struct shape *s)
{
	double n = 0, sx = 0, sy = 0;

	for (l_int32 y = 0; y < pixGetHeight(p); y++)
		for (l_int32 x = 0; x < pixGetWidth(p); x++)
			if (is_set(p, x, y)) {
				n++;
				sx += x + 0.5;
				sy += y + 0.5;
			}
	s->area = n;
	s->x = sx / n;
	s->y = sy / n;
}

/* How far the piece reaches in each direction. */
static void measure(PIX *p, struct shape *s)
{
	double far = pixGetWidth(p) + pixGetHeight(p);

	s->most = 0;
	for (int i = 0; i < RAYS; i++) {
		double a = 2 * M_PI * i / RAYS;

		s->r[i] = 0;
		for (double d = 0; d < far; d += 0.5)
			if (is_set(p, s->x + d * cos(a), s->y + d * sin(a)))
				s->r[i] = d;
		if (s->r[i] > s->most)
			s->most = s->r[i];
	}
}

/* Radius of an ideal star of radius 1, `part` of the way (0 to 1) from a tip to the
 * next valley, which are 36 degrees apart. */
static double ideal(double part)
{
	double a = part * M_PI / TIPS, vx = INNER * cos(M_PI / TIPS),
	       vy = INNER * sin(M_PI / TIPS);

	/* Where the ray meets the edge from (1, 0) to the valley. */
	return vy / (vy * cos(a) + (1 - vx) * sin(a));
}

static double off_outline(const struct shape *s, int turn)
{
	double sum = 0, tip = 0;

	for (int k = 0; k < TIPS; k++)
		tip += s->r[(turn + k * STEP) % RAYS] / TIPS;
	if (tip <= 0)
		return 1;
	for (int i = 0; i < RAYS; i++) {
		int from_tip = (i - turn + RAYS) % STEP;
		double part =
			(double)(from_tip < STEP - from_tip ? from_tip : STEP - from_tip) /
			(STEP / 2);

		sum += fabs(s->r[i] / tip - ideal(part));
	}
	return sum / RAYS;
}

/* Ink between the ideal's and what scanning makes of it; a hollow one has a line only. */
static bool has_ink_of_star(const struct shape *s, PIX *p)
{
	double ideal_area = TIPS * INNER * sin(M_PI / TIPS) * s->most * s->most;
	double part = s->area / ideal_area;
	bool full = is_set(p, s->x, s->y);

	return full ? part > 0.75 && part < 1.45 : part > 0.25 && part < 0.9;
}

bool see_is_star(PIX *piece)
{
	struct shape s;
	double w = pixGetWidth(piece), h = pixGetHeight(piece), best = 1;

	if (w < SIDE_LEAST || h < SIDE_LEAST || w > SIDE_MOST || h > SIDE_MOST || w / h > 1.3 ||
	    h / w > 1.3)
		return false;
	find_middle(piece, &s);
	measure(piece, &s);
	for (int turn = 0; turn < STEP; turn++)
		best = fmin(best, off_outline(&s, turn));
	return best < OUTLINE_OFF && has_ink_of_star(&s, piece);
}

BOXA *see_stars(PIX *binary)
{
	l_float32 ink = 0;
	bool light_on_dark = pixForegroundFraction(binary, &ink) == 0 && ink > 0.5F;
	PIX *dark = light_on_dark ? pixInvert(NULL, binary) : pixClone(binary);
	PIXA *pieces = NULL;
	BOXA *boxes = dark != NULL ? pixConnComp(dark, &pieces, 8) : NULL;
	BOXA *stars = dark != NULL ? boxaCreate(4) : NULL;
	l_int32 n = boxes != NULL ? boxaGetCount(boxes) : 0;

	for (l_int32 i = 0; stars != NULL && i < n && i < PIECES_MOST; i++) {
		PIX *p = pixaGetPix(pieces, i, L_CLONE);

		if (p != NULL && boxaGetCount(stars) < SEE_STARS_MOST && see_is_star(p))
			(void)boxaAddBox(stars, boxaGetBox(boxes, i, L_CLONE), L_INSERT);
		pixDestroy(&p);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&dark);
	return stars;
}
