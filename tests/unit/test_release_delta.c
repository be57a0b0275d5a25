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
#include "trust/tuf_writer.h"

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000aa"

static struct delta_item item(const char *id, int64_t version, int64_t serial)
{
	struct delta_item it = {.kind = FEED_RELEASE,
				.status = FEED_USABLE,
				.version = version,
				.serial = serial,
				.manifest = {DIGEST, 10},
				.attest = {DIGEST, 20},
				.channel = {{"official-site", (uint32_t)serial}},
				.n_channels = 1};

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

enum { ROLES = 64 };

struct world { /* a repository without signatures */
	struct {
		char name[LAYOUT_ROLE_MAX];
		struct buf file;
	} role[ROLES];
	unsigned n;
	struct feed_page head;
	struct delta_keys keys;
	char page[16]; /* of the last step */
};

static int at_of(const struct world *w, const char *name)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->role[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

static bool has(void *arg, const char *role)
{
	return at_of(arg, role) >= 0;
}

static int each(void *arg, int (*fn)(void *to, const char *role), void *to)
{
	struct world *w = arg;
	int r = SL_OK;

	for (unsigned i = 0; i < w->n && r == SL_OK; i++)
		r = fn(to, w->role[i].name);
	return r;
}

static struct tuf_meta *meta_of(const struct world *w, const char *name)
{
	struct tuf_meta *m = NULL;
	int at = at_of(w, name);

	assert_true(at >= 0);
	assert_int_equal(
		tuf_parse(w->role[at].file.data, w->role[at].file.len, "targets", &m, NULL),
		SL_OK);
	return m;
}

static void keep(struct world *w, const struct delta_role *role)
{
	json_t *envelope = tuf_envelope_new(role->body);
	int at = at_of(w, role->name);

	if (at < 0) {
		at = (int)w->n++;
		assert_true(at < ROLES);
		memcpy(w->role[at].name, role->name, sizeof(role->name));
	} else {
		buf_release(&w->role[at].file);
	}
	buf_init(&w->role[at].file, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &w->role[at].file), SL_OK);
	json_decref(envelope);
}

/* Take the step and, when it works, make the result the present. */
static int step(struct world *w, const struct casefile *c)
{
	const struct delta_known known = {.has = has, .each = each, .arg = w};
	struct delta *d = calloc(1, sizeof(*d));
	struct sl_why why = {.text = ""};
	int r;

	delta_init(d);
	d->head = w->head;
	r = casefile_touch(c, &known, d);
	for (unsigned k = 0; k < d->n && r == SL_OK; k++) {
		if (!d->role[k].begins)
			d->role[k].before = meta_of(w, d->role[k].name);
	}
	if (r == SL_OK)
		r = casefile_expect(c, &w->keys, NULL, d, &why);
	if (r == SL_OK) {
		for (unsigned k = 0; k < d->n; k++)
			keep(w, &d->role[k]);
		w->head = d->head;
		memcpy(w->page, d->page, sizeof(w->page));
	}
	delta_release(d);
	free(d);
	return r;
}

static int apply(struct world *w, const struct delta_item *items, unsigned n)
{
	struct casefile *c = calloc(1, sizeof(*c));
	int r;

	c->kind = CASEFILE_RELEASE;
	c->time = 1000000000;
	c->n = n;
	for (unsigned i = 0; i < n; i++)
		c->items[i].delta = items[i];
	r = step(w, c);
	free(c);
	return r;
}

static void begin(struct world *w)
{
	struct casefile *c = calloc(1, sizeof(*c));
	struct key *k = NULL;

	memset(w, 0, sizeof(*w));
	feed_page_init(&w->head);
	assert_int_equal(key_generate(KEY_TUF_REL, NULL, &k), SL_OK);
	w->keys.rel = (struct tuf_role){.name = "rel", .threshold = 1, .n_keys = 1};
	memcpy(w->keys.rel.keys[0], key_public(k), KEY_PUBLIC);
	w->keys.feed = w->keys.rel;
	key_free(k);
	c->kind = CASEFILE_INITIAL;
	assert_int_equal(step(w, c), SL_OK);
	assert_int_equal(w->n, 2);
	free(c);
}

static void end(struct world *w)
{
	for (unsigned i = 0; i < w->n; i++)
		buf_release(&w->role[i].file);
	free(w);
}

static size_t count_in(const struct world *w, const char *name)
{
	struct tuf_meta *m = meta_of(w, name);
	size_t n = json_object_size(json_obj(m->body, "targets"));

	tuf_free(m);
	return n;
}

static size_t count(const struct world *w)
{
	size_t n = 0;

	for (unsigned i = 0; i < w->n; i++) {
		if (strncmp(w->role[i].name, "rel-", 4) == 0)
			n += count_in(w, w->role[i].name);
	}
	return n;
}

static int64_t version_of(const struct world *w, const char *name)
{
	struct tuf_meta *m = meta_of(w, name);
	int64_t v = m->version;

	tuf_free(m);
	return v;
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
		{"first", "R-2026-000001", 1, 1, false, SL_OK, 3},
		{"same again", "R-2026-000001", 1, 2, false, SL_E_REPLAY, 3},
		{"serial leaps", "R-2026-000002", 1, 3, false, SL_E_REPLAY, 3},
		{"serial stays", "R-2026-000002", 1, 1, false, SL_E_REPLAY, 3},
		{"second", "R-2026-000002", 1, 2, false, SL_OK, 6},
		{"newer version", "R-2026-000001", 3, 3, false, SL_OK, 9},
		{"older version", "R-2026-000001", 2, 4, false, SL_E_REPLAY, 9},
		{"bad id", "R-2026-1", 1, 4, false, SL_E_FORMAT, 9},
		{"version 0", "R-2026-000003", 0, 4, false, SL_E_FORMAT, 9},
		{"notice of an older version", "R-2026-000001", 2, 4, true, SL_E_REPLAY, 9},
		{"notice takes all versions", "R-2026-000001", 3, 4, true, SL_OK, 3},
		{"back under its old number", "R-2026-000001", 3, 5, false, SL_E_REPLAY, 3},
		{"back as a new version", "R-2026-000001", 4, 5, false, SL_OK, 6},
	};
	struct world *w = calloc(1, sizeof(*w));

	(void)state;
	begin(w);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct delta_item it =
			rows[i].notice ? notice(rows[i].id, rows[i].version, rows[i].serial)
				       : item(rows[i].id, rows[i].version, rows[i].serial);
		int r = apply(w, &it, 1);

		if (r != rows[i].want || count(w) != rows[i].targets)
			fail_msg("%s: %s, %zu targets", rows[i].name, sl_errname(r), count(w));
	}
	assert_int_equal(count_in(w, "notice-000000"), 1);
	end(w);
}

/* The set still refuses what the feed's head page has forgotten. */
static void remembers_after_a_full_page(void **state)
{
	struct delta_item batch[DELTA_ITEMS_MAX], one = item("R-2026-000001", 1, 1);
	struct world *w = calloc(1, sizeof(*w));
	int64_t serial = 1;
	bool rolled = false;
	char id[32];

	(void)state;
	begin(w);
	for (unsigned round = 0; round < 5; round++) {
		for (unsigned i = 0; i < DELTA_ITEMS_MAX; i++, serial++) {
			(void)snprintf(id, sizeof(id), "R-2026-%06d", (int)serial);
			batch[i] = item(id, 1, serial);
		}
		assert_int_equal(apply(w, batch, DELTA_ITEMS_MAX), SL_OK);
		rolled = rolled || strcmp(w->page, "p000001") == 0;
	}
	assert_true(rolled);
	/* Older pages are no targets: the feed's metadata stays as small as it was. */
	assert_int_equal(count_in(w, "feed"), 2);
	one.serial = serial;
	assert_int_equal(apply(w, &one, 1), SL_E_EXISTS);
	end(w);
}

/* One release touches its own set and the feed, whatever else there is. */
static void a_release_touches_one_set(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct delta_item it;
	struct tuf_meta *rel;
	const json_t *d;

	(void)state;
	begin(w);
	it = item("R-2026-000100", 1, 1);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	it = item("R-2027-000100", 1, 2);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	it = item("R-2026-000099", 1, 3);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	assert_int_equal(version_of(w, "rel"), 3);
	assert_int_equal(version_of(w, "rel-2026"), 2);
	it = item("R-2026-000199", 1, 4);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	assert_int_equal(version_of(w, "rel"), 3);
	assert_int_equal(version_of(w, "rel-2026"), 2);
	assert_int_equal(version_of(w, "rel-2026-0000"), 1);
	assert_int_equal(version_of(w, "rel-2026-0001"), 2);
	assert_int_equal(version_of(w, "rel-2027-0001"), 1);
	assert_int_equal(version_of(w, "feed"), 5);
	/* In order, each with its own pattern. */
	rel = meta_of(w, "rel-2026");
	d = json_arr(json_obj(rel->body, "delegations"), "roles");
	assert_int_equal(json_array_size(d), 2);
	assert_string_equal(json_str(json_array_get(d, 1), "name"), "rel-2026-0001");
	assert_string_equal(
		json_string_value(json_array_get(json_arr(json_array_get(d, 1), "paths"), 0)),
		"rel/R-2026-0001?"
		"?/*/*");
	tuf_free(rel);
	/* A notice touches its item's set and its own; about nothing, only its own. */
	it = notice("R-2026-000199", 1, 5);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	assert_int_equal(version_of(w, "rel-2026-0001"), 3);
	assert_int_equal(version_of(w, "notice-000000"), 1);
	it = notice("R-2030-000001", 1, 6);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	assert_int_equal(at_of(w, "rel-2030-0000"), -1);
	end(w);
}

static void renewal_changes_nothing_else(void **state)
{
	struct casefile *c = calloc(1, sizeof(*c));
	struct world *w = calloc(1, sizeof(*w));
	struct delta_item it = item("R-2026-000100", 1, 1);

	(void)state;
	begin(w);
	assert_int_equal(apply(w, &it, 1), SL_OK);
	c->kind = CASEFILE_REFRESH;
	c->time = 2000000000;
	c->n_renew = 1;
	(void)snprintf(c->renew[0], sizeof(c->renew[0]), "rel-2026-0001");
	assert_int_equal(step(w, c), SL_OK);
	assert_int_equal(version_of(w, "rel-2026-0001"), 2);
	assert_int_equal(version_of(w, "feed"), 2);
	assert_int_equal(count_in(w, "rel-2026-0001"), 3);
	(void)snprintf(c->renew[0], sizeof(c->renew[0]), "rel-2026-0002");
	assert_int_equal(step(w, c), SL_E_NOTFOUND);
	c->n_renew = 0;
	c->renew_all = true;
	assert_int_equal(step(w, c), SL_OK);
	assert_int_equal(version_of(w, "rel-2026-0001"), 3);
	assert_int_equal(version_of(w, "feed"), 3);
	assert_int_equal(version_of(w, "rel"), 3);
	free(c);
	end(w);
}

static void names_of_sets(void **state)
{
	static const struct {
		const char *role, *pattern;
	} rows[] = {
		{"rel-2026-0001", "rel/R-2026-0001?"
				  "?/*/*"},
		{"notice-000000", "notice/N-000???.json"},
		{"notice-000012", "notice/N-012???.json"},
		{"notice-001234", "notice/N-1234???.json"},
		{"notice-1234567", "notice/N-1234567???.json"},
		{"rel-2026", "rel/R-2026-*/*/*"},
		{"rel", NULL},
		{"feed", NULL},
		{"rel-2026-001", NULL},
		{"rel-2026-00x1", NULL},
		{"notice-00001", NULL},
		{"notice-0000012", NULL},
		{"policy", NULL},
	};
	char out[LAYOUT_PATTERN_MAX], name[LAYOUT_ROLE_MAX];

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is = layout_pattern(rows[i].role, out);

		if (is != (rows[i].pattern != NULL) ||
		    (is && strcmp(out, rows[i].pattern) != 0))
			fail_msg("%s: %s", rows[i].role, is ? out : "no set");
	}
	layout_notice_role(999, name);
	assert_string_equal(name, "notice-000000");
	layout_notice_role(12345, name);
	assert_string_equal(name, "notice-000012");
	layout_release_role("R-2026-012345", name);
	assert_string_equal(name, "rel-2026-0123");
}

static void case_goes_there_and_back(void **state)
{
	struct casefile *c = calloc(1, sizeof(*c)), *back = calloc(1, sizeof(*back));
	struct casefile_signature list[2] = {{.role = "feed"}, {.role = "rel-2026-0000"}};
	struct casefile_answer a = {.list = list, .n = 2}, got;
	char name[CASEFILE_NAME + 1];
	int64_t number = 0;
	struct buf b;

	(void)state;
	c->number = 12;
	c->time = 1234;
	c->by = (struct casefile_custodians){.root = 3, .targets = 2, .policy = 7};
	c->kind = CASEFILE_RELEASE;
	c->n_renew = 1;
	(void)snprintf(c->renew[0], sizeof(c->renew[0]), "rel-2026-0007");
	c->n = 1;
	c->items[0].delta = item("R-2026-000001", 1, 1);
	(void)snprintf(c->items[0].draft, sizeof(c->items[0].draft), "D-2026-000001");
	c->items[0].revision = 1;
	buf_init(&b, CASEFILE_MAX);
	assert_int_equal(casefile_write(c, &b), SL_OK);
	assert_int_equal(casefile_parse(b.data, b.len, back, NULL), SL_OK);
	assert_memory_equal(c, back, sizeof(*c));
	/* Keys end with a policy only. */
	c->ended.n = 2;
	memset(c->ended.id[0], 'a', LOG_KEY_ID);
	memset(c->ended.id[1], 'b', LOG_KEY_ID);
	buf_clear(&b);
	assert_int_equal(casefile_write(c, &b), SL_OK);
	assert_int_equal(casefile_parse(b.data, b.len, back, NULL), SL_E_FORMAT);
	c->policy.version = 3;
	memset(c->policy.sha256, 'c', HASH_HEX);
	buf_clear(&b);
	assert_int_equal(casefile_write(c, &b), SL_OK);
	assert_int_equal(casefile_parse(b.data, b.len, back, NULL), SL_OK);
	assert_memory_equal(c, back, sizeof(*c));
	for (size_t cut = 0; cut < b.len; cut++)
		assert_int_not_equal(casefile_parse(b.data, cut, back, NULL), SL_OK);
	buf_clear(&b);
	for (unsigned i = 0; i < 2; i++) {
		memset(list[i].keyid, 'a' + (int)i, KEY_ID_HEX);
		memset(list[i].sig, 'c' + (int)i, 2 * KEY_SIGNATURE);
	}
	assert_int_equal(casefile_answer_write(12, &a, &b), SL_OK);
	assert_int_equal(casefile_answer_parse(b.data, b.len, 12, &got), SL_OK);
	assert_int_equal(got.n, 2);
	assert_memory_equal(got.list, list, sizeof(list));
	casefile_answer_release(&got);
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
		cmocka_unit_test(a_release_touches_one_set),
		cmocka_unit_test(renewal_changes_nothing_else),
		cmocka_unit_test(names_of_sets),
		cmocka_unit_test(case_goes_there_and_back),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
