/* A real server on ipc:// and tls+tcp:// in a thread, and clients that mean well. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "wire/pipe.h"
#include "wire_kit.h"

static void echo(void **state)
{
	struct wire_client *c = wire_kit_client(wire_kit.author);
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
	assert_int_equal(stat(wire_kit.url + 6, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_join(path, sizeof(path), wire_kit.dir, "run"), SL_OK);
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
		struct wire_client *c =
			wire_kit_client(rows[i].stranger ? wire_kit.stranger : wire_kit.author);
		struct wire_reply rp;
		struct sl_why why = {0};

		atomic_store(&wire_kit.refused, 0);
		assert_int_equal(
			wire_call(c, rows[i].op, NULL, "x", rows[i].data_len, 5000, &rp, &why),
			SL_OK);
		if (rp.error != rows[i].want ||
		    atomic_load(&wire_kit.refused) != rows[i].want_refused)
			fail_msg("%s: %s", rows[i].name, rp.why.text);
		assert_int_equal(json_object_size(rp.result), 0);
		wire_reply_release(&rp);
		wire_client_close(c);
	}
}

static void client_configuration(void **state)
{
	char hex[65];
	struct client_config rows[] = {
		{.gateway = NULL, .server_key = hex},
		{.gateway = wire_kit.url, .server_key = NULL},
		{.gateway = wire_kit.url, .server_key = (char[]){"abc"}},
		{.gateway = (char[]){"tcp://127.0.0.1:1"}, .server_key = hex},
		{.gateway = (char[]){"tls+tcp://127.0.0.1:1"}, .server_key = hex},
	};
	struct wire_client *c = NULL;
	struct sl_why why;

	(void)state;
	memcpy(hex, wire_kit.hex, sizeof(hex));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wire_client_open(&rows[i], wire_kit.author, &c, &why),
				 SL_E_CONFIG);
	assert_null(c);
}

static void unreachable_and_impostor(void **state)
{
	struct client_config cfg = {.server_key = wire_kit.hex};
	struct wire_client *c = NULL;
	struct wire_reply rp;
	struct sl_why why = {0};
	char url[160], other[65];

	(void)state;
	(void)snprintf(url, sizeof(url), "ipc://%s/run/nobody.ipc", wire_kit.dir);
	cfg.gateway = url;
	assert_int_equal(wire_client_open(&cfg, wire_kit.author, &c, &why), SL_OK);
	assert_int_equal(wire_call(c, "echo", NULL, NULL, 0, 1000, &rp, &why),
			 SL_E_UNREACHABLE);
	wire_client_close(c);
	/* The right socket, the wrong desk behind it. */
	memcpy(other, wire_kit.hex, sizeof(other));
	other[0] = other[0] == '0' ? '1' : '0';
	cfg.gateway = wire_kit.url;
	cfg.server_key = other;
	assert_int_equal(wire_client_open(&cfg, wire_kit.author, &c, &why), SL_OK);
	assert_int_equal(wire_call(c, "echo", NULL, NULL, 0, 5000, &rp, &why), SL_E_SIGNATURE);
	wire_client_close(c);
}

static void tls(void **state)
{
	char both[128], ca[128], url[64], other[64];
	const char *listen[] = {url, NULL};
	struct wire_server_options o = {.listen = listen, .tls_certificate = both};
	struct client_config cfg = {.gateway = url, .server_key = wire_kit.hex, .tls_ca = ca};
	struct wire_client *c = NULL;
	struct wire_reply rp;
	struct sl_why why = {0};
	unsigned port = wire_kit_free_port();

	(void)state;
	if (!wire_kit_certificate(both, ca))
		skip();
	(void)snprintf(url, sizeof(url), "tls+tcp://localhost:%u", port);
	wire_kit_halt();
	wire_kit_start_with(&o);

	assert_int_equal(wire_client_open(&cfg, wire_kit.author, &c, &why), SL_OK);
	if (wire_ask(c, "echo", NULL, "x", 1, &rp, &why) != SL_OK)
		fail_msg("%s", why.text);
	wire_reply_release(&rp);
	wire_client_close(c);
	/* The same server under a name that its certificate does not carry. */
	(void)snprintf(other, sizeof(other), "tls+tcp://127.0.0.1:%u", port);
	cfg.gateway = other;
	assert_int_equal(wire_client_open(&cfg, wire_kit.author, &c, &why), SL_OK);
	assert_int_not_equal(wire_call(c, "echo", NULL, NULL, 0, 5000, &rp, &why), SL_OK);
	wire_client_close(c);
	wire_kit_halt();
	wire_kit_start(0);
}

static void pipes(void **state)
{
	struct wire_pipe *pull = NULL, *push = NULL, *pub = NULL, *sub = NULL;
	struct sl_why why = {0};
	char url[160];
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	(void)snprintf(url, sizeof(url), "ipc://%s/run/link.ipc", wire_kit.dir);
	assert_int_equal(wire_push_open(url, NULL, &push, &why), SL_OK);
	assert_int_equal(wire_pipe_send(push, "x", 1, 20), SL_E_TIMEOUT);
	assert_int_equal(wire_pull_open(url, NULL, 1024, &pull, &why), SL_OK);
	assert_int_equal(wire_pipe_send(push, "unit", 4, 5000), SL_OK);
	assert_int_equal(wire_pipe_recv(pull, &b, 5000), SL_OK);
	assert_string_equal(buf_str(&b), "unit");
	assert_int_equal(wire_pipe_recv(pull, &b, 10), SL_E_TIMEOUT);
	assert_int_not_equal(wire_pipe_recv(push, &b, 10), SL_OK); /* a sender cannot receive */
	assert_int_not_equal(wire_pipe_send(pull, "x", 1, 10), SL_OK);
	(void)snprintf(url, sizeof(url), "ipc://%s/run/pub.ipc", wire_kit.dir);
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
		cmocka_unit_test(client_configuration),
		cmocka_unit_test(unreachable_and_impostor),
		cmocka_unit_test(tls),
		cmocka_unit_test(pipes),
	};
	return cmocka_run_group_tests(tests, wire_kit_setup, wire_kit_teardown);
}
