/* recheck.h - what is to be inspected again, how far that is, and what it found in public.
 *
 * The basis is what findings depend on beside the bytes: rules and virus signatures, as the
 * filters name them.  When it changes, everything that waits for a decision or is public is
 * put in a queue once; a row leaves it when its draft was inspected under that basis.  Killed
 * in between, the rest of the queue is still there. */
#ifndef SL_STORE_RECHECK_H
#define SL_STORE_RECHECK_H

#include "store/store.h"

enum { RECHECK_BASIS_MAX = 400 };

/* Is this another basis than the one on record?  Then it is recorded, the queue filled anew
 * and, of a change, the audit told, all at once. Inspector. */
int store_recheck_begin(struct store *s, const char *basis, const char *actor, bool *ret_new,
			uint64_t *ret_queued) SL_MUST_USE;
/* A draft that was just inspected under this basis: queue it if it is no longer the one on
 * record. Inspector. */
int store_recheck_note(struct store *s, const struct draft *d, const char *basis) SL_MUST_USE;
/* The next one, those that wait for a decision before those that are public; rows of drafts
 * that moved on meanwhile are dropped.  SL_E_NOTFOUND when all is done. Inspector. */
int store_recheck_next(struct store *s, struct draft *ret_d) SL_MUST_USE;
int store_recheck_done(struct store *s, const struct draft *d) SL_MUST_USE;
struct recheck_progress {
	char basis[RECHECK_BASIS_MAX];
	int64_t since;
	uint64_t total, left;
	uint64_t alerts; /* open */
};
int store_recheck_progress(struct store *s, struct recheck_progress *ret_p) SL_MUST_USE;
/* Does it wait for a decision, or is it public?  Nothing else is inspected again. */
bool store_recheck_pending(enum draft_state s);
bool store_recheck_live(enum draft_state s);

/* A new hit in something public. */
struct alert {
	int64_t number; /* of the alert */
	char draft[24], release[24];
	int64_t revision;
	char worst[4];	 /* "S1" */
	char rules[256]; /* "PI-004, PI-001" */
	char report[65]; /* sha256 of the new report */
	char title[512]; /* of the draft; only read */
	int64_t time;
};
/* With its audit entry "release.hit". Inspector. */
int store_alert_add(struct store *s, const struct alert *a) SL_MUST_USE;
/* Report of the newest alert about this version, "" for none. */
int store_alert_report(struct store *s, const struct draft *d, char ret_report[65]) SL_MUST_USE;
/* Open ones of what is still public, newest first, at most 1,000. */
int store_alert_each(struct store *s, int (*fn)(const struct alert *a, void *arg),
		     void *arg) SL_MUST_USE;
/* A person looked into it and lets it stand; audited with the reason. All open ones of the
 * release; SL_E_NOTFOUND when there is none. Desk. */
int store_alert_settle(struct store *s, const char *release, const char *pid,
		       const char *reason) SL_MUST_USE;

#endif
