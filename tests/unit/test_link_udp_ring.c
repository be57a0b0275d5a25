/* test_link_udp_ring.c - a thread empties the socket: in order, whole, bounded. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "link/udp_ring.h"

enum { LONGEST = 65507, DEADLINE_MS = 20000 };

struct both {
	struct udp_in *in;
	struct udp_ring *ring;
	int out;
	uint32_t sent, got;
	int answer; /* of the taker */
};

static void both_open(struct both *b)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char address[32];
	int r = SL_E_IO;

	*b = (struct both){.answer = 0};
	for (int i = 0; i < 100 && r != SL_OK; i++) {
		struct sockaddr_in free_one = a;
		socklen_t len = sizeof(free_one);
		int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		assert_int_equal(bind(probe, (struct sockaddr *)&free_one, len), 0);
		assert_int_equal(getsockname(probe, (struct sockaddr *)&free_one, &len), 0);
		file_close(probe);
		a.sin_port = free_one.sin_port;
		(void)snprintf(address, sizeof(address), "127.0.0.1:%u",
			       (unsigned)ntohs(a.sin_port));
		r = udp_in_open(address, 1 << 20, &b->in, NULL);
	}
	assert_int_equal(r, SL_OK);
	b->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(b->out, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(udp_ring_start(b->in, UDP_RING_LEAST, &b->ring), SL_OK);
}

static void both_close(struct both *b)
{
	udp_ring_stop(b->ring);
	udp_in_close(b->in);
	file_close(b->out);
}

/* The n-th datagram: its length and every byte of it follow from n. */
static size_t make(uint32_t n, uint8_t *out)
{
	static const size_t lengths[] = {0, 1, 7, 8, 9, 1472, LONGEST, 100, 8972, 65000};
	size_t len = lengths[n % (sizeof(lengths) / sizeof(*lengths))];

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(n * 31 + i);
	return len;
}

static void send_one(struct both *b)
{
	static uint8_t bytes[LONGEST];
	size_t len = make(b->sent++, bytes);

	assert_int_equal(send(b->out, bytes, len, 0), len);
}

static int take(void *arg, const struct iovec *datagrams, unsigned n)
{
	static uint8_t want[LONGEST];
	struct both *b = arg;

	assert_in_range(n, 1, UDP_IN_TAKE);
	for (unsigned i = 0; i < n; i++) {
		size_t len = make(b->got++, want);

		assert_int_equal(datagrams[i].iov_len, len);
		assert_memory_equal(datagrams[i].iov_base, want, len);
	}
	return b->answer;
}

static void receive(struct both *b)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;

	while (b->got < b->sent && clock_mono_ms() < end)
		assert_true(udp_ring_recv(b->ring, 1000, take, b) >= 0);
	assert_int_equal(b->got, b->sent);
}

/* Many turns of the memory, taken at once and in lots; zeros and the longest among them. */
static void test_in_order(void **state)
{
	struct udp_in_sizes sizes;
	struct both b;

	(void)state;
	both_open(&b);
	for (unsigned lot = 1; lot <= 12; lot++) {
		for (unsigned round = 0; round < 20; round++) {
			for (unsigned i = 0; i < lot; i++)
				send_one(&b);
			receive(&b);
		}
	}
	assert_int_equal(udp_ring_recv(b.ring, 0, take, &b), 0);
	udp_ring_sizes(b.ring, &sizes);
	assert_int_equal(sizes.overflowed, 0);
	both_close(&b);
}

static int just_count(void *arg, const struct iovec *datagrams, unsigned n)
{
	struct both *b = arg;

	(void)datagrams;
	b->got += n;
	return 0;
}

/* Nobody takes: memory stays as it is, and the kernel counts what it had to drop. */
static void test_full(void **state)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;
	struct udp_in_sizes sizes = {.overflowed = 0};
	struct both b;

	(void)state;
	both_open(&b);
	for (unsigned i = 0; i < 200; i++)
		send_one(&b);
	do {
		int n = udp_ring_recv(b.ring, 20, just_count, &b);

		assert_true(n >= 0);
		udp_ring_sizes(b.ring, &sizes);
		/* The count comes with the next one that fits. */
		if (n == 0 && b.got + sizes.overflowed < b.sent)
			send_one(&b);
	} while (b.got + sizes.overflowed < b.sent && clock_mono_ms() < end);
	assert_true(sizes.overflowed > 0);
	assert_int_equal(b.got + sizes.overflowed, b.sent);
	both_close(&b);
}

/* Ending it never hangs: full, or while somebody has not taken all. */
static void test_stop(void **state)
{
	struct both b;

	(void)state;
	both_open(&b);
	both_close(&b);
	both_open(&b);
	for (unsigned i = 0; i < 100; i++)
		send_one(&b);
	both_close(&b);
	both_open(&b);
	b.answer = SL_E_IO;
	send_one(&b);
	assert_int_equal(udp_ring_recv(b.ring, DEADLINE_MS, take, &b), SL_E_IO);
	both_close(&b);
	udp_ring_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
