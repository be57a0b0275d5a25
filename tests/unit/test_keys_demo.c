/* test_keys_demo.c - a demo set loads back: keys, chain, roster, all configuration files. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "keys/demo.h"
#include "release/chain.h"

static char dir[64];

static int setup(void **state)
{
	struct demo_options o = {
		.policies = SL_SOURCE_DIR "/policies", .port = 18480, .dir = dir};
	struct demo_result made;
	struct sl_why why = {.text = ""};

	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-demo-XXXXXX");
	return mkdtemp(dir) != NULL && demo_write(&o, &made, &why) == SL_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void path_to(const char *name, char out[256])
{
	(void)snprintf(out, 256, "%s/%s", dir, name);
}

static void configurations_load(void **state)
{
	static const char *const people[] = {
		"author",	  "liaison",   "unit-leader", "desk",	      "secrecy-1",
		"secrecy-2",	  "legal",     "deputy",      "column-owner", "duty-1",
		"duty-2",	  "auditor",   "author-2",    "secrecy-3",    "director",
		"column-owner-2", "unit-admin"};
	struct gateway_config *g = NULL;
	struct outlet_config *o = NULL;
	struct sl_why why = {.text = ""};
	char path[256];

	(void)state;
	path_to("gateway.yaml", path);
	if (config_gateway_load(path, &g, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(g->keys.seal.n, 2);
	assert_true(g->antivirus.demo);
	assert_true(file_exists(AT_FDCWD, g->trust_root) &&
		    file_exists(AT_FDCWD, g->approval_policy) &&
		    file_exists(AT_FDCWD, g->link.outlet_key));
	path_to("outlet.yaml", path);
	if (config_outlet_load(path, &o, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(o->http.port, 18480);
	assert_string_equal(o->link.url, g->link.url);
	for (unsigned i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct client_config *c = NULL;
		char name[64];
		struct key *k = NULL;

		(void)snprintf(name, sizeof(name), "clients/%s.yaml", people[i]);
		path_to(name, path);
		if (config_client_load(path, &c, &why) != SL_OK)
			fail_msg("%s", why.text);
		assert_string_equal(c->gateway, g->listen.item[0]);
		assert_int_equal(key_load(c->key,
					  strncmp(people[i], "author", 6) == 0
						  ? KEY_DSSE_AUTHOR
						  : KEY_DSSE_REVIEWER,
					  NULL, &k, &why),
				 SL_OK);
		key_free(k);
		config_client_free(c);
	}
	config_gateway_free(g);
	config_outlet_free(o);
}

static void chain_verifies(void **state)
{
	static const struct {
		const char *name;
		unsigned persons, rows;
	} classes[] = {{"A", 3, 3}, {"B", 5, 5}, {"C", 6, 5}, {"D", 4, 4},
		       {"H", 6, 5}, {"R", 2, 2}, {"S", 3, 3}, {"U", 2, 2}};
	char root[256], repository[256], policy[256];
	const struct chain_source s = {
		.trust_root = root, .repository = repository, .approval_policy = policy};
	struct tuf_role role;
	struct chain *c = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	path_to("trust/root.json", root);
	path_to("repository", repository);
	path_to("repository/approval-policy.json", policy);
	if (chain_load(&s, clock_now(), &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(tuf_role_of_root(c->root, "root", &role, &why), SL_OK);
	assert_true(role.threshold == 3 && role.n_keys == 5);
	assert_int_equal(tuf_role_of_targets(c->targets, "rel", &role, &why), SL_OK);
	assert_true(role.threshold == 2 && role.n_keys == 2);
	assert_int_equal(roster_count(c->roster), 18);
	for (unsigned i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const struct roster_class *k = roster_class(c->roster, classes[i].name);

		assert_non_null(k);
		assert_true(k->min_persons == classes[i].persons &&
			    k->n_require == classes[i].rows);
		assert_true(k->exclude_author && k->exclude_submitter &&
			    k->approval_ttl_s == 604800);
		assert_string_equal(k->veto[0], "secrecy");
	}
	assert_true(roster_has_role(roster_person(c->roster, "p-gateway"), "gateway-service"));
	/* Expired is refused, and so is a policy that was not signed. */
	chain_free(c);
	c = NULL;
	assert_int_equal(chain_load(&s, clock_now() + (int64_t)181 * 86400, &c, &why),
			 SL_E_EXPIRED);
	path_to("env", policy);
	assert_int_equal(chain_load(&s, clock_now(), &c, &why), SL_E_SIGNATURE);
	path_to("nothing", policy);
	assert_int_equal(chain_load(&s, clock_now(), &c, &why), SL_E_NOTFOUND);
}

static void says_what_is_wrong(void **state)
{
	static const char deep[] =
		"/tmp/sl-demo-this-name-is-much-too-long-for-a-socket-below-it-"
		"and-so-nothing-may-be-written-here";
	const struct {
		const char *name, *dir;
		uint16_t port;
		int want;
		const char *link;
	} rows[] = {
		{"not empty", dir, 8480, SL_E_EXISTS, NULL},
		{"too long for a socket", deep, 8480, SL_E_LIMIT, NULL},
		{"quotes", "/tmp/sl-demo-'x", 8480, SL_E_USAGE, NULL},
		{"no port", "/tmp/sl-demo-x", 0, SL_E_USAGE, NULL},
		{"no such link", "/tmp/sl-demo-x", 8480, SL_E_USAGE, "pigeon"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct demo_options o = {.policies = "/tmp",
					 .dir = rows[i].dir,
					 .port = rows[i].port,
					 .link = rows[i].link};
		struct demo_result made;
		struct sl_why why = {.text = ""};

		assert_int_equal(demo_write(&o, &made, &why), rows[i].want);
		assert_true(why.text[0] != '\0');
	}
	assert_false(file_exists(AT_FDCWD, deep));
}

/* One set for each link: both ends agree, and everything that they name is there. */
static void links_agree(void **state)
{
	static const struct {
		const char *link, *mode;
		bool tls;
	} rows[] = {
		{NULL, "stream", false},
		{"stream", "stream", true},
		{"udp", "udp", false},
		{"directory", "directory", false},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char at[] = "/tmp/sl-demo-XXXXXX", path[64];
		struct demo_options o = {.policies = SL_SOURCE_DIR "/policies",
					 .port = 18480,
					 .dir = at,
					 .link = rows[i].link,
					 .tls = rows[i].tls};
		struct gateway_config *g = NULL;
		struct outlet_config *c = NULL;
		struct demo_result made;
		struct sl_why why = {.text = ""};

		assert_non_null(mkdtemp(at));
		if (demo_write(&o, &made, &why) != SL_OK)
			fail_msg("%s", why.text);
		(void)snprintf(path, sizeof(path), "%s/gateway.yaml", at);
		if (config_gateway_load(path, &g, &why) != SL_OK)
			fail_msg("%s: %s", rows[i].mode, why.text);
		(void)snprintf(path, sizeof(path), "%s/outlet.yaml", at);
		if (config_outlet_load(path, &c, &why) != SL_OK)
			fail_msg("%s: %s", rows[i].mode, why.text);
		assert_string_equal(g->link.mode, rows[i].mode);
		assert_string_equal(c->link.mode, rows[i].mode);
		if (strcmp(rows[i].mode, "udp") == 0) {
			assert_string_equal(g->link.address, c->link.listen);
			assert_string_equal(g->link.mac_key, c->link.mac_keys.item[0]);
			assert_true(file_exists(AT_FDCWD, g->link.mac_key));
		} else if (strcmp(rows[i].mode, "directory") == 0) {
			assert_string_equal(g->link.directory, c->link.directory);
			assert_true(file_exists(AT_FDCWD, g->link.directory));
		} else {
			assert_string_equal(g->link.url, c->link.url);
		}
		if (rows[i].tls && !made.tls_skipped) {
			assert_true(file_exists(AT_FDCWD, g->link.ca) &&
				    file_exists(AT_FDCWD, g->link.certificate) &&
				    file_exists(AT_FDCWD, c->link.ca) &&
				    file_exists(AT_FDCWD, c->link.certificate));
			assert_string_not_equal(g->link.certificate, c->link.certificate);
		}
		config_gateway_free(g);
		config_outlet_free(c);
		assert_int_equal(file_remove_tree(AT_FDCWD, at), SL_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configurations_load),
		cmocka_unit_test(chain_verifies),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(links_agree),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
