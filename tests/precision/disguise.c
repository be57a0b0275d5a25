/* disguise.c - generated transformations; none knows a word of a rule. */
#include "tests/precision/disguise.h"

#include <stdint.h>
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/utrans.h>

#include "base/text.h"

enum { CHARS = 1200, RADICALS = 0x2fd6 - 0x2f00, COMPAT = 0xfad9 - 0xf900 };

struct chars {
	uint32_t cp[CHARS];
	size_t n;
};

static UTransliterator *traditional;
static uint32_t radical[0x10000]; /* form that NFKC folds back; 0: none */

static void split(const char *text, size_t len, struct chars *c)
{
	c->n = 0;
	for (size_t i = 0, used; i < len && c->n < CHARS; i += used)
		c->cp[c->n++] = text_decode(text + i, len - i, &used);
}

static void start(struct disguised *d)
{
	d->len = 0;
	d->parts = 1;
	d->start[0] = 0;
}

static void put(struct disguised *d, uint32_t cp)
{
	if (d->len + 4 < sizeof(d->text))
		d->len += text_encode(cp, d->text + d->len);
}

static bool has(const struct chars *c, uint32_t cp)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->cp[i] == cp)
			return true;
	}
	return false;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xff21 && c <= 0xff5a);
}

static bool is_symbol(uint32_t c)
{
	return !is_letter(c) && !(c >= '0' && c <= '9') && !(c >= 0x3400 && c <= 0x9fff) &&
	       c != 0x2605;
}

static bool is_line(uint32_t c)
{
	return c == '\n';
}

static bool full_width(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	struct chars c;

	if (variant > 0)
		return false;
	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < c.n; i++)
		put(d, c.cp[i] > ' ' && c.cp[i] < 0x7f ? c.cp[i] + 0xfee0 : c.cp[i]);
	return true;
}

/* Nothing anybody sees between all characters. */
static bool invisible(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	static const uint32_t what[] = {0x200b, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x180e};
	struct chars c;

	if (variant >= sizeof(what) / sizeof(what[0]))
		return false;
	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		put(d, c.cp[i]);
		if (i + 1 < c.n)
			put(d, what[variant]);
	}
	return true;
}

static bool bidi(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	static const uint32_t what[][2] = {
		{0x202d, 0x202c}, {0x2066, 0x2069}, {0x200e, 0x200f}, {0x202a, 0x202c}};
	struct chars c;

	if (variant >= sizeof(what) / sizeof(what[0]))
		return false;
	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		put(d, what[variant][0]);
		put(d, c.cp[i]);
		put(d, what[variant][1]);
	}
	return true;
}

static bool radicals(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	struct chars c;
	bool changed = false;

	if (variant > 0)
		return false;
	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		uint32_t r = c.cp[i] < 0x10000 ? radical[c.cp[i]] : 0;

		changed = changed || r != 0;
		put(d, r != 0 ? r : c.cp[i]);
	}
	d->parts = changed;
	return true;
}

static bool to_traditional(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	UChar u[CHARS * 2];
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = 0, limit;
	size_t used;

	if (variant > 0)
		return false;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(text + i, len - i, &used);

		U16_APPEND_UNSAFE(u, n, (UChar32)cp);
	}
	limit = n;
	utrans_transUChars(traditional, u, &n, CHARS * 2, 0, &limit, &e);
	start(d);
	for (int32_t i = 0; i < n;) {
		uint32_t cp = u[i++];

		if (cp >= 0xd800 && cp <= 0xdbff)
			cp = 0x10000 + ((cp - 0xd800) << 10) + (u[i++] - UINT32_C(0xdc00));
		put(d, cp);
	}
	d->parts = d->len != len || memcmp(d->text, text, len) != 0;
	return true;
}

/* Put noise between all characters of a line. */
static bool noise(const char *text, size_t len, struct disguised *d, unsigned times,
		  const uint32_t *with, size_t n, bool vary)
{
	struct chars c;
	unsigned k = 0;

	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < n; i++) {
		if (has(&c, with[i]))
			d->parts = 0; /* no reader could tell noise from text */
	}
	for (size_t i = 0; i < c.n; i++) {
		unsigned now = vary ? 1 + (unsigned)(i * 7 + 3) % 5 / 3 : times;

		put(d, c.cp[i]);
		if (i + 1 == c.n || is_line(c.cp[i]) || is_line(c.cp[i + 1]))
			continue;
		for (unsigned t = 0; t < now; t++)
			put(d, with[n == 1 ? 0 : k++ % n]);
	}
	return true;
}

/* The same character between all; one or two of it. */
static bool same(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	static const uint32_t with[] = {' ', '.',    '-',    '*',    '_',
					'|', 0x3000, 0xb7,   0xff0c, 0x7684 /* 的 */,
					'x', 0x25a1, 0x1f538};

	if (variant >= 2 * sizeof(with) / sizeof(with[0]))
		return false;
	return noise(text, len, d, 1 + variant % 2, &with[variant / 2], 1, false);
}

/* Changing letters, changing symbols; one, two, or in turns. */
static bool changing(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	static const uint32_t letters[] = {'q', 'w', 'e', 'r', 't', 'z', 'u', 'o', 'p'};
	static const uint32_t symbols[] = {'#',	   '~', 0x25cb, 0xb7, '^',
					   0x2014, '=', 0x3001, '!'};
	struct chars c;
	bool ok;

	if (variant >= 6)
		return false;
	ok = noise(text, len, d, 1 + variant / 2 % 2, variant % 2 == 0 ? letters : symbols, 9,
		   variant >= 4);
	split(text, len, &c);
	for (size_t i = 0; i < c.n; i++) {
		/* Letters between letters, or symbols in turns between symbols. */
		if (variant % 2 == 0 ? is_letter(c.cp[i]) : variant == 5 && is_symbol(c.cp[i]))
			d->parts = 0;
	}
	return ok;
}

static bool repeated(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	struct chars c;

	if (variant > 1)
		return false;
	split(text, len, &c);
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		for (unsigned t = 0; t < (is_line(c.cp[i]) ? 1 : 2 + variant); t++)
			put(d, c.cp[i]);
	}
	return true;
}

/* Two runs, cut anywhere; variant 0: a run for each character. */
static bool runs(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	struct chars c;

	split(text, len, &c);
	if (variant >= c.n)
		return false;
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		if (i > 0 && (variant == 0 || variant == i))
			d->start[d->parts++] = d->len;
		put(d, c.cp[i]);
	}
	return d->parts < DISGUISE_PARTS;
}

/* One line break anywhere. */
static bool wrapped(const char *text, size_t len, unsigned variant, struct disguised *d)
{
	struct chars c;

	split(text, len, &c);
	if (variant + 1 >= c.n)
		return false;
	start(d);
	for (size_t i = 0; i < c.n; i++) {
		put(d, c.cp[i]);
		if (i == variant)
			put(d, '\n');
	}
	return true;
}

const struct disguise disguise_table[] = {
	{"full width", full_width},
	{"zero width", invisible},
	{"direction marks", bidi},
	{"radicals, compatibility forms", radicals},
	{"traditional", to_traditional},
	{"the same character between", same},
	{"changing characters between", changing},
	{"every character repeated", repeated},
	{"split runs", runs},
	{"wrapped line", wrapped},
	{NULL, NULL},
};

static void learn_forms(const UNormalizer2 *nfkc, uint32_t from, uint32_t to)
{
	for (uint32_t cp = from; cp < to; cp++) {
		UChar in[1] = {(UChar)cp}, out[8];
		UErrorCode e = U_ZERO_ERROR;
		int32_t n = unorm2_normalize(nfkc, in, 1, out, 8, &e);

		if (U_SUCCESS(e) && n == 1 && out[0] != cp && radical[out[0]] == 0)
			radical[out[0]] = cp;
	}
}

int disguise_start(void)
{
	static const UChar id[] = u"Simplified-Traditional";
	UErrorCode e = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);

	traditional = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
	if (U_FAILURE(e))
		return SL_E_INTERNAL;
	learn_forms(nfkc, 0x2f00, 0x2fd6);
	learn_forms(nfkc, 0xf900, 0xfada);
	return SL_OK;
}

void disguise_stop(void)
{
	utrans_close(traditional);
}
