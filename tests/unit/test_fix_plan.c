/* test_fix_plan.c - findings become masks: the right text, nothing half masked, and a person is
 * told of the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "inspect/fix_plan.h"
#include "policy/segment.h"

#define TXT  "text/plain"
#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define ID   "349901198705143123"

struct piece { /* of object 0 or 0.1; offsets count from the piece before in the same place */
	uint32_t object;
	uint8_t where;
	const char *text;
};
struct row {
	const char *rule, *severity, *where, *needle, *excerpt, *action, *with;
};

static void segments(const struct piece *p, size_t n, struct buf *out)
{
	uint32_t offset = 0;

	buf_init(out, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		struct segment s = {.object = p[i].object,
				    .where = p[i].where,
				    .line = 1,
				    .column = 1,
				    .text = p[i].text,
				    .len = (uint32_t)strlen(p[i].text)};

		if (i > 0 && (p[i].object != p[i - 1].object || p[i].where != p[i - 1].where))
			offset = 0;
		s.offset = offset;
		offset += (uint32_t)text_count(s.text, s.len);
		segment_put(out, &s);
	}
}

/* The place of a needle in the pieces of one place, joined. */
static uint32_t place_of(const struct piece *p, size_t n, const struct row *f)
{
	const char *at, *all;
	uint32_t found;
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < n; i++)
		if (strcmp(where_name(p[i].where), f->where) == 0)
			buf_puts(&b, p[i].text);
	all = buf_str(&b);
	at = strstr(all, f->needle);
	found = at == NULL ? 100000 : (uint32_t)text_count(all, (size_t)(at - all));
	buf_release(&b);
	return found;
}

static json_t *report(const char *type, const struct piece *p, size_t n, const struct row *f)
{
	json_t *list = json_array();

	for (; f->rule != NULL; f++) {
		json_t *j = json_pack(
			"{s:s,s:s,s:s,s:s,s:i,s:i,s:I,s:I,s:s,s:{s:s,s:s}}", "rule", f->rule,
			"severity", f->severity, "where", f->where, "object", "0", "line", 1,
			"column", 1, "offset", (json_int_t)place_of(p, n, f), "length",
			(json_int_t)text_count(f->needle, strlen(f->needle)), "excerpt",
			f->excerpt, "message", "en", "because", "zh", "因为");

		if (f->action != NULL)
			assert_int_equal(
				json_object_set_new(j, "fix",
						    json_pack("{s:s,s:s}", "action", f->action,
							      "text", f->with)),
				0);
		assert_int_equal(json_array_append_new(list, j), 0);
	}
	return json_pack("{s:[{s:s,s:s}],s:o}", "objects", "id", "0", "type", type, "findings",
			 list);
}

static void plan(const char *type, const struct piece *p, size_t n, const struct row *f,
		 struct fix_plan *out)
{
	json_t *r = report(type, p, n, f);
	struct buf text;

	segments(p, n, &text);
	assert_int_equal(fix_plan_make(r, text.data, text.len, out), SL_OK);
	buf_release(&text);
	json_decref(r);
}

static const char *with(const struct fix_plan *p, const char *text)
{
	for (size_t i = 0; i < p->masks.n; i++)
		if (strcmp(p->masks.mask[i].text, text) == 0)
			return p->masks.mask[i].with;
	return NULL;
}

static const char *why(const struct fix_plan *p, const char *rule)
{
	const json_t *row;
	size_t i;

	json_array_foreach(p->by_hand, i, row) if (strcmp(json_str(row, "rule"), rule) ==
						   0) return json_str(row, "why");
	return NULL;
}

static const char *line(const struct fix_plan *p, size_t i, const char *which)
{
	return json_str(json_array_get(p->rows, i), which);
}

/* The cleaner used this replacement, and says (NULL: not) that what another is for is left. */
static int settle(struct fix_plan *p, const char *used, const char *where, const char *left)
{
	return fix_plan_settle(p, &(struct fix_outcome){.used = &used,
							.n_used = 1,
							.left = &(struct fix_left){where, left},
							.n_left = where != NULL,
							.copied = true});
}

static void each_kind_becomes_its_mask(void **state)
{
	static const struct piece p[] = {{0, WHERE_BODY,
					  "被害人周若宁，身份证" ID
					  "，电话15400001234，\n住址云汀市榆湾区和平路12号3室。"
					  "\n周若宁说谢谢。"}};
	static const struct row f[] = {
		{"PI-009", "S2", "body", "被害人周若宁", "被害人周**", "mask", "被害人周某某"},
		{"PI-001", "S1", "body", ID, "3499**********3123", "mask",
		 "34*************123"},
		{"PI-004", "S1", "body", "15400001234", "154******34", "mask", "154****1234"},
		{"PI-006", "S1", "body", "云汀市榆湾区和平路12号3室", "云汀市榆湾区和平路****",
		 "mask", "云汀市榆湾区和平路"},
		{0}};
	struct fix_plan x;

	(void)state;
	plan(TXT, p, 1, f, &x);
	assert_string_equal(with(&x, ID), "34*************123");
	assert_string_equal(with(&x, "15400001234"), "154****1234");
	assert_string_equal(with(&x, "云汀市榆湾区和平路12号3室"), "云汀市榆湾区和平路");
	/* The name is masked wherever it stands, also where nobody calls it a victim. */
	assert_string_equal(with(&x, "被害人周若宁"), "被害人周某某");
	assert_string_equal(with(&x, "周若宁"), "周某某");
	assert_int_equal(json_array_size(x.rows), 4);
	assert_int_equal(json_array_size(x.by_hand), 0);
	/* Neither line shows what was found by it or by another finding. */
	for (size_t i = 0; i < 4; i++) {
		assert_null(strstr(line(&x, i, "before"), ID));
		assert_null(strstr(line(&x, i, "before"), "15400001234"));
		assert_null(strstr(line(&x, i, "before"), "周若宁"));
		assert_null(strstr(line(&x, i, "after"), "周若宁"));
	}
	assert_non_null(strstr(line(&x, 0, "before"), "被害人周**，身份证3499**********3123"));
	assert_non_null(strstr(line(&x, 0, "after"), "被害人周某某，身份证34*************123"));
	fix_plan_release(&x);
}

static void two_characters_are_no_name_elsewhere(void **state)
{
	static const struct piece p[] = {{0, WHERE_BODY, "被害人周宁。周宁县。"}};
	static const struct row f[] = {
		{"PI-009", "S2", "body", "被害人周宁", "x", "mask", "被害人某某"}, {0}};
	struct fix_plan x;

	(void)state;
	plan(TXT, p, 1, f, &x);
	assert_non_null(with(&x, "被害人周宁"));
	assert_null(with(&x, "周宁"));
	fix_plan_release(&x);
}

static void overlaps_are_never_half_masked(void **state)
{
	static const struct piece p[] = {
		{0, WHERE_BODY, "联系人周若宁15400001234转8001，住和平路12号周若宁收"}};
	static const struct row f[] = {
		/* reaches over the end of the first */
		{"PI-009", "S2", "body", "联系人周若宁15400001234", "联系人*", "mask",
		 "联系人周某某154****1234"},
		{"PI-004", "S1", "body", "15400001234转8001", "154*", "mask", "154****1234转*"},
		/* inside of another */
		{"PI-006", "S1", "body", "和平路12号周若宁收", "和平路*", "replace",
		 "和平路周若宁收"},
		{"PI-010", "S2", "body", "周若宁收", "周**", "mask", "周某某收"},
		{0}};
	struct fix_plan x;

	(void)state;
	plan(TXT, p, 1, f, &x);
	assert_string_equal(with(&x, "联系人周若宁15400001234转8001"),
			    "联系人周某某154****1234*****");
	assert_string_equal(with(&x, "15400001234转8001"), "154****1234转*");
	assert_string_equal(with(&x, "和平路12号周若宁收"), "和平路周某某收");
	assert_string_equal(with(&x, "周若宁收"), "周某某收");
	fix_plan_release(&x);
}

static void runs_and_invisible_characters(void **state)
{
	static const struct piece p[] = {{0, WHERE_BODY, "电话154"},
					 {0, WHERE_BODY, "0000"},
					 {0, WHERE_BODY,
					  "12\xe2\x80\x8b"
					  "34。"}};
	static const struct row f[] = {{"PI-004", "S1", "body",
					"154000012\xe2\x80\x8b"
					"34",
					"154*", "mask", "154****1234"},
				       {0}};
	struct fix_plan x;

	(void)state;
	plan(DOCX, p, 3, f, &x);
	assert_string_equal(with(&x, "154000012\xe2\x80\x8b"
				     "34"),
			    "154****1234");
	fix_plan_release(&x);
}

static void what_is_left_to_a_person(void **state)
{
	static const struct piece p[] = {{0, WHERE_FILENAME, "周若宁15400001234.docx"},
					 {0, WHERE_TITLE, "寻15400001234"},
					 {0, WHERE_BODY, "患有某病。内部。"},
					 {0, WHERE_HIDDEN, "隐藏15400001234"},
					 {0, WHERE_OCR, "图15400001234"},
					 {0, WHERE_PROPERTY, "周若宁"}};
	static const struct row f[] = {
		{"PI-004", "S1", "filename", "15400001234", "154*", "mask", "154****1234"},
		{"PI-008", "S1", "body", "患有某病", "患有*", "delete", ""},
		{"WS-001", "S1", "body", "内部", "内部", "return", ""},
		{"DH-003", "S1", "hidden", "隐藏", "隐藏", "return", ""},
		{"PI-014", "S1", "ocr", "15400001234", "154*", "mask", "154****1234"},
		{"DH-004", "S4", "property", "周若宁", "周**", "delete", ""},
		{"PI-011", "S1", "body", "不在文中", "x", "mask", "y"},
		{"PI-012", "S1", "hidden", "15400001234", "154*", "mask", "154****1234"},
		{"PI-002", "S1", "title", "15400001234", "154*", "mask", "154****1234"},
		{0}};
	struct fix_plan x;

	(void)state;
	plan(DOCX, p, 6, f, &x);
	assert_string_equal(why(&x, "PI-004"), "filename");
	assert_string_equal(why(&x, "PI-008"), "meaning");
	assert_string_equal(why(&x, "WS-001"), "return");
	assert_string_equal(why(&x, "DH-003"), "return");
	assert_string_equal(why(&x, "PI-014"), "picture");
	assert_string_equal(why(&x, "PI-011"), "place");
	assert_null(why(&x, "DH-004")); /* goes in every run */
	assert_null(why(&x, "PI-012")); /* masked where it is hidden, too */
	assert_null(why(&x, "PI-002"));
	assert_int_equal(json_array_size(x.rows), 2);
	/* The cleaner found a place for the number: both rows stay.  It found none: the title
	 * is ours, the other is left to a person. */
	assert_int_equal(settle(&x, "154****1234", NULL, NULL), SL_OK);
	assert_int_equal(json_array_size(x.rows), 2);
	fix_plan_release(&x);
	plan(DOCX, p, 6, f, &x);
	assert_int_equal(settle(&x, "别的", NULL, NULL), SL_OK);
	assert_int_equal(json_array_size(x.rows), 1);
	assert_string_equal(why(&x, "PI-012"), "place");
	fix_plan_release(&x);
}

/* Masked in the text, and still in a name that formulas refer to. */
static void what_is_left_is_for_a_person(void **state)
{
	static const struct piece p[] = {{0, WHERE_BODY, "失主周若宁，电话15400001234"},
					 {0, WHERE_HIDDEN, "15400001234"}};
	static const struct row f[] = {
		{"PI-004", "S1", "body", "15400001234", "154*", "mask", "154****1234"},
		{"PI-009", "S2", "body", "周若宁", "周**", "mask", "周某某"},
		{"PI-012", "S1", "hidden", "15400001234", "154*", "mask", "154****1234"},
		{0}};
	const char *both[] = {"154****1234", "周某某"};
	const struct fix_left left[] = {{"hidden", "154****1234"}, {"metadata", "周某某"}};
	const json_t *row;
	struct fix_plan x;

	(void)state;
	plan(DOCX, p, 2, f, &x);
	assert_int_equal(fix_plan_settle(&x, &(struct fix_outcome){both, 2, left, 2, true}),
			 SL_OK);
	assert_int_equal(json_array_size(x.rows), 2);
	assert_int_equal(json_array_size(x.by_hand), 2);
	assert_string_equal(why(&x, "PI-012"), "left");
	/* Nothing was found there: it is said with the rule of what is masked elsewhere. */
	assert_string_equal(why(&x, "PI-009"), "left");
	row = json_array_get(x.by_hand, 0);
	assert_string_equal(json_str(row, "where"), "metadata");
	assert_string_equal(json_str(row, "excerpt"), "周**");
	assert_null(json_object_get(row, "line"));
	assert_null(json_object_get(row, "before"));
	fix_plan_release(&x);
	/* Too many places to be named: then nothing counts as done. */
	plan(DOCX, p, 2, f, &x);
	assert_int_equal(settle(&x, "154****1234", "", ""), SL_OK);
	assert_int_equal(json_array_size(x.rows), 0);
	assert_int_equal(json_array_size(x.by_hand), 3);
	fix_plan_release(&x);
}

static void files_that_take_no_masks(void **state)
{
	static const struct piece p[] = {{0, WHERE_BODY, "电话15400001234"},
					 {0, WHERE_OLD_REVISION, "旧15400001234"}};
	static const struct row f[] = {
		{"PI-004", "S1", "body", "15400001234", "154*", "mask", "154****1234"},
		{"PI-005", "S1", "old-revision", "15400001234", "154*", "mask", "154****1234"},
		{"DH-005", "S1", "attachment", "15400001234", "", "return", ""},
		{0}};
	struct fix_plan x;

	(void)state;
	plan("application/pdf", p, 2, f, &x);
	assert_int_equal(x.masks.n, 0);
	assert_string_equal(why(&x, "PI-004"), "source");
	assert_null(why(&x, "PI-005")); /* written anew without it */
	assert_null(why(&x, "DH-005"));
	fix_plan_release(&x);
}

/* What stands beside the pixels goes from pictures that are cleaned, and from no other file. */
static void fields_of_pictures(void **state)
{
	static const struct piece p[] = {{0, WHERE_PROPERTY, "Artist: 15400001234"},
					 {0, WHERE_METADATA, "MakerNote"},
					 {0, WHERE_OCR, "图15400001234"}};
	static const struct row f[] = {
		{"UF-001", "S2", "metadata", "MakerNote", "", "delete", ""},
		{"DH-004", "S2", "property", "Artist", "", NULL, NULL},
		{"DH-009", "S4", "property", "Artist", "", NULL, NULL},
		{"PI-004", "S1", "property", "15400001234", "154*", "mask", "154****1234"},
		{"PI-014", "S1", "ocr", "15400001234", "154*", "mask", "154****1234"},
		{0}};
	struct fix_plan x;

	(void)state;
	plan("image/jpeg", p, 3, f, &x);
	assert_null(why(&x, "UF-001"));
	assert_null(why(&x, "DH-004"));
	assert_null(why(&x, "PI-004"));
	assert_string_equal(why(&x, "PI-014"), "picture");
	fix_plan_release(&x);
	plan("image/heic", p, 3, f, &x);
	assert_string_equal(why(&x, "UF-001"), "metadata");
	assert_string_equal(why(&x, "DH-004"), "metadata");
	assert_string_equal(why(&x, "PI-004"), "source");
	fix_plan_release(&x);
}

static void broken_input_is_refused(void **state)
{
	static const struct row none[] = {{0}};
	json_t *r = report(TXT, NULL, 0, none);
	struct fix_plan x;

	(void)state;
	assert_int_equal(fix_plan_make(r, "garbage", 7, &x), SL_E_FORMAT);
	assert_int_equal(fix_plan_make(r, "", 0, &x), SL_OK);
	assert_int_equal(json_array_size(x.rows), 0);
	fix_plan_release(&x);
	json_decref(r);
}

static void the_worse_finding_decides(void **state)
{
	struct fix_masks m = {.n = 0};
	struct buf out;
	uint32_t used = 0;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(fix_masks_add(&m, "1234", 4, "b", "s", 2), SL_OK);
	assert_int_equal(fix_masks_add(&m, "1234", 4, "a", "s", 1), SL_OK);
	assert_int_equal(fix_masks_add(&m, "1234", 4, "c", "s", 3), SL_OK);
	assert_int_equal(fix_masks_add(&m, "123456", 6, "long", "s", 3), SL_OK);
	assert_int_equal(fix_masks_add(&m, "", 0, "x", "s", 1), SL_E_LIMIT);
	assert_int_equal(m.n, 2);
	assert_int_equal(fix_masks_apply(&m, "-1234-123456-123", 16, false, &out, &used),
			 SL_OK);
	assert_string_equal(buf_str(&out), "-a-long-123");
	assert_int_equal(used, 2);
	fix_masks_release(&m);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_becomes_its_mask),
		cmocka_unit_test(two_characters_are_no_name_elsewhere),
		cmocka_unit_test(overlaps_are_never_half_masked),
		cmocka_unit_test(runs_and_invisible_characters),
		cmocka_unit_test(what_is_left_to_a_person),
		cmocka_unit_test(what_is_left_is_for_a_person),
		cmocka_unit_test(files_that_take_no_masks),
		cmocka_unit_test(fields_of_pictures),
		cmocka_unit_test(broken_input_is_refused),
		cmocka_unit_test(the_worse_finding_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
