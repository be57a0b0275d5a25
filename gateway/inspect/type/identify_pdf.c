/* identify_pdf.c - PDF from its end: startxref, every cross-reference section, the trailers.
 *
 * Readers forgive junk before the header and after %%EOF, and rebuild a broken
 * table by guessing; each forgives differently.  Here nothing is forgiven, and
 * each generation of the table is counted as a revision whose text may differ. */
#include <string.h>

#include "inspect/type/identify.h"

enum { TAIL = 64, SECTIONS_MAX = 1024, DICT_MAX = 64 << 10, LINEAR_WITHIN = 1024 };

static bool space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == 0;
}
static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_space(const struct identify_in *in, size_t at)
{
	while (at < in->len && space(in->p[at]))
		at++;
	return at;
}

static bool number(const struct identify_in *in, size_t *at, uint64_t *ret_v)
{
	uint64_t v = 0;
	size_t i = skip_space(in, *at), start = i;

	while (i < in->len && digit(in->p[i]) && i - start < 18)
		v = v * 10 + (uint64_t)(in->p[i++] - '0');
	if (i == start)
		return false;
	*at = i;
	*ret_v = v;
	return true;
}

static bool word_at(const struct identify_in *in, size_t at, const char *word)
{
	size_t len = strlen(word);

	return at <= in->len && in->len - at >= len && memcmp(in->p + at, word, len) == 0;
}

static const uint8_t *find(const struct identify_in *in, size_t from, size_t max,
			   const char *word)
{
	size_t left = from < in->len ? in->len - from : 0;

	return memmem(in->p + from, left < max ? left : max, word, strlen(word));
}

/* Compare a name in the file, whose letters may be spelt #xx, with `name`; the
 * place after it, or 0. */
static size_t name_is(const uint8_t *d, size_t len, size_t at, const char *name)
{
	for (; *name != '\0'; name++) {
		unsigned c;

		if (at >= len)
			return 0;
		c = d[at++];
		if (c == '#' && at + 1 < len) {
			static const char hex[] = "0123456789abcdef";
			const char *hi = memchr(hex, d[at] | 0x20, 16),
				   *lo = memchr(hex, d[at + 1] | 0x20, 16);

			if (hi == NULL || lo == NULL)
				return 0;
			c = (unsigned)((hi - hex) << 4 | (lo - hex));
			at += 2;
		}
		if (c != (unsigned char)*name)
			return 0;
	}
	if (at < len && (digit(d[at]) || (unsigned)((d[at] | 0x20) - 'a') < 26u))
		return 0; /* a longer name */
	return at;
}

/* Value after /name in a dictionary's text: its offset in the file, or 0. */
static size_t entry(const struct identify_in *in, size_t dict, size_t len, const char *name)
{
	for (size_t i = 0; i < len; i++) {
		size_t after =
			in->p[dict + i] == '/' ? name_is(in->p + dict, len, i + 1, name) : 0;

		if (after != 0)
			return dict + after;
	}
	return 0;
}

/* Skip the entries of a classic table: "first count" then count lines of 20 bytes. */
static const char *skip_table(const struct identify_in *in, size_t *at)
{
	for (;;) {
		uint64_t first, count;
		size_t i = skip_space(in, *at);

		*at = i;
		if (word_at(in, i, "trailer"))
			return NULL;
		if (!number(in, at, &first) || !number(in, at, &count))
			return "corrupt";
		*at = skip_space(in, *at);
		if (count > (in->len - *at) / 18)
			return "corrupt";
		/* Lines of 19 bytes are written by some programs; count words instead. */
		for (uint64_t n = 0; n < count; n++) {
			uint64_t offset, generation;

			if (!number(in, at, &offset) || !number(in, at, &generation))
				return "corrupt";
			*at = skip_space(in, *at);
			if (*at >= in->len || (in->p[*at] != 'n' && in->p[*at] != 'f'))
				return "corrupt";
			(*at)++;
		}
	}
}

/* The dictionary text of the section at `at`: from there to the word that ends it. */
static const char *section(const struct identify_in *in, size_t at, size_t *ret_dict,
			   size_t *ret_len)
{
	const uint8_t *end;
	uint64_t a, b;
	const char *why;

	at = skip_space(in, at);
	if (word_at(in, at, "xref")) {
		at += 4;
		why = skip_table(in, &at);
		if (why != NULL)
			return why;
		end = find(in, at, DICT_MAX, "startxref");
	} else {
		if (!number(in, &at, &a) || !number(in, &at, &b))
			return "corrupt";
		at = skip_space(in, at);
		if (!word_at(in, at, "obj"))
			return "corrupt";
		end = find(in, at, DICT_MAX, "stream");
		if (end == NULL || entry(in, at, (size_t)(end - in->p) - at, "XRef") == 0)
			return "corrupt";
	}
	if (end == NULL)
		return "truncated";
	*ret_dict = at;
	*ret_len = (size_t)(end - in->p) - at;
	return NULL;
}

/* Follow /Prev and /XRefStm from one section; each generation once. */
static const char *walk(const struct identify_in *in, uint64_t at, struct identity *id)
{
	uint64_t last = in->len;

	for (unsigned n = 0; n < SECTIONS_MAX; n++) {
		size_t dict = 0, len = 0, value;
		uint64_t hybrid;
		const char *why;

		if (at >= in->len || at == last)
			return "corrupt";
		last = at;
		why = section(in, (size_t)at, &dict, &len);
		if (why != NULL)
			return why;
		id->revisions++;
		if (entry(in, dict, len, "Encrypt") != 0)
			return "encrypted";
		value = entry(in, dict, len, "XRefStm");
		if (value != 0) {
			size_t d = 0, l = 0;

			if (!number(in, &value, &hybrid) || hybrid >= in->len)
				return "corrupt";
			why = section(in, (size_t)hybrid, &d, &l);
			if (why != NULL)
				return why;
			if (entry(in, d, l, "Encrypt") != 0)
				return "encrypted";
		}
		value = entry(in, dict, len, "Prev");
		if (value == 0)
			return NULL;
		if (!number(in, &value, &at))
			return "corrupt";
	}
	return "over-limit";
}

/* "startxref N %%EOF" and at most 64 bytes of white space after it. */
static const char *find_start(const struct identify_in *in, uint64_t *ret_at)
{
	size_t end = in->len, from, at;
	const uint8_t *hit, *last = NULL;

	while (end > 0 && in->len - end <= TAIL && space(in->p[end - 1]))
		end--;
	if (end < 5 || memcmp(in->p + end - 5, "%%EOF", 5) != 0)
		return find(in, 0, in->len, "%%EOF") != NULL ? "polyglot" : "truncated";
	from = end > 2048 ? end - 2048 : 0;
	for (at = from; (hit = find(in, at, end - at, "startxref")) != NULL;
	     at = (size_t)(hit - in->p) + 1)
		last = hit;
	if (last == NULL)
		return "corrupt";
	at = (size_t)(last - in->p) + 9;
	return number(in, &at, ret_at) && skip_space(in, at) == end - 5 ? NULL : "corrupt";
}

void identify_pdf(const struct identify_in *in, struct identity *ret_id)
{
	uint64_t start = 0;
	const char *why = find_start(in, &start);
	const uint8_t *linear = find(in, 0, LINEAR_WITHIN, "/Linearized");

	ret_id->type = "application/pdf";
	if (in->len < 9 || !digit(in->p[5]) || in->p[6] != '.')
		why = "corrupt";
	if (why == NULL)
		why = walk(in, start, ret_id);
	if (why != NULL)
		ret_id->reason = why;
	/* A linearized file keeps one generation in two sections. */
	if (why == NULL && linear != NULL && ret_id->revisions > 1)
		ret_id->revisions--;
}
