/* pull_log.c - consistency of what the outlet shows now with what it showed before.
 *
 * Hostile: checkpoint and tiles.  Invariant: a checkpoint is kept only when it is
 * witnessed and contains the one that was kept before it. */
#include "outlet/pull_log.h"

#include <string.h>

#include "base/file.h"
#include "trust/log_entry.h"

enum { WITNESS_MAX = 64 << 10, POLICIES_MAX = 1 << 20 };

static const char kept[] = "log-checkpoint";

void pull_log_init(struct pull_source *s)
{
	buf_init(&s->witness, WITNESS_MAX);
	buf_init(&s->policies, POLICIES_MAX);
}

void pull_log_release(struct pull_source *s)
{
	buf_release(&s->witness);
	buf_release(&s->policies);
}

static int read_tile(void *arg, const char *path, size_t max, struct buf *out)
{
	char whole[TLOG_PATH_MAX + 8];
	int r = file_join(whole, sizeof(whole), "log", path);

	return r == SL_OK ? fetch_get(arg, whole, max, out) : r;
}

static int load_checkpoint(struct pull_source *s, struct buf *note, struct sl_why *why)
{
	struct tlog_policy *p = NULL;
	int r;

	s->policies_read = false;
	buf_clear(&s->witness);
	r = tuf_client_download(s->tuf, "policy/witness-policy.txt", WITNESS_MAX, &s->witness,
				why);
	if (r == SL_OK)
		r = tlog_policy_parse(s->witness.data, s->witness.len, &p, why);
	if (r == SL_OK)
		r = tuf_client_download(s->tuf, "log/checkpoint", NOTE_MAX, note, why);
	if (r == SL_OK)
		r = tlog_policy_check(p, note->data, note->len, &s->log, why);
	tlog_policy_free(p);
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

int pull_log_check(struct pull_source *s, int state_fd, struct sl_why *why)
{
	struct tlog_checkpoint old = {.size = 0};
	struct buf note, before;
	int r;

	buf_init(&note, NOTE_MAX);
	buf_init(&before, NOTE_MAX);
	r = load_kept(state_fd, &before, &old, why);
	if (r == SL_OK)
		r = load_checkpoint(s, &note, why);
	if (r == SL_OK &&
	    (note.len != before.len || memcmp(note.data, before.data, note.len) != 0)) {
		r = compare(s, &old, &s->log, why);
		if (r == SL_OK)
			r = file_write_durable(state_fd, kept, note.data, note.len, 0644);
	}
	buf_release(&note);
	buf_release(&before);
	return r;
}

struct policy_entry {
	int64_t version;
	uint64_t index;
};

static int see_entry(uint64_t index, const void *entry, size_t len, void *arg,
		     struct sl_why *why)
{
	struct pull_source *s = arg;
	struct policy_entry p = {.index = index};
	struct log_entry e;
	int r = log_entry_parse(entry, len, &e);

	if (r != SL_OK)
		return why_set(why, r, "entry %llu of the log has not the form of an entry",
			       (unsigned long long)index);
	if (e.kind != LOG_POLICY)
		return SL_OK;
	p.version = e.version;
	buf_put(&s->policies, &p, sizeof(p));
	return buf_error(&s->policies);
}

/* Who is new here may ask for every release of the years before. */
static int read_policies(struct pull_source *s, struct sl_why *why)
{
	const struct tlog_reader tiles = {.read = read_tile, .arg = s->fetch};
	int r;

	if (s->policies_read)
		return SL_OK;
	buf_clear(&s->policies);
	r = tlog_verify_all(&tiles, &s->log, see_entry, s, why);
	s->policies_read = r == SL_OK;
	return r;
}

/* Index of the first entry of a later policy; UINT64_MAX: there is none. */
static uint64_t successor(const struct pull_source *s, int64_t policy_version)
{
	struct policy_entry p;

	for (size_t at = 0; at < s->policies.len; at += sizeof(p)) {
		memcpy(&p, s->policies.data + at, sizeof(p));
		if (p.version > policy_version)
			return p.index;
	}
	return UINT64_MAX;
}

int pull_log_order(struct pull_source *s, int64_t policy_version, uint64_t index,
		   struct sl_why *why)
{
	int r = read_policies(s, why);
	uint64_t first = r == SL_OK ? successor(s, policy_version) : 0;

	if (r == SL_OK && first == UINT64_MAX)
		r = why_set(why, SL_E_DENIED,
			    "the release log does not say when approval policy version %lld "
			    "was replaced",
			    (long long)policy_version);
	else if (r == SL_OK && index > first)
		r = why_set(why, SL_E_DENIED,
			    "approval policy version %lld was replaced before this release was "
			    "logged",
			    (long long)policy_version);
	return r;
}
