/* test_inspect_see.c - what a person sees in a picture or on a page, through real filters. */
#include <stdlib.h>
#include <string.h>

#include "see_kit.h"
#include "tests/support/draw.h"

const uint32_t see_kit_seconds = 100;

#define LINE(below, words)                                                                     \
	{                                                                                      \
		.text = (words), .x = 60, .y = (below), .size = 14                             \
	}

static const struct draw_item notice[] = {
	LINE(80, "关于开展夏季治安打击整治行动的通告"),
	LINE(120, "为切实维护社会治安秩序，保障人民群众生命财产安全，"),
	LINE(150, "现就有关事项通告如下：一、严厉打击各类违法犯罪活动。"),
	LINE(180, "二、广大群众发现违法犯罪线索，可以拨打110举报。"),
};
static const struct draw_item marked[] = {
	LINE(80, "秘密★5年"),
	LINE(140, "云汀市公安局关于某项工作的通知"),
};
static const struct draw_item white[] = {
	LINE(80, "关于开展夏季治安打击整治行动的通告"),
	LINE(120, "为切实维护社会治安秩序，保障人民群众生命财产安全，"),
	{.text = "参与行动的侦查员名单另行通知", .x = 60, .y = 160, .size = 14, .shade = 1},
};
static const struct draw_item tiny[] = {
	LINE(80, "关于开展夏季治安打击整治行动的通告"),
	{.text = "参与行动的侦查员名单另行通知", .x = 60, .y = 160, .size = 1},
};
static const struct draw_item covered[] = {
	LINE(80, "关于开展夏季治安打击整治行动的通告"),
	LINE(120, "参与行动的侦查员名单另行通知"),
	{.x = 55, .y = 100, .w = 300, .h = 30},
};
static const struct draw_item picture[] = {
	{.x = 100, .y = 100, .w = 200, .h = 300, .shade = 0.6},
};

#define N(list) (list), sizeof(list) / sizeof((list)[0])

static const struct {
	const char *name;
	struct draw_page pages[3];
	enum verdict want;
	const char *has[3], *lacks[3];
} pages[] = {
	/* cairo names its own address as the producer, which is a link (DH-015). */
	{"clean text",
	 {{N(notice), false}},
	 VERDICT_REVIEW,
	 {"DH-015", "\"text\":\"ocr\""},
	 {"DH-003", "DH-006"}},
	{"white text", {{N(white), false}}, VERDICT_BLOCK, {"DH-003", "no-trace"}, {"DH-006"}},
	{"tiny text", {{N(tiny), false}}, VERDICT_BLOCK, {"DH-003", "no-trace"}, {"DH-006"}},
	{"text under a box",
	 {{N(covered), false}},
	 VERDICT_BLOCK,
	 {"DH-003", "no-trace"},
	 {"DH-006"}},
	{"scan",
	 {{N(notice), true}},
	 VERDICT_REVIEW,
	 {"DH-006", "no-text-layer", "\"severity\":\"S2\""},
	 {"DH-003"}},
	{"one scanned page of two",
	 {{N(notice), false}, {N(notice), true}},
	 VERDICT_REVIEW,
	 {"DH-006", "no-text-layer", "\"severity\":\"S3\""},
	 {"DH-003", "\"severity\":\"S2\""}},
	{"mark on a scanned page",
	 {{N(notice), false}, {N(marked), true}},
	 VERDICT_SPILL,
	 {"SM-008", "\"where\":\"ocr\"", "\"page\":2"},
	 {NULL}},
};

static void test_pages(void **state)
{
	(void)state;
	if (!see_kit_sees())
		skip(); /* no models or no Chinese font */
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct inspect_report report;
		struct buf bytes, text;

		buf_init(&bytes, SEE_KIT_MAX);
		draw_pdf(pages[i].pages, &bytes);
		see_kit_look(&bytes, "a.pdf", &report, &text);
		see_kit_check(pages[i].name, &report, pages[i].want, pages[i].has,
			      pages[i].lacks);
		inspect_report_release(&report);
		buf_release(&text);
		buf_release(&bytes);
	}
}

static const struct {
	const char *name;
	const struct draw_item *items;
	size_t n;
	unsigned turns;
	enum verdict want;
	const char *has[3], *lacks[3];
} pictures[] = {
	{"marked paper",
	 N(marked),
	 0,
	 VERDICT_SPILL,
	 {"SM-008", "\"where\":\"ocr\"", "\"text\":\"ocr\""},
	 {"picture-not-read"}},
	{"on its side", N(marked), 1, VERDICT_SPILL, {"SM-008"}, {NULL}},
	{"on its head", N(marked), 2, VERDICT_SPILL, {"SM-008"}, {NULL}},
	{"on its other side", N(marked), 3, VERDICT_SPILL, {"SM-008"}, {NULL}},
	{"scanned paper", N(notice), 0, VERDICT_REVIEW, {"DH-006", "PI-012"}, {"DH-003"}},
	{"picture without words", N(picture), 0, VERDICT_REVIEW, {"PI-012"}, {"DH-006"}},
};

static void test_pictures(void **state)
{
	(void)state;
	if (!see_kit_sees())
		skip();
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		struct inspect_report report;
		struct buf bytes, text;

		buf_init(&bytes, SEE_KIT_MAX);
		draw_png(pictures[i].items, pictures[i].n, pictures[i].turns, &bytes);
		see_kit_look(&bytes, "a.png", &report, &text);
		see_kit_check(pictures[i].name, &report, pictures[i].want, pictures[i].has,
			      pictures[i].lacks);
		inspect_report_release(&report);
		buf_release(&text);
		buf_release(&bytes);
	}
}

/* What reviewers read has the place of every word. */
static void test_segments(void **state)
{
	struct inspect_report report;
	struct buf bytes, text;
	struct segment s;
	struct cur c;
	bool found = false;

	(void)state;
	if (!see_kit_sees())
		skip();
	buf_init(&bytes, SEE_KIT_MAX);
	draw_pdf((const struct draw_page[]){{N(notice), true}, {.n = 0}}, &bytes);
	see_kit_look(&bytes, "a.pdf", &report, &text);
	cur_init(&c, text.data, text.len);
	while (cur_left(&c) > 0) {
		assert_int_equal(segment_get(&c, &s), SL_OK);
		if (s.where != WHERE_OCR)
			continue;
		assert_int_equal(s.page, 1);
		assert_int_equal(s.line, 1);
		found = found || memmem(s.text, s.len, "夏季治安", strlen("夏季治安")) != NULL;
	}
	assert_true(found);
	inspect_report_release(&report);
	buf_release(&text);
	buf_release(&bytes);
}

/* A picture that would fill the memory is held before anything decodes it: one without pixels
 * is held for the same reason, and only a smaller one because of them. */
static void test_limits(void **state)
{
	static const struct {
		unsigned width, height;
		bool hollow;
		enum verdict want;
		const char *reason;
	} rows[] = {
		{30000, 30000, false, VERDICT_HOLD, "over-limit"},
		{30000, 30000, true, VERDICT_HOLD, "over-limit"},
		{20001, 20, false, VERDICT_HOLD, "over-limit"},
		{20001, 20, true, VERDICT_HOLD, "over-limit"},
		{300, 200, false, VERDICT_REVIEW, "PI-012"},
		{300, 200, true, VERDICT_HOLD, "corrupt"},
	};

	(void)state;
	if (!see_kit_sees())
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct inspect_report report;
		struct buf bytes, text;

		buf_init(&bytes, SEE_KIT_MAX);
		(rows[i].hollow ? draw_hollow_png : draw_empty_png)(rows[i].width,
								    rows[i].height, &bytes);
		see_kit_look(&bytes, "a.png", &report, &text);
		if (report.verdict != rows[i].want ||
		    strstr(buf_str(&report.bytes), rows[i].reason) == NULL)
			fail_msg("row %zu: %s", i, buf_str(&report.bytes));
		inspect_report_release(&report);
		buf_release(&text);
		buf_release(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, see_kit_set_up, see_kit_tear_down);
}
