/* delegation.h - who stands in for whom, as unit administrators signed it.  The signed
 * statements are objects beside; a row is what was said in them, for lists.  Whether one counts
 * is judged from the envelope each time (review/stand_ins.h). */
#ifndef SL_STORE_DELEGATION_H
#define SL_STORE_DELEGATION_H

#include "store/store.h"

struct delegation {
	int64_t number;
	char unit[48], person[48], role[48], substitute[48];
	char from[12], until[12]; /* days; until: the last one */
	char reason[304];
	char begun_by[48], begin[65]; /* begin: SHA-256 of the envelope */
	int64_t time, ended;	      /* ended: moment, 0 */
	char ended_by[48], ending[65];
};
/* number is set.  SL_E_EXISTS when this envelope was handed in before.  Desk, as all changes;
 * each with its audit entry, "delegation.begin" and "delegation.end". */
int store_delegation_add(struct store *s, struct delegation *d) SL_MUST_USE;
/* SL_E_CONFLICT when it is ended already. */
int store_delegation_end(struct store *s, int64_t number, const char *pid,
			 const char *envelope) SL_MUST_USE;
int store_delegation_get(struct store *s, int64_t number, struct delegation *ret_d) SL_MUST_USE;
/* By number; unit NULL: of every unit; substitute NULL: whoever stands in, else only what is
 * not ended. */
int store_delegation_each(struct store *s, const char *unit, const char *substitute,
			  int (*fn)(const struct delegation *d, void *arg),
			  void *arg) SL_MUST_USE;
/* Audit entries of every unit's delegations, the eldest first. */
int store_delegation_audit(struct store *s,
			   int (*fn)(int64_t seq, int64_t ms, const char *kind,
				     const char *actor, const char *record, void *arg),
			   void *arg) SL_MUST_USE;

#endif
