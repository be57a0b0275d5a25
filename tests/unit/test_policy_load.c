/* test_policy_load.c - a pack with a mistake is refused with file, line and what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/policy.h"

#define HEAD                                                                                   \
	"pack: T\ntitle: test\nrules:\n  - id: T-001\n    severity: S2\n"                      \
	"    title: {en: a, zh: b}\n    message: {en: a, zh: b}\n    basis: x\n"               \
	"    fix: {en: a, zh: b}\n"

static char dir[64];

static int copy_list(const char *name, void *arg)
{
	int *fd = arg; /* source, target */
	struct buf b;
	int r;

	buf_init(&b, 1 << 20);
	r = file_read(fd[0], name, 1 << 20, &b);
	if (r == SL_OK)
		r = file_write_durable(fd[1], name, buf_str(&b), b.len, 0600);
	buf_release(&b);
	return r;
}

static int start(void **state)
{
	char path[128];
	int fd[2];
	int r;

	(void)state;
	if (crypto_start() != SL_OK)
		return -1;
	(void)snprintf(dir, sizeof(dir), "/tmp/sluice-policy-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/packs", dir);
	if (file_mkdirs(path, 0700) != SL_OK)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/lists", dir);
	if (file_mkdirs(path, 0700) != SL_OK)
		return -1;
	fd[0] = file_open_dir(AT_FDCWD, SL_SOURCE_DIR "/policies/lists");
	fd[1] = file_open_dir(AT_FDCWD, path);
	r = file_each(fd[0], 100, copy_list, fd);
	file_close(fd[0]);
	file_close(fd[1]);
	return r;
}

static int stop(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void put(const char *name, const char *text)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, strlen(text), 0600), SL_OK);
}

static int load(struct policy **ret_p, struct sl_why *why)
{
	memset(why, 0, sizeof(*why));
	return policy_load(dir, ret_p, why);
}

static void good_pack(void **state)
{
	struct policy *p = NULL, *q = NULL;
	struct sl_why why;
	struct rule_text t;
	uint8_t digest[32];

	(void)state;
	put("policy.yaml", "version: 7\nname: test\ndate: \"2026-01-01\"\n");
	put("packs/t.yaml", HEAD "    detect:\n      - words: [青禾]\n");
	if (load(&p, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(policy_version(p), 7);
	assert_int_equal(policy_rule_count(p), 1);
	assert_string_equal(policy_rule_id(p, 0), "T-001");
	assert_null(policy_rule_id(p, 1));
	assert_true(policy_rule_text(p, "T-001", &t));
	assert_string_equal(t.message_zh, "b");
	assert_false(policy_rule_text(p, "T-002", &t));
	memcpy(digest, policy_digest(p), sizeof(digest));
	/* The digest follows every byte of every file. */
	put("packs/t.yaml", HEAD "    detect:\n      - words: [青木]\n");
	assert_int_equal(load(&q, &why), SL_OK);
	assert_memory_not_equal(digest, policy_digest(q), sizeof(digest));
	policy_free(q);
	policy_free(p);
}

/* Texts alone: the same digest and severities, and never a clean scan. */
static void texts_only(void **state)
{
	const struct segment s = {.line = 1, .column = 1, .text = "青木", .len = 6};
	const struct scan_context context = {.today = 20000};
	struct policy *p = NULL, *q = NULL;
	struct finding *found = NULL;
	struct sl_why why;
	struct rule_text t;
	bool overflow = false;
	unsigned n = 0;

	(void)state;
	put("packs/t.yaml", HEAD "    detect:\n      - words: [青木]\n");
	assert_int_equal(load(&p, &why), SL_OK);
	assert_int_equal(policy_load_texts(dir, &q, &why), SL_OK);
	assert_memory_equal(policy_digest(p), policy_digest(q), 32);
	assert_true(policy_rule_text(q, "T-001", &t));
	assert_string_equal(t.message_zh, "b");
	assert_int_equal(policy_scan(q, &context, &s, 1, &found, &n, &overflow), SL_E_STATE);
	assert_int_equal(policy_scan(p, &context, &s, 1, &found, &n, &overflow), SL_OK);
	assert_int_equal(n, 1);
	free(found);
	policy_free(q);
	policy_free(p);
}

static void bad_packs(void **state)
{
	static const struct {
		const char *name, *pack, *want1, *want2;
	} rows[] = {
		{"unknown field", HEAD "    detect:\n      - wrods: [x]\n", "t.yaml:11",
		 "wrods"},
		{"no basis", "pack: T\ntitle: t\nrules:\n  - id: T-001\n    severity: S2\n",
		 "t.yaml:5", "title"},
		{"severity",
		 "pack: T\ntitle: t\nrules:\n  - id: T-001\n    severity: S9\n"
		 "    title: {en: a, zh: b}\n    message: {en: a, zh: b}\n    basis: x\n"
		 "    fix: {en: a, zh: b}\n    detect:\n      - words: [x]\n",
		 "t.yaml:5", "S9"},
		{"expression", HEAD "    detect:\n      - regex: ['(a']\n", "t.yaml:11", "(a"},
		{"endless expression", HEAD "    detect:\n      - regex: ['ab*']\n",
		 "t.yaml:11", "have an end"},
		{"empty expression", HEAD "    detect:\n      - regex: ['(ab)?']\n",
		 "t.yaml:11", "at least one byte"},
		{"full-width in expression", HEAD "    detect:\n      - regex: ['（a']\n",
		 "t.yaml:11", "never stands"},
		{"detector", HEAD "    detect:\n      - words: [x]\n        detector: magic\n",
		 "t.yaml:12", "magic"},
		{"list", HEAD "    detect:\n      - words: ['@nobody']\n", "t.yaml:11",
		 "nobody"},
		{"place", HEAD "    detect:\n      - words: [x]\n        where: [cellar]\n",
		 "t.yaml:12", "cellar"},
		{"no trigger", HEAD "    detect:\n      - near: [x]\n", "t.yaml:4",
		 "words, regex, gather or record"},
		{"disguised and too long",
		 HEAD "    detect:\n      - words: [一二三四五六七八九十一二三四五六七]\n"
		      "        disguised: true\n",
		 "t.yaml:11", "too long"},
		{"gathers without a number", HEAD "    detect:\n      - gather: [T-001]\n",
		 "t.yaml:4", "at_least"},
		{"gathers nothing",
		 HEAD "    detect:\n      - gather: [T-009]\n        at_least: 3\n",
		 "t.yaml:11", "does not exist"},
		{"neither detect nor made_by", HEAD, "t.yaml:4", "made_by"},
		{"yields to nobody",
		 HEAD "    detect:\n      - words: [x]\n    yields_to: [T-009]\n", "t.yaml:12",
		 "does not exist"},
		{"invisible word", HEAD "    detect:\n      - words: [\"\\u200B\"]\n",
		 "t.yaml:4", "invisible"},
		{"context too wide",
		 HEAD "    detect:\n      - words: [x]\n        within: 5000\n", "t.yaml:4",
		 "200"},
		{"not YAML", "{{{{", "t.yaml:1", ""},
		{"broken YAML far down", HEAD "    detect:\n      - words: [x\n    basis: y\n",
		 "t.yaml:11", ""},
		{"a key twice", HEAD "    basis: y\n    detect:\n      - words: [x]\n",
		 "t.yaml:10", "basis"},
		{"no Chinese title",
		 "pack: T\ntitle: t\nrules:\n  - id: T-001\n    severity: S2\n"
		 "    title: {en: a}\n    message: {en: a, zh: b}\n    basis: x\n"
		 "    fix: {en: a, zh: b}\n    detect:\n      - words: [x]\n",
		 "t.yaml:6", "zh"},
		{"no English advice",
		 "pack: T\ntitle: t\nrules:\n  - id: T-001\n    severity: S2\n"
		 "    title: {en: a, zh: b}\n    message: {en: a, zh: b}\n    basis: x\n"
		 "    fix: {zh: b}\n    detect:\n      - words: [x]\n",
		 "t.yaml:9", "en"},
		{"record", HEAD "    detect:\n      - record: weather\n", "t.yaml:11",
		 "weather"},
		{"field", HEAD "    detect:\n      - record: lacks\n        fields: [colour]\n",
		 "t.yaml:12", "colour"},
		{"lacks nothing", HEAD "    detect:\n      - record: lacks\n", "t.yaml:4",
		 "fields"},
		{"record and words",
		 HEAD "    detect:\n      - record: reply-due\n        words: [x]\n",
		 "t.yaml:4", "exclude"},
		{"types without record",
		 HEAD "    detect:\n      - words: [x]\n        types: [CT02]\n", "t.yaml:4",
		 "belong to record"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct policy *p = NULL;
		struct sl_why why, text;

		put("packs/t.yaml", rows[i].pack);
		if (load(&p, &why) != SL_E_CONFIG || strstr(why.text, rows[i].want1) == NULL ||
		    strstr(why.text, rows[i].want2) == NULL)
			fail_msg("%s: %s", rows[i].name, why.text);
		assert_null(p);
		/* Whoever needs only the texts refuses it in the same words. */
		text = why;
		if (policy_load_texts(dir, &p, &why) != SL_E_CONFIG ||
		    strcmp(text.text, why.text) != 0)
			fail_msg("%s: %s", rows[i].name, why.text);
		assert_null(p);
	}
}

/* What would make matching or loading endless is refused, in time, with its line. */
static void monstrous_expressions(void **state)
{
	static const char *const rows[] = {
		"(青[^。]{1,100}禾){1,100}",
		"([\\x{4e00}-\\x{9fff}]{1,90}青){1,40}",
		"(((青|禾){1,50}x){1,50}y){1,50}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char pack[1024];
		struct policy *p = NULL;
		struct sl_why why;

		(void)snprintf(pack, sizeof(pack),
			       HEAD "    detect:\n      - words: [x]\n      - regex: ['%s']\n",
			       rows[i]);
		put("packs/t.yaml", pack);
		if (load(&p, &why) != SL_E_CONFIG || strstr(why.text, "t.yaml:12") == NULL)
			fail_msg("%s: %s", rows[i], why.text);
		assert_null(p);
	}
	put("packs/t.yaml", HEAD "    detect:\n      - words: [青禾]\n");
}

/* A mistake in a list is found in the list. */
static void bad_lists(void **state)
{
	static const struct {
		const char *file, *text, *want1, *want2;
	} rows[] = {
		{"surnames", "list: surnames\nabout: x\nwords: [赵,\n  欧阳]\n",
		 "surnames.yaml:4", "one character"},
		{"surnames-two", "list: surnames-two\nabout: x\nwords: [赵]\n",
		 "surnames-two.yaml:3", "two characters"},
		{"typos", "list: leaders\nabout: x\nwords: [x]\n", "typos.yaml:1", "leaders"},
		{"typos", "list: typos\nwords: [x]\n", "typos.yaml:2", "about"},
		{"typos", "list: typos\nabout: x\nwrods: [x]\n", "typos.yaml:3", "wrods"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct policy *p = NULL;
		char name[64], path[160];
		struct buf old;
		struct sl_why why;

		(void)snprintf(name, sizeof(name), "lists/%s.yaml", rows[i].file);
		(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
		buf_init(&old, 1 << 20);
		assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &old), SL_OK);
		put(name, rows[i].text);
		if (load(&p, &why) != SL_E_CONFIG || strstr(why.text, rows[i].want1) == NULL ||
		    strstr(why.text, rows[i].want2) == NULL)
			fail_msg("%s: %s", rows[i].text, why.text);
		assert_null(p);
		put(name, buf_str(&old));
		buf_release(&old);
	}
}

static void double_id(void **state)
{
	struct policy *p = NULL;
	struct sl_why why;

	(void)state;
	put("packs/t.yaml", HEAD "    detect:\n      - words: [青禾]\n");
	put("packs/u.yaml", HEAD "    detect:\n      - words: [青禾]\n");
	assert_int_equal(load(&p, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, "twice"));
	assert_non_null(strstr(why.text, "u.yaml"));
	assert_non_null(strstr(why.text, "t.yaml"));
	put("packs/u.yaml", "pack: U\ntitle: u\nrules: []\n");
	assert_int_equal(load(&p, &why), SL_E_CONFIG);
}

static void missing(void **state)
{
	struct policy *p = NULL;
	struct sl_why why = {{0}};

	(void)state;
	assert_int_equal(policy_load("/nonexistent/policies", &p, &why), SL_E_NOTFOUND);
	assert_non_null(strstr(why.text, "/nonexistent/policies"));
}

static void own_key(void **state)
{
	struct policy *p = NULL;
	struct sl_why why;

	(void)state;
	put("packs/u.yaml",
	    "pack: U\ntitle: u\nrules:\n  - id: U-001\n    severity: S4\n"
	    "    title: {en: a, zh: b}\n    message: {en: a, zh: b}\n    basis: x\n"
	    "    fix: {en: a, zh: b}\n    made_by: type\n");
	put("policy.yaml", "version: 7\nname: test\ndate: \"2026-01-01\"\nhmac_key: abc\n");
	assert_int_equal(load(&p, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, "64 hex digits"));
	put("policy.yaml",
	    "version: 7\nname: test\ndate: \"2026-01-01\"\nhmac_key: "
	    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"\n");
	assert_int_equal(load(&p, &why), SL_OK);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_pack), cmocka_unit_test(texts_only),
		cmocka_unit_test(bad_packs), cmocka_unit_test(monstrous_expressions),
		cmocka_unit_test(bad_lists), cmocka_unit_test(double_id),
		cmocka_unit_test(missing),   cmocka_unit_test(own_key),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
