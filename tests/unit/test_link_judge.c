/* test_link_judge.c - which datagrams are the gateway's and new, with two keys. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/judge.h"
#include "trust_kit.h"

enum { ROOM = 4096, BODY = 100 };

struct court {
	char dir[64];
	int state;
	struct judge *j;
	uint8_t bytes[ROOM];
};

static struct mac_key *key_of(uint8_t n)
{
	struct key *k = kit_key(KEY_LINK_MAC, n);
	struct mac_key *mac = NULL;

	assert_int_equal(mac_key_of(k, &mac), SL_OK);
	key_free(k);
	return mac;
}

static void sit(struct court *c)
{
	struct mac_key *keys[2] = {key_of(1), key_of(2)};

	assert_int_equal(judge_open(keys, 2, c->state, &c->j), SL_OK);
}

static void court_open(struct court *c)
{
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(c->dir, sizeof(c->dir), "/tmp/sluice-judge-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	c->state = file_open_dir(AT_FDCWD, c->dir);
	sit(c);
}

static void court_close(struct court *c)
{
	judge_close(c->j);
	file_close(c->state);
	assert_int_equal(file_remove_tree(AT_FDCWD, c->dir), SL_OK);
}

/* A datagram as key n would make it. */
static size_t make(struct court *c, uint8_t n, uint32_t session, uint32_t number,
		   enum datagram_kind kind)
{
	static const uint8_t body[BODY];
	struct datagram d = {.kind = kind,
			     .session = session,
			     .number = number,
			     .body = body,
			     .len = sizeof(body)};
	struct mac_key *key = key_of(n);
	size_t len;

	if (kind == DATAGRAM_SYMBOL) {
		d.serial = 1;
		d.total = 1000;
		d.m = 2;
	}
	len = datagram_write(&d, key, c->bytes);
	mac_key_free(key);
	return len;
}

static enum judge_answer ask(struct court *c, uint8_t n, uint32_t session, uint32_t number)
{
	size_t len = make(c, n, session, number, DATAGRAM_SYMBOL);
	struct datagram d = {.number = 0};
	enum judge_answer a = judge_datagram(c->j, c->bytes, len, &d);

	if (a == JUDGE_TAKEN)
		assert_int_equal(d.number, number);
	return a;
}

static int64_t of_report(const struct court *c, const char *name)
{
	json_t *j = judge_report(c->j);
	int64_t v = -1;

	assert_true(json_i64(j, name, &v));
	json_decref(j);
	return v;
}

static void test_two_keys(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	assert_int_equal(ask(&c, 1, 10, 1), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 1, 10, 1), JUDGE_REPLAYED);
	/* The other key has a window of its own. */
	assert_int_equal(ask(&c, 2, 5, 1), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 1, 10, 2), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 2, 5, 2), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 1, 9, 3), JUDGE_OLD_SESSION);
	assert_int_equal(ask(&c, 2, 6, 1), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 2, 5, 3), JUDGE_OLD_SESSION);
	assert_int_equal(ask(&c, 3, 10, 9), JUDGE_WRONG_MAC);
	assert_int_equal(of_report(&c, "taken"), 5);
	assert_int_equal(of_report(&c, "replayed"), 1);
	assert_int_equal(of_report(&c, "old_session"), 2);
	assert_int_equal(of_report(&c, "wrong_mac"), 1);
	court_close(&c);
}

/* A stranger's bytes of every length, and each byte of a good one changed. */
static void test_strangers(void **state)
{
	struct datagram d;
	struct court c;
	size_t len;

	(void)state;
	court_open(&c);
	memset(c.bytes, 0x5a, sizeof(c.bytes));
	for (len = 0; len < ROOM; len += len < 100 ? 1 : 97)
		assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_WRONG_MAC);
	len = make(&c, 1, 10, 1, DATAGRAM_SYMBOL);
	for (size_t i = 0; i < len; i++) {
		c.bytes[i] ^= 0x10;
		assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_WRONG_MAC);
		c.bytes[i] ^= 0x10;
		assert_int_equal(judge_datagram(c.j, c.bytes, i, &d), JUDGE_WRONG_MAC);
	}
	/* None of that moved a window. */
	assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_TAKEN);
	court_close(&c);
}

/* Authentic and impossible; and a probe, which no window counts. */
static void test_kinds(void **state)
{
	struct mac_key *key = key_of(1);
	struct datagram d;
	struct court c;
	size_t len;

	(void)state;
	court_open(&c);
	len = make(&c, 1, 10, 1, DATAGRAM_SYMBOL);
	c.bytes[20] = 200; /* a symbol beyond its block */
	mac_put(key, c.bytes, len - MAC_LEN, c.bytes + len - MAC_LEN);
	assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_MALFORMED);
	assert_int_equal(ask(&c, 1, 10, 1), JUDGE_TAKEN);
	len = make(&c, 1, 4000000000u, 1, DATAGRAM_PROBE);
	assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_PROBE);
	assert_int_equal(d.kind, DATAGRAM_PROBE);
	assert_int_equal(ask(&c, 1, 10, 2), JUDGE_TAKEN);
	len = make(&c, 1, 10, 3, DATAGRAM_HEARTBEAT);
	assert_int_equal(judge_datagram(c.j, c.bytes, len, &d), JUDGE_TAKEN);
	assert_int_equal(d.kind, DATAGRAM_HEARTBEAT);
	assert_int_equal(of_report(&c, "malformed"), 1);
	assert_int_equal(of_report(&c, "probes"), 1);
	mac_key_free(key);
	court_close(&c);
}

/* What was taken before a restart is a replay after it, by each key. */
static void test_restart(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	assert_false(judge_unremembered(c.j));
	assert_int_equal(judge_remember(c.j), SL_OK);
	assert_false(file_exists(c.state, JUDGE_FILE)); /* nothing was heard */
	assert_int_equal(ask(&c, 1, 10, 7), JUDGE_TAKEN);
	assert_true(judge_unremembered(c.j));
	assert_int_equal(ask(&c, 2, 3, 1), JUDGE_TAKEN);
	assert_int_equal(judge_remember(c.j), SL_OK);
	assert_false(judge_unremembered(c.j));
	judge_close(c.j);
	sit(&c);
	assert_int_equal(ask(&c, 1, 10, 7), JUDGE_REPLAYED);
	assert_int_equal(ask(&c, 1, 10, 6), JUDGE_REPLAYED);
	assert_int_equal(ask(&c, 1, 9, 8), JUDGE_OLD_SESSION);
	assert_int_equal(ask(&c, 1, 10, 8), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 2, 3, 1), JUDGE_REPLAYED);
	assert_int_equal(ask(&c, 2, 4, 1), JUDGE_TAKEN);
	assert_true(judge_unremembered(c.j));
	court_close(&c);
}

/* A key that is not used for a while keeps its window; a damaged file is a fresh start. */
static void test_other_keys_kept(void **state)
{
	struct mac_key *only[1] = {key_of(1)};
	struct court c;

	(void)state;
	court_open(&c);
	assert_int_equal(ask(&c, 1, 10, 1), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 2, 20, 1), JUDGE_TAKEN);
	assert_int_equal(judge_remember(c.j), SL_OK);
	judge_close(c.j);
	assert_int_equal(judge_open(only, 1, c.state, &c.j), SL_OK);
	assert_int_equal(ask(&c, 1, 10, 2), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 2, 20, 2), JUDGE_WRONG_MAC);
	assert_int_equal(judge_remember(c.j), SL_OK);
	judge_close(c.j);
	sit(&c);
	assert_int_equal(ask(&c, 2, 20, 1), JUDGE_REPLAYED);
	judge_close(c.j);
	assert_int_equal(file_write_durable(c.state, JUDGE_FILE, "{\"windows\":[{}", 14, 0600),
			 SL_OK);
	sit(&c);
	assert_int_equal(ask(&c, 1, 10, 1), JUDGE_TAKEN);
	assert_int_equal(judge_remember(c.j), SL_OK);
	court_close(&c);
}

static void test_loss(void **state)
{
	struct court c;

	(void)state;
	court_open(&c);
	assert_int_equal(of_report(&c, "loss_permille"), 0);
	judge_tick(c.j, 1000);
	/* 1000 numbers from 501 on, every tenth lost; heard in the middle of a session. */
	for (uint32_t n = 501; n <= 1500; n++) {
		if (n % 10 != 0)
			assert_int_equal(ask(&c, 1, 10, n), JUDGE_TAKEN);
	}
	assert_int_equal(of_report(&c, "lost"), 99); /* 1500 may still come */
	assert_int_equal(of_report(&c, "loss_permille"), 99);
	/* What was only late is not lost. */
	for (uint32_t n = 510; n <= 1500; n += 10)
		assert_int_equal(ask(&c, 1, 10, n), JUDGE_TAKEN);
	assert_int_equal(of_report(&c, "lost"), 0);
	/* A new session begins where it begins. */
	assert_int_equal(ask(&c, 1, 11, 1), JUDGE_TAKEN);
	assert_int_equal(ask(&c, 1, 11, 3), JUDGE_TAKEN);
	assert_int_equal(of_report(&c, "lost"), 1);
	/* A minute later that is history. */
	for (int64_t t = 1; t <= 14; t++)
		judge_tick(c.j, 1000 + t * 5000);
	assert_int_equal(of_report(&c, "loss_permille"), 0);
	assert_int_equal(of_report(&c, "lost"), 1);
	assert_int_equal(ask(&c, 1, 11, 5), JUDGE_TAKEN);
	assert_int_equal(of_report(&c, "loss_permille"), 500);
	court_close(&c);
}

/* What arrives together: both keys, strangers, one twice and one cut short, in any order. */
static void test_together(void **state)
{
	static const uint8_t of[] = {1, 2, 3, 1, 1, 2, 2, 3, 1, 2, 1, 1};
	enum { TOGETHER = sizeof(of), AGAIN = 4, CUT = 9 };
	static uint8_t bytes[TOGETHER][ROOM];
	struct iovec v[TOGETHER];
	int8_t by[TOGETHER];
	struct court c;

	(void)state;
	court_open(&c);
	for (unsigned i = 0; i < TOGETHER; i++) {
		size_t len = make(&c, of[i], 10, i == AGAIN ? 1 : i + 1, DATAGRAM_SYMBOL);

		memcpy(bytes[i], c.bytes, len);
		v[i] = (struct iovec){.iov_base = bytes[i],
				      .iov_len = i == CUT ? len - 1 : len};
	}
	judge_prove(c.j, v, TOGETHER, by);
	for (unsigned i = 0; i < TOGETHER; i++) {
		struct datagram d = {.number = 0};
		enum judge_answer want = JUDGE_TAKEN, answer;

		assert_int_equal(by[i], of[i] == 3 || i == CUT ? JUDGE_NO_KEY : of[i] - 1);
		if (by[i] == JUDGE_NO_KEY)
			want = JUDGE_WRONG_MAC;
		else if (i == AGAIN)
			want = JUDGE_REPLAYED;
		answer = judge_proved(c.j, by[i], v[i].iov_base, v[i].iov_len, &d);
		assert_int_equal(answer, want);
		if (answer == JUDGE_TAKEN)
			assert_int_equal(d.number, i + 1);
	}
	assert_int_equal(judge_count(c.j, JUDGE_WRONG_MAC), 3);
	court_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_keys),	cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_kinds),		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_other_keys_kept), cmocka_unit_test(test_loss),
		cmocka_unit_test(test_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
