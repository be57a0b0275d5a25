/* A mark in a report against what two persons signed, each part of it changed in turn; and what
 * a machine keeps in mind. */
#include "trust_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assure.h"
#include "base/clock.h"
#include "base/file.h"
#include "trust/suppression.h"
#include "trust/trust_memory.h"

enum { DAY = 86400 };
static const char hmac_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char hmac_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static void say(json_t *lines, enum kit_person who, const struct suppression_facts *f)
{
	struct key *k = kit_person_key(who);
	json_t *predicate = suppression_predicate(f);
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(k, PRED_SUPPRESSION, f->text_hmac, predicate, &line),
			 SL_OK);
	assert_int_equal(json_array_append_new(lines, json_stringn(buf_str(&line), line.len)),
			 0);
	buf_release(&line);
	json_decref(predicate);
	key_free(k);
}

static struct suppression_facts good(void)
{
	return (struct suppression_facts){.action = "suppress",
					  .rule = "PI-004",
					  .owner = kit_pid(KIT_LIAISON),
					  .reason = "the office's own number",
					  .text_hmac = hmac_a,
					  .time = KIT_NOW - 100,
					  .expires = KIT_NOW + 90 * DAY};
}

static json_t *finding(void)
{
	char until[CLOCK_TEXT + 1];

	clock_format(KIT_NOW + 90 * DAY, until);
	return json_pack("{s:s,s:s,s:{s:[s,s],s:s,s:s}}", "rule", "PI-004", "text_hmac", hmac_a,
			 "suppressed", "by", kit_pid(KIT_LIAISON), kit_pid(KIT_SECRECY),
			 "reason", "the office's own number", "until", until);
}

struct world { /* one case: what was signed, what the report says, who judges when */
	struct suppression_facts first, second;
	enum kit_person a, b;
	json_t *finding, *lines;
	struct roster *roster;
	int64_t now, known;
};

static json_t *mark(const struct world *w)
{
	return json_object_get(w->finding, "suppressed");
}

static void set(json_t *j, const char *name, const char *value)
{
	assert_int_equal(json_object_set_new(j, name, json_string(value)), 0);
}

static void nothing(struct world *w)
{
	(void)w;
}
static void other_rule_found(struct world *w)
{
	set(w->finding, "rule", "PI-001");
}
static void other_text_found(struct world *w)
{
	set(w->finding, "text_hmac", hmac_b);
}
static void other_reason_shown(struct world *w)
{
	set(mark(w), "reason", "everybody knows it");
}
static void longer_than_signed(struct world *w)
{
	set(mark(w), "until", "2099-01-01T00:00:00Z");
}
static void other_person_shown(struct world *w)
{
	assert_int_equal(json_array_set_new(json_object_get(mark(w), "by"), 1,
					    json_string(kit_pid(KIT_DESK))),
			 0);
}
static void one_person_shown(struct world *w)
{
	assert_int_equal(json_array_remove(json_object_get(mark(w), "by"), 1), 0);
}
static void second_names_other_rule(struct world *w)
{
	w->second.rule = "PI-001";
}
static void second_names_other_text(struct world *w)
{
	w->second.text_hmac = hmac_b;
}
static void second_names_other_end(struct world *w)
{
	w->second.expires += DAY;
}
static void no_secrecy_officer(struct world *w)
{
	w->b = KIT_DESK;
}
static void the_same_person(struct world *w)
{
	w->b = KIT_LIAISON;
}
static void no_reviewer(struct world *w)
{
	w->b = KIT_INSPECTOR;
}
static void over(struct world *w)
{
	w->now = KIT_NOW + 90 * DAY;
}
static void key_not_valid_then(struct world *w)
{
	w->first.time = w->second.time = 1700000000;
	w->first.expires = w->second.expires = 1700000000 + DAY;
	w->now = 1700000000 + 1;
}
static void taken_back(struct world *w)
{
	struct suppression_facts f = good();

	f.action = "revoke";
	f.time = KIT_NOW - 50;
	say(w->lines, KIT_DESK, &f);
}
static void taken_back_before(struct world *w)
{
	struct suppression_facts f = good();

	f.action = "revoke";
	f.time = KIT_NOW - 5000;
	say(w->lines, KIT_DESK, &f);
}
static void taken_back_by_a_service(struct world *w)
{
	struct suppression_facts f = good();

	f.action = "revoke";
	f.time = KIT_NOW - 50;
	say(w->lines, KIT_INSPECTOR, &f);
}
static void known_to_be_taken_back(struct world *w)
{
	w->known = KIT_NOW - 50;
}

static void each_part_in_turn(void **state)
{
	static const struct {
		const char *name;
		void (*change)(struct world *w);
		int want;
	} rows[] = {
		{"as signed", nothing, SL_OK},
		{"another rule found", other_rule_found, SL_E_DENIED},
		{"another text found", other_text_found, SL_E_DENIED},
		{"another reason shown", other_reason_shown, SL_E_DENIED},
		{"longer than signed", longer_than_signed, SL_E_DENIED},
		{"another person shown", other_person_shown, SL_E_DENIED},
		{"one person shown", one_person_shown, SL_E_DENIED},
		{"the second names another rule", second_names_other_rule, SL_E_DENIED},
		{"the second names another text", second_names_other_text, SL_E_DENIED},
		{"the second names another end", second_names_other_end, SL_E_DENIED},
		{"no secrecy officer", no_secrecy_officer, SL_E_DENIED},
		{"the same person twice", the_same_person, SL_E_DENIED},
		{"a service", no_reviewer, SL_E_DENIED},
		{"over", over, SL_E_EXPIRED},
		{"a key that was not valid then", key_not_valid_then, SL_E_DENIED},
		{"taken back", taken_back, SL_E_DENIED},
		{"taken back before it was signed", taken_back_before, SL_OK},
		{"taken back by a service", taken_back_by_a_service, SL_OK},
		{"taken back, and that is hidden now", known_to_be_taken_back, SL_E_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w = {.first = good(),
				  .second = good(),
				  .a = KIT_LIAISON,
				  .b = KIT_SECRECY,
				  .finding = finding(),
				  .lines = json_array(),
				  .roster = kit_roster(),
				  .now = KIT_NOW};
		struct sl_why why = {.text = ""};
		int64_t revoked = 0;
		int e;

		rows[i].change(&w);
		say(w.lines, w.a, &w.first);
		say(w.lines, w.b, &w.second);
		e = assure_mark(w.finding, w.lines, w.roster, w.now, w.known, &revoked, &why);
		if (e != rows[i].want)
			fail_msg("%s: %s %s", rows[i].name, sl_errname(e), why.text);
		assert_int_equal(revoked >= w.known, 1);
		json_decref(w.finding);
		json_decref(w.lines);
		roster_free(w.roster);
	}
}

static void no_statements(void **state)
{
	struct roster *r = kit_roster();
	json_t *f = finding(), *garbage = json_pack("[s,i,s]", "{}", 7, "no envelope");
	int64_t revoked = 0;

	(void)state;
	assert_int_equal(assure_mark(f, NULL, r, KIT_NOW, 0, &revoked, NULL), SL_E_DENIED);
	assert_int_equal(assure_mark(f, garbage, r, KIT_NOW, 0, &revoked, NULL), SL_E_DENIED);
	json_decref(f);
	json_decref(garbage);
	roster_free(r);
}

static void memory_only_grows(void **state)
{
	char dir[] = "/tmp/sl-assure-XXXXXX", person[] = "p-02", path[128];
	struct client_config c = {.person = person};
	struct trust_memory *m = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	c.cache = mkdtemp(dir);
	assert_non_null(c.cache);
	assert_int_equal(trust_memory_open(&c, &m, NULL), SL_OK);
	assert_int_equal(trust_memory_root(m, hmac_a), SL_OK);
	assert_int_equal(trust_memory_note(m, "rules", 7), SL_OK);
	assert_int_equal(trust_memory_note(m, "rules", 6), SL_OK);
	assert_int_equal(trust_memory_revoke(m, "PI-004", hmac_b, KIT_NOW), SL_OK);
	assert_int_equal(trust_memory_revoke(m, "PI-004", hmac_b, KIT_NOW - 1), SL_OK);
	assert_int_equal(trust_memory_save(m), SL_OK);
	trust_memory_close(m);

	assert_int_equal(trust_memory_open(&c, &m, NULL), SL_OK);
	assert_int_equal(trust_memory_root(m, hmac_a), SL_OK);
	assert_int_equal(trust_memory_newest(m, "rules"), 7);
	assert_int_equal(trust_memory_newest(m, "policy"), 0);
	assert_int_equal(trust_memory_revoked(m, "PI-004", hmac_b), KIT_NOW);
	assert_int_equal(trust_memory_revoked(m, "PI-004", hmac_a), 0);
	/* Another root: nothing of it was proved by that one. */
	assert_int_equal(trust_memory_root(m, hmac_b), SL_OK);
	assert_int_equal(trust_memory_newest(m, "rules"), 0);
	trust_memory_close(m);

	/* Damaged it is not taken for an empty one. */
	(void)snprintf(path, sizeof(path), "%s/p-02/trust.json", dir);
	assert_int_equal(file_write_durable(AT_FDCWD, path, "{}", 2, 0600), SL_OK);
	assert_int_equal(trust_memory_open(&c, &m, &why), SL_E_CORRUPT);
	assert_non_null(strstr(why.text, "trust.json"));
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
}

static int setup(void **state)
{
	(void)state;
	return crypto_start();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_in_turn),
		cmocka_unit_test(no_statements),
		cmocka_unit_test(memory_only_grows),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
