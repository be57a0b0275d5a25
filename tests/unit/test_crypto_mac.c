/* test_crypto_mac.c - the MAC of the one-way link: its derivation, its key file, its rules. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "trust_kit.h"

static struct mac_key *mac_of_seed(uint8_t first)
{
	uint8_t seed[32];
	struct mac_key *mac = NULL;
	struct key *k = NULL;

	assert_int_equal(crypto_start(), SL_OK);
	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)(first + i);
	assert_int_equal(key_generate(KEY_LINK_MAC, seed, &k), SL_OK);
	assert_int_equal(mac_key_of(k, &mac), SL_OK);
	assert_string_equal(mac_key_id(mac), key_id(k));
	key_free(k);
	return mac;
}

static void fill(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7);
}

/* Reference: Python's hashlib.blake2b, digest_size and key as the header says. */
static void test_vectors(void **state)
{
	static const struct {
		size_t len;
		const char *mac;
	} rows[] = {
		{0, "19582f7cb369f916a70a60b46c3d64d6"},
		{3, "e3a8a6b4216f7f994c3fc8cedc9c3c7a"},
		{128, "efb9d9ff259c4050a064fa89c5028711"},
		{1434, "b9b6fd1595a3a28ffa8372e834b00535"},
	};
	struct mac_key *mac = mac_of_seed(0);
	uint8_t bytes[1434], out[MAC_LEN];
	char hex[2 * MAC_LEN + 1];

	(void)state;
	fill(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mac_put(mac, bytes, rows[i].len, out);
		text_hex(out, MAC_LEN, hex);
		assert_string_equal(hex, rows[i].mac);
		assert_true(mac_proved(mac, bytes, rows[i].len, out));
	}
	mac_key_free(mac);
	mac_key_free(NULL);
}

enum { SIDE = 11, LONGEST = 700 };

/* Side by side or one after the other: the same, for every length around whole blocks and
 * for fewer, as many and more messages than there are lanes. */
static void test_each(void **state)
{
	static uint8_t message[SIDE][LONGEST];
	struct mac_key *mac = mac_of_seed(5);
	const uint8_t *in[SIDE], *macs[SIDE];
	uint8_t out[SIDE][MAC_LEN], want[MAC_LEN], *outs[SIDE];
	bool proved[SIDE];

	(void)state;
	for (unsigned i = 0; i < SIDE; i++) {
		fill(message[i], LONGEST);
		message[i][0] = (uint8_t)(i + 1);
		in[i] = message[i];
		macs[i] = outs[i] = out[i];
	}
	for (size_t len = 0; len <= LONGEST; len += len < 400 ? 1 : 37) {
		unsigned n = 1 + (unsigned)len % SIDE;

		memset(out, 0, sizeof(out));
		mac_put_each(mac, in, len, n, outs);
		for (unsigned i = 0; i < n; i++) {
			mac_put(mac, message[i], len, want);
			assert_memory_equal(out[i], want, MAC_LEN);
		}
		if (n < SIDE) /* and no others */
			assert_int_equal(out[n][0] | out[n][15], 0);
		out[n / 2][15] ^= 0x80;
		mac_proved_each(mac, in, len, n, macs, proved);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(proved[i], i != n / 2);
	}
	mac_key_free(mac);
}

/* Reference: hashlib, over the digests of pieces of 8192 bytes. */
static void test_digest(void **state)
{
	static const struct {
		size_t len;
		const char *digest;
	} rows[] = {
		{0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
		{3, "74413cc0abe5d6b202e07b76054771f60834742b012a2ae0b210270378c55ad9"},
		{1434, "8ef98651e4570dbb179f961b7165cdabc6a53dc7d4d7a2aa8898f9730d9d2aa1"},
		{8192, "db4533e68f498b0f70a43bcec9d9911a2bac83aa523aeae516c15aded0d80e6f"},
		{8193, "822c0115048ff0d5cc8b9e11ae7431641dd79dc99d8bed207349f4bc799ea04d"},
		{70000, "15b57d969e5ed0c7b568e40b360572acffe79ebf6fb24a790e217d18892dbd13"},
	};
	static const size_t parts[] = {70000, 8192, 8191, 1000, 20001};
	static uint8_t bytes[70000];
	uint8_t out[DIGEST_LEN];
	char hex[2 * DIGEST_LEN + 1];
	struct digest *d = NULL;

	(void)state;
	fill(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		digest_bytes(bytes, rows[i].len, out);
		text_hex(out, DIGEST_LEN, hex);
		assert_string_equal(hex, rows[i].digest);
	}
	for (size_t p = 0; p < sizeof(parts) / sizeof(*parts); p++) {
		assert_int_equal(digest_new(&d), SL_OK);
		for (size_t at = 0; at < sizeof(bytes); at += parts[p])
			digest_update(d, bytes + at,
				      sizeof(bytes) - at < parts[p] ? sizeof(bytes) - at
								    : parts[p]);
		digest_final(d, out);
		digest_free(d);
		text_hex(out, DIGEST_LEN, hex);
		assert_string_equal(hex, rows[5].digest);
	}
	digest_free(NULL);
}

static void test_proof(void **state)
{
	struct mac_key *mine = mac_of_seed(1), *other = mac_of_seed(2);
	uint8_t bytes[100] = {1, 2, 3}, mac[MAC_LEN];

	(void)state;
	mac_put(mine, bytes, sizeof(bytes), mac);
	assert_true(mac_proved(mine, bytes, sizeof(bytes), mac));
	assert_false(mac_proved(other, bytes, sizeof(bytes), mac));
	assert_false(mac_proved(mine, bytes, sizeof(bytes) - 1, mac));
	for (unsigned bit = 0; bit < 8 * MAC_LEN; bit++) {
		mac[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(mac_proved(mine, bytes, sizeof(bytes), mac));
		mac[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	bytes[99] ^= 1;
	assert_false(mac_proved(mine, bytes, sizeof(bytes), mac));
	mac_key_free(mine);
	mac_key_free(other);
}

static void test_files(void **state)
{
	char dir[] = "/tmp/sluice-mac-XXXXXX", path[64], wrong[64];
	struct mac_key *mac = NULL;
	struct key *k = kit_key(KEY_LINK_MAC, 1), *link = kit_key(KEY_LINK, 1);
	struct sl_why why = {.text = ""};

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/mac", dir);
	(void)snprintf(wrong, sizeof(wrong), "%s/link", dir);
	assert_int_equal(key_write(k, path, NULL), SL_OK);
	assert_int_equal(key_write(link, wrong, NULL), SL_OK);
	assert_int_equal(mac_key_load(path, &mac, &why), SL_OK);
	assert_string_equal(mac_key_id(mac), key_id(k));
	mac_key_free(mac);
	mac = NULL;
	assert_int_equal(mac_key_load(wrong, &mac, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "link-mac"));
	assert_int_equal(chmod(path, 0644), 0); /* a secret that others can read is none */
	assert_int_equal(mac_key_load(path, &mac, &why), SL_E_DENIED);
	assert_null(mac);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
	key_free(k);
	key_free(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_each),
		cmocka_unit_test(test_digest),	cmocka_unit_test(test_proof),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
