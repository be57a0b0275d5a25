/* Keys: worked vectors, files, and what a key refuses to sign or be (P12, P20, P21). */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key_private.h"
#include "trust_kit.h"

static const struct key_kdf weak = {1u << 15, 16u << 20};

static void matches_worked_vectors(void **state)
{
	static const char body[] =
		"{\"_type\":\"timestamp\",\"expires\":\"2030-01-01T00:00:00Z\",\"meta\":"
		"{\"snapshot.json\":{\"version\":1}},\"spec_version\":\"1.0.34\",\"version\":"
		"1}";
	struct key *k = kit_vector_key(KEY_TUF_TIMESTAMP);
	uint8_t sig[KEY_SIGNATURE];
	char hex[2 * KEY_SIGNATURE + 1];

	(void)state;
	text_hex(key_public(k), KEY_PUBLIC, hex);
	assert_string_equal(hex,
			    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
	assert_string_equal(key_id(k),
			    "63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a6fd18e9235b9");
	key_sign(k, body, sizeof(body) - 1, sig);
	text_hex(sig, sizeof(sig), hex);
	assert_string_equal(hex,
			    "384986c409707bede7d0ca00222dc85b01cdd75cd700638b78a9484bf95def3f"
			    "b1f058605d32bcbd07a56f9d9764086cae71a1dcaf99f61635065f6eca176f01");
	assert_int_equal(key_verify(key_public(k), body, sizeof(body) - 1, sig), SL_OK);
	sig[0] ^= 1;
	assert_int_equal(key_verify(key_public(k), body, sizeof(body) - 1, sig),
			 SL_E_SIGNATURE);
	key_free(k);
	key_free(NULL);
}

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void p12_log_key_signs_only_checkpoints(void **state)
{
	static const struct {
		const char *name, *text;
		bool may;
	} rows[] = {
		{"checkpoint", "outlet.example/log\n0\n" ROOT "\n", true},
		{"origin in Chinese", "\xe6\x9c\xba\xe6\x9e\x84/log\n12\n" ROOT "\n", true},
		{"no origin", "\n0\n" ROOT "\n", false},
		{"no end", "o\n0\n" ROOT, false},
		{"extension line", "o\n0\n" ROOT "\nmore\n", false},
		{"second empty line", "o\n0\n" ROOT "\n\n", false},
		{"two lines", "o\n" ROOT "\n", false},
		{"leading zero", "o\n00\n" ROOT "\n", false},
		{"no number", "o\n-1\n" ROOT "\n", false},
		{"beyond 63 bits", "o\n9223372036854775808\n" ROOT "\n", false},
		{"stray bits", "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", false},
		{"short root", "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS\n", false},
		{"control character", "o\x01\n0\n" ROOT "\n", false},
		{"envelope", "DSSEv1 1 x 50 \n0\n" ROOT "\n", false},
		{"metadata", "{\"_type\"\n0\n" ROOT "\n", false},
		{"request", "sluice-request/1\n0\n" ROOT "\n", false},
		{"reply", "sluice-reply/1\n0\n" ROOT "\n", false},
		{"cosignature", "cosignature/v1\n0\n" ROOT "\n", false},
		{"sshsig", "SSHSIG\n0\n" ROOT "\n", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (key_may_sign(KEY_LOG, rows[i].text, strlen(rows[i].text)) != rows[i].may)
			fail_msg("%s", rows[i].name);
	}
}

static void p12_key_signs_only_its_format(void **state)
{
	static const char *const formats[] = {"{\"_type\":1}",
					      "DSSEv1 1 x 1 y",
					      "sluice-request/1\nx",
					      "sluice-reply/1\nx",
					      "cosignature/v1\nx",
					      "outlet.example/log\n7\n" ROOT "\n",
					      "SSHSIG\n",
					      "",
					      "{}",
					      "DSSEv1"};
	/* one letter for each format above: y may, - may not */
	static const char *const rules[KEY_USE_COUNT] = {
		[KEY_TUF_ROOT] = "y---------",
		[KEY_TUF_TARGETS] = "y---------",
		[KEY_TUF_POLICY] = "y---------",
		[KEY_TUF_REL] = "y---------",
		[KEY_TUF_FEED] = "y---------",
		[KEY_TUF_SNAPSHOT] = "y---------",
		[KEY_TUF_TIMESTAMP] = "y---------",
		[KEY_DSSE_GATEWAY] = "-y--------",
		[KEY_DSSE_INSPECTOR] = "-y--------",
		[KEY_DSSE_AUTHOR] = "-yy-------",
		[KEY_DSSE_REVIEWER] = "-yy-------",
		[KEY_SEAL] = "----------",
		[KEY_LINK] = "----------",
		[KEY_DESK] = "---y------",
		[KEY_LOG] = "-----y----",
		[KEY_WITNESS] = "----y-----",
		[KEY_LINK_MAC] = "----------",
	};

	(void)state;
	for (unsigned u = 0; u < KEY_USE_COUNT; u++) {
		enum key_use back;

		for (unsigned f = 0; rules[u][f] != '\0'; f++) {
			if (key_may_sign((enum key_use)u, formats[f], strlen(formats[f])) !=
			    (rules[u][f] == 'y'))
				fail_msg("%s: %s", key_use_name((enum key_use)u), formats[f]);
		}
		assert_int_equal(key_use_from_name(key_use_name((enum key_use)u), &back),
				 SL_OK);
		assert_int_equal(back, u);
	}
	assert_int_equal(key_use_from_name("root", &(enum key_use){0}), SL_E_NOTFOUND);
}

static void p12_signing_another_format_is_a_bug(void **state)
{
	struct key *k = kit_key(KEY_TUF_ROOT, 1);
	uint8_t sig[KEY_SIGNATURE];
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct rlimit none = {0, 0};

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)signal(SIGABRT, SIG_DFL);
		(void)close(2);
		key_sign(k, "DSSEv1 ", 7, sig);
		_exit(0);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	key_free(k);
}

static void p20_weak_public_keys_are_refused(void **state)
{
	static const struct {
		const char *name, *hex;
		enum key_use use;
		bool want;
	} rows[] = {
		{"good", "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
		 KEY_TUF_ROOT, true},
		{"zero, order 4",
		 "0000000000000000000000000000000000000000000000000000000000000000",
		 KEY_TUF_ROOT, false},
		{"identity", "0100000000000000000000000000000000000000000000000000000000000000",
		 KEY_TUF_ROOT, false},
		{"order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		 KEY_DSSE_AUTHOR, false},
		{"not canonical",
		 "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		 KEY_TUF_ROOT, false},
		{"not on the curve",
		 "0200000000000000000000000000000000000000000000000000000000000000",
		 KEY_TUF_ROOT, false},
		{"box zero", "0000000000000000000000000000000000000000000000000000000000000000",
		 KEY_SEAL, false},
		{"box one", "0100000000000000000000000000000000000000000000000000000000000000",
		 KEY_LINK, false},
		{"box base", "0900000000000000000000000000000000000000000000000000000000000000",
		 KEY_SEAL, true},
	};
	uint8_t pub[KEY_PUBLIC], sig[KEY_SIGNATURE] = {0};

	(void)state;
	/* Twice: an answer that is remembered is the same answer, and only for that key. */
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		size_t row = i / 2;

		assert_true(text_unhex(rows[row].hex, 64, pub, sizeof(pub)));
		if (key_public_ok_for(rows[row].use, pub) != rows[row].want)
			fail_msg("%s", rows[row].name);
		if (rows[row].want && rows[row].use == KEY_TUF_ROOT) {
			pub[KEY_PUBLIC - 1] ^= 1; /* the same place in the table */
			if (key_public_ok_for(rows[row].use, pub))
				pub[KEY_PUBLIC - 1] ^= 3; /* a point too: the next is not */
			assert_false(key_public_ok_for(rows[row].use, pub));
			continue;
		}
		if (!rows[row].want)
			assert_int_equal(key_verify(pub, "", 0, sig), SL_E_SIGNATURE);
	}
}

static void writes_and_loads(void **state)
{
	static const enum key_use uses[] = {KEY_DSSE_REVIEWER, KEY_SEAL, KEY_TUF_ROOT};
	char dir[64];

	(void)state;
	kit_enter(dir);
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		struct key *k = kit_key(uses[i], 3), *back = NULL;
		struct sl_why why = {.text = ""};
		uint8_t pub[KEY_PUBLIC];
		enum key_use use;
		struct stat st;

		assert_int_equal(key_write(k, key_use_name(uses[i]), NULL), SL_OK);
		assert_int_equal(key_write(k, key_use_name(uses[i]), NULL), SL_E_EXISTS);
		assert_int_equal(stat(key_use_name(uses[i]), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		if (key_load(key_use_name(uses[i]), uses[i], NULL, &back, &why) != SL_OK)
			fail_msg("%s", why.text);
		assert_string_equal(key_id(back), key_id(k));
		assert_int_equal(key_get_use(back), uses[i]);
		assert_memory_equal(back->secret, k->secret, KEY_SECRET);
		key_free(back);
		assert_int_equal(key_load(key_use_name(uses[i]), KEY_DESK, NULL, &back, &why),
				 SL_E_DENIED);
		key_free(k);
		if (i == 0) {
			assert_int_equal(key_read_public("dsse-reviewer.pub", pub, &use, &why),
					 SL_OK);
			assert_int_equal(use, KEY_DSSE_REVIEWER);
		}
	}
	assert_int_equal(key_load("none", KEY_DESK, NULL, &(struct key *){NULL}, NULL),
			 SL_E_NOTFOUND);
	kit_leave(dir);
}

static void p21_readable_or_linked_file_is_refused(void **state)
{
	static const char long_text[KEY_TEXT_MAX] = "untrusted comment: ";
	struct key *k = kit_key(KEY_DESK, 4), *back = NULL;
	struct sl_why why = {.text = ""};
	char dir[64];

	(void)state;
	kit_enter(dir);
	assert_int_equal(key_write(k, "k", NULL), SL_OK);
	assert_int_equal(chmod("k", 0640), 0);
	assert_int_equal(key_load("k", KEY_DESK, NULL, &back, &why), SL_E_DENIED);
	assert_int_equal(chmod("k", 0604), 0);
	assert_int_equal(key_load("k", KEY_DESK, NULL, &back, &why), SL_E_DENIED);
	assert_int_equal(chmod("k", 0600), 0);
	assert_int_equal(symlink("k", "l"), 0);
	assert_true(key_load("l", KEY_DESK, NULL, &back, &why) < 0);
	assert_int_equal(mkfifo("f", 0600), 0);
	assert_int_equal(key_load("f", KEY_DESK, NULL, &back, &why), SL_E_DENIED);
	(void)unlink("k");
	kit_write_file("k", long_text, sizeof(long_text));
	assert_int_equal(key_load("k", KEY_DESK, NULL, &back, &why), SL_E_LIMIT);
	assert_null(back);
	key_free(k);
	kit_leave(dir);
}

static int say_right(const char *path, char *out, size_t cap)
{
	(void)path;
	(void)snprintf(out, cap, "correct horse");
	return SL_OK;
}
static int say_wrong(const char *path, char *out, size_t cap)
{
	(void)path;
	(void)snprintf(out, cap, "battery staple");
	return SL_OK;
}
static int say_nothing(const char *path, char *out, size_t cap)
{
	(void)path;
	(void)out;
	(void)cap;
	return SL_E_CANCELED;
}

static void passphrase_and_work_factors(void **state)
{
	static const struct {
		const char *name;
		struct key_kdf least;
		int (*ask)(const char *, char *, size_t);
		int want;
	} rows[] = {
		{"right", {1u << 15, 16u << 20}, say_right, SL_OK},
		{"wrong", {1u << 15, 16u << 20}, say_wrong, SL_E_DENIED},
		{"no answer", {1u << 15, 16u << 20}, say_nothing, SL_E_CANCELED},
		{"nobody to ask", {1u << 15, 16u << 20}, NULL, SL_E_DENIED},
		{"too weak: time", {1u << 16, 16u << 20}, say_right, SL_E_DENIED},
		{"too weak: memory", {1u << 15, 64u << 20}, say_right, SL_E_DENIED},
	};
	struct key *k = kit_key(KEY_DSSE_AUTHOR, 5);
	struct buf text;

	(void)state;
	buf_init(&text, KEY_TEXT_MAX);
	assert_int_equal(key_file_encode(k, "correct horse", &weak, &text), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct key *back = NULL;
		int r = key_file_decode(buf_str(&text), text.len, KEY_DSSE_AUTHOR,
					&rows[i].least, "k", rows[i].ask, &back, NULL);

		if (r != rows[i].want)
			fail_msg("%s: %d", rows[i].name, r);
		if (r == SL_OK)
			assert_string_equal(key_id(back), key_id(k));
		key_free(back);
	}
	buf_wipe(&text);
	key_free(k);
}

static void default_work_factors_are_accepted(void **state)
{
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 7), *back = NULL;
	char dir[64];

	(void)state;
	kit_enter(dir);
	assert_int_equal(key_write(k, "k", "correct horse"), SL_OK);
	assert_int_equal(key_load("k", KEY_DSSE_REVIEWER, say_right, &back, NULL), SL_OK);
	assert_string_equal(key_id(back), key_id(k));
	key_free(back);
	key_free(k);
	kit_leave(dir);
}

/* The file says how much memory to use: a terabyte must be refused before it is tried. */
static void greedy_work_factors_are_refused(void **state)
{
	static const struct key_kdf greedy[] = {{UINT64_C(1) << 27, 64u << 20},
						{1u << 22, UINT64_C(1) << 40}};
	struct key *k = kit_key(KEY_DSSE_AUTHOR, 5), *back = NULL;
	struct buf text, raw, again;
	const char *line;

	(void)state;
	buf_init(&text, KEY_TEXT_MAX);
	buf_init(&raw, KEY_TEXT_MAX);
	buf_init(&again, KEY_TEXT_MAX);
	assert_int_equal(key_file_encode(k, "x", &weak, &text), SL_OK);
	line = strchr(buf_str(&text), '\n') + 1;
	assert_int_equal(base64_get(line, strlen(line) - 1, &raw), SL_OK);
	for (size_t i = 0; i < 2; i++) {
		uint64_t values[2] = {greedy[i].ops,
				      greedy[i].mem}; /* tests run on little-endian hosts */

		memcpy(raw.data + 38, values, 16);
		buf_clear(&again);
		buf_put(&again, text.data, (size_t)(line - buf_str(&text)));
		base64_put(&again, raw.data, raw.len);
		buf_puts(&again, "\n");
		assert_int_equal(key_file_decode(buf_str(&again), again.len, KEY_DSSE_AUTHOR,
						 &weak, "k", say_right, &back, NULL),
				 SL_E_LIMIT);
	}
	buf_wipe(&text);
	buf_wipe(&raw);
	buf_wipe(&again);
	key_free(k);
}

static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
		int want;
	} rows[] = {
		{"other use in the comment", "use=desk ", "use=log ", SL_E_DENIED},
		{"no such use", "use=desk ", "use=king ", SL_E_FORMAT},
		{"other comment", "untrusted comment: sluice", "untrusted comment: minisign",
		 SL_E_FORMAT},
		{"public instead of secret", "secret key", "public key", SL_E_FORMAT},
		{"bad base64", "\nRW", "\nR!", SL_E_FORMAT},
		{"other algorithm", "\nRWQA", "\nWDIA", SL_E_FORMAT},
	};
	struct key *k = kit_key(KEY_DESK, 6), *back = NULL;
	struct buf text;
	char *bad;
	int r;

	(void)state;
	buf_init(&text, KEY_TEXT_MAX);
	assert_int_equal(key_file_encode(k, NULL, NULL, &text), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bad = kit_replace(buf_str(&text), rows[i].from, rows[i].to);
		r = key_file_decode(bad, strlen(bad), KEY_DESK, &weak, "k", NULL, &back, NULL);
		if (r != rows[i].want)
			fail_msg("%s: %d", rows[i].name, r);
		free(bad);
	}
	/* Claiming another use in the comment fails even when that use is asked for. */
	bad = kit_replace(buf_str(&text), "use=desk ", "use=tuf-root ");
	assert_int_equal(
		key_file_decode(bad, strlen(bad), KEY_TUF_ROOT, &weak, "k", NULL, &back, NULL),
		SL_E_CORRUPT);
	free(bad);
	/* One flipped bit anywhere in the line never loads. */
	for (size_t i = 0; i < text.len; i += 7) {
		text.data[i] ^= 1;
		if (key_file_decode(buf_str(&text), text.len, KEY_DESK, &weak, "k", NULL, &back,
				    NULL) == SL_OK)
			fail_msg("byte %zu", i);
		text.data[i] ^= 1;
	}
	for (size_t len = 0; len < text.len; len += 5)
		assert_true(key_file_decode(buf_str(&text), len, KEY_DESK, &weak, "k", NULL,
					    &back, NULL) < 0);
	buf_wipe(&text);
	key_free(k);
}

static void public_files_are_checked(void **state)
{
	struct key *k = kit_key(KEY_DESK, 6);
	uint8_t pub[KEY_PUBLIC];
	enum key_use use;
	char dir[64], *bad;
	struct buf text;

	(void)state;
	kit_enter(dir);
	buf_init(&text, KEY_TEXT_MAX);
	assert_int_equal(key_write(k, "k", NULL), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, "k.pub", KEY_TEXT_MAX, &text), SL_OK);
	assert_int_equal(key_file_decode_public(buf_str(&text), text.len, pub, &use, NULL),
			 SL_OK);
	assert_memory_equal(pub, key_public(k), KEY_PUBLIC);
	bad = kit_replace(buf_str(&text), "use=desk ", "use=log ");
	assert_int_equal(key_file_decode_public(bad, strlen(bad), pub, &use, NULL),
			 SL_E_CORRUPT);
	free(bad);
	bad = kit_replace(buf_str(&text), "\nRW", "\nRX");
	assert_int_equal(key_file_decode_public(bad, strlen(bad), pub, &use, NULL),
			 SL_E_FORMAT);
	free(bad);
	assert_int_equal(key_read_public("k", pub, &use, NULL), SL_E_FORMAT);
	assert_int_equal(key_read_public("nothing", pub, &use, NULL), SL_E_NOTFOUND);
	buf_release(&text);
	key_free(k);
	kit_leave(dir);
}

static void minisign_accepts_ours(void **state)
{
	static const char *const verify[] = {"minisign", "-VHm", "file", "-p", "k.pub", NULL},
				 *const sign[] = {"minisign", "-SHm", "file",	"-s",
						  "k",	      "-x",   "theirs", NULL},
				 *const check[] = {"minisign", "-VHm", "file",	 "-p",
						   "k.pub",    "-x",   "theirs", NULL},
				 *const box[] = {"minisign", "-VHm",  "file",
						 "-p",	     "s.pub", NULL};
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 8), *s = kit_key(KEY_SEAL, 8);
	struct buf sig;
	char dir[64];
	int r;

	(void)state;
	kit_enter(dir);
	buf_init(&sig, KEY_TEXT_MAX);
	kit_write_file("file", "some bytes\n", 11);
	assert_int_equal(key_write(k, "k", NULL), SL_OK);
	assert_int_equal(key_write(s, "s", NULL), SL_OK);
	assert_int_equal(key_minisign_sign(k, "some bytes\n", 11,
					   "timestamp:1780000000 file:文件", &sig),
			 SL_OK);
	kit_write_file("file.minisig", sig.data, sig.len);
	r = kit_run(verify);
	if (r != 127) {
		assert_int_equal(r, 0);
		assert_int_equal(kit_run(sign), 0);
		assert_int_equal(kit_run(check), 0);
		assert_int_not_equal(kit_run(box), 0);
		kit_write_file("file", "other bytes", 11);
		assert_int_not_equal(kit_run(verify), 0);
	}
	assert_int_equal(key_minisign_sign(k, "", 0, "two\nlines", &sig), SL_E_FORMAT);
	assert_int_equal(key_minisign_sign(k, "", 0,
					   "\xc2\x9b"
					   "c1",
					   &sig),
			 SL_E_FORMAT);
	assert_int_equal(key_minisign_sign(s, "", 0, "x", &sig), SL_E_DENIED);
	buf_release(&sig);
	key_free(k);
	key_free(s);
	kit_leave(dir);
	if (r == 127)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_worked_vectors),
		cmocka_unit_test(p12_key_signs_only_its_format),
		cmocka_unit_test(p12_log_key_signs_only_checkpoints),
		cmocka_unit_test(p12_signing_another_format_is_a_bug),
		cmocka_unit_test(p20_weak_public_keys_are_refused),
		cmocka_unit_test(writes_and_loads),
		cmocka_unit_test(p21_readable_or_linked_file_is_refused),
		cmocka_unit_test(passphrase_and_work_factors),
		cmocka_unit_test(default_work_factors_are_accepted),
		cmocka_unit_test(greedy_work_factors_are_refused),
		cmocka_unit_test(damaged_files_are_refused),
		cmocka_unit_test(public_files_are_checked),
		cmocka_unit_test(minisign_accepts_ours),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
