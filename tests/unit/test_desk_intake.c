/* Handing in: every field that can be wrong, signatures over the offers, who sees what, recall.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "desk_people.h"

static struct desk_people p;

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

/* Changes one member of good arguments to a value in JSON, or removes it. */
static json_t *bent_args(const char *name, const char *value)
{
	json_t *args = people_prepare_args(&p, AUTHOR, "bent", "a body"), *v = NULL;
	struct buf text;

	if (value == NULL) {
		(void)json_object_del(args, name);
		return args;
	}
	buf_init(&text, 4096);
	buf_putf(&text, "[%s]", value);
	assert_int_equal(json_parse(text.data, text.len, 4096, &v), SL_OK);
	(void)json_object_set(args, name, json_array_get(v, 0));
	json_decref(v);
	buf_release(&text);
	return args;
}

#define FILE_ROW(name, length)                                                                 \
	"{\"name\":\"" name "\",\"media_type\":\"text/plain\",\"length\":" length              \
	",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"

static void prepare_refuses(void **state)
{
	static const struct {
		const char *name, *value, *says;
		int want;
	} rows[] = {
		{"token", NULL, "token", SL_E_FORMAT},
		{"token", "\"a b\"", "token", SL_E_FORMAT},
		{"title", NULL, "title", SL_E_FORMAT},
		{"title", "\"\"", "title", SL_E_FORMAT},
		{"title", "\"two\\nlines\"", "line breaks", SL_E_FORMAT},
		{"title", "7", "title", SL_E_FORMAT},
		{"type", "\"CT77\"", "content type", SL_E_FORMAT},
		{"type", "\"CT99\"", "no class Q", SL_E_CONFIG},
		{"type", "\"CT05CT05CT05CT05\"", "longer", SL_E_LIMIT},
		{"channels", "[]", "channels", SL_E_FORMAT},
		{"channels", "[\"nowhere\"]", "no channel", SL_E_FORMAT},
		{"channels", "[\"weibo\",\"weibo\"]", "twice", SL_E_FORMAT},
		{"files", "[]", "files", SL_E_LIMIT},
		{"files", "[" FILE_ROW("../x", "0") "]", "rename", SL_E_FORMAT},
		{"files", "[" FILE_ROW("x", "9999") "]", "larger", SL_E_LIMIT},
		{"files", "[" FILE_ROW("x", "-1") "]", "length", SL_E_FORMAT},
		{"files", "[" FILE_ROW("x", "0") "," FILE_ROW("x", "0") "]", "two files",
		 SL_E_FORMAT},
		{"files", "[" FILE_ROW("x", "4000") "," FILE_ROW("y", "4000") "]", "together",
		 SL_E_LIMIT},
		{"files", "[" FILE_ROW("x", "0") "]", "upload it first", SL_E_NOTFOUND},
		{"meta", "[]", "not an object", SL_E_FORMAT},
		{"meta", "{\"author\":\"x\"}", "not public metadata", SL_E_FORMAT},
		{"meta", "{\"created_on\":\"2026-02-30\"}", "not a date", SL_E_FORMAT},
		{"meta", "{\"keywords\":[1]}", "keywords", SL_E_FORMAT},
		{"meta", "{\"summary\":\"a\\u0007\"}", "one line", SL_E_FORMAT},
		{"revise", "\"D-2026-999999\"", "no draft", SL_E_NOTFOUND},
		{"corrects", "\"R-2026-999999\"", "published no", SL_E_NOTFOUND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int r = call(AUTHOR, "draft.prepare", bent_args(rows[i].name, rows[i].value),
			     rows[i].says);

		if (r != rows[i].want)
			fail_msg("%s = %s: %s", rows[i].name, rows[i].value, sl_errname(r));
	}
}

static void the_offer(void **state)
{
	json_t *args = people_prepare_args(&p, AUTHOR, "offer", "offered"), *one, *two;
	const json_t *rows;
	struct manifest *m = NULL;
	struct sl_why why = {""};
	const char *text;

	(void)state;
	one = people_ask(&p, AUTHOR, "draft.prepare", json_incref(args));
	two = people_ask(&p, AUTHOR, "draft.prepare", args); /* the answer was lost */
	assert_true(json_equal(one, two));
	rows = json_arr(one, "manifests");
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_str(json_array_get(rows, 1), "class"), "C");
	text = json_str(json_array_get(rows, 0), "manifest");
	if (manifest_parse(text, strlen(text), &m, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_string_equal(m->klass, "A");
	assert_int_equal(m->version, 1);
	assert_string_equal(m->blobs[0].name, "通告.txt");
	assert_string_equal(json_str(m->json, "publisher"), "云汀市公安局");
	assert_non_null(strstr(m->index_no, "11349900MB0000012T/"));
	assert_string_equal(m->id + 2, json_str(one, "draft") + 2);
	manifest_free(m);
	json_decref(one);
	json_decref(two);
}

static void stopped_and_full(void **state)
{
	json_t *status;

	(void)state;
	assert_int_equal(
		file_write_durable(AT_FDCWD, p.stopped, "signatures too old", 18, 0600), SL_OK);
	assert_int_equal(
		call(AUTHOR, "draft.prepare", bent_args("column", NULL), "signatures too old"),
		SL_E_STATE);
	status = people_ask(&p, AUTHOR, "desk.status", json_object());
	assert_non_null(strstr(json_str(status, "stopped"), "too old"));
	json_decref(status);
	assert_int_equal(unlink(p.stopped), 0);
	p.config.limits.free_bytes = UINT64_MAX / 2;
	assert_int_equal(
		call(AUTHOR, "draft.prepare", bent_args("column", NULL), "nearly full"),
		SL_E_FULL);
	assert_int_equal(call(AUTHOR, "upload.begin",
			      json_pack("{s:s,s:i}", "sha256", "00", "length", 10),
			      "nearly full"),
			 SL_E_FULL);
	p.config.limits.free_bytes = 0;
	assert_int_equal(call(AUTHOR, "upload.begin",
			      json_pack("{s:s,s:i}", "sha256", "00", "length", 5000),
			      "largest"),
			 SL_E_LIMIT);
}

enum bend { GOOD, ONE_ONLY, SWAPPED, OTHER_KEY, OTHER_NAME, OTHER_DRAFT, OLD, GARBAGE };

static json_t *envelope(const json_t *offer, unsigned i, enum bend bend)
{
	const char *text = json_str(
		json_array_get(json_arr(offer, "manifests"), bend == SWAPPED ? 1 - i : i),
		"manifest");
	json_t *predicate = submission_predicate(
		bend == OTHER_DRAFT ? "D-2026-777777" : json_str(offer, "draft"), 1,
		people_pid(bend == OTHER_NAME ? LEADER : AUTHOR), people_pid(AUTHOR),
		clock_now() - (bend == OLD ? 1000 : 0));
	struct buf line;
	char sha256[65];
	json_t *j;

	buf_init(&line, DSSE_MAX);
	hash_hex(text, strlen(text), sha256);
	assert_int_equal(statement_sign(p.key[bend == OTHER_KEY ? ADMIN : AUTHOR],
					PRED_SUBMISSION, sha256, predicate, &line),
			 SL_OK);
	if (bend == GARBAGE)
		line.data[line.len / 2] ^= 1;
	j = json_string(buf_str(&line));
	json_decref(predicate);
	buf_release(&line);
	return j != NULL ? j : json_string("x");
}

static void submit_checks_every_envelope(void **state)
{
	static const struct {
		const char *name;
		enum bend bend;
		int want;
	} rows[] = {
		{"one missing", ONE_ONLY, SL_E_FORMAT},
		{"swapped", SWAPPED, SL_E_DENIED},
		{"another person's key", OTHER_KEY, SL_E_DENIED},
		{"another name", OTHER_NAME, SL_E_DENIED},
		{"another draft", OTHER_DRAFT, SL_E_DENIED},
		{"old", OLD, SL_E_EXPIRED},
		{"good", GOOD, SL_OK},
		{"good again", GOOD, SL_OK},
	};
	json_t *offer = people_ask(&p, AUTHOR, "draft.prepare",
				   people_prepare_args(&p, AUTHOR, "submit", "submitted"));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *list = json_array();
		int r;

		(void)json_array_append_new(list, envelope(offer, 0, rows[i].bend));
		if (rows[i].bend != ONE_ONLY)
			(void)json_array_append_new(list, envelope(offer, 1, rows[i].bend));
		r = call(AUTHOR, "draft.submit",
			 json_pack("{s:s,s:i,s:o}", "draft", json_str(offer, "draft"),
				   "revision", 1, "envelopes", list),
			 NULL);
		if (r != rows[i].want)
			fail_msg("%s: %s", rows[i].name, sl_errname(r));
	}
	people_inspect(&p, json_str(offer, "draft"), "[]", DRAFT_BLOCKED);
	json_decref(offer);
}

static void damaged_envelope(void **state)
{
	json_t *offer = people_ask(&p, AUTHOR, "draft.prepare",
				   people_prepare_args(&p, AUTHOR, "damage", "damaged"));
	json_t *list = json_array();

	(void)state;
	(void)json_array_append_new(list, envelope(offer, 0, GARBAGE));
	(void)json_array_append_new(list, envelope(offer, 1, GARBAGE));
	assert_int_not_equal(
		call(AUTHOR, "draft.submit",
		     json_pack("{s:O,s:i,s:o}", "draft", json_object_get(offer, "draft"),
			       "revision", 1, "envelopes", list),
		     NULL),
		SL_OK);
	assert_int_equal(fixture_state(&p.f, json_str(offer, "draft"), 0), DRAFT_PREPARED);
	/* Nobody but its author can act on it, or learns that it exists. */
	assert_int_equal(call(ADMIN, "draft.cancel",
			      json_pack("{s:O}", "draft", json_object_get(offer, "draft")),
			      "no draft"),
			 SL_E_NOTFOUND);
	assert_int_equal(call(DESK, "review.show",
			      json_pack("{s:O}", "draft", json_object_get(offer, "draft")),
			      "no draft"),
			 SL_E_NOTFOUND);
	json_decref(people_ask(&p, AUTHOR, "draft.cancel",
			       json_pack("{s:O}", "draft", json_object_get(offer, "draft"))));
	json_decref(offer);
}

static void who_sees_what(void **state)
{
	static const struct {
		enum who who;
		const char *op;
		int want;
	} rows[] = {
		{AUTHOR, "draft.show", SL_OK},	      {ADMIN, "draft.status", SL_OK},
		{ADMIN, "draft.show", SL_E_NOTFOUND}, {OPERATOR, "draft.status", SL_E_NOTFOUND},
		{DESK, "draft.status", SL_OK},	      {DESK, "review.show", SL_OK},
		{DESK, "draft.show", SL_E_NOTFOUND},  {AUTHOR, "review.show", SL_E_DENIED},
		{AUTHOR, "review.list", SL_E_DENIED}, {DESK, "review.list", SL_OK},
		{DESK, "review.audit", SL_OK},	      {OPERATOR, "review.audit", SL_E_DENIED},
		{DESK, "review.form", SL_OK},	      {OPERATOR, "review.form", SL_E_DENIED},
		{AUTHOR, "review.form", SL_E_DENIED},
	};
	char id[24];
	json_t *list;

	(void)state;
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "sees", "seen"), id);
	/* Not inspected yet: nothing of it for reviewers, not even the title. */
	assert_int_equal(
		call(DESK, "review.show", json_pack("{s:s}", "draft", id), "not inspected"),
		SL_E_STATE);
	assert_int_equal(
		call(DESK, "review.form", json_pack("{s:s}", "draft", id), "not inspected"),
		SL_E_STATE);
	list = people_ask(&p, DESK, "review.list", json_pack("{s:[s]}", "states", "SUBMITTED"));
	assert_string_equal(json_str(json_array_get(json_arr(list, "drafts"), 0), "title"), "");
	json_decref(list);
	/* Nor can it be made to disappear. */
	assert_int_equal(call(AUTHOR, "draft.cancel", json_pack("{s:s}", "draft", id),
			      "being inspected"),
			 SL_E_STATE);
	people_inspect(&p, id, "[{\"rule\":\"PI-003\",\"severity\":\"S2\"}]", DRAFT_IN_REVIEW);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int r = call(rows[i].who, rows[i].op, json_pack("{s:s}", "draft", id), NULL);

		if (r != rows[i].want)
			fail_msg("row %zu %s: %s", i, rows[i].op, sl_errname(r));
	}
	list = people_ask(&p, DESK, "review.list", json_object());
	assert_string_equal(json_str(json_array_get(json_arr(list, "drafts"), 0), "worst"),
			    "S2");
	json_decref(list);
	json_decref(people_ask(&p, AUTHOR, "draft.cancel", json_pack("{s:s}", "draft", id)));
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_CANCELED);
}

static void spill_shows_nothing(void **state)
{
	struct spill s = {
		.revision = 1, .rule = "SM-001", .sha256 = "abc", .report_due = 86400};
	json_t *seen;
	char id[24];

	(void)state;
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "spill", "spilled"), id);
	people_inspect(&p, id, "[]", DRAFT_SPILL);
	(void)snprintf(s.draft, sizeof(s.draft), "%s", id);
	assert_int_equal(store_spill_add(p.f.store, &s), SL_OK);
	seen = people_ask(&p, AUTHOR, "draft.show", json_pack("{s:s}", "draft", id));
	assert_string_equal(json_str(seen, "state"), "SPILL");
	assert_string_equal(json_str(seen, "title"), "");
	assert_null(json_object_get(seen, "report"));
	assert_null(json_object_get(seen, "files"));
	assert_null(json_object_get(seen, "rule"));
	json_decref(seen);
	assert_int_equal(call(DESK, "review.show", json_pack("{s:s}", "draft", id), "sealed"),
			 SL_E_DENIED);
	assert_int_equal(call(DESK, "review.get",
			      json_pack("{s:s,s:s}", "draft", id, "part", "file:0"), "SPILL"),
			 SL_E_STATE);
	assert_int_equal(
		call(SECRECY, "review.form", json_pack("{s:s}", "draft", id), "sealed"),
		SL_E_DENIED);
	assert_int_equal(call(DESK, "review.audit", json_pack("{s:s}", "draft", id), "secrecy"),
			 SL_E_DENIED);
	seen = people_ask(&p, SECRECY, "review.list", json_pack("{s:[s]}", "states", "SPILL"));
	assert_string_equal(json_str(json_array_get(json_arr(seen, "drafts"), 0), "rule"),
			    "SM-001");
	json_decref(seen);
	assert_int_equal(call(AUTHOR, "draft.cancel", json_pack("{s:s}", "draft", id), NULL),
			 SL_E_STATE);
}

static int order_answering(enum who w, enum who signer, const char *release, const char *action,
			   int64_t version, const char *manifest, int64_t freeze)
{
	struct notice_facts f = {.action = action,
				 .release = release,
				 .version = version,
				 .reason_code = "error",
				 .time = clock_now(),
				 .freeze = freeze};
	char text[HASH_HEX + 1];
	json_t *predicate;
	struct buf line;
	int r;

	hash_hex("wrong file", 10, text);
	f.text_sha256 = text;
	predicate = order_predicate(&f);

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(p.key[signer], PRED_ORDER, manifest, predicate, &line),
			 SL_OK);
	/* Signed for one reason and handed in with another. */
	assert_int_equal(
		call(w, "release.order",
		     json_pack("{s:s,s:s}", "envelope", buf_str(&line), "reason", "another"),
		     NULL) == SL_OK,
		0);
	r = call(w, "release.order",
		 json_pack("{s:s,s:s}", "envelope", buf_str(&line), "reason", "wrong file"),
		 NULL);
	json_decref(predicate);
	buf_release(&line);
	return r;
}

static int order(enum who w, enum who signer, const char *release, const char *action,
		 int64_t version, const char *manifest)
{
	return order_answering(w, signer, release, action, version, manifest, 0);
}

/* The freeze has gone out as serial 9; desk and secrecy say what becomes of it. */
static void two_reviewers_answer(const char *release, const char *sha256)
{
	struct store *releaser = NULL;
	struct sl_why why;
	struct order next;
	json_t *found;
	int64_t freeze = 0;

	assert_int_equal(order_answering(DESK, DESK, release, "confirm", 1, sha256, 9),
			 SL_E_STATE);
	assert_int_equal(store_open(p.f.dir, STORE_RELEASER, &releaser, &why), SL_OK);
	assert_int_equal(store_order_next(releaser, &next), SL_OK);
	assert_int_equal(store_order_done(releaser, next.number, 9), SL_OK);
	found = people_ask(&p, DESK, "release.find", json_pack("{s:s}", "release", release));
	assert_true(json_i64(found, "freeze", &freeze) && freeze == 9);
	json_decref(found);
	assert_int_equal(order_answering(DESK, DESK, release, "confirm", 1, sha256, 8),
			 SL_E_CONFLICT);
	assert_int_equal(order_answering(OPERATOR, OPERATOR, release, "confirm", 1, sha256, 9),
			 SL_E_DENIED);
	assert_int_equal(order_answering(AUTHOR, AUTHOR, release, "confirm", 1, sha256, 9),
			 SL_E_DENIED);
	assert_int_equal(order_answering(DESK, DESK, release, "confirm", 1, sha256, 9), SL_OK);
	assert_int_equal(order_answering(SECRECY, SECRECY, release, "reinstate", 1, sha256, 9),
			 SL_OK);
	assert_int_equal(store_order_next(releaser, &next), SL_E_NOTFOUND);
	assert_int_equal(order_answering(SECRECY, SECRECY, release, "confirm", 1, sha256, 9),
			 SL_OK);
	assert_int_equal(store_order_next(releaser, &next), SL_OK);
	assert_string_equal(next.action, "confirm");
	assert_true(next.second[0] != '\0' && strcmp(next.second, next.envelope) != 0);
	assert_int_equal(store_order_done(releaser, next.number, 10), SL_OK);
	assert_int_equal(store_order_next(releaser, &next), SL_E_NOTFOUND);
	store_close(releaser);
}

static void recall(void **state)
{
	json_t *found, *args;
	struct draft d;
	char id[24], fixed[24];
	const char *sha256;

	(void)state;
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "recall", "recalled"), id);
	people_inspect(&p, id, "[]", DRAFT_IN_REVIEW);
	assert_int_equal(store_draft_get(p.f.store, id, 0, &d), SL_OK);
	assert_int_equal(call(DESK, "release.find", json_pack("{s:s}", "release", d.release),
			      "no release"),
			 SL_E_NOTFOUND);
	fixture_move(&p.f, &d, DRAFT_IN_REVIEW, DRAFT_APPROVED);
	fixture_move(&p.f, &d, DRAFT_APPROVED, DRAFT_RELEASED);
	found = people_ask(&p, DESK, "release.find", json_pack("{s:s}", "release", d.release));
	sha256 = json_str(found, "manifest_sha256");
	assert_int_equal(order(ADMIN, ADMIN, d.release, "withdraw", 1, sha256), SL_E_DENIED);
	assert_int_equal(order(AUTHOR, AUTHOR, d.release, "freeze", 1, sha256), SL_E_DENIED);
	assert_int_equal(order(DESK, AUTHOR, d.release, "freeze", 1, sha256), SL_E_DENIED);
	assert_int_equal(order_answering(DESK, DESK, d.release, "reinstate", 1, sha256, 3),
			 SL_E_STATE);
	assert_int_equal(order(DESK, DESK, d.release, "correct", 1, sha256), SL_E_FORMAT);
	assert_int_equal(order(DESK, DESK, d.release, "freeze", 2, sha256), SL_E_CONFLICT);
	assert_int_equal(order(DESK, DESK, d.release, "freeze", 1, p.policy_sha256),
			 SL_E_CONFLICT);
	/* A published draft is corrected, not revised. */
	args = people_prepare_args(&p, AUTHOR, "revise-it", "new");
	(void)json_object_set_new(args, "revise", json_string(id));
	assert_int_equal(call(AUTHOR, "draft.prepare", args, "correct"), SL_E_STATE);
	args = people_prepare_args(&p, AUTHOR, "correct-it", "new");
	(void)json_object_set_new(args, "corrects", json_string(d.release));
	people_submit(&p, AUTHOR, args, fixed);
	people_inspect(&p, fixed, "[]", DRAFT_BLOCKED);

	assert_int_equal(order(OPERATOR, OPERATOR, d.release, "freeze", 1, sha256), SL_OK);
	assert_int_equal(fixture_state(&p.f, id, 0), DRAFT_FROZEN);
	/* Frozen by one: the same one cannot make it final, and no third one need freeze. */
	assert_int_equal(order(OPERATOR, OPERATOR, d.release, "withdraw", 1, sha256),
			 SL_E_STATE);
	assert_int_equal(order(DESK, DESK, d.release, "freeze", 1, sha256), SL_E_STATE);
	two_reviewers_answer(d.release, sha256);
	assert_int_equal(order(AUTHOR, AUTHOR, d.release, "withdraw", 1, sha256), SL_OK);
	draft_release(&d);
	json_decref(found);
}

static void small_ones(void **state)
{
	json_t *me = people_ask(&p, LIAISON, "whoami", json_object());
	struct wire_reply rp;
	struct sl_why why;

	(void)state;
	assert_string_equal(json_str(me, "pid"), people_pid(LIAISON));
	assert_string_equal(json_str(me, "unit"), "u-12");
	assert_int_equal(json_array_size(json_arr(me, "roles")), 2);
	json_decref(me);
	assert_int_equal(people_call(&p, LIAISON, "policy.get", json_object(), &rp, &why),
			 SL_OK);
	assert_int_equal(rp.data.len, p.policy.len);
	assert_string_equal(json_str(rp.result, "sha256"), p.policy_sha256);
	wire_reply_release(&rp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prepare_refuses),
		cmocka_unit_test(the_offer),
		cmocka_unit_test(stopped_and_full),
		cmocka_unit_test(submit_checks_every_envelope),
		cmocka_unit_test(damaged_envelope),
		cmocka_unit_test(who_sees_what),
		cmocka_unit_test(spill_shows_nothing),
		cmocka_unit_test(recall),
		cmocka_unit_test(small_ones),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
