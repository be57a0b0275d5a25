/* store_private.h - what the files of store/ share; nobody else includes it. */
#ifndef SL_STORE_STORE_PRIVATE_H
#define SL_STORE_STORE_PRIVATE_H

#include "store/db.h"
#include "store/store.h"

struct store {
	struct db db;
	enum store_access access;
	int objects; /* DATA/objects */
	int uploads; /* DATA/uploads; -1 for all but the desk */
	int sealed;  /* DATA/sealed, likewise */
};

/* "D-2026-000123" or "R-2026-000123" -> 2026000123; SL_E_FORMAT. */
int draft_number(const char *id, char kind, int64_t *ret_number) SL_MUST_USE;

/* Both inside the caller's transaction: */
int move_within(struct store *s, const char *id, int64_t revision, enum draft_state from,
		enum draft_state to, const struct draft_change *c,
		struct sl_why *why) SL_MUST_USE;
int audit_within(struct store *s, const char *kind, const char *actor, const char *draft,
		 const json_t *record) SL_MUST_USE;
/* Hand on the rows of a query of seq, ms, kind, actor, record, and end the query. */
int audit_rows(sqlite3_stmt *q,
	       int (*fn)(int64_t seq, int64_t ms, const char *kind, const char *actor,
			 const char *record, void *arg),
	       void *arg) SL_MUST_USE;
/* The same, and takes `record` in every case; NULL record is SL_E_NOMEM. */
int audit_take(struct store *s, const char *kind, const char *actor, const char *draft,
	       json_t *record) SL_MUST_USE;
/* clocks.c: what a move, or an event that is none, does to the clocks of a draft; also writes
 * draft.due. */
struct clock_turn {
	const char *word;   /* the new state, or the event */
	const char *second; /* "third-party" of a referral for one's opinion; NULL */
	bool is_state;
	int64_t now;
};
int clock_turn(struct store *s, int64_t number, int64_t revision /* 0: newest */,
	       const struct clock_turn *t) SL_MUST_USE;
/* Write objects/ab/<sha256> durably, whatever its size; `bytes` have that digest. */
int object_put_file(struct store *s, const char *sha256, const void *bytes,
		    size_t len) SL_MUST_USE;
/* "ab/<sha256>" below objects/; false when sha256 is not 64 hex digits. */
bool object_path(const char *sha256, char out[3 + 64 + 1]);

#endif
