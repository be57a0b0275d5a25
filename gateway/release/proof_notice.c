/* proof_notice.c - re-proves a notice: the orders in it, and what it brings or names.
 *
 * Hostile: everything in the case directory.  Invariant: nothing that was taken down
 * comes back without the proof of a release and two persons who want it back. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/proof_private.h"
#include "trust/approval.h"
#include "trust/log_entry.h"
#include "trust/order.h"

enum { NOTICE_SKEW_S = 300 };

/* The case and the notice name the same thing. */
static int compare(const struct casefile_item *it, const struct notice_facts *n,
		   const char *subject, int64_t now, struct sl_why *why)
{
	enum feed_status status = FEED_USABLE;

	if (strcmp(n->release, it->delta.id) != 0 || n->version != it->delta.version ||
	    n->serial != it->delta.serial || !notice_status(n->action, &status) ||
	    status != it->delta.status || strcmp(subject, it->delta.manifest.sha256) != 0)
		return why_set(why, SL_E_DENIED, "the notice is about something else");
	/* A notice of another day could carry a key or an agreement that has ended. */
	if (n->time > now + NOTICE_SKEW_S || now - n->time > PROOF_AGE_S)
		return why_set(why, SL_E_EXPIRED, "the notice is not of now");
	return SL_OK;
}

static int read_file(int case_fd, const char *path, size_t max, struct buf *out,
		     struct sl_why *why)
{
	int r;

	buf_init(out, max);
	r = file_read(case_fd, path, max, out);
	return r == SL_OK ? r : why_set(why, r, "%s is missing", path);
}

void proof_about_path(const char *sha256, char out[PROOF_ABOUT_PATH])
{
	(void)snprintf(out, PROOF_ABOUT_PATH, "about/%.64s.manifest.json", sha256);
}

/* Where the release was shown, there the notice is numbered. */
static int prove_about(int case_fd, const struct casefile_item *it, struct sl_why *why)
{
	const struct delta_item *d = &it->delta;
	char path[PROOF_ABOUT_PATH], hex[HASH_HEX + 1];
	struct manifest *m = NULL;
	struct buf b;
	int r;

	proof_about_path(d->manifest.sha256, path);
	r = read_file(case_fd, path, MANIFEST_MAX, &b, why);
	if (r == SL_OK) {
		hash_hex(b.data, b.len, hex);
		if (strcmp(hex, d->manifest.sha256) != 0)
			r = why_set(why, SL_E_CORRUPT, "%s is not the file that was named",
				    path);
	}
	if (r == SL_OK)
		r = manifest_parse(b.data, b.len, &m, why);
	if (r == SL_OK)
		r = proof_channels(d, m, why);
	manifest_free(m);
	buf_release(&b);
	return r;
}

/* A correction's authority: an approved release whose manifest says what it replaces. */
static int prove_successor(int case_fd, const struct casefile_item *it,
			   const struct notice_facts *n, const struct roster *roster,
			   int64_t now, struct sl_why *why)
{
	struct approval_case c = {.roster = roster, .now = now};
	struct statement *list[ATTEST_LINES_MAX];
	struct approval_result res;
	struct buf manifest, attest;
	struct manifest *m = NULL;
	char hex[HASH_HEX + 1];
	const char *old;
	int r = read_file(case_fd, "successor/manifest.json", MANIFEST_MAX, &manifest, why);

	buf_init(&attest, ATTEST_MAX);
	if (r == SL_OK)
		r = read_file(case_fd, "successor/attest.intoto.jsonl", ATTEST_MAX, &attest,
			      why);
	if (r == SL_OK)
		r = manifest_parse(manifest.data, manifest.len, &m, why);
	if (r == SL_OK)
		r = attest_split(attest.data, attest.len, list, &c.n, why);
	if (r == SL_OK) {
		c.manifest = m;
		c.statements = list;
		r = package_judge(&c, &res, why);
		text_hex(m->sha256, HASH_LEN, hex);
		old = json_str(m->json, "supersedes");
		if (r == SL_OK &&
		    (old == NULL || strcmp(old, it->delta.id) != 0 ||
		     strcmp(m->id, n->successor) != 0 || m->version != n->successor_version ||
		     strcmp(hex, n->successor_sha256) != 0))
			r = why_set(why, SL_E_DENIED,
				    "the release that takes the place does not say so");
	}
	while (c.n > 0)
		statement_free(list[--c.n]);
	manifest_free(m);
	buf_release(&manifest);
	buf_release(&attest);
	return r;
}

static int load_notice(int tree_fd, const struct casefile_item *it, struct statement **ret_s,
		       struct sl_why *why)
{
	char target[TUF_PATH_MAX];
	struct buf b;
	int r;

	buf_init(&b, DSSE_MAX);
	delta_notice_path(&it->delta, target);
	r = proof_read_target(tree_fd, target, &it->delta.notice, DSSE_MAX, &b, why);
	if (r == SL_OK)
		r = statement_parse(b.data, b.len, ret_s, why);
	buf_release(&b);
	return r;
}

/* Statements of an item's attestations; the caller frees the first *ret_n of `list`. */
static int load_attest(int tree_fd, const struct casefile_item *it,
		       struct statement *list[ATTEST_LINES_MAX], unsigned *ret_n,
		       struct sl_why *why)
{
	char target[TUF_PATH_MAX];
	struct buf b;
	int r;

	buf_init(&b, ATTEST_MAX);
	delta_attest_path(&it->delta, it->delta.version, target);
	r = proof_read_target(tree_fd, target, &it->delta.attest, ATTEST_MAX, &b, why);
	if (r == SL_OK)
		r = attest_split(b.data, b.len, list, ret_n, why);
	buf_release(&b);
	return r;
}

/* The proof of the package has found its envelopes good; who handed it in is in them. */
static int prove_apart(int tree_fd, const struct casefile_item *it,
		       const struct notice_facts *n, struct sl_why *why)
{
	struct statement *list[ATTEST_LINES_MAX];
	unsigned count = 0;
	int r = load_attest(tree_fd, it, list, &count, why);

	if (r == SL_OK)
		r = notice_apart(n, list, count, why);
	while (count > 0)
		statement_free(list[--count]);
	return r;
}

int proof_notice(int case_fd, int tree_fd, const struct casefile_item *it,
		 const struct roster *roster, int64_t now, struct tree_list *files,
		 struct sl_why *why)
{
	struct statement *notice = NULL;
	char target[TUF_PATH_MAX];
	struct notice_facts n;
	int r = load_notice(tree_fd, it, &notice, why);

	if (r == SL_OK)
		r = notice_judge(notice, roster, &n, why);
	if (r == SL_OK)
		r = compare(it, &n, notice->subject, now, why);
	if (r == SL_OK && it->delta.status != FEED_USABLE)
		r = prove_about(case_fd, it, why);
	if (r == SL_OK && it->delta.status == FEED_USABLE)
		r = proof_package(tree_fd, it, roster, true, now, files, why);
	if (r == SL_OK && it->delta.status == FEED_USABLE)
		r = prove_apart(tree_fd, it, &n, why);
	if (r == SL_OK && it->delta.status == FEED_REPLACED)
		r = prove_successor(case_fd, it, &n, roster, now, why);
	delta_notice_path(&it->delta, target);
	if (r == SL_OK)
		r = proof_note_target(files, target, it->delta.notice.sha256);
	statement_free(notice);
	return r;
}

static int follows(int64_t freeze, const struct casefile_item *it, const struct feed_page *head,
		   struct sl_why *why)
{
	for (unsigned i = head->n; i-- > 0;) {
		const struct feed_entry *e = &head->entries[i];

		if (strcmp(e->id, it->delta.id) != 0)
			continue;
		return e->status == FEED_WITHHELD && e->serial == freeze &&
				       e->version == it->delta.version
			       ? SL_OK
			       : why_set(why, SL_E_REPLAY,
					 "the orders answer a freeze that is over");
	}
	return SL_OK; /* older than the head page: the outlet and platforms look further back */
}

int proof_follows(int case_fd, const struct casefile *c, const struct feed_page *head,
		  struct sl_why *why)
{
	int tree_fd = file_open_dir(case_fd, "tree"), r = tree_fd < 0 ? tree_fd : SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK && c->kind == CASEFILE_NOTICE; i++) {
		struct statement *notice = NULL;
		int64_t freeze = 0;

		r = load_notice(tree_fd, &c->items[i], &notice, why);
		if (r == SL_OK)
			r = notice_freeze(notice, &freeze, why);
		if (r == SL_OK && freeze != 0)
			r = follows(freeze, &c->items[i], head, why);
		statement_free(notice);
	}
	file_close(tree_fd);
	return r;
}

/* The serial of its first time, which the gateway signed then. */
static int first_serial(int tree_fd, const struct casefile_item *it, int64_t *ret_serial,
			struct sl_why *why)
{
	struct statement *list[ATTEST_LINES_MAX];
	unsigned count = 0;
	int r = load_attest(tree_fd, it, list, &count, why);

	if (r == SL_OK)
		r = SL_E_DENIED;
	for (unsigned i = 0; i < count; i++) {
		const char *policy;
		const json_t *inputs;
		int64_t version, time;

		if (r == SL_E_DENIED && list[i]->kind == PRED_RELEASE)
			r = release_read(list[i], &inputs, &policy, &version, ret_serial, &time,
					 why);
		statement_free(list[i]);
	}
	return r;
}

static int check_logged(int tree_fd, const struct casefile_item *it, const struct buf *proof,
			const struct tlog_policy *witness, struct sl_why *why)
{
	struct log_entry e = {.kind = LOG_RELEASE, .version = it->delta.version};
	int r = first_serial(tree_fd, it, &e.serial, why);

	if (r != SL_OK)
		return r;
	memcpy(e.id, it->delta.id, sizeof(e.id));
	memcpy(e.manifest_sha256, it->delta.manifest.sha256, sizeof(e.manifest_sha256));
	memcpy(e.attest_sha256, it->delta.attest.sha256, sizeof(e.attest_sha256));
	return log_entry_proved(&e, proof, witness, why);
}

int proof_logged(int case_fd, const struct casefile_item *it, const struct tlog_policy *witness,
		 struct tree_list *files, struct sl_why *why)
{
	char target[TUF_PATH_MAX];
	struct buf proof;
	int tree_fd, r;

	if (it->delta.kind != FEED_NOTICE || it->delta.status != FEED_USABLE)
		return SL_OK;
	tree_fd = file_open_dir(case_fd, "tree");
	if (tree_fd < 0)
		return tree_fd;
	buf_init(&proof, TLOG_PROOF_MAX);
	delta_proof_path(&it->delta, it->delta.version, target);
	r = proof_read_target(tree_fd, target, &it->delta.proof, TLOG_PROOF_MAX, &proof, why);
	if (r == SL_OK)
		r = check_logged(tree_fd, it, &proof, witness, why);
	if (r == SL_OK)
		r = proof_note_target(files, target, it->delta.proof.sha256);
	buf_release(&proof);
	file_close(tree_fd);
	return r;
}
