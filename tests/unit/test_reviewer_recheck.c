/* test_reviewer_recheck.c - a gateway's report against the same report, made from the bytes:
 * every way of saying less is told apart, also by somebody who mends sums and digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "recheck.h"
#include "recompare.h"

enum { REPORT_MAX = 1 << 20 };

static json_t *recorded; /* as a gateway made it of tests/corpus */

static int load(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, REPORT_MAX);
	assert_int_equal(crypto_start(), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, SL_SOURCE_DIR "/tests/corpus/recheck/leak.json",
				   REPORT_MAX, &b),
			 SL_OK);
	assert_int_equal(json_parse(b.data, b.len, REPORT_MAX, &recorded), SL_OK);
	buf_release(&b);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	json_decref(recorded);
	return 0;
}

static json_t *file_report(unsigned i)
{
	return json_deep_copy(json_array_get(json_object_get(recorded, "files"), i));
}

static json_t *findings(json_t *report)
{
	return json_object_get(report, "findings");
}

/* What a careful liar does after a change: sums, verdict and digest are right again. */
static void mend(json_t *report)
{
	static const char *const names[] = {"S0", "S1", "S2", "S3", "S4"};
	static const char *const verdicts[] = {"clean", "review", "hold", "block", "spill"};
	json_t *f, *content, *o;
	char hex[HASH_HEX + 1];
	int64_t n[5] = {0};
	unsigned verdict = 0;
	struct buf b;
	size_t i;

	json_array_foreach(json_object_get(report, "objects"), i,
			   o) if (strcmp(json_str(o, "state"), "failed") == 0) verdict = 2;
	json_array_foreach(findings(report), i, f)
	{
		unsigned s = (unsigned)(json_str(f, "severity")[1] - '0'), one = s == 0	  ? 4
										 : s == 1 ? 3
											  : 1;

		if (json_object_get(f, "suppressed") != NULL)
			continue;
		n[s]++;
		verdict = one > verdict ? one : verdict;
	}
	for (unsigned s = 0; s < 5; s++)
		(void)json_object_set_new(json_object_get(report, "counts"), names[s],
					  json_integer(n[s]));
	(void)json_object_set_new(report, "verdict", json_string(verdicts[verdict]));
	content = json_copy(report);
	(void)json_object_del(content, "content_sha256");
	(void)json_object_del(content, "filters");
	buf_init(&b, REPORT_MAX);
	assert_int_equal(json_canonical(content, &b), SL_OK);
	hash_hex(b.data, b.len, hex);
	(void)json_object_set_new(report, "content_sha256", json_string(hex));
	buf_release(&b);
	json_decref(content);
}

static void set(json_t *o, const char *name, const char *value)
{
	assert_int_equal(json_object_set_new(o, name, json_string(value)), 0);
}

static void drop_finding(json_t *r)
{
	assert_int_equal(json_array_remove(findings(r), 0), 0);
}
static void drop_all(json_t *r)
{
	assert_int_equal(json_array_clear(findings(r)), 0);
}
static void add_finding(json_t *r)
{
	json_t *f = json_deep_copy(json_array_get(findings(r), 0));

	(void)json_object_set_new(f, "offset", json_integer(1));
	assert_int_equal(json_array_append_new(findings(r), f), 0);
}
static void lower_severity(json_t *r)
{
	set(json_array_get(findings(r), 0), "severity", "S4");
}
static void other_place(json_t *r)
{
	(void)json_object_set_new(json_array_get(findings(r), 0), "line", json_integer(99));
}
static void other_excerpt(json_t *r)
{
	set(json_array_get(findings(r), 0), "excerpt", "harmless");
}
static void other_message(json_t *r)
{
	set(json_object_get(json_array_get(findings(r), 0), "message"), "zh", "无妨");
}
/* By likeness findings are left out of the comparison: renamed, the real one is missing. */
static void rename_finding(json_t *r)
{
	set(json_array_get(findings(r), 0), "rule", "DH-016");
}
static void other_type(json_t *r)
{
	set(json_array_get(json_object_get(r, "objects"), 0), "type", "text/html");
}
static void other_object(json_t *r)
{
	set(json_array_get(json_object_get(r, "objects"), 0), "state", "failed");
}
static void drop_object(json_t *r)
{
	json_t *o = json_object_get(r, "objects");

	assert_int_equal(json_array_remove(o, json_array_size(o) - 1), 0);
}
static void other_file(json_t *r)
{
	set(json_object_get(r, "input"), "name", "other.txt");
}
static void filter_failed(json_t *r)
{
	json_t *list = json_object_get(r, "filters"), *f;
	size_t i;

	json_array_foreach(list, i, f) if (strcmp(json_str(f, "name"), "match") == 0)
	{
		set(f, "state", "failed");
		set(f, "reason", "timeout");
	}
}

static const struct {
	void (*change)(json_t *report);
	const char *what; /* first difference once all sums are right again */
} lies[] = {
	{drop_finding, "finding-missing"},
	{drop_all, "finding-missing"},
	{add_finding, "finding-added"},
	{lower_severity, "finding-changed"},
	{other_place, "finding-changed"},
	{other_excerpt, "finding-changed"},
	{other_message, "finding-changed"},
	{rename_finding, "finding-missing"},
	{other_type, "type"},
	{other_object, "object"},
	{drop_object, "objects"},
	{other_file, "input"},
	{filter_failed, "filter"},
};

static const char *first(const struct recompare *c, const char *member)
{
	const char *s = json_str(json_array_get(c->differences, 0), member);

	return s != NULL ? s : "";
}

static void an_honest_report_is_the_same(void **state)
{
	(void)state;
	for (unsigned i = 0; i < json_array_size(json_object_get(recorded, "files")); i++) {
		json_t *mine = file_report(i);
		struct recompare c;

		assert_int_equal(recompare_init(&c), SL_OK);
		assert_int_equal(recompare_file(&c, "f",
						json_array_get(json_arr(recorded, "files"), i),
						mine, false),
				 SL_OK);
		assert_int_equal(json_array_size(c.differences), 0);
		assert_int_equal(json_array_size(c.left_out), 0);
		recompare_release(&c);
		json_decref(mine);
	}
}

static void every_lie_is_found(void **state)
{
	(void)state;
	/* The first two files have findings, the second has objects in it. */
	for (unsigned file = 0; file < 2; file++) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			json_t *mine = file_report(file), *theirs = file_report(file);
			struct recompare c;

			lies[i].change(theirs);
			mend(theirs);
			assert_int_equal(recompare_init(&c), SL_OK);
			assert_int_equal(recompare_file(&c, "f", theirs, mine, false), SL_OK);
			assert_true(json_array_size(c.differences) > 0);
			assert_string_equal(first(&c, "what"), lies[i].what);
			recompare_release(&c);
			json_decref(mine);
			json_decref(theirs);
		}
	}
}

/* Whoever forgets the sums is found without looking at the file. */
static void sums_are_made_again(void **state)
{
	static const struct {
		void (*change)(json_t *);
		const char *what;
	} rows[] = {{drop_finding, "counts"}, {other_type, "digest"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *mine = file_report(0), *theirs = file_report(0);
		struct recompare c;

		rows[i].change(theirs);
		assert_int_equal(recompare_init(&c), SL_OK);
		/* Pictures were not read here: only what the report says of itself counts. */
		assert_int_equal(recompare_file(&c, "f", theirs, mine, true), SL_OK);
		assert_string_equal(first(&c, "what"), rows[i].what);
		assert_int_equal(json_array_size(c.left_out), 1);
		recompare_release(&c);
		json_decref(mine);
		json_decref(theirs);
	}
}

/* What the gateway remembers of other drafts is its own: likeness and suppressions. */
static void memory_is_left_out(void **state)
{
	json_t *mine = file_report(0), *theirs = file_report(0), *like;
	struct recompare c;

	(void)state;
	like = json_deep_copy(json_array_get(findings(theirs), 0));
	set(like, "rule", "DH-016");
	set(like, "severity", "S2");
	(void)json_object_set_new(like, "offset", json_integer(0));
	(void)json_array_insert_new(findings(theirs), 0, like);
	(void)json_object_set_new(json_array_get(findings(theirs), 1), "suppressed",
				  json_pack("{s:s}", "reason", "said by two"));
	(void)json_object_set_new(json_object_get(theirs, "policy"), "suppressions",
				  json_string("00"));
	mend(theirs);
	assert_int_equal(recompare_init(&c), SL_OK);
	assert_int_equal(recompare_file(&c, "f", theirs, mine, false), SL_OK);
	assert_int_equal(json_array_size(c.differences), 0);
	assert_int_equal(json_array_size(c.left_out), 0);
	recompare_release(&c);
	json_decref(mine);
	json_decref(theirs);
}

/* A machine that could not look says so, and calls nobody a liar. */
static void own_failures_are_no_difference(void **state)
{
	json_t *mine = file_report(0), *theirs = file_report(0), *f;
	struct recompare c;
	size_t i;

	(void)state;
	filter_failed(mine);
	drop_all(mine);
	assert_int_equal(recompare_init(&c), SL_OK);
	assert_int_equal(recompare_file(&c, "f", theirs, mine, false), SL_OK);
	assert_int_equal(json_array_size(c.differences), 0);
	assert_string_equal(json_str(json_array_get(c.left_out, 0), "why"), "match: timeout");
	recompare_release(&c);
	json_decref(mine);

	/* Without virus signatures the rest is compared all the same. */
	mine = file_report(0);
	json_array_foreach(json_object_get(mine, "filters"), i,
			   f) if (strcmp(json_str(f, "name"), "av") == 0)
		set(f, "state", "failed");
	set(json_array_get(json_object_get(mine, "objects"), 0), "state", "failed");
	set(json_array_get(json_object_get(mine, "objects"), 0), "reason", "av-unreachable");
	assert_int_equal(recompare_init(&c), SL_OK);
	assert_int_equal(recompare_file(&c, "f", theirs, mine, false), SL_OK);
	assert_int_equal(json_array_size(c.differences), 0);
	assert_string_equal(json_str(json_array_get(c.left_out, 0), "why"), "signatures");
	drop_finding(theirs);
	mend(theirs);
	assert_int_equal(recompare_file(&c, "f", theirs, mine, false), SL_OK);
	assert_string_equal(first(&c, "what"), "finding-missing");
	recompare_release(&c);
	json_decref(mine);
	json_decref(theirs);
}

static void a_draft_adds_up(void **state)
{
	json_t *report = json_deep_copy(recorded);
	unsigned n = (unsigned)json_array_size(json_object_get(recorded, "files"));
	struct recompare c;

	(void)state;
	assert_int_equal(recompare_init(&c), SL_OK);
	assert_int_equal(recompare_draft(&c, report, n), SL_OK);
	assert_int_equal(json_array_size(c.differences), 0);
	assert_int_equal(recompare_draft(&c, report, n + 1), SL_OK);
	assert_string_equal(first(&c, "what"), "files");
	recompare_release(&c);

	assert_int_equal(recompare_init(&c), SL_OK);
	set(report, "verdict", "clean");
	assert_int_equal(recompare_draft(&c, report, n), SL_OK);
	assert_string_equal(first(&c, "what"), "verdict");
	recompare_release(&c);
	json_decref(report);
}

static void rules_are_named_by_digest_and_version(void **state)
{
	json_t *mine = file_report(0), *theirs = file_report(0);

	(void)state;
	assert_true(recompare_same_rules(theirs, mine));
	(void)json_object_set_new(json_object_get(mine, "policy"), "version", json_integer(9));
	assert_false(recompare_same_rules(theirs, mine));
	assert_false(recompare_same_rules(theirs, NULL));
	assert_false(recompare_same_rules(NULL, NULL));
	json_decref(mine);
	json_decref(theirs);
}

/* A result holds for the report it was made for, and is written down with what differs. */
static void results_are_remembered_for_one_report(void **state)
{
	char dir[] = "/tmp/sl-recheck.XXXXXX", person[] = "p-07", line[RECHECK_LINE];
	struct client_config config = {.person = person};
	struct review_case k = {.id = "D-2026-000001", .revision = 2};
	json_t *result = json_pack("{s:s,s:[{s:s,s:s,s:s,s:s}],s:[]}", "state", "differs",
				   "differences", "file", "a.txt", "what", "finding-missing",
				   "gateway", "", "here", "PI-001 S1", "left_out"),
	       *kept;

	(void)state;
	assert_non_null(mkdtemp(dir));
	config.cache = dir;
	memcpy(k.report_sha256, "aa", 3);
	assert_null(recheck_recall(&config, &k));
	assert_int_equal(recheck_remember(&config, &k, result), SL_OK);
	kept = recheck_recall(&config, &k);
	assert_true(recheck_differs(kept));
	recheck_line(kept, line);
	assert_non_null(strstr(line, "differs from what your machine finds"));
	assert_non_null(strstr(line, "PI-001 S1"));
	json_decref(kept);
	memcpy(k.report_sha256, "bb", 3);
	assert_null(recheck_recall(&config, &k));
	recheck_line(NULL, line);
	assert_string_equal(line, "");
	json_decref(result);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_report_is_the_same),
		cmocka_unit_test(every_lie_is_found),
		cmocka_unit_test(sums_are_made_again),
		cmocka_unit_test(memory_is_left_out),
		cmocka_unit_test(own_failures_are_no_difference),
		cmocka_unit_test(a_draft_adds_up),
		cmocka_unit_test(rules_are_named_by_digest_and_version),
		cmocka_unit_test(results_are_remembered_for_one_report),
	};

	return cmocka_run_group_tests(tests, load, drop);
}
