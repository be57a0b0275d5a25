/* session.h - the numbers that the sender's datagrams carry: none is ever used twice.
 *
 * DATA/outbox/session holds the last session that was begun: {"session":n}.  It is on disk
 * before the first datagram of that session leaves, so a sender that is killed at any
 * instant begins a greater one, also when the clock was set back meanwhile. */
#ifndef SL_LINK_SESSION_H
#define SL_LINK_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SESSION_FILE "session"

struct session {
	int dir;	 /* borrowed: where the file lies */
	uint32_t number; /* last one handed out; 0: none yet */
	uint32_t session;
	bool damaged; /* the file could not be read: only the clock vouches for growth */
};
/* A new session, durable: one more than the last, or the seconds since 2020-01-01 at `now`
 * (unix) when that is more.  SL_E_LIMIT when there is no greater one. */
int session_begin(struct session *s, int dir, int64_t now) SL_MUST_USE;
/* The next number; at the end of numbers a new session begins. */
int session_next(struct session *s, int64_t now, uint32_t *ret_session,
		 uint32_t *ret_number) SL_MUST_USE;

#endif
