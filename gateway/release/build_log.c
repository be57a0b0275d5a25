/* build_log.c - the case's part of the release log, up to the log key's signature.
 *
 * The tiles are read from the disk again and must lead to the checkpoint that was
 * witnessed last: neither a flipped bit nor a restored backup may fork the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/build_private.h"
#include "release/ended.h"
#include "release/log_signed.h"
#include "release/log_step.h"
#include "release/tree.h"

static void set_mark(struct casefile_mark *m, int64_t version, const uint8_t sha256[HASH_LEN])
{
	m->version = version;
	text_hex(sha256, HASH_LEN, m->sha256);
}

/* The approval policy that went out last, with its entry in the log. */
static int policy_before(const struct repo *repo, char ret_sha256[HASH_HEX + 1],
			 struct sl_why *why)
{
	struct tuf_meta *policy = NULL;
	int64_t length;
	int r = repo_role(repo, "policy", &policy, why);

	if (r == SL_OK && !chain_target(json_obj(policy->body, "targets"),
					"policy/approval-policy.json", ret_sha256, &length))
		r = why_set(why, SL_E_CORRUPT, "release/repo: no approval policy is listed");
	tuf_free(policy);
	return r;
}

static int set_marks(struct build *b, struct sl_why *why)
{
	const struct chain *c = b->chain;
	char before[HASH_HEX + 1];
	int r;

	if (b->repo == NULL || c->root->version > b->repo->root)
		set_mark(&b->c.root, c->root->version, c->root->sha256);
	if (b->repo != NULL && c->policy->version <= b->repo->policy)
		return SL_OK;
	set_mark(&b->c.policy, roster_version(c->roster), roster_digest(c->roster));
	r = b->repo == NULL ? SL_OK : policy_before(b->repo, before, why);
	return r == SL_OK ? ended_keys(c, b->repo == NULL ? NULL : before, &b->c.ended, why)
			  : r;
}

/* The tree as it was signed last, from the tiles. */
static int load_frontier(struct build *b, const struct tlog_reader *tiles,
			 struct merkle_frontier *ret_f, struct sl_why *why)
{
	struct tlog_checkpoint last;
	uint8_t root[HASH_LEN];
	int r = log_signed_load(b->release_fd, b->signed_fd, b->chain->witness, &last, why);

	memset(ret_f, 0, sizeof(*ret_f));
	if (r != SL_OK || (last.size == 0 && b->repo == NULL))
		return r;
	if (last.size == 0 || b->repo == NULL)
		return why_set(why, SL_E_STATE,
			       "DATA/release and the last signed checkpoint are not of one "
			       "time: restore both; nothing is signed until then");
	r = tlog_frontier(tiles, last.size, ret_f);
	if (r == SL_OK)
		merkle_root(ret_f, root);
	if (r == SL_OK && memcmp(root, last.root, HASH_LEN) != 0)
		r = SL_E_CORRUPT;
	return r == SL_E_NOTFOUND || r == SL_E_FORMAT ? SL_E_CORRUPT : r;
}

static int put_tile(void *arg, const char *path, const void *bytes, size_t len)
{
	const struct build *b = arg;
	char whole[TLOG_PATH_MAX + 8];

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	return tree_put(b->tree_fd, whole, bytes, len);
}

static int sign_checkpoint(struct build *b, const struct log_step *s,
			   const struct note_key *key, struct sl_why *why)
{
	struct buf note;
	int r;

	if (memcmp(key->public_key, key_public(b->keys->log), KEY_PUBLIC) != 0)
		return why_set(why, SL_E_CONFIG,
			       "the witness policy names another log key than the releaser's");
	buf_init(&note, NOTE_MAX);
	r = note_sign(b->keys->log, key->name, s->text.data, s->text.len, &note);
	if (r == SL_OK)
		r = tree_put(b->case_fd, "checkpoint", note.data, note.len);
	buf_release(&note);
	return r;
}

int build_log(struct build *b, struct sl_why *why)
{
	const struct note_key *key = tlog_policy_log(b->chain->witness);
	struct log_dir dir = {.dirfd = -1, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct merkle_frontier before;
	struct log_step *s;
	int before_fd = -1, r = set_marks(b, why);

	if (r != SL_OK || !casefile_logs(&b->c))
		return r;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return SL_E_NOMEM;
	log_step_init(s);
	if (b->repo != NULL)
		dir.dirfd = b->repo->fd;
	r = load_frontier(b, &tiles, &before, why);
	if (r == SL_OK && before.size > 0)
		r = before_fd = tree_subdir(b->case_fd, "before");
	/* The checker appends to the same tiles. */
	dir.copy_fd = before_fd;
	b->c.log_size = (int64_t)before.size;
	if (r >= 0)
		r = log_step_take(s, &b->c, key->name, &before, &tiles, put_tile, b);
	if (r == SL_E_CORRUPT && why->text[0] == '\0')
		(void)why_set(why, r,
			      "the tiles in DATA/release/repo/log are not those of the last "
			      "signed checkpoint: restore them from the outlet's log/; nothing "
			      "is signed until then");
	if (r == SL_OK)
		r = sign_checkpoint(b, s, key, why);
	file_close(before_fd);
	log_step_release(s);
	free(s);
	return r;
}
