/* wire_kit.c - see wire_kit.h. */
#include "wire_kit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"

struct wire_kit wire_kit;

static int identify(void *arg, const char *keyid, struct wire_peer *ret_peer,
		    uint8_t ret_public[KEY_PUBLIC])
{
	(void)arg;
	if (strcmp(keyid, key_id(wire_kit.author)) != 0)
		return SL_E_DENIED;
	memcpy(ret_public, key_public(wire_kit.author), KEY_PUBLIC);
	(void)snprintf(ret_peer->pid, sizeof(ret_peer->pid), "p-01");
	return SL_OK;
}

static void refused(void *arg, const char *keyid, const char *op, int error)
{
	(void)arg;
	(void)keyid;
	(void)op;
	atomic_store(&wire_kit.refused, error);
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
	assert_int_equal(wire_server_run(wire_kit.server, &wire_kit.stop, 20, NULL), SL_OK);
	return NULL;
}

const struct wire_op wire_kit_ops[] = {
	{"echo", WIRE_DATA_MAX, op_echo, NULL},
	{"fail", 0, op_fail, NULL},
	{NULL, 0, NULL, NULL},
};

void wire_kit_start_with(const struct wire_server_options *o)
{
	struct wire_server_options full = *o;
	struct sl_why why = {0};

	full.identity = wire_kit.desk;
	full.ops = wire_kit_ops;
	full.identify = identify;
	full.refused = refused;
	atomic_store(&wire_kit.stop, 0);
	if (wire_server_open(&full, &wire_kit.server, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(pthread_create(&wire_kit.thread, NULL, serve, NULL), 0);
}

void wire_kit_start(int64_t known_ms)
{
	const char *listen[] = {wire_kit.url, NULL};
	struct wire_server_options o = {
		.listen = listen, .peers_max = 60, .known_ms = known_ms};

	wire_kit_start_with(&o);
}

void wire_kit_halt(void)
{
	atomic_store(&wire_kit.stop, 1);
	assert_int_equal(pthread_join(wire_kit.thread, NULL), 0);
	wire_server_close(wire_kit.server);
	wire_kit.server = NULL;
}

int wire_kit_setup(void **state)
{
	uint8_t seed[32] = {7};

	(void)state;
	/* A server that hangs up on garbage may do so while it is still being sent. */
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(crypto_start(), SL_OK);
	assert_int_equal(key_generate(KEY_DSSE_AUTHOR, seed, &wire_kit.author), SL_OK);
	seed[0]++;
	assert_int_equal(key_generate(KEY_DSSE_AUTHOR, seed, &wire_kit.stranger), SL_OK);
	seed[0]++;
	assert_int_equal(key_generate(KEY_DESK, seed, &wire_kit.desk), SL_OK);
	(void)snprintf(wire_kit.dir, sizeof(wire_kit.dir), "/tmp/sl-wire-XXXXXX");
	assert_non_null(mkdtemp(wire_kit.dir));
	(void)snprintf(wire_kit.url, sizeof(wire_kit.url), "ipc://%s/run/desk.ipc",
		       wire_kit.dir);
	for (int i = 0; i < KEY_PUBLIC; i++)
		(void)snprintf(wire_kit.hex + 2 * i, 3, "%02x", key_public(wire_kit.desk)[i]);
	wire_kit_start(0);
	return 0;
}

int wire_kit_teardown(void **state)
{
	(void)state;
	wire_kit_halt();
	key_free(wire_kit.author);
	key_free(wire_kit.stranger);
	key_free(wire_kit.desk);
	return file_remove_tree(AT_FDCWD, wire_kit.dir);
}

struct wire_client *wire_kit_client(const struct key *k)
{
	struct client_config c = {.gateway = wire_kit.url, .server_key = wire_kit.hex};
	struct wire_client *w = NULL;
	struct sl_why why = {0};

	if (wire_client_open(&c, k, &w, &why) != SL_OK)
		fail_msg("%s", why.text);
	return w;
}

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

unsigned wire_kit_free_port(void)
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

bool wire_kit_certificate(char both[static 128], char ca[static 128])
{
	struct buf pem;

	assert_int_equal(file_join(both, 128, wire_kit.dir, "both.pem"), SL_OK);
	assert_int_equal(file_join(ca, 128, wire_kit.dir, "ca.pem"), SL_OK);
	if (!make_certificate(both, ca))
		return false;
	buf_init(&pem, 65536);
	assert_int_equal(file_read(AT_FDCWD, ca, 65536, &pem), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, both, 65536, &pem), SL_OK);
	assert_int_equal(file_write_durable(AT_FDCWD, both, pem.data, pem.len, 0600), SL_OK);
	buf_release(&pem);
	return true;
}
