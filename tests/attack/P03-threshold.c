/* P3: a threshold or a minimum that asks for nobody: 0, negative, missing, not a number. */
#include <string.h>

#include "attack_kit.h"

static const char *const values[] = {"0", "-1", "\"1\"", "1.0", "true", "3", NULL};

static void set(json_t *entry, const char *name, const char *value)
{
	if (value == NULL)
		assert_int_equal(json_object_del(entry, name), 0);
	else
		assert_int_equal(json_object_set_new(entry, name,
						     json_loads(value, JSON_DECODE_ANY, NULL)),
				 0);
}

/* The canonical writer refuses reals, and a hostile signer writes what it likes. */
static void put_as_text(struct attack *a, const char *role, json_t *body, const struct key *key)
{
	int64_t version = 0;
	struct buf b;

	(void)json_i64(body, "version", &version);
	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_compact(body, &b), SL_OK);
	attack_put_text(a, role, version, buf_str(&b), key);
	buf_release(&b);
	json_decref(body);
}

static void p3_delegation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct attack a;
		json_t *targets;

		attack_new(&a);
		targets = attack_body(&a, "targets");
		set(attack_delegation(targets, "feed"), "threshold", values[i]);
		put_as_text(&a, "targets", targets, a.k.targets);
		/* Nobody has signed the feed. */
		attack_put(&a, "feed",
			   attack_envelope(attack_body(&a, "feed"),
					   (const struct key *const[]){NULL}));
		attack_seal(&a);
		attack_refuses(&a, "targets metadata");
		attack_free(&a);
	}
}

static void p3_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct attack a;
		json_t *root;

		attack_new(&a);
		root = attack_body(&a, "root");
		set(json_object_get(json_object_get(root, "roles"), "timestamp"), "threshold",
		    values[i]);
		put_as_text(&a, "root", root, a.k.root);
		attack_put(&a, "timestamp",
			   attack_envelope(attack_body(&a, "timestamp"),
					   (const struct key *const[]){NULL}));
		attack_refuses(&a, "root metadata");
		attack_free(&a);
	}
}

/* An approval policy that needs nobody, signed by the policy officers' key. */
static void policy_case(const char *member, bool in_row, const char *value, const char *reason)
{
	json_t *policy = NULL, *class_a;
	struct attack a;

	attack_new_empty(&a);
	assert_int_equal(json_parse(a.k.policy_bytes.data, a.k.policy_bytes.len,
				    JSON_SIGNED_MAX, &policy),
			 SL_OK);
	class_a = json_object_get(json_object_get(policy, "classes"), "A");
	set(in_row ? json_array_get(json_object_get(class_a, "require"), 0) : class_a, member,
	    value);
	attack_policy(&a, policy);
	/* And a release that nobody but the liaison has approved. */
	okit_release(&a.k, ATTACK_RELEASE, 1, "official-site", "<p>one</p>",
		     1u << OKIT_LIAISON);
	okit_commit(&a.k, ATTACK_DAY);
	attack_refuses(&a, reason);
	attack_free(&a);
}

static void p3_policy(void **state)
{
	(void)state;
	policy_case("min", true, "0", "minimum 0");
	policy_case("min", true, "-1", "minimum -1");
	policy_case("min", true, NULL, "a row is not {min, role}");
	policy_case("min_persons", false, "0", "number of persons");
	policy_case("min_persons", false, "-1", "number of persons");
	policy_case("min_persons", false, NULL, "missing or unknown members");
	policy_case("require", false, "[]", "fewer than two persons");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p3_delegation),
		cmocka_unit_test(p3_root),
		cmocka_unit_test(p3_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
