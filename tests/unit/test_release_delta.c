/* test_release_delta.c - items into metadata: order, doubles, gaps, full pages; case.json there
 * and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "release/casefile.h"

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000aa"

static struct delta_item item(const char *id, int64_t version, int64_t serial)
{
	struct delta_item it = {.kind = FEED_RELEASE,
				.status = FEED_USABLE,
				.version = version,
				.serial = serial,
				.manifest = {DIGEST, 10},
				.attest = {DIGEST, 20}};

	(void)snprintf(it.id, sizeof(it.id), "%s", id);
	return it;
}

static struct delta_item notice(const char *id, int64_t version, int64_t serial)
{
	struct delta_item it = item(id, version, serial);

	it.kind = FEED_NOTICE;
	it.status = FEED_CANCELED;
	it.notice = (struct delta_file){DIGEST, 30};
	return it;
}

struct world {
	struct delta_result now;
	const json_t *targets[DELTA_ROLES];
};

static void begin(struct world *w)
{
	assert_int_equal(delta_initial(&w->now), SL_OK);
	for (unsigned k = 0; k < DELTA_ROLES; k++)
		w->targets[k] = w->now.targets[k];
}

/* Apply and, when it works, make the result the present. */
static int apply(struct world *w, const struct delta_item *items, unsigned n)
{
	struct delta_result *next = calloc(1, sizeof(*next));
	struct sl_why why = {.text = ""};
	int r = delta_apply(w->targets, &w->now.head, items, n, next, &why);

	if (r == SL_OK) {
		for (unsigned k = 0; k < DELTA_ROLES; k++) {
			if (next->targets[k] == NULL)
				next->targets[k] = json_incref(w->now.targets[k]);
		}
		delta_release(&w->now);
		w->now = *next;
		for (unsigned k = 0; k < DELTA_ROLES; k++)
			w->targets[k] = w->now.targets[k];
	}
	free(next);
	return r;
}

static size_t count(const struct world *w)
{
	size_t n = 0;

	for (unsigned k = 0; k < DELTA_FEED; k++)
		n += json_object_size(w->now.targets[k]);
	return n;
}

static void accepts_and_refuses(void **state)
{
	static const struct {
		const char *name, *id;
		int64_t version, serial;
		bool notice;
		int want;
		size_t targets;
	} rows[] = {
		{"first", "R-2026-000001", 1, 1, false, SL_OK, 2},
		{"same again", "R-2026-000001", 1, 2, false, SL_E_REPLAY, 2},
		{"serial leaps", "R-2026-000002", 1, 3, false, SL_E_REPLAY, 2},
		{"serial stays", "R-2026-000002", 1, 1, false, SL_E_REPLAY, 2},
		{"second", "R-2026-000002", 1, 2, false, SL_OK, 4},
		{"newer version", "R-2026-000001", 3, 3, false, SL_OK, 6},
		{"older version", "R-2026-000001", 2, 4, false, SL_E_REPLAY, 6},
		{"bad id", "R-2026-1", 1, 4, false, SL_E_FORMAT, 6},
		{"version 0", "R-2026-000003", 0, 4, false, SL_E_FORMAT, 6},
		{"notice of an older version", "R-2026-000001", 2, 4, true, SL_E_REPLAY, 6},
		{"notice takes all versions", "R-2026-000001", 3, 4, true, SL_OK, 2},
		{"back under its old number", "R-2026-000001", 3, 5, false, SL_E_REPLAY, 2},
		{"back as a new version", "R-2026-000001", 4, 5, false, SL_OK, 4},
	};
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct delta_item it =
			rows[i].notice ? notice(rows[i].id, rows[i].version, rows[i].serial)
				       : item(rows[i].id, rows[i].version, rows[i].serial);
		int r = apply(&w, &it, 1);

		if (r != rows[i].want || count(&w) != rows[i].targets)
			fail_msg("%s: %s, %zu targets", rows[i].name, sl_errname(r), count(&w));
	}
	delta_release(&w.now);
}

/* The bin still refuses what the feed's head page has forgotten. */
static void remembers_after_a_full_page(void **state)
{
	struct delta_item batch[DELTA_ITEMS_MAX], one = item("R-2026-000001", 1, 1);
	struct world w;
	int64_t serial = 1;
	bool rolled = false;
	char id[32];

	(void)state;
	begin(&w);
	for (unsigned round = 0; round < 5; round++) {
		for (unsigned i = 0; i < DELTA_ITEMS_MAX; i++, serial++) {
			(void)snprintf(id, sizeof(id), "R-2026-%06d", (int)serial);
			batch[i] = item(id, 1, serial);
		}
		assert_int_equal(apply(&w, batch, DELTA_ITEMS_MAX), SL_OK);
		if (w.now.page_bytes.len > 0) {
			rolled = true;
			assert_string_equal(w.now.page, "p000001");
			assert_non_null(json_object_get(w.now.targets[DELTA_FEED],
							"feed/p000001.json"));
		}
	}
	assert_true(rolled);
	one.serial = serial;
	assert_int_equal(apply(&w, &one, 1), SL_E_EXISTS);
	delta_release(&w.now);
}

static void case_goes_there_and_back(void **state)
{
	struct casefile *c = calloc(1, sizeof(*c)), *back = calloc(1, sizeof(*back));
	struct casefile_answer a = {.roles = 1u << 3 | 1u << DELTA_FEED}, got;
	char name[CASEFILE_NAME + 1];
	int64_t number = 0;
	struct buf b;

	(void)state;
	c->number = 12;
	c->kind = CASEFILE_RELEASE;
	c->n = 1;
	c->items[0].delta = item("R-2026-000001", 1, 1);
	(void)snprintf(c->items[0].draft, sizeof(c->items[0].draft), "D-2026-000001");
	c->items[0].revision = 1;
	buf_init(&b, CASEFILE_MAX);
	assert_int_equal(casefile_write(c, &b), SL_OK);
	assert_int_equal(casefile_parse(b.data, b.len, back, NULL), SL_OK);
	assert_memory_equal(c, back, sizeof(*c));
	for (size_t cut = 0; cut < b.len; cut++)
		assert_int_not_equal(casefile_parse(b.data, cut, back, NULL), SL_OK);
	buf_clear(&b);
	memset(a.keyid[3], 'a', KEY_ID_HEX);
	memset(a.sig[3], 'b', 2 * KEY_SIGNATURE);
	memset(a.keyid[DELTA_FEED], 'c', KEY_ID_HEX);
	memset(a.sig[DELTA_FEED], 'd', 2 * KEY_SIGNATURE);
	assert_int_equal(casefile_answer_write(12, &a, &b), SL_OK);
	assert_int_equal(casefile_answer_parse(b.data, b.len, 12, &got), SL_OK);
	assert_memory_equal(&a, &got, sizeof(a));
	assert_int_equal(casefile_answer_parse(b.data, b.len, 13, &got), SL_E_FORMAT);
	casefile_name(12, name);
	assert_string_equal(name, "00000000000000000012");
	assert_true(casefile_number(name, &number) && number == 12);
	assert_false(casefile_number("12", &number) ||
		     casefile_number("0000000000000000001x", &number));
	buf_release(&b);
	free(c);
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_and_refuses),
		cmocka_unit_test(remembers_after_a_full_page),
		cmocka_unit_test(case_goes_there_and_back),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
