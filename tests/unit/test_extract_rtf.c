/* test_extract_rtf.c - rich text of a real program, and groups made by hand: each place has
 * its stream, each trick its mark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"

static bool found(const struct collected *c, const char *rule, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 &&
		    strcmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static void files_of_a_word_processor(void **state)
{
	static const struct {
		const char *file;
		enum segment_where where;
		const char *words, *rule, *evidence;
	} rows[] = {
		{"hidden.rtf", WHERE_BODY, "招聘警务辅助人员公告\n", NULL, NULL},
		{"hidden.rtf", WHERE_BODY, "文本框里的字", NULL, NULL},
		{"hidden.rtf", WHERE_HIDDEN, "内部名额3名已定", "DH-003", "hidden-text"},
		{"hidden.rtf", WHERE_HIDDEN, "面试题目见附件", "DH-003", "white-text"},
		{"hidden.rtf", WHERE_HIDDEN, "极小字", "DH-003", "tiny-text"},
		{"hidden.rtf", WHERE_HEADER, "页眉：云汀市公安局", NULL, NULL},
		{"hidden.rtf", WHERE_FOOTER, "内部联系15400001234", NULL, NULL},
		{"hidden.rtf", WHERE_NOTE, "脚注里的说明", NULL, NULL},
		{"hidden.rtf", WHERE_FIELD, "HYPERLINK \"http://10.34.126.5/", NULL, NULL},
		{"comments.rtf", WHERE_COMMENT, "这段先别公开", "DH-002", "comment"},
		{"comments.rtf", WHERE_BODY, "户籍窗口延长服务时间", NULL, NULL},
		{"tracked-changes.rtf", WHERE_DELETED, "身份证号349902199208031041", "DH-001",
		 "deleted"},
		{"tracked-changes.rtf", WHERE_BODY, "当日，一名市民报警", "DH-001", "inserted"},
		{"properties.rtf", WHERE_PROPERTY, "author: 王起草", "DH-004", "author"},
		{"properties.rtf", WHERE_PROPERTY, "\\\\10.34.126.5\\share", "DH-004",
		 "internal-path"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = collect_file(rows[i].file, "application/rtf");

		print_message("%s: %s\n", rows[i].file, rows[i].words);
		assert_non_null(c);
		assert_int_equal(collect_failed(c), 0);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		if (rows[i].rule != NULL)
			assert_true(found(c, rows[i].rule, rows[i].evidence));
		collect_free(c);
	}
}

static void groups_by_hand(void **state)
{
	static const struct {
		const char *what, *rtf;
		enum segment_where where;
		const char *words, *evidence, *reason;
	} rows[] = {
		{"bytes of the code page", "{\\rtf1\\ansicpg936 \\'bb\\'fa{\\b \\'c3\\'dc}}",
		 WHERE_BODY, "机密", NULL, NULL},
		{"bytes of the font",
		 "{\\rtf1{\\fonttbl{\\f1\\fcharset134 S;}}\\f1 \\'bb\\'fa}", WHERE_BODY, "机",
		 NULL, NULL},
		{"western bytes", "{\\rtf1 caf\\'e9 \\'93}", WHERE_BODY, "café “", NULL, NULL},
		{"bytes in Big5", "{\\rtf1\\ansicpg950 \\'be\\'f7}", WHERE_BODY, NULL, NULL,
		 "unsupported"},
		{"broken bytes", "{\\rtf1\\ansicpg936 \\'bb}", WHERE_BODY, NULL, NULL,
		 "corrupt"},
		{"letters with a replacement", "{\\rtf1\\uc1 \\u26426?\\u23494\\'3f}",
		 WHERE_BODY, "机密", NULL, NULL},
		{"longer replacements", "{\\rtf1\\uc3\\u26426abc\\u23494 \\'61\\b1 c!}",
		 WHERE_BODY, "机密!", NULL, NULL},
		{"a pair of surrogates", "{\\rtf1\\u-10179?\\u-8704?}", WHERE_BODY, "😀", NULL,
		 NULL},
		{"half a pair", "{\\rtf1\\u-8704?}", WHERE_BODY, NULL, NULL, "corrupt"},
		{"switched off again", "{\\rtf1 a{\\v b}\\v c\\v0 d}", WHERE_BODY, "ad",
		 "hidden-text", NULL},
		{"white on black",
		 "{\\rtf1{\\colortbl;\\red255\\green255\\blue255;}\\cf1\\highlight2 w}",
		 WHERE_BODY, "w", NULL, NULL},
		{"a group that readers leave out", "{\\rtf1 a{\\*\\nobody hidden words}}",
		 WHERE_METADATA, "hidden words", NULL, NULL},
		{"an active field", "{\\rtf1{\\field{\\*\\fldinst DDEAUTO x}{\\fldrslt y}}}",
		 WHERE_FIELD, "DDEAUTO x", "field", NULL},
		{"a template from outside", "{\\rtf1{\\*\\template http://e.example/t.dot}}",
		 WHERE_PROPERTY, "template: http://e.example/t.dot", "external-template", NULL},
		{"cells", "{\\rtf1 a\\cell b\\cell\\row c\\line d}", WHERE_BODY, "a\tb\t\nc\nd",
		 NULL, NULL},
		{"no end", "{\\rtf1 a{b}", WHERE_BODY, "ab", NULL, "truncated"},
		{"bytes that are no text", "{\\rtf1 a\\bin4 \1\2\3\4 b}", WHERE_BODY, "a b",
		 NULL, NULL},
		{"words as bytes", "{\\rtf1 \\bin6 机密}", WHERE_PROPERTY, "bin: 机密", NULL,
		 NULL},
		{"more bytes than there are", "{\\rtf1 \\bin99 abc}", WHERE_BODY, NULL, NULL,
		 "truncated"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = collect_bytes("a.rtf", "application/rtf", rows[i].rtf,
						    strlen(rows[i].rtf));
		bool marked = rows[i].evidence == NULL;

		print_message("%s\n", rows[i].what);
		if (rows[i].words != NULL)
			assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked ||
				 strcmp(c->findings[k].evidence, rows[i].evidence) == 0;
		assert_true(marked);
		assert_string_equal(c->objects[0].reason,
				    rows[i].reason != NULL ? rows[i].reason : "");
		collect_free(c);
	}
}

static void files_inside(void **state)
{
	static const char text[] =
		"{\\rtf1{\\object\\objemb{\\*\\objdata 01050000 02000000 08000000 "
		"5061636b61676500 00000000 00000000 09000000 73656372657420310a}}"
		"{\\*\\shppict{\\pict\\pngblip 89504e470d0a1a0a00}}{\\pict\\wmetafile8 0100}}";
	struct collected *c = collect_bytes("a.rtf", "application/rtf", text, strlen(text));
	const struct filter_object *o = collect_object(c, "objdata-1");

	(void)state;
	assert_non_null(o);
	assert_string_equal(o->type, "text/plain");
	assert_non_null(collect_segment(c, WHERE_BODY, "secret 1"));
	assert_non_null(collect_segment(c, WHERE_METADATA, "object: Package"));
	assert_true(found(c, "DH-005", "embedded-object"));
	o = collect_object(c, "pict-2");
	assert_non_null(o);
	assert_string_equal(o->reason, "truncated");
	o = collect_object(c, "pict-3");
	assert_non_null(o);
	assert_string_equal(o->reason, "picture-not-read");
	collect_free(c);
}

static void depth_has_an_end(void **state)
{
	char deep[2 * EXTRACT_DEPTH_MAX] = "{\\rtf1";
	struct collected *c;

	(void)state;
	memset(deep + 6, '{', sizeof(deep) - 6);
	c = collect_bytes("a.rtf", "application/rtf", deep, sizeof(deep));
	assert_string_equal(c->objects[0].reason, "over-limit");
	collect_free(c);
}

static int start(void **state)
{
	(void)state;
	collect_start();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_a_word_processor),
		cmocka_unit_test(groups_by_hand),
		cmocka_unit_test(files_inside),
		cmocka_unit_test(depth_has_an_end),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
