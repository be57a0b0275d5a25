/* outlet_kit.c - see outlet_kit.h.  Times are relative to `now`, so tests hold in any year. */
#include "outlet_kit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "link/sealed.h"

enum { DAY = 86400 };

static const char nothing[] =
	"0000000000000000000000000000000000000000000000000000000000000000";

const struct okit_role okit_cast[OKIT_PEOPLE] = {
	[OKIT_AUTHOR] = {"p-01", "u-01", "author", KEY_DSSE_REVIEWER},
	[OKIT_LIAISON] = {"p-02", "u-01", "liaison", KEY_DSSE_REVIEWER},
	[OKIT_LEADER] = {"p-03", "u-01", "unit-leader", KEY_DSSE_REVIEWER},
	[OKIT_DESK] = {"p-04", "u-02", "desk", KEY_DSSE_REVIEWER},
	[OKIT_GATEWAY] = {"s-gateway", "u-00", "gateway-service", KEY_DSSE_GATEWAY},
	[OKIT_INSPECTOR] = {"s-inspector", "u-00", "gateway-service", KEY_DSSE_INSPECTOR},
};

struct key *okit_key(enum key_use use, uint8_t n)
{
	uint8_t seed[32];
	struct key *k = NULL;

	memset(seed, n, sizeof(seed));
	seed[31] = (uint8_t)use;
	assert_int_equal(key_generate(use, seed, &k), SL_OK);
	return k;
}

char *okit_read(int dirfd, const char *path)
{
	struct buf b;
	size_t len;

	buf_init(&b, 16 << 20);
	if (file_read(dirfd, path, 16 << 20, &b) != SL_OK)
		fail_msg("%s cannot be read", path);
	buf_put(&b, "", 1);
	return (char *)buf_take(&b, &len);
}

void okit_write(int dirfd, const char *path, const void *bytes, size_t len)
{
	char copy[512];

	(void)snprintf(copy, sizeof(copy), "%s", path);
	for (char *p = strchr(copy, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdirat(dirfd, copy, 0755);
		*p = '/';
	}
	assert_int_equal(file_write_durable(dirfd, path, bytes, len, 0644), SL_OK);
}

void okit_put(struct okit *k, const char *path, const void *bytes, size_t len)
{
	okit_write(k->tree, path, bytes, len);
	for (unsigned i = 0; i < k->n_files; i++) {
		if (strcmp(k->files[i], path) == 0)
			return;
	}
	assert_true(k->n_files < OKIT_FILES_MAX);
	(void)snprintf(k->files[k->n_files++], sizeof(k->files[0]), "%s", path);
}

/* A target: file named by its hash, entry in the role's targets. */
void okit_put_target(struct okit *k, json_t *targets, const char *target, const struct buf *b)
{
	uint8_t sha256[HASH_LEN];
	char hex[65], path[512];
	const char *slash = strrchr(target, '/');

	hash_bytes(b->data, b->len, sha256);
	text_hex(sha256, HASH_LEN, hex);
	(void)snprintf(path, sizeof(path), "targets/%.*s/%s.%s", (int)(slash - target), target,
		       hex, slash + 1);
	okit_put(k, path, b->data, b->len);
	tuf_target_put(targets, target, sha256, b->len);
}

struct okit_set *okit_set(struct okit *k, const char *name)
{
	char parent[LAYOUT_ROLE_MAX];
	unsigned at = 0;

	while (at < k->n_sets && strcmp(k->sets[at].name, name) < 0)
		at++;
	if (at == k->n_sets || strcmp(k->sets[at].name, name) != 0) {
		assert_true(k->n_sets < OKIT_SETS);
		memmove(&k->sets[at + 1], &k->sets[at],
			(k->n_sets++ - at) * sizeof(k->sets[0]));
		k->sets[at] = (struct okit_set){.targets = json_object()};
		(void)snprintf(k->sets[at].name, sizeof(k->sets[at].name), "%s", name);
		layout_parent(name, parent);
		if (strcmp(parent, "rel") == 0)
			k->rel_dirty = true;
		else if (strcmp(parent, "feed") == 0)
			k->feed_dirty = true;
		else
			(void)okit_set(k, parent);
		return okit_set(k, name); /* its place may have changed */
	}
	k->sets[at].dirty = true;
	return &k->sets[at];
}

static json_t *person_json(const struct okit *k, unsigned i)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], hex[65];

	clock_format(k->now - 30 * DAY, from);
	clock_format(k->now + 300 * DAY, until);
	text_hex(key_public(k->people[i]), KEY_PUBLIC, hex);
	return json_pack("{s:[{s:s,s:s,s:s,s:s,s:s}],s:s,s:[s],s:s}", "keys", "from", from,
			 "keyid", key_id(k->people[i]), "public", hex, "until", until, "use",
			 key_use_name(okit_cast[i].use), "pid", okit_cast[i].pid, "roles",
			 okit_cast[i].role, "unit", okit_cast[i].unit);
}

static void make_policy(struct okit *k, void (*people)(const struct okit *k, json_t *persons))
{
	json_t *persons = json_array(), *j;

	for (unsigned i = 0; i < OKIT_PEOPLE; i++)
		assert_int_equal(json_array_append_new(persons, person_json(k, i)), 0);
	if (people != NULL)
		people(k, persons);
	j = json_pack(
		"{s:{s:{s:i,s:[s,s],s:i,s:[{s:i,s:s},{s:i,s:s},{s:i,s:s}],s:[s]}},s:o,s:s,s:i}",
		"classes", "A", "approval_ttl_s", 604800, "exclude", "author", "submitter",
		"min_persons", 3, "require", "min", 1, "role", "liaison", "min", 1, "role",
		"unit-leader", "min", 1, "role", "desk", "veto", "secrecy", "persons", persons,
		"schema", "sluice-policy/1", "version", 7);
	assert_non_null(j);
	buf_init(&k->policy_bytes, JSON_SIGNED_MAX);
	assert_int_equal(json_canonical(j, &k->policy_bytes), SL_OK);
	json_decref(j);
	hash_hex(k->policy_bytes.data, k->policy_bytes.len, k->policy_sha256);
	okit_put_target(k, k->policy_targets, "policy/approval-policy.json", &k->policy_bytes);
	okit_put_target(k, k->policy_targets, "policy/approval-policy-7.json",
			&k->policy_bytes);
	k->policy_dirty = true;
}

static void put_meta(struct okit *k, const char *path, json_t *body, const struct key *signer)
{
	json_t *envelope = tuf_envelope_new(body);
	struct buf b;

	assert_non_null(envelope);
	assert_int_equal(tuf_add_signature(envelope, signer), SL_OK);
	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	okit_put(k, path, b.data, b.len);
	json_decref(envelope);
	json_decref(body);
	buf_release(&b);
}

static struct tuf_role_spec spec(const char *name, const struct key *key)
{
	return (struct tuf_role_spec){
		.name = name,
		.threshold = 1,
		.keys = (const uint8_t(*)[KEY_PUBLIC])(uintptr_t)key_public(key),
		.n_keys = 1};
}

static void make_root(struct okit *k)
{
	const struct tuf_role_spec roles[] = {
		spec("root", k->root), spec("targets", k->targets),
		spec("snapshot", k->snapshot), spec("timestamp", k->timestamp)};

	put_meta(k, "metadata/1.root.json", tuf_root_body(1, k->now + 365 * DAY, roles, 4),
		 k->root);
}

void okit_put_feed(struct okit *k)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	assert_int_equal(feed_write(&k->head, &b), SL_OK);
	okit_put_target(k, k->feed_targets, "feed/head.json", &b);
	k->feed_dirty = true;
	buf_release(&b);
}

static void new_keys(struct okit *k)
{
	struct key **const keys[] = {&k->root, &k->targets,  &k->policy,    &k->rel,
				     &k->feed, &k->snapshot, &k->timestamp, &k->link,
				     &k->log,  &k->witness};
	const enum key_use uses[] = {
		KEY_TUF_ROOT,	  KEY_TUF_TARGETS,   KEY_TUF_POLICY, KEY_TUF_REL, KEY_TUF_FEED,
		KEY_TUF_SNAPSHOT, KEY_TUF_TIMESTAMP, KEY_LINK,	     KEY_LOG,	  KEY_WITNESS};

	for (uint8_t i = 0; i < 10; i++)
		*keys[i] = okit_key(uses[i], (uint8_t)(20 + i));
}

static void open_tree(struct okit *k)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/tree", k->dir);
	assert_int_equal(file_mkdirs(path, 0755), SL_OK);
	k->tree = file_open_dir(AT_FDCWD, path);
	assert_true(k->tree >= 0);
}

void okit_new(struct okit *k, int64_t now)
{
	okit_new_with(k, now, NULL);
}

void okit_new_with(struct okit *k, int64_t now,
		   void (*people)(const struct okit *k, json_t *persons))
{
	memset(k, 0, sizeof(*k));
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(k->dir, sizeof(k->dir), "/tmp/sluice-outlet-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	k->now = now;
	for (unsigned i = 0; i < OKIT_PEOPLE; i++)
		k->people[i] = okit_key(okit_cast[i].use, (uint8_t)(i + 1));
	new_keys(k);
	k->rel_dirty = true;
	k->feed_targets = json_object();
	k->policy_targets = json_object();
	open_tree(k);
	make_root(k);
	make_policy(k, people);
	okit_put_witness(k);
	okit_log(k, "-", 7, LOG_POLICY, k->policy_sha256, nothing);
	feed_page_init(&k->head);
	k->channels = json_object();
	okit_put_feed(k);
	okit_commit(k, DAY);
}

void okit_free(struct okit *k)
{
	struct key *keys[] = {k->root,	   k->targets,	 k->policy, k->rel, k->feed,
			      k->snapshot, k->timestamp, k->link,   k->log, k->witness};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		key_free(keys[i]);
	for (unsigned i = 0; i < OKIT_PEOPLE; i++)
		key_free(k->people[i]);
	for (unsigned i = 0; i < k->n_sets; i++)
		json_decref(k->sets[i].targets);
	json_decref(k->feed_targets);
	json_decref(k->channels);
	json_decref(k->policy_targets);
	buf_release(&k->policy_bytes);
	file_close(k->tree);
	assert_int_equal(file_remove_tree(AT_FDCWD, k->dir), SL_OK);
}

void okit_root_path(const struct okit *k, char out[128])
{
	(void)snprintf(out, 128, "%s/tree/metadata/1.root.json", k->dir);
}

static void commit_role(struct okit *k, const char *role, bool dirty, int64_t *version,
			json_t *targets, const struct key *signer, json_t *meta)
{
	const struct tuf_role_spec by = spec(role, signer);
	const char *sets[OKIT_SETS];
	char path[96], file[64];
	size_t n = 0;

	(void)snprintf(file, sizeof(file), "%s.json", role);
	for (unsigned i = 0; i < k->n_sets; i++) {
		char parent[LAYOUT_ROLE_MAX];

		layout_parent(k->sets[i].name, parent);
		if (strcmp(parent, role) == 0)
			sets[n++] = k->sets[i].name;
	}
	if (dirty) {
		++*version;
		(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".%s", *version, file);
		put_meta(k, path,
			 tuf_keeper_body(*version, k->now + 90 * DAY, targets, sets, n, &by),
			 signer);
	}
	tuf_meta_put(meta, file, *version, NULL, 0);
}

void okit_commit(struct okit *k, int64_t ttl)
{
	json_t *meta = json_object(), *none = json_object(), *body;
	uint8_t sha256[HASH_LEN];
	char path[96];
	char *text;

	okit_put_log(k);
	if (k->targets_version == 0) {
		const struct tuf_role_spec policy = spec("policy", k->policy),
					   feed = spec("feed", k->feed),
					   rel = spec("rel", k->rel);

		k->targets_version = 1;
		put_meta(k, "metadata/1.targets.json",
			 tuf_targets_body(1, k->now + 365 * DAY, &policy, &feed, &rel),
			 k->targets);
	}
	tuf_meta_put(meta, "targets.json", k->targets_version, NULL, 0);
	commit_role(k, "policy", k->policy_dirty, &k->policy_version, k->policy_targets,
		    k->policy, meta);
	commit_role(k, "feed", k->feed_dirty, &k->feed_version, k->feed_targets, k->feed, meta);
	commit_role(k, "rel", k->rel_dirty, &k->rel_version, none, k->rel, meta);
	for (unsigned i = 0; i < k->n_sets; i++) {
		struct okit_set *s = &k->sets[i];

		commit_role(k, s->name, s->dirty, &s->version, s->targets,
			    strcmp(layout_keeper(s->name), "rel") == 0 ? k->rel : k->feed,
			    meta);
		s->dirty = false;
	}
	k->rel_dirty = k->policy_dirty = k->feed_dirty = false;
	json_decref(none);
	k->snapshot_version++;
	(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".snapshot.json",
		       k->snapshot_version);
	put_meta(k, path, tuf_snapshot_body(k->snapshot_version, k->now + 7 * DAY, meta),
		 k->snapshot);
	text = okit_read(k->tree, path);
	hash_bytes(text, strlen(text), sha256);
	k->timestamp_version++;
	body = tuf_timestamp_body(k->timestamp_version, k->now + ttl, k->snapshot_version,
				  sha256, strlen(text));
	put_meta(k, "metadata/timestamp.json", body, k->timestamp);
	free(text);
	json_decref(meta);
}

void okit_unit(struct okit *k, int64_t serial, const char *kind, const char *path,
	       const struct key *signer)
{
	struct unit u = {.serial = serial, .n_files = k->n_files, .n_removes = k->n_removes};
	struct sl_why why = {.text = ""};
	FILE *plain = tmpfile();
	int out;

	assert_non_null(plain);
	u.files = calloc(OKIT_FILES_MAX, sizeof(*u.files));
	u.removes = calloc(OKIT_FILES_MAX, sizeof(*u.removes));
	(void)snprintf(u.kind, sizeof(u.kind), "%s", kind);
	for (unsigned i = 0; i < k->n_files; i++)
		(void)snprintf(u.files[i].path, sizeof(u.files[i].path), "%s", k->files[i]);
	for (unsigned i = 0; i < k->n_removes; i++)
		(void)snprintf(u.removes[i], sizeof(u.removes[i]), "%s", k->removes[i]);
	if (unit_write(k->tree, &u, signer != NULL ? signer : k->people[OKIT_GATEWAY],
		       fileno(plain), &why) != SL_OK)
		fail_msg("%s", why.text);
	unit_release(&u);
	assert_int_equal(lseek(fileno(plain), 0, SEEK_SET), 0);
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(out >= 0);
	assert_int_equal(sealed_write(fileno(plain), key_public(k->link), out), SL_OK);
	file_close(out);
	(void)fclose(plain);
	k->n_files = k->n_removes = 0;
}
