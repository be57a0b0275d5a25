/* test_extract_archive.c - archives of real programs, and RAR made here by its specification:
 * every member read, every note seen, everything else held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "inspect/type/identify.h"
#include "tests/support/extract_collect.h"

static bool found(const struct collected *c, const char *rule, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 &&
		    strcmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static void members_are_read(void **state)
{
	static const struct {
		const char *file, *type;
		const char *inner; /* object that holds the number, by its path's end */
		const char *id;
	} rows[] = {
		{"archives/members.tgz", "application/gzip", "inner.tar/inner.txt", "0.1.2.1"},
		{"archives/members.7z", "application/x-7z-compressed", "inner.tar/inner.txt",
		 "0.1.1"},
		{"archives/nested.zip", "application/zip", "members.7z/inner.tar/inner.txt",
		 "0.2.1.1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = collect_file(rows[i].file, rows[i].type);
		const struct filter_object *o;

		print_message("%s\n", rows[i].file);
		assert_non_null(c);
		assert_int_equal(collect_failed(c), 0);
		o = collect_object(c, rows[i].inner);
		assert_non_null(o);
		assert_string_equal(o->id, rows[i].id);
		assert_string_equal(o->type, "text/plain");
		assert_non_null(collect_segment(c, WHERE_BODY, "349901198705143123"));
		assert_non_null(collect_segment(c, WHERE_BODY, "春和路禁止"));
		assert_non_null(collect_segment(c, WHERE_FILENAME, "inner.txt"));
		assert_non_null(collect_segment(c, WHERE_METADATA, "owner: zhangwu"));
		assert_true(found(c, "DH-008", "nested-archive"));
		collect_free(c);
	}
}

static void notes_beside_the_members(void **state)
{
	struct collected *c = collect_file("archives/nested.zip", "application/zip");

	(void)state;
	assert_non_null(c);
	assert_non_null(collect_segment(c, WHERE_METADATA, "comment: 内部资料，注意保存"));
	collect_free(c);
	c = collect_file("archives/gb18030-names.zip", "application/zip");
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_object(c, "通知/第1号.txt"));
	assert_non_null(collect_segment(c, WHERE_FILENAME, "第1号.txt"));
	collect_free(c);
	c = collect_file("archives/notice.txt.gz", "application/gzip");
	assert_non_null(c);
	assert_non_null(collect_segment(c, WHERE_METADATA, "name: notice.txt"));
	assert_non_null(collect_segment(c, WHERE_BODY, "春和路"));
	collect_free(c);
}

static void what_cannot_be_read_is_held(void **state)
{
	static const struct {
		const char *file, *type, *reason, *evidence;
	} rows[] = {
		{"archives/encrypted.7z", "application/x-7z-compressed", "encrypted",
		 "encrypted"},
		{"archives/encrypted-names.7z", "application/x-7z-compressed", "encrypted",
		 "encrypted"},
		{"archives/link.tar", "application/x-tar", "link", "link"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = collect_file(rows[i].file, rows[i].type);
		bool reason = false;

		print_message("%s\n", rows[i].file);
		assert_non_null(c);
		for (size_t k = 0; k < c->n_objects; k++)
			reason = reason || strcmp(c->objects[k].reason, rows[i].reason) == 0;
		assert_true(reason);
		assert_true(found(c, "DH-008", rows[i].evidence));
		collect_free(c);
	}
}

/* --- RAR 5 with stored members, by its specification --- */

static void number(struct buf *b, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_put_u8(b, (uint8_t)(n | 0x80));
	buf_put_u8(b, (uint8_t)n);
}

static void block(struct buf *out, const struct buf *head, const char *data)
{
	struct buf sized;
	uint32_t crc;

	buf_init(&sized, 4096);
	number(&sized, head->len);
	buf_put(&sized, head->data, head->len);
	crc = (uint32_t)crc32_z(0, sized.data, sized.len);
	for (unsigned i = 0; i < 4; i++)
		buf_put_u8(out, (uint8_t)(crc >> (8 * i)));
	buf_put(out, sized.data, sized.len);
	buf_put(out, data, strlen(data));
	buf_release(&sized);
}

/* kind 2: a file, 3: a service block of that name. */
static void entry(struct buf *out, unsigned kind, const char *name, const char *data)
{
	struct buf head;
	uint32_t crc = (uint32_t)crc32_z(0, (const uint8_t *)data, strlen(data));

	buf_init(&head, 4096);
	number(&head, kind);
	number(&head, 2); /* data follow */
	number(&head, strlen(data));
	number(&head, 4); /* a checksum is here */
	number(&head, strlen(data));
	number(&head, 0100644);
	for (unsigned i = 0; i < 4; i++)
		buf_put_u8(&head, (uint8_t)(crc >> (8 * i)));
	number(&head, 0); /* stored */
	number(&head, 1); /* Unix */
	number(&head, strlen(name));
	buf_put(&head, name, strlen(name));
	block(out, &head, data);
	buf_release(&head);
}

static void bare(struct buf *out, unsigned kind)
{
	struct buf head;

	buf_init(&head, 16);
	number(&head, kind);
	number(&head, 0);
	number(&head, 0);
	block(out, &head, "");
	buf_release(&head);
}

static void rar(struct buf *out, const char *service)
{
	buf_init(out, 1 << 16);
	buf_put(out, "Rar!\x1a\x07\x01\x00", 8);
	bare(out, 1);
	entry(out, 2, "通知.txt", "当事人身份证号349901198705143123\n");
	if (service != NULL)
		entry(out, 3, service, "内部资料");
	bare(out, 5);
}

static const char *reason_of(const struct buf *b)
{
	struct identity id;

	identify(&(struct identify_in){.p = b->data, .len = b->len, .name = "a.rar"}, &id);
	assert_string_equal(id.type, "application/vnd.rar");
	return id.reason;
}

static void rar_is_read_whole_or_held(void **state)
{
	struct buf b;
	struct collected *c;

	(void)state;
	rar(&b, NULL);
	assert_string_equal(reason_of(&b), "");
	c = collect_bytes("a.rar", "application/vnd.rar", b.data, b.len);
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_object(c, "a.rar/通知.txt"));
	assert_non_null(collect_segment(c, WHERE_BODY, "349901198705143123"));
	collect_free(c);
	/* Every shorter file, and one byte more. */
	for (size_t n = 8; n < b.len; n++) {
		struct buf shorter = {.data = b.data, .len = n};

		assert_string_equal(reason_of(&shorter), "truncated");
	}
	buf_put_u8(&b, 'x');
	assert_string_equal(reason_of(&b), "polyglot");
	buf_release(&b);
	/* A comment is text that unpackers do not show. */
	rar(&b, "CMT");
	assert_string_equal(reason_of(&b), "unsupported");
	buf_release(&b);
	rar(&b, "QO");
	assert_string_equal(reason_of(&b), "");
	buf_release(&b);
}

/* --- tar, block by block --- */

static void tar_entry(struct buf *b, char kind, const char *data, size_t size)
{
	uint8_t block[512] = "a";
	uint32_t sum = 0;
	size_t len = strlen(data);

	(void)snprintf((char *)block + 100, 8, "0000644");
	(void)snprintf((char *)block + 124, 12, "%011o", (unsigned)size);
	memset(block + 148, ' ', 8);
	block[156] = (uint8_t)kind;
	memcpy(block + 257, "ustar\00000", 8);
	for (unsigned i = 0; i < sizeof(block); i++)
		sum += block[i];
	(void)snprintf((char *)block + 148, 8, "%06o", sum);
	buf_put(b, block, sizeof(block));
	if (len > 0) {
		memset(block, 0, sizeof(block));
		memcpy(block, data, len);
		buf_put(b, block, sizeof(block));
	}
}

/* What two unpackers would read in two ways is held. */
static void a_tar_has_one_reading(void **state)
{
	static const struct {
		char kind;
		const char *data;
		size_t size;
		const char *reason;
	} rows[] = {
		{'0', "words\n", 6, ""},
		{'5', "", 0, ""},
		{'x', "20 mtime=1780000000.\n", 21, ""},
		{'x', "10 size=0\n", 10, "unsupported"},
		{'g', "10 size=0\n", 10, "unsupported"},
		{'x', "22 GNU.sparse.major=1\n", 22, "unsupported"},
		{'1', "words\n", 6, "corrupt"},
		{'5', "words\n", 6, "corrupt"},
		{'S', "words\n", 6, "unsupported"},
		{'0', "words\n", 600, "truncated"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const uint8_t end[1024];
		struct identity id;
		struct buf b;

		buf_init(&b, 8192);
		tar_entry(&b, rows[i].kind, rows[i].data, rows[i].size);
		if (strcmp(rows[i].reason, "truncated") != 0)
			buf_put(&b, end, sizeof(end));
		identify(&(struct identify_in){.p = b.data, .len = b.len, .name = "a.tar"},
			 &id);
		assert_string_equal(id.type, "application/x-tar");
		assert_string_equal(id.reason, rows[i].reason);
		buf_release(&b);
	}
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
		cmocka_unit_test(members_are_read),
		cmocka_unit_test(notes_beside_the_members),
		cmocka_unit_test(what_cannot_be_read_is_held),
		cmocka_unit_test(rar_is_read_whole_or_held),
		cmocka_unit_test(a_tar_has_one_reading),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
