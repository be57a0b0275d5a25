/* test_fix_edits.c - a reviewer's words in title and plain files: put in where they were meant,
 * or not at all, and said of each; the copy is stored under its digest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "desk_people.h"
#include "inspect/fix_private.h"

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

/* A draft of one file that was found to be of this type, and somebody's edits to it. */
static void begin(struct fixing *x, const struct fix_bench *b, const char *token,
		  const char *type, const char *body, json_t *edits)
{
	char id[24], report[200], report_sha256[65], text_sha256[65];

	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, token, body), id);
	*x = (struct fixing){.b = b, .edits = edits, .files = json_array()};
	assert_int_equal(store_draft_claim(inspector, "inspector", false, &x->d), SL_OK);
	assert_string_equal(x->d.id, id);
	(void)snprintf(report, sizeof(report), "{\"objects\":[{\"type\":\"%s\"}]}", type);
	assert_int_equal(store_object_put(inspector, report, strlen(report), report_sha256),
			 SL_OK);
	assert_int_equal(store_object_put(inspector, "", 0, text_sha256), SL_OK);
	assert_int_equal(
		store_file_result(inspector, id, x->d.revision, 0, report_sha256, text_sha256),
		SL_OK);
	(void)snprintf(x->title, sizeof(x->title), "%s", x->d.title);
}

static void end(struct fixing *x)
{
	json_decref(x->edits);
	json_decref(x->files);
	draft_release(&x->d);
}

static json_t *edit(const char *part, const char *from, const char *to, int occurrence)
{
	return json_pack("{s:s,s:i,s:s,s:s}", "from", from, "occurrence", occurrence, "part",
			 part, "to", to);
}

/* What became of the i-th: NULL when it was put in. */
static const char *why_of(const struct fixing *x, size_t i)
{
	const json_t *e = json_array_get(x->edits, i);
	const char *why = json_str(e, "why");

	assert_true(json_is_true(json_object_get(e, "applied")) == (why == NULL));
	return why;
}

static void plain_files(void **state)
{
	static const struct {
		const char *type, *body, *from, *to, *becomes, *why;
		int occurrence;
	} rows[] = {
		{"text/plain", "每周一开放", "周一", "周二", "每周二开放", NULL, 1},
		{"text/plain", "a b a b", "a", "c", "a b c b", NULL, 2},
		{"text/plain", "a b a b", "a", "c", NULL, "absent", 3},
		{"text/html", "<p>a</p><p>a</p>", "a", "c", NULL, "several", 1},
		{"text/html", "<p>a</p>", "<p>a", "<p>c", "<p>c</p>", NULL, 1},
		{"text/csv", "x,y\n1,2\n", "1,2", "1,3", "x,y\n1,3\n", NULL, 1},
		{"text/plain", "\xd6\xdc\xd2\xbb", "周一", "周二", NULL, "encoding", 1},
		{"text/plain", "周一", "周二", "周三", NULL, "absent", 1},
		{"application/pdf", "%PDF-1.7 周一", "周一", "周二", NULL, "source", 1},
		{"application/msword", "周一", "周一", "周二", NULL, "source", 1},
	};
	const struct fix_bench b = {.store = inspector};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {""};
		char token[24], sha256[65];
		struct fixing x;
		const json_t *row;
		struct buf got;

		(void)snprintf(token, sizeof(token), "plain-%zu", i);
		begin(&x, &b, token, rows[i].type, rows[i].body,
		      json_pack("[o]",
				edit("file:0", rows[i].from, rows[i].to, rows[i].occurrence)));
		assert_int_equal(fix_edits_file(&x, 0, &why), SL_OK);
		if ((why_of(&x, 0) == NULL) != (rows[i].why == NULL) ||
		    (rows[i].why != NULL && strcmp(why_of(&x, 0), rows[i].why) != 0))
			fail_msg("row %zu: %s", i, why_of(&x, 0));
		row = json_array_get(x.files, 0);
		assert_string_equal(json_str(row, "before"), x.d.files[0].sha256);
		if (rows[i].becomes == NULL) {
			/* The file stays as it is, and nobody is told of a change. */
			assert_string_equal(json_str(row, "after"), x.d.files[0].sha256);
			assert_int_equal(json_array_size(json_arr(row, "changes")), 0);
			assert_int_equal(x.changed, 0);
		} else {
			hash_hex(rows[i].becomes, strlen(rows[i].becomes), sha256);
			assert_string_equal(json_str(row, "after"), sha256);
			buf_init(&got, 4096);
			assert_int_equal(store_object_get(inspector, sha256, 4096, &got),
					 SL_OK);
			assert_string_equal(buf_str(&got), rows[i].becomes);
			assert_int_equal(json_array_size(json_arr(row, "changes")), 1);
			assert_int_equal(x.changed, 1);
			buf_release(&got);
		}
		end(&x);
	}
}

/* One after the other: what the first has changed is what the second finds. */
static void several_edits(void **state)
{
	const struct fix_bench b = {.store = inspector};
	struct sl_why why = {""};
	struct fixing x;
	char sha256[65];

	(void)state;
	begin(&x, &b, "several", "text/plain", "甲乙丙",
	      json_pack("[o,o,o,o]", edit("file:0", "甲乙", "丁", 1),
			edit("file:0", "乙", "戊", 1), edit("file:0", "丁丙", "己", 1),
			edit("file:1", "甲", "庚", 1)));
	assert_int_equal(fix_edits_file(&x, 0, &why), SL_OK);
	assert_null(why_of(&x, 0));
	assert_string_equal(why_of(&x, 1), "absent");
	assert_null(why_of(&x, 2));
	/* Of a file that is not there nothing was said, so nobody takes it for done. */
	assert_null(json_object_get(json_array_get(x.edits, 3), "applied"));
	hash_hex("己", 3, sha256);
	assert_string_equal(json_str(json_array_get(x.files, 0), "after"), sha256);
	end(&x);
}

static void titles(void **state)
{
	const struct fix_bench b = {.store = inspector};
	char large[1001];
	struct fixing x;

	(void)state;
	begin(&x, &b, "title", "text/plain", "a",
	      json_pack("[o,o,o]", edit("title", "调整", "改善", 1),
			edit("title", "没有", "x", 1), edit("file:0", "a", "b", 1)));
	assert_int_equal(fix_edits_title(&x), SL_OK);
	assert_string_equal(x.title, "关于改善交通组织的通告");
	assert_null(why_of(&x, 0));
	assert_string_equal(why_of(&x, 1), "absent");
	assert_null(json_object_get(json_array_get(x.edits, 2), "applied"));
	end(&x);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	begin(&x, &b, "title-large", "text/plain", "b",
	      json_pack("[o]", edit("title", "调整", large, 1)));
	assert_int_equal(fix_edits_title(&x), SL_E_LIMIT);
	end(&x);
}

/* Nobody is asked for a copy when a file has nothing to change. */
static void untouched_files(void **state)
{
	const struct fix_bench b = {.store = inspector};
	struct sl_why why = {""};
	struct fixing x;

	(void)state;
	begin(&x, &b, "untouched", "application/pdf", "%PDF-1.7",
	      json_pack("[o]", edit("title", "调整", "改善", 1)));
	assert_int_equal(fix_edits_file(&x, 0, &why), SL_OK);
	assert_string_equal(json_str(json_array_get(x.files, 0), "after"), x.d.files[0].sha256);
	assert_int_equal(x.changed, 0);
	end(&x);
}

/* An envelope that nobody voted with, or with no edits, changes nothing. */
static void whose_edits(void **state)
{
	const struct fix_bench b = {.store = inspector};
	struct sl_why why = {""};
	char sha256[65];
	struct fixing x;

	(void)state;
	begin(&x, &b, "whose", "text/plain", "c", NULL);
	assert_int_equal(store_object_put(inspector, "{}", 2, sha256), SL_OK);
	assert_int_not_equal(fix_edits_load(&x, sha256, &why), SL_OK);
	assert_null(x.edits);
	/* The author's own submission is no return. */
	assert_int_not_equal(fix_edits_load(&x, x.d.submission, &why), SL_OK);
	assert_null(x.edits);
	end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_files), cmocka_unit_test(several_edits),
		cmocka_unit_test(titles),      cmocka_unit_test(untouched_files),
		cmocka_unit_test(whose_edits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
