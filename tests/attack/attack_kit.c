/* attack_kit.c - see attack_kit.h. */
#include "attack_kit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum { SAID_MAX = 1 << 20 };

void attack_new_empty(struct attack *a)
{
	struct site_options o = {.address = "127.0.0.1",
				 .connections = 16,
				 .connections_per_ip = 16,
				 .timeout_seconds = 10,
				 .threads = 1};
	struct sl_why why = {.text = ""};
	char *text;

	memset(a, 0, sizeof(*a));
	okit_new(&a->k, clock_now());
	o.tree_fd = a->k.tree;
	if (site_open(&o, &a->site, &why) != SL_OK)
		fail_msg("%s", why.text);
	(void)snprintf(a->url, sizeof(a->url), "http://127.0.0.1:%u",
		       (unsigned)site_port(a->site));
	(void)snprintf(a->into, sizeof(a->into), "%s/into", a->k.dir);
	/* The person's own copy: the served one is the attacker's. */
	(void)snprintf(a->root, sizeof(a->root), "%s/trust-root.json", a->k.dir);
	text = okit_read(a->k.tree, "metadata/1.root.json");
	okit_write(AT_FDCWD, a->root, text, strlen(text));
	free(text);
}

void attack_new(struct attack *a)
{
	attack_new_empty(a);
	okit_release(&a->k, ATTACK_RELEASE, 1, "official-site", "<p>one</p>", 0);
	okit_commit(&a->k, ATTACK_DAY);
}

void attack_free(struct attack *a)
{
	site_close(a->site);
	free(a->said);
	okit_free(&a->k);
}

int attack_pull(struct attack *a)
{
	const char *const argv[] = {SL_BUILD_DIR "/bin/sluice-pull",
				    "--from",
				    a->url,
				    "--trust",
				    a->root,
				    "--into",
				    a->into,
				    "--once",
				    "--json",
				    NULL};
	FILE *out = tmpfile();
	struct buf b;
	int status;
	size_t len;
	pid_t pid;

	assert_non_null(out);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(fileno(out), 1);
		(void)dup2(fileno(out), 2);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(lseek(fileno(out), 0, SEEK_SET), 0);
	buf_init(&b, SAID_MAX);
	assert_int_equal(file_read_fd(fileno(out), SAID_MAX, &b), SL_OK);
	buf_put(&b, "", 1);
	(void)fclose(out);
	free(a->said);
	a->said = (char *)buf_take(&b, &len);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool attack_has(const struct attack *a, const char *path)
{
	char full[512];
	struct stat st;

	(void)snprintf(full, sizeof(full), "%s/%s", a->into, path);
	return lstat(full, &st) == 0;
}

void attack_accepts(struct attack *a)
{
	int got = attack_pull(a);

	if (got != 0)
		fail_msg("a good outlet is refused (exit %d): %s", got, a->said);
	assert_true(attack_has(a, "live/" ATTACK_RELEASE "/manifest.json"));
}

void attack_refuses(struct attack *a, const char *reason)
{
	bool shown = attack_has(a, "live/" ATTACK_RELEASE);
	int got = attack_pull(a);

	if (got != 1 || strstr(a->said, reason) == NULL)
		fail_msg("exit %d; wanted 1 and \"%s\" in: %s", got, reason, a->said);
	if (attack_has(a, "live/" ATTACK_RELEASE) != shown)
		fail_msg("what is shown changed although it was refused: %s", a->said);
}

void attack_forget(struct attack *a)
{
	if (file_exists(AT_FDCWD, a->into))
		assert_int_equal(file_remove_tree(AT_FDCWD, a->into), SL_OK);
}

static void path_of(const char *role, int64_t version, char out[128])
{
	if (strcmp(role, "timestamp") == 0)
		(void)snprintf(out, 128, "metadata/timestamp.json");
	else
		(void)snprintf(out, 128, "metadata/%" PRId64 ".%s.json", version, role);
}

int64_t attack_newest(const struct attack *a, const char *role)
{
	char path[128];
	int64_t v = 0;

	assert_string_not_equal(role, "timestamp");
	do {
		path_of(role, ++v, path);
	} while (file_exists(a->k.tree, path));
	return v - 1;
}

json_t *attack_body(const struct attack *a, const char *role)
{
	bool one = strcmp(role, "timestamp") == 0;
	json_t *j = NULL, *body;
	int64_t version;
	char path[128];
	char *text;

	path_of(role, one ? 0 : attack_newest(a, role), path);
	text = okit_read(a->k.tree, path);
	assert_int_equal(json_parse(text, strlen(text), TUF_TARGETS_MAX, &j), SL_OK);
	free(text);
	body = json_deep_copy(json_obj(j, "signed"));
	json_decref(j);
	assert_true(json_i64(body, "version", &version));
	assert_int_equal(json_object_set_new(body, "version", json_integer(version + 1)), 0);
	return body;
}

json_t *attack_envelope(json_t *body, const struct key *const *keys)
{
	json_t *e = tuf_envelope_new(body);

	assert_non_null(e);
	for (; *keys != NULL; keys++)
		assert_int_equal(tuf_add_signature(e, *keys), SL_OK);
	json_decref(body);
	return e;
}

void attack_add_signature(json_t *envelope, const char *keyid, const char *sig)
{
	assert_int_equal(
		json_array_append_new(json_object_get(envelope, "signatures"),
				      json_pack("{s:s,s:s}", "keyid", keyid, "sig", sig)),
		0);
}

void attack_put(struct attack *a, const char *role, json_t *envelope)
{
	int64_t version = 0;
	char path[128];
	struct buf b;

	(void)json_i64(json_obj(envelope, "signed"), "version", &version);
	path_of(role, version, path);
	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	okit_write(a->k.tree, path, b.data, b.len);
	buf_release(&b);
	json_decref(envelope);
}

void attack_sign(struct attack *a, const char *role, json_t *body, const struct key *key)
{
	attack_put(a, role, attack_envelope(body, (const struct key *const[]){key, NULL}));
}

void attack_put_text(struct attack *a, const char *role, int64_t version, const char *text,
		     const struct key *key)
{
	char hex[2 * KEY_SIGNATURE + 1], path[128];
	uint8_t sig[KEY_SIGNATURE];
	struct buf b;

	key_sign(key, text, strlen(text), sig);
	text_hex(sig, sizeof(sig), hex);
	buf_init(&b, TUF_TARGETS_MAX);
	buf_putf(&b,
		 "{\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}],\"signed\":", key_id(key),
		 hex);
	buf_put(&b, text, strlen(text));
	buf_put(&b, "}", 1);
	assert_int_equal(buf_error(&b), SL_OK);
	path_of(role, version, path);
	okit_write(a->k.tree, path, b.data, b.len);
	buf_release(&b);
}

json_t *attack_meta(const struct attack *a)
{
	json_t *body = attack_body(a, "snapshot"), *meta = json_object();
	const char *file;
	json_t *old;

	json_object_foreach(json_object_get(body, "meta"), file, old)
	{
		char role[TUF_ROLE_MAX + 8];

		(void)old;
		(void)snprintf(role, sizeof(role), "%.*s", (int)(strlen(file) - 5), file);
		tuf_meta_put(meta, file, attack_newest(a, role), NULL, 0);
	}
	json_decref(body);
	return meta;
}

void attack_seal_meta(struct attack *a, json_t *meta)
{
	json_t *snapshot = attack_body(a, "snapshot"), *timestamp;
	uint8_t sha256[HASH_LEN];
	char path[128];
	int64_t version = 0;
	char *text;

	(void)json_i64(snapshot, "version", &version);
	assert_int_equal(json_object_set_new(snapshot, "meta", meta), 0);
	attack_sign(a, "snapshot", snapshot, a->k.snapshot);
	path_of("snapshot", version, path);
	text = okit_read(a->k.tree, path);
	hash_bytes(text, strlen(text), sha256);
	timestamp = attack_body(a, "timestamp");
	meta = json_object();
	tuf_meta_put(meta, "snapshot.json", version, sha256, strlen(text));
	assert_int_equal(json_object_set_new(timestamp, "meta", meta), 0);
	attack_sign(a, "timestamp", timestamp, a->k.timestamp);
	free(text);
}

void attack_seal(struct attack *a)
{
	attack_seal_meta(a, attack_meta(a));
}

void attack_policy(struct attack *a, json_t *policy)
{
	struct buf *b = &a->k.policy_bytes;

	buf_clear(b);
	assert_int_equal(json_compact(policy, b), SL_OK);
	json_decref(policy);
	hash_hex(b->data, b->len, a->k.policy_sha256);
	okit_put_target(&a->k, a->k.policy_targets, "policy/approval-policy.json", b);
	okit_put_target(&a->k, a->k.policy_targets, "policy/approval-policy-7.json", b);
	a->k.policy_dirty = true;
}

json_t *attack_delegation(const json_t *targets_body, const char *role)
{
	json_t *v;
	size_t i;

	json_array_foreach(
		json_object_get(json_object_get(targets_body, "delegations"), "roles"), i, v)
	{
		const char *name = json_str(v, "name");

		if (name != NULL && strcmp(name, role) == 0)
			return v;
	}
	fail_msg("no delegation to %s", role);
	return NULL;
}

const char *attack_add_key(json_t *keys, json_t *object)
{
	char id[HASH_HEX + 1];
	struct buf b;

	buf_init(&b, 4096);
	assert_int_equal(json_compact(object, &b), SL_OK);
	hash_hex(b.data, b.len, id);
	buf_release(&b);
	assert_int_equal(json_object_set_new(keys, id, object), 0);
	return json_object_iter_key(json_object_iter_at(keys, id));
}
