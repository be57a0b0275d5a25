/* extract_pdf_objects.c - the objects of a PDF themselves, whether poppler shows them or not.
 *
 * poppler answers about pages; scripts that run on opening, XFA forms, embedded
 * files outside the name tree, private data and alternative texts are only seen
 * by walking every object, with qpdf.  Hostile: numbers, nesting and strings;
 * a file that qpdf cannot read without repairing it is corrupt. */
#include "inspect/extract/extract_pdf.h"

#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_qpdf.h"

enum { OBJECTS_MAX = 500000, NESTING_MAX = 64, NAME_MAX_BYTES = 1 << 10 };

struct walk {
	struct pdf *pdf;
	qpdf_data q;
	struct extract_part *scripts; /* made with the first one */
	unsigned embedded, layers;
	bool too_deep;
};

static const char *const actions[] = {
	"/Launch", "/ImportData", "/SubmitForm",       "/GoToE",     "/Movie",
	"/Sound",  "/Rendition",  "/RichMediaExecute", "/JavaScript"};

/* Strings under these keys are read by poppler, or are no words. */
static const char *const known_keys[] = {
	"/Title",
	"/Contents",
	"/T",
	"/TU",
	"/V",
	"/Opt",
	"/M",
	"/F",
	"/UF",
	"/URI",
	"/Desc",
	"/JS",
	"/ModDate",
	"/DA",
	"/CharSet",
	"/CreationDate",
	"/LastModified",
};

static bool any_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

/* A string that is text for certain: with a byte order mark, or printable ASCII. */
static const char *text_of(struct walk *w, qpdf_oh oh, size_t *ret_len)
{
	size_t n = 0;
	const char *raw = qpdf_oh_get_binary_string_value(w->q, oh, &n);
	bool marked =
		n >= 2 && (memcmp(raw, "\xfe\xff", 2) == 0 || memcmp(raw, "\xef\xbb", 2) == 0);
	const char *s;

	for (size_t i = 0; !marked && i < n; i++)
		if ((uint8_t)raw[i] < 0x20 || (uint8_t)raw[i] >= 0x7f)
			return NULL;
	s = qpdf_oh_get_binary_utf8_value(w->q, oh, &n);
	*ret_len = n;
	return (n > 0 && text_is_utf8(s, n) && memchr(s, '\0', n) == NULL) ? s : NULL;
}

static void one_string(struct walk *w, const char *key, qpdf_oh value)
{
	size_t len = 0;
	const char *s = text_of(w, value, &len);

	if (s == NULL)
		return;
	if (strcmp(key, "/ActualText") == 0 || strcmp(key, "/Alt") == 0 ||
	    strcmp(key, "/E") == 0)
		extract_line(w->pdf->part, WHERE_ALT, NULL, s, len);
	else if (!any_of(key, known_keys, sizeof(known_keys) / sizeof(known_keys[0])) &&
		 extract_is_wordy(s, len))
		extract_line(w->pdf->part, WHERE_METADATA, key[0] == '/' ? key + 1 : NULL, s,
			     len);
}

/* Names are short and Latin as a rule: fonts, colours, destinations. */
static void one_name(struct walk *w, const char *name)
{
	struct buf own;
	const char *s;
	size_t len = strlen(name);

	if (!extract_is_wordy(name, len))
		return;
	buf_init(&own, NAME_MAX_BYTES);
	if (extract_decode((const uint8_t *)name, len, EXTRACT_DETECT, &own, &s, &len) == SL_OK)
		extract_line(w->pdf->part, WHERE_METADATA, NULL, s, len);
	buf_release(&own);
}

static void one_script(struct walk *w, qpdf_oh js)
{
	unsigned char *bytes = NULL;
	const char *s = NULL;
	size_t len = 0, start;

	if (w->scripts == NULL)
		w->scripts = extract_part_new(w->pdf->x, "javascript", 0);
	if (w->scripts == NULL)
		return;
	if (qpdf_oh_is_stream(w->q, js)) {
		QPDF_BOOL filtered = QPDF_FALSE;

		if ((qpdf_oh_get_stream_data(w->q, js, qpdf_dl_all, &filtered, &bytes, &len) &
		     QPDF_ERRORS) == 0)
			s = (const char *)bytes;
	} else {
		s = text_of(w, js, &len);
	}
	start = extract_stream_len(w->scripts, WHERE_FIELD);
	if (s != NULL && len > 0 && text_is_utf8(s, len) && memchr(s, '\0', len) == NULL)
		extract_line(w->scripts, WHERE_FIELD, NULL, s, len);
	else
		extract_fail(w->scripts, "unsupported");
	extract_mark(w->scripts, "DH-005", SEV_S1, WHERE_FIELD, start, "javascript");
	free(bytes);
}

static void unread(struct walk *w, const char *name, const char *rule, const char *evidence)
{
	struct extract_part *p = extract_part_new(w->pdf->x, name, 0);

	if (p == NULL)
		return;
	extract_fail(p, "unsupported");
	extract_mark(p, rule, SEV_S1, WHERE_ATTACHMENT, 0, evidence);
}

bool extract_pdf_is_name(struct _qpdf_data *q, unsigned dict, const char *key, const char *name)
{
	qpdf_oh v = qpdf_oh_get_key(q, dict, key);
	bool same = qpdf_oh_is_name(q, v) && strcmp(qpdf_oh_get_name(q, v), name) == 0;

	qpdf_oh_release(q, v);
	return same;
}

/* A page is drawn as large as its paper: of a picture with far more pixels most are never
 * looked at, and what only shows when a reader zooms would pass.  The same ceiling as for a
 * file that is a picture. */
static void judge_picture(struct walk *w, qpdf_oh stream)
{
	double width, height;
	struct extract_part *p;

	extract_pdf_picture_size(w->q, stream, &width, &height);
	if (width <= EXTRACT_SIDE_MAX && height <= EXTRACT_SIDE_MAX &&
	    width * height <= EXTRACT_PIXELS_MAX)
		return;
	p = extract_part_new(w->pdf->x, "picture", 0);
	if (p != NULL)
		extract_fail(p, "over-limit");
}

/* What a dictionary is, by the keys that matter to us. */
static void judge(struct walk *w, qpdf_oh dict)
{
	qpdf_oh s = qpdf_oh_get_key(w->q, dict, "/S");

	if (qpdf_oh_is_name(w->q, s) &&
	    any_of(qpdf_oh_get_name(w->q, s), actions, sizeof(actions) / sizeof(actions[0])))
		extract_mark(w->pdf->part, "DH-005", SEV_S1, WHERE_BODY,
			     extract_stream_len(w->pdf->part, WHERE_BODY),
			     qpdf_oh_get_name(w->q, s) + 1);
	qpdf_oh_release(w->q, s);
	if (qpdf_oh_has_key(w->q, dict, "/JS")) {
		qpdf_oh js = qpdf_oh_get_key(w->q, dict, "/JS");

		one_script(w, js);
		qpdf_oh_release(w->q, js);
	}
	if (qpdf_oh_has_key(w->q, dict, "/XFA"))
		unread(w, "xfa", "DH-005", "xfa-form");
	if (qpdf_oh_has_key(w->q, dict, "/EF"))
		w->embedded++;
	if (extract_pdf_is_name(w->q, dict, "/Type", "/OCG"))
		w->layers++;
	if (extract_pdf_is_name(w->q, dict, "/Subtype", "/Redact"))
		extract_mark(w->pdf->part, "DH-007", SEV_S1, WHERE_BODY,
			     extract_stream_len(w->pdf->part, WHERE_BODY),
			     "redaction-not-applied");
	if (qpdf_oh_has_key(w->q, dict, "/PieceInfo"))
		extract_property(w->pdf->part, "custom", "PieceInfo", 9);
}

static void examine(struct walk *w, const char *key, qpdf_oh oh, int depth);

/* poppler gives the titles of the outline, whose items have a parent, and names and values
 * of fields that stand on a page; not those of anything else. */
static bool is_beside(struct walk *w, qpdf_oh dict, const char *key)
{
	static const char *const of_fields[] = {"/T", "/TU", "/V", "/Opt"};

	if (strcmp(key, "/Title") == 0)
		return !qpdf_oh_has_key(w->q, dict, "/Parent");
	return any_of(key, of_fields, sizeof(of_fields) / sizeof(of_fields[0])) &&
	       !qpdf_oh_has_key(w->q, dict, "/Rect") && !qpdf_oh_has_key(w->q, dict, "/Kids");
}

static void examine_dictionary(struct walk *w, qpdf_oh dict, int depth)
{
	struct buf keys;
	const char *k;

	judge(w, dict);
	/* The iterator is the document's only one, and nested dictionaries need it. */
	buf_init(&keys, 1 << 20);
	qpdf_oh_begin_dict_key_iter(w->q, dict);
	while (qpdf_oh_dict_more_keys(w->q)) {
		k = qpdf_oh_dict_next_key(w->q);
		buf_put(&keys, k, strlen(k) + 1);
	}
	if (buf_error(&keys) != SL_OK)
		w->too_deep = true;
	for (k = buf_str(&keys); !w->too_deep && k < buf_str(&keys) + keys.len;
	     k += strlen(k) + 1) {
		qpdf_oh v = qpdf_oh_get_key(w->q, dict, k);
		bool other = is_beside(w, dict, k);

		one_name(w, k + 1);
		if (!qpdf_oh_is_indirect(w->q, v) || qpdf_oh_is_string(w->q, v))
			examine(w, other ? "" : k, v, depth + 1);
		qpdf_oh_release(w->q, v);
	}
	buf_release(&keys);
}

static void examine(struct walk *w, const char *key, qpdf_oh oh, int depth)
{
	if (depth > NESTING_MAX) {
		w->too_deep = true;
	} else if (qpdf_oh_is_string(w->q, oh)) {
		one_string(w, key, oh);
	} else if (qpdf_oh_is_name(w->q, oh)) {
		one_name(w, qpdf_oh_get_name(w->q, oh) + 1);
	} else if (qpdf_oh_is_dictionary(w->q, oh)) {
		examine_dictionary(w, oh, depth);
	} else if (qpdf_oh_is_stream(w->q, oh)) {
		qpdf_oh dict = qpdf_oh_get_dict(w->q, oh);

		if (extract_pdf_is_name(w->q, dict, "/Subtype", "/Image"))
			judge_picture(w, oh);
		examine_dictionary(w, dict, depth + 1);
		qpdf_oh_release(w->q, dict);
	} else if (qpdf_oh_is_array(w->q, oh)) {
		int n = qpdf_oh_get_array_n_items(w->q, oh);

		for (int i = 0; i < n && !w->too_deep; i++) {
			qpdf_oh v = qpdf_oh_get_array_item(w->q, oh, i);

			if (!qpdf_oh_is_indirect(w->q, v))
				examine(w, key, v, depth + 1);
			qpdf_oh_release(w->q, v);
		}
	}
}

/* Properties that are not the standard's own: poppler does not give them. */
static int custom_properties(struct walk *w, qpdf_oh trailer)
{
	static const char *const standard[] = {"/Title",	"/Author",  "/Subject",
					       "/Keywords",	"/Creator", "/Producer",
					       "/CreationDate", "/ModDate", "/Trapped"};
	qpdf_oh info = qpdf_oh_get_key(w->q, trailer, "/Info");
	int id = qpdf_oh_is_indirect(w->q, info) ? qpdf_oh_get_object_id(w->q, info) : 0;

	if (qpdf_oh_is_dictionary(w->q, info)) {
		qpdf_oh_begin_dict_key_iter(w->q, info);
		while (qpdf_oh_dict_more_keys(w->q)) {
			const char *k = qpdf_oh_dict_next_key(w->q);
			qpdf_oh v = qpdf_oh_get_key(w->q, info, k);
			size_t len = 0;
			const char *s = qpdf_oh_is_string(w->q, v) ? text_of(w, v, &len) : NULL;

			one_name(w, k + 1);
			if (s != NULL &&
			    !any_of(k, standard, sizeof(standard) / sizeof(standard[0])) &&
			    text_is_utf8(k, strlen(k)))
				extract_property(w->pdf->part, k + 1, s, len);
			qpdf_oh_release(w->q, v);
		}
	}
	qpdf_oh_release(w->q, info);
	return id;
}

static int walk_all(struct walk *w)
{
	qpdf_oh trailer = qpdf_get_trailer(w->q);
	qpdf_oh size = qpdf_oh_get_key(w->q, trailer, "/Size");
	long long n = qpdf_oh_get_int_value(w->q, size);
	int info = custom_properties(w, trailer), r;

	qpdf_oh_release(w->q, size);
	examine(w, "", trailer, 0);
	qpdf_oh_release(w->q, trailer);
	if (n <= 0 || n > OBJECTS_MAX)
		return SL_E_LIMIT;
	for (int id = 1; id < n && !w->too_deep; id++) {
		qpdf_oh oh;

		if (id == info)
			continue;
		oh = qpdf_get_object_by_id(w->q, id, 0);
		examine(w, "", oh, 0);
		qpdf_oh_release(w->q, oh);
	}
	r = w->too_deep ? SL_E_LIMIT : extract_pdf_unseen(w->pdf, w->q, (int)n);
	return r != SL_OK ? r
			  : extract_pdf_bytes(w->pdf, w->q, (int)n,
					      !extract_pdf_was_updated(w->pdf));
}

int extract_pdf_objects(struct pdf *pdf)
{
	struct walk w = {.pdf = pdf, .q = extract_qpdf_new()};
	int r = SL_OK;

	if (w.q == NULL)
		return SL_E_NOMEM;
	if ((qpdf_read_memory(w.q, "document", (const char *)pdf->x->bytes, pdf->x->len, NULL) &
	     QPDF_ERRORS) != 0)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		r = walk_all(&w);
	if (r == SL_OK && w.embedded > pdf->embedded)
		unread(&w, "embedded-file", "DH-005", "embedded-file");
	if (r == SL_OK && w.layers > pdf->layers)
		unread(&w, "layer", "DH-003", "layer-not-listed");
	extract_qpdf_free(w.q);
	return r;
}
