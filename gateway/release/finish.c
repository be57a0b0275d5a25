/* finish.c - the checker's signatures come back; snapshot and timestamp follow.
 *
 * Hostile: `checked`, as far as another process wrote it: its signatures are
 * verified with the custodians' keys before anything is built on them. */
#include "release/finish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "release/finish_private.h"
#include "release/hints.h"
#include "trust/tuf_writer.h"

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
	return r == SL_OK && a->roles != casefile_roles(c) ? SL_E_FORMAT : r;
}

/* Put {"keyid","sig"} among the signatures, which are sorted by key id. */
static int insert(json_t *file, const char *keyid, const char *sig)
{
	json_t *list = json_object_get(file, "signatures");
	json_t *entry = json_pack("{s:s,s:s}", "keyid", keyid, "sig", sig);
	size_t at = 0;

	for (; at < json_array_size(list); at++) {
		const char *have = json_str(json_array_get(list, at), "keyid");
		int d = have == NULL ? -1 : strcmp(have, keyid);

		if (d == 0)
			return json_array_set_new(list, at, entry) == 0 ? SL_OK : SL_E_NOMEM;
		if (d > 0)
			break;
	}
	return entry != NULL && json_array_insert_new(list, at, entry) == 0 ? SL_OK
									    : SL_E_NOMEM;
}

/* Whole or not at all, and no leftover in the tree when we die: everything in the
 * tree travels. */
static int replace(int case_fd, int tree_fd, const char *path, const struct buf *b)
{
	int r = tree_put(case_fd, "cosigned", b->data, b->len);

	return r == SL_OK && renameat(case_fd, "cosigned", tree_fd, path) != 0
		       ? sl_err_errno(errno)
		       : r;
}

static int cosign(int case_fd, int tree_fd, unsigned k, int64_t version,
		  const struct casefile_answer *a, const struct chain *chain, json_t *meta,
		  struct sl_why *why)
{
	struct tuf_meta *m = NULL, *whole = NULL;
	struct tuf_role role;
	char path[64], name[32];
	struct buf b, out;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	buf_init(&out, TUF_TARGETS_MAX);
	repo_role_path(k, version, path);
	r = file_read(tree_fd, path, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, "targets", &m, why);
	if (r == SL_OK)
		r = insert(m->json, a->keyid[k], a->sig[k]);
	if (r == SL_OK)
		r = json_canonical(m->json, &out);
	if (r == SL_OK)
		r = tuf_parse(out.data, out.len, "targets", &whole, why);
	if (r == SL_OK)
		r = tuf_role_of_targets(chain->targets, delta_role_name(k), &role, why);
	if (r == SL_OK)
		r = tuf_verify(whole, &role, why);
	if (r == SL_OK)
		r = replace(case_fd, tree_fd, path, &out);
	if (r == SL_OK) {
		(void)snprintf(name, sizeof(name), "%s.json", delta_role_name(k));
		tuf_meta_put(meta, name, version, whole->sha256, whole->length);
	}
	tuf_free(m);
	tuf_free(whole);
	buf_release(&b);
	buf_release(&out);
	return r;
}

/* The custodians' files count from the case that carries them. */
static int put_custodian(int tree_fd, const char *role, const struct tuf_meta *m, json_t *meta)
{
	char path[64], name[32];

	(void)snprintf(path, sizeof(path), "metadata/%lld.%s.json", (long long)m->version,
		       role);
	(void)snprintf(name, sizeof(name), "%s.json", role);
	if (file_exists(tree_fd, path))
		tuf_meta_put(meta, name, m->version, m->sha256, m->length);
	return json_object_get(meta, name) != NULL ? SL_OK : SL_E_CORRUPT;
}

static int write_signed(int tree_fd, const char *path, json_t *body, const struct key *k,
			struct tuf_meta **ret_m)
{
	json_t *envelope = body == NULL ? NULL : tuf_envelope_new(body);
	struct buf b;
	int r = envelope == NULL ? SL_E_NOMEM : tuf_add_signature(envelope, k);

	buf_init(&b, TUF_SNAPSHOT_MAX);
	if (r == SL_OK)
		r = json_canonical(envelope, &b);
	if (r == SL_OK)
		r = tree_put(tree_fd, path, b.data, b.len);
	if (r == SL_OK && ret_m != NULL)
		r = tuf_parse(b.data, b.len, "snapshot", ret_m, NULL);
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
			  const struct repo *repo, int64_t now, struct tuf_meta **ret_m)
{
	int64_t version = repo == NULL ? 1 : repo->snapshot->version + 1;
	char path[64];

	if (repo != NULL && repo->snapshot->expires > now + FINISH_SNAPSHOT_S / 2 &&
	    json_equal(meta, json_obj(repo->snapshot->body, "meta")) == 1 &&
	    by_our_key(repo->snapshot, f->keys->snapshot))
		return SL_OK;
	(void)snprintf(path, sizeof(path), "metadata/%lld.snapshot.json", (long long)version);
	return write_signed(tree_fd, path,
			    tuf_snapshot_body(version, now + FINISH_SNAPSHOT_S, meta),
			    f->keys->snapshot, ret_m);
}

static int write_tops(const struct finish *f, int tree_fd, json_t *meta,
		      const struct casefile *c, const struct repo *repo, int64_t now)
{
	struct tuf_meta *snapshot = NULL;
	const struct tuf_meta *s;
	int r = write_snapshot(f, tree_fd, meta, repo, now, &snapshot);

	if (r != SL_OK)
		return r;
	s = snapshot != NULL ? snapshot : repo->snapshot;
	r = write_signed(tree_fd, "metadata/timestamp.json",
			 tuf_timestamp_body(c->number, now + FINISH_TIMESTAMP_S, s->version,
					    s->sha256, s->length),
			 f->keys->timestamp, NULL);
	tuf_free(snapshot);
	return r;
}

static int cosign_all(int case_fd, int tree_fd, const struct casefile *c,
		      const struct repo *repo, const struct chain *chain, json_t *meta,
		      struct sl_why *why)
{
	struct casefile_answer *a = calloc(1, sizeof(*a));
	uint32_t roles = casefile_roles(c);
	int r = a == NULL ? SL_E_NOMEM : roles == 0 ? SL_OK : load_answer(case_fd, c, a);

	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) != 0)
			r = cosign(case_fd, tree_fd, k, repo == NULL ? 1 : repo->version[k] + 1,
				   a, chain, meta, why);
	}
	free(a);
	return r;
}

int finish_complete(const struct finish *f, int case_fd, const struct casefile *c,
		    const struct repo *repo, const struct chain *chain, int64_t now,
		    struct sl_why *why)
{
	json_t *meta = repo == NULL ? json_object()
				    : json_deep_copy(json_obj(repo->snapshot->body, "meta"));
	int tree_fd = file_open_dir(case_fd, "tree"), r = tree_fd < 0 ? tree_fd : SL_OK;

	if (r == SL_OK)
		r = meta == NULL ? SL_E_NOMEM
				 : cosign_all(case_fd, tree_fd, c, repo, chain, meta, why);
	if (r == SL_OK)
		r = put_custodian(tree_fd, "targets", chain->targets, meta);
	if (r == SL_OK)
		r = put_custodian(tree_fd, "policy", chain->policy, meta);
	finish_at(f, "cosigned");
	if (r == SL_OK)
		r = write_tops(f, tree_fd, meta, c, repo, now);
	if (r == SL_OK && (c->n > 0 || repo == NULL))
		r = hints_write(f->repo_fd, tree_fd, c, now);
	if (r == SL_OK && c->kind == CASEFILE_NOTICE)
		r = finish_current(f, tree_fd, meta);
	if (r == SL_OK)
		r = tree_sync(case_fd);
	finish_at(f, "signed");
	if (r == SL_OK)
		r = finish_ready(f, case_fd, tree_fd, c, repo, now);
	json_decref(meta);
	file_close(tree_fd);
	return r;
}
