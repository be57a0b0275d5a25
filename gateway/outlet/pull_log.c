/* pull_log.c - consistency of what the outlet shows now with what it showed before.
 *
 * Hostile: checkpoint and tiles.  Invariant: a checkpoint is kept only when it is
 * witnessed and contains the one that was kept before it. */
#include "outlet/pull_log.h"

#include <string.h>

#include "base/file.h"
#include "trust/log_entry.h"

enum { WITNESS_MAX = 64 << 10 };

static const char kept[] = "log-checkpoint";

static int read_tile(void *arg, const char *path, size_t max, struct buf *out)
{
	char whole[TLOG_PATH_MAX + 8];
	int r = file_join(whole, sizeof(whole), "log", path);

	return r == SL_OK ? fetch_get(arg, whole, max, out) : r;
}

static int load_checkpoint(const struct pull_source *s, struct buf *note,
			   struct tlog_checkpoint *ret_c, struct sl_why *why)
{
	struct tlog_policy *p = NULL;
	struct buf policy;
	int r;

	buf_init(&policy, WITNESS_MAX);
	r = tuf_client_download(s->tuf, "policy/witness-policy.txt", WITNESS_MAX, &policy, why);
	if (r == SL_OK)
		r = tlog_policy_parse(policy.data, policy.len, &p, why);
	if (r == SL_OK)
		r = tuf_client_download(s->tuf, "log/checkpoint", NOTE_MAX, note, why);
	if (r == SL_OK)
		r = tlog_policy_check(p, note->data, note->len, ret_c, why);
	tlog_policy_free(p);
	buf_release(&policy);
	return r == SL_OK ? r : why_prefix(why, r, "the release log");
}

static int load_kept(int state_fd, struct buf *note, struct tlog_checkpoint *ret_c,
		     struct sl_why *why)
{
	size_t len = 0;
	int r = file_read(state_fd, kept, NOTE_MAX, note);

	if (r == SL_E_NOTFOUND)
		return SL_OK;
	if (r == SL_OK)
		r = note_text(note->data, note->len, &len);
	if (r == SL_OK)
		r = tlog_checkpoint_parse(note->data, len, ret_c);
	return r == SL_OK ? r
			  : why_set(why, SL_E_CORRUPT,
				    ".state/%s is damaged; remove it to begin with the log as "
				    "it is now",
				    kept);
}

/* Hashes that the outlet gives lead from the old root to the new one, or it lies. */
static int prove_growth(const struct pull_source *s, const struct tlog_checkpoint *old,
			const struct tlog_checkpoint *now, struct sl_why *why)
{
	const struct tlog_reader tiles = {.read = read_tile, .arg = s->fetch};
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN];
	unsigned n = 0;
	int r = tlog_prove_consistency(&tiles, old->size, now->size, proof, &n);

	if (r == SL_E_NOTFOUND || r == SL_E_TIMEOUT || r == SL_E_UNREACHABLE)
		return why_set(why, SL_E_UNREACHABLE, "tiles of the release log are missing");
	if (r == SL_OK)
		r = merkle_check_consistency(old->size, old->root, now->size, now->root,
					     (const uint8_t(*)[HASH_LEN])proof, n);
	return r == SL_OK || r == SL_E_NOMEM
		       ? r
		       : why_set(why, SL_E_REPLAY,
				 "the release log was rewritten: its %llu entries do not begin "
				 "with the %llu seen before",
				 (unsigned long long)now->size, (unsigned long long)old->size);
}

static int compare(const struct pull_source *s, const struct tlog_checkpoint *old,
		   const struct tlog_checkpoint *now, struct sl_why *why)
{
	if (old->size == 0)
		return SL_OK;
	if (strcmp(old->origin, now->origin) != 0)
		return why_set(why, SL_E_REPLAY, "this is another release log than before");
	if (now->size < old->size)
		return why_set(why, SL_E_REPLAY,
			       "the release log went back from %llu entries to %llu",
			       (unsigned long long)old->size, (unsigned long long)now->size);
	return prove_growth(s, old, now, why);
}

int pull_log_check(const struct pull_source *s, int state_fd, struct sl_why *why)
{
	struct tlog_checkpoint old = {.size = 0}, now;
	struct buf note, before;
	int r;

	buf_init(&note, NOTE_MAX);
	buf_init(&before, NOTE_MAX);
	r = load_kept(state_fd, &before, &old, why);
	if (r == SL_OK)
		r = load_checkpoint(s, &note, &now, why);
	if (r == SL_OK &&
	    (note.len != before.len || memcmp(note.data, before.data, note.len) != 0)) {
		r = compare(s, &old, &now, why);
		if (r == SL_OK)
			r = file_write_durable(state_fd, kept, note.data, note.len, 0644);
	}
	buf_release(&note);
	buf_release(&before);
	return r;
}

struct successor {
	int64_t version; /* of the policy that a release names */
	uint64_t first;	 /* entry of the first later one */
};

static int look_at_entry(uint64_t index, const void *entry, size_t len, void *arg,
			 struct sl_why *why)
{
	struct successor *x = arg;
	struct log_entry e;
	int r = log_entry_parse(entry, len, &e);

	if (r != SL_OK)
		return why_set(why, r, "entry %llu of the log has not the form of an entry",
			       (unsigned long long)index);
	if (e.kind == LOG_POLICY && e.version > x->version && index < x->first)
		x->first = index;
	return SL_OK;
}

int pull_log_order(const struct pull_source *s, int64_t policy_version, uint64_t index,
		   struct sl_why *why)
{
	const struct tlog_reader tiles = {.read = read_tile, .arg = s->fetch};
	struct successor x = {.version = policy_version, .first = UINT64_MAX};
	struct tlog_checkpoint now;
	struct buf note;
	int r;

	buf_init(&note, NOTE_MAX);
	r = load_checkpoint(s, &note, &now, why);
	if (r == SL_OK)
		r = tlog_verify_all(&tiles, &now, look_at_entry, &x, why);
	if (r == SL_OK && x.first == UINT64_MAX)
		r = why_set(why, SL_E_DENIED,
			    "the release log does not say when approval policy version %lld "
			    "was replaced",
			    (long long)policy_version);
	else if (r == SL_OK && index > x.first)
		r = why_set(why, SL_E_DENIED,
			    "approval policy version %lld was replaced before this release was "
			    "logged",
			    (long long)policy_version);
	buf_release(&note);
	return r;
}
