/* Which keys a new approval policy ends, from nothing but the two files. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "trust/roster_ended.h"
#include "trust_kit.h"

static json_t *person(json_t *policy, enum kit_person p)
{
	return json_array_get(json_object_get(policy, "persons"), (size_t)p);
}

static json_t *key_of(json_t *policy, enum kit_person p, unsigned i)
{
	return json_array_get(json_object_get(person(policy, p), "keys"), i);
}

static void set(json_t *j, const char *name, json_t *value)
{
	assert_int_equal(json_object_set_new(j, name, value), 0);
}

/* ---- changes of a policy ---- */

static void nothing(json_t *policy)
{
	set(policy, "version", json_integer(8));
}
static void leaves(json_t *policy)
{
	assert_int_equal(json_array_remove(json_object_get(policy, "persons"), KIT_DESK), 0);
}
static void rotates(json_t *policy)
{
	struct key *fresh = kit_key(KEY_DSSE_REVIEWER, 0x77);
	char hex[2 * KEY_PUBLIC + 1];

	text_hex(key_public(fresh), KEY_PUBLIC, hex);
	set(key_of(policy, KIT_DESK, 0), "keyid", json_string(key_id(fresh)));
	set(key_of(policy, KIT_DESK, 0), "public", json_string(hex));
	key_free(fresh);
}
static void loses_the_second(json_t *policy)
{
	assert_int_equal(
		json_array_remove(json_object_get(person(policy, KIT_BOTH), "keys"), 1), 0);
}
static void ends_earlier(json_t *policy)
{
	set(key_of(policy, KIT_LEADER, 0), "until", json_string("2026-06-30T00:00:00Z"));
}
static void lives_longer(json_t *policy)
{
	set(key_of(policy, KIT_LEADER, 0), "until", json_string("2036-06-30T00:00:00Z"));
}
static void other_use(json_t *policy)
{
	set(key_of(policy, KIT_LEADER, 0), "use", json_string("dsse-author"));
}
static void other_role(json_t *policy)
{
	set(person(policy, KIT_LEADER), "roles", json_pack("[s]", "liaison"));
}
/* Persons and their keys in another order, and a newcomer. */
static void reorders(json_t *policy)
{
	json_t *persons = json_object_get(policy, "persons"), *first = person(policy, 0);

	json_incref(first);
	assert_int_equal(json_array_remove(persons, 0), 0);
	assert_int_equal(json_array_append_new(persons, first), 0);
}
static void several(json_t *policy)
{
	leaves(policy);
	ends_earlier(policy); /* the leader stands before the editor who left */
}

static struct roster *changed(void (*change)(json_t *policy))
{
	struct sl_why why = {.text = ""};
	char *text = kit_policy_text();
	struct roster *r = NULL;
	json_t *j = NULL;
	struct buf b;

	buf_init(&b, JSON_SIGNED_MAX);
	assert_int_equal(json_parse_signed(text, strlen(text), &j), SL_OK);
	change(j);
	assert_int_equal(json_canonical(j, &b), SL_OK);
	if (roster_parse(b.data, b.len, &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	json_decref(j);
	buf_release(&b);
	free(text);
	return r;
}

static void ended_keys(void **state)
{
	static const struct {
		const char *name;
		void (*change)(json_t *policy);
		unsigned n;
		enum kit_person who; /* of one of them */
		bool listed;
	} rows[] = {
		{"nothing changes", nothing, 0, 0, false},
		{"a person leaves", leaves, 1, KIT_DESK, false},
		{"another key of the same person", rotates, 1, KIT_DESK, false},
		{"one of two keys", loses_the_second, 1, KIT_BOTH, false},
		{"an earlier end", ends_earlier, 1, KIT_LEADER, true},
		{"a later end", lives_longer, 0, 0, false},
		{"for another use", other_use, 1, KIT_LEADER, false},
		{"another role", other_role, 0, 0, false},
		{"another order", reorders, 0, 0, false},
		{"two of them", several, 2, KIT_DESK, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct roster *before = kit_roster(), *after = changed(rows[i].change);
		struct roster_ended *list = NULL;
		unsigned n = 99, found = 0;

		assert_int_equal(roster_ended(before, after, &list, &n), SL_OK);
		if (n != rows[i].n)
			fail_msg("%s: %u keys, not %u", rows[i].name, n, rows[i].n);
		for (unsigned k = 0; k < n; k++) {
			assert_true(k == 0 ||
				    strcmp(list[k - 1].key->keyid, list[k].key->keyid) < 0);
			if (strcmp(list[k].person->pid, kit_pid(rows[i].who)) != 0)
				continue;
			found++;
			if (list[k].listed != rows[i].listed)
				fail_msg("%s: listed %d", rows[i].name, list[k].listed);
			assert_true(!list[k].listed || list[k].until < list[k].key->until);
		}
		assert_int_equal(found, rows[i].n > 0);
		free(list);
		roster_free(before);
		roster_free(after);
	}
}

static void no_policy_ends_nothing(void **state)
{
	struct roster *r = kit_roster();
	struct roster_ended *list = NULL;
	unsigned n = 99;

	(void)state;
	assert_int_equal(roster_ended(NULL, r, &list, &n), SL_OK);
	assert_int_equal(n, 0);
	free(list);
	roster_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ended_keys),
		cmocka_unit_test(no_policy_ends_nothing),
	};

	return crypto_start() != SL_OK ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
