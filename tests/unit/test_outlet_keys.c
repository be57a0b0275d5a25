/* test_outlet_keys.c - the link's key changes and no unit is lost, in any order. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "install_kit.h"

enum { DAY = 86400 };

struct change {
	struct host h;
	struct key *old, *fresh;
};

static void change_new(struct change *c)
{
	uint8_t seed[32] = {77};

	host_new(&c->h);
	c->old = c->h.k.link;
	assert_int_equal(key_generate(KEY_LINK, seed, &c->fresh), SL_OK);
}

static void change_free(struct change *c)
{
	c->h.k.link = c->old;
	key_free(c->fresh);
	host_free(&c->h);
}

/* The keys that the outlet has after a start. */
static unsigned outlet_starts(struct change *c, const struct key *first,
			      const struct key *second)
{
	unsigned n = 99;

	c->h.in->link = (struct sealed_keys){.key = {first, second}, .n = second ? 2 : 1};
	c->h.in->opened_serial = c->h.in->opened_by_old = 0;
	c->h.in->opened_by = 0;
	assert_int_equal(install_reconsider(c->h.in, &n), SL_OK);
	return n;
}

static int64_t send_one(struct change *c)
{
	okit_commit(&c->h.k, DAY);
	return host_send(&c->h, c->h.serial == 1 ? "initial" : "refresh");
}

static void reports(const struct change *c, bool old, int64_t serial)
{
	const struct key *k = old ? c->old : c->fresh;
	json_t *all = install_report(c->h.in), *key = json_object_get(all, "link_key");
	char print[SEALED_PRINT + 1];
	int64_t got = 0;
	bool is_old = !old;

	sealed_fingerprint(key_public(k), print);
	assert_string_equal(json_str(key, "key"), print);
	assert_true(json_bool(key, "old", &is_old) && is_old == old);
	assert_true(json_i64(key, "serial", &got) && got == serial);
	json_decref(all);
}

/* 1 the outlet learns, 2 the gateway changes, 3 the outlet forgets. */
static void in_order(void **state)
{
	struct change c;
	json_t *all;

	(void)state;
	change_new(&c);
	all = install_report(c.h.in);
	assert_null(json_object_get(all, "link_key"));
	json_decref(all);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	assert_int_equal(outlet_starts(&c, c.fresh, c.old), 0);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	reports(&c, true, 2);
	assert_int_equal(c.h.in->opened_by_old, 1);
	c.h.k.link = c.fresh;
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	reports(&c, false, 3);
	assert_int_equal(outlet_starts(&c, c.fresh, NULL), 0);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	reports(&c, false, 4);
	assert_int_equal(c.h.in->n_refused, 0);
	change_free(&c);
}

/* The gateway first: its units lie aside, named missing, until the outlet has the key. */
static void gateway_first(void **state)
{
	char name[SPOOL_NAME + 1], print[SEALED_PRINT + 1];
	struct spool_entry e = {.priority = 5};
	struct change c;

	(void)state;
	change_new(&c);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	c.h.k.link = c.fresh;
	e.serial = send_one(&c);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_REFUSED);
	sealed_fingerprint(key_public(c.fresh), print);
	assert_non_null(strstr(c.h.in->last_refusal, print));
	assert_int_equal(c.h.in->progress.next, e.serial);
	/* It comes again, as it would by the carousel, and is no better. */
	c.h.serial = e.serial;
	(void)host_send(&c.h, "refresh");
	c.h.serial = e.serial + 2;
	host_want(&c.h, INSTALL_REFUSED);
	host_want(&c.h, INSTALL_IDLE);
	spool_name(&e, name);
	assert_true(file_exists(c.h.in->refused, name));

	/* A start that brings nothing new changes nothing. */
	assert_int_equal(outlet_starts(&c, c.old, NULL), 1);
	host_want(&c.h, INSTALL_REFUSED);
	assert_int_equal(outlet_starts(&c, c.fresh, c.old), 1);
	assert_false(file_exists(c.h.in->refused, name));
	host_want(&c.h, INSTALL_DONE);
	host_want(&c.h, INSTALL_DONE);
	assert_int_equal(c.h.in->progress.next, e.serial + 2);
	host_same(&c.h, "metadata/timestamp.json");
	/* What is done with is not taken up again, and neither is what is here already. */
	c.h.serial = e.serial;
	(void)host_send_to(&c.h, "refresh", 5, "quarantine/refused");
	c.h.serial = e.serial + 2;
	assert_int_equal(outlet_starts(&c, c.fresh, c.old), 0);
	(void)send_one(&c);
	c.h.serial--;
	(void)host_send_to(&c.h, "refresh", 5, "quarantine/refused");
	assert_int_equal(outlet_starts(&c, c.fresh, c.old), 0);
	change_free(&c);
}

/* The outlet forgets too early: the same, and the old key cures it. */
static void forgotten_too_early(void **state)
{
	struct change c;

	(void)state;
	change_new(&c);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_DONE);
	assert_int_equal(outlet_starts(&c, c.fresh, NULL), 0);
	(void)send_one(&c);
	host_want(&c.h, INSTALL_REFUSED);
	assert_int_equal(outlet_starts(&c, c.fresh, c.old), 1);
	host_want(&c.h, INSTALL_DONE);
	reports(&c, true, 2);
	change_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(gateway_first),
		cmocka_unit_test(forgotten_too_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
