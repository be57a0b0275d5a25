/* build_item.c - one approved draft becomes an item of the case.
 *
 * Re-proves everything from the stored bytes: each object is hashed again, each
 * envelope verified again; the database is only asked which objects to look at. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "release/build_private.h"
#include "release/proof.h"
#include "trust/approval.h"

enum { REPORT_MAX = 16 << 20 /* what an inspector may write for all files of a draft */ };

struct evidence { /* envelopes of one draft: as bytes and parsed */
	struct buf line[ATTEST_LINES_MAX];
	struct statement *statement[ATTEST_LINES_MAX];
	unsigned n;
	struct manifest *manifest;
	struct buf manifest_bytes;
};

static void evidence_release(struct evidence *e)
{
	for (unsigned i = 0; i < ATTEST_LINES_MAX; i++) {
		buf_release(&e->line[i]);
		statement_free(e->statement[i]);
	}
	manifest_free(e->manifest);
	buf_release(&e->manifest_bytes);
}

bool build_is_old(const struct draft *d, const struct statement *s)
{
	struct approval_facts f;

	return s->kind == PRED_APPROVAL && approval_read(s, &f, NULL) == SL_OK &&
	       (strcmp(s->subject, d->manifest) != 0 ||
		strcmp(f.inspection_sha256, d->report) != 0);
}

static int add_envelope(struct build *b, const struct draft *d, struct evidence *e,
			const char *sha256, struct sl_why *why)
{
	int r;

	/* One line is kept for our own statement. */
	if (e->n >= ATTEST_LINES_MAX - 1)
		return why_set(why, SL_E_LIMIT, "too many envelopes for one release");
	buf_init(&e->line[e->n], DSSE_MAX);
	r = store_object_get(b->store, sha256, DSSE_MAX, &e->line[e->n]);
	if (r == SL_OK)
		r = statement_parse(e->line[e->n].data, e->line[e->n].len, &e->statement[e->n],
				    why);
	if (r == SL_OK && strcmp(e->statement[e->n]->sha256, sha256) != 0)
		r = SL_E_CORRUPT;
	if (r == SL_OK && build_is_old(d, e->statement[e->n])) {
		buf_release(&e->line[e->n]);
		statement_free(e->statement[e->n]);
		e->statement[e->n] = NULL;
	} else if (r == SL_OK) {
		e->n++;
	}
	return r == SL_OK ? r : build_explain(why, r, "a stored envelope");
}

struct votes {
	char envelope[ATTEST_LINES_MAX][65];
	unsigned n;
};

/* Only what counts: more would only make the package larger than platforms accept. */
static int see_vote(const struct vote *v, void *arg)
{
	struct votes *all = arg;

	if (!v->counts || strcmp(v->decision, "approve") != 0)
		return SL_OK;
	if (all->n == ATTEST_LINES_MAX)
		return SL_E_LIMIT;
	(void)snprintf(all->envelope[all->n++], 65, "%s", v->envelope);
	return SL_OK;
}

static int gather(struct build *b, const struct draft *d, struct evidence *e,
		  struct sl_why *why)
{
	struct votes votes = {.n = 0};
	char hex[65];
	int r = store_object_get(b->store, d->manifest, MANIFEST_MAX, &e->manifest_bytes);

	if (r == SL_OK)
		r = manifest_parse(e->manifest_bytes.data, e->manifest_bytes.len, &e->manifest,
				   why);
	if (r != SL_OK)
		return build_explain(why, r, "the stored manifest");
	text_hex(e->manifest->sha256, HASH_LEN, hex);
	if (strcmp(hex, d->manifest) != 0 || strcmp(e->manifest->id, d->release) != 0)
		return why_set(why, SL_E_CORRUPT, "the manifest is of another release");
	r = add_envelope(b, d, e, d->submission, why);
	if (r == SL_OK)
		r = add_envelope(b, d, e, d->inspection, why);
	if (r == SL_OK)
		r = store_vote_each(b->store, d->id, d->revision, see_vote, &votes);
	for (unsigned i = 0; i < votes.n && r == SL_OK; i++)
		r = add_envelope(b, d, e, votes.envelope[i], why);
	return r;
}

/* The report that inspector and reviewers signed is still the stored one. */
static int check_report(struct build *b, const struct draft *d, const struct evidence *e,
			struct sl_why *why)
{
	const char *verdict, *said;
	struct buf report;
	int r = inspection_read(e->statement[1], &verdict, &said, why);

	if (r != SL_OK)
		return r;
	if (strcmp(said, d->report) != 0)
		return why_set(why, SL_E_CORRUPT, "the inspection report has changed");
	buf_init(&report, REPORT_MAX);
	r = store_object_get(b->store, said, REPORT_MAX, &report);
	buf_release(&report);
	if (r == SL_E_CORRUPT)
		return why_set(why, r, "the inspection report has changed");
	return r == SL_OK ? r : why_set(why, r, "the inspection report is missing");
}

static int judge(struct build *b, const struct evidence *e, struct sl_why *why)
{
	const struct approval_case c = {.manifest = e->manifest,
					.roster = b->chain->roster,
					.statements = e->statement,
					.n = e->n,
					.now = b->now};
	struct approval_result res;
	int r = approval_judge(&c, &res, why);

	if (r != SL_OK)
		return r;
	if (!res.satisfied || res.vetoed)
		return why_set(why, SL_E_DENIED, "the approvals are not enough any more: %s",
			       res.detail[0] != '\0' ? res.detail : res.missing[0]);
	return SL_OK;
}

/* Our statement over exactly these inputs; then all lines together. */
static int attest(struct build *b, struct evidence *e, int64_t serial, struct buf *out)
{
	const char *inputs[ATTEST_LINES_MAX];
	char policy[HASH_HEX + 1], manifest[HASH_HEX + 1];
	json_t *predicate;
	int r;

	for (unsigned i = 0; i < e->n; i++)
		inputs[i] = e->statement[i]->sha256;
	text_hex(roster_digest(b->chain->roster), HASH_LEN, policy);
	text_hex(e->manifest->sha256, HASH_LEN, manifest);
	predicate = release_predicate(inputs, e->n, policy, roster_version(b->chain->roster),
				      serial, b->now);
	buf_init(&e->line[e->n], DSSE_MAX);
	r = predicate == NULL ? SL_E_NOMEM
			      : statement_sign(b->keys->gateway, PRED_RELEASE, manifest,
					       predicate, &e->line[e->n]);
	json_decref(predicate);
	return r == SL_OK ? attest_join(e->line, e->n + 1, out) : r;
}

int build_put_target(struct build *b, const char *target, const struct buf *bytes,
		     struct delta_file *f)
{
	char path[DELTA_FILE_MAX];

	hash_hex(bytes->data, bytes->len, f->sha256);
	f->length = (int64_t)bytes->len;
	delta_file_path(target, f->sha256, path);
	return tree_put(b->tree_fd, path, bytes->data, bytes->len);
}

int build_put_blobs(struct build *b, const struct manifest *m, struct sl_why *why)
{
	char path[80];
	uint64_t length;
	int r = SL_OK;

	for (unsigned i = 0; i < m->n_blobs && r == SL_OK; i++) {
		int fd;

		proof_blob_path(m->blobs[i].sha256, path);
		if (tree_list_has(&b->files, path))
			continue;
		fd = store_object_open(b->store, m->blobs[i].sha256, &length);
		r = fd < 0 ? fd
			   : tree_put_blob(b->tree_fd, path, fd, m->blobs[i].length,
					   m->blobs[i].sha256);
		file_close(fd);
		if (r != SL_OK)
			(void)why_set(why, r, "%s: %s", m->blobs[i].name, sl_strerror(r));
	}
	return r;
}

static bool has_room(const struct build *b, const struct manifest *m, uint64_t *ret_bytes)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < m->n_blobs; i++)
		bytes += m->blobs[i].length;
	*ret_bytes = bytes;
	/* One item always fits: limits of drafts are below those of transfer units. */
	return b->c.n == 0 ||
	       (b->files.n + m->n_blobs < BUILD_BATCH_FILES && b->bytes < BUILD_BATCH_BYTES &&
		bytes < BUILD_BATCH_BYTES - b->bytes);
}

static int write_release(struct build *b, const struct draft *d, struct evidence *e,
			 struct casefile_item *it, struct sl_why *why)
{
	char target[TUF_PATH_MAX];
	struct buf lines;
	int r;

	buf_init(&lines, ATTEST_MAX);
	it->delta.kind = FEED_RELEASE;
	it->delta.status = FEED_USABLE;
	it->delta.version = e->manifest->version;
	it->revision = d->revision;
	(void)snprintf(it->delta.id, sizeof(it->delta.id), "%s", d->release);
	(void)snprintf(it->draft, sizeof(it->draft), "%s", d->id);
	delta_manifest_path(&it->delta, it->delta.version, target);
	r = build_number(b, it, e->manifest, why);
	if (r == SL_OK)
		r = build_put_target(b, target, &e->manifest_bytes, &it->delta.manifest);
	if (r == SL_OK)
		r = attest(b, e, it->delta.serial, &lines);
	delta_attest_path(&it->delta, it->delta.version, target);
	if (r == SL_OK)
		r = build_put_target(b, target, &lines, &it->delta.attest);
	if (r == SL_OK)
		r = build_put_blobs(b, e->manifest, why);
	buf_release(&lines);
	/* The same proof that the checker will make, on the bytes that are now there. */
	return r == SL_OK ? proof_item(b->case_fd, it, b->chain->roster, b->now, &b->files, why)
			  : r;
}

/* What an item that failed has written must not travel with the others. */
static void forget(struct build *b, const struct casefile_item *it, const struct manifest *m,
		   unsigned files)
{
	char target[TUF_PATH_MAX], path[DELTA_FILE_MAX];

	b->files.n = files;
	for (unsigned i = 0; i < m->n_blobs; i++) {
		proof_blob_path(m->blobs[i].sha256, path);
		if (!tree_list_has(&b->files, path))
			(void)unlinkat(b->tree_fd, path, 0);
	}
	delta_manifest_path(&it->delta, it->delta.version, target);
	delta_file_path(target, it->delta.manifest.sha256, path);
	(void)unlinkat(b->tree_fd, path, 0);
	delta_attest_path(&it->delta, it->delta.version, target);
	delta_file_path(target, it->delta.attest.sha256, path);
	(void)unlinkat(b->tree_fd, path, 0);
}

int build_release(struct build *b, const struct draft *d, struct sl_why *why)
{
	struct evidence *e = calloc(1, sizeof(*e));
	struct casefile_item *it = &b->c.items[b->c.n];
	unsigned files = b->files.n;
	uint64_t bytes = 0;
	int r;

	if (e == NULL)
		return SL_E_NOMEM;
	if (b->c.n == DELTA_ITEMS_MAX) {
		free(e);
		return SL_E_FULL;
	}
	memset(it, 0, sizeof(*it));
	buf_init(&e->manifest_bytes, MANIFEST_MAX);
	r = gather(b, d, e, why);
	if (r == SL_OK && !has_room(b, e->manifest, &bytes))
		r = SL_E_FULL;
	if (r == SL_OK)
		r = check_report(b, d, e, why);
	if (r == SL_OK)
		r = judge(b, e, why);
	if (r == SL_OK)
		r = build_route(b, d, e->statement[0], e->statement[1], e->manifest, why);
	if (r == SL_OK)
		r = write_release(b, d, e, it, why);
	if (r == SL_OK)
		r = build_counted(b, it, why);
	if (r == SL_OK) {
		b->bytes += bytes;
	} else if (r != SL_E_FULL && e->manifest != NULL) {
		forget(b, it, e->manifest, files);
	}
	evidence_release(e);
	free(e);
	return r;
}
