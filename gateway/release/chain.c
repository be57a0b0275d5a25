/* chain.c - the trust chain from files.
 *
 * Hostile: all files below `repository`; the trusted root was checked by whoever
 * installed it.  Invariant: a loaded chain verifies as a whole. */
#include "release/chain.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "release/delta.h"
#include "trust/custody.h"

static int load(int dirfd, const char *path, const char *type, struct tuf_meta **ret_m,
		struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
	else
		r = tuf_parse(b.data, b.len, type, ret_m, why);
	buf_release(&b);
	return r;
}

/* Step to newer roots for as long as there are any. */
static int newer_roots(int dirfd, struct tuf_meta **root, struct sl_why *why)
{
	for (int i = 0; i < TUF_ROOT_ROTATIONS; i++) {
		struct tuf_meta *next = NULL;
		char name[64];
		int r;

		(void)snprintf(name, sizeof(name), "metadata/%lld.root.json",
			       (long long)((*root)->version + 1));
		if (!file_exists(dirfd, name))
			return SL_OK;
		r = load(dirfd, name, "root", &next, why);
		if (r == SL_OK)
			r = custody_next_root(root, next, why);
		if (r != SL_OK)
			return r;
	}
	return why_set(why, SL_E_LIMIT, "too many root versions");
}

static int load_newest(int dirfd, const char *role, struct tuf_meta **ret_m, struct sl_why *why)
{
	char name[CUSTODY_NAME], path[CUSTODY_NAME + 16];
	int64_t version = 0;
	int dir = file_open_dir(dirfd, "metadata");
	int r = dir < 0 ? why_set(why, dir, "no %s metadata in the repository", role)
			: custody_newest(dir, role, name, &version, why);

	file_close(dir);
	if (r != SL_OK)
		return r;
	(void)snprintf(path, sizeof(path), "metadata/%s", name);
	r = load(dirfd, path, "targets", ret_m, why);
	if (r == SL_OK && (*ret_m)->version != version)
		r = why_set(why, SL_E_FORMAT, "%s has another version inside", path);
	return r;
}

bool chain_target(const json_t *targets, const char *path, char ret_sha256[HASH_HEX + 1],
		  int64_t *ret_length)
{
	const json_t *entry = json_obj(targets, path);
	const char *sha256 = json_str(json_obj(entry, "hashes"), "sha256");

	if (sha256 == NULL || !text_is_sha256(sha256) || !json_i64(entry, "length", ret_length))
		return false;
	memcpy(ret_sha256, sha256, HASH_HEX + 1);
	return true;
}

static int load_roster(const char *path, struct chain *c, struct sl_why *why)
{
	char want[HASH_HEX + 1], got[HASH_HEX + 1];
	int64_t length;
	struct buf b;
	int r;

	if (!chain_target(json_obj(c->policy->body, "targets"), "policy/approval-policy.json",
			  want, &length))
		return why_set(why, SL_E_NOTFOUND, "policy metadata lists no approval policy");
	buf_init(&b, JSON_SIGNED_MAX);
	r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, &b);
	if (r != SL_OK) {
		(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
		goto out;
	}
	hash_hex(b.data, b.len, got);
	if (strcmp(want, got) != 0)
		r = why_set(why, SL_E_SIGNATURE,
			    "%s is not the approval policy that was signed", path);
	else
		r = roster_parse(b.data, b.len, &c->roster, why);
out:
	buf_release(&b);
	return r;
}

static const char *policy_of(const struct chain *c, const char *sha256)
{
	json_t *targets = json_object_get(c->policy->body, "targets");

	for (void *at = json_object_iter(targets); at != NULL;
	     at = json_object_iter_next(targets, at)) {
		const char *target = json_object_iter_key(at);
		char hex[HASH_HEX + 1];
		int64_t length;

		if (strncmp(target, "policy/approval-policy", 22) == 0 &&
		    chain_target(targets, target, hex, &length) && strcmp(hex, sha256) == 0)
			return target;
	}
	return NULL;
}

int chain_policy(const struct chain *c, const char *sha256, struct roster **ret_r,
		 struct sl_why *why)
{
	const char *target = policy_of(c, sha256);
	char path[DELTA_FILE_MAX], hex[HASH_HEX + 1];
	struct buf b;
	int dir, r;

	if (target == NULL)
		return why_set(why, SL_E_NOTFOUND,
			       "policy metadata does not list the approval policy %.16s… any "
			       "more, which the release log has",
			       sha256);
	dir = file_open_dir(AT_FDCWD, c->repository);
	buf_init(&b, JSON_SIGNED_MAX);
	delta_file_path(target, sha256, path);
	r = dir < 0 ? dir : file_read(dir, path, JSON_SIGNED_MAX, &b);
	if (r != SL_OK) {
		(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
		goto out;
	}
	hash_hex(b.data, b.len, hex);
	r = strcmp(hex, sha256) == 0
		    ? roster_parse(b.data, b.len, ret_r, why)
		    : why_set(why, SL_E_SIGNATURE, "%s is not the file that was signed", path);
out:
	buf_release(&b);
	file_close(dir);
	return r;
}

static int load_witness(const char *repository, struct chain *c, struct sl_why *why)
{
	char sha256[HASH_HEX + 1], got[HASH_HEX + 1], path[128];
	int dir = file_open_dir(AT_FDCWD, repository), r = dir < 0 ? dir : SL_OK;
	int64_t length;
	struct buf b;

	buf_init(&b, JSON_SIGNED_MAX);
	if (r == SL_OK && !chain_target(json_obj(c->policy->body, "targets"),
					"policy/witness-policy.txt", sha256, &length))
		r = why_set(why, SL_E_NOTFOUND, "policy metadata lists no witness policy");
	if (r == SL_OK) {
		(void)snprintf(path, sizeof(path), "targets/policy/%s.witness-policy.txt",
			       sha256);
		r = file_read(dir, path, JSON_SIGNED_MAX, &b);
		if (r != SL_OK)
			(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
	}
	if (r == SL_OK) {
		hash_hex(b.data, b.len, got);
		r = strcmp(got, sha256) == 0
			    ? tlog_policy_parse(b.data, b.len, &c->witness, why)
			    : why_set(why, SL_E_SIGNATURE,
				      "%s is not the witness policy that was signed", path);
	}
	buf_release(&b);
	file_close(dir);
	return r;
}

static int load_metadata(const struct chain_source *s, int64_t now, struct chain *c,
			 struct sl_why *why)
{
	int dir = file_open_dir(AT_FDCWD, s->repository);
	int r = dir < 0 ? why_set(why, dir, "%s: %s", s->repository, sl_strerror(dir)) : SL_OK;

	if (r == SL_OK)
		r = load(AT_FDCWD, s->trust_root, "root", &c->root, why);
	if (r == SL_OK)
		r = custody_root(c->root, why);
	if (r == SL_OK)
		r = newer_roots(dir, &c->root, why);
	if (r == SL_OK)
		r = custody_not_expired(c->root, "root", now, why);
	if (r == SL_OK)
		r = load_newest(dir, "targets", &c->targets, why);
	if (r == SL_OK)
		r = load_newest(dir, "policy", &c->policy, why);
	if (r == SL_OK)
		r = custody_verify(c->root, c->targets, c->policy, why);
	if (r == SL_OK)
		r = custody_not_expired(c->targets, "targets", now, why);
	if (r == SL_OK)
		r = custody_not_expired(c->policy, "policy", now, why);
	file_close(dir);
	return r;
}

/* The custodians' tool adds files to metadata/ and replaces the approval policy. */
static void look(const struct chain_source *s, struct timespec seen[2])
{
	char path[4096];
	struct stat st;

	memset(seen, 0, 2 * sizeof(seen[0]));
	if (file_join(path, sizeof(path), s->repository, "metadata") == SL_OK &&
	    stat(path, &st) == 0)
		seen[0] = st.st_mtim;
	if (stat(s->approval_policy, &st) == 0)
		seen[1] = st.st_mtim;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

int chain_renew(const struct chain_source *s, int64_t now, struct chain **c, struct sl_why *why)
{
	struct timespec seen[2];
	struct chain *fresh = NULL;
	int r;

	look(s, seen);
	if (*c != NULL && same_time(&seen[0], &(*c)->seen[0]) &&
	    same_time(&seen[1], &(*c)->seen[1]) && (*c)->root->expires > now &&
	    (*c)->targets->expires > now && (*c)->policy->expires > now)
		return SL_OK;
	r = chain_load(s, now, &fresh, why);
	if (r != SL_OK)
		return r;
	chain_free(*c);
	*c = fresh;
	return SL_OK;
}

int chain_load(const struct chain_source *s, int64_t now, struct chain **ret_c,
	       struct sl_why *why)
{
	struct chain *c = calloc(1, sizeof(*c));
	int r = c == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK) {
		look(s, c->seen); /* before reading: what changes after is seen next time */
		r = load_metadata(s, now, c, why);
	}

	if (r == SL_OK)
		r = load_roster(s->approval_policy, c, why);
	if (r == SL_OK)
		r = load_witness(s->repository, c, why);
	if (r == SL_OK && (c->repository = strdup(s->repository)) == NULL)
		r = SL_E_NOMEM;
	if (r != SL_OK)
		goto out;
	*ret_c = c;
	c = NULL; /* moved */
out:
	chain_free(c);
	return r;
}

void chain_free(struct chain *c)
{
	if (c == NULL)
		return;
	tuf_free(c->root);
	tuf_free(c->targets);
	tuf_free(c->policy);
	roster_free(c->roster);
	tlog_policy_free(c->witness);
	free(c->repository);
	free(c);
}
