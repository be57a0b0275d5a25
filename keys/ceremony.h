/* ceremony.h - a change of what custodians sign, on a folder carried by hand.
 *
 * The folder (all names fixed; everything else in it is left alone and never read):
 *
 *   old/  root.json targets.json policy.json approval-policy.json   what is in force
 *   new/  the same names, without signatures                        what shall be
 *   new/files/NAME                  other files that policy.json lists
 *   signatures/ROLE.KEYID.json      one signature each
 *   SUMMARY.txt                     for people, never read
 *   result/                         after merge: metadata/ targets/ and the transcript
 *
 * Hostile: every file, since the medium passes through many hands.  What a
 * custodian is shown is computed from the very bytes that the signature covers.
 * Roles sign as trust.md section 2 says: root by the old root's keys and the new
 * root's; targets by the root in force after the change; policy by those targets. */
#ifndef SL_KEYS_CEREMONY_H
#define SL_KEYS_CEREMONY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/key.h"
#include "trust/roster.h"
#include "trust/tuf.h"

enum ceremony_doc { CEREMONY_ROOT, CEREMONY_TARGETS, CEREMONY_POLICY, CEREMONY_DOCS };
enum ceremony_language { CEREMONY_EN, CEREMONY_ZH };

enum {
	CEREMONY_SIGNATURES_MAX = 3 * 2 * TUF_KEYS_MAX,
	CEREMONY_SETS = 2,	 /* key sets that must sign one document */
	CEREMONY_FILES_MAX = 16, /* files beside the approval policy */
	CEREMONY_PROGRAM_MAX = 48,
	CEREMONY_GROUPS = 64 + 15, /* 64 digits in groups of four */
	CEREMONY_SIGNATURE_MAX = 4096
};

struct ceremony_signature {
	enum ceremony_doc doc;
	uint8_t key[KEY_PUBLIC], sig[KEY_SIGNATURE];
	char keyid[KEY_ID_HEX + 1], sha256[HASH_HEX + 1];
	int64_t time;
	char program[CEREMONY_PROGRAM_MAX];
};

struct ceremony {
	int fd;					  /* of the folder */
	struct tuf_meta *old[CEREMONY_DOCS];	  /* NULL: there was none */
	struct tuf_meta *new[CEREMONY_DOCS];	  /* NULL: does not change */
	struct buf body[CEREMONY_DOCS];		  /* canonical bytes that are signed */
	char sha256[CEREMONY_DOCS][HASH_HEX + 1]; /* of body */
	struct buf old_policy, new_policy;	  /* approval policies, exact bytes */
	struct roster *old_roster, *new_roster;
	struct ceremony_signature sig[CEREMONY_SIGNATURES_MAX];
	unsigned n_sig;
};

const char *ceremony_doc_name(enum ceremony_doc d); /* "root" "targets" "policy" */
enum key_use ceremony_doc_use(enum ceremony_doc d);
/* Digits in groups of four; out gets CEREMONY_GROUPS + 1 bytes. */
void ceremony_groups(const char hex[HASH_HEX + 1], char out[CEREMONY_GROUPS + 1]);

/* ---- ceremony_load.c ---- */

/* Read and check the whole folder: form, versions that follow each other, one key one
 * role, thresholds, the approval policy; signatures must be good and over exactly these
 * bytes, a raw key once for each document.  SL_E_SIGNATURE: the old files do not hang
 * together, or something was changed after a custodian had signed; SL_E_DENIED: against
 * a rule; SL_E_EXPIRED: what shall be signed is over at `now`. */
int ceremony_load(const char *dir, int64_t now, struct ceremony *ret_c,
		  struct sl_why *why) SL_MUST_USE;
void ceremony_release(struct ceremony *c);
/* SHA-256 over the digests of all new documents: one number that custodians compare. */
void ceremony_number(const struct ceremony *c, char out[HASH_HEX + 1]);

/* ---- ceremony_check.c: the rules that a change must keep ---- */
int ceremony_check(const struct ceremony *c, int64_t now, struct sl_why *why) SL_MUST_USE;
/* ceremony_plain.c: nothing in it but what the summary shows.  SL_E_DENIED. */
int ceremony_plain(const struct tuf_meta *m, enum ceremony_doc d,
		   struct sl_why *why) SL_MUST_USE;
/* Keys that must sign document d: set 0 by what is in force, set 1 (root only, after the
 * first) by the new root itself.  Returns how many sets there are, or an error. */
int ceremony_signers(const struct ceremony *c, enum ceremony_doc d,
		     struct tuf_role ret[CEREMONY_SETS], struct sl_why *why) SL_MUST_USE;
/* Good signatures of different raw keys of this set. */
unsigned ceremony_count(const struct ceremony *c, enum ceremony_doc d,
			const struct tuf_role *set);
const struct ceremony_signature *ceremony_signed_by(const struct ceremony *c,
						    enum ceremony_doc d,
						    const uint8_t key[KEY_PUBLIC]);

/* ---- ceremony_signature.c: one signature file ---- */
int ceremony_signature_parse(const void *bytes, size_t len, struct ceremony_signature *ret,
			     struct sl_why *why) SL_MUST_USE;
int ceremony_signature_bytes(const struct ceremony_signature *s, struct buf *out) SL_MUST_USE;
/* Is this key one of those that must sign document d? */
bool ceremony_has_part(const struct ceremony *c, enum ceremony_doc d,
		       const uint8_t key[KEY_PUBLIC]);
/* Sign every document that this key has a part in, as its use says, and write the
 * files.  SL_E_DENIED: it has no part; SL_E_EXISTS: it has signed before. */
int ceremony_sign(struct ceremony *c, const struct key *k, int64_t now, unsigned *ret_n,
		  struct sl_why *why) SL_MUST_USE;

/* ---- ceremony_plan.c: a change becomes new metadata ---- */
struct ceremony_edit { /* one key in or out of a role */
	const char *role;
	bool add;
	uint8_t key[KEY_PUBLIC];
};
struct ceremony_threshold {
	const char *role;
	unsigned n;
};
struct ceremony_file { /* a target of policy.json */
	const char *name;
	const struct buf *bytes;
};
struct ceremony_plan {
	const struct tuf_meta *old[CEREMONY_DOCS]; /* NULL: none */
	bool renew[CEREMONY_DOCS];
	int64_t expires[CEREMONY_DOCS];
	const struct ceremony_edit *edit;
	unsigned n_edit;
	const struct ceremony_threshold *threshold;
	unsigned n_threshold;
	const struct buf *approval_policy; /* NULL: unchanged */
	int64_t approval_version;
	const struct ceremony_file *file;
	unsigned n_file;
};
/* Bodies of what changes; a document whose signers change so that the present one would
 * not verify any more is renewed too.  Caller owns what is in ret[]. */
int ceremony_plan(const struct ceremony_plan *p, json_t *ret[CEREMONY_DOCS],
		  struct sl_why *why) SL_MUST_USE;

/* ---- ceremony_diff.c, roster_diff.c: what a custodian reads ---- */
void ceremony_summary(const struct ceremony *c, enum ceremony_language l, struct buf *out);
void roster_diff(const struct roster *old, const struct roster *new, enum ceremony_language l,
		 struct buf *out);

/* ---- ceremony_merge.c ---- */
/* Write result/.  SL_E_DENIED when signatures are missing: `why` counts them. */
int ceremony_merge(const struct ceremony *c, const char *dir, int64_t now,
		   struct sl_why *why) SL_MUST_USE;
/* "root: 2 of 3 (old) · 3 of 3 (new)", a line a document. */
void ceremony_tally(const struct ceremony *c, enum ceremony_language l, struct buf *out);
/* {"complete","number","roles":[{"role","version","sets":[{"set","needed","have",
 * "missing":[key ids]}]}]}; NULL without memory. */
json_t *ceremony_status_json(const struct ceremony *c);
bool ceremony_complete(const struct ceremony *c);

#endif
