/* pull_package.c - offline proof: trust root -> targets -> policy -> approvals, log -> bytes.
 *
 * Hostile: every file in the package.  Nothing in it is believed because of where
 * it lies; files that nothing speaks about are refused, so that nobody can slip a
 * page in beside the approved ones. */
#include "outlet/pull_package.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "trust/custody.h"

enum { ROOT_NAME = 48 };

static int load(int dir, const char *path, size_t max, struct buf *out, struct sl_why *why)
{
	int r;

	buf_init(out, max);
	r = file_read(dir, path, max, out);
	return r == SL_OK ? r : why_set(why, r, "%s of the package cannot be read", path);
}

static int load_meta(int dir, const char *path, const char *type, struct tuf_meta **ret_m,
		     struct sl_why *why)
{
	struct buf b;
	int r = load(dir, path, TUF_TARGETS_MAX, &b, why);

	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, type, ret_m, why);
	buf_release(&b);
	return r;
}

static int walk_roots(int dir, const struct buf *trusted, struct tuf_meta **ret_root,
		      struct sl_why *why)
{
	struct tuf_meta *root = NULL;
	int r = tuf_parse(trusted->data, trusted->len, "root", &root, why);

	for (unsigned i = 0; r == SL_OK && i < TUF_ROOT_ROTATIONS; i++) {
		struct tuf_meta *next = NULL;
		char path[ROOT_NAME];

		(void)snprintf(path, sizeof(path), "tuf/%" PRId64 ".root.json",
			       root->version + 1);
		if (!file_exists(dir, path))
			break;
		r = load_meta(dir, path, "root", &next, why);
		if (r == SL_OK)
			r = custody_next_root(&root, next, why);
	}
	if (r != SL_OK) {
		tuf_free(root);
		return r;
	}
	*ret_root = root; /* moved */
	return SL_OK;
}

static int fresh_at(const struct tuf_meta *m, int64_t t, const char *name, struct sl_why *why)
{
	if (m->expires >= t)
		return SL_OK;
	return why_set(why, SL_E_EXPIRED, "%s had expired when the release was made", name);
}

/* As this version, or as the current one. */
static int listed(const struct tuf_meta *m, int64_t version, const struct buf *policy,
		  struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX];

	for (unsigned i = 0; dossier_policy_path(version, i, path); i++) {
		if (custody_lists(m, path, policy->data, policy->len))
			return SL_OK;
	}
	return why_set(why, SL_E_SIGNATURE,
		       "the policy keys do not vouch for this approval policy");
}

/* policy.json as root and targets prove it. */
static int prove_chain(int dir, const struct buf *root_bytes, const struct dossier *p,
		       struct tuf_meta **ret_m, struct sl_why *why)
{
	struct tuf_meta *root = NULL, *targets = NULL, *m = NULL;
	int r = walk_roots(dir, root_bytes, &root, why);

	if (r == SL_OK)
		r = load_meta(dir, "tuf/targets.json", "targets", &targets, why);
	if (r == SL_OK)
		r = load_meta(dir, "tuf/policy.json", "targets", &m, why);
	if (r == SL_OK)
		r = custody_verify(root, targets, m, why);
	if (r == SL_OK)
		r = fresh_at(targets, p->time, "targets.json", why);
	if (r == SL_OK)
		r = fresh_at(m, p->time, "policy.json", why);
	tuf_free(root);
	tuf_free(targets);
	if (r == SL_OK)
		*ret_m = m;
	else
		tuf_free(m);
	return r;
}

static int prove_logged(int dir, const struct tuf_meta *m, const struct dossier *p,
			const struct buf *manifest, const struct buf *attest,
			struct sl_why *why)
{
	struct tlog_policy *witness = NULL;
	struct buf policy, proof;
	int r;

	buf_init(&proof, TLOG_PROOF_MAX);
	r = load(dir, "tuf/witness-policy.txt", DOSSIER_POLICY_MAX, &policy, why);
	if (r == SL_OK &&
	    !custody_lists(m, "policy/witness-policy.txt", policy.data, policy.len))
		r = why_set(why, SL_E_SIGNATURE,
			    "the policy keys do not vouch for this witness policy");
	if (r == SL_OK)
		r = tlog_policy_parse(policy.data, policy.len, &witness, why);
	if (r == SL_OK)
		r = load(dir, "log.tlog-proof", TLOG_PROOF_MAX, &proof, why);
	if (r == SL_OK)
		r = dossier_logged(p, manifest, attest, &proof, witness, why);
	tlog_policy_free(witness);
	buf_release(&policy);
	buf_release(&proof);
	return r;
}

struct expected {
	const struct manifest *m;
	unsigned found;
	struct sl_why *why;
};

static int known_file(const char *name, void *arg)
{
	struct expected *x = arg;

	for (unsigned i = 0; i < x->m->n_blobs; i++) {
		if (strcmp(x->m->blobs[i].name, name) == 0) {
			x->found++;
			return SL_OK;
		}
	}
	return why_set(x->why, SL_E_DENIED, "files/%s is not part of the release", name);
}

static int check_blob(int files, const struct manifest_blob *b, struct sl_why *why)
{
	int fd = openat(files, b->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	uint64_t length = 0;
	int r;

	if (fd < 0)
		return why_set(why, SL_E_NOTFOUND, "files/%s is missing", b->name);
	r = hash_fd(fd, digest, &length);
	file_close(fd);
	if (r != SL_OK)
		return why_set(why, r, "files/%s cannot be read", b->name);
	text_hex(digest, sizeof(digest), hex);
	if (length != b->length || strcmp(hex, b->sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "files/%s is not the file that was approved", b->name);
	return SL_OK;
}

static int check_files(int dir, const struct manifest *m, bool known, struct sl_why *why)
{
	struct expected x = {.m = m, .why = why};
	int files = file_open_dir(dir, "files");
	int r = files < 0 ? why_set(why, files, "the package has no files") : SL_OK;

	if (r == SL_OK)
		r = file_each(files, MANIFEST_BLOBS_MAX, known_file, &x);
	if (r == SL_OK && x.found != m->n_blobs)
		r = why_set(why, SL_E_NOTFOUND, "a file of the release is missing");
	for (unsigned i = 0; r == SL_OK && !known && i < m->n_blobs; i++)
		r = check_blob(files, &m->blobs[i], why);
	file_close(files);
	return r;
}

int pull_package_verify(int dir_fd, const struct pull_package_options *o, struct dossier *ret_p,
			struct sl_why *why)
{
	struct buf manifest, attest, policy;
	struct dossier p = {.manifest = NULL};
	struct tuf_meta *m = NULL;
	int r;

	buf_init(&attest, ATTEST_MAX);
	buf_init(&policy, DOSSIER_POLICY_MAX);
	r = load(dir_fd, "manifest.json", MANIFEST_MAX, &manifest, why);
	if (r == SL_OK)
		r = load(dir_fd, "attest.intoto.jsonl", ATTEST_MAX, &attest, why);
	if (r == SL_OK)
		r = dossier_open(&manifest, &attest, &p, why);
	if (r == SL_OK)
		r = prove_chain(dir_fd, o->root, &p, &m, why);
	if (r == SL_OK && o->policy == NULL) {
		r = load(dir_fd, "tuf/approval-policy.json", DOSSIER_POLICY_MAX, &policy, why);
		if (r == SL_OK)
			r = listed(m, p.policy_version, &policy, why);
	}
	if (r == SL_OK)
		r = dossier_judge(&p, o->policy != NULL ? o->policy : &policy, o->now, why);
	if (r == SL_OK)
		r = prove_logged(dir_fd, m, &p, &manifest, &attest, why);
	if (r == SL_OK)
		r = check_files(dir_fd, p.manifest, o->blobs_known, why);
	tuf_free(m);
	buf_release(&manifest);
	buf_release(&attest);
	buf_release(&policy);
	if (r != SL_OK) {
		dossier_release(&p);
		return r;
	}
	*ret_p = p; /* moved */
	return SL_OK;
}
