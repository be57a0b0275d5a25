/* test_inspect_ledger.c - members promised and members opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inspect/av/ledger.h"

static struct ledger_result settle(struct ledger *l)
{
	struct ledger_result r;

	ledger_settle(l, &r);
	ledger_free(l);
	return r;
}

static struct ledger *archive(void)
{
	struct ledger *l = ledger_new();

	assert_non_null(l);
	ledger_open(l, 0, "CL_TYPE_ZIP", NULL, 1000);
	return l;
}

static void test_all_opened(void **state)
{
	struct ledger *l = archive();
	struct ledger_result r;

	(void)state;
	/* The scanner says everything twice, and directories and empty files too. */
	for (int twice = 0; twice < 2; twice++) {
		ledger_promise(l, "word/document.xml", 100, false);
		ledger_promise(l, "docProps/document.xml", 100, false);
		ledger_promise(l, "word/", 0, false);
		ledger_promise(l, "empty.txt", 0, false);
		ledger_promise(l, "tiny", 2, false);
		ledger_promise(l, "wide", UINT32_MAX, false);
	}
	ledger_open(l, 1, "CL_TYPE_TEXT_ASCII", "document.xml", 100);
	ledger_open(l, 1, "CL_TYPE_TEXT_ASCII", "document.xml", 100);
	r = settle(l);
	assert_int_equal(r.promised, 2);
	assert_int_equal(r.opened, 2);
	assert_int_equal(r.members, 5);
	assert_int_equal(r.layers, 2);
	assert_true(r.archive);
	assert_false(r.encrypted);
}

static void test_gaps(void **state)
{
	struct ledger *l = archive();
	struct ledger_result r;

	(void)state;
	ledger_promise(l, "a/x", 100, false);
	ledger_promise(l, "b/x", 100, false);
	ledger_promise(l, "y", 50, false);
	ledger_open(l, 1, "", "x", 100); /* one of two alike */
	ledger_open(l, 1, "", "y", 49);	 /* cut short */
	r = settle(l);
	assert_int_equal(r.promised, 3);
	assert_int_equal(r.opened, 1);
}

static void test_encrypted_and_nameless(void **state)
{
	struct ledger *l = archive();
	struct ledger_result r;

	(void)state;
	ledger_promise(l, "x", 100, true);
	ledger_promise(l, NULL, 100, false);
	r = settle(l);
	assert_true(r.encrypted);
	assert_int_equal(r.promised, 2);
	assert_int_equal(r.opened, 0);
}

static void test_no_archive(void **state)
{
	struct ledger *l = ledger_new();
	struct ledger_result r;

	(void)state;
	assert_non_null(l);
	ledger_open(l, 0, "CL_TYPE_PDF", NULL, 1000);
	ledger_open(l, 1, "CL_TYPE_TEXT_ASCII", NULL, 10);
	r = settle(l);
	assert_false(r.archive);
	assert_int_equal(r.promised, 0);
	assert_string_equal(r.root, "CL_TYPE_PDF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_opened),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_encrypted_and_nameless),
		cmocka_unit_test(test_no_archive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
