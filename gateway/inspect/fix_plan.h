/* fix_plan.h - from the findings of one file to the masks that mend it.
 *
 * Pure: a report of inspection.md section 7 and the extracted text in, masks and rows for the
 * record of the fix out.  The original text is taken from the extracted segments by the
 * finding's place, never from the masked excerpt; rows hold masked text only. */
#ifndef SL_INSPECT_FIX_PLAN_H
#define SL_INSPECT_FIX_PLAN_H

#include "base/json.h"
#include "inspect/fix_masks.h"

struct fix_plan {
	struct fix_masks masks;
	json_t *rows;	 /* {"rule","severity","where","line","column","page","before","after"}
			    of what is masked: the line as it was and as it will be; more
			    members until fix_plan_settle */
	json_t *by_hand; /* {"rule","severity","where","line","column","page","excerpt","why",
			    "message"} of what is left to a person; why: "filename" "picture"
			    "source" (this kind of file takes no masks) "metadata" (nor is it
			    cleaned) "long" "place" (not found in the text) "meaning" (to be
			    worded anew) "return" "left" (masked elsewhere, but can still
			    be read at this place of the copy) */
};
enum { FIX_USE_CAP = 96 }; /* of a replacement, as the cleaner names it */

/* report: of the file; text: its segments (segment_put records).  SL_E_FORMAT, SL_E_NOMEM. */
int fix_plan_make(const json_t *report, const void *text, size_t len,
		  struct fix_plan *ret_p) SL_MUST_USE;
struct fix_outcome {		 /* what the cleaner says of its copy; borrowed */
	const char *const *used; /* replacements, as it named them */
	size_t n_used;
	/* Places of the copy where what a replacement is for can still be read; "" and "":
	 * nobody knows where. */
	struct fix_left {
		const char *where, *with;
	} const *left;
	size_t n_left;
	bool copied; /* it did its work, whether or not something is different */
};
/* After the cleaning: rows of which no replacement was used, or that can still be read at
 * their place, are left to a person.  So is what is left at places without a finding. */
int fix_plan_settle(struct fix_plan *p, const struct fix_outcome *o) SL_MUST_USE;
void fix_plan_release(struct fix_plan *p);
/* Can the cleaner put masks into files of this media type? */
bool fix_plan_maskable(const char *type);

#endif
