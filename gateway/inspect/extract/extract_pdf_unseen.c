/* extract_pdf_unseen.c - streams of a PDF that no page shows as they are.
 *
 * What the trailer does not lead to is no part of the document and still in the file: pages
 * taken out, pictures replaced.  Metadata may hang on any object.  And in the language that
 * draws pages there are comments, properties of marked content and patterns that poppler
 * does not hand out as text.
 * Hostile: sizes (all that is unpacked counts against the document's ceiling) and filters
 * that qpdf does not know. */
#include "inspect/extract/extract_pdf.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_props.h"

enum { NESTING_MAX = 64, STRING_MAX = 4096, KEYS_MAX = 1 << 20, HEAD_MAX = 1024 };

struct unseen {
	struct pdf *pdf;
	qpdf_data q;
	int n;		/* objects 1 to n - 1 */
	uint8_t *known; /* owned: the trailer leads to it */
	int *queue;	/* owned: found, not followed yet */
	int n_queue, metadata;
	bool too_deep;
};

/* --- reachability --- */

static void follow(struct unseen *u, qpdf_oh oh, int depth);

static void follow_entry(struct unseen *u, qpdf_oh v, int depth)
{
	int id;

	if (!qpdf_oh_is_indirect(u->q, v)) {
		follow(u, v, depth + 1);
		return;
	}
	id = qpdf_oh_get_object_id(u->q, v);
	if (id > 0 && id < u->n && !u->known[id]) {
		u->known[id] = 1;
		u->queue[u->n_queue++] = id;
	}
}

static void follow_dictionary(struct unseen *u, qpdf_oh dict, int depth)
{
	struct buf keys;
	const char *k;

	/* The iterator is the document's only one, and nested dictionaries need it. */
	buf_init(&keys, KEYS_MAX);
	qpdf_oh_begin_dict_key_iter(u->q, dict);
	while (qpdf_oh_dict_more_keys(u->q)) {
		k = qpdf_oh_dict_next_key(u->q);
		buf_put(&keys, k, strlen(k) + 1);
	}
	u->too_deep = u->too_deep || buf_error(&keys) != SL_OK;
	for (k = buf_str(&keys); !u->too_deep && k < buf_str(&keys) + keys.len;
	     k += strlen(k) + 1) {
		qpdf_oh v = qpdf_oh_get_key(u->q, dict, k);

		follow_entry(u, v, depth);
		qpdf_oh_release(u->q, v);
	}
	buf_release(&keys);
}

static void follow(struct unseen *u, qpdf_oh oh, int depth)
{
	if (depth > NESTING_MAX) {
		u->too_deep = true;
	} else if (qpdf_oh_is_stream(u->q, oh)) {
		qpdf_oh dict = qpdf_oh_get_dict(u->q, oh);

		follow_dictionary(u, dict, depth + 1);
		qpdf_oh_release(u->q, dict);
	} else if (qpdf_oh_is_dictionary(u->q, oh)) {
		follow_dictionary(u, oh, depth);
	} else if (qpdf_oh_is_array(u->q, oh)) {
		int n = qpdf_oh_get_array_n_items(u->q, oh);

		for (int i = 0; i < n && !u->too_deep; i++) {
			qpdf_oh v = qpdf_oh_get_array_item(u->q, oh, i);

			follow_entry(u, v, depth);
			qpdf_oh_release(u->q, v);
		}
	}
}

static void follow_all(struct unseen *u)
{
	qpdf_oh trailer = qpdf_get_trailer(u->q);

	follow(u, trailer, 0);
	qpdf_oh_release(u->q, trailer);
	while (u->n_queue > 0 && !u->too_deep) {
		qpdf_oh oh = qpdf_get_object_by_id(u->q, u->queue[--u->n_queue], 0);

		follow(u, oh, 0);
		qpdf_oh_release(u->q, oh);
	}
}

/* --- streams --- */

/* Pictures, fonts, profiles, functions, tables: read elsewhere, or no language at all. */
static bool is_data(struct unseen *u, qpdf_oh dict)
{
	static const char *const keys[] = {"/FunctionType", "/ShadingType", "/Length1", "/N",
					   "/CMapName",	    "/Width"};
	static const char *const types[] = {"/ObjStm", "/XRef", "/EmbeddedFile", "/CMap"};
	static const char *const subtypes[] = {"/Image", "/Type1C", "/CIDFontType0C",
					       "/OpenType"};
	bool is = false;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		is = is || qpdf_oh_has_key(u->q, dict, keys[i]);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		is = is || extract_pdf_is_name(u->q, dict, "/Type", types[i]);
	for (size_t i = 0; i < sizeof(subtypes) / sizeof(subtypes[0]); i++)
		is = is || extract_pdf_is_name(u->q, dict, "/Subtype", subtypes[i]);
	return is;
}

/* Unpacked content; NULL: no filter that qpdf undoes, or no room for it. */
static char *content_of(struct unseen *u, qpdf_oh stream, size_t *ret_len)
{
	struct extract *x = u->pdf->x;
	unsigned char *bytes = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	size_t len = 0;

	if ((qpdf_oh_get_stream_data(u->q, stream, qpdf_dl_generalized, &filtered, &bytes,
				     &len) &
	     QPDF_ERRORS) != 0 ||
	    !filtered || len > EXTRACT_UNPACKED_MAX - x->unpacked) {
		x->over = x->over || len > EXTRACT_UNPACKED_MAX - x->unpacked;
		free(bytes);
		return NULL;
	}
	x->unpacked += len;
	*ret_len = len;
	return (char *)bytes;
}

/* A literal string at s: bytes up to its end, escapes undone; cut at STRING_MAX. */
static size_t literal(const char *s, size_t len, char out[STRING_MAX], size_t *ret_n)
{
	size_t at = 1, n = 0;
	int open = 1;

	for (; at < len && open > 0; at++) {
		char c = s[at];

		open += (c == '(') - (c == ')');
		if (c == '\\' && at + 1 < len) {
			unsigned code = 0, digits = 0;

			while (digits < 3 && at + 1 < len && s[at + 1] >= '0' &&
			       s[at + 1] <= '7') {
				code = code << 3 | (unsigned)(s[++at] - '0');
				digits++;
			}
			c = digits > 0 ? (char)code : s[++at];
		}
		if (open > 0 && n < STRING_MAX)
			out[n++] = c;
	}
	*ret_n = n;
	return at;
}

static void say(struct unseen *u, const char *s, size_t len)
{
	const struct buf *body = &u->pdf->part->text[WHERE_BODY];

	if (len > 0 && text_is_utf8(s, len) && memchr(s, '\0', len) == NULL &&
	    extract_is_wordy(s, len) && memmem(buf_str(body), body->len, s, len) == NULL)
		extract_line(u->pdf->part, WHERE_METADATA, NULL, s, len);
}

/* Comments of the language, and strings with words or long numbers that the page's text
 * does not have: properties of marked content, patterns, forms that nothing paints. */
static void read_content(struct unseen *u, const char *s, size_t len)
{
	char out[STRING_MAX];

	for (size_t at = 0, n; at < len && !u->pdf->x->over;) {
		if (s[at] == '%') {
			n = 0;
			while (at + n < len && s[at + n] != '\n' && s[at + n] != '\r')
				n++;
			say(u, s + at + 1, n - 1);
			at += n;
		} else if (s[at] == '(') {
			at += literal(s + at, len - at, out, &n);
			say(u, out, n);
		} else {
			at++;
		}
	}
}

static bool is_text(const char *s, size_t len)
{
	return len > 0 && text_is_utf8(s, len) && memchr(s, '\0', len) == NULL;
}

/* A linearised file has one stream that only the first bytes of the file lead to, "/H [OFFSET
 * LENGTH]": where its pages are, as numbers. */
static bool is_hints(const struct unseen *u, int id)
{
	char head[HEAD_MAX + 1], want[24];
	const char *file = (const char *)u->pdf->x->bytes, *h;
	size_t len = u->pdf->x->len, n = len < HEAD_MAX ? len : HEAD_MAX;
	unsigned long at;

	memcpy(head, file, n);
	for (size_t i = 0; i < n; i++)
		head[i] = head[i] == '\0' ? ' ' : head[i];
	head[n] = '\0';
	h = strstr(head, "/Linearized");
	h = h != NULL ? strstr(head, "/H") : NULL;
	if (h == NULL)
		return false;
	h += 2 + strspn(h + 2, " \r\n\t[");
	at = strtoul(h, NULL, 10);
	(void)snprintf(want, sizeof(want), "%d 0 obj", id);
	return at < len && len - at > strlen(want) &&
	       memcmp(file + at, want, strlen(want)) == 0;
}

/* What the document does not lead to: its words, or a part that nobody has read. */
static void unused_stream(struct unseen *u, int id, const char *s, size_t len)
{
	char name[40];
	struct extract_part *p;

	(void)snprintf(name, sizeof(name), "unused-%d", id);
	p = extract_part_new(u->pdf->x, name, len);
	if (p == NULL)
		return;
	if (is_text(s, len))
		extract_text(p, WHERE_OLD_REVISION, s, len);
	else
		extract_fail(p, "unused-object");
	extract_mark(p, "DH-007", SEV_S1, WHERE_OLD_REVISION, 0, "unused-object");
}

static void read_metadata(struct unseen *u, const char *s, size_t len)
{
	char name[40];
	struct extract_part *p;
	size_t skip = s != NULL ? strspn(s, " \t\r\n") : 0;
	int r = SL_E_UNSUPPORTED;

	(void)snprintf(name, sizeof(name), "metadata-%d.xmp", ++u->metadata);
	p = extract_part_new(u->pdf->x, name, len);
	if (p == NULL)
		return;
	if (s != NULL)
		r = extract_xml_words(p, s + skip, len - skip, EXTRACT_XML_XMP, WHERE_PROPERTY);
	if (r == SL_E_NOMEM)
		u->pdf->x->nomem = true;
	else if (r != SL_OK)
		extract_fail(p, extract_reason(r));
}

/* The catalog's metadata is what poppler gives as the document's. */
static int own_metadata(struct unseen *u)
{
	qpdf_oh root = qpdf_get_root(u->q), m = qpdf_oh_get_key(u->q, root, "/Metadata");
	int id = qpdf_oh_is_indirect(u->q, m) ? qpdf_oh_get_object_id(u->q, m) : 0;

	qpdf_oh_release(u->q, m);
	qpdf_oh_release(u->q, root);
	return id;
}

static void one_stream(struct unseen *u, int id, qpdf_oh stream)
{
	qpdf_oh dict = qpdf_oh_get_dict(u->q, stream);
	bool cross = extract_pdf_is_name(u->q, dict, "/Type", "/XRef") ||
		     extract_pdf_is_name(u->q, dict, "/Type", "/ObjStm");
	bool metadata = extract_pdf_is_name(u->q, dict, "/Type", "/Metadata");
	bool data = is_data(u, dict);
	size_t len = 0;
	char *s = (cross || (data && u->known[id])) ? NULL : content_of(u, stream, &len);

	qpdf_oh_release(u->q, dict);
	if (cross || (!u->known[id] && s != NULL && !is_text(s, len) && is_hints(u, id)))
		; /* numbers, which qpdf reads or nobody needs */
	else if (!u->known[id])
		unused_stream(u, id, data ? NULL : s, data ? 0 : len);
	else if (metadata)
		read_metadata(u, s, len);
	else if (s != NULL)
		read_content(u, s, len);
	free(s);
}

int extract_pdf_unseen(struct pdf *pdf, struct _qpdf_data *q, int n)
{
	struct unseen u = {.pdf = pdf, .q = q, .n = n};
	int own, r = SL_E_NOMEM;

	u.known = calloc((size_t)n, 1);
	u.queue = calloc((size_t)n, sizeof(*u.queue));
	if (u.known == NULL || u.queue == NULL)
		goto out;
	follow_all(&u);
	own = own_metadata(&u);
	for (int id = 1; id < n && !u.too_deep && !pdf->x->over; id++) {
		qpdf_oh oh = qpdf_get_object_by_id(q, id, 0);

		if (id != own && qpdf_oh_is_stream(q, oh))
			one_stream(&u, id, oh);
		qpdf_oh_release(q, oh);
	}
	r = u.too_deep ? SL_E_LIMIT : pdf->x->nomem ? SL_E_NOMEM : SL_OK;
out:
	free(u.known);
	free(u.queue);
	return r;
}
