/* test_extract_attributes.c - what counts as an attribute, where counting cannot be led
 * astray, and what the parser of HTML drops. */
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
	bool html;
	int want;
} rows[] = {
	{"", true, SL_OK},
	{"<", true, SL_OK},
	{"<a", true, SL_OK},
	{"<a b c d>", true, SL_OK},
	{"<a b c d e>", true, SL_E_LIMIT},
	{"<a b c d e", true, SL_E_LIMIT},
	{"<a b=1 c=2 d=3 e=4>", true, SL_E_LIMIT},
	{"<a b='1 2 3 4 5' c=\"x y z\">", true, SL_OK},
	{"<a b='>' c='>' d='>' e='>'>", true, SL_E_LIMIT},
	{"<a b='>' c=\">\" d='>' e='>'/>", false, SL_E_LIMIT},
	{"<a b = 1 c = 2 d = 3>", true, SL_OK},
	{"<a b = 1 c = 2 d = 3 e>", true, SL_E_LIMIT},
	{"<a/b/c/d/e>", true, SL_E_LIMIT},
	{"<a \"b c d e>", true, SL_E_LIMIT},
	{"<a b='1><a c d e f", true, SL_OK},
	{"</a b c d e>", true, SL_OK},
	{"<a b><a b><a b><a b><a b>", true, SL_OK},
	{"1 <2 and 3 and 4 and 5", true, SL_OK},
	{"<!-- <a b c d e> -->", true, SL_OK},
	{"<!-- --><a b c d e>", true, SL_E_LIMIT},
	{"<!-- <a b c d e>", true, SL_E_FORMAT},
	{"<script>if (a <b c d e f</script>", true, SL_OK},
	{"<SCRIPT>if (a <b c d e f</SCRIPT><a b c d e>", true, SL_E_LIMIT},
	{"<style>a <b c d e</style>", true, SL_OK},
	{"<script><a b='1' c='1' d='1' e='1'/></script>", false, SL_E_LIMIT},
	{"<![CDATA[ <a b c d e> ]]>", false, SL_OK},
	{"<![CDATA[ ]]><a b='' c='' d='' e=''/>", false, SL_E_LIMIT},
	{"<?p <a b c d e ?><a b=''/>", false, SL_OK},
	{"<!---->", true, SL_OK},
	{"<!--", true, SL_E_FORMAT},
	{"<!-->x", true, SL_E_FORMAT},
	{"<!-- a --", true, SL_E_FORMAT},
	{"<!-- a --!> b -->", true, SL_OK},
	{"<?php a ?>", true, SL_OK},
	{"<?php a", true, SL_E_FORMAT},
	{"<script><!-- a</script>", true, SL_OK},
	{"<p></p 154000012345>", true, SL_E_FORMAT},
	{"</x154000012345>", true, SL_E_FORMAT},
	{"</p class='x'>", true, SL_OK},
	{"<p 154000012345>", true, SL_E_FORMAT},
	{"<p =154000012345>", true, SL_E_FORMAT},
	{"<p '154000012345'>", true, SL_E_FORMAT},
	{"<p a='154000012345'>", true, SL_OK},
	{"<p a=1 b=2 A=154000012345>", true, SL_E_FORMAT},
	{"<p a=1 b=2 a=3>", true, SL_OK},
	{"<!DOCTYPE html>", true, SL_OK},
	{"<!doctype html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'http://www.w3.org/strict.dtd' >",
	 true, SL_OK},
	{"<!DOCTYPE html SYSTEM 'about:legacy-compat'>", true, SL_OK},
	{"<!DOCTYPE x \"349901198705143123\">", true, SL_E_FORMAT},
	{"<!DOCTYPE x SYSTEM '' '349901198705143123'>", true, SL_E_FORMAT},
	{"<!DOCTYPE x SYSTEM '349901198705143123", true, SL_OK},
	{"<!x 349901198705143123>", true, SL_E_FORMAT},
	{"<![if !supportLists]>", true, SL_OK},
	{"<p a=1><p a='154000012345'>", true, SL_OK},
	{"<文 b='' c='' d='' e=''/>", false, SL_E_LIMIT},
	{"<a xmlns:b='' xmlns:c='' xmlns:d='' xmlns:e=''/>", false, SL_E_LIMIT},
};

static void counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].text);
		assert_int_equal(extract_attributes_check(rows[i].text, strlen(rows[i].text),
							  rows[i].html, MAX),
				 rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(counts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
