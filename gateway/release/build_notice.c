/* build_notice.c - an order, two orders or a correction becomes a notice of the case.
 *
 * Like build_item.c it believes bytes and signatures only; which orders make a pair is
 * the store's suggestion, and proof_item judges it. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/build_private.h"
#include "release/proof.h"
#include "trust/order.h"

enum { VERSION_FILES_MAX = 16 };

struct making { /* one notice on its way */
	const struct order *o;
	struct casefile_item *it;
	struct notice_facts f;
	char policy[HASH_HEX + 1], text[HASH_HEX + 1];
	char subject[HASH_HEX + 1], successor_sha256[HASH_HEX + 1];
	json_t *orders;
	struct statement *order[ORDER_PERSONS_MAX];
	unsigned n;
	struct manifest *successor;
};

static void making_release(struct making *m)
{
	for (unsigned i = 0; i < m->n; i++)
		statement_free(m->order[i]);
	manifest_free(m->successor);
	json_decref(m->orders);
}

static int add_order(struct build *b, struct making *m, const char *sha256, struct sl_why *why)
{
	json_t *j = NULL;
	struct buf bytes;
	int r;

	buf_init(&bytes, DSSE_MAX);
	r = store_object_get(b->store, sha256, DSSE_MAX, &bytes);
	if (r == SL_OK)
		r = statement_parse(bytes.data, bytes.len, &m->order[m->n], why);
	if (r == SL_OK) {
		m->n++;
		r = json_parse_signed(bytes.data, bytes.len, &j);
	}
	if (r == SL_OK && json_array_append_new(m->orders, j) != 0)
		r = SL_E_NOMEM;
	buf_release(&bytes);
	return r == SL_OK ? r : build_explain(why, r, "a stored order");
}

/* The notice says what its first order says. */
static int take_orders(struct build *b, struct making *m, struct sl_why *why)
{
	const char *first = m->o->envelope, *second = m->o->second;
	int r;

	if (second[0] != '\0' && strcmp(second, first) < 0) {
		second = m->o->envelope;
		first = m->o->second;
	}
	r = add_order(b, m, first, why);
	if (r == SL_OK && second[0] != '\0')
		r = add_order(b, m, second, why);
	if (r == SL_OK)
		r = order_read(m->order[0], &m->f, why);
	if (r != SL_OK)
		return r;
	m->f.action = order_becomes(m->f.action);
	memcpy(m->subject, m->order[0]->subject, sizeof(m->subject));
	return SL_OK;
}

struct pick {
	const char *tail; /* in */
	char name[128];	  /* out; "" when there is none */
};

static int pick_one(const char *name, void *arg)
{
	struct pick *p = arg;
	size_t len = strlen(name), tail = strlen(p->tail);

	if (len > tail && len < sizeof(p->name) && strcmp(name + len - tail, p->tail) == 0)
		(void)snprintf(p->name, sizeof(p->name), "%s", name);
	return SL_OK;
}

/* A file of what was published, from our own copy of the tree. */
static int load_published(struct build *b, const char *id, int64_t version, const char *tail,
			  struct buf *out)
{
	struct pick p = {.tail = tail};
	char dir[80];
	int fd, r;

	(void)snprintf(dir, sizeof(dir), "targets/rel/%.31s/%lld", id, (long long)version);
	fd = file_open_dir(b->repo->fd, dir);
	if (fd < 0)
		return fd;
	r = file_each(fd, VERSION_FILES_MAX, pick_one, &p);
	if (r == SL_OK)
		r = p.name[0] == '\0' ? SL_E_NOTFOUND : file_read(fd, p.name, out->max, out);
	file_close(fd);
	return r;
}

/* The manifest that the orders are about: the store has it and, until it is taken down,
 * the tree too; what stops something must not hang on one copy. */
static int load_about(struct build *b, struct making *m, struct buf *out)
{
	const struct delta_item *d = &m->it->delta;
	char hex[HASH_HEX + 1];
	int r = store_object_get(b->store, m->subject, MANIFEST_MAX, out), e;

	if (r != SL_E_NOTFOUND && r != SL_E_CORRUPT)
		return r;
	buf_clear(out);
	e = load_published(b, d->id, d->version, ".manifest.json", out);
	if (e != SL_OK)
		return r;
	hash_hex(out->data, out->len, hex);
	return strcmp(hex, m->subject) == 0 ? SL_OK : r;
}

/* Its channels are those in which the notice is numbered. */
static int take_about(struct build *b, struct making *m, struct sl_why *why)
{
	struct manifest *parsed = NULL;
	char path[PROOF_ABOUT_PATH];
	struct buf manifest;
	int r;

	buf_init(&manifest, MANIFEST_MAX);
	r = load_about(b, m, &manifest);
	if (r == SL_OK)
		r = manifest_parse(manifest.data, manifest.len, &parsed, why);
	if (r == SL_OK)
		r = build_number(b, m->it, parsed, why);
	proof_about_path(m->subject, path);
	if (r == SL_OK && m->it->delta.status != FEED_USABLE)
		r = tree_put(b->case_fd, path, manifest.data, manifest.len);
	manifest_free(parsed);
	buf_release(&manifest);
	return r == SL_OK ? r : build_explain(why, r, "the manifest that the orders are about");
}

/* What was published comes back: the same manifest, attestations and files. */
static int put_package(struct build *b, struct making *m, struct sl_why *why)
{
	struct delta_item *d = &m->it->delta;
	struct buf manifest, attest, proof;
	struct manifest *parsed = NULL;
	char target[TUF_PATH_MAX];
	int r;

	buf_init(&manifest, MANIFEST_MAX);
	buf_init(&attest, ATTEST_MAX);
	buf_init(&proof, TLOG_PROOF_MAX);
	r = store_object_get(b->store, m->subject, MANIFEST_MAX, &manifest);
	if (r == SL_OK)
		r = load_published(b, d->id, d->version, ".attest.intoto.jsonl", &attest);
	if (r == SL_OK)
		r = load_published(b, d->id, d->version, ".log.tlog-proof", &proof);
	if (r == SL_OK)
		r = manifest_parse(manifest.data, manifest.len, &parsed, why);
	delta_manifest_path(d, d->version, target);
	if (r == SL_OK)
		r = build_put_target(b, target, &manifest, &d->manifest);
	delta_attest_path(d, d->version, target);
	if (r == SL_OK)
		r = build_put_target(b, target, &attest, &d->attest);
	delta_proof_path(d, d->version, target);
	if (r == SL_OK)
		r = build_put_target(b, target, &proof, &d->proof);
	if (r == SL_OK)
		r = build_put_blobs(b, parsed, why);
	manifest_free(parsed);
	buf_release(&manifest);
	buf_release(&attest);
	buf_release(&proof);
	return r == SL_OK ? r : build_explain(why, r, "what was published");
}

/* A correction: what takes the place goes into the case as its proof. */
static int take_successor(struct build *b, struct making *m, struct sl_why *why)
{
	struct draft old = {.number = 0};
	struct buf manifest, attest;
	int r;

	buf_init(&manifest, MANIFEST_MAX);
	buf_init(&attest, ATTEST_MAX);
	r = store_draft_by_release(b->store, m->o->release, &old);
	if (r == SL_OK) {
		memcpy(m->subject, old.manifest, sizeof(m->subject));
		r = store_object_get(b->store, m->o->envelope, MANIFEST_MAX, &manifest);
	}
	draft_release(&old);
	if (r == SL_OK)
		r = manifest_parse(manifest.data, manifest.len, &m->successor, why);
	if (r == SL_OK)
		r = load_published(b, m->successor->id, m->successor->version,
				   ".attest.intoto.jsonl", &attest);
	if (r == SL_OK)
		r = tree_put(b->case_fd, "successor/manifest.json", manifest.data,
			     manifest.len);
	if (r == SL_OK)
		r = tree_put(b->case_fd, "successor/attest.intoto.jsonl", attest.data,
			     attest.len);
	buf_release(&manifest);
	buf_release(&attest);
	if (r != SL_OK)
		return build_explain(why, r, "the release that takes the place");
	hash_hex("", 0, m->text);
	m->f = (struct notice_facts){.action = "correct",
				     .release = m->o->release,
				     .version = m->o->version,
				     .reason_code = "corrected",
				     .text_sha256 = m->text,
				     .successor = m->successor->id,
				     .successor_sha256 = m->o->envelope,
				     .successor_version = m->successor->version};
	return SL_OK;
}

static int sign(struct build *b, struct making *m, struct sl_why *why)
{
	struct delta_item *d = &m->it->delta;
	json_t *predicate;
	struct buf notice;
	char target[TUF_PATH_MAX];
	int r;

	text_hex(roster_digest(b->chain->roster), HASH_LEN, m->policy);
	m->f.time = b->now;
	m->f.serial = d->serial;
	m->f.policy_sha256 = m->policy;
	m->f.policy_version = roster_version(b->chain->roster);
	m->f.orders = m->orders;
	buf_init(&notice, DSSE_MAX);
	predicate = notice_predicate(&m->f);
	r = predicate == NULL ? SL_E_NOMEM
			      : statement_sign(b->keys->gateway, PRED_NOTICE, m->subject,
					       predicate, &notice);
	json_decref(predicate);
	delta_notice_path(d, target);
	if (r == SL_OK)
		r = build_put_target(b, target, &notice, &d->notice);
	buf_release(&notice);
	return r == SL_OK ? r : build_explain(why, r, "the notice");
}

/* An order that stops something is tried until it succeeds.  One that needs what is not
 * there (any more) is void, or nothing else would ever go out behind it. */
static int give_up(const struct casefile_item *it, bool correct, int r, struct sl_why *why)
{
	bool gone = r == SL_E_NOTFOUND || r == SL_E_CORRUPT || r == SL_E_EXPIRED;

	return gone && (correct || it->delta.status == FEED_USABLE)
		       ? why_prefix(why, SL_E_DENIED, "%s", sl_strerror(r))
		       : r;
}

int build_notice(struct build *b, const struct order *o, struct sl_why *why)
{
	struct casefile_item *it = &b->c.items[b->c.n];
	struct making m = {.o = o, .it = it, .orders = json_array()};
	bool correct = strcmp(o->action, "correct") == 0;
	int r = m.orders == NULL ? SL_E_NOMEM : SL_OK;

	memset(it, 0, sizeof(*it));
	it->delta.kind = FEED_NOTICE;
	it->delta.status = FEED_CANCELED; /* until the orders say otherwise */
	it->order = o->number;
	(void)snprintf(it->order_sha256, sizeof(it->order_sha256), "%s", o->envelope);
	if (r == SL_OK)
		r = correct ? take_successor(b, &m, why) : take_orders(b, &m, why);
	if (r == SL_OK) {
		(void)snprintf(it->delta.id, sizeof(it->delta.id), "%s", m.f.release);
		it->delta.version = m.f.version;
		memcpy(it->delta.manifest.sha256, m.subject, sizeof(m.subject));
		r = notice_status(m.f.action, &it->delta.status) ? SL_OK : SL_E_FORMAT;
	}
	if (r == SL_OK)
		r = take_about(b, &m, why);
	if (r == SL_OK && it->delta.status == FEED_USABLE)
		r = put_package(b, &m, why);
	if (r == SL_OK)
		r = sign(b, &m, why);
	if (r == SL_OK)
		r = proof_item(b->case_fd, it, b->chain->roster, b->now, &b->files, why);
	if (r == SL_OK)
		r = proof_logged(b->case_fd, it, b->chain->witness, &b->files, why);
	if (r == SL_OK)
		r = build_counted(b, it, why);
	making_release(&m);
	return r == SL_OK ? r : give_up(it, correct, r, why);
}
