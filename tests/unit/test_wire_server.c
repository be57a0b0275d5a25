/* A real server on ipc:// and tls+tcp:// in a thread, spoken to by good and by bad clients. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "wire/client.h"
#include "wire/pipe.h"
#include "wire/server.h"

static struct fixture {
	char dir[64], url[128], hex[65];
	struct key *author, *stranger, *desk;
	struct wire_server *server;
	atomic_int stop; /* of the thread that serves */
	atomic_int refused;
	pthread_t thread;
} fx;

static int identify(void *arg, const char *keyid, struct wire_peer *ret_peer,
		    uint8_t ret_public[KEY_PUBLIC])
{
	(void)arg;
	if (strcmp(keyid, key_id(fx.author)) != 0)
		return SL_E_DENIED;
	memcpy(ret_public, key_public(fx.author), KEY_PUBLIC);
	(void)snprintf(ret_peer->pid, sizeof(ret_peer->pid), "p-01");
	return SL_OK;
}

static void refused(void *arg, const char *keyid, const char *op, int error)
{
	(void)arg;
	(void)keyid;
	(void)op;
	atomic_store(&fx.refused, error);
}

static int op_echo(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		   struct wire_reply *ret, struct sl_why *why)
{
	(void)arg;
	(void)why;
	ret->result = json_pack("{s:s}", "pid", peer->pid);
	buf_put(&ret->data, rq->data, rq->data_len);
	return buf_error(&ret->data);
}

static int op_fail(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		   struct wire_reply *ret, struct sl_why *why)
{
	(void)arg;
	(void)peer;
	(void)rq;
	ret->result = json_pack("{s:s}", "secret", "must not leave with a refusal");
	return why_set(why, SL_E_STATE, "not now");
}

static void *serve(void *arg)
{
	(void)arg;
	assert_int_equal(wire_server_run(fx.server, &fx.stop, 20, NULL), SL_OK);
	return NULL;
}

static const struct wire_op ops[] = {
	{"echo", WIRE_DATA_MAX, op_echo, NULL},
	{"fail", 0, op_fail, NULL},
	{NULL, 0, NULL, NULL},
};

static void start(int64_t known_ms)
{
	const char *listen[] = {fx.url, NULL};
	struct wire_server_options o = {.listen = listen,
					.identity = fx.desk,
					.ops = ops,
					.identify = identify,
					.refused = refused,
					.peers_max = 60,
					.known_ms = known_ms};
	struct sl_why why = {0};

	atomic_store(&fx.stop, 0);
	if (wire_server_open(&o, &fx.server, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(pthread_create(&fx.thread, NULL, serve, NULL), 0);
}

static void halt(void)
{
	atomic_store(&fx.stop, 1);
	assert_int_equal(pthread_join(fx.thread, NULL), 0);
	wire_server_close(fx.server);
	fx.server = NULL;
}

static int setup(void **state)
{
	uint8_t seed[32] = {7};

	(void)state;
	assert_int_equal(crypto_start(), SL_OK);
	assert_int_equal(key_generate(KEY_DSSE_AUTHOR, seed, &fx.author), SL_OK);
	seed[0]++;
	assert_int_equal(key_generate(KEY_DSSE_AUTHOR, seed, &fx.stranger), SL_OK);
	seed[0]++;
	assert_int_equal(key_generate(KEY_DESK, seed, &fx.desk), SL_OK);
	(void)snprintf(fx.dir, sizeof(fx.dir), "/tmp/sl-wire-XXXXXX");
	assert_non_null(mkdtemp(fx.dir));
	(void)snprintf(fx.url, sizeof(fx.url), "ipc://%s/run/desk.ipc", fx.dir);
	for (int i = 0; i < KEY_PUBLIC; i++)
		(void)snprintf(fx.hex + 2 * i, 3, "%02x", key_public(fx.desk)[i]);
	start(0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	halt();
	key_free(fx.author);
	key_free(fx.stranger);
	key_free(fx.desk);
	return file_remove_tree(AT_FDCWD, fx.dir);
}

static struct wire_client *client(const struct key *k)
{
	struct client_config c = {.gateway = fx.url, .server_key = fx.hex};
	struct wire_client *w = NULL;
	struct sl_why why = {0};

	if (wire_client_open(&c, k, &w, &why) != SL_OK)
		fail_msg("%s", why.text);
	return w;
}

static void echo(void **state)
{
	struct wire_client *c = client(fx.author);
	static char data[WIRE_DATA_MAX];
	struct wire_reply rp;
	struct sl_why why = {0};

	(void)state;
	if (wire_ask(c, "echo", NULL, data, sizeof(data), &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_string_equal(json_str(rp.result, "pid"), "p-01");
	assert_int_equal(rp.data.len, sizeof(data));
	wire_reply_release(&rp);
	wire_client_close(c);
}

static void socket_is_private(void **state)
{
	struct stat st;
	char path[128];

	(void)state;
	assert_int_equal(stat(fx.url + 6, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_join(path, sizeof(path), fx.dir, "run"), SL_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void refusals(void **state)
{
	static const struct {
		const char *name, *op;
		size_t data_len;
		bool stranger;
		int want, want_refused;
	} rows[] = {
		{"handler refuses", "fail", 0, false, SL_E_STATE, 0},
		{"unknown operation", "rm", 0, false, SL_E_UNSUPPORTED, SL_E_UNSUPPORTED},
		{"too much data", "fail", 1, false, SL_E_LIMIT, SL_E_LIMIT},
		{"unknown key", "echo", 0, true, SL_E_DENIED, SL_E_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_client *c = client(rows[i].stranger ? fx.stranger : fx.author);
		struct wire_reply rp;
		struct sl_why why = {0};

		atomic_store(&fx.refused, 0);
		assert_int_equal(
			wire_call(c, rows[i].op, NULL, "x", rows[i].data_len, 5000, &rp, &why),
			SL_OK);
		if (rp.error != rows[i].want ||
		    atomic_load(&fx.refused) != rows[i].want_refused)
			fail_msg("%s: %s", rows[i].name, rp.why.text);
		assert_int_equal(json_object_size(rp.result), 0);
		wire_reply_release(&rp);
		wire_client_close(c);
	}
}

/* Speak the SP protocol over the plain socket: what an attacker can do. */
static int raw_connect(void)
{
	static const uint8_t hello[8] = {0, 'S', 'P', 0, 0, 0x30, 0, 0};
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint8_t theirs[8];

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%.90s", fx.url + 6);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(file_write_all(fd, hello, sizeof(hello)), SL_OK);
	if (file_read_all(fd, theirs, sizeof(theirs)) != SL_OK) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void raw_send(int fd, const void *bytes, size_t len)
{
	struct buf b;

	buf_init(&b, 2 * WIRE_REQUEST_MAX);
	buf_put_u8(&b, 1);
	buf_put_u64(&b, len + 4);
	buf_put_u32(&b, 0x80000001u);
	buf_put(&b, bytes, len);
	assert_int_equal(file_write_all(fd, b.data, b.len), SL_OK);
	buf_release(&b);
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
		request_bytes(&b, fx.author,
			      key_public(rows[i].change == OTHER_DESK ? fx.stranger : fx.desk),
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
	struct wire_client *c = client(fx.author);
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
	struct wire_client *c = client(fx.author);
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

/* Answers were once lost when two were on their way at the same time. */
static void every_request_is_answered(void **state)
{
	enum { PEERS = 8, EACH = 16 };
	int fd[PEERS];
	char error[32];

	(void)state;
	for (int i = 0; i < PEERS; i++)
		fd[i] = raw_connect();
	for (int n = 0; n < EACH; n++) {
		for (int i = 0; i < PEERS; i++) {
			struct buf b;

			request_bytes(&b, fx.author, key_public(fx.desk), clock_now_ms(),
				      (uint8_t)(100 + n * PEERS + i));
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
	request_bytes(&b, fx.author, key_public(fx.desk), clock_now_ms(), 77);
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "ok");
	(void)close(fd);
	halt();
	start(clock_now_ms() + 1);
	fd = raw_connect();
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "expired");
	(void)close(fd);
	buf_release(&b);
	/* A desk that knows a later time than its clock accepts nothing. */
	halt();
	start(clock_now_ms() + 10 * WIRE_SKEW_MS);
	fd = raw_connect();
	request_bytes(&b, fx.author, key_public(fx.desk), clock_now_ms(), 78);
	raw_send(fd, b.data, b.len);
	raw_answer(fd, error);
	assert_string_equal(error, "expired");
	buf_release(&b);
	(void)close(fd);
	halt();
	start(0);
}

static void client_configuration(void **state)
{
	char hex[65];
	struct client_config rows[] = {
		{.gateway = NULL, .server_key = hex},
		{.gateway = fx.url, .server_key = NULL},
		{.gateway = fx.url, .server_key = (char[]){"abc"}},
		{.gateway = (char[]){"tcp://127.0.0.1:1"}, .server_key = hex},
		{.gateway = (char[]){"tls+tcp://127.0.0.1:1"}, .server_key = hex},
	};
	struct wire_client *c = NULL;
	struct sl_why why;

	(void)state;
	memcpy(hex, fx.hex, sizeof(hex));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wire_client_open(&rows[i], fx.author, &c, &why), SL_E_CONFIG);
	assert_null(c);
}

static void unreachable_and_impostor(void **state)
{
	struct client_config cfg = {.server_key = fx.hex};
	struct wire_client *c = NULL;
	struct wire_reply rp;
	struct sl_why why = {0};
	char url[160], other[65];

	(void)state;
	(void)snprintf(url, sizeof(url), "ipc://%s/run/nobody.ipc", fx.dir);
	cfg.gateway = url;
	assert_int_equal(wire_client_open(&cfg, fx.author, &c, &why), SL_OK);
	assert_int_equal(wire_call(c, "echo", NULL, NULL, 0, 1000, &rp, &why),
			 SL_E_UNREACHABLE);
	wire_client_close(c);
	/* The right socket, the wrong desk behind it. */
	memcpy(other, fx.hex, sizeof(other));
	other[0] = other[0] == '0' ? '1' : '0';
	cfg.gateway = fx.url;
	cfg.server_key = other;
	assert_int_equal(wire_client_open(&cfg, fx.author, &c, &why), SL_OK);
	assert_int_equal(wire_call(c, "echo", NULL, NULL, 0, 5000, &rp, &why), SL_E_SIGNATURE);
	wire_client_close(c);
}

/* A throw-away certificate for localhost, made by openssl; false when there is none. */
static bool make_certificate(const char *both, const char *ca)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		(void)close(STDERR_FILENO); /* its progress dots */
		(void)execlp("openssl", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
			     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
			     "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
			     "-keyout", both, "-out", ca, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static unsigned free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	(void)close(fd);
	return ntohs(a.sin_port);
}

static void tls(void **state)
{
	char both[128], ca[128], url[64], other[64];
	const char *listen[] = {url, NULL};
	struct wire_server_options o = {.listen = listen,
					.identity = fx.desk,
					.ops = ops,
					.identify = identify,
					.refused = refused,
					.tls_certificate = both};
	struct client_config cfg = {.gateway = url, .server_key = fx.hex, .tls_ca = ca};
	struct wire_client *c = NULL;
	struct wire_reply rp;
	struct sl_why why = {0};
	unsigned port = free_port();
	struct buf pem;

	(void)state;
	assert_int_equal(file_join(both, sizeof(both), fx.dir, "both.pem"), SL_OK);
	assert_int_equal(file_join(ca, sizeof(ca), fx.dir, "ca.pem"), SL_OK);
	if (!make_certificate(both, ca))
		skip();
	buf_init(&pem, 65536); /* certificate and key in one file */
	assert_int_equal(file_read(AT_FDCWD, ca, 65536, &pem), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, both, 65536, &pem), SL_OK);
	assert_int_equal(file_write_durable(AT_FDCWD, both, pem.data, pem.len, 0600), SL_OK);
	buf_release(&pem);
	(void)snprintf(url, sizeof(url), "tls+tcp://localhost:%u", port);
	halt();
	if (wire_server_open(&o, &fx.server, &why) != SL_OK)
		fail_msg("%s", why.text);
	atomic_store(&fx.stop, 0);
	assert_int_equal(pthread_create(&fx.thread, NULL, serve, NULL), 0);

	assert_int_equal(wire_client_open(&cfg, fx.author, &c, &why), SL_OK);
	if (wire_ask(c, "echo", NULL, "x", 1, &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	wire_reply_release(&rp);
	wire_client_close(c);
	/* The same server under a name that its certificate does not carry. */
	(void)snprintf(other, sizeof(other), "tls+tcp://127.0.0.1:%u", port);
	cfg.gateway = other;
	assert_int_equal(wire_client_open(&cfg, fx.author, &c, &why), SL_OK);
	assert_int_not_equal(wire_call(c, "echo", NULL, NULL, 0, 5000, &rp, &why), SL_OK);
	wire_client_close(c);
	halt();
	start(0);
}

static void pipes(void **state)
{
	struct wire_pipe *pull = NULL, *push = NULL, *pub = NULL, *sub = NULL;
	struct sl_why why = {0};
	char url[160];
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	(void)snprintf(url, sizeof(url), "ipc://%s/run/link.ipc", fx.dir);
	assert_int_equal(wire_push_open(url, NULL, &push, &why), SL_OK);
	assert_int_equal(wire_pipe_send(push, "x", 1, 20), SL_E_TIMEOUT);
	assert_int_equal(wire_pull_open(url, NULL, 1024, &pull, &why), SL_OK);
	assert_int_equal(wire_pipe_send(push, "unit", 4, 5000), SL_OK);
	assert_int_equal(wire_pipe_recv(pull, &b, 5000), SL_OK);
	assert_string_equal(buf_str(&b), "unit");
	assert_int_equal(wire_pipe_recv(pull, &b, 10), SL_E_TIMEOUT);
	assert_int_not_equal(wire_pipe_recv(push, &b, 10), SL_OK); /* a sender cannot receive */
	assert_int_not_equal(wire_pipe_send(pull, "x", 1, 10), SL_OK);
	(void)snprintf(url, sizeof(url), "ipc://%s/run/pub.ipc", fx.dir);
	assert_int_equal(wire_pub_open(url, &pub, &why), SL_OK);
	assert_int_equal(wire_sub_open(url, "new", &sub, &why), SL_OK);
	buf_clear(&b);
	while (b.len == 0) { /* subscribed when the first one arrives */
		assert_int_equal(wire_pipe_send(pub, "new 7", 5, 1000), SL_OK);
		if (wire_pipe_recv(sub, &b, 20) != SL_OK)
			continue;
	}
	assert_string_equal(buf_str(&b), "new 7");
	wire_pipe_close(pull);
	wire_pipe_close(push);
	wire_pipe_close(pub);
	wire_pipe_close(sub);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo),
		cmocka_unit_test(socket_is_private),
		cmocka_unit_test(refusals),
		cmocka_unit_test(replay_stale_and_foreign),
		cmocka_unit_test(garbage_is_hung_up),
		cmocka_unit_test(too_many_peers_are_turned_away),
		cmocka_unit_test(every_request_is_answered),
		cmocka_unit_test(restart_forgets_nothing),
		cmocka_unit_test(client_configuration),
		cmocka_unit_test(unreachable_and_impostor),
		cmocka_unit_test(tls),
		cmocka_unit_test(pipes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
