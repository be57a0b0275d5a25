/* audit_verify.c - nothing is believed: store and files are compared with each other and with
 * what the log key signed.
 *
 * Hostile: all of them, since whoever can write the store can try to rewrite history;
 * the release log, whose copies are outside, pins it. */
#include "release/audit_verify.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/audit_private.h"
#include "trust/audit_entry.h"
#include "trust/log_entry.h"

enum { STEP = 1024 /* entries between two looks at the progress bar */ };

/* In the order in which they are written: a later one never knows more. */
enum { NOTE_TOO, NOTE_HERE, NOTE_SHOWN, NOTES };
static const struct {
	const char *name, *where;
} notes[NOTES] = {
	[NOTE_TOO] = {AUDIT_SIGNED_TOO, "DATA/log-signed/audit"},
	[NOTE_HERE] = {AUDIT_SIGNED, "DATA/audit/signed"},
	[NOTE_SHOWN] = {AUDIT_CHECKPOINT, "DATA/audit/checkpoint"},
};

struct verify {
	const struct audit_verify_options *o;
	struct audit_verify_result *result;
	struct tlog_reader reader;
	struct note_key key;
	struct audit_note note[NOTES];
	struct tlog_checkpoint c; /* the largest that was signed */
	int release_log_fd;
	struct tlog_checkpoint release_c;
	struct audit_row row;
	int64_t seq; /* of the last row compared */
};

/* The next row, whose hash is that of its record. */
static int next_row(struct verify *v, struct sl_why *why)
{
	int r = store_audit_after(v->o->store, v->seq, &v->row);

	if (r != SL_OK)
		return r;
	v->seq = v->row.seq;
	if (!store_audit_row_ok(&v->row))
		return why_set(why, SL_E_SIGNATURE,
			       "row %lld of the store has not the hash of its record",
			       (long long)v->row.seq);
	v->result->rows++;
	return SL_OK;
}

static int compare(uint64_t index, const void *entry, size_t len, void *arg, struct sl_why *why)
{
	struct verify *v = arg;
	struct audit_entry e;
	char hex[HASH_HEX + 1];
	int r;

	if (audit_entry_parse(entry, len, &e) != SL_OK)
		return why_set(why, SL_E_CORRUPT, "entry %llu has not the form of an entry",
			       (unsigned long long)index);
	r = next_row(v, why);
	if (r == SL_E_NOTFOUND || (r == SL_OK && v->row.seq != e.seq))
		return why_set(why, SL_E_SIGNATURE,
			       "the store has no row %lld, which entry %llu tells of",
			       (long long)e.seq, (unsigned long long)index);
	if (r != SL_OK)
		return r;
	text_hex(v->row.hash, HASH_LEN, hex);
	if (v->row.ms != e.ms || strcmp(v->row.kind, e.kind) != 0 || strcmp(hex, e.sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "row %lld of the store is not the one that entry %llu tells of",
			       (long long)e.seq, (unsigned long long)index);
	v->result->size = index + 1;
	if (v->o->progress != NULL && ((index + 1) % STEP == 0 || index + 1 == v->c.size))
		v->o->progress(index + 1, v->c.size);
	return SL_OK;
}

static int young_rows(struct verify *v, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK) {
		r = next_row(v, why);
		if (r == SL_OK)
			v->result->unlogged++;
	}
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

/* Root of the first `size` entries, all of which are proved. */
static int root_at(const struct verify *v, uint64_t size, uint8_t root[HASH_LEN])
{
	struct merkle_frontier f;
	int r = tlog_frontier(&v->reader, size, &f);

	if (r == SL_OK)
		merkle_root(&f, root);
	return r;
}

/* Does the log still have what was said about it once? */
static int agree(const struct verify *v, uint64_t size, const uint8_t said[HASH_LEN],
		 const char *who, struct sl_why *why)
{
	uint8_t root[HASH_LEN];
	int r;

	if (size > v->c.size)
		return why_set(
			why, SL_E_REPLAY,
			"%s knows %llu entries, the audit log has %llu: an old backup was "
			"restored, or entries were removed",
			who, (unsigned long long)size, (unsigned long long)v->c.size);
	r = root_at(v, size, root);
	if (r == SL_OK && memcmp(root, said, HASH_LEN) != 0)
		r = why_set(why, SL_E_SIGNATURE,
			    "%s has another root for the first %llu entries", who,
			    (unsigned long long)size);
	return r;
}

static int see_anchor(uint64_t index, const void *entry, size_t len, void *arg,
		      struct sl_why *why)
{
	struct verify *v = arg;
	struct log_entry e;
	uint8_t root[HASH_LEN];
	char who[64];
	int r;

	if (log_entry_parse(entry, len, &e) != SL_OK)
		return why_set(why, SL_E_CORRUPT, "entry %llu has not the form of an entry",
			       (unsigned long long)index);
	if (e.kind != LOG_ANCHOR)
		return SL_OK;
	(void)snprintf(who, sizeof(who), "anchor %llu of the release log",
		       (unsigned long long)index);
	if (!text_unhex(e.manifest_sha256, HASH_HEX, root, HASH_LEN))
		return SL_E_CORRUPT;
	r = agree(v, (uint64_t)e.version, root, who, why);
	if (r == SL_OK)
		v->result->anchors++;
	return r;
}

/* The gateway's own copy of the release log, signed by the same key under its own name.
 * Its checkpoint is read before ours, so that a log that grows meanwhile is no fault. */
static int open_release_log(struct verify *v, struct sl_why *why)
{
	struct note_key k;
	struct buf note;
	size_t text = 0;
	int r;

	v->release_log_fd = file_open_dir(v->o->release_fd, "repo/log");
	if (v->release_log_fd < 0)
		return v->release_log_fd == SL_E_NOTFOUND ? SL_OK : v->release_log_fd;
	v->result->has_release_log = true;
	buf_init(&note, NOTE_MAX);
	r = file_read(v->release_log_fd, AUDIT_CHECKPOINT, NOTE_MAX, &note);
	if (r == SL_OK)
		r = note_text(note.data, note.len, &text);
	if (r == SL_OK)
		r = tlog_checkpoint_parse(note.data, text, &v->release_c);
	if (r == SL_OK)
		r = note_key_make(v->release_c.origin, NOTE_LOG, v->o->public_key, &k);
	if (r == SL_OK)
		r = note_verify(note.data, note.len, &k, NULL);
	buf_release(&note);
	if (r == SL_OK || r == SL_E_NOMEM || r == SL_E_IO)
		return r;
	return why_set(why, SL_E_SIGNATURE,
		       "the release log's checkpoint is not signed by the log key");
}

static int check_anchors(struct verify *v, struct sl_why *why)
{
	struct tlog_reader reader = audit_reader(&v->release_log_fd);
	int r;

	if (!v->result->has_release_log)
		return SL_OK;
	r = tlog_verify_all(&reader, &v->release_c, see_anchor, v, why);
	return r == SL_OK ? r : why_prefix(why, r, "release log: ");
}

static int check_tree(struct verify *v, struct sl_why *why)
{
	const struct tlog_checkpoint *shown = &v->note[NOTE_SHOWN].c;
	int r = tlog_verify_all(&v->reader, &v->c, compare, v, why);

	/* More was signed than the files have: say that, not which of them is missing. */
	if (r == SL_E_CORRUPT && shown->size < v->c.size)
		return why_set(
			why, SL_E_REPLAY,
			"DATA/audit has %llu entries where %llu were signed: an old backup "
			"was restored",
			(unsigned long long)shown->size, (unsigned long long)v->c.size);
	return r;
}

static int check_all(struct verify *v, struct sl_why *why)
{
	int r = check_tree(v, why);

	if (r == SL_OK)
		r = young_rows(v, why);
	for (unsigned i = 0; r == SL_OK && i < NOTES; i++) {
		if (!v->note[i].there)
			r = why_set(why, SL_E_SIGNATURE, "%s is missing", notes[i].where);
		else
			r = agree(v, v->note[i].c.size, v->note[i].c.root, notes[i].where, why);
	}
	return r == SL_OK ? check_anchors(v, why) : r;
}

/* The name under which the log key signs the audit is what the notes say, as long as it is
 * an audit log's: the same key signs the release log too. */
static int read_name(struct verify *v, struct sl_why *why)
{
	static const char suffix[] = "/audit-log";
	char name[NOTE_NAME_MAX];
	struct buf b;
	size_t len = 0;
	int r = SL_E_NOTFOUND;

	buf_init(&b, NOTE_MAX);
	for (unsigned i = 0; r == SL_E_NOTFOUND && i < NOTES; i++)
		r = file_read(i == NOTE_TOO ? v->o->signed_fd : v->o->audit_fd, notes[i].name,
			      NOTE_MAX, &b);
	if (r == SL_E_NOTFOUND)
		(void)why_set(why, r, "nothing of the audit was signed yet");
	if (r == SL_OK) {
		len = strcspn(buf_str(&b), "\n");
		if (len < sizeof(suffix) || len >= sizeof(name) ||
		    memcmp(buf_str(&b) + len - (sizeof(suffix) - 1), suffix,
			   sizeof(suffix) - 1) != 0)
			r = why_set(
				why, SL_E_SIGNATURE,
				"what was signed last is not the checkpoint of an audit log");
	}
	if (r == SL_OK) {
		memcpy(name, buf_str(&b), len);
		name[len] = '\0';
		r = note_key_make(name, NOTE_LOG, v->o->public_key, &v->key);
	}
	buf_release(&b);
	return r;
}

static int read_notes(struct verify *v, struct sl_why *why)
{
	int r = read_name(v, why);

	for (unsigned i = 0; r == SL_OK && i < NOTES; i++) {
		const struct audit_verify_options *o = v->o;

		r = audit_note_read(i == NOTE_TOO ? o->signed_fd : o->audit_fd, notes[i].name,
				    notes[i].where, &v->key, &v->note[i], why);
		if (r == SL_OK && v->note[i].there && v->note[i].c.size >= v->c.size)
			v->c = v->note[i].c;
	}
	return r;
}

int audit_verify(const struct audit_verify_options *o, struct audit_verify_result *ret,
		 struct sl_why *why)
{
	struct verify *v = calloc(1, sizeof(*v));
	int r;

	memset(ret, 0, sizeof(*ret));
	if (v == NULL)
		return SL_E_NOMEM;
	v->o = o;
	v->result = ret;
	v->reader = audit_reader(&o->audit_fd);
	audit_row_init(&v->row);
	v->release_log_fd = -1;
	r = open_release_log(v, why);
	if (r == SL_OK)
		r = read_notes(v, why);
	if (r == SL_OK) {
		memcpy(ret->root, v->c.root, HASH_LEN);
		r = check_all(v, why);
	}
	audit_row_release(&v->row);
	for (unsigned i = 0; i < NOTES; i++)
		audit_note_release(&v->note[i]);
	file_close(v->release_log_fd);
	free(v);
	return r;
}
