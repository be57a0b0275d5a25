/* form_pdf.c - the form as a PDF: the same bytes for the same form, wherever it is made. */
#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>

#include "base/clock.h"
#include "form/form_finish.h"
#include "form/form_sheet.h"

enum { PDF_MAX = 256 << 20 };

static cairo_status_t take_bytes(void *arg, const unsigned char *bytes, unsigned len)
{
	buf_put(arg, bytes, len);
	return buf_error(arg) == SL_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* Everything that would else name the moment or the machine is set from the record. */
static void describe(const struct form *f, cairo_surface_t *pdf)
{
	char time[CLOCK_TEXT + 1];

	clock_format(f->as_of, time);
	cairo_pdf_surface_restrict_to_version(pdf, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, f->title);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_SUBJECT, f->number);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_KEYWORDS, f->record);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "sluice-review");
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, time);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, time);
}

static int draw(const struct form *f, struct form_ink *ink, unsigned pages, struct buf *raw)
{
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(
		take_bytes, raw, FORM_PAGE_WIDTH, FORM_PAGE_HEIGHT);
	cairo_t *cr = cairo_create(pdf);
	int r;

	describe(f, pdf);
	r = form_sheet(f, ink, cr, &pages);
	cairo_destroy(cr);
	cairo_surface_finish(pdf);
	if (r == SL_OK && cairo_surface_status(pdf) != CAIRO_STATUS_SUCCESS)
		r = buf_error(raw) != SL_OK ? buf_error(raw) : SL_E_NOMEM;
	cairo_surface_destroy(pdf);
	return r;
}

int form_pdf(const struct form *f, struct buf *out, struct sl_why *why)
{
	struct form_ink *ink = NULL;
	unsigned pages = 0;
	struct buf raw;
	int r = form_ink_new(&ink, why);

	if (r != SL_OK)
		return r;
	buf_init(&raw, PDF_MAX);
	/* Twice: "page 1 of 3" stands on the first. */
	r = form_sheet(f, ink, NULL, &pages);
	if (r == SL_OK)
		r = draw(f, ink, pages, &raw);
	if (r == SL_OK)
		r = form_finish(f, &raw, out);
	buf_release(&raw);
	form_ink_free(ink);
	return r;
}
