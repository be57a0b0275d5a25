/* Fixes at the desk: the wish is recorded once, done once, handed to its author alone, and a
 * revision made of it is known by its digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "desk_people.h"
#include "review/fixed.h"

#define LEAK "[{\"rule\":\"PI-001\",\"severity\":\"S1\"}]"

static struct desk_people p;
static struct store *inspector; /* with its rights */

static int setup(void **state)
{
	struct sl_why why = {""};

	(void)state;
	people_open(&p);
	return store_open(p.f.dir, STORE_INSPECTOR, &inspector, &why);
}

static int teardown(void **state)
{
	(void)state;
	store_close(inspector);
	people_close(&p);
	return 0;
}

static int call(enum who w, const char *op, json_t *args, const char *says)
{
	struct wire_reply rp;
	struct sl_why why;
	int r = people_call(&p, w, op, args, &rp, &why);

	wire_reply_release(&rp);
	if (says != NULL && strstr(why.text, says) == NULL)
		fail_msg("%s: expected \"%s\", got \"%s\" (%s)", op, says, why.text,
			 sl_errname(r));
	return r;
}

static json_t *args(const char *id, int64_t revision, const char *part)
{
	json_t *j = json_pack("{s:s}", "draft", id);

	if (revision > 0)
		assert_int_equal(json_object_set_new(j, "revision", json_integer(revision)), 0);
	if (part != NULL)
		assert_int_equal(json_object_set_new(j, "part", json_string(part)), 0);
	return j;
}

static void leaking(const char *token, enum draft_state to, char id[24])
{
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, token, token), id);
	people_inspect(&p, id, LEAK, to);
}

/* What the inspector would store: one file, its copy, and the record of it. */
static void finish(const char *id, const char *copy, struct fix *f)
{
	char sha256[65];
	struct draft d;
	struct buf text;
	json_t *record;

	assert_int_equal(store_fix_claim(inspector, f), SL_OK);
	assert_string_equal(f->draft, id);
	assert_int_equal(store_draft_get(p.f.store, id, f->revision, &d), SL_OK);
	hash_hex(copy, strlen(copy), sha256);
	assert_int_equal(store_body_put(inspector, sha256, copy, strlen(copy), NULL), SL_OK);
	record = json_pack("{s:s,s:s,s:I,s:[{s:s,s:s,s:s}]}", "schema", "sluice-fix/1", "draft",
			   id, "revision", (json_int_t)f->revision, "files", "name",
			   d.files[0].name, "before", d.files[0].sha256, "after", sha256);
	buf_init(&text, 4096);
	assert_int_equal(json_canonical(record, &text), SL_OK);
	assert_int_equal(store_object_put(inspector, text.data, text.len, f->record), SL_OK);
	f->state = FIX_DONE;
	assert_int_equal(store_fix_end(inspector, f), SL_OK);
	buf_release(&text);
	json_decref(record);
	draft_release(&d);
}

static void only_what_can_be_revised(void **state)
{
	char id[24];

	(void)state;
	leaking("fix-spill", DRAFT_SPILL, id);
	assert_int_equal(call(AUTHOR, "draft.fix", args(id, 0, NULL), "sealed"), SL_E_DENIED);
	assert_int_equal(call(AUTHOR, "draft.fixed", args(id, 1, NULL), "sealed"), SL_E_DENIED);
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "fix-early", "early"), id);
	assert_int_equal(call(AUTHOR, "draft.fix", args(id, 0, NULL), "being inspected"),
			 SL_E_STATE);
	people_inspect(&p, id, LEAK, DRAFT_IN_REVIEW);
	/* Nobody else's, whatever their role. */
	assert_int_equal(call(DESK, "draft.fix", args(id, 0, NULL), "no draft"), SL_E_NOTFOUND);
	assert_int_equal(call(DESK, "draft.fixed", args(id, 1, NULL), "no draft"),
			 SL_E_NOTFOUND);
	assert_int_equal(call(AUTHOR, "draft.fixed", args(id, 1, NULL), "nobody has asked"),
			 SL_E_NOTFOUND);
	json_decref(people_ask(&p, AUTHOR, "draft.cancel", args(id, 0, NULL)));
	assert_int_equal(call(AUTHOR, "draft.fix", args(id, 0, NULL), "cannot be revised"),
			 SL_E_STATE);
}

static void asked_once_done_once(void **state)
{
	struct fix f, other, *got = &other;
	char id[24];
	json_t *j;

	(void)state;
	leaking("fix-once", DRAFT_BLOCKED, id);
	assert_int_equal(store_fix_claim(inspector, got), SL_E_NOTFOUND);
	j = people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL));
	assert_non_null(json_str(j, "manifest"));
	json_decref(j);
	json_decref(people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL)));
	assert_int_equal(store_fix_claim(inspector, &f), SL_OK);
	assert_int_equal(f.state, FIX_WORKING);
	assert_string_equal(f.pid, people_pid(AUTHOR));
	/* Asked again while it is worked on, nobody else takes it … */
	json_decref(people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL)));
	assert_int_equal(store_fix_claim(inspector, got), SL_E_NOTFOUND);
	assert_int_equal(call(AUTHOR, "draft.fixed", args(id, 1, "record"), "not fixed yet"),
			 SL_E_STATE);
	/* … until the one who took it is dead. */
	assert_int_equal(store_fix_requeue(inspector), SL_OK);
	assert_int_equal(store_fix_claim(inspector, got), SL_OK);
	f.state = FIX_FAILED;
	(void)snprintf(f.reason, sizeof(f.reason), "the cleaning crashed on this file");
	assert_int_equal(store_fix_end(inspector, &f), SL_OK);
	assert_int_equal(store_fix_end(inspector, &f), SL_E_CONFLICT);
	j = people_ask(&p, AUTHOR, "draft.fixed", args(id, 1, NULL));
	assert_string_equal(json_str(j, "state"), "failed");
	assert_string_equal(json_str(j, "reason"), f.reason);
	json_decref(j);
	assert_int_equal(fixture_state(&p.f, id, 1), DRAFT_BLOCKED);
	/* A spill takes the row away; what was worked on meanwhile ends in a conflict. */
	json_decref(people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL)));
	assert_int_equal(store_fix_claim(inspector, &f), SL_OK);
	assert_int_equal(store_fix_forget(inspector, id, 1), SL_OK);
	f.state = FIX_FAILED;
	assert_int_equal(store_fix_end(inspector, &f), SL_E_CONFLICT);
	assert_int_equal(store_fix_get(p.f.store, id, 1, got), SL_E_NOTFOUND);
}

static void handed_to_its_author(void **state)
{
	struct wire_reply rp;
	struct sl_why why;
	struct fix f;
	char id[24];
	bool done = false;

	(void)state;
	leaking("fix-parts", DRAFT_BLOCKED, id);
	json_decref(people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL)));
	finish(id, "a clean copy", &f);
	assert_int_equal(
		people_call(&p, AUTHOR, "draft.fixed", args(id, 1, "file:0"), &rp, &why),
		SL_OK);
	assert_int_equal(rp.data.len, strlen("a clean copy"));
	assert_memory_equal(rp.data.data, "a clean copy", rp.data.len);
	assert_true(json_bool(rp.result, "done", &done) && done);
	wire_reply_release(&rp);
	assert_int_equal(
		people_call(&p, AUTHOR, "draft.fixed", args(id, 1, "record"), &rp, &why),
		SL_OK);
	assert_string_equal(json_str(rp.result, "sha256"), f.record);
	wire_reply_release(&rp);
	assert_int_equal(call(AUTHOR, "draft.fixed", args(id, 1, "file:1"), "no part"),
			 SL_E_FORMAT);
	assert_int_equal(call(AUTHOR, "draft.fixed", args(id, 1, "text:0"), "no part"),
			 SL_E_FORMAT);
	assert_int_equal(call(DESK, "draft.fixed", args(id, 1, "file:0"), "no draft"),
			 SL_E_NOTFOUND);
}

/* revise with these bytes, and look at it as a reviewer. */
static json_t *shown_after(const char *id, const char *token, const char *bytes)
{
	json_t *prepare = people_prepare_args(&p, AUTHOR, token, bytes);
	char same[24];

	assert_int_equal(json_object_set_new(prepare, "revise", json_string(id)), 0);
	people_submit(&p, AUTHOR, prepare, same);
	assert_string_equal(same, id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
	return people_ask(&p, LIAISON, "review.show", args(id, 0, NULL));
}

static void reviewers_know_by_digest(void **state)
{
	struct fix f;
	char id[24];
	json_t *j;

	(void)state;
	leaking("fix-review", DRAFT_BLOCKED, id);
	json_decref(people_ask(&p, AUTHOR, "draft.fix", args(id, 0, NULL)));
	finish(id, "masked", &f);
	/* Other bytes are no fix, whoever says so. */
	j = shown_after(id, "fix-other", "other bytes");
	assert_null(json_object_get(j, "fix"));
	json_decref(j);
	j = shown_after(id, "fix-taken", "masked");
	assert_string_equal(json_str(j, "fix_sha256"), f.record);
	assert_string_equal(json_str(json_obj(j, "fix"), "draft"), id);
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_can_be_revised),
		cmocka_unit_test(asked_once_done_once),
		cmocka_unit_test(handed_to_its_author),
		cmocka_unit_test(reviewers_know_by_digest),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
