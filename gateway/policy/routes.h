/* routes.h - POLICIES/routes.yaml: which way a draft takes, who signs in which order, and
 * what makes it longer.
 *
 * A route's id is the name of a class of the approval policy.  That policy is signed by the
 * custodians and proved again by releaser, checker and every platform; what stands here
 * beside it - order, modifiers, co-signers - is enforced by the gateway's desk and proved
 * again by its releaser (route_prove.h), templates by the desk alone (docs/routes.md).  So a
 * route may ask for more than its class, never for less: routes_check.h refuses that. */
#ifndef SL_POLICY_ROUTES_H
#define SL_POLICY_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "policy/channels.h"
#include "policy/columns.h"

enum {
	ROUTES_MAX = 16,
	ROUTES_STEPS_MAX = 12,
	ROUTES_TYPES_MAX = 256,
	ROUTES_WORD = 47,
	ROUTES_WHOLE = 100
};

struct route_words {
	char **item;
	unsigned n;
};
struct route_name {
	char *en, *zh;
};
struct route_step {
	char *role;
	uint32_t count;
	char *from;    /* "unit": the author's; "column": whoever co-signs for the column; NULL
			  or "any" */
	char *opinion; /* "secrecy": the signature carries the secrecy opinion; or NULL */
	char *late;    /* role that is told when the step's time is over */
	uint32_t late_at; /* percent of the target clock at which it is: 1 to 100; 0: 100 */
	char *silence;	  /* NULL or "tells"; consent by silence does not exist */
};
struct route_order { /* of route X */
	char *action;
	uint32_t persons;
};
struct route_template { /* what an immediate notice may look like; {} is a blank */
	char *id, *title, *text;
};
struct route {
	char *id;
	struct route_name name;
	char *raised;	      /* route that an open S2 leads to; NULL: none */
	char *target, *outer; /* clocks */
	bool is_private;
	char *review_after; /* clock of the full review after release; NULL: none */
	struct route_step *steps;
	unsigned steps_count;
	struct route_order *orders; /* of route X, which has no steps */
	unsigned orders_count;
	struct route_template *templates; /* when there are any, the text must fit one */
	unsigned templates_count;
};
struct route_type {
	char *type, *name, *route;
	char *urgent;  /* route that the author may ask for instead, or NULL */
	char *follows; /* "original": a correction takes the route of what it corrects */
	char *target;  /* clock in the place of the route's, or NULL */
	char *column;  /* whose owner co-signs when the draft names no column; or NULL */
};
struct route_trigger {		   /* every member that is there must hold */
	char *severity;		   /* an open finding of this severity */
	struct route_words rules;  /* an open finding of one of these rules … */
	struct route_words words;  /* … with one of these words in its evidence */
	uint32_t more_than;	   /* … and more of them than this */
	struct route_words source; /* source_type of the draft's metadata */
};
struct route_modifier {
	char *id;
	struct route_name name;
	struct route_trigger when;
	struct route_words routes; /* that it changes; empty: all with steps */
	char *role;		   /* who signs in addition, or must certify */
	uint32_t add;		   /* so many more in that role than the type's own route has */
	char *certify;		   /* "pages" or "source": one of them certifies it; or NULL */
	bool raise;		   /* the inspection itself chooses the raised route */
};
struct routes { /* immutable */
	char *organisation;
	struct route *routes;
	unsigned routes_count;
	struct route_type *types;
	unsigned types_count;
	struct route_modifier *modifiers;
	unsigned modifiers_count;
	/* not of the file: */
	struct channels *channels;
	struct columns *columns; /* NULL without columns.yaml */
	char path[512];
};

/* SL_E_CONFIG names file, line and what is wrong.  What contradicts itself is refused too. */
int routes_load(const char *policies_dir, struct routes **ret_r,
		struct sl_why *why) SL_MUST_USE;
void routes_free(struct routes *r);
const struct route *routes_find(const struct routes *r, const char *id);	/* NULL */
const struct route_type *routes_type(const struct routes *r, const char *type); /* NULL */
bool routes_channel_known(const struct routes *r, const char *id);
/* Code of the organisation in index numbers. */
const char *routes_organisation(const struct routes *r);
/* Is this role, on every route that asks for it, that of the author's own unit? */
bool routes_of_unit(const struct routes *r, const char *role);
/* Clocks of this type on this route; "" for none. */
const char *routes_target(const struct routes *r, const struct route *way, const char *type);
/* Clock and percent of it at which this step of the draft is late; a step that a modifier adds
 * (NULL) has all of the clock. */
struct route_late {
	const char *clock; /* "": none */
	unsigned percent;
};
struct route_late routes_late(const struct routes *r, const struct route *way, const char *type,
			      const struct route_step *s);
/* In the person's language. */
const char *routes_name(const struct route_name *n);
/* "FILE:LINE: what"; the line is that of `text`, else of `anchor`.  Returns SL_E_CONFIG. */
SL_PRINTF(5, 6)
int routes_complain(const struct routes *r, const char *anchor, const char *text,
		    struct sl_why *why, const char *fmt, ...);

#endif
