/* A real server in a thread, and peers that speak the protocol below NNG's: what an attacker
 * can do. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire_kit.h"

/* Speak the SP protocol over the plain socket: what an attacker can do. */
static int raw_connect(void)
{
	static const uint8_t hello[8] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint8_t theirs[8];

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%.90s", wire_kit.url + 6);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(file_write_all(fd, hello, sizeof(hello)), SL_OK);
	if (file_read_all(fd, theirs, sizeof(theirs)) != SL_OK) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* false: the server has hung up. */
static bool raw_try(int fd, const void *bytes, size_t len)
{
	struct buf b;
	bool sent;

	buf_init(&b, 2 * WIRE_REQUEST_MAX);
	buf_put_u8(&b, 1);
	buf_put_u64(&b, len + 4);
	buf_put_u32(&b, 0x80000001u);
	buf_put(&b, bytes, len);
	sent = file_write_all(fd, b.data, b.len) == SL_OK;
	buf_release(&b);
	return sent;
}

static void raw_send(int fd, const void *bytes, size_t len)
{
	assert_true(raw_try(fd, bytes, len));
}

/* The error name in the answer, "" when the server hung up instead. */
static void raw_answer(int fd, char out[32])
{
	uint8_t head[9 + 4], body[4096];
	struct cur c;
	uint64_t len = 0;

	out[0] = '\0';
	if (file_read_all(fd, head, sizeof(head)) != SL_OK)
		return;
	for (int i = 1; i < 9; i++)
		len = len << 8 | head[i];
	len -= 4;
	assert_true(len <= sizeof(body));
	assert_int_equal(file_read_all(fd, body, (size_t)len), SL_OK);
	cur_init(&c, body, (size_t)len);
	(void)cur_bytes(&c, strlen("sluice-reply/1\n") + 1 + WIRE_NONCE);
	cur_str(&c, out, 32);
}

static void request_bytes(struct buf *b, const struct key *k, const uint8_t *desk, int64_t ms,
			  uint8_t nonce)
{
	uint8_t n[WIRE_NONCE] = {nonce};

	buf_init(b, WIRE_REQUEST_MAX);
	assert_int_equal(wire_request_write(k, desk, ms, n, "echo", NULL, "x", 1, b), SL_OK);
}

static void replay_stale_and_foreign(void **state)
{
	enum change { GOOD, AGAIN, STALE, FUTURE, OTHER_DESK, BAD_SIGNATURE };
	static const struct {
		const char *name;
		enum change change;
		const char *want;
	} rows[] = {
		{"good", GOOD, "ok"},
		{"replayed", AGAIN, "replay"},
		{"stale", STALE, "expired"},
		{"future", FUTURE, "expired"},
		{"for another desk", OTHER_DESK, "denied"},
		{"bad signature", BAD_SIGNATURE, "signature"},
	};
	int fd = raw_connect();
	char error[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ms = clock_now_ms();
		struct buf b;

		ms += rows[i].change == STALE ? -WIRE_SKEW_MS - 5000 : 0;
		ms += rows[i].change == FUTURE ? WIRE_SKEW_MS + 60000 : 0;
		request_bytes(&b, wire_kit.author,
			      key_public(rows[i].change == OTHER_DESK ? wire_kit.stranger
								      : wire_kit.desk),
			      ms, rows[i].change == AGAIN ? GOOD : (uint8_t)rows[i].change);
		/* The last five bytes are the one byte of data and its length. */
		b.data[b.len - 6] ^= rows[i].change == BAD_SIGNATURE;
		raw_send(fd, b.data, b.len);
		raw_answer(fd, error);
		if (strcmp(error, rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].name, error);
		buf_release(&b);
	}
	(void)close(fd);
}

static void garbage_is_hung_up(void **state)
{
	static const char junk[] = "GET / HTTP/1.1\r\n\r\n";
	struct wire_client *c = wire_kit_client(wire_kit.author);
	struct wire_reply rp;
	struct sl_why why = {0};
	char error[32];
	int fd = raw_connect();

	(void)state;
	raw_send(fd, junk, sizeof(junk));
	raw_answer(fd, error);
	assert_string_equal(error, "");
	(void)close(fd);
	/* A length beyond the maximum is refused before any memory is taken. */
	fd = raw_connect();
	assert_int_equal(file_write_all(fd, "\1\0\0\0\1\0\0\0\0", 9), SL_OK);
	raw_answer(fd, error);
	assert_string_equal(error, "");
	(void)close(fd);
	/* Everyone else is served as before. */
	if (wire_ask(c, "echo", NULL, NULL, 0, &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	wire_reply_release(&rp);
	wire_client_close(c);
}

static void too_many_peers_are_turned_away(void **state)
{
	int fd[100], refused_peers = 0;
	struct wire_client *c = wire_kit_client(wire_kit.author);
	struct wire_reply rp;
	struct sl_why why = {0};

	(void)state;
	if (wire_ask(c, "echo", NULL, NULL, 0, &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	wire_reply_release(&rp);
	for (int i = 0; i < 100; i++) {
		uint8_t b;

		fd[i] = raw_connect();
		/* Turned away after the greeting: the end of file is the answer. */
		if (fd[i] < 0 || (i >= 70 && read(fd[i], &b, 1) == 0))
			refused_peers++;
	}
	assert_true(refused_peers >= 25);
	if (wire_ask(c, "echo", NULL, NULL, 0, &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	wire_reply_release(&rp);
	for (int i = 0; i < 100; i++)
		file_close(fd[i]);
	wire_client_close(c);
}

/* A peer that has been answered once: the server may still count those of the test before. */
static int admitted_peer(uint8_t nonce)
{
	int64_t deadline = clock_mono_ms() + 20000;
	char error[32] = "";
	int fd = -1;

	while (error[0] == '\0') {
		static const struct timespec pause = {.tv_nsec = 10000000};
		struct buf b;

		file_close(fd);
		(void)nanosleep(&pause, NULL);
		assert_true(clock_mono_ms() < deadline);
		fd = raw_connect();
		if (fd < 0)
			continue;
		request_bytes(&b, wire_kit.author, key_public(wire_kit.desk), clock_now_ms(),
			      nonce);
		if (raw_try(fd, b.data, b.len))
			raw_answer(fd, error);
		buf_release(&b);
	}
	return fd;
}

/* Answers were once lost when two were on their way at the same time. */
static void every_request_is_answered(void **state)
{
	enum { PEERS = 8, EACH = 16 };
	int fd[PEERS];
	char error[32];

	(void)state;
	for (int i = 0; i < PEERS; i++)
		fd[i] = admitted_peer((uint8_t)(50 + i));
	for (int n = 0; n < EACH; n++) {
		for (int i = 0; i < PEERS; i++) {
			struct buf b;

			request_bytes(&b, wire_kit.author, key_public(wire_kit.desk),
				      clock_now_ms(), (uint8_t)(100 + n * PEERS + i));
			raw_send(fd[i], b.data, b.len);
			buf_release(&b);
		}
	}
	for (int i = 0; i < PEERS; i++) {
		for (int n = 0; n < EACH; n++) {
			raw_answer(fd[i], error);
			assert_true(strcmp(error, "ok") == 0 || strcmp(error, "replay") == 0);
		}
		(void)close(fd[i]);
	}
}

static void restart_forgets_nothing(void **state)
{
	struct buf b;
	char error[32];
	int fd = raw_connect();

	(void)state;
	request_bytes(&b, wire_kit.author, key_public(wire_kit.desk), clock_now_ms(), 77);
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "ok");
	(void)close(fd);
	wire_kit_halt();
	wire_kit_start(clock_now_ms() + 1);
	fd = raw_connect();
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "expired");
	(void)close(fd);
	buf_release(&b);
	/* A desk that knows a later time than its clock accepts nothing. */
	wire_kit_halt();
	wire_kit_start(clock_now_ms() + 10 * WIRE_SKEW_MS);
	fd = raw_connect();
	request_bytes(&b, wire_kit.author, key_public(wire_kit.desk), clock_now_ms(), 78);
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "expired");
	buf_release(&b);
	(void)close(fd);
	wire_kit_halt();
	wire_kit_start(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replay_stale_and_foreign),
		cmocka_unit_test(garbage_is_hung_up),
		cmocka_unit_test(too_many_peers_are_turned_away),
		cmocka_unit_test(every_request_is_answered),
		cmocka_unit_test(restart_forgets_nothing),
	};
	return cmocka_run_group_tests(tests, wire_kit_setup, wire_kit_teardown);
}
