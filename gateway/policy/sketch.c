/* sketch.c - MinHash of keyed shingles; the same text and key give the same bytes. */
#include "policy/sketch.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

enum { SHINGLE = 5, ROWS = 4, NUMBERS_TELL = 3, NUMBERS_ALIKE = 50, TRIES = 32 };
#define EMPTY UINT32_MAX

struct making {
	uint8_t key[HASH_SHORT_KEY];
	struct sketch *s;
	uint32_t window[SHINGLE]; /* the last letters, oldest first */
	unsigned n;
	uint32_t digits[12]; /* of the number being read */
	unsigned n_digits;
};

/* Letters that carry meaning; 0 for what is left out. */
static uint32_t letter(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ? cp
		       : cp >= 'A' && cp <= 'Z'				    ? cp + 32
									    : 0;
	/* Latin-1 signs, general and CJK punctuation, and what is invisible. */
	if (cp < 0xc0 || (cp >= 0x2000 && cp < 0x2e80) || (cp >= 0x3000 && cp < 0x3040) ||
	    (cp >= 0xfe00 && cp < 0xff00) || cp >= 0xe0000)
		return 0;
	return cp;
}

/* The group is chosen by the upper bits and the least of the lower ones is kept. */
static void keep(uint32_t *words, unsigned n, uint64_t hash)
{
	uint32_t *w = &words[(hash >> 32) % n], value = (uint32_t)hash;

	value -= value == EMPTY;
	if (value < *w)
		*w = value;
}

static void end_number(struct making *m)
{
	if (m->n_digits >= 2) {
		keep(m->s->number, SKETCH_NUMBERS,
		     hash_short(m->key, m->digits, m->n_digits * sizeof(m->digits[0])));
		m->s->n_numbers++;
	}
	m->n_digits = 0;
}

static void add(struct making *m, uint32_t cp)
{
	memmove(m->window, m->window + 1, sizeof(m->window) - sizeof(m->window[0]));
	m->window[SHINGLE - 1] = cp;
	if (++m->n < SHINGLE)
		return;
	keep(m->s->word, SKETCH_WORDS, hash_short(m->key, m->window, sizeof(m->window)));
	m->s->n_shingles++;
}

static void add_text(struct making *m, const char *text, size_t len)
{
	size_t at = 0, used = 0;

	for (; at < len; at += used) {
		uint32_t raw = text_decode(text + at, len - at, &used), cp = letter(raw);

		if (used == 0)
			return;
		if (cp >= '0' && cp <= '9') {
			if (m->n_digits < sizeof(m->digits) / sizeof(m->digits[0]))
				m->digits[m->n_digits++] = cp;
		} else if (raw != '.' && raw != ',') {
			end_number(m);
		}
		if (cp != 0)
			add(m, cp);
	}
	end_number(m);
}

static bool is_read(uint8_t where)
{
	return where != WHERE_TITLE && where != WHERE_FILENAME && where != WHERE_PROPERTY &&
	       where != WHERE_METADATA && where != WHERE_OLD_REVISION;
}

/* The group that an empty one looks at in its k-th try; the same in every sketch. */
static unsigned probe(unsigned i, unsigned k, unsigned n)
{
	uint64_t h = ((uint64_t)i << 32 | k) * 0x9e3779b97f4a7c15u;

	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9u;
	return (unsigned)((h >> 32) % n);
}

/* An empty group takes what a full one has, so that short texts compare too.  Which one is
 * drawn for each by itself: were it the neighbour, one number more among three could stand in
 * half of all groups.  (Shrivastava, Optimal Densification for Fast and Accurate Minwise
 * Hashing) */
static void fill_gaps(uint32_t *words, unsigned n)
{
	uint32_t full[SKETCH_WORDS];

	memcpy(full, words, n * sizeof(*words));
	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 1; words[i] == EMPTY && k <= TRIES * n; k++)
			words[i] = full[probe(i, k, n)];
	}
}

int sketch_make(const uint8_t key[32], const void *records, size_t len, struct sketch *ret_s,
		bool *ret_made)
{
	struct sketch s;
	struct making m = {.s = &s};
	struct cur c;

	memset(&s, 0xff, sizeof(s));
	s.n_shingles = s.n_numbers = 0;
	memcpy(m.key, key, sizeof(m.key));
	cur_init(&c, records, len);
	while (cur_left(&c) > 0) {
		struct segment one;
		int r = segment_get(&c, &one);

		if (r != SL_OK)
			return r;
		if (is_read(one.where))
			add_text(&m, one.text, one.len);
	}
	*ret_made = s.n_shingles >= SKETCH_LEAST;
	fill_gaps(s.word, SKETCH_WORDS);
	fill_gaps(s.number, SKETCH_NUMBERS);
	*ret_s = s;
	return SL_OK;
}

static void put_u32(uint8_t *out, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t get_u32(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

void sketch_put(const struct sketch *s, uint8_t out[SKETCH_BYTES])
{
	for (unsigned i = 0; i < SKETCH_WORDS; i++, out += 4)
		put_u32(out, s->word[i]);
	for (unsigned i = 0; i < SKETCH_NUMBERS; i++, out += 4)
		put_u32(out, s->number[i]);
	put_u32(out, s->n_shingles);
	put_u32(out + 4, s->n_numbers);
}

void sketch_get(const uint8_t in[SKETCH_BYTES], struct sketch *ret_s)
{
	for (unsigned i = 0; i < SKETCH_WORDS; i++, in += 4)
		ret_s->word[i] = get_u32(in);
	for (unsigned i = 0; i < SKETCH_NUMBERS; i++, in += 4)
		ret_s->number[i] = get_u32(in);
	ret_s->n_shingles = get_u32(in);
	ret_s->n_numbers = get_u32(in + 4);
}

void sketch_bands(const struct sketch *s, int64_t out[SKETCH_BANDS])
{
	/* Words are keyed hashes already; this only gathers four of them in one number. */
	for (unsigned b = 0; b < SKETCH_BANDS; b++) {
		uint64_t h = 0xcbf29ce484222325u + b;

		for (unsigned i = 0; i < ROWS; i++) {
			h ^= s->word[b * ROWS + i];
			h *= 0x9e3779b97f4a7c15u;
			h ^= h >> 29;
		}
		out[b] = (int64_t)(h >> 1);
	}
}

static unsigned alike(const uint32_t *a, const uint32_t *b, unsigned n)
{
	unsigned same = 0;

	for (unsigned i = 0; i < n; i++)
		same += a[i] == b[i];
	return same * 100 / n;
}

unsigned sketch_similarity(const struct sketch *a, const struct sketch *b)
{
	if (a->n_numbers >= NUMBERS_TELL && b->n_numbers >= NUMBERS_TELL &&
	    alike(a->number, b->number, SKETCH_NUMBERS) < NUMBERS_ALIKE)
		return 0;
	return alike(a->word, b->word, SKETCH_WORDS);
}
