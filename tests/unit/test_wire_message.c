/* Requests and replies: round trip, every truncation, every flipped bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/hash.h"
#include "wire/message.h"

static struct key *author, *desk;
static const uint8_t nonce[WIRE_NONCE] = "fifteen letters";

static struct key *make_key(enum key_use use, uint8_t first)
{
	uint8_t seed[32] = {first};
	struct key *k = NULL;

	assert_int_equal(key_generate(use, seed, &k), SL_OK);
	return k;
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(crypto_start(), SL_OK);
	author = make_key(KEY_DSSE_AUTHOR, 1);
	desk = make_key(KEY_DESK, 2);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	key_free(author);
	key_free(desk);
	return 0;
}

static void write_request(struct buf *out, const char *op, const char *data, size_t len)
{
	json_t *args = json_pack("{s:s,s:i}", "draft", "D-2026-000001", "revision", 2);

	buf_init(out, WIRE_REQUEST_MAX);
	assert_int_equal(wire_request_write(author, key_public(desk), 1700000000123, nonce, op,
					    args, data, len, out),
			 SL_OK);
	json_decref(args);
}

static void request_round_trip(void **state)
{
	struct wire_request rq;
	struct buf b;
	int64_t revision = 0;

	(void)state;
	write_request(&b, "draft.show", "some data", 9);
	assert_int_equal(wire_request_parse(b.data, b.len, &rq), SL_OK);
	assert_string_equal(rq.keyid_hex, key_id(author));
	assert_int_equal(rq.time_ms, 1700000000123);
	assert_memory_equal(rq.nonce, nonce, WIRE_NONCE);
	assert_memory_equal(rq.desk, key_public(desk), KEY_PUBLIC);
	assert_string_equal(rq.op, "draft.show");
	assert_string_equal(json_str(rq.args, "draft"), "D-2026-000001");
	assert_true(json_i64(rq.args, "revision", &revision));
	assert_int_equal(revision, 2);
	assert_int_equal(rq.data_len, 9);
	assert_memory_equal(rq.data, "some data", 9);
	assert_int_equal(key_verify(key_public(author), rq.signed_bytes, rq.signed_len, rq.sig),
			 SL_OK);
	wire_request_release(&rq);
	buf_release(&b);
}

static void request_mutations(void **state)
{
	struct wire_request rq;
	struct buf b;

	(void)state;
	write_request(&b, "whoami", "x", 1);
	for (size_t i = 0; i < b.len; i++) /* every truncation */
		assert_int_not_equal(wire_request_parse(b.data, i, &rq), SL_OK);
	for (size_t i = 0; i < b.len;
	     i++) { /* every flipped bit is refused here or by the signature */
		for (int bit = 0; bit < 8; bit++) {
			b.data[i] ^= (uint8_t)(1 << bit);
			if (wire_request_parse(b.data, b.len, &rq) == SL_OK) {
				assert_int_not_equal(
					key_verify(key_public(author), rq.signed_bytes,
						   rq.signed_len, rq.sig),
					memcmp(rq.keyid_hex, key_id(author), 64) == 0 ? SL_OK
										      : 1);
				wire_request_release(&rq);
			}
			b.data[i] ^= (uint8_t)(1 << bit);
		}
	}
	buf_put_u8(&b, 0); /* trailing byte */
	assert_int_equal(wire_request_parse(b.data, b.len, &rq), SL_E_FORMAT);
	buf_release(&b);
}

static void request_limits(void **state)
{
	static const struct {
		const char *name, *op;
		size_t data_len;
		int64_t time_ms;
	} rows[] = {
		{"empty operation", "", 0, 1},
		{"operation too long", "abcdefghijklmnopqrstuvwxyzabcdef", 0, 1},
		{"operation not printable", "a\nb", 0, 1},
		{"data too large", "upload.chunk", WIRE_DATA_MAX + 1, 1},
		{"negative time", "whoami", 0, -1},
	};
	static const char big[WIRE_DATA_MAX + 1];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&b, 2 * WIRE_REQUEST_MAX);
		if (wire_request_write(author, key_public(desk), rows[i].time_ms, nonce,
				       rows[i].op, NULL, big, rows[i].data_len,
				       &b) != SL_E_LIMIT)
			fail_msg("%s", rows[i].name);
		buf_release(&b);
	}
}

static void request_args_must_be_an_object(void **state)
{
	struct wire_request rq;
	json_t *list = json_array();
	struct buf b;

	(void)state;
	buf_init(&b, WIRE_REQUEST_MAX);
	assert_int_equal(wire_request_write(author, key_public(desk), 1, nonce, "whoami", list,
					    NULL, 0, &b),
			 SL_OK);
	assert_int_equal(wire_request_parse(b.data, b.len, &rq), SL_E_FORMAT);
	json_decref(list);
	buf_release(&b);
}

static void write_reply(struct buf *out, int error, const char *why)
{
	struct wire_reply rp = {.error = error};

	rp.result = json_pack("{s:s}", "state", "IN_REVIEW");
	buf_init(&rp.data, WIRE_DATA_MAX);
	buf_puts(&rp.data, "bytes");
	(void)why_set(&rp.why, error, "%s", why);
	buf_init(out, WIRE_MESSAGE_MAX);
	assert_int_equal(wire_reply_write(desk, nonce, &rp, out), SL_OK);
	wire_reply_release(&rp);
}

static void reply_round_trip(void **state)
{
	struct wire_reply rp;
	struct buf b;

	(void)state;
	write_reply(&b, SL_E_CONFLICT, "somebody was faster");
	assert_int_equal(wire_reply_parse(b.data, b.len, key_public(desk), nonce, &rp), SL_OK);
	assert_int_equal(rp.error, SL_E_CONFLICT);
	assert_string_equal(rp.why.text, "somebody was faster");
	assert_string_equal(json_str(rp.result, "state"), "IN_REVIEW");
	assert_string_equal(buf_str(&rp.data), "bytes");
	wire_reply_release(&rp);
	buf_release(&b);
}

static void reply_mutations(void **state)
{
	uint8_t other[WIRE_NONCE] = {9};
	struct wire_reply rp;
	struct buf b;

	(void)state;
	write_reply(&b, SL_OK, "");
	for (size_t i = 0; i < b.len; i++)
		assert_int_not_equal(wire_reply_parse(b.data, i, key_public(desk), nonce, &rp),
				     SL_OK);
	for (size_t i = 0; i < b.len; i++) {
		b.data[i] ^= 1;
		assert_int_not_equal(
			wire_reply_parse(b.data, b.len, key_public(desk), nonce, &rp), SL_OK);
		b.data[i] ^= 1;
	}
	assert_int_equal(wire_reply_parse(b.data, b.len, key_public(desk), other, &rp),
			 SL_E_REPLAY);
	assert_int_equal(wire_reply_parse(b.data, b.len, key_public(author), nonce, &rp),
			 SL_E_SIGNATURE);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_round_trip),
		cmocka_unit_test(request_mutations),
		cmocka_unit_test(request_limits),
		cmocka_unit_test(request_args_must_be_an_object),
		cmocka_unit_test(reply_round_trip),
		cmocka_unit_test(reply_mutations),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
