/* status_page.h - "does new material arrive here?": /status for people and /status.json for
 * programs, of the outlet's own server.
 *
 * Unsigned, and nothing in it is secret: what is missing by serial, when the gateway was
 * heard, how old the timestamp is.  Platforms take it for a hint (pull_hint.h). */
#ifndef SL_OUTLET_STATUS_PAGE_H
#define SL_OUTLET_STATUS_PAGE_H

#include "outlet/link_view.h"

#define STATUS_PAGE_FORMAT "sluice-outlet-status/1"

struct status_page {
	int64_t now;
	bool running; /* receiver and installer wrote their status lately */
	struct link_view link;
	int64_t version, expires; /* of the timestamp that platforms see; 0: none yet */
};

/* Each may be NULL: unknown.  timestamp is the whole signed file. */
void status_page_of(const json_t *receiver, const json_t *installer, const json_t *timestamp,
		    int64_t now, struct status_page *ret_p);
/* {"format","full","heard"?,"link":"udp"?,"missing":[…],"missing_count","running","silent",
 * "time","timestamp"?:{"expires","stale","version"}}; missing: those that are not on their
 * way just now. */
int status_page_json(const struct status_page *p, struct buf *out) SL_MUST_USE;
int status_page_html(const struct status_page *p, bool zh, struct buf *out) SL_MUST_USE;

#endif
