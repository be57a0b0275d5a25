/* deliver.h - parts of a draft on their way to a person, and the record of what was shown.
 *
 * A part counts as delivered when all its bytes went out in order: asking for the
 * last piece alone is not reading. */
#ifndef SL_REVIEW_DELIVER_H
#define SL_REVIEW_DELIVER_H

#include "review/review.h"

int delivery_new(struct delivery **ret_y) SL_MUST_USE;
void delivery_free(struct delivery *y);
/* Bytes [offset, offset + len) of `total` go to pid now; true when the part is complete. */
bool delivery_step(struct delivery *y, const char *pid, const struct draft *d, const char *part,
		   uint64_t offset, uint64_t len, uint64_t total);

/* Remember that this person was shown this part (once). */
int deliver_mark(const struct review *v, const char *pid, const struct draft *d,
		 const char *part, const char *sha256) SL_MUST_USE;
/* shown[] : [{part, sha256}] in order of part. */
int deliver_shown(const struct review *v, const char *pid, const struct draft *d,
		  json_t **ret_list) SL_MUST_USE;
/* Was everything shown to this person as it is now, and is the digest the one the
 * person signed?  SL_E_DENIED names what is missing. */
int deliver_check(const struct review *v, const char *pid, const struct draft *d,
		  const char *shown_sha256, struct sl_why *why) SL_MUST_USE;

#endif
