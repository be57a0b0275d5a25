/* test_link_udp_out.c - the sending socket against a receiver on loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "link/udp_out.h"
#include "trust_kit.h"

enum { DEADLINE_MS = 20000, BUFFER = 8 << 20 };

struct ear {
	int fd;
	char address[64]; /* as configuration has it */
};

static void ear_open(struct ear *e, bool six)
{
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in a4 = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *a = six ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4;
	socklen_t len = six ? sizeof(a6) : sizeof(a4);
	int buffer = BUFFER;

	e->fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(e->fd >= 0);
	(void)setsockopt(e->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	assert_int_equal(bind(e->fd, a, len), 0);
	assert_int_equal(getsockname(e->fd, a, &len), 0);
	if (six)
		(void)snprintf(e->address, sizeof(e->address), "[::1]:%u",
			       (unsigned)ntohs(a6.sin6_port));
	else
		(void)snprintf(e->address, sizeof(e->address), "127.0.0.1:%u",
			       (unsigned)ntohs(a4.sin_port));
}

static size_t hear(const struct ear *e, uint8_t *out, size_t cap, struct sockaddr_storage *from)
{
	struct pollfd p = {.fd = e->fd, .events = POLLIN};
	socklen_t len = sizeof(*from);
	ssize_t n;

	assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	n = recvfrom(e->fd, out, cap, 0, (struct sockaddr *)from, &len);
	assert_true(n >= 0);
	return (size_t)n;
}

static void fill(uint8_t *bytes, size_t len, unsigned n, unsigned first)
{
	for (unsigned i = 0; i < n; i++)
		memset(bytes + i * len, (int)((first + i) % 251), len);
}

/* Batches of every number and of sizes at the edges come out one by one, in order. */
static void check_batches(bool six, bool offload)
{
	static const size_t sizes[] = {1, 70, 1472, 8972, 65487};
	uint8_t *bytes = malloc(UDP_OUT_BATCH * (size_t)65507), *in = malloc(65536);
	struct udp_out *u = NULL;
	struct sockaddr_storage from;
	struct ear e;

	assert_true(bytes != NULL && in != NULL);
	ear_open(&e, six);
	assert_int_equal(udp_out_open(e.address, NULL, offload, &u, NULL), SL_OK);
	assert_int_equal(udp_out_six(u), six);
	if (!offload)
		assert_false(udp_out_offloads(u));
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		/* Few of the large: the receiver's buffer may be what the kernel grants. */
		unsigned most = sizes[s] > 2000 ? 2 : UDP_OUT_BATCH;

		for (unsigned n = 1; n <= most; n += n < 3 ? 1 : 61) {
			fill(bytes, sizes[s], n, n);
			assert_int_equal(udp_out_send(u, bytes, sizes[s], n), SL_OK);
			for (unsigned i = 0; i < n; i++) {
				assert_int_equal(hear(&e, in, 65536, &from), sizes[s]);
				assert_memory_equal(in, bytes + i * sizes[s], sizes[s]);
			}
		}
	}
	assert_int_equal(udp_out_icmp(u), 0);
	udp_out_close(u);
	file_close(e.fd);
	free(bytes);
	free(in);
}

static void test_batches(void **state)
{
	(void)state;
	check_batches(false, true);
	check_batches(false, false);
}

static void test_batches_six(void **state)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	(void)state;
	file_close(fd);
	if (!has) {
		print_message("this host has no IPv6\n");
		skip();
	}
	check_batches(true, true);
	check_batches(true, false);
}

/* The number of the only socket that this process opened meanwhile. */
static int socket_of_sender(int lowest_free)
{
	int type = 0;
	socklen_t len = sizeof(type);

	assert_int_equal(getsockopt(lowest_free, SOL_SOCKET, SO_TYPE, &type, &len), 0);
	assert_int_equal(type, SOCK_DGRAM);
	return lowest_free;
}

/* What the other side answers is never there to be read, with whatever call. */
static void test_deaf(void **state)
{
	struct udp_out *u = NULL;
	struct sockaddr_storage from;
	uint8_t byte = 1, in[64];
	struct ear e;
	int fd;

	(void)state;
	ear_open(&e, false);
	fd = dup(e.fd);
	assert_true(fd >= 0);
	file_close(fd); /* the lowest free one comes next */
	assert_int_equal(udp_out_open(e.address, "127.0.0.1", true, &u, NULL), SL_OK);
	fd = socket_of_sender(fd);
	assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_OK);
	assert_int_equal(hear(&e, in, sizeof(in), &from), 1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(sendto(e.fd, "answer", 6, 0, (struct sockaddr *)&from,
					sizeof(struct sockaddr_in)),
				 6);
	assert_true(recv(fd, in, sizeof(in), MSG_DONTWAIT) <= 0);
	assert_true(read(fd, in, sizeof(in)) <= 0);
	/* The filter that drops it cannot be taken off again. */
	assert_int_not_equal(
		setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &(int){0}, sizeof(int)), 0);
	assert_int_equal(errno, EPERM);
	assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_OK);
	assert_int_equal(hear(&e, in, sizeof(in), &from), 1);
	udp_out_close(u);
	file_close(e.fd);
}

/* Nobody listens there, and the host says so by ICMP: counted, never an error. */
static void test_refused(void **state)
{
	struct udp_out *u = NULL;
	uint8_t byte = 1;
	struct ear e;

	(void)state;
	ear_open(&e, false);
	file_close(e.fd);
	assert_int_equal(udp_out_open(e.address, NULL, true, &u, NULL), SL_OK);
	for (int i = 0; i < 10; i++)
		assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_OK);
	assert_true(udp_out_icmp(u) > 0);
	udp_out_close(u);
}

static void ask_kernel(unsigned long what, void *arg)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, what, arg), 0);
	file_close(fd);
}

/* What an interface that is switched off looks like.  It is no answer from the other side.
 * Leaves this process in a network of its own: the last test. */
static void test_route_gone(void **state)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	char device[] = "lo";
	struct sockaddr_in net = {.sin_family = AF_INET}, mask = net;
	struct rtentry route = {.rt_flags = RTF_UP, .rt_dev = device};
	struct udp_out *u = NULL;
	uint8_t byte = 1;

	(void)state;
	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		print_message("network namespaces are not permitted\n");
		skip();
	}
	ask_kernel(SIOCSIFFLAGS, &lo);
	assert_int_equal(inet_pton(AF_INET, "192.0.2.0", &net.sin_addr), 1);
	assert_int_equal(inet_pton(AF_INET, "255.255.255.0", &mask.sin_addr), 1);
	memcpy(&route.rt_dst, &net, sizeof(net));
	memcpy(&route.rt_genmask, &mask, sizeof(mask));
	ask_kernel(SIOCADDRT, &route);
	assert_int_equal(udp_out_open("192.0.2.9:9", NULL, true, &u, NULL), SL_OK);
	assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_OK);
	ask_kernel(SIOCDELRT, &route);
	for (int i = 0; i < 3; i++)
		assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_E_UNREACHABLE);
	assert_int_equal(udp_out_icmp(u), 0);
	ask_kernel(SIOCADDRT, &route);
	assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_OK);
	udp_out_close(u);
}

static void test_wrong(void **state)
{
	struct udp_out *u = NULL;
	struct sl_why why = {.text = ""};
	uint8_t byte = 1;

	(void)state;
	assert_int_equal(udp_out_open("outlet:8481", NULL, true, &u, &why), SL_E_CONFIG);
	assert_int_equal(udp_out_open("127.0.0.1:9", "::1", true, &u, &why), SL_E_CONFIG);
	/* An address of documentation that no interface here has: open tells, while the sender
	 * starts with it and says so each time, until the interface is there. */
	assert_int_equal(udp_out_open("127.0.0.1:9", "192.0.2.77", true, &u, &why),
			 SL_E_UNREACHABLE);
	assert_non_null(strstr(why.text, "192.0.2.77"));
	assert_int_equal(udp_out_new("127.0.0.1:9", "192.0.2.77", true, &u, &why), SL_OK);
	assert_int_equal(udp_out_send(u, &byte, 1, 1), SL_E_UNREACHABLE);
	udp_out_close(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_batches), cmocka_unit_test(test_batches_six),
		cmocka_unit_test(test_deaf),	cmocka_unit_test(test_refused),
		cmocka_unit_test(test_wrong),	cmocka_unit_test(test_route_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
