/* demo_private.h - what the files of the demo set share; nobody else includes it. */
#ifndef SL_KEYS_DEMO_PRIVATE_H
#define SL_KEYS_DEMO_PRIVATE_H

#include "base/buf.h"
#include "base/json.h"
#include "crypto/key.h"
#include "crypto/sshsig.h"
#include "keys/demo.h"

enum { DEMO_PATH = 4096, DEMO_KEYS_MAX = 48, DEMO_DAY = 24 * 3600 };

struct demo {
	const struct demo_options *o;
	char dir[DEMO_PATH]; /* absolute */
	int fd;		     /* of dir */
	int64_t now;
	bool tls;			 /* certificates were made */
	struct ssh_key ssh;		 /* with o->ssh_person */
	struct key *keys[DEMO_KEYS_MAX]; /* in the order of the table in demo_people.c */
};

/* ---- demo_people.c: who there is ---- */
struct demo_person {
	const char *name, *pid, *unit, *title; /* title: what the name table says, Chinese */
	const char *roles[3];
	enum key_use use;
	const char *env; /* suffix of SLUICE_DEMO_…, NULL: none */
};
const struct demo_person *demo_people(unsigned *ret_n);
/* Generate all keys and write them under DIR/keys, with the table of names. */
int demo_people_write(struct demo *d, struct sl_why *why) SL_MUST_USE;
/* Does this person decide with an OpenSSH key? */
bool demo_people_by_ssh(const struct demo *d, const char *name);
/* The key of this file below DIR/keys; BUG when there is none. */
const struct key *demo_people_key(const struct demo *d, const char *file);

/* ---- demo_policy.c: approval-policy.json ---- */
int demo_policy_bytes(const struct demo *d, struct buf *out) SL_MUST_USE;

/* ---- demo_trust.c: root, targets and policy metadata ---- */
int demo_trust_write(const struct demo *d, struct sl_why *why) SL_MUST_USE;

/* ---- demo_rules.c: DIR/policies, signed ---- */
int demo_rules_write(const struct demo *d, struct sl_why *why) SL_MUST_USE;

/* ---- demo_config.c: the configuration files, env and README ---- */
int demo_config_write(const struct demo *d, struct sl_why *why) SL_MUST_USE;

/* ---- demo_tls.c ---- */
/* NAME.pem (certificate and key) and NAME.crt below DIR/tls, made by the openssl
 * command; SL_E_NOTFOUND when there is none. */
int demo_tls_write(const struct demo *d, const char *name, struct sl_why *why) SL_MUST_USE;

/* Is this the way that units shall take? */
bool demo_links(const struct demo_options *o, const char *mode);
/* Write DIR/path durably, with its parents. */
int demo_put(const struct demo *d, const char *path, const void *bytes, size_t len,
	     unsigned mode, struct sl_why *why) SL_MUST_USE;

#endif
