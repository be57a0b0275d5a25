/* kept.h - outbox/sent: the files of units that were handed over, and how each stands.
 *
 *   outbox/N.P.unit --kept_take--> outbox/sent/N.P.unit --prune--> removed
 *
 * How a unit stands on the schedule is written in its file's time of change, so that unit
 * and standing can never come apart and a sender that is killed at any instant goes on where
 * it was: seconds: when it is due next, or when it was sent last if its schedule has ended;
 * nanoseconds: which of the two, and the step.  A file with another time (of an earlier
 * version, or copied back by hand) is due at once if it is younger than the schedule is
 * long, and has ended otherwise. */
#ifndef SL_LINK_KEPT_H
#define SL_LINK_KEPT_H

#include "link/carousel.h"

/* Clocks at one moment: schedules are monotonic, files are not. */
struct kept_now {
	int64_t mono_ms, unix_s;
};
/* Every unit that is kept and not in the carousel yet, into it.  *ret_ended: when the last
 * schedule ended (unix), and whose; 0: none.  buffered: hand-over went through memory of this
 * program, so what ended within the last minute is due once more. */
int kept_load(int sent, bool buffered, struct carousel *c, const struct kept_now *now,
	      int64_t *ret_ended, int64_t *ret_serial) SL_MUST_USE;
/* Write down how it stands; trouble costs repetitions only, so there is nothing to return. */
void kept_mark(int dir, const struct carousel_entry *e, const struct kept_now *now);
/* Mark the file in the outbox, then move it. */
int kept_take(int outbox, int sent, const struct carousel_entry *e,
	      const struct kept_now *now) SL_MUST_USE;
void kept_remove(int sent, const struct spool_entry *unit);

#endif
