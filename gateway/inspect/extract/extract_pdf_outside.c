/* extract_pdf_outside.c - text that stands beside the visible part of its page.
 *
 * poppler gives only what is inside the crop box.  So the pages are given a huge
 * one, in a copy made by qpdf, and each character of the copy is asked whether
 * it stands where the reader of the original would see it.
 * Hostile: boxes that are no boxes (then the page counts as not read). */
#include "inspect/extract/extract_pdf.h"
#include "inspect/extract/extract_qpdf.h"

#include <string.h>

#include "base/text.h"

enum { HALF = 10000 /* points in each direction */, SLACK = 2 };

struct box {
	double x1, y1, x2, y2; /* of the page's own coordinates */
};

struct copy {
	qpdf_data q;
	struct box *boxes; /* owned: what is visible, per page */
};

static bool read_box(qpdf_data q, qpdf_oh page, const char *key, struct box *ret_box)
{
	qpdf_oh array = qpdf_oh_get_key(q, page, key);
	double v[4] = {0};
	bool good = qpdf_oh_is_array(q, array) && qpdf_oh_get_array_n_items(q, array) == 4;

	for (int i = 0; good && i < 4; i++) {
		qpdf_oh item = qpdf_oh_get_array_item(q, array, i);

		good = qpdf_oh_is_number(q, item);
		v[i] = good ? qpdf_oh_get_numeric_value(q, item) : 0;
		qpdf_oh_release(q, item);
	}
	qpdf_oh_release(q, array);
	if (good)
		*ret_box = (struct box){.x1 = MIN(v[0], v[2]),
					.y1 = MIN(v[1], v[3]),
					.x2 = MAX(v[0], v[2]),
					.y2 = MAX(v[1], v[3])};
	return good;
}

static int widen_page(struct copy *c, size_t number)
{
	static const char *const narrow[] = {"/CropBox", "/TrimBox",  "/BleedBox", "/ArtBox",
					     "/Rotate",	 "/UserUnit", "/Annots"};
	qpdf_oh page = qpdf_get_page_n(c->q, number);
	qpdf_oh huge = qpdf_oh_parse(c->q, "[-10000 -10000 10000 10000]");
	struct box media, crop;
	int r = read_box(c->q, page, "/MediaBox", &media) ? SL_OK : SL_E_FORMAT;

	if (r == SL_OK) {
		c->boxes[number] = media;
		if (read_box(c->q, page, "/CropBox", &crop))
			c->boxes[number] = (struct box){.x1 = MAX(media.x1, crop.x1),
							.y1 = MAX(media.y1, crop.y1),
							.x2 = MIN(media.x2, crop.x2),
							.y2 = MIN(media.y2, crop.y2)};
		for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
			qpdf_oh_remove_key(c->q, page, narrow[i]);
		qpdf_oh_replace_key(c->q, page, "/MediaBox", huge);
	}
	qpdf_oh_release(c->q, huge);
	qpdf_oh_release(c->q, page);
	return r;
}

/* Make the copy; its bytes belong to c->q. */
static int make_copy(const struct pdf *pdf, struct copy *c)
{
	const char *bytes = (const char *)pdf->x->bytes;
	int r = SL_OK;

	if ((qpdf_read_memory(c->q, "document", bytes, pdf->x->len, NULL) & QPDF_ERRORS) != 0 ||
	    qpdf_get_num_pages(c->q) != (int)pdf->pages ||
	    (qpdf_push_inherited_attributes_to_page(c->q) & QPDF_ERRORS) != 0)
		return SL_E_FORMAT;
	for (size_t i = 0; r == SL_OK && i < pdf->pages; i++)
		r = widen_page(c, i);
	if (r != SL_OK || (qpdf_init_write_memory(c->q) & QPDF_ERRORS) != 0)
		return SL_E_FORMAT;
	/* The fastest way out: nothing is compressed again, no random identity. */
	qpdf_set_static_ID(c->q, QPDF_TRUE);
	qpdf_set_preserve_encryption(c->q, QPDF_FALSE);
	qpdf_set_stream_data_mode(c->q, qpdf_s_preserve);
	return (qpdf_write(c->q) & QPDF_ERRORS) == 0 ? SL_OK : SL_E_FORMAT;
}

static bool is_inside(const PopplerRectangle *r, const struct box *b)
{
	double x = (r->x1 + r->x2) / 2 - HALF, y = HALF - (r->y1 + r->y2) / 2;

	return x >= b->x1 - SLACK && x <= b->x2 + SLACK && y >= b->y1 - SLACK &&
	       y <= b->y2 + SLACK;
}

static bool all_inside(const PopplerRectangle *rects, guint n, const struct box *visible)
{
	for (guint i = 0; i < n; i++)
		if (!is_inside(&rects[i], visible))
			return false;
	return true;
}

/* Characters that nobody sees, as lines; rects[i] is where the i-th one stands. */
static void put_outside(struct extract_part *p, const char *text, const PopplerRectangle *rects,
			guint n, const struct box *visible)
{
	size_t len = strlen(text), at = 0, used;

	for (guint i = 0; i < n && at < len; i++, at += used) {
		uint32_t cp = text_decode(text + at, len - at, &used);

		if (cp == '\n' || cp == TEXT_BAD)
			extract_line_end(p, WHERE_HIDDEN);
		else if (cp >= ' ' && !is_inside(&rects[i], visible))
			extract_text(p, WHERE_HIDDEN, text + at, used);
	}
	extract_line_end(p, WHERE_HIDDEN);
}

static int one_page(struct pdf *pdf, PopplerPage *page, const struct box *visible,
		    unsigned number)
{
	struct extract_part *p = pdf->part;
	PopplerRectangle *rects = NULL;
	guint n = 0;
	size_t start = extract_stream_len(p, WHERE_HIDDEN);
	int r = extract_cut(p, WHERE_HIDDEN, number);

	if (r == SL_OK && !poppler_page_get_text_layout(page, &rects, &n))
		n = 0;
	/* Which characters they are is asked only when some stands outside. */
	if (r == SL_OK && !all_inside(rects, n, visible)) {
		char *text = poppler_page_get_text(page);

		if (text != NULL)
			put_outside(p, text, rects, n, visible);
		g_free(text);
	}
	if (extract_stream_len(p, WHERE_HIDDEN) > start)
		extract_mark(p, "DH-003", SEV_S1, WHERE_HIDDEN, start, "outside-page");
	g_free(rects);
	return r;
}

static int read_copy(struct pdf *pdf, struct copy *c)
{
	struct pdf wide;
	int r = extract_pdf_open_copy(&wide, pdf->x, pdf->part, qpdf_get_buffer(c->q),
				      qpdf_get_buffer_length(c->q));

	for (unsigned i = 0; r == SL_OK && i < wide.pages; i++) {
		PopplerPage *page;

		if (extract_pdf_dear(pdf, i) != NULL)
			continue;
		page = poppler_document_get_page(wide.doc, (int)i);
		r = (page == NULL) ? SL_E_FORMAT : one_page(pdf, page, &c->boxes[i], i + 1);
		g_clear_object(&page);
	}
	if (wide.doc != NULL)
		extract_pdf_close(&wide);
	return r;
}

int extract_pdf_outside(struct pdf *pdf)
{
	struct copy c = {.q = extract_qpdf_new(),
			 .boxes = calloc(pdf->pages, sizeof(*c.boxes))};
	int r = (c.q == NULL || c.boxes == NULL) ? SL_E_NOMEM : make_copy(pdf, &c);

	if (r == SL_OK)
		r = read_copy(pdf, &c);
	extract_qpdf_free(c.q);
	free(c.boxes);
	return r;
}
