/* test_base_config.c - the three configuration files: defaults, paths, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/file.h"

#define KEYS                                                                                   \
	"keys: {desk: k/desk, inspector: k/i, gateway: k/g, releaser: k/r, checker: k/c, "     \
	"snapshot: k/s, timestamp: k/t}\n"
#define BASE                                                                                   \
	"data: data\npolicies: ./policies\napproval_policy: /etc/a.json\n"                     \
	"repository: repo\ntrust_root: root.json\n"
#define AV	  "antivirus: {database: db}\n"
#define DIRECTORY "link: {mode: directory, directory: spool}\n"
#define LISTEN	  "listen: [\"ipc://run/desk.sock\", ipc:///abs.sock]\n"
#define KEY64	  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char dir[PATH_MAX], file[PATH_MAX + 16];

static int set_up(void **state)
{
	char name[] = "/tmp/sl-config-XXXXXX";

	(void)state;
	if (mkdtemp(name) == NULL || realpath(name, dir) == NULL)
		return -1;
	return file_join(file, sizeof(file), dir, "c.yaml");
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void put(const char *text)
{
	assert_int_equal(file_write_durable(AT_FDCWD, file, text, strlen(text), 0600), SL_OK);
}

static void assert_path(const char *got, const char *prefix, const char *name)
{
	char want[PATH_MAX + 64];

	(void)snprintf(want, sizeof(want), "%s%s/%s", prefix, dir, name);
	assert_string_equal(got, want);
}

static void gateway_defaults(void **state)
{
	struct gateway_config *c = NULL;
	struct sl_why why = {{0}};

	(void)state;
	put(BASE LISTEN KEYS AV DIRECTORY);
	assert_int_equal(config_gateway_load(file, &c, &why), SL_OK);
	assert_path(c->data, "", "data");
	assert_path(c->policies, "", "policies");
	assert_string_equal(c->approval_policy, "/etc/a.json");
	assert_int_equal(c->listen.n, 2);
	assert_path(c->listen.item[0], "ipc://", "run/desk.sock");
	assert_string_equal(c->listen.item[1], "ipc:///abs.sock");
	assert_path(c->keys.timestamp, "", "k/t");
	assert_null(c->keys.link);
	assert_int_equal(c->antivirus.max_age_days, 7);
	assert_false(c->antivirus.demo);
	assert_path(c->link.directory, "", "spool");
	assert_int_equal(c->limits.file_bytes, 256 << 20);
	assert_int_equal(c->limits.draft_bytes, 512 << 20);
	assert_int_equal(c->limits.files, 64);
	assert_int_equal(c->limits.workers, 2);
	assert_int_equal(c->limits.see_workers, 1);
	assert_int_equal(c->limits.see_seconds, 600);
	assert_int_equal(c->timestamp_seconds, 3600);
	assert_string_equal(c->host, "gateway");
	assert_int_equal(c->sandbox.optional.n, 0);
	config_gateway_free(c);
}

static void gateway_given(void **state)
{
	struct gateway_config *c = NULL;
	struct sl_why why = {{0}};

	(void)state;
	put(BASE LISTEN
	    "keys: {desk: k/desk, inspector: k/i, gateway: k/g, releaser: k/r, checker: k/c, "
	    "snapshot: k/s, timestamp: k/t, seal: [s1.pub, /s2.pub]}\n"
	    "antivirus: {database: db, max_age_days: 3, demo: true}\n"
	    "link: {mode: stream, url: 'tls+tcp://out:9', ca: ca.pem, certificate: g.pem, "
	    "outlet_key: o.pub}\n"
	    "sandbox: {optional: [landlock, namespaces]}\n"
	    "limits: {files: 3, workers: 4, see_workers: 3, see_seconds: "
	    "9}\ntimestamp_seconds: 60\nhost: gw-1\n");
	assert_int_equal(config_gateway_load(file, &c, &why), SL_OK);
	assert_true(c->antivirus.demo);
	assert_int_equal(c->antivirus.max_age_days, 3);
	assert_string_equal(c->link.url, "tls+tcp://out:9");
	assert_path(c->link.ca, "", "ca.pem");
	assert_path(c->link.certificate, "", "g.pem");
	assert_path(c->link.outlet_key, "", "o.pub");
	assert_path(c->keys.seal.item[0], "", "s1.pub");
	assert_string_equal(c->keys.seal.item[1], "/s2.pub");
	assert_int_equal(c->sandbox.optional.n, 2);
	assert_string_equal(c->sandbox.optional.item[1], "namespaces");
	assert_int_equal(c->limits.files, 3);
	assert_int_equal(c->limits.see_workers, 3);
	assert_int_equal(c->limits.see_seconds, 9);
	assert_string_equal(c->host, "gw-1");
	config_gateway_free(c);
}

/* Nothing given is the usual schedule, which "never" is not. */
static void gateway_repeat(void **state)
{
	static const struct {
		const char *repeat;
		unsigned n;
		uint32_t first;
	} rows[] = {
		{"", 4, 5},
		{", repeat: [5s, 2h]", 2, 5},
		{", repeat: [never]", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gateway_config *c = NULL;
		char text[2048];

		(void)snprintf(text, sizeof(text),
			       "%slink: {mode: directory, directory: s%s}\n",
			       BASE LISTEN KEYS AV, rows[i].repeat);
		put(text);
		assert_int_equal(config_gateway_load(file, &c, NULL), SL_OK);
		assert_int_equal(c->link.n_repeat, rows[i].n);
		if (rows[i].n > 0)
			assert_int_equal(c->link.repeat_seconds[0], rows[i].first);
		config_gateway_free(c);
	}
}

static void gateway_refused(void **state)
{
	static const struct {
		const char *name, *input;
		int want;
		const char *says;
	} rows[] = {
		{"not YAML", "data: [", SL_E_CONFIG, ".yaml:"},
		{"signatures of eleven years",
		 BASE LISTEN KEYS "antivirus: {database: db, max_age_days: 4000}\n" DIRECTORY,
		 SL_E_CONFIG, "antivirus.max_age_days is more than 3650"},
		{"a day for a document",
		 BASE LISTEN KEYS AV DIRECTORY "limits: {see_seconds: 86400}\n", SL_E_CONFIG,
		 "limits.see_seconds is more than 3600"},
		{"unknown key", BASE LISTEN KEYS AV DIRECTORY "colour: red\n", SL_E_CONFIG,
		 "c.yaml:10: "},
		{"missing key", "data: data\n", SL_E_CONFIG, "policies"},
		{"wrong type", BASE LISTEN KEYS AV DIRECTORY "timestamp_seconds: soon\n",
		 SL_E_CONFIG, "c.yaml:10: "},
		{"negative", BASE LISTEN KEYS AV DIRECTORY "timestamp_seconds: -1\n",
		 SL_E_CONFIG, ".yaml:"},
		{"mode", BASE LISTEN KEYS AV "link: {mode: pigeon}\n", SL_E_CONFIG, "pigeon"},
		{"stream without url", BASE LISTEN KEYS AV "link: {mode: stream}\n",
		 SL_E_CONFIG, "link.url"},
		{"directory without one", BASE LISTEN KEYS AV "link: {mode: directory}\n",
		 SL_E_CONFIG, "link.directory"},
		{"open tcp", BASE "listen: ['tcp://0.0.0.0:1']\n" KEYS AV DIRECTORY,
		 SL_E_CONFIG, "neither"},
		{"tls without certificate",
		 BASE "listen: ['tls+tcp://h:1']\n" KEYS AV DIRECTORY, SL_E_CONFIG,
		 "tls_certificate"},
		{"no listener", BASE "listen: []\n" KEYS AV DIRECTORY, SL_E_CONFIG, ".yaml:"},
		{"limits", BASE LISTEN KEYS AV DIRECTORY "limits: {draft_bytes: 5}\n",
		 SL_E_CONFIG, "draft_bytes"},
		{"workers", BASE LISTEN KEYS AV DIRECTORY "limits: {workers: 65}\n",
		 SL_E_CONFIG, "workers"},
		{"see_workers", BASE LISTEN KEYS AV DIRECTORY "limits: {see_workers: 65}\n",
		 SL_E_CONFIG, "see_workers"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gateway_config *c = NULL;
		struct sl_why why = {{0}};

		put(rows[i].input);
		assert_int_equal(config_gateway_load(file, &c, &why), rows[i].want);
		assert_null(c);
		if (strstr(why.text, rows[i].says) == NULL ||
		    strstr(why.text, "c.yaml") == NULL)
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].name, why.text,
				 rows[i].says);
	}
}

static void gateway_missing(void **state)
{
	struct gateway_config *c = NULL;
	struct sl_why why = {{0}};

	(void)state;
	assert_int_equal(config_gateway_load("/nonexistent/x.yaml", &c, &why), SL_E_NOTFOUND);
	assert_non_null(strstr(why.text, "/nonexistent/x.yaml"));
}

static void outlet(void **state)
{
	struct outlet_config *c = NULL;
	struct sl_why why = {{0}};

	(void)state;
	put("data: d\ntrust_root: r.json\nlink: {mode: directory, directory: in, signer: "
	    "g.pub}\n"
	    "announce: 'ipc://run/a.sock'\n");
	assert_int_equal(config_outlet_load(file, &c, &why), SL_OK);
	assert_path(c->tree, "", "d/tree");
	assert_path(c->link.signer, "", "g.pub");
	assert_path(c->announce, "ipc://", "run/a.sock");
	assert_string_equal(c->http.address, "127.0.0.1");
	assert_int_equal(c->http.port, 8480);
	assert_int_equal(c->http.connections, 1024);
	assert_int_equal(c->http.connections_per_ip, 256);
	assert_int_equal(c->http.timeout_seconds, 30);
	config_outlet_free(c);
	c = NULL;
	put("data: d\ntrust_root: r.json\nlink: {mode: directory, directory: in}\n"
	    "http: {port: 70000}\n");
	assert_int_equal(config_outlet_load(file, &c, &why), SL_E_CONFIG);
}

static void client(void **state)
{
	struct client_config *c = NULL;
	struct sl_why why = {{0}};

	(void)state;
	put("gateway: 'ipc://d.sock'\nserver_key: " KEY64 "\nkey: me.key\nperson: p-07\n");
	assert_int_equal(setenv("HOME", "/home/x", 1), 0);
	assert_int_equal(config_client_load(file, &c, &why), SL_OK);
	assert_path(c->gateway, "ipc://", "d.sock");
	assert_path(c->key, "", "me.key");
	assert_string_equal(c->cache, "/home/x/.cache/sluice");
	assert_null(c->tls_ca);
	assert_string_equal(c->recheck, "when-possible");
	assert_string_equal(c->antivirus.database, "/var/lib/clamav");
	config_client_free(c);
	c = NULL;
	put("gateway: g\nserver_key: " KEY64 "\nkey: k\nperson: p-07\nrecheck: required\n"
	    "antivirus:\n  database: av\n  demo: true\n");
	assert_int_equal(config_client_load(file, &c, &why), SL_OK);
	assert_string_equal(c->recheck, "required");
	assert_path(c->antivirus.database, "", "av");
	assert_true(c->antivirus.demo);
	config_client_free(c);
	c = NULL;
	put("gateway: g\nserver_key: " KEY64 "\nkey: k\nperson: p-07\nrecheck: maybe\n");
	assert_int_equal(config_client_load(file, &c, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, "when-possible"));
	put("gateway: 'ipc://d.sock'\nserver_key: " KEY64 "\nkey: me.key\nperson: p-07\n");
	assert_int_equal(setenv("SLUICE_CONFIG", file, 1), 0);
	assert_int_equal(config_client_load(NULL, &c, &why), SL_OK);
	config_client_free(c);
	c = NULL;
	put("gateway: g\nserver_key: abc\nkey: ~/me.key\nperson: p-07\n");
	assert_int_equal(config_client_load(file, &c, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, "64"));
	put("gateway: g\nserver_key: " KEY64 "\nkey: ~/me.key\nperson: p-07\n");
	assert_int_equal(config_client_load(file, &c, &why), SL_OK);
	assert_string_equal(c->key, "/home/x/me.key");
	config_client_free(c);
	c = NULL;
	assert_int_equal(unsetenv("SLUICE_CONFIG"), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(config_client_load(NULL, &c, &why), SL_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateway_defaults), cmocka_unit_test(gateway_given),
		cmocka_unit_test(gateway_repeat),   cmocka_unit_test(gateway_refused),
		cmocka_unit_test(gateway_missing),  cmocka_unit_test(outlet),
		cmocka_unit_test(client),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
