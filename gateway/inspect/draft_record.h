/* draft_record.h - what a draft says of itself, out of its manifest and its internal fields. */
#ifndef SL_INSPECT_DRAFT_RECORD_H
#define SL_INSPECT_DRAFT_RECORD_H

#include "base/json.h"
#include "policy/policy.h"

struct draft;
struct store;

struct draft_record {
	struct scan_record scan; /* points into what follows; for the draft's first file */
	char given[SCAN_GIVEN_MAX], source_type[SCAN_SOURCE_MAX], question[SCAN_QUESTION_MAX];
	char category[SCAN_CATEGORY_MAX];
};
/* Out of the manifest's members and the internal fields (NULL: none); `scan` points into
 * *ret_r, which therefore is not copied.  Values are the author's. */
void draft_record_read(const json_t *manifest, const json_t *internal,
		       struct draft_record *ret_r);
/* Of a draft whose manifests have been offered. */
int draft_record_load(struct store *s, const struct draft *d, struct draft_record *ret_r,
		      struct sl_why *why) SL_MUST_USE;

#endif
