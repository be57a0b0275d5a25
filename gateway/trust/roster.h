/* roster.h - the approval policy: persons, keys, roles, classes (trust.md section 3).
 *
 * Read from approval-policy.json, the exact bytes of a TUF target; canonical
 * JSON, schema "sluice-policy/1".  Refuses to load when a minimum is below 1,
 * a total below 2, a key appears twice, a role is unknown, a person has no
 * key, or a key is not enrollable.  Keys are dsse-* and seal keys; dsse-gateway and
 * dsse-inspector keys belong to persons whose only role is gateway-service and who
 * hold no other keys, so that the gateway can never approve.
 *
 * A key without "type" is plain Ed25519 in our own files.  A reviewer's key may have a
 * type of OpenSSH instead: "sk-ssh-ed25519@openssh.com" (a FIDO security key) with
 * "application" and "verified": true when a touch alone is not enough, or "ssh-ed25519".
 * Such a key signs SSHSIG containers and nothing else, and its key id is the SHA-256 of
 * its OpenSSH public blob. */
#ifndef SL_TRUST_ROSTER_H
#define SL_TRUST_ROSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/dsse.h"
#include "crypto/key.h"

enum {
	ROSTER_PERSONS_MAX = 1024,
	ROSTER_KEYS_MAX = 4096, /* of all persons */
	ROSTER_SLOTS_MAX = 16,
	ROSTER_NAME_MAX = 48,
	ROSTER_ROLES_MAX = 16
};

struct roster; /* immutable */

struct roster_key {
	uint8_t public_key[KEY_PUBLIC];
	char keyid[KEY_ID_HEX + 1];
	enum key_use use;
	int64_t from, until;
	bool is_ssh,
		verified;   /* verified: its signatures must say that the key knew its person */
	struct ssh_key ssh; /* when is_ssh */
};
struct roster_person {
	char pid[ROSTER_NAME_MAX], unit[ROSTER_NAME_MAX];
	char roles[ROSTER_ROLES_MAX][ROSTER_NAME_MAX];
	unsigned n_roles;
	const struct roster_key *keys;
	unsigned n_keys;
};
struct roster_need {
	char role[ROSTER_NAME_MAX];
	unsigned min;
};
struct roster_class {
	char name[ROSTER_NAME_MAX]; /* "A" "B" "C" "R" */
	int64_t approval_ttl_s;
	unsigned min_persons;
	bool exclude_author, exclude_submitter;
	struct roster_need require[ROSTER_SLOTS_MAX];
	unsigned n_require;
	char veto[ROSTER_ROLES_MAX][ROSTER_NAME_MAX];
	unsigned n_veto;
};

/* Roles that exist: author, liaison, unit-leader, unit-admin, column-owner,
 * secrecy, legal, desk, deputy, director, duty-leader, duty-publisher,
 * operator, auditor, inspector, gateway-service. */
bool roster_role_known(const char *role);

int roster_parse(const void *bytes, size_t len, struct roster **ret_r,
		 struct sl_why *why) SL_MUST_USE;
void roster_free(struct roster *r);
int64_t roster_version(const struct roster *r);
const uint8_t *roster_digest(const struct roster *r); /* SHA-256 of the exact bytes */
unsigned roster_count(const struct roster *r);
const struct roster_person *roster_person_at(const struct roster *r, unsigned i);
const struct roster_person *roster_person(const struct roster *r, const char *pid); /* NULL */
const struct roster_class *roster_class(const struct roster *r, const char *name);  /* NULL */
const struct roster_class *roster_class_at(const struct roster *r, unsigned i);	    /* NULL */
/* Person and key by key id, valid for use at time t; NULL otherwise. */
const struct roster_person *roster_by_key(const struct roster *r, const char *keyid,
					  enum key_use use, int64_t t,
					  const struct roster_key **ret_key);
/* The same whatever the time and use: for signatures that may no longer count. */
const struct roster_person *roster_find_key(const struct roster *r, const char *keyid,
					    const struct roster_key **ret_key);
/* The one place where a person's or service's signature is verified, in the format that
 * its key is listed with. 0 or SL_E_SIGNATURE. */
int roster_verify(const struct roster_key *k, const struct dsse *e) SL_MUST_USE;
bool roster_has_role(const struct roster_person *p, const char *role);

#endif
