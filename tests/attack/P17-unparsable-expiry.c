/* P17: a date that cannot be read must not mean "never expires". */
#include <string.h>

#include "attack_kit.h"

static const char *const dates[] = {
	"never",
	"",
	"9999",
	"2099-01-01",
	"2099-01-01T00:00:00",
	"2099-01-01T00:00:00z",
	"2099-01-01T00:00:00+00:00",
	"2099-01-01T00:00:00.0Z",
	"2099-01-01 00:00:00Z",
	" 2099-01-01T00:00:00Z",
	"2099-01-01T00:00:00Z ",
	"2099-13-01T00:00:00Z",
	"2099-02-30T00:00:00Z",
	"2099-01-01T24:00:00Z",
	"2099-01-01T00:00:60Z",
	"0000-00-00T00:00:00Z",
	"-099-01-01T00:00:00Z",
	"12099-01-01T00:00:00Z",
};
enum { DATES = sizeof(dates) / sizeof(*dates), NUMBER = DATES, MISSING, ROWS };

static void set_date(json_t *object, const char *member, unsigned row)
{
	if (row == MISSING)
		assert_int_equal(json_object_del(object, member), 0);
	else if (row == NUMBER)
		assert_int_equal(json_object_set_new(object, member, json_integer(4102444800)),
				 0);
	else
		assert_int_equal(json_object_set_new(object, member, json_string(dates[row])),
				 0);
}

static void in_role(const char *role, const struct key *(*key_of)(const struct okit *))
{
	struct attack a;
	json_t *body;

	attack_new(&a);
	body = attack_body(&a, role);
	for (unsigned i = 0; i < ROWS; i++) {
		json_t *bent = json_deep_copy(body);

		set_date(bent, "expires", i);
		attack_sign(&a, role, bent, key_of(&a.k));
		if (strcmp(role, "timestamp") != 0)
			attack_seal(&a);
		attack_refuses(&a, "expires is not YYYY-MM-DDTHH:MM:SSZ");
	}
	attack_sign(&a, role, body, key_of(&a.k));
	if (strcmp(role, "timestamp") != 0)
		attack_seal(&a);
	attack_accepts(&a);
	attack_free(&a);
}

static const struct key *timestamp_key(const struct okit *k)
{
	return k->timestamp;
}

static const struct key *feed_key(const struct okit *k)
{
	return k->feed;
}

static const struct key *root_key(const struct okit *k)
{
	return k->root;
}

static void p17_timestamp(void **state)
{
	(void)state;
	in_role("timestamp", timestamp_key);
}

static void p17_role(void **state)
{
	(void)state;
	in_role("feed", feed_key);
}

static void p17_root(void **state)
{
	(void)state;
	in_role("root", root_key);
}

/* A reviewer's key whose end nobody can read. */
static void p17_reviewers_key(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		json_t *policy = NULL, *person;
		struct attack a;

		attack_new_empty(&a);
		assert_int_equal(json_parse(a.k.policy_bytes.data, a.k.policy_bytes.len,
					    JSON_SIGNED_MAX, &policy),
				 SL_OK);
		person = json_array_get(json_object_get(policy, "persons"), OKIT_DESK);
		set_date(json_array_get(json_object_get(person, "keys"), 0), "until", i);
		attack_policy(&a, policy);
		okit_release(&a.k, ATTACK_RELEASE, 1, "official-site", "<p>one</p>", 0);
		okit_commit(&a.k, ATTACK_DAY);
		attack_refuses(&a, "a key is malformed");
		attack_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p17_timestamp),
		cmocka_unit_test(p17_role),
		cmocka_unit_test(p17_root),
		cmocka_unit_test(p17_reviewers_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
