/* Two persons make one finding on one text quiet: who, for how long, and never a mark. */
#include "trust_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust/suppression.h"

enum { DAY = 86400 };
static const char hmac_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char hmac_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static struct statement *say(enum kit_person who, const struct suppression_facts *f)
{
	struct key *k = kit_person_key(who);
	json_t *predicate = suppression_predicate(f);
	struct statement *s = NULL;
	struct sl_why why = {.text = ""};
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(k, PRED_SUPPRESSION, f->text_hmac, predicate, &line),
			 SL_OK);
	if (statement_parse(line.data, line.len, &s, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&line);
	json_decref(predicate);
	key_free(k);
	return s;
}

static struct suppression_facts good(enum kit_person owner)
{
	return (struct suppression_facts){.action = "suppress",
					  .rule = "PI-004",
					  .owner = kit_pid(owner),
					  .reason = "the office's own number",
					  .text_hmac = hmac_a,
					  .time = KIT_NOW,
					  .expires = KIT_NOW + 90 * DAY};
}

static void rows_of_pairs(void **state)
{
	static const struct {
		const char *name;
		enum kit_person first, second;
		const char *rule, *text, *reason; /* of the second; NULL: the same */
		int64_t later;			  /* when it is judged */
		int want;
	} rows[] = {
		{"good", KIT_LIAISON, KIT_SECRECY, NULL, NULL, NULL, 0, SL_OK},
		{"secrecy first", KIT_SECRECY, KIT_DESK, NULL, NULL, NULL, 0, SL_OK},
		{"one person", KIT_SECRECY, KIT_SECRECY, NULL, NULL, NULL, 0, SL_E_DENIED},
		{"no secrecy officer", KIT_LIAISON, KIT_DESK, NULL, NULL, NULL, 0, SL_E_DENIED},
		{"a service", KIT_SECRECY, KIT_INSPECTOR, NULL, NULL, NULL, 0, SL_E_DENIED},
		{"another rule", KIT_LIAISON, KIT_SECRECY, "PI-001", NULL, NULL, 0,
		 SL_E_DENIED},
		{"another text", KIT_LIAISON, KIT_SECRECY, NULL, hmac_b, NULL, 0, SL_E_DENIED},
		{"another reason", KIT_LIAISON, KIT_SECRECY, NULL, NULL, "x", 0, SL_E_DENIED},
		{"over", KIT_LIAISON, KIT_SECRECY, NULL, NULL, NULL, 90 * DAY, SL_E_EXPIRED},
		{"not over", KIT_LIAISON, KIT_SECRECY, NULL, NULL, NULL, 90 * DAY - 1, SL_OK},
	};
	struct roster *r = kit_roster();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct suppression_facts f = good(rows[i].first), g = f, got;
		struct statement *a = say(rows[i].first, &f), *b;
		struct sl_why why = {.text = ""};
		int e;

		g.rule = rows[i].rule != NULL ? rows[i].rule : g.rule;
		g.text_hmac = rows[i].text != NULL ? rows[i].text : g.text_hmac;
		g.reason = rows[i].reason != NULL ? rows[i].reason : g.reason;
		b = say(rows[i].second, &g);
		e = suppression_judge(a, b, r, KIT_NOW + rows[i].later, &got, &why);
		if (e != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, e, why.text);
		statement_free(a);
		statement_free(b);
	}
	roster_free(r);
}

static void what_two_cannot_say(void **state)
{
	static const char *const never[] = {"SM-001", "SM-002", "SM-008", "SM-011", "AV-001"};
	struct roster *r = kit_roster();
	struct suppression_facts f, got;
	struct statement *a, *b;

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		assert_false(suppression_permits(never[i]));
		f = good(KIT_SECRECY);
		f.rule = never[i];
		a = say(KIT_SECRECY, &f);
		b = say(KIT_DESK, &f);
		assert_int_equal(suppression_judge(a, b, r, KIT_NOW, &got, NULL), SL_E_DENIED);
		statement_free(a);
		statement_free(b);
	}
	assert_true(suppression_permits("SM-009") && suppression_permits("PI-001"));
	f = good(KIT_SECRECY);
	f.expires = f.time + (SUPPRESSION_DAYS_MAX + 1) * DAY;
	a = say(KIT_SECRECY, &f);
	b = say(KIT_DESK, &f);
	assert_int_equal(suppression_judge(a, b, r, KIT_NOW, &got, NULL), SL_E_DENIED);
	statement_free(a);
	/* Whoever owns it signed first; a revocation suppresses nothing. */
	f = good(KIT_DESK);
	a = say(KIT_SECRECY, &f);
	assert_int_equal(suppression_judge(a, a, r, KIT_NOW, &got, NULL), SL_E_DENIED);
	statement_free(a);
	statement_free(b);
	f = good(KIT_SECRECY);
	f.action = "revoke";
	a = say(KIT_SECRECY, &f);
	b = say(KIT_DESK, &f);
	assert_int_equal(suppression_judge(a, b, r, KIT_NOW, &got, NULL), SL_E_DENIED);
	assert_non_null(suppression_signer(a, r, KIT_NOW));
	/* A key counts for the time it was valid in. */
	f.time = 1700000000;
	statement_free(a);
	a = say(KIT_SECRECY, &f);
	assert_null(suppression_signer(a, r, KIT_NOW));
	statement_free(a);
	statement_free(b);
	roster_free(r);
}

static void malformed(void **state)
{
	static const char *const rows[] = {
		"{}",
		"{\"action\":\"suppress\",\"expires\":\"2026-08-26T20:26:40Z\",\"owner\":\"p-"
		"05\","
		"\"reason\":\"\",\"rule\":\"PI-004\",\"time\":\"2026-05-28T20:26:40Z\"}",
		"{\"action\":\"other\",\"expires\":\"2026-08-26T20:26:40Z\",\"owner\":\"p-05\","
		"\"reason\":\"x\",\"rule\":\"PI-004\",\"time\":\"2026-05-28T20:26:40Z\"}",
		"{\"action\":\"suppress\",\"expires\":\"2026-08-26T20:26:40Z\",\"owner\":\"p-"
		"05\","
		"\"reason\":\"x\",\"rule\":\"PI-004-much-too-long\",\"time\":"
		"\"2026-05-28T20:26:40Z\"}",
		"{\"action\":\"suppress\",\"expires\":\"soon\",\"owner\":\"p-05\",\"reason\":"
		"\"x\","
		"\"rule\":\"PI-004\",\"time\":\"2026-05-28T20:26:40Z\"}",
	};
	struct key *k = kit_person_key(KIT_SECRECY);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct suppression_facts f;
		struct statement *s = NULL;
		json_t *j = NULL;
		struct buf line;

		buf_init(&line, DSSE_MAX);
		assert_int_equal(json_parse(rows[i], strlen(rows[i]), 9999, &j), SL_OK);
		assert_int_equal(statement_sign(k, PRED_SUPPRESSION, hmac_a, j, &line), SL_OK);
		assert_int_equal(statement_parse(line.data, line.len, &s, NULL), SL_OK);
		assert_int_equal(suppression_read(s, &f, NULL), SL_E_FORMAT);
		statement_free(s);
		json_decref(j);
		buf_release(&line);
	}
	key_free(k);
}

static int setup(void **state)
{
	(void)state;
	return crypto_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_pairs),
		cmocka_unit_test(what_two_cannot_say),
		cmocka_unit_test(malformed),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
