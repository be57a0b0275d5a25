/* attack_kit.h - a validly signed outlet that a test bends in one place and signs again,
 * and the real sluice-pull as the platform that looks at it. */
#ifndef SL_TESTS_ATTACK_KIT_H
#define SL_TESTS_ATTACK_KIT_H

#include "../unit/outlet_kit.h"
#include "outlet/site.h"

#define ATTACK_RELEASE "R-2026-000001"
enum { ATTACK_DAY = 86400 };

struct attack {
	struct okit k; /* the repository and every key */
	struct site *site;
	char url[96], into[96], root[128];
	char *said; /* what the last pull printed */
};
/* An outlet that serves ATTACK_RELEASE, well made; nobody has pulled yet. */
void attack_new(struct attack *a);
/* The same with nothing released and nothing sealed yet, for packages that are bent. */
void attack_new_empty(struct attack *a);
void attack_free(struct attack *a);

/* Run sluice-pull; its exit code. */
int attack_pull(struct attack *a);
/* The platform takes the outlet's word and shows the release. */
void attack_accepts(struct attack *a);
/* The platform refuses, says `reason`, and shows what it showed before. */
void attack_refuses(struct attack *a, const char *reason);
/* A platform that has never pulled. */
void attack_forget(struct attack *a);
bool attack_has(const struct attack *a, const char *path); /* below the platform's directory */

/* ---- metadata ---- */
int64_t attack_newest(const struct attack *a, const char *role); /* 0: none */
/* The newest `signed` part, a copy with the next version. */
json_t *attack_body(const struct attack *a, const char *role);
/* {"signatures":[…],"signed":body} by these keys (NULL ends the list); takes body. */
json_t *attack_envelope(json_t *body, const struct key *const *keys);
/* Add a signature by hand. */
void attack_add_signature(json_t *envelope, const char *keyid, const char *sig);
/* Write as the version its body says (timestamp: the one file); takes the envelope. */
void attack_put(struct attack *a, const char *role, json_t *envelope);
/* Body, signed by one key, written; takes body. */
void attack_sign(struct attack *a, const char *role, json_t *body, const struct key *key);
/* Exactly this text as `signed`, signed as it stands. */
void attack_put_text(struct attack *a, const char *role, int64_t version, const char *text,
		     const struct key *key);
/* A new snapshot of what is newest now and a timestamp for it. */
void attack_seal(struct attack *a);
/* The same with meta as given (taken). */
void attack_seal_meta(struct attack *a, json_t *meta);
json_t *attack_meta(const struct attack *a); /* of what is newest now */

/* This approval policy (taken) from now on, in force for what is released next. */
void attack_policy(struct attack *a, json_t *policy);

/* The entry of a delegated role, borrowed from a targets body. */
json_t *attack_delegation(const json_t *targets_body, const char *role);
/* Put a key object under its own id into the keys of delegations or root; borrowed id. */
const char *attack_add_key(json_t *keys, json_t *object);

#endif
