/* desk_limited.h - the desk of a store that must not be changed.
 *
 * The operations of the table stay; those that only read go on, as far as the
 * store can be read; every other one gets a single clear answer.  Nothing can be
 * written into the audit, so each answer that was given is logged instead. */
#ifndef SL_DESK_LIMITED_H
#define SL_DESK_LIMITED_H

#include "store/store.h"
#include "wire/server.h"

enum { DESK_LIMITED_OPS = 64 };

struct desk_limited {
	enum store_fitness fitness; /* DAMAGED or UNWRITABLE */
	bool readable;		    /* the store could be opened for reading */
	struct desk_limited_op {
		const struct desk_limited *of;
		struct wire_op op; /* as it was */
	} was[DESK_LIMITED_OPS];
};

/* Put the limits before every operation of `ops` (ends with name NULL, at most
 * DESK_LIMITED_OPS); l must outlive the table. */
void desk_limited_ops(struct desk_limited *l, struct wire_op *ops);

#endif
