/* proof.c - re-proves a release from bytes alone.
 *
 * Hostile: everything in the case directory.  Invariant: 0 only if every byte
 * that will be published was looked at here and is covered by the reviewers'
 * own signatures. */
#include "release/proof_private.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "trust/approval.h"

void proof_blob_path(const char *sha256, char out[80])
{
	(void)snprintf(out, 80, "blobs/%.2s/%s", sha256, sha256);
}

/* Read dirfd/"targets/…" of this target; digest and length must be as named. */
int proof_read_target(int dirfd, const char *target, const struct delta_file *f, size_t max,
		      struct buf *out, struct sl_why *why)
{
	char path[DELTA_FILE_MAX], hex[HASH_HEX + 1];
	int r;

	delta_file_path(target, f->sha256, path);
	r = file_read(dirfd, path, max, out);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", target, sl_strerror(r));
	hash_hex(out->data, out->len, hex);
	if ((int64_t)out->len != f->length || strcmp(hex, f->sha256) != 0)
		return why_set(why, SL_E_CORRUPT, "%s is not the file that was named", target);
	return SL_OK;
}

int proof_channels(const struct delta_item *it, const struct manifest *m, struct sl_why *why)
{
	for (unsigned i = 0; i < m->n_channels; i++) {
		bool there = false;

		for (unsigned k = 0; k < it->n_channels && !there; k++)
			there = strcmp(it->channel[k].name, m->channels[i]) == 0;
		if (!there)
			return why_set(why, SL_E_DENIED, "it is not numbered in channel %s",
				       m->channels[i]);
	}
	/* Names differ on both sides, so one more is a channel that the manifest has not. */
	return it->n_channels == m->n_channels
		       ? SL_OK
		       : why_set(why, SL_E_DENIED,
				 "it is numbered in a channel that it is not for");
}

int proof_note_target(struct tree_list *files, const char *target, const char *sha256)
{
	char path[DELTA_FILE_MAX];

	delta_file_path(target, sha256, path);
	return tree_list_add(files, path);
}

int proof_manifest(int dirfd, const struct delta_item *it, struct manifest **ret_m,
		   struct sl_why *why)
{
	struct manifest *m = NULL;
	char target[TUF_PATH_MAX];
	struct buf b;
	int r;

	buf_init(&b, MANIFEST_MAX);
	delta_manifest_path(it, it->version, target);
	r = proof_read_target(dirfd, target, &it->manifest, MANIFEST_MAX, &b, why);
	if (r == SL_OK)
		r = manifest_parse(b.data, b.len, &m, why);
	if (r == SL_OK && (strcmp(m->id, it->id) != 0 || m->version != it->version))
		r = why_set(why, SL_E_DENIED,
			    "the manifest is of %s version %lld, not of %s version %lld", m->id,
			    (long long)m->version, it->id, (long long)it->version);
	buf_release(&b);
	if (r != SL_OK) {
		manifest_free(m);
		return r;
	}
	*ret_m = m;
	return SL_OK;
}

/* The release statement names this serial and is fresh; of what comes back `again` it
 * is the one of then. */
static int check_release(struct statement *const *list, unsigned n, int64_t serial, bool again,
			 int64_t now, struct sl_why *why)
{
	for (unsigned i = 0; i < n; i++) {
		const char *policy;
		const json_t *inputs;
		int64_t version, said, time;
		int r;

		if (list[i]->kind != PRED_RELEASE)
			continue;
		r = release_read(list[i], &inputs, &policy, &version, &said, &time, why);
		if (r != SL_OK)
			return r;
		if (again ? said >= serial : said != serial)
			return why_set(why, SL_E_DENIED,
				       "the release statement names serial %lld, not %lld",
				       (long long)said, (long long)serial);
		/* Approvals are judged at this time: an old date would revive expired ones. */
		if (!again && now - time > PROOF_AGE_S)
			return why_set(why, SL_E_EXPIRED, "the release statement is too old");
		return SL_OK;
	}
	return why_set(why, SL_E_DENIED, "no release statement");
}

static int check_attest(int tree_fd, const struct delta_item *it, const struct manifest *m,
			const struct roster *roster, bool again, int64_t now,
			struct sl_why *why)
{
	struct statement *list[ATTEST_LINES_MAX];
	struct approval_result res;
	char target[TUF_PATH_MAX];
	unsigned n = 0;
	struct buf b;
	int r;

	buf_init(&b, ATTEST_MAX);
	delta_attest_path(it, it->version, target);
	r = proof_read_target(tree_fd, target, &it->attest, ATTEST_MAX, &b, why);
	if (r == SL_OK)
		r = attest_split(b.data, b.len, list, &n, why);
	if (r == SL_OK) {
		const struct approval_case c = {.manifest = m,
						.roster = roster,
						.statements = list,
						.n = n,
						.now = now};

		r = check_release(list, n, it->serial, again, now, why);
		if (r == SL_OK)
			r = package_judge(&c, &res, why);
		/* The rule itself asks for this; said again as nothing matters more. */
		if (r == SL_OK && (!res.satisfied || res.vetoed))
			r = why_set(why, SL_E_DENIED, "the approval rule is not met");
	}
	while (n > 0)
		statement_free(list[--n]);
	buf_release(&b);
	return r;
}

static int check_blobs(int tree_fd, const struct manifest *m, struct tree_list *files,
		       struct sl_why *why)
{
	for (unsigned i = 0; i < m->n_blobs; i++) {
		char path[80];
		int r;

		proof_blob_path(m->blobs[i].sha256, path);
		r = tree_check(tree_fd, path, m->blobs[i].length, m->blobs[i].sha256);
		if (r != SL_OK)
			return why_set(why, r, "%s is not the file that was approved: %s",
				       m->blobs[i].name, sl_strerror(r));
		if (!tree_list_has(files, path)) {
			r = tree_list_add(files, path);
			if (r != SL_OK)
				return r;
		}
	}
	return SL_OK;
}

int proof_package(int tree_fd, const struct casefile_item *it, const struct roster *roster,
		  bool again, int64_t now, struct tree_list *files, struct sl_why *why)
{
	struct manifest *m = NULL;
	char target[TUF_PATH_MAX];
	int r = proof_manifest(tree_fd, &it->delta, &m, why);

	if (r == SL_OK)
		r = proof_channels(&it->delta, m, why);
	if (r == SL_OK)
		r = check_attest(tree_fd, &it->delta, m, roster, again, now, why);
	if (r == SL_OK)
		r = check_blobs(tree_fd, m, files, why);
	delta_manifest_path(&it->delta, it->delta.version, target);
	if (r == SL_OK)
		r = proof_note_target(files, target, it->delta.manifest.sha256);
	delta_attest_path(&it->delta, it->delta.version, target);
	if (r == SL_OK)
		r = proof_note_target(files, target, it->delta.attest.sha256);
	manifest_free(m);
	return r;
}

int proof_item(int case_fd, const struct casefile_item *it, const struct roster *roster,
	       int64_t now, struct tree_list *files, struct sl_why *why)
{
	int tree_fd = file_open_dir(case_fd, "tree"), r;

	if (tree_fd < 0)
		return why_set(why, tree_fd, "the case has no tree");
	r = it->delta.kind == FEED_RELEASE
		    ? proof_package(tree_fd, it, roster, false, now, files, why)
		    : proof_notice(case_fd, tree_fd, it, roster, now, files, why);
	file_close(tree_fd);
	return r == SL_OK ? r
			  : why_prefix(why, r, "%s version %lld", it->delta.id,
				       (long long)it->delta.version);
}
