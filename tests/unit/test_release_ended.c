/* test_release_ended.c - key entries of the release log: releaser and checker agree, or nothing
 * goes out. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "release_kit.h"
#include "trust/tuf_writer.h"

enum { FILE_MAX = 1 << 20, YEAR_S = 365 * 86400 };

#define must(expr) assert_int_equal((expr), SL_OK)

struct world {
	struct kit k;
	struct line line;
	json_t *policy; /* as installed last */
	int64_t metadata;
};

/* ---- the custodians ---- */

static void put(struct world *w, const char *path, const void *bytes, size_t len)
{
	int dir = file_open_dir(AT_FDCWD, w->k.c->repository);

	assert_true(dir >= 0);
	must(tree_put(dir, path, bytes, len));
	file_close(dir);
}

static void put_target(struct world *w, json_t *list, const char *target, const struct buf *b)
{
	char path[DELTA_FILE_MAX], hex[HASH_HEX + 1];
	uint8_t digest[HASH_LEN];

	hash_bytes(b->data, b->len, digest);
	hash_hex(b->data, b->len, hex);
	tuf_target_put(list, target, digest, b->len);
	delta_file_path(target, hex, path);
	put(w, path, b->data, b->len);
}

/* Two of the three sign it. */
static void put_metadata(struct world *w, json_t *list)
{
	json_t *body = tuf_leaf_body(++w->metadata, clock_now() + YEAR_S, list);
	json_t *envelope = tuf_envelope_new(body);
	char path[200];
	struct buf b;

	assert_non_null(envelope);
	for (unsigned i = 1; i <= 2; i++) {
		struct key *key = NULL;

		(void)snprintf(path, sizeof(path), "%s/keys/custodians/policy-%u", w->k.dir, i);
		must(key_load(path, KEY_TUF_POLICY, NULL, &key, NULL));
		must(tuf_add_signature(envelope, key));
		key_free(key);
	}
	buf_init(&b, FILE_MAX);
	must(json_canonical(envelope, &b));
	(void)snprintf(path, sizeof(path), "metadata/%lld.policy.json", (long long)w->metadata);
	put(w, path, b.data, b.len);
	buf_release(&b);
	json_decref(envelope);
	json_decref(body);
}

/* Make w->policy the next version, or sign the same one again. */
static void install(struct world *w, bool same)
{
	json_t *list = json_deep_copy(json_obj(w->k.chain->policy->body, "targets"));
	struct sl_why why = {.text = ""};
	int64_t version = 0;
	char name[64];
	struct buf b;

	buf_init(&b, FILE_MAX);
	assert_true(json_i64(w->policy, "version", &version));
	if (!same)
		assert_int_equal(
			json_object_set_new(w->policy, "version", json_integer(++version)), 0);
	must(json_canonical(w->policy, &b));
	(void)snprintf(name, sizeof(name), "policy/approval-policy-%lld.json",
		       (long long)version);
	put_target(w, list, "policy/approval-policy.json", &b);
	put_target(w, list, name, &b);
	put_metadata(w, list);
	must(file_write_durable(AT_FDCWD, w->k.c->approval_policy, b.data, b.len, 0644));
	if (chain_renew(&w->line.source, clock_now(), &w->k.chain, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&b);
	json_decref(list);
}

/* ---- the world ---- */

static void open_world(struct world *w)
{
	struct sl_why why = {.text = ""};
	struct buf b;

	memset(w, 0, sizeof(*w));
	kit_open(&w->k);
	w->metadata = w->k.chain->policy->version;
	buf_init(&b, FILE_MAX);
	must(file_read(AT_FDCWD, w->k.c->approval_policy, FILE_MAX, &b));
	must(json_parse_signed(b.data, b.len, &w->policy));
	buf_release(&b);
	if (line_open(w->k.c, &w->line, &why) != SL_OK)
		fail_msg("%s", why.text);
	kit_run(&w->k, &w->line);
}

static void close_world(struct world *w)
{
	json_decref(w->policy);
	line_close(&w->line);
	kit_close(&w->k);
}

static json_t *persons(struct world *w)
{
	return json_object_get(w->policy, "persons");
}

static json_t *person(struct world *w, const char *pid)
{
	json_t *p;
	size_t i;

	json_array_foreach(persons(w), i, p)
	{
		if (strcmp(json_str(p, "pid"), pid) == 0)
			return p;
	}
	fail_msg("no person %s", pid);
	return NULL;
}

static json_t *key_new(struct key **ret_k)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], hex[2 * KEY_PUBLIC + 1];

	must(key_generate(KEY_DSSE_REVIEWER, NULL, ret_k));
	clock_format(clock_now() - 86400, from);
	clock_format(clock_now() + YEAR_S, until);
	text_hex(key_public(*ret_k), KEY_PUBLIC, hex);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "from", from, "keyid", key_id(*ret_k),
			 "public", hex, "until", until, "use", "dsse-reviewer");
}

static const char *keyid_of(const json_t *p)
{
	return json_str(json_array_get(json_object_get(p, "keys"), 0), "keyid");
}

static void load_state(struct world *w, struct verify_state *s)
{
	char path[200];
	int dir;

	(void)snprintf(path, sizeof(path), "%s/checker", w->k.c->data);
	dir = file_open_dir(AT_FDCWD, path);
	must(verify_state_load(dir, s));
	file_close(dir);
}

/* What the checker has cosigned, entry by entry from the releaser's tiles; leads to the same
 * root.  One line each: "policy - 2", "key 63d0… 2". */
static void read_log(struct world *w, uint64_t from, struct buf *out)
{
	struct log_dir dir = {.dirfd = w->line.repo->fd, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct merkle_frontier f;
	struct verify_state s;

	load_state(w, &s);
	must(tlog_frontier(&tiles, s.log.tree.size, &f));
	assert_int_equal(f.n, s.log.tree.n);
	assert_memory_equal(f.node, s.log.tree.node, f.n * sizeof(f.node[0]));
	buf_init(out, FILE_MAX);
	for (uint64_t i = from; i < s.log.tree.size; i++) {
		struct log_entry e;
		struct buf b;

		buf_init(&b, LOG_ENTRY_MAX);
		must(tlog_entry(&tiles, i, s.log.tree.size, &b));
		must(log_entry_parse(b.data, b.len, &e));
		buf_putf(out, "%s %s %lld\n", log_kind_name(e.kind), e.id,
			 (long long)e.version);
		if (e.kind == LOG_KEY || e.kind == LOG_POLICY)
			assert_string_equal(e.manifest_sha256, s.log.approval);
		buf_release(&b);
	}
	verify_state_release(&s);
}

static uint64_t log_size(struct world *w)
{
	struct verify_state s;
	uint64_t size;

	load_state(w, &s);
	size = s.log.tree.size;
	verify_state_release(&s);
	return size;
}

static void grown(struct world *w, uint64_t from, const char *want)
{
	struct buf b;

	read_log(w, from, &b);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

/* ---- the tests ---- */

static void each_change_has_its_entries(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char want[400], lost[65], left[65], shorter[65];
	struct key *fresh = NULL;
	uint64_t size;

	(void)state;
	open_world(w);
	/* The first policy ever ends nothing. */
	grown(w, 0, "root - 1\npolicy - 1\n");

	/* The unit leader lost a key and has another; somebody leaves. */
	size = log_size(w);
	(void)snprintf(lost, sizeof(lost), "%s", keyid_of(person(w, "p-03")));
	(void)snprintf(left, sizeof(left), "%s", keyid_of(person(w, "p-11")));
	assert_int_equal(json_array_set_new(json_object_get(person(w, "p-03"), "keys"), 0,
					    key_new(&fresh)),
			 0);
	for (size_t i = 0; i < json_array_size(persons(w)); i++) {
		if (strcmp(json_str(json_array_get(persons(w), i), "pid"), "p-11") == 0)
			assert_int_equal(json_array_remove(persons(w), i), 0);
	}
	install(w, false);
	kit_run(&w->k, &w->line);
	(void)snprintf(want, sizeof(want), "policy - 2\nkey %.24s 2\nkey %.24s 2\n",
		       strcmp(lost, left) < 0 ? lost : left,
		       strcmp(lost, left) < 0 ? left : lost);
	grown(w, size, want);

	/* Signed again, as every half year: a policy entry, no key. */
	size = log_size(w);
	install(w, true);
	kit_run(&w->k, &w->line);
	grown(w, size, "policy - 2\n");

	/* An earlier end, and somebody joins. */
	size = log_size(w);
	(void)snprintf(shorter, sizeof(shorter), "%s", keyid_of(person(w, "p-04")));
	assert_int_equal(json_object_set_new(
				 json_array_get(json_object_get(person(w, "p-04"), "keys"), 0),
				 "until", json_string("2037-01-01T00:00:00Z")),
			 0);
	install(w, false);
	kit_run(&w->k, &w->line);
	grown(w, size, "policy - 3\n"); /* that was a later one */
	size = log_size(w);
	assert_int_equal(json_object_set_new(
				 json_array_get(json_object_get(person(w, "p-04"), "keys"), 0),
				 "until", json_string("2036-12-31T23:59:59Z")),
			 0);
	install(w, false);
	kit_run(&w->k, &w->line);
	(void)snprintf(want, sizeof(want), "policy - 4\nkey %.24s 4\n", shorter);
	grown(w, size, want);
	key_free(fresh);
	close_world(w);
	free(w);
}

/* Versions that nothing was released under: the log compares with what it has itself. */
static void skipped_versions_are_one_change(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char want[200], first[65];
	struct key *a = NULL, *b = NULL;
	uint64_t size;

	(void)state;
	open_world(w);
	size = log_size(w);
	(void)snprintf(first, sizeof(first), "%s", keyid_of(person(w, "p-03")));
	json_array_set_new(json_object_get(person(w, "p-03"), "keys"), 0, key_new(&a));
	install(w, false);
	json_array_set_new(json_object_get(person(w, "p-03"), "keys"), 0, key_new(&b));
	install(w, false);
	kit_run(&w->k, &w->line);
	(void)snprintf(want, sizeof(want), "policy - 3\nkey %.24s 3\n", first);
	grown(w, size, want);
	key_free(a);
	key_free(b);
	close_world(w);
	free(w);
}

/* Everyone at once: 640 keys come and go again in one step. */
static void a_whole_roster_may_end(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct merkle_frontier none;
	unsigned n = 0;
	uint64_t size;
	struct buf b;

	(void)state;
	memset(&none, 0, sizeof(none));
	open_world(w);
	for (unsigned i = 0; i < 40; i++) {
		json_t *keys = json_array();
		char pid[16];

		(void)snprintf(pid, sizeof(pid), "q-%02u", i);
		for (unsigned j = 0; j < 16; j++) {
			struct key *key = NULL;

			json_array_append_new(keys, key_new(&key));
			key_free(key);
		}
		json_array_append_new(persons(w),
				      json_pack("{s:o,s:s,s:[s],s:s}", "keys", keys, "pid", pid,
						"roles", "desk", "unit", "u-01"));
	}
	install(w, false);
	kit_run(&w->k, &w->line);
	size = log_size(w);
	for (unsigned i = 0; i < 40; i++)
		assert_int_equal(json_array_remove(persons(w), json_array_size(persons(w)) - 1),
				 0);
	install(w, false);
	kit_run(&w->k, &w->line);
	read_log(w, size, &b);
	assert_memory_equal(buf_str(&b), "policy - 3\nkey ", 15);
	for (const char *at = buf_str(&b); (at = strstr(at, "key ")) != NULL; at++)
		n++;
	assert_int_equal(n, 640);
	assert_int_equal(log_size(w), size + 641);
	buf_release(&b);
	close_world(w);
	free(w);
}

static int case_dir(struct world *w)
{
	char path[200];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/release/cases/%020lld", w->k.c->data,
		       (long long)repo_number(w->line.repo) + 1);
	fd = file_open_dir(AT_FDCWD, path);
	assert_true(fd >= 0);
	return fd;
}

static void step_until_offered(struct world *w)
{
	enum line_step step = LINE_DID;
	struct sl_why why = {.text = ""};

	for (int i = 0; i < 20 && step != LINE_WAITS; i++) {
		if (line_step(&w->line, clock_now() + w->k.ahead, &step, &why) != SL_OK)
			fail_msg("%s", why.text);
	}
	assert_int_equal(step, LINE_WAITS);
}

/* Whoever owns the releaser would like to hide a key's end, or to make up another. */
static void the_checker_refuses_another_list(void **state)
{
	enum { DROP, ADD, ANOTHER, ORDER, TRIALS };
	struct world *w = calloc(1, sizeof(*w));
	struct key *a = NULL, *b = NULL;
	struct buf good;
	int fd;

	(void)state;
	open_world(w);
	json_array_set_new(json_object_get(person(w, "p-03"), "keys"), 0, key_new(&a));
	json_array_set_new(json_object_get(person(w, "p-04"), "keys"), 0, key_new(&b));
	install(w, false);
	step_until_offered(w);
	fd = case_dir(w);
	buf_init(&good, FILE_MAX);
	must(file_read(fd, "case.json", FILE_MAX, &good));
	for (unsigned trial = DROP; trial < TRIALS; trial++) {
		json_t *j = NULL, *list, *first;
		struct buf changed;

		must(json_parse(good.data, good.len, FILE_MAX, &j));
		list = json_object_get(json_object_get(j, "log"), "ended");
		assert_int_equal(json_array_size(list), 2);
		first = json_incref(json_array_get(list, 0));
		if (trial == DROP || trial == ORDER)
			assert_int_equal(json_array_remove(list, 0), 0);
		if (trial == ADD)
			json_array_append_new(list, json_string("ffffffffffffffffffffffff"));
		if (trial == ANOTHER)
			json_array_set_new(list, 1, json_string("ffffffffffffffffffffffff"));
		if (trial == ORDER)
			json_array_append(list, first);
		buf_init(&changed, FILE_MAX);
		must(json_canonical(j, &changed));
		must(tree_put(fd, "case.json", changed.data, changed.len));
		assert_int_equal(kit_check(&w->k), SL_E_DENIED);
		must(tree_put(fd, "case.json", good.data, good.len));
		assert_int_equal(unlinkat(fd, "refused", 0), 0);
		buf_release(&changed);
		json_decref(first);
		json_decref(j);
	}
	assert_int_equal(kit_check(&w->k), SL_OK);
	kit_run(&w->k, &w->line);
	buf_release(&good);
	file_close(fd);
	key_free(a);
	key_free(b);
	close_world(w);
	free(w);
}

static void forget_approval(struct world *w)
{
	char path[200];
	json_t *j = NULL;
	struct buf b;

	(void)snprintf(path, sizeof(path), "%s/checker/state.json", w->k.c->data);
	buf_init(&b, FILE_MAX);
	must(file_read(AT_FDCWD, path, FILE_MAX, &b));
	must(json_parse_signed(b.data, b.len, &j));
	assert_int_equal(json_object_del(json_object_get(j, "log"), "approval"), 0);
	assert_int_equal(json_object_del(json_object_get(j, "log_before"), "approval"), 0);
	buf_clear(&b);
	must(json_canonical(j, &b));
	must(file_write_durable(AT_FDCWD, path, b.data, b.len, 0600));
	buf_release(&b);
	json_decref(j);
}

/* A memory that an older checker wrote: one case under the policy that is known, and it knows;
 * without that it does not guess. */
static void an_older_memory_learns(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct verify_state s;
	struct kit_draft d;
	char hex[65];

	(void)state;
	open_world(w);
	forget_approval(w);
	load_state(w, &s);
	assert_string_equal(s.log.approval, "");
	verify_state_release(&s);
	kit_approved(&w->k, NULL, &d);
	kit_run(&w->k, &w->line);
	assert_int_equal(kit_state(&w->k, &d), DRAFT_RELEASED);
	load_state(w, &s);
	text_hex(roster_digest(w->k.chain->roster), HASH_LEN, hex);
	assert_string_equal(s.log.approval, hex);
	assert_string_equal(s.log_before.approval, "");
	verify_state_release(&s);

	forget_approval(w);
	install(w, false);
	step_until_offered(w);
	assert_int_equal(kit_check(&w->k), SL_E_STATE);
	close_world(w);
	free(w);
}

/* The old policy is read by its digest: lost or changed, nothing is signed. */
static void the_old_policy_must_be_there(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	enum line_step step;
	struct sl_why why = {.text = ""};
	char hex[65], path[300];
	struct key *a = NULL;
	struct buf b;

	(void)state;
	open_world(w);
	text_hex(roster_digest(w->k.chain->roster), HASH_LEN, hex);
	(void)snprintf(path, sizeof(path), "%s/targets/policy/%s.approval-policy-1.json",
		       w->k.c->repository, hex);
	json_array_set_new(json_object_get(person(w, "p-03"), "keys"), 0, key_new(&a));
	install(w, false);
	buf_init(&b, FILE_MAX);
	must(file_read(AT_FDCWD, path, FILE_MAX, &b));
	step_until_offered(w);
	b.data[100] ^= 1;
	must(file_write_durable(AT_FDCWD, path, b.data, b.len, 0644));
	assert_int_equal(kit_check(&w->k), SL_E_SIGNATURE);
	b.data[100] ^= 1;
	kit_run(&w->k, &w->line); /* refused: made anew later */
	assert_int_equal(unlinkat(AT_FDCWD, path, 0), 0);
	assert_int_equal(line_step(&w->line, clock_now() + LINE_BACKOFF_S + 1, &step, &why),
			 SL_E_NOTFOUND);
	assert_non_null(strstr(why.text, "approval-policy-1.json"));
	must(file_write_durable(AT_FDCWD, path, b.data, b.len, 0644));
	w->k.ahead = LINE_BACKOFF_S + 1;
	kit_run(&w->k, &w->line);
	assert_int_equal(w->line.repo->policy, 2);
	buf_release(&b);
	key_free(a);
	close_world(w);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_has_its_entries),
		cmocka_unit_test(skipped_versions_are_one_change),
		cmocka_unit_test(a_whole_roster_may_end),
		cmocka_unit_test(the_checker_refuses_another_list),
		cmocka_unit_test(an_older_memory_learns),
		cmocka_unit_test(the_old_policy_must_be_there),
	};

	return crypto_start() != SL_OK ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
