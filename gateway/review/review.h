/* review.h - the desk's operations for those who look at drafts (docs/protocol.md):
 * draft.status, draft.show, review.*, clock.*, release.*.
 *
 * Callers are people of the roster whose signature the wire has verified.  What
 * they may see is decided here; whether their approval counts is decided by
 * trust/approval.h, the same code that proves the release later. */
#ifndef SL_REVIEW_REVIEW_H
#define SL_REVIEW_REVIEW_H

#include "store/store.h"
#include "trust/roster.h"
#include "wire/server.h"

struct digest_cache; /* digest.h */
struct delivery;     /* deliver.h */
struct house;	     /* policy/house.h */
struct routes;	     /* policy/routes.h */
struct clocks;

struct review {
	struct store *store;
	const struct roster *roster;
	const struct routes *routes;
	const struct clocks *clocks; /* policy/clocks.h; NULL: none run */
	const char *wake;	     /* DATA/run/wake/releaser */
	const char *bell;	     /* DATA/run/wake/inspector */
	const struct house *house;   /* NULL: the rules say nothing of decisions */
	struct digest_cache *cache;
	struct delivery *delivery;
};

/* Fill in cache and delivery; the rest is the caller's. */
int review_init(struct review *v) SL_MUST_USE;
void review_release(struct review *v);
/* Other routes came into force: what is remembered of drafts goes by them. */
void review_renew_routes(struct review *v, const struct routes *routes);
/* Ends with name NULL; `run` takes a struct review. */
const struct wire_op *review_ops(void);

/* What the files share: */
bool review_is_reviewer(const struct roster_person *p);
bool review_is_secrecy(const struct roster_person *p);
/* Audit that something was shown; of a read-only store the desk's log must tell. */
int review_note(const struct review *v, const char *kind, const char *pid,
		const json_t *record) SL_MUST_USE;
/* alerts[] beside the queue, when there are any. */
int review_alerts_add(const struct review *v, json_t *result) SL_MUST_USE;
/* A draft this reviewer may see; SL_E_DENIED for others.  PREPARED ones are not there. */
int review_draft(const struct review *v, const struct wire_peer *peer,
		 const struct wire_request *rq, struct draft *ret_d,
		 struct sl_why *why) SL_MUST_USE;

/* One of this person's own; SL_E_NOTFOUND for others. */
int review_own_draft(const struct review *v, const struct wire_peer *peer,
		     const struct wire_request *rq, struct draft *ret_d,
		     struct sl_why *why) SL_MUST_USE;

/* "internal" of the answer: what the author said for the house alone; no part of what is
 * signed.  Nothing when there is nothing. */
int review_put_internal(const struct review *v, const struct draft *d,
			json_t *result) SL_MUST_USE;

int review_status(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_own_state(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_own_show(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		    struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_show(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_get(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
	       struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_vote(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_audit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_form(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_own_form(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		    struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_hits(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_settle(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_suppress_propose(void *arg, const struct wire_peer *peer,
			    const struct wire_request *rq, struct wire_reply *ret,
			    struct sl_why *why) SL_MUST_USE;
int review_suppress_confirm(void *arg, const struct wire_peer *peer,
			    const struct wire_request *rq, struct wire_reply *ret,
			    struct sl_why *why) SL_MUST_USE;
int review_suppress_revoke(void *arg, const struct wire_peer *peer,
			   const struct wire_request *rq, struct wire_reply *ret,
			   struct sl_why *why) SL_MUST_USE;
int review_suppress_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_suppress_signed(void *arg, const struct wire_peer *peer,
			   const struct wire_request *rq, struct wire_reply *ret,
			   struct sl_why *why) SL_MUST_USE;
int review_signed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_refer(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_answer(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_appeal(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_decide_appeal(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_codes(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_spill_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		      struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_spill_order(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_spill_confirm(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_spill_get(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_spill_share(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_unit_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_unit_absence(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_unit_audit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		      struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_extend(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_find(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int review_order(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;

#endif
