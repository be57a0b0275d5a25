/* test_office_legacy.c - what our own walker sees in old documents, with files that
 * LibreOffice wrote and with what is put into them here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "inspect/extract/extract.h"
#include "inspect/office/office_legacy.h"
#include "inspect/office/office_runs.h"
#include "inspect/office/office_summary.h"
#include "inspect/type/identify.h"
#include "inspect/type/ole.h"

#define DOCUMENTS SL_SOURCE_DIR "/tests/corpus/documents/"
#define WORD	  "application/msword"
#define EXCEL	  "application/vnd.ms-excel"

enum { FILE_MAX = 1 << 20, SECTOR = 512 };

static void load(const char *name, struct buf *b)
{
	char path[512];

	(void)snprintf(path, sizeof(path), DOCUMENTS "%s", name);
	buf_init(b, 2 * FILE_MAX);
	assert_int_equal(file_read(AT_FDCWD, path, FILE_MAX, b), SL_OK);
}

static void walk(struct extract *x, const char *name, const char *type, const struct buf *b)
{
	assert_int_equal(extract_init(x, name, type, b->data, b->len), SL_OK);
	assert_int_equal(office_legacy(x), SL_OK);
}

static bool marked(const struct extract *x, const char *rule, const char *evidence)
{
	const struct extract_part *p = x->parts[0];

	for (size_t i = 0; i < p->n_marks; i++) {
		if (strcmp(p->marks[i].rule, rule) == 0 &&
		    strcmp(p->marks[i].evidence, evidence) == 0)
			return true;
	}
	return false;
}

static bool says(const struct extract *x, enum segment_where w, const char *words)
{
	const struct buf *b = &x->parts[0]->text[w];

	return b->len > 0 && memmem(b->data, b->len, words, strlen(words)) != NULL;
}

/* Clean files are read to their end and nothing is cried about them. */
static void test_clean_files(void **state)
{
	static const struct {
		const char *name, *type;
	} rows[] = {
		{"clean.doc", WORD},	       {"comments.doc", WORD},
		{"hidden.doc", WORD},	       {"properties.doc", WORD},
		{"hidden.xls", EXCEL},	       {"hidden.ppt", "application/vnd.ms-powerpoint"},
		{"tracked-changes.doc", WORD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct extract x;
		struct buf b;

		load(rows[i].name, &b);
		walk(&x, rows[i].name, rows[i].type, &b);
		if (x.parts[0]->object.state != OBJECT_INSPECTED ||
		    x.parts[0]->text[WHERE_OLD_REVISION].len > 0)
			fail_msg("%s: %s %s", rows[i].name, x.parts[0]->object.reason,
				 buf_str(&x.parts[0]->text[WHERE_OLD_REVISION]));
		for (size_t m = 0; m < x.parts[0]->n_marks; m++)
			assert_string_equal(x.parts[0]->marks[m].rule, "DH-004");
		extract_release(&x);
		buf_release(&b);
	}
}

static void test_properties(void **state)
{
	struct extract x;
	struct buf b;

	(void)state;
	load("properties.doc", &b);
	walk(&x, "properties.doc", WORD, &b);
	assert_true(says(&x, WHERE_PROPERTY, "author: 王起草"));
	assert_true(says(&x, WHERE_PROPERTY, "lastModifiedBy: 赵修改"));
	assert_true(says(&x, WHERE_PROPERTY, "custom: 承办单位"));
	assert_true(marked(&x, "DH-004", "author"));
	assert_true(marked(&x, "DH-004", "internal-path"));
	extract_release(&x);
	/* A set that names more than it has. */
	assert_int_equal(extract_init(&x, "a", WORD, b.data, b.len), SL_OK);
	assert_false(office_summary(x.parts[0], b.data, b.len));
	extract_release(&x);
	buf_release(&b);
}

/* A sector that the table of sectors calls free, with this in it. */
static void add_free_sector(struct buf *b, const void *bytes, size_t len)
{
	uint8_t *p = buf_extend(b, SECTOR);

	assert_non_null(p);
	assert_true(len <= SECTOR);
	memset(p, 0, SECTOR);
	memcpy(p, bytes, len);
}

static size_t utf16(const char *ascii_and_han, uint8_t *out)
{
	/* 被害人王小明住城关镇人民路, and what is given. */
	static const uint16_t han[] = {0x88ab, 0x5bb3, 0x4eba, 0x738b, 0x5c0f, 0x660e, 0x4f4f,
				       0x57ce, 0x5173, 0x9547, 0x4eba, 0x6c11, 0x8def};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(han) / sizeof(han[0]); i++) {
		out[n++] = (uint8_t)han[i];
		out[n++] = (uint8_t)(han[i] >> 8);
	}
	for (; *ascii_and_han != '\0'; ascii_and_han++) {
		out[n++] = (uint8_t)*ascii_and_han;
		out[n++] = 0;
	}
	return n;
}

static void test_remains(void **state)
{
	/* 被害人王小明住城关镇 in GBK */
	static const uint8_t gbk[] = {0xb1, 0xbb, 0xba, 0xa6, 0xc8, 0xcb, 0xcd,
				      0xf5, 0xd0, 0xa1, 0xc3, 0xf7, 0xd7, 0xa1,
				      0xb3, 0xc7, 0xb9, 0xd8, 0xd5, 0xf2};
	uint8_t wide[SECTOR] = {0}, odd[SECTOR] = {0},
		number[] = "\x01\x02"
			   "34990119900307104\x03";
	size_t n = utf16("15400001234", wide);
	const struct {
		const void *bytes;
		size_t len;
		const char *words; /* NULL: nothing may be found */
	} rows[] = {
		{wide, n, "被害人王小明住城关镇人民路15400001234"},
		{odd, n + 1, "被害人王小明住城关镇人民路"},
		{gbk, sizeof(gbk), "被害人王小明住城关镇"},
		{gbk, 14, NULL}, /* seven characters */
		{number, sizeof(number), "34990119900307104"},
		{"00000000000000", 14, NULL},
		{"{00020906-0000-0000-C000-000000000046}", 38, NULL},
		{"Times New Roman and more words in Latin", 39, NULL},
	};

	(void)state;
	memcpy(odd + 1, wide, n);
	odd[0] = 0x81;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct extract x;
		struct buf b;

		load("clean.doc", &b);
		add_free_sector(&b, rows[i].bytes, rows[i].len);
		walk(&x, "clean.doc", WORD, &b);
		assert_int_equal(x.parts[0]->object.state, OBJECT_INSPECTED);
		if (rows[i].words == NULL)
			assert_int_equal(x.parts[0]->text[WHERE_OLD_REVISION].len, 0);
		else if (!says(&x, WHERE_OLD_REVISION, rows[i].words) ||
			 !marked(&x, "DH-007", "unallocated"))
			fail_msg("row %zu: %s", i,
				 buf_str(&x.parts[0]->text[WHERE_OLD_REVISION]));
		extract_release(&x);
		buf_release(&b);
	}
}

/* Half a megabyte of noise has no text in it. */
static void test_noise(void **state)
{
	enum { NOISE = 1 << 19 };
	static uint8_t noise[NOISE];
	uint64_t s = 1;
	struct extract x;

	(void)state;
	for (size_t i = 0; i < NOISE; i++) {
		s = s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		noise[i] = (uint8_t)(s >> 56);
	}
	assert_int_equal(extract_init(&x, "a", WORD, noise, NOISE), SL_OK);
	office_runs(x.parts[0], noise, NOISE, "unallocated");
	assert_int_equal(x.parts[0]->text[WHERE_OLD_REVISION].len, 0);
	extract_release(&x);
}

/* Where a stream of at least 4,096 bytes begins in the file. */
static size_t stream_at(const struct buf *b, const char *name)
{
	const struct ole_entry *e;
	struct ole o;
	size_t at;

	assert_null(ole_open(&o, b->data, b->len));
	e = ole_find(&o, name);
	assert_non_null(e);
	assert_true(e->size >= o.cutoff);
	at = (size_t)(e->start + 1) * o.sector;
	ole_release(&o);
	return at;
}

/* A quick save that took the end away: the table of pieces ends earlier, the text stays. */
static void test_earlier_state(void **state)
{
	struct extract x;
	struct ole o;
	const struct ole_entry *e;
	uint8_t *fib, *clx;
	uint32_t flags, last;
	struct buf b;

	(void)state;
	load("clean.doc", &b);
	fib = b.data + stream_at(&b, "WordDocument");
	flags = identify_le16(fib + 10);
	assert_null(ole_open(&o, b.data, b.len));
	e = ole_find(&o, (flags & 0x0200) != 0 ? "1Table" : "0Table");
	assert_non_null(e);
	assert_true(e->size >= o.cutoff || identify_le32(fib + 0x1a2) < e->size);
	/* The table stream of this file is in small sectors or in large ones that follow. */
	clx = memmem(b.data, b.len, "\2\x10\0\0\0\0\0\0\0", 9);
	ole_release(&o);
	assert_non_null(clx);
	last = identify_le32(clx + 9);
	assert_true(last > 40);
	clx[9] = 4;
	clx[10] = clx[11] = clx[12] = 0;
	walk(&x, "clean.doc", WORD, &b);
	assert_int_equal(x.parts[0]->object.state, OBJECT_INSPECTED);
	assert_true(marked(&x, "DH-007", "earlier-state"));
	extract_release(&x);
	clx[0] = 7; /* no such table */
	walk(&x, "clean.doc", WORD, &b);
	assert_string_equal(x.parts[0]->object.reason, "corrupt");
	extract_release(&x);
	buf_release(&b);
}

/* Two by LibreOffice; and one bit in the head of a document that was open. */
static void test_encrypted(void **state)
{
	static const struct {
		const char *name, *type;
		bool set_bit;
	} rows[] = {
		{"encrypted.doc", WORD, false},
		{"encrypted.xls", EXCEL, false},
		{"clean.doc", WORD, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct extract x;
		struct buf b;

		load(rows[i].name, &b);
		if (rows[i].set_bit)
			b.data[stream_at(&b, "WordDocument") + 11] |= 1;
		walk(&x, rows[i].name, rows[i].type, &b);
		assert_string_equal(x.parts[0]->object.reason, "encrypted");
		assert_true(marked(&x, "DH-008", "encrypted"));
		extract_release(&x);
		buf_release(&b);
	}
}

/* Entries of the directory under other names. */
static void test_carriers(void **state)
{
	static const struct {
		const char *name, *evidence;
	} rows[] = {{"VBA", "macro"},
		    {"_VBA_PROJECT", "macro"},
		    {"\001Ole10Native", "object"},
		    {"Package", "object"}};
	static const char compobj[] = "\1\0C\0o\0m\0p\0O\0b\0j";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct extract x;
		uint8_t *at;
		struct buf b;

		load("clean.doc", &b);
		at = memmem(b.data, b.len, compobj, sizeof(compobj) - 1);
		assert_non_null(at);
		memset(at, 0, 64);
		for (size_t c = 0; rows[i].name[c] != '\0'; c++)
			at[2 * c] = (uint8_t)rows[i].name[c];
		at[64] = (uint8_t)(2 * strlen(rows[i].name) + 2);
		walk(&x, "clean.doc", WORD, &b);
		assert_true(marked(&x, "DH-005", rows[i].evidence));
		extract_release(&x);
		buf_release(&b);
	}
}

static int start(void **state)
{
	struct sl_why why = {{0}};

	(void)state;
	return extract_load(&why) == SL_OK ? office_runs_load() : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean_files),   cmocka_unit_test(test_properties),
		cmocka_unit_test(test_remains),	      cmocka_unit_test(test_noise),
		cmocka_unit_test(test_earlier_state), cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_carriers),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
