/* extract_html_look.c - can a reader see this element, and what does a sheet write beside it?
 *
 * Attributes, the style of the element and the sheets of the page, put together as browsers do
 * (CSS Cascade 4).  Hostile: all of it.  What hides in a style attribute hides, whatever
 * stands behind it there. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_html.h"

enum { NEAR = 0x10, WHITE = 0xffffff };
enum html_inherited { FIRMLY_HIDDEN = 1, TOO_SMALL = 2, INVISIBLE = 4, FROM_RIGHT = 8 };

#define KEY_ATTRIBUTE UINT64_C(1) /* less than any rule */
#define KEY_INLINE    (UINT64_C(1) << 40)
#define KEY_IMPORTANT (UINT64_C(1) << 48)

struct chosen {
	uint64_t key; /* 0: nothing says anything */
	int32_t value;
};

struct cascade {
	struct chosen of[SHEET_VIEWS][STYLE_GROUPS];
	int32_t attribute; /* what flags any declaration of the style attribute has */
};

const char *extract_html_attr(html_attrs a, const char *name)
{
	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2)
		if (strcasecmp((const char *)a[i], name) == 0)
			return (a[i + 1] != NULL) ? (const char *)a[i + 1] : "";
	return NULL;
}

void extract_html_look_init(struct html_look *l)
{
	*l = (struct html_look){.hidden = false};
	for (size_t v = 0; v < SHEET_VIEWS; v++)
		l->background[v] = WHITE;
}

static void choose(struct chosen *c, uint64_t key, int32_t value)
{
	if (key >= c->key)
		*c = (struct chosen){.key = key, .value = value};
}

static void choose_all(struct cascade *c, enum style_group group, int32_t value)
{
	for (size_t v = 0; v < SHEET_VIEWS; v++)
		choose(&c->of[v][group], KEY_ATTRIBUTE, value);
}

/* --- where declarations come from --- */

static void from_attributes(struct cascade *c, html_attrs a, const char *element,
			    bool maybe_painted)
{
	const char *v = extract_html_attr(a, "color");

	if (strcasecmp(element, "bdo") == 0)
		choose_all(c, STYLE_BIDI, STYLE_OVERRIDE);
	if (v == NULL && strcasecmp(element, "body") == 0)
		v = extract_html_attr(a, "text");
	if (v != NULL)
		choose_all(c, STYLE_COLOR, extract_css_color(v));
	v = extract_html_attr(a, "bgcolor");
	if (v != NULL)
		choose_all(c, STYLE_BACKGROUND, extract_css_color(v));
	if (extract_html_attr(a, "background") != NULL || maybe_painted)
		choose_all(c, STYLE_BACKGROUND, CSS_COLOR_UNKNOWN);
	v = extract_html_attr(a, "dir");
	if (v != NULL)
		choose_all(c, STYLE_DIRECTION, strcasecmp(v, "rtl") == 0 ? STYLE_RTL : 0);
	if (extract_html_attr(a, "hidden") != NULL)
		c->attribute |= STYLE_HIDES;
}

static bool hides(const struct html_sheet *s, const struct sheet_rule *r)
{
	for (size_t i = 0; i < r->n_effects; i++) {
		const struct sheet_effect *e = &s->effects[r->effects + i];

		if (e->group < STYLE_COLOR && (e->first & STYLE_HIDES) != 0)
			return true;
	}
	return false;
}

static void from_sheet(struct cascade *c, struct html_look *l, const struct html_sheet *s,
		       const struct sheet_path *path)
{
	uint64_t best[2] = {0};

	for (size_t i = 0; i < s->n_rules; i++) {
		const struct sheet_rule *r = &s->rules[i];
		unsigned view = extract_html_sheet_match(s, r, path);
		uint64_t key = ((uint64_t)r->weight << 16) + i + KEY_ATTRIBUTE + 1;

		if (view >= SHEET_VIEWS)
			continue;
		if (r->of != 0) {
			if (view > 0 || key < best[r->of - 1])
				continue;
			best[r->of - 1] = key;
			l->content[r->of - 1] =
				hides(s, r) ? NULL : buf_str(&s->text) + r->content;
			continue;
		}
		for (size_t k = 0; k < r->n_effects; k++) {
			const struct sheet_effect *e = &s->effects[r->effects + k];
			uint64_t own = key + (e->important ? KEY_IMPORTANT : 0);

			for (size_t v = view; v < SHEET_VIEWS; v++)
				choose(&c->of[v][e->group], own,
				       v == SHEET_VIEWS - 1 ? e->last : e->first);
		}
	}
}

static void from_style(struct cascade *c, const char *style, const struct html_sheet *s)
{
	struct css_declaration d;
	size_t at = 0, len = strlen(style);

	while (extract_css_next(style, len, &at, &d)) {
		uint64_t key = KEY_INLINE + (d.important ? KEY_IMPORTANT : 0);

		for (size_t v = 0; v < SHEET_VIEWS; v++) {
			char value[CSS_VALUE_MAX];
			enum style_group group;
			int32_t n;

			extract_html_sheet_resolve(s, d.value, v == SHEET_VIEWS - 1, value);
			if (!extract_style_read(d.name, value, &group, &n))
				continue;
			/* A browser may pass over what stands behind it. */
			if (group == STYLE_SIZE && c->of[v][group].key == key &&
			    (c->of[v][group].value & STYLE_HIDES) != 0)
				continue;
			choose(&c->of[v][group], key, n);
			if (group < STYLE_COLOR && group != STYLE_SIZE)
				c->attribute |= n & STYLE_HIDES;
		}
	}
}

/* --- what they come to --- */

static bool near_color(int32_t a, int32_t b)
{
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs(((a >> shift) & 0xff) - ((b >> shift) & 0xff)) > NEAR)
			return false;
	return true;
}

/* Colours of the element; true: its text is like what is behind it. */
static bool paint(struct html_look *l, const struct chosen *of, size_t v)
{
	const struct chosen *text =
		of[STYLE_FILL].key != 0 ? &of[STYLE_FILL] : &of[STYLE_COLOR];
	const struct chosen *back = &of[STYLE_BACKGROUND], *image = &of[STYLE_IMAGE];
	int32_t shown;

	if (text->key != 0)
		l->color[v] = text->value;
	if (text->key != 0 && text->value == CSS_COLOR_UNKNOWN)
		l->flags |= STYLE_UNREAD;
	if (back->key != 0)
		l->background[v] = extract_css_over(back->value, l->background[v]);
	if (image->key > back->key && image->value == CSS_COLOR_UNKNOWN)
		l->background[v] = CSS_COLOR_UNKNOWN;
	if (l->color[v] == CSS_COLOR_NONE)
		return true;
	shown = extract_css_over(l->color[v], l->background[v]);
	return shown >= 0 && l->background[v] >= 0 && near_color(shown, l->background[v]);
}

static void inherit(unsigned *flags, unsigned flag, const struct chosen *c, int32_t when)
{
	if (c->key != 0 && (c->value & STYLE_RELATIVE) == 0)
		*flags = (c->value & when) != 0 ? *flags | flag : *flags & ~flag;
}

/* One view of the element; true: a reader does not see it. */
static bool look_at(struct html_look *l, const struct cascade *c, size_t v)
{
	const struct chosen *of = c->of[v];
	unsigned *inherited = &l->inherited[v];
	int32_t flags = c->attribute;
	bool same;

	for (size_t g = 0; g < STYLE_COLOR; g++)
		if (g != STYLE_SIZE && g != STYLE_VISIBILITY)
			flags |= of[g].value;
	if ((flags & (STYLE_EMPTY | STYLE_CUTS)) == (STYLE_EMPTY | STYLE_CUTS))
		flags |= STYLE_HIDES;
	if ((flags & STYLE_HIDES) != 0)
		*inherited |= FIRMLY_HIDDEN;
	inherit(inherited, TOO_SMALL, &of[STYLE_SIZE], STYLE_HIDES);
	inherit(inherited, INVISIBLE, &of[STYLE_VISIBILITY], STYLE_HIDES);
	inherit(inherited, FROM_RIGHT, &of[STYLE_DIRECTION], STYLE_RTL);
	if ((flags & STYLE_OVERRIDE) != 0 && (*inherited & FROM_RIGHT) != 0)
		flags |= STYLE_TURNS;
	l->flags |= (unsigned)flags & (STYLE_TURNS | STYLE_REORDERS);
	same = paint(l, of, v);
	return same || (*inherited & (FIRMLY_HIDDEN | TOO_SMALL | INVISIBLE)) != 0;
}

void extract_html_look(struct html_look *l, html_attrs a, const struct html_sheet *sheet,
		       const struct sheet_path *path)
{
	const char *style = extract_html_attr(a, "style");
	/* A sheet that is not here may paint it. */
	bool maybe_painted =
		extract_html_attr(a, "class") != NULL && (sheet->outside || !sheet->any);
	struct cascade c = {.attribute = 0};
	size_t hidden = 0;

	l->flags = 0;
	l->content[0] = l->content[1] = NULL;
	from_attributes(&c, a, path->text + path->places[path->n - 1].name, maybe_painted);
	from_sheet(&c, l, sheet, path);
	if (style != NULL)
		from_style(&c, style, sheet);
	if (c.of[0][STYLE_SPACE].key != 0)
		l->preformatted = (c.of[0][STYLE_SPACE].value & STYLE_PRE) != 0;
	for (size_t v = 0; v < SHEET_VIEWS; v++)
		hidden += look_at(l, &c, v);
	l->hidden = hidden == SHEET_VIEWS;
	l->maybe_hidden = hidden > 0 && !l->hidden;
}

/* --- what a sheet writes --- */

static void put_shown(struct buf *out, const char *s, size_t len)
{
	size_t used;

	for (size_t at = 0; at < len; at += used) {
		uint32_t cp = text_decode(s + at, len - at, &used);

		if (cp == TEXT_BAD || (cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xf0000)
			continue;
		buf_put(out, s + at, used);
	}
}

void extract_html_content(const char *value, html_attrs a, struct buf *out)
{
	size_t at = 0, len = strlen(value);
	struct buf word;

	buf_init(&word, CSS_VALUE_MAX);
	while (at < len && value[at] != '/') { /* behind it stands what is read aloud */
		const char *text = NULL;

		buf_clear(&word);
		if (value[at] == '"' || value[at] == '\'') {
			if (!extract_css_string(value, len, &at, &word))
				break;
			put_shown(out, buf_str(&word), word.len);
			continue;
		}
		if (strncasecmp(value + at, "attr(", 5) == 0) {
			at += 5;
			at += strspn(value + at, " \t");
			while (extract_css_ident(value, len, &at, &word))
				;
			text = extract_html_attr(a, buf_str(&word));
		} else if (value[at] == '\\' && len - at > 1) {
			at += 2;
		} else {
			at++;
		}
		if (text != NULL)
			put_shown(out, text, strlen(text));
	}
	buf_release(&word);
}
