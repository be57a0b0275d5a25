/* test_desk_clocks.c - clocks of a draft start, pause, resume and end with its moves, whoever
 * makes them; the desk counts; people see what runs and who holds it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk_people.h"
#include "store/clockwork.h"
#include "store/recheck.h"

#define RULE(id, unit, length, start, end, more)                                               \
	"  - id: " id "\n    name: {en: " id ", zh: 某}\n    basis: b\n    unit: " unit        \
	"\n    length: " length "\n    start: " start "\n    end: " end "\n" more

static const char rules[] =
	"clocks:\n" RULE("limit", "working-day", "20", "formed", "[RELEASED]", "")
		RULE("target", "working-day", "3", "submitted", "[RELEASED]",
		     "    routes: [A]\n    pause: [RETURNED, REFERRED]\n    extend_to: 9\n")
			RULE("target-c", "working-day", "5", "submitted", "[RELEASED]",
			     "    routes: [C]\n    pause: [RETURNED]\n")
				RULE("answer", "day", "60", "received", "[RELEASED]",
				     "    pause: [third-party]\n") RULE("freeze", "hour", "2",
									"frozen", "[SENT]", "")
					RULE("spill", "hour", "24", "spilled", "[reported]", "")
						RULE("hit", "minute", "15", "found",
						     "[FROZEN, settled]", "");

static struct desk_people p;
static struct clocks *k;
static unsigned tokens;

static int setup(void **state)
{
	struct sl_why why = {.text = ""};
	char path[128];

	(void)state;
	people_open(&p);
	(void)snprintf(path, sizeof(path), "%s/clocks.yaml", p.policies);
	assert_int_equal(file_write_durable(AT_FDCWD, path, rules, strlen(rules), 0600), SL_OK);
	if (clocks_load(p.policies, &k, &why) != SL_OK)
		fail_msg("%s", why.text);
	p.intake.clocks = p.review.clocks = k;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	clocks_free(k);
	people_close(&p);
	return 0;
}

static void get(const char *id, struct draft *d)
{
	assert_int_equal(store_draft_get(p.f.store, id, 0, d), SL_OK);
	draft_release(d);
}

static struct store_clock clock_of(const char *id, const char *kind)
{
	struct store_clock c[STORE_CLOCKS_MAX];
	unsigned n = 0;
	struct draft d;

	get(id, &d);
	assert_int_equal(store_clocks_get(p.f.store, d.number, c, &n), SL_OK);
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(c[i].kind, kind) == 0)
			return c[i];
	}
	fail_msg("%s has no clock %s", id, kind);
	return c[0];
}

static json_t *prepare(json_t *internal, const char *created_on)
{
	char token[32], body[64];
	json_t *args;

	(void)snprintf(token, sizeof(token), "t-%u", ++tokens);
	(void)snprintf(body, sizeof(body), "body %u", tokens);
	args = people_prepare_args(&p, AUTHOR, token, body);
	if (internal != NULL)
		(void)json_object_set_new(args, "internal", internal);
	if (created_on != NULL)
		(void)json_object_set_new(json_object_get(args, "meta"), "created_on",
					  json_string(created_on));
	return args;
}

static void in_review(char id[24])
{
	people_submit(&p, AUTHOR, prepare(NULL, NULL), id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
}

/* As the process that makes such a move does, with its rights. */
static void move_as(enum store_access who, const char *id, enum draft_state to,
		    const char *reason)
{
	struct draft_change c = {
		.actor = "test", .reason = reason, .serial = to == DRAFT_RELEASED ? 7 : 0};
	struct sl_why why = {.text = ""};
	struct store *s = NULL;
	struct draft d;

	get(id, &d);
	assert_int_equal(store_open(p.f.dir, who, &s, &why), SL_OK);
	if (store_move(s, id, d.revision, d.state, to, &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	store_close(s);
}

static void dates_with_the_submission(void **state)
{
	int64_t now = clock_now(), today = clocks_day(k, now);
	struct store_clock target, limit;
	struct draft d;
	char id[24];

	(void)state;
	people_submit(&p, AUTHOR, prepare(NULL, NULL), id);
	target = clock_of(id, "target");
	limit = clock_of(id, "limit");
	get(id, &d);
	/* Midnight may pass while the test runs. */
	if (clocks_day(k, clock_now()) != today)
		return;
	assert_true(target.started >= now);
	assert_int_equal(target.due, clocks_day_end(k, workdays_after(&k->workdays, today, 3)));
	assert_int_equal(limit.due, clocks_day_end(k, workdays_after(&k->workdays, today, 20)));
	assert_int_equal(d.due, target.due);
	/* What waits for an event has no date. */
	assert_int_equal(clock_of(id, "freeze").started, 0);
	assert_int_equal(clock_of(id, "freeze").due, 0);
}

/* The day on which it was made and the day on which the question came in count, when they are
 * over; a day ahead wins nothing. */
static void dates_that_the_author_tells(void **state)
{
	struct store_clock limit, answer;
	int64_t day;
	char id[24];

	(void)state;
	people_submit(
		&p, AUTHOR,
		prepare(json_pack("{s:s,s:s}", "received_on", "2026-03-02", "category", "投诉"),
			"2026-03-03"),
		id);
	limit = clock_of(id, "limit");
	answer = clock_of(id, "answer");
	assert_true(workdays_parse("2026-03-02", &day));
	assert_int_equal(answer.started, clocks_day_end(k, day - 1));
	assert_int_equal(answer.due, clocks_day_end(k, day + 60));
	assert_int_equal(limit.started, clocks_day_end(k, day));
	people_submit(&p, AUTHOR,
		      prepare(json_pack("{s:s}", "received_on", "2199-03-02"), "2199-03-03"),
		      id);
	assert_true(clock_of(id, "limit").started <= clock_now());
	assert_true(clock_of(id, "answer").started <= clock_now());
}

/* A slip of the pen must not choose another term. */
static void category_of_none(void **state)
{
	struct wire_reply rp;
	struct sl_why why;

	(void)state;
	assert_int_equal(people_call(&p, AUTHOR, "draft.prepare",
				     prepare(json_pack("{s:s}", "category", "闲聊"), NULL), &rp,
				     &why),
			 SL_E_FORMAT);
	assert_non_null(strstr(why.text, "category"));
	wire_reply_release(&rp);
}

static void class_decides(void **state)
{
	const struct draft_change c = {.actor = "test", .klass = "C"};
	struct sl_why why = {.text = ""};
	struct draft d;
	char id[24];

	(void)state;
	people_submit(&p, AUTHOR, prepare(NULL, NULL), id);
	get(id, &d);
	assert_int_equal(d.due, clock_of(id, "target").due);
	fixture_move(&p.f, &d, DRAFT_SUBMITTED, DRAFT_INSPECTING);
	if (store_move(p.f.store, id, 1, DRAFT_INSPECTING, DRAFT_IN_REVIEW, &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	get(id, &d);
	assert_int_equal(d.due, clock_of(id, "target-c").due);
}

/* Returned, it stands still; the next revision resumes it, and the limit runs on from the
 * first. */
static void paused_while_returned(void **state)
{
	struct store_clock was, now;
	struct store_clock_pause pause[STORE_CLOCK_PAUSES_MAX];
	struct draft d;
	json_t *status, *again;
	unsigned n = 0;
	char id[24], second[24];

	(void)state;
	in_review(id);
	was = clock_of(id, "limit");
	move_as(STORE_DESK, id, DRAFT_RETURNED, "wording: x");
	assert_true(clock_of(id, "target").paused > 0);
	assert_int_equal(clock_of(id, "limit").paused, 0);
	get(id, &d);
	assert_int_equal(d.due, was.due);
	status = people_ask(&p, AUTHOR, "draft.status", json_pack("{s:s}", "draft", id));
	{
		const json_t *one = json_array_get(json_arr(status, "drafts"), 0);
		const json_t *first = json_array_get(json_arr(one, "clocks"), 0);

		assert_string_equal(json_str(first, "kind"), "target");
		assert_non_null(json_str(first, "paused"));
		assert_string_equal(
			json_str(json_array_get(json_arr(one, "holders"), 0), "role"),
			"author");
	}
	json_decref(status);
	again = prepare(NULL, NULL);
	(void)json_object_set_new(again, "revise", json_string(id));
	people_submit(&p, AUTHOR, again, second);
	assert_string_equal(second, id);
	now = clock_of(id, "target");
	assert_int_equal(now.paused, 0);
	assert_true(now.due > 0); /* counted by the same change */
	assert_int_equal(store_clock_pauses(p.f.store, d.number, "target", pause, &n), SL_OK);
	assert_int_equal(n, 1);
	assert_int_equal(clock_of(id, "limit").started, was.started);
	assert_int_equal(clock_of(id, "limit").due, was.due);
}

static void referred(void **state)
{
	char id[24];

	(void)state;
	in_review(id);
	move_as(STORE_DESK, id, DRAFT_REFERRED, "other-agency: their opinion is asked");
	assert_true(clock_of(id, "target").paused > 0);
	assert_int_equal(clock_of(id, "answer").paused, 0);
	move_as(STORE_DESK, id, DRAFT_IN_REVIEW, NULL);
	assert_int_equal(clock_of(id, "target").paused, 0);
	move_as(STORE_DESK, id, DRAFT_REFERRED, "third-party: the company is heard");
	assert_true(clock_of(id, "answer").paused > 0);
	/* The inspector, who has no calendar, resumes it: the desk counts at its next look. */
	move_as(STORE_INSPECTOR, id, DRAFT_INSPECTING, NULL);
	assert_int_equal(clock_of(id, "answer").paused, 0);
	assert_int_equal(clock_of(id, "answer").due, 0);
	{
		unsigned n = 0;

		assert_int_equal(clockwork_count(p.f.store, k, &n), SL_OK);
		assert_int_equal(n, 2);
	}
	assert_true(clock_of(id, "answer").due > 0);
	assert_true(clock_of(id, "target").due > 0);
}

/* As if it had started and been paused so many days earlier. */
static void back_date(const struct draft *d, int started, int paused)
{
	char path[128], sql[256];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", p.f.dir);
	(void)snprintf(sql, sizeof(sql),
		       "UPDATE clock SET started = started - %d * 86400, paused = paused - %d *"
		       " 86400 WHERE number = %lld AND kind = 'target'",
		       started, paused, (long long)d->number);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A pause that is over makes the term longer by its working days. */
static void long_pause(void **state)
{
	struct reckon_term t = {.unit = CLOCK_WORKING_DAY, .length = 3};
	struct reckon_pause over;
	struct store_clock c;
	struct draft d;
	unsigned n = 0;
	char id[24];

	(void)state;
	in_review(id);
	get(id, &d);
	move_as(STORE_DESK, id, DRAFT_RETURNED, "wording: x");
	c = clock_of(id, "target");
	over = (struct reckon_pause){c.paused - 9 * 86400, c.paused};
	back_date(&d, 12, 9);
	{
		json_t *again = prepare(NULL, NULL);
		char second[24];

		(void)json_object_set_new(again, "revise", json_string(id));
		people_submit(&p, AUTHOR, again, second);
	}
	t.started = clock_of(id, "target").started;
	t.pause = &over;
	t.n_pauses = 1;
	assert_int_equal(clockwork_count(p.f.store, k, &n), SL_OK);
	assert_int_equal(clock_of(id, "target").due, reckon_due(k, &t));
	assert_true(clock_of(id, "target").paused_total >= 9 * 86400);
}

static void end_and_start_again(void **state)
{
	struct store_clock first;
	struct draft d;
	char id[24];

	(void)state;
	in_review(id);
	move_as(STORE_DESK, id, DRAFT_APPROVED, NULL);
	move_as(STORE_RELEASER, id, DRAFT_RELEASED, NULL);
	assert_true(clock_of(id, "target").ended > 0);
	assert_true(clock_of(id, "limit").ended > 0);
	get(id, &d);
	assert_int_equal(d.due, 0);
	move_as(STORE_DESK, id, DRAFT_FROZEN, NULL);
	first = clock_of(id, "freeze");
	assert_int_equal(first.due, first.started + 2 * 3600);
	get(id, &d);
	assert_int_equal(d.due, first.due);
	move_as(STORE_RELEASER, id, DRAFT_SENT, NULL);
	assert_true(clock_of(id, "freeze").ended > 0);
	move_as(STORE_DESK, id, DRAFT_FROZEN, NULL);
	assert_int_equal(clock_of(id, "freeze").ended, 0);
	/* Taken back for good there is nothing more to wait for. */
	move_as(STORE_RELEASER, id, DRAFT_WITHDRAWN, NULL);
	assert_true(clock_of(id, "freeze").ended > 0);
}

static void a_hit_in_public(void **state)
{
	struct alert a = {.revision = 1, .worst = "S1", .rules = "PI-001"};
	struct sl_why why = {.text = ""};
	struct store *inspector = NULL;
	struct draft d;
	char id[24];

	(void)state;
	in_review(id);
	move_as(STORE_DESK, id, DRAFT_APPROVED, NULL);
	move_as(STORE_RELEASER, id, DRAFT_RELEASED, NULL);
	get(id, &d);
	a.time = clock_now();
	(void)snprintf(a.draft, sizeof(a.draft), "%s", id);
	(void)snprintf(a.release, sizeof(a.release), "%s", d.release);
	(void)snprintf(a.report, sizeof(a.report), "%064d", 1);
	assert_int_equal(store_open(p.f.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	assert_int_equal(store_alert_add(inspector, &a), SL_OK);
	store_close(inspector);
	assert_int_equal(clock_of(id, "hit").due, clock_of(id, "hit").started + 15 * 60);
	assert_int_equal(store_alert_settle(p.f.store, d.release, "p-05", "known"), SL_OK);
	assert_true(clock_of(id, "hit").ended > 0);
}

static void spilled(void **state)
{
	struct draft d;
	char id[24];

	(void)state;
	people_submit(&p, AUTHOR, prepare(NULL, NULL), id);
	move_as(STORE_INSPECTOR, id, DRAFT_INSPECTING, NULL);
	move_as(STORE_INSPECTOR, id, DRAFT_SPILL, NULL);
	assert_true(clock_of(id, "target").ended > 0);
	assert_int_equal(clock_of(id, "spill").due, clock_of(id, "spill").started + 86400);
	get(id, &d);
	assert_int_equal(d.due, clock_of(id, "spill").due);
	assert_int_equal(store_clock_event(p.f.store, id, "reported"), SL_OK);
	assert_true(clock_of(id, "spill").ended > 0);
}

static int extend(enum who w, const char *id, const char *kind, const char *reason,
		  const char *says)
{
	struct wire_reply rp;
	struct sl_why why;
	int r = people_call(
		&p, w, "clock.extend",
		json_pack("{s:s,s:s,s:s}", "draft", id, "kind", kind, "reason", reason), &rp,
		&why);

	if (says != NULL && strstr(why.text, says) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", says, why.text);
	wire_reply_release(&rp);
	return r;
}

static void more_time(void **state)
{
	int64_t today = clocks_day(k, clock_now());
	char id[24];

	(void)state;
	in_review(id);
	assert_int_equal(extend(AUTHOR, id, "target", "x", "no reviewing role"), SL_E_DENIED);
	assert_int_equal(extend(SECRECY, id, "target", "x", "the desk extends"), SL_E_DENIED);
	assert_int_equal(extend(DESK, id, "limit", "x", "nobody extend"), SL_E_DENIED);
	assert_int_equal(extend(DESK, id, "none", "x", "no clock"), SL_E_NOTFOUND);
	assert_int_equal(extend(DESK, id, "target", "", "reason"), SL_E_FORMAT);
	assert_int_equal(extend(DESK, id, "target", "the facts are being checked", NULL),
			 SL_OK);
	assert_int_equal(extend(DESK, id, "target", "again", "already"), SL_E_STATE);
	assert_true(clock_of(id, "target").extended);
	if (clocks_day(k, clock_now()) == today)
		assert_int_equal(clock_of(id, "target").due,
				 clocks_day_end(k, workdays_after(&k->workdays, today, 9)));
	move_as(STORE_DESK, id, DRAFT_REFUSED, "x: y");
	assert_int_equal(extend(DESK, id, "target", "x", "does not run"), SL_E_STATE);
}

/* Other calendars: every date in days is counted anew, those in hours stay. */
static void other_calendars(void **state)
{
	struct store_clock target;
	char id[24];
	unsigned n = 0;

	(void)state;
	in_review(id);
	target = clock_of(id, "target");
	assert_int_equal(store_clocks_uncount(p.f.store), SL_OK);
	assert_int_equal(clock_of(id, "target").due, 0);
	do {
		assert_int_equal(clockwork_count(p.f.store, k, &n), SL_OK);
	} while (n > 0);
	assert_int_equal(clock_of(id, "target").due, target.due);
}

/* A revision of another kind has other clocks. */
static void other_rules(void **state)
{
	static const struct store_clock only = {
		.kind = "other", .unit = "minute", .length = 5, .ends = ",RELEASED,"};
	struct store_clock c[STORE_CLOCKS_MAX];
	struct draft d;
	unsigned n = 0;
	char id[24];

	(void)state;
	in_review(id);
	get(id, &d);
	assert_int_equal(store_clocks_set(p.f.store, d.number, &only, 1), SL_OK);
	assert_true(clock_of(id, "target").ended > 0);
	assert_int_equal(store_clocks_get(p.f.store, d.number, c, &n), SL_OK);
	for (unsigned i = 0; i < n; i++)
		assert_true(c[i].started > 0 || strcmp(c[i].kind, "other") == 0);
}

/* Who it waits for, in words; the list of thousands has one clock a draft. */
static void who_holds_it(void **state)
{
	json_t *list, *shown;
	const json_t *one;
	char id[24];
	size_t i;

	(void)state;
	in_review(id);
	shown = people_ask(&p, DESK, "review.show", json_pack("{s:s}", "draft", id));
	one = json_obj(shown, "draft");
	/* The first of route A, as the others come after that. */
	assert_int_equal(json_array_size(json_arr(one, "holders")), 1);
	assert_int_equal(json_array_size(json_arr(one, "clocks")), 3);
	assert_non_null(json_str(one, "due_local"));
	assert_non_null(strstr(json_str(one, "due_local"), " 24:00"));
	json_decref(shown);
	list = people_ask(&p, DESK, "review.list", json_object());
	json_array_foreach(json_arr(list, "drafts"), i, one)
	{
		assert_int_equal(json_array_size(json_arr(one, "clocks")), 1);
		assert_null(json_arr(one, "holders"));
	}
	/* This policy has no calendar at all, and that is said. */
	assert_non_null(json_object_get(list, "missing_calendar"));
	json_decref(list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dates_with_the_submission),
		TEST(dates_that_the_author_tells),
		TEST(category_of_none),
		TEST(class_decides),
		TEST(paused_while_returned),
		TEST(referred),
		TEST(long_pause),
		TEST(end_and_start_again),
		TEST(a_hit_in_public),
		TEST(spilled),
		TEST(more_time),
		TEST(other_calendars),
		TEST(other_rules),
		TEST(who_holds_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
