/* A ceremony's folder: what is planned, who must sign, what may not be signed or merged. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "keys/ceremony_init.h"
#include "keys/ceremony_roles.h"
#include "trust_kit.h"

enum {
	DAY = 86400,
	ROOTS = 5,
	OTHERS = 3,
	SEED_ROOT = 0x10,
	SEED_TARGETS = 0x20,
	SEED_POLICY = 0x30
};

static char dir[64];
static struct key *root[ROOTS + 1], *targets[OTHERS], *policy[OTHERS], *online[6];
static const char *const online_roles[6] = {"rel",  "rel",	"feed",
					    "feed", "snapshot", "timestamp"};
static const enum key_use online_uses[6] = {KEY_TUF_REL,  KEY_TUF_REL,	    KEY_TUF_FEED,
					    KEY_TUF_FEED, KEY_TUF_SNAPSHOT, KEY_TUF_TIMESTAMP};
static struct buf approval;

static int set_up(void **state)
{
	char *text = kit_policy_text();

	(void)state;
	for (unsigned i = 0; i <= ROOTS; i++)
		root[i] = kit_key(KEY_TUF_ROOT, (uint8_t)(SEED_ROOT + i));
	for (unsigned i = 0; i < OTHERS; i++) {
		targets[i] = kit_key(KEY_TUF_TARGETS, (uint8_t)(SEED_TARGETS + i));
		policy[i] = kit_key(KEY_TUF_POLICY, (uint8_t)(SEED_POLICY + i));
	}
	for (unsigned i = 0; i < 6; i++)
		online[i] = kit_key(online_uses[i], (uint8_t)(0x40 + i));
	buf_init(&approval, JSON_SIGNED_MAX);
	buf_puts(&approval, text);
	free(text);
	return buf_error(&approval);
}

static int tear_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= ROOTS; i++)
		key_free(root[i]);
	for (unsigned i = 0; i < OTHERS; i++) {
		key_free(targets[i]);
		key_free(policy[i]);
	}
	for (unsigned i = 0; i < 6; i++)
		key_free(online[i]);
	buf_release(&approval);
	return 0;
}

static struct ceremony_edit put(const char *role, const struct key *k, bool add)
{
	struct ceremony_edit e = {.role = role, .add = add};

	memcpy(e.key, key_public(k), KEY_PUBLIC);
	return e;
}

static void times(struct ceremony_plan *p)
{
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		p->expires[d] = KIT_NOW + 365 * DAY;
}

static void free_bodies(json_t *body[CEREMONY_DOCS])
{
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		json_decref(body[d]);
}

/* The first ceremony in the folder "first", by five custodians. */
static void plan_first(void)
{
	static const struct ceremony_threshold usual[] = {
		{"root", 3}, {"targets", 2},  {"policy", 2},   {"feed", 2},
		{"rel", 2},  {"snapshot", 1}, {"timestamp", 1}};
	struct ceremony_edit edits[ROOTS + 2 * OTHERS + 6];
	struct ceremony_plan p = {.edit = edits,
				  .threshold = usual,
				  .n_threshold = 7,
				  .approval_policy = &approval,
				  .approval_version = 7};
	json_t *body[CEREMONY_DOCS] = {NULL};
	struct ceremony_base none;
	unsigned n = 0;

	times(&p);
	for (unsigned i = 0; i < ROOTS; i++)
		edits[n++] = put("root", root[i], true);
	for (unsigned i = 0; i < OTHERS; i++) {
		edits[n++] = put("targets", targets[i], true);
		edits[n++] = put("policy", policy[i], true);
	}
	for (unsigned i = 0; i < 6; i++)
		edits[n++] = put(online_roles[i], online[i], true);
	p.n_edit = n;
	assert_int_equal(ceremony_plan(&p, body, NULL), SL_OK);
	ceremony_base_init(&none);
	assert_int_equal(ceremony_base_write("first", &none, body, &approval, NULL, 0, NULL),
			 SL_OK);
	ceremony_base_release(&none);
	free_bodies(body);
}

static void load(const char *name, struct ceremony *c)
{
	struct sl_why why = {.text = ""};

	if (ceremony_load(name, KIT_NOW, c, &why) != SL_OK)
		fail_msg("%s: %s", name, why.text);
}

static int sign(struct ceremony *c, const struct key *k)
{
	unsigned n = 0;

	return ceremony_sign(c, k, KIT_NOW, &n, NULL);
}

/* first/ signed and merged into repo/. */
static void hold_first(void)
{
	struct ceremony *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	plan_first();
	load("first", c);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(sign(c, root[i]), SL_OK);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(sign(c, targets[i]), SL_OK);
		assert_int_equal(sign(c, policy[i]), SL_OK);
	}
	assert_true(ceremony_complete(c));
	assert_int_equal(ceremony_merge(c, "repo", KIT_NOW, NULL), SL_OK);
	ceremony_release(c);
	free(c);
}

static void first_ceremony(void **state)
{
	struct ceremony *c = calloc(1, sizeof(*c)), *again = calloc(1, sizeof(*again));
	char number[HASH_HEX + 1], other[HASH_HEX + 1];
	struct sl_why why = {.text = ""};
	struct buf b;

	(void)state;
	kit_enter(dir);
	plan_first();
	load("first", c);
	buf_init(&b, 1 << 20);
	ceremony_summary(c, CEREMONY_EN, &b);
	assert_non_null(strstr(buf_str(&b), "signatures needed / keys: 3 / 5"));
	assert_int_equal(ceremony_merge(c, "repo", KIT_NOW, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "root: 0 of 3"));
	assert_int_equal(sign(c, root[0]), SL_OK);
	assert_int_equal(sign(c, root[0]), SL_E_EXISTS);
	assert_int_equal(sign(c, root[ROOTS]), SL_E_DENIED); /* a stranger */
	assert_int_equal(sign(c, online[0]), SL_E_DENIED);   /* another use */
	ceremony_number(c, number);
	/* The next custodian, on another computer, reads the same. */
	load("first", again);
	assert_int_equal(again->n_sig, 1);
	ceremony_number(again, other);
	assert_string_equal(number, other);
	assert_false(ceremony_complete(again));
	buf_clear(&b);
	ceremony_tally(again, CEREMONY_EN, &b);
	assert_string_equal(buf_str(&b), "root: 1 of 3 (signed)\ntargets: 0 of 2 (signed)\n"
					 "policy: 0 of 2 (signed)\n");
	buf_release(&b);
	ceremony_release(c);
	ceremony_release(again);
	kit_leave(dir);
	free(c);
	free(again);
}

/* Plan a change of repo/ in the folder `name`; what it comes to. */
static int plan_change(const char *name, struct ceremony_plan *p, json_t *body[CEREMONY_DOCS])
{
	struct ceremony_base base;
	struct sl_why why = {.text = ""};
	int r;

	ceremony_base_init(&base);
	r = ceremony_base_read("repo", NULL, &base, &why);
	if (r != SL_OK)
		fail_msg("%s", why.text);
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		p->old[d] = base.meta[d];
		body[d] = NULL;
	}
	times(p);
	r = ceremony_plan(p, body, NULL);
	if (r == SL_OK)
		r = ceremony_base_write(name, &base, body, p->approval_policy, NULL, 0, NULL);
	ceremony_base_release(&base);
	return r;
}

static void a_change_touches_what_it_must(void **state)
{
	struct ceremony_edit edits[3] = {put("root", root[0], false),
					 put("root", root[ROOTS], true)};
	struct ceremony_threshold t = {"timestamp", 0};
	struct ceremony_plan p = {.edit = edits, .n_edit = 2};
	json_t *body[CEREMONY_DOCS];

	(void)state;
	kit_enter(dir);
	hold_first();
	assert_int_equal(plan_change("root-only", &p, body), SL_OK);
	assert_true(body[0] != NULL && body[1] == NULL && body[2] == NULL);
	free_bodies(body);
	/* Two of three signers of targets.json go: it is signed again. */
	edits[0] = put("targets", targets[0], false);
	edits[1] = put("targets", root[ROOTS], true);
	assert_int_equal(plan_change("targets", &p, body), SL_OK);
	assert_true(body[0] != NULL && body[1] != NULL && body[2] == NULL);
	free_bodies(body);
	edits[0] = put("policy", policy[0], false);
	edits[1] = put("policy", root[ROOTS], true);
	assert_int_equal(plan_change("policy", &p, body), SL_OK);
	assert_true(body[0] == NULL && body[1] != NULL && body[2] != NULL);
	free_bodies(body);

	edits[0] = put("king", root[0], true);
	assert_int_equal(plan_change("x", &p, body), SL_E_USAGE);
	edits[0] = put("root", root[0], true);
	assert_int_equal(plan_change("x", &p, body), SL_E_EXISTS);
	edits[0] = put("root", root[ROOTS], false);
	assert_int_equal(plan_change("x", &p, body), SL_E_NOTFOUND);
	p.n_edit = 0;
	assert_int_equal(plan_change("x", &p, body), SL_E_USAGE); /* nothing asked */
	p.threshold = &t;
	p.n_threshold = 1;
	assert_int_equal(plan_change("x", &p, body), SL_E_DENIED); /* P3 */
	kit_leave(dir);
}

static void old_and_new_custodians_sign_a_root(void **state)
{
	struct ceremony_edit edits[4] = {put("root", root[0], false),
					 put("root", root[1], false),
					 put("root", root[ROOTS], true)};
	struct ceremony_plan p = {.edit = edits, .n_edit = 3};
	struct ceremony *c = calloc(1, sizeof(*c));
	struct tuf_role sets[CEREMONY_SETS];
	json_t *body[CEREMONY_DOCS], *j;
	struct sl_why why = {.text = ""};

	(void)state;
	kit_enter(dir);
	hold_first();
	assert_int_equal(plan_change("second", &p, body), SL_OK);
	free_bodies(body);
	load("second", c);
	assert_int_equal(ceremony_signers(c, CEREMONY_ROOT, sets, NULL), 2);
	assert_true(sets[0].n_keys == 5 && sets[1].n_keys == 4);
	assert_int_equal(sign(c, root[0]), SL_OK);
	assert_int_equal(sign(c, root[1]), SL_OK);
	assert_int_equal(sign(c, root[2]), SL_OK);
	assert_int_equal(ceremony_merge(c, "out", KIT_NOW, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "3 of 3 (old) · 1 of 3 (new)"));
	assert_int_equal(sign(c, root[3]), SL_OK);
	assert_int_equal(sign(c, root[ROOTS]), SL_OK);
	assert_int_equal(ceremony_merge(c, "out", KIT_NOW, &why), SL_OK);
	assert_true(file_exists(AT_FDCWD, "out/metadata/2.root.json"));
	assert_false(file_exists(AT_FDCWD, "out/root.json")); /* platforms have theirs */
	j = ceremony_status_json(c);
	assert_true(json_is_true(json_object_get(j, "complete")));
	json_decref(j);
	ceremony_release(c);
	kit_leave(dir);
	free(c);
}

static void signature_files(void **state)
{
	struct ceremony *c = calloc(1, sizeof(*c));
	struct ceremony_signature s;
	struct buf b;
	char *text;

	(void)state;
	kit_enter(dir);
	plan_first();
	load("first", c);
	assert_int_equal(sign(c, root[0]), SL_OK);
	buf_init(&b, CEREMONY_SIGNATURE_MAX);
	assert_int_equal(ceremony_signature_bytes(&c->sig[0], &b), SL_OK);
	assert_int_equal(ceremony_signature_parse(b.data, b.len, &s, NULL), SL_OK);
	assert_memory_equal(s.sig, c->sig[0].sig, KEY_SIGNATURE);
	text = kit_replace(buf_str(&b), "\"role\":\"root\"", "\"role\":\"feed\"");
	assert_int_equal(ceremony_signature_parse(text, strlen(text), &s, NULL), SL_E_FORMAT);
	free(text);
	text = kit_replace(buf_str(&b), "{\"keyid\":\"", "{\"keyid\":\"0");
	assert_int_equal(ceremony_signature_parse(text, strlen(text), &s, NULL), SL_E_DENIED);
	free(text);
	/* The same again under another file name counts once, and stops everything (P2). */
	kit_write_file("first/signatures/root.again.json", b.data, b.len);
	ceremony_release(c);
	assert_int_equal(ceremony_load("first", KIT_NOW, c, NULL), SL_E_DENIED);
	assert_int_equal(remove("first/signatures/root.again.json"), 0);
	/* What people's computers leave behind is no signature. */
	kit_write_file("first/signatures/Thumbs.db", "x", 1);
	load("first", c);
	assert_int_equal(c->n_sig, 1);
	ceremony_release(c);
	/* Later than what shall be signed lasts. */
	assert_int_equal(ceremony_load("first", KIT_NOW + 366 * DAY, c, NULL), SL_E_EXPIRED);
	assert_int_equal(ceremony_load("nothing", KIT_NOW, c, NULL), SL_E_NOTFOUND);
	buf_release(&b);
	kit_leave(dir);
	free(c);
}

static void groups_of_four(void **state)
{
	char out[CEREMONY_GROUPS + 1];
	enum key_use use;

	(void)state;
	ceremony_groups(key_id(root[0]), out);
	assert_int_equal(strlen(out), CEREMONY_GROUPS);
	assert_true(out[4] == ' ' && out[9] == ' ' && out[79 - 5] == ' ');
	assert_true(ceremony_roles_use("rel", &use) && use == KEY_TUF_REL);
	assert_false(ceremony_roles_use("rel-0", &use));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_ceremony),
		cmocka_unit_test(a_change_touches_what_it_must),
		cmocka_unit_test(old_and_new_custodians_sign_a_root),
		cmocka_unit_test(signature_files),
		cmocka_unit_test(groups_of_four),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, set_up, tear_down) : 1;
}
