/* extract_pdf.c - a PDF through poppler: open it, read it, say what could not be read.
 *
 * Hostile: all of it, and poppler is C++ of a size nobody reads; it runs in the
 * disposable child only.  It forgives much and only writes a message, so its
 * messages are listened to: an error while reading fails the file. */
#include "inspect/extract/extract_pdf.h"

#include <stdlib.h>
#include <string.h>

static const char *problem = "";

/* Complaints after which every word is still there. */
static const char *const harmless[] = {
	"Suspects object is wrong type", "Bad annotation destination",
	"page offset hints table",	 "Invalid number of shared object groups",
	"Bad launch-type link action",
};

static const char *const font_troubles[] = {
	"language pack",    "Unknown CMap",    "CMap file",
	"Unknown font tag", "No font in show", "Unknown character collection",
	"ToUnicode",
};

static bool contains_any(const char *message, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(message, list[i]) != NULL)
			return true;
	return false;
}

static void on_message(const gchar *domain, GLogLevelFlags level, const gchar *message,
		       gpointer arg)
{
	(void)domain, (void)level, (void)arg;
	if (contains_any(message, font_troubles,
			 sizeof(font_troubles) / sizeof(font_troubles[0])))
		problem = "font-not-read";
	else if (problem[0] == '\0' && strncmp(message, "Syntax error", 12) == 0 &&
		 !contains_any(message, harmless, sizeof(harmless) / sizeof(harmless[0])))
		problem = "corrupt";
}

const char *extract_pdf_problem(void)
{
	const char *p = problem;

	problem = "";
	return p;
}

static int open_error(const GError *e)
{
	if (e == NULL)
		return SL_E_FORMAT;
	return (e->domain == POPPLER_ERROR && e->code == POPPLER_ERROR_ENCRYPTED) ? SL_E_DENIED
										  : SL_E_FORMAT;
}

static int open_document(struct pdf *pdf, const uint8_t *bytes, size_t len)
{
	GBytes *b = g_bytes_new_static(bytes, len);
	GError *e = NULL;
	int pages, r = SL_OK;

	pdf->doc = poppler_document_new_from_bytes(b, NULL, &e);
	g_bytes_unref(b);
	if (pdf->doc == NULL)
		r = open_error(e);
	g_clear_error(&e);
	if (r != SL_OK)
		return r;
	pages = poppler_document_get_n_pages(pdf->doc);
	if (pages <= 0)
		r = SL_E_FORMAT;
	else if (pages > EXTRACT_PAGES_MAX)
		r = SL_E_LIMIT;
	else if (pdf->dear != NULL && pdf->pages != (unsigned)pages)
		r = SL_E_FORMAT; /* pages that were not weighed */
	else
		pdf->pages = (unsigned)pages;
	return r;
}

int extract_pdf_open(struct pdf *pdf, struct extract *x, struct extract_part *p,
		     const uint8_t *bytes, size_t len)
{
	int r;

	*pdf = (struct pdf){.x = x, .part = p};
	r = extract_pdf_cost(pdf, bytes, len);
	/* What only poppler can open is damaged and said to be so at the end; its words may
	 * still be a reason to seal it. */
	if (r == SL_OK || r == SL_E_FORMAT)
		r = open_document(pdf, bytes, len);
	if (r != SL_OK)
		extract_pdf_close(pdf);
	return r;
}

int extract_pdf_open_copy(struct pdf *pdf, struct extract *x, struct extract_part *p,
			  const uint8_t *bytes, size_t len)
{
	int r;

	*pdf = (struct pdf){.x = x, .part = p};
	r = open_document(pdf, bytes, len);
	if (r != SL_OK)
		extract_pdf_close(pdf);
	return r;
}

const char *extract_pdf_dear(const struct pdf *pdf, unsigned i)
{
	return pdf->dear != NULL && i < pdf->pages ? pdf->dear[i] : NULL;
}

void extract_pdf_close(struct pdf *pdf)
{
	g_clear_object(&pdf->doc);
	free(pdf->dear);
	pdf->dear = NULL;
}

/* A page with one line in a font that needs the Chinese character maps, and a blank one. */
static const char warm_pdf[] =
	"%PDF-1.4\n"
	"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
	"2 0 obj <</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>> endobj\n"
	"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
	"/Resources<</Font<</F1 5 0 R>>>>>> endobj\n"
	"4 0 obj <</Length 43>>\nstream\nBT /F1 12 Tf 20 100 Td <D4C6CDA1> Tj ET     "
	"\nendstream endobj\n"
	"5 0 obj <</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H"
	"/DescendantFonts[6 0 R]>> endobj\n"
	"6 0 obj <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
	"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R/DW "
	"1000>> endobj\n"
	"7 0 obj <</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 "
	"880]"
	"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>> endobj\n"
	"8 0 obj <</Title<FEFF4E916C40>>> endobj\n"
	"9 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj\n"
	"trailer <</Size 10/Root 1 0 R/Info 8 0 R>>\n%%EOF\n";
static const char warm_text[] = "\xe4\xba\x91\xe6\xb1\x80"; /* on its page and as its title */

/* The title takes iconv, whose tables are files: a converter that stays open
 * keeps them for the children, who could not open them. */
static bool warm_title(PopplerDocument *doc)
{
	static GIConv kept[2];
	char *title;
	bool good;

	kept[0] = g_iconv_open("UTF-8", "UTF-16BE");
	kept[1] = g_iconv_open("UTF-8", "UTF-16LE");
	title = poppler_document_get_title(doc);
	good = title != NULL && strcmp(title, warm_text) == 0 && kept[0] != (GIConv)-1 &&
	       kept[1] != (GIConv)-1;
	g_free(title);
	return good;
}

/* Drawing loads tables of its own; the blank page needs no fonts. */
static bool warm_drawing(PopplerDocument *doc)
{
	PopplerPage *page = poppler_document_get_page(doc, 1);
	bool blank = page != NULL && extract_pdf_page_blank(page);

	g_clear_object(&page);
	return blank;
}

static struct pdf warm; /* stays open: it keeps poppler's tables */

PopplerDocument *extract_pdf_warm(void)
{
	return warm.doc;
}

int extract_pdf_init(struct sl_why *why)
{
	PopplerPage *page;
	char *text;
	bool good;
	int r;

	if (warm.doc != NULL)
		return SL_OK;
	(void)g_log_set_handler("Poppler", G_LOG_LEVEL_MASK, on_message, NULL);
	r = extract_pdf_open_copy(&warm, NULL, NULL, (const uint8_t *)warm_pdf,
				  sizeof(warm_pdf) - 1);
	if (r != SL_OK)
		return why_set(why, r, "poppler cannot read a small document");
	page = poppler_document_get_page(warm.doc, 0);
	text = (page != NULL) ? extract_pdf_page_text(page) : NULL;
	good = text != NULL && strstr(text, warm_text) != NULL && warm_title(warm.doc) &&
	       warm_drawing(warm.doc);
	free(text);
	g_clear_object(&page);
	problem = "";
	if (!good)
		return why_set(
			why, SL_E_CONFIG,
			"poppler has no character maps for Chinese: install poppler-data");
	return SL_OK;
}

static int read_all(struct pdf *pdf)
{
	int r = extract_pdf_pages(pdf);

	if (r == SL_OK)
		r = extract_pdf_parts(pdf);
	if (r == SL_OK)
		r = extract_pdf_layers(pdf);
	if (r == SL_OK)
		r = extract_pdf_objects(pdf);
	if (r == SL_OK)
		r = extract_pdf_outside(pdf);
	if (r == SL_OK) {
		const char *p = extract_pdf_problem();

		if (p[0] != '\0')
			extract_fail(pdf->part, p);
		r = extract_pdf_revisions(pdf);
	}
	return r;
}

int extract_pdf_document(struct extract *x)
{
	struct pdf pdf;
	int r;

	(void)extract_pdf_problem();
	r = extract_pdf_open(&pdf, x, extract_file(x), x->bytes, x->len);
	if (r == SL_OK) {
		extract_fact(x, "pages", pdf.pages);
		r = read_all(&pdf);
		extract_fact(x, "pictures", pdf.pictures);
		extract_pdf_close(&pdf);
	}
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(extract_file(x), extract_reason(r));
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
