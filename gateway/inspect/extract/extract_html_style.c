/* extract_html_style.c - can a reader see text with this declaration, and in what order?
 *
 * Hostile: the values.  A browser drops a declaration that it does not understand and keeps
 * the one before, so what is no value of a property says nothing here either. */
#include "inspect/extract/extract_html_style.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FAR_AWAY = 1000, FAR_SHARE = 100, WORD = 64 };

static bool begins(const char *value, const char *word)
{
	return strncasecmp(value, word, strlen(word)) == 0;
}

static bool has(const char *value, const char *word)
{
	return strcasestr(value, word) != NULL;
}

/* A length at `s` in pixels, an "em" for sixteen; false: there is none. */
static bool length_of(const char *s, double *ret_px)
{
	static const struct {
		const char *unit;
		double px;
	} units[] = {{"rem", 16}, {"em", 16}, {"ex", 8},    {"ch", 8},	  {"pt", 4.0 / 3},
		     {"pc", 16},  {"in", 96}, {"cm", 38},   {"mm", 3.8},  {"q", 0.95},
		     {"vw", 10},  {"vh", 10}, {"vmin", 10}, {"vmax", 10}, {"%", 10}};
	char *end;
	double v = strtod(s, &end);

	if (end == s || !isfinite(v))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (begins(end, units[i].unit)) {
			v *= units[i].px;
			break;
		}
	*ret_px = v;
	return true;
}

/* "0", "0px", "1pt", "0.01em": too small to read. */
static bool is_tiny(const char *value)
{
	char *end;
	double v = strtod(value, &end);

	if (end == value || v < 0)
		return false;
	if (begins(end, "em") || begins(end, "rem"))
		return v < 0.1;
	return (*end == '%') ? v <= 5 : v <= 1;
}

static bool is_zero(const char *value)
{
	double px;

	return length_of(value, &px) && px >= 0 && px <= 1;
}

/* Of a position: beside every screen.  A calculation is looked at number by number. */
static bool is_far(const char *value)
{
	for (const char *s = value; *s != '\0';) {
		double px;
		char *end;

		if (!length_of(s, &px)) {
			s++;
			continue;
		}
		if (fabs(px) >= FAR_AWAY && (px < 0 || px >= 3 * FAR_AWAY))
			return true;
		(void)strtod(s, &end);
		s = end;
	}
	return false;
}

/* --- one property each: flags --- */

static int32_t hides(bool yes)
{
	return yes ? STYLE_HIDES : 0;
}
static int32_t display(const char *v)
{
	return hides(begins(v, "none"));
}
static int32_t visibility(const char *v)
{
	return begins(v, "inherit") || begins(v, "unset")
		       ? STYLE_RELATIVE
		       : hides(begins(v, "hidden") || begins(v, "collapse"));
}
static int32_t opacity(const char *v)
{
	char *end;
	double n = strtod(v, &end);

	return hides(end != v && (*end == '%' ? n < 5 : n < 0.05));
}
/* A share of nothing is nothing. */
static int32_t size(const char *v)
{
	char *end;

	(void)strtod(v, &end);
	if (is_tiny(v))
		return STYLE_HIDES;
	return end == v ? (begins(v, "inherit") || begins(v, "unset") || begins(v, "larger") ||
					   begins(v, "smaller") || has(v, "(")
				   ? STYLE_RELATIVE
				   : 0)
	       : begins(end, "em") || *end == '%' || begins(end, "ex") || begins(end, "ch")
		       ? STYLE_RELATIVE
		       : 0;
}
static int32_t far_off(const char *v)
{
	return hides(is_far(v));
}
static int32_t all(const char *v)
{
	return hides(begins(v, "all"));
}
static int32_t security(const char *v)
{
	return hides(*v != '\0' && !begins(v, "none"));
}

/* The size in "italic bold 0/1 Song": the first length that is no weight. */
static int32_t font(const char *v)
{
	while (*v != '\0') {
		size_t n = strcspn(v, " \t\r\n");
		char *end;
		double number = strtod(v, &end);

		if (end != v && (end != v + n || number < 100) && number >= 0)
			return size(v);
		v += n;
		v += strspn(v, " \t\r\n");
	}
	return 0;
}

static int32_t clip(const char *v)
{
	double a, b, c, d;

	if (!begins(v, "rect(") ||
	    sscanf(v + 5, "%lf%*[a-z ,]%lf%*[a-z ,]%lf%*[a-z ,]%lf", &a, &b, &c, &d) != 4)
		return hides(begins(v, "rect(0"));
	return hides(fabs(c - a) <= 1 || fabs(b - d) <= 1);
}
static int32_t clip_path(const char *v)
{
	return hides((begins(v, "inset(") && strtod(v + 6, NULL) >= 50 && has(v, "%")) ||
		     (begins(v, "circle(") && is_zero(v + 7)) ||
		     (begins(v, "ellipse(") && is_zero(v + 8)) ||
		     begins(v, "polygon(0 0, 0 0"));
}
static int32_t empty(const char *v)
{
	return is_zero(v) ? STYLE_EMPTY : 0;
}
static int32_t overflow(const char *v)
{
	return has(v, "hidden") || has(v, "clip") ? STYLE_CUTS : 0;
}

/* Numbers of a function of a transformation: scaleX(-1), rotateY(180deg), matrix(-1, … */
static int32_t turned(const char *name, double n)
{
	double full = fmod(fabs(n), 360);

	if (begins(name, "rotatez(") || begins(name, "rotate(") || begins(name, "rotatey(") ||
	    begins(name, "rotatex(") || begins(name, "rotate3d("))
		return full > 90 && full < 270 ? STYLE_TURNS : 0;
	if (begins(name, "scale") || begins(name, "matrix"))
		return n < 0 ? STYLE_TURNS : hides(fabs(n) < 0.05);
	return 0;
}

static double degrees(const char *s)
{
	char *end;
	double v = strtod(s, &end);

	return begins(end, "turn")   ? v * 360
	       : begins(end, "rad")  ? v * 57.29578
	       : begins(end, "grad") ? v * 0.9
				     : v;
}

static int32_t transform(const char *v)
{
	int32_t flags = 0;

	for (const char *s = v; *s != '\0';) {
		size_t n = strcspn(s, "(");

		if (s[n] == '\0')
			break;
		while (n > 0 && isspace((unsigned char)*s)) {
			s++;
			n--;
		}
		if (begins(s, "translate"))
			flags |= is_far(s + n) ? STYLE_HIDES : 0;
		else if (begins(s, "rotate3d("))
			flags |= STYLE_REORDERS;
		else
			flags |= turned(s, degrees(s + n + 1));
		s += n;
		s += strcspn(s, ")");
		s += *s == ')';
	}
	return flags;
}
static int32_t scale(const char *v)
{
	char *end;
	double n = strtod(v, &end);

	if (end == v)
		return 0;
	return n < 0 ? STYLE_TURNS : hides(n < 0.05);
}
static int32_t rotate(const char *v)
{
	if (begins(v, "none"))
		return 0;
	v += strcspn(v, "-0123456789.");
	return *v != '\0' ? turned("rotate(", degrees(v)) : 0;
}
static int32_t zoom(const char *v)
{
	double px;

	return hides(length_of(v, &px) && px < 0.05);
}
static int32_t filter(const char *v)
{
	const char *s = strcasestr(v, "opacity(");

	return s != NULL ? opacity(s + 8) : 0;
}

static int32_t direction(const char *v)
{
	return begins(v, "rtl") ? STYLE_RTL : 0;
}
static int32_t bidi(const char *v)
{
	return has(v, "override") ? STYLE_OVERRIDE : 0;
}
static int32_t flex(const char *v)
{
	return has(v, "-reverse") ? STYLE_REORDERS : 0;
}
static int32_t order(const char *v)
{
	return strtol(v, NULL, 10) != 0 ? STYLE_REORDERS : 0;
}
static int32_t writing(const char *v)
{
	static const char *const usual[] = {"horizontal", "lr-tb", "initial",
					    "inherit",	  "unset", "revert"};

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (begins(v, usual[i]))
			return 0;
	return STYLE_REORDERS;
}
/* Letters that stand one on the other, or go to the left. */
static int32_t spacing(const char *v)
{
	double px;

	return length_of(v, &px) && px <= -8 ? STYLE_REORDERS : 0;
}
/* A counter that begins at a number with a meaning. */
static int32_t counter(const char *v)
{
	for (; *v != '\0'; v++)
		if (isdigit((unsigned char)*v) && strspn(v, "0123456789") >= 3)
			return STYLE_REORDERS;
	return 0;
}
static int32_t white_space(const char *v)
{
	return begins(v, "pre") || begins(v, "break-spaces") ? STYLE_PRE : 0;
}

static const struct property {
	const char *name;
	enum style_group group;
	int32_t (*flags)(const char *value); /* NULL: a colour */
} properties[] = {
	{"display", STYLE_DISPLAY, display},
	{"visibility", STYLE_VISIBILITY, visibility},
	{"content-visibility", STYLE_OPACITY, visibility},
	{"opacity", STYLE_OPACITY, opacity},
	{"font-size", STYLE_SIZE, size},
	{"font", STYLE_SIZE, font},
	{"text-indent", STYLE_INDENT, far_off},
	{"left", STYLE_LEFT, far_off},
	{"inset-inline-start", STYLE_LEFT, far_off},
	{"inset", STYLE_LEFT, far_off},
	{"right", STYLE_RIGHT, far_off},
	{"top", STYLE_TOP, far_off},
	{"bottom", STYLE_BOTTOM, far_off},
	{"margin", STYLE_MARGIN, far_off},
	{"margin-left", STYLE_MARGIN, far_off},
	{"margin-top", STYLE_MARGIN, far_off},
	{"margin-inline-start", STYLE_MARGIN, far_off},
	{"clip", STYLE_CLIP, clip},
	{"clip-path", STYLE_CLIP_PATH, clip_path},
	{"max-height", STYLE_MAX, size},
	{"width", STYLE_WIDTH, empty},
	{"max-width", STYLE_WIDTH, empty},
	{"height", STYLE_HEIGHT, empty},
	{"line-height", STYLE_HEIGHT, empty},
	{"overflow", STYLE_OVERFLOW, overflow},
	{"overflow-x", STYLE_OVERFLOW, overflow},
	{"overflow-y", STYLE_OVERFLOW, overflow},
	{"transform", STYLE_TRANSFORM, transform},
	{"scale", STYLE_SCALE, scale},
	{"rotate", STYLE_ROTATE, rotate},
	{"translate", STYLE_TRANSLATE, far_off},
	{"zoom", STYLE_ZOOM, zoom},
	{"filter", STYLE_FILTER, filter},
	{"text-security", STYLE_SECURITY, security},
	{"mso-hide", STYLE_OFFICE, all},
	{"direction", STYLE_DIRECTION, direction},
	{"unicode-bidi", STYLE_BIDI, bidi},
	{"flex-direction", STYLE_FLEX, flex},
	{"flex-flow", STYLE_FLEX, flex},
	{"order", STYLE_ORDER, order},
	{"writing-mode", STYLE_WRITING, writing},
	{"letter-spacing", STYLE_SPACING, spacing},
	{"counter-reset", STYLE_COUNTER, counter},
	{"counter-set", STYLE_COUNTER, counter},
	{"counter-increment", STYLE_COUNTER, counter},
	{"white-space", STYLE_SPACE, white_space},
	{"color", STYLE_COLOR, NULL},
	{"text-fill-color", STYLE_FILL, NULL},
	{"background", STYLE_BACKGROUND, NULL},
	{"background-color", STYLE_BACKGROUND, NULL},
	{"background-image", STYLE_IMAGE, NULL},
};

/* --- colours --- */

static bool is_picture(const char *v)
{
	return has(v, "url(") || has(v, "gradient(") || has(v, "image(") ||
	       has(v, "element(") || has(v, "image-set(");
}

/* The colour among the words of "background". */
static bool background(const char *v, int32_t *ret)
{
	if (is_picture(v)) {
		*ret = CSS_COLOR_UNKNOWN;
		return true;
	}
	*ret = CSS_COLOR_NONE;
	while (*v != '\0' && *ret == CSS_COLOR_NONE) {
		int32_t c = extract_css_color(v);
		size_t n = strcspn(v, " \t\r\n(");

		*ret = c == CSS_COLOR_UNKNOWN ? CSS_COLOR_NONE : c;
		if (v[n] == '(')
			n = strcspn(v, ")") + (strchr(v, ')') != NULL);
		v += n;
		v += strspn(v, " \t\r\n");
	}
	return true;
}

static bool colour(enum style_group group, const char *v, int32_t *ret)
{
	static const char *const newer[] = {"lab(",   "lch(",	    "oklab(",	   "oklch(",
					    "color(", "color-mix(", "light-dark(", "var("};

	if (group == STYLE_BACKGROUND)
		return background(v, ret);
	if (group == STYLE_IMAGE) {
		*ret = is_picture(v) ? CSS_COLOR_UNKNOWN : CSS_COLOR_NONE;
		return true;
	}
	*ret = extract_css_color(v);
	if (*ret != CSS_COLOR_UNKNOWN)
		return true;
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (begins(v, newer[i]))
			return true;
	return false;
}

bool extract_style_read(const char *name, const char *value, enum style_group *ret_group,
			int32_t *ret_value)
{
	static const char *const prefixes[] = {"-webkit-", "-moz-", "-ms-", "-o-"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			name += strlen(prefixes[i]);
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		const struct property *p = &properties[i];

		if (strcmp(name, p->name) != 0)
			continue;
		*ret_group = p->group;
		if (p->flags == NULL)
			return colour(p->group, value, ret_value);
		*ret_value = p->flags(value);
		return *value != '\0';
	}
	return false;
}
