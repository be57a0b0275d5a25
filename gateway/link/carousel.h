/* carousel.h - the units that were handed over: which of them come again, and when.
 *
 * Repetition is all that a sender without an answer has against loss.  A unit is on the
 * schedule for one pause after the other, then it has ended; ended ones are kept so that a
 * person can have them sent again, until there is no room:
 *
 *   added -pause 1-> due -sent-> -pause 2-> due -sent-> ... -> ended -resend-> due -> ...
 *                                                        \-> pruned
 *
 * Pure bookkeeping in memory; the files are kept.h's. */
#ifndef SL_LINK_CAROUSEL_H
#define SL_LINK_CAROUSEL_H

#include <stdbool.h>

#include "link/spool.h"

enum { CAROUSEL_PAUSES_MAX = 8, CAROUSEL_UNITS_MAX = 32768, CAROUSEL_NEW_TURNS = 3 };
#define CAROUSEL_NEVER INT64_MAX

struct carousel_entry {
	struct spool_entry unit;
	uint64_t bytes;
	int64_t due;   /* monotonic ms; CAROUSEL_NEVER: ended */
	int64_t sent;  /* when it was handed over last, monotonic ms */
	unsigned next; /* the pause that follows the next repetition; n_pauses: none */
};
struct carousel {
	int64_t pause_ms[CAROUSEL_PAUSES_MAX];
	unsigned n_pauses;
	struct carousel_entry *e; /* by serial */
	size_t n, room;
	uint64_t bytes;
	unsigned turns; /* new units since the last repetition */
};
struct carousel_view {
	int64_t lowest, highest; /* serials kept; 0: none */
	size_t repeating;
	int64_t lowest_repeating; /* 0: none */
	int64_t due;		  /* the earliest; CAROUSEL_NEVER */
	struct spool_entry next;  /* which one, serial 0: none */
};

/* pauses in seconds; n 0: nothing is ever repeated by itself. */
void carousel_init(struct carousel *c, const uint32_t *pauses, unsigned n);
void carousel_release(struct carousel *c);
/* A unit was handed over at `now`, for the first time or once more: its next pause begins.
 * *ret_e (borrowed until the next call): how it stands now.  SL_E_NOMEM. */
int carousel_sent(struct carousel *c, const struct spool_entry *unit, uint64_t bytes,
		  int64_t now, const struct carousel_entry **ret_e) SL_MUST_USE;
/* As it stood when the sender ended. */
int carousel_put(struct carousel *c, const struct carousel_entry *e) SL_MUST_USE;
const struct carousel_entry *carousel_find(const struct carousel *c, int64_t serial);

enum carousel_turn { CAROUSEL_IDLE, CAROUSEL_NEW, CAROUSEL_REPEAT };
/* Whose turn is it?  `fresh`: the first new unit that waits, NULL for none.  New recalls
 * first; else a due repetition (recalls, then what was repeated least, then newest) has at
 * least one turn of four, and new units have the others.  *ret_unit: of CAROUSEL_REPEAT. */
enum carousel_turn carousel_turn(struct carousel *c, const struct spool_entry *fresh,
				 int64_t now, struct spool_entry *ret_unit);
/* The first due one of these, without a turn; recalls only: of recalls. */
bool carousel_due(const struct carousel *c, bool recalls, int64_t now,
		  struct spool_entry *ret_unit);
/* Put it back on the schedule, due now, all pauses following; false: not kept. */
bool carousel_resend(struct carousel *c, int64_t serial, int64_t now);
/* The link broke: what was handed over at `since` or later is due now once more. */
void carousel_again(struct carousel *c, int64_t since, int64_t now);
void carousel_drop(struct carousel *c, int64_t serial); /* its file is gone */
/* Too much is kept: drop one, the oldest that has ended, else (*ret_early) the oldest; the
 * newest always stays.  False: nothing has to go. */
bool carousel_prune(struct carousel *c, uint64_t bytes, size_t units,
		    struct spool_entry *ret_unit, bool *ret_early);
void carousel_view(const struct carousel *c, struct carousel_view *ret_v);

#endif
