/* P8: names that climb out of their directory: of a role, a target, a notice, a release, a
 * blob, a file of a package. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "attack_kit.h"

/* Everything of this platform lies below into/; nothing appears beside or above it. */
static void nothing_outside(const struct attack *a)
{
	static const char *const names[] = {
		"evil", "evil.json", "../evil", "../evil.json", "../evil/manifest.json",
	};
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", a->k.dir, names[i]);
		if (file_exists(AT_FDCWD, path))
			fail_msg("%s was written", path);
	}
}

/* A first role of that name is asked for the feed. */
static void delegate_to(struct attack *a, const char *role)
{
	char file[TUF_ROLE_MAX + 8];
	json_t *targets = attack_body(a, "targets"), *list, *meta;

	list = json_object_get(json_object_get(targets, "delegations"), "roles");
	assert_int_equal(
		json_array_insert_new(list, 0,
				      json_pack("{s:[s],s:s,s:[s],s:b,s:i}", "keyids",
						key_id(a->k.feed), "name", role, "paths",
						"feed/*", "terminating", 0, "threshold", 1)),
		0);
	attack_sign(a, "targets", targets, a->k.targets);
	meta = attack_meta(a);
	(void)snprintf(file, sizeof(file), "%s.json", role);
	tuf_meta_put(meta, file, 1, NULL, 0);
	attack_seal_meta(a, meta);
}

static void p8_role(void **state)
{
	static const struct {
		const char *name, *reason;
	} rows[] = {
		{"", "meta entry .json"},
		{"root", "a delegation's name"},
		{"timestamp", "a delegation's name"},
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct attack a;

		attack_new(&a);
		delegate_to(&a, rows[i].name);
		attack_refuses(&a, rows[i].reason);
		nothing_outside(&a);
		attack_free(&a);
	}
}

/* Such a role may be used; what matters is where its file ends up.  A directory serves it,
 * whose own path of that name leads to tree/evil.json. */
static void p8_role_is_stored_inside(void **state)
{
	static const char role[] = "../../../evil";
	struct attack a;

	(void)state;
	attack_new(&a);
	delegate_to(&a, role);
	assert_int_equal(mkdirat(a.k.tree, "metadata/1...", 0755), 0);
	attack_sign(&a, role, tuf_leaf_body(1, a.k.now + ATTACK_DAY, json_object()), a.k.feed);
	(void)snprintf(a.url, sizeof(a.url), "file://%s/tree", a.k.dir);
	attack_accepts(&a);
	assert_true(attack_has(&a, ".state/tuf/..%2F..%2F..%2Fevil.json"));
	nothing_outside(&a);
	attack_free(&a);
}

/* The feed's head with one member of its newest entry bent. */
static void feed_entry(const char *member, const char *value)
{
	json_t *head = NULL, *entry, *body;
	struct attack a;
	struct buf b;

	attack_new(&a);
	buf_init(&b, 1 << 20);
	assert_int_equal(feed_write(&a.k.head, &b), SL_OK);
	assert_int_equal(json_parse(b.data, b.len, 1 << 20, &head), SL_OK);
	entry = json_array_get(json_object_get(head, "entries"), 0);
	assert_int_equal(json_object_set_new(entry, member, json_string(value)), 0);
	buf_clear(&b);
	assert_int_equal(json_canonical(head, &b), SL_OK);
	body = attack_body(&a, "feed");
	okit_put_target(&a.k, json_object_get(body, "targets"), "feed/head.json", &b);
	attack_sign(&a, "feed", body, a.k.feed);
	attack_seal(&a);
	attack_refuses(&a, "entry 0 is malformed");
	nothing_outside(&a);
	buf_release(&b);
	json_decref(head);
	attack_free(&a);
}

static void p8_feed(void **state)
{
	(void)state;
	feed_entry("id", "../../evil");
	feed_entry("id", "..");
	feed_entry("id", "");
	feed_entry("notice", "../../evil");
	feed_entry("notice", "notice/../../evil");
	feed_entry("manifest_sha256", "../../evil");
}

static const char *bent_member, *bent_value;

static void bend_blob(json_t *manifest)
{
	json_t *blob = json_array_get(json_object_get(manifest, "blobs"), 0);

	assert_int_equal(json_object_set_new(blob, bent_member, json_string(bent_value)), 0);
}

static void bend_manifest(json_t *manifest)
{
	assert_int_equal(json_object_set_new(manifest, bent_member, json_string(bent_value)),
			 0);
}

/* Every reviewer has signed this manifest. */
static void package(void (*bend)(json_t *), const char *member, const char *value)
{
	struct attack a;

	bent_member = member;
	bent_value = value;
	attack_new_empty(&a);
	a.k.bend = bend;
	okit_release(&a.k, ATTACK_RELEASE, 1, "official-site", "<p>one</p>", 0);
	okit_commit(&a.k, ATTACK_DAY);
	attack_refuses(&a, "\"event\":\"refused\",\"id\":\"" ATTACK_RELEASE "\"");
	assert_false(attack_has(&a, "releases/" ATTACK_RELEASE));
	nothing_outside(&a);
	attack_free(&a);
}

static void p8_file_name(void **state)
{
	static const char *const names[] = {
		"../../../evil", "/tmp/evil", "a/b", "..", ".", "", ".hidden", "a\\b", "-rf",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		package(bend_blob, "name", names[i]);
}

static void p8_blob_and_id(void **state)
{
	(void)state;
	package(bend_blob, "sha256", "../../evil");
	package(bend_blob, "sha256",
		"../../../../../../../../../../../../../../../../../../../../evil/");
	package(bend_manifest, "id", "../../evil");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p8_role),	  cmocka_unit_test(p8_role_is_stored_inside),
		cmocka_unit_test(p8_feed),	  cmocka_unit_test(p8_file_name),
		cmocka_unit_test(p8_blob_and_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
