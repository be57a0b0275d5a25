/* extract_styles.c - styles.xml reduced to what can hide a word.
 *
 * Hostile: style ids, circles of basedOn (bounded walk), their number. */
#include "inspect/extract/extract_styles.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID_MAX = 64, STYLES_MAX = 8192, ANCESTORS_MAX = 16 };

struct style {
	char id[ID_MAX], parent[ID_MAX];
	struct extract_format format;
};

struct extract_styles {
	struct style *list;
	size_t n, cap;
	struct extract_format base; /* document defaults */
	char default_id[ID_MAX];    /* paragraphs that name no style */
	bool in_style, in_defaults, in_aside;
	int error;
};

const struct extract_format extract_format_unset = {
	.vanish = FORMAT_UNSET,
	.web_hidden = FORMAT_UNSET,
	.color = FORMAT_UNSET,
	.shade = FORMAT_UNSET,
	.half_points = FORMAT_UNSET,
};

/* ECMA-376 part 1, 17.17.4: absent, "1", "true" and "on" switch on. */
static int8_t toggle(const struct extract_xml_attrs *a)
{
	char v[8];

	if (!extract_xml_attr(a, "val", v, sizeof(v)))
		return 1;
	return !(strcmp(v, "0") == 0 || strcasecmp(v, "false") == 0 ||
		 strcasecmp(v, "off") == 0);
}

static int32_t rgb(const struct extract_xml_attrs *a, const char *name)
{
	char v[16], *end;
	unsigned long n;

	if (!extract_xml_attr(a, name, v, sizeof(v)))
		return FORMAT_UNSET;
	if (strlen(v) != 6)
		return FORMAT_AUTO;
	n = strtoul(v, &end, 16);
	return (*end == '\0') ? (int32_t)n : FORMAT_AUTO;
}

bool extract_format_read(struct extract_format *f, const char *name,
			 const struct extract_xml_attrs *a)
{
	char v[16];

	if (strcmp(name, "vanish") == 0 || strcmp(name, "specVanish") == 0) {
		f->vanish = toggle(a);
	} else if (strcmp(name, "webHidden") == 0) {
		f->web_hidden = toggle(a);
	} else if (strcmp(name, "color") == 0) {
		f->color = rgb(a, "val");
	} else if (strcmp(name, "shd") == 0) {
		f->shade = rgb(a, "fill");
	} else if (strcmp(name, "sz") == 0) {
		if (extract_xml_attr(a, "val", v, sizeof(v)))
			f->half_points = (int16_t)(strtoul(v, NULL, 10) & 0x7fff);
	} else if (strcmp(name, "highlight") == 0) {
		(void)extract_xml_attr(a, "val", v, sizeof(v));
		f->black_bar = strcmp(v, "black") == 0;
		/* Any marker colour makes white letters readable. */
		if (strcmp(v, "none") != 0 && strcmp(v, "white") != 0)
			f->shade = f->black_bar ? 0 : 0x808080;
	} else {
		return false;
	}
	return true;
}

void extract_format_inherit(struct extract_format *f, const struct extract_format *under)
{
	if (f->vanish == FORMAT_UNSET)
		f->vanish = under->vanish;
	if (f->web_hidden == FORMAT_UNSET)
		f->web_hidden = under->web_hidden;
	if (f->color == FORMAT_UNSET)
		f->color = under->color;
	if (f->shade == FORMAT_UNSET)
		f->shade = under->shade;
	if (f->half_points == FORMAT_UNSET)
		f->half_points = under->half_points;
	f->black_bar = f->black_bar || under->black_bar;
}

static void style_begin(struct extract_styles *s, const struct extract_xml_attrs *a)
{
	struct style *st;
	char kind[16];

	if (s->n == s->cap) {
		size_t cap = (s->cap == 0) ? 64 : s->cap * 2;
		void *more =
			(cap <= STYLES_MAX) ? reallocarray(s->list, cap, sizeof(*st)) : NULL;

		if (more == NULL) {
			s->error = (cap <= STYLES_MAX) ? SL_E_NOMEM : SL_E_LIMIT;
			return;
		}
		s->list = more;
		s->cap = cap;
	}
	st = &s->list[s->n++];
	*st = (struct style){.format = extract_format_unset};
	(void)extract_xml_attr(a, "styleId", st->id, sizeof(st->id));
	(void)extract_xml_attr(a, "type", kind, sizeof(kind));
	if (strcmp(kind, "paragraph") == 0 &&
	    extract_xml_attr(a, "default", kind, sizeof(kind)) &&
	    (kind[0] == '1' || kind[0] == 't' || kind[0] == 'o'))
		memcpy(s->default_id, st->id, sizeof(s->default_id));
	s->in_style = true;
}

/* Rows of a table style and former formatting: never a run's own format. */
static bool is_aside(const char *name)
{
	return strcmp(name, "tblStylePr") == 0 || strcmp(name, "rPrChange") == 0 ||
	       strcmp(name, "pPrChange") == 0;
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_styles *s = arg;

	if (strcmp(name, "style") == 0)
		style_begin(s, a);
	else if (strcmp(name, "rPrDefault") == 0)
		s->in_defaults = true;
	else if (is_aside(name))
		s->in_aside = true;
	else if (s->in_defaults)
		(void)extract_format_read(&s->base, name, a);
	else if (s->in_style && !s->in_aside && s->n > 0 && strcmp(name, "basedOn") == 0)
		(void)extract_xml_attr(a, "val", s->list[s->n - 1].parent, ID_MAX);
	else if (s->in_style && !s->in_aside && s->n > 0)
		(void)extract_format_read(&s->list[s->n - 1].format, name, a);
}

static void on_end(void *arg, const char *name)
{
	struct extract_styles *s = arg;

	if (strcmp(name, "style") == 0)
		s->in_style = false;
	else if (strcmp(name, "rPrDefault") == 0)
		s->in_defaults = false;
	else if (is_aside(name))
		s->in_aside = false;
}

static void on_text(void *arg, const char *t, size_t len)
{
	(void)arg, (void)t, (void)len; /* its words are read as metadata elsewhere */
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct style *)a)->id, ((const struct style *)b)->id);
}

int extract_styles_read(const struct extract_member *m, struct extract_styles **ret_s)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct extract_styles *s = calloc(1, sizeof(*s));
	int r = SL_OK;

	if (s == NULL)
		return SL_E_NOMEM;
	s->base = extract_format_unset;
	if (m != NULL)
		r = extract_xml_parse(m->data, m->len, &events, s);
	if (r == SL_OK)
		r = s->error;
	if (r != SL_OK)
		goto out;
	if (s->n > 1)
		qsort(s->list, s->n, sizeof(*s->list), by_id);
	if (s->default_id[0] != '\0') {
		struct extract_format f = extract_styles_get(s, s->default_id);

		extract_format_inherit(&f, &s->base);
		s->base = f;
	}
	*ret_s = s;
	s = NULL; /* moved to the caller */
out:
	extract_styles_free(s);
	return r;
}

void extract_styles_free(struct extract_styles *s)
{
	if (s == NULL)
		return;
	free(s->list);
	free(s);
}

struct extract_format extract_styles_get(const struct extract_styles *s, const char *id)
{
	struct extract_format f = extract_format_unset;
	struct style key = {0};

	(void)snprintf(key.id, sizeof(key.id), "%s", id);
	for (int i = 0; i < ANCESTORS_MAX && s->n > 0 && key.id[0] != '\0'; i++) {
		const struct style *st = bsearch(&key, s->list, s->n, sizeof(*s->list), by_id);

		if (st == NULL)
			break;
		extract_format_inherit(&f, &st->format);
		memcpy(key.id, st->parent, sizeof(key.id));
	}
	return f;
}

struct extract_format extract_styles_default(const struct extract_styles *s)
{
	return s->base;
}
