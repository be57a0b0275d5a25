/* pull_release.c - steps 5 to 10 of what a platform does (trust.md section 8).
 *
 * Hostile: the outlet.  A package is staged with the very metadata that proves
 * its policy, then proved offline from the staged bytes: what a platform commits
 * is what `sluice-pull verify` accepts, by construction. */
#include "outlet/pull_release.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "outlet/pull_log.h"
#include "outlet/pull_package.h"

int pull_release_manifest(const struct pull_source *s, const struct feed_entry *e,
			  struct buf *bytes, struct manifest **ret_m, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	struct manifest *m = NULL;
	int r;

	if (!release_id_ok(e->id) || e->version < 1)
		return why_set(why, SL_E_FORMAT, "the feed names an item with a bad id");
	dossier_path(e->id, e->version, "manifest.json", path);
	r = tuf_client_download(s->tuf, path, MANIFEST_MAX, bytes, why);
	if (r != SL_OK)
		return r;
	hash_hex(bytes->data, bytes->len, hex);
	if (strcmp(hex, e->manifest_sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "the manifest is not the one the feed names");
	r = manifest_parse(bytes->data, bytes->len, &m, why);
	if (r == SL_OK && (strcmp(m->id, e->id) != 0 || m->version != e->version))
		r = why_set(why, SL_E_DENIED, "the manifest is of another item or version");
	if (r == SL_OK && strcmp(m->pubstatus, "usable") != 0)
		r = why_set(why, SL_E_DENIED, "the manifest does not say that it is usable");
	if (r != SL_OK) {
		manifest_free(m);
		return r;
	}
	*ret_m = m; /* moved */
	return SL_OK;
}

static int put(int dir, const char *path, const struct buf *b)
{
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	int r = fd < 0 ? sl_err_errno(errno) : file_write_all(fd, b->data, b->len);

	file_close(fd);
	return r;
}

static int put_role(const struct pull_source *s, int dir, const char *role, struct sl_why *why)
{
	const struct tuf_meta *m = NULL;
	char path[64];
	struct buf b;
	int r = tuf_client_role(s->tuf, role, &m, why);

	if (r != SL_OK)
		return r;
	buf_init(&b, TUF_TARGETS_MAX);
	(void)snprintf(path, sizeof(path), "tuf/%s.json", role);
	r = json_canonical(m->json, &b);
	if (r == SL_OK)
		r = put(dir, path, &b);
	buf_release(&b);
	return r == SL_OK ? r : why_set(why, r, "%s cannot be kept", path);
}

/* The chain from the person's root to the current one; usually empty. */
static int put_roots(const struct pull_source *s, int dir, struct sl_why *why)
{
	struct tuf_fetcher f = fetch_tuf(s->fetch);
	const struct tuf_meta *now = NULL;
	struct tuf_meta *first = NULL;
	int r = tuf_client_role(s->tuf, "root", &now, why);

	if (r == SL_OK)
		r = tuf_parse(s->root->data, s->root->len, "root", &first, why);
	for (int64_t v = r == SL_OK ? first->version + 1 : INT64_MAX;
	     r == SL_OK && v <= now->version; v++) {
		char name[40], from[56], path[48];
		struct buf b;

		(void)snprintf(name, sizeof(name), "%" PRId64 ".root.json", v);
		(void)snprintf(from, sizeof(from), "metadata/%s", name);
		(void)snprintf(path, sizeof(path), "tuf/%s", name);
		buf_init(&b, TUF_ROOT_MAX);
		r = f.get(f.arg, from, TUF_ROOT_MAX, &b);
		if (r == SL_OK)
			r = put(dir, path, &b);
		buf_release(&b);
		if (r != SL_OK)
			r = why_set(why, r, "%s cannot be kept", name);
	}
	tuf_free(first);
	return r;
}

/* *ret_old: it is not the one in force. */
static int put_policy(const struct pull_source *s, const struct dossier *p, int dir,
		      bool *ret_old, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	struct buf b;
	int r = SL_E_NOTFOUND;

	buf_init(&b, DOSSIER_POLICY_MAX);
	/* Another policy under a name leads on to the next; a damaged one ends it. */
	for (unsigned i = 0;
	     r == SL_E_NOTFOUND && dossier_policy_path(p->policy_version, i, path); i++) {
		buf_clear(&b);
		*ret_old = i > 0;
		r = tuf_client_download(s->tuf, path, DOSSIER_POLICY_MAX, &b, why);
		if (r == SL_OK) {
			hash_hex(b.data, b.len, hex);
			if (strcmp(hex, p->policy_sha256) != 0)
				r = SL_E_NOTFOUND;
		}
	}
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, "the outlet does not have approval policy version %" PRId64,
			    p->policy_version);
	if (r == SL_OK)
		r = put(dir, "tuf/approval-policy.json", &b);
	buf_release(&b);
	return r;
}

/* What the person needs to judge the log's proof, with the same standing as the policy. */
static int put_witness(const struct pull_source *s, int dir, struct sl_why *why)
{
	int r = put(dir, "tuf/witness-policy.txt", &s->witness);

	return r == SL_OK ? r : why_set(why, r, "tuf/witness-policy.txt cannot be kept");
}

static int put_blob(const struct pull_source *s, const struct manifest_blob *b, int files,
		    struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX];
	int fd = openat(files, b->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			0644);
	int r;

	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "files/%s cannot be written", b->name);
	dossier_blob_path(b->sha256, path);
	r = fetch_blob(s->fetch, path, b->length, b->sha256, fd);
	file_close(fd);
	if (r == SL_E_SIGNATURE)
		return why_set(why, r, "%s is not the file that was approved", b->name);
	return r == SL_OK ? r : why_set(why, r, "%s cannot be fetched", b->name);
}

static int put_blobs(const struct pull_source *s, const struct manifest *m, int dir,
		     struct sl_why *why)
{
	int files = file_open_dir(dir, "files");
	int r = files < 0 ? files : SL_OK;

	for (unsigned i = 0; r == SL_OK && i < m->n_blobs; i++)
		r = put_blob(s, &m->blobs[i], files, why);
	file_close(files);
	return r;
}

static int put_proof(const struct pull_source *s, const struct feed_entry *e,
		     const struct buf *manifest, int dir, struct dossier *p,
		     uint64_t *ret_index, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX];
	struct tlog_proof parsed;
	struct buf attest, proof;
	int r;

	buf_init(&attest, ATTEST_MAX);
	buf_init(&proof, TLOG_PROOF_MAX);
	dossier_path(e->id, e->version, "attest.intoto.jsonl", path);
	r = tuf_client_download(s->tuf, path, ATTEST_MAX, &attest, why);
	if (r == SL_OK)
		r = dossier_open(manifest, &attest, p, why);
	/* A reinstating notice has a later serial than the release it brings back. */
	if (r == SL_OK &&
	    (e->kind == FEED_RELEASE ? p->serial != e->serial : p->serial > e->serial))
		r = why_set(why, SL_E_DENIED, "the release statement is of another serial");
	if (r == SL_OK)
		r = put(dir, "manifest.json", manifest);
	if (r == SL_OK)
		r = put(dir, "attest.intoto.jsonl", &attest);
	dossier_path(e->id, e->version, "log.tlog-proof", path);
	if (r == SL_OK)
		r = tuf_client_download(s->tuf, path, TLOG_PROOF_MAX, &proof, why);
	if (r == SL_OK)
		r = put(dir, "log.tlog-proof", &proof);
	if (r == SL_OK && tlog_proof_parse(proof.data, proof.len, &parsed) != SL_OK)
		r = why_set(why, SL_E_FORMAT, "log.tlog-proof is malformed");
	if (r == SL_OK)
		*ret_index = parsed.index;
	buf_release(&attest);
	buf_release(&proof);
	return r;
}

int pull_release_stage(struct pull_source *s, const struct feed_entry *e,
		       const struct buf *manifest, int dir_fd, struct sl_why *why)
{
	struct pull_package_options o = {.root = s->root, .now = s->now, .blobs_known = true};
	struct dossier p = {.manifest = NULL}, again = {.manifest = NULL};
	uint64_t index = 0;
	bool old = false;
	int r = put_proof(s, e, manifest, dir_fd, &p, &index, why);

	if (r == SL_OK)
		r = put_policy(s, &p, dir_fd, &old, why);
	if (r == SL_OK)
		r = put_witness(s, dir_fd, why);
	if (r == SL_OK)
		r = put_role(s, dir_fd, "targets", why);
	if (r == SL_OK)
		r = put_role(s, dir_fd, "policy", why);
	if (r == SL_OK)
		r = put_roots(s, dir_fd, why);
	if (r == SL_OK)
		r = put_blobs(s, p.manifest, dir_fd, why);
	if (r == SL_OK)
		r = pull_package_verify(dir_fd, &o, &again, why);
	/* The place in the log is proved now; under an old policy it must be an old one. */
	if (r == SL_OK && old)
		r = pull_log_order(s, p.policy_version, index, why);
	dossier_release(&p);
	dossier_release(&again);
	return r;
}
