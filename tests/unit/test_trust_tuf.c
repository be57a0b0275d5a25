/* TUF metadata as bytes: the worked vector, and every file that must be refused
 * (P1, P2, P3, P8, P13, P17, P20, P22). */
#include <string.h>

#include "base/text.h"
#include "trust/tuf_private.h"
#include "tuf_kit.h"

static const char VECTOR[] =
	"{\"signatures\":[{\"keyid\":"
	"\"63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a6fd18e9235b9\",\"sig\":"
	"\"384986c409707bede7d0ca00222dc85b01cdd75cd700638b78a9484bf95def3f"
	"b1f058605d32bcbd07a56f9d9764086cae71a1dcaf99f61635065f6eca176f01\"}],\"signed\":{\"_"
	"type\":\"timestamp\","
	"\"expires\":\"2030-01-01T00:00:00Z\",\"meta\":{\"snapshot.json\":{\"version\":1}},"
	"\"spec_version\":\"1.0.34\","
	"\"version\":1}}";

static struct tuf_role role_of_keys(const struct key *const *keys, unsigned n,
				    unsigned threshold)
{
	struct tuf_role role = {.name = "test", .threshold = threshold, .n_keys = n};

	for (unsigned i = 0; i < n; i++) {
		memcpy(role.keys[i], key_public(keys[i]), KEY_PUBLIC);
		memcpy(role.keyids[i], key_id(keys[i]), sizeof(role.keyids[i]));
	}
	return role;
}

static void matches_worked_vector(void **state)
{
	struct key *k = kit_vector_key(KEY_TUF_TIMESTAMP),
		   *other = kit_key(KEY_TUF_TIMESTAMP, 1);
	struct tuf_role mine = role_of_keys((const struct key *const[]){k}, 1, 1),
			both = role_of_keys((const struct key *const[]){k, other}, 2, 2);
	struct tuf_meta *m = NULL;
	json_t *envelope, *body;
	struct buf b;

	(void)state;
	assert_int_equal(tuf_parse(VECTOR, strlen(VECTOR), "timestamp", &m, NULL), SL_OK);
	assert_int_equal(tuf_verify(m, &mine, NULL), SL_OK);
	assert_int_equal(tuf_verify(m, &both, NULL), SL_E_SIGNATURE);
	/* Our writer gives the same bytes. */
	body = json_deep_copy(m->body);
	envelope = tuf_envelope_new(body);
	assert_int_equal(tuf_add_signature(envelope, k), SL_OK);
	assert_int_equal(tuf_add_signature(envelope, k), SL_OK);
	buf_init(&b, 10000);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	assert_string_equal(buf_str(&b), VECTOR);
	json_decref(envelope);
	json_decref(body);
	buf_release(&b);
	tuf_free(m);
	tuf_free(NULL);
	key_free(k);
	key_free(other);
}

struct row {
	const char *name, *from, *to;
	int want;
};

static void refuse_all(const char *text, const char *type, const struct row *rows, size_t n)
{
	struct tuf_meta *m = NULL;
	struct sl_why why = {.text = ""};

	if (tuf_parse(text, strlen(text), type, &m, &why) != SL_OK)
		fail_msg("%s: %s", type, why.text);
	tuf_free(m);
	m = NULL;
	for (size_t i = 0; i < n; i++) {
		char *bad = kit_replace(text, rows[i].from, rows[i].to);
		int r = tuf_parse(bad, strlen(bad), type, &m, &why);

		if (r != rows[i].want || m != NULL)
			fail_msg("%s: %d %s", rows[i].name, r, why.text);
		free(bad);
	}
}

static void bad_timestamps_are_refused(void **state)
{
	static const struct row rows[] = {
		{"P13 space", "{\"_type\"", "{ \"_type\"", SL_E_FORMAT},
		{"P13 line end", "34\",\"version\":1}}", "34\",\"version\":1\n}}", SL_E_FORMAT},
		{"P13 escaped", "\"1.0.34\"", "\"1.0.\\u00334\"", SL_E_FORMAT},
		{"P13 trailing", "34\",\"version\":1}}", "34\",\"version\":1}}x", SL_E_FORMAT},
		{"P13 two files", "34\",\"version\":1}}", "34\",\"version\":1}}{}",
		 SL_E_FORMAT},
		{"P13 signed twice", "\"signed\":", "\"signed\":{},\"signed\":", SL_E_FORMAT},
		{"P13 duplicate", "{\"_type\"", "{\"_type\":\"x\",\"_type\"", SL_E_FORMAT},
		{"P13 float", "\"version\":1}}", "\"version\":1.0}}", SL_E_FORMAT},
		{"P13 big", "\"version\":1}}", "\"version\":9007199254740993}}", SL_E_FORMAT},
		{"P13 surrogate", "1.0.34", "\\udc00", SL_E_FORMAT},
		{"other type", "\"timestamp\"", "\"snapshot\"", SL_E_FORMAT},
		{"spec 2", "1.0.34", "2.0.0", SL_E_UNSUPPORTED},
		{"version 0", "\"version\":1}}", "\"version\":0}}", SL_E_FORMAT},
		{"version negative", "\"version\":1}}", "\"version\":-1}}", SL_E_FORMAT},
		{"P17 expires missing", "\"expires\":\"2030-01-01T00:00:00Z\",", "",
		 SL_E_FORMAT},
		{"P17 with offset", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00+00:00",
		 SL_E_FORMAT},
		{"P17 with fraction", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00.0Z",
		 SL_E_FORMAT},
		{"P17 no such day", "2030-01-01T00:00:00Z", "2030-02-30T00:00:00Z",
		 SL_E_FORMAT},
		{"P17 a number", "\"2030-01-01T00:00:00Z\"", "1893456000", SL_E_FORMAT},
		{"unknown beside signed", "\"signed\":", "\"sign\":1,\"signed\":", SL_E_FORMAT},
		{"unknown in signature", "\"sig\":", "\"other\":1,\"sig\":", SL_E_FORMAT},
		{"no snapshot", "snapshot.json", "snapshop.json", SL_E_FORMAT},
		{"two in meta", "{\"snapshot.json\":{\"version\":1}}",
		 "{\"a.json\":{\"version\":1},\"snapshot.json\":{\"version\":1}}", SL_E_FORMAT},
		{"length negative", "{\"version\":1}}", "{\"length\":-1,\"version\":1}}",
		 SL_E_FORMAT},
		{"hashes without sha256", "{\"version\":1}}",
		 "{\"hashes\":{\"md5\":\"00\"},\"version\":1}}", SL_E_FORMAT},
		{"version missing", "{\"version\":1}}", "{}}", SL_E_FORMAT},
	};

	(void)state;
	refuse_all(VECTOR, "timestamp", rows, sizeof(rows) / sizeof(rows[0]));
}

/* What nobody signs may be written otherwise: the file says the same, or names no key. */
static void beside_signed_any_client_is_followed(void **state)
{
	static const struct row rows[] = {
		{"capitals in sig", "384986c4", "384986C4", SL_OK},
		{"blank", "{\"signatures\"", "{ \"signatures\"", SL_OK},
		{"blank before signed", "\"signed\":{", "\"signed\" :\t{", SL_OK},
		{"line end", "1.0.34\",\"version\":1}}", "1.0.34\",\"version\":1}}\n", SL_OK},
		{"escaped", "384986c4", "38\\u0034986c4", SL_OK},
		{"capitals in the key id", "63d00ee3", "63D00EE3", SL_E_SIGNATURE},
		{"no key id", "\"63d00ee3", "\"\\u001b]0;63d00ee3", SL_E_SIGNATURE},
		{"not hex", "384986c4", "384986g4", SL_E_SIGNATURE},
		{"other sig", "384986c4", "384986C5", SL_E_SIGNATURE},
		{"a digit less", "384986c4", "84986c4", SL_E_SIGNATURE},
		{"a digit more", "384986c4", "0384986c4", SL_E_SIGNATURE},
		{"blank in sig", "384986c4", "384986 c4", SL_E_SIGNATURE},
	};
	struct key *k = kit_vector_key(KEY_TUF_TIMESTAMP);
	struct tuf_role mine = role_of_keys((const struct key *const[]){k}, 1, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = kit_replace(VECTOR, rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		struct tuf_meta *m = NULL;

		if (tuf_parse(text, strlen(text), "timestamp", &m, &why) != SL_OK)
			fail_msg("%s: %s", rows[i].name, why.text);
		assert_int_equal(m->length, strlen(text));
		if (tuf_verify(m, &mine, &why) != rows[i].want)
			fail_msg("%s: %s", rows[i].name, why.text);
		tuf_free(m);
		free(text);
	}
	key_free(k);
}

static void p1_p22_repeated_and_garbage_signatures(void **state)
{
	struct key *k = kit_vector_key(KEY_TUF_TIMESTAMP),
		   *other = kit_key(KEY_TUF_TIMESTAMP, 1);
	struct tuf_role mine = role_of_keys((const struct key *const[]){k}, 1, 1),
			two = role_of_keys((const struct key *const[]){k, other}, 2, 2);
	char *garbage = kit_replace(VECTOR, "[{",
				    "[{\"keyid\":\"00000000000000000000000000000000"
				    "00000000000000000000000000000000\",\"sig\":\"zz\"},{"),
	     *twice = kit_replace(
		     VECTOR, "[{",
		     "[{\"keyid\":\"63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a"
		     "6fd18e9235b9\",\"sig\":\"00\"},{");
	struct tuf_meta *m = NULL;
	struct buf b;

	(void)state;
	/* P22: a garbage signature first does not hide the good one. */
	assert_int_equal(tuf_parse(garbage, strlen(garbage), "timestamp", &m, NULL), SL_OK);
	assert_int_equal(tuf_verify(m, &mine, NULL), SL_OK);
	assert_int_equal(tuf_verify(m, &two, NULL), SL_E_SIGNATURE);
	tuf_free(m);
	m = NULL;
	assert_int_equal(tuf_parse(twice, strlen(twice), "timestamp", &m, NULL), SL_E_FORMAT);
	free(garbage);
	free(twice);
	/* P22: thousands of them. */
	buf_init(&b, 1 << 20);
	buf_puts(&b, "{\"signatures\":[");
	for (unsigned i = 0; i < 100; i++)
		buf_putf(&b, "%s{\"keyid\":\"%064x\",\"sig\":\"\"}", i == 0 ? "" : ",", i);
	buf_puts(&b, strstr(VECTOR, "],\"signed\""));
	assert_int_equal(tuf_parse(b.data, b.len, "timestamp", &m, NULL), SL_E_LIMIT);
	buf_clear(&b);
	(void)buf_extend(&b, TUF_TIMESTAMP_MAX + 1);
	assert_int_equal(tuf_parse(b.data, b.len, "timestamp", &m, NULL), SL_E_LIMIT);
	buf_release(&b);
	key_free(k);
	key_free(other);
}

/* Two signatures by one raw key under two ids cannot happen: ids are recomputed. */
static void p2_p3_bad_roots_are_refused(void **state)
{
	static const char head[] = "\"root\":{\"keyids\":[\"";
	char *keyids = NULL, *dup = NULL, *entry = NULL, *wrong = NULL;
	struct tuf_meta *m = NULL;
	struct tuf_role role;
	struct repo r;
	const char *text, *id;

	(void)state;
	repo_init(&r);
	text = repo_text(&r, "1.root.json");
	id = strstr(text, head);
	assert_non_null(id);
	id += sizeof(head) - 1;
	assert_true(asprintf(&keyids, "%s%.64s", head, id) > 0);
	assert_true(asprintf(&dup, "%s%.64s\",\"%.64s", head, id, id) > 0);
	assert_true(asprintf(&entry, "\"%.64s\":{\"keytype\"", id) > 0);
	assert_true(asprintf(&wrong, "\"%.64s\":{\"extra\":1,\"keytype\"", id) > 0);
	{
		const struct row rows[] = {
			{"P1 key id twice in a role", keyids, dup, SL_E_FORMAT},
			{"P2 id of another key", "\"root\":{\"keyids\":[\"",
			 "\"root\":{\"keyids\":[\"0", SL_E_FORMAT},
			{"P3 threshold 0", "\"threshold\":2", "\"threshold\":0", SL_E_DENIED},
			{"P3 threshold negative", "\"threshold\":2", "\"threshold\":-1",
			 SL_E_DENIED},
			{"P3 threshold too high", "\"threshold\":2", "\"threshold\":4",
			 SL_E_DENIED},
			{"P3 threshold text", "\"threshold\":2", "\"threshold\":\"2\"",
			 SL_E_FORMAT},
			{"P3 threshold missing", ",\"threshold\":2", "", SL_E_FORMAT},
			{"extra field in a key", entry, wrong, SL_E_FORMAT},
			{"key type", "\"keytype\":\"ed25519\"", "\"keytype\":\"rsa\"",
			 SL_E_UNSUPPORTED},
			{"public not hex", "\"public\":\"", "\"public\":\"zz", SL_E_FORMAT},
			{"role missing", "\"timestamp\":{", "\"timestamq\":{", SL_E_NOTFOUND},
			{"extra role", "\"roles\":{", "\"roles\":{\"mirrors\":{},",
			 SL_E_FORMAT},
			{"consistent_snapshot", "\"consistent_snapshot\":true",
			 "\"consistent_snapshot\":1", SL_E_FORMAT},
		};

		refuse_all(text, "root", rows, sizeof(rows) / sizeof(rows[0]));
	}
	free(keyids);
	free(dup);
	free(entry);
	free(wrong);
	assert_int_equal(tuf_parse(text, strlen(text), "root", &m, NULL), SL_OK);
	assert_int_equal(tuf_role_of_root(m, "root", &role, NULL), SL_OK);
	assert_true(role.threshold == 2 && role.n_keys == 3);
	assert_int_equal(tuf_verify(m, &role, NULL), SL_OK);
	assert_int_equal(tuf_role_of_root(m, "mirrors", &role, NULL), SL_E_NOTFOUND);
	tuf_free(m);
	repo_release(&r);
}

static void p20_small_order_key_in_root_is_refused(void **state)
{
	uint8_t zero[1][KEY_PUBLIC] = {{0}};
	const struct tuf_role_spec roles[] = {
		{"root", 1, (const uint8_t(*)[KEY_PUBLIC])zero, 1},
		{"targets", 1, (const uint8_t(*)[KEY_PUBLIC])zero, 1},
		{"snapshot", 1, (const uint8_t(*)[KEY_PUBLIC])zero, 1},
		{"timestamp", 1, (const uint8_t(*)[KEY_PUBLIC])zero, 1},
	};
	json_t *body = tuf_root_body(1, KIT_NOW, roles, 4), *e = tuf_envelope_new(body);
	struct tuf_meta *m = NULL;
	struct buf b;

	(void)state;
	buf_init(&b, 10000);
	assert_int_equal(json_canonical(e, &b), SL_OK);
	assert_int_equal(tuf_parse(b.data, b.len, "root", &m, NULL), SL_E_DENIED);
	assert_null(tuf_root_body(1, KIT_NOW, roles, 3));
	buf_release(&b);
	json_decref(e);
	json_decref(body);
}

static void bad_targets_are_refused(void **state)
{
	static const struct row rows[] = {
		{"P8 role named root", "\"name\":\"policy\"", "\"name\":\"root\"", SL_E_FORMAT},
		{"P8 role named timestamp", "\"name\":\"policy\"", "\"name\":\"timestamp\"",
		 SL_E_FORMAT},
		{"role twice", "\"name\":\"policy\"", "\"name\":\"feed\"", SL_E_FORMAT},
		{"empty role name", "\"name\":\"policy\"", "\"name\":\"\"", SL_E_FORMAT},
		{"terminating missing", "\"terminating\":true,", "", SL_E_FORMAT},
		{"paths and prefixes", "\"paths\":[\"policy/*\"]",
		 "\"path_hash_prefixes\":[\"0\"],\"paths\":[\"policy/*\"]", SL_E_FORMAT},
		{"neither", "\"paths\":[\"policy/*\"],", "", SL_E_FORMAT},
		{"brackets", "policy/*", "policy/[a-z]", SL_E_FORMAT},
		{"many stars", "policy/*", "*a*a*a*a*a*", SL_E_FORMAT},
		{"prefix not hex", "\"paths\":[\"rel/*/*/*\"]",
		 "\"path_hash_prefixes\":[\"g\"]", SL_E_FORMAT},
		{"target without hash", "\"targets\":{}", "\"targets\":{\"a\":{\"length\":1}}",
		 SL_E_FORMAT},
		{"target length", "\"targets\":{}",
		 "\"targets\":{\"a\":{\"hashes\":{\"sha256\":"
		 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaa\"},\"length\":-1}}",
		 SL_E_FORMAT},
		{"no targets", "\"targets\":{}", "\"targets\":[]", SL_E_FORMAT},
		{"P3 threshold", "\"threshold\":1", "\"threshold\":0", SL_E_DENIED},
	};
	struct repo r;

	(void)state;
	repo_init(&r);
	refuse_all(repo_text(&r, "1.targets.json"), "targets", rows,
		   sizeof(rows) / sizeof(rows[0]));
	repo_release(&r);
}

/* A member that sorts before "_type" takes the signed bytes out of TUF's prefix. */
static void p12_prefix_is_checked_on_verify(void **state)
{
	char *odd = kit_replace(VECTOR, "{\"_type\"", "{\"A\":1,\"_type\"");
	struct key *k = kit_vector_key(KEY_TUF_TIMESTAMP);
	struct tuf_role mine = role_of_keys((const struct key *const[]){k}, 1, 1);
	struct tuf_meta *m = NULL;
	json_t *e;

	(void)state;
	assert_int_equal(tuf_parse(odd, strlen(odd), "timestamp", &m, NULL), SL_OK);
	assert_int_equal(tuf_verify(m, &mine, NULL), SL_E_FORMAT);
	e = json_deep_copy(m->json);
	assert_int_equal(tuf_add_signature(e, k), SL_E_DENIED);
	json_decref(e);
	tuf_free(m);
	free(odd);
	key_free(k);
}

static void patterns_do_not_cross_directories(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool want;
	} rows[] = {
		{"feed/*", "feed/head.json", true},
		{"feed/*", "feed/a/b", false},
		{"feed/*", "feed/", true},
		{"feed/*", "food/x", false},
		{"*", "a", true},
		{"*", "a/b", false},
		{"*/*", "a/b", true},
		{"*/*", "a/b/c", false},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"a*c*e", "abcde", true},
		{"a*c*e", "abcdf", false},
		{"", "", true},
		{"a", "", false},
		{"", "a", false},
		{"*.txt", "x.txt.gz", false},
		{"**", "abc", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (tuf_path_match(rows[i].pattern, rows[i].path) != rows[i].want)
			fail_msg("%s %s", rows[i].pattern, rows[i].path);
	}
}

static void p8_target_paths(void **state)
{
	static const struct {
		const char *path;
		bool want;
	} rows[] = {
		{"a", true},	  {"rel/R-2026-000123/2/manifest.json", true},
		{"", false},	  {"/etc/passwd", false},
		{"a//b", false},  {"a/", false},
		{"../a", false},  {"a/../b", false},
		{"a/./b", false}, {"a/..", false},
		{"a\\b", false},  {"a\nb", false},
		{"..a", true},	  {"\xff", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (tuf_target_path_ok(rows[i].path) != rows[i].want)
			fail_msg("%s", rows[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_worked_vector),
		cmocka_unit_test(bad_timestamps_are_refused),
		cmocka_unit_test(beside_signed_any_client_is_followed),
		cmocka_unit_test(p1_p22_repeated_and_garbage_signatures),
		cmocka_unit_test(p2_p3_bad_roots_are_refused),
		cmocka_unit_test(p20_small_order_key_in_root_is_refused),
		cmocka_unit_test(bad_targets_are_refused),
		cmocka_unit_test(p12_prefix_is_checked_on_verify),
		cmocka_unit_test(patterns_do_not_cross_directories),
		cmocka_unit_test(p8_target_paths),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
