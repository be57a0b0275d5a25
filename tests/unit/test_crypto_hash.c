/* SHA-256, HMAC and Base64: known answers and every way a text can be a second spelling. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "trust_kit.h"

static const char ABC[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void hashes_known_answer(void **state)
{
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	struct hash *h = NULL;

	(void)state;
	hash_hex("abc", 3, hex);
	assert_string_equal(hex, ABC);
	assert_int_equal(hash_new(&h), SL_OK);
	hash_update(h, "a", 1);
	hash_update(h, "bc", 2);
	hash_final(h, digest);
	hash_free(h);
	hash_free(NULL);
	text_hex(digest, HASH_LEN, hex);
	assert_string_equal(hex, ABC);
}

static void hashes_file_from_its_start(void **state)
{
	uint8_t digest[HASH_LEN], want[HASH_LEN];
	char dir[64], *big = malloc(200000);
	uint64_t len = 0;
	int fd;

	(void)state;
	kit_enter(dir);
	memset(big, 'x', 200000);
	kit_write_file("big", big, 200000);
	hash_bytes(big, 200000, want);
	fd = open("big", O_RDONLY);
	assert_true(lseek(fd, 77, SEEK_SET) == 77);
	assert_int_equal(hash_fd(fd, digest, &len), SL_OK);
	assert_true(len == 200000 && hash_equal(digest, want, HASH_LEN));
	assert_true(lseek(fd, 0, SEEK_CUR) == 77);
	(void)close(fd);
	assert_true(hash_fd(fd, digest, &len) < 0);
	free(big);
	kit_leave(dir);
}

static void hmac_known_answer(void **state)
{
	uint8_t key[32] = {0}, out[HASH_LEN];
	char hex[HASH_HEX + 1];

	(void)state;
	hash_hmac(key, "", 0,
		  out); /* HMAC pads short keys with zeros, so this is the empty key's answer */
	text_hex(out, HASH_LEN, hex);
	assert_string_equal(hex,
			    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void base64_has_one_spelling(void **state)
{
	static const struct {
		const char *text;
		int want;
		const char *bytes;
	} rows[] = {
		{"", SL_OK, ""},
		{"Zg==", SL_OK, "f"},
		{"Zm8=", SL_OK, "fo"},
		{"Zm9v", SL_OK, "foo"},
		{"Zm9vYg==", SL_OK, "foob"},
		{"Zh==", SL_E_FORMAT, NULL}, /* stray bits */
		{"Zm9=", SL_E_FORMAT, NULL},
		{"Zg", SL_E_FORMAT, NULL},
		{"Zg=", SL_E_FORMAT, NULL},
		{"Zg===", SL_E_FORMAT, NULL},
		{"Zm9v\n", SL_E_FORMAT, NULL},
		{"Zm 9", SL_E_FORMAT, NULL},
		{"Zm-_", SL_E_FORMAT, NULL},
		{"====", SL_E_FORMAT, NULL},
		{"Zg==Zg==", SL_E_FORMAT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		buf_init(&b, 64);
		if (base64_get(rows[i].text, strlen(rows[i].text), &b) != rows[i].want)
			fail_msg("row %zu: %s", i, rows[i].text);
		if (rows[i].bytes != NULL)
			assert_string_equal(buf_str(&b), rows[i].bytes);
		else
			assert_int_equal(b.len, 0);
		if (rows[i].want == SL_OK) {
			buf_clear(&b);
			base64_put(&b, rows[i].bytes, strlen(rows[i].bytes));
			assert_string_equal(buf_str(&b), rows[i].text);
		}
		buf_release(&b);
	}
}

/* Every byte in every place: what decodes is what encoding gives. */
static void base64_takes_no_foreign_byte(void **state)
{
	unsigned taken = 0;

	(void)state;
	for (unsigned at = 0; at < 4; at++) {
		for (unsigned c = 0; c < 256; c++) {
			char text[5] = "AAAA";
			uint8_t raw[3];
			struct buf b, back;

			text[at] = (char)c;
			buf_init(&b, 8);
			buf_init(&back, 8);
			if (base64_get(text, 4, &b) == SL_OK) {
				base64_put(&back, b.data, b.len);
				assert_int_equal(back.len, 4);
				assert_memory_equal(back.data, text, 4);
				taken++;
			}
			assert_int_equal(base64_exact(text, 4, raw, sizeof(raw)),
					 b.len == 3 ? SL_OK : SL_E_FORMAT);
			buf_release(&b);
			buf_release(&back);
		}
	}
	assert_int_equal(taken, 4 * 64 + 1); /* and "AAA=" */
}

static void base64_respects_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 2);
	assert_int_equal(base64_get("Zm9v", 4, &b), SL_E_LIMIT);
	buf_release(&b);
	buf_init(&b, 3);
	base64_put(&b, "foo", 3);
	assert_int_equal(buf_error(&b), SL_E_LIMIT);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_known_answer),
		cmocka_unit_test(hashes_file_from_its_start),
		cmocka_unit_test(hmac_known_answer),
		cmocka_unit_test(base64_has_one_spelling),
		cmocka_unit_test(base64_takes_no_foreign_byte),
		cmocka_unit_test(base64_respects_ceiling),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
