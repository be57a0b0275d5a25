/* P6: yesterday's timestamp, snapshot or role, to a platform that has seen today's. */
#include <string.h>

#include "attack_kit.h"

struct today { /* the platform has seen two releases; `old` is the first one's timestamp */
	struct attack a;
	char *old, *new;
};

static void setup(struct today *t)
{
	attack_new(&t->a);
	attack_accepts(&t->a);
	t->old = okit_read(t->a.k.tree, "metadata/timestamp.json");
	okit_release(&t->a.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&t->a.k, ATTACK_DAY);
	attack_accepts(&t->a);
	assert_true(attack_has(&t->a, "live/R-2026-000002"));
	t->new = okit_read(t->a.k.tree, "metadata/timestamp.json");
}

/* Refused, nothing is taken down, and the true files are still good afterwards. */
static void refused(struct today *t, const char *reason)
{
	attack_refuses(&t->a, reason);
	assert_true(attack_has(&t->a, "live/R-2026-000002"));
}

static void teardown(struct today *t)
{
	free(t->old);
	free(t->new);
	attack_free(&t->a);
}

static void p6_timestamp(void **state)
{
	struct today t;

	(void)state;
	setup(&t);
	okit_write(t.a.k.tree, "metadata/timestamp.json", t.old, strlen(t.old));
	refused(&t, "is older than the known");
	okit_write(t.a.k.tree, "metadata/timestamp.json", t.new, strlen(t.new));
	attack_accepts(&t.a);
	teardown(&t);
}

static void p6_new_timestamp_of_an_old_snapshot(void **state)
{
	struct today t;
	json_t *old = NULL, *body;

	(void)state;
	setup(&t);
	body = attack_body(&t.a, "timestamp");
	assert_int_equal(json_parse(t.old, strlen(t.old), TUF_TIMESTAMP_MAX, &old), SL_OK);
	assert_int_equal(
		json_object_set(body, "meta",
				json_object_get(json_object_get(old, "signed"), "meta")),
		0);
	json_decref(old);
	attack_sign(&t.a, "timestamp", body, t.a.k.timestamp);
	refused(&t, "older snapshot");
	okit_write(t.a.k.tree, "metadata/timestamp.json", t.new, strlen(t.new));
	attack_accepts(&t.a);
	teardown(&t);
}

/* A new snapshot that takes one role back, or no longer lists it. */
static void role_back(const char *role, int64_t version, const char *reason)
{
	char file[TUF_ROLE_MAX + 8];
	struct today t;
	json_t *honest, *meta;

	setup(&t);
	(void)snprintf(file, sizeof(file), "%s.json", role);
	honest = attack_meta(&t.a);
	meta = json_deep_copy(honest);
	if (version == 0)
		assert_int_equal(json_object_del(meta, file), 0);
	else
		tuf_meta_put(meta, file, version, NULL, 0);
	attack_seal_meta(&t.a, meta);
	refused(&t, reason);
	/* The next honest snapshot is taken. */
	attack_seal_meta(&t.a, honest);
	attack_accepts(&t.a);
	teardown(&t);
}

static void p6_role(void **state)
{
	(void)state;
	role_back("feed", 1, "takes feed.json back to version 1");
	role_back("feed", 0, "no longer lists feed.json");
	role_back("policy", 0, "no longer lists policy.json");
	role_back("targets", 0, "meta is missing or incomplete");
}

/* The snapshot announces today's feed and the file of that name is yesterday's. */
static void p6_file_of_an_old_version_under_a_new_name(void **state)
{
	struct today t;
	char *old;
	char path[64];

	(void)state;
	setup(&t);
	(void)snprintf(path, sizeof(path), "metadata/%lld.feed.json",
		       (long long)attack_newest(&t.a, "feed") + 1);
	old = okit_read(t.a.k.tree, "metadata/1.feed.json");
	okit_write(t.a.k.tree, path, old, strlen(old));
	free(old);
	attack_seal(&t.a);
	refused(&t, "feed.json has version 1");
	teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p6_timestamp),
		cmocka_unit_test(p6_new_timestamp_of_an_old_snapshot),
		cmocka_unit_test(p6_role),
		cmocka_unit_test(p6_file_of_an_old_version_under_a_new_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
