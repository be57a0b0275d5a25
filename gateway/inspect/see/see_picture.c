/* see_picture.c - leptonica decodes, Tesseract and zbar read.
 *
 * Hostile: all of it.  Sizes are known and bounded before a decoder runs
 * (see_header.h); what it then gives must have that size, and a decoder's warning is
 * damage.  A picture of several is read as a whole or not at all: the pages of a TIFF
 * are, the steps of an animation are for a person. */
#include "inspect/see/see_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/see/see_bmp.h"
#include "inspect/see/see_codes.h"
#include "inspect/see/see_header.h"
#include "inspect/see/see_patch.h"
#include "inspect/see/see_reader.h"
#include "inspect/views.h"

enum {
	READ_PIXELS = 9 * 1000 * 1000, /* an A4 page at 300 dpi; more only costs time */
	TURN_PIXELS = 3 * 1000 * 1000,
	SMALL_SIDE = 1600, /* small letters of such pictures are enlarged to be read */
	MIDDLE_GRAY = 140,
	PIECES_MAX = 4000, /* that are measured */
	PIECE_LEAST = 6,
	PIECE_MOST = 200,
	LETTER_SMALL = 16, /* middle height of pieces, which are parts of letters */
	LETTER_LARGE = 44,
	PHOTO_SIDE = 160, /* smaller ones are ornaments */
	TURN_SIDE = 200,
	DPI = 200, /* what a picture has is unknown or a lie */
	FEW_LETTERS = 4,
	PAPER_LETTERS = 20, /* that a photograph of a paper shows at least */
	MORE_LETTERS = 2,   /* that a second reading must add to count */
	LOW_CONFIDENCE = 55,
	DOUBTED_LETTERS = 12, /* that many make low confidence worth a finding */
};

struct reading {
	struct buf text;
	struct see_result how;
	unsigned letters;
};

unsigned see_letters(const char *s, size_t len)
{
	size_t used;
	unsigned n = 0;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		n += (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
		     (cp >= 'a' && cp <= 'z') || (cp >= 0x3400 && cp <= 0x9fff);
	}
	return n;
}

void see_put_text(struct extract_part *p, const struct buf *text)
{
	extract_text(p, WHERE_OCR, buf_str(text), text->len);
	extract_line_end(p, WHERE_OCR);
}

int see_put_codes(struct extract_part *p, PIX *gray)
{
	struct buf text;
	int r;

	buf_init(&text, EXTRACT_CHUNK);
	r = see_codes_read(gray, &text);
	extract_text(p, WHERE_QR, buf_str(&text), text.len);
	buf_release(&text);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, "code-not-read");
	return r == SL_E_NOMEM ? r : SL_OK;
}

/* --- reading --- */

static PIX *at_most(PIX *gray, double most)
{
	double n = (double)pixGetWidth(gray) * pixGetHeight(gray);
	float f = (float)sqrt(most / n);

	return f >= 1 ? pixClone(gray) : pixScale(gray, f, f);
}

static int by_size(const void *a, const void *b)
{
	return *(const l_int32 *)a - *(const l_int32 *)b;
}

/* Middle height of the pieces that may be letters or parts of them; 0: none. */
static l_int32 letter_height(PIX *gray)
{
	PIX *binary = pixThresholdToBinary(gray, MIDDLE_GRAY);
	BOXA *pieces = binary != NULL ? pixConnCompBB(binary, 8) : NULL;
	l_int32 heights[PIECES_MAX], n = 0;

	for (l_int32 i = 0; i < boxaGetCount(pieces) && n < PIECES_MAX; i++) {
		l_int32 w = 0, h = 0;

		(void)boxaGetBoxGeometry(pieces, i, NULL, NULL, &w, &h);
		if (h >= PIECE_LEAST && h <= PIECE_MOST && w <= PIECE_MOST)
			heights[n++] = h;
	}
	boxaDestroy(&pieces);
	pixDestroy(&binary);
	qsort(heights, (size_t)n, sizeof(heights[0]), by_size);
	return n > 0 ? heights[n / 2] : 0;
}

/* The models read letters of some 30 pixels best. */
static PIX *sized(PIX *gray)
{
	PIX *bounded = at_most(gray, READ_PIXELS), *better;
	l_int32 height = bounded != NULL ? letter_height(bounded) : 0;
	float f = height > LETTER_LARGE ? 0.5F
		  : height > 0 && height < LETTER_SMALL && pixGetWidth(gray) < SMALL_SIDE &&
				  pixGetHeight(gray) < SMALL_SIDE
			  ? 2.0F
			  : 1.0F;

	if (bounded == NULL || f == 1.0F)
		return bounded;
	better = pixScale(bounded, f, f);
	pixDestroy(&bounded);
	return better;
}

/* Chinese alone reads Chinese best; with English beside it, what is mostly Latin. */
static int read_once(PIX *pix, enum see_layout layout, bool chinese_only, struct reading *ret_r)
{
	const struct see_read how = {
		.layout = layout, .dpi = DPI, .chinese_only = chinese_only};
	int r;

	buf_init(&ret_r->text, EXTRACT_CHUNK);
	r = see_reader_read(pix, &how, &ret_r->text, &ret_r->how);
	ret_r->letters = see_letters(buf_str(&ret_r->text), ret_r->text.len);
	return r;
}

static bool is_poor(const struct reading *r)
{
	return r->letters < FEW_LETTERS || r->how.confidence < LOW_CONFIDENCE;
}

static bool is_latin(const struct reading *r)
{
	const char *s = buf_str(&r->text);
	unsigned latin = 0;

	for (; *s != '\0'; s++)
		latin += (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z');
	return latin * 2 > r->letters;
}

/* Lines of `more` that say what the first reading does not; with `stars` only those that
 * have one, since a mark counts in whatever reading it shows. */
static int add_unread_lines(const struct reading *more, bool stars, struct reading *best)
{
	static const char star[] = "\xe2\x98\x85";
	const char *s = buf_str(&more->text);
	struct views_page *known = NULL;
	int r = views_page_new(&known);

	if (r == SL_OK)
		r = views_page_add(known, buf_str(&best->text), best->text.len);
	while (r == SL_OK && *s != '\0') {
		size_t n = strcspn(s, "\n"), at = 0;
		bool starred = memmem(s, n, star, sizeof(star) - 1) != NULL;
		struct views_run run;

		if ((starred || !stars) &&
		    views_missing(known, s, n, starred ? 1 : MORE_LETTERS, &at, &run)) {
			buf_put(&best->text, s, n);
			buf_put_u8(&best->text, '\n');
			/* Kept for the rules, but not counted on. */
			if (more->how.confidence >= LOW_CONFIDENCE)
				best->letters += run.count;
		}
		s += n + (s[n] == '\n');
	}
	views_page_free(known);
	return r == SL_OK ? buf_error(&best->text) : r;
}

static uint64_t worth(const struct reading *r)
{
	return (uint64_t)r->letters * (uint64_t)r->how.confidence;
}

/* Read again in another way; the better of the two readings stays in *best. */
static int try_again(PIX *pix, bool chinese_only, struct reading *best)
{
	struct reading other, worse;
	int r = read_once(pix, SEE_LAYOUT_PAGE, chinese_only, &other);

	worse = other;
	if (r == SL_OK && worth(&other) > worth(best)) {
		worse = *best;
		*best = other;
	}
	if (r == SL_OK)
		r = add_unread_lines(&worse, true, best);
	buf_release(&worse.text);
	return r;
}

/* A page that stands on its head or, where the engine does not see it, lies on its side. */
static int try_turned(PIX *gray, struct reading *best)
{
	PIX *small = at_most(gray, TURN_PIXELS);
	int r = small != NULL ? SL_OK : SL_E_NOMEM;

	for (int turns = 1; r == SL_OK && turns < 4 && is_poor(best); turns++) {
		PIX *turned = pixRotateOrth(small, turns);

		r = turned != NULL ? try_again(turned, true, best) : SL_E_NOMEM;
		pixDestroy(&turned);
	}
	pixDestroy(&small);
	return r;
}

/* Large letters and scattered ones, which a reading as a page loses. */
static int read_scattered(PIX *pix, struct reading *best)
{
	bool large = pixGetWidth(pix) > SMALL_SIDE || pixGetHeight(pix) > SMALL_SIDE;
	PIX *half = large ? pixScale(pix, 0.5F, 0.5F) : pixClone(pix);
	struct reading more = {.letters = 0};
	int r = half != NULL ? read_once(half, SEE_LAYOUT_SCATTERED, true, &more) : SL_E_NOMEM;

	if (r == SL_OK)
		r = add_unread_lines(&more, false, best);
	buf_release(&more.text);
	pixDestroy(&half);
	return r;
}

/* Text that lies on its side is read, and then the right way up for its places. */
static int set_upright(PIX **pix, struct reading *best)
{
	PIX *upright = pixRotateOrth(*pix, best->how.turns);

	if (upright == NULL)
		return SL_E_NOMEM;
	pixDestroy(pix);
	*pix = upright; /* moved */
	return try_again(upright, true, best);
}

static int read_text(PIX *gray, struct reading *ret_r)
{
	PIX *pix = sized(gray);
	int r = pix != NULL ? read_once(pix, SEE_LAYOUT_PAGE, true, ret_r) : SL_E_NOMEM;

	if (r == SL_OK && ret_r->how.turns != 0)
		r = set_upright(&pix, ret_r);
	if (r == SL_OK && (is_poor(ret_r) || is_latin(ret_r)))
		r = try_again(pix, false, ret_r);
	if (r == SL_OK && is_poor(ret_r) && pixGetWidth(gray) >= TURN_SIDE &&
	    pixGetHeight(gray) >= TURN_SIDE)
		r = try_turned(gray, ret_r);
	if (r == SL_OK)
		r = read_scattered(pix, ret_r);
	pixDestroy(&pix);
	return r;
}

int see_read_pixels(struct extract_part *p, PIX *gray)
{
	struct reading reading = {.letters = 0};
	int r = read_text(gray, &reading);

	if (r == SL_OK)
		see_put_text(p, &reading.text);
	buf_release(&reading.text);
	return r;
}

/* At the place where the text begins, before it is there: none of it is quoted. */
static void mark(struct extract_part *p, PIX *gray, const struct reading *r, bool alone)
{
	size_t start = extract_stream_len(p, WHERE_OCR);
	bool photograph = pixGetWidth(gray) >= PHOTO_SIDE && pixGetHeight(gray) >= PHOTO_SIDE &&
			  see_is_photograph(gray);
	char evidence[40];

	if (alone || photograph)
		extract_mark(p, "PI-012", SEV_S3, WHERE_OCR, start,
			     !photograph ? "picture"
			     : is_poor(r) || r->letters < PAPER_LETTERS
				     ? "photograph,unreadable"
				     : "photograph");
	if (!photograph && r->letters >= PAPER_LETTERS && see_has_patch(gray))
		extract_mark(p, "SM-010", SEV_S2, WHERE_OCR, start, "wiped-patch");
	if (!photograph && r->letters >= DOUBTED_LETTERS &&
	    r->how.confidence < LOW_CONFIDENCE) {
		(void)snprintf(evidence, sizeof(evidence), "confidence:%d", r->how.confidence);
		extract_mark(p, "DH-006", SEV_S2, WHERE_OCR, start, evidence);
	}
}

/* --- decoding --- */

static PIX *decode(const struct see_header *h, const uint8_t *bytes, size_t len, uint32_t frame)
{
	l_int32 warnings = 0;
	PIX *pix;

	switch (h->kind) {
	case SEE_PNG:
		return pixReadMemPng(bytes, len);
	case SEE_JPEG:
		pix = pixReadMemJpeg(bytes, len, 0, 1, &warnings, 0);
		if (warnings > 0) /* what it could not decode it paints gray */
			pixDestroy(&pix);
		return pix;
	case SEE_GIF:
		return pixReadMemGif(bytes, len);
	case SEE_BMP:
		return see_bmp(bytes, len);
	case SEE_TIFF:
		return pixReadMemTiff(bytes, len, (l_int32)frame);
	case SEE_WEBP:
		return pixReadMemWebP(bytes, len);
	default:
		return NULL;
	}
}

enum { WHITE_PAPER = 0xffffff, BLACK_PAPER = 0, OPAQUE = 250 };

/* Does what lies under the picture show? */
static bool is_transparent(PIX *pix)
{
	PIX *alpha = pixGetSpp(pix) == 4 ? pixGetRGBComponent(pix, L_ALPHA_CHANNEL) : NULL;
	l_int32 least = OPAQUE;

	if (alpha != NULL)
		(void)pixGetExtremeValue(alpha, 1, L_SELECT_MIN, NULL, NULL, NULL, &least);
	pixDestroy(&alpha);
	return least < OPAQUE;
}

/* As it looks on paper of that colour, in 8 bit gray. NULL: no memory. */
static PIX *to_gray(PIX *pix, uint32_t paper)
{
	PIX *on_paper =
		pixGetSpp(pix) == 4 ? pixAlphaBlendUniform(pix, paper << 8) : pixClone(pix);
	PIX *gray = on_paper != NULL ? pixConvertTo8(on_paper, FALSE) : NULL;

	pixDestroy(&on_paper);
	return gray;
}

static int see_frame(struct extract_part *p, PIX *gray, bool alone)
{
	struct reading reading = {.letters = 0};
	int r = read_text(gray, &reading);

	if (r == SL_OK) {
		mark(p, gray, &reading, alone);
		see_put_text(p, &reading.text);
		r = see_put_codes(p, gray);
	}
	buf_release(&reading.text);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, "picture-not-read");
	return r == SL_E_NOMEM ? r : SL_OK;
}

/* White letters on nothing show on a dark page only: such a picture is looked at twice. */
static int see_pix(struct extract_part *p, PIX *pix, bool alone)
{
	static const uint32_t papers[] = {WHITE_PAPER, BLACK_PAPER};
	unsigned n = is_transparent(pix) ? 2 : 1;
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		PIX *gray = to_gray(pix, papers[i]);

		r = gray != NULL ? see_frame(p, gray, alone) : SL_E_NOMEM;
		pixDestroy(&gray);
	}
	return r;
}

int see_picture(struct extract_part *p, const uint8_t *bytes, size_t len, bool alone)
{
	struct see_header h;
	int r = see_header(bytes, len, &h);

	if (r != SL_OK) {
		extract_fail(p, extract_reason(r));
		return SL_OK;
	}
	if (h.kind != SEE_TIFF && h.frames > 1) {
		extract_fail(p, "picture-moves");
		return SL_OK;
	}
	if (h.width > SEE_SIDE_MAX || h.height > SEE_SIDE_MAX ||
	    (uint64_t)h.width * h.height > SEE_PIXELS_MAX) {
		extract_fail(p, "over-limit");
		return SL_OK;
	}
	for (uint32_t i = 0; r == SL_OK && i < h.frames; i++) {
		PIX *pix = decode(&h, bytes, len, i);

		if (pix == NULL || (uint32_t)pixGetWidth(pix) > h.width ||
		    (uint32_t)pixGetHeight(pix) > h.height) {
			pixDestroy(&pix);
			extract_fail(p, "corrupt");
			break;
		}
		r = see_pix(p, pix, alone);
		pixDestroy(&pix);
	}
	return r;
}

int see_picture_document(struct extract *x)
{
	extract_fact(x, "pictures", 1);
	return see_picture(extract_file(x), x->bytes, x->len, x->base == 0);
}
