/* on_route.h - a stored draft on its route: what policy/route_walk.h wants, from the store.
 *
 * A draft keeps the route (class) that its author signed; what that route asks for is read
 * from the routes in force at each look.  Approvals given stay given. */
#ifndef SL_REVIEW_ON_ROUTE_H
#define SL_REVIEW_ON_ROUTE_H

#include "policy/route_walk.h"
#include "review/evidence.h"
#include "review/review.h"

struct on_route {
	struct walk_case c;
	struct walk walk;
	struct walk_voice voices[WALK_VOICES_MAX];
	unsigned n_voices;
	json_t *report;	 /* owned; NULL: none */
	json_t *reasons; /* owned: [{"pid","reason","rule"}…] of the approvals that stand */
	char source_type[64];
	bool strayed; /* its findings belong to the raised route, and it is not there */
	bool unlike;  /* its text fits no template of a route that has some */
};
/* Borrows e, d and v while it lives.  SL_E_CONFIG: no route in force has the draft's class.
 * on_route_free in any case. */
int on_route_look(const struct review *v, const struct draft *d, const struct evidence *e,
		  struct on_route **ret_o, struct sl_why *why) SL_MUST_USE;
/* The full review after the release of a draft whose route has one: the steps of its type's
 * own route, met by the approvals recorded since.  SL_E_NOTFOUND: there is none to do. */
int on_route_after(const struct review *v, const struct draft *d, struct on_route **ret_o,
		   struct sl_why *why) SL_MUST_USE;
void on_route_free(struct on_route *o);
/* May this person approve in this role now?  SL_E_DENIED with the reason. */
int on_route_admits(const struct on_route *o, const struct roster_person *p,
		    const struct approval_facts *f, struct sl_why *why) SL_MUST_USE;
/* Can the draft become APPROVED as far as the route goes? */
bool on_route_complete(const struct on_route *o);

/* on_route_json.c: {"steps","modifiers","turn"} of docs/protocol.md, and the roles still
 * missing
 * (`lacks`: what the class says).  Both are the caller's; NULL when there is nothing to say. */
json_t *on_route_summary(const struct review *v, const struct draft *d,
			 const struct evidence *e, const struct approval_result *lacks,
			 json_t **ret_missing);
/* {"review_after":{"clock","state","steps"}}; NULL: no review is needed. */
json_t *on_route_after_summary(const struct review *v, const struct draft *d);

#endif
