/* roster_edit.h - one change of an approval policy: a copy becomes the next version.
 *
 * The policy in force is never changed; the copy goes through a ceremony of the policy
 * officers.  Dates: a key has from and until, and that is all that the schema and the
 * approval rule can date.  So a leave on a day ends the person's keys on that day; a
 * change of roles holds from the moment that its version is installed. */
#ifndef SL_KEYS_ROSTER_EDIT_H
#define SL_KEYS_ROSTER_EDIT_H

#include "base/buf.h"
#include "base/json.h"
#include "trust/roster.h"

enum roster_op {
	ROSTER_JOIN,  /* pid, unit, roles, key, from, until */
	ROSTER_LEAVE, /* pid; on > 0: the keys end then, else the person goes at once */
	ROSTER_ROLE,  /* pid, roles, drop; unit (may be NULL) */
	ROSTER_KEY,   /* pid, key, from, until; old (may be NULL) ends when it begins */
	ROSTER_LOST   /* old goes at once; key (may be NULL) takes its place */
};

struct roster_change {
	enum roster_op op;
	const char *pid, *unit;
	const char *roles[ROSTER_ROLES_MAX], *drop[ROSTER_ROLES_MAX]; /* NULL ends them */
	const uint8_t *key;					      /* KEY_PUBLIC bytes */
	enum key_use use;
	const char *old; /* at least 8 first digits of a key id */
	int64_t from, until, on;
	bool draft; /* the policy is not signed yet: keep its version */
};

/* Canonical bytes of the next version; roster_parse has accepted them.  SL_E_NOTFOUND,
 * SL_E_EXISTS, SL_E_DENIED (a rule of the roster), SL_E_FORMAT. */
int roster_edit(const struct buf *policy, const struct roster_change *c, struct buf *out,
		struct sl_why *why) SL_MUST_USE;
/* A first version: the usual classes and the gateway's own two keys. */
int roster_edit_new(const uint8_t gateway[KEY_PUBLIC], const uint8_t inspector[KEY_PUBLIC],
		    int64_t from, int64_t until, struct buf *out,
		    struct sl_why *why) SL_MUST_USE;
/* Which required roles nobody (or too few) can fill at t: one line of text each, such
 * as "class B: column-owner 0 of 1". */
void roster_edit_gaps(const struct roster *r, int64_t t, struct buf *out);

#endif
