/* normalise_carried.c - words in characters that nobody sees and machines read.
 *
 * A tag (U+E0000-E007F) is an ASCII character, a variation selector a byte of UTF-8; rows of
 * them ride on any letter through every program.  The view of what they spell has the places
 * of the carriers.  One pass over what the main view left out, so linear in the source. */
#include <string.h>

#include "base/text.h"
#include "policy/normalise_private.h"

enum {
	TOGETHER = 60, /* bytes: carriers further apart are lines of their own */
	CHARACTER = 4,
	FLAG_TAGS = 6, /* five letters and the tag that ends them */
	SELECTORS = 16,
};

struct carrier {
	uint32_t cp;
	size_t at, used; /* bytes of the source */
};

/* The character at c->at + c->used, escaped or not; false: the drop ends. */
static bool next(const char *text, size_t end, struct carrier *c)
{
	/* Only the drop itself is looked at, so that no row of escapes is read twice. */
	struct norm_escapes escapes = {0};
	size_t at = c->at + c->used, used = 0;

	if (at >= end)
		return false;
	if (text[at] == '%' || text[at] == '\\' || text[at] == '&')
		used = normalise_escape(&escapes, text, at, end, &c->cp);
	normalise_escapes_release(&escapes);
	if (used == 0)
		c->cp = text_decode(text + at, end - at, &used);
	c->at = at;
	c->used = used;
	return true;
}

static bool is_carrier(uint32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0000 && cp <= 0xe0fff);
}

/* The byte that a carrier stands for; 0: none that is a letter. */
static uint8_t byte_of(uint32_t cp)
{
	uint32_t v = cp >= 0xe0000 && cp < 0xe0100    ? cp - 0xe0000
		     : cp >= 0xe0100 && cp <= 0xe01ef ? cp - 0xe0100 + SELECTORS
						      : 0;

	return (uint8_t)(v == '\n' || (v >= ' ' && v != 0x7f) ? v : 0);
}

/* A black flag, and behind it exactly the tags of England, Scotland or Wales. */
static bool is_flag(const struct norm *n, const char *text, const struct norm_drop *d)
{
	static const char *const flags[] = {"gbeng\x7f", "gbsct\x7f", "gbwls\x7f"};
	struct carrier c = {.at = d->from};
	char tags[FLAG_TAGS];
	size_t k = 0;

	if (d->at < CHARACTER ||
	    memcmp(n->text + d->at - CHARACTER, "\xf0\x9f\x8f\xb4", CHARACTER) != 0)
		return false;
	while (next(text, d->from + d->len, &c)) {
		if (k == FLAG_TAGS || c.cp < 0xe0000 || c.cp > 0xe007f)
			return false;
		tags[k++] = (char)(c.cp - 0xe0000);
	}
	for (size_t i = 0; k == FLAG_TAGS && i < sizeof(flags) / sizeof(flags[0]); i++)
		if (memcmp(tags, flags[i], FLAG_TAGS) == 0)
			return true;
	return false;
}

void normalise_carriers(const struct norm *n, const char *text, const struct norm_drop *d,
			struct norm_carriers *ret_c)
{
	struct norm_carriers r = {.flag = is_flag(n, text, d)};
	struct carrier c = {.at = d->from};

	while (!r.flag && next(text, d->from + d->len, &c)) {
		r.n += is_carrier(c.cp);
		r.spelling += byte_of(c.cp) != 0;
	}
	*ret_c = r;
}

struct spelled {
	struct norm_writer w;
	char bytes[CHARACTER]; /* of a character that is not whole yet */
	size_t n, from, end;   /* how many; where they stand */
};

static void put(struct spelled *s, const struct fold *f)
{
	size_t used;
	uint32_t cp = text_decode(s->bytes, s->n, &used), e;
	int32_t at = cp == TEXT_BAD ? -1 : fold_index(cp);

	e = at < 0 ? 0 : f->entry[at];
	if (cp != TEXT_BAD && fold_why(e) != FOLD_ZERO_WIDTH) {
		size_t len = e != 0 ? fold_len(e) : s->n;

		normalise_put_span(&s->w, s->from, len, s->end - s->from, FOLD_ZERO_WIDTH);
		normalise_put_bytes(&s->w, e != 0 ? fold_text(f, e) : s->bytes, len);
	}
	s->n = 0;
}

static size_t length_of(uint8_t lead)
{
	return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static void spell(struct spelled *s, const struct fold *f, const struct carrier *c)
{
	uint8_t byte = byte_of(c->cp);

	if (byte == 0)
		return;
	/* What is no character is passed over; what follows it may be one. */
	if (s->n > 0 && (byte & 0xc0) != 0x80)
		s->n = 0;
	if (s->n == 0)
		s->from = c->at;
	s->bytes[s->n++] = (char)byte;
	s->end = c->at + c->used;
	if (s->n == length_of((uint8_t)s->bytes[0]))
		put(s, f);
}

int normalise_carried(const struct fold *f, const struct norm *n, const char *text,
		      struct norm *ret_n)
{
	struct spelled s = {0};

	for (size_t i = 0; i < n->n_drop && s.w.error == SL_OK; i++) {
		const struct norm_drop *d = &n->drop[i];
		struct carrier c = {.at = d->from};

		if (is_flag(n, text, d))
			continue;
		if (s.w.n.len > 0 && d->from - s.end > TOGETHER &&
		    s.w.n.text[s.w.n.len - 1] != '\n') {
			normalise_put_span(&s.w, s.end - 1, 1, 1, FOLD_PLAIN);
			normalise_put_bytes(&s.w, "\n", 1);
			s.n = 0;
		}
		while (next(text, d->from + d->len, &c))
			spell(&s, f, &c);
	}
	return normalise_finish(&s.w, ret_n);
}
