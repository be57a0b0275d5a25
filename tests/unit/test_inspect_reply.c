/* test_inspect_reply.c - answers of filters: only the whole, exact, checked one is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "inspect/filter_reply.h"

enum { MAX = 1 << 20 };

static void hello(struct buf *b, const char *name)
{
	struct buf body;

	buf_init(&body, MAX);
	buf_put_str(&body, name);
	buf_put_str(&body, "1");
	buf_put_str(&body, "data");
	filter_record_put(b, RECORD_HELLO, body.data, body.len);
	buf_release(&body);
}

static void object(struct buf *b, const char *id, uint8_t state, const char *reason,
		   const char *path)
{
	struct filter_object o = {.state = state, .bytes = 3};
	struct buf body;

	(void)snprintf(o.id, sizeof(o.id), "%s", id);
	(void)snprintf(o.reason, sizeof(o.reason), "%s", reason);
	(void)snprintf(o.path, sizeof(o.path), "%s", path);
	buf_init(&body, MAX);
	filter_object_put(&body, &o);
	filter_record_put(b, RECORD_OBJECT, body.data, body.len);
	buf_release(&body);
}

static void finding(struct buf *b, uint32_t index)
{
	struct finding f = {
		.rule = "DH-008", .severity = SEV_S1, .object = index, .line = 1, .column = 1};
	struct buf body;

	buf_init(&body, MAX);
	finding_put(&body, &f);
	filter_record_put(b, RECORD_FINDING, body.data, body.len);
	buf_release(&body);
}

static void segment(struct buf *b, uint32_t index)
{
	struct segment s = {.object = index, .line = 1, .column = 1, .text = "text", .len = 4};
	struct buf body;

	buf_init(&body, MAX);
	segment_put(&body, &s);
	filter_record_put(b, RECORD_SEGMENT, body.data, body.len);
	buf_release(&body);
}

static void fact(struct buf *b, const char *key, const char *value)
{
	struct buf body;

	buf_init(&body, MAX);
	buf_put_str(&body, key);
	buf_put_str(&body, value);
	filter_record_put(b, RECORD_FACT, body.data, body.len);
	buf_release(&body);
}

static void end(struct buf *b, uint32_t objects, uint32_t segments, uint32_t findings,
		uint32_t facts)
{
	struct buf body;

	buf_init(&body, MAX);
	buf_put_u32(&body, objects);
	buf_put_u32(&body, segments);
	buf_put_u32(&body, findings);
	buf_put_u32(&body, facts);
	filter_record_put(b, RECORD_END, body.data, body.len);
	buf_release(&body);
}

static void trailer(struct buf *b, uint8_t ending, uint32_t code)
{
	struct buf body;

	buf_init(&body, MAX);
	buf_put_u8(&body, ending);
	buf_put_u32(&body, code);
	filter_record_put(b, RECORD_TRAILER, body.data, body.len);
	buf_release(&body);
}

static void good(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_INSPECTED, "", "a.docx");
	object(b, "0.1", OBJECT_FAILED, "encrypted", "a.docx/x");
	segment(b, 1);
	finding(b, 1);
	fact(b, "members", "12");
	end(b, 2, 1, 1, 1);
	trailer(b, ENDING_CLEAN, 0);
}

/* Each writes an answer; `want` is what parsing says. */
static void w_good(struct buf *b)
{
	good(b);
}
static void w_empty(struct buf *b)
{
	(void)b;
}
static void w_no_hello(struct buf *b)
{
	object(b, "0", OBJECT_INSPECTED, "", "a");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_two_hellos(struct buf *b)
{
	hello(b, "type");
	good(b);
}
static void w_no_end(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_INSPECTED, "", "a");
	trailer(b, ENDING_CLEAN, 0);
}
static void w_no_trailer(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_INSPECTED, "", "a");
	end(b, 1, 0, 0, 0);
}
static void w_after_trailer(struct buf *b)
{
	good(b);
	buf_put_u8(b, 0);
}
/* A child that was taken over writes its own trailer; the parent's follows. */
static void w_two_trailers(struct buf *b)
{
	good(b);
	trailer(b, ENDING_SIGNAL, 11);
}
static void w_after_end(struct buf *b)
{
	hello(b, "type");
	end(b, 0, 0, 0, 0);
	finding(b, 0);
	trailer(b, 0, 0);
}
static void w_counts(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_INSPECTED, "", "a");
	end(b, 2, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_crash(struct buf *b)
{
	hello(b, "type");
	trailer(b, ENDING_SIGNAL, 11);
}
static void w_crash_late(struct buf *b)
{
	hello(b, "type");
	end(b, 0, 0, 0, 0);
	trailer(b, ENDING_SIGNAL, 11);
}
static void w_gave_up(struct buf *b)
{
	hello(b, "type");
	trailer(b, ENDING_ERROR, 3);
}
static void w_killed(struct buf *b)
{
	hello(b, "type");
	trailer(b, ENDING_TIMEOUT, 9);
}
static void w_ending(struct buf *b)
{
	hello(b, "type");
	end(b, 0, 0, 0, 0);
	trailer(b, 9, 0);
}
static void w_same_id(struct buf *b)
{
	hello(b, "type");
	object(b, "0", 0, "", "a");
	object(b, "0", 0, "", "b");
	end(b, 2, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_first_id(struct buf *b)
{
	hello(b, "type");
	object(b, "0.1", 0, "", "a");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_bad_id(struct buf *b)
{
	hello(b, "type");
	object(b, "0", 0, "", "a");
	object(b, "0..1", 0, "", "a");
	end(b, 2, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_finding_index(struct buf *b)
{
	hello(b, "type");
	object(b, "0", 0, "", "a");
	finding(b, 1);
	end(b, 1, 0, 1, 0);
	trailer(b, 0, 0);
}
static void w_segment_index(struct buf *b)
{
	hello(b, "type");
	segment(b, 0);
	end(b, 0, 1, 0, 0);
	trailer(b, 0, 0);
}
static void w_no_reason(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_FAILED, "", "a");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_reason(struct buf *b)
{
	hello(b, "type");
	object(b, "0", OBJECT_INSPECTED, "fine", "a");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_state(struct buf *b)
{
	hello(b, "type");
	object(b, "0", 7, "x", "a");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_path(struct buf *b)
{
	hello(b, "type");
	object(b, "0", 0, "", "a\x1b[2J");
	end(b, 1, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_key(struct buf *b)
{
	hello(b, "type");
	fact(b, "A key", "1");
	end(b, 0, 0, 0, 1);
	trailer(b, 0, 0);
}
static void w_kind(struct buf *b)
{
	hello(b, "type");
	filter_record_put(b, (enum filter_record)42, "", 0);
	end(b, 0, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_greeting(struct buf *b)
{
	hello(b, "");
	end(b, 0, 0, 0, 0);
	trailer(b, 0, 0);
}
static void w_length(struct buf *b)
{
	hello(b, "type");
	buf_put_u8(b, RECORD_FACT);
	buf_put_u32(b, 0xffffffffu);
}

static void test_answers(void **state)
{
	static const struct {
		const char *name;
		void (*write)(struct buf *b);
		int want;
	} rows[] = {
#define R(name, want) {#name, w_##name, want}
		R(good, SL_OK),
		R(empty, SL_E_FORMAT),
		R(no_hello, SL_E_FORMAT),
		R(two_hellos, SL_E_FORMAT),
		R(no_end, SL_E_FORMAT),
		R(no_trailer, SL_E_FORMAT),
		R(after_trailer, SL_E_FORMAT),
		R(two_trailers, SL_E_FORMAT),
		R(after_end, SL_E_FORMAT),
		R(counts, SL_E_FORMAT),
		R(crash, SL_E_UNREACHABLE),
		R(crash_late, SL_E_UNREACHABLE),
		R(gave_up, SL_E_UNREACHABLE),
		R(killed, SL_E_TIMEOUT),
		R(ending, SL_E_FORMAT),
		R(same_id, SL_E_FORMAT),
		R(first_id, SL_E_FORMAT),
		R(bad_id, SL_E_FORMAT),
		R(finding_index, SL_E_FORMAT),
		R(segment_index, SL_E_FORMAT),
		R(no_reason, SL_E_FORMAT),
		R(reason, SL_E_FORMAT),
		R(state, SL_E_FORMAT),
		R(path, SL_E_FORMAT),
		R(key, SL_E_FORMAT),
		R(kind, SL_E_FORMAT),
		R(greeting, SL_E_FORMAT),
		R(length, SL_E_FORMAT),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_reply r;
		struct buf b;
		int got;

		buf_init(&b, MAX);
		rows[i].write(&b);
		assert_int_equal(buf_error(&b), SL_OK);
		got = filter_reply_parse(buf_str(&b), b.len, 0, &r);
		if (got != rows[i].want)
			fail_msg("%s: %s, want %s", rows[i].name, sl_errname(got),
				 sl_errname(rows[i].want));
		filter_reply_release(&r);
		buf_release(&b);
	}
}

/* Cut at any byte, a good answer is none. */
static void test_every_prefix(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	good(&b);
	for (size_t n = 0; n < b.len; n++) {
		struct filter_reply r;

		assert_int_not_equal(filter_reply_parse(b.data, n, 0, &r), SL_OK);
		filter_reply_release(&r);
	}
	buf_release(&b);
}

static void test_contents(void **state)
{
	struct filter_reply r;
	struct buf b;
	uint64_t n = 0;

	(void)state;
	buf_init(&b, MAX);
	good(&b);
	assert_int_equal(filter_reply_parse(b.data, b.len, 0, &r), SL_OK);
	assert_string_equal(r.name, "type");
	assert_int_equal(r.n_objects, 2);
	assert_string_equal(r.objects[1].reason, "encrypted");
	assert_true(filter_reply_number(&r, "members", &n));
	assert_int_equal(n, 12);
	assert_null(filter_reply_fact(&r, "pages"));
	filter_reply_release(&r);
	/* Findings about another answer's objects. */
	assert_int_equal(filter_reply_parse(b.data, b.len, 1, &r), SL_E_FORMAT);
	filter_reply_release(&r);
	assert_int_equal(filter_reply_parse(b.data, b.len, 5, &r), SL_OK);
	filter_reply_release(&r);
	buf_release(&b);
}

static void part(struct buf *b, uint32_t index, size_t len)
{
	struct buf body;

	buf_init(&body, MAX * 2);
	buf_put_u32(&body, index);
	for (size_t i = 0; i < len; i++)
		buf_put_u8(&body, 'p');
	filter_record_put(b, RECORD_PART, body.data, body.len);
	buf_release(&body);
}

static void end_of_parts(struct buf *b, uint32_t objects, uint64_t bytes)
{
	struct buf body;

	buf_init(&body, MAX);
	buf_put_u32(&body, objects);
	for (unsigned i = 0; i < 4; i++)
		buf_put_u32(&body, 0);
	buf_put_u64(&body, bytes);
	filter_record_put(b, RECORD_END, body.data, body.len);
	buf_release(&body);
	trailer(b, ENDING_CLEAN, 0);
}

/* What a filter hands on: only two may, each object once, in pieces that follow. */
static void test_parts(void **state)
{
	static const struct {
		const char *name, *filter;
		struct {
			uint32_t object;
			size_t len;
		} pieces[4];
		uint64_t said;
		int want;
	} rows[] = {
		{"two parts", "extract", {{1, 5}, {1, 3}, {2, 4}}, 12, SL_OK},
		{"by office", "office", {{2, 7}}, 7, SL_OK},
		{"by another", "see", {{1, 5}}, 5, SL_E_FORMAT},
		{"the file itself", "extract", {{0, 5}}, 5, SL_E_FORMAT},
		{"no object", "extract", {{3, 5}}, 5, SL_E_FORMAT},
		{"one object twice", "extract", {{1, 5}, {2, 5}, {1, 5}}, 15, SL_E_FORMAT},
		{"fewer than said", "extract", {{1, 5}}, 6, SL_E_FORMAT},
		{"too long a piece", "extract", {{1, FILTER_PIECE + 1}}, 0, SL_E_LIMIT},
	};
	struct filter_reply r;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&b, 4 * MAX);
		hello(&b, rows[i].filter);
		object(&b, "0", OBJECT_INSPECTED, "", "a.zip");
		object(&b, "0.1", OBJECT_FAILED, "picture-not-read", "a.zip/x.png");
		object(&b, "0.2", OBJECT_INSPECTED, "", "a.zip/y.pdf");
		for (unsigned k = 0; k < 4 && rows[i].pieces[k].len > 0; k++)
			part(&b, rows[i].pieces[k].object, rows[i].pieces[k].len);
		end_of_parts(&b, 3, rows[i].said);
		if (filter_reply_parse(b.data, b.len, 0, &r) != rows[i].want)
			fail_msg("%s", rows[i].name);
		if (i == 0) {
			assert_int_equal(r.n_parts, 2);
			assert_int_equal(r.parts[0].n, 2);
			assert_int_equal(r.parts[0].bytes, 8);
			assert_int_equal(r.parts[1].first, 2);
			assert_int_equal(r.parts[1].object, 2);
		}
		filter_reply_release(&r);
		buf_release(&b);
	}
}

/* No more of them than a file may have. */
static void test_parts_have_a_ceiling(void **state)
{
	struct filter_reply r;
	struct buf b;

	(void)state;
	for (uint32_t n = FILTER_PARTS_MAX; n <= FILTER_PARTS_MAX + 1; n++) {
		buf_init(&b, 4 * MAX);
		hello(&b, "extract");
		object(&b, "0", OBJECT_INSPECTED, "", "a.zip");
		for (uint32_t i = 1; i <= n; i++) {
			char id[16];

			(void)snprintf(id, sizeof(id), "0.%u", i);
			object(&b, id, OBJECT_FAILED, "picture-not-read", "a.zip/x.png");
		}
		for (uint32_t i = 1; i <= n; i++)
			part(&b, i, 1);
		end_of_parts(&b, n + 1, n);
		assert_int_equal(filter_reply_parse(b.data, b.len, 0, &r),
				 n == FILTER_PARTS_MAX ? SL_OK : SL_E_LIMIT);
		filter_reply_release(&r);
		buf_release(&b);
	}
}

static void test_request(void **state)
{
	struct filter_request in = {.name = "报告.docx",
				    .declared = "text/plain",
				    .length = 7,
				    .channels = "a,b",
				    .offline = true,
				    .today = -3,
				    .depth = 2},
			      out;
	struct buf b;

	(void)state;
	buf_init(&b, FILTER_REQUEST_MAX);
	filter_request_put(&b, &in);
	assert_int_equal(filter_request_get(b.data, b.len, &out), SL_OK);
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(filter_request_get(b.data, b.len - 1, &out), SL_E_FORMAT);
	b.data[0] = 9;
	assert_int_equal(filter_request_get(b.data, b.len, &out), SL_E_FORMAT);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_parts_have_a_ceiling),
		cmocka_unit_test(test_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
