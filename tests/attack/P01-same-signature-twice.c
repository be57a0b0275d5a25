/* P1: one key holder tries to be two, by repeating a signature or a key id.
 *
 * The feed needs two signatures here; the attacker holds one of the two keys. */
#include <ctype.h>
#include <string.h>

#include "attack_kit.h"

struct duo {
	struct attack a;
	struct key *second;
};

/* The feed from now on by both keys; what it lists stays. */
static void setup(struct duo *d, bool id_twice)
{
	uint8_t seed[32] = {77};
	json_t *targets, *entry, *ids = json_array();

	attack_new(&d->a);
	assert_int_equal(key_generate(KEY_TUF_FEED, seed, &d->second), SL_OK);
	targets = attack_body(&d->a, "targets");
	entry = attack_delegation(targets, "feed");
	(void)attack_add_key(json_object_get(json_object_get(targets, "delegations"), "keys"),
			     tuf_key_object(key_public(d->second)));
	assert_int_equal(json_array_append_new(ids, json_string(key_id(d->a.k.feed))), 0);
	assert_int_equal(json_array_append_new(
				 ids, json_string(key_id(id_twice ? d->a.k.feed : d->second))),
			 0);
	assert_int_equal(json_object_set_new(entry, "keyids", ids), 0);
	assert_int_equal(json_object_set_new(entry, "threshold", json_integer(2)), 0);
	attack_sign(&d->a, "targets", targets, d->a.k.targets);
}

static void teardown(struct duo *d)
{
	key_free(d->second);
	attack_free(&d->a);
}

/* The feed signed by the attacker's key, and what it said. */
static json_t *half_signed(struct duo *d, const char **ret_sig)
{
	json_t *e = attack_envelope(attack_body(&d->a, "feed"),
				    (const struct key *const[]){d->a.k.feed, NULL});

	*ret_sig = json_str(json_array_get(json_arr(e, "signatures"), 0), "sig");
	return e;
}

static void p1_control_two_keys(void **state)
{
	struct duo d;

	(void)state;
	setup(&d, false);
	attack_put(&d.a, "feed",
		   attack_envelope(attack_body(&d.a, "feed"),
				   (const struct key *const[]){d.a.k.feed, d.second, NULL}));
	attack_seal(&d.a);
	attack_accepts(&d.a);
	teardown(&d);
}

static void p1_same_signature_and_id_twice(void **state)
{
	const char *sig;
	struct duo d;
	json_t *e;

	(void)state;
	setup(&d, false);
	e = half_signed(&d, &sig);
	attack_add_signature(e, key_id(d.a.k.feed), sig);
	attack_put(&d.a, "feed", e);
	attack_seal(&d.a);
	attack_refuses(&d.a, "two signatures of key");
	teardown(&d);
}

static void p1_same_signature_under_the_other_id(void **state)
{
	const char *sig;
	struct duo d;
	json_t *e;

	(void)state;
	setup(&d, false);
	e = half_signed(&d, &sig);
	attack_add_signature(e, key_id(d.second), sig);
	attack_put(&d.a, "feed", e);
	attack_seal(&d.a);
	attack_refuses(&d.a, "1 of 2 needed signatures");
	teardown(&d);
}

/* Signatures are read in either case; that makes neither a second key nor a second voice. */
static void p1_same_signature_and_id_in_capitals(void **state)
{
	char id[KEY_ID_HEX + 1] = "", other[2 * KEY_SIGNATURE + 1] = "";
	const char *sig;
	struct duo d;
	json_t *e;

	(void)state;
	setup(&d, false);
	e = half_signed(&d, &sig);
	for (size_t i = 0; i < KEY_ID_HEX; i++)
		id[i] = (char)toupper((unsigned char)key_id(d.a.k.feed)[i]);
	for (size_t i = 0; i < 2 * KEY_SIGNATURE; i++)
		other[i] = (char)toupper((unsigned char)sig[i]);
	attack_add_signature(e, id, other);
	attack_put(&d.a, "feed", e);
	attack_seal(&d.a);
	attack_refuses(&d.a, "1 of 2 needed signatures");
	e = half_signed(&d, &sig);
	attack_add_signature(e, key_id(d.a.k.feed), other);
	attack_put(&d.a, "feed", e);
	attack_seal(&d.a);
	attack_refuses(&d.a, "two signatures of key");
	teardown(&d);
}

static void p1_id_listed_twice_in_the_role(void **state)
{
	const char *sig;
	struct duo d;

	(void)state;
	setup(&d, true);
	attack_put(&d.a, "feed", half_signed(&d, &sig));
	attack_seal(&d.a);
	attack_refuses(&d.a, "twice");
	teardown(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p1_control_two_keys),
		cmocka_unit_test(p1_same_signature_and_id_twice),
		cmocka_unit_test(p1_same_signature_under_the_other_id),
		cmocka_unit_test(p1_same_signature_and_id_in_capitals),
		cmocka_unit_test(p1_id_listed_twice_in_the_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
