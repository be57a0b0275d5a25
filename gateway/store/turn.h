/* turn.h - when the step whose turn it is will be late, and who was told that one is.
 *
 * A draft in review has a row that says when somebody must look at it again.  Triggers set that
 * to "at once" with every vote, move and change of a clock's date, so that one look at an index
 * finds what is due, whatever the number of drafts.  An escalation tells and never decides: no
 * state and no vote hangs on these rows. */
#ifndef SL_STORE_TURN_H
#define SL_STORE_TURN_H

#include "store/store.h"

/* Nothing to wait for: it has no clock, or that stands still. */
#define TURN_NEVER INT64_MAX

struct turn_name {
	int64_t number;
	char draft[24];
};
struct escalation {
	int64_t number, revision;
	char draft[24];
	char role[48], told[48]; /* whose step is late; who is told */
	int64_t since;		 /* when it became late */
};

/* At most cap drafts that are to be looked at, the longest due first. */
int store_turns_due(struct store *s, int64_t now, struct turn_name *ret, unsigned cap,
		    unsigned *ret_n) SL_MUST_USE;
/* Look at it again then; nobody is told of a late step any more but of that of `role` ("":
 * of none). */
int store_turn_wait(struct store *s, int64_t number, const char *role,
		    int64_t next) SL_MUST_USE;
/* It is not in review any more. */
int store_turn_forget(struct store *s, int64_t number) SL_MUST_USE;
/* Other routes or another approval policy: look at all. */
int store_turns_again(struct store *s) SL_MUST_USE;
/* The step is late, and somebody is told.  With an audit entry "review.escalated", once for
 * each revision and step, however often this is said. */
int store_escalation_open(struct store *s, const struct draft *d, const char *role,
			  const char *told, const char *clock, int64_t since) SL_MUST_USE;
/* What is open of a draft; SL_E_NOTFOUND. */
int store_escalation_get(struct store *s, int64_t number, struct escalation *ret_e) SL_MUST_USE;
/* What is open for a role, the longest late first, at most `limit`; unit NULL: of any. */
int store_escalation_each(struct store *s, const char *told, const char *unit, unsigned limit,
			  int (*fn)(const struct escalation *e, void *arg),
			  void *arg) SL_MUST_USE;

#endif
