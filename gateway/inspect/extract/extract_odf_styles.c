/* extract_odf_styles.c - styles of an OpenDocument file, as far as they hide something.
 *
 * Hostile: names, parents (loops end after a few steps) and numbers; what is not
 * understood changes nothing. */
#include "inspect/extract/extract_odf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { STYLES_MAX = 50000, BUCKETS = 4096, NAME_MAX_BYTES = 96, PARENTS_MAX = 16, TINY = 71 };

struct style {
	char family[20], name[NAME_MAX_BYTES], parent[NAME_MAX_BYTES];
	unsigned look, known; /* known: bits that this style itself decides */
	uint32_t next;	      /* in its bucket, index + 1 */
};

struct page {
	char name[NAME_MAX_BYTES], layout[NAME_MAX_BYTES]; /* layout "": this is one */
	int64_t w, h;
};

struct odf_styles {
	struct style *styles;
	size_t n, cap;
	uint32_t bucket[BUCKETS];
	struct page *pages;
	size_t n_pages, cap_pages;
};

int odf_styles_new(struct odf_styles **ret_s)
{
	*ret_s = calloc(1, sizeof(**ret_s));
	return (*ret_s != NULL) ? SL_OK : SL_E_NOMEM;
}

void odf_styles_free(struct odf_styles *s)
{
	if (s == NULL)
		return;
	free(s->styles);
	free(s->pages);
	free(s);
}

int64_t odf_length(const char *text)
{
	static const struct {
		const char *unit;
		double hundredths;
	} units[] = {{"cm", 1000}, {"mm", 100}, {"in", 2540}, {"pt", 35.28}, {"pc", 423.3}};
	char *end;
	double n = strtod(text, &end);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].unit) == 0 && n > -1e5 && n < 1e5)
			return (int64_t)(n * units[i].hundredths);
	return 0;
}

static uint32_t hash(const char *family, const char *name)
{
	uint32_t h = 2166136261u;

	for (; *family != '\0'; family++)
		h = (h ^ (uint8_t)*family) * 16777619u;
	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h % BUCKETS;
}

static int add_style(struct odf_styles *s, const char *element,
		     const struct extract_xml_attrs *a)
{
	struct style *t;
	void *list = s->styles;
	int r = extract_grow(&list, s->n, &s->cap, sizeof(*t), STYLES_MAX);
	uint32_t h;

	s->styles = list;
	if (r != SL_OK)
		return r;
	t = &s->styles[s->n++];
	*t = (struct style){.look = 0};
	(void)extract_xml_attr(a, "family", t->family, sizeof(t->family));
	(void)extract_xml_attr(a, "name", t->name, sizeof(t->name));
	(void)extract_xml_attr(a, "parent-style-name", t->parent, sizeof(t->parent));
	/* What a family has when nobody says otherwise. */
	if (strcmp(element, "default-style") == 0)
		t->name[0] = '\0';
	h = hash(t->family, t->name);
	t->next = s->bucket[h];
	s->bucket[h] = (uint32_t)s->n;
	return SL_OK;
}

static void set(struct style *t, unsigned bit, bool on)
{
	t->known |= bit;
	t->look = on ? t->look | bit : t->look & ~bit;
}

static bool white(const char *colour)
{
	return strcasecmp(colour, "#ffffff") == 0;
}

/* Properties inside the newest style. */
static void properties(struct style *t, const char *element, const struct extract_xml_attrs *a)
{
	bool shape = strcmp(element, "graphic-properties") == 0;
	char v[64];

	if (extract_xml_attr(a, "display", v, sizeof(v))) {
		set(t, ODF_GONE, strcmp(v, "none") == 0);
		set(t, ODF_NO_SHOW, strcmp(v, "false") == 0);
	}
	if (extract_xml_attr(a, "visibility", v, sizeof(v)))
		set(t, ODF_NO_SHOW, strcmp(v, "hidden") == 0);
	if (extract_xml_attr(a, "color", v, sizeof(v)))
		set(t, ODF_WHITE, white(v));
	if (extract_xml_attr(a, "font-size", v, sizeof(v)) && odf_length(v) > 0)
		set(t, ODF_TINY, odf_length(v) <= TINY);
	if (extract_xml_attr(a, "background-color", v, sizeof(v)))
		set(t, ODF_BACKGROUND, v[0] == '#' && !white(v));
	if (extract_xml_attr(a, "fill", v, sizeof(v)))
		set(t, ODF_OPAQUE, strcmp(v, "solid") == 0 || strcmp(v, "bitmap") == 0);
	if (extract_xml_attr(a, "fill-color", v, sizeof(v))) {
		set(t, ODF_PLAIN, white(v) || strcmp(v, "#000000") == 0);
		set(t, ODF_BACKGROUND, !white(v));
	}
	if (shape && extract_xml_attr(a, "opacity", v, sizeof(v)))
		set(t, ODF_SEE_THROUGH, strtol(v, NULL, 10) < 80);
}

static int add_page(struct odf_styles *s, const struct extract_xml_attrs *a)
{
	struct page *p;
	void *list = s->pages;
	int r = extract_grow(&list, s->n_pages, &s->cap_pages, sizeof(*p), STYLES_MAX);

	s->pages = list;
	if (r != SL_OK)
		return r;
	p = &s->pages[s->n_pages++];
	*p = (struct page){.w = 0};
	(void)extract_xml_attr(a, "name", p->name, sizeof(p->name));
	(void)extract_xml_attr(a, "page-layout-name", p->layout, sizeof(p->layout));
	return SL_OK;
}

int odf_styles_start(struct odf_styles *s, const char *name, const struct extract_xml_attrs *a)
{
	size_t n = strlen(name);
	char v[32];

	if (strcmp(name, "style") == 0 || strcmp(name, "default-style") == 0)
		return add_style(s, name, a);
	if (strcmp(name, "page-layout") == 0 || strcmp(name, "master-page") == 0)
		return add_page(s, a);
	if (strcmp(name, "page-layout-properties") == 0 && s->n_pages > 0) {
		struct page *p = &s->pages[s->n_pages - 1];

		if (extract_xml_attr(a, "page-width", v, sizeof(v)))
			p->w = odf_length(v);
		if (extract_xml_attr(a, "page-height", v, sizeof(v)))
			p->h = odf_length(v);
		return SL_OK;
	}
	if (n > 11 && strcmp(name + n - 11, "-properties") == 0 && s->n > 0)
		properties(&s->styles[s->n - 1], name, a);
	return SL_OK;
}

static const struct style *find(const struct odf_styles *s, const char *family,
				const char *name)
{
	for (uint32_t i = s->bucket[hash(family, name)]; i != 0; i = s->styles[i - 1].next)
		if (strcmp(s->styles[i - 1].name, name) == 0 &&
		    strcmp(s->styles[i - 1].family, family) == 0)
			return &s->styles[i - 1];
	return NULL;
}

unsigned odf_styles_look(const struct odf_styles *s, const char *family, const char *name)
{
	const struct style *t = find(s, family, name);
	unsigned look = 0, known = 0;

	for (unsigned i = 0; t != NULL && i < PARENTS_MAX; i++) {
		look |= t->look & ~known;
		known |= t->known;
		if (t->name[0] == '\0')
			break;
		t = find(s, family, t->parent);
	}
	return look;
}

bool odf_styles_page(const struct odf_styles *s, const char *master, int64_t *ret_w,
		     int64_t *ret_h)
{
	const char *want = master;

	for (unsigned step = 0; step < 2; step++) {
		for (size_t i = 0; i < s->n_pages; i++) {
			const struct page *p = &s->pages[i];

			if (strcmp(p->name, want) != 0 || (p->layout[0] != '\0') != (step == 0))
				continue;
			if (step == 1) {
				*ret_w = p->w;
				*ret_h = p->h;
				return p->w > 0 && p->h > 0;
			}
			want = p->layout;
			break;
		}
	}
	return false;
}
