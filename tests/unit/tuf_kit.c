/* tuf_kit.c - see tuf_kit.h. */
#include "tuf_kit.h"

#include <string.h>

#include "base/text.h"
#include "trust/layout.h"

static const enum key_use uses[RK_COUNT] = {
	[RK_ROOT1] = KEY_TUF_ROOT,	  [RK_ROOT2] = KEY_TUF_ROOT,
	[RK_ROOT3] = KEY_TUF_ROOT,	  [RK_TARGETS] = KEY_TUF_TARGETS,
	[RK_SNAPSHOT] = KEY_TUF_SNAPSHOT, [RK_TIMESTAMP] = KEY_TUF_TIMESTAMP,
	[RK_POLICY] = KEY_TUF_POLICY,	  [RK_FEED1] = KEY_TUF_FEED,
	[RK_FEED2] = KEY_TUF_FEED,	  [RK_REL1] = KEY_TUF_REL,
	[RK_REL2] = KEY_TUF_REL,	  [RK_OTHER] = KEY_TUF_ROOT,
};

void repo_init(struct repo *r)
{
	memset(r, 0, sizeof(*r));
	for (unsigned i = 0; i < RK_COUNT; i++)
		r->keys[i] = kit_key(uses[i], (uint8_t)(100 + i));
	r->root = r->targets_version = r->leaf = r->snapshot = r->timestamp = 1;
	r->expires = KIT_NOW + 86400;
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	repo_add_target(r, "policy/approval-policy.json", "{}");
	repo_add_target(r, "feed/head.json", "[]");
	repo_add_target(r, "rel/R-2026-000123/2/manifest.json", "manifest");
	repo_publish(r, RK_SNAPSHOT, RK_TIMESTAMP);
}

void repo_release(struct repo *r)
{
	for (unsigned i = 0; i < r->n_files; i++)
		free(r->files[i].bytes);
	for (unsigned i = 0; i < RK_COUNT; i++)
		key_free(r->keys[i]);
}

static int index_of(const struct repo *r, const char *name)
{
	for (unsigned i = 0; i < r->n_files; i++) {
		if (strcmp(r->files[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

void repo_remove(struct repo *r, const char *name)
{
	int at = index_of(r, name);

	assert_true(at >= 0);
	free(r->files[at].bytes);
	r->files[at] = r->files[--r->n_files];
}

void repo_put(struct repo *r, const char *name, const void *bytes, size_t len)
{
	uint8_t *copy = calloc(1, len + 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	if (index_of(r, name) >= 0)
		repo_remove(r, name);
	assert_true(r->n_files < REPO_FILES);
	(void)snprintf(r->files[r->n_files].name, sizeof(r->files[0].name), "%s", name);
	r->files[r->n_files].bytes = copy;
	r->files[r->n_files++].len = len;
}

const char *repo_text(struct repo *r, const char *name)
{
	int at = index_of(r, name);

	assert_true(at >= 0);
	return (const char *)r->files[at].bytes;
}

void repo_put_json(struct repo *r, const char *name, json_t *envelope)
{
	struct buf b;

	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	repo_put(r, name, b.data, b.len);
	buf_release(&b);
	json_decref(envelope);
}

json_t *repo_sign(struct repo *r, json_t *body, const enum repo_key *who)
{
	json_t *e = tuf_envelope_new(body);

	assert_non_null(e);
	for (; (int)*who >= 0; who++)
		assert_int_equal(tuf_add_signature(e, r->keys[*who]), SL_OK);
	json_decref(body);
	return e;
}

static const enum repo_key root_signers[] = {RK_ROOT1, RK_ROOT2, (enum repo_key) - 1};

static unsigned gather(struct repo *r, const enum repo_key *who, unsigned n,
		       uint8_t out[][KEY_PUBLIC])
{
	for (unsigned i = 0; i < n; i++)
		memcpy(out[i], key_public(r->keys[who[i]]), KEY_PUBLIC);
	return n;
}

#define AS_CONST(a) ((const uint8_t(*)[KEY_PUBLIC])(a))

json_t *repo_root_body(struct repo *r, int64_t version, enum repo_key snapshot,
		       enum repo_key timestamp)
{
	uint8_t root[3][KEY_PUBLIC], targets[1][KEY_PUBLIC], snap[1][KEY_PUBLIC],
		stamp[1][KEY_PUBLIC];
	const struct tuf_role_spec roles[] = {
		{"root", 2, AS_CONST(root),
		 gather(r, (enum repo_key[]){RK_ROOT1, RK_ROOT2, RK_ROOT3}, 3, root)},
		{"targets", 1, AS_CONST(targets),
		 gather(r, (enum repo_key[]){RK_TARGETS}, 1, targets)},
		{"snapshot", 1, AS_CONST(snap), gather(r, &snapshot, 1, snap)},
		{"timestamp", 1, AS_CONST(stamp), gather(r, &timestamp, 1, stamp)},
	};
	json_t *body = tuf_root_body(version, r->expires, roles, 4);

	assert_non_null(body);
	return body;
}

void repo_write_root(struct repo *r, enum repo_key snapshot, enum repo_key timestamp)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%lld.root.json", (long long)r->root);
	repo_put_json(
		r, name,
		repo_sign(r, repo_root_body(r, r->root, snapshot, timestamp), root_signers));
	r->root++;
}

void repo_add_target(struct repo *r, const char *path, const char *bytes)
{
	unsigned at = r->n_targets++;
	const char *slash = strrchr(path, '/');
	char hex[65], name[300];

	assert_true(at < REPO_TARGETS);
	(void)snprintf(r->targets[at].path, sizeof(r->targets[0].path), "%s", path);
	(void)snprintf(r->targets[at].bytes, sizeof(r->targets[0].bytes), "%s", bytes);
	hash_hex(bytes, strlen(bytes), hex);
	(void)snprintf(name, sizeof(name), "%.*s%s.%s",
		       slash == NULL ? 0 : (int)(slash + 1 - path), path, hex,
		       slash == NULL ? path : slash + 1);
	repo_put(r, name, bytes, strlen(bytes));
}

static void role_of(const char *path, char out[LAYOUT_ROLE_MAX])
{
	if (strncmp(path, "policy/", 7) == 0)
		(void)snprintf(out, LAYOUT_ROLE_MAX, "policy");
	else if (strncmp(path, "feed/", 5) == 0)
		(void)snprintf(out, LAYOUT_ROLE_MAX, "feed");
	else
		layout_release_role("R-2026-000123", out);
}

static void write_leaf(struct repo *r, const char *role, const enum repo_key *who)
{
	json_t *targets = json_object();
	char name[64];

	for (unsigned i = 0; i < r->n_targets; i++) {
		uint8_t digest[HASH_LEN];
		char own[LAYOUT_ROLE_MAX];

		role_of(r->targets[i].path, own);
		hash_bytes(r->targets[i].bytes, strlen(r->targets[i].bytes), digest);
		if (strcmp(own, role) == 0)
			tuf_target_put(targets, r->targets[i].path, digest,
				       strlen(r->targets[i].bytes));
	}
	(void)snprintf(name, sizeof(name), "%lld.%s.json", (long long)r->leaf, role);
	repo_put_json(r, name, repo_sign(r, tuf_leaf_body(r->leaf, r->expires, targets), who));
	json_decref(targets);
}

/* "rel" delegates to a year and that to the one set that there is. */
static void write_keeper(struct repo *r, const char *role, const char *set,
			 const enum repo_key *who)
{
	const char *const sets[] = {set};
	json_t *targets = json_object();
	uint8_t keys[2][KEY_PUBLIC];
	const struct tuf_role_spec by = {NULL, 2, AS_CONST(keys), gather(r, who, 2, keys)};
	char name[64];

	(void)snprintf(name, sizeof(name), "%lld.%s.json", (long long)r->leaf, role);
	repo_put_json(
		r, name,
		repo_sign(r, tuf_keeper_body(r->leaf, r->expires, targets, sets, 1, &by), who));
	json_decref(targets);
}

static void write_targets(struct repo *r)
{
	uint8_t policy[1][KEY_PUBLIC], feed[2][KEY_PUBLIC], rel[2][KEY_PUBLIC];
	const struct tuf_role_spec p = {NULL, 1, AS_CONST(policy),
					gather(r, (enum repo_key[]){RK_POLICY}, 1, policy)},
				   f = {NULL, 2, AS_CONST(feed),
					gather(r, (enum repo_key[]){RK_FEED1, RK_FEED2}, 2,
					       feed)},
				   l = {NULL, 2, AS_CONST(rel),
					gather(r, (enum repo_key[]){RK_REL1, RK_REL2}, 2, rel)};
	char name[64];

	(void)snprintf(name, sizeof(name), "%lld.targets.json", (long long)r->targets_version);
	repo_put_json(r, name,
		      repo_sign(r, tuf_targets_body(r->targets_version, r->expires, &p, &f, &l),
				(enum repo_key[]){RK_TARGETS, (enum repo_key) - 1}));
}

static void put_meta(struct repo *r, json_t *meta, const char *role, int64_t version)
{
	char name[64], file[64];
	uint8_t digest[HASH_LEN];
	int at;

	(void)snprintf(name, sizeof(name), "%lld.%s.json", (long long)version, role);
	(void)snprintf(file, sizeof(file), "%s.json", role);
	at = index_of(r, name);
	assert_true(at >= 0);
	hash_bytes(r->files[at].bytes, r->files[at].len, digest);
	tuf_meta_put(meta, file, version, digest, r->files[at].len);
}

json_t *repo_meta(struct repo *r)
{
	json_t *meta = json_object();

	put_meta(r, meta, "targets", r->targets_version);
	put_meta(r, meta, "policy", r->leaf);
	put_meta(r, meta, "feed", r->leaf);
	put_meta(r, meta, "rel", r->leaf);
	put_meta(r, meta, "rel-2026", r->leaf);
	put_meta(r, meta, "rel-2026-0001", r->leaf);
	return meta;
}

static void write_snapshot_by(struct repo *r, json_t *meta, enum repo_key by)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%lld.snapshot.json", (long long)r->snapshot);
	repo_put_json(r, name,
		      repo_sign(r, tuf_snapshot_body(r->snapshot, r->expires, meta),
				(enum repo_key[]){by, (enum repo_key) - 1}));
	json_decref(meta);
}

void repo_write_snapshot(struct repo *r, json_t *meta)
{
	write_snapshot_by(r, meta, RK_SNAPSHOT);
	repo_write_timestamp(r, r->timestamp, r->snapshot, RK_TIMESTAMP, r->expires);
}

void repo_write_timestamp(struct repo *r, int64_t version, int64_t snapshot_version,
			  enum repo_key by, int64_t expires)
{
	uint8_t digest[HASH_LEN];
	char name[64];
	int at;

	(void)snprintf(name, sizeof(name), "%lld.snapshot.json", (long long)snapshot_version);
	at = index_of(r, name);
	assert_true(at >= 0);
	hash_bytes(r->files[at].bytes, r->files[at].len, digest);
	repo_put_json(r, "timestamp.json",
		      repo_sign(r,
				tuf_timestamp_body(version, expires, snapshot_version, digest,
						   r->files[at].len),
				(enum repo_key[]){by, (enum repo_key) - 1}));
}

void repo_publish(struct repo *r, enum repo_key snapshot, enum repo_key timestamp)
{
	static const enum repo_key feed[] = {RK_FEED1, RK_FEED2, (enum repo_key) - 1},
				   rel[] = {RK_REL1, RK_REL2, (enum repo_key) - 1},
				   policy[] = {RK_POLICY, (enum repo_key) - 1};

	write_leaf(r, "policy", policy);
	write_leaf(r, "feed", feed);
	write_keeper(r, "rel", "rel-2026", rel);
	write_keeper(r, "rel-2026", "rel-2026-0001", rel);
	write_leaf(r, "rel-2026-0001", rel);
	write_targets(r);
	write_snapshot_by(r, repo_meta(r), snapshot);
	repo_write_timestamp(r, r->timestamp, r->snapshot, timestamp, r->expires);
	r->leaf++;
	r->targets_version++;
	r->snapshot++;
	r->timestamp++;
}

static int fetch(void *arg, const char *path, size_t max, struct buf *out)
{
	const char *name = strchr(path, '/') + 1; /* metadata and targets lie together here */
	struct repo *r = arg;
	int at = index_of(r, name);

	if (r->fail != SL_OK && strcmp(r->fail_name, name) == 0)
		return r->fail;
	if (at < 0)
		return SL_E_NOTFOUND;
	if (r->files[at].len > max)
		return SL_E_LIMIT;
	r->fetched++;
	buf_put(out, r->files[at].bytes, r->files[at].len);
	return buf_error(out);
}

struct tuf_fetcher repo_fetcher(struct repo *r)
{
	return (struct tuf_fetcher){.get = fetch, .arg = r};
}

struct tuf_client *repo_client(struct repo *r, const char *dir)
{
	struct tuf_fetcher f = repo_fetcher(r);
	const char *root = repo_text(r, "1.root.json");
	struct tuf_client *c = NULL;
	struct sl_why why = {.text = ""};

	if (tuf_client_open(dir, root, strlen(root), &f, &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	return c;
}
