/* Steps that are no approval: what one must say, and who may take it. */
#include "trust_kit.h"

#include <stdio.h>
#include <string.h>

#include "trust/procedure.h"

static const char subject[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char other[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static struct statement *say(struct key *k, const struct procedure_facts *f)
{
	json_t *predicate = procedure_predicate(f);
	struct statement *s = NULL;
	struct sl_why why = {.text = ""};
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(k, PRED_PROCEDURE, subject, predicate, &line), SL_OK);
	if (statement_parse(line.data, line.len, &s, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&line);
	json_decref(predicate);
	key_free(k);
	return s;
}

static struct procedure_facts good(const char *action, const char *role)
{
	struct procedure_facts f = {.action = action,
				    .role = role,
				    .draft = "D-2026-000123",
				    .revision = 1,
				    .text = "why",
				    .time = KIT_NOW,
				    .nonce = "00112233445566778899aabbccddeeff"};

	if (strcmp(action, "refer") == 0)
		f.body = "the bureau of secrecy";
	else
		f.answers = other;
	return f;
}

static void what_is_said_is_read(void **state)
{
	struct procedure_facts f = good("answer", "secrecy"), got;
	struct statement *s;

	(void)state;
	f.scan_name = "letter.pdf";
	f.scan_sha256 = subject;
	f.scan_length = 7;
	s = say(kit_person_key(KIT_SECRECY), &f);
	assert_int_equal(procedure_read(s, &got, NULL), SL_OK);
	assert_string_equal(got.action, "answer");
	assert_string_equal(got.scan_name, "letter.pdf");
	assert_int_equal(got.scan_length, 7);
	assert_string_equal(got.answers, other);
	statement_free(s);
	f = good("refer", "legal");
	f.third_party = true;
	s = say(kit_person_key(KIT_SECRECY), &f);
	assert_int_equal(procedure_read(s, &got, NULL), SL_OK);
	assert_true(got.third_party);
	assert_string_equal(got.body, "the bureau of secrecy");
	statement_free(s);
}

static void malformed(void **state)
{
	static char long_text[PROCEDURE_TEXT_MAX + 2], long_body[PROCEDURE_BODY_MAX + 2];
	struct procedure_facts rows[12];
	unsigned n = 0;

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	memset(long_body, 'x', sizeof(long_body) - 1);
	rows[n] = good("burn", "secrecy");
	rows[n++].answers = NULL;
	rows[n] = good("refer", "secrecy");
	rows[n++].body = NULL;
	rows[n] = good("refer", "secrecy");
	rows[n++].body = long_body;
	rows[n] = good("refer", "secrecy");
	rows[n++].answers = other;
	rows[n] = good("answer", "secrecy");
	rows[n++].answers = NULL;
	rows[n] = good("answer", "secrecy");
	rows[n++].answers = "not a digest";
	rows[n] = good("answer", "secrecy");
	rows[n++].third_party = true;
	rows[n] = good("admit", "director");
	rows[n++].text = "";
	rows[n] = good("admit", "director");
	rows[n++].text = long_text;
	rows[n] = good("uphold", "king");
	n++;
	rows[n] = good("uphold", "director");
	rows[n++].revision = 0;
	rows[n] = good("uphold", "director");
	rows[n].scan_name = "x";
	rows[n].scan_sha256 = other;
	n++;
	for (unsigned i = 0; i < n; i++) {
		struct statement *s = say(kit_person_key(KIT_SECRECY), &rows[i]);
		struct procedure_facts got;

		if (procedure_read(s, &got, NULL) != SL_E_FORMAT)
			fail_msg("row %u was read", i);
		statement_free(s);
	}
}

static void who_may(void **state)
{
	static const struct {
		const char *name, *action, *role;
		enum kit_person who;
		bool second; /* the person's author key */
		int64_t later;
		bool want;
	} rows[] = {
		{"secrecy refers", "refer", "secrecy", KIT_SECRECY, false, 0, true},
		{"secrecy answers", "answer", "secrecy", KIT_SECRECY, false, 0, true},
		{"a role that is not held", "refer", "legal", KIT_SECRECY, false, 0, false},
		{"a liaison", "refer", "liaison", KIT_LIAISON, false, 0, false},
		{"the desk answers", "answer", "desk", KIT_DESK, false, 0, false},
		{"an author appeals", "appeal", "author", KIT_AUTHOR, false, 0, true},
		{"with the other key too", "appeal", "author", KIT_AUTHOR, true, 0, true},
		{"secrecy does not appeal", "appeal", "secrecy", KIT_SECRECY, false, 0, false},
		{"nobody but a director", "admit", "secrecy", KIT_SECRECY, false, 0, false},
		{"a role that is not held", "admit", "director", KIT_SECRECY, false, 0, false},
		{"from the future", "refer", "secrecy", KIT_SECRECY, false, -301, false},
		{"clocks may differ", "refer", "secrecy", KIT_SECRECY, false, -300, true},
		{"a service", "refer", "secrecy", KIT_INSPECTOR, false, 0, false},
	};
	struct roster *r = kit_roster();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct procedure_facts f = good(rows[i].action, rows[i].role);
		struct statement *s = say(rows[i].second ? kit_second_key(rows[i].who)
							 : kit_person_key(rows[i].who),
					  &f);
		const struct roster_person *p = procedure_signer(s, r, KIT_NOW + rows[i].later);

		if ((p != NULL) != rows[i].want ||
		    (p != NULL && strcmp(p->pid, kit_pid(rows[i].who)) != 0))
			fail_msg("%s (%zu)", rows[i].name, i);
		statement_free(s);
	}
	roster_free(r);
}

static void a_changed_byte(void **state)
{
	struct procedure_facts f = good("refer", "secrecy");
	struct statement *s = say(kit_person_key(KIT_SECRECY), &f);
	struct roster *r = kit_roster();

	(void)state;
	assert_non_null(procedure_signer(s, r, KIT_NOW));
	s->envelope.payload[s->envelope.payload_len - 2] ^= 1;
	assert_null(procedure_signer(s, r, KIT_NOW));
	statement_free(s);
	roster_free(r);
}

/* approval/v1 with exact edits: a return may have them, nothing else may. */
static void edits_of_a_return(void **state)
{
	static const struct {
		const char *name, *decision, *edits;
		int want;
	} rows[] = {
		{"good", "return",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"file:0\",\"to\":\"b\"}]", SL_OK},
		{"to nothing", "return",
		 "[{\"from\":\"a\",\"occurrence\":9999,\"part\":\"title\",\"to\":\"\"}]",
		 SL_OK},
		{"none", "return", "[]", SL_E_FORMAT},
		{"an approval", "approve",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"file:0\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"a refusal", "refuse",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"file:0\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"from nothing", "return",
		 "[{\"from\":\"\",\"occurrence\":1,\"part\":\"file:0\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"no change", "return",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"file:0\",\"to\":\"a\"}]",
		 SL_E_FORMAT},
		{"no such part", "return",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"text:0\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"a file without number", "return",
		 "[{\"from\":\"a\",\"occurrence\":1,\"part\":\"file:\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"the zeroth", "return",
		 "[{\"from\":\"a\",\"occurrence\":0,\"part\":\"title\",\"to\":\"b\"}]",
		 SL_E_FORMAT},
		{"one member more", "return",
		 "[{\"all\":1,\"from\":\"a\",\"occurrence\":1,\"part\":\"title\",\"to\":\"b\"}"
		 "]",
		 SL_E_FORMAT},
		{"no list", "return", "{}", SL_E_FORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *edits = NULL, *predicate;
		struct key *k = kit_person_key(KIT_DESK);
		struct statement *s = NULL;
		struct approval_facts got = {.edits = NULL}, f = {.decision = rows[i].decision,
								  .role = "desk",
								  .draft = "D-2026-000123",
								  .revision = 1,
								  .inspection_sha256 = subject,
								  .shown_sha256 = subject,
								  .policy_sha256 = subject,
								  .policy_version = 1,
								  .time = KIT_NOW,
								  .expires = KIT_NOW + 10};
		struct buf line;

		memcpy(f.nonce, "00112233445566778899aabbccddeeff", sizeof(f.nonce));
		assert_int_equal(json_parse(rows[i].edits, strlen(rows[i].edits), 4096, &edits),
				 SL_OK);
		f.edits = edits;
		predicate = approval_predicate(&f);
		buf_init(&line, DSSE_MAX);
		assert_int_equal(statement_sign(k, PRED_APPROVAL, subject, predicate, &line),
				 SL_OK);
		assert_int_equal(statement_parse(line.data, line.len, &s, NULL), SL_OK);
		if (approval_read(s, &got, NULL) != rows[i].want ||
		    (rows[i].want == SL_OK && json_array_size(got.edits) != 1))
			fail_msg("%s", rows[i].name);
		statement_free(s);
		buf_release(&line);
		json_decref(predicate);
		json_decref(edits);
		key_free(k);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_is_read),
		cmocka_unit_test(malformed),
		cmocka_unit_test(who_may),
		cmocka_unit_test(a_changed_byte),
		cmocka_unit_test(edits_of_a_return),
	};

	return crypto_start() != SL_OK ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
