/* test_reviewer.c - the command table, the page that wraps text, what was shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "commands.h"
#include "crypto/hash.h"
#include "seen.h"
#include "tui/command.h"
#include "tui/page.h"

static void every_command_has_name_key_and_help(void **state)
{
	const char *arg = NULL;

	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *c = &command_table[i];

		assert_true(strlen(c->name) > 1);
		assert_true(strlen(c->help) >= 4);
		assert_int_equal(command_of_name(c->name), i);
		for (unsigned view = IN_QUEUE; view <= IN_DRAFT; view *= 2) {
			if ((c->where & view) == 0)
				continue;
			assert_int_equal(command_of_key(c->key, view), i);
			if (c->second != 0)
				assert_int_equal(command_of_key(c->second, view), i);
		}
		/* One key has one meaning in one view. */
		for (int k = i + 1; k < COMMAND_COUNT; k++) {
			if ((c->where & command_table[k].where) != 0)
				assert_int_not_equal(c->key, command_table[k].key);
		}
	}
	assert_int_equal(command_of_name("no-such"), COMMAND_COUNT);
	assert_int_equal(command_of_key('Z', IN_BOTH), COMMAND_COUNT);
	assert_int_equal(command_of_key(0, IN_BOTH), COMMAND_COUNT);
	assert_int_equal(command_of_key(' ', IN_QUEUE), COMMAND_MARK);
	assert_int_equal(command_of_key(' ', IN_DRAFT), COMMAND_READ_ON);
	assert_int_equal(command_parse("open D-2026-000001", &arg), COMMAND_OPEN);
	assert_string_equal(arg, "D-2026-000001");
	assert_int_equal(command_parse("  quit", &arg), COMMAND_QUIT);
	assert_string_equal(arg, "");
	assert_int_equal(command_parse("ope", &arg), COMMAND_COUNT);
}

static void every_cli_command_has_help(void **state)
{
	static const char *const wanted[] = {"list",   "show",	 "get",	 "approve", "return",
					     "refuse", "freeze", "diff", "audit"};

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct cli_command *k = commands_program.commands;

		while (k->name != NULL && strcmp(k->name, wanted[i]) != 0)
			k++;
		assert_non_null(k->name);
		assert_non_null(k->help);
		assert_non_null(k->run);
	}
}

static void acknowledgements_need_rule_and_reason(void **state)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{"WS-004=公开征求意见", SL_OK}, {"WS-004", SL_E_USAGE}, {"WS-004=", SL_E_USAGE},
		{"=reason", SL_E_USAGE},	{"", SL_E_USAGE},	{"A=b=c", SL_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *rule = NULL, *reason = NULL;
		char *copy = strdup(rows[i].text);

		assert_int_equal(commands_split_ack(copy, &rule, &reason), rows[i].want);
		free(copy);
	}
}

static void page_wraps_by_cells(void **state)
{
	struct page *p = NULL;
	unsigned line = 77;

	(void)state;
	assert_int_equal(page_new(&p), SL_OK);
	page_begin(p, 10, NULL, NULL);
	/* Twelve wide characters in ten columns: five, five, two. */
	assert_int_equal(page_line(p, LOOK_PLAIN, "一二三四五六七八九十百千"), SL_OK);
	assert_int_equal(page_lines(p), 3);
	/* Escape sequences take the room of their visible form and are never raw. */
	assert_int_equal(page_line(p, LOOK_PLAIN, "\033[2J"), SL_OK);
	assert_int_equal(page_lines(p), 4);
	/* An empty line is a line. */
	assert_int_equal(page_line(p, LOOK_PLAIN, ""), SL_OK);
	assert_int_equal(page_lines(p), 5);
	assert_true(page_is_all(p));
	assert_false(page_next_mark(p, 2, false, &line));
	assert_false(page_mark_line(p, 3, &line));
	assert_int_equal(line, 77);
	page_free(p);
}

static void shown_is_remembered_and_digested(void **state)
{
	char dir[] = "/tmp/sl-seen.XXXXXX", person[] = "p-07";
	struct client_config config = {.person = person};
	struct seen *a = NULL, *b = NULL;
	char one[65], two[65], want[65];
	static const char canonical[] =
		"{\"draft\":\"D-2026-000001\",\"parts\":[{\"part\":\"manifest\",\"sha256\":"
		"\"aa\"},"
		"{\"part\":\"report\",\"sha256\":\"bb\"}],\"revision\":2}";

	(void)state;
	assert_non_null(mkdtemp(dir));
	config.cache = dir;
	assert_int_equal(crypto_start(), SL_OK);
	assert_int_equal(seen_load(&config, "D-2026-000001", 2, &a, NULL), SL_OK);
	assert_false(seen_has(a, "report", "bb"));
	assert_int_equal(seen_add(a, "report", "bb"), SL_OK);
	assert_int_equal(seen_add(a, "manifest", "aa"), SL_OK);
	assert_int_equal(seen_load(&config, "D-2026-000001", 2, &b, NULL), SL_OK);
	assert_true(seen_has(b, "report", "bb"));
	assert_false(seen_has(b, "report", "cc"));
	assert_int_equal(seen_digest(a, one), SL_OK);
	assert_int_equal(seen_digest(b, two), SL_OK);
	hash_hex(canonical, sizeof(canonical) - 1, want);
	assert_string_equal(one, want);
	assert_string_equal(two, want);
	seen_free(a);
	seen_free(b);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_name_key_and_help),
		cmocka_unit_test(every_cli_command_has_help),
		cmocka_unit_test(acknowledgements_need_rule_and_reason),
		cmocka_unit_test(page_wraps_by_cells),
		cmocka_unit_test(shown_is_remembered_and_digested),
	};

	i18n_init(); /* cells are measured by the locale */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
