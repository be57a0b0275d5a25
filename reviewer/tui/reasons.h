/* reasons.h - the codes to return or refuse a draft with, as the gateway's list has them.
 *
 * Asked for once a session: what a bureau writes into policies/codes.yaml is what can be
 * picked here.  The desk checks the code that was signed against the list in force. */
#ifndef SL_REVIEWER_TUI_REASONS_H
#define SL_REVIEWER_TUI_REASONS_H

#include "tui/dialog.h"

enum { REASONS_MAX = 100 };

struct reasons {
	json_t *list; /* of codes.list; NULL: not asked for yet */
};
/* Ask the gateway, unless it has answered before. */
int reasons_load(struct reasons *r, struct session *s, struct sl_why *why) SL_MUST_USE;
/* Forget it; the next time the gateway is asked again.  Zeroed is fine. */
void reasons_release(struct reasons *r);
/* Those to return with (to refuse with), in the person's language.  Borrowed from r. */
unsigned reasons_items(const struct reasons *r, bool refusal,
		       struct dialog_item items[REASONS_MAX]);

#endif
