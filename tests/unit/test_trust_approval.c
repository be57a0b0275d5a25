/* The approval rule (P1, P9, P12, P15, P16) and the whole package (P10, P11, P12). */
#include <string.h>

#include "trust_kit.h"

static struct approval_result judge(struct kit_case *k)
{
	struct approval_result res;
	struct sl_why why = {.text = ""};

	memset(&res, 0, sizeof(res));
	if (approval_judge(&k->c, &res, &why) != SL_OK)
		fail_msg("%s", why.text);
	return res;
}

static void begin(struct kit_case *k)
{
	kit_case_init(k);
	kit_submit(k, KIT_AUTHOR, KIT_AUTHOR);
	kit_inspect(k, "clean");
}

static void approve_all(struct kit_case *k)
{
	kit_approve_as(k, KIT_LIAISON, "liaison");
	kit_approve_as(k, KIT_LEADER, "unit-leader");
	kit_approve_as(k, KIT_DESK, "desk");
}

static void three_different_people_are_enough(void **state)
{
	struct approval_result res;
	struct kit_case k;

	(void)state;
	begin(&k);
	res = judge(&k);
	assert_true(!res.satisfied && res.n_missing == 3 && res.persons == 0);
	assert_string_equal(res.author, "p-01");
	kit_approve_as(&k, KIT_DESK, "desk");
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	res = judge(&k);
	assert_true(!res.satisfied && res.n_missing == 1 && res.persons == 2);
	assert_string_equal(res.missing[0], "unit-leader");
	kit_approve_as(&k, KIT_LEADER, "unit-leader");
	res = judge(&k);
	assert_true(res.satisfied && res.n_missing == 0 && res.persons == 3 && !res.vetoed);
	assert_true(res.expires == KIT_NOW + 86400);
	kit_case_release(&k);
}

/* One statement of the three is replaced; the approval must not count. */
static void one_bad_approval_leaves_its_slot_open(void **state)
{
	static const struct {
		const char *name;
		unsigned by; /* person + 1; 0: the desk */
		const char *role, *decision, *draft;
		int64_t revision, version, time, expires;
		bool other_policy, other_report;
		int want; /* of approval_would_count */
	} rows[] = {
		{.name = "good", .want = SL_OK},
		{.name = "P15 older revision", .revision = 2, .want = SL_E_DENIED},
		{.name = "P15 other draft", .draft = "D-2026-000124", .want = SL_E_DENIED},
		{.name = "P15 other policy", .other_policy = true, .want = SL_E_DENIED},
		{.name = "P15 other policy version", .version = 6, .want = SL_E_DENIED},
		{.name = "P15 other report", .other_report = true, .want = SL_E_DENIED},
		{.name = "P15 expired", .expires = KIT_NOW, .want = SL_E_EXPIRED},
		{.name = "longer than the class allows",
		 .expires = KIT_NOW + 604800,
		 .want = SL_E_DENIED},
		{.name = "expires before it is signed",
		 .expires = KIT_NOW - 2000,
		 .want = SL_E_DENIED},
		{.name = "from the future", .time = KIT_NOW + 301, .want = SL_E_DENIED},
		{.name = "before the key's time",
		 .time = INT64_C(1700000000),
		 .expires = INT64_C(1700000001),
		 .want = SL_E_DENIED},
		{.name = "role not held", .by = KIT_LIAISON + 1, .want = SL_E_DENIED},
		{.name = "role not asked for",
		 .by = KIT_SECRECY + 1,
		 .role = "legal",
		 .want = SL_E_DENIED},
		{.name = "P16 author", .by = KIT_AUTHOR + 1, .want = SL_E_DENIED},
		{.name = "decision return", .decision = "return", .want = SL_E_DENIED},
		{.name = "P12 service key", .by = KIT_GATEWAY + 1, .want = SL_E_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct approval_result res;
		struct approval_facts f;
		struct kit_case k;
		struct key *key;
		int got;

		key = kit_person_key(rows[i].by == 0 ? KIT_DESK
						     : (enum kit_person)(rows[i].by - 1));
		begin(&k);
		kit_approve_as(&k, KIT_LIAISON, "liaison");
		kit_approve_as(&k, KIT_LEADER, "unit-leader");
		f = kit_facts(&k, rows[i].role != NULL ? rows[i].role : "desk");
		if (rows[i].decision != NULL)
			f.decision = rows[i].decision;
		if (rows[i].draft != NULL)
			f.draft = rows[i].draft;
		f.revision = rows[i].revision != 0 ? rows[i].revision : f.revision;
		f.policy_version = rows[i].version != 0 ? rows[i].version : f.policy_version;
		f.time = rows[i].time != 0 ? rows[i].time : f.time;
		f.expires = rows[i].expires != 0 ? rows[i].expires : f.expires;
		if (rows[i].other_policy)
			f.policy_sha256 = f.shown_sha256;
		if (rows[i].other_report)
			f.inspection_sha256 = f.shown_sha256;
		kit_approve(&k, key, &f);
		k.c.n--;
		got = approval_would_count(&k.c, k.list[k.c.n], false, &why);
		k.c.n++;
		if (got != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, got, why.text);
		res = judge(&k);
		if (res.satisfied != (rows[i].want == SL_OK) ||
		    (!res.satisfied && res.detail[0] == '\0'))
			fail_msg("%s: satisfied %d", rows[i].name, res.satisfied);
		key_free(key);
		kit_case_release(&k);
	}
}

static void p16_submitter_does_not_approve(void **state)
{
	struct kit_case k;

	(void)state;
	kit_case_init(&k);
	kit_submit(&k, KIT_AUTHOR, KIT_DESK);
	kit_inspect(&k, "clean");
	approve_all(&k);
	assert_false(judge(&k).satisfied);
	kit_approve_as(&k, KIT_BOTH, "desk");
	assert_true(judge(&k).satisfied);
	kit_case_release(&k);
}

static void p9_one_person_fills_one_slot(void **state)
{
	struct approval_result res;
	struct kit_case k;

	(void)state;
	begin(&k);
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_BOTH, "unit-leader");
	kit_approve_as(&k, KIT_BOTH, "desk");
	res = judge(&k);
	assert_true(!res.satisfied && res.n_missing == 1 && res.persons == 2);
	/* Whoever comes next, the person with both roles moves to the other slot. */
	kit_approve_as(&k, KIT_DESK, "desk");
	assert_true(judge(&k).satisfied);
	k.c.n--;
	statement_free(k.list[k.c.n]);
	kit_approve_as(&k, KIT_LEADER, "unit-leader");
	assert_true(judge(&k).satisfied);
	kit_case_release(&k);
}

static void p9_p16_two_keys_are_still_one_person(void **state)
{
	struct key *second = kit_second_key(KIT_BOTH), *author = kit_second_key(KIT_AUTHOR);
	struct approval_result res;
	struct approval_facts f;
	struct kit_case k;

	(void)state;
	begin(&k);
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_BOTH, "unit-leader");
	f = kit_facts(&k, "desk");
	kit_approve(&k, second, &f);
	res = judge(&k);
	assert_true(!res.satisfied && res.n_missing == 1 && res.persons == 2);
	kit_approve(&k, author,
		    &f); /* the author holds the role and has a key nobody saw yet */
	assert_int_equal(judge(&k).persons, 2);
	kit_case_release(&k);
	key_free(second);
	key_free(author);
}

static void p1_same_approval_twice_is_one_person(void **state)
{
	struct approval_result res;
	struct kit_case k;

	(void)state;
	begin(&k);
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	res = judge(&k);
	assert_true(res.persons == 1 && res.n_missing == 2);
	kit_case_release(&k);
}

static void someone_from_outside_the_unit_is_needed(void **state)
{
	struct approval_result res;
	struct kit_case k;

	(void)state;
	begin(&k);
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_LEADER, "unit-leader");
	kit_approve_as(&k, KIT_SAME_UNIT_DESK, "desk");
	res = judge(&k);
	assert_true(!res.satisfied && res.n_missing == 0 && res.detail[0] != '\0');
	kit_approve_as(&k, KIT_DESK, "desk");
	assert_true(judge(&k).satisfied);
	kit_case_release(&k);
}

static void objections_are_heard(void **state)
{
	struct key *secrecy = kit_person_key(KIT_SECRECY), *desk = kit_person_key(KIT_DESK);
	struct approval_facts f;
	struct kit_case k;

	(void)state;
	begin(&k);
	approve_all(&k);
	f = kit_facts(&k, "desk");
	f.decision = "return";
	f.time -= 10;
	kit_approve(&k, desk, &f); /* before the approval: no matter */
	assert_true(judge(&k).satisfied);
	f.time += 20;
	kit_approve(&k, desk, &f); /* after it: taken back */
	assert_false(judge(&k).satisfied);
	assert_false(judge(&k).vetoed);
	kit_case_release(&k);

	begin(&k);
	approve_all(&k);
	f = kit_facts(&k, "secrecy");
	f.decision = "reject";
	f.policy_version = 3; /* an old policy version does not silence a veto */
	kit_approve(&k, secrecy, &f);
	assert_true(judge(&k).vetoed && !judge(&k).satisfied);
	kit_case_release(&k);
	key_free(secrecy);
	key_free(desk);
}

static void ill_formed_cases_are_refused(void **state)
{
	struct key *stranger = kit_key(KEY_DSSE_REVIEWER, 99), *desk = kit_person_key(KIT_DESK),
		   *author = kit_person_key(KIT_AUTHOR);
	struct approval_result res;
	struct approval_facts f;
	struct kit_case k;
	char subject[65];

	(void)state;
	hash_hex("older", 5, subject);
	for (unsigned row = 0; row < 11; row++) {
		int want = SL_E_DENIED, got;

		kit_case_init(&k);
		if (row != 0 && row != 7 && row != 8 && row != 9)
			kit_submit(&k, KIT_AUTHOR, KIT_AUTHOR);
		if (row != 1 && row != 3)
			kit_inspect(&k, "clean");
		f = kit_facts(&k, "desk");
		if (row == 2)
			kit_submit(&k, KIT_AUTHOR, KIT_AUTHOR);
		if (row == 3)
			kit_inspect(&k, "block");
		if (row == 4) /* P15: signed for an older manifest */
			kit_add(&k, desk, PRED_APPROVAL, approval_predicate(&f), subject);
		if (row == 5)
			kit_add(&k, desk, PRED_ORDER,
				order_predicate(
					&(struct notice_facts){.action = "freeze",
							       .release = "R-2026-000123",
							       .version = 1,
							       .reason_code = "x",
							       .text_sha256 = k.subject,
							       .time = KIT_NOW}),
				NULL);
		if (row == 6) { /* forged signature of a known key */
			kit_approve_as(&k, KIT_DESK, "desk");
			k.list[k.c.n - 1]->envelope.sig[5] ^= 1;
			want = SL_E_SIGNATURE;
		}
		if (row == 7) /* submission by nobody we know */
			kit_add(&k, stranger, PRED_SUBMISSION,
				submission_predicate("D-2026-000123", 1, "p-01", "p-01",
						     KIT_NOW),
				NULL);
		if (row == 8) /* in another's name, to get past the exclusion */
			kit_add(&k, author, PRED_SUBMISSION,
				submission_predicate("D-2026-000123", 1, "p-02", "p-03",
						     KIT_NOW),
				NULL);
		if (row == 9) /* author who does not exist */
			kit_add(&k, author, PRED_SUBMISSION,
				submission_predicate("D-2026-000123", 1, "p-77", "p-01",
						     KIT_NOW),
				NULL);
		if (row == 10) { /* signed approval with an unknown member */
			json_t *p = approval_predicate(&f);

			(void)json_object_set_new(p, "weight", json_integer(2));
			kit_add(&k, desk, PRED_APPROVAL, p, NULL);
			want = SL_E_FORMAT;
		}
		got = approval_judge(&k.c, &res, NULL);
		if (got != want)
			fail_msg("row %u: %d", row, got);
		kit_case_release(&k);
	}
	begin(&k);
	approve_all(&k);
	kit_approve(&k, stranger, &f); /* who left the roster simply does not count */
	assert_true(judge(&k).satisfied);
	k.c.now = INT64_C(1900000000); /* every key has ended */
	assert_int_equal(approval_judge(&k.c, &res, NULL), SL_E_DENIED);
	kit_case_release(&k);
	key_free(stranger);
	key_free(desk);
	key_free(author);
}

static void p12_inspection_by_a_person_is_refused(void **state)
{
	struct key *desk = kit_person_key(KIT_DESK), *gateway = kit_person_key(KIT_GATEWAY);
	json_t *filters = json_array();
	struct approval_result res;
	struct kit_case k;

	(void)state;
	for (unsigned row = 0; row < 2; row++) {
		struct approval_facts f;

		kit_case_init(&k);
		f = kit_facts(&k, "desk");
		kit_submit(&k, KIT_AUTHOR, KIT_AUTHOR);
		kit_add(&k, row == 0 ? desk : gateway, PRED_INSPECTION,
			inspection_predicate(filters, "clean", f.inspection_sha256,
					     f.shown_sha256, KIT_NOW),
			NULL);
		assert_int_equal(approval_judge(&k.c, &res, NULL), SL_E_DENIED);
		kit_case_release(&k);
	}
	json_decref(filters);
	key_free(desk);
	key_free(gateway);
}

static void package_is_proved_from_itself(void **state)
{
	struct key *gateway = kit_person_key(KIT_GATEWAY),
		   *inspector = kit_person_key(KIT_INSPECTOR), *desk = kit_person_key(KIT_DESK);
	struct approval_result res;
	struct sl_why why = {.text = ""};
	struct kit_case k;

	(void)state;
	for (unsigned row = 0; row < 10; row++) {
		int want = row < 2 ? SL_OK : SL_E_DENIED, got;

		begin(&k);
		kit_approve_as(&k, KIT_LIAISON, "liaison");
		kit_approve_as(&k, KIT_LEADER, "unit-leader");
		if (row != 2) /* rule not met */
			kit_approve_as(&k, KIT_DESK, "desk");
		if (row == 1) /* read much later: judged at release time */
			k.c.now = INT64_C(1900000000);
		if (row != 3) /* no release statement */
			kit_release(&k,
				    row == 4   ? inspector
				    : row == 5 ? desk
					       : gateway,
				    row == 9   ? KIT_NOW + 301
				    : row == 8 ? KIT_NOW - 500000
					       : KIT_NOW);
		if (row == 6) /* an envelope beside those the release names */
			kit_approve_as(&k, KIT_SECRECY, "secrecy");
		if (row == 7) /* one that it names is gone */
			statement_free(k.list[0]);
		if (row == 7)
			k.list[0] = k.list[--k.c.n];
		if (row == 8) /* backdated: approvals came after the release */
			want = SL_E_DENIED;
		got = package_judge(&k.c, &res, &why);
		if (got != want)
			fail_msg("row %u: %d %s", row, got, why.text);
		kit_case_release(&k);
	}
	key_free(gateway);
	key_free(inspector);
	key_free(desk);
}

/* However well it is approved: what is for one person no platform publishes. */
static void a_private_answer_is_never_published(void **state)
{
	struct key *gateway = kit_person_key(KIT_GATEWAY);
	struct approval_result res;
	struct sl_why why = {.text = ""};
	struct kit_case k;

	(void)state;
	begin(&k);
	approve_all(&k);
	kit_release(&k, gateway, KIT_NOW);
	assert_int_equal(package_judge(&k.c, &res, &why), SL_OK);
	k.manifest->channels[k.manifest->n_channels++] = MANIFEST_PRIVATE;
	assert_int_equal(package_judge(&k.c, &res, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "privately"));
	kit_case_release(&k);
	key_free(gateway);
}

static void p11_two_releases_or_a_forged_one_are_refused(void **state)
{
	struct key *gateway = kit_person_key(KIT_GATEWAY);
	struct approval_result res;
	const char *inputs[5];
	struct kit_case k;
	char subject[65];

	(void)state;
	begin(&k);
	approve_all(&k);
	kit_release(&k, gateway, KIT_NOW);
	k.list[5]->envelope.sig[0] ^= 1;
	assert_int_equal(package_judge(&k.c, &res, NULL), SL_E_SIGNATURE);
	k.list[5]->envelope.sig[0] ^= 1;
	assert_int_equal(package_judge(&k.c, &res, NULL), SL_OK);
	kit_add(&k, gateway, PRED_RELEASE, json_incref(k.list[5]->predicate), NULL);
	assert_int_equal(package_judge(&k.c, &res, NULL), SL_E_DENIED);
	k.c.n = 5;
	statement_free(k.list[6]);
	for (unsigned i = 0; i < 5; i++)
		inputs[i] = k.list[i]->sha256;
	statement_free(k.list[5]);
	/* P10: a release of another manifest with these envelopes. */
	hash_hex("other", 5, subject);
	kit_add(&k, gateway, PRED_RELEASE,
		release_predicate(inputs, 5, k.policy, 7, 42, KIT_NOW), subject);
	assert_int_equal(package_judge(&k.c, &res, NULL), SL_E_DENIED);
	statement_free(k.list[--k.c.n]);
	kit_add(&k, gateway, PRED_RELEASE,
		release_predicate(inputs, 5, k.policy, 8, 42, KIT_NOW), NULL);
	assert_int_equal(package_judge(&k.c, &res, NULL), SL_E_DENIED);
	kit_case_release(&k);
	key_free(gateway);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_different_people_are_enough),
		cmocka_unit_test(a_private_answer_is_never_published),
		cmocka_unit_test(one_bad_approval_leaves_its_slot_open),
		cmocka_unit_test(p16_submitter_does_not_approve),
		cmocka_unit_test(p9_one_person_fills_one_slot),
		cmocka_unit_test(p9_p16_two_keys_are_still_one_person),
		cmocka_unit_test(p1_same_approval_twice_is_one_person),
		cmocka_unit_test(someone_from_outside_the_unit_is_needed),
		cmocka_unit_test(objections_are_heard),
		cmocka_unit_test(ill_formed_cases_are_refused),
		cmocka_unit_test(p12_inspection_by_a_person_is_refused),
		cmocka_unit_test(package_is_proved_from_itself),
		cmocka_unit_test(p11_two_releases_or_a_forged_one_are_refused),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
