/* finish_log.c - the witnessed checkpoint comes back: proofs, and what was signed last.
 *
 * Hostile: the cosignature, which another process wrote; it counts by the witness policy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "release/finish_private.h"
#include "release/log_signed.h"

/* The tiles lie in the case's tree since it was built. */
static int keep_nothing(void *arg, const char *path, const void *bytes, size_t len)
{
	(void)arg;
	(void)path;
	(void)bytes;
	(void)len;
	return SL_OK;
}

/* The log as it was before this case. */
static int take(const struct finish *f, const struct casefile *c, const char *origin,
		struct log_step *s)
{
	struct log_dir dir = {.dirfd = f->repo_fd, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct merkle_frontier before;
	int r;

	memset(&before, 0, sizeof(before));
	r = c->log_size == 0 ? SL_OK : tlog_frontier(&tiles, (uint64_t)c->log_size, &before);
	return r == SL_OK ? log_step_take(s, c, origin, &before, &tiles, keep_nothing, NULL)
			  : r;
}

static int read_note(int case_fd, struct log_step *s, const struct note_key *key,
		     struct sl_why *why)
{
	struct buf note;
	int r;

	buf_init(&note, NOTE_MAX);
	r = file_read(case_fd, "checkpoint", NOTE_MAX, &note);
	if (r == SL_OK)
		r = log_step_note(s, &note, key, why);
	buf_release(&note);
	return r;
}

int finish_log(const struct finish *f, int case_fd, const struct casefile *c,
	       const struct chain *chain, const char *cosignature, struct log_step *s,
	       struct sl_why *why)
{
	const struct note_key *key = tlog_policy_log(chain->witness);
	struct tlog_checkpoint got;
	int r = take(f, c, key->name, s);

	if (r == SL_OK)
		r = read_note(case_fd, s, key, why);
	if (r == SL_OK) {
		log_step_cosigned(s, cosignature);
		r = buf_error(&s->note);
	}
	if (r == SL_OK)
		r = tlog_policy_check(chain->witness, s->note.data, s->note.len, &got, why);
	return r == SL_OK ? r : why_prefix(why, r, "the release log");
}

static int put_target(int tree_fd, const char *target, const struct buf *b)
{
	char path[DELTA_FILE_MAX], hex[HASH_HEX + 1];

	hash_hex(b->data, b->len, hex);
	delta_file_path(target, hex, path);
	return tree_put(tree_fd, path, b->data, b->len);
}

int finish_log_write(const struct finish *f, int tree_fd, const struct casefile *c,
		     const struct log_step *s)
{
	char target[TUF_PATH_MAX];
	int r = put_target(tree_fd, "log/checkpoint", &s->note);

	if (r == SL_OK)
		r = tree_put(tree_fd, "log/checkpoint", s->note.data, s->note.len);
	for (unsigned i = 0; i < c->n && r == SL_OK && c->kind == CASEFILE_RELEASE; i++) {
		struct buf b;

		buf_init(&b, TLOG_PROOF_MAX);
		r = log_step_proof(s, i, &b);
		delta_proof_path(&c->items[i].delta, c->items[i].delta.version, target);
		if (r == SL_OK)
			r = put_target(tree_fd, target, &b);
		buf_release(&b);
	}
	/* Before anyone outside can see it. */
	return r == SL_OK ? log_signed_save(f->release_fd, f->signed_fd, &s->note) : r;
}
