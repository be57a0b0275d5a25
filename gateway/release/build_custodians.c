/* build_custodians.c - what the custodians signed travels with the next case.
 *
 * chain_load has verified these files; platforms verify them again. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "release/build_private.h"

static int copy(struct build *b, int from, const char *path, size_t max)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, max);
	r = file_read(from, path, max, &bytes);
	if (r == SL_OK)
		r = tree_put(b->tree_fd, path, bytes.data, bytes.len);
	buf_release(&bytes);
	return r;
}

static int copy_roots(struct build *b, int from)
{
	int64_t have = b->repo == NULL ? 0 : b->repo->root;
	char path[64];
	int r = SL_OK;

	for (int64_t v = have + 1; v <= b->chain->root->version && r == SL_OK; v++) {
		(void)snprintf(path, sizeof(path), "metadata/%lld.root.json", (long long)v);
		/* Versions before the trusted one may not be here; clients start later. */
		if (v == b->chain->root->version || file_exists(from, path))
			r = copy(b, from, path, TUF_ROOT_MAX);
	}
	return r;
}

static int copy_policy(struct build *b, int from)
{
	const json_t *targets = json_obj(b->chain->policy->body, "targets");
	void *at = json_object_iter((json_t *)(uintptr_t)targets);
	char path[DELTA_FILE_MAX], sha256[HASH_HEX + 1];
	int64_t length;
	int r;

	(void)snprintf(path, sizeof(path), "metadata/%lld.policy.json",
		       (long long)b->chain->policy->version);
	r = copy(b, from, path, TUF_TARGETS_MAX);
	for (; at != NULL && r == SL_OK;
	     at = json_object_iter_next((json_t *)(uintptr_t)targets, at)) {
		const char *target = json_object_iter_key(at);

		/* Only files of this folder: the path comes from a signed file, still. */
		if (strncmp(target, "policy/", 7) != 0 || strchr(target + 7, '/') != NULL ||
		    strlen(target) > 200 || !chain_target(targets, target, sha256, &length))
			return SL_E_FORMAT;
		delta_file_path(target, sha256, path);
		r = copy(b, from, path, JSON_SIGNED_MAX);
	}
	return r;
}

int build_custodians(struct build *b, struct sl_why *why)
{
	const struct chain *c = b->chain;
	char path[64];
	int from = file_open_dir(AT_FDCWD, b->repository), r;

	if (from < 0)
		return why_set(why, from, "%s: %s", b->repository, sl_strerror(from));
	r = copy_roots(b, from);
	if (r == SL_OK && (b->repo == NULL || c->targets->version > b->repo->targets)) {
		(void)snprintf(path, sizeof(path), "metadata/%lld.targets.json",
			       (long long)c->targets->version);
		r = copy(b, from, path, TUF_TARGETS_MAX);
	}
	if (r == SL_OK && (b->repo == NULL || c->policy->version > b->repo->policy))
		r = copy_policy(b, from);
	file_close(from);
	return r == SL_OK ? r
			  : why_set(why, r, "%s: the custodians' files cannot be copied",
				    b->repository);
}
