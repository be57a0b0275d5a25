/* store.h - the gateway's memory: drafts, decisions and audit in SQLite, bytes in objects/.
 *
 *   DATA/store/sluice.db   WAL, STRICT tables, trusted_schema=OFF, foreign keys,
 *                          synchronous=FULL, an authorizer per role
 *   DATA/objects/ab/<sha256>   content-addressed, fsync + rename, never changed: bodies, and
 *                          whatever is too large for a row of the table `object`
 *   DATA/uploads/<pid>-<sha256>.part   resumable uploads
 *   DATA/sealed/<draft>-<revision>-<n>.sealed   spilled bodies
 *
 * A draft's life (architecture.md); ONE table of legal transitions and ONE
 * function, store_move, performs them; each writes its audit entry in the same
 * transaction.  All times are unix seconds. */
#ifndef SL_STORE_STORE_H
#define SL_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "crypto/hash.h"

struct store;

enum store_access {
	STORE_DESK,	 /* everything but audit updates and deletes (nobody may) */
	STORE_INSPECTOR, /* read; drafts' state, report, verdict; inspection envelopes; audit
			    insert */
	STORE_RELEASER,	 /* read; drafts' state and releases; audit insert */
	STORE_READER	 /* read only (doctor, export of a damaged store) */
};

enum draft_state {
	DRAFT_PREPARED, /* number given, manifests offered, not yet signed: nobody sees it */
	DRAFT_SUBMITTED,
	DRAFT_INSPECTING,
	DRAFT_SPILL,
	DRAFT_BLOCKED,
	DRAFT_HELD,
	DRAFT_IN_REVIEW,
	DRAFT_RETURNED,
	DRAFT_REFUSED,
	DRAFT_REFERRED,
	DRAFT_APPROVED,
	DRAFT_RELEASED,
	DRAFT_SENT,
	DRAFT_CORRECTED,
	DRAFT_FROZEN,
	DRAFT_WITHDRAWN,
	DRAFT_CANCELED,
	DRAFT_REPLACED /* by a new revision */,
	DRAFT_STATE_COUNT
};
const char *draft_state_name(enum draft_state s); /* "IN_REVIEW" */
int draft_state_from_name(const char *name, enum draft_state *ret_s) SL_MUST_USE;
bool draft_move_legal(enum draft_state from, enum draft_state to);

/* Open (desk creates and migrates).  A corrupt database gives SL_E_CORRUPT with
 * a sentence; STORE_READER then still opens what can be read. */
int store_open(const char *data_dir, enum store_access access, struct store **ret_s,
	       struct sl_why *why) SL_MUST_USE;
void store_close(struct store *s);
/* Free bytes of the file system that holds the objects; 0 when unknown. */
uint64_t store_free_space(const struct store *s);
/* One handle belongs to one thread; open another for another thread. */
/* A reader's handle: whoever shows something must log it, since no audit can be kept. */
bool store_read_only(const struct store *s);

enum store_fitness {
	STORE_SOUND,	 /* also when nobody has made it yet */
	STORE_DAMAGED,	 /* the database is; STORE_READER may still open it */
	STORE_UNWRITABLE /* whole, but a folder or the file refuses to be written */
};
const char *store_fitness_name(enum store_fitness f); /* "sound", "damaged", "unwritable" */
int store_fitness_from_name(const char *name, enum store_fitness *ret_f) SL_MUST_USE;
/* May the desk open it?  Reads all of the database and changes nothing; `why` gets a
 * sentence when it may not.  An error when even that cannot be told. */
int store_look(const char *data_dir, enum store_fitness *ret_f, struct sl_why *why) SL_MUST_USE;
/* Only that it is damaged, and sure of it: whoever was told SL_E_CORRUPT asks whether
 * the database is, and then ends; one damaged object is no reason for that. */
bool store_is_damaged(const char *data_dir);

/* Several calls as one change, durable once and together: store_end commits when
 * r is 0, else takes everything back; returns r or the commit's error.  Others
 * cannot write meanwhile, so nothing slow stands between the two. */
int store_begin(struct store *s) SL_MUST_USE;
/* The same for what nobody has been promised yet: it becomes durable with the next
 * change that store_begin starts. Desk only. */
int store_begin_soft(struct store *s) SL_MUST_USE;
int store_end(struct store *s, int r) SL_MUST_USE;

/* ---- objects ---- */
/* Up to this many bytes a stored object is a row of the database, above it a file. */
enum { STORE_SMALL_OBJECT = 32 << 10 };
/* Durable on return, or with the enclosing store_end. */
int store_object_put(struct store *s, const void *bytes, size_t len,
		     char ret_sha256[65]) SL_MUST_USE;
/* A body that an author sent: read-only descriptor and length; SL_E_NOTFOUND; hash
 * is NOT re-checked here.  What store_object_put kept is not found here. */
int store_object_open(struct store *s, const char *sha256,
		      uint64_t *ret_len) SL_MUST_USE; /* fd or error */
/* At most `max` bytes of any object from `offset` on, appended, and its whole
 * length; SL_E_LIMIT when the offset lies past the end. Hash not re-checked. */
int store_object_read(struct store *s, const char *sha256, uint64_t offset, size_t max,
		      struct buf *out, uint64_t *ret_total) SL_MUST_USE;
/* Whole object, hash re-checked (SL_E_CORRUPT). */
int store_object_get(struct store *s, const char *sha256, size_t max,
		     struct buf *out) SL_MUST_USE;
int store_upload_begin(struct store *s, const char *pid, const char *sha256, uint64_t length,
		       uint64_t *ret_offset, struct sl_why *why) SL_MUST_USE;
int store_upload_chunk(struct store *s, const char *pid, const char *sha256, uint64_t offset,
		       const void *bytes, size_t len, uint64_t *ret_offset,
		       struct sl_why *why) SL_MUST_USE;
int store_upload_finish(struct store *s, const char *pid, const char *sha256,
			struct sl_why *why) SL_MUST_USE;
/* A whole body at once, durable on return; SL_E_SIGNATURE when `sha256` is not its
 * digest.  It is nobody's until store_upload_note says who sent it. */
int store_body_put(struct store *s, const char *sha256, const void *bytes, size_t len,
		   struct sl_why *why) SL_MUST_USE;
int store_upload_note(struct store *s, const char *pid, const char *sha256,
		      uint64_t length) SL_MUST_USE;
/* Has this person sent all bytes of this object (and is it still there)? 0 or SL_E_NOTFOUND.
 * Nobody may use in a draft what only somebody else has sent. */
int store_upload_owned(struct store *s, const char *pid, const char *sha256,
		       uint64_t length) SL_MUST_USE;
/* Forget unfinished uploads begun before that moment. */
int store_upload_sweep(struct store *s, int64_t before) SL_MUST_USE;
/* Remove an object's plaintext (spill); missing is fine. */
int store_object_remove(struct store *s, const char *sha256) SL_MUST_USE;

/* ---- drafts ---- */
struct draft_file {
	char name[256];
	char media_type[128];
	char sha256[65];
	uint64_t length;
};
struct draft {
	int64_t number; /* row number; id is "D-YYYY-NNNNNN", release id "R-YYYY-NNNNNN" */
	char id[24], release[24];
	int64_t revision;
	enum draft_state state;
	char author[48], submitter[48], unit[48];
	char title[512], content_type[16], column[128], disclosure[64];
	char channels[16][64];
	unsigned n_channels;
	char klass[8];	   /* route in force: of the manifest that goes forward */
	char verdict[16];  /* "" until inspected */
	char manifest[65]; /* sha256 of the manifest that goes forward, "" before */
	char report[65];   /* sha256 of the merged report object */
	char submission[65], inspection[65]; /* sha256 of the envelope objects */
	char corrects[24];		     /* release this corrects, or "" */
	char state_reason[512];	       /* code and sentence for RETURNED, REFUSED, HELD … */
	int64_t created, changed, due; /* due: outer clock of the present stage, 0 none */
	int64_t serial;		       /* of the release, 0 before */
	bool seeing; /* SUBMITTED, INSPECTING: in the queue of those with pictures */
	struct draft_file *files;
	unsigned n_files;
};
void draft_release(struct draft *d);

struct draft_offer {
	char klass[8];
	char manifest[65];
	char submission[65];
};
/* New draft (number 0) or new revision of one (number set): state PREPARED.
 * `token` makes a retry by the same submitter find the same draft: then d becomes
 * what is stored (SL_E_CONFLICT when its files or title differ). Files must be
 * objects that the submitter uploaded (SL_E_NOTFOUND). Assigns number (year *
 * 1000000 + running number of that year, never reused), id, release, revision.
 * A new revision stays out of sight until it is SUBMITTED, which moves the one
 * before it to REPLACED in the same transaction. */
int store_draft_prepare(struct store *s, struct draft *d, const char *token,
			struct sl_why *why) SL_MUST_USE;
/* Record the manifests offered (and, once signed, the submission envelopes). */
int store_draft_offers_set(struct store *s, const struct draft *d, const struct draft_offer *o,
			   unsigned n) SL_MUST_USE;
int store_draft_offers(struct store *s, const struct draft *d, struct draft_offer *ret,
		       unsigned cap, unsigned *ret_n) SL_MUST_USE;
/* Fields of a revision that never leave the house, as JSON: the question that a reply
 * answers, another body's consent.  Put once; a second time for the same revision changes
 * nothing.  Get: appended; SL_E_NOTFOUND when there are none.  Read: the same parsed, NULL when
 * there are none; the caller's. */
enum { STORE_INTERNAL_MAX = 16 << 10 };
int store_internal_put(struct store *s, int64_t number, int64_t revision,
		       const char *fields) SL_MUST_USE;
int store_internal_get(struct store *s, int64_t number, int64_t revision,
		       struct buf *out) SL_MUST_USE;
int store_internal_read(struct store *s, int64_t number, int64_t revision,
			json_t **ret_fields) SL_MUST_USE;
int store_draft_get(struct store *s, const char *id, int64_t revision /* 0: newest */,
		    struct draft *ret_d) SL_MUST_USE;
/* The same for a person who handed it in; SL_E_NOTFOUND for everyone else's too, with
 * the same sentence, so that nobody learns which numbers exist.  id may be NULL. */
int store_draft_own(struct store *s, const char *pid, const char *id, int64_t revision,
		    struct draft *ret_d, struct sl_why *why) SL_MUST_USE;
struct draft_filter {
	const enum draft_state *states;
	unsigned n_states;
	const char *author;
	const char *unit;
	const char *klass;
	const char *not_channel; /* leave out what has this one channel only */
	unsigned limit;
	int64_t after_number;
};
/* The published (or once published) version of a release, newest first. */
int store_draft_by_release(struct store *s, const char *release,
			   struct draft *ret_d) SL_MUST_USE;
/* Newest revision of each draft, by due then number; at most `limit` (0: 10,000).
 * PREPARED ones only when asked for by name. `files` is not filled.
 * fn returns non-zero to stop; that value is returned. */
int store_draft_each(struct store *s, const struct draft_filter *f,
		     int (*fn)(const struct draft *d, void *arg), void *arg) SL_MUST_USE;

enum draft_order {
	DRAFT_BY_DUE,
	DRAFT_BY_RISK,
	DRAFT_BY_AGE, /* the eldest first */
	DRAFT_BY_UNIT,
	DRAFT_BY_TITLE,
	DRAFT_BY_NUMBER
};
enum { DRAFT_WORDS_MAX = 8, DRAFT_WINDOW_MAX = 500, DRAFT_OFFSET_MAX = 10000000 };
/* A window of a list.  Of what is not inspected yet no title, and of a SPILL nothing but
 * state and times, is compared or sorted by: an order must not tell what a row may not. */
struct draft_query {
	enum draft_state states[DRAFT_STATE_COUNT];
	unsigned n_states;			     /* at least 1 */
	char unit[48], rule[16], type[16], klass[8]; /* "": any */
	char told[48]; /* role that is told of its late step; "any"; "": whatever (turn.h) */
	int64_t created_before, created_after; /* 0: whenever */
	int64_t due_before, due_after;	       /* 0: whenever; without a clock: neither */
	struct {
		char text[64];
		bool exact;	  /* large and small letters are different */
	} words[DRAFT_WORDS_MAX]; /* all of them, in the title */
	unsigned n_words;
	enum draft_order order;
	bool reverse;
	unsigned limit, offset; /* limit: 1 … DRAFT_WINDOW_MAX */
};
/* Newest revisions in that order, those of the window; *ret_total: how many there are in
 * all.  `files` is not filled; fn returns non-zero to stop, and that is returned. */
int store_draft_window(struct store *s, const struct draft_query *q, uint64_t *ret_total,
		       int (*fn)(const struct draft *d, void *arg), void *arg) SL_MUST_USE;

/* Place in that order (limit and offset do not count) of the next draft after place `from`, or
 * the one before, whose title has the text or whose number ends with it; from the other end
 * when there is none.  SL_E_NOTFOUND when no draft of the list has it. */
int store_draft_find(struct store *s, const struct draft_query *q, const char *text, bool exact,
		     unsigned from, bool backwards, unsigned *ret_place) SL_MUST_USE;

/* How many drafts (newest revisions) are in each state. */
int store_draft_counts(struct store *s, uint64_t ret_counts[DRAFT_STATE_COUNT]) SL_MUST_USE;

struct sketch_row;
/* What inspection left of one file: digests of objects, "" for none. */
struct draft_result {
	char report[65]; /* its own report, kept when the draft's report leaves out a part */
	char text[65];
	const struct sketch_row *sketch; /* store/sketch.h; NULL: none */
};
/* What goes with a move, all in one transaction; NULL / 0 fields are left alone. */
struct draft_change {
	const char *actor;  /* pid or process name, for audit */
	const char *reason; /* sentence or code */
	const char *verdict, *manifest, *klass, *report, *inspection, *submission;
	int64_t due;
	int64_t serial;
	bool seeing; /* from now on it waits in the queue of drafts with pictures */
	/* What was found, for lists: " PI-001 WS-004 ", each rule once; NULL: as it was. */
	const char *rules;
	unsigned worst;			    /* severity of the worst of them: 0 … 4, or 9 */
	const struct draft_result *results; /* of files 0 … n_results - 1 */
	unsigned n_results;
};
/* SL_E_CONFLICT when the draft is no longer in `from` at this revision; SL_E_STATE when
 * illegal. */
int store_move(struct store *s, const char *id, int64_t revision, enum draft_state from,
	       enum draft_state to, const struct draft_change *c,
	       struct sl_why *why) SL_MUST_USE;
/* Inspector: claim one SUBMITTED draft (moves it to INSPECTING); SL_E_NOTFOUND when none.
 * seeing: of which of the two queues; reading pictures takes seconds, and a text must not
 * wait for that.  At start, store_draft_requeue moves INSPECTING ones of a dead inspector
 * back, each to the queue it was in. */
int store_draft_claim(struct store *s, const char *actor, bool seeing,
		      struct draft *ret_d) SL_MUST_USE;
/* Both at once for an inspector that goes on: store_move, and in the same transaction the
 * next draft of this queue is claimed for c->actor; ret_next->number stays 0 when none
 * could be. */
int store_move_claim(struct store *s, const char *id, int64_t revision, enum draft_state from,
		     enum draft_state to, const struct draft_change *c, bool seeing,
		     struct draft *ret_next, struct sl_why *why) SL_MUST_USE;
/* How many wait in the queue of drafts with pictures, and how many are being read. */
int store_seeing_counts(struct store *s, uint64_t *ret_waiting,
			uint64_t *ret_reading) SL_MUST_USE;
int store_draft_requeue(struct store *s, const char *actor) SL_MUST_USE;
/* Per-file report and text objects of a revision. */
int store_file_result(struct store *s, const char *id, int64_t revision, unsigned index,
		      const char *report_sha256, const char *text_sha256) SL_MUST_USE;
int store_file_results(struct store *s, const char *id, int64_t revision, unsigned index,
		       char ret_report[65], char ret_text[65]) SL_MUST_USE;

/* ---- fixes: cleaned copies that an author asked for ---- */
enum fix_state { FIX_NONE, FIX_ASKED, FIX_WORKING, FIX_DONE, FIX_FAILED };
const char *fix_state_name(enum fix_state s); /* "none" "asked" "working" "done" "failed" */
struct fix {
	char draft[24];
	int64_t revision;
	char pid[48];
	enum fix_state state;
	char record[65]; /* sha256 of the record object (docs/protocol.md); FAILED: of a part */
	char reason[512]; /* FAILED: a sentence */
	char edits[65];	  /* envelope with the edits to apply; "": mend what was found */
};
/* Record the wish and audit it, unless it waits or is worked on already (SL_E_CONFLICT when
 * that is another wish). edits: as above. */
int store_fix_ask(struct store *s, const char *pid, const char *id, int64_t revision,
		  const char *edits) SL_MUST_USE;
/* SL_E_NOTFOUND: never asked for. */
int store_fix_get(struct store *s, const char *id, int64_t revision,
		  struct fix *ret_f) SL_MUST_USE;
/* The newest DONE one of an earlier revision; SL_E_NOTFOUND. */
int store_fix_before(struct store *s, const char *id, int64_t revision,
		     struct fix *ret_f) SL_MUST_USE;
/* Inspector: take the eldest wish (it becomes WORKING), SL_E_NOTFOUND when there is none;
 * say what came of it (DONE or FAILED, audited; SL_E_CONFLICT when it is not WORKING any
 * more); at start, give back what a dead inspector had taken. */
int store_fix_claim(struct store *s, struct fix *ret_f) SL_MUST_USE;
int store_fix_end(struct store *s, const struct fix *f) SL_MUST_USE;
int store_fix_requeue(struct store *s) SL_MUST_USE;
/* Remove the row of a draft that spilled; none is fine. */
int store_fix_forget(struct store *s, const char *id, int64_t revision) SL_MUST_USE;

/* ---- decisions ---- */
struct vote {
	char pid[48], role[48], decision[16], envelope[65], code[32], reason[512];
	int64_t time;
	bool counts;	     /* an approval that nothing has made void */
	bool overruled;	     /* read: an appeal was admitted after it */
	char stands_for[48]; /* whom the person stood in for, or "" */
};
/* Record a vote envelope (already judged) and, in the same transaction, optionally move the
 * draft. */
int store_vote_add(struct store *s, const char *id, int64_t revision, const struct vote *v,
		   enum draft_state to /* present state: no move */,
		   const struct draft_change *c, struct sl_why *why) SL_MUST_USE;
int store_vote_each(struct store *s, const char *id, int64_t revision,
		    int (*fn)(const struct vote *v, void *arg), void *arg) SL_MUST_USE;
/* How many votes a revision has. */
int store_vote_count(struct store *s, const char *id, int64_t revision,
		     unsigned *ret_n) SL_MUST_USE;
/* What was delivered to whom: part is "manifest", "report", "text:0", "file:0". */
int store_shown_add(struct store *s, const char *pid, const char *id, int64_t revision,
		    const char *part, const char *sha256) SL_MUST_USE;
int store_shown_each(struct store *s, const char *pid, const char *id, int64_t revision,
		     int (*fn)(const char *part, const char *sha256, void *arg),
		     void *arg) SL_MUST_USE;

/* ---- orders (freeze, withdraw, confirm, reinstate; correct) for the releaser ---- */
enum { STORE_ORDER_AGE_S = 7 * 24 * 3600 /* two persons agree within this time */ };
struct order {
	int64_t number;
	char release[24];
	int64_t version;
	char action[16];
	char envelope[65]; /* the signed order; of a correction: the newer release's manifest */
	char second[65];   /* the other person's order, where two are needed; "" else */
	char pid[48];
	char reason[512];
	int64_t time;
	int64_t freeze; /* confirm and reinstate: serial of the freeze it answers; 0 else */
	int64_t serial;
};
/* In the same transaction a RELEASED, SENT or CORRECTED draft becomes FROZEN when the
 * action is "freeze" or "withdraw". SL_E_EXISTS when this envelope is already recorded,
 * SL_E_NOTFOUND when nothing of that release and version was published. */
int store_order_add(struct store *s, const struct order *o, struct sl_why *why) SL_MUST_USE;
/* The oldest one that can be carried out: a person's freeze or withdrawal, or a pair of
 * orders of two persons that say the same (`number` and `envelope` are the elder's), or a
 * correction.  SL_E_NOTFOUND. */
int store_order_next(struct store *s, struct order *ret) SL_MUST_USE;
/* It was carried out as this serial, or dropped (0); its pair goes with it. */
int store_order_done(struct store *s, int64_t number, int64_t serial) SL_MUST_USE;
/* Serial of the newest freeze of this version that went out; SL_E_NOTFOUND. */
int store_order_frozen(struct store *s, const char *release, int64_t version,
		       int64_t *ret_serial) SL_MUST_USE;
/* Different persons whose open orders say the same as this one, it included. */
int store_order_persons(struct store *s, const struct order *o, unsigned *ret_n) SL_MUST_USE;

/* ---- spill ---- */
struct spill {
	char draft[24];
	int64_t revision;
	char rule[16];
	char sha256[65];
	int64_t found, report_due;
};
int store_spill_add(struct store *s, const struct spill *p) SL_MUST_USE;
int store_spill_each(struct store *s, int (*fn)(const struct spill *p, void *arg),
		     void *arg) SL_MUST_USE;
/* Take the words of a SPILL draft out of the store: title and file names become
 * empty, its manifests and submission envelopes are deleted and the log of the
 * database is folded in, so that no page keeps them.  Bodies are removed by
 * store_object_remove after they were sealed. */
int store_draft_conceal(struct store *s, const char *id, int64_t revision,
			const char *actor) SL_MUST_USE;

/* ---- audit: append only ---- */
/* kind such as "draft.move", "request.refused", "review.show"; record is a small JSON object
 * (borrowed). */
int store_audit(struct store *s, const char *kind, const char *actor,
		const json_t *record) SL_MUST_USE;
/* Time (unix ms) of the newest entry, 0 when there is none. */
int store_audit_newest(struct store *s, int64_t *ret_ms) SL_MUST_USE;
int store_audit_each(struct store *s, const char *draft,
		     int (*fn)(int64_t seq, int64_t ms, const char *kind, const char *actor,
			       const char *record, void *arg),
		     void *arg) SL_MUST_USE;

/* One row with what proves it: hash = SHA-256(salt || record). */
struct audit_row {
	int64_t seq, ms;
	char kind[64], actor[64];
	uint8_t salt[32], hash[HASH_LEN];
	struct buf record; /* at most 64 KiB */
};
void audit_row_init(struct audit_row *row); /* once, for any number of rows */
void audit_row_release(struct audit_row *row);
/* Number of the newest row, 0 when there is none. */
int store_audit_last(struct store *s, int64_t *ret_seq) SL_MUST_USE;
/* The first row after `seq` in the order of their numbers; SL_E_NOTFOUND. */
int store_audit_after(struct store *s, int64_t seq, struct audit_row *row) SL_MUST_USE;
/* Is the row's hash that of its salt and record? */
bool store_audit_row_ok(const struct audit_row *row);
/* Is there a row after `seq` that is not of this kind? */
int store_audit_pending(struct store *s, int64_t seq, const char *but,
			bool *ret_pending) SL_MUST_USE;

/* Write every row that can be read to fd, one JSON object a line ({"draft":{…}},
 * {"vote":{…}}, {"audit":{…}} …); for a damaged database opened by STORE_READER.
 * *ret_damaged: some rows could not be read, and some may be there twice. */
int store_export(struct store *s, int fd, uint64_t *ret_rows, bool *ret_damaged) SL_MUST_USE;

#endif
