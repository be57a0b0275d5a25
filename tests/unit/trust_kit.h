/* trust_kit.h - people, keys and statements for the tests of crypto/ and trust/. */
#ifndef SL_TESTS_TRUST_KIT_H
#define SL_TESTS_TRUST_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/approval.h"

#define KIT_NOW INT64_C(1780000000) /* 2026-05-28T20:26:40Z */

/* Deterministic key: seed bytes are all `n`. */
struct key *kit_key(enum key_use use, uint8_t n);
/* The seed 00 01 … 1f of the worked vectors. */
struct key *kit_vector_key(enum key_use use);

/* Run a command without a shell, output discarded; its exit status, 127 when absent. */
int kit_run(const char *const *argv);
/* Make a fresh directory and go there; kit_leave removes it. */
void kit_enter(char path[64]);
void kit_leave(const char *path);
void kit_write_file(const char *name, const void *bytes, size_t len);

/* Replace the first `from` in `text`; caller frees. Fails the test when absent. */
char *kit_replace(const char *text, const char *from, const char *to);

/* The worked cast: people with their reviewer keys (seed = index + 1) in unit and roles. */
enum kit_person {
	KIT_AUTHOR,
	KIT_LIAISON,
	KIT_LEADER,
	KIT_DESK,
	KIT_SECRECY,
	KIT_BOTH,
	KIT_SAME_UNIT_DESK,
	KIT_GATEWAY,
	KIT_INSPECTOR,
	KIT_PEOPLE
};
const char *kit_pid(enum kit_person p);
struct key *kit_person_key(enum kit_person p);
/* The author and the person with both roles have a second key. */
struct key *kit_second_key(enum kit_person p);
/* Canonical approval-policy.json with class A; caller frees. */
char *kit_policy_text(void);
struct roster *kit_roster(void);
const char *kit_manifest_text(void);
struct manifest *kit_manifest(void);

/* A case under construction: statements are owned here. */
struct kit_case {
	struct approval_case c;
	struct roster *roster;
	struct manifest *manifest;
	struct statement *list[64];
	char subject[65], policy[65];
};
void kit_case_init(struct kit_case *k);
void kit_case_release(struct kit_case *k);
void kit_submit(struct kit_case *k, enum kit_person author, enum kit_person submitter);
void kit_inspect(struct kit_case *k, const char *verdict);
/* Facts of a good approval, to be changed by the test before kit_approve. */
struct approval_facts kit_facts(struct kit_case *k, const char *role);
void kit_approve(struct kit_case *k, const struct key *key, const struct approval_facts *f);
void kit_approve_as(struct kit_case *k, enum kit_person p, const char *role);
void kit_release(struct kit_case *k, const struct key *key, int64_t time);
/* Sign a predicate (taken) and add it; subject NULL: the case's manifest. */
void kit_add(struct kit_case *k, const struct key *key, enum predicate kind, json_t *predicate,
	     const char *subject);

#endif
