/* test_crypto_mac.c - the MAC of the one-way link: its derivation, its key file, its rules. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
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

/* Reference: Python's hashlib.blake2b, digest_size and key as the header says. */
static void test_vectors(void **state)
{
	static const struct {
		size_t len;
		const char *mac, *digest;
	} rows[] = {
		{0, "19582f7cb369f916a70a60b46c3d64d6",
		 "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
		{3, "e3a8a6b4216f7f994c3fc8cedc9c3c7a",
		 "b316f3683ac87007461037a8ff6547de35618800044bb3a4e98b3560c92c3794"},
		{128, "efb9d9ff259c4050a064fa89c5028711",
		 "14696d2a98d9f8a280da8b132b1045b345e1033759c6b02fcc4ee885c8ae7c37"},
		{1434, "b9b6fd1595a3a28ffa8372e834b00535",
		 "00dfe1baabab8666c2c2b134003f2e6c1c74f6fd88d67f11625494ac09abd2f5"},
	};
	struct mac_key *mac = mac_of_seed(0);
	uint8_t bytes[1434], out[DIGEST_LEN];
	char hex[2 * DIGEST_LEN + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mac_put(mac, bytes, rows[i].len, out);
		text_hex(out, MAC_LEN, hex);
		assert_string_equal(hex, rows[i].mac);
		assert_true(mac_proved(mac, bytes, rows[i].len, out));
		digest_bytes(bytes, rows[i].len, out);
		text_hex(out, DIGEST_LEN, hex);
		assert_string_equal(hex, rows[i].digest);
	}
	mac_key_free(mac);
	mac_key_free(NULL);
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
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
