/* Reasons, units and accounts: what loads, and what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/key.h"
#include "policy/house.h"
#include "policy/stand_in.h"

static char dir[] = "/tmp/sl-house-XXXXXX";

static int setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-house-XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int teardown(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void put(const char *name, const char *text)
{
	char path[80];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, strlen(text), 0600), SL_OK);
}

static void without_files(void **state)
{
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(house_load(dir, &h, &why), SL_OK);
	assert_null(h->codes);
	assert_string_equal(why.text, "");
	/* As before there were lists. */
	assert_int_equal(codes_check(h->codes, CODE_RETURN, "anything", &why), SL_OK);
	house_free(h);
}

static void codes_refused(void **state)
{
	static const struct {
		const char *name, *text, *says;
	} rows[] = {
		{"no list", "other: 1\n", "codes.yaml:1"},
		{"an outcome that is none",
		 "codes:\n  - {id: a, outcome: burn, zh: x, en: x, basis: x}\n",
		 "codes.yaml:2"},
		{"no basis", "codes:\n  - {id: a, outcome: return, zh: x, en: x}\n", "basis"},
		{"twice",
		 "codes:\n  - {id: a, outcome: return, zh: x, en: x, basis: x}\n"
		 "  - {id: a, outcome: refuse, zh: x, en: x, basis: x}\n",
		 "twice"},
		{"an id with a space",
		 "codes:\n  - {id: a b, outcome: return, zh: x, en: x, basis: x}\n", "a to z"},
		{"nothing to refuse with",
		 "codes:\n  - {id: a, outcome: return, zh: x, en: x, basis: x}\n",
		 "no code to refuse"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = NULL;
		struct sl_why why = {.text = ""};

		put("codes.yaml", rows[i].text);
		if (house_load(dir, &h, &why) != SL_E_CONFIG ||
		    strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].name, why.text);
		assert_null(h);
	}
}

static void shipped_codes(void **state)
{
	static const struct {
		const char *id;
		enum code_outcome outcome;
		int want;
	} rows[] = {
		{"personal-data", CODE_RETURN, SL_OK},
		{"wording", CODE_RETURN, SL_OK},
		{"attachment", CODE_RETURN, SL_OK},
		{"source", CODE_RETURN, SL_OK},
		{"column", CODE_RETURN, SL_OK},
		{"format", CODE_RETURN, SL_OK},
		{"timeliness", CODE_RETURN, SL_OK},
		{"other", CODE_RETURN, SL_OK},
		{"state-secret", CODE_REFUSE, SL_OK},
		{"forbidden-by-law", CODE_REFUSE, SL_OK},
		{"security", CODE_REFUSE, SL_OK},
		{"third-party", CODE_REFUSE, SL_OK},
		{"internal-affairs", CODE_REFUSE, SL_OK},
		{"process", CODE_REFUSE, SL_OK},
		{"enforcement-file", CODE_REFUSE, SL_OK},
		{"inquiry", CODE_REFUSE, SL_OK},
		{"state-secret", CODE_RETURN, SL_E_DENIED},
		{"wording", CODE_REFUSE, SL_E_DENIED},
		{"", CODE_RETURN, SL_E_DENIED},
		{"WORDING", CODE_RETURN, SL_E_DENIED},
	};
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(house_load(SL_SOURCE_DIR "/policies", &h, &why), SL_OK);
	assert_int_equal(h->codes->codes_count, 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (codes_check(h->codes, rows[i].outcome, rows[i].id, &why) != rows[i].want)
			fail_msg("%s: %s", rows[i].id, why.text);
	}
	assert_non_null(strstr(why.text, "personal-data, wording"));
	house_free(h);
}

static const char units[] = "units:\n  - {id: u-01, name: one, kind: x}\n";

#define DAYS "trained_on: \"2026-03-01\", confirmed_on: \"2026-03-01\""
/* A unit that is complete; `more` stands behind it. */
#define BASE                                                                                   \
	"accounts:\n"                                                                          \
	"  - {pid: admin, name: a, unit: u-01, roles: [unit-admin], " DAYS "}\n"               \
	"  - {pid: leader, name: b, unit: u-01, roles: [unit-leader], " DAYS "}\n"             \
	"  - {pid: liaison, name: c, unit: u-01, roles: [liaison], " DAYS ", substitutes:"     \
	" [{for: leader, role: unit-leader, from: \"2026-05-01\", until: \"2026-05-10\"}]}\n"

static void accounts_refused(void **state)
{
	static const struct {
		const char *name, *more, *says;
	} rows[] = {
		{"good", "", NULL},
		{"twice", "  - {pid: leader, name: b, unit: u-01, roles: [desk], " DAYS "}\n",
		 "twice"},
		{"in two units",
		 "  - {pid: leader, name: b, unit: u-02, roles: [desk], " DAYS "}\n",
		 "two units"},
		{"a unit that is none",
		 "  - {pid: x, name: b, unit: u-02, roles: [desk], " DAYS "}\n",
		 "does not have"},
		{"a role that is none",
		 "  - {pid: x, name: b, unit: u-01, roles: [king], " DAYS "}\n",
		 "does not exist"},
		{"a service",
		 "  - {pid: x, name: b, unit: u-01, roles: [gateway-service], " DAYS "}\n",
		 "does not exist"},
		{"system administrator who reviews",
		 "  - {pid: x, name: b, unit: u-01, roles: [system-admin, desk], " DAYS "}\n",
		 "must not review"},
		{"auditor who administers",
		 "  - {pid: x, name: b, unit: u-01, roles: [auditor, unit-admin], " DAYS "}\n",
		 "must not administer"},
		{"auditor and system administrator",
		 "  - {pid: x, name: b, unit: u-01, roles: [system-admin, auditor], " DAYS
		 "}\n",
		 "must not administer"},
		{"a day that is none",
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], trained_on: \"2026-13-01\","
		 " confirmed_on: \"2026-03-01\"}\n",
		 "such as"},
		{"an author who stands in",
		 "  - {pid: x, name: b, unit: u-01, roles: [author], " DAYS
		 ", substitutes: [{for:"
		 " leader, role: unit-leader, from: \"2026-06-01\", until: \"2026-06-02\"}]}\n",
		 "must not stand in"},
		{"for somebody who is none",
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], " DAYS
		 ", substitutes: [{for:"
		 " liaison, role: unit-leader, from: \"2026-06-01\", until: "
		 "\"2026-06-02\"}]}\n",
		 "does not hold"},
		{"a time that ends before it begins",
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], " DAYS
		 ", substitutes: [{for:"
		 " leader, role: unit-leader, from: \"2026-06-03\", until: \"2026-06-02\"}]}\n",
		 "no time"},
		{"overlapping windows",
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], " DAYS
		 ", substitutes: [{for:"
		 " leader, role: unit-leader, from: \"2026-05-10\", until: \"2026-06-02\"}]}\n",
		 "at the same time"},
		{"windows one after the other",
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], " DAYS
		 ", substitutes: [{for:"
		 " leader, role: unit-leader, from: \"2026-05-11\", until: \"2026-06-02\"}]}\n",
		 NULL},
		{"nobody stands in as auditor",
		 "  - {pid: y, name: b, unit: u-01, roles: [auditor], " DAYS "}\n"
		 "  - {pid: x, name: b, unit: u-01, roles: [desk], " DAYS
		 ", substitutes: [{for:"
		 " y, role: auditor, from: \"2026-06-01\", until: \"2026-06-02\"}]}\n",
		 "nobody stands in"},
	};

	(void)state;
	put("units.yaml", units);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = NULL;
		struct sl_why why = {.text = ""};
		char text[4000];
		int r;

		(void)snprintf(text, sizeof(text), "%s%s", BASE, rows[i].more);
		put("accounts.yaml", text);
		r = house_load(dir, &h, &why);
		if (r != (rows[i].says == NULL ? SL_OK : SL_E_CONFIG) ||
		    (rows[i].says != NULL && strstr(why.text, rows[i].says) == NULL))
			fail_msg("%s: %s", rows[i].name, why.text);
		house_free(h);
	}
}

static void units_need_people(void **state)
{
	static const struct {
		const char *pid, *says;
	} rows[] = {{"admin", "no unit-admin"},
		    {"leader", "does not hold"}, /* whom the liaison stands in for */
		    {"liaison", "no liaison"}};

	(void)state;
	put("units.yaml", units);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = NULL;
		struct sl_why why = {.text = ""};
		char text[4000], *at, *end;

		(void)snprintf(text, sizeof(text), "%s", BASE);
		at = strstr(text, rows[i].pid);
		while (*at != '\n')
			at--;
		end = strchr(at + 1, '\n');
		memmove(at, end, strlen(end) + 1);
		put("accounts.yaml", text);
		if (house_load(dir, &h, &why) != SL_E_CONFIG ||
		    strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].pid, why.text);
	}
}

static void what_a_day_allows(void **state)
{
	static const struct {
		const char *pid, *role, *day;
		int want;
		const char *says, *instead_of;
	} rows[] = {
		{"liaison", "liaison", "2026-04-01T00:00:00Z", SL_OK, NULL, NULL},
		{"liaison", "unit-leader", "2026-04-30T15:59:59Z", SL_E_DENIED, "only", NULL},
		{"liaison", "unit-leader", "2026-04-30T16:00:00Z", SL_OK, NULL, "leader"},
		{"liaison", "unit-leader", "2026-05-10T15:59:59Z", SL_OK, NULL, "leader"},
		{"liaison", "unit-leader", "2026-05-10T16:00:00Z", SL_E_DENIED, "only", NULL},
		{"liaison", "desk", "2026-05-10T00:00:00Z", SL_E_DENIED, "does not give", NULL},
		{"nobody", "desk", "2026-05-10T00:00:00Z", SL_E_DENIED, "no account", NULL},
		{"leader", "unit-leader", "2027-03-01T15:59:59Z", SL_OK, NULL, NULL},
		{"leader", "unit-leader", "2027-03-01T16:00:00Z", SL_E_EXPIRED, "year", NULL},
	};
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	put("units.yaml", units);
	put("accounts.yaml", BASE);
	assert_int_equal(house_load(dir, &h, &why), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *instead_of = "x";
		int64_t now = 0;
		int r;

		assert_true(clock_parse(rows[i].day, strlen(rows[i].day), &now));
		r = accounts_may(h->accounts, rows[i].pid, rows[i].role, now, &instead_of,
				 &why);
		if (r != rows[i].want ||
		    (rows[i].says != NULL && strstr(why.text, rows[i].says) == NULL))
			fail_msg("row %zu: %s %s", i, sl_errname(r), why.text);
		if (r == SL_OK && rows[i].instead_of != NULL)
			assert_string_equal(instead_of, rows[i].instead_of);
		else
			assert_null(instead_of);
	}
	house_free(h);
}

/* One office a day, and neither chains nor circles. */
static void beside_each_other(void **state)
{
	static const struct {
		struct stand_in other;
		const char *says; /* NULL: they go together */
	} rows[] = {
		{{"a", "desk", "c", "2026-12-05", "2026-12-09"}, "one at a time"},
		{{"a", "desk", "b", "2026-11-20", "2026-12-01"}, "one at a time"},
		{{"a", "desk", "c", "2026-12-06", "2026-12-09"}, NULL},
		{{"a", "desk", "c", "2026-11-20", "2026-11-30"}, NULL},
		{{"a", "legal", "c", "2026-12-01", "2026-12-05"}, NULL},
		{{"b", "legal", "c", "2026-12-05", "2026-12-05"}, "b is away"}, /* chain */
		{{"b", "desk", "a", "2026-12-01", "2026-12-05"}, "b is away"},	/* circle */
		{{"d", "legal", "a", "2026-12-01", "2026-12-01"}, "end that first"},
		{{"b", "legal", "c", "2026-12-06", "2026-12-07"}, NULL},
		{{"d", "legal", "b", "2026-12-01", "2026-12-05"}, NULL}, /* b for two */
	};
	const struct stand_in mine = {"a", "desk", "b", "2026-12-01", "2026-12-05"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		int r = stand_in_beside(&mine, &rows[i].other, &why);

		if (r != (rows[i].says == NULL ? SL_OK : SL_E_CONFLICT) ||
		    (rows[i].says != NULL && strstr(why.text, rows[i].says) == NULL))
			fail_msg("row %zu: %s %s", i, sl_errname(r), why.text);
	}
}

static void taken_by_the_file(void **state)
{
	struct stand_in s = {"leader", "unit-leader", "liaison", "2026-05-10", "2026-05-12"};
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	put("units.yaml", units);
	put("accounts.yaml", BASE);
	assert_int_equal(house_load(dir, &h, &why), SL_OK);
	assert_int_equal(stand_in_free(h->accounts, &s, &why), SL_E_CONFLICT);
	s.from = "2026-05-11";
	assert_int_equal(stand_in_free(h->accounts, &s, &why), SL_OK);
	house_free(h);
}

/* The file's units against those of an approval policy. */
static void other_units_there(void **state)
{
	uint8_t seed[32] = {1};
	struct house *h = NULL;
	struct roster *roster = NULL;
	struct sl_why why = {.text = ""};
	struct key *key = NULL;
	char hex[65], want[200];
	struct buf bytes;
	json_t *j;

	(void)state;
	assert_int_equal(crypto_start(), SL_OK);
	put("units.yaml", units);
	put("accounts.yaml", BASE);
	assert_int_equal(house_load(dir, &h, &why), SL_OK);
	assert_int_equal(key_generate(KEY_DSSE_REVIEWER, seed, &key), SL_OK);
	text_hex(key_public(key), KEY_PUBLIC, hex);
	for (int i = 0; i < 2; i++) {
		j = json_pack("{s:{s:{s:i,s:[ss],s:i,s:[{s:i,s:s},{s:i,s:s}],s:[s]}},"
			      "s:[{s:[{s:s,s:s,s:s,s:s,s:s}],s:s,s:[s],s:s}],s:s,s:i}",
			      "classes", "A", "approval_ttl_s", 604800, "exclude", "author",
			      "submitter", "min_persons", 2, "require", "min", 1, "role",
			      "desk", "min", 1, "role", "liaison", "veto", "secrecy", "persons",
			      "keys", "from", "2026-01-01T00:00:00Z", "keyid", key_id(key),
			      "public", hex, "until", "2027-01-01T00:00:00Z", "use",
			      "dsse-reviewer", "pid", "liaison", "roles", "liaison", "unit",
			      i == 0 ? "u-01" : "u-02", "schema", "sluice-policy/1", "version",
			      1);
		buf_init(&bytes, 1 << 16);
		assert_int_equal(json_canonical(j, &bytes), SL_OK);
		if (roster_parse(bytes.data, bytes.len, &roster, &why) != SL_OK)
			fail_msg("%s", why.text);
		assert_int_equal(accounts_same_unit(h->accounts, h->path, roster, &why),
				 i == 0 ? SL_OK : SL_E_CONFIG);
		roster_free(roster);
		buf_release(&bytes);
		json_decref(j);
	}
	/* Of its line, not of the one before that names the same person. */
	(void)snprintf(want, sizeof(want), "%s/accounts.yaml:4: liaison is of unit u-01 here",
		       dir);
	if (strstr(why.text, want) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", want, why.text);
	key_free(key);
	house_free(h);
}

static void the_example(void **state)
{
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	if (house_load(SL_SOURCE_DIR "/policies/example", &h, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(h->units->units_count, 31);
	assert_int_equal(h->accounts->accounts_count, 138);
	house_free(h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_files, setup, teardown),
		cmocka_unit_test_setup_teardown(codes_refused, setup, teardown),
		cmocka_unit_test(shipped_codes),
		cmocka_unit_test_setup_teardown(accounts_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(units_need_people, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_day_allows, setup, teardown),
		cmocka_unit_test(beside_each_other),
		cmocka_unit_test_setup_teardown(taken_by_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(other_units_there, setup, teardown),
		cmocka_unit_test(the_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
