/* test_desk_spill.c - spills are handled by two secrecy officers: every refusal of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "desk_people.h"
#include "store/spill_order.h"
#include "trust/spill_order.h"

int64_t __real_clock_now(void);
int64_t __wrap_clock_now(void);
static int64_t ahead; /* seconds by which the desk's clock goes on */

int64_t __wrap_clock_now(void)
{
	return __real_clock_now() + ahead;
}

static struct desk_people p;
static char id[24];

static int setup(void **state)
{
	struct spill row = {.revision = 1, .rule = "SM-001"};
	struct draft_change c = {.actor = "inspector", .verdict = "spill"};

	(void)state;
	people_open(&p);
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "t-1", "body"), id);
	memcpy(row.draft, id, sizeof(row.draft));
	memset(row.sha256, 'a', 64);
	assert_int_equal(
		store_move(p.f.store, id, 1, DRAFT_SUBMITTED, DRAFT_INSPECTING, &c, NULL),
		SL_OK);
	assert_int_equal(store_spill_add(p.f.store, &row), SL_OK);
	assert_int_equal(store_move(p.f.store, id, 1, DRAFT_INSPECTING, DRAFT_SPILL, &c, NULL),
			 SL_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	people_close(&p);
	return 0;
}

struct say {
	enum who signer, caller;
	const char *action, *first; /* first: envelope it answers, NULL */
	int64_t number, age, life;
	const char *op;
};

/* Sign and hand in; the row (json_decref it) or NULL and the refusal in *ret_r. */
static json_t *say(const struct say *w, int *ret_r, struct sl_why *why)
{
	struct spill_order_facts f = {.action = w->action,
				      .draft = id,
				      .reason = "why",
				      .first = w->first != NULL ? w->first : "",
				      .revision = 1,
				      .time = clock_now() - w->age};
	struct wire_reply reply = {0};
	json_t *predicate, *row = NULL;
	char subject[65];
	struct buf line;

	f.expires = f.time + (w->life != 0 ? w->life : SPILL_ORDER_SECONDS);
	spill_order_subject(id, 1, subject);
	predicate = spill_order_predicate(&f);
	buf_init(&line, DSSE_MAX);
	assert_int_equal(
		statement_sign(p.key[w->signer], PRED_SPILL, subject, predicate, &line), SL_OK);
	*ret_r = people_call(&p, w->caller, w->op,
			     json_pack("{s:s,s:I}", "envelope", buf_str(&line), "number",
				       (json_int_t)w->number),
			     &reply, why);
	if (*ret_r == SL_OK)
		row = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(predicate);
	buf_release(&line);
	return row;
}

static void refused(const struct say *w, int want, const char *says)
{
	struct sl_why why = {""};
	int r = SL_OK;

	assert_null(say(w, &r, &why));
	assert_int_equal(r, want);
	if (strstr(why.text, says) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", says, why.text);
}

static json_t *granted(const struct say *w)
{
	struct sl_why why = {""};
	int r = SL_OK;
	json_t *row = say(w, &r, &why);

	if (r != SL_OK)
		fail_msg("%s", why.text);
	return row;
}

static void get_refused(enum who w, int64_t number, const char *says)
{
	struct wire_reply reply = {0};
	struct sl_why why = {""};

	assert_int_equal(people_call(&p, w, "spill.get",
				     json_pack("{s:I,s:i,s:i}", "number", (json_int_t)number,
					       "file", 0, "offset", 0),
				     &reply, &why),
			 SL_E_DENIED);
	if (strstr(why.text, says) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", says, why.text);
	wire_reply_release(&reply);
}

static void two_officers_and_nobody_else(void **state)
{
	struct say w = {.signer = DESK, .caller = DESK, .action = "open", .op = "spill.order"};
	char first[65];
	json_t *row;

	(void)state;
	refused(&w, SL_E_DENIED, "only secrecy officers");
	w.caller = SECRECY; /* with somebody else's signature */
	refused(&w, SL_E_DENIED, "your reviewer key");
	w.signer = SECRECY;
	w.age = 3600;
	refused(&w, SL_E_EXPIRED, "not now");
	w.age = 0;
	w.life = SPILL_ORDER_SECONDS + 1;
	refused(&w, SL_E_DENIED, "a day at most");
	w.life = 0;
	row = granted(&w);
	memcpy(first, json_str(row, "first_sha256"), sizeof(first));
	json_decref(row);
	refused(&w, SL_E_CONFLICT, "another officer");
	get_refused(SECRECY, 1, "second officer");
	get_refused(DESK, 1, "only secrecy officers");

	w = (struct say){.signer = SECRECY,
			 .caller = SECRECY,
			 .action = "open",
			 .number = 1,
			 .first = first,
			 .op = "spill.confirm"};
	refused(&w, SL_E_DENIED, "two different");
	w.signer = w.caller = SECOND;
	w.action = "close"; /* another thing than was asked for */
	refused(&w, SL_E_DENIED, "did not sign that request");
	w.action = "open";
	w.first = NULL;
	refused(&w, SL_E_DENIED, "did not sign that request");
	w.first = first;
	json_decref(granted(&w));
	refused(&w, SL_E_CONFLICT, "confirmed already");
	get_refused(DESK, 1, "only secrecy officers");
}

/* What was asked for more than a day ago cannot be confirmed. */
static void a_request_ends(void **state)
{
	struct spill_order_facts f = {.action = "open",
				      .draft = id,
				      .reason = "why",
				      .first = "",
				      .revision = 1,
				      .time = clock_now() - 100,
				      .expires = clock_now() - 1};
	struct statement *first = NULL, *second = NULL;
	json_t *j = spill_order_predicate(&f);
	struct sl_why why = {""};
	char subject[65];
	struct buf line;

	(void)state;
	spill_order_subject(id, 1, subject);
	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(p.key[SECRECY], PRED_SPILL, subject, j, &line), SL_OK);
	assert_int_equal(statement_parse(line.data, line.len, &first, NULL), SL_OK);
	json_decref(j);
	buf_clear(&line);
	f.first = first->sha256;
	f.time = clock_now();
	f.expires = f.time + 60;
	j = spill_order_predicate(&f);
	assert_int_equal(statement_sign(p.key[SECOND], PRED_SPILL, subject, j, &line), SL_OK);
	assert_int_equal(statement_parse(line.data, line.len, &second, NULL), SL_OK);
	assert_int_equal(spill_order_judge(first, second, p.roster, clock_now() - 50, &why),
			 SL_OK);
	assert_int_equal(spill_order_judge(first, second, p.roster, clock_now(), &why),
			 SL_E_EXPIRED);
	json_decref(j);
	statement_free(first);
	statement_free(second);
	buf_release(&line);
}

/* share NULL: take what the second officer left. */
static void share_refused(enum who w, int64_t number, const char *share, int want,
			  const char *says)
{
	json_t *args = json_pack("{s:I,s:s*}", "number", (json_int_t)number, "share", share);
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	int r = people_call(&p, w, "spill.share", args, &reply, &why);

	if (r != want || strstr(why.text, says) == NULL)
		fail_msg("expected %s \"%s\", got %s \"%s\"", sl_errname(want), says,
			 sl_errname(r), why.text);
	wire_reply_release(&reply);
}

/* Both officers say the same; the number of the order. */
static int64_t agreed(const char *action, int64_t life)
{
	struct say w = {.signer = SECRECY,
			.caller = SECRECY,
			.action = action,
			.life = life,
			.op = "spill.order"};
	json_t *row = granted(&w);
	char first[65];

	memcpy(first, json_str(row, "first_sha256"), sizeof(first));
	assert_true(json_i64(row, "number", &w.number));
	json_decref(row);
	w.signer = w.caller = SECOND;
	w.first = first;
	w.op = "spill.confirm";
	json_decref(granted(&w));
	return w.number;
}

static void a_share_goes_from_the_second_to_the_first(void **state)
{
	struct say w = {
		.signer = SECRECY, .caller = SECRECY, .action = "open", .op = "spill.order"};
	static char big[(256 << 10) + 2];
	int64_t n;
	json_t *j;

	(void)state;
	share_refused(SECRECY, 1, NULL, SL_E_NOTFOUND, "no request 1");
	json_decref(granted(&w));
	share_refused(SECRECY, 1, NULL, SL_E_DENIED, "has not confirmed");
	share_refused(SECOND, 1, "ab", SL_E_DENIED, "has not confirmed");
	people_close(&p);
	(void)setup(NULL);

	n = agreed("open", 0);
	share_refused(DESK, n, "ab", SL_E_DENIED, "only secrecy officers");
	share_refused(THIRD, n, "ab", SL_E_DENIED, "not one of the two");
	share_refused(THIRD, n, NULL, SL_E_DENIED, "not one of the two");
	get_refused(THIRD, n, "not one of the two");
	/* Neither leaves it for oneself, nor takes what is not for one. */
	share_refused(SECRECY, n, "ab", SL_E_DENIED, "leaves it for the first");
	share_refused(SECOND, n, NULL, SL_E_DENIED, "leaves it for the first");
	share_refused(SECRECY, n, NULL, SL_E_NOTFOUND, "left nothing yet");
	memset(big, 'a', sizeof(big) - 1);
	share_refused(SECOND, n, big, SL_E_LIMIT, "");
	share_refused(SECRECY, n, NULL, SL_E_NOTFOUND, "left nothing yet");
	j = people_ask(&p, SECOND, "spill.share",
		       json_pack("{s:I,s:s}", "number", (json_int_t)n, "share", "abcd"));
	assert_true(json_is_true(json_object_get(j, "share"))); /* that it is there, not what */
	json_decref(j);
	share_refused(THIRD, n, NULL, SL_E_DENIED, "not one of the two");
	j = people_ask(&p, SECRECY, "spill.share", json_pack("{s:I}", "number", (json_int_t)n));
	assert_string_equal(json_str(j, "share"), "abcd");
	json_decref(j);
}

/* An hour is over: neither file nor share leaves any more. */
static void what_was_agreed_ends(void **state)
{
	int64_t n;

	(void)state;
	n = agreed("open", 3600);
	ahead = 3601;
	share_refused(SECOND, n, "ab", SL_E_EXPIRED, "ask again");
	share_refused(SECRECY, n, NULL, SL_E_EXPIRED, "ask again");
	ahead = 0;
}

static void closing_needs_two_and_opens_nothing(void **state)
{
	struct say w = {.signer = DESK, .caller = DESK, .action = "close", .op = "spill.order"};
	char first[65];
	json_t *row;

	(void)state;
	refused(&w, SL_E_DENIED, "only secrecy officers");
	w.signer = w.caller = SECRECY;
	row = granted(&w);
	assert_string_equal(json_str(row, "state"), "requested");
	memcpy(first, json_str(row, "first_sha256"), sizeof(first));
	json_decref(row);
	refused(&w, SL_E_CONFLICT, "another officer");
	w.signer = w.caller = THIRD; /* a second request is no confirmation */
	refused(&w, SL_E_CONFLICT, "another officer");

	w = (struct say){.signer = SECRECY,
			 .caller = SECRECY,
			 .action = "close",
			 .number = 1,
			 .first = first,
			 .op = "spill.confirm"};
	refused(&w, SL_E_DENIED, "two different");
	w.signer = DESK;
	w.caller = SECOND;
	refused(&w, SL_E_DENIED, "your reviewer key");
	w.signer = w.caller = SECOND;
	w.action = "open";
	refused(&w, SL_E_DENIED, "did not sign that request");
	w.action = "close";
	w.number = 9;
	refused(&w, SL_E_NOTFOUND, "no request 9");
	w.number = 1;
	row = granted(&w);
	assert_string_equal(json_str(row, "state"), "done");
	json_decref(row);
	w.signer = w.caller = THIRD;
	refused(&w, SL_E_CONFLICT, "confirmed already");
	/* Whoever agreed to close it has not agreed to open it. */
	share_refused(SECOND, 1, "ab", SL_E_DENIED, "has not confirmed");
	share_refused(SECRECY, 1, NULL, SL_E_DENIED, "has not confirmed");
	get_refused(SECRECY, 1, "second officer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_officers_and_nobody_else, setup, teardown),
		cmocka_unit_test_setup_teardown(a_request_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(a_share_goes_from_the_second_to_the_first,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_agreed_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(closing_needs_two_and_opens_nothing, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
