/* suppress.h - what was suppressed, by whom and until when.  The signed statements are objects
 * beside; a row is what was said in them, for lists. */
#ifndef SL_STORE_SUPPRESS_H
#define SL_STORE_SUPPRESS_H

#include "store/store.h"

struct suppression {
	int64_t number;
	char rule[16], text_hmac[65];
	char owner[48], second_pid[48]; /* second: "" while only proposed */
	char first[65], second[65];	/* sha256 of the envelopes */
	char reason[512];
	int64_t time, expires, revoked;	     /* revoked: moment, 0 */
	char revoked_by[48], revocation[65]; /* and the envelope that says so */
};
/* Proposed: number is set; SL_E_EXISTS when this envelope is already there. Desk, as all
 * changes; each with its audit entry. */
int store_suppress_add(struct store *s, struct suppression *p) SL_MUST_USE;
/* The second person; SL_E_CONFLICT when it is confirmed or revoked already. */
int store_suppress_confirm(struct store *s, int64_t number, const char *pid,
			   const char *envelope) SL_MUST_USE;
int store_suppress_revoke(struct store *s, int64_t number, const char *pid,
			  const char *envelope) SL_MUST_USE;
int store_suppress_get(struct store *s, int64_t number, struct suppression *ret_p) SL_MUST_USE;
/* By number; `in_force`: only what is confirmed, not revoked and ends after `now`, by rule and
 * hash. */
int store_suppress_each(struct store *s, bool in_force, int64_t now,
			int (*fn)(const struct suppression *p, void *arg),
			void *arg) SL_MUST_USE;
/* Differs whenever one was added, confirmed or revoked. */
int store_suppress_stamp(struct store *s, int64_t *ret_stamp) SL_MUST_USE;

#endif
