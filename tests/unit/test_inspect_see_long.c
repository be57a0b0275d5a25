/* test_inspect_see_long.c - one page of a hundred lies: nothing of it goes unseen because
 * the characters of the other pages are known by then. */
#include <stdlib.h>
#include <string.h>

#include "see_kit.h"
#include "tests/support/draw.h"
#include "tests/support/raw_pdf.h"

const uint32_t see_kit_seconds = 300;

enum { PAGES = 100, AT = 57 };

/* The marks 秘, 密, 事 and 项 are honest on every page: their pictures are known.  So are
 * 《, 》 and —, which are only read beside others. */
#define USUAL                                                                                       \
	"BT /F1 14 Tf 60 780 Td 24 TL {关于开展夏季治安打击整治行动的通告} Tj T* " \
	"{为切实维护社会治安秩序，保障人民群众生命财产安全，} Tj T* "      \
	"{现就有关事项通告如下：严厉打击各类违法犯罪活动。} Tj T* "         \
	"{要保守商业秘密，年月日以通知为准。} Tj T* "                              \
	"{请按照《通告》的要求执行：申请—受理—审核。} Tj T* "               \
	"{广大群众发现违法犯罪线索，可以向公安机关举报。} Tj ET\n"

static const struct raw_page usual = {.content = USUAL};

static const struct {
	const char *name;
	struct raw_page odd;
	enum verdict want;
	const char *has[3], *lacks[3];
} rows[] = {
	{"an honest page",
	 {USUAL, NULL},
	 VERDICT_CLEAN,
	 {NULL},
	 {"DH-003", "DH-006", "SM-008"}},
	{"two letters that lie",
	 {USUAL "BT 60 600 Td /F2 14 Tf {秘密} Tj /F1 14 Tf {★5年} Tj ET", NULL},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", "\"where\":\"ocr\""},
	 {NULL}},
	{"a Type 3 font",
	 {USUAL "BT /F3 14 Tf 60 600 Td (a) Tj ET", NULL},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", "\"where\":\"ocr\""},
	 {NULL}},
	{"a note's appearance",
	 {USUAL, "BT /F1 14 Tf 5 10 Td {秘密★5年} Tj ET"},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", "\"where\":\"ocr\""},
	 {NULL}},
	{"white text",
	 {USUAL "1 g BT /F1 14 Tf 60 600 Td {参与行动的侦查员名单另行通知} Tj ET", NULL},
	 VERDICT_BLOCK,
	 {"DH-003", "no-trace", "\"page\":57"},
	 {"DH-006"}},
	{"text without ink",
	 {USUAL "BT 3 Tr /F1 14 Tf 60 600 Td {参与行动的侦查员名单另行通知} Tj ET", NULL},
	 VERDICT_BLOCK,
	 {"DH-003", "no-trace", "\"page\":57"},
	 {"DH-006"}},
	{"text under a box",
	 {USUAL "BT /F1 14 Tf 60 600 Td {参与行动的侦查员名单另行通知} Tj ET "
		"0.5 g 55 590 300 30 re f",
	  NULL},
	 VERDICT_BLOCK,
	 {"DH-003", "no-trace", "\"page\":57"},
	 {"DH-006"}},
	{"another text over it",
	 {USUAL "BT /F1 14 Tf 60 600 Td {参与行动的侦查员名单另行通知} Tj ET "
		"1 g 55 590 300 30 re f 0 g BT /F3 14 Tf 60 600 Td (a) Tj ET",
	  NULL},
	 VERDICT_SPILL,
	 {"SM-008", "DH-003", NULL},
	 {NULL}},
	/* Read as a word the drawings say 123 as well: but none of them is what it says. */
	{"letters that are shifted by one",
	 {USUAL "BT /F3 14 Tf 60 620 Td (bcd) Tj 3 Tc 0 -60 Td (cccccccccccc) Tj ET", NULL},
	 VERDICT_REVIEW,
	 {"DH-003", "not-read-on-page", "\"page\":57"},
	 {NULL}},
	{"a mark that is drawn as a letter",
	 {USUAL "BT 60 600 Td /F1 14 Tf {按照规定已定为秘} Tj /F3 14 Tf (e) Tj "
		"/F1 14 Tf {★5年，请遵照执行} Tj ET",
	  NULL},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", "\"where\":\"ocr\""},
	 {NULL}},
	{"a lighter letter that is called a mark",
	 {USUAL "BT 60 600 Td /F1 14 Tf {按照规定已定为秘} Tj 0.55 g /F3 14 Tf (e) Tj "
		"0 g /F1 14 Tf {★5年，请遵照执行} Tj ET",
	  NULL},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", "\"where\":\"ocr\""},
	 {NULL}},
	{"letters that are drawn as marks",
	 {USUAL "BT /F2 14 Tf 60 600 Td {《》《》《》《》《》《》} Tj ET", NULL},
	 VERDICT_REVIEW,
	 {"DH-003", "not-read-on-page", "\"page\":57"},
	 {NULL}},
	{"light letters",
	 {USUAL "0.8 g BT /F3 14 Tf 60 600 Td (a) Tj ET", NULL},
	 VERDICT_SPILL,
	 {"SM-008", "\"page\":57", NULL},
	 {NULL}},
};

static void check(const char *name, const struct buf *bytes, enum verdict want,
		  const char *const has[3], const char *const lacks[3])
{
	struct inspect_report report;
	struct buf text;

	see_kit_look(bytes, "a.pdf", &report, &text);
	see_kit_check(name, &report, want, has, lacks);
	inspect_report_release(&report);
	buf_release(&text);
}

static void test_pages(void **state)
{
	(void)state;
	if (!see_kit_sees())
		skip(); /* no models or no Chinese font */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf bytes;

		buf_init(&bytes, SEE_KIT_MAX);
		raw_pdf(&usual, PAGES, &rows[i].odd, AT, &bytes);
		check(rows[i].name, &bytes, rows[i].want, rows[i].has, rows[i].lacks);
		buf_release(&bytes);
	}
}

#define LINE(below, words)                                                                     \
	{                                                                                      \
		.text = (words), .x = 60, .y = (below), .size = 14                             \
	}

/* The same without a text layer: letters as outlines, and as a picture among text. */
static void test_drawn(void **state)
{
	static const char *const has[3] = {"SM-008", "\"page\":57", "\"where\":\"ocr\""};
	static const char *const lacks[3] = {"DH-003"};
	static const enum draw_as ways[] = {DRAW_SHAPES, DRAW_PICTURE};

	(void)state;
	if (!see_kit_sees())
		skip();
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct draw_item items[] = {
			LINE(80, "关于开展夏季治安打击整治行动的通告"),
			LINE(120, "为切实维护社会治安秩序，保障人民群众生命财产安全，"),
			LINE(160, "要保守商业秘密，年月日以通知为准。"),
			{.text = "秘密★5年", .x = 60, .y = 300, .size = 14, .as = ways[i]},
		};
		struct draw_page pages[PAGES + 1] = {{.n = 0}};
		struct buf bytes;

		for (unsigned k = 0; k < PAGES; k++)
			pages[k] = (struct draw_page){.items = items, .n = k + 1 == AT ? 4 : 3};
		buf_init(&bytes, SEE_KIT_MAX);
		draw_pdf(pages, &bytes);
		check(i == 0 ? "outlines" : "a picture", &bytes, VERDICT_SPILL, has, lacks);
		buf_release(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages),
					   cmocka_unit_test(test_drawn)};

	return cmocka_run_group_tests(tests, see_kit_set_up, see_kit_tear_down);
}
