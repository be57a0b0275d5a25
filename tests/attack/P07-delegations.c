/* P7: a role speaks for paths that another one owns, a role is borrowed from another
 * parent, a delegated role has expired. */
#include <string.h>

#include "base/clock.h"
#include "attack_kit.h"

static json_t *head_target(const struct attack *a, json_t **ret_feed)
{
	json_t *targets;

	*ret_feed = attack_body(a, "feed");
	targets = json_object_get(*ret_feed, "targets");
	return json_incref(json_object_get(targets, "feed/head.json"));
}

/* Whoever holds the keys of the releases offers a feed of their own: first beside the true
 * one, then instead of it. */
static void p7_order(void **state)
{
	json_t *targets, *feed, *head, *v, *false_head;
	struct attack a;
	size_t i;

	(void)state;
	attack_new(&a);
	head = head_target(&a, &feed);
	false_head = json_deep_copy(head);
	assert_int_equal(
		json_object_set_new(
			json_object_get(false_head, "hashes"), "sha256",
			json_string("0000000000000000000000000000000000000000000000000000000000"
				    "000000")),
		0);
	targets = attack_body(&a, "targets");
	json_array_foreach(json_object_get(json_object_get(targets, "delegations"), "roles"), i,
			   v)
	{
		const char *name = json_str(v, "name");
		json_t *body;

		if (strcmp(name, "feed") == 0 || strcmp(name, "policy") == 0)
			continue;
		body = attack_body(&a, name);
		assert_int_equal(json_object_set(json_object_get(body, "targets"),
						 "feed/head.json", false_head),
				 0);
		attack_sign(&a, name, body, a.k.rel);
	}
	attack_seal(&a);
	attack_accepts(&a);
	attack_forget(&a);
	assert_int_equal(json_object_del(json_object_get(feed, "targets"), "feed/head.json"),
			 0);
	attack_sign(&a, "feed", feed, a.k.feed);
	attack_seal(&a);
	attack_refuses(&a, "no target feed/head.json");
	json_decref(targets);
	json_decref(false_head);
	json_decref(head);
	attack_free(&a);
}

/* feed hands its paths to a role "policy" of its own keys.  The file of that name is signed
 * for another parent; what was good there is not good here. */
static void p7_diamond(void **state)
{
	json_t *feed, *head, *keys, *policy;
	struct attack a;
	const char *id;

	(void)state;
	attack_new(&a);
	head = head_target(&a, &feed);
	assert_int_equal(json_object_del(json_object_get(feed, "targets"), "feed/head.json"),
			 0);
	keys = json_object();
	id = attack_add_key(keys, tuf_key_object(key_public(a.k.feed)));
	assert_int_equal(json_object_set_new(feed, "delegations",
					     json_pack("{s:o,s:[{s:[s],s:s,s:[s],s:b,s:i}]}",
						       "keys", keys, "roles", "keyids", id,
						       "name", "policy", "paths", "feed/*",
						       "terminating", 1, "threshold", 1)),
			 0);
	attack_sign(&a, "feed", feed, a.k.feed);
	policy = attack_body(&a, "policy");
	assert_int_equal(
		json_object_set(json_object_get(policy, "targets"), "feed/head.json", head), 0);
	attack_put(&a, "policy",
		   attack_envelope(json_incref(policy),
				   (const struct key *const[]){a.k.policy, NULL}));
	attack_seal(&a);
	attack_refuses(&a, "policy: 0 of 1 needed signatures");
	/* Signed for both parents it is good for both; the file of the same version that
	 * the platform has kept is not, so it looks with nothing kept. */
	attack_forget(&a);
	attack_put(&a, "policy",
		   attack_envelope(policy,
				   (const struct key *const[]){a.k.policy, a.k.feed, NULL}));
	attack_accepts(&a);
	json_decref(head);
	attack_free(&a);
}

static void p7_expired(void **state)
{
	static const char *const roles[] = {"feed", "policy", "targets"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char text[CLOCK_TEXT + 1];
		struct attack a;
		json_t *body;

		attack_new(&a);
		body = attack_body(&a, roles[i]);
		clock_format(a.k.now - 60, text);
		assert_int_equal(json_object_set_new(body, "expires", json_string(text)), 0);
		attack_sign(&a, roles[i], body,
			    i == 0   ? a.k.feed
			    : i == 1 ? a.k.policy
				     : a.k.targets);
		attack_seal(&a);
		attack_refuses(&a, "has expired");
		attack_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p7_order),
		cmocka_unit_test(p7_diamond),
		cmocka_unit_test(p7_expired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
