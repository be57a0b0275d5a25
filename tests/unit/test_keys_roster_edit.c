/* Changes of the approval policy: each makes the next version, or is refused with a reason. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "keys/ceremony.h"
#include "keys/roster_edit.h"
#include "trust_kit.h"

enum { DAY = 86400 };

static struct buf policy;
static uint8_t fresh[KEY_PUBLIC];

static int set_up(void **state)
{
	char *text = kit_policy_text();
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 0x77);

	(void)state;
	buf_init(&policy, JSON_SIGNED_MAX);
	buf_puts(&policy, text);
	memcpy(fresh, key_public(k), KEY_PUBLIC);
	key_free(k);
	free(text);
	return buf_error(&policy);
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&policy);
	return 0;
}

static int edit(const struct roster_change *c, struct roster **ret_r)
{
	struct sl_why why = {.text = ""};
	struct buf out;
	int r;

	buf_init(&out, JSON_SIGNED_MAX);
	r = roster_edit(&policy, c, &out, &why);
	if (r == SL_OK)
		r = roster_parse(out.data, out.len, ret_r, &why);
	else
		assert_true(why.text[0] != '\0');
	buf_release(&out);
	return r;
}

static struct roster_change change(enum roster_op op, const char *pid)
{
	return (struct roster_change){.op = op,
				      .pid = pid,
				      .key = fresh,
				      .use = KEY_DSSE_REVIEWER,
				      .from = KIT_NOW,
				      .until = KIT_NOW + 300 * DAY};
}

static void join_and_leave(void **state)
{
	struct roster_change c = change(ROSTER_JOIN, "p-50");
	struct roster *r = NULL;
	const struct roster_person *p;

	(void)state;
	assert_int_equal(edit(&c, &r), SL_E_USAGE); /* no unit */
	c.unit = "u-09";
	c.roles[0] = "desk";
	assert_int_equal(edit(&c, &r), SL_OK);
	p = roster_person(r, "p-50");
	assert_true(p != NULL && roster_has_role(p, "desk") && p->n_keys == 1);
	assert_int_equal(roster_version(r), 8);
	assert_int_equal(p->keys[0].from, KIT_NOW);
	roster_free(r);
	c.draft = true;
	assert_int_equal(edit(&c, &r), SL_OK);
	assert_int_equal(roster_version(r), 7);
	roster_free(r);
	c.pid = kit_pid(KIT_DESK);
	assert_int_equal(edit(&c, &r), SL_E_EXISTS);
	c.pid = "p 50";
	assert_int_equal(edit(&c, &r), SL_E_FORMAT); /* the roster's own rule */

	c = change(ROSTER_LEAVE, kit_pid(KIT_DESK));
	assert_int_equal(edit(&c, &r), SL_OK);
	assert_null(roster_person(r, kit_pid(KIT_DESK)));
	roster_free(r);
	c.on = KIT_NOW + 5 * DAY;
	assert_int_equal(edit(&c, &r), SL_OK);
	p = roster_person(r, kit_pid(KIT_DESK));
	assert_true(p != NULL && p->keys[0].until == c.on);
	roster_free(r);
	c.on = 1;
	assert_int_equal(edit(&c, &r), SL_E_DENIED); /* before the key begins */
	c.pid = "p-99";
	assert_int_equal(edit(&c, &r), SL_E_NOTFOUND);
}

static void roles_keep_the_rules(void **state)
{
	struct roster_change c = change(ROSTER_ROLE, kit_pid(KIT_DESK));
	struct roster *r = NULL;

	(void)state;
	c.drop[0] = "desk";
	c.roles[0] = "legal";
	c.unit = "u-44";
	assert_int_equal(edit(&c, &r), SL_OK);
	assert_true(roster_has_role(roster_person(r, c.pid), "legal") &&
		    !roster_has_role(roster_person(r, c.pid), "desk"));
	assert_string_equal(roster_person(r, c.pid)->unit, "u-44");
	roster_free(r);
	c.drop[0] = "secrecy"; /* not held */
	assert_int_equal(edit(&c, &r), SL_E_NOTFOUND);
	c.drop[0] = NULL;
	c.roles[0] = "desk"; /* held already */
	assert_int_equal(edit(&c, &r), SL_E_FORMAT);
	c.roles[0] = "gateway-service"; /* a person is no machine */
	assert_int_equal(edit(&c, &r), SL_E_DENIED);
}

static void keys_come_and_go(void **state)
{
	struct roster_change c = change(ROSTER_KEY, kit_pid(KIT_DESK));
	struct key *old = kit_person_key(KIT_DESK);
	const struct roster_key *k = NULL;
	struct roster *r = NULL;

	(void)state;
	c.old = key_id(old);
	assert_int_equal(edit(&c, &r), SL_OK);
	assert_int_equal(roster_person(r, c.pid)->n_keys, 2);
	assert_non_null(roster_find_key(r, key_id(old), &k));
	assert_int_equal(k->until, KIT_NOW); /* it ends when the new one begins */
	roster_free(r);
	c.key = key_public(old); /* P2: the same raw key again */
	c.old = NULL;
	assert_int_equal(edit(&c, &r), SL_E_DENIED);
	c.key = NULL;
	assert_int_equal(edit(&c, &r), SL_E_USAGE);

	c = change(ROSTER_LOST, NULL);
	c.old = key_id(old);
	assert_int_equal(edit(&c, &r), SL_OK); /* replaced by the new one */
	assert_null(roster_find_key(r, key_id(old), &k));
	assert_int_equal(roster_person(r, kit_pid(KIT_DESK))->n_keys, 1);
	roster_free(r);
	c.key = NULL; /* not replaced: nobody stays without a key */
	assert_int_equal(edit(&c, &r), SL_OK);
	assert_null(roster_person(r, kit_pid(KIT_DESK)));
	roster_free(r);
	c.pid = kit_pid(KIT_LEADER); /* somebody else's key */
	assert_int_equal(edit(&c, &r), SL_E_DENIED);
	c.pid = NULL;
	c.old = "1234567"; /* too short to be sure */
	assert_int_equal(edit(&c, &r), SL_E_NOTFOUND);
	c.old = "zzzzzzzz";
	assert_int_equal(edit(&c, &r), SL_E_NOTFOUND);
	key_free(old);
}

static void a_first_policy(void **state)
{
	struct key *g = kit_key(KEY_DSSE_GATEWAY, 0x61), *i = kit_key(KEY_DSSE_INSPECTOR, 0x62);
	struct roster *r = NULL;
	struct buf b, gaps;

	(void)state;
	buf_init(&b, JSON_SIGNED_MAX);
	buf_init(&gaps, 4096);
	assert_int_equal(
		roster_edit_new(key_public(g), key_public(i), KIT_NOW, KIT_NOW + DAY, &b, NULL),
		SL_OK);
	assert_int_equal(roster_parse(b.data, b.len, &r, NULL), SL_OK);
	assert_int_equal(roster_version(r), 1);
	assert_non_null(roster_class(r, "C"));
	assert_non_null(roster_class(r, "U"));
	assert_null(roster_class_at(r, 8));
	roster_edit_gaps(r, KIT_NOW, &gaps);
	assert_non_null(strstr(buf_str(&gaps), "class C: secrecy 0 of 2"));
	assert_int_equal(
		roster_edit_new(key_public(g), key_public(g), KIT_NOW, KIT_NOW + DAY, &b, NULL),
		SL_E_DENIED);
	roster_free(r);
	buf_release(&b);
	buf_release(&gaps);
	key_free(g);
	key_free(i);
}

static void differences_are_readable(void **state)
{
	struct roster_change c = change(ROSTER_ROLE, kit_pid(KIT_DESK));
	struct roster *old = kit_roster(), *r = NULL;
	struct buf b;

	(void)state;
	c.drop[0] = "desk";
	c.roles[0] = "legal";
	assert_int_equal(edit(&c, &r), SL_OK);
	buf_init(&b, 1 << 16);
	roster_diff(old, r, CEREMONY_EN, &b);
	assert_non_null(strstr(buf_str(&b), "version 7 -> 8"));
	assert_non_null(strstr(buf_str(&b), "-desk +legal"));
	assert_null(strstr(buf_str(&b), kit_pid(KIT_LEADER))); /* who does not change */
	buf_clear(&b);
	roster_diff(old, r, CEREMONY_ZH, &b);
	assert_non_null(strstr(buf_str(&b), "审批政策"));
	buf_release(&b);
	roster_free(old);
	roster_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(join_and_leave),
		cmocka_unit_test(roles_keep_the_rules),
		cmocka_unit_test(keys_come_and_go),
		cmocka_unit_test(a_first_policy),
		cmocka_unit_test(differences_are_readable),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, set_up, tear_down) : 1;
}
