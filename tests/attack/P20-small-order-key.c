/* P20: a public key of small order is enrolled: for such a "key" anybody can make a
 * signature that a careless verifier accepts for every message. */
#include <string.h>

#include "base/text.h"
#include "attack_kit.h"

static const char *const small[] = {
	/* the neutral element, and the same written with the sign bit */
	"0100000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000080",
	/* order 2 and 4 */
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	/* order 8 */
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	/* p and p + 1: another spelling of the first two */
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

/* R = the neutral element, S = 0: satisfies S·B = R + h·A whenever h·A is neutral. */
static const char forged[] = "0100000000000000000000000000000000000000000000000000000000000000"
			     "0000000000000000000000000000000000000000000000000000000000000000";

static json_t *key_object(const char *hex)
{
	uint8_t raw[KEY_PUBLIC];

	assert_true(text_unhex(hex, strlen(hex), raw, sizeof(raw)));
	return tuf_key_object(raw);
}

static void p20_delegated_role(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++) {
		struct attack a;
		json_t *targets, *e;
		char id[HASH_HEX + 1];

		attack_new(&a);
		targets = attack_body(&a, "targets");
		(void)snprintf(
			id, sizeof(id), "%s",
			attack_add_key(json_object_get(json_object_get(targets, "delegations"),
						       "keys"),
				       key_object(small[i])));
		assert_int_equal(json_object_set_new(attack_delegation(targets, "feed"),
						     "keyids", json_pack("[s]", id)),
				 0);
		attack_sign(&a, "targets", targets, a.k.targets);
		e = attack_envelope(attack_body(&a, "feed"), (const struct key *const[]){NULL});
		attack_add_signature(e, id, forged);
		attack_put(&a, "feed", e);
		attack_seal(&a);
		attack_refuses(&a, "may not be used");
		attack_free(&a);
	}
}

static void p20_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++) {
		struct attack a;
		json_t *root, *e;
		char id[HASH_HEX + 1];

		attack_new(&a);
		root = attack_body(&a, "root");
		(void)snprintf(
			id, sizeof(id), "%s",
			attack_add_key(json_object_get(root, "keys"), key_object(small[i])));
		assert_int_equal(
			json_object_set_new(
				json_object_get(json_object_get(root, "roles"), "timestamp"),
				"keyids", json_pack("[s]", id)),
			0);
		attack_sign(&a, "root", root, a.k.root);
		e = attack_envelope(attack_body(&a, "timestamp"),
				    (const struct key *const[]){NULL});
		attack_add_signature(e, id, forged);
		attack_put(&a, "timestamp", e);
		attack_refuses(&a, "may not be used");
		attack_free(&a);
	}
}

/* A reviewer who never existed. */
static void p20_reviewer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++) {
		json_t *policy = NULL, *key;
		uint8_t raw[KEY_PUBLIC];
		char id[KEY_ID_HEX + 1];
		struct attack a;

		attack_new_empty(&a);
		assert_int_equal(json_parse(a.k.policy_bytes.data, a.k.policy_bytes.len,
					    JSON_SIGNED_MAX, &policy),
				 SL_OK);
		key = json_array_get(
			json_object_get(
				json_array_get(json_object_get(policy, "persons"), OKIT_DESK),
				"keys"),
			0);
		assert_true(text_unhex(small[i], strlen(small[i]), raw, sizeof(raw)));
		key_id_of(raw, id);
		assert_int_equal(json_object_set_new(key, "public", json_string(small[i])), 0);
		assert_int_equal(json_object_set_new(key, "keyid", json_string(id)), 0);
		attack_policy(&a, policy);
		okit_release(&a.k, ATTACK_RELEASE, 1, "official-site", "<p>one</p>", 0);
		okit_commit(&a.k, ATTACK_DAY);
		attack_refuses(&a, "may not be enrolled");
		attack_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p20_delegated_role),
		cmocka_unit_test(p20_root),
		cmocka_unit_test(p20_reviewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
