/* P2: one raw key is enrolled under two key ids, so that its holder is two of two. */
#include <ctype.h>
#include <string.h>

#include "attack_kit.h"

enum variant { WRONG_ID, UPPER_CASE, EXTRA_MEMBER };

static json_t *object_of(const struct key *key, enum variant v)
{
	json_t *object = tuf_key_object(key_public(key)), *val;
	char hex[2 * KEY_PUBLIC + 1];

	val = json_object_get(object, "keyval");
	(void)snprintf(hex, sizeof(hex), "%s", json_str(val, "public"));
	for (char *p = hex; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	if (v == UPPER_CASE)
		assert_int_equal(json_object_set_new(val, "public", json_string(hex)), 0);
	if (v == EXTRA_MEMBER)
		assert_int_equal(json_object_set_new(object, "comment", json_string("2nd")), 0);
	return object;
}

/* Under the id that its text really has, or under one that is made up. */
static const char *enrol(json_t *keys, const struct key *key, enum variant v)
{
	static const char made_up[] =
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

	if (v != WRONG_ID)
		return attack_add_key(keys, object_of(key, v));
	assert_int_equal(json_object_set_new(keys, made_up, object_of(key, v)), 0);
	return made_up;
}

/* {"keyids":[own, other],"threshold":2} */
static void make_two(json_t *entry, const struct key *key, const char *other)
{
	json_t *ids = json_pack("[s,s]", key_id(key), other);

	assert_int_equal(json_object_set_new(entry, "keyids", ids), 0);
	assert_int_equal(json_object_set_new(entry, "threshold", json_integer(2)), 0);
}

/* One signature, entered once under each id. */
static json_t *signed_as_two(json_t *body, const struct key *key, const char *other)
{
	json_t *e = attack_envelope(body, (const struct key *const[]){key, NULL});

	attack_add_signature(e, other,
			     json_str(json_array_get(json_arr(e, "signatures"), 0), "sig"));
	return e;
}

static void in_targets(enum variant v, const char *reason)
{
	struct attack a;
	json_t *targets;
	char other[HASH_HEX + 1];

	attack_new(&a);
	targets = attack_body(&a, "targets");
	(void)snprintf(other, sizeof(other), "%s",
		       enrol(json_object_get(json_object_get(targets, "delegations"), "keys"),
			     a.k.feed, v));
	make_two(attack_delegation(targets, "feed"), a.k.feed, other);
	attack_sign(&a, "targets", targets, a.k.targets);
	attack_put(&a, "feed", signed_as_two(attack_body(&a, "feed"), a.k.feed, other));
	attack_seal(&a);
	attack_refuses(&a, reason);
	attack_free(&a);
}

static void in_root(enum variant v, const char *reason)
{
	struct attack a;
	json_t *root;
	char other[HASH_HEX + 1];

	attack_new(&a);
	root = attack_body(&a, "root");
	(void)snprintf(other, sizeof(other), "%s",
		       enrol(json_object_get(root, "keys"), a.k.timestamp, v));
	make_two(json_object_get(json_object_get(root, "roles"), "timestamp"), a.k.timestamp,
		 other);
	attack_sign(&a, "root", root, a.k.root);
	attack_put(&a, "timestamp",
		   signed_as_two(attack_body(&a, "timestamp"), a.k.timestamp, other));
	attack_refuses(&a, reason);
	attack_free(&a);
}

static void p2_made_up_id(void **state)
{
	(void)state;
	in_targets(WRONG_ID, "is not the id of its key");
	in_root(WRONG_ID, "is not the id of its key");
}

static void p2_upper_case_public_key(void **state)
{
	(void)state;
	in_targets(UPPER_CASE, "metadata: role feed");
	in_root(UPPER_CASE, "metadata: role timestamp");
}

static void p2_extra_member(void **state)
{
	(void)state;
	in_targets(EXTRA_MEMBER, "is malformed");
	in_root(EXTRA_MEMBER, "is malformed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p2_made_up_id),
		cmocka_unit_test(p2_upper_case_public_key),
		cmocka_unit_test(p2_extra_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
