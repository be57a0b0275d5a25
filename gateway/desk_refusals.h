/* desk_refusals.h - what the desk keeps of requests that it refused.
 *
 * Each is an audit entry.  Those of strangers are rationed, so that nobody without a key can
 * fill the disk with them.  A refusal for want of a sound store makes the desk doubt it. */
#ifndef SL_DESK_REFUSALS_H
#define SL_DESK_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store;

struct desk_refusals {
	struct store *store; /* borrowed */
	const char *data;    /* borrowed: DATA */
	bool limited;	     /* the store may not be written: there is no audit, only the log */
	bool lost;	     /* it was sound at the start and is not any more: `why` */
	struct sl_why why;
	int64_t next_look;
	int64_t minute; /* strangers are counted by it */
	unsigned strangers;
};

/* Before it was known who asks. */
void desk_refusals_stranger(struct desk_refusals *d, const char *keyid, const char *op,
			    int error);
void desk_refusals_person(struct desk_refusals *d, const char *pid, const char *op, int error,
			  const char *detail);

#endif
