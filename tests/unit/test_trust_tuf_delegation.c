/* Delegations: graphs that lie, roles that are late or signed by others (P6, P7, P8). */
#include <fcntl.h>

#include "base/file.h"
#include "tuf_kit.h"

static char dir[64];

static int setup(void **state)
{
	static struct repo r;

	kit_enter(dir);
	repo_init(&r);
	*state = &r;
	return 0;
}

static int teardown(void **state)
{
	repo_release(*state);
	kit_leave(dir);
	return 0;
}

static int find_after(struct repo *r, const char *path)
{
	struct tuf_client *c = repo_client(r, "state");
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	int got = tuf_client_refresh(c, KIT_NOW, NULL);

	assert_int_equal(got, SL_OK);
	got = tuf_client_find(c, path, &length, sha256, NULL);
	tuf_client_close(c);
	return got;
}

/* Replace a leaf that the snapshot lists without digest. */
static void bend_leaf(struct repo *r, json_t *body, const enum repo_key *who, const char *name)
{
	json_t *meta;

	r->leaf = r->targets_version = 1;
	r->snapshot++;
	r->timestamp++;
	meta = repo_meta(r);
	tuf_meta_put(meta, "feed.json", 1, NULL, 0);
	repo_write_snapshot(r, meta);
	repo_put_json(r, name, repo_sign(r, body, who));
}

static void p6_p7_bad_delegated_roles(void **state)
{
	static const enum repo_key feed[] = {RK_FEED1, RK_FEED2, (enum repo_key) - 1},
				   half[] = {RK_FEED1, (enum repo_key) - 1};
	struct repo *r = *state;
	json_t *targets = json_object();

	bend_leaf(r, tuf_leaf_body(1, KIT_NOW, targets), feed, "1.feed.json");
	assert_int_equal(find_after(r, "feed/head.json"), SL_E_EXPIRED);
	bend_leaf(r, tuf_leaf_body(1, r->expires, targets), half, "1.feed.json");
	assert_int_equal(find_after(r, "feed/head.json"), SL_E_SIGNATURE);
	bend_leaf(r, tuf_leaf_body(2, r->expires, targets), feed, "1.feed.json");
	assert_int_equal(find_after(r, "feed/head.json"), SL_E_REPLAY);
	bend_leaf(r, tuf_leaf_body(1, r->expires, targets), feed, "1.feed.json");
	assert_int_equal(find_after(r, "feed/head.json"), SL_E_NOTFOUND);
	repo_remove(r, "1.feed.json");
	assert_int_equal(file_remove_tree(AT_FDCWD, "state"), SL_OK);
	assert_int_equal(find_after(r, "feed/head.json"), SL_E_UNREACHABLE);
	json_decref(targets);
}

static json_t *with_delegations(json_t *body, json_t *keys, json_t *roles)
{
	assert_int_equal(
		json_object_set_new(body, "delegations",
				    json_pack("{s:o,s:o}", "keys", keys, "roles", roles)),
		0);
	return body;
}

static json_t *delegate(struct repo *r, const char *name, enum repo_key key,
			const char *pattern, bool terminating)
{
	return json_pack("{s:[s],s:s,s:[s],s:b,s:i}", "keyids", key_id(r->keys[key]), "name",
			 name, "paths", pattern, "terminating", terminating, "threshold", 1);
}

static json_t *keys_of(struct repo *r)
{
	json_t *keys = json_object();

	for (unsigned i = 0; i < RK_COUNT; i++)
		assert_int_equal(json_object_set_new(keys, key_id(r->keys[i]),
						     tuf_key_object(key_public(r->keys[i]))),
				 0);
	return keys;
}

static json_t *leaf_with(struct repo *r, const char *path)
{
	static const uint8_t zero[HASH_LEN];
	json_t *targets = json_object(), *body;

	if (path != NULL)
		tuf_target_put(targets, path, zero, 7);
	body = tuf_leaf_body(1, r->expires, targets);
	json_decref(targets);
	return body;
}

/* targets -> a (x/…) -> c ; targets -> b (x/…) -> c. */
static void p7_p8_delegation_graphs(void **state)
{
	static const enum repo_key top[] = {RK_TARGETS, (enum repo_key) - 1},
				   a[] = {RK_FEED1, (enum repo_key) - 1},
				   b[] = {RK_FEED2, (enum repo_key) - 1},
				   c[] = {RK_REL1, (enum repo_key) - 1};
	struct repo *r = *state;

	for (unsigned row = 0; row < 5; row++) {
		bool terminating = row == 1;
		int want = row == 1 || row == 4 ? SL_E_NOTFOUND
			   : row == 2		? SL_E_SIGNATURE
						: SL_OK,
		    got;
		json_t *meta = json_object(), *body;

		assert_int_equal(file_remove_tree(AT_FDCWD, "state"), SL_OK);
		body = with_delegations(
			leaf_with(r, NULL), keys_of(r),
			json_pack("[o,o]", delegate(r, "a", RK_FEED1, "x/*", terminating),
				  delegate(r, "../b", RK_FEED2, row == 4 ? "y/*" : "x/*",
					   false)));
		repo_put_json(r, "1.targets.json", repo_sign(r, body, top));
		/* a leads to c, or back to b: a circle. */
		body = with_delegations(
			leaf_with(r, NULL), keys_of(r),
			json_pack("[o]", row == 3 ? delegate(r, "../b", RK_FEED2, "x/*", false)
						  : delegate(r, "c", RK_REL1, "x/*", false)));
		repo_put_json(r, "1.a.json", repo_sign(r, body, a));
		/* b has the target, or (row 2) hands on to c under a key that c is not signed
		 * with. */
		body = leaf_with(r, row == 2 ? NULL : "x/target");
		if (row == 2)
			body = with_delegations(
				body, keys_of(r),
				json_pack("[o,o]", delegate(r, "d", RK_REL2, "x/*", false),
					  delegate(r, "c", RK_REL2, "x/*", false)));
		if (row == 3)
			body = with_delegations(
				body, keys_of(r),
				json_pack("[o]", delegate(r, "a", RK_FEED1, "x/*", false)));
		repo_put_json(r, "1...%2Fb.json", repo_sign(r, body, b));
		repo_put_json(r, "1.c.json", repo_sign(r, leaf_with(r, NULL), c));
		repo_put_json(r, "1.d.json", repo_sign(r, leaf_with(r, NULL), c));
		tuf_meta_put(meta, "targets.json", 1, NULL, 0);
		tuf_meta_put(meta, "a.json", 1, NULL, 0);
		tuf_meta_put(meta, "../b.json", 1, NULL, 0);
		tuf_meta_put(meta, "c.json", 1, NULL, 0);
		tuf_meta_put(meta, "d.json", 1, NULL, 0);
		r->snapshot = r->timestamp = 2 + (int64_t)row;
		repo_write_snapshot(r, meta);
		got = find_after(r, "x/target");
		if (got != want)
			fail_msg("row %u: %d", row, got);
		assert_false(file_exists(AT_FDCWD, "b.json"));
	}
}

/* c is good under a's delegation and already loaded; b delegates to it with another key. */
static void p7_diamond_is_verified_under_each_parent(void **state)
{
	static const enum repo_key top[] = {RK_TARGETS, (enum repo_key) - 1},
				   a[] = {RK_FEED1, (enum repo_key) - 1},
				   b[] = {RK_FEED2, (enum repo_key) - 1},
				   c[] = {RK_REL1, (enum repo_key) - 1};
	struct repo *r = *state;
	struct tuf_client *client;
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	json_t *meta = json_object();

	repo_put_json(
		r, "1.targets.json",
		repo_sign(r,
			  with_delegations(leaf_with(r, NULL), keys_of(r),
					   json_pack("[o,o]",
						     delegate(r, "a", RK_FEED1, "x/*", false),
						     delegate(r, "b", RK_FEED2, "y/*", false))),
			  top));
	repo_put_json(r, "1.a.json",
		      repo_sign(r,
				with_delegations(leaf_with(r, NULL), keys_of(r),
						 json_pack("[o]", delegate(r, "c", RK_REL1,
									   "*/*", false))),
				a));
	repo_put_json(r, "1.b.json",
		      repo_sign(r,
				with_delegations(leaf_with(r, NULL), keys_of(r),
						 json_pack("[o]", delegate(r, "c", RK_REL2,
									   "*/*", false))),
				b));
	repo_put_json(r, "1.c.json", repo_sign(r, leaf_with(r, "x/target"), c));
	tuf_meta_put(meta, "targets.json", 1, NULL, 0);
	tuf_meta_put(meta, "a.json", 1, NULL, 0);
	tuf_meta_put(meta, "b.json", 1, NULL, 0);
	tuf_meta_put(meta, "c.json", 1, NULL, 0);
	r->snapshot = r->timestamp = 2;
	repo_write_snapshot(r, meta);
	client = repo_client(r, "state");
	assert_int_equal(tuf_client_refresh(client, KIT_NOW, NULL), SL_OK);
	assert_int_equal(tuf_client_find(client, "x/target", &length, sha256, NULL), SL_OK);
	assert_int_equal(tuf_client_find(client, "y/target", &length, sha256, NULL),
			 SL_E_SIGNATURE);
	assert_int_equal(tuf_client_find(client, "x/target", &length, sha256, NULL), SL_OK);
	tuf_client_close(client);
}

int main(void)
{
#define WITH_REPO(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH_REPO(p6_p7_bad_delegated_roles),
		WITH_REPO(p7_p8_delegation_graphs),
		WITH_REPO(p7_diamond_is_verified_under_each_parent),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
