/* Notices and the orders in them: one may stop, two may decide, nobody may pretend. */
#include <string.h>

#include "trust/order.h"
#include "trust_kit.h"

struct row { /* a notice as it should be, and the one thing that is wrong with it */
	const char *name, *order, *says;
	enum kit_person by[3]; /* who orders; KIT_GATEWAY ends the list */
	int64_t freeze, second_freeze, age, version_off;
	bool other_reason, other_policy, other_subject, by_inspector, unsorted, twice;
	int want;
};

static json_t *make_order(struct kit_case *k, const struct row *row, unsigned i)
{
	struct key *key = kit_person_key(row->by[i]);
	struct notice_facts f = {
		.action = row->order,
		.release = "R-2026-000123",
		.version = 2 + (i == 0 ? row->version_off : 0),
		.reason_code = "PI",
		.text_sha256 = row->other_reason ? k->policy : k->subject,
		.time = KIT_NOW - 60 - row->age,
		.freeze = i == 1 && row->second_freeze != 0 ? row->second_freeze : row->freeze};
	json_t *predicate = order_predicate(&f), *j = NULL;
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(key, PRED_ORDER,
					row->other_subject ? k->policy : k->subject, predicate,
					&line),
			 SL_OK);
	assert_int_equal(json_parse_signed(line.data, line.len, &j), SL_OK);
	json_decref(predicate);
	buf_release(&line);
	key_free(key);
	return j;
}

static void digest(const json_t *j, char out[65])
{
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(json_canonical(j, &line), SL_OK);
	hash_hex(line.data, line.len, out);
	buf_release(&line);
}

static json_t *make_orders(struct kit_case *k, const struct row *row)
{
	json_t *list = json_array();
	char a[65], b[65];

	for (unsigned i = 0; i < 3 && row->by[i] != KIT_GATEWAY; i++)
		assert_int_equal(json_array_append_new(list, make_order(k, row, i)), 0);
	if (row->twice)
		assert_int_equal(json_array_append(list, json_array_get(list, 0)), 0);
	if (json_array_size(list) == 2 && !row->twice) {
		digest(json_array_get(list, 0), a);
		digest(json_array_get(list, 1), b);
		if ((strcmp(a, b) > 0) != row->unsorted) {
			json_t *first = json_incref(json_array_get(list, 0));

			assert_int_equal(json_array_remove(list, 0), 0);
			assert_int_equal(json_array_append_new(list, first), 0);
		}
	}
	return list;
}

static int judge(struct kit_case *k, const struct row *row, struct notice_facts *f,
		 struct sl_why *why)
{
	struct key *gateway = kit_person_key(row->by_inspector ? KIT_INSPECTOR : KIT_GATEWAY);
	struct notice_facts n = {.action = row->says,
				 .release = "R-2026-000123",
				 .version = 2,
				 .reason_code = "PI",
				 .text_sha256 = k->subject,
				 .time = KIT_NOW,
				 .serial = 50,
				 .policy_sha256 = row->other_policy ? k->subject : k->policy,
				 .policy_version = 7,
				 .orders = make_orders(k, row)};

	kit_add(k, gateway, PRED_NOTICE, notice_predicate(&n), NULL);
	json_decref((json_t *)(uintptr_t)n.orders);
	key_free(gateway);
	return notice_judge(k->list[k->c.n - 1], k->roster, f, why);
}

#define ONE(a)                                                                                 \
	{                                                                                      \
		a, KIT_GATEWAY, KIT_GATEWAY                                                    \
	}
#define TWO(a, b)                                                                              \
	{                                                                                      \
		a, b, KIT_GATEWAY                                                              \
	}

static void who_may_what(void **state)
{
	static const struct row rows[] = {
		{"freeze", "freeze", "freeze", ONE(KIT_DESK), .want = SL_OK},
		{"withdraw", "withdraw", "withdraw", ONE(KIT_AUTHOR), .want = SL_OK},
		{"confirm", "confirm", "withdraw", TWO(KIT_DESK, KIT_SECRECY), .freeze = 9,
		 .want = SL_OK},
		{"reinstate", "reinstate", "reinstate", TWO(KIT_DESK, KIT_LEADER), .freeze = 9,
		 .want = SL_OK},
		{"nobody", "withdraw", "withdraw", ONE(KIT_GATEWAY), .want = SL_E_DENIED},
		{"one for two", "reinstate", "reinstate", ONE(KIT_DESK), .freeze = 9,
		 .want = SL_E_DENIED},
		{"two for one", "freeze", "freeze", TWO(KIT_DESK, KIT_SECRECY),
		 .want = SL_E_DENIED},
		{"the same order twice", "reinstate", "reinstate", ONE(KIT_DESK), .freeze = 9,
		 .twice = true, .want = SL_E_FORMAT},
		{"not in order", "confirm", "withdraw", TWO(KIT_DESK, KIT_SECRECY), .freeze = 9,
		 .unsorted = true, .want = SL_E_FORMAT},
		{"another action", "confirm", "reinstate", TWO(KIT_DESK, KIT_SECRECY),
		 .freeze = 9, .want = SL_E_DENIED},
		{"freeze becomes withdraw", "freeze", "withdraw", ONE(KIT_DESK),
		 .want = SL_E_DENIED},
		{"unknown action", "freeze", "burn", ONE(KIT_DESK), .want = SL_E_FORMAT},
		{"another version", "freeze", "freeze", ONE(KIT_DESK), .version_off = 1,
		 .want = SL_E_DENIED},
		{"another manifest", "freeze", "freeze", ONE(KIT_DESK), .other_subject = true,
		 .want = SL_E_DENIED},
		{"another reason", "freeze", "freeze", ONE(KIT_DESK), .other_reason = true,
		 .want = SL_E_DENIED},
		{"another policy", "freeze", "freeze", ONE(KIT_DESK), .other_policy = true,
		 .want = SL_E_DENIED},
		{"service key orders", "freeze", "freeze", ONE(KIT_INSPECTOR),
		 .want = SL_E_DENIED},
		{"notice by the inspector", "freeze", "freeze", ONE(KIT_DESK),
		 .by_inspector = true, .want = SL_E_DENIED},
		{"answers different freezes", "reinstate", "reinstate",
		 TWO(KIT_DESK, KIT_LEADER), .freeze = 9, .second_freeze = 8,
		 .want = SL_E_DENIED},
		{"answers the future", "reinstate", "reinstate", TWO(KIT_DESK, KIT_LEADER),
		 .freeze = 50, .want = SL_E_DENIED},
		{"two persons, too long ago", "reinstate", "reinstate",
		 TWO(KIT_DESK, KIT_LEADER), .freeze = 9, .age = ORDER_AGE_S,
		 .want = SL_E_DENIED},
		{"one person, long ago", "freeze", "freeze", ONE(KIT_DESK), .age = ORDER_AGE_S,
		 .want = SL_OK},
		{"after the notice", "freeze", "freeze", ONE(KIT_DESK), .age = -400,
		 .want = SL_E_DENIED},
		{"a successor without naming it", "freeze", "correct", ONE(KIT_DESK),
		 .want = SL_E_FORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct notice_facts f;
		struct kit_case k;
		int got;

		kit_case_init(&k);
		got = judge(&k, &rows[i], &f, &why);
		if (got != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, got, why.text);
		if (got == SL_OK && f.freeze != rows[i].freeze)
			fail_msg("%s: freeze %lld", rows[i].name, (long long)f.freeze);
		kit_case_release(&k);
	}
}

/* P9: two keys of one person are one person. */
static void two_keys_are_not_two_persons(void **state)
{
	struct key *first = kit_person_key(KIT_BOTH), *second = kit_second_key(KIT_BOTH),
		   *gateway = kit_person_key(KIT_GATEWAY);
	const struct key *keys[] = {first, second};
	struct notice_facts o = {.action = "reinstate",
				 .release = "R-2026-000123",
				 .version = 2,
				 .reason_code = "PI",
				 .time = KIT_NOW,
				 .freeze = 9},
			    f;
	struct sl_why why = {.text = ""};
	json_t *list = json_array();
	struct kit_case k;
	char digests[2][65];

	(void)state;
	kit_case_init(&k);
	o.text_sha256 = k.subject;
	for (unsigned i = 0; i < 2; i++) {
		json_t *predicate = order_predicate(&o), *j = NULL;
		struct buf line;

		buf_init(&line, DSSE_MAX);
		assert_int_equal(
			statement_sign(keys[i], PRED_ORDER, k.subject, predicate, &line),
			SL_OK);
		assert_int_equal(json_parse_signed(line.data, line.len, &j), SL_OK);
		digest(j, digests[i]);
		assert_int_equal(i == 1 && strcmp(digests[1], digests[0]) < 0
					 ? json_array_insert_new(list, 0, j)
					 : json_array_append_new(list, j),
				 0);
		json_decref(predicate);
		buf_release(&line);
	}
	o.orders = list;
	o.serial = 50;
	o.freeze = 0;
	o.policy_sha256 = k.policy;
	o.policy_version = 7;
	kit_add(&k, gateway, PRED_NOTICE, notice_predicate(&o), NULL);
	assert_int_equal(notice_judge(k.list[0], k.roster, &f, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "one person"));
	json_decref(list);
	key_free(first);
	key_free(second);
	key_free(gateway);
	kit_case_release(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_what),
		cmocka_unit_test(two_keys_are_not_two_persons),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
