/* finish.c - the checker's signatures come back; snapshot and timestamp follow.
 *
 * Hostile: `checked`, as far as another process wrote it: its signatures are
 * verified with the custodians' keys before anything is built on them. */
#include "release/finish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "release/finish_private.h"
#include "release/hints.h"
#include "trust/tuf_writer.h"

struct outcome { /* of a case */
	struct casefile_answer answer;
	struct delta_keys keys;
	struct log_step log;
	struct casefile_proofs proofs;
	struct delta d;
};

int finish_load(const struct finish *f, int64_t number, int *ret_case_fd,
		struct casefile *ret_c, struct sl_why *why)
{
	char name[CASEFILE_NAME + 1];
	struct buf b;
	int fd, r;

	casefile_name(number, name);
	fd = file_open_dir(f->cases_fd, name);
	if (fd < 0)
		return why_set(why, fd, "release/cases/%s: %s", name, sl_strerror(fd));
	buf_init(&b, CASEFILE_MAX);
	r = file_read(fd, "case.json", CASEFILE_MAX, &b);
	if (r == SL_OK)
		r = casefile_parse(b.data, b.len, ret_c, why);
	if (r == SL_OK && ret_c->number != number)
		r = why_set(why, SL_E_CORRUPT, "release/cases/%s holds another case", name);
	buf_release(&b);
	if (r != SL_OK) {
		file_close(fd);
		return r;
	}
	*ret_case_fd = fd;
	return SL_OK;
}

static int load_answer(int case_fd, const struct casefile *c, struct casefile_answer *a)
{
	struct buf b;
	int r;

	buf_init(&b, CASEFILE_MAX);
	r = file_read(case_fd, "checked", CASEFILE_MAX, &b);
	if (r == SL_OK)
		r = casefile_answer_parse(b.data, b.len, c->number, a);
	buf_release(&b);
	return r;
}

/* Whole or not at all, and no leftover in the tree when we die: everything in the
 * tree travels. */
static int replace(int case_fd, int tree_fd, const char *path, const struct buf *b)
{
	int r = tree_put(case_fd, "cosigned", b->data, b->len);

	if (r == SL_OK && mkdirat(tree_fd, "metadata", 0755) != 0 && errno != EEXIST)
		r = sl_err_errno(errno);
	return r == SL_OK && renameat(case_fd, "cosigned", tree_fd, path) != 0
		       ? sl_err_errno(errno)
		       : r;
}

/* Our signature and the checker's over what we computed; both must count. */
static int cosign(const struct finish *f, const struct delta_role *k,
		  const struct casefile_signature *s, const struct tuf_role *role,
		  struct buf *out, struct tuf_meta **ret_m, struct sl_why *why)
{
	json_t *envelope = tuf_envelope_new(k->body);
	int r = envelope == NULL
			? SL_E_NOMEM
			: tuf_add_signature(envelope, signers_pick(&f->keys->own, role));

	if (r == SL_OK)
		r = tuf_put_signature(envelope, s->keyid, s->sig);
	if (r == SL_OK)
		r = json_canonical(envelope, out);
	if (r == SL_OK)
		r = tuf_parse(out->data, out->len, "targets", ret_m, why);
	if (r == SL_OK)
		r = tuf_verify(*ret_m, role, why);
	json_decref(envelope);
	return r;
}

static int write_role(const struct finish *f, int case_fd, int tree_fd,
		      const struct delta_role *k, const struct casefile_signature *s,
		      const struct delta_keys *keys, json_t *meta, struct sl_why *why)
{
	/* Thousands of sets are listed by their version alone: the snapshot travels with
	 * every release. */
	bool keeper = strcmp(layout_keeper(k->name), k->name) == 0;
	char path[REPO_ROLE_PATH], name[LAYOUT_ROLE_MAX + 8];
	struct tuf_meta *m = NULL;
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = cosign(f, k, s, delta_keys_of(keys, k->name), &b, &m, why);
	repo_role_path(k->name, k->version, path);
	if (r == SL_OK)
		r = replace(case_fd, tree_fd, path, &b);
	if (r == SL_OK) {
		(void)snprintf(name, sizeof(name), "%s.json", k->name);
		tuf_meta_put(meta, name, m->version, keeper ? m->sha256 : NULL, m->length);
	}
	tuf_free(m);
	buf_release(&b);
	return r == SL_OK ? r : why_prefix(why, r, "%s", k->name);
}

static int write_page(int tree_fd, const char *name, const struct buf *bytes)
{
	char path[DELTA_FILE_MAX];

	if (bytes->len == 0)
		return SL_OK;
	delta_page_path(name, bytes, path);
	return tree_put(tree_fd, path, bytes->data, bytes->len);
}

static int load_meta(int dirfd, const char *path, struct tuf_meta **ret_m, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, "targets", ret_m, why);
	buf_release(&b);
	return r;
}

/* The custodians' files count from the case that carries them; newer ones that came since
 * wait for the next case. */
static int put_custodian(int tree_fd, const char *role, int64_t version, json_t *meta)
{
	struct tuf_meta *m = NULL;
	char path[64], name[32];
	int r = SL_OK;

	(void)snprintf(path, sizeof(path), "metadata/%lld.%s.json", (long long)version, role);
	(void)snprintf(name, sizeof(name), "%s.json", role);
	if (file_exists(tree_fd, path)) {
		r = load_meta(tree_fd, path, &m, NULL);
		if (r == SL_OK)
			tuf_meta_put(meta, name, m->version, m->sha256, m->length);
		tuf_free(m);
	}
	return r != SL_OK || json_object_get(meta, name) != NULL ? r : SL_E_CORRUPT;
}

/* Keys that sign this case: of the targets.json that it was made with, whatever has come
 * since.  We wrote that file; what it leads to is verified by everyone who reads it. */
static int load_keys(const struct finish *f, int case_fd, const struct casefile *c,
		     struct delta_keys *ret_keys, struct sl_why *why)
{
	struct tuf_meta *targets = NULL;
	int r = load_meta(case_fd, "before/targets.json", &targets, why);

	if (r == SL_OK)
		r = delta_keys_load(targets, ret_keys, why);
	if (r == SL_OK)
		r = signers_finish(&f->keys->own, ret_keys, c->number, why);
	tuf_free(targets);
	return r;
}

struct written { /* what the timestamp says of a snapshot */
	int64_t version;
	uint8_t sha256[HASH_LEN];
	uint64_t length;
};

/* ret_w may be NULL; its version is the caller's business. */
static int write_signed(int tree_fd, const char *path, json_t *body, const struct key *k,
			struct written *ret_w)
{
	json_t *envelope = body == NULL ? NULL : tuf_envelope_new(body);
	struct buf b;
	int r = envelope == NULL ? SL_E_NOMEM : tuf_add_signature(envelope, k);

	buf_init(&b, TUF_SNAPSHOT_MAX);
	if (r == SL_OK)
		r = json_canonical(envelope, &b);
	if (r == SL_OK)
		r = tree_put(tree_fd, path, b.data, b.len);
	if (r == SL_OK && ret_w != NULL) {
		hash_bytes(b.data, b.len, ret_w->sha256);
		ret_w->length = b.len;
	}
	buf_release(&b);
	json_decref(envelope);
	json_decref(body);
	return r;
}

/* A snapshot that an earlier key signed dies with the root that named that key. */
static bool by_our_key(const struct tuf_meta *snapshot, const struct key *k)
{
	struct tuf_role role = {.name = "snapshot", .threshold = 1, .n_keys = 1};

	memcpy(role.keys[0], key_public(k), KEY_PUBLIC);
	memcpy(role.keyids[0], key_id(k), KEY_ID_HEX + 1);
	return tuf_verify(snapshot, &role, NULL) == SL_OK;
}

/* A new snapshot when anything it lists is new, when it is half way to its end, or when the
 * key is another one. */
static int write_snapshot(const struct finish *f, int tree_fd, json_t *meta,
			  const struct repo *repo, int64_t now, struct written *ret_w)
{
	int64_t version = repo == NULL ? 1 : repo->snapshot->version + 1;
	char path[64];

	if (repo != NULL && repo->snapshot->expires > now + FINISH_SNAPSHOT_S / 2 &&
	    json_equal(meta, json_obj(repo->snapshot->body, "meta")) == 1 &&
	    by_our_key(repo->snapshot, f->keys->snapshot)) {
		ret_w->version = repo->snapshot->version;
		ret_w->length = repo->snapshot->length;
		memcpy(ret_w->sha256, repo->snapshot->sha256, HASH_LEN);
		return SL_OK;
	}
	ret_w->version = version;
	(void)snprintf(path, sizeof(path), "metadata/%lld.snapshot.json", (long long)version);
	return write_signed(tree_fd, path,
			    tuf_snapshot_body(version, now + FINISH_SNAPSHOT_S, meta),
			    f->keys->snapshot, ret_w);
}

static int write_tops(const struct finish *f, int tree_fd, json_t *meta,
		      const struct casefile *c, const struct repo *repo, int64_t now)
{
	struct written s;
	int r = write_snapshot(f, tree_fd, meta, repo, now, &s);

	if (r != SL_OK)
		return r;
	return write_signed(tree_fd, "metadata/timestamp.json",
			    tuf_timestamp_body(c->number, now + FINISH_TIMESTAMP_S, s.version,
					       s.sha256, s.length),
			    f->keys->timestamp, NULL);
}

static int write_roles(const struct finish *f, int case_fd, int tree_fd, const struct delta *d,
		       const struct casefile_answer *a, const struct delta_keys *keys,
		       json_t *meta, struct sl_why *why)
{
	int r = SL_OK;

	if (a->n != d->n)
		return why_set(why, SL_E_SIGNATURE, "the checker signed other roles");
	for (unsigned k = 0; k < d->n && r == SL_OK; k++) {
		if (strcmp(d->role[k].name, a->list[k].role) != 0)
			return why_set(why, SL_E_SIGNATURE, "the checker signed other roles");
		r = write_role(f, case_fd, tree_fd, &d->role[k], &a->list[k], keys, meta, why);
	}
	if (r == SL_OK)
		r = write_page(tree_fd, "head", &d->head_bytes);
	return r == SL_OK ? write_page(tree_fd, d->page, &d->page_bytes) : r;
}

/* What both sides compute; `log` and `proofs` first, as the metadata lists them. */
static int compute(const struct finish *f, int case_fd, const struct casefile *c,
		   const struct repo *repo, const struct chain *chain, struct outcome *o,
		   struct sl_why *why)
{
	int r = load_answer(case_fd, c, &o->answer);

	if (r == SL_OK)
		r = load_keys(f, case_fd, c, &o->keys, why);
	if (r == SL_OK && casefile_logs(c)) {
		r = finish_log(f, case_fd, c, chain, o->answer.cosignature, &o->log, why);
		if (r == SL_OK)
			r = log_step_proofs(&o->log, c, &o->proofs);
	}
	if (r == SL_OK)
		r = repo_delta(repo, c, &o->d, NULL, why);
	return r == SL_OK ? casefile_expect(c, &o->keys, &o->proofs, &o->d, why) : r;
}

static int cosign_all(const struct finish *f, int case_fd, int tree_fd,
		      const struct casefile *c, const struct repo *repo,
		      const struct chain *chain, json_t *meta, struct sl_why *why)
{
	struct outcome *o = calloc(1, sizeof(*o));
	int r;

	if (o == NULL)
		return SL_E_NOMEM;
	delta_init(&o->d);
	log_step_init(&o->log);
	r = compute(f, case_fd, c, repo, chain, o, why);
	if (r == SL_OK)
		r = write_roles(f, case_fd, tree_fd, &o->d, &o->answer, &o->keys, meta, why);
	if (r == SL_OK && casefile_logs(c))
		r = finish_log_write(f, tree_fd, c, &o->log);
	delta_release(&o->d);
	log_step_release(&o->log);
	casefile_answer_release(&o->answer);
	free(o);
	return r;
}

int finish_complete(const struct finish *f, int case_fd, const struct casefile *c,
		    const struct repo *repo, const struct chain *chain, int64_t now,
		    struct sl_why *why)
{
	json_t *meta = repo == NULL ? json_object()
				    : json_deep_copy(json_obj(repo->snapshot->body, "meta"));
	int tree_fd = file_open_dir(case_fd, "tree"), r = tree_fd < 0 ? tree_fd : SL_OK;

	if (r == SL_OK && meta == NULL)
		r = SL_E_NOMEM;
	if (r == SL_OK && casefile_needs_checker(c))
		r = cosign_all(f, case_fd, tree_fd, c, repo, chain, meta, why);
	if (r == SL_OK)
		r = put_custodian(tree_fd, "targets", c->by.targets, meta);
	if (r == SL_OK)
		r = put_custodian(tree_fd, "policy", c->by.policy, meta);
	if (r == SL_OK)
		r = write_tops(f, tree_fd, meta, c, repo, now);
	if (r == SL_OK && (c->n > 0 || repo == NULL))
		r = hints_write(f->repo_fd, tree_fd, c, now);
	if (r == SL_OK && c->kind == CASEFILE_NOTICE)
		r = finish_current(f, tree_fd, meta, now);
	if (r == SL_OK)
		r = tree_sync(case_fd);
	if (r == SL_OK)
		r = finish_ready(f, case_fd, tree_fd, c, repo, now);
	json_decref(meta);
	file_close(tree_fd);
	return r;
}
