/* intake.h - the desk's operations for whoever hands something in (docs/protocol.md):
 * whoami, policy.get, upload.*, draft.prepare, draft.submit, draft.cancel, draft.fix,
 * draft.fixed, desk.status.
 *
 * Callers are people of the roster whose signature the wire has verified; what
 * they send is still hostile.  Nothing here reads a document. */
#ifndef SL_INTAKE_INTAKE_H
#define SL_INTAKE_INTAKE_H

#include "base/config.h"
#include "policy/routes.h"
#include "store/store.h"
#include "trust/roster.h"
#include "wire/server.h"

struct clocks; /* policy/clocks.h */

struct intake {
	struct store *store;
	const struct gateway_config *config; /* limits */
	const struct roster *roster;
	const struct buf *policy; /* exact bytes of the approval policy */
	const struct routes *routes;
	const struct clocks *clocks; /* terms that run for a draft */
	const char *stopped;	     /* DATA/run/stopped: its presence stops the line */
	const char *wake;	     /* DATA/run/wake/inspector */
};

/* Ends with name NULL; `run` takes a struct intake. */
const struct wire_op *intake_ops(void);

/* What the files share (person of a peer is a struct roster_person): */
/* Is the line running, and is there room for `bytes` more? */
int intake_open_for(const struct intake *in, uint64_t bytes, struct sl_why *why) SL_MUST_USE;
/* A required string argument of at most cap - 1 bytes without control characters. */
int intake_text(const json_t *args, const char *name, char *out, size_t cap,
		struct sl_why *why) SL_MUST_USE;

int intake_prepare(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		   struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int intake_fix(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
	       struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int intake_fixed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int intake_submit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;

#endif
