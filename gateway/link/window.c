/* window.c - replays on the link: a ring of bits over the last numbers of one session.
 *
 * Hostile: a stranger who sends again what was recorded on the link.  Invariant: bit
 * n % WINDOW_SPAN belongs to the number n of highest - WINDOW_SPAN + 1 .. highest. */
#include "link/window.h"

#include <string.h>

enum { WORD = 64 };

void window_start(struct window *w, uint32_t session, uint32_t highest)
{
	w->session = session;
	w->highest = highest;
	memset(w->seen, 0xff, sizeof(w->seen));
}

/* Numbers after highest, up to and with `number`, come into the window unseen. */
static void advance(struct window *w, uint32_t number)
{
	uint32_t left = number - w->highest, at = w->highest % WINDOW_SPAN;

	w->highest = number;
	if (left >= WINDOW_SPAN) {
		memset(w->seen, 0, sizeof(w->seen));
		return;
	}
	while (left > 0) {
		at = (at + 1) % WINDOW_SPAN;
		if (at % WORD == 0 && left >= WORD) {
			w->seen[at / WORD] = 0;
			at += WORD - 1;
			left -= WORD;
			continue;
		}
		w->seen[at / WORD] &= ~(UINT64_C(1) << at % WORD);
		left--;
	}
}

enum window_answer window_take(struct window *w, uint32_t session, uint32_t number)
{
	uint64_t *word = &w->seen[number % WINDOW_SPAN / WORD];
	uint64_t bit = UINT64_C(1) << number % WORD;

	if (session < w->session)
		return WINDOW_OLD_SESSION;
	if (number == 0)
		return WINDOW_REPLAYED; /* numbers count from 1 */
	if (session > w->session) {
		w->session = session;
		w->highest = 0;
		memset(w->seen, 0, sizeof(w->seen));
	}
	if (number > w->highest)
		advance(w, number);
	else if (w->highest - number >= WINDOW_SPAN || (*word & bit) != 0)
		return WINDOW_REPLAYED;
	*word |= bit;
	return WINDOW_FRESH;
}
