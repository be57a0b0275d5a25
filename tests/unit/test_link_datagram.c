/* test_link_datagram.c - the bytes of udp mode: written, read back, and every wrong one. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "link/datagram.h"
#include "link/geometry.h"
#include "trust_kit.h"

enum { BODY = 48, WHOLE = DATAGRAM_FRAMING + BODY };

static struct mac_key *key_of(uint8_t n)
{
	struct key *k = kit_key(KEY_LINK_MAC, n);
	struct mac_key *mac = NULL;

	assert_int_equal(mac_key_of(k, &mac), SL_OK);
	key_free(k);
	return mac;
}

/* A symbol of an object of 100 bytes in three symbols and two repair symbols. */
static struct datagram symbol_of(const uint8_t *body)
{
	return (struct datagram){.kind = DATAGRAM_SYMBOL,
				 .priority = 5,
				 .session = 0x01020304,
				 .number = 7,
				 .serial = 42,
				 .total = 100,
				 .block = 0,
				 .symbol = 4,
				 .m = 2,
				 .body = body,
				 .len = BODY};
}

/* The wire format may not change silently: docs/link-format.md shows the same bytes. */
static void test_bytes_on_the_wire(void **state)
{
	static const char want[] =
		"015101020304000000070000002a000000640000040240414243444546474849"
		"4a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60616263646566676869"
		"6a6b6c6d6e6f8772d1d97376ab6c0e471a7fcd486328";
	uint8_t seed[32], body[BODY], out[WHOLE];
	struct datagram d = symbol_of(body), back;
	char hex[2 * WHOLE + 1];
	struct mac_key *mac = NULL;
	struct key *k = NULL;

	(void)state;
	assert_int_equal(crypto_start(), SL_OK);
	for (unsigned i = 0; i < BODY; i++)
		body[i] = (uint8_t)(0x40 + i);
	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)i;
	assert_int_equal(key_generate(KEY_LINK_MAC, seed, &k), SL_OK);
	assert_int_equal(mac_key_of(k, &mac), SL_OK);
	assert_int_equal(datagram_write(&d, mac, out), WHOLE);
	text_hex(out, WHOLE, hex);
	assert_string_equal(hex, want);
	assert_true(datagram_proved(out, WHOLE, mac));
	assert_int_equal(datagram_parse(out, WHOLE, &back), SL_OK);
	assert_ptr_equal(back.body, out + DATAGRAM_HEAD);
	assert_memory_equal(back.body, body, BODY);
	assert_int_equal(back.kind, d.kind);
	assert_int_equal(back.priority, d.priority);
	assert_int_equal(back.session, d.session);
	assert_int_equal(back.number, d.number);
	assert_int_equal(back.serial, d.serial);
	assert_int_equal(back.total, d.total);
	assert_int_equal(back.block, d.block);
	assert_int_equal(back.symbol, d.symbol);
	assert_int_equal(back.m, d.m);
	assert_int_equal(back.len, d.len);
	/* A body that is in its place already is the same datagram. */
	{
		uint8_t again[WHOLE];

		memcpy(again + DATAGRAM_HEAD, body, BODY);
		d.body = again + DATAGRAM_HEAD;
		assert_int_equal(datagram_write(&d, mac, again), WHOLE);
		assert_memory_equal(again, out, WHOLE);
	}
	mac_key_free(mac);
	key_free(k);
}

static void test_proof(void **state)
{
	struct mac_key *mine = key_of(1), *other = key_of(2);
	uint8_t body[BODY] = {1}, out[WHOLE];
	struct datagram d = symbol_of(body);

	(void)state;
	assert_int_equal(datagram_write(&d, mine, out), WHOLE);
	assert_true(datagram_proved(out, WHOLE, mine));
	assert_false(datagram_proved(out, WHOLE, other));
	for (size_t n = 0; n < WHOLE; n++)
		assert_false(datagram_proved(out, n, mine));
	for (size_t i = 0; i < WHOLE; i++) {
		out[i] ^= 0x10;
		assert_false(datagram_proved(out, WHOLE, mine));
		out[i] ^= 0x10;
	}
	mac_key_free(mine);
	mac_key_free(other);
}

/* Sealed and proved many at a time: the same bytes, and each judged by itself. */
static void test_side_by_side(void **state)
{
	enum { MANY = 37, SHORT = DATAGRAM_FRAMING + 5 };
	struct mac_key *mine = key_of(1), *other = key_of(2);
	uint8_t row[MANY * WHOLE], want[WHOLE], body[BODY] = {9}, small[SHORT];
	struct datagram d = symbol_of(body);
	struct iovec v[MANY];
	bool proved[MANY];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		d.body = row + i * WHOLE + DATAGRAM_HEAD;
		d.number = i + 1;
		memcpy(row + i * WHOLE + DATAGRAM_HEAD, body, BODY);
		assert_int_equal(datagram_put(&d, row + i * WHOLE), WHOLE);
		v[i] = (struct iovec){.iov_base = row + i * WHOLE, .iov_len = WHOLE};
	}
	datagram_seal(mine, row, WHOLE, MANY);
	d.body = body;
	for (unsigned i = 0; i < MANY; i++) {
		d.number = i + 1;
		(void)datagram_write(&d, mine, want);
		assert_memory_equal(row + i * WHOLE, want, WHOLE);
	}
	/* Among them: a stranger's, a flipped bit, another length, cut short, nothing. */
	d.number = 4;
	(void)datagram_write(&d, other, row + 3 * WHOLE);
	row[11 * WHOLE + 30] ^= 1;
	d.len = 5;
	(void)datagram_write(&d, mine, small);
	v[20] = (struct iovec){.iov_base = small, .iov_len = SHORT};
	v[21].iov_len = WHOLE - 1;
	v[22].iov_len = 0;
	datagram_proved_each(v, MANY, mine, proved);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(proved[i], i != 3 && i != 11 && i != 21 && i != 22);
	datagram_proved_each(v, MANY, other, proved);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(proved[i], i == 3);
	mac_key_free(mine);
	mac_key_free(other);
}

struct row {
	const char *name;
	size_t at, bytes; /* overwritten in a good datagram, big endian */
	uint64_t v;
	int want;
};

static void check_rows(const uint8_t good[WHOLE], const struct row *rows, size_t n)
{
	struct datagram d;

	assert_int_equal(datagram_parse(good, WHOLE, &d), SL_OK);
	for (size_t i = 0; i < n; i++) {
		uint8_t bytes[WHOLE];

		memcpy(bytes, good, WHOLE);
		for (size_t b = 0; b < rows[i].bytes; b++)
			bytes[rows[i].at + b] =
				(uint8_t)(rows[i].v >> 8 * (rows[i].bytes - 1 - b));
		if (datagram_parse(bytes, WHOLE, &d) != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

static void test_shape_of_symbols(void **state)
{
	static const struct row rows[] = {
		{"version 0", 0, 1, 0, SL_E_FORMAT},
		{"version 2", 0, 1, 2, SL_E_FORMAT},
		{"kind 0", 1, 1, 0x50, SL_E_FORMAT},
		{"kind 4", 1, 1, 0x54, SL_E_FORMAT},
		{"a recall", 1, 1, 0x01, SL_OK},
		{"priority 9", 1, 1, 0x91, SL_OK},
		{"priority 10", 1, 1, 0xa1, SL_E_FORMAT},
		{"session 0", 2, 4, 0, SL_E_FORMAT},
		{"session max", 2, 4, UINT32_MAX, SL_OK},
		{"number 0", 6, 4, 0, SL_E_FORMAT},
		{"number max", 6, 4, UINT32_MAX, SL_OK},
		{"serial 0", 10, 4, 0, SL_E_FORMAT},
		{"serial max", 10, 4, UINT32_MAX, SL_OK},
		{"total 0", 14, 4, 0, SL_E_LIMIT},
		{"a digest of nothing", 14, 4, DIGEST_LEN, SL_E_LIMIT},
		/* one symbol and two repair symbols: number 4 is beyond */
		{"the least total", 14, 4, DIGEST_LEN + 1, SL_E_FORMAT},
		{"the largest total, not in such symbols", 14, 4, DATAGRAM_OBJECT_MAX,
		 SL_E_LIMIT},
		{"one more", 14, 4, DATAGRAM_OBJECT_MAX + 1, SL_E_LIMIT},
		{"total max", 14, 4, UINT32_MAX, SL_E_LIMIT},
		{"block 1 of 1", 18, 2, 1, SL_E_FORMAT},
		{"block max", 18, 2, 65535, SL_E_FORMAT},
		{"data", 20, 1, 0, SL_OK},
		{"symbol 5 of 5", 20, 1, 5, SL_E_FORMAT},
		{"symbol 255", 20, 1, 255, SL_E_FORMAT},
		{"no repair, but a repair symbol", 21, 1, 0, SL_E_FORMAT},
		{"m 200", 21, 1, GEOMETRY_REPAIR_MAX, SL_OK},
		{"m 201", 21, 1, GEOMETRY_REPAIR_MAX + 1, SL_E_LIMIT},
	};
	struct mac_key *mac = key_of(1);
	uint8_t body[BODY] = {0}, good[WHOLE];
	struct datagram d = symbol_of(body);

	(void)state;
	(void)datagram_write(&d, mac, good);
	check_rows(good, rows, sizeof(rows) / sizeof(*rows));
	mac_key_free(mac);
}

static void test_shape_of_others(void **state)
{
	static const struct row rows[] = {
		{"priority", 1, 1, 0x12, SL_E_FORMAT},
		{"session", 2, 4, 0, SL_E_FORMAT},
		{"number", 6, 4, 0, SL_E_FORMAT},
		{"serial 0", 10, 4, 0, SL_OK},
		{"total", 14, 4, 1, SL_E_FORMAT},
		{"block", 18, 2, 1, SL_E_FORMAT},
		{"symbol", 20, 1, 1, SL_E_FORMAT},
		{"m", 21, 1, 1, SL_E_FORMAT},
		{"a probe with a serial", 1, 1, 0x03, SL_E_FORMAT},
	};
	struct mac_key *mac = key_of(1);
	uint8_t body[BODY] = {0}, good[WHOLE];
	struct datagram d = {.kind = DATAGRAM_HEARTBEAT,
			     .session = 1,
			     .number = 1,
			     .serial = 3,
			     .body = body,
			     .len = BODY};

	(void)state;
	(void)datagram_write(&d, mac, good);
	check_rows(good, rows, sizeof(rows) / sizeof(*rows));
	d.kind = DATAGRAM_PROBE;
	d.serial = 0;
	(void)datagram_write(&d, mac, good);
	assert_int_equal(datagram_parse(good, WHOLE, &d), SL_OK);
	mac_key_free(mac);
}

static void test_lengths(void **state)
{
	struct mac_key *mac = key_of(1);
	uint8_t *body = calloc(1, DATAGRAM_BODY_MAX), *out = malloc(DATAGRAM_MAX + 1);
	struct datagram d = {.kind = DATAGRAM_PROBE,
			     .session = 1,
			     .number = 1,
			     .body = body,
			     .len = DATAGRAM_BODY_MAX};

	(void)state;
	assert_true(body != NULL && out != NULL);
	assert_int_equal(datagram_write(&d, mac, out), DATAGRAM_MAX);
	out[DATAGRAM_MAX] = 0;
	assert_int_equal(datagram_parse(out, DATAGRAM_MAX, &d), SL_OK);
	assert_int_equal(datagram_parse(out, DATAGRAM_MAX + 1, &d), SL_E_LIMIT);
	assert_int_equal(datagram_parse(out, DATAGRAM_FRAMING + 1, &d), SL_OK);
	assert_int_equal(d.len, 1);
	for (size_t n = 0; n <= DATAGRAM_FRAMING; n++)
		assert_int_equal(datagram_parse(out, n, &d), SL_E_FORMAT);
	free(body);
	free(out);
	mac_key_free(mac);
}

static void test_heartbeats(void **state)
{
	static const struct heartbeat h = {.time_ms = INT64_C(1764279310123),
					   .highest = 9,
					   .lowest_repeat = 3,
					   .waiting = 1,
					   .repeating = 4,
					   .rate_kbit = 950000,
					   .loss_permille = 30,
					   .size = 1472};
	uint8_t body[HEARTBEAT_BODY + 20] = {0};
	struct heartbeat back;

	(void)state;
	heartbeat_put(&h, body);
	assert_int_equal(heartbeat_parse(body, sizeof(body), &back), SL_OK);
	assert_int_equal(back.time_ms, h.time_ms);
	assert_int_equal(back.highest, 9);
	assert_int_equal(back.lowest_repeat, 3);
	assert_int_equal(back.waiting, 1);
	assert_int_equal(back.repeating, 4);
	assert_int_equal(back.rate_kbit, 950000);
	assert_int_equal(back.loss_permille, 30);
	assert_int_equal(back.size, 1472);
	assert_int_equal(heartbeat_parse(body, HEARTBEAT_BODY, &back), SL_OK);
	for (size_t n = 0; n < HEARTBEAT_BODY; n++)
		assert_int_equal(heartbeat_parse(body, n, &back), SL_E_FORMAT);
	body[sizeof(body) - 1] = 1;
	assert_int_equal(heartbeat_parse(body, sizeof(body), &back), SL_E_FORMAT);
	body[sizeof(body) - 1] = 0;
	body[0] = 0x80;
	assert_int_equal(heartbeat_parse(body, sizeof(body), &back), SL_E_FORMAT);
}

static void test_probes(void **state)
{
	static const struct probe p = {.run = 0xdeadbeef,
				       .step = 2,
				       .steps = 3,
				       .index = 99,
				       .of = 100,
				       .rate_kbit = 1000000};
	uint8_t body[PROBE_BODY + 20] = {0};
	struct probe back, wrong = p;

	(void)state;
	probe_put(&p, body);
	assert_int_equal(probe_parse(body, sizeof(body), &back), SL_OK);
	assert_memory_equal(&back, &p, sizeof(p));
	assert_int_equal(probe_parse(body, PROBE_BODY, &back), SL_OK);
	for (size_t n = 0; n < PROBE_BODY; n++)
		assert_int_equal(probe_parse(body, n, &back), SL_E_FORMAT);
	body[PROBE_BODY] = 1;
	assert_int_equal(probe_parse(body, sizeof(body), &back), SL_E_FORMAT);
	wrong.step = 3;
	probe_put(&wrong, body);
	assert_int_equal(probe_parse(body, PROBE_BODY, &back), SL_E_FORMAT);
	wrong = p;
	wrong.index = 100;
	probe_put(&wrong, body);
	assert_int_equal(probe_parse(body, PROBE_BODY, &back), SL_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_on_the_wire),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_shape_of_symbols),
		cmocka_unit_test(test_shape_of_others),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_heartbeats),
		cmocka_unit_test(test_probes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
