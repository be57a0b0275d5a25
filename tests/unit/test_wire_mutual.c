/* test_wire_mutual.c - PULL over TLS takes from who proves himself, and from nobody else.
 *
 * The other ends are NNG's own with other files; tests/attack/P30 has openssl and plain
 * sockets try. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/pipe.h"
#include "wire_kit.h"

enum { TAKEN_MS = 10000, NOT_TAKEN_MS = 1500 };

/* Each with its own key: NAME.pem is certificate and key, NAME.crt the certificate. */
static const char *const names[] = {"outlet", "gateway", "stranger"};

static void path_of(const char *name, const char *ending, char out[static 128])
{
	int n = snprintf(out, 128, "%s/%s.%s", wire_kit.dir, name, ending);

	assert_in_range(n, 1, 127);
}

static bool make(const char *name)
{
	char crt[128], key[128], pem[128];
	int status = 0;
	struct buf b;
	pid_t pid;

	path_of(name, "crt", crt);
	path_of(name, "key", key);
	path_of(name, "pem", pem);
	pid = fork();
	if (pid == 0) {
		(void)close(STDERR_FILENO); /* its progress dots */
		(void)execlp("openssl", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
			     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
			     "/CN=127.0.0.1", "-keyout", key, "-out", crt, (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return false;
	buf_init(&b, 65536);
	assert_int_equal(file_read(AT_FDCWD, crt, 65536, &b), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, key, 65536, &b), SL_OK);
	assert_int_equal(file_write_durable(AT_FDCWD, pem, b.data, b.len, 0600), SL_OK);
	buf_release(&b);
	return true;
}

struct ends {
	char url[64];
	unsigned port;
	struct wire_pipe *pull;
};

static bool open_pull(struct ends *e)
{
	char pem[128], crt[128];
	const struct wire_tls tls = {.certificate = pem, .ca = crt};
	struct sl_why why = {.text = ""};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!make(names[i]))
			return false;
	}
	path_of("outlet", "pem", pem);
	path_of("gateway", "crt", crt);
	e->port = wire_kit_free_port();
	(void)snprintf(e->url, sizeof(e->url), "tls+tcp://127.0.0.1:%u", e->port);
	if (wire_pull_open(e->url, &tls, 1024, &e->pull, &why) != SL_OK)
		fail_msg("%s", why.text);
	return true;
}

/* Does a message of this end arrive?  own NULL: it shows no certificate. */
static bool arrives(struct ends *e, const char *own, const char *ca, int wait_ms)
{
	char pem[128], crt[128];
	struct wire_tls tls = {.ca = crt};
	struct wire_pipe *push = NULL;
	struct sl_why why = {.text = ""};
	struct buf b;
	int r;

	if (own != NULL) {
		path_of(own, "pem", pem);
		tls.certificate = pem;
	}
	path_of(ca, "crt", crt);
	buf_init(&b, 1024);
	if (wire_push_open(e->url, &tls, &push, &why) != SL_OK)
		fail_msg("%s", why.text);
	r = wire_pipe_send(push, "unit", 4, wait_ms);
	if (r == SL_OK) {
		r = wire_pipe_recv(e->pull, &b, wait_ms);
		assert_true(r != SL_OK || (b.len == 4 && memcmp(b.data, "unit", 4) == 0));
	} else {
		assert_int_equal(wire_pipe_recv(e->pull, &b, 10), SL_E_TIMEOUT);
	}
	wire_pipe_close(push);
	buf_release(&b);
	return r == SL_OK;
}

static void both_prove_themselves(void **state)
{
	struct ends e = {.pull = NULL};
	uint64_t before;
	struct buf b;
	int64_t until;

	(void)state;
	if (!open_pull(&e))
		skip();
	assert_true(arrives(&e, "gateway", "outlet", TAKEN_MS));
	assert_false(arrives(&e, NULL, "outlet", NOT_TAKEN_MS));
	assert_false(arrives(&e, "stranger", "outlet", NOT_TAKEN_MS));
	/* The outlet's own certificate is not the gateway's either. */
	assert_false(arrives(&e, "outlet", "outlet", NOT_TAKEN_MS));
	/* The gateway gives nothing to somebody else's outlet. */
	assert_false(arrives(&e, "gateway", "stranger", NOT_TAKEN_MS));
	assert_true(arrives(&e, "gateway", "outlet", TAKEN_MS));

	/* All of that was counted, when somebody looked. */
	buf_init(&b, 1024);
	until = clock_mono_ms() + 20000;
	while (wire_pipe_refused(e.pull) < 4 && clock_mono_ms() < until)
		assert_int_equal(wire_pipe_recv(e.pull, &b, 100), SL_E_TIMEOUT);
	before = wire_pipe_refused(e.pull);
	assert_true(before >= 4);
	buf_release(&b);
	wire_pipe_close(e.pull);
}

static void needs_both_files(void **state)
{
	char pem[128], crt[128], none[128];
	struct wire_tls tls = {.certificate = pem, .ca = none};
	struct wire_pipe *p = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	if (!make("outlet"))
		skip();
	path_of("outlet", "pem", pem);
	path_of("outlet", "crt", crt);
	path_of("nothing", "crt", none);
	assert_int_equal(wire_pull_open("tls+tcp://127.0.0.1:1", NULL, 1, &p, &why),
			 SL_E_CONFIG);
	assert_int_equal(wire_pull_open("tls+tcp://127.0.0.1:1", &tls, 1, &p, &why),
			 SL_E_CONFIG);
	assert_non_null(strstr(why.text, none));
	tls = (struct wire_tls){.certificate = crt, .ca = crt}; /* no key in it */
	assert_int_equal(wire_pull_open("tls+tcp://127.0.0.1:1", &tls, 1, &p, &why),
			 SL_E_CONFIG);
	assert_non_null(strstr(why.text, crt));
	tls = (struct wire_tls){.certificate = none, .ca = crt};
	assert_int_equal(wire_push_open("tls+tcp://127.0.0.1:1", &tls, &p, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, none));
	tls = (struct wire_tls){.certificate = pem};
	assert_int_equal(wire_push_open("tls+tcp://127.0.0.1:1", &tls, &p, &why), SL_E_CONFIG);
	assert_null(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_prove_themselves),
		cmocka_unit_test(needs_both_files),
	};
	return cmocka_run_group_tests(tests, wire_kit_setup, wire_kit_teardown);
}
