/* pull_hint.h - what an outlet says about itself in status.json: a hint, and no more.
 *
 * Hostile and unsigned: nothing that is published depends on it.  It can only make a
 * platform say "this outlet does not have everything" earlier than the signed timestamp
 * runs out.  Another web server in front that has no such file, or a file of that name which
 * is something else, is no error. */
#ifndef SL_OUTLET_PULL_HINT_H
#define SL_OUTLET_PULL_HINT_H

#include "outlet/fetch.h"

enum {
	PULL_HINT_BYTES = 64 << 10,
	PULL_HINT_MISSING = 1000,
	PULL_HINT_SILENT_S = 600, /* so long nothing heard is worth telling */
	PULL_HINT_OLD_S = 3600	  /* a copy somebody keeps: it says nothing about now */
};
#define PULL_HINT_FILE "status.json"

struct pull_hint {
	bool running, silent, full;
	int64_t time;  /* of the hint, seconds since 1970 */
	int64_t heard; /* the same, of the gateway; 0 not said */
	int64_t missing_count;
	unsigned n;
	int64_t missing[PULL_HINT_MISSING]; /* ascending */
};
/* SL_E_FORMAT for anything but what status_page.h writes; ret_h is then untouched. */
int pull_hint_parse(const void *bytes, size_t len, struct pull_hint *ret_h) SL_MUST_USE;
/* Is there something that this outlet has not got?  Then a sentence in the person's language
 * goes into out. */
bool pull_hint_behind(const struct pull_hint *h, int64_t now, struct buf *out);
/* Ask the outlet; false: it says nothing that can be used. */
bool pull_hint_fetch(struct fetch *f, struct pull_hint *ret_h);

#endif
