/* extract_css_color.c - colours in every notation of CSS Color 4 that gives RGB.
 *
 * Hostile: the values.  A notation that is not known here is no colour, and then nothing is
 * said of what it hides. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_css.h"

struct name {
	const char *name;
	int32_t rgb;
};

static const struct name names[] = {
	{"aliceblue", 0xf0f8ff},
	{"antiquewhite", 0xfaebd7},
	{"aqua", 0x00ffff},
	{"aquamarine", 0x7fffd4},
	{"azure", 0xf0ffff},
	{"beige", 0xf5f5dc},
	{"bisque", 0xffe4c4},
	{"black", 0x000000},
	{"blanchedalmond", 0xffebcd},
	{"blue", 0x0000ff},
	{"blueviolet", 0x8a2be2},
	{"brown", 0xa52a2a},
	{"burlywood", 0xdeb887},
	{"cadetblue", 0x5f9ea0},
	{"chartreuse", 0x7fff00},
	{"chocolate", 0xd2691e},
	{"coral", 0xff7f50},
	{"cornflowerblue", 0x6495ed},
	{"cornsilk", 0xfff8dc},
	{"crimson", 0xdc143c},
	{"cyan", 0x00ffff},
	{"darkblue", 0x00008b},
	{"darkcyan", 0x008b8b},
	{"darkgoldenrod", 0xb8860b},
	{"darkgray", 0xa9a9a9},
	{"darkgreen", 0x006400},
	{"darkgrey", 0xa9a9a9},
	{"darkkhaki", 0xbdb76b},
	{"darkmagenta", 0x8b008b},
	{"darkolivegreen", 0x556b2f},
	{"darkorange", 0xff8c00},
	{"darkorchid", 0x9932cc},
	{"darkred", 0x8b0000},
	{"darksalmon", 0xe9967a},
	{"darkseagreen", 0x8fbc8f},
	{"darkslateblue", 0x483d8b},
	{"darkslategray", 0x2f4f4f},
	{"darkslategrey", 0x2f4f4f},
	{"darkturquoise", 0x00ced1},
	{"darkviolet", 0x9400d3},
	{"deeppink", 0xff1493},
	{"deepskyblue", 0x00bfff},
	{"dimgray", 0x696969},
	{"dimgrey", 0x696969},
	{"dodgerblue", 0x1e90ff},
	{"firebrick", 0xb22222},
	{"floralwhite", 0xfffaf0},
	{"forestgreen", 0x228b22},
	{"fuchsia", 0xff00ff},
	{"gainsboro", 0xdcdcdc},
	{"ghostwhite", 0xf8f8ff},
	{"gold", 0xffd700},
	{"goldenrod", 0xdaa520},
	{"gray", 0x808080},
	{"green", 0x008000},
	{"greenyellow", 0xadff2f},
	{"grey", 0x808080},
	{"honeydew", 0xf0fff0},
	{"hotpink", 0xff69b4},
	{"indianred", 0xcd5c5c},
	{"indigo", 0x4b0082},
	{"ivory", 0xfffff0},
	{"khaki", 0xf0e68c},
	{"lavender", 0xe6e6fa},
	{"lavenderblush", 0xfff0f5},
	{"lawngreen", 0x7cfc00},
	{"lemonchiffon", 0xfffacd},
	{"lightblue", 0xadd8e6},
	{"lightcoral", 0xf08080},
	{"lightcyan", 0xe0ffff},
	{"lightgoldenrodyellow", 0xfafad2},
	{"lightgray", 0xd3d3d3},
	{"lightgreen", 0x90ee90},
	{"lightgrey", 0xd3d3d3},
	{"lightpink", 0xffb6c1},
	{"lightsalmon", 0xffa07a},
	{"lightseagreen", 0x20b2aa},
	{"lightskyblue", 0x87cefa},
	{"lightslategray", 0x778899},
	{"lightslategrey", 0x778899},
	{"lightsteelblue", 0xb0c4de},
	{"lightyellow", 0xffffe0},
	{"lime", 0x00ff00},
	{"limegreen", 0x32cd32},
	{"linen", 0xfaf0e6},
	{"magenta", 0xff00ff},
	{"maroon", 0x800000},
	{"mediumaquamarine", 0x66cdaa},
	{"mediumblue", 0x0000cd},
	{"mediumorchid", 0xba55d3},
	{"mediumpurple", 0x9370db},
	{"mediumseagreen", 0x3cb371},
	{"mediumslateblue", 0x7b68ee},
	{"mediumspringgreen", 0x00fa9a},
	{"mediumturquoise", 0x48d1cc},
	{"mediumvioletred", 0xc71585},
	{"midnightblue", 0x191970},
	{"mintcream", 0xf5fffa},
	{"mistyrose", 0xffe4e1},
	{"moccasin", 0xffe4b5},
	{"navajowhite", 0xffdead},
	{"navy", 0x000080},
	{"oldlace", 0xfdf5e6},
	{"olive", 0x808000},
	{"olivedrab", 0x6b8e23},
	{"orange", 0xffa500},
	{"orangered", 0xff4500},
	{"orchid", 0xda70d6},
	{"palegoldenrod", 0xeee8aa},
	{"palegreen", 0x98fb98},
	{"paleturquoise", 0xafeeee},
	{"palevioletred", 0xdb7093},
	{"papayawhip", 0xffefd5},
	{"peachpuff", 0xffdab9},
	{"peru", 0xcd853f},
	{"pink", 0xffc0cb},
	{"plum", 0xdda0dd},
	{"powderblue", 0xb0e0e6},
	{"purple", 0x800080},
	{"rebeccapurple", 0x663399},
	{"red", 0xff0000},
	{"rosybrown", 0xbc8f8f},
	{"royalblue", 0x4169e1},
	{"saddlebrown", 0x8b4513},
	{"salmon", 0xfa8072},
	{"sandybrown", 0xf4a460},
	{"seagreen", 0x2e8b57},
	{"seashell", 0xfff5ee},
	{"sienna", 0xa0522d},
	{"silver", 0xc0c0c0},
	{"skyblue", 0x87ceeb},
	{"slateblue", 0x6a5acd},
	{"slategray", 0x708090},
	{"slategrey", 0x708090},
	{"snow", 0xfffafa},
	{"springgreen", 0x00ff7f},
	{"steelblue", 0x4682b4},
	{"tan", 0xd2b48c},
	{"teal", 0x008080},
	{"thistle", 0xd8bfd8},
	{"tomato", 0xff6347},
	{"turquoise", 0x40e0d0},
	{"violet", 0xee82ee},
	{"wheat", 0xf5deb3},
	{"white", 0xffffff},
	{"whitesmoke", 0xf5f5f5},
	{"yellow", 0xffff00},
	{"yellowgreen", 0x9acd32},
};

/* Of a browser that follows no theme. */
static const struct name system_names[] = {
	{"canvas", 0xffffff}, {"canvastext", 0},   {"window", 0xffffff},
	{"windowtext", 0},    {"field", 0xffffff}, {"fieldtext", 0},
	{"infotext", 0},      {"menutext", 0},	   {"background", 0xffffff},
};

enum { FADE_SHIFT = 24, FADE_MAX = 127 };
#define ALPHA_SEEN 0.05 /* less than this is not seen */

static int32_t faded(int32_t rgb, double alpha)
{
	if (alpha < ALPHA_SEEN)
		return CSS_COLOR_NONE;
	return alpha >= 1 ? rgb : rgb | (int32_t)((1 - alpha) * FADE_MAX + 0.5) << FADE_SHIFT;
}

int32_t extract_css_over(int32_t color, int32_t behind)
{
	int32_t fade, rgb = 0;

	if (color == CSS_COLOR_NONE || behind < 0)
		return color == CSS_COLOR_NONE		       ? behind
		       : color < 0 || color >> FADE_SHIFT == 0 ? color
							       : CSS_COLOR_UNKNOWN;
	if (color < 0)
		return color;
	fade = color >> FADE_SHIFT;
	for (int shift = 16; shift >= 0; shift -= 8)
		rgb = rgb << 8 | ((color >> shift & 255) * (FADE_MAX - fade) +
				  (behind >> shift & 255) * fade) /
					 FADE_MAX;
	return rgb;
}

static int32_t of_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF");
	unsigned long v;
	double alpha = 1;

	if (n != 3 && n != 4 && n != 6 && n != 8)
		return CSS_COLOR_UNKNOWN;
	v = strtoul(s, NULL, 16);
	if (n == 8 || n == 4) {
		alpha = n == 8 ? (double)(v & 0xff) / 255 : (double)(v & 15) / 15;
		v >>= n;
	}
	return faded((int32_t)(n >= 6 ? v
				      : (v >> 8 & 15) * 0x110000 | (v >> 4 & 15) * 0x1100 |
						(v & 15) * 0x11),
		     alpha);
}

/* --- functions --- */

struct number {
	double v;
	bool percent;
};

/* The numbers of "rgb(1 2 3 / 50%)" or "rgb(1, 2, 3, .5)". */
static size_t numbers(const char *s, struct number out[4])
{
	size_t n = 0;

	while (n < 4) {
		char *end;

		s += strspn(s, " \t\r\n\f,/");
		out[n].v = strtod(s, &end);
		if (end == s || !isfinite(out[n].v))
			break;
		out[n].percent = *end == '%';
		if (strncasecmp(end, "turn", 4) == 0)
			out[n].v *= 360;
		else if (strncasecmp(end, "rad", 3) == 0)
			out[n].v *= 180 / 3.14159265358979;
		else if (strncasecmp(end, "grad", 4) == 0)
			out[n].v *= 0.9;
		s = end + strspn(end, "%abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		n++;
	}
	return n;
}

static int32_t channel(double v)
{
	return v <= 0 ? 0 : v >= 255 ? 255 : (int32_t)(v + 0.5);
}

static int32_t of_rgb(const struct number v[4])
{
	int32_t rgb = 0;

	for (size_t i = 0; i < 3; i++)
		rgb = rgb << 8 | channel(v[i].percent ? v[i].v * 2.55 : v[i].v);
	return rgb;
}

/* Share of one channel at a hue, from 0 to 1 (CSS Color 4, 7.1). */
static double of_hue(double hue, double saturation, double light, double shift)
{
	double k = fmod(fmod(shift + hue / 30, 12) + 12, 12);
	double a = saturation * fmin(light, 1 - light);

	return light - a * fmax(-1, fmin(fmin(k - 3, 9 - k), 1));
}

static double part(struct number n)
{
	return fmin(fmax(n.v / 100, 0), 1);
}

static int32_t of_hsl(const struct number v[4])
{
	static const double shifts[] = {0, 8, 4};
	int32_t rgb = 0;

	for (size_t i = 0; i < 3; i++)
		rgb = rgb << 8 |
		      channel(255 * of_hue(v[0].v, part(v[1]), part(v[2]), shifts[i]));
	return rgb;
}

static int32_t of_hwb(const struct number v[4])
{
	static const double shifts[] = {0, 8, 4};
	double white = part(v[1]), black = part(v[2]), sum = white + black;
	int32_t rgb = 0;

	if (sum > 1) {
		white /= sum;
		black /= sum;
	}
	for (size_t i = 0; i < 3; i++)
		rgb = rgb << 8 |
		      channel(255 * (of_hue(v[0].v, 1, 0.5, shifts[i]) * (1 - white - black) +
				     white));
	return rgb;
}

static int32_t of_function(const char *s)
{
	static const struct {
		const char *name;
		int32_t (*read)(const struct number v[4]);
	} rows[] = {{"rgb(", of_rgb},
		    {"rgba(", of_rgb},
		    {"hsl(", of_hsl},
		    {"hsla(", of_hsl},
		    {"hwb(", of_hwb}};
	struct number v[4];
	double alpha;
	size_t n;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncasecmp(s, rows[i].name, strlen(rows[i].name)) != 0)
			continue;
		n = numbers(s + strlen(rows[i].name), v);
		if (n < 3)
			return CSS_COLOR_UNKNOWN;
		alpha = n == 4 ? (v[3].percent ? v[3].v / 100 : v[3].v) : 1;
		return faded(rows[i].read(v), alpha);
	}
	return CSS_COLOR_UNKNOWN;
}

int32_t extract_css_color(const char *value)
{
	size_t n;

	value += strspn(value, " \t\r\n\f");
	if (*value == '#')
		return of_hex(value + 1);
	n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
	if (value[n] == '(')
		return of_function(value);
	if (n == 11 && strncasecmp(value, "transparent", n) == 0)
		return CSS_COLOR_NONE;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == n && strncasecmp(value, names[i].name, n) == 0)
			return names[i].rgb;
	for (size_t i = 0; i < sizeof(system_names) / sizeof(system_names[0]); i++)
		if (strlen(system_names[i].name) == n &&
		    strncasecmp(value, system_names[i].name, n) == 0)
			return system_names[i].rgb;
	return CSS_COLOR_UNKNOWN;
}
