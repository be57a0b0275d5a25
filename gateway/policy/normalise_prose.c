/* normalise_prose.c - what holds no sign of noise between its characters, so that prose is
 * read once and no more. */
#include <stdbool.h>

#include "policy/normalise_cuts.h"

enum {
	MIXED_MAX = 5, /* noise, a character of the text, and noise again */
	SUSPECTS = 2,  /* signs of a pattern before a line is looked at closely */
};

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

	if (cuts_signal(c)) {
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
	if (!cuts_symbol(c)) {
		s->words++;
	} else if (s->words > 0) {
		s->singles = s->words == 1 ? s->singles + 1 : 0;
		suspect = suspect || s->singles >= NOISE_LETTERS_MIN - 1;
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

size_t cuts_skip_prose(const char *text, size_t from, size_t to)
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
		if (n % (NOISE_PIECE / 2) == 0)
			start = from; /* the pattern is shorter than that */
	}
	return to;
}
