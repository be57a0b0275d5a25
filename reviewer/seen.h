/* seen.h - what this machine really showed to this person.
 *
 * Kept in CACHE/<pid>/<draft>-<revision>.json.  The desk keeps its own list of
 * what it delivered; an approval carries the digest of ours and the desk
 * compares, so neither side can claim more than happened. */
#ifndef SL_REVIEWER_SEEN_H
#define SL_REVIEWER_SEEN_H

#include "case.h"

struct seen; /* set of part -> sha256 */

int seen_load(const struct client_config *config, const char *draft, int64_t revision,
	      struct seen **ret_s, struct sl_why *why) SL_MUST_USE;
void seen_free(struct seen *s);
/* Note a part as shown and write the file durably. */
int seen_add(struct seen *s, const char *part, const char *sha256) SL_MUST_USE;
bool seen_has(const struct seen *s, const char *part, const char *sha256);
/* SHA-256 of the canonical list (docs/protocol.md, "What was shown"). */
int seen_digest(const struct seen *s, char ret_sha256[65]) SL_MUST_USE;
/* Parts of the case never shown, one name a line appended to `out` ("the report",
 * "notice.docx"); 0 when all was shown, else SL_E_DENIED. */
int seen_complete(const struct seen *s, const struct review_case *c,
		  struct buf *out) SL_MUST_USE;

#endif
