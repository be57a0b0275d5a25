/* vouch.h - who answers for a set of rules.
 *
 *   POLICIES/signatures/NAME.json   a DSSE envelope of one secrecy officer over
 *   {"digest":"<sha256 of the set>","files":{"packs/pi.yaml":"<sha256>",…},
 *    "schema":"sluice-rules/1","time":"…","version":7}
 *
 * Rules decide what is found, so they come into force only when two secrecy officers of the
 * roster signed the same bytes and version. */
#ifndef SL_TRUST_VOUCH_H
#define SL_TRUST_VOUCH_H

#include "trust/roster.h"
#include "trust/vouch_files.h"

#define VOUCH_TYPE   "application/vnd.sluice.policy+json"
#define VOUCH_FOLDER "signatures"
enum { VOUCH_PERSONS = 2, VOUCH_FILES_MAX = 32 };

struct vouch_facts {
	uint8_t digest[HASH_LEN];
	int64_t version, time;
	json_t *files; /* vouch_files.h, or NULL */
};
/* The bytes that a person signs. */
int vouch_write(const struct vouch_facts *f, struct buf *out) SL_MUST_USE;
/* Back again; canonical, nothing else in it.  SL_E_FORMAT.  Release what was read. */
int vouch_read(const void *bytes, size_t len, struct vouch_facts *ret_f) SL_MUST_USE;

void vouch_release(struct vouch_facts *f);

struct vouch_result {
	int64_t version;
	int64_t time; /* when the last of them signed */
	unsigned n;
	char pid[VOUCH_FILES_MAX][ROSTER_NAME_MAX]; /* different persons who count */
};
/* Do enough persons stand by this digest, all with the same version?  Signatures of other
 * sets, of unknown keys and of persons without the role do not count; a key must have been
 * valid when it signed.  SL_E_SIGNATURE with the names that count, in `why`, and with the
 * file that was touched since an officer signed. */
int vouch_check(const char *dir, const uint8_t digest[HASH_LEN], const struct roster *r,
		int64_t now, struct vouch_result *ret, struct sl_why *why) SL_MUST_USE;

struct vouch_line { /* one envelope, as it was received */
	const void *bytes;
	size_t len;
};
/* The same of envelopes at hand, for whoever has no such folder.  SL_E_SIGNATURE with the
 * names that count. */
int vouch_judge(const struct vouch_line *lines, size_t n, const uint8_t digest[HASH_LEN],
		const struct roster *r, int64_t now, struct vouch_result *ret,
		struct sl_why *why) SL_MUST_USE;
/* Is it somebody's word about this digest?  Nothing is verified. */
bool vouch_is_about(const void *bytes, size_t len, const uint8_t digest[HASH_LEN]);

#endif
