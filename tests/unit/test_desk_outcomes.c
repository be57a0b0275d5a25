/* What else can become of a draft: codes, opinions asked outside, one appeal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "desk_people.h"
#include "policy/house.h"
#include "store/outcome.h"
#include "trust/procedure.h"

static struct desk_people p;
static unsigned tokens, votes_cast;

static int setup(void **state)
{
	(void)state;
	people_open(&p);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	people_close(&p);
	return 0;
}

static void in_review(char id[24])
{
	char token[32], body[64];

	(void)snprintf(token, sizeof(token), "o-%u", ++tokens);
	(void)snprintf(body, sizeof(body), "outcome %u", tokens);
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, token, body), id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
}

static int cast(enum who w, const char *id, const struct people_vote *v, struct sl_why *why)
{
	struct wire_reply rp;
	int r = people_cast(&p, w, id, v, &rp, why);

	wire_reply_release(&rp);
	return r;
}

static void approve(enum who w, const char *id, const char *role)
{
	struct people_vote v = {.decision = "approve",
				.role = role,
				.signer = w,
				.time_off = ++votes_cast /* no two the same */};
	struct sl_why why;

	people_read(&p, w, id);
	if (cast(w, id, &v, &why) != SL_OK)
		fail_msg("%s: %s", role, why.text);
}

static void refuse(enum who w, const char *id, const char *role)
{
	struct people_vote v = {.decision = "refuse",
				.role = role,
				.code = "security",
				.reason = "not now",
				.signer = w,
				.time_off = ++votes_cast};
	struct sl_why why;

	if (cast(w, id, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_REFUSED);
}

/* Sign a step about the newest revision as w does, and hand it in. */
static int step(enum who w, const char *op, const char *id, struct procedure_facts f,
		struct sl_why *why)
{
	struct wire_reply rp;
	json_t *predicate;
	struct draft d;
	struct buf line;
	int r;

	assert_int_equal(store_draft_get(p.f.store, id, 0, &d), SL_OK);
	f.draft = id;
	f.revision = f.revision == 0 ? d.revision : f.revision;
	f.time += clock_now();
	memcpy(f.nonce, "00112233445566778899aabbccddeeff", sizeof(f.nonce));
	predicate = procedure_predicate(&f);
	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(p.key[w], PRED_PROCEDURE, d.manifest, predicate, &line),
			 SL_OK);
	r = people_call(&p, w, op,
			json_pack("{s:s,s:s}", "draft", id, "envelope", buf_str(&line)), &rp,
			why);
	json_decref(predicate);
	buf_release(&line);
	draft_release(&d);
	wire_reply_release(&rp);
	return r;
}

static void must(int r, const struct sl_why *why)
{
	if (r != SL_OK)
		fail_msg("%s", why->text);
}

static void says(int r, int want, const struct sl_why *why, const char *text)
{
	if (r != want || strstr(why->text, text) == NULL)
		fail_msg("wanted %s \"%s\", got %s \"%s\"", sl_errname(want), text,
			 sl_errname(r), why->text);
}

static struct procedure_facts refer(const char *role)
{
	return (struct procedure_facts){.action = "refer",
					.role = role,
					.body = "市国家保密局",
					.text = "是否可以公开"};
}

static void codes_in_force(void **state)
{
	struct people_vote v = {.decision = "return",
				.role = "desk",
				.code = "security",
				.reason = "x",
				.signer = DESK};
	struct house *h = NULL;
	struct sl_why why = {.text = ""};
	char id[24];

	(void)state;
	must(house_load(SL_SOURCE_DIR "/policies", &h, &why), &why);
	p.review.house = h;
	in_review(id);
	/* A reason to refuse with is none to return with. */
	says(cast(DESK, id, &v, &why), SL_E_DENIED, &why, "personal-data, wording");
	v.code = "no-such";
	says(cast(DESK, id, &v, &why), SL_E_DENIED, &why, "\"no-such\"");
	v.decision = "refuse";
	says(cast(DESK, id, &v, &why), SL_E_DENIED, &why, "state-secret");
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_IN_REVIEW);
	v.decision = "return";
	v.code = "timeliness";
	must(cast(DESK, id, &v, &why), &why);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_RETURNED);
	p.review.house = NULL;
	house_free(h);
}

static void an_opinion_is_asked(void **state)
{
	struct procedure_facts answer = {
		.action = "answer", .role = "legal", .text = "可以公开"};
	struct sl_why why;
	struct referral open;
	json_t *j;
	char id[24];

	(void)state;
	in_review(id);
	approve(LIAISON, id, "liaison");
	must(step(SECRECY, "review.refer", id, refer("secrecy"), &why), &why);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_REFERRED);
	assert_int_equal(store_referral_open(p.f.store, id, &open), SL_OK);
	/* Everybody sees it, and whom it waits for. */
	j = people_ask(&p, DESK, "review.list", json_object());
	assert_string_equal(
		json_str(json_obj(json_array_get(json_arr(j, "drafts"), 0), "referral"),
			 "body"),
		"市国家保密局");
	json_decref(j);
	/* Nobody decides meanwhile, nobody asks twice. */
	says(cast(LEADER, id,
		  &(struct people_vote){
			  .decision = "approve", .role = "unit-leader", .signer = LEADER},
		  &why),
	     SL_E_STATE, &why, "REFERRED");
	says(step(LEGAL, "review.refer", id, refer("legal"), &why), SL_E_STATE, &why,
	     "REFERRED");
	answer.answers = open.answer[0] != '\0' ? open.answer : p.policy_sha256;
	says(step(LEGAL, "review.answer", id, answer, &why), SL_E_CONFLICT, &why,
	     "another question");
	answer.answers = open.envelope;
	answer.scan_name = "复函.pdf";
	answer.scan_sha256 = p.policy_sha256;
	must(step(LEGAL, "review.answer", id, answer, &why), &why);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_IN_REVIEW);
	says(step(LEGAL, "review.answer", id, answer, &why), SL_E_NOTFOUND, &why, "waited");
	j = people_ask(&p, DESK, "review.show", json_pack("{s:s}", "draft", id));
	assert_string_equal(json_str(json_array_get(json_arr(j, "referrals"), 0), "opinion"),
			    "可以公开");
	assert_string_equal(
		json_str(json_obj(json_array_get(json_arr(j, "referrals"), 0), "scan"), "name"),
		"复函.pdf");
	json_decref(j);
	/* Nothing changed, so what the liaison signed still counts. */
	approve(LEADER, id, "unit-leader");
	approve(DESK, id, "desk");
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_APPROVED);
}

static void who_may_not_refer(void **state)
{
	struct procedure_facts late = refer("secrecy"), old = refer("secrecy");
	struct sl_why why;
	char id[24];

	(void)state;
	in_review(id);
	says(step(DESK, "review.refer", id, refer("desk"), &why), SL_E_DENIED, &why, "may not");
	says(step(SECRECY, "review.refer", id, refer("legal"), &why), SL_E_DENIED, &why,
	     "may not");
	says(step(AUTHOR, "review.refer", id, refer("secrecy"), &why), SL_E_DENIED, &why,
	     "may not");
	late.time = -1000;
	says(step(SECRECY, "review.refer", id, late, &why), SL_E_EXPIRED, &why, "not now");
	old.revision = 7;
	says(step(SECRECY, "review.refer", id, old, &why), SL_E_CONFLICT, &why,
	     "another revision");
	says(step(SECRECY, "review.answer", id, refer("secrecy"), &why), SL_E_FORMAT, &why,
	     "something else");
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_IN_REVIEW);
}

/* The envelope of the newest refusal, as the author sees it. */
static void refusal_of(const char *id, char out[65])
{
	json_t *j = people_ask(&p, AUTHOR, "draft.show", json_pack("{s:s}", "draft", id));
	const json_t *votes = json_arr(j, "votes");

	(void)snprintf(
		out, 65, "%s",
		json_str(json_array_get(votes, json_array_size(votes) - 1), "envelope_sha256"));
	json_decref(j);
}

static void appeal(const char *id, struct appeal *ret_a)
{
	char refusal[65];
	struct sl_why why;

	refusal_of(id, refusal);
	must(step(AUTHOR, "draft.appeal", id,
		  (struct procedure_facts){.action = "appeal",
					   .role = "author",
					   .text = "已经公开过",
					   .answers = refusal},
		  &why),
	     &why);
	assert_int_equal(store_appeal_get(p.f.store, id, ret_a), SL_OK);
}

static int decide(enum who w, const char *id, const char *action, const char *answers,
		  struct sl_why *why)
{
	return step(w, "appeal.decide", id,
		    (struct procedure_facts){.action = action,
					     .role = "director",
					     .text = "经研究",
					     .answers = answers},
		    why);
}

static void an_appeal_is_upheld(void **state)
{
	struct procedure_facts again = {.action = "appeal", .role = "author", .text = "再说"};
	char id[24], refusal[65];
	struct sl_why why;
	struct appeal a;
	json_t *j;

	(void)state;
	in_review(id);
	again.answers = p.policy_sha256;
	says(step(AUTHOR, "draft.appeal", id, again, &why), SL_E_STATE, &why, "only a refusal");
	refuse(SECRECY, id, "secrecy");
	says(step(AUTHOR, "draft.appeal", id, again, &why), SL_E_DENIED, &why,
	     "another decision");
	says(step(WRITER, "draft.appeal", id, again, &why), SL_E_NOTFOUND, &why, "no draft");
	appeal(id, &a);
	refusal_of(id, refusal);
	again.answers = refusal;
	says(step(AUTHOR, "draft.appeal", id, again, &why), SL_E_EXISTS, &why, "before");
	/* Silence changes nothing; only a director is told and decides. */
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_REFUSED);
	j = people_ask(&p, DIRECTOR, "review.list", json_object());
	assert_int_equal(json_array_size(json_arr(j, "appeals")), 1);
	json_decref(j);
	j = people_ask(&p, DESK, "review.list", json_object());
	assert_null(json_arr(j, "appeals"));
	json_decref(j);
	says(decide(SECRECY, id, "uphold", a.envelope, &why), SL_E_DENIED, &why, "may not");
	says(decide(DIRECTOR, id, "uphold", p.policy_sha256, &why), SL_E_CONFLICT, &why,
	     "another appeal");
	must(decide(DIRECTOR, id, "uphold", a.envelope, &why), &why);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_REFUSED);
	says(decide(CHIEF, id, "admit", a.envelope, &why), SL_E_CONFLICT, &why, "open");
	says(step(AUTHOR, "draft.appeal", id, again, &why), SL_E_EXISTS, &why, "before");
}

static void an_appeal_is_admitted(void **state)
{
	char id[24], refusal[65];
	struct sl_why why;
	struct appeal a;
	json_t *j;

	(void)state;
	in_review(id);
	approve(LIAISON, id, "liaison");
	approve(LEADER, id, "unit-leader");
	refuse(SECRECY, id, "secrecy");
	appeal(id, &a);
	must(decide(DIRECTOR, id, "admit", a.envelope, &why), &why);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_SUBMITTED);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
	/* Neither the refusal nor what was approved before counts any more. */
	j = people_ask(&p, DESK, "review.show", json_pack("{s:s}", "draft", id));
	assert_int_equal(json_array_size(json_arr(json_obj(j, "draft"), "missing")), 3);
	assert_int_equal(json_array_size(json_arr(j, "votes")), 3);
	assert_true(json_is_true(
		json_object_get(json_array_get(json_arr(j, "votes"), 2), "overruled")));
	assert_string_equal(json_str(json_obj(j, "appeal"), "outcome"), "admitted");
	json_decref(j);
	approve(LIAISON, id, "liaison");
	approve(LEADER, id, "unit-leader");
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_IN_REVIEW);
	/* And a new refusal is final: there is no second appeal. */
	refuse(SECRECY, id, "secrecy");
	refusal_of(id, refusal);
	says(step(AUTHOR, "draft.appeal", id,
		  (struct procedure_facts){.action = "appeal",
					   .role = "author",
					   .text = "再说",
					   .answers = refusal},
		  &why),
	     SL_E_EXISTS, &why, "before");
	says(decide(DIRECTOR, id, "admit", a.envelope, &why), SL_E_CONFLICT, &why, "open");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(codes_in_force, setup, teardown),
		cmocka_unit_test_setup_teardown(an_opinion_is_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(who_may_not_refer, setup, teardown),
		cmocka_unit_test_setup_teardown(an_appeal_is_upheld, setup, teardown),
		cmocka_unit_test_setup_teardown(an_appeal_is_admitted, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
