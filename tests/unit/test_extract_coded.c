/* test_extract_coded.c - words and files in base64 and uuencode, and what only looks like it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"

struct row {
	const char *what, *name, *type, *text;
	const char *words; /* in METADATA, or in the body of a part; NULL: nothing comes out */
	size_t parts;
};

static bool says(const struct collected *c, const char *words)
{
	return collect_segment(c, WHERE_METADATA, words) != NULL ||
	       collect_segment(c, WHERE_BODY, words) != NULL;
}

static void rows(void **state)
{
	static const struct row all[] = {
		{"one line", "a.txt", "text/plain",
		 "数据：5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rOw5"
		 "5yB5Li05rW35biC44CC。",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。", 0},
		{"short, Chinese", "a.txt", "text/plain", "x 5py65a+G57qn5Yir", "机密级别", 0},
		{"short, a number", "a.txt", "text/plain", "tel=MTU0MDAwMDEyMzQ= y",
		 "15400001234", 0},
		{"the alphabet of links", "a.txt", "text/plain",
		 "77yf77yf5py65a-G57qn5Yir77yf77yffn4=", "机密级别", 0},
		{"lines of 60", "a.txt", "text/plain",
		 "5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul\n5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW35biC\n44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo\n6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW3\n5biC44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq6\n5ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li0\n5rW35biC44CC",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。",
		 0},
		{"lines of 76, quoted", "a.txt", "text/plain",
		 "> "
		 "5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul5a6BIDE1NDAwMDAx\r\n> "
		 "MjM077yM5Zyw5Z2A5Li65a6J5rOw55yB5Li05rW35biC44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "\r\n> "
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rOw"
		 "\r\n> "
		 "55yB5Li05rW35biC44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo\r\n> "
		 "6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rOw55yB5Li05rW35biC44CC\r\n",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。",
		 0},
		{"behind a short first line", "a.md", "text/markdown",
		 "- a: "
		 "5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O7\n5Lq65ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li0\n5rW35biC44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq6\n5ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW3\n5biC44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo\n6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW35biC\n44CC",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。机密★10年 "
		 "请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。",
		 0},
		{"two rows of one length", "a.txt", "text/plain",
		 "5L2g5aW977yM5py65a+G57qn5Yir5LmL5Li\n5L2g5aW977yM5py65a+G57qn5Yir5LmL5LqM",
		 "机密级别之二", 0},
		{"GB18030", "a.txt", "text/plain",
		 "sb68/s6qu/rD3Ly2sfC1xM7EvP6jrMfrzvDN4rSruPjIzrrOtaXOu6Gj",
		 "本件为机密级别的文件", 0},
		{"a word behind it", "a.txt", "text/plain",
		 "5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul\n5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW35biC\n44CC5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo\n6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW3\nis said.",
		 "联系人周若宁 15400001234", 0},
		{"twice", "a.txt", "text/plain",
		 "NXB5NjVhK0c0cGlGTVREbHViUWc2SyszNVl1LzVhU1c1THlnNzd5YTZJR1U1N083NUxxNjVaR282S"
		 "XVsNWE2QklERTFOREF3TURBeE1qTTA3N3lNNVp5dzVaMkE1TGk2NWE2SjVyT3c1NXlCNUxpMDVyVz"
		 "M1YmlDNDRDQw==",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。", 0},
		{"a string of JSON", "a.json", "application/json",
		 "{\"a\": "
		 "\"5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul\\n5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5r"
		 "Ow55yB5Li05rW35biC\\n44CC\"}",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。", 0},
		{"text of a page", "a.html", "text/html",
		 "<p>5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul\n5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rO"
		 "w55yB5Li05rW35biC\n44CC</p>",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。", 0},
		{"a script of a page", "a.html", "text/html",
		 "<script>var "
		 "a=\"5py65a+G4piFMTDlubQg6K+35Yu/"
		 "5aSW5Lyg77ya6IGU57O75Lq65ZGo6Iul5a6BIDE1NDAwMDAxMjM077yM5Zyw5Z2A5Li65a6J5rOw5"
		 "5yB5Li05rW35biC44CC\";</script>",
		 "机密★10年 请勿外传：联系人周若宁 15400001234，地址为安泰省临海市。", 0},
		{"a picture in Markdown", "a.md", "text/markdown",
		 "![a](data:image/"
		 "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+"
		 "A8AAQUBAScY42YAAAAASUVORK5CYII=)",
		 NULL, 1},
		{"a picture in a style sheet", "a.html", "text/html",
		 "<style>p{background:url(data:image/"
		 "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+"
		 "A8AAQUBAScY42YAAAAASUVORK5CYII=)}</style>a",
		 NULL, 1},
		{"a file without a name", "a.txt", "text/plain",
		 "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+"
		 "A8AAQUBAScY42YAAAAASUVORK5CYII=",
		 NULL, 1},
		{"a page in a link", "a.md", "text/markdown",
		 "[a](data:text/"
		 "html;base64,PHA+5py6PGI+5a+GPC9iPue6p+WIq++8jOivt+WLv+WkluS8oOOAgjwvcD4=)",
		 "机密级别", 1},
		{"uuencode", "a.txt", "text/plain",
		 "begin 644 a.txt\n;YIRZY:^&Y[JGY8BK[[R,Z*^WY8N_Y:26Y+R@\n`\nend\n",
		 "机密级别，请勿外传", 1},
		{"a certificate", "a.txt", "text/plain",
		 "-----BEGIN "
		 "CERTIFICATE-----\nMHnCC1Sd5jqDzBVep/BEjdYfaLH6TpfgKXK7BFih6jN8xQ5iq/"
		 "Q9hs8YbLX+R5DZ\nIna/"
		 "CFGa4yyAyRJbpO02itMcZa73QJTdJm+"
		 "4AUqe5zB5wgtUqPE6g8wVXrL7RI3W\nH2i8BU6X4Clyxg9YoeozfNAZYqv0PYbaI2y1/"
		 "keQ5C12vwhRmu43gMkSW6T4QYrT\nHGWuAkuU3SZvuAxVnucwecIWX6jxOoPMIGmy+"
		 "0SN1ipzvAVOl+A0fcYPWKHqPofQ\nGWKr9EiR2iNstf5Sm+Qtdr8IXKXuN4DJEmav+"
		 "EGK0xxwuQJLlN0mesMMVZ7nMITN\nFl+"
		 "o8TqO1yBpsvtEmOEqc7wFTqLrNH3GD1is9T6H0Blitv9IkdojbMAJUpvkLXbK\nE1yl7jeA1B1mr/"
		 "hB\n-----END CERTIFICATE-----\n",
		 NULL, 0},
		{"digests", "a.txt", "text/plain",
		 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nda39a3ee5e6"
		 "b4b0d3255bfef95601890afd80709",
		 NULL, 0},
		{"a short token", "a.txt", "text/plain",
		 "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.c2lnbmF0dXJl."
		 "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
		 NULL, 0},
		{"words run together", "a.txt", "text/plain",
		 "getElementsByClassNameFromDocumentFragmentOrShadowRootOfThePage", NULL, 0},
		{"a path", "a.txt", "text/plain",
		 "https://example.org/assets/javascripts/components/navigation/index/main",
		 NULL, 0},
		{"integrity", "a.html", "text/html",
		 "<script "
		 "integrity='sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/"
		 "uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'></script>a",
		 NULL, 0},
		{"begin in a letter", "a.txt", "text/plain", "begin 100 times\nand go on\n",
		 NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct row *row = &all[i];
		struct collected *c =
			collect_bytes(row->name, row->type, row->text, strlen(row->text));

		print_message("%s\n", row->what);
		assert_int_equal(c->n_objects, 1 + row->parts);
		if (row->words != NULL)
			assert_true(says(c, row->words));
		else if (row->parts == 0 && strcmp(row->type, "text/plain") == 0)
			assert_int_equal(c->n_segments, 1); /* the body alone */
		assert_string_equal(c->objects[0].reason, "");
		collect_free(c);
	}
}

/* Whole groups only: the last letters of a sentence may go. */
static void put_base64(const char *s, char *out)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = 0;

	for (size_t i = 0; i + 3 <= strlen(s); i += 3) {
		uint32_t bits =
			(uint32_t)s[i] << 16 | (uint32_t)s[i + 1] << 8 | (uint32_t)s[i + 2];

		for (unsigned k = 0; k < 4; k++)
			out[n++] = letters[bits >> (18 - 6 * k) & 0x3f];
	}
	out[n] = '\0';
}

/* What cannot be read, or goes on for too long, is for a person. */
static void ceilings(void **state)
{
	static char many[65 * 96 + 1], deep[4096], next[4096];
	static const char file[] =
		"JVBERi0xLjQKJSBub3RoaW5nIGhlcmUgdGhhdCBhIHJlYWRlciBrbm93cw==";
	struct collected *c;

	(void)state;
	for (unsigned i = 0; i < 65; i++)
		(void)snprintf(many + strlen(many), sizeof(many) - strlen(many), "%s\n", file);
	c = collect_bytes("a.txt", "text/plain", many, strlen(many));
	assert_string_equal(c->objects[0].reason, "over-limit");
	assert_int_equal(c->n_objects, 65);
	assert_string_not_equal(c->objects[1].reason, ""); /* no whole PDF */
	collect_free(c);

	(void)snprintf(deep, sizeof(deep), "nobody would write this sentence in so many turns");
	for (unsigned turn = 0; turn < 6; turn++) {
		put_base64(deep, next);
		memcpy(deep, next, sizeof(deep));
	}
	c = collect_bytes("a.txt", "text/plain", deep, strlen(deep));
	assert_string_equal(c->objects[0].reason, "nested-too-deep");
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
		cmocka_unit_test(rows),
		cmocka_unit_test(ceilings),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
