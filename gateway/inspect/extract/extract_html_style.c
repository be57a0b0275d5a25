/* extract_html_style.c - can a reader see this element?
 *
 * Inline styles and attributes only; a style sheet that hides things is told as
 * one finding, because which elements it hides takes a browser to say.
 * Hostile: the attribute texts. Whatever is not understood counts as visible,
 * and its words are then simply body text. */
#include "inspect/extract/extract_html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 64, NEAR = 0x10, FAR_AWAY = 1000 };

const char *extract_html_attr(html_attrs a, const char *name)
{
	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2)
		if (strcasecmp((const char *)a[i], name) == 0)
			return (a[i + 1] != NULL) ? (const char *)a[i + 1] : "";
	return NULL;
}

struct color_name {
	const char *name;
	int32_t rgb;
};

static const struct color_name colors[] = {
	{"white", 0xffffff},	   {"black", 0x000000},	     {"snow", 0xfffafa},
	{"ivory", 0xfffff0},	   {"whitesmoke", 0xf5f5f5}, {"ghostwhite", 0xf8f8ff},
	{"floralwhite", 0xfffaf0}, {"red", 0xff0000},	     {"blue", 0x0000ff},
	{"green", 0x008000},	   {"gray", 0x808080},	     {"yellow", 0xffff00},
	{"silver", 0xc0c0c0},	   {"navy", 0x000080},
};

static int32_t parse_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF");
	unsigned long v = strtoul(s, NULL, 16);

	if (n == 6)
		return (int32_t)(v & 0xffffff);
	if (n == 3)
		return (int32_t)(((v >> 8 & 15) * 0x110000) | ((v >> 4 & 15) * 0x1100) |
				 ((v & 15) * 0x11));
	return HTML_COLOR_UNKNOWN;
}

/* A colour as CSS or an attribute writes it. */
static int32_t parse_color(const char *s)
{
	unsigned r, g, b;

	s += strspn(s, " \t");
	if (*s == '#')
		return parse_hex(s + 1);
	if (sscanf(s, "rgb(%3u ,%3u ,%3u", &r, &g, &b) == 3 ||
	    sscanf(s, "rgba(%3u ,%3u ,%3u", &r, &g, &b) == 3)
		return (int32_t)((r & 255) << 16 | (g & 255) << 8 | (b & 255));
	for (size_t i = 0; i < sizeof(colors) / sizeof(colors[0]); i++) {
		size_t n = strlen(colors[i].name);

		if (strncasecmp(s, colors[i].name, n) == 0 && !isalnum((unsigned char)s[n]))
			return colors[i].rgb;
	}
	return HTML_COLOR_UNKNOWN;
}

static bool near_color(int32_t a, int32_t b)
{
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs(((a >> shift) & 0xff) - ((b >> shift) & 0xff)) > NEAR)
			return false;
	return true;
}

static bool value_is(const char *value, const char *word)
{
	return strncasecmp(value, word, strlen(word)) == 0;
}

/* "0", "0px", "1pt", "0.01em": too small to read. */
static bool is_tiny(const char *value)
{
	char *end;
	double v = strtod(value, &end);

	if (end == value || v < 0)
		return false;
	if (value_is(end, "em") || value_is(end, "rem"))
		return v < 0.1;
	return (*end == '%') ? v <= 5 : v <= 1;
}

static bool is_far(const char *value)
{
	return strtod(value, NULL) <= -FAR_AWAY;
}

/* Does "property: value" by itself make the element invisible? */
static bool declaration_hides(const char *name, const char *value)
{
	if (strcasecmp(name, "display") == 0)
		return value_is(value, "none");
	if (strcasecmp(name, "visibility") == 0)
		return value_is(value, "hidden") || value_is(value, "collapse");
	if (strcasecmp(name, "mso-hide") == 0)
		return value_is(value, "all");
	if (strcasecmp(name, "opacity") == 0)
		return strtod(value, NULL) < 0.05 && (*value == '0' || *value == '.');
	if (strcasecmp(name, "font-size") == 0)
		return is_tiny(value);
	if (strcasecmp(name, "text-indent") == 0 || strcasecmp(name, "left") == 0 ||
	    strcasecmp(name, "top") == 0 || strcasecmp(name, "margin-left") == 0)
		return is_far(value);
	if (strcasecmp(name, "color") == 0)
		return value_is(value, "transparent");
	return (strcasecmp(name, "clip") == 0 && value_is(value, "rect(0")) ||
	       (strcasecmp(name, "max-height") == 0 && is_tiny(value));
}

static void apply(struct html_look *l, const char *name, const char *value)
{
	int32_t c;

	if (declaration_hides(name, value))
		l->hidden = true;
	if (strcasecmp(name, "white-space") == 0)
		l->preformatted = value_is(value, "pre");
	if (strcasecmp(name, "color") == 0)
		l->color = parse_color(value);
	if (strcasecmp(name, "background-color") == 0 || strcasecmp(name, "background") == 0) {
		c = parse_color(value);
		/* "none" and "transparent" leave what is behind; anything else we cannot
		 * read may be a picture or a colour: then nothing is known. */
		if (c != HTML_COLOR_UNKNOWN ||
		    !(value_is(value, "none") || value_is(value, "transparent") ||
		      value_is(value, "inherit") || value_is(value, "initial")))
			l->background = c;
	}
	if (strcasecmp(name, "background-image") == 0 && !value_is(value, "none"))
		l->background = HTML_COLOR_UNKNOWN;
}

static void copy_trimmed(char out[VALUE_MAX], const char *s, size_t len)
{
	size_t n = 0;

	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	for (size_t i = 0; i < len && n < VALUE_MAX - 1; i++)
		out[n++] = s[i];
	while (n > 0 && isspace((unsigned char)out[n - 1]))
		n--;
	out[n] = '\0';
}

static void apply_style(struct html_look *l, const char *style)
{
	while (*style != '\0') {
		size_t n = strcspn(style, ";");
		const char *colon = memchr(style, ':', n);

		if (colon != NULL) {
			char name[VALUE_MAX], value[VALUE_MAX];

			copy_trimmed(name, style, (size_t)(colon - style));
			copy_trimmed(value, colon + 1, n - (size_t)(colon - style) - 1);
			apply(l, name, value);
		}
		style += n;
		style += *style == ';';
	}
}

void extract_html_look(struct html_look *l, html_attrs a)
{
	const char *v = extract_html_attr(a, "bgcolor");

	if (v != NULL)
		l->background = parse_color(v);
	if (extract_html_attr(a, "background") != NULL)
		l->background = HTML_COLOR_UNKNOWN;
	if (extract_html_attr(a, "class") != NULL)
		l->background = HTML_COLOR_UNKNOWN; /* a style sheet may paint it */
	v = extract_html_attr(a, "color");
	if (v == NULL)
		v = extract_html_attr(a, "text"); /* of body */
	if (v != NULL)
		l->color = parse_color(v);
	if (extract_html_attr(a, "hidden") != NULL)
		l->hidden = true;
	v = extract_html_attr(a, "style");
	if (v != NULL)
		apply_style(l, v);
	if (l->color != HTML_COLOR_UNKNOWN && l->background != HTML_COLOR_UNKNOWN &&
	    near_color(l->color, l->background))
		l->hidden = true;
}

bool extract_html_sheet_hides(const char *css, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n = 0, colon = 0;
		char name[VALUE_MAX], value[VALUE_MAX];

		while (at + n < len && strchr(";{}", css[at + n]) == NULL)
			n++;
		while (colon < n && css[at + colon] != ':')
			colon++;
		if (colon < n) {
			copy_trimmed(name, css + at, colon);
			copy_trimmed(value, css + at + colon + 1, n - colon - 1);
			if (declaration_hides(name, value))
				return true;
		}
		at += n + 1;
	}
	return false;
}
