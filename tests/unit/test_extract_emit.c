/* test_extract_emit.c - places, ceilings and the cutting of long texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/extract_collect.h"

/* A text longer than one segment: the next one repeats the seam, and says where it starts. */
static void test_chunks_overlap(void **state)
{
	static const char line[] =
		"云汀市公安局关于中秋期间交通管制的通告一二三四五六七八九十\n";
	const size_t one = sizeof(line) - 1, n = EXTRACT_CHUNK / one + 100;
	char *text = malloc(n * one);
	struct collected *c;
	size_t start;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * one, line, one);
	c = collect_bytes("a.txt", "text/plain", text, n * one);
	assert_int_equal(c->n_segments, 2);
	start = n * one - c->segments[1].len;
	assert_true(start < c->segments[0].len);
	assert_true(c->segments[0].len - start <= EXTRACT_OVERLAP);
	assert_int_equal(c->segments[1].offset, text_count(text, start));
	assert_int_equal(c->segments[1].column, 1);
	assert_int_equal(c->segments[1].line, start / one + 1);
	collect_free(c);
	free(text);
}

/* The same for a text without a single line break. */
static void test_chunks_without_lines(void **state)
{
	const size_t n = EXTRACT_CHUNK / 3 + 5000;
	char *text = malloc(n * 3);
	struct collected *c;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * 3, "密", 3);
	c = collect_bytes("a.txt", "text/plain", text, n * 3);
	assert_int_equal(c->n_segments, 2);
	assert_int_equal(c->segments[1].offset % 1, 0);
	assert_int_equal(c->segments[1].column, c->segments[1].offset + 1);
	assert_int_equal((size_t)c->segments[1].offset * 3 + c->segments[1].len, n * 3);
	collect_free(c);
	free(text);
}

static int no_object(void *arg, const struct filter_object *obj, uint32_t *ret_index)
{
	struct filter_object *kept = arg;

	assert_string_equal(kept->id, ""); /* exactly one */
	*kept = *obj;
	*ret_index = 0;
	return SL_OK;
}

static int never(void *arg, const struct segment *s)
{
	(void)arg, (void)s;
	fail();
	return SL_E_INTERNAL;
}

/* Past a ceiling only the file itself is named, failed. */
static void test_over(void **state)
{
	struct filter_object kept = {.id = ""};
	struct extract_sink sink = {.object = no_object, .segment = never, .arg = &kept};
	struct extract x;

	(void)state;
	assert_int_equal(extract_init(&x, "a", "text/plain", (const uint8_t *)"", 0), SL_OK);
	extract_text(extract_file(&x), WHERE_BODY, "words", 5);
	for (int i = 1; i < FILTER_OBJECTS_MAX; i++)
		assert_non_null(extract_part_new(&x, "m", 0));
	assert_null(extract_part_new(&x, "m", 0));
	assert_int_equal(extract_emit(&x, &sink), SL_OK);
	assert_int_equal(kept.state, OBJECT_FAILED);
	assert_string_equal(kept.reason, "over-limit");
	extract_release(&x);
}

/* Many marks of one rule become a bounded number, the worst severity kept. */
static void test_marks_are_capped(void **state)
{
	struct extract x;
	struct extract_part *p;

	(void)state;
	assert_int_equal(extract_init(&x, "a", "", (const uint8_t *)"", 0), SL_OK);
	p = extract_file(&x);
	for (int i = 0; i < EXTRACT_MARKS_MAX * 2; i++) {
		extract_line(p, WHERE_HIDDEN, NULL, "x", 1);
		extract_mark(p, "DH-003", SEV_S2, WHERE_HIDDEN, 0, "");
	}
	extract_mark(p, "DH-003", SEV_S1, WHERE_HIDDEN, 0, "");
	extract_mark(p, "DH-004", SEV_S4, WHERE_HIDDEN, 0, "");
	assert_int_equal(p->n_marks, EXTRACT_MARKS_MAX + 1);
	assert_int_equal(p->marks[EXTRACT_MARKS_MAX - 1].severity, SEV_S1);
	extract_release(&x);
}

/* More than a report can hold, from all parts together: said, not given up. */
static void test_marks_of_many_parts(void **state)
{
	struct filter_object kept = {.state = OBJECT_INSPECTED};
	const struct extract_sink sink = {.object = no_object, .segment = never, .arg = &kept};
	struct extract x;

	(void)state;
	assert_int_equal(extract_init(&x, "a", "", (const uint8_t *)"", 0), SL_OK);
	for (int i = 0; i <= FINDINGS_MAX; i++) {
		struct extract_part *p = extract_part_new(&x, "b", 0);

		assert_non_null(p);
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "link");
	}
	assert_int_equal(extract_emit(&x, &sink), SL_OK);
	assert_int_equal(kept.state, OBJECT_FAILED);
	assert_string_equal(kept.reason, "over-limit");
	extract_release(&x);
}

/* Names come from the package: printable and bounded, whatever they are. */
static void test_paths(void **state)
{
	struct extract x;
	char longest[2048];
	struct extract_part *p;

	(void)state;
	memset(longest, 'n', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(extract_init(&x, longest, "", (const uint8_t *)"", 0), SL_OK);
	p = extract_part_new(&x, "a\x1b[2Jb\xe2\x80\xae", 0);
	assert_non_null(strstr(p->object.path, "/a\\u{1b}[2Jb\\u{202e}"));
	p = extract_part_new(&x, longest, 0);
	assert_true(strlen(p->object.path) < FILTER_PATH_MAX);
	assert_string_equal(p->object.id, "0.2");
	extract_release(&x);
}

static void test_reasons(void **state)
{
	(void)state;
	assert_string_equal(extract_reason(SL_E_LIMIT), "over-limit");
	assert_string_equal(extract_reason(SL_E_UNSUPPORTED), "unsupported");
	assert_string_equal(extract_reason(SL_E_DENIED), "encrypted");
	assert_string_equal(extract_reason(SL_E_NOTFOUND), "truncated");
	assert_string_equal(extract_reason(SL_E_FORMAT), "corrupt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunks_overlap),
		cmocka_unit_test(test_chunks_without_lines),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_marks_are_capped),
		cmocka_unit_test(test_marks_of_many_parts),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_reasons),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
