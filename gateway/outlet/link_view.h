/* link_view.h - what the receiver left in DATA/status/receiver.json, made sense of: who was
 * heard when, which units are missing, and whether each of them will still come.
 *
 * Pure.  The file is a hint between our own processes: whatever is missing or damaged in it
 * counts as unknown. */
#ifndef SL_OUTLET_LINK_VIEW_H
#define SL_OUTLET_LINK_VIEW_H

#include "base/json.h"

enum {
	LINK_VIEW_MISSING_MAX = 1000,
	LINK_VIEW_SILENT_S = 10, /* a heartbeat comes every second */
	LINK_VIEW_OLD_S = 30	 /* a role writes its status every 5 s */
};

/* What will become of a missing unit. */
enum link_fate {
	LINK_FATE_UNSAID,   /* the link has no heartbeat that would tell */
	LINK_FATE_COMING,   /* on its way right now */
	LINK_FATE_REPEATED, /* the gateway will send it again by itself */
	LINK_FATE_ASK,	    /* somebody at the gateway must send it again */
	LINK_FATES
};
struct link_missing {
	int64_t serial;
	enum link_fate fate;
	int64_t blocks, done; /* of a unit that has come in part; blocks 0: nothing of it */
};
struct link_view {
	bool known;    /* there is a status, and its writer lives */
	bool udp;      /* so the rest but full and missing means something */
	bool full;     /* what arrives is dropped */
	bool silent;   /* udp: nothing heard for LINK_VIEW_SILENT_S */
	int64_t time;  /* of the status, seconds since 1970; 0 unknown */
	int64_t heard; /* the same, of the last datagram; 0 never */
	bool outdated; /* silent, and what comes with the link's key counts as old */
	int64_t loss_permille,
		planned_permille; /* of the last minute; what repair makes good */
	int64_t wrong_mac, malformed, replayed, overflow, no_room;
	int64_t buffer_asked, buffer_got; /* bytes */
	int64_t missing_count;		  /* may be more than are listed */
	unsigned n;
	struct link_missing missing[LINK_VIEW_MISSING_MAX];
};
/* receiver NULL: nothing is known. */
void link_view_of(const json_t *receiver, int64_t now, struct link_view *ret_v);
/* How many of the listed ones have this fate? */
unsigned link_view_count(const struct link_view *v, enum link_fate fate);
/* "17 19-21" (separator between them): the serials of one fate, LINK_FATES for all, at most
 * `most` ranges and then "...". */
void link_view_ranges(const struct link_view *v, enum link_fate fate, const char *separator,
		      unsigned most, struct buf *out);

#endif
