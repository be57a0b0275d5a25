/* route_walk.h - how far a draft has come on its route: whose turn it is, what is missing.
 *
 * Pure: what was signed is handed in.  Whether a signature is good and counts for the class
 * is trust/approval.h's to say; here is what the route asks for beside it. */
#ifndef SL_POLICY_ROUTE_WALK_H
#define SL_POLICY_ROUTE_WALK_H

#include "base/json.h"
#include "policy/routes.h"

enum {
	WALK_STEPS_MAX = 2 * ROUTES_STEPS_MAX,
	WALK_VOICES_MAX = 128,
	WALK_MODIFIERS_MAX = 64,
	WALK_GIVEN_MAX = 16
};

enum walk_state { WALK_DONE, WALK_OPEN, WALK_WAITING };

struct walk_voice { /* one approval that stands; all borrowed */
	const char *pid, *unit, *role;
	int64_t time;
	bool pages, source; /* it certifies these */
};
struct walk_case { /* all borrowed */
	const struct routes *routes;
	const struct route *way;
	const char *type;	 /* content type */
	const char *unit;	 /* the author's */
	const char *column;	 /* that the draft names, or "" */
	const char *source_type; /* or NULL */
	const json_t *report;	 /* or NULL */
	const struct walk_voice *voices;
	unsigned n_voices;
};
struct walk_step {
	const char *role;
	const struct route_step *step; /* NULL: a modifier has added it */
	unsigned count, added;	       /* persons; how many of them by modifiers */
	const struct walk_voice *given[WALK_GIVEN_MAX];
	unsigned n_given;
	enum walk_state state;
};
struct walk_modifier {
	const struct route_modifier *modifier;
	bool met;
};
struct walk {
	struct walk_step step[WALK_STEPS_MAX];
	unsigned n;
	struct walk_modifier modifier[WALK_MODIFIERS_MAX];
	unsigned n_modifiers;
	const struct column *column; /* whose owner co-signs; NULL: any */
	unsigned open;		     /* index of the first step that is not done; n: none */
	bool complete;		     /* every step done, every modifier met */
};
/* SL_E_LIMIT: more persons than a class can have. */
int route_walk(const struct walk_case *c, struct walk *ret) SL_MUST_USE;
/* The step of this role; NULL: the route does not ask for it. */
const struct walk_step *route_walk_step(const struct walk *w, const char *role);
/* May a person of this unit sign in this role now?  `certifies` says what the signature
 * would certify.  SL_E_DENIED says whose turn it is, or which unit, or what to certify.
 * Roles that the route does not ask for pass: the class decides about them. */
int route_walk_admits(const struct walk_case *c, const struct walk *w,
		      const struct walk_voice *voice, struct sl_why *why) SL_MUST_USE;
/* "done" "open" "waiting" */
const char *walk_state_name(enum walk_state s);
/* The word with which an approval certifies: "CERT-PAGES", "CERT-SOURCE". */
const char *walk_certificate(const char *certify);

#endif
