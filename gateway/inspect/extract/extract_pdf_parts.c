/* extract_pdf_parts.c - what a PDF carries beside its pages.
 *
 * Properties, outline, attachments and hidden layers.  Hostile: names,
 * sizes, nesting; each has a ceiling. */
#include "inspect/extract/extract_pdf.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_props.h"

enum { ATTACHMENT_MAX = 16 << 20, OUTLINE_DEPTH = 32, OUTLINE_MAX = 20000, LAYERS_MAX = 64 };

static void property(struct pdf *pdf, const char *name, char *value)
{
	if (value != NULL && text_is_utf8(value, strlen(value)))
		extract_property(pdf->part, name, value, strlen(value));
	g_free(value);
}

static int properties(struct pdf *pdf)
{
	char *xmp = poppler_document_get_metadata(pdf->doc);
	int r = SL_OK;

	property(pdf, "title", poppler_document_get_title(pdf->doc));
	property(pdf, "author", poppler_document_get_author(pdf->doc));
	property(pdf, "subject", poppler_document_get_subject(pdf->doc));
	property(pdf, "keywords", poppler_document_get_keywords(pdf->doc));
	property(pdf, "application", poppler_document_get_creator(pdf->doc));
	property(pdf, "producer", poppler_document_get_producer(pdf->doc));
	if (xmp != NULL) {
		struct extract_part *p = extract_part_new(pdf->x, "metadata.xmp", strlen(xmp));
		size_t skip = strspn(xmp, " \t\r\n");

		r = (p == NULL) ? SL_E_LIMIT
				: extract_xml_words(p, xmp + skip, strlen(xmp + skip),
						    EXTRACT_XML_XMP, WHERE_PROPERTY);
		if (p != NULL && r != SL_OK && r != SL_E_NOMEM) {
			extract_fail(p, extract_reason(r));
			r = SL_OK;
		}
	}
	g_free(xmp);
	return r;
}

static void outline(struct pdf *pdf, PopplerIndexIter *it, int depth, unsigned *count)
{
	do {
		PopplerAction *a;
		PopplerIndexIter *child;

		if (++*count > OUTLINE_MAX || depth > OUTLINE_DEPTH) {
			pdf->x->over = true;
			return;
		}
		a = poppler_index_iter_get_action(it);
		if (a != NULL && a->any.title != NULL &&
		    text_is_utf8(a->any.title, strlen(a->any.title)))
			extract_line(pdf->part, WHERE_METADATA, NULL, a->any.title,
				     strlen(a->any.title));
		if (a != NULL)
			poppler_action_free(a);
		child = poppler_index_iter_get_child(it);
		if (child != NULL) {
			outline(pdf, child, depth + 1, count);
			poppler_index_iter_free(child);
		}
	} while (poppler_index_iter_next(it));
}

static gboolean collect(const gchar *s, gsize n, gpointer arg, GError **error)
{
	(void)error;
	buf_put(arg, s, n);
	return buf_error(arg) == SL_OK;
}

/* An attached file is read as what it is; that it is there is a finding all the same. */
static int one_attachment(struct pdf *pdf, PopplerAttachment *a)
{
	const char *name = (a->name != NULL) ? a->name : "attachment";
	/* Its size as the file states it may be missing or a lie: what was read counts. */
	struct extract_part *p = extract_part_new(pdf->x, name, 0);
	struct buf bytes;
	int r = SL_OK;

	if (p == NULL)
		return pdf->x->nomem ? SL_E_NOMEM : SL_OK;
	pdf->embedded++;
	buf_init(&bytes, ATTACHMENT_MAX);
	if (a->description != NULL && text_is_utf8(a->description, strlen(a->description)))
		extract_line(p, WHERE_ALT, NULL, a->description, strlen(a->description));
	if (!poppler_attachment_save_to_callback(a, collect, &bytes, NULL))
		extract_fail(p, "corrupt");
	else if (buf_error(&bytes) != SL_OK)
		extract_fail(p, extract_reason(buf_error(&bytes)));
	p->object.bytes = bytes.len;
	if (p->object.state == OBJECT_INSPECTED)
		r = extract_nested(pdf->x, p, name, &bytes);
	extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "embedded-file");
	buf_release(&bytes);
	return r;
}

static int attachments(struct pdf *pdf)
{
	GList *list = poppler_document_get_attachments(pdf->doc);
	int r = SL_OK;

	for (GList *i = list; i != NULL; i = i->next) {
		if (r == SL_OK)
			r = one_attachment(pdf, i->data);
		g_object_unref(i->data);
	}
	g_list_free(list);
	return r;
}

int extract_pdf_parts(struct pdf *pdf)
{
	PopplerIndexIter *it = poppler_index_iter_new(pdf->doc);
	unsigned count = 0;
	int r = properties(pdf);

	if (it != NULL) {
		outline(pdf, it, 0, &count);
		poppler_index_iter_free(it);
	}
	if (r == SL_OK && poppler_document_has_attachments(pdf->doc))
		r = attachments(pdf);
	return r;
}

/* --- layers --- */

/* With one hidden layer shown: lines that the page does not have otherwise. */
static int layer_text(struct pdf *pdf, const struct pdf_lines *known, const char *title)
{
	size_t start = extract_stream_len(pdf->part, WHERE_HIDDEN);
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < pdf->pages; i++) {
		PopplerPage *page;
		char *text, *s;

		if (extract_pdf_dear(pdf, i) != NULL)
			continue;
		page = poppler_document_get_page(pdf->doc, (int)i);
		text = (page != NULL) ? extract_pdf_page_text(page) : NULL;
		s = text;
		r = (text == NULL) ? SL_E_NOMEM : extract_cut(pdf->part, WHERE_HIDDEN, i + 1);
		for (size_t n; r == SL_OK && *s != '\0'; s += n + (s[n] == '\n')) {
			n = strcspn(s, "\n");
			if (!extract_pdf_lines_has(known, s, n))
				extract_line(pdf->part, WHERE_HIDDEN, NULL, s, n);
		}
		free(text);
		g_clear_object(&page);
	}
	extract_mark(pdf->part, "DH-003", SEV_S1, WHERE_HIDDEN, start, title);
	return r;
}

static int one_layer(struct pdf *pdf, PopplerLayer *layer, const struct pdf_lines *known)
{
	const char *title = poppler_layer_get_title(layer);
	int r;

	pdf->layers++;
	if (title != NULL && text_is_utf8(title, strlen(title)))
		extract_line(pdf->part, WHERE_METADATA, "layer", title, strlen(title));
	if (poppler_layer_is_visible(layer))
		return SL_OK;
	poppler_layer_show(layer);
	r = layer_text(pdf, known, "hidden-layer");
	poppler_layer_hide(layer);
	return r;
}

static int walk_layers(struct pdf *pdf, PopplerLayersIter *it, const struct pdf_lines *known,
		       unsigned *count)
{
	int r = SL_OK;

	do {
		PopplerLayer *layer = poppler_layers_iter_get_layer(it);
		PopplerLayersIter *child = poppler_layers_iter_get_child(it);

		if (++*count > LAYERS_MAX)
			r = SL_E_LIMIT;
		else if (layer != NULL)
			r = one_layer(pdf, layer, known);
		if (r == SL_OK && child != NULL)
			r = walk_layers(pdf, child, known, count);
		if (child != NULL)
			poppler_layers_iter_free(child);
		g_clear_object(&layer);
	} while (r == SL_OK && poppler_layers_iter_next(it));
	return r;
}

int extract_pdf_layers(struct pdf *pdf)
{
	PopplerLayersIter *it = poppler_layers_iter_new(pdf->doc);
	const struct buf *body = &pdf->part->text[WHERE_BODY];
	struct pdf_lines *known = NULL;
	unsigned count = 0;
	int r;

	if (it == NULL)
		return SL_OK;
	r = extract_pdf_lines(buf_str(body), body->len, &known);
	if (r == SL_OK)
		r = walk_layers(pdf, it, known, &count);
	extract_pdf_lines_free(known);
	poppler_layers_iter_free(it);
	return r;
}
