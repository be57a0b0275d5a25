/* raw_pdf.c - objects, offsets and a trailer. */
#include "tests/support/raw_pdf.h"

#include <iconv.h>
#include <string.h>

#include "base/err.h"

enum { OBJECTS_MAX = 1024, FIXED = 16 /* objects that are not of a page */ };

struct writer {
	struct buf *out;
	size_t offsets[OBJECTS_MAX];
	unsigned n; /* objects so far; their numbers are from 1 */
};

static void begin(struct writer *w)
{
	BUG(w->n == OBJECTS_MAX);
	w->offsets[w->n++] = w->out->len;
	buf_putf(w->out, "%u 0 obj\n", w->n);
}

static void object(struct writer *w, const char *body)
{
	begin(w);
	buf_putf(w->out, "%s\nendobj\n", body);
}

/* {text} -> <hex of its codes> */
static void put_codes(struct buf *to, const char *s, size_t len)
{
	iconv_t cd = iconv_open("GBK", "UTF-8");
	char text[512], codes[512], *in = text, *out = codes;
	size_t in_left = len, out_left = sizeof(codes);

	BUG(cd == (iconv_t)-1 || len >= sizeof(text));
	memcpy(text, s, len);
	BUG(iconv(cd, &in, &in_left, &out, &out_left) == (size_t)-1);
	(void)iconv_close(cd);
	buf_puts(to, "<");
	for (const char *c = codes; c < out; c++)
		buf_putf(to, "%02x", (unsigned)(unsigned char)*c);
	buf_puts(to, ">");
}

static void stream(struct writer *w, const char *dictionary, const char *content)
{
	struct buf body;

	buf_init(&body, 1 << 20);
	while (*content != '\0') {
		size_t n = strcspn(content, "{");

		buf_put(&body, content, n);
		content += n;
		if (*content == '{') {
			n = strcspn(content, "}");
			put_codes(&body, content + 1, n - 1);
			content += n + 1;
		}
	}
	begin(w);
	buf_putf(w->out, "<<%s/Length %zu>>\nstream\n", dictionary, body.len);
	buf_put(w->out, body.data, body.len);
	buf_puts(w->out, "\nendstream\nendobj\n");
	buf_release(&body);
}

#define RESOURCES "/Resources<</Font<</F1 4 0 R/F2 5 0 R/F3 9 0 R>>/XObject<</P1 11 0 R>>>>"

/* Objects 3 to 16: what all pages share. */
static void put_shared(struct writer *w)
{
	static const char lies[] =
		"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
		"/CMapName /Lies def /CMapType 2 def\n"
		"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
		"4 beginbfchar <c3d8> <4e8b> <c3dc> <9879> <a1b6> <732b> <a1b7> <5173> "
		"endbfchar\n"
		"endcmap end end";
	static const char calls[] =
		"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
		"/CMapName /Calls def /CMapType 2 def\n"
		"1 begincodespacerange <00> <ff> endcodespacerange\n"
		"5 beginbfchar <61> <4e00> <62> <0031> <63> <0032> <64> <0033> <65> <300a>"
		" endbfchar\nendcmap end end";
#define CHINESE                                                                                \
	"/Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H"                    \
	"/DescendantFonts[6 0 R]"

	object(w, "null");
	object(w, "<<" CHINESE ">>");
	object(w, "<<" CHINESE "/ToUnicode 8 0 R>>");
	object(w, "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
		  "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R"
		  "/DW 1000>>");
	object(w, "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox"
		  "[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880"
		  "/StemV 93>>");
	stream(w, "", lies);
	object(w, "<</Type/Font/Subtype/Type3/FontBBox[0 -200 5000 1000]/FontMatrix"
		  "[0.001 0 0 0.001 0 0]/FirstChar 97/LastChar 101/Widths[5000 500 500 "
		  "1000 1000]/Encoding"
		  "<</Type/Encoding/Differences[97/a/b/c/d/e]>>/CharProcs"
		  "<</a 10 0 R/b 13 0 R/c 14 0 R/d 15 0 R/e 16 0 R>>"
		  "/ToUnicode 12 0 R" RESOURCES ">>");
	stream(w, "", "5000 0 d0 BT /F1 1000 Tf {秘密★5年} Tj ET");
	stream(w, "/Type/XObject/Subtype/Form/BBox[0 0 300 40]" RESOURCES,
	       "BT /F1 14 Tf 5 10 Td {秘密★5年} Tj ET");
	stream(w, "", calls);
	stream(w, "", "500 0 d0 BT /F1 1000 Tf {.} Tj ET");
	stream(w, "", "500 0 d0 BT /F1 1000 Tf {1} Tj ET");
	stream(w, "", "1000 0 d0 BT /F1 1000 Tf {23} Tj ET");
	stream(w, "", "1000 0 d0 BT /F1 1000 Tf {密} Tj ET");
}

/* A page, its content and, with a stamp, the note and its appearance. */
static void put_page(struct writer *w, const struct raw_page *p)
{
	unsigned at = w->n + 1;

	begin(w);
	buf_putf(w->out,
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %u 0 R" RESOURCES,
		 at + 1);
	if (p->stamp != NULL)
		buf_putf(w->out, "/Annots[%u 0 R]", at + 2);
	buf_puts(w->out, ">>\nendobj\n");
	stream(w, "", p->content);
	if (p->stamp == NULL)
		return;
	begin(w);
	buf_putf(w->out,
		 "<</Type/Annot/Subtype/Stamp/Rect[60 500 360 540]/F 4/AP<</N %u 0 R>>>>\n"
		 "endobj\n",
		 at + 3);
	stream(w, "/Type/XObject/Subtype/Form/BBox[0 0 300 40]" RESOURCES, p->stamp);
}

void raw_pdf(const struct raw_page *usual, unsigned n, const struct raw_page *odd, unsigned at,
	     struct buf *out)
{
	struct writer w = {.out = out};
	size_t xref;
	unsigned first = FIXED;

	buf_puts(out, "%PDF-1.4\n");
	object(&w, "<</Type/Catalog/Pages 2 0 R>>");
	begin(&w);
	buf_puts(out, "<</Type/Pages/Kids[");
	for (unsigned i = 1; i <= n; i++) {
		buf_putf(out, "%u 0 R ", first + 1);
		first += (i == at ? odd : usual)->stamp != NULL ? 4 : 2;
	}
	buf_putf(out, "]/Count %u>>\nendobj\n", n);
	put_shared(&w);
	BUG(w.n != FIXED);
	for (unsigned i = 1; i <= n; i++)
		put_page(&w, i == at ? odd : usual);
	xref = out->len;
	buf_putf(out, "xref\n0 %u\n0000000000 65535 f \n", w.n + 1);
	for (unsigned i = 0; i < w.n; i++)
		buf_putf(out, "%010zu 00000 n \n", w.offsets[i]);
	buf_putf(out, "trailer\n<</Size %u/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", w.n + 1,
		 xref);
	BUG(buf_error(out) != SL_OK);
}
