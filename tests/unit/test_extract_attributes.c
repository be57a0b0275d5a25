/* test_extract_attributes.c - what counts as an attribute, and where counting cannot be led
 * astray. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "inspect/extract/extract_attributes.h"

enum { MAX = 3 };

static const struct {
	const char *text;
	bool html, exceeds;
} rows[] = {
	{"", true, false},
	{"<", true, false},
	{"<a", true, false},
	{"<a b c d>", true, false},
	{"<a b c d e>", true, true},
	{"<a b c d e", true, true},
	{"<a b=1 c=2 d=3 e=4>", true, true},
	{"<a b='1 2 3 4 5' c=\"x y z\">", true, false},
	{"<a b='>' c='>' d='>' e='>'>", true, true},
	{"<a b='>' c=\">\" d='>' e='>'/>", false, true},
	{"<a b = 1 c = 2 d = 3>", true, false},
	{"<a b = 1 c = 2 d = 3 e>", true, true},
	{"<a/b/c/d/e>", true, true},
	{"<a \"b c d e>", true, true},
	{"<a b='1><a c d e f", true, false},
	{"</a b c d e>", true, false},
	{"<a b><a b><a b><a b><a b>", true, false},
	{"1 <2 and 3 and 4 and 5", true, false},
	{"<!-- <a b c d e> -->", true, false},
	{"<!-- --><a b c d e>", true, true},
	{"<!-- <a b c d e>", true, false},
	{"<script>if (a <b c d e f</script>", true, false},
	{"<SCRIPT>if (a <b c d e f</SCRIPT><a b c d e>", true, true},
	{"<style>a <b c d e</style>", true, false},
	{"<script><a b='1' c='1' d='1' e='1'/></script>", false, true},
	{"<![CDATA[ <a b c d e> ]]>", false, false},
	{"<![CDATA[ ]]><a b='' c='' d='' e=''/>", false, true},
	{"<?p <a b c d e ?><a b=''/>", false, false},
	{"<文 b='' c='' d='' e=''/>", false, true},
	{"<a xmlns:b='' xmlns:c='' xmlns:d='' xmlns:e=''/>", false, true},
};

static void counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].text);
		assert_int_equal(extract_attributes_exceed(rows[i].text, strlen(rows[i].text),
							   rows[i].html, MAX),
				 rows[i].exceeds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(counts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
