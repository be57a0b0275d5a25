/* admit_log.c - the release log only grows, here too.
 *
 * Hostile: checkpoint, tiles and entries of the unit, although the feed lists the
 * checkpoint.  The new entries are appended to the tree's own tiles again, so that not a
 * byte below log/ is placed that does not follow from them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "outlet/admit_private.h"
#include "trust/log_entry.h"

enum { WITNESS_MAX = 64 << 10, ENTRIES_MAX = 1 << 14, PATH_MAX_LOG = TLOG_PATH_MAX + 8 };

static int log_path(const char *path, char out[PATH_MAX_LOG])
{
	return file_join(out, PATH_MAX_LOG, "log", path);
}

static int read_tree(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct admit *a = arg;
	char whole[PATH_MAX_LOG];
	int r = log_path(path, whole);

	return r == SL_OK ? file_read(a->view.tree_fd, whole, max, out) : r;
}

static int read_view(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct admit *a = arg;
	char whole[PATH_MAX_LOG];
	int r = log_path(path, whole);

	return r == SL_OK ? overlay_read(&a->view, whole, max, out) : r;
}

/* A file of the log as the new entries make it: in the unit, or here already. */
static int admit_tile(void *arg, const char *path, const void *bytes, size_t len)
{
	struct admit *a = arg;
	char whole[PATH_MAX_LOG], hex[HASH_HEX + 1];
	int i, r = log_path(path, whole);
	struct buf b;

	if (r != SL_OK)
		return r;
	hash_hex(bytes, len, hex);
	i = overlay_index(a->view.unit, whole);
	if (i >= 0) {
		a->place[i] = strcmp(a->view.unit->files[i].sha256, hex) == 0;
		return a->place[i] ? SL_OK : SL_E_SIGNATURE;
	}
	buf_init(&b, len);
	r = file_read(a->view.tree_fd, whole, len, &b);
	if (r == SL_OK && (b.len != len || memcmp(b.data, bytes, len) != 0))
		r = SL_E_SIGNATURE;
	buf_release(&b);
	return r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r;
}

static int load_witness(struct admit *a, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, WITNESS_MAX);
	r = tuf_client_download(a->tuf, "policy/witness-policy.txt", WITNESS_MAX, &b, why);
	if (r == SL_OK)
		r = tlog_policy_parse(b.data, b.len, &a->witness, why);
	buf_release(&b);
	return r;
}

/* The tree's own checkpoint, whose tiles must lead to it; size 0 before the first. */
static int load_old(struct admit *a, struct tlog_checkpoint *ret_c,
		    struct merkle_frontier *ret_f, struct sl_why *why)
{
	const struct tlog_reader tiles = {.read = read_tree, .arg = a};
	uint8_t root[HASH_LEN];
	struct buf b;
	size_t len;
	int r;

	memset(ret_c, 0, sizeof(*ret_c));
	memset(ret_f, 0, sizeof(*ret_f));
	buf_init(&b, NOTE_MAX);
	r = file_read(a->view.tree_fd, "log/checkpoint", NOTE_MAX, &b);
	if (r == SL_E_NOTFOUND) {
		buf_release(&b);
		return SL_OK;
	}
	if (r == SL_OK)
		r = note_text(b.data, b.len, &len);
	if (r == SL_OK)
		r = tlog_checkpoint_parse(b.data, len, ret_c);
	buf_release(&b);
	if (r == SL_OK)
		r = tlog_frontier(&tiles, ret_c->size, ret_f);
	if (r == SL_OK)
		merkle_root(ret_f, root);
	if (r != SL_OK || memcmp(root, ret_c->root, HASH_LEN) != 0)
		return why_set(why, SL_E_IO, "the tree's own log is damaged");
	return SL_OK;
}

struct added { /* the new entries, one after the other in `bytes` */
	struct tlog_entry *entry;
	size_t *at;
	struct buf bytes;
};

static int read_entries(struct admit *a, uint64_t from, unsigned n, struct added *x)
{
	const struct tlog_reader view = {.read = read_view, .arg = a};
	int r = SL_OK;

	x->entry = calloc(n, sizeof(*x->entry));
	x->at = calloc(n + 1u, sizeof(*x->at));
	if (x->entry == NULL || x->at == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		struct log_entry e;

		r = tlog_entry(&view, from + i, a->log.size, &x->bytes);
		x->at[i + 1] = x->bytes.len;
		/* Nothing but entries of our kinds is carried outside. */
		if (r == SL_OK)
			r = log_entry_parse(x->bytes.data + x->at[i], x->at[i + 1] - x->at[i],
					    &e);
	}
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		x->entry[i] =
			(struct tlog_entry){x->bytes.data + x->at[i], x->at[i + 1] - x->at[i]};
	return r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r;
}

static int grow(struct admit *a, const struct tlog_checkpoint *old,
		const struct merkle_frontier *before, struct sl_why *why)
{
	const struct tlog_reader tiles = {.read = read_tree, .arg = a};
	struct merkle_frontier after;
	struct added x = {.entry = NULL};
	uint8_t root[HASH_LEN];
	uint64_t n = a->log.size - old->size;
	int r;

	if (n > ENTRIES_MAX)
		return why_set(why, SL_E_LIMIT, "the unit adds too much to the release log");
	buf_init(&x.bytes, (size_t)ENTRIES_MAX * LOG_ENTRY_MAX);
	r = read_entries(a, old->size, (unsigned)n, &x);
	if (r == SL_OK)
		r = tlog_append(&tiles, before, x.entry, (unsigned)n, admit_tile, a, &after);
	if (r == SL_OK) {
		merkle_root(&after, root);
		if (memcmp(root, a->log.root, HASH_LEN) != 0)
			r = SL_E_SIGNATURE;
	}
	buf_release(&x.bytes);
	free(x.entry);
	free(x.at);
	if (r == SL_E_UNREACHABLE)
		return why_set(why, r, "tiles of the release log are missing");
	return r == SL_OK || r == SL_E_IO || r == SL_E_NOMEM
		       ? r
		       : why_set(why, SL_E_SIGNATURE,
				 "the tiles do not lead from the tree's log to the checkpoint");
}

/* The file that people and witnesses read is the one that the feed lists. */
static int admit_checkpoint(struct admit *a, const struct buf *note, struct sl_why *why)
{
	int i = overlay_index(a->view.unit, "log/checkpoint");
	char hex[HASH_HEX + 1];

	if (i < 0)
		return SL_OK;
	hash_hex(note->data, note->len, hex);
	if (strcmp(hex, a->view.unit->files[i].sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "log/checkpoint is not the checkpoint that the feed lists");
	a->place[i] = true;
	return SL_OK;
}

static int extend(struct admit *a, const struct buf *note, struct sl_why *why)
{
	struct merkle_frontier before;
	struct tlog_checkpoint old;
	int r = load_old(a, &old, &before, why);

	if (r != SL_OK)
		return r;
	if (a->log.size < old.size ||
	    (old.size > 0 && strcmp(a->log.origin, old.origin) != 0) ||
	    (a->log.size == old.size && memcmp(a->log.root, old.root, HASH_LEN) != 0))
		return why_set(
			why, SL_E_REPLAY,
			"the release log went back or is another one (%llu entries after "
			"%llu)",
			(unsigned long long)a->log.size, (unsigned long long)old.size);
	r = a->log.size > old.size ? grow(a, &old, &before, why) : SL_OK;
	return r == SL_OK ? admit_checkpoint(a, note, why) : r;
}

int admit_log(struct admit *a, struct sl_why *why)
{
	struct buf note;
	int r = load_witness(a, why);

	if (r != SL_OK)
		return r;
	buf_init(&note, NOTE_MAX);
	r = tuf_client_download(a->tuf, "log/checkpoint", NOTE_MAX, &note, why);
	if (r == SL_OK)
		r = tlog_policy_check(a->witness, note.data, note.len, &a->log, why);
	if (r == SL_OK && !a->late)
		r = extend(a, &note, why);
	buf_release(&note);
	return r;
}
