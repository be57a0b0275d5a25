/* test_form_record.c - a record says of every signed line whether it holds, and why not. */
#include "trust_kit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "form/form_record.h"
#include "form/form_signed.h"
#include "trust/procedure.h"

#define OTHER "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct desk { /* what an honest gateway would answer */
	struct roster *roster;
	char *manifest;
	char manifest_sha256[65], report_sha256[65], policy[65];
	json_t *answer;
};

static const char report_text[] =
	"{\"files\":[{\"findings\":[{\"message\":{\"en\":\"mail\",\"zh\":\"邮箱\"},"
	"\"rule\":\"PI-015\",\"severity\":\"S3\"},{\"rule\":\"PI-015\",\"severity\":\"S3\"},"
	"{\"rule\":\"WS-006\",\"severity\":\"S1\",\"suppressed\":{\"reason\":\"x\"}},"
	"{\"rule\":\"SM-001\",\"severity\":\"S0\"},{\"rule\":7,\"severity\":\"S9\"}],"
	"\"objects\":[{\"id\":\"0\",\"path\":\"body.html\",\"state\":\"inspected\"},"
	"{\"id\":\"0.1\",\"path\":\"body.html/page-7\",\"state\":\"inspected\"},"
	"{\"id\":\"0.2\",\"path\":\"body.html/page-x\",\"state\":\"skipped\"},"
	"{\"id\":\"0.1.1\",\"path\":\"body.html/part/page-9\",\"state\":\"inspected\"}],"
	"\"policy\":{\"sha256\":\"" OTHER "\",\"version\":3}}],\"verdict\":\"review\"}";

static json_t *signed_line(const struct key *k, enum predicate kind, const char *subject,
			   json_t *predicate, char ret_sha256[65])
{
	struct buf line;
	json_t *text;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(k, kind, subject, predicate, &line), SL_OK);
	hash_hex(line.data, line.len, ret_sha256);
	text = json_string(buf_str(&line));
	json_decref(predicate);
	buf_release(&line);
	assert_non_null(text);
	return text;
}

static struct approval_facts facts(const struct desk *d, const char *role)
{
	return (struct approval_facts){
		.decision = "approve",
		.role = role,
		.draft = "D-2026-000123",
		.revision = 1,
		.inspection_sha256 = d->report_sha256,
		.shown_sha256 = OTHER,
		.policy_sha256 = d->policy,
		.policy_version = 7,
		.time = KIT_NOW - 1000,
		.expires = KIT_NOW + 86400,
		.nonce = "000102030405060708090a0b0c0d0e0f",
	};
}

/* The gateway's row of a vote that `key` signs. */
static json_t *vote_row(const struct key *key, const char *pid, const struct approval_facts *f,
			const char *subject)
{
	char sha256[65];
	json_t *line = signed_line(key, PRED_APPROVAL, subject, approval_predicate(f), sha256);

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "pid", pid, "role", f->role,
			 "decision", f->decision, "code", "", "reason", "the gateway's words",
			 "time", "2026-01-01T00:00:00Z", "envelope_sha256", sha256, "envelope",
			 line);
}

static void add_vote(struct desk *d, json_t *row)
{
	assert_int_equal(json_array_append_new(json_object_get(d->answer, "votes"), row), 0);
}

static void desk_open(struct desk *d)
{
	struct key *author = kit_person_key(KIT_AUTHOR),
		   *inspector = kit_person_key(KIT_INSPECTOR);
	json_t *report = NULL, *filters = json_array(), *submission, *inspection;
	struct buf bytes;
	char unused[65];

	memset(d, 0, sizeof(*d));
	d->roster = kit_roster();
	text_hex(roster_digest(d->roster), HASH_LEN, d->policy);
	d->manifest = kit_replace(kit_manifest_text(), "\"version\":2", "\"version\":1");
	hash_hex(d->manifest, strlen(d->manifest), d->manifest_sha256);
	assert_int_equal(json_parse(report_text, strlen(report_text), 65536, &report), SL_OK);
	buf_init(&bytes, 65536);
	assert_int_equal(json_compact(report, &bytes), SL_OK);
	hash_hex(bytes.data, bytes.len, d->report_sha256);
	buf_release(&bytes);
	submission = signed_line(
		author, PRED_SUBMISSION, d->manifest_sha256,
		submission_predicate("D-2026-000123", 1, "p-01", "p-01", KIT_NOW - 3600),
		unused);
	inspection = signed_line(inspector, PRED_INSPECTION, d->manifest_sha256,
				 inspection_predicate(filters, "review", d->report_sha256,
						      OTHER, KIT_NOW - 3000),
				 unused);
	json_decref(filters);
	d->answer = json_pack(
		"{s:{s:s,s:i,s:s,s:s,s:s,s:s,s:s},s:s,s:o,s:o,s:o,s:[],s:[{s:s,s:s,s:s,s:{s:s,"
		"s:i}},{s:s,s:s,s:s,s:{s:s,s:s}},{s:i}],s:i}",
		"draft", "draft", "D-2026-000123", "revision", 1, "state", "SENT", "unit",
		"u-01", "author", "p-01", "submitter", "p-01", "route", "A", "manifest",
		d->manifest, "report", report, "submission", submission, "inspection",
		inspection, "votes", "entries", "time", "2026-05-28T20:00:00Z", "kind",
		"draft.move", "actor", "releaser", "record", "to", "RELEASED", "serial", 42,
		"time", "2026-05-29T20:00:00Z", "kind", "release.order", "actor", "p-05",
		"record", "action", "freeze", "reason", "有误", "time", 5, "serial", 42);
	assert_non_null(d->answer);
	key_free(author);
	key_free(inspector);
}

static void desk_close(struct desk *d)
{
	json_decref(d->answer);
	roster_free(d->roster);
	free(d->manifest);
}

static json_t *record_of(struct desk *d)
{
	struct sl_why why = {.text = ""};
	json_t *record = NULL;

	if (form_record(d->answer, d->roster, &record, &why) != SL_OK)
		fail_msg("%s", why.text);
	return record;
}

static const json_t *vote_of(const json_t *record)
{
	return json_array_get(json_arr(record, "votes"), 0);
}

static void an_honest_answer_is_valid(void **state)
{
	struct key *desk = kit_person_key(KIT_DESK);
	struct approval_facts f;
	struct desk d;
	json_t *record;
	int64_t n = 0;
	bool counts = false;

	(void)state;
	desk_open(&d);
	f = facts(&d, "desk");
	f.acknowledged = json_pack("[{s:s,s:s,s:s}]", "rule", "PI-015", "reason", "公开邮箱",
				   "text_hmac", OTHER);
	add_vote(&d, vote_row(desk, "p-04", &f, d.manifest_sha256));
	record = record_of(&d);
	assert_string_equal(json_str(vote_of(record), "check"), "valid");
	/* The signed words and the signed time, not those beside them. */
	assert_string_equal(json_str(vote_of(record), "reason"), "");
	assert_string_equal(json_str(vote_of(record), "time"), "2026-05-28T20:10:00Z");
	assert_string_equal(json_str(vote_of(record), "unit"), "u-02");
	assert_string_equal(json_str(vote_of(record), "keyid"), key_id(desk));
	assert_true(json_bool(vote_of(record), "counts", &counts) && counts);
	assert_int_equal(json_array_size(json_arr(vote_of(record), "acknowledged")), 1);
	assert_string_equal(json_str(json_obj(record, "submission"), "check"), "valid");
	assert_string_equal(json_str(json_obj(record, "inspection"), "check"), "valid");
	assert_string_equal(json_str(record, "manifest_sha256"), d.manifest_sha256);
	assert_string_equal(json_str(json_obj(record, "report"), "sha256"), d.report_sha256);
	assert_string_equal(json_str(record, "released"), "2026-05-28T20:00:00Z");
	assert_string_equal(json_str(record, "as_of"), "2026-05-29T20:00:00Z");
	assert_int_equal(json_array_size(json_arr(record, "history")), 2);
	assert_int_equal(json_array_size(json_arr(record, "required")), 3);
	assert_true(json_i64(record, "serial", &n) && n == 42);
	json_decref(record);
	json_decref((json_t *)(uintptr_t)f.acknowledged);
	desk_close(&d);
	key_free(desk);
}

static void a_report_is_counted(void **state)
{
	const json_t *report, *rules, *files;
	struct desk d;
	json_t *record;
	int64_t n = 0;

	(void)state;
	desk_open(&d);
	record = record_of(&d);
	report = json_obj(record, "report");
	rules = json_arr(report, "rules");
	assert_int_equal(json_array_size(rules), 3);
	/* The worst first. */
	assert_string_equal(json_str(json_array_get(rules, 0), "rule"), "SM-001");
	assert_string_equal(json_str(json_array_get(rules, 1), "rule"), "WS-006");
	assert_true(json_i64(json_array_get(rules, 1), "suppressed", &n) && n == 1);
	assert_true(json_i64(json_array_get(rules, 2), "count", &n) && n == 2);
	assert_true(json_i64(json_obj(report, "counts"), "S3", &n) && n == 2);
	assert_true(json_i64(json_obj(report, "counts"), "S1", &n) && n == 0);
	assert_true(json_i64(json_obj(report, "counts"), "suppressed", &n) && n == 1);
	assert_true(json_i64(report, "unread", &n) && n == 1);
	files = json_arr(record, "files");
	assert_true(json_i64(json_array_get(files, 0), "pages", &n) && n == 7);
	json_decref(record);
	desk_close(&d);
}

/* What a gateway may do to one vote, and what the form then says. */
enum lie {
	NO_LINE,
	OTHER_LINE,
	NO_STATEMENT,
	AN_INSPECTION,
	STRANGER,
	CHANGED_WORDS,
	TOO_EARLY,
	OTHER_PERSON,
	NO_ROLE,
	OTHER_DECISION,
	OTHER_DRAFT,
	OTHER_REVISION,
	LIES
};

static json_t *lying_row(struct desk *d, enum lie lie)
{
	static const enum kit_person desk = KIT_DESK;
	struct key *key =
		lie == STRANGER ? kit_key(KEY_DSSE_REVIEWER, 99) : kit_person_key(desk);
	struct approval_facts f = facts(d, lie == NO_ROLE ? "secrecy" : "desk");
	const char *line;
	json_t *row, *changed = NULL;
	char sha256[65];

	if (lie == TOO_EARLY)
		f.time = KIT_NOW - INT64_C(20) * 365 * 86400;
	if (lie == OTHER_DRAFT)
		f.draft = "D-2026-000124";
	if (lie == OTHER_REVISION)
		f.revision = 2;
	row = vote_row(key, lie == OTHER_PERSON ? "p-05" : "p-04", &f, d->manifest_sha256);
	key_free(key);
	line = json_str(row, "envelope");
	if (lie == NO_LINE)
		assert_int_equal(json_object_del(row, "envelope"), 0);
	if (lie == OTHER_LINE)
		assert_int_equal(
			json_object_set_new(row, "envelope_sha256", json_string(OTHER)), 0);
	if (lie == NO_STATEMENT)
		changed = json_string("{}");
	if (lie == AN_INSPECTION)
		changed = json_incref(json_object_get(d->answer, "inspection"));
	if (lie == OTHER_DECISION)
		assert_int_equal(json_object_set_new(row, "decision", json_string("refuse")),
				 0);
	if (lie == CHANGED_WORDS) {
		/* Another signature over the same words: the first one's last characters. */
		const char *sig = strstr(line, "\"sig\":\"");
		char *copy = strdup(line), *at;

		assert_non_null(sig);
		at = copy + (sig - line) + 10;
		*at = *at == 'A' ? 'B' : 'A';
		changed = json_string(copy);
		free(copy);
	}
	if (changed != NULL) {
		hash_hex(json_string_value(changed), json_string_length(changed), sha256);
		assert_int_equal(json_object_set_new(row, "envelope", changed), 0);
		assert_int_equal(
			json_object_set_new(row, "envelope_sha256", json_string(sha256)), 0);
	}
	return row;
}

static void every_lie_about_a_vote_is_named(void **state)
{
	static const char *const want[LIES] = {
		[NO_LINE] = "missing",	    [OTHER_LINE] = "digest",
		[NO_STATEMENT] = "format",  [AN_INSPECTION] = "format",
		[STRANGER] = "unknown-key", [CHANGED_WORDS] = "signature",
		[TOO_EARLY] = "window",	    [OTHER_PERSON] = "person",
		[NO_ROLE] = "role",	    [OTHER_DECISION] = "differs",
		[OTHER_DRAFT] = "differs",  [OTHER_REVISION] = "differs",
	};

	(void)state;
	for (unsigned lie = 0; lie < LIES; lie++) {
		struct desk d;
		json_t *record;

		desk_open(&d);
		add_vote(&d, lying_row(&d, (enum lie)lie));
		record = record_of(&d);
		if (strcmp(json_str(vote_of(record), "check"), want[lie]) != 0)
			fail_msg("lie %u: %s instead of %s", lie,
				 json_str(vote_of(record), "check"), want[lie]);
		/* Nothing of it is taken for signed. */
		assert_null(json_object_get(vote_of(record), "counts"));
		json_decref(record);
		desk_close(&d);
	}
}

static void approvals_of_something_else_do_not_count(void **state)
{
	struct key *desk = kit_person_key(KIT_DESK);
	static const char *const want[] = {"manifest", "report"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct approval_facts f;
		struct desk d;
		json_t *record;
		bool counts = true;

		desk_open(&d);
		f = facts(&d, "desk");
		if (i == 1)
			f.inspection_sha256 = OTHER;
		add_vote(&d, vote_row(desk, "p-04", &f, i == 0 ? OTHER : d.manifest_sha256));
		record = record_of(&d);
		assert_string_equal(json_str(vote_of(record), "check"), "valid");
		assert_string_equal(json_str(vote_of(record), "about"), want[i]);
		assert_true(json_bool(vote_of(record), "counts", &counts) && !counts);
		json_decref(record);
		desk_close(&d);
	}
	key_free(desk);
}

/* One signed step as the gateway hands it out. */
static json_t *step_row(const struct key *k, const struct procedure_facts *f)
{
	char sha256[65];
	json_t *line = signed_line(k, PRED_PROCEDURE, OTHER, procedure_predicate(f), sha256);

	return json_pack("{s:o,s:s}", "envelope", line, "envelope_sha256", sha256);
}

static void steps_are_the_signed_words(void **state)
{
	struct key *desk = kit_person_key(KIT_DESK), *secrecy = kit_person_key(KIT_SECRECY),
		   *stranger = kit_key(KEY_DSSE_REVIEWER, 99);
	struct procedure_facts f = {.action = "refer",
				    .role = "secrecy",
				    .draft = "D-2026-000123",
				    .revision = 1,
				    .text = "可以公开吗",
				    .body = "市国家保密局",
				    .time = KIT_NOW - 500,
				    .nonce = "0123456789abcdef0123456789abcdef"};
	static const char *const want[] = {"valid",   "role",	"differs", "differs",
					   "missing", "digest", "format",  "unknown-key"};
	json_t *record, *list = json_array(), *row;
	struct desk d;

	(void)state;
	desk_open(&d);
	(void)json_array_append_new(list, step_row(secrecy, &f));
	(void)json_array_append_new(list, step_row(desk, &f)); /* who may not refer */
	f.revision = 2;
	(void)json_array_append_new(list, step_row(secrecy, &f));
	f.revision = 1;
	f.draft = "D-2026-000124";
	(void)json_array_append_new(list, step_row(secrecy, &f));
	f.draft = "D-2026-000123";
	row = step_row(secrecy, &f);
	(void)json_object_del(row, "envelope");
	(void)json_array_append_new(list, row);
	row = step_row(secrecy, &f);
	(void)json_object_set_new(row, "envelope_sha256", json_string(OTHER));
	(void)json_array_append_new(list, row);
	row = step_row(secrecy, &f);
	(void)json_object_set_new(row, "envelope", json_string("{}"));
	(void)json_array_append_new(list, row);
	(void)json_array_append_new(list, step_row(stranger, &f));
	(void)json_object_set_new(d.answer, "steps", list);
	(void)json_object_set_new(d.answer, "names",
				  json_pack("{s:s,s:i}", "p-05", "吴建平", "p-06", 7));
	record = record_of(&d);
	assert_int_equal(json_array_size(json_arr(record, "steps")), 8);
	for (size_t i = 0; i < 8; i++) {
		row = json_array_get(json_arr(record, "steps"), i);
		if (strcmp(json_str(row, "check"), want[i]) != 0)
			fail_msg("step %zu: %s", i, json_str(row, "check"));
		/* Nothing is said for anybody who did not sign it. */
		assert_true((json_str(row, "text") != NULL) == (i == 0));
	}
	row = json_array_get(json_arr(record, "steps"), 0);
	assert_string_equal(json_str(row, "body"), "市国家保密局");
	assert_string_equal(json_str(json_obj(record, "names"), "p-05"), "吴建平");
	assert_int_equal(json_object_size(json_obj(record, "names")), 1);
	json_decref(record);
	desk_close(&d);
	key_free(desk);
	key_free(secrecy);
	key_free(stranger);
}

static void submission_and_inspection_are_verified_too(void **state)
{
	struct key *leader = kit_person_key(KIT_LEADER);
	char unused[65];
	struct desk d;
	json_t *record, *line, *filters = json_array();

	(void)state;
	desk_open(&d);
	/* By another person than it names; and a person is no inspector. */
	line = signed_line(
		leader, PRED_SUBMISSION, d.manifest_sha256,
		submission_predicate("D-2026-000123", 1, "p-01", "p-01", KIT_NOW - 3600),
		unused);
	assert_int_equal(json_object_set_new(d.answer, "submission", line), 0);
	line = signed_line(
		leader, PRED_INSPECTION, d.manifest_sha256,
		inspection_predicate(filters, "clean", d.report_sha256, OTHER, KIT_NOW - 3000),
		unused);
	assert_int_equal(json_object_set_new(d.answer, "inspection", line), 0);
	record = record_of(&d);
	assert_string_equal(json_str(json_obj(record, "submission"), "check"), "person");
	assert_string_equal(json_str(json_obj(record, "inspection"), "check"), "person");
	json_decref(record);
	/* The report was exchanged after the inspector had signed. */
	assert_int_equal(json_object_del(d.answer, "submission"), 0);
	assert_int_equal(json_object_set_new(json_object_get(d.answer, "report"), "verdict",
					     json_string("clean")),
			 0);
	record = record_of(&d);
	assert_string_equal(json_str(json_obj(record, "submission"), "check"), "missing");
	assert_string_equal(json_str(json_obj(record, "inspection"), "check"), "differs");
	json_decref(record);
	json_decref(filters);
	desk_close(&d);
	key_free(leader);
}

static void what_is_no_answer_is_refused(void **state)
{
	struct sl_why why = {.text = ""};
	json_t *record = NULL, *empty = json_object();
	struct desk d;

	(void)state;
	desk_open(&d);
	assert_int_equal(form_record(empty, d.roster, &record, &why), SL_E_FORMAT);
	/* A manifest of another revision than the gateway speaks of. */
	assert_int_equal(json_object_set_new(json_object_get(d.answer, "draft"), "revision",
					     json_integer(2)),
			 0);
	assert_int_equal(form_record(d.answer, d.roster, &record, &why), SL_E_SIGNATURE);
	assert_null(record);
	json_decref(empty);
	desk_close(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_answer_is_valid),
		cmocka_unit_test(a_report_is_counted),
		cmocka_unit_test(every_lie_about_a_vote_is_named),
		cmocka_unit_test(approvals_of_something_else_do_not_count),
		cmocka_unit_test(steps_are_the_signed_words),
		cmocka_unit_test(submission_and_inspection_are_verified_too),
		cmocka_unit_test(what_is_no_answer_is_refused),
	};

	if (crypto_start() != SL_OK)
		return EXIT_FAILURE;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
