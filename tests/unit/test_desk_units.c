/* test_desk_units.c - an administrator says who stands in: every refusal of it, and what ends a
 * delegation that was good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk_people.h"
#include "policy/workdays.h"
#include "review/stand_ins.h"
#include "trust/delegation.h"

static struct desk_people p;
static struct house *house;

struct day {
	char text[WORKDAYS_TEXT];
};

static struct day day(int off)
{
	struct day d;

	workdays_format(accounts_day(clock_now()) + off, d.text);
	return d;
}

static void put(const char *name, const char *text)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", p.policies, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, strlen(text), 0600), SL_OK);
}

/* p-01 is liaison and may stand in as leader, p-02 leader, p-06 administrator of u-12. */
static void load_house(const char *roles_of_admin, const char *unit_of_liaison,
		       const char *trained_liaison)
{
	const struct day d = day(-10);
	struct sl_why why = {.text = ""};
	char text[4000];
	int n;

	put("units.yaml", "units:\n  - {id: u-12, name: 交警支队, kind: 支队}\n"
			  "  - {id: u-20, name: 公开办, kind: 科}\n");
	n = snprintf(
		text, sizeof(text),
		"accounts:\n"
		"  - {pid: p-00, name: a, unit: u-12, roles: [author], trained_on: \"%s\","
		" confirmed_on: \"%s\"}\n"
		"  - {pid: p-01, name: b, unit: %s, roles: [liaison], trained_on: \"%s\","
		" confirmed_on: \"%s\"}\n"
		"  - {pid: p-02, name: c, unit: u-12, roles: [unit-leader], trained_on: \"%s\","
		" confirmed_on: \"%s\"}\n"
		"  - {pid: p-06, name: d, unit: u-12, roles: [%s], trained_on: \"%s\","
		" confirmed_on: \"%s\"}\n"
		"  - {pid: p-03, name: e, unit: u-20, roles: [desk], trained_on: \"%s\","
		" confirmed_on: \"%s\"}\n",
		d.text, d.text, unit_of_liaison, trained_liaison, d.text, d.text, d.text,
		roles_of_admin, d.text, d.text, d.text, d.text);
	for (int i = 0; i < 2; i++) {
		const char *unit = i == 0 ? "u-12" : "u-20";

		n += snprintf(
			text + n, sizeof(text) - (size_t)n,
			"  - {pid: x-l%d, name: x, unit: %s, roles: [unit-leader, liaison,"
			" unit-admin], trained_on: \"%s\", confirmed_on: \"%s\"}\n"
			"  - {pid: x-s%d, name: x, unit: %s, roles: [column-owner], trained_on:"
			" \"%s\", confirmed_on: \"%s\", substitutes: [{for: x-l%d, role: "
			"liaison,"
			" from: \"2020-01-01\", until: \"2020-01-02\"}]}\n",
			i, unit, d.text, d.text, i, unit, d.text, d.text, i);
	}
	put("accounts.yaml", text);
	house_free(house);
	house = NULL;
	if (house_load(p.policies, &house, &why) != SL_OK)
		fail_msg("%s", why.text);
	p.review.house = house;
}

static int setup(void **state)
{
	(void)state;
	people_open(&p);
	load_house("unit-admin", "u-12", day(-10).text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	house_free(house);
	house = NULL;
	people_close(&p);
	return 0;
}

struct say {
	enum who signer, caller;
	const char *action, *begun, *unit, *person, *role, *substitute;
	int from, until; /* days from today */
	int64_t age;	 /* seconds */
	size_t bend;	 /* this byte of the line is changed; 0: none */
};

static struct say good(void)
{
	return (struct say){.signer = ADMIN,
			    .caller = ADMIN,
			    .action = "begin",
			    .begun = "",
			    .unit = "u-12",
			    .person = "p-02",
			    .role = "unit-leader",
			    .substitute = "p-01",
			    .until = 3};
}

static void sign(const struct say *w, struct buf *line)
{
	const struct day from = day(w->from), until = day(w->until);
	const struct delegation_facts f = {.action = w->action,
					   .begun = w->begun,
					   .unit = w->unit,
					   .person = w->person,
					   .role = w->role,
					   .substitute = w->substitute,
					   .from = from.text,
					   .until = until.text,
					   .reason = "出差",
					   .time = clock_now() - w->age};
	json_t *predicate = delegation_predicate(&f);
	char subject[65];

	delegation_subject(&f, subject);
	buf_init(line, DSSE_MAX);
	assert_int_equal(
		statement_sign(p.key[w->signer], PRED_DELEGATION, subject, predicate, line),
		SL_OK);
	json_decref(predicate);
	if (w->bend != 0)
		line->data[w->bend] = line->data[w->bend] == 'A' ? 'B' : 'A';
}

static int hand_in(enum who caller, const struct buf *line, json_t **ret, struct sl_why *why)
{
	struct wire_reply reply = {0};
	json_t *args = json_pack("{s:s%}", "envelope", line->data, line->len);
	int r = people_call(&p, caller, "unit.absence", args, &reply, why);

	if (r == SL_OK)
		*ret = json_incref(reply.result);
	wire_reply_release(&reply);
	return r;
}

static void refused(const struct say *w, int want, const char *says)
{
	struct sl_why why = {""};
	json_t *row = NULL;
	struct buf line;
	int r;

	sign(w, &line);
	r = hand_in(w->caller, &line, &row, &why);
	buf_release(&line);
	if (r != want || strstr(why.text, says) == NULL)
		fail_msg("wanted %s \"%s\", got %s \"%s\"", sl_errname(want), says,
			 sl_errname(r), why.text);
}

static json_t *granted(const struct say *w)
{
	struct sl_why why = {""};
	json_t *row = NULL;
	struct buf line;

	sign(w, &line);
	if (hand_in(w->caller, &line, &row, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&line);
	return row;
}

/* "" and whom p-01 stands in for as leader, or what is said. */
static const char *stands_for(void)
{
	static char who[ROSTER_NAME_MAX];
	static struct sl_why why;
	int r = stand_ins_may(&p.review, roster_person(p.roster, "p-01"), "unit-leader", who,
			      &why);

	return r == SL_OK ? who : why.text;
}

static void must_say(const char *got, const char *want)
{
	if (strstr(got, want) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", want, got);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *name, *unit, *person, *role, *substitute, *says;
		int from, until, want;
		enum who signer, caller;
		int64_t age;
		size_t bend;
	} rows[] = {
		{.name = "no administrator",
		 .says = "only a unit's administrator",
		 .signer = LIAISON,
		 .caller = LIAISON},
		{.name = "another's signature", .says = "your reviewer key", .signer = LIAISON},
		{.name = "another unit",
		 .person = "p-03",
		 .role = "desk",
		 .says = "u-20; you administer u-12"},
		{.name = "a foreign unit's name", .unit = "u-20", .says = "your own unit"},
		{.name = "nobody", .person = "p-77", .says = "no account for p-77"},
		{.name = "the own person", .substitute = "p-02", .says = "cannot stand in"},
		{.name = "the administrator", .substitute = "p-06", .says = "own person"},
		{.name = "an author", .substitute = "p-00", .says = "is an author"},
		{.name = "of another unit", .substitute = "p-03", .says = "another unit"},
		{.name = "without an account", .substitute = "p-77", .says = "no account"},
		{.name = "without the office", .role = "desk", .says = "does not hold"},
		{.name = "no office to stand in for",
		 .person = "p-06",
		 .role = "unit-admin",
		 .says = "nobody stands in"},
		{.name = "not given by the approval policy",
		 .person = "p-01",
		 .role = "liaison",
		 .substitute = "p-02",
		 .says = "approval policy does not give p-02"},
		{.name = "begun yesterday", .from = -1, .says = "today or later"},
		{.name = "ends before it begins", .from = 3, .until = -1, .says = "no time"},
		{.name = "too long", .until = STAND_IN_DAYS_MAX, .says = "92 days"},
		{.name = "too far ahead",
		 .from = STAND_IN_AHEAD_MAX + 1,
		 .until = STAND_IN_AHEAD_MAX + 2,
		 .says = "too far"},
		{.name = "an hour old", .age = 3600, .want = SL_E_EXPIRED, .says = "not now"},
		{.name = "altered", .bend = 40, .want = SL_E_FORMAT, .says = ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct say w = good();

		w.signer = rows[i].signer != AUTHOR ? rows[i].signer : ADMIN;
		w.caller = rows[i].caller != AUTHOR ? rows[i].caller : ADMIN;
		w.unit = rows[i].unit != NULL ? rows[i].unit : w.unit;
		w.person = rows[i].person != NULL ? rows[i].person : w.person;
		w.role = rows[i].role != NULL ? rows[i].role : w.role;
		w.substitute = rows[i].substitute != NULL ? rows[i].substitute : w.substitute;
		w.from = rows[i].from;
		w.until = rows[i].until != 0 ? rows[i].until : w.until;
		w.age = rows[i].age;
		w.bend = rows[i].bend;
		print_message("%s\n", rows[i].name);
		refused(&w, rows[i].want != 0 ? rows[i].want : SL_E_DENIED, rows[i].says);
	}
	must_say(stands_for(), "does not give you the role");
}

/* The last day and the longest time are still good. */
static void what_is_just_good(void **state)
{
	struct say w = good();

	(void)state;
	w.from = STAND_IN_AHEAD_MAX;
	w.until = STAND_IN_AHEAD_MAX + STAND_IN_DAYS_MAX - 1;
	json_decref(granted(&w));
	must_say(stands_for(), "today you do not");
}

static void training_holds_to_the_end(void **state)
{
	struct say w = good();

	(void)state;
	load_house("unit-admin", "u-12", day(-ACCOUNTS_YEAR + 2).text);
	refused(&w, SL_E_EXPIRED, "does not hold until");
	w.until = 2;
	json_decref(granted(&w));
	assert_string_equal(stands_for(), "p-02");
}

static void begun_and_ended(void **state)
{
	struct say w = good(), e = good();
	struct sl_why why = {""};
	char begun[65];
	json_t *row, *again = NULL;
	struct buf line;

	(void)state;
	row = granted(&w);
	assert_string_equal(json_str(row, "state"), "running");
	assert_string_equal(json_str(row, "reason"), "出差");
	memcpy(begun, json_str(row, "envelope_sha256"), sizeof(begun));
	json_decref(row);
	assert_string_equal(stands_for(), "p-02");
	refused(&w, SL_E_CONFLICT, "one at a time");
	w.from = 3;
	w.until = 5;
	refused(&w, SL_E_CONFLICT, "one at a time");
	w.from = 4;
	json_decref(granted(&w));

	e.action = "end";
	e.begun = begun;
	e.substitute = "p-03"; /* other words than it began with */
	refused(&e, SL_E_NOTFOUND, "no such delegation");
	e.substitute = "p-01";
	e.signer = e.caller = LIAISON;
	refused(&e, SL_E_DENIED, "administrator");
	e.signer = e.caller = ADMIN;
	sign(&e, &line);
	assert_int_equal(hand_in(ADMIN, &line, &again, &why), SL_OK);
	assert_string_equal(json_str(again, "state"), "ended");
	assert_string_equal(json_str(again, "ended_by"), "p-06");
	json_decref(again);
	must_say(stands_for(), "today you do not"); /* of the later one */
	assert_int_equal(hand_in(ADMIN, &line, &again, &why), SL_E_CONFLICT);
	must_say(why.text, "ended already");
	buf_release(&line);
}

/* What was signed once begins once. */
static void a_replay_begins_nothing(void **state)
{
	struct say w = good(), e = good();
	struct sl_why why = {""};
	json_t *row = NULL;
	struct buf line;
	char begun[65];

	(void)state;
	sign(&w, &line);
	assert_int_equal(hand_in(ADMIN, &line, &row, &why), SL_OK);
	memcpy(begun, json_str(row, "envelope_sha256"), sizeof(begun));
	json_decref(row);
	e.action = "end";
	e.begun = begun;
	json_decref(granted(&e));
	assert_int_equal(hand_in(ADMIN, &line, &row, &why), SL_E_EXISTS);
	must_say(why.text, "handed in before");
	must_say(stands_for(), "does not give you the role");
	buf_release(&line);
}

/* The same approval policy with one person's member changed, in force from now on. */
static void change_roster(const char *pid, const char *member, json_t *value)
{
	struct sl_why why = {.text = ""};
	json_t *j = NULL, *person;
	struct buf bytes;
	size_t i;

	buf_init(&bytes, 1 << 20);
	assert_int_equal(json_parse(p.policy.data, p.policy.len, 1 << 20, &j), SL_OK);
	json_array_foreach(json_object_get(j, "persons"), i, person)
	{
		if (strcmp(json_str(person, "pid"), pid) != 0)
			continue;
		if (strcmp(member, "until") == 0) {
			person = json_array_get(json_object_get(person, "keys"), 0);
			assert_non_null(person);
		}
		assert_int_equal(json_object_set(person, member, value), 0);
	}
	json_decref(value);
	assert_int_equal(json_canonical(j, &bytes), SL_OK);
	json_decref(j);
	roster_free(p.roster);
	p.roster = NULL;
	if (roster_parse(bytes.data, bytes.len, &p.roster, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&bytes);
	p.review.roster = p.roster;
}

static json_t *moment(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return json_string(text);
}

static void what_ends_a_good_one(void **state)
{
	const struct say w = good();
	struct wire_reply rp = {0};
	struct sl_why why;
	json_t *j;

	(void)state;
	json_decref(granted(&w));
	assert_string_equal(stands_for(), "p-02");

	/* The key that signed it was ended, or stolen, before it signed. */
	change_roster("p-06", "until", moment(clock_now() - 60));
	must_say(stands_for(), "signature of p-06 does not count any more");
	/* And it signs no other: the wire knows no such key, nor does the desk. */
	refused(&w, SL_E_DENIED, "your reviewer key");
	/* A key that ended afterwards had the right when it signed. */
	change_roster("p-06", "until", moment(clock_now() + 60));
	assert_string_equal(stands_for(), "p-02");
	change_roster("p-06", "roles", json_pack("[s]", "operator"));
	must_say(stands_for(), "signature of p-06 does not count any more");
	change_roster("p-06", "unit", json_string("u-20"));
	must_say(stands_for(), "signature of p-06 does not count any more");
	/* The substitute lost the role in the approval policy. */
	change_roster("p-01", "roles", json_pack("[s]", "liaison"));
	must_say(stands_for(), "approval policy does not give p-01");
	change_roster("p-01", "unit", json_string("u-12"));
	assert_string_equal(stands_for(), "p-02");

	/* accounts.yaml took the office back, or the person's unit is another one there. */
	load_house("operator", "u-12", day(-10).text);
	must_say(stands_for(), "does not administer u-12 any more");
	j = people_ask(&p, LEADER, "unit.list", json_object());
	assert_string_equal(json_str(json_array_get(json_arr(j, "stand_ins"), 1), "state"),
			    "void");
	json_decref(j);
	load_house("unit-admin", "u-20", day(-10).text);
	must_say(stands_for(), "approval policy in u-12");
	load_house("unit-admin", "u-12", day(-10).text);
	assert_string_equal(stands_for(), "p-02");

	/* Without accounts nothing is narrowed. */
	p.review.house = NULL;
	assert_string_equal(stands_for(), "");
	assert_int_equal(people_call(&p, ADMIN, "unit.list", json_pack("{s:s}", "unit", "u-20"),
				     &rp, &why),
			 SL_E_DENIED);
	wire_reply_release(&rp);
}

/* A row that says other things than were signed opens nothing. */
static void a_changed_row(void **state)
{
	const struct say w = good();
	struct sl_why why = {.text = ""};
	struct delegation d;

	(void)state;
	json_decref(granted(&w));
	assert_int_equal(store_delegation_get(p.f.store, 1, &d), SL_OK);
	assert_int_equal(stand_ins_judge(&p.review, &d, &why), SL_OK);
	(void)snprintf(d.until, sizeof(d.until), "%s", day(80).text);
	assert_int_equal(stand_ins_judge(&p.review, &d, &why), SL_E_DENIED);
	assert_int_equal(store_delegation_get(p.f.store, 1, &d), SL_OK);
	(void)snprintf(d.begun_by, sizeof(d.begun_by), "p-03");
	assert_int_equal(stand_ins_judge(&p.review, &d, &why), SL_E_DENIED);
	assert_int_equal(store_delegation_get(p.f.store, 1, &d), SL_OK);
	memset(d.begin, 'a', 64);
	assert_int_equal(stand_ins_judge(&p.review, &d, &why), SL_E_NOTFOUND);
}

static void who_is_told_what(void **state)
{
	const struct say w = good();
	json_t *j, *first;

	(void)state;
	load_house("unit-admin", "u-12", day(-ACCOUNTS_YEAR + 30).text);
	json_decref(granted(&w));
	j = people_ask(&p, LIAISON, "review.list", json_object());
	first = json_array_get(json_arr(j, "lapses"), 0);
	assert_string_equal(json_str(first, "pid"), "p-01");
	assert_string_equal(json_str(first, "what"), "trained_on");
	assert_string_equal(json_str(first, "state"), "soon");
	assert_string_equal(json_str(json_array_get(json_arr(j, "stands_in"), 0), "person"),
			    "p-02");
	json_decref(j);
	/* The administrator, who has no queue, for the whole unit; its leader nothing. */
	j = people_ask(&p, ADMIN, "review.list", json_object());
	assert_int_equal(json_array_size(json_arr(j, "lapses")), 1);
	assert_int_equal(json_array_size(json_arr(j, "drafts")), 0);
	json_decref(j);
	j = people_ask(&p, LEADER, "review.list", json_object());
	assert_null(json_object_get(j, "lapses"));
	json_decref(j);
	load_house("unit-admin", "u-12", day(-ACCOUNTS_YEAR + 31).text);
	j = people_ask(&p, LIAISON, "review.list", json_object());
	assert_null(json_object_get(j, "lapses"));
	json_decref(j);
	/* Lapsed is more than a delegation can mend. */
	load_house("unit-admin", "u-12", day(-ACCOUNTS_YEAR - 1).text);
	must_say(stands_for(), "more than a year old");
	j = people_ask(&p, ADMIN, "unit.audit", json_object());
	first = json_array_get(json_arr(j, "entries"), 0);
	assert_string_equal(json_str(first, "kind"), "delegation.begin");
	assert_string_equal(json_str(first, "actor"), "p-06");
	assert_null(json_object_get(json_obj(first, "record"), "reason"));
	json_decref(j);
	j = people_ask(&p, DESK, "unit.audit", json_object());
	assert_int_equal(json_array_size(json_arr(j, "entries")), 0);
	json_decref(j);
}

/* A liaison's queue is that of the own unit, whatever is asked. */
static void a_queue_of_the_own_unit(void **state)
{
	struct wire_reply rp = {0};
	struct sl_why why;
	char own[24], other[24];
	json_t *j;

	(void)state;
	people_submit(&p, AUTHOR, people_prepare_args(&p, AUTHOR, "t-1", "one"), own);
	people_inspect(&p, own, "[]", DRAFT_IN_REVIEW);
	people_submit(&p, WRITER, people_prepare_args(&p, WRITER, "t-2", "two"), other);
	people_inspect(&p, other, "[]", DRAFT_IN_REVIEW);
	for (int window = 0; window < 2; window++) {
		j = people_ask(&p, LIAISON, "review.list",
			       window == 0 ? json_object() : json_pack("{s:i}", "limit", 9));
		assert_int_equal(json_array_size(json_arr(j, "drafts")), 1);
		assert_string_equal(json_str(json_array_get(json_arr(j, "drafts"), 0), "draft"),
				    own);
		json_decref(j);
		j = people_ask(&p, DESK, "review.list",
			       window == 0 ? json_object() : json_pack("{s:i}", "limit", 9));
		assert_int_equal(json_array_size(json_arr(j, "drafts")), 2);
		json_decref(j);
	}
	assert_int_equal(people_call(&p, LIAISON, "review.list",
				     json_pack("{s:s}", "filter", "unit:u-20"), &rp, &why),
			 SL_E_DENIED);
	must_say(why.text, "for the unit u-12");
	wire_reply_release(&rp);
	assert_int_equal(people_call(&p, LIAISON, "review.list",
				     json_pack("{s:s}", "find", other + 7), &rp, &why),
			 SL_E_NOTFOUND);
	wire_reply_release(&rp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_just_good, setup, teardown),
		cmocka_unit_test_setup_teardown(training_holds_to_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(begun_and_ended, setup, teardown),
		cmocka_unit_test_setup_teardown(a_replay_begins_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(what_ends_a_good_one, setup, teardown),
		cmocka_unit_test_setup_teardown(a_changed_row, setup, teardown),
		cmocka_unit_test_setup_teardown(who_is_told_what, setup, teardown),
		cmocka_unit_test_setup_teardown(a_queue_of_the_own_unit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
