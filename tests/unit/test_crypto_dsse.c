/* DSSE: the specification's example, one spelling only, and an independent verifier (P11, P12).
 */
#include <string.h>

#include "crypto/dsse.h"
#include "crypto/hash.h"
#include "trust_kit.h"

static const char TYPE[] = "http://example.com/HelloWorld";
static const char SIG[] = "FDBuhhGZHrQaLnHA+xYDozNBKtORTT3EFhGJXczChh8PCqB471sDESzy2zguMGQOk8D+"
			  "Ij2hb/eoUkqxc/qgCg==";

static char *envelope(void)
{
	struct key *k = kit_vector_key(KEY_DSSE_REVIEWER);
	struct buf b;
	size_t len;

	buf_init(&b, DSSE_MAX);
	assert_int_equal(dsse_sign(k, TYPE, "hello world", 11, &b), SL_OK);
	key_free(k);
	return (char *)buf_take(&b, &len);
}

static void matches_worked_vectors(void **state)
{
	struct key *k = kit_vector_key(KEY_DSSE_REVIEWER);
	char *text = envelope(), *want = NULL;
	struct dsse e = {.payload = NULL};
	struct buf pae;

	(void)state;
	buf_init(&pae, 200);
	dsse_pae(TYPE, "hello world", 11, &pae);
	assert_string_equal(buf_str(&pae),
			    "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
	assert_true(asprintf(&want,
			     "{\"payload\":\"aGVsbG8gd29ybGQ=\",\"payloadType\":\"%s\","
			     "\"signatures\":"
			     "[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
			     TYPE, key_id(k), SIG) > 0);
	assert_string_equal(text, want);
	assert_int_equal(dsse_parse(text, strlen(text), &e), SL_OK);
	assert_string_equal(e.payload_type, TYPE);
	assert_memory_equal(e.payload, "hello world", 11);
	assert_int_equal(dsse_verify(&e, key_public(k)), SL_OK);
	dsse_release(&e);
	dsse_release(&e);
	free(text);
	free(want);
	buf_release(&pae);
	key_free(k);
}

static void one_spelling_only(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"space", "{\"payload\"", "{ \"payload\""},
		{"order", "{\"payload\":\"aGVsbG8gd29ybGQ=\",", "{"},
		{"unknown member", "{\"payload\"", "{\"a\":1,\"payload\""},
		{"stray bits in payload", "bGQ=", "bGR="},
		{"unpadded payload", "bGQ=", "bGQ"},
		{"empty payload", "aGVsbG8gd29ybGQ=", ""},
		{"empty type", "http://example.com/HelloWorld", ""},
		{"type with a space", "http://example.com", "http: example.com"},
		{"type not text", "\"http://example.com/HelloWorld\"", "7"},
		{"long type", "HelloWorld",
		 "HelloWorldHelloWorldHelloWorldHelloWorldHelloWorldHelloWorld"},
		{"no signature", "[{\"keyid\"", "[],\"x\":[{\"keyid\""},
		{"unknown member in signature", "[{\"keyid\"", "[{\"a\":1,\"keyid\""},
		{"short key id", "63d00ee3", "63d00e"},
		{"upper case key id", "63d00ee3", "63D00EE3"},
		{"short signature", "FDBuhhGZ", "FDBu"},
		{"url-safe signature", "HA+xYD", "HA-xYD"},
		{"two signatures", "\"}]}", "\"},{\"keyid\":\"a\",\"sig\":\"b\"}]}"},
		{"trailing newline", "\"}]}", "\"}]}\n"},
	};
	char *text = envelope();
	struct dsse e = {.payload = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(text, rows[i].from, rows[i].to);
		int r = dsse_parse(bad, strlen(bad), &e);

		if (r != SL_E_FORMAT)
			fail_msg("%s: %d", rows[i].name, r);
		free(bad);
	}
	free(text);
}

static void limits(void **state)
{
	struct key *k = kit_vector_key(KEY_DSSE_REVIEWER);
	char *big = calloc(1, DSSE_MAX + 1);
	struct dsse e = {.payload = NULL};
	struct buf b;

	(void)state;
	assert_int_equal(dsse_parse(big, DSSE_MAX + 1, &e), SL_E_LIMIT);
	buf_init(&b, 1 << 20);
	assert_int_equal(dsse_sign(k, TYPE, big, 50000, &b), SL_E_LIMIT);
	buf_release(&b);
	free(big);
	key_free(k);
}

static void changed_bytes_do_not_verify(void **state)
{
	struct key *k = kit_vector_key(KEY_DSSE_REVIEWER),
		   *other = kit_key(KEY_DSSE_REVIEWER, 9);
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"payload", "aGVs", "aGVt"},
		{"type", "HelloWorld", "HelloWorle"},
		{"signature", "FDBu", "FDBv"},
		{"key id", "63d0", "63d1"},
	};
	char *text = envelope();
	struct dsse e = {.payload = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(text, rows[i].from, rows[i].to);

		assert_int_equal(dsse_parse(bad, strlen(bad), &e), SL_OK);
		if (dsse_verify(&e, key_public(k)) != SL_E_SIGNATURE)
			fail_msg("%s", rows[i].name);
		dsse_release(&e);
		free(bad);
	}
	assert_int_equal(dsse_parse(text, strlen(text), &e), SL_OK);
	assert_int_equal(dsse_verify(&e, key_public(other)), SL_E_SIGNATURE);
	dsse_release(&e);
	free(text);
	key_free(k);
	key_free(other);
}

static void openssl_accepts_ours(void **state)
{
	static const uint8_t der[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
				      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
	static const char *const verify[] = {
		"openssl", "pkeyutl", "-verify", "-rawin", "-pubin",   "-keyform", "DER",
		"-inkey",  "pub",     "-in",	 "pae",	   "-sigfile", "sig",	   NULL};
	struct key *k = kit_vector_key(KEY_DSSE_REVIEWER);
	char *text = envelope(), dir[64];
	struct dsse e = {.payload = NULL};
	struct buf pae, pub;
	int r;

	(void)state;
	kit_enter(dir);
	buf_init(&pae, 200);
	buf_init(&pub, 100);
	assert_int_equal(dsse_parse(text, strlen(text), &e), SL_OK);
	dsse_pae(e.payload_type, e.payload, e.payload_len, &pae);
	buf_put(&pub, der, sizeof(der));
	buf_put(&pub, key_public(k), KEY_PUBLIC);
	kit_write_file("pub", pub.data, pub.len);
	kit_write_file("pae", pae.data, pae.len);
	kit_write_file("sig", e.sig, KEY_SIGNATURE);
	r = kit_run(verify);
	kit_write_file("pae", "DSSEv1 x", 8);
	if (r != 127)
		assert_int_not_equal(kit_run(verify), 0);
	kit_leave(dir);
	buf_release(&pae);
	buf_release(&pub);
	dsse_release(&e);
	free(text);
	key_free(k);
	if (r == 127)
		skip();
	assert_int_equal(r, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_worked_vectors),
		cmocka_unit_test(one_spelling_only),
		cmocka_unit_test(limits),
		cmocka_unit_test(changed_bytes_do_not_verify),
		cmocka_unit_test(openssl_accepts_ours),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
