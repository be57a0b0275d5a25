/* audit_log.c - the audit grows: rows become entries, entries tiles, tiles a signed checkpoint.
 *
 * Hostile: the files (audit_files.c), and rows that somebody changed behind our back.
 * Order of writing: tiles, then what is signed into DATA/log-signed, into DATA/audit, then
 * the checkpoint.  Killed in between, the larger of the two notes is the truth and the
 * tiles for it are there; nothing that was signed is ever signed otherwise. */
#include "release/audit_log.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "release/audit_private.h"
#include "release/tree.h"
#include "trust/audit_entry.h"

struct audit_log {
	struct audit_log_options o;
	struct note_key key;
	struct tlog_reader reader;
	bool proved; /* the log on the disk, since this process started */
	struct merkle_frontier frontier;
	int64_t last_seq; /* of the newest entry */
	int64_t next;	  /* not before that time */
};

int audit_log_new(const struct audit_log_options *o, struct audit_log **ret_a,
		  struct sl_why *why)
{
	struct audit_log *a = calloc(1, sizeof(*a));
	int r = a == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK) {
		a->o = *o;
		a->reader = audit_reader(&a->o.audit_fd);
		r = note_key_make(o->origin, NOTE_LOG, key_public(o->key), &a->key);
		if (r != SL_OK)
			r = why_set(why, SL_E_CONFIG, "%s cannot be the name of a log",
				    o->origin);
	}
	if (r == SL_OK)
		*ret_a = a;
	else
		audit_log_free(a);
	return r;
}

void audit_log_free(struct audit_log *a)
{
	free(a);
}

void audit_log_head(const struct audit_log *a, uint64_t *ret_size, uint8_t ret_root[HASH_LEN])
{
	*ret_size = a->frontier.size;
	merkle_root(&a->frontier, ret_root);
}

/* ---- start: what is on the disk is what was signed ---- */

struct seen {
	int64_t seq;
	char sha256[65];
};

static int see_entry(uint64_t index, const void *entry, size_t len, void *arg,
		     struct sl_why *why)
{
	struct seen *s = arg;
	struct audit_entry e;

	if (audit_entry_parse(entry, len, &e) != SL_OK || e.seq <= s->seq)
		return why_set(why, SL_E_CORRUPT,
			       "entry %llu of the audit log has not its form",
			       (unsigned long long)index);
	s->seq = e.seq;
	memcpy(s->sha256, e.sha256, sizeof(s->sha256));
	return SL_OK;
}

/* The newest entry tells of a row that the store still has. */
static int check_store(const struct audit_log *a, const struct seen *s, struct sl_why *why)
{
	struct audit_row row;
	char hex[HASH_HEX + 1] = "";
	int r;

	audit_row_init(&row);
	r = store_audit_after(a->o.store, s->seq - 1, &row);
	if (r == SL_OK)
		text_hex(row.hash, HASH_LEN, hex);
	if (r == SL_E_NOTFOUND ||
	    (r == SL_OK && (row.seq != s->seq || strcmp(hex, s->sha256) != 0)))
		r = why_set(
			why, SL_E_REPLAY,
			"the store does not have row %lld as it was logged and signed: an old "
			"backup of the store was restored; nothing more is signed",
			(long long)s->seq);
	audit_row_release(&row);
	return r;
}

static int publish(const struct audit_log *a, const struct buf *note)
{
	int r = file_write_durable(a->o.signed_fd, AUDIT_SIGNED_TOO, note->data, note->len,
				   0600);

	if (r == SL_OK)
		r = file_write_durable(a->o.audit_fd, AUDIT_SIGNED, note->data, note->len,
				       0600);
	if (r == SL_OK)
		r = file_write_durable(a->o.audit_fd, AUDIT_CHECKPOINT, note->data, note->len,
				       0600);
	return r;
}

/* What of the three notes says what was signed last; they may lag in the order in which
 * they are written, and never otherwise. */
static int choose(const struct audit_note *too, const struct audit_note *here,
		  const struct audit_note *checkpoint, const struct audit_note **ret_last,
		  struct sl_why *why)
{
	*ret_last = NULL;
	if (!too->there && !here->there && !checkpoint->there)
		return SL_OK;
	if (!too->there)
		return why_set(why, SL_E_REPLAY,
			       "DATA/log-signed/audit is missing, which says what was signed "
			       "last; compare DATA/audit/signed with the newest anchor in the "
			       "release log, and copy it there only when it is not older");
	*ret_last = here->there && here->c.size > too->c.size ? here : too;
	return SL_OK;
}

/* An older note must speak of the same log. */
static int check_older(const struct audit_log *a, const struct audit_note *n,
		       struct sl_why *why)
{
	struct merkle_frontier f;
	uint8_t root[HASH_LEN];
	int r;

	if (!n->there)
		return SL_OK;
	r = tlog_frontier(&a->reader, n->c.size, &f);
	if (r != SL_OK)
		return r;
	merkle_root(&f, root);
	return memcmp(root, n->c.root, HASH_LEN) == 0
		       ? SL_OK
		       : why_set(why, SL_E_CORRUPT,
				 "two checkpoints were signed that tell different stories");
}

static int prove(struct audit_log *a, const struct audit_note *last,
		 const struct audit_note *here, const struct audit_note *checkpoint,
		 struct sl_why *why)
{
	struct seen s = {.seq = 0};
	int r = tlog_verify_all(&a->reader, &last->c, see_entry, &s, why);

	if (r != SL_OK && r != SL_E_NOMEM && r != SL_E_IO && checkpoint->c.size < last->c.size)
		return why_set(
			why, SL_E_REPLAY,
			"DATA/audit has %llu entries where %llu were signed already: an old "
			"backup was restored; nothing more is signed",
			(unsigned long long)checkpoint->c.size,
			(unsigned long long)last->c.size);
	if (r != SL_OK)
		return why_prefix(why, r == SL_E_SIGNATURE ? SL_E_CORRUPT : r, "DATA/audit: ");
	r = check_older(a, here, why);
	if (r == SL_OK)
		r = check_older(a, checkpoint, why);
	if (r == SL_OK && last->c.size > 0)
		r = check_store(a, &s, why);
	if (r == SL_OK)
		r = tlog_frontier(&a->reader, last->c.size, &a->frontier);
	if (r == SL_OK && checkpoint->c.size < last->c.size)
		r = publish(a, &last->bytes); /* killed before it could */
	a->last_seq = s.seq;
	return r;
}

static int start(struct audit_log *a, struct sl_why *why)
{
	struct audit_note too = {.there = false}, here = {.there = false},
			  checkpoint = {.there = false};
	const struct audit_note *last = NULL;
	int r = audit_note_read(a->o.signed_fd, AUDIT_SIGNED_TOO, "DATA/log-signed/audit",
				&a->key, &too, why);

	if (r == SL_OK)
		r = audit_note_read(a->o.audit_fd, AUDIT_SIGNED, "DATA/audit/signed", &a->key,
				    &here, why);
	if (r == SL_OK)
		r = audit_note_read(a->o.audit_fd, AUDIT_CHECKPOINT, "DATA/audit/checkpoint",
				    &a->key, &checkpoint, why);
	if (r == SL_OK)
		r = choose(&too, &here, &checkpoint, &last, why);
	if (r == SL_OK && last != NULL)
		r = prove(a, last, &here, &checkpoint, why);
	else if (r == SL_OK && a->frontier.size > 0)
		r = why_set(why, SL_E_REPLAY, "DATA/audit was there and has gone");
	a->proved = r == SL_OK;
	audit_note_release(&too);
	audit_note_release(&here);
	audit_note_release(&checkpoint);
	return r;
}

/* ---- growth ---- */

struct batch {
	struct buf text; /* all entries, one after the other */
	struct tlog_entry entry[AUDIT_LOG_BATCH];
	size_t at[AUDIT_LOG_BATCH];
	unsigned n;
	int64_t last_seq;
};

static int add_row(struct batch *b, const struct audit_row *row, struct sl_why *why)
{
	struct audit_entry e = {.seq = row->seq, .ms = row->ms};
	int r;

	if (!store_audit_row_ok(row))
		return why_set(why, SL_E_CORRUPT,
			       "row %lld of the audit has not the hash of its record",
			       (long long)row->seq);
	(void)snprintf(e.kind, sizeof(e.kind), "%s", row->kind);
	text_hex(row->hash, HASH_LEN, e.sha256);
	b->at[b->n] = b->text.len;
	r = audit_entry_write(&e, &b->text);
	if (r != SL_OK)
		return why_set(why, r, "row %lld of the audit cannot be logged",
			       (long long)row->seq);
	b->entry[b->n].len = b->text.len - b->at[b->n];
	b->n++;
	b->last_seq = row->seq;
	return SL_OK;
}

/* Rows up to that number. */
static int collect(const struct audit_log *a, int64_t newest, struct batch *b,
		   struct sl_why *why)
{
	struct audit_row row;
	int r = SL_OK;

	audit_row_init(&row);
	buf_init(&b->text, AUDIT_LOG_BATCH * (size_t)AUDIT_ENTRY_MAX);
	b->last_seq = a->last_seq;
	while (r == SL_OK && b->n < AUDIT_LOG_BATCH && b->last_seq < newest) {
		r = store_audit_after(a->o.store, b->last_seq, &row);
		if (r == SL_OK)
			r = add_row(b, &row, why);
	}
	audit_row_release(&row);
	for (unsigned i = 0; i < b->n; i++)
		b->entry[i].bytes = b->text.data + b->at[i];
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int put_file(void *arg, const char *path, const void *bytes, size_t len)
{
	const struct audit_log *a = arg;

	return tree_put(a->o.audit_fd, path, bytes, len);
}

/* Partial tiles whose full one is there: nobody needs them. Failure costs only space. */
static void tidy(const struct audit_log *a, uint64_t before, uint64_t after)
{
	for (int level = TLOG_ENTRIES; level < 8; level++) {
		unsigned shift = level == TLOG_ENTRIES ? 0 : 8 * (unsigned)level;
		uint64_t number = before >> shift >> 8;
		char path[TLOG_PATH_MAX];

		if (after >> shift >> 8 == number)
			continue;
		tlog_path(level, number, 1, path);
		path[strlen(path) - 2] = '\0'; /* "/1" */
		(void)!file_remove_tree(a->o.audit_fd, path);
	}
}

static int sign(struct audit_log *a, const struct merkle_frontier *after, struct sl_why *why)
{
	struct tlog_checkpoint c = {.size = after->size};
	struct buf text, note;
	int r;

	buf_init(&text, NOTE_MAX);
	buf_init(&note, NOTE_MAX);
	memcpy(c.origin, a->key.name, strlen(a->key.name) + 1);
	merkle_root(after, c.root);
	/* Not from memory: what the disk gives back is what will be shown to others. */
	r = tlog_verify_growth(&a->reader, &a->frontier, &c, why);
	tlog_checkpoint_write(&c, &text);
	if (r == SL_OK)
		r = buf_error(&text);
	if (r == SL_OK)
		r = note_sign(a->o.key, a->key.name, text.data, text.len, &note);
	if (r == SL_OK)
		r = publish(a, &note);
	buf_release(&text);
	buf_release(&note);
	return r;
}

/* Rows of others may have become visible before they are durable; this one makes them so,
 * and says in the audit itself what is signed.  What comes after it waits for the next
 * time: a log that knows more than the store after a power cut could never be proved. */
static int settle(const struct audit_log *a, int64_t *ret_newest)
{
	json_t *record = json_pack("{s:I}", "size", (json_int_t)a->frontier.size);
	int r = record == NULL ? SL_E_NOMEM : store_begin(a->o.store);

	if (r == SL_OK) {
		r = store_audit(a->o.store, AUDIT_KIND_SIGN, "releaser", record);
		if (r == SL_OK)
			r = store_audit_last(a->o.store, ret_newest);
		r = store_end(a->o.store, r);
	}
	json_decref(record);
	return r;
}

static int grow(struct audit_log *a, bool *ret_more, struct sl_why *why)
{
	struct batch *b = calloc(1, sizeof(*b));
	struct merkle_frontier after;
	int64_t newest = 0;
	int r = b == NULL ? SL_E_NOMEM : settle(a, &newest);

	if (r == SL_OK)
		r = collect(a, newest, b, why);
	if (r == SL_OK) {
		r = tlog_append(&a->reader, &a->frontier, b->entry, b->n, put_file, a, &after);
		if (r == SL_E_CORRUPT)
			r = why_set(why, r,
				    "the newest tiles of DATA/audit are not what was signed");
	}
	if (r == SL_OK)
		r = tree_sync(a->o.audit_fd);
	if (r == SL_OK)
		r = sign(a, &after, why);
	if (r == SL_OK) {
		tidy(a, a->frontier.size, after.size);
		a->frontier = after;
		a->last_seq = b->last_seq;
		*ret_more = b->n == AUDIT_LOG_BATCH;
	}
	if (b != NULL)
		buf_release(&b->text);
	free(b);
	return r;
}

int audit_log_step(struct audit_log *a, int64_t now, struct sl_why *why)
{
	bool pending = false, more = false;
	int r = SL_OK;

	if (now < a->next)
		return SL_OK;
	if (!a->proved)
		r = start(a, why);
	if (r == SL_OK)
		r = store_audit_pending(a->o.store, a->last_seq, AUDIT_KIND_SIGN, &pending);
	if (r == SL_OK && pending)
		r = grow(a, &more, why);
	if (r != SL_OK)
		a->proved = false; /* look at the disk again before the next attempt */
	if (r != SL_OK || (pending && !more))
		a->next = now + AUDIT_LOG_INTERVAL_S;
	return r;
}
