/* admit.c - the installer's proof of one unit.
 *
 * Hostile: the unit, although its signature is good: a gateway whose unit key was
 * stolen must still not get a byte into the tree that reviewers did not sign.
 *
 * An ordinary unit brings newer metadata; the TUF client runs over the tree as it
 * would be afterwards, starting from what the tree holds now, so that no version
 * can go back.  A unit older than the tree (a recall overtook it) is judged by the
 * tree's own metadata and only fills in files that are still listed there. */
#include "outlet/admit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "outlet/admit_private.h"
#include "outlet/dossier.h"

/* What a gateway makes is smaller (release/hints.c); nobody signed for it but the gateway. */
enum { HINT_MAX = 2 << 20 };

bool admit_target(const char *file, char ret_target[ADMIT_PATH], char ret_sha256[65])
{
	const char *slash = strrchr(file, '/');
	const char *name = slash == NULL ? file : slash + 1;
	size_t dir = (size_t)(name - file);

	if (strlen(file) >= ADMIT_PATH || strlen(name) < 66 || name[64] != '.')
		return false;
	memcpy(ret_sha256, name, 64);
	ret_sha256[64] = '\0';
	(void)snprintf(ret_target, ADMIT_PATH, "%.*s%s", (int)dir, file, name + 65);
	return text_is_sha256(ret_sha256);
}

int admit_meta(const struct overlay *o, const char *path, const char *type, size_t max,
	       struct tuf_meta **ret_m)
{
	struct buf b;
	int r;

	buf_init(&b, max);
	r = overlay_read(o, path, max, &b);
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, type, ret_m, NULL);
	buf_release(&b);
	return r;
}

static int copy_state(const struct overlay *tree, const char *from, int scratch, const char *to)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = overlay_read(tree, from, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = file_write_durable(scratch, to, b.data, b.len, 0600);
	buf_release(&b);
	return r;
}

/* What the tree holds now is what the client must not go behind. */
static int seed(const struct overlay *tree, int scratch)
{
	struct tuf_meta *m = NULL;
	const json_t *snapshot;
	int64_t version = 0;
	char path[64];
	int r = admit_meta(tree, "metadata/timestamp.json", "timestamp", TUF_TIMESTAMP_MAX, &m);

	if (r == SL_E_NOTFOUND)
		return SL_OK; /* an empty tree */
	if (r == SL_OK) {
		snapshot = json_obj(json_obj(m->body, "meta"), "snapshot.json");
		r = json_i64(snapshot, "version", &version) ? SL_OK : SL_E_CORRUPT;
	}
	if (r == SL_OK)
		r = copy_state(tree, "metadata/timestamp.json", scratch, "timestamp.json");
	(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".snapshot.json", version);
	if (r == SL_OK)
		r = copy_state(tree, path, scratch, "snapshot.json");
	tuf_free(m);
	return r;
}

/* Newer or older than the tree, and at which time is it judged? */
static int decide_mode(struct admit *a, struct sl_why *why)
{
	struct overlay tree = a->view;
	struct tuf_meta *ours = NULL, *theirs = NULL;
	int r;

	tree.metadata = false;
	r = admit_meta(&tree, "metadata/timestamp.json", "timestamp", TUF_TIMESTAMP_MAX, &ours);
	if (r != SL_OK && r != SL_E_NOTFOUND)
		return why_set(why, r, "the tree's own timestamp is damaged");
	a->view.metadata = true;
	if (overlay_index(a->view.unit, "metadata/timestamp.json") >= 0) {
		r = admit_meta(&a->view, "metadata/timestamp.json", "timestamp",
			       TUF_TIMESTAMP_MAX, &theirs);
		if (r != SL_OK) {
			tuf_free(ours);
			return why_set(why, r, "the unit's timestamp is malformed");
		}
	}
	admit_listed_use(a, ours);
	a->late = theirs == NULL || (ours != NULL && theirs->version < ours->version);
	a->view.metadata = !a->late;
	a->now = clock_now();
	r = a->late && ours == NULL
		    ? why_set(why, SL_E_UNREACHABLE,
			      "there is no tree yet that this unit could add to")
		    : SL_OK;
	if (r == SL_OK) {
		int64_t expires = a->late ? ours->expires : theirs->expires;

		/* Freshness is for platforms to judge; a backlog must still go in, each unit as
		 * of its own time. */
		a->stale = expires <= a->now;
		if (a->stale)
			a->now = expires - 1;
	}
	tuf_free(ours);
	tuf_free(theirs);
	return r;
}

static int refresh(struct admit *a, const char *scratch, int scratch_fd, struct sl_why *why)
{
	struct overlay tree = a->view;
	struct tuf_fetcher f = overlay_tuf(&a->view);
	const struct tuf_meta *m = NULL;
	int r;

	tree.metadata = false;
	r = seed(&tree, scratch_fd);
	if (r != SL_OK)
		return why_set(why, r, "the tree's own metadata is damaged");
	r = tuf_client_open(scratch, a->root->data, a->root->len, &f, &a->tuf, why);
	if (r == SL_OK && a->listed != NULL)
		tuf_client_know(a->tuf, a->listed->snapshot);
	if (r == SL_OK)
		r = tuf_client_refresh(a->tuf, a->now, why);
	if (r == SL_OK)
		r = tuf_client_role(a->tuf, "timestamp", &m, why);
	if (r == SL_OK) {
		a->timestamp_version = m->version;
		a->timestamp_expires = m->expires;
	}
	return r;
}

/* metadata/N.ROLE.json of the unit: is it the verified current one (or a root of the chain)? */
static int admit_metadata(struct admit *a, unsigned i, struct sl_why *why)
{
	const char *name = a->view.unit->files[i].path + 9, *dot = strchr(name, '.');
	const struct tuf_meta *m = NULL;
	char role[TUF_ROLE_MAX], hex[65];
	uint64_t version = 0;
	size_t len;
	int r;

	if (strcmp(name, "timestamp.json") == 0) {
		a->place[i] = true;
		return SL_OK;
	}
	len = dot == NULL ? 0 : strlen(dot + 1);
	if (len < 6 || len - 5 >= sizeof(role) || strcmp(dot + 1 + len - 5, ".json") != 0 ||
	    !text_to_u64(name, (size_t)(dot - name), INT64_MAX, &version))
		return why_set(why, SL_E_FORMAT, "%s is not the name of a role's metadata",
			       name);
	(void)snprintf(role, sizeof(role), "%.*s", (int)(len - 5), dot + 1);
	r = tuf_client_role(a->tuf, role, &m, why);
	if (r != SL_OK)
		return r;
	text_hex(m->sha256, HASH_LEN, hex);
	if (strcmp(role, "root") == 0)
		/* The client verified every root up to the newest one of the chain. */
		a->place[i] = version <= (uint64_t)m->version;
	else
		a->place[i] = version == (uint64_t)m->version &&
			      strcmp(hex, a->view.unit->files[i].sha256) == 0;
	return SL_OK;
}

static int admit_file(struct admit *a, unsigned i, struct sl_why *why)
{
	const struct unit_file *f = &a->view.unit->files[i];
	char target[ADMIT_PATH], named[65], listed[65];
	uint8_t sha256[HASH_LEN];
	uint64_t length = 0;
	int r;

	if (strncmp(f->path, "metadata/", 9) == 0)
		return a->late ? SL_OK : admit_metadata(a, i, why);
	if (strncmp(f->path, "log/", 4) == 0)
		return SL_OK; /* tiles wait for the checkpoint that they lead to */
	if (strchr(f->path, '/') == NULL) { /* hints for people */
		if (f->length > HINT_MAX)
			return why_set(why, SL_E_LIMIT, "%s is larger than any page for people",
				       f->path);
		a->place[i] = !a->late;
		return SL_OK;
	}
	if (strncmp(f->path, "targets/", 8) != 0)
		return SL_OK; /* blobs wait for the manifest that names them */
	if (!admit_target(f->path + 8, target, named))
		return why_set(why, SL_E_FORMAT, "%s is not named by its digest", f->path);
	if (strcmp(named, f->sha256) != 0)
		return why_set(why, SL_E_SIGNATURE, "%s does not have the digest in its name",
			       f->path);
	r = tuf_client_find(a->tuf, target, &length, sha256, why);
	if (r == SL_E_NOTFOUND)
		return SL_OK; /* no longer listed, so not placed */
	if (r != SL_OK)
		return r;
	text_hex(sha256, HASH_LEN, listed);
	a->place[i] = strcmp(listed, f->sha256) == 0 && length == f->length;
	return SL_OK;
}

static int admit_blobs(struct admit *a, const struct manifest *m, struct sl_why *why)
{
	for (unsigned k = 0; k < m->n_blobs; k++) {
		char path[DOSSIER_PATH_MAX];
		uint64_t length = 0;
		int i, r;

		dossier_blob_path(m->blobs[k].sha256, path);
		i = overlay_index(a->view.unit, path);
		r = overlay_length(&a->view, path, &length);
		if (r != SL_OK || length != m->blobs[k].length ||
		    (i >= 0 && strcmp(a->view.unit->files[i].sha256, m->blobs[k].sha256) != 0))
			return why_set(why, SL_E_SIGNATURE,
				       "%s of %s is not the file that was approved",
				       m->blobs[k].name, m->id);
		if (i >= 0)
			a->place[i] = true;
	}
	return SL_OK;
}

static int load_policy(struct admit *a, const struct dossier *d, struct buf *b,
		       struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];

	for (unsigned i = 0; dossier_policy_path(d->policy_version, i, path); i++) {
		buf_clear(b);
		if (tuf_client_download(a->tuf, path, DOSSIER_POLICY_MAX, b, NULL) != SL_OK)
			continue;
		hash_hex(b->data, b->len, hex);
		if (strcmp(hex, d->policy_sha256) == 0)
			return SL_OK;
	}
	return why_set(why, SL_E_NOTFOUND, "approval policy version %" PRId64 " is not listed",
		       d->policy_version);
}

static int judge_release(struct admit *a, const char *id, int64_t version, struct sl_why *why)
{
	struct buf manifest, attest, policy, proof;
	struct dossier d = {.manifest = NULL};
	char path[DOSSIER_PATH_MAX];
	int r;

	buf_init(&manifest, MANIFEST_MAX);
	buf_init(&attest, ATTEST_MAX);
	buf_init(&proof, TLOG_PROOF_MAX);
	buf_init(&policy, DOSSIER_POLICY_MAX);
	dossier_path(id, version, "manifest.json", path);
	r = tuf_client_download(a->tuf, path, MANIFEST_MAX, &manifest, why);
	if (r == SL_OK) {
		dossier_path(id, version, "attest.intoto.jsonl", path);
		r = tuf_client_download(a->tuf, path, ATTEST_MAX, &attest, why);
	}
	if (r == SL_OK)
		r = dossier_open(&manifest, &attest, &d, why);
	if (r == SL_OK && (strcmp(d.manifest->id, id) != 0 || d.manifest->version != version))
		r = why_set(why, SL_E_DENIED, "the manifest is of another item or version");
	if (r == SL_OK)
		r = load_policy(a, &d, &policy, why);
	if (r == SL_OK)
		r = dossier_judge(&d, &policy, a->now, why);
	dossier_path(id, version, "log.tlog-proof", path);
	if (r == SL_OK)
		r = tuf_client_download(a->tuf, path, TLOG_PROOF_MAX, &proof, why);
	if (r == SL_OK)
		r = dossier_logged(&d, &manifest, &attest, &proof, a->witness, why);
	if (r == SL_OK)
		r = admit_blobs(a, d.manifest, why);
	dossier_release(&d);
	buf_release(&manifest);
	buf_release(&attest);
	buf_release(&policy);
	buf_release(&proof);
	return r == SL_OK ? r : why_prefix(why, r, "%s version %" PRId64, id, version);
}

/* targets/rel/ID/VERSION/SHA256.manifest.json of the unit -> the release is judged. */
static int admit_releases(struct admit *a, struct sl_why *why)
{
	const struct unit *u = a->view.unit;
	const char *judged = "";

	for (unsigned i = 0; i < u->n_files; i++) {
		const char *id = u->files[i].path + 12, *slash, *end;
		char name[32];
		uint64_t version = 0;
		int r;

		if (!a->place[i] || strncmp(u->files[i].path, "targets/rel/", 12) != 0)
			continue;
		slash = strchr(id, '/');
		end = slash == NULL ? NULL : strchr(slash + 1, '/');
		if (end == NULL || (size_t)(slash - id) >= sizeof(name) ||
		    !text_to_u64(slash + 1, (size_t)(end - slash - 1), INT64_MAX, &version))
			return why_set(why, SL_E_FORMAT, "%s has no place in the tree",
				       u->files[i].path);
		/* Manifest, envelopes and proof lead here, one after the other. */
		if (strncmp(id, judged, (size_t)(end + 1 - id)) == 0)
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)(slash - id), id);
		r = judge_release(a, name, (int64_t)version, why);
		if (r != SL_OK)
			return r;
		judged = id;
	}
	return SL_OK;
}

int admit_unit(struct admit *a, const char *scratch, int scratch_fd, struct sl_why *why)
{
	int r;

	a->place = calloc(a->view.unit->n_files + 1u, sizeof(*a->place));
	if (a->place == NULL)
		return SL_E_NOMEM;
	r = decide_mode(a, why);
	if (r == SL_OK)
		r = refresh(a, scratch, scratch_fd, why);
	if (r == SL_OK && !a->late)
		r = admit_listed(a, why);
	if (r == SL_OK)
		r = admit_log(a, why);
	for (unsigned i = 0; r == SL_OK && i < a->view.unit->n_files; i++)
		r = admit_file(a, i, why);
	if (r == SL_OK)
		r = admit_releases(a, why);
	if (r == SL_OK)
		r = admit_notices(a, why);
	if (r == SL_OK && !a->late)
		r = admit_feed(a, why);
	return r;
}

void admit_release(struct admit *a)
{
	tuf_client_close(a->tuf);
	tlog_policy_free(a->witness);
	free(a->place);
	a->tuf = NULL;
	a->witness = NULL;
	a->place = NULL;
}
