/* see_document.c - what is loaded before the first document, and from type to parser. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_pdf.h"
#include "inspect/filter_types.h"
#include "inspect/see/see_codes.h"
#include "inspect/see/see_page.h"
#include "inspect/see/see_reader.h"

enum { WARM_DPI = 180 };

/* A line in a font that is not in the file must come out readable: fonts, their index
 * and the models are there, and all of them are warm. */
static int read_warm_page(struct sl_why *why)
{
	static const char want[] = "\xe4\xba\x91"; /* the first of its two characters */
	const struct see_read how = {
		.layout = SEE_LAYOUT_LINE, .dpi = WARM_DPI, .chinese_only = true};
	PopplerPage *page = poppler_document_get_page(extract_pdf_warm(), 0);
	cairo_surface_t *surface = NULL;
	PIX *gray = NULL;
	struct see_page g;
	struct buf text;
	struct see_result result;
	int r = SL_E_CONFIG;

	buf_init(&text, 4096);
	if (page == NULL)
		goto out;
	see_page_open(&g, page, 1);
	surface = see_page_draw(
		&g, &(PopplerRectangle){.x1 = 10, .y1 = 80, .x2 = 60, .y2 = 110}, WARM_DPI);
	see_page_close(&g);
	if (surface != NULL)
		gray = see_page_gray(surface);
	if (gray != NULL)
		r = see_reader_read(gray, &how, &text, &result);
	if (r == SL_OK && strstr(buf_str(&text), want) == NULL)
		r = SL_E_CONFIG;
out:
	pixDestroy(&gray);
	if (surface != NULL)
		cairo_surface_destroy(surface);
	g_clear_object(&page);
	buf_release(&text);
	return r == SL_OK ? r
			  : why_set(why, SL_E_CONFIG,
				    "a Chinese line cannot be drawn and read: install "
				    "poppler-data and a font such as fonts-wqy-zenhei");
}

int see_load(struct sl_why *why)
{
	int r = extract_load(why);

	if (r == SL_OK)
		r = see_reader_load(why);
	if (r == SL_OK)
		r = see_codes_load(why);
	return r == SL_OK ? read_warm_page(why) : r;
}

const char *see_engines(void)
{
	static char text[FINDING_EVIDENCE_MAX];

	(void)snprintf(text, sizeof(text), "%s, %s", see_reader_version(), see_codes_version());
	return text;
}

int see_document(struct extract *x)
{
	const char *type = extract_file(x)->object.type;
	int r;

	if (strcasecmp(type, "application/pdf") == 0)
		r = see_pdf_document(x);
	else if (strncasecmp(type, "image/", 6) == 0)
		r = see_picture_document(x);
	else if (filter_type_is_package(type))
		r = see_package_document(x);
	else
		r = SL_OK; /* its pictures stay unread */
	return x->nomem ? SL_E_NOMEM : r;
}
