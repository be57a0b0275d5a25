/* test_desk_escalation.c - a step whose time is over is shown to the next person, once, and
 * nothing else comes of it. */
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
#include "policy/routes.h"
#include "review/escalate.h"
#include "store/clockwork.h"
#include "store/turn.h"

/* The only clock, of every route: ten hours. */
static const char rules[] = "clocks:\n"
			    "  - id: outer\n    name: {en: a, zh: 甲}\n    basis: b\n"
			    "    unit: hour\n    length: 10\n    start: submitted\n"
			    "    end: [RELEASED]\n    pause: [RETURNED, REFERRED]\n";

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

static void in_review(char id[24])
{
	char token[32], body[64];

	(void)snprintf(token, sizeof(token), "e-%u", ++tokens);
	(void)snprintf(body, sizeof(body), "body %u", tokens);
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, token, body), id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
}

static void run_sql(const char *sql)
{
	char path[128];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", p.f.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* As if it had been handed in so many hours earlier. */
static void hours_pass(int hours)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
		       "UPDATE clock SET started = started - %d * 3600, due = due - %d * 3600"
		       " WHERE kind = 'outer' AND started > 0",
		       hours, hours);
	run_sql(sql);
}

static void look(void)
{
	char draft[24];

	/* A few at a time: often enough for all that these tests make. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(escalate_look(&p.review, draft), SL_OK);
}

static int count(int64_t seq, int64_t ms, const char *kind, const char *actor,
		 const char *record, void *arg)
{
	(void)seq;
	(void)ms;
	(void)actor;
	(void)record;
	*(unsigned *)arg += strcmp(kind, "review.escalated") == 0;
	return SL_OK;
}

static unsigned entries(const char *id)
{
	unsigned n = 0;

	assert_int_equal(store_audit_each(p.f.store, id, count, &n), SL_OK);
	return n;
}

/* "role>told" of what the draft's status says, "" when nothing is late. */
static void shown(enum who w, const char *id, char out[100])
{
	json_t *j = people_ask(&p, w, "review.list", json_pack("{}")), *d;
	size_t i;

	out[0] = '\0';
	json_array_foreach(json_arr(j, "drafts"), i, d)
	{
		const json_t *e = json_obj(d, "escalated");

		if (strcmp(json_str(d, "draft"), id) == 0 && e != NULL)
			(void)snprintf(out, 100, "%s>%s", json_str(e, "role"),
				       json_str(e, "told"));
	}
	json_decref(j);
}

static bool is_told(enum who w, const char *id)
{
	json_t *j = people_ask(&p, w, "review.list", json_pack("{}"));
	const json_t *e;
	bool found = false;
	size_t i;

	json_array_foreach(json_arr(j, "escalated"), i, e) found =
		found || strcmp(json_str(e, "draft"), id) == 0;
	json_decref(j);
	return found;
}

static void approve(enum who w, const char *id, const char *role, int want, struct sl_why *why)
{
	struct people_vote v = {.decision = "approve", .role = role, .signer = w};
	struct wire_reply rp;

	people_read(&p, w, id);
	*why = (struct sl_why){.text = ""};
	assert_int_equal(people_cast(&p, w, id, &v, &rp, why), want);
	wire_reply_release(&rp);
}

static enum draft_state state_of(const char *id)
{
	return fixture_state(&p.f, id, 1);
}

static void told_once(void **state)
{
	const struct route *a = routes_find(p.routes, "A");
	char id[24], text[100], want[100];
	struct sl_why why;

	(void)state;
	in_review(id);
	look();
	shown(LEADER, id, text);
	assert_string_equal(text, "");
	assert_int_equal(entries(id), 0);
	hours_pass(10);
	look();
	(void)snprintf(want, sizeof(want), "%s>%s", a->steps[0].role, a->steps[0].late);
	shown(LEADER, id, text);
	assert_string_equal(text, want);
	assert_int_equal(entries(id), 1);
	/* However often it is looked at, and after a start. */
	assert_int_equal(escalate_again(&p.review), SL_OK);
	look();
	fixture_reopen(&p.f);
	p.intake.store = p.review.store = p.f.store;
	look();
	assert_int_equal(entries(id), 1);
	assert_true(is_told(DESK, id));
	assert_false(is_told(LEADER, id));
	/* Silence is no consent, whatever time passes. */
	hours_pass(10000);
	look();
	assert_int_equal(state_of(id), DRAFT_IN_REVIEW);
	assert_int_equal(entries(id), 1);
	/* Whoever is told cannot sign in the step's place. */
	approve(DESK, id, a->steps[0].late, SL_E_DENIED, &why);
	assert_non_null(strstr(why.text, a->steps[0].role));
}

/* The next step is late in its turn, with an entry of its own. */
static void next_step(void **state)
{
	const struct route *a = routes_find(p.routes, "A");
	char id[24], text[100], want[100];
	struct sl_why why;

	(void)state;
	in_review(id);
	hours_pass(10);
	look();
	assert_int_equal(entries(id), 1);
	approve(LIAISON, id, a->steps[0].role, SL_OK, &why);
	/* The old word is gone at once, before anybody looks. */
	shown(LEADER, id, text);
	assert_string_equal(text, "");
	look();
	(void)snprintf(want, sizeof(want), "%s>%s", a->steps[1].role, a->steps[1].late);
	shown(LEADER, id, text);
	assert_string_equal(text, want);
	assert_int_equal(entries(id), 2);
	assert_true(is_told(DESK, id));
}

/* Of a draft that goes back nobody is told any more. */
static void ends_with_the_turn(void **state)
{
	struct draft_change c = {.actor = "test", .reason = "wording: x"};
	struct escalation e;
	struct draft d;
	struct sl_why why = {.text = ""};
	char id[24];

	(void)state;
	in_review(id);
	hours_pass(10);
	look();
	assert_int_equal(store_draft_get(p.f.store, id, 0, &d), SL_OK);
	draft_release(&d);
	assert_int_equal(store_escalation_get(p.f.store, d.number, &e), SL_OK);
	assert_int_equal(e.revision, 1);
	assert_int_equal(
		store_move(p.f.store, id, 1, DRAFT_IN_REVIEW, DRAFT_RETURNED, &c, &why), SL_OK);
	look();
	assert_int_equal(store_escalation_get(p.f.store, d.number, &e), SL_E_NOTFOUND);
	assert_false(is_told(DESK, id));
}

/* Lists can be filtered by it. */
static void filtered(void **state)
{
	const struct route *a = routes_find(p.routes, "A");
	char late[24], calm[24], words[80];
	json_t *j;

	(void)state;
	in_review(late);
	hours_pass(10);
	in_review(calm);
	look();
	(void)snprintf(words, sizeof(words), "late:%s", a->steps[0].late);
	j = people_ask(
		&p, LEADER, "review.list",
		json_pack("{s:s,s:s,s:b}", "filter", words, "sort", "number", "reverse", 1));
	assert_string_equal(json_str(json_array_get(json_arr(j, "drafts"), 0), "draft"), late);
	json_decref(j);
	j = people_ask(&p, LEADER, "review.list",
		       json_pack("{s:s}", "filter", "late:director"));
	assert_int_equal(json_array_size(json_arr(j, "drafts")), 0);
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_once),
		cmocka_unit_test(next_step),
		cmocka_unit_test(ends_with_the_turn),
		cmocka_unit_test(filtered),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
