/* window.h - has this datagram been seen?  One window for one MAC key.
 *
 * Sessions only grow, numbers in a session are never repeated.  A datagram of an older
 * session, or more than WINDOW_SPAN behind the newest one, is a replay.  What the window
 * knows survives a restart as (session, highest): everything up to there is then a
 * replay, which loses nothing, since whatever was not taken is gone. */
#ifndef SL_LINK_WINDOW_H
#define SL_LINK_WINDOW_H

#include <stdint.h>

enum { WINDOW_SPAN = 65536 };

enum window_answer { WINDOW_FRESH, WINDOW_REPLAYED, WINDOW_OLD_SESSION };

struct window {
	uint32_t session, highest;
	uint64_t seen[WINDOW_SPAN / 64]; /* ring by number */
};
/* Everything up to (session, highest) counts as seen; (0, 0) for a fresh one. */
void window_start(struct window *w, uint32_t session, uint32_t highest);
/* Judge one authentic datagram and remember it. */
enum window_answer window_take(struct window *w, uint32_t session, uint32_t number);

#endif
