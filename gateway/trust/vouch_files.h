/* vouch_files.h - the files of a set of rules by their digests, to say which one was touched.
 *
 * {"lists/typos.yaml":"<sha256>","packs/pi.yaml":"…","policy.yaml":"…"}: the files that the
 * digest of the set covers.  It decides nothing; the digest does. */
#ifndef SL_TRUST_VOUCH_FILES_H
#define SL_TRUST_VOUCH_FILES_H

#include "base/err.h"
#include "base/json.h"

enum { VOUCH_LISTED_MAX = 300, VOUCH_DIFFERENCE = 240 };

/* Of the directory as it is.  Caller owns *ret_files.  SL_E_LIMIT: more than are listed. */
int vouch_files(const char *dir, json_t **ret_files) SL_MUST_USE;
/* Is this such an object?  NULL is one: older statements have none. */
bool vouch_files_ok(const json_t *files);
/* The first difference as a part of a sentence, translated; "" when there is none. */
void vouch_files_differ(const json_t *was, const json_t *is, char out[VOUCH_DIFFERENCE]);

#endif
