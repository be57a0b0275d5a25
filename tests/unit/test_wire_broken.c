/* Connections that break off, in every way and in numbers: whoever asks properly is answered.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/listeners.h"
#include "wire_kit.h"

enum { ROUNDS = 40, ANSWER_MS = 10000 };

static const uint8_t hello[8] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};

static const struct breaking {
	const char *name;
	const char *bytes;
	size_t len;
	bool greeted; /* waits for the server's greeting first */
	bool held;    /* stays open until the end */
	bool reset;   /* ends with a reset where the transport has one */
} breakings[] = {
	{"nothing", "", 0, false, false, false},
	{"nothing, reset", "", 0, false, false, true},
	{"nothing, after the greeting", "", 0, true, false, false},
	{"1 byte", "\0", 1, false, false, false},
	{"2 bytes", "\0S", 2, false, false, false},
	{"3 bytes", "\0SP", 3, false, false, false},
	{"4 bytes", "\0SP\0", 4, false, false, false},
	{"4 bytes, reset", "\0SP\0", 4, false, false, true},
	{"4 bytes, after the greeting", "\0SP\0", 4, true, false, true},
	{"5 bytes", "\0SP\0\0", 5, false, false, false},
	{"6 bytes", "\0SP\0\0\x30", 6, false, false, false},
	{"7 bytes", "\0SP\0\0\x30\0", 7, false, false, false},
	{"8 bytes", "\0SP\0\0\x30\0\0", 8, false, false, false},
	{"8 bytes, after the greeting", "\0SP\0\0\x30\0\0", 8, true, false, true},
	{"another protocol", "\0SP\0\0\x10\0\0", 8, true, false, false},
	{"another version", "\0SP\1\0\x30\0\0", 8, false, false, false},
	{"garbage", "GET / HTTP/1.1\r\n\r\n", 18, false, false, false},
	{"half a ClientHello", "\x16\3\1\2\0\1\0\1\xfc\3\3", 11, false, false, true},
	{"an alert", "\x15\3\3\0\2\2\x28", 7, false, false, false},
	{"slow", "\0S", 2, false, true, false},
};
enum { N_BREAKINGS = sizeof(breakings) / sizeof(breakings[0]) };

static int connect_unix(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%.100s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static int connect_port(unsigned port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* port 0: wire_kit's ipc socket. */
static int break_off(const struct breaking *b, unsigned port)
{
	struct linger now = {.l_onoff = 1};
	int fd = port != 0 ? connect_port(port) : connect_unix(wire_kit.url + 6);
	uint8_t theirs[8];

	if (b->greeted && port == 0)
		assert_int_equal(file_read_all(fd, theirs, sizeof(theirs)), SL_OK);
	/* The server may have hung up on the first byte. */
	if (b->len != 0)
		(void)send(fd, b->bytes, b->len, MSG_NOSIGNAL);
	if (b->held)
		return fd;
	if (b->reset)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(fd);
	return -1;
}

static void asked(struct client_config *cfg, const char *after)
{
	struct wire_client *c = NULL;
	struct wire_reply rp = {0};
	struct sl_why why = {0};

	assert_int_equal(wire_client_open(cfg, wire_kit.author, &c, &why), SL_OK);
	if (wire_call(c, "echo", NULL, NULL, 0, ANSWER_MS, &rp, &why) != SL_OK)
		fail_msg("not answered after \"%s\": %s", after, why.text);
	assert_int_equal(rp.error, SL_OK);
	wire_reply_release(&rp);
	wire_client_close(c);
}

/* Each way alone, then all mixed; a new client asks after each round. */
static void break_and_ask(struct client_config *cfg, unsigned port)
{
	int held[2 * ROUNDS], n_held = 0;

	for (int i = 0; i < N_BREAKINGS; i++) {
		for (int n = 0; n < ROUNDS; n++) {
			int fd = break_off(&breakings[i], port);

			if (fd >= 0)
				held[n_held++] = fd;
		}
		asked(cfg, breakings[i].name);
	}
	for (int n = 0; n < ROUNDS; n++) {
		for (int i = 0; i < N_BREAKINGS; i++) {
			int fd = break_off(&breakings[i], port);

			if (fd >= 0)
				held[n_held++] = fd;
		}
	}
	asked(cfg, "all of them");
	while (n_held > 0)
		(void)close(held[--n_held]);
	asked(cfg, "the slow ones have gone");
}

static void over_ipc(void **state)
{
	struct client_config cfg = {.gateway = wire_kit.url, .server_key = wire_kit.hex};

	(void)state;
	break_and_ask(&cfg, 0);
}

static void over_tls(void **state)
{
	char both[128], ca[128], url[64];
	const char *listen[] = {url, NULL};
	struct wire_server_options o = {.listen = listen, .tls_certificate = both};
	struct client_config cfg = {.gateway = url, .server_key = wire_kit.hex, .tls_ca = ca};
	unsigned port = wire_kit_free_port();

	(void)state;
	if (!wire_kit_certificate(both, ca))
		skip();
	(void)snprintf(url, sizeof(url), "tls+tcp://localhost:%u", port);
	wire_kit_halt();
	wire_kit_start_with(&o);
	break_and_ask(&cfg, port);
	wire_kit_halt();
	wire_kit_start(0);
}

static int renewals;

static void count_renewal(void *arg, const char *url)
{
	assert_string_equal(url, arg);
	renewals++;
}

static void pause_a_little(void)
{
	static const struct timespec pause = {.tv_nsec = 5000000};

	(void)nanosleep(&pause, NULL);
}

/* Clears the suspicion of a listener that is well, and renews one that does not answer.  The
 * clock is the test's: a second for each look. */
static void deaf_is_renewed(void **state)
{
	int64_t now = 1000, deadline = clock_mono_ms() + 30000;
	nng_socket s = NNG_SOCKET_INITIALIZER;
	char url[160], path[128];
	const char *urls[] = {url, NULL};
	struct listeners *l = NULL;
	struct sl_why why = {0};
	uint8_t theirs[8];
	int fd;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/run/watched.ipc", wire_kit.dir);
	(void)snprintf(url, sizeof(url), "ipc://%s", path);
	assert_int_equal(nng_rep0_open_raw(&s), 0);
	assert_int_equal(listeners_open(s, urls, NULL, 1024, &l, &why), SL_OK);
	listeners_on_renewal(l, count_renewal, url);
	renewals = 0;
	(void)close(connect_unix(path));
	for (int i = 0; i < 8 && renewals == 0; i++) {
		int64_t until = clock_mono_ms() + 400;

		/* A knock needs real time: NNG rests for 100 ms after a failure. */
		while (clock_mono_ms() < until)
			pause_a_little();
		assert_int_equal(listeners_check(l, now += 1000), SL_OK);
	}
	assert_int_equal(renewals, 0);
	/* The last failure, and then no way in: its socket has lost its name. */
	while (renewals == 0) {
		assert_true(clock_mono_ms() < deadline);
		if (access(path, F_OK) == 0) {
			(void)close(connect_unix(path));
			pause_a_little();
			assert_int_equal(unlink(path), 0);
		}
		pause_a_little();
		assert_int_equal(listeners_check(l, now += 1000), SL_OK);
	}
	assert_int_equal(renewals, 1);
	fd = connect_unix(path);
	assert_int_equal(file_write_all(fd, hello, sizeof(hello)), SL_OK);
	assert_int_equal(file_read_all(fd, theirs, sizeof(theirs)), SL_OK);
	assert_memory_equal(theirs, "\0SP\0\0\x31\0\0", sizeof(theirs));
	(void)close(fd);
	(void)nng_close(s);
	listeners_close(l);
}

/* Descriptors that stay taken: what came in over TLS is let go of, and nothing else. */
static void crowded_is_renewed(void **state)
{
	char both[128], ca[128], tls[64], ipc[160];
	const char *urls[] = {ipc, tls, NULL};
	nng_socket s = NNG_SOCKET_INITIALIZER;
	const struct wire_tls own = {.certificate = both};
	int64_t now = 1000, deadline = clock_mono_ms() + 30000;
	unsigned port = wire_kit_free_port();
	struct rlimit full, few;
	struct listeners *l = NULL;
	struct sl_why why = {0};
	int fd, end;
	uint8_t byte;

	(void)state;
	if (!wire_kit_certificate(both, ca))
		skip();
	(void)snprintf(tls, sizeof(tls), "tls+tcp://localhost:%u", port);
	(void)snprintf(ipc, sizeof(ipc), "ipc://%s/run/kept.ipc", wire_kit.dir);
	assert_int_equal(nng_rep0_open_raw(&s), 0);
	assert_int_equal(listeners_open(s, urls, &own, 1024, &l, &why), SL_OK);
	listeners_on_renewal(l, count_renewal, tls);
	renewals = 0;
	fd = connect_port(port);
	/* Room for the listener itself and a little more, all in the upper half. */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &full), 0);
	few = full;
	end = dup(fd);
	(void)close(end);
	few.rlim_cur = (rlim_t)end + (rlim_t)end / 2;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	/* A short while is nothing; so is one that ended in between. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(listeners_check(l, now += 1000), SL_OK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &full), 0);
	assert_int_equal(listeners_check(l, now += 1000), SL_OK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(listeners_check(l, now += 1000), SL_OK);
	assert_int_equal(renewals, 0);
	while (renewals == 0) {
		assert_true(clock_mono_ms() < deadline);
		assert_int_equal(listeners_check(l, now += 100), SL_OK);
		pause_a_little();
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &full), 0);
	assert_true(read(fd, &byte, 1) <= 0);
	(void)close(fd);
	(void)close(connect_port(port));
	(void)nng_close(s);
	listeners_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_ipc),
		cmocka_unit_test(over_tls),
		cmocka_unit_test(deaf_is_renewed),
		cmocka_unit_test(crowded_is_renewed),
	};
	return cmocka_run_group_tests(tests, wire_kit_setup, wire_kit_teardown);
}
