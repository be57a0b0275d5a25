/* routes.yaml: what loads, each contradiction that is refused, and how a draft walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "keys/policy_classes.h"
#include "policy/route_template.h"
#include "policy/route_trigger.h"
#include "policy/route_walk.h"
#include "policy/routes_check.h"
#include "policy/routes_draw.h"

#define SHIPPED SL_SOURCE_DIR "/policies"
enum { TEXT_MAX = 64 << 10 };

static char dir[] = "/tmp/sl-routes-XXXXXX";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void read_shipped(const char *name, struct buf *out)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", SHIPPED, name);
	buf_init(out, TEXT_MAX);
	assert_int_equal(file_read(AT_FDCWD, path, TEXT_MAX, out), SL_OK);
}

static void put(const char *name, const char *text, size_t len)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, len, 0600), SL_OK);
}

/* The shipped files, with the first `from` in one of them replaced. */
static void put_with(const char *file, const char *from, const char *to)
{
	static const char *const names[] = {"routes.yaml", "channels.yaml", "columns.yaml",
					    "clocks.yaml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf b, changed;

		read_shipped(names[i], &b);
		buf_init(&changed, TEXT_MAX);
		if (strcmp(names[i], file) == 0) {
			const char *at = strstr(buf_str(&b), from);

			if (at == NULL)
				fail_msg("%s has no \"%s\"", file, from);
			buf_put(&changed, b.data, (size_t)(at - buf_str(&b)));
			buf_puts(&changed, to);
			buf_puts(&changed, at + strlen(from));
		} else {
			buf_put(&changed, b.data, b.len);
		}
		put(names[i], buf_str(&changed), changed.len);
		buf_release(&b);
		buf_release(&changed);
	}
}

static bool known_rule(void *arg, const char *rule)
{
	(void)arg;
	return strncmp(rule, "XX-", 3) != 0;
}

/* All checks that need no approval policy. */
static int load(struct routes **ret_r, struct sl_why *why)
{
	struct routes *r = NULL;
	int res = routes_load(dir, &r, why);

	if (res == SL_OK)
		res = routes_check_rules(r, known_rule, NULL, why);
	if (res == SL_OK && ret_r != NULL) {
		*ret_r = r;
		return res;
	}
	routes_free(r);
	return res;
}

static struct routes *shipped(void)
{
	struct sl_why why = {""};
	struct routes *r = NULL;

	put_with("", "", "");
	if (load(&r, &why) != SL_OK)
		fail_msg("%s", why.text);
	return r;
}

static void shipped_routes(void **state)
{
	static const struct {
		const char *type, *route;
	} rows[] = {{"CT01", "B"}, {"CT02", "B"}, {"CT03", "B"}, {"CT04", "A"}, {"CT05", "A"},
		    {"CT06", "C"}, {"CT07", "A"}, {"CT08", "H"}, {"CT09", "B"}, {"CT10", "B"},
		    {"CT11", "B"}, {"CT12", "B"}, {"CT13", "B"}, {"CT14", "B"}, {"CT15", "A"},
		    {"CT16", "R"}, {"CT17", "D"}, {"CT18", "A"}, {"CT19", "A"}};
	struct routes *r = shipped();

	(void)state;
	assert_int_equal(r->types_count, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(routes_type(r, rows[i].type)->route, rows[i].route);
	assert_string_equal(routes_target(r, routes_find(r, "C"), "CT06"), "route-c-notice");
	assert_string_equal(routes_target(r, routes_find(r, "C"), "CT04"), "route-c");
	assert_null(routes_find(r, "Z"));
	assert_null(routes_type(r, "CT99"));
	routes_free(r);
}

static void contradictions(void **state)
{
	static const struct {
		const char *name, *file, *from, *to, *says;
	} rows[] = {
		{"unknown role", "routes.yaml", "{role: legal,", "{role: king,",
		 "routes.yaml:35: route C: there is no role \"king\""},
		{"nobody", "routes.yaml", "{role: legal, count: 1", "{role: legal, count: 0",
		 "asks for 0 persons"},
		{"one person twice", "routes.yaml", "{role: legal, count: 1",
		 "{role: secrecy, count: 1", "one person would be needed twice"},
		{"consent by silence", "routes.yaml", "late: deputy}",
		 "late: deputy, silence: consents}", "never consent"},
		{"nobody is told", "routes.yaml", "late: deputy}", "late: desk}",
		 "names no other role"},
		{"more than all of the time", "routes.yaml", "late_at: 50}", "late_at: 101}",
		 "at most 100"},
		{"late before its turn", "routes.yaml", "late_at: 70}", "late_at: 49}",
		 "late at 49 % of the time, before its turn (liaison: 50 %)"},
		{"an origin that is none", "routes.yaml", "from: column", "from: moon",
		 "not \"moon\""},
		{"an opinion that is none", "routes.yaml", "opinion: secrecy", "opinion: taste",
		 "no opinion \"taste\""},
		{"no opinion", "routes.yaml", "from: unit, opinion: secrecy", "from: unit",
		 "secrecy opinion"},
		{"no outer limit", "routes.yaml", "    outer: outer\n", "", "no outer limit"},
		{"a route twice", "routes.yaml", "- id: B", "- id: A", "stands there twice"},
		{"steps and orders", "routes.yaml", "    orders:\n",
		 "    steps:\n      - {role: desk, count: 2, late: deputy}\n    orders:\n",
		 "either steps or orders"},
		{"more orders than the code has", "routes.yaml", "{action: freeze, persons: 1}",
		 "{action: thaw, persons: 1}", "\"thaw\""},
		{"X by fewer than the code wants", "routes.yaml",
		 "{action: confirm, persons: 2}", "{action: confirm, persons: 1}",
		 "what the programs enforce (2)"},
		{"X without an order", "routes.yaml",
		 "      - {action: reinstate, persons: 2}\n", "", "\"reinstate\""},
		{"raised to nothing", "routes.yaml", "raised: C", "raised: Z",
		 "cannot be raised to \"Z\""},
		{"raised in a circle", "routes.yaml", "raised: C", "raised: U",
		 "cannot be raised to \"U\""},
		{"a public route raised to a private one", "routes.yaml", "raised: C",
		 "raised: D", "cannot be raised to \"D\""},
		{"a route that nothing takes", "routes.yaml", "route: H}", "route: C}",
		 "ever takes route H"},
		{"a type with two routes", "routes.yaml", "{type: CT02,", "{type: CT01,",
		 "names CT01 twice"},
		{"a type without a route", "routes.yaml", "route: B, column: col-leaders",
		 "route: X, column: col-leaders", "CT01 cannot take"},
		{"immediate for all", "routes.yaml", "name: 警务动态, route: A",
		 "name: 警务动态, route: U", "CT04 cannot take"},
		{"urgent by no template", "routes.yaml", "urgent: U", "urgent: B",
		 "\"urgent\""},
		{"urgent without a review", "routes.yaml", "    review_after: route-u-review\n",
		 "", "\"urgent\""},
		{"follows nothing", "routes.yaml", "follows: original", "follows: me",
		 "\"original\""},
		{"a column that is none", "routes.yaml", "column: col-budget",
		 "column: col-moon", "\"col-moon\""},
		{"a clock that is none", "routes.yaml", "target: route-c-notice",
		 "target: route-q", "no clock \"route-q\""},
		{"an S1 that could be approved", "routes.yaml",
		 "when: {severity: S2}\n    role: secrecy",
		 "when: {severity: S1}\n    role: secrecy", "cannot be approved by anyone"},
		{"an S0 that could be approved", "routes.yaml",
		 "when: {severity: S2}\n    role: secrecy",
		 "when: {severity: S0}\n    role: secrecy", "cannot be approved by anyone"},
		{"a severity that is none", "routes.yaml",
		 "when: {severity: S2}\n    role: secrecy",
		 "when: {severity: S9}\n    role: secrecy", "no severity \"S9\""},
		{"triggered by nothing", "routes.yaml", "when: {source: [转载, 转发]}",
		 "when: {source: []}", "no report can trigger it"},
		{"triggered by a rule that is none", "routes.yaml", "[RP-003]", "[XX-001]",
		 "there is no rule XX-001"},
		{"triggered where an S2 never is", "routes.yaml",
		 "when: {severity: S2}\n    role: secrecy",
		 "when: {severity: S2}\n    routes: [A, U]\n    role: secrecy",
		 "changes no route"},
		{"words without a rule", "routes.yaml",
		 "when: {severity: S2}\n    role: secrecy",
		 "when: {severity: S2, words: [x]}\n    role: secrecy", "go with rules"},
		{"a modifier of nobody", "routes.yaml", "    role: desk\n    certify: source",
		 "    certify: source", "no role \"\""},
		{"a modifier of nothing", "routes.yaml", "    role: desk\n    certify: source",
		 "    role: desk", "certifies nothing"},
		{"a certificate that is none", "routes.yaml", "certify: pages",
		 "certify: weather", "pages or source"},
		{"certified by somebody who never signs", "routes.yaml",
		 "    role: desk\n    certify: source",
		 "    role: liaison\n    certify: source", "nobody signs as liaison"},
		{"a modifier twice", "routes.yaml", "id: many-persons", "id: every-page",
		 "stands there twice"},
		{"a modifier on no route", "routes.yaml", "routes: [R, S]", "routes: [R, Z]",
		 "no route \"Z\""},
		{"the inspection does something else", "routes.yaml",
		 "words: [refused, recalled]", "words: [recalled]", "for nothing else"},
		{"what the inspection does is not said", "routes.yaml",
		 "when: {severity: S2}\n    raise: true",
		 "when: {severity: S2}\n    role: secrecy\n    add: 1", "\"raise\" describe"},
		{"templates and no way for an S2", "routes.yaml",
		 "    raised: C\n    target: route-u", "    target: route-u",
		 "needs a \"raised\""},
		{"an unknown key", "routes.yaml", "urgent: U", "colour: red", "colour"},
		{"no yaml", "routes.yaml", "routes:\n", "routes: [\n", "routes.yaml:"},
		{"a channel for what is private", "channels.yaml", "id: slot-6", "id: private",
		 "never published"},
		{"a column twice", "columns.yaml", "id: col-news", "id: col-notice",
		 "names the column col-notice twice"},
		{"a column of nobody", "columns.yaml", ", owner: u-07}", "}", "owner"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {""};
		int r;

		put_with(rows[i].file, rows[i].from, rows[i].to);
		r = load(NULL, &why);
		if (r != SL_E_CONFIG || strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s \"%s\"", rows[i].name, sl_errname(r), why.text);
		if (strstr(why.text, dir) == NULL)
			fail_msg("%s: names no file: %s", rows[i].name, why.text);
	}
}

/* ---- against an approval policy ---- */

struct people {
	const char *unit, *roles[3];
};
static const struct people everybody[] = {
	{"u-01", {"liaison"}},	    {"u-01", {"unit-leader"}}, {"u-02", {"desk"}},
	{"u-03", {"secrecy"}},	    {"u-03", {"secrecy"}},     {"u-05", {"legal"}},
	{"u-06", {"deputy"}},	    {"u-06", {"director"}},    {"u-07", {"column-owner"}},
	{"u-05", {"column-owner"}}, {"u-08", {"duty-leader"}}, {"u-08", {"duty-publisher"}},
};
enum { EVERYBODY = sizeof(everybody) / sizeof(everybody[0]) };

static json_t *person(unsigned i)
{
	uint8_t seed[32] = {(uint8_t)(i + 1)};
	struct key *k = NULL;
	char hex[2 * KEY_PUBLIC + 1];
	json_t *roles = json_array(), *j;
	char pid[16];

	assert_int_equal(key_generate(KEY_DSSE_REVIEWER, seed, &k), SL_OK);
	text_hex(key_public(k), KEY_PUBLIC, hex);
	for (unsigned n = 0; n < 3 && everybody[i].roles[n] != NULL; n++)
		(void)json_array_append_new(roles, json_string(everybody[i].roles[n]));
	(void)snprintf(pid, sizeof(pid), "p-%02u", i);
	j = json_pack("{s:[{s:s,s:s,s:s,s:s,s:s}],s:s,s:o,s:s}", "keys", "from",
		      "2026-01-01T00:00:00Z", "keyid", key_id(k), "public", hex, "until",
		      "2027-01-01T00:00:00Z", "use", "dsse-reviewer", "pid", pid, "roles",
		      roles, "unit", everybody[i].unit);
	key_free(k);
	return j;
}

/* Everybody but one, under classes that were changed. */
static struct roster *make_roster(int without, const char *klass, const char *member, json_t *v)
{
	json_t *classes = policy_classes(), *persons = json_array(), *j;
	struct roster *r = NULL;
	struct sl_why why = {""};
	struct buf b;

	for (unsigned i = 0; i < EVERYBODY; i++) {
		if ((int)i != without)
			(void)json_array_append_new(persons, person(i));
	}
	if (klass != NULL && member == NULL)
		(void)json_object_del(classes, klass);
	else if (klass != NULL)
		(void)json_object_set_new(json_object_get(classes, klass), member, v);
	j = json_pack("{s:o,s:o,s:s,s:i}", "classes", classes, "persons", persons, "schema",
		      "sluice-policy/1", "version", 1);
	buf_init(&b, JSON_SIGNED_MAX);
	assert_int_equal(json_canonical(j, &b), SL_OK);
	if (roster_parse(b.data, b.len, &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	json_decref(j);
	buf_release(&b);
	return r;
}

static json_t *needs(const char *a, int n, const char *b, int m)
{
	return json_pack("[{s:i,s:s},{s:i,s:s}]", "min", n, "role", a, "min", m, "role", b);
}

static void against_roster(struct routes *r, struct roster *roster, const char *name,
			   const char *says)
{
	struct sl_why why = {""};
	int res = routes_check_roster(r, roster, &why);

	if (says == NULL ? res != SL_OK : res != SL_E_CONFIG || strstr(why.text, says) == NULL)
		fail_msg("%s: %s \"%s\"", name, sl_errname(res), why.text);
	roster_free(roster);
}

static void approval_policy(void **state)
{
	struct routes *r = shipped();

	(void)state;
	against_roster(r, make_roster(-1, NULL, NULL, NULL), "as shipped", NULL);
	against_roster(r, make_roster(-1, "U", NULL, NULL), "no class", "no class U");
	against_roster(r,
		       make_roster(-1, "R", "require", needs("unit-leader", 1, "secrecy", 1)),
		       "weaker", "platforms would take less");
	against_roster(
		r,
		make_roster(-1, "U", "require", needs("duty-leader", 2, "duty-publisher", 1)),
		"wants more", "no step of the route gives that");
	against_roster(r, make_roster(-1, "C", "min_persons", json_integer(2)), "few persons",
		       "takes 2 persons, the route has 6");
	against_roster(r, make_roster(4, NULL, NULL, NULL), "one secrecy officer",
		       "one person would be needed twice");
	against_roster(r, make_roster(9, NULL, NULL, NULL), "a column of nobody",
		       "nobody can co-sign for column col-policy");
	routes_free(r);
}

/* ---- the walk ---- */

static json_t *report(const char *findings)
{
	json_t *j = NULL;
	char text[1024];
	int n = snprintf(text, sizeof(text), "{\"files\":[{\"findings\":[%s]}]}", findings);

	assert_int_equal(json_parse(text, (size_t)n, sizeof(text), &j), SL_OK);
	return j;
}

#define FINDING(rule, severity) "{\"rule\":\"" rule "\",\"severity\":\"" severity "\"}"
static const char s2[] = FINDING("WS-004", "S2");

static void orders_of_steps(void **state)
{
	struct routes *r = shipped();
	struct walk_voice said[4] = {{.pid = "p1", .unit = "u-01", .role = "liaison"},
				     {.pid = "p2", .unit = "u-01", .role = "unit-leader"},
				     {.pid = "p3", .unit = "u-02", .role = "desk"}};
	struct walk_case c = {.routes = r,
			      .way = routes_find(r, "A"),
			      .type = "CT04",
			      .unit = "u-01",
			      .column = "",
			      .voices = said};
	struct walk_voice stranger = {.pid = "p9", .unit = "u-09", .role = "unit-leader"};
	struct sl_why why = {""};
	struct walk w;

	(void)state;
	for (unsigned n = 0; n <= 3; n++) {
		c.n_voices = n;
		assert_int_equal(route_walk(&c, &w), SL_OK);
		assert_int_equal(w.open, n);
		assert_true(w.complete == (n == 3));
		for (unsigned i = 0; i < 3; i++) {
			assert_int_equal(w.step[i].state, i < n	   ? WALK_DONE
							  : i == n ? WALK_OPEN
								   : WALK_WAITING);
			assert_int_equal(route_walk_admits(&c, &w, &said[i], &why),
					 i <= n ? SL_OK : SL_E_DENIED);
		}
	}
	c.n_voices = 0;
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_int_equal(route_walk_admits(&c, &w, &said[2], &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "turn of liaison"));
	c.n_voices = 1;
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_int_equal(route_walk_admits(&c, &w, &stranger, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "author's unit u-01"));
	/* What was recorded under other routes does not count where it does not fit. */
	said[1] = stranger;
	c.n_voices = 3;
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_true(w.open == 1 && !w.complete);
	/* One person, one seat. */
	said[1] = (struct walk_voice){.pid = "p1", .unit = "u-01", .role = "unit-leader"};
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_int_equal(w.open, 1);
	routes_free(r);
}

static void co_signers(void **state)
{
	static const struct {
		const char *type, *column, *unit;
		int want;
	} rows[] = {
		{"CT09", "", "u-07", SL_OK},	       {"CT09", "", "u-05", SL_E_DENIED},
		{"CT02", "", "u-05", SL_OK},	       {"CT02", "", "u-07", SL_E_DENIED},
		{"CT09", "政策法规", "u-05", SL_OK},   {"CT09", "col-policy", "u-05", SL_OK},
		{"CT09", "没有的栏目", "u-07", SL_OK},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct walk_voice said[] = {
			{.pid = "p1", .unit = "u-01", .role = "liaison"},
			{.pid = "p2", .unit = "u-01", .role = "unit-leader"}};
		const struct walk_voice owner = {
			.pid = "p3", .unit = rows[i].unit, .role = "column-owner"};
		const struct walk_case c = {.routes = r,
					    .way = routes_find(r, "B"),
					    .type = rows[i].type,
					    .unit = "u-01",
					    .column = rows[i].column,
					    .voices = said,
					    .n_voices = 2};
		struct walk w;

		assert_int_equal(route_walk(&c, &w), SL_OK);
		assert_int_equal(w.open, 2);
		if (route_walk_admits(&c, &w, &owner, NULL) != rows[i].want)
			fail_msg("%s %s %s", rows[i].type, rows[i].column, rows[i].unit);
	}
	routes_free(r);
}

/* Who else signs: modifier, and how many in its role. */
static void modifiers(void **state)
{
	static const struct {
		const char *name, *route, *type, *findings, *source, *id, *role;
		unsigned count;
	} rows[] = {
		{"S2 on its own route", "C", "CT06", s2, NULL, "open-s2", "secrecy", 3},
		{"S2 raised: there already", "C", "CT04", s2, NULL, "open-s2", "secrecy", 2},
		{"S2 of an answer", "D", "CT17", s2, NULL, "open-s2", "secrecy", 2},
		{"S2 of a reply", "S", "CT16", s2, NULL, "open-s2", "secrecy", 1},
		{"pages", "C", "CT04", FINDING("DH-006", "S2"), NULL, "every-page", "secrecy",
		 2},
		{"law in a reply", "S", "CT16", FINDING("RP-003", "S2"), NULL, "reply-law",
		 "legal", 1},
		{"repost", "A", "CT04", "", "转载", "repost", "desk", 1},
		{"nothing", "A", "CT04", FINDING("PI-003", "S3"), "原创", NULL, "desk", 1},
		{"suppressed", "C", "CT06",
		 "{\"rule\":\"WS-004\",\"severity\":\"S2\",\"suppressed\":{}}", NULL, NULL,
		 "secrecy", 2},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = report(rows[i].findings);
		const struct walk_case c = {.routes = r,
					    .way = routes_find(r, rows[i].route),
					    .type = rows[i].type,
					    .unit = "u-01",
					    .column = "",
					    .source_type = rows[i].source,
					    .report = j};
		bool found = rows[i].id == NULL;
		struct walk w;

		assert_int_equal(route_walk(&c, &w), SL_OK);
		for (unsigned k = 0; k < w.n_modifiers; k++)
			found = found || strcmp(w.modifier[k].modifier->id, rows[i].id) == 0;
		if (!found || (rows[i].id == NULL && w.n_modifiers > 0) ||
		    route_walk_step(&w, rows[i].role) == NULL ||
		    route_walk_step(&w, rows[i].role)->count != rows[i].count)
			fail_msg("%s", rows[i].name);
		/* The desk's final check stays the last. */
		if (strcmp(rows[i].route, "D") != 0)
			assert_string_equal(w.step[w.n - 1].role, "desk");
		json_decref(j);
	}
	routes_free(r);
}

static void many_persons(void **state)
{
	struct routes *r = shipped();
	json_t *files = json_pack("{s:[{s:[]}]}", "files", "findings");
	json_t *list =
		json_object_get(json_array_get(json_object_get(files, "files"), 0), "findings");
	struct walk_case c = {.routes = r,
			      .way = routes_find(r, "A"),
			      .type = "CT04",
			      .unit = "u-01",
			      .column = "",
			      .report = files};
	struct walk w;

	(void)state;
	for (unsigned n = 1; n <= 21; n++) {
		(void)json_array_append_new(
			list, json_pack("{s:s,s:s}", "rule", "PI-009", "severity", "S4"));
		assert_int_equal(route_walk(&c, &w), SL_OK);
		assert_int_equal(w.n, n == 21 ? 4 : 3);
	}
	assert_string_equal(w.step[2].role, "secrecy");
	assert_null(w.step[2].step);
	json_decref(files);
	routes_free(r);
}

static void certificates(void **state)
{
	struct routes *r = shipped();
	struct walk_voice said[3] = {{.pid = "p1", .unit = "u-01", .role = "liaison"},
				     {.pid = "p2", .unit = "u-01", .role = "unit-leader"},
				     {.pid = "p3", .unit = "u-02", .role = "desk"}};
	struct walk_case c = {.routes = r,
			      .way = routes_find(r, "A"),
			      .type = "CT04",
			      .unit = "u-01",
			      .column = "",
			      .source_type = "转载",
			      .voices = said,
			      .n_voices = 2};
	struct sl_why why = {""};
	struct walk w;

	(void)state;
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_int_equal(route_walk_admits(&c, &w, &said[2], &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "CERT-SOURCE"));
	said[2].source = true;
	assert_int_equal(route_walk_admits(&c, &w, &said[2], &why), SL_OK);
	c.n_voices = 3;
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_true(w.complete);
	said[2].source = false; /* recorded before the modifier was there */
	assert_int_equal(route_walk(&c, &w), SL_OK);
	assert_true(w.open == w.n && !w.complete && !w.modifier[0].met);
	routes_free(r);
}

static void raising(void **state)
{
	static const struct {
		const char *findings;
		bool want;
	} rows[] = {
		{s2, true},
		{FINDING("WS-004", "S3"), false},
		{"{\"rule\":\"DH-016\",\"severity\":\"S3\",\"evidence\":[\"refused\",\"D\"]}",
		 true},
		{"{\"rule\":\"DH-016\",\"severity\":\"S2\",\"evidence\":[\"recalled\"]}", true},
		{"{\"rule\":\"DH-016\",\"severity\":\"S3\",\"evidence\":[\"published\"]}",
		 false},
		{"{\"rule\":\"WS-004\",\"severity\":\"S2\",\"suppressed\":{}}", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = report(rows[i].findings);

		if (route_raise(j) != rows[i].want)
			fail_msg("%s", rows[i].findings);
		json_decref(j);
	}
	assert_false(route_raise(NULL));
}

static void templates(void **state)
{
	static char id[] = "T", title[] = "关于{}的通告",
		    text[] = "关于{}的通告\n因{}，请绕行{}。\n特此通告。\n",
		    blanks[] = "{}x{}x{}x{}x{}x{}x{}";
	struct route_template t = {.id = id, .title = title, .text = text};
	static const struct {
		const char *title, *text;
		bool want;
	} rows[] = {
		{"关于湖滨路的通告", "关于湖滨路的通告\n因施工，请绕行河西路。\n特此通告。\n",
		 true},
		{"关于湖滨路的通告",
		 "\n 关于 湖滨路 的通告\r\n\n因施工，请绕行河西路。\n　特此通告。", true},
		{"关于湖滨路的通告", "关于湖滨路的通告\n因施工，请绕行河西路。\n", false},
		{"关于湖滨路的通告",
		 "关于湖滨路的通告\n因施工。另有事，请绕行河西路。\n特此通告。\n", false},
		{"关于湖滨路的通告",
		 "关于湖滨路的通告\n因施工\n再来一行，请绕行河西路。\n特此通告。\n", false},
		{"关于湖滨路的通告",
		 "关于湖滨路的通告\n因施工，请绕行河西路。\n特此通告。\n附言\n", false},
		{"关于湖滨路的通告", "关于的通告\n因施工，请绕行河西路。\n特此通告。\n", false},
		{"另一个标题", "关于湖滨路的通告\n因施工，请绕行河西路。\n特此通告。\n", false},
		{"关于湖滨路的通告", "\xff", false},
		{"关于湖滨路的通告", "", false},
	};
	char *large = malloc(TEMPLATE_TEXT_MAX + 2);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (route_template_fits(&t, rows[i].title, rows[i].text,
					strlen(rows[i].text)) != rows[i].want)
			fail_msg("row %zu", i);
	}
	assert_non_null(large);
	memset(large, 'x', TEMPLATE_TEXT_MAX + 1);
	assert_false(route_template_fits(&t, "关于湖滨路的通告", large, TEMPLATE_TEXT_MAX + 1));
	/* Blanks only: a text of ever the same letter costs no more than its length allows. */
	t.text = blanks;
	assert_false(route_template_fits(&t, "关于湖滨路的通告", large, TEMPLATE_TEXT_MAX - 1));
	assert_true(route_template_fits(&t, "关于湖滨路的通告", large, 100));
	free(large);
}

/* docs/routes.md shows the drawings as `sluice-policy routes` prints them. */
static void documented(void **state)
{
	struct routes *r = shipped();
	struct buf docs;

	(void)state;
	buf_init(&docs, 1 << 20);
	assert_int_equal(file_read(AT_FDCWD, SL_SOURCE_DIR "/docs/routes.md", 1 << 20, &docs),
			 SL_OK);
	for (unsigned i = 0; i < r->routes_count; i++) {
		struct buf out;

		buf_init(&out, 1 << 20);
		routes_draw(r, &r->routes[i], &out);
		if (strstr(buf_str(&docs), buf_str(&out)) == NULL)
			fail_msg("docs/routes.md draws route %s otherwise", r->routes[i].id);
		buf_release(&out);
	}
	buf_release(&docs);
	routes_free(r);
}

/* Every line of every drawing fits into 80 columns, whatever the language of its names. */
static void drawings(void **state)
{
	struct routes *r = shipped();
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	for (unsigned i = 0; i < r->routes_count; i++)
		routes_draw(r, &r->routes[i], &out);
	routes_draw_types(r, &out);
	assert_int_equal(buf_error(&out), SL_OK);
	for (const char *at = buf_str(&out), *line; *at != '\0';) {
		size_t len, used;
		unsigned w = 0;

		assert_true(text_next_line(&at, buf_str(&out) + out.len, &line, &len));
		for (size_t i = 0; i < len; i += used)
			w += (unsigned)text_width(text_decode(line + i, len - i, &used));
		if (w > 80)
			fail_msg("%u columns: %.*s", w, (int)len, line);
	}
	assert_non_null(strstr(buf_str(&out), "(duty-publisher)"));
	assert_non_null(strstr(buf_str(&out), "▼"));
	buf_release(&out);
	for (unsigned i = 0; i < r->routes_count; i++) {
		json_t *j = routes_json(r, &r->routes[i]);

		assert_string_equal(json_str(j, "id"), r->routes[i].id);
		assert_int_equal(json_array_size(json_arr(j, "steps")),
				 r->routes[i].steps_count);
		json_decref(j);
	}
	routes_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_routes),  cmocka_unit_test(contradictions),
		cmocka_unit_test(approval_policy), cmocka_unit_test(orders_of_steps),
		cmocka_unit_test(co_signers),	   cmocka_unit_test(modifiers),
		cmocka_unit_test(many_persons),	   cmocka_unit_test(certificates),
		cmocka_unit_test(raising),	   cmocka_unit_test(templates),
		cmocka_unit_test(drawings),	   cmocka_unit_test(documented),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, setup, teardown) : 1;
}
