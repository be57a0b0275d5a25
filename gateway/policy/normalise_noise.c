/* normalise_noise.c - stretches in which every character is followed by one or two that
 * mean nothing, or is written twice.
 *
 * Only a regular pattern counts: what stands at every second or third place must be
 * always the same, always letters or always symbols, and most of what is left must be
 * Han characters or digits.  A line is looked at in pieces, so work stays linear. */
#include "policy/normalise_cuts.h"

#include <stdbool.h>
#include <string.h>

enum {
	GAPS_MIN = 2,	  /* fewer than this many places of noise are no pattern */
	CHANGING_MIN = 4, /* when the noise is never the same */
	REPEATS_MIN = 3,
	DIGITS_MIN = 5, /* "1.2.3" is a number, not a disguise */
	SAME_HAN_MIN = 3,

	MIXED_MIN = 3,	  /* where one and two characters of noise take turns */
	RUN_MAX = 128,	  /* places looked at from one signal */
	SIGNAL_SHARE = 2, /* one in so many signals at least is Han or a digit */
};

enum noise { NOISE_SAME, NOISE_LETTERS, NOISE_SYMBOLS, NOISE_KINDS };

/* What a character may be here; a line break is none of it. */
enum { LETTER = 1u << 0, SIGNAL = 1u << 1, SYMBOL = 1u << 2 };

enum { WORDS = NOISE_PIECE / 64 };

/* A bit for each place, zeros behind the end. */
struct places {
	uint64_t bit[WORDS + 1];
};

struct piece {
	uint32_t cp[NOISE_PIECE];
	uint8_t is[NOISE_PIECE];
	struct places letters, symbols;
	struct places same[3];		   /* like the character one, two, three places on */
	uint16_t signals[NOISE_PIECE + 1]; /* before each place */
	size_t at[NOISE_PIECE + 1];	   /* byte offsets; the last is the end */
	size_t n;
};

static uint8_t what_is(uint32_t c)
{
	return cuts_signal(c) ? SIGNAL : cuts_letter(c) ? LETTER : cuts_symbol(c) ? SYMBOL : 0;
}

static void mark(struct places *all, size_t i, bool is)
{
	all->bit[i / 64] |= (uint64_t)is << (i % 64);
}

static void read_piece(struct piece *p, const char *text, size_t from, size_t to)
{
	size_t n = 0;

	memset(&p->letters, 0, sizeof(p->letters));
	memset(&p->symbols, 0, sizeof(p->symbols));
	memset(p->same, 0, sizeof(p->same));
	p->signals[0] = 0;
	while (from < to && n < NOISE_PIECE) {
		p->at[n] = from;
		p->cp[n] = normalise_next(text, &from);
		p->is[n] = what_is(p->cp[n]);
		p->signals[n + 1] = (uint16_t)(p->signals[n] + (p->is[n] == SIGNAL));
		mark(&p->letters, n, p->is[n] == LETTER);
		mark(&p->symbols, n, p->is[n] == SYMBOL);
		for (size_t k = 1; k <= 3 && k <= n; k++)
			mark(&p->same[k - 1], n - k, p->cp[n] == p->cp[n - k]);
		n++;
	}
	p->at[n] = from;
	p->n = n;
}

/* 64 places from `k` behind the word's first on; k is not 0. */
static inline uint64_t ahead(const struct places *all, size_t word, unsigned k)
{
	return all->bit[word] >> k | all->bit[word + 1] << (64 - k);
}

/* Behind which places noise of a class may begin: at every second or third place often
 * enough, or one and two of it in turns. */
static uint64_t before_noise(const struct places *n, size_t w)
{
	uint64_t a1 = ahead(n, w, 1), a2 = ahead(n, w, 2), a3 = ahead(n, w, 3),
		 a4 = ahead(n, w, 4), a5 = ahead(n, w, 5), a7 = ahead(n, w, 7);

	return (a1 & a3 & a5 & a7) |
	       (a1 & a2 & a4 & a5 & a7 & ahead(n, w, 8) & ahead(n, w, 10) & ahead(n, w, 11)) |
	       (~n->bit[w] & a1 & ((~a2 & a3) | (a2 & ~a3 & a4)));
}

/* The places of a word at which a pattern may begin: all that do, and few others. */
static uint64_t candidates(const struct piece *p, size_t w)
{
	const struct places *one = &p->same[0], *two = &p->same[1], *three = &p->same[2];
	uint64_t places =
		ahead(two, w, 1) | (ahead(three, w, 1) & ahead(three, w, 2)) |
		(one->bit[w] & ahead(one, w, 2) & ahead(one, w, 4)) |
		(one->bit[w] & ahead(one, w, 1) & ahead(one, w, 3) & ahead(one, w, 4)) |
		before_noise(&p->symbols, w);

	/* Letters between letters are a word of another language. */
	return p->signals[p->n] > 0 ? places | before_noise(&p->letters, w) : places;
}

/* Does any of the next `n` characters from i on carry text? */
static bool any_signal(const struct piece *p, size_t i, size_t n)
{
	return p->signals[n < p->n - i ? i + n : p->n] > p->signals[i];
}

/* Is the noise behind the signal at `s` of the kind, like the one before it? */
static inline bool unit_ok(const struct piece *p, size_t s, size_t period, enum noise kind,
			   bool first)
{
	for (size_t k = 1; k < period; k++) {
		if (kind == NOISE_SAME
			    ? !first && p->cp[s + k] != p->cp[s + k - period]
			    : p->is[s + k] != (kind == NOISE_LETTERS ? LETTER : SYMBOL))
			return false;
	}
	return true;
}

/* Places of noise in a row, behind each of the signals from `i` on; 0 when there are fewer
 * than `least`, as nearly everywhere. */
static size_t run_length(const struct piece *p, size_t i, size_t period, enum noise kind,
			 size_t least)
{
	size_t n = 0;

	if (p->n - i <= least * period)
		return 0;
	while (i + period < p->n && n < RUN_MAX && unit_ok(p, i, period, kind, n == 0)) {
		i += period;
		n++;
	}
	return n >= least ? n : 0;
}

/* Most of what is left must be text, and not one character over and over.  Letters are
 * text when symbols stand between them often enough. */
static bool carries_text(const struct piece *p, size_t i, size_t period, size_t gaps,
			 enum noise kind)
{
	bool letters = kind != NOISE_LETTERS && gaps >= NOISE_LETTERS_MIN;
	size_t signals = 0, changes = 0;

	for (size_t k = 0; k <= gaps; k++) {
		uint8_t is = p->is[i + k * period];

		signals += is == SIGNAL || (letters && is == LETTER);
		changes += k > 0 && p->cp[i + k * period] != p->cp[i + (k - 1) * period];
	}
	return signals * SIGNAL_SHARE > gaps && changes >= 2;
}

static bool any_han(const struct piece *p, size_t i, size_t period, size_t gaps)
{
	for (size_t k = 0; k <= gaps; k++) {
		if (p->cp[i + k * period] >= 0x2605)
			return true;
	}
	return false;
}

/* "1111…" is no text with ones between, and a digit between digits is one of them. */
static bool noise_is_other(const struct piece *p, size_t i, size_t period, size_t gaps,
			   enum noise kind)
{
	uint32_t noise = p->cp[i + 1];
	bool digit = noise >= '0' && noise <= '9';

	if (kind != NOISE_SAME)
		return true;
	if (cuts_signal(noise) && gaps < SAME_HAN_MIN)
		return false;
	if (gaps < DIGITS_MIN && !any_han(p, i, period, gaps))
		return false;
	for (size_t k = 0; k <= gaps; k++) {
		uint32_t c = p->cp[i + k * period];

		if (c == noise || (digit && c >= '0' && c <= '9'))
			return noise == ' ' && k > 0;
	}
	return true;
}

/* Are all but one of the `n` characters from i on, as many as a pattern could reach, like
 * the one `period` places on?  Then every text between its noise is one character over and
 * over.  Asked first: a long repetition would be measured again from each of its places. */
static bool only_repeats(const struct piece *p, size_t i, size_t period, size_t n)
{
	const uint64_t *same = p->same[period - 1].bit;
	size_t end = i + n, changes = 0;

	/* Behind the last place that has a like one nothing is the same. */
	if (end > p->n - period)
		end = p->n - period;
	for (size_t w = i / 64; w * 64 < end && changes < 2; w++) {
		uint64_t other = ~same[w];

		if (w == i / 64)
			other &= UINT64_MAX << (i % 64);
		if (end - w * 64 < 64)
			other &= ~(UINT64_MAX << (end % 64));
		changes += (size_t)__builtin_popcountll(other);
	}
	return changes < 2;
}

/* A regular pattern from signal `i` on; returns where it ends, i: there is none. */
static size_t take_regular(struct cuts *c, const struct piece *p, size_t i)
{
	size_t best = 0, best_period = 0;

	for (size_t period = 2; period <= 3; period++) {
		if (p->n - i <= GAPS_MIN * period ||
		    only_repeats(p, i, period, RUN_MAX * period))
			continue;
		for (unsigned k = 0; k < NOISE_KINDS; k++) {
			size_t gaps;

			/* Letters between letters are a word of another language. */
			if (k == NOISE_LETTERS && !any_signal(p, i, RUN_MAX * period + 1))
				continue;
			gaps = run_length(p, i, period, k,
					  k == NOISE_SAME ? GAPS_MIN : CHANGING_MIN);
			if (gaps * period > best * best_period &&
			    noise_is_other(p, i, period, gaps, k) &&
			    carries_text(p, i, period, gaps, k)) {
				best = gaps;
				best_period = period;
			}
		}
	}
	for (size_t g = 0; g < best; g++) {
		size_t s = i + g * best_period;

		cuts_add(c, p->at[s + 1], p->at[s + best_period] - p->at[s + 1], SEAM_NOISE);
	}
	return i + best * best_period;
}

/* Each character two or three times. */
static size_t take_repeats(struct cuts *c, const struct piece *p, size_t i)
{
	if (p->n - i < REPEATS_MIN * 2 || only_repeats(p, i, 1, NOISE_PIECE))
		return i;
	for (size_t times = 2; times <= 3; times++) {
		size_t groups = 0, signals = 0, letters = 0, changes = 0, s = i;

		if (p->n - i < REPEATS_MIN * times || p->cp[i] != p->cp[i + 1] ||
		    p->cp[i + times] != p->cp[i + times + 1])
			continue;
		while (s + times <= p->n) {
			bool same = true;

			for (size_t k = 1; k < times; k++)
				same = same && p->cp[s + k] == p->cp[s];
			if (!same)
				break;
			signals += p->is[s] == SIGNAL;
			letters += p->is[s] == LETTER;
			changes += groups > 0 && p->cp[s] != p->cp[s - 1];
			groups++;
			s += times;
		}
		if (groups >= NOISE_LETTERS_MIN)
			signals += letters;
		if (groups < REPEATS_MIN || signals * SIGNAL_SHARE <= groups || changes < 2)
			continue;
		for (size_t g = 0; g < groups; g++)
			cuts_add(c, p->at[i + g * times + 1],
				 p->at[i + (g + 1) * times] - p->at[i + g * times + 1],
				 SEAM_REPEAT);
		return s;
	}
	return i;
}

/* How many characters of the noise's class follow signal i, when another signal follows
 * them; 0: none, or too many. */
static inline size_t gap_length(const struct piece *p, size_t i, uint8_t noise)
{
	size_t n = 0;

	while (i + 1 + n < p->n && n <= 2 && p->is[i + 1 + n] == noise)
		n++;
	return i + 1 + n < p->n && n <= 2 ? n : 0;
}

/* One or two letters, or symbols, in turns between characters of any other kind. */
static size_t take_mixed(struct cuts *c, const struct piece *p, size_t i, uint8_t noise)
{
	size_t s = i, gaps = 0, signals = 0, n;

	if (!any_signal(p, i, RUN_MAX * 3 + 1))
		return i;
	while (gaps < RUN_MAX && (n = gap_length(p, s, noise)) > 0) {
		signals += p->is[s] == SIGNAL;
		s += n + 1;
		gaps++;
	}
	if (gaps < MIXED_MIN || signals * SIGNAL_SHARE <= gaps)
		return i;
	for (s = i; gaps > 0; gaps--, s += n + 1) {
		n = gap_length(p, s, noise);
		cuts_add(c, p->at[s + 1], p->at[s + 1 + n] - p->at[s + 1], SEAM_NOISE);
	}
	return s;
}

/* A pattern from place i on; returns where it ends, i: there is none. */
static size_t take(struct cuts *c, const struct piece *p, size_t i)
{
	size_t end = take_regular(c, p, i);

	if (end == i)
		end = take_repeats(c, p, i);
	if (end == i && p->is[i] != LETTER)
		end = take_mixed(c, p, i, LETTER);
	if (end == i && p->is[i] != SYMBOL)
		end = take_mixed(c, p, i, SYMBOL);
	return end;
}

static void look_closely(struct cuts *c, const struct piece *p)
{
	size_t done = 0;

	for (size_t w = 0; w * 64 < p->n; w++) {
		for (uint64_t left = candidates(p, w); left != 0; left &= left - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(left);

			if (i >= done)
				done = take(c, p, i);
		}
	}
}

void cuts_noise(struct cuts *c, const char *text, size_t from, size_t to)
{
	struct piece p;

	while (from < to && c->error == SL_OK) {
		from = cuts_skip_prose(text, from, to);
		if (from == to)
			return;
		read_piece(&p, text, from, to);
		look_closely(c, &p);
		from = p.at[p.n];
	}
}
