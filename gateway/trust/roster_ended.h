/* roster_ended.h - keys that a new approval policy ends (trust.md section 9).
 *
 * A key ends when the policy before lists it and the policy after does not list it for the
 * same use, or lists it with an earlier `until`.  The public log says so (trust/log_entry.h):
 * releaser, checker and whoever proves the log compute this list each for themselves. */
#ifndef SL_TRUST_ROSTER_ENDED_H
#define SL_TRUST_ROSTER_ENDED_H

#include "trust/roster.h"

struct roster_ended { /* borrowed from the policy before */
	const struct roster_person *person;
	const struct roster_key *key;
	bool listed;   /* the policy after still lists it … */
	int64_t until; /* … until then */
};
/* Ascending by key id, at most ROSTER_KEYS_MAX; the caller frees *ret_list.  before NULL:
 * there was no policy, so nothing ends.  SL_E_NOMEM. */
int roster_ended(const struct roster *before, const struct roster *after,
		 struct roster_ended **ret_list, unsigned *ret_n) SL_MUST_USE;

#endif
