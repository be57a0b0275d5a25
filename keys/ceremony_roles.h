/* ceremony_roles.h - every role that custodians give keys to, by name.
 *
 * Delegations that share a name up to the first '-' (rel-0 … rel-f) are one role
 * here: they have the same keys, and people speak of "the rel keys". */
#ifndef SL_KEYS_CEREMONY_ROLES_H
#define SL_KEYS_CEREMONY_ROLES_H

#include "trust/tuf.h"

enum { CEREMONY_ROLES_MAX = 16 };

struct ceremony_roles {
	struct tuf_role role[CEREMONY_ROLES_MAX];
	bool of_root[CEREMONY_ROLES_MAX]; /* else delegated by targets.json */
	unsigned n;
};
/* The four of root, then those of targets; each may be NULL.  SL_E_DENIED when
 * delegations of one name have different keys. */
int ceremony_roles_read(const struct tuf_meta *root, const struct tuf_meta *targets,
			struct ceremony_roles *ret, struct sl_why *why) SL_MUST_USE;
const struct tuf_role *ceremony_roles_find(const struct ceremony_roles *r, const char *name);
bool ceremony_roles_holds(const struct tuf_role *r, const uint8_t key[KEY_PUBLIC]);
/* What a role's keys must be for; false for an unknown role. */
bool ceremony_roles_use(const char *role, enum key_use *ret_use);

#endif
