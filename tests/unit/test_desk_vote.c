/* Votes: what counts, what is refused and why, and what a complete set does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "desk_people.h"

static struct desk_people p;
static unsigned tokens;

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

/* A draft of `w` in review with these findings. */
static void in_review(enum who w, const char *findings, char id[24])
{
	char token[32], body[64];

	(void)snprintf(token, sizeof(token), "t-%u", ++tokens);
	(void)snprintf(body, sizeof(body), "body %u", tokens);
	people_submit(&p, w, people_prepare_args(&p, w, token, body), id);
	people_inspect(&p, id, findings, DRAFT_IN_REVIEW);
}

static void cast(enum who w, const char *id, const char *role, unsigned want_missing,
		 enum draft_state want)
{
	struct people_vote v = {.decision = "approve", .role = role, .signer = w};
	struct wire_reply rp;
	struct sl_why why;

	people_read(&p, w, id);
	if (people_cast(&p, w, id, &v, &rp, &why) != SL_OK)
		fail_msg("%s: %s", role, why.text);
	assert_int_equal(json_array_size(json_arr(rp.result, "missing")), want_missing);
	assert_string_equal(json_str(rp.result, "state"), draft_state_name(want));
	assert_string_equal(json_str(rp.result, "role"), role);
	wire_reply_release(&rp);
	assert_int_equal(fixture_state(&p.f, id, 0), want);
}

static int refuse(enum who w, const char *id, const struct people_vote *v, const char *says)
{
	struct wire_reply rp;
	struct sl_why why;
	int r = people_cast(&p, w, id, v, &rp, &why);

	wire_reply_release(&rp);
	if (says != NULL && strstr(why.text, says) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", says, why.text);
	return r;
}

static void three_people_approve(void **state)
{
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	cast(LEADER, id, "unit-leader", 1, DRAFT_IN_REVIEW);
	cast(DESK, id, "desk", 0, DRAFT_APPROVED);
}

/* Each role in its turn, and the status says whose that is. */
static void not_before_its_turn(void **state)
{
	struct people_vote v = {.decision = "approve", .role = "desk", .signer = DESK};
	const json_t *one, *steps;
	json_t *status;
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	people_read(&p, DESK, id);
	assert_int_equal(refuse(DESK, id, &v, "turn of liaison"), SL_E_DENIED);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	assert_int_equal(refuse(DESK, id, &v, "turn of unit-leader"), SL_E_DENIED);
	status = people_ask(&p, AUTHOR, "draft.show", json_pack("{s:s}", "draft", id));
	one = status;
	steps = json_arr(one, "steps");
	assert_string_equal(json_str(one, "turn"), "unit-leader");
	assert_int_equal(json_array_size(steps), 3);
	assert_string_equal(json_str(json_array_get(steps, 0), "state"), "done");
	assert_string_equal(
		json_str(json_array_get(json_arr(json_array_get(steps, 0), "given"), 0), "pid"),
		people_pid(LIAISON));
	assert_string_equal(json_str(json_array_get(steps, 1), "state"), "open");
	assert_string_equal(json_str(json_array_get(steps, 2), "state"), "waiting");
	assert_int_equal(json_array_size(json_arr(one, "modifiers")), 0);
	json_decref(status);
}

static void one_person_counts_once(void **state)
{
	struct people_vote v = {
		.decision = "approve", .role = "unit-leader", .signer = LIAISON};
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	assert_int_equal(refuse(LIAISON, id, &v, "one person counts once"), SL_E_DENIED);
	v.role = "liaison";
	assert_int_equal(refuse(LIAISON, id, &v, "already"), SL_E_DENIED);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_IN_REVIEW);
}

static void what_does_not_count(void **state)
{
	static const char other[] =
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const struct {
		const char *name;
		enum who caller;
		struct people_vote v;
		int want;
		const char *says;
	} rows[] = {
		{"role not held",
		 DESK,
		 {.role = "liaison", .signer = DESK},
		 SL_E_DENIED,
		 "do not hold"},
		{"role not asked for",
		 OPERATOR,
		 {.role = "operator", .signer = DESK, .shown = other},
		 SL_E_DENIED,
		 "no reviewing role"},
		{"somebody else's signature",
		 DESK,
		 {.role = "desk", .signer = WRITER},
		 SL_E_DENIED,
		 "your reviewer key"},
		{"an author's key",
		 DESK,
		 {.role = "desk", .signer = AUTHOR},
		 SL_E_DENIED,
		 "your reviewer key"},
		{"another draft",
		 DESK,
		 {.role = "desk", .signer = DESK, .draft = "D-2026-999999"},
		 SL_E_DENIED,
		 "another draft"},
		{"another revision",
		 DESK,
		 {.role = "desk", .signer = DESK, .revision_off = 1},
		 SL_E_DENIED,
		 "another draft or revision"},
		{"another report",
		 DESK,
		 {.role = "desk", .signer = DESK, .inspection = other},
		 SL_E_DENIED,
		 "inspection report"},
		{"another manifest",
		 DESK,
		 {.role = "desk", .signer = DESK, .subject = other},
		 SL_E_DENIED,
		 "another manifest"},
		{"another policy",
		 DESK,
		 {.role = "desk", .signer = DESK, .policy = other},
		 SL_E_DENIED,
		 "approval policy"},
		{"another policy version",
		 DESK,
		 {.role = "desk", .signer = DESK, .version_off = 1},
		 SL_E_DENIED,
		 "approval policy"},
		{"something else was shown",
		 DESK,
		 {.role = "desk", .signer = DESK, .shown = other},
		 SL_E_DENIED,
		 "delivered"},
		{"too old",
		 DESK,
		 {.role = "desk", .signer = DESK, .time_off = -1000},
		 SL_E_EXPIRED,
		 "not now"},
		{"too young",
		 DESK,
		 {.role = "desk", .signer = DESK, .time_off = 1000},
		 SL_E_EXPIRED,
		 "not now"},
		{"valid too long",
		 DESK,
		 {.role = "desk", .signer = DESK, .ttl_off = 1},
		 SL_E_DENIED,
		 "longer"},
	};
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	cast(LEADER, id, "unit-leader", 1, DRAFT_IN_REVIEW);
	people_read(&p, DESK, id);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct people_vote v = rows[i].v;
		int r;

		v.decision = "approve";
		r = refuse(rows[i].caller, id, &v, rows[i].says);
		if (r != rows[i].want)
			fail_msg("%s: %s", rows[i].name, sl_errname(r));
	}
	/* After all that the honest one still counts. */
	cast(DESK, id, "desk", 0, DRAFT_APPROVED);
}

static void unread_is_refused(void **state)
{
	struct people_vote v = {.decision = "approve", .role = "desk", .signer = DESK};
	struct wire_reply rp;
	struct sl_why why;
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	cast(LEADER, id, "unit-leader", 1, DRAFT_IN_REVIEW);
	/* people_cast opens review.show, which delivers manifest and report but no file. */
	assert_int_equal(people_cast(&p, DESK, id, &v, &rp, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "通告.txt"));
	wire_reply_release(&rp);
	/* The last byte alone is not reading. */
	json_decref(people_ask(
		&p, DESK, "review.get",
		json_pack("{s:s,s:s,s:i}", "draft", id, "part", "text:0", "offset", 9)));
	assert_int_equal(refuse(DESK, id, &v, "not yet shown"), SL_E_DENIED);
	/* The bytes of the file do as well as its text. */
	json_decref(people_ask(
		&p, DESK, "review.get",
		json_pack("{s:s,s:s,s:i}", "draft", id, "part", "file:0", "offset", 0)));
	assert_int_equal(people_cast(&p, DESK, id, &v, &rp, &why), SL_OK);
	wire_reply_release(&rp);
}

static void author_cannot_decide(void **state)
{
	struct people_vote v = {.decision = "approve", .role = "desk", .signer = WRITER};
	char id[24];

	(void)state;
	in_review(WRITER, "[]", id);
	people_read(&p, WRITER, id);
	assert_int_equal(refuse(WRITER, id, &v, "yourself"), SL_E_DENIED);
	v.decision = "refuse";
	v.code = "x";
	v.reason = "y";
	assert_int_equal(refuse(WRITER, id, &v, "yourself"), SL_E_DENIED);
}

static void warnings_need_reasons(void **state)
{
	struct people_vote v = {.decision = "approve", .role = "liaison", .signer = LIAISON};
	struct wire_reply rp;
	struct sl_why why;
	char id[24];

	(void)state;
	in_review(AUTHOR,
		  "[{\"rule\":\"PI-003\",\"severity\":\"S3\"},{\"rule\":\"PI-003\","
		  "\"severity\":\"S3\"},"
		  "{\"rule\":\"FM-001\",\"severity\":\"S4\"}]",
		  id);
	people_read(&p, LIAISON, id);
	assert_int_equal(refuse(LIAISON, id, &v, "need a reason"), SL_E_DENIED);
	v.ack = "PI-004";
	assert_int_equal(refuse(LIAISON, id, &v, "PI-003"), SL_E_DENIED);
	v.ack = "PI-003";
	assert_int_equal(people_cast(&p, LIAISON, id, &v, &rp, &why), SL_OK);
	wire_reply_release(&rp);
	/* S1 is beyond any reason. */
	in_review(AUTHOR, "[{\"rule\":\"PI-001\",\"severity\":\"S1\"}]", id);
	people_read(&p, LIAISON, id);
	v.ack = "PI-001";
	assert_int_equal(refuse(LIAISON, id, &v, "by anyone"), SL_E_DENIED);
}

static void objections(void **state)
{
	static const struct {
		const char *name;
		enum who who;
		struct people_vote v;
		enum draft_state from;
		int want;
		enum draft_state state;
	} rows[] = {
		{"return without a sentence",
		 DESK,
		 {.decision = "return", .role = "desk", .code = "format"},
		 DRAFT_IN_REVIEW,
		 SL_E_DENIED,
		 DRAFT_IN_REVIEW},
		{"return without a code",
		 DESK,
		 {.decision = "return", .role = "desk", .reason = "why"},
		 DRAFT_IN_REVIEW,
		 SL_E_DENIED,
		 DRAFT_IN_REVIEW},
		{"return",
		 DESK,
		 {.decision = "return", .role = "desk", .code = "format", .reason = "no date"},
		 DRAFT_IN_REVIEW,
		 SL_OK,
		 DRAFT_RETURNED},
		{"return of a held one",
		 DESK,
		 {.decision = "return",
		  .role = "desk",
		  .code = "attachment",
		  .reason = "cannot be read"},
		 DRAFT_HELD,
		 SL_OK,
		 DRAFT_RETURNED},
		{"refuse by a required role",
		 LEADER,
		 {.decision = "refuse",
		  .role = "unit-leader",
		  .code = "secret",
		  .reason = "not ours"},
		 DRAFT_IN_REVIEW,
		 SL_OK,
		 DRAFT_REFUSED},
		{"veto",
		 SECRECY,
		 {.decision = "reject",
		  .role = "secrecy",
		  .code = "secret",
		  .reason = "aggregation"},
		 DRAFT_IN_REVIEW,
		 SL_OK,
		 DRAFT_REFUSED},
		{"approve a held one",
		 DESK,
		 {.decision = "approve", .role = "desk"},
		 DRAFT_HELD,
		 SL_E_STATE,
		 DRAFT_HELD},
		{"return a blocked one",
		 DESK,
		 {.decision = "return", .role = "desk", .code = "x", .reason = "y"},
		 DRAFT_BLOCKED,
		 SL_E_STATE,
		 DRAFT_BLOCKED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct people_vote v = rows[i].v;
		char id[24], token[32];
		int r;

		(void)snprintf(token, sizeof(token), "o-%zu", i);
		people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, token, token), id);
		people_inspect(&p, id, "[]", rows[i].from);
		people_read(&p, rows[i].who, id);
		v.signer = rows[i].who;
		r = refuse(rows[i].who, id, &v, NULL);
		if (r != rows[i].want || fixture_state(&p.f, id, 0) != rows[i].state)
			fail_msg("%s: %s %s", rows[i].name, sl_errname(r),
				 draft_state_name(fixture_state(&p.f, id, 0)));
	}
}

static void returned_says_why(void **state)
{
	struct people_vote v = {.decision = "return",
				.role = "desk",
				.signer = DESK,
				.code = "mask",
				.reason = "第3页手机号未遮蔽"};
	json_t *status;
	char id[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	assert_int_equal(refuse(DESK, id, &v, NULL), SL_OK);
	status = people_ask(&p, AUTHOR, "draft.show", json_pack("{s:s}", "draft", id));
	assert_string_equal(json_str(status, "state"), "RETURNED");
	assert_string_equal(json_str(status, "reason"), "mask: 第3页手机号未遮蔽");
	assert_int_equal(json_array_size(json_arr(status, "votes")), 1);
	json_decref(status);
}

static void new_revision_voids_votes(void **state)
{
	struct people_vote v = {.decision = "approve", .role = "unit-leader", .signer = LEADER};
	json_t *args, *status;
	char id[24], again[24];

	(void)state;
	in_review(AUTHOR, "[]", id);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
	args = people_prepare_args(&p, AUTHOR, "revised", "another body");
	(void)json_object_set_new(args, "revise", json_string(id));
	people_submit(&p, AUTHOR, args, again);
	assert_string_equal(again, id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
	status = people_ask(&p, AUTHOR, "draft.status", json_pack("{s:s}", "draft", id));
	assert_int_equal(json_array_size(json_arr(json_array_get(json_arr(status, "drafts"), 0),
						  "missing")),
			 3);
	json_decref(status);
	/* What was shown of revision 1 is not what is shown of revision 2. */
	assert_int_equal(refuse(LEADER, id, &v, "not yet shown"), SL_E_DENIED);
	cast(LIAISON, id, "liaison", 2, DRAFT_IN_REVIEW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_people_approve),
		cmocka_unit_test(not_before_its_turn),
		cmocka_unit_test(one_person_counts_once),
		cmocka_unit_test(what_does_not_count),
		cmocka_unit_test(unread_is_refused),
		cmocka_unit_test(author_cannot_decide),
		cmocka_unit_test(warnings_need_reasons),
		cmocka_unit_test(objections),
		cmocka_unit_test(returned_says_why),
		cmocka_unit_test(new_revision_voids_votes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
