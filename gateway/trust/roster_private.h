/* roster_private.h - shared by roster.c and roster_class.c only. */
#ifndef SL_TRUST_ROSTER_PRIVATE_H
#define SL_TRUST_ROSTER_PRIVATE_H

#include "base/json.h"
#include "trust/roster.h"

enum { ROSTER_CLASSES_MAX = 16, ROSTER_PERSON_KEYS_MAX = 16 };

struct roster {
	int64_t version;
	uint8_t digest[HASH_LEN];
	struct roster_person *persons;
	unsigned n_persons;
	struct roster_key *keys; /* all keys; persons point into it */
	unsigned n_keys;
	struct roster_class classes[ROSTER_CLASSES_MAX];
	unsigned n_classes;
};

/* Copy a pseudonym, unit or class name: 1..47 of [A-Za-z0-9._-]; false otherwise (or NULL). */
bool roster_name_read(const char *s, char out[ROSTER_NAME_MAX]);
/* Copy a role name that exists; false otherwise (or NULL). */
bool roster_role_read(const char *s, char out[ROSTER_NAME_MAX]);
int roster_read_classes(const json_t *j, struct roster *r, struct sl_why *why) SL_MUST_USE;

#endif
