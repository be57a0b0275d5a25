/* normalise_noise.c - stretches in which every character is followed by one or two that
 * mean nothing, or is written twice.
 *
 * Only a regular pattern counts: what stands at every second or third place must be
 * always the same, always letters or always symbols, and most of what is left must be
 * Han characters or digits.  A line is looked at in pieces, so work stays linear. */
#include "policy/normalise_cuts.h"

#include <stdbool.h>

enum {
	PIECE = 512,	  /* code points looked at together */
	GAPS_MIN = 2,	  /* fewer than this many places of noise are no pattern */
	CHANGING_MIN = 4, /* when the noise is never the same */
	REPEATS_MIN = 3,
	DIGITS_MIN = 5, /* "1.2.3" is a number, not a disguise */
	SAME_HAN_MIN = 3,
	LETTERS_MIN = 5, /* letters are text only where the pattern goes on so long */

	MIXED_MIN = 3,	  /* where one and two characters of noise take turns */
	RUN_MAX = 128,	  /* places looked at from one signal */
	MIXED_MAX = 5,	  /* noise, a character of the text, and noise again */
	SUSPECTS = 2,	  /* signs of a pattern before a line is looked at closely */
	SIGNAL_SHARE = 2, /* one in so many signals at least is Han or a digit */
};

enum noise { NOISE_SAME, NOISE_LETTERS, NOISE_SYMBOLS, NOISE_KINDS };

struct piece {
	uint32_t cp[PIECE];
	size_t at[PIECE + 1]; /* byte offsets; the last is the end */
	size_t n;
};

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Characters that carry the text when something else is noise. */
static bool is_signal(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= '0' && c <= '9') || c == 0x2605 ||
	       c == 0x3007;
}

static bool is_symbol(uint32_t c)
{
	return !is_signal(c) && !is_letter(c) && c != '\n';
}

static void read_piece(struct piece *p, const char *text, size_t from, size_t to)
{
	p->n = 0;
	while (from < to && p->n < PIECE) {
		p->at[p->n] = from;
		p->cp[p->n++] = normalise_next(text, &from);
		p->at[p->n] = from;
	}
}

/* Is the noise behind the signal at `s` of the kind, like the one before it? */
static bool unit_ok(const struct piece *p, size_t s, size_t period, enum noise kind, bool first)
{
	for (size_t k = 1; k < period; k++) {
		uint32_t c = p->cp[s + k];

		if (kind == NOISE_SAME	    ? !first && c != p->cp[s + k - period]
		    : kind == NOISE_LETTERS ? !is_letter(c)
					    : !is_symbol(c))
			return false;
	}
	return true;
}

/* Places of noise in a row, behind each of the signals from `i` on. */
static size_t run_length(const struct piece *p, size_t i, size_t period, enum noise kind)
{
	size_t n = 0;

	while (i + period < p->n && n < RUN_MAX && unit_ok(p, i, period, kind, n == 0)) {
		i += period;
		n++;
	}
	return n;
}

/* Most of what is left must be text, and not one character over and over.  Letters are
 * text when symbols stand between them often enough. */
static bool carries_text(const struct piece *p, size_t i, size_t period, size_t gaps,
			 enum noise kind)
{
	bool letters = kind != NOISE_LETTERS && gaps >= LETTERS_MIN;
	size_t signals = 0, changes = 0;

	for (size_t k = 0; k <= gaps; k++) {
		uint32_t c = p->cp[i + k * period];

		signals += is_signal(c) || (letters && is_letter(c));
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
	if (is_signal(noise) && gaps < SAME_HAN_MIN)
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

/* A regular pattern from signal `i` on; returns where it ends, i: there is none. */
static size_t take_regular(struct cuts *c, const struct piece *p, size_t i)
{
	size_t best = 0, best_period = 0;

	for (size_t period = 2; period <= 3; period++) {
		for (unsigned k = 0; k < NOISE_KINDS; k++) {
			size_t gaps = run_length(p, i, period, k);

			if (gaps >= (k == NOISE_SAME ? GAPS_MIN : CHANGING_MIN) &&
			    gaps * period > best * best_period &&
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
	for (size_t times = 2; times <= 3; times++) {
		size_t groups = 0, signals = 0, letters = 0, changes = 0, s = i;

		while (s + times <= p->n) {
			bool same = true;

			for (size_t k = 1; k < times; k++)
				same = same && p->cp[s + k] == p->cp[s];
			if (!same)
				break;
			signals += is_signal(p->cp[s]);
			letters += is_letter(p->cp[s]);
			changes += groups > 0 && p->cp[s] != p->cp[s - 1];
			groups++;
			s += times;
		}
		if (groups >= LETTERS_MIN)
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
static size_t gap_length(const struct piece *p, size_t i, bool letters)
{
	size_t n = 0;

	while (i + 1 + n < p->n && n <= 2 &&
	       (letters ? is_letter(p->cp[i + 1 + n]) : is_symbol(p->cp[i + 1 + n])))
		n++;
	return i + 1 + n < p->n && n <= 2 ? n : 0;
}

/* One or two letters, or symbols, in turns between characters of any other kind. */
static size_t take_mixed(struct cuts *c, const struct piece *p, size_t i, bool letters)
{
	size_t s = i, gaps = 0, signals = 0, n;

	while ((n = gap_length(p, s, letters)) > 0) {
		signals += is_signal(p->cp[s]);
		s += n + 1;
		gaps++;
	}
	if (gaps < MIXED_MIN || signals * SIGNAL_SHARE <= gaps)
		return i;
	for (s = i; gaps > 0; gaps--, s += n + 1) {
		n = gap_length(p, s, letters);
		cuts_add(c, p->at[s + 1], p->at[s + 1 + n] - p->at[s + 1], SEAM_NOISE);
	}
	return s;
}

static void look_closely(struct cuts *c, const struct piece *p)
{
	for (size_t i = 0; i < p->n;) {
		size_t end = take_regular(c, p, i);

		if (end == i)
			end = take_repeats(c, p, i);
		if (end == i && !is_letter(p->cp[i]))
			end = take_mixed(c, p, i, true);
		if (end == i && !is_symbol(p->cp[i]))
			end = take_mixed(c, p, i, false);
		i = end > i ? end : i + 1;
	}
}

/* Cheap signs of a pattern, so that prose is read once and no more. */
struct suspicion {
	uint32_t last[3];	 /* the three code points before */
	unsigned same[3];	 /* equal to the one two before, by parity; [2]: three before */
	unsigned twice[2];	 /* equal to the one before, by parity */
	unsigned words, singles; /* run length of letters and signals; runs of one in a row */
	unsigned hard, soft, alone; /* run lengths; single signals in a row */
};

static bool suspects(struct suspicion *s, uint32_t c, size_t i)
{
	bool suspect = false;

	if (is_signal(c)) {
		if (s->soft > MIXED_MAX)
			s->alone = 0;
		s->hard++;
		s->soft = 0;
	} else {
		if (s->hard > 0)
			s->alone = s->hard == 1 ? s->alone + 1 : 0;
		suspect = s->alone >= SUSPECTS;
		s->hard = 0;
		s->soft++;
	}
	if (!is_symbol(c)) {
		s->words++;
	} else if (s->words > 0) {
		s->singles = s->words == 1 ? s->singles + 1 : 0;
		suspect = suspect || s->singles >= LETTERS_MIN - 1;
		s->words = 0;
	}
	s->same[i & 1] = c == s->last[1] && c != s->last[0] ? s->same[i & 1] + 1 : 0;
	s->twice[i & 1] = c == s->last[0] && c != s->last[1] ? s->twice[i & 1] + 1 : 0;
	s->same[2] = c == s->last[2]   ? s->same[2] + 1
		     : c == s->last[0] ? s->same[2]
				       : s->same[2] / 2;
	suspect = suspect || s->same[i & 1] >= SUSPECTS - 1 ||
		  s->twice[i & 1] >= SUSPECTS - 1 || s->same[2] >= 2 * SUSPECTS;
	s->last[2] = s->last[1];
	s->last[1] = s->last[0];
	s->last[0] = c;
	return suspect;
}

static inline uint32_t three(const unsigned char *s)
{
	return (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16;
}

/* Han characters from `at` on that differ from the three before each: plain prose.
 * Returns how many; the first three of a run are left to suspects(). */
static size_t plain_run(const char *text, size_t at, size_t to)
{
	const unsigned char *s = (const unsigned char *)text + at,
			    *end = (const unsigned char *)text + to;
	uint32_t a, b, c, d;
	size_t n = 0;

	if (end - s < 12 || s[0] < 0xe4 || s[0] > 0xe9 || s[3] < 0xe4 || s[3] > 0xe9 ||
	    s[6] < 0xe4 || s[6] > 0xe9)
		return 0;
	a = three(s);
	b = three(s + 3);
	c = three(s + 6);
	if (a == b || b == c || a == c)
		return 0;
	for (s += 9; end - s >= 3 && s[0] >= 0xe4 && s[0] <= 0xe9; s += 3, n++) {
		d = three(s);
		if (d == a || d == b || d == c)
			break;
		a = b;
		b = c;
		c = d;
	}
	return n > 0 ? n + 3 : 0;
}

/* Bytes of text[from, to) that hold nothing suspicious, or the start of the piece that
 * does: `from` itself when it begins there. */
static size_t skip_prose(const char *text, size_t from, size_t to)
{
	struct suspicion s = {.hard = 0};
	size_t start = from, n = 0;

	while (from < to) {
		size_t run = s.hard == 0 ? plain_run(text, from, to) : 0;

		if (run > 0) {
			/* Four and more different characters in a row: all patterns end. */
			from += 3 * run;
			n += run;
			start = from - 9;
			s = (struct suspicion){.hard = 2, .words = 2};
			continue;
		}
		if (suspects(&s, normalise_next(text, &from), n++))
			return start;
		if (n % (PIECE / 2) == 0)
			start = from; /* the pattern is shorter than that */
	}
	return to;
}

void cuts_noise(struct cuts *c, const char *text, size_t from, size_t to)
{
	struct piece p;

	while (from < to && c->error == SL_OK) {
		from = skip_prose(text, from, to);
		if (from == to)
			return;
		read_piece(&p, text, from, to);
		look_closely(c, &p);
		from = p.at[p.n];
	}
}
