/* form_finish.c - the last object of cairo's PDF, its catalog, written anew and fuller.
 *
 * The bytes come from the library in this process, not from outside; still every place that
 * is touched must look exactly as expected. */
#include "form/form_finish.h"

#include <stdlib.h>
#include <string.h>

#include <cairo.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "form/form_colour.h"

enum { ENTRY = 20, OBJECTS_MAX = 100000, XMP_MAX = 64 << 10, ADDED = 3 };

struct tail { /* where the parts of the end are */
	size_t xref, catalog;
	uint64_t objects, root, info;
	const char *entries;
};

/* A number in decimal at *at that `after` follows; moves *at behind it. */
static bool number(const char **at, uint64_t max, const char *after, uint64_t *ret_n)
{
	size_t len = strspn(*at, "0123456789");

	if (!text_to_u64(*at, len, max, ret_n) || strncmp(*at + len, after, strlen(after)) != 0)
		return false;
	*at += len + strlen(after);
	return true;
}

static bool skip(const char **at, const char *words)
{
	if (strncmp(*at, words, strlen(words)) != 0)
		return false;
	*at += strlen(words);
	return true;
}

/* Where the text stands for the last time; NULL when nowhere. */
static const char *find_last(const struct buf *raw, const char *text)
{
	const char *bytes = buf_str(raw);
	size_t n = strlen(text);

	for (size_t i = raw->len; i-- > 0;) {
		if (raw->len - i >= n && memcmp(bytes + i, text, n) == 0)
			return bytes + i;
	}
	return NULL;
}

/* Offset of an object by its line in the table. */
static bool entry_offset(const struct tail *t, uint64_t object, uint64_t *ret_offset)
{
	const char *line = t->entries + object * ENTRY;
	uint64_t n = 0;

	for (int i = 0; i < 10; i++) {
		if (line[i] < '0' || line[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(line[i] - '0');
	}
	*ret_offset = n;
	return strncmp(line + 10, " 00000 n", 8) == 0;
}

static int read_tail(const struct buf *raw, struct tail *t)
{
	const char *bytes = buf_str(raw), *at = find_last(raw, "startxref\n");
	uint64_t xref, offset, check;

	if (at == NULL || !skip(&at, "startxref\n") || !number(&at, raw->len, "\n", &xref))
		return SL_E_INTERNAL;
	at = bytes + xref;
	if (!skip(&at, "xref\n0 ") || !number(&at, OBJECTS_MAX, "\n", &t->objects) ||
	    t->objects * ENTRY > raw->len - (size_t)(at - bytes))
		return SL_E_INTERNAL;
	t->xref = (size_t)xref;
	t->entries = at;
	at += t->objects * ENTRY;
	if (!skip(&at, "trailer\n<< /Size ") || !number(&at, OBJECTS_MAX, "\n", &check) ||
	    check != t->objects || !skip(&at, "   /Root ") ||
	    !number(&at, t->objects - 1, " 0 R\n", &t->root) || !skip(&at, "   /Info ") ||
	    !number(&at, t->objects - 1, " 0 R\n", &t->info))
		return SL_E_INTERNAL;
	/* The catalog must be the last object of all, and plain. */
	if (t->root != t->objects - 1 || !entry_offset(t, t->root, &offset) || offset >= xref)
		return SL_E_INTERNAL;
	t->catalog = (size_t)offset;
	at = bytes + offset;
	if (!number(&at, OBJECTS_MAX,
		    " 0 obj\n<< /Type /Catalog\n   /Pages 1 0 R\n>>\nendobj\n", &check) ||
	    check != t->root || at != bytes + xref)
		return SL_E_INTERNAL;
	return SL_OK;
}

/* Pages are groups for blending, as cairo writes them; nothing here blends, and archives ask
 * that no page could.  Overwritten by blanks, as offsets must stay. */
static int drop_groups(struct buf *out, size_t from)
{
	static const char group[] = "   /Group <<\n      /Type /Group\n      /S /Transparency\n"
				    "      /I true\n      /CS /DeviceRGB\n   >>\n";
	static const char page[] = "<< /Type /Page ";
	size_t pages = 0, groups = 0;

	for (size_t i = from; i < out->len; i++) {
		if (out->len - i >= sizeof(page) - 1 &&
		    memcmp(out->data + i, page, sizeof(page) - 1) == 0)
			pages++;
		if (out->len - i < sizeof(group) - 1 ||
		    memcmp(out->data + i, group, sizeof(group) - 1) != 0)
			continue;
		memset(out->data + i, ' ', sizeof(group) - 2);
		groups++;
	}
	return pages > 0 && pages == groups ? SL_OK : SL_E_INTERNAL;
}

static void put_xml(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			buf_puts(out, "&lt;");
		else if (*text == '>')
			buf_puts(out, "&gt;");
		else if (*text == '&')
			buf_puts(out, "&amp;");
		else
			buf_put(out, text, 1);
	}
}

static void put_xmp(const struct form *f, struct buf *out)
{
	char time[CLOCK_TEXT + 1];

	clock_format(f->as_of, time);
	buf_puts(out,
		 "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		 "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		 "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		 "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
		 " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
		 " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
		 " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\""
		 " xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\">\n"
		 "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
		 "<dc:format>application/pdf</dc:format>\n"
		 "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	put_xml(out, f->title);
	buf_puts(out, "</rdf:li></rdf:Alt></dc:title>\n"
		      "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	put_xml(out, f->number);
	buf_puts(out, "</rdf:li></rdf:Alt></dc:description>\n<dc:identifier>");
	put_xml(out, f->number);
	buf_putf(out, "</dc:identifier>\n<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag>",
		 f->lang == FORM_ZH ? "zh-CN" : "en");
	buf_putf(out,
		 "</dc:language>\n<pdf:Keywords>%s</pdf:Keywords>\n"
		 "<pdf:Producer>cairo %s (https://cairographics.org)</pdf:Producer>\n"
		 "<xmp:CreatorTool>sluice-review</xmp:CreatorTool>\n"
		 "<xmp:CreateDate>%s</xmp:CreateDate>\n<xmp:ModifyDate>%s</xmp:ModifyDate>\n"
		 "<xmpMM:DocumentID>urn:sha256:%s</xmpMM:DocumentID>\n"
		 "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>",
		 f->record, cairo_version_string(), time, time, f->record);
}

/* What the numbers of the pages' colours mean; `first` is the number of the first of the two.
 */
static int put_colours(uint64_t first, size_t start, struct buf *out, size_t at[2])
{
	struct buf profile;
	int r;

	buf_init(&profile, XMP_MAX);
	r = form_colour_profile(&profile);
	if (r == SL_OK) {
		at[0] = out->len - start;
		buf_putf(out,
			 "%llu 0 obj\n<< /Type /OutputIntent /S /GTS_PDFA1\n   "
			 "/OutputConditionIdentifier (sRGB)\n   /Info (black and white)\n   "
			 "/DestOutputProfile %llu 0 R\n>>\nendobj\n",
			 (unsigned long long)first, (unsigned long long)first + 1);
		at[1] = out->len - start;
		buf_putf(out, "%llu 0 obj\n<< /N 3 /Length %zu >>\nstream\n",
			 (unsigned long long)first + 1, profile.len);
		buf_put(out, profile.data, profile.len);
		buf_puts(out, "\nendstream\nendobj\n");
		r = buf_error(out);
	}
	buf_release(&profile);
	return r;
}

int form_finish(const struct form *f, const struct buf *raw, struct buf *out)
{
	char id[HASH_HEX + 1];
	size_t start = out->len, catalog, meta, xref, colours[2];
	struct tail t;
	struct buf xmp;
	int r = read_tail(raw, &t);

	if (r != SL_OK)
		return r;
	buf_init(&xmp, XMP_MAX);
	put_xmp(f, &xmp);
	buf_put(out, raw->data, t.catalog);
	r = buf_error(out);
	if (r == SL_OK)
		r = drop_groups(out, start);
	if (r != SL_OK)
		goto out;
	catalog = out->len - start;
	buf_putf(out,
		 "%llu 0 obj\n<< /Type /Catalog\n   /Pages 1 0 R\n   /Lang (%s)\n   /Metadata "
		 "%llu 0 R\n   /OutputIntents [ %llu 0 R ]\n   /ViewerPreferences << "
		 "/DisplayDocTitle true >>\n>>\nendobj\n",
		 (unsigned long long)t.root, f->lang == FORM_ZH ? "zh-CN" : "en",
		 (unsigned long long)t.objects, (unsigned long long)t.objects + 1);
	meta = out->len - start;
	buf_putf(out, "%llu 0 obj\n<< /Type /Metadata /Subtype /XML /Length %zu >>\nstream\n",
		 (unsigned long long)t.objects, xmp.len);
	buf_put(out, buf_str(&xmp), xmp.len);
	buf_puts(out, "\nendstream\nendobj\n");
	r = put_colours(t.objects + 1, start, out, colours);
	if (r != SL_OK)
		goto out;
	xref = out->len - start;
	buf_putf(out, "xref\n0 %llu\n", (unsigned long long)t.objects + ADDED);
	buf_put(out, t.entries, (size_t)t.root * ENTRY);
	buf_putf(out, "%010zu 00000 n \n%010zu 00000 n \n%010zu 00000 n \n%010zu 00000 n \n",
		 catalog, meta, colours[0], colours[1]);
	r = buf_error(out) != SL_OK ? buf_error(out) : buf_error(&xmp);
	if (r != SL_OK)
		goto out;
	/* The identifier is of all that stands before it. */
	hash_hex(out->data + start, out->len - start, id);
	buf_putf(out,
		 "trailer\n<< /Size %llu\n   /Root %llu 0 R\n   /Info %llu 0 R\n   /ID [ "
		 "<%.32s> <%.32s> ]\n>>\nstartxref\n%zu\n%%%%EOF\n",
		 (unsigned long long)t.objects + ADDED, (unsigned long long)t.root,
		 (unsigned long long)t.info, id, id, xref);
	r = buf_error(out);
out:
	buf_release(&xmp);
	return r;
}
