/* tlog_proof.h - C2SP tlog-proof v1 files and tlog-policy: is this entry in a log that
 * enough witnesses have seen? Decided offline, from the proof and the policy alone. */
#ifndef SL_TRUST_TLOG_PROOF_H
#define SL_TRUST_TLOG_PROOF_H

#include "trust/tlog.h"

enum { TLOG_PROOF_MAX = 64 << 10, TLOG_POLICY_KEYS = 32 };

struct tlog_policy; /* witness-policy.txt: logs, witnesses, groups, quorum */
/* At least one log and exactly one quorum line; `quorum none`, which the standard allows,
 * is refused: without a witness a log may show everyone another history.  A public key
 * may stand there once, whatever for. SL_E_FORMAT, SL_E_LIMIT. */
int tlog_policy_parse(const void *bytes, size_t len, struct tlog_policy **ret_p,
		      struct sl_why *why) SL_MUST_USE;
void tlog_policy_free(struct tlog_policy *p);
/* The note is signed by a listed log (origin = its name) and cosigned by the quorum.
 * SL_E_SIGNATURE with a sentence. */
int tlog_policy_check(const struct tlog_policy *p, const void *note, size_t len,
		      struct tlog_checkpoint *ret_c, struct sl_why *why) SL_MUST_USE;
/* First log of the policy; for writers. */
const struct note_key *tlog_policy_log(const struct tlog_policy *p);
/* The witness with this key, or NULL; for witnesses, who sign under its name. */
const struct note_key *tlog_policy_witness(const struct tlog_policy *p,
					   const uint8_t public_key[KEY_PUBLIC]);

struct tlog_proof {
	uint64_t index;
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	unsigned n;
	size_t note_at; /* offset of the checkpoint in the file */
};
int tlog_proof_parse(const void *bytes, size_t len, struct tlog_proof *ret) SL_MUST_USE;
void tlog_proof_write(uint64_t index, const uint8_t (*hash)[HASH_LEN], unsigned n,
		      const void *note, size_t note_len, struct buf *out);
/* The whole: form, policy, inclusion of exactly this entry. */
int tlog_proof_check(const void *bytes, size_t len, const struct tlog_policy *p,
		     const void *entry, size_t entry_len, struct tlog_checkpoint *ret_c,
		     uint64_t *ret_index, struct sl_why *why) SL_MUST_USE;

#endif
