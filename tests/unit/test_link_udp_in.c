/* test_link_udp_in.c - the receiving socket: every kind of length, together and alone. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "link/udp_in.h"
#include "outlet_kit.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { LONGEST = 65507, DEADLINE_MS = 20000 };

struct both {
	struct udp_in *in;
	int out; /* connected to it */
	uint8_t *bytes;
	char address[32];
};

/* A free port: whoever takes it between the two binds makes us try another. */
static void both_open(struct both *b, uint64_t buffer)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int r = SL_E_IO;

	for (int i = 0; i < 100 && r != SL_OK; i++) {
		struct sockaddr_in free_one = a;
		socklen_t len = sizeof(free_one);
		int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		assert_true(probe >= 0);
		assert_int_equal(bind(probe, (struct sockaddr *)&free_one, len), 0);
		assert_int_equal(getsockname(probe, (struct sockaddr *)&free_one, &len), 0);
		file_close(probe);
		a.sin_port = free_one.sin_port;
		(void)snprintf(b->address, sizeof(b->address), "127.0.0.1:%u",
			       (unsigned)ntohs(a.sin_port));
		r = udp_in_open(b->address, buffer, &b->in, NULL);
	}
	assert_int_equal(r, SL_OK);
	b->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(b->out >= 0);
	assert_int_equal(connect(b->out, (struct sockaddr *)&a, sizeof(a)), 0);
	b->bytes = malloc(LONGEST);
	assert_non_null(b->bytes);
	for (size_t i = 0; i < LONGEST; i++)
		b->bytes[i] = (uint8_t)(i * 7 + i / 251);
}

static void both_close(struct both *b)
{
	udp_in_close(b->in);
	file_close(b->out);
	free(b->bytes);
}

struct got {
	const uint8_t *want;
	size_t len[256];
	unsigned n;
	int answer;
};

static int note(void *arg, const struct iovec *datagrams, unsigned n)
{
	struct got *g = arg;

	assert_in_range(n, 1, UDP_IN_TAKE);
	for (unsigned i = 0; i < n; i++) {
		assert_true(g->n < 256);
		assert_memory_equal(datagrams[i].iov_base, g->want, datagrams[i].iov_len);
		g->len[g->n++] = datagrams[i].iov_len;
	}
	return g->answer;
}

static void receive(struct both *b, struct got *g, unsigned n)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;

	while (g->n < n && clock_mono_ms() < end)
		assert_true(udp_in_recv(b->in, 1000, note, g) >= 0);
	assert_int_equal(g->n, n);
}

static void test_lengths(void **state)
{
	static const size_t lengths[] = {0,    1,    21,   37,	  38,	 39,   64,
					 1472, 1473, 8972, 32768, 65506, 65507};
	struct got g = {.n = 0};
	struct both b;

	(void)state;
	both_open(&b, 1 << 20);
	g.want = b.bytes;
	for (unsigned i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		ssize_t n = send(b.out, b.bytes, lengths[i], 0);

		assert_int_equal(n, lengths[i]);
		receive(&b, &g, i + 1);
		assert_int_equal(g.len[i], lengths[i]);
	}
	assert_int_equal(udp_in_recv(b.in, 0, note, &g), 0);
	both_close(&b);
}

/* Many at once, in one piece for the kernel where it can: they come out one by one. */
static void test_together(void **state)
{
	struct got g = {.n = 0};
	int segment = 1000;
	struct both b;

	(void)state;
	both_open(&b, 1 << 20);
	g.want = b.bytes;
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(send(b.out, b.bytes, 1000, 0), 1000);
	receive(&b, &g, 50);
	/* More than the taker gets at a time. */
	for (unsigned i = 0; i < UDP_IN_TAKE + 6; i++)
		assert_int_equal(send(b.out, b.bytes, 1, 0), 1);
	receive(&b, &g, 50 + UDP_IN_TAKE + 6);
	g.n = 50;
	/* 20 alike and a shorter one; each must begin with the same bytes. */
	if (setsockopt(b.out, SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment)) == 0) {
		for (unsigned i = 1; i < 21; i++)
			memcpy(b.bytes + (size_t)i * 1000, b.bytes, 1000);
		assert_int_equal(send(b.out, b.bytes, 20400, 0), 20400);
		receive(&b, &g, 71);
		assert_int_equal(g.len[69], 1000);
		assert_int_equal(g.len[70], 400);
	}
	both_close(&b);
}

static void test_taker_ends_batch(void **state)
{
	struct got g = {.n = 0, .answer = SL_E_IO};
	struct both b;

	(void)state;
	both_open(&b, 1 << 20);
	g.want = b.bytes;
	assert_int_equal(send(b.out, b.bytes, 10, 0), 10);
	assert_int_equal(udp_in_recv(b.in, DEADLINE_MS, note, &g), SL_E_IO);
	assert_int_equal(g.n, 1);
	both_close(&b);
}

/* A buffer that is far too small: what the kernel drops is counted. */
static void test_overflow(void **state)
{
	struct udp_in_sizes sizes;
	struct got g = {.n = 0};
	unsigned sent = 0;
	struct both b;

	(void)state;
	both_open(&b, 4096);
	g.want = b.bytes;
	udp_in_sizes(b.in, &sizes);
	assert_int_equal(sizes.asked, 4096);
	assert_true(sizes.got >= 1);
	assert_int_equal(sizes.overflowed, 0);
	for (; sent < 100; sent++)
		assert_int_equal(send(b.out, b.bytes, 1000, 0), 1000);
	assert_true(udp_in_recv(b.in, DEADLINE_MS, note, &g) > 0);
	/* The count comes with the next datagram that fits. */
	assert_int_equal(send(b.out, b.bytes, 1000, 0), 1000);
	receive(&b, &g, g.n + 1);
	udp_in_sizes(b.in, &sizes);
	assert_int_equal(sizes.overflowed + g.n, sent + 1);
	both_close(&b);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *listen;
		int want;
	} rows[] = {{"127.0.0.1", SL_E_CONFIG},
		    {"localhost:9", SL_E_CONFIG},
		    {"127.0.0.1:0", SL_E_CONFIG},
		    {"192.0.2.77:9", SL_E_IO}};
	struct udp_in *in = NULL;
	struct sl_why why;
	struct both b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (udp_in_open(rows[i].listen, 1 << 16, &in, &why) != rows[i].want)
			fail_msg("%s", rows[i].listen);
		assert_non_null(strstr(why.text, rows[i].listen));
	}
	both_open(&b, 1 << 16);
	assert_int_equal(udp_in_open(b.address, 1 << 16, &in, &why), SL_E_IO); /* taken */
	both_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),		 cmocka_unit_test(test_together),
		cmocka_unit_test(test_taker_ends_batch), cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
