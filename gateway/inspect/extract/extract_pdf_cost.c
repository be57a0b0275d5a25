/* extract_pdf_cost.c - each content read once, each form's cost remembered.
 *
 * Hostile: forms that paint themselves or each other (poppler stops at the second time, and
 * a chain of such tries is longer than any sum of ours: refused), resources that are missing
 * (then those of whoever painted the form hold, and its cost is not remembered). */
#include "inspect/extract/extract_pdf_cost.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "inspect/extract/extract.h"
#include "inspect/extract/extract_pdf.h"
#include "inspect/extract/extract_pdf_words.h"
#include "inspect/extract/extract_qpdf.h"

enum {
	OBJECTS_MAX = 500000,
	READ_MAX = 50000, /* contents: those of pages, and of forms that are not remembered */
	DEPTH_MAX = 64,
	NOTES_MAX = 100000,
	KEYS_MAX = 1 << 20,
};

struct cost {
	qpdf_data q;
	int n;
	uint32_t *memo; /* owned: cost of object i, plus one; 0 not known */
	uint8_t *open;	/* owned: being counted */
	size_t unpacked;
	unsigned reads, depth;
	bool borrowed; /* something was found with whoever painted this */
	bool over;
};

/* Resources in force: a form's own, else those around it. */
struct scope {
	qpdf_oh resources; /* borrowed */
	const struct scope *outer;
};

static uint32_t add(uint64_t a, uint64_t b)
{
	return a + b > PDF_COST_ALL_MAX ? PDF_COST_ALL_MAX : (uint32_t)(a + b);
}

static uint32_t times(uint64_t a, uint64_t b)
{
	return b != 0 && a > PDF_COST_ALL_MAX / b ? PDF_COST_ALL_MAX : (uint32_t)(a * b);
}

/* The resource of this kind and name; 0 when there is none.  Release it. */
static qpdf_oh find(struct cost *c, const struct scope *s, const char *kind, const char *name)
{
	for (const struct scope *at = s; at != NULL; at = at->outer) {
		qpdf_oh dict = qpdf_oh_get_key(c->q, at->resources, kind), found = 0;

		if (qpdf_oh_is_dictionary(c->q, dict) && qpdf_oh_has_key(c->q, dict, name))
			found = qpdf_oh_get_key(c->q, dict, name);
		qpdf_oh_release(c->q, dict);
		if (found != 0) {
			c->borrowed = c->borrowed || at != s;
			return found;
		}
	}
	return 0;
}

static uint32_t cost_of_form(struct cost *c, qpdf_oh form, const struct scope *s);

static uint32_t cost_of_picture(struct cost *c, qpdf_oh dict)
{
	qpdf_oh w = qpdf_oh_get_key(c->q, dict, "/Width");
	qpdf_oh h = qpdf_oh_get_key(c->q, dict, "/Height");
	double pixels = 0;

	if (qpdf_oh_is_number(c->q, w) && qpdf_oh_is_number(c->q, h))
		pixels =
			qpdf_oh_get_numeric_value(c->q, w) * qpdf_oh_get_numeric_value(c->q, h);
	qpdf_oh_release(c->q, w);
	qpdf_oh_release(c->q, h);
	/* Larger ones are refused wherever they are. */
	return pixels > 0 && pixels <= EXTRACT_PIXELS_MAX
		       ? (uint32_t)(pixels / PDF_COST_PICTURE)
		       : 0;
}

static uint32_t cost_of_object(struct cost *c, qpdf_oh oh, const struct scope *s)
{
	uint32_t n = 0;
	qpdf_oh dict;

	if (!qpdf_oh_is_stream(c->q, oh))
		return 0;
	dict = qpdf_oh_get_dict(c->q, oh);
	if (extract_pdf_is_name(c->q, dict, "/Subtype", "/Image"))
		n = cost_of_picture(c, dict);
	else
		n = cost_of_form(c, oh, s);
	qpdf_oh_release(c->q, dict);
	return n;
}

static uint32_t cost_of_named(struct cost *c, const struct scope *s, const char *kind,
			      const char *name)
{
	qpdf_oh oh = find(c, s, kind, name);
	uint32_t n = oh != 0 ? cost_of_object(c, oh, s) : 0;

	qpdf_oh_release(c->q, oh);
	return n;
}

/* A soft mask is painted when its graphics state is set. */
static uint32_t cost_of_state(struct cost *c, const struct scope *s, const char *name)
{
	qpdf_oh state = find(c, s, "/ExtGState", name), mask, group;
	uint32_t n;

	if (state == 0)
		return 0;
	mask = qpdf_oh_get_key(c->q, state, "/SMask");
	group = qpdf_oh_get_key(c->q, mask, "/G");
	n = cost_of_object(c, group, s);
	qpdf_oh_release(c->q, group);
	qpdf_oh_release(c->q, mask);
	qpdf_oh_release(c->q, state);
	return n;
}

/* The dearest stream among the values of a dictionary, or the stream itself. */
static uint32_t cost_of_dearest(struct cost *c, qpdf_oh oh, const struct scope *s)
{
	uint32_t most = cost_of_object(c, oh, s);
	struct buf keys;

	if (!qpdf_oh_is_dictionary(c->q, oh))
		return most;
	buf_init(&keys, KEYS_MAX);
	qpdf_oh_begin_dict_key_iter(c->q, oh);
	while (qpdf_oh_dict_more_keys(c->q)) {
		const char *k = qpdf_oh_dict_next_key(c->q);

		buf_put(&keys, k, strlen(k) + 1);
	}
	c->over = c->over || buf_error(&keys) != SL_OK;
	for (const char *k = buf_str(&keys); !c->over && k < buf_str(&keys) + keys.len;
	     k += strlen(k) + 1) {
		qpdf_oh v = qpdf_oh_get_key(c->q, oh, k);
		uint32_t n = cost_of_object(c, v, s);

		most = n > most ? n : most;
		qpdf_oh_release(c->q, v);
	}
	buf_release(&keys);
	return most;
}

/* What a glyph of this font costs when glyphs are drawings. */
static uint32_t cost_of_glyph(struct cost *c, const struct scope *s, const char *name)
{
	qpdf_oh font = find(c, s, "/Font", name), glyphs, own;
	struct scope inner = {.outer = s};
	uint32_t n = 0;

	if (font == 0)
		return 0;
	glyphs = qpdf_oh_get_key(c->q, font, "/CharProcs");
	own = qpdf_oh_get_key(c->q, font, "/Resources");
	inner.resources = own;
	if (qpdf_oh_is_dictionary(c->q, glyphs))
		n = cost_of_dearest(c, glyphs, qpdf_oh_is_dictionary(c->q, own) ? &inner : s);
	qpdf_oh_release(c->q, own);
	qpdf_oh_release(c->q, glyphs);
	qpdf_oh_release(c->q, font);
	return n;
}

static bool is_one_of(const char *op, const char *const *list)
{
	while (*list != NULL && strcmp(*list, op) != 0)
		list++;
	return *list != NULL;
}

/* What stands in force while content is read: it ends with the content, or later. */
struct brush {
	uint32_t glyph, pattern;
};

static uint32_t cost_of_word(struct cost *c, const struct pdf_words *w, const struct scope *s,
			     struct brush *b)
{
	static const char *const shows[] = {"Tj", "TJ", "'", "\"", NULL};
	static const char *const paints[] = {"f", "F", "f*", "B",  "B*", "b",  "b*",
					     "s", "S", "Tj", "TJ", "'",	 "\"", NULL};
	uint32_t n = 1;

	if (strcmp(w->op, "Do") == 0)
		n = add(n, cost_of_named(c, s, "/XObject", w->name));
	else if (strcmp(w->op, "gs") == 0)
		n = add(n, cost_of_state(c, s, w->name));
	else if (strcmp(w->op, "Tf") == 0)
		b->glyph = cost_of_glyph(c, s, w->name);
	else if ((strcmp(w->op, "scn") == 0 || strcmp(w->op, "SCN") == 0) && w->name[0] != '\0')
		b->pattern = add(b->pattern, cost_of_named(c, s, "/Pattern", w->name));
	else if (strcmp(w->op, "BI") == 0)
		c->over = c->over || w->width > EXTRACT_SIDE_MAX ||
			  w->height > EXTRACT_SIDE_MAX ||
			  w->width * w->height > EXTRACT_PIXELS_MAX;
	if (is_one_of(w->op, shows))
		n = add(n, times(w->string, b->glyph));
	if (is_one_of(w->op, paints))
		n = add(n, b->pattern);
	return n;
}

/* The dearest thing that is named anywhere in it, as often as anything is painted. */
static uint32_t cost_at_worst(struct cost *c, const char *text, size_t len,
			      const struct scope *s)
{
	struct pdf_words w;
	uint32_t most = 0, times_painted = 0;

	pdf_words_raw(&w, text, len);
	while (!c->over && pdf_words_next(&w)) {
		uint32_t n;

		if (strcmp(w.op, "Do") != 0)
			continue;
		n = cost_of_named(c, s, "/XObject", w.name);
		most = n > most ? n : most;
		times_painted++;
	}
	return times(most, times_painted);
}

static uint32_t cost_of_content(struct cost *c, const char *text, size_t len,
				const struct scope *s)
{
	struct pdf_words w;
	struct brush b = {0, 0};
	uint32_t n = 0, worst;

	pdf_words_begin(&w, text, len);
	while (!c->over && n < PDF_COST_ALL_MAX && pdf_words_next(&w))
		n = add(n, cost_of_word(c, &w, s, &b));
	if (!w.pictures || c->over)
		return n;
	worst = cost_at_worst(c, text, len, s);
	return worst > n ? worst : n;
}

/* Count content that was unpacked; false: no more of it. */
static bool take(struct cost *c, size_t len)
{
	c->over = c->over || ++c->reads > READ_MAX || len > EXTRACT_UNPACKED_MAX - c->unpacked;
	if (!c->over)
		c->unpacked += len;
	return !c->over;
}

static uint32_t read_form(struct cost *c, qpdf_oh form, const struct scope *s)
{
	qpdf_oh dict = qpdf_oh_get_dict(c->q, form);
	qpdf_oh own = qpdf_oh_get_key(c->q, dict, "/Resources");
	struct scope inner = {.resources = own, .outer = s};
	QPDF_BOOL filtered = QPDF_FALSE;
	unsigned char *bytes = NULL;
	size_t len = 0;
	uint32_t n = 0;

	if ((qpdf_oh_get_stream_data(c->q, form, qpdf_dl_generalized, &filtered, &bytes, &len) &
	     QPDF_ERRORS) == 0 &&
	    filtered && take(c, len))
		n = cost_of_content(c, (const char *)bytes, len,
				    qpdf_oh_is_dictionary(c->q, own) ? &inner : s);
	free(bytes);
	qpdf_oh_release(c->q, own);
	qpdf_oh_release(c->q, dict);
	return n;
}

static uint32_t cost_of_form(struct cost *c, qpdf_oh form, const struct scope *s)
{
	int id = qpdf_oh_get_object_id(c->q, form);
	bool known = id > 0 && id < c->n, borrowed = c->borrowed;
	uint32_t n;

	if (known && c->memo[id] != 0)
		return c->memo[id] - 1;
	if (!known || c->open[id] || c->depth == DEPTH_MAX)
		c->over = true;
	if (c->over)
		return PDF_COST_ALL_MAX;
	c->open[id] = 1;
	c->depth++;
	c->borrowed = false;
	n = read_form(c, form, s);
	if (!c->borrowed)
		c->memo[id] = n + 1;
	c->borrowed = c->borrowed || borrowed;
	c->depth--;
	c->open[id] = 0;
	return n;
}

/* Normal, pressed and touched: each is one form, or one for every state. */
static uint32_t cost_of_notes(struct cost *c, qpdf_oh page, const struct scope *s)
{
	static const char *const looks[] = {"/N", "/R", "/D"};
	qpdf_oh list = qpdf_oh_get_key(c->q, page, "/Annots");
	int count = qpdf_oh_is_array(c->q, list) ? qpdf_oh_get_array_n_items(c->q, list) : 0;
	uint32_t n = 0;

	c->over = c->over || count > NOTES_MAX;
	for (int i = 0; i < count && !c->over; i++) {
		qpdf_oh note = qpdf_oh_get_array_item(c->q, list, i);
		qpdf_oh ap = qpdf_oh_get_key(c->q, note, "/AP");

		for (size_t k = 0; k < sizeof(looks) / sizeof(looks[0]); k++) {
			qpdf_oh look = qpdf_oh_get_key(c->q, ap, looks[k]);

			n = add(n, cost_of_dearest(c, look, s));
			qpdf_oh_release(c->q, look);
		}
		qpdf_oh_release(c->q, ap);
		qpdf_oh_release(c->q, note);
	}
	qpdf_oh_release(c->q, list);
	return n;
}

static uint32_t cost_of_page(struct cost *c, qpdf_oh page)
{
	qpdf_oh own = qpdf_oh_get_key(c->q, page, "/Resources");
	struct scope s = {.resources = own, .outer = NULL};
	unsigned char *bytes = NULL;
	size_t len = 0;
	uint32_t n = 0;

	if ((qpdf_oh_get_page_content_data(c->q, page, &bytes, &len) & QPDF_ERRORS) == 0 &&
	    take(c, len))
		n = cost_of_content(c, (const char *)bytes, len, &s);
	n = add(n, cost_of_notes(c, page, &s));
	free(bytes);
	qpdf_oh_release(c->q, own);
	return n;
}

static int count_pages(struct cost *c)
{
	int pages = qpdf_get_num_pages(c->q);
	uint32_t all = 0;

	/* A tree of pages that qpdf cannot follow is told by whoever reads them. */
	if (pages <= 0 || pages > EXTRACT_PAGES_MAX ||
	    (qpdf_push_inherited_attributes_to_page(c->q) & QPDF_ERRORS) != 0)
		return SL_OK;
	for (int i = 0; i < pages && !c->over; i++) {
		qpdf_oh page = qpdf_get_page_n(c->q, (size_t)i);
		uint32_t n = cost_of_page(c, page);

		qpdf_oh_release(c->q, page);
		all = add(all, n);
		c->over = c->over || n > PDF_COST_PAGE_MAX || all == PDF_COST_ALL_MAX;
	}
	return c->over ? SL_E_LIMIT : SL_OK;
}

int extract_pdf_cost(const uint8_t *bytes, size_t len)
{
	struct cost c = {.q = extract_qpdf_new()};
	qpdf_oh trailer, size;
	int r = SL_OK;

	if (c.q == NULL)
		return SL_E_NOMEM;
	if ((qpdf_read_memory(c.q, "document", (const char *)bytes, len, NULL) & QPDF_ERRORS) !=
	    0)
		goto out;
	trailer = qpdf_get_trailer(c.q);
	size = qpdf_oh_get_key(c.q, trailer, "/Size");
	c.n = qpdf_oh_get_int_value_as_int(c.q, size);
	qpdf_oh_release(c.q, size);
	qpdf_oh_release(c.q, trailer);
	r = c.n > 0 && c.n <= OBJECTS_MAX ? SL_OK : SL_E_LIMIT;
	if (r != SL_OK)
		goto out;
	c.memo = calloc((size_t)c.n, sizeof(*c.memo));
	c.open = calloc((size_t)c.n, 1);
	r = c.memo == NULL || c.open == NULL ? SL_E_NOMEM : count_pages(&c);
out:
	free(c.memo);
	free(c.open);
	extract_qpdf_free(c.q);
	return r;
}
