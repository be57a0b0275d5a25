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
			    worded anew) "return" */
};
enum { FIX_USE_CAP = 96 }; /* of a replacement, as the cleaner names it */

/* report: of the file; text: its segments (segment_put records).  SL_E_FORMAT, SL_E_NOMEM. */
int fix_plan_make(const json_t *report, const void *text, size_t len,
		  struct fix_plan *ret_p) SL_MUST_USE;
/* After the cleaning: rows of which no replacement was used (`used`, as the cleaner named
 * them) are left to a person: where they stand no mask was put.  copied: there is a copy. */
int fix_plan_settle(struct fix_plan *p, const char *const *used, size_t n,
		    bool copied) SL_MUST_USE;
void fix_plan_release(struct fix_plan *p);
/* Can the cleaner put masks into files of this media type? */
bool fix_plan_maskable(const char *type);

#endif
