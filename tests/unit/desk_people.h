/* desk_people.h - a roster, a store and the desk's handlers called as the wire would. */
#ifndef SL_TEST_DESK_PEOPLE_H
#define SL_TEST_DESK_PEOPLE_H

#include "desk_fixture.h"
#include "intake/intake.h"
#include "review/review.h"
#include "trust/statement.h"

/* People by their place in the roster; pid is "p-00", "p-01" … */
enum who {
	AUTHOR,	   /* u-12, author */
	LIAISON,   /* u-12, liaison and unit-leader */
	LEADER,	   /* u-12, unit-leader */
	DESK,	   /* u-20, desk */
	SECRECY,   /* u-21, secrecy */
	WRITER,	   /* u-20, author and desk with one reviewer key */
	ADMIN,	   /* u-12, unit-admin */
	OPERATOR,  /* u-30, operator */
	INSPECTOR, /* gateway-service */
	LEGAL,	   /* u-22, legal */
	DIRECTOR,  /* u-23, director */
	CHIEF,	   /* u-23, director */
	SECOND,	   /* u-21, secrecy */
	THIRD,	   /* u-21, secrecy */
	PEOPLE
};

struct desk_people {
	struct fixture f;
	struct gateway_config config;
	struct key *key[PEOPLE];
	struct buf policy;
	struct roster *roster;
	struct routes *routes;
	struct intake intake;
	struct review review;
	char policies[96], stopped[96], wake[96];
	char policy_sha256[65];
};
void people_open(struct desk_people *p);
void people_close(struct desk_people *p);
const char *people_pid(enum who w);

/* Call an operation; takes args.  The reply must be released. */
int people_call(struct desk_people *p, enum who w, const char *op, json_t *args,
		struct wire_reply *ret, struct sl_why *why);
/* The same when only success matters; returns the result (json_decref it). */
json_t *people_ask(struct desk_people *p, enum who w, const char *op, json_t *args);

/* Arguments of draft.prepare for one text file, uploaded by w. */
json_t *people_prepare_args(struct desk_people *p, enum who w, const char *token,
			    const char *body);
/* The author's half: prepare, sign, submit; the draft's id. */
void people_submit(struct desk_people *p, enum who w, json_t *prepare_args, char ret_id[24]);
/* The inspector's half: `report` is the list of findings as JSON text, e.g.
 * [{"rule":"PI-003","severity":"S2"}]; the draft goes to `to`. */
void people_inspect(struct desk_people *p, const char *id, const char *findings,
		    enum draft_state to);
/* review.show and the text of file 0, as a reviewer's program does. */
void people_read(struct desk_people *p, enum who w, const char *id);

struct people_vote {
	const char *decision, *role, *code, *reason;
	const char *ack; /* rule acknowledged, or NULL */
	enum who signer; /* whose key signs (normally the caller's) */
	/* What is changed before signing: */
	const char *draft, *inspection, *shown, *policy, *subject;
	int64_t revision_off, version_off, time_off, ttl_off;
};
/* Sign and hand in a decision; 0 or the refusal. */
int people_cast(struct desk_people *p, enum who w, const char *id, const struct people_vote *v,
		struct wire_reply *ret, struct sl_why *why);

#endif
