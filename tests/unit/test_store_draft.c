/* Drafts: numbering, retries, revisions, moves, lists, votes, orders, audit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk_fixture.h"
#include "store/db.h"

static struct fixture fx;

static int setup(void **state)
{
	(void)state;
	fixture_open(&fx);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_close(&fx);
	return 0;
}

static int count_entry(int64_t seq, int64_t ms, const char *kind, const char *actor,
		       const char *record, void *arg)
{
	(void)seq;
	(void)ms;
	(void)kind;
	(void)actor;
	(void)record;
	++*(int *)arg;
	return 0;
}

static int audit_count(const char *draft)
{
	int n = 0;

	assert_int_equal(store_audit_each(fx.store, draft, count_entry, &n), SL_OK);
	return n;
}

static void numbers_and_retries(void **state)
{
	struct draft a, b, again = {.n_channels = 0};
	struct sl_why why = {0};
	char year[CLOCK_TEXT + 1], want[24];

	(void)state;
	clock_format(clock_now(), year);
	(void)snprintf(want, sizeof(want), "D-%.4s-000001", year);
	fixture_prepare(&fx, "token-1", 0, &a);
	assert_string_equal(a.id, want);
	want[0] = 'R';
	assert_string_equal(a.release, want);
	assert_int_equal(a.revision, 1);
	fixture_prepare(&fx, "token-2", 0, &b);
	assert_int_equal(b.number, a.number + 1);
	/* The same token finds the same draft … */
	fixture_prepare(&fx, "token-1", 0, &again);
	assert_string_equal(again.id, a.id);
	assert_int_equal(again.created, a.created);
	/* … unless something else is meant. */
	(void)snprintf(again.title, sizeof(again.title), "something else");
	again.number = 0;
	assert_int_equal(store_draft_prepare(fx.store, &again, "token-1", &why), SL_E_CONFLICT);
	/* A file that only somebody else has sent is not there. */
	(void)snprintf(again.submitter, sizeof(again.submitter), "p-02");
	assert_int_equal(store_draft_prepare(fx.store, &again, "token-3", &why), SL_E_NOTFOUND);
	assert_int_equal(audit_count(a.id), 1);
	draft_release(&a);
	draft_release(&b);
	draft_release(&again);
}

static void reads_back(void **state)
{
	struct draft a, b;
	struct draft_offer o[2] = {{.klass = "A", .manifest = "m1"},
				   {.klass = "C", .manifest = "m2"}},
			   got[2];
	unsigned n = 0;

	(void)state;
	fixture_prepare(&fx, "reads-back", 0, &a);
	assert_int_equal(store_draft_get(fx.store, a.id, 0, &b), SL_OK);
	assert_string_equal(b.title, a.title);
	assert_string_equal(b.channels[0], "official-site");
	assert_int_equal(b.n_channels, 1);
	assert_int_equal(b.n_files, 1);
	assert_string_equal(b.files[0].name, "通告.txt");
	assert_int_equal(b.files[0].length, strlen("reads-back"));
	assert_int_equal(store_draft_offers_set(fx.store, &a, o, 2), SL_OK);
	(void)snprintf(o[1].submission, sizeof(o[1].submission), "s2");
	assert_int_equal(store_draft_offers_set(fx.store, &a, o, 2), SL_OK);
	assert_int_equal(store_draft_offers(fx.store, &a, got, 2, &n), SL_OK);
	assert_int_equal(n, 2);
	assert_string_equal(got[1].submission, "s2");
	assert_int_equal(store_draft_offers(fx.store, &a, got, 1, &n), SL_E_LIMIT);
	draft_release(&b);
	assert_int_equal(store_draft_get(fx.store, a.id, 9, &b), SL_E_NOTFOUND);
	assert_int_equal(store_draft_get(fx.store, "D-2026-1", 0, &b), SL_E_NOTFOUND);
	assert_int_equal(store_draft_get(fx.store, "D-2026-000000", 0, &b), SL_E_NOTFOUND);
	draft_release(&a);
}

static void moves(void **state)
{
	const struct draft_change c = {.actor = "p-01", .reason = "why not", .due = 99};
	struct draft d, now;
	struct sl_why why = {0};
	int before;

	(void)state;
	fixture_submit(&fx, "moves", &d);
	before = audit_count(d.id);
	assert_int_equal(
		store_move(fx.store, d.id, 1, DRAFT_SUBMITTED, DRAFT_APPROVED, &c, &why),
		SL_E_STATE);
	assert_int_equal(store_move(fx.store, d.id, 1, DRAFT_HELD, DRAFT_RETURNED, &c, &why),
			 SL_E_CONFLICT);
	assert_int_equal(
		store_move(fx.store, d.id, 2, DRAFT_SUBMITTED, DRAFT_INSPECTING, &c, &why),
		SL_E_NOTFOUND);
	assert_int_equal(audit_count(d.id), before); /* what was refused left no half */
	assert_int_equal(
		store_move(fx.store, d.id, 1, DRAFT_SUBMITTED, DRAFT_INSPECTING, &c, &why),
		SL_OK);
	assert_int_equal(audit_count(d.id), before + 1);
	assert_int_equal(store_draft_get(fx.store, d.id, 0, &now), SL_OK);
	assert_string_equal(now.state_reason, "why not");
	assert_int_equal(now.due, 99);
	draft_release(&now);
	draft_release(&d);
}

static void new_revision_replaces(void **state)
{
	struct draft a, b, c, newest;
	struct sl_why why = {0};

	(void)state;
	fixture_submit(&fx, "rev-1", &a);
	/* While it is inspected nothing may make it disappear. */
	fixture_prepare(&fx, "rev-2", a.number, &b);
	assert_int_equal(b.revision, 2);
	assert_int_equal(store_move(fx.store, b.id, 2, DRAFT_PREPARED, DRAFT_SUBMITTED,
				    &(struct draft_change){.actor = "p-01"}, &why),
			 SL_E_STATE);
	fixture_move(&fx, &a, DRAFT_SUBMITTED, DRAFT_INSPECTING);
	fixture_move(&fx, &a, DRAFT_INSPECTING, DRAFT_BLOCKED);
	/* Prepared only: revision 1 is still what everybody sees. */
	assert_int_equal(store_draft_get(fx.store, a.id, 0, &newest), SL_OK);
	assert_int_equal(newest.revision, 1);
	draft_release(&newest);
	fixture_prepare(&fx, "rev-3", a.number, &c);
	fixture_move(&fx, &c, DRAFT_PREPARED, DRAFT_SUBMITTED);
	assert_int_equal(fixture_state(&fx, a.id, 1), DRAFT_REPLACED);
	assert_int_equal(fixture_state(&fx, a.id, 0), DRAFT_SUBMITTED);
	/* The older prepared one comes too late. */
	assert_int_equal(store_move(fx.store, b.id, 2, DRAFT_PREPARED, DRAFT_SUBMITTED,
				    &(struct draft_change){.actor = "p-01"}, &why),
			 SL_E_CONFLICT);
	draft_release(&a);
	draft_release(&b);
	draft_release(&c);
}

static void claim_and_requeue(void **state)
{
	struct store *inspector = NULL;
	struct sl_why why = {0};
	struct draft d, claimed;
	char report[65], text[65];

	(void)state;
	fixture_submit(&fx, "claim", &d);
	assert_int_equal(store_open(fx.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	for (;;) { /* earlier tests left some waiting */
		assert_int_equal(store_draft_claim(inspector, "inspector", false, &claimed),
				 SL_OK);
		if (strcmp(claimed.id, d.id) == 0)
			break;
		draft_release(&claimed);
	}
	assert_int_equal(claimed.state, DRAFT_INSPECTING);
	assert_int_equal(claimed.n_files, 1);
	assert_int_equal(store_file_result(inspector, d.id, 1, 0, "rrr", "ttt"), SL_OK);
	assert_int_equal(store_file_result(inspector, d.id, 1, 5, "rrr", "ttt"), SL_E_NOTFOUND);
	assert_int_equal(store_file_results(fx.store, d.id, 1, 0, report, text), SL_OK);
	assert_string_equal(text, "ttt");
	draft_release(&claimed);
	assert_int_equal(store_draft_claim(inspector, "inspector", false, &claimed),
			 SL_E_NOTFOUND);
	assert_int_equal(store_draft_requeue(inspector, "inspector"), SL_OK);
	assert_int_equal(fixture_state(&fx, d.id, 1), DRAFT_SUBMITTED);
	store_close(inspector);
	draft_release(&d);
}

/* Once a draft has to be seen it stays in that queue, whoever dies and however often. */
static void queue_of_pictures(void **state)
{
	const struct draft_change c = {.actor = "inspector", .seeing = true};
	struct draft a, b, claimed = {0}, next = {0}, now = {0};
	struct store *inspector = NULL;
	struct sl_why why = {0};
	uint64_t waiting = 9, reading = 9;

	(void)state;
	assert_int_equal(store_open(fx.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	while (store_draft_claim(inspector, "inspector", false, &claimed) == SL_OK)
		draft_release(&claimed); /* left by other tests */
	fixture_submit(&fx, "see-1", &a);
	fixture_submit(&fx, "see-2", &b);
	assert_int_equal(store_draft_claim(inspector, "inspector", true, &claimed),
			 SL_E_NOTFOUND);
	assert_int_equal(store_draft_claim(inspector, "inspector", false, &claimed), SL_OK);
	assert_false(claimed.seeing);
	draft_release(&claimed);
	/* Passed on, and the text behind it is next. */
	assert_int_equal(store_move_claim(inspector, a.id, 1, DRAFT_INSPECTING, DRAFT_SUBMITTED,
					  &c, false, &next, &why),
			 SL_OK);
	assert_string_equal(next.id, b.id);
	draft_release(&next);
	assert_int_equal(store_draft_claim(inspector, "inspector", false, &claimed),
			 SL_E_NOTFOUND);
	assert_int_equal(store_seeing_counts(fx.store, &waiting, &reading), SL_OK);
	assert_int_equal(waiting, 1);
	assert_int_equal(reading, 0);
	assert_int_equal(store_draft_claim(inspector, "inspector", true, &claimed), SL_OK);
	assert_string_equal(claimed.id, a.id);
	assert_true(claimed.seeing);
	draft_release(&claimed);
	assert_int_equal(store_seeing_counts(fx.store, &waiting, &reading), SL_OK);
	assert_int_equal(waiting, 0);
	assert_int_equal(reading, 1);
	/* The inspector dies and comes back. */
	assert_int_equal(store_draft_requeue(inspector, "inspector"), SL_OK);
	assert_int_equal(fixture_state(&fx, a.id, 1), DRAFT_SUBMITTED);
	assert_int_equal(store_draft_get(fx.store, a.id, 1, &now), SL_OK);
	assert_true(now.seeing);
	draft_release(&now);
	assert_int_equal(store_draft_claim(inspector, "inspector", true, &claimed), SL_OK);
	assert_string_equal(claimed.id, a.id);
	draft_release(&claimed);
	draft_release(&a);
	draft_release(&b);
	store_close(inspector);
}

/* What was found in a file, the outcome and the next claim: one transaction. */
static void move_and_claim(void **state)
{
	const struct draft_result bad[2] = {{.text = "t0"}, {.text = "t1"}},
				  good = {.text = "ttt"};
	struct draft_change c = {.actor = "inspector",
				 .verdict = "clean",
				 .manifest = "m",
				 .klass = "A",
				 .report = "r",
				 .inspection = "i",
				 .submission = "s"};
	struct draft a, b, now = {0}, claimed = {0}, next = {0};
	struct store *inspector = NULL;
	struct sl_why why = {0};
	char report[65], text[65];

	(void)state;
	assert_int_equal(store_open(fx.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	while (store_draft_claim(inspector, "inspector", false, &claimed) == SL_OK)
		draft_release(&claimed); /* left by other tests */
	fixture_submit(&fx, "both-1", &a);
	assert_int_equal(store_draft_claim(inspector, "inspector", false, &claimed), SL_OK);
	assert_string_equal(claimed.id, a.id);
	fixture_submit(&fx, "both-2", &b);
	/* A result of a file that is not there: nothing has happened. */
	c.results = bad;
	c.n_results = 2;
	assert_int_equal(store_move_claim(inspector, a.id, 1, DRAFT_INSPECTING, DRAFT_IN_REVIEW,
					  &c, false, &next, &why),
			 SL_E_NOTFOUND);
	assert_int_equal(next.number, 0);
	assert_int_equal(fixture_state(&fx, a.id, 1), DRAFT_INSPECTING);
	assert_int_equal(fixture_state(&fx, b.id, 1), DRAFT_SUBMITTED);
	c.results = &good;
	c.n_results = 1;
	assert_int_equal(store_move_claim(inspector, a.id, 1, DRAFT_INSPECTING, DRAFT_IN_REVIEW,
					  &c, false, &next, &why),
			 SL_OK);
	assert_string_equal(next.id, b.id);
	assert_int_equal(next.state, DRAFT_INSPECTING);
	assert_int_equal(next.n_files, 1);
	assert_int_equal(fixture_state(&fx, b.id, 1), DRAFT_INSPECTING);
	assert_int_equal(store_draft_get(fx.store, a.id, 1, &now), SL_OK);
	assert_int_equal(now.state, DRAFT_IN_REVIEW);
	assert_string_equal(now.verdict, "clean");
	assert_string_equal(now.inspection, "i");
	assert_int_equal(store_file_results(fx.store, a.id, 1, 0, report, text), SL_OK);
	assert_string_equal(text, "ttt");
	draft_release(&next);
	/* Nobody waits any more: the move alone. */
	next = (struct draft){0};
	assert_int_equal(store_move_claim(inspector, b.id, 1, DRAFT_INSPECTING, DRAFT_HELD, &c,
					  false, &next, &why),
			 SL_OK);
	assert_int_equal(next.number, 0);
	assert_int_equal(fixture_state(&fx, b.id, 1), DRAFT_HELD);
	store_close(inspector);
	draft_release(&claimed);
	draft_release(&now);
	draft_release(&a);
	draft_release(&b);
}

static void authorizer(void **state)
{
	const enum store_access who[] = {STORE_INSPECTOR, STORE_RELEASER, STORE_READER};
	struct vote v = {.pid = "p-07", .role = "desk", .decision = "approve", .envelope = "e"};
	const struct draft_change c = {.actor = "x"}, serial = {.actor = "x", .serial = 9};
	struct sl_why why = {0};
	struct draft d;

	(void)state;
	fixture_submit(&fx, "authorizer", &d);
	for (unsigned i = 0; i < 3; i++) {
		struct store *s = NULL;
		struct draft extra = d;

		assert_int_equal(store_open(fx.dir, who[i], &s, &why), SL_OK);
		assert_int_equal(
			store_vote_add(s, d.id, 1, &v, DRAFT_SUBMITTED, &c, &why) == SL_OK, 0);
		assert_int_not_equal(store_shown_add(s, "p-07", d.id, 1, "report", "x"), SL_OK);
		extra.number = 0;
		assert_int_not_equal(store_draft_prepare(s, &extra, "t", &why), SL_OK);
		if (who[i] != STORE_RELEASER)
			assert_int_not_equal(store_move(s, d.id, 1, DRAFT_SUBMITTED,
							DRAFT_INSPECTING, &serial, &why),
					     SL_OK);
		if (who[i] == STORE_READER)
			assert_int_not_equal(store_audit(s, "k", "a", json_null()), SL_OK);
		store_close(s);
	}
	assert_int_equal(fixture_state(&fx, d.id, 1), DRAFT_SUBMITTED);
	draft_release(&d);
}

static int count_vote(const struct vote *v, void *arg)
{
	*(int *)arg += v->counts ? 10 : 1;
	return 0;
}

static int last_part(const char *part, const char *sha256, void *arg)
{
	(void)snprintf(arg, 80, "%s=%s", part, sha256);
	return 0;
}

static void votes_and_shown(void **state)
{
	struct vote v = {.pid = "p-07",
			 .role = "desk",
			 .decision = "approve",
			 .envelope = "env-1",
			 .time = 5,
			 .counts = true};
	const struct draft_change c = {.actor = "p-07", .reason = "typo: fix it"};
	struct sl_why why = {0};
	struct draft d;
	char part[80];
	unsigned n = 0;
	int sum = 0;

	(void)state;
	fixture_submit(&fx, "votes", &d);
	fixture_move(&fx, &d, DRAFT_SUBMITTED, DRAFT_INSPECTING);
	fixture_move(&fx, &d, DRAFT_INSPECTING, DRAFT_IN_REVIEW);
	assert_int_equal(store_vote_add(fx.store, d.id, 1, &v, DRAFT_IN_REVIEW, &c, &why),
			 SL_OK);
	assert_int_equal(store_vote_add(fx.store, d.id, 1, &v, DRAFT_IN_REVIEW, &c, &why),
			 SL_E_EXISTS);
	(void)snprintf(v.envelope, sizeof(v.envelope), "env-2");
	v.counts = false;
	/* An illegal move takes the vote back with it. */
	assert_int_equal(store_vote_add(fx.store, d.id, 1, &v, DRAFT_SENT, &c, &why),
			 SL_E_STATE);
	assert_int_equal(store_vote_count(fx.store, d.id, 1, &n), SL_OK);
	assert_int_equal(n, 1);
	assert_int_equal(store_vote_add(fx.store, d.id, 1, &v, DRAFT_RETURNED, &c, &why),
			 SL_OK);
	assert_int_equal(fixture_state(&fx, d.id, 1), DRAFT_RETURNED);
	assert_int_equal(store_vote_each(fx.store, d.id, 1, count_vote, &sum), SL_OK);
	assert_int_equal(sum, 11);
	assert_int_equal(store_shown_add(fx.store, "p-07", d.id, 1, "report", "one"), SL_OK);
	assert_int_equal(store_shown_add(fx.store, "p-07", d.id, 1, "report", "two"), SL_OK);
	assert_int_equal(store_shown_each(fx.store, "p-07", d.id, 1, last_part, part), SL_OK);
	assert_string_equal(part, "report=two");
	draft_release(&d);
}

static void orders(void **state)
{
	struct order o = {.version = 1,
			  .action = "freeze",
			  .envelope = "o-1",
			  .pid = "p-09",
			  .reason = "wrong file"},
		     next;
	struct store *releaser = NULL;
	struct sl_why why = {0};
	struct draft d, found;

	(void)state;
	fixture_submit(&fx, "orders", &d);
	(void)snprintf(o.release, sizeof(o.release), "%s", d.release);
	assert_int_equal(store_order_add(fx.store, &o, &why), SL_E_NOTFOUND);
	assert_int_equal(store_draft_by_release(fx.store, d.release, &found), SL_E_NOTFOUND);
	fixture_move(&fx, &d, DRAFT_SUBMITTED, DRAFT_INSPECTING);
	fixture_move(&fx, &d, DRAFT_INSPECTING, DRAFT_IN_REVIEW);
	fixture_move(&fx, &d, DRAFT_IN_REVIEW, DRAFT_APPROVED);
	fixture_move(&fx, &d, DRAFT_APPROVED, DRAFT_RELEASED);
	assert_int_equal(store_order_add(fx.store, &o, &why), SL_OK);
	assert_int_equal(fixture_state(&fx, d.id, 1), DRAFT_FROZEN);
	assert_int_equal(store_order_add(fx.store, &o, &why), SL_E_EXISTS);
	assert_int_equal(store_draft_by_release(fx.store, d.release, &found), SL_OK);
	assert_int_equal(found.serial, 7);
	draft_release(&found);
	assert_int_equal(store_open(fx.dir, STORE_RELEASER, &releaser, &why), SL_OK);
	assert_int_equal(store_order_next(releaser, &next), SL_OK);
	assert_string_equal(next.release, d.release);
	assert_string_equal(next.action, "freeze");
	assert_int_equal(store_order_done(releaser, next.number, 8), SL_OK);
	assert_int_equal(store_order_done(releaser, next.number, 8), SL_E_NOTFOUND);
	assert_int_equal(store_order_next(releaser, &next), SL_E_NOTFOUND);
	store_close(releaser);
	draft_release(&d);
}

static int copy_spill(const struct spill *p, void *arg)
{
	*(struct spill *)arg = *p;
	return 0;
}

static void spills(void **state)
{
	struct spill p = {.revision = 1,
			  .rule = "SM-001",
			  .sha256 = "abc",
			  .found = 10,
			  .report_due = 86410},
		     got = {0};
	struct draft d;

	(void)state;
	fixture_submit(&fx, "spill", &d);
	(void)snprintf(p.draft, sizeof(p.draft), "%s", d.id);
	assert_int_equal(store_spill_add(fx.store, &p), SL_OK);
	assert_int_equal(store_spill_each(fx.store, copy_spill, &got), SL_OK);
	assert_string_equal(got.draft, d.id);
	assert_int_equal(got.report_due, 86410);
	draft_release(&d);
}

/* Kept as it was first given, written by the desk alone, and gone with a spill. */
static void internal_fields(void **state)
{
	static const char first[] = "{\"question\":\"停车\"}";
	struct store *inspector = NULL;
	struct sl_why why = {0};
	struct draft d;
	struct buf got;

	(void)state;
	buf_init(&got, STORE_INTERNAL_MAX);
	fixture_submit(&fx, "internal", &d);
	assert_int_equal(store_internal_get(fx.store, d.number, 1, &got), SL_E_NOTFOUND);
	assert_int_equal(store_internal_put(fx.store, d.number, 1, first), SL_OK);
	assert_int_equal(store_internal_put(fx.store, d.number, 1, "{}"), SL_OK);
	assert_int_equal(store_internal_get(fx.store, d.number, 1, &got), SL_OK);
	assert_string_equal(buf_str(&got), first);
	assert_int_equal(store_internal_get(fx.store, d.number, 2, &got), SL_E_NOTFOUND);
	assert_int_equal(store_open(fx.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	assert_int_not_equal(store_internal_put(inspector, d.number, 1, "{}"), SL_OK);
	assert_int_equal(store_move(inspector, d.id, 1, DRAFT_SUBMITTED, DRAFT_INSPECTING,
				    &(struct draft_change){.actor = "inspector"}, &why),
			 SL_OK);
	assert_int_equal(store_move(inspector, d.id, 1, DRAFT_INSPECTING, DRAFT_SPILL,
				    &(struct draft_change){.actor = "inspector"}, &why),
			 SL_OK);
	assert_int_equal(store_draft_conceal(inspector, d.id, 1, "inspector"), SL_OK);
	assert_int_equal(store_internal_get(fx.store, d.number, 1, &got), SL_E_NOTFOUND);
	store_close(inspector);
	buf_release(&got);
	draft_release(&d);
}

struct list {
	int64_t due[64];
	char id[64][24];
	int n;
};

static int collect(const struct draft *d, void *arg)
{
	struct list *l = arg;

	l->due[l->n] = d->due;
	(void)snprintf(l->id[l->n++], sizeof(l->id[0]), "%s", d->id);
	return l->n == 64;
}

static void lists(void **state)
{
	const enum draft_state waiting[] = {DRAFT_SUBMITTED, DRAFT_RETURNED};
	struct draft_filter f = {.states = waiting, .n_states = 2, .author = "p-01"};
	uint64_t counts[DRAFT_STATE_COUNT];
	struct list all = {.n = 0}, some = {.n = 0}, none = {.n = 0};

	(void)state;
	assert_int_equal(store_draft_each(fx.store, &f, collect, &all), SL_OK);
	assert_true(all.n > 2);
	for (int i = 1; i < all.n; i++)
		assert_true(all.due[i - 1] <= all.due[i]);
	f.limit = 2;
	assert_int_equal(store_draft_each(fx.store, &f, collect, &some), SL_OK);
	assert_int_equal(some.n, 2);
	f.author = "p-99";
	assert_int_equal(store_draft_each(fx.store, &f, collect, &none), SL_OK);
	assert_int_equal(none.n, 0);
	assert_int_equal(store_draft_counts(fx.store, counts), SL_OK);
	assert_int_equal(counts[DRAFT_SUBMITTED] + counts[DRAFT_RETURNED], all.n);
}

static void audit_is_append_only(void **state)
{
	static const char *const attacks[] = {
		"UPDATE audit SET record = '{}' WHERE seq = 1",
		"DELETE FROM audit WHERE seq = 1",
		"UPDATE draft SET title = 'x'",
		"UPDATE vote SET counts = 1",
	};
	int before = audit_count(NULL);
	struct sl_why why = {0};
	char path[128];
	struct db d;
	int64_t ms = 0;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", fx.dir);
	/* Without the authorizer: the triggers alone. */
	assert_int_equal(db_open(&d, path, false, false, &why), SL_OK);
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		assert_int_not_equal(db_script(&d, attacks[i], &why), SL_OK);
	db_close(&d);
	assert_int_equal(audit_count(NULL), before);
	assert_int_equal(store_audit_newest(fx.store, &ms), SL_OK);
	assert_true(ms > 0 && ms <= clock_now_ms());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_retries),
		cmocka_unit_test(reads_back),
		cmocka_unit_test(moves),
		cmocka_unit_test(new_revision_replaces),
		cmocka_unit_test(claim_and_requeue),
		cmocka_unit_test(queue_of_pictures),
		cmocka_unit_test(move_and_claim),
		cmocka_unit_test(authorizer),
		cmocka_unit_test(votes_and_shown),
		cmocka_unit_test(orders),
		cmocka_unit_test(spills),
		cmocka_unit_test(internal_fields),
		cmocka_unit_test(lists),
		cmocka_unit_test(audit_is_append_only),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
