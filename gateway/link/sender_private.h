/* sender_private.h - inside sender*.c only: what the role keeps between its turns. */
#ifndef SL_LINK_SENDER_PRIVATE_H
#define SL_LINK_SENDER_PRIVATE_H

#include "base/config.h"
#include "base/wake.h"
#include "link/carousel.h"
#include "link/kept.h"
#include "link/push.h"

enum { SENDER_STUCK_MAX = 16, SENDER_BEAT_MS = 1000 };

struct sender {
	const struct gateway_config *c;
	int outbox, sent, resend, status;
	int sending; /* sending.h */
	struct push *push;
	struct wake *wake;
	struct carousel carousel;
	/* What waits in the outbox, as of the last look. */
	struct {
		struct spool_entry *e;
		size_t n, at; /* those before `at` were sent since */
		int64_t looked;
		bool stale;
	} waiting;
	int64_t stuck[SENDER_STUCK_MAX]; /* serials that this link can never take */
	unsigned n_stuck;
	/* The unit on its way. */
	unsigned depth; /* units that were let in between two pieces of another */
	bool repeating; /* the outermost is a repetition */
	uint64_t owed;	/* push_bytes() from which on a new unit may interrupt it again */
	/* Times are monotonic ms unless said. */
	int64_t beaten, reported, checked_repeats;
	bool changed;	    /* since the last report */
	int backoff_ms;	    /* 0 while the link works */
	int64_t down_since; /* 0 while the link works */
	int64_t logged;
	int64_t last_serial; /* highest serial handed over */
	struct {
		int64_t serial, at; /* unix; 0: none */
	} ended, early;		    /* schedules; units pruned before their schedule ended */
	uint64_t n_early, n_repeated;
	struct {
		uint64_t n;
		int last;   /* enum sl_err */
		int64_t at; /* unix */
	} errors;
};

/* sender_turn.c */

/* Look at the outbox again if something may be new there, and take requests of people. */
int sender_look(struct sender *s) SL_MUST_USE;
/* One unit. 1 when something was sent, 0 when there is nothing to send now. */
int sender_turn(struct sender *s) SL_MUST_USE;
/* udp: a heartbeat when one is due. */
int sender_beat(struct sender *s) SL_MUST_USE;
struct kept_now sender_now(void);

/* sender_report.c */

/* status/sender.json, when something changed and the last one is not too young. */
void sender_report(struct sender *s, int64_t least_ms);

#endif
