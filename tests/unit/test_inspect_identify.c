/* test_inspect_identify.c - what a file is, by files of real programs and by attacks on them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "inspect/type/identify.h"

#define CORPUS SL_SOURCE_DIR "/tests/fuzz/corpus/identify/"

static void load(const char *name, struct buf *b)
{
	char path[512];

	assert_true(snprintf(path, sizeof(path), CORPUS "%s", name) < (int)sizeof(path));
	buf_init(b, 4 << 20);
	assert_int_equal(file_read(AT_FDCWD, path, 4 << 20, b), SL_OK);
}

static struct identity ask(const void *bytes, size_t len, const char *name)
{
	const struct identify_in in = {.p = bytes, .len = len, .name = name};
	struct identity id;

	identify(&in, &id);
	return id;
}

#define WORD  "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static void test_real_files(void **state)
{
	static const struct {
		const char *file, *type, *reason;
		uint32_t members;
	} rows[] = {
		{"docx-libreoffice.docx", WORD, "", 9},
		{"c.xlsx", SHEET, "", 9},
		{"odt-libreoffice.odt", "application/vnd.oasis.opendocument.text", "", 8},
		{"doc-libreoffice.doc", "application/msword", "", 0},
		{"c.xls", "application/vnd.ms-excel", "", 0},
		{"pdf-libreoffice.pdf", "application/pdf", "", 0},
		{"p.png", "image/png", "", 0},
		{"p.jpg", "image/jpeg", "", 0},
		{"p.tif", "image/tiff", "", 0},
		{"dot.gif", "image/gif", "", 0},
		{"dot.webp", "image/webp", "", 0},
		{"two.bmp", "image/bmp", "", 0},
		{"stream.zip", "application/zip", "", 1},
		{"pystream.zip", "application/zip", "", 2},
		{"zip64.zip", "application/zip", "", 2},
		{"gb18030.txt", "text/plain", "", 0},
		{"utf16.txt", "text/plain", "", 0},
		{"page.html", "text/html", "", 0},
		{"j.jar", "application/zip", "", 2},
		{"elf.bin", "application/x-executable", "unsupported", 0},
		{"trunc.zip", "application/zip", "truncated", 0},
		{"corrupt.zip", "application/zip", "corrupt", 0},
		{"meth99.zip", "application/zip", "unsupported", 0},
		{"lzma.zip", "application/zip", "unsupported", 0},
		{"z5-enc.zip", "application/zip", "encrypted", 0},
		{"z9-link.zip", "application/zip", "unsupported", 0},
		{"dup.zip", "application/zip", "duplicate-names", 0},
		{"dotdot.zip", "application/zip", "bad-name", 0},
		{"utf7.txt", "text/plain", "unsupported-charset", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct identity id;
		struct buf b;

		load(rows[i].file, &b);
		id = ask(b.data, b.len, rows[i].file);
		if (strcmp(id.type, rows[i].type) != 0 ||
		    strcmp(id.reason, rows[i].reason) != 0 || id.members != rows[i].members)
			fail_msg("%s: type %s reason %s members %u", rows[i].file, id.type,
				 id.reason, id.members);
		buf_release(&b);
	}
}

/* Every real document, one byte longer or with something in front, is refused. */
static void test_neighbours_are_refused(void **state)
{
	static const char *const files[] = {"docx-libreoffice.docx",
					    "pdf-libreoffice.pdf",
					    "p.png",
					    "p.jpg",
					    "dot.gif",
					    "dot.webp",
					    "two.bmp",
					    "stream.zip",
					    "doc-libreoffice.doc"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct identity id;
		struct buf b, tail, head;

		load(files[i], &b);
		buf_init(&tail, 4 << 20);
		buf_put(&tail, b.data, b.len);
		buf_puts(&tail, "<script>alert(1)</script>");
		id = ask(tail.data, tail.len, files[i]);
		if (id.reason[0] == '\0')
			fail_msg("%s with a tail passed", files[i]);
		buf_init(&head, 4 << 20);
		buf_puts(&head, "junk\n");
		buf_put(&head, b.data, b.len);
		id = ask(head.data, head.len, files[i]);
		if (id.reason[0] == '\0')
			fail_msg("%s behind junk passed", files[i]);
		id = ask(b.data, b.len - b.len / 4, files[i]);
		if (id.reason[0] == '\0')
			fail_msg("%s cut short passed", files[i]);
		buf_release(&head);
		buf_release(&tail);
		buf_release(&b);
	}
}

/* An image or a PDF that ends in a whole ZIP file is two files. */
static void test_pairs_are_polyglots(void **state)
{
	static const char *const files[] = {"p.png",	 "dot.gif",
					    "two.bmp",	 "pdf-libreoffice.pdf",
					    "page.html", "gb18030.txt"};
	struct buf zip;

	(void)state;
	load("stream.zip", &zip);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct identity id;
		struct buf b;

		load(files[i], &b);
		buf_put(&b, zip.data, zip.len);
		id = ask(b.data, b.len, files[i]);
		if (strcmp(id.reason, "polyglot") != 0)
			fail_msg("%s + zip: %s", files[i], id.reason);
		buf_release(&b);
	}
	buf_release(&zip);
}

static void put16(struct buf *b, size_t at, unsigned v)
{
	b->data[at] = (uint8_t)v;
	b->data[at + 1] = (uint8_t)(v >> 8);
}

/* Central directory and local header of the only member say different things. */
static void test_zip_disagreement(void **state)
{
	static const struct {
		const char *what;
		size_t local_at; /* offset in the local header that is changed */
		unsigned value;
		const char *reason;
	} rows[] = {
		{"method", 8, 0, "polyglot"},
		{"name length", 26, 1, "polyglot"},
		{"flags", 6, 0x0001, "polyglot"},
		{"signature", 0, 0, "corrupt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct identity id;
		struct buf b;
		const uint8_t magic[] = {'P', 'K', 3, 4};

		load("docx-libreoffice.docx", &b);
		assert_memory_equal(b.data, magic, 4);
		/* The first four bytes choose the family: change the second member instead. */
		{
			const uint8_t *second = memmem(b.data + 4, b.len - 4, magic, 4);

			assert_non_null(second);
			put16(&b, (size_t)(second - b.data) + rows[i].local_at, rows[i].value);
		}
		id = ask(b.data, b.len, "a.docx");
		if (strcmp(id.reason, rows[i].reason) != 0)
			fail_msg("%s: %s", rows[i].what, id.reason);
		buf_release(&b);
	}
}

static void test_text(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *name, *type, *reason;
	} rows[] = {
#define T(text, name, type, reason) {text, sizeof(text) - 1, name, type, reason}
		T("", "a.txt", "", "empty"),
		T("a\0b", "a.txt", "", "unknown-type"),
		T("a\x1b[31mred", "a.txt", "", "unknown-type"),
		T("\xff\xfe\x00\xd8", "a.txt", "", "unknown-type"),
		T("caf\xe9 ol\xe9", "a.txt", "", "unknown-type"),
		T("\xa4\xa4\xa4\xe5\xb4\xfa\xb8\xd5\xa4\x40\xa4\x55\xa4\x41", "big5.txt", "",
		  "unknown-type"),
		T("~{VPND~} hidden", "hz.txt", "text/plain", "unsupported-charset"),
		T("1 + 2 - 3 = 0, C++-", "a.txt", "text/plain", ""),
		T("{\"a\": 1}", "a.json", "application/json", ""),
		T("{\"a\": 1}", "a.txt", "text/plain", ""),
		T("a,b\n1,2\n", "a.csv", "text/csv", ""),
		T("<?xml version=\"1.0\"?><a/>", "a.txt", "application/xml", ""),
		T("<svg onload=x>", "a.xml", "image/svg+xml", ""),
		T("  <!DOCTYPE HTML>\n<p>", "a.txt", "text/html", ""),
		T("{\\rtf1 x}", "a.doc", "application/rtf", ""),
		T("{\\rtf1 {x}}\r\n", "a.rtf", "application/rtf", ""),
		T("{\\rtf1 x}tail", "a.rtf", "application/rtf", "polyglot"),
		T("{\\rtf1 {x}", "a.rtf", "application/rtf", "truncated"),
		T("{\\rtf1 \\bin2 }}}", "a.rtf", "application/rtf", ""),
		T("{\\rtf1 \\bin9 }}}", "a.rtf", "application/rtf", "truncated"),
		T("{\\rtf1 \\}}", "a.rtf", "application/rtf", ""),
		T("Received: from x\n\nbody", "a.eml", "message/rfc822", ""),
		T("see %PDF-1.4 in the middle", "a.txt", "text/plain", "polyglot"),
		T("MZ is how a program starts, and this is text that goes on for a while "
		  "longer...",
		  "a.txt", "text/plain", ""),
		T("#!/bin/sh\nid\n", "a.txt", "text/x-script", "unsupported"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct identity id = ask(rows[i].text, rows[i].len, rows[i].name);

		if (strcmp(id.type, rows[i].type) != 0 ||
		    strcmp(id.reason, rows[i].reason) != 0)
			fail_msg("row %zu %s: type %s reason %s", i, rows[i].name, id.type,
				 id.reason);
	}
}

static void test_names_and_votes(void **state)
{
	(void)state;
	assert_true(identify_name_agrees("a.docx", WORD));
	assert_true(identify_name_agrees("A.DOCX", WORD));
	assert_false(identify_name_agrees("a.pdf", WORD));
	assert_false(identify_name_agrees("a.docx",
					  "application/vnd.ms-word.document.macroEnabled.12"));
	assert_true(identify_name_agrees("README", "text/plain"));
	assert_true(identify_vote_agrees(WORD, "application/zip"));
	assert_true(identify_vote_agrees(WORD, "application/octet-stream"));
	assert_false(identify_vote_agrees(WORD, "application/pdf"));
	assert_false(identify_vote_agrees("text/plain", "application/x-dosexec"));
	assert_true(identify_vote_agrees("text/plain", "application/x-wine-extension-ini"));
	assert_false(identify_vote_agrees("image/png", "image/jpeg"));
	assert_true(ask("x = 1", 5, "run.vbs").executable);
	assert_false(ask("x = 1", 5, "run.txt").executable);
}

/* A compound file whose only interesting stream has this name. */
static void make_ole(struct buf *b, const char *stream, const void *content, size_t len)
{
	static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
	enum { FAT = 512, DIRECTORY = 1024, DATA = 1536, SIZE = 1536 + 8 * 512 };
	uint8_t *p;

	buf_init(b, SIZE);
	p = buf_extend(b, SIZE);
	assert_non_null(p);
	memset(p, 0, SIZE);
	memcpy(p, magic, sizeof(magic));
	put16(b, 26, 3);
	put16(b, 28, 0xfffe);
	put16(b, 30, 9);
	put16(b, 32, 6);
	put16(b, 44, 1);    /* one FAT sector: number 0 */
	put16(b, 48, 1);    /* directory in sector 1 */
	put16(b, 56, 4096); /* mini cutoff */
	memset(p + 60, 0xff, 4);
	memset(p + 68, 0xff, 4);
	memset(p + 80, 0xff, 432);
	memset(p + FAT, 0xff, 512);
	put16(b, FAT, 0xfffd);
	put16(b, FAT + 4, 0xfffe);
	for (unsigned i = 2; i < 10; i++) { /* stream in sectors 2..9 */
		put16(b, FAT + 4 * i, i + 1 < 10 ? i + 1 : 0xfffe);
		put16(b, FAT + 4 * i + 2, i + 1 < 10 ? 0 : 0xffff);
	}
	memcpy(p + DIRECTORY, "R\0o\0o\0t\0", 8);
	put16(b, DIRECTORY + 64, 10);
	p[DIRECTORY + 66] = 5;
	memset(p + DIRECTORY + 116, 0xfe, 1);
	memset(p + DIRECTORY + 117, 0xff, 3);
	for (size_t i = 0; stream[i] != '\0'; i++)
		p[DIRECTORY + 128 + 2 * i] = (uint8_t)stream[i];
	put16(b, DIRECTORY + 128 + 64, (unsigned)(2 * strlen(stream) + 2));
	p[DIRECTORY + 128 + 66] = 2;
	put16(b, DIRECTORY + 128 + 116, 2);
	put16(b, DIRECTORY + 128 + 120, 4096);
	memcpy(p + DATA, content, len);
}

static void test_ole(void **state)
{
	uint8_t fib[32] = {0xec, 0xa5}, locked[32] = {0xec, 0xa5};
	static const uint8_t book[] = {9, 8, 2, 0, 0, 0, 10, 0, 0, 0};
	static const uint8_t pass[] = {9, 8, 2, 0, 0, 0, 0x2f, 0, 2, 0, 0, 0, 10, 0, 0, 0};
	const struct {
		const char *stream;
		const void *content;
		size_t len;
		const char *type, *reason;
	} rows[] = {
		{"WordDocument", fib, 32, "application/msword", ""},
		{"WordDocument", locked, 32, "application/msword", "encrypted"},
		{"WordDocument", "x", 1, "application/msword", "corrupt"},
		{"Workbook", book, sizeof(book), "application/vnd.ms-excel", ""},
		{"Workbook", pass, sizeof(pass), "application/vnd.ms-excel", "encrypted"},
		{"EncryptedPackage", "x", 1, "application/x-ole-storage", "encrypted"},
		{"\006DataSpaces", "x", 1, "application/x-ole-storage", "encrypted"},
		{"Thumbs", "x", 1, "application/x-ole-storage", "unknown-type"},
	};

	(void)state;
	locked[11] = 0x01;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct identity id;
		struct buf b;

		make_ole(&b, rows[i].stream, rows[i].content, rows[i].len);
		id = ask(b.data, b.len, "a.doc");
		if (strcmp(id.type, rows[i].type) != 0 ||
		    strcmp(id.reason, rows[i].reason) != 0)
			fail_msg("row %zu: type %s reason %s", i, id.type, id.reason);
		put16(&b, 512 + 4 * 3, 2); /* the chain bites its tail */
		assert_string_equal(ask(b.data, b.len, "a.doc").reason, "corrupt");
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_files),
		cmocka_unit_test(test_neighbours_are_refused),
		cmocka_unit_test(test_pairs_are_polyglots),
		cmocka_unit_test(test_zip_disagreement),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_names_and_votes),
		cmocka_unit_test(test_ole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
