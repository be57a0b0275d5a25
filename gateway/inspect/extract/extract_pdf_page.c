/* extract_pdf_page.c - what stands on the pages, and what lies on top of them.
 *
 * Hostile: text may come out as anything (no map to Unicode, private use), so
 * a page that gives mostly such characters counts as not read.  A page without
 * text is looked at: only a blank one is inspected. */
#include "inspect/extract/extract_pdf.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_props.h"

enum { SMALL_PICTURE = 4 /* points: no legible text fits */, ODD_MIN = 3, ODD_PERCENT = 5 };

static bool is_odd(uint32_t cp)
{
	return cp == TEXT_BAD || cp == 0xfffd ||
	       (cp < 0x20 && cp != '\n' && cp != '\t' && cp != '\r') ||
	       (cp >= 0x7f && cp < 0xa0) || (cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xf0000;
}

static bool is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

static bool is_alnum(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

/* Layout puts a gap between Han and Latin characters and poppler makes it a
 * blank; nobody typed it.  True when s stands on such a blank after `before`. */
static bool is_layout_blank(uint32_t before, const char *s, size_t len)
{
	size_t used;
	uint32_t next;

	if (s[0] != ' ' || len < 2)
		return false;
	next = text_decode(s + 1, len - 1, &used);
	return (is_han(before) && is_alnum(next)) || (is_alnum(before) && is_han(next));
}

char *extract_pdf_page_text(PopplerPage *page)
{
	char *raw = poppler_page_get_text(page), *clean;
	size_t len = (raw != NULL) ? strlen(raw) : 0, n = 0, used;
	uint32_t before = 0;

	clean = malloc(len * 3 + 1); /* a bad byte becomes U+FFFD */
	for (size_t i = 0; clean != NULL && i < len; i += used) {
		uint32_t cp = text_decode(raw + i, len - i, &used);

		if (is_layout_blank(before, raw + i, len - i))
			continue;
		if (cp == TEXT_BAD || (cp < 0x20 && is_odd(cp)))
			cp = 0xfffd;
		before = cp;
		n += text_encode(cp, clean + n);
	}
	if (clean != NULL)
		clean[n] = '\0';
	g_free(raw);
	return clean;
}

static bool is_readable(const char *s)
{
	size_t len = strlen(s), used, all = 0, odd = 0;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		all += cp > ' ';
		odd += is_odd(cp);
	}
	return odd < ODD_MIN || odd * 100 < all * ODD_PERCENT;
}

static bool is_blank_text(const char *s)
{
	return s[strspn(s, " \t\r\n\f")] == '\0';
}

bool extract_pdf_page_blank(PopplerPage *page)
{
	enum { SIDE = 128 };
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, SIDE, SIDE);
	cairo_t *cr = cairo_create(surface);
	double w = 0, h = 0;
	bool blank = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	const uint8_t *data;
	int stride;

	poppler_page_get_size(page, &w, &h);
	if (!blank || w <= 0 || h <= 0)
		goto out;
	cairo_scale(cr, SIDE / w, SIDE / h);
	poppler_page_render(page, cr);
	cairo_surface_flush(surface);
	blank = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	data = cairo_image_surface_get_data(surface);
	stride = cairo_image_surface_get_stride(surface);
	for (int y = 0; blank && y < SIDE; y++)
		for (int x = 0; blank && x < SIDE; x++)
			blank = data[y * stride + x] == 0;
out:
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return blank;
}

static struct extract_part *page_part(struct pdf *pdf, unsigned page, const char *what)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "page-%u/%s", page, what);
	return extract_part_new(pdf->x, name, 0);
}

unsigned extract_pdf_pictures(PopplerPage *page, unsigned *ret_small)
{
	GList *list = poppler_page_get_image_mapping(page);
	unsigned n = 0, small = 0;

	for (GList *i = list; i != NULL; i = i->next) {
		const PopplerImageMapping *m = i->data;

		if (m->area.x2 - m->area.x1 <= SMALL_PICTURE ||
		    m->area.y2 - m->area.y1 <= SMALL_PICTURE)
			small++;
		else
			n++;
	}
	poppler_page_free_image_mapping(list);
	*ret_small = small;
	return n;
}

/* Pictures of a page are one object: not read here, but by the filter that sees.  What
 * they say beside the text (DH-006) is found by whoever has both views. */
static unsigned page_pictures(struct pdf *pdf, PopplerPage *page, unsigned number)
{
	unsigned small, n = extract_pdf_pictures(page, &small);
	struct extract_part *p = NULL;

	if (pdf->part != extract_file(pdf->x))
		return n;
	if (small > 0) {
		p = page_part(pdf, number, "small-pictures");
		if (p != NULL)
			extract_skip(p, "picture-too-small");
	}
	p = n > 0 ? page_part(pdf, number, "pictures") : NULL;
	if (p != NULL)
		extract_fail(p, "picture-not-read");
	return n;
}

/* --- annotations, links, forms --- */

static void say(struct pdf *pdf, enum segment_where w, char *text)
{
	if (text != NULL && text[0] != '\0' && text_is_utf8(text, strlen(text)))
		extract_line(pdf->part, w, NULL, text, strlen(text));
	g_free(text);
}

static bool is_media(PopplerAnnotType t)
{
	return t == POPPLER_ANNOT_MOVIE || t == POPPLER_ANNOT_SCREEN ||
	       t == POPPLER_ANNOT_SOUND || t == POPPLER_ANNOT_3D || t == POPPLER_ANNOT_UNKNOWN;
}

static void one_annotation(struct pdf *pdf, PopplerAnnot *a, unsigned page)
{
	PopplerAnnotType t = poppler_annot_get_annot_type(a);
	size_t start = extract_stream_len(pdf->part, WHERE_ANNOTATION);
	char evidence[40];

	say(pdf, WHERE_ANNOTATION, poppler_annot_get_contents(a));
	if (t == POPPLER_ANNOT_LINK || t == POPPLER_ANNOT_WIDGET || t == POPPLER_ANNOT_POPUP)
		return;
	(void)snprintf(evidence, sizeof(evidence), "page:%u", page);
	if (POPPLER_IS_ANNOT_MARKUP(a)) {
		char *who = poppler_annot_markup_get_label(POPPLER_ANNOT_MARKUP(a));

		if (who != NULL)
			extract_property(pdf->part, "author", who, strlen(who));
		g_free(who);
		say(pdf, WHERE_ANNOTATION,
		    poppler_annot_markup_get_subject(POPPLER_ANNOT_MARKUP(a)));
	}
	if (t == POPPLER_ANNOT_FILE_ATTACHMENT)
		say(pdf, WHERE_ANNOTATION,
		    poppler_annot_file_attachment_get_name(POPPLER_ANNOT_FILE_ATTACHMENT(a)));
	if (is_media(t) || t == POPPLER_ANNOT_FILE_ATTACHMENT) {
		struct extract_part *p =
			page_part(pdf, page, is_media(t) ? "media" : "attachment");

		if (p != NULL)
			extract_fail(p, "unsupported");
		pdf->embedded += t == POPPLER_ANNOT_FILE_ATTACHMENT;
		extract_mark(pdf->part, "DH-005", SEV_S1, WHERE_ANNOTATION, start, evidence);
		return;
	}
	extract_mark(pdf->part, "DH-002", SEV_S1, WHERE_ANNOTATION, start, evidence);
}

static void page_annotations(struct pdf *pdf, PopplerPage *page, unsigned number)
{
	GList *list = poppler_page_get_annot_mapping(page);

	for (GList *i = list; i != NULL; i = i->next)
		one_annotation(pdf, ((PopplerAnnotMapping *)i->data)->annot, number);
	poppler_page_free_annot_mapping(list);
}

static void one_link(struct pdf *pdf, const PopplerAction *a)
{
	size_t start = extract_stream_len(pdf->part, WHERE_FIELD);

	switch (a->type) {
	case POPPLER_ACTION_URI:
		say(pdf, WHERE_FIELD, g_strdup(a->uri.uri));
		if (a->uri.uri != NULL && extract_is_inner_path(a->uri.uri, strlen(a->uri.uri)))
			extract_mark(pdf->part, "DH-004", SEV_S2, WHERE_FIELD, start,
				     "internal-path");
		return;
	case POPPLER_ACTION_LAUNCH:
		say(pdf, WHERE_FIELD, g_strdup(a->launch.file_name));
		say(pdf, WHERE_FIELD, g_strdup(a->launch.params));
		break;
	case POPPLER_ACTION_GOTO_REMOTE:
		say(pdf, WHERE_FIELD, g_strdup(a->goto_remote.file_name));
		break;
	case POPPLER_ACTION_JAVASCRIPT:
		say(pdf, WHERE_FIELD, g_strdup(a->javascript.script));
		break;
	case POPPLER_ACTION_MOVIE:
	case POPPLER_ACTION_RENDITION:
		break;
	default:
		return;
	}
	extract_mark(pdf->part, "DH-005", SEV_S1, WHERE_FIELD, start, "action");
}

static void page_links(struct pdf *pdf, PopplerPage *page)
{
	GList *list = poppler_page_get_link_mapping(page);

	for (GList *i = list; i != NULL; i = i->next) {
		const PopplerAction *a = ((PopplerLinkMapping *)i->data)->action;

		if (a != NULL)
			one_link(pdf, a);
	}
	poppler_page_free_link_mapping(list);
}

static void one_field(struct pdf *pdf, PopplerFormField *f)
{
	say(pdf, WHERE_FIELD, poppler_form_field_get_name(f));
	say(pdf, WHERE_FIELD, poppler_form_field_get_alternate_ui_name(f));
	switch (poppler_form_field_get_field_type(f)) {
	case POPPLER_FORM_FIELD_TEXT:
		say(pdf, WHERE_FIELD, poppler_form_field_text_get_text(f));
		break;
	case POPPLER_FORM_FIELD_CHOICE:
		for (int i = 0; i < poppler_form_field_choice_get_n_items(f); i++)
			say(pdf, WHERE_FIELD, poppler_form_field_choice_get_item(f, i));
		if (poppler_form_field_choice_is_editable(f))
			say(pdf, WHERE_FIELD, poppler_form_field_choice_get_text(f));
		break;
	default:
		break;
	}
}

static void page_fields(struct pdf *pdf, PopplerPage *page)
{
	GList *list = poppler_page_get_form_field_mapping(page);

	for (GList *i = list; i != NULL; i = i->next)
		one_field(pdf, ((PopplerFormFieldMapping *)i->data)->field);
	poppler_page_free_form_field_mapping(list);
}

/* --- pages --- */

static int one_page(struct pdf *pdf, PopplerPage *page, unsigned number)
{
	char *text = extract_pdf_page_text(page);
	bool has_text;
	unsigned pictures;
	int r = (text == NULL) ? SL_E_NOMEM : extract_cut(pdf->part, WHERE_BODY, number);

	if (r != SL_OK) {
		free(text);
		return r;
	}
	has_text = !is_blank_text(text);
	extract_text(pdf->part, WHERE_BODY, text, strlen(text));
	extract_line_end(pdf->part, WHERE_BODY);
	pictures = page_pictures(pdf, page, number);
	pdf->pictures += pictures;
	if (!is_readable(text))
		extract_fail(pdf->part, "text-not-readable");
	else if (!has_text && pictures == 0 && !extract_pdf_page_blank(page)) {
		struct extract_part *p = page_part(pdf, number, "drawing");

		if (p != NULL)
			extract_fail(p, "picture-not-read");
	}
	free(text);
	page_annotations(pdf, page, number);
	page_links(pdf, page);
	page_fields(pdf, page);
	return SL_OK;
}

/* An old revision is one part; of the file itself the page is named, and of very many the
 * first ones: one is enough to hold the draft. */
static void too_dear(struct pdf *pdf, unsigned i)
{
	enum { NAMED_MAX = 16 };
	struct extract_part *p = pdf->part;

	if (pdf->n_dear == NAMED_MAX)
		return;
	pdf->n_dear++;
	if (p == extract_file(pdf->x))
		p = page_part(pdf, i + 1, "content");
	if (p != NULL)
		extract_fail(p, extract_pdf_dear(pdf, i));
}

int extract_pdf_pages(struct pdf *pdf)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < pdf->pages; i++) {
		PopplerPage *page;

		if (extract_pdf_dear(pdf, i) != NULL) {
			too_dear(pdf, i);
			continue;
		}
		page = poppler_document_get_page(pdf->doc, (int)i);
		if (page == NULL)
			return SL_E_FORMAT;
		r = one_page(pdf, page, i + 1);
		g_object_unref(page);
	}
	return r;
}
