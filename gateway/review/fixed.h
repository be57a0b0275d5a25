/* fixed.h - is a revision what `sluice fix` made of an earlier one? */
#ifndef SL_REVIEW_FIXED_H
#define SL_REVIEW_FIXED_H

#include "base/json.h"
#include "review/review.h"

/* The record (sluice-fix/1, docs/protocol.md) of the newest fix of an earlier revision, when
 * the files of this one are the copies that it names, all of them and no other; NULL
 * otherwise.  Nobody claims it: digests decide.  ret_sha256: of the record; caller owns
 * *ret_record. */
int fixed_record(const struct review *v, const struct draft *d, json_t **ret_record,
		 char ret_sha256[65]) SL_MUST_USE;

#endif
