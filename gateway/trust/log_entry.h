/* log_entry.h - what an entry of the release log says; five lines, nothing else.
 *
 *   sluice-log/1
 *   release                       release | notice | policy | root | key | anchor
 *   R-2026-000123 2 57            id version serial ("-" for no id, 0 where there is none)
 *   <64 hex>                      SHA-256 of the manifest (policy, root: of that file;
 *                                 anchor: root hash of the audit log, version = its size;
 *                                 key: of the approval policy that ended the key)
 *   <64 hex>                      SHA-256 of attest.intoto.jsonl; notice: of the notice; else
 * 64 zeros
 *
 * A platform recomputes the entry from what it holds and proves that the log has it.
 *
 * key: a key that the approval policy logged before lists and this one does not, or not as
 * long (trust/roster_ended.h).  Its id is the first 24 digits of the key id, its version that
 * of the new policy.  The entries of all keys that a policy ended stand directly behind that
 * policy's entry, ascending by key id; the first policy of a log has none. */
#ifndef SL_TRUST_LOG_ENTRY_H
#define SL_TRUST_LOG_ENTRY_H

#include "base/buf.h"

enum { LOG_ENTRY_MAX = 512, LOG_KEY_ID = 24 };
enum log_kind { LOG_RELEASE, LOG_NOTICE, LOG_POLICY, LOG_ROOT, LOG_KEY, LOG_ANCHOR };
struct log_entry {
	enum log_kind kind;
	char id[32]; /* release id, first digits of a key id, "-" */
	int64_t version, serial;
	char manifest_sha256[65], attest_sha256[65];
};
/* Strict, one spelling. release and notice: id, version, serial and second digest are
 * there; key: LOG_KEY_ID hex digits, a version, no serial; policy, root, anchor: "-"; these
 * four have no second digest. Ids are letters, digits and '-'. SL_E_FORMAT, SL_E_LIMIT. */
int log_entry_parse(const void *bytes, size_t len, struct log_entry *ret_e) SL_MUST_USE;
void log_entry_write(const struct log_entry *e, struct buf *out);
/* The entry of a key that this policy ended; keyid has at least LOG_KEY_ID digits. */
void log_entry_key(const char *keyid, int64_t version, const char *policy_sha256,
		   struct log_entry *ret_e);
/* Does this log.tlog-proof show exactly this entry in a log that the policy accepts? */
struct tlog_policy;
int log_entry_proved(const struct log_entry *e, const struct buf *proof,
		     const struct tlog_policy *policy, struct sl_why *why) SL_MUST_USE;
const char *log_kind_name(enum log_kind k);

#endif
