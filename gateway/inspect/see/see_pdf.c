/* see_pdf.c - every page of a PDF as its reader sees it.
 *
 * Hostile: all of it.  A page that cannot be drawn without a complaint, or is larger
 * than the ceilings, is failed; the others are read all the same. */
#include <string.h>

#include "inspect/extract/extract_pdf.h"
#include "inspect/see/see_page.h"
#include "inspect/see/see_patch.h"
#include "inspect/see/see_picture.h"
#include "inspect/see/see_rest.h"

enum { PHOTO_POINTS = 72 /* each side of a picture that may show people */ };

struct watch {
	struct pdf pdf;
	struct see_rest *rest;
};

static int read_page(struct watch *w, const struct see_page *g, struct extract_part *p,
		     PIX *gray)
{
	int r;

	if (g->letters > 0)
		return see_rest_read(w->rest, g, gray, p);
	/* A scan: nothing but what is read here. */
	r = see_read_pixels(p, gray);
	return r == SL_OK ? see_put_codes(p, gray) : r;
}

/* Pictures on the page that may show people: one mark is enough to make a person look. */
static void mark_photographs(const struct see_page *g, struct extract_part *p, PIX *gray)
{
	GList *list = poppler_page_get_image_mapping(g->page);
	double f = g->dpi / 72;
	bool found = false;

	for (GList *i = list; i != NULL && !found; i = i->next) {
		const PopplerRectangle *a = &((PopplerImageMapping *)i->data)->area;
		BOX *box;
		PIX *part = NULL;

		if (a->x2 - a->x1 < PHOTO_POINTS || a->y2 - a->y1 < PHOTO_POINTS)
			continue;
		box = boxCreate((l_int32)(a->x1 * f), (l_int32)(a->y1 * f),
				(l_int32)((a->x2 - a->x1) * f), (l_int32)((a->y2 - a->y1) * f));
		if (box != NULL)
			part = pixClipRectangle(gray, box, NULL);
		found = part == NULL || see_is_photograph(part);
		pixDestroy(&part);
		boxDestroy(&box);
	}
	poppler_page_free_image_mapping(list);
	if (found)
		extract_mark(p, "PI-012", SEV_S3, WHERE_OCR, 0, "photograph");
}

static int see_drawn(struct watch *w, struct see_page *g, struct extract_part *p)
{
	PIX *gray = see_page_gray(g->surface);
	int r = SL_E_NOMEM;

	if (gray != NULL) {
		mark_photographs(g, p, gray);
		/* The grade stands on the first page; drawn text is nobody's scan. */
		if (g->number == 1 && g->letters == 0 && see_has_patch(gray))
			extract_mark(p, "SM-010", SEV_S2, WHERE_OCR, 0, "wiped-patch");
		r = read_page(w, g, p, gray);
	}
	if (r == SL_OK)
		see_layer_without_trace(g, p);
	pixDestroy(&gray);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, "picture-not-read");
	return r == SL_E_NOMEM ? r : SL_OK;
}

static int one_page(struct watch *w, PopplerPage *page, unsigned number)
{
	static const enum segment_where streams[] = {WHERE_HIDDEN, WHERE_OCR, WHERE_QR};
	struct pdf *pdf = &w->pdf;
	struct extract_part *p;
	struct see_page g;
	char name[24];
	unsigned small;
	int r = SL_OK;

	(void)snprintf(name, sizeof(name), "page-%u", number);
	p = extract_part_new(pdf->x, name, 0);
	for (size_t i = 0; p != NULL && r == SL_OK && i < 3; i++)
		r = extract_cut(p, streams[i], number);
	if (p == NULL || r != SL_OK)
		return r;
	if (extract_pdf_dear(pdf, number - 1) != NULL) {
		extract_fail(p, extract_pdf_dear(pdf, number - 1));
		return SL_OK;
	}
	(void)extract_pdf_problem();
	see_page_open(&g, page, number);
	pdf->pictures += extract_pdf_pictures(page, &small);
	g.surface =
		see_page_draw(&g, &(PopplerRectangle){.x2 = g.width, .y2 = g.height}, g.dpi);
	if (g.surface == NULL) {
		extract_fail(p, "over-limit");
	} else {
		const char *problem = extract_pdf_problem();

		if (problem[0] != '\0')
			extract_fail(p, problem);
		r = see_drawn(w, &g, p);
	}
	see_page_close(&g);
	return r;
}

static int all_pages(struct watch *w)
{
	int r = see_rest_new(&w->rest);

	for (unsigned i = 0; r == SL_OK && i < w->pdf.pages; i++) {
		PopplerPage *page = poppler_document_get_page(w->pdf.doc, (int)i);

		if (page == NULL)
			return SL_E_FORMAT;
		r = one_page(w, page, i + 1);
		g_object_unref(page);
	}
	return r;
}

int see_pdf_document(struct extract *x)
{
	struct watch w = {.rest = NULL};
	int r = extract_pdf_open(&w.pdf, x, extract_file(x), x->bytes, x->len);

	if (r == SL_OK) {
		extract_fact(x, "pages", w.pdf.pages);
		r = w.pdf.pages <= SEE_PAGES_MAX ? all_pages(&w) : SL_E_LIMIT;
		extract_fact(x, "pictures", w.pdf.pictures);
		see_rest_free(w.rest);
		extract_pdf_close(&w.pdf);
	}
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(extract_file(x), extract_reason(r));
	return r == SL_E_NOMEM ? r : SL_OK;
}
