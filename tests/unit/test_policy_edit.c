/* test_policy_edit.c - where a reviewer's words can be put in exactly, and where not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/edit_text.h"
#include "policy/segment.h"

enum { ROW_SEGMENTS = 4 };

static void put(struct buf *b, enum segment_where where, const char *text)
{
	const struct segment s = {.where = (uint8_t)where,
				  .line = 1,
				  .column = 1,
				  .text = text,
				  .len = (uint32_t)strlen(text)};

	segment_put(b, &s);
}

static void judged(void **state)
{
	static const struct {
		const char *name;
		struct {
			enum segment_where where;
			const char *text;
		} has[ROW_SEGMENTS];
		enum edit_outcome want;
	} rows[] = {
		{"once", {{WHERE_BODY, "每周一开放"}}, EDIT_DONE},
		{"in a header", {{WHERE_BODY, "a"}, {WHERE_HEADER, "周一"}}, EDIT_DONE},
		{"nowhere", {{WHERE_BODY, "每周二开放"}}, EDIT_ABSENT},
		{"over two paragraphs", {{WHERE_BODY, "周"}, {WHERE_BODY, "一"}}, EDIT_ABSENT},
		{"twice in one", {{WHERE_BODY, "周一或周一"}}, EDIT_SEVERAL},
		{"twice in all", {{WHERE_BODY, "周一"}, {WHERE_FOOTER, "周一"}}, EDIT_SEVERAL},
		{"also in a comment",
		 {{WHERE_BODY, "周一"}, {WHERE_COMMENT, "周一？"}},
		 EDIT_SEVERAL},
		{"only in a comment",
		 {{WHERE_BODY, "a"}, {WHERE_COMMENT, "周一"}},
		 EDIT_HIDDEN},
		{"only in a property", {{WHERE_PROPERTY, "周一"}}, EDIT_HIDDEN},
		{"in hidden text", {{WHERE_HIDDEN, "周一"}}, EDIT_HIDDEN},
		{"in the name, too",
		 {{WHERE_BODY, "周一"}, {WHERE_FILENAME, "周一"}},
		 EDIT_DONE},
		{"in the title, too", {{WHERE_BODY, "周一"}, {WHERE_TITLE, "周一"}}, EDIT_DONE},
		{"taken out", {{WHERE_BODY, "周一"}, {WHERE_DELETED, "二"}}, EDIT_TRACKED},
		{"put in", {{WHERE_BODY, "a"}, {WHERE_INSERTED, "周一"}}, EDIT_TRACKED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		buf_init(&b, 1 << 16);
		for (size_t k = 0; k < ROW_SEGMENTS && rows[i].has[k].text != NULL; k++)
			put(&b, rows[i].has[k].where, rows[i].has[k].text);
		assert_int_equal(buf_error(&b), SL_OK);
		if (edit_judge(buf_str(&b), b.len, "周一") != rows[i].want)
			fail_msg("%s", rows[i].name);
		buf_release(&b);
	}
	/* What is no list of segments has no text. */
	assert_int_equal(edit_judge("\xff\xff\xff", 3, "周一"), EDIT_ABSENT);
}

static void put_in(void **state)
{
	static const struct {
		const char *was, *from, *to, *becomes;
		int64_t occurrence;
		bool nth;
		enum edit_outcome want;
	} rows[] = {
		{"ab ab", "ab", "x", "ab ab", 1, false, EDIT_SEVERAL},
		{"ab ab", "ab", "x", "x ab", 1, true, EDIT_DONE},
		{"ab ab", "ab", "x", "ab x", 2, true, EDIT_DONE},
		{"ab ab", "ab", "x", "ab ab", 3, true, EDIT_ABSENT},
		{"aaa", "aa", "b", "ba", 1, false, EDIT_DONE},
		{"周一", "周一", "", "", 1, false, EDIT_DONE},
		{"", "a", "b", "", 1, true, EDIT_ABSENT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *edit = json_pack("{s:s,s:I,s:s,s:s}", "from", rows[i].from,
					 "occurrence", (json_int_t)rows[i].occurrence, "part",
					 "file:0", "to", rows[i].to);
		enum edit_outcome got;
		struct buf b;

		buf_init(&b, EDIT_TEXT_MAX);
		buf_puts(&b, rows[i].was);
		assert_int_equal(edit_text(&b, edit, rows[i].nth, &got), SL_OK);
		if (got != rows[i].want || strcmp(buf_str(&b), rows[i].becomes) != 0)
			fail_msg("row %zu: %s", i, buf_str(&b));
		assert_true(edit_is_of(edit, "file:0") && !edit_is_of(edit, "title"));
		buf_release(&b);
		json_decref(edit);
	}
}

static void kinds(void **state)
{
	bool nth = false;

	(void)state;
	assert_true(edit_is_plain("text/plain", &nth) && nth);
	assert_true(edit_is_plain("text/html", &nth) && !nth);
	assert_false(edit_is_plain("application/pdf", &nth));
	assert_true(edit_is_office("application/vnd.oasis.opendocument.text"));
	assert_true(edit_is_office("application/vnd.openxmlformats-officedocument."
				   "spreadsheetml.sheet"));
	assert_false(edit_is_office("application/msword"));
	assert_false(edit_is_office("text/plain"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judged),
		cmocka_unit_test(put_in),
		cmocka_unit_test(kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
