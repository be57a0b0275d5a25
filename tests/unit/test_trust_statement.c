/* Manifests, statements and the attest file: one reading only (P8, P11, P13, P17, P22). */
#include <string.h>

#include "base/text.h"
#include "trust_kit.h"

static void manifest_is_read(void **state)
{
	static const char more[] = "\"audience_class\":\"公众\",\"blobs\"",
			  embargo[] = "\"embargo\":\"2026-06-01T00:00:00Z\",\"id\"";
	struct manifest *m = kit_manifest();
	char *one = kit_replace(kit_manifest_text(), "\"blobs\"", more),
	     *two = kit_replace(one, "\"id\"", embargo),
	     *three = kit_replace(two, "\"language\"", "\"keywords\":[\"道路\"],\"language\"");
	uint8_t digest[HASH_LEN];

	(void)state;
	hash_bytes(kit_manifest_text(), strlen(kit_manifest_text()), digest);
	assert_memory_equal(m->sha256, digest, HASH_LEN);
	assert_string_equal(m->id, "R-2026-000123");
	assert_string_equal(m->klass, "A");
	assert_int_equal(m->version, 2);
	assert_int_equal(m->n_blobs, 1);
	assert_int_equal(m->blobs[0].length, 5120);
	assert_string_equal(m->blobs[0].name, "body.html");
	assert_int_equal(m->n_channels, 1);
	assert_string_equal(m->channels[0], "official-site");
	assert_int_equal(m->embargo, 0);
	manifest_free(m);
	assert_int_equal(manifest_parse(three, strlen(three), &m, NULL), SL_OK);
	assert_true(m->embargo > KIT_NOW);
	manifest_free(m);
	manifest_free(NULL);
	free(one);
	free(two);
	free(three);
}

static void bad_manifests_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
		int want;
	} rows[] = {
		{"unknown member", "\"title\"", "\"theme\":\"x\",\"title\"", SL_E_FORMAT},
		{"other schema", "sluice-manifest/1", "sluice-manifest/2", SL_E_FORMAT},
		{"not canonical", "\"version\":2}", "\"version\":2} ", SL_E_FORMAT},
		{"missing title", ",\"title\":\"关于道路施工的通告\"", "", SL_E_FORMAT},
		{"empty title", "关于道路施工的通告", "", SL_E_FORMAT},
		{"control character in title", "关于道路施工的通告", "a\\u0000b", SL_E_FORMAT},
		{"newline in title", "关于道路施工的通告", "a\\nb", SL_E_FORMAT},
		{"P13 lone surrogate", "关于道路施工的通告", "\\ud800", SL_E_FORMAT},
		{"P13 big version", "\"version\":2", "\"version\":9007199254740992",
		 SL_E_FORMAT},
		{"version 0", "\"version\":2", "\"version\":0", SL_E_FORMAT},
		{"version text", "\"version\":2", "\"version\":\"2\"", SL_E_FORMAT},
		{"P8 id", "R-2026-000123", "R-2026-00012/", SL_E_FORMAT},
		{"P8 id longer", "R-2026-000123", "R-2026-0001234", SL_E_FORMAT},
		{"P8 blob name parent", "body.html", "../body.html", SL_E_FORMAT},
		{"P8 blob name dots", "body.html", "..", SL_E_FORMAT},
		{"P8 blob name absolute", "body.html", "/etc/passwd", SL_E_FORMAT},
		{"P8 blob name option", "body.html", "-rf", SL_E_FORMAT},
		{"P8 blob name bidi", "body.html", "body\xe2\x80\xaelmth.exe", SL_E_FORMAT},
		{"unknown member of a blob", "{\"length\"", "{\"href\":\"x\",\"length\"",
		 SL_E_FORMAT},
		{"negative length", "5120", "-1", SL_E_LIMIT},
		{"enormous length", "5120", "9007199254740991", SL_E_LIMIT},
		{"media type", "text/html", "text", SL_E_FORMAT},
		{"digest", "\"sha256\":\"aaaa", "\"sha256\":\"AAAA", SL_E_FORMAT},
		{"no channel", "[\"official-site\"]", "[]", SL_E_FORMAT},
		{"channel path", "official-site", "../site", SL_E_FORMAT},
		{"channel twice", "[\"official-site\"]", "[\"a\",\"a\"]", SL_E_FORMAT},
		{"P17 created", "2026-05-28T08:00:00Z", "2026-05-28 08:00:00", SL_E_FORMAT},
		{"P17 embargo", "\"id\":", "\"embargo\":\"soon\",\"id\":", SL_E_FORMAT},
		{"optional text is a number", "\"id\":", "\"doc_no\":7,\"id\":", SL_E_FORMAT},
		{"keywords with a number",
		 "\"language\":", "\"keywords\":[7],\"language\":", SL_E_FORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(kit_manifest_text(), rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		struct manifest *m = NULL;
		int r = manifest_parse(bad, strlen(bad), &m, &why);

		if (r != rows[i].want || m != NULL)
			fail_msg("%s: %d %s", rows[i].name, r, why.text);
		free(bad);
	}
	{
		char *big = calloc(1, MANIFEST_MAX + 1);
		struct manifest *m = NULL;

		assert_int_equal(manifest_parse(big, MANIFEST_MAX + 1, &m, NULL), SL_E_LIMIT);
		free(big);
	}
}

/* A signed envelope around any payload. */
static int parse_payload(const char *type, const char *payload, struct statement **ret_s)
{
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 1);
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(dsse_sign(k, type, payload, strlen(payload), &line), SL_OK);
	r = statement_parse(line.data, line.len, ret_s, NULL);
	buf_release(&line);
	key_free(k);
	return r;
}

static const char STATEMENT[] =
	"{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},\"predicateType\":"
	"\"https://sluice.invalid/attestation/approval/"
	"v1\",\"subject\":[{\"digest\":{\"sha256\":"
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},\"name\":"
	"\"manifest.json\"}]}";

static void p11_unknown_types_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"_type v0.1", "Statement/v1", "Statement/v0.1"},
		{"predicateType other", "approval/v1", "approval/v2"},
		{"predicateType of others", "https://sluice.invalid/attestation/approval/v1",
		 "https://slsa.dev/provenance/v1"},
		{"unknown member", "\"predicate\":{}", "\"policy\":1,\"predicate\":{}"},
		{"predicate not an object", "\"predicate\":{}", "\"predicate\":[]"},
		{"two subjects", "[{\"digest\"", "[{},{\"digest\""},
		{"no subject",
		 "[{\"digest\":{\"sha256\":"
		 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaa\"},\"name\":\"manifest.json\"}]",
		 "[]"},
		{"other subject name", "manifest.json", "manifest"},
		{"second digest", "{\"sha256\"", "{\"md5\":\"a\",\"sha256\""},
		{"not canonical", "{\"_type\"", "{ \"_type\""},
	};
	struct statement *s = NULL;

	(void)state;
	assert_int_equal(parse_payload(DSSE_INTOTO, STATEMENT, &s), SL_OK);
	assert_int_equal(s->kind, PRED_APPROVAL);
	statement_free(s);
	s = NULL;
	assert_int_equal(parse_payload("application/json", STATEMENT, &s), SL_E_FORMAT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(STATEMENT, rows[i].from, rows[i].to);

		if (parse_payload(DSSE_INTOTO, bad, &s) != SL_E_FORMAT)
			fail_msg("%s", rows[i].name);
		free(bad);
	}
	assert_int_equal(statement_parse("{}", 2, &s, NULL), SL_E_FORMAT);
	assert_null(s);
}

static void predicates_come_back(void **state)
{
	const char *draft, *author, *submitter, *verdict, *report, *policy;
	int64_t revision, time, version, serial;
	struct approval_facts want, f;
	struct notice_facts nf;
	const json_t *inputs;
	json_t *orders = json_array();
	struct key *gateway = kit_person_key(KIT_GATEWAY), *desk = kit_person_key(KIT_DESK);
	struct kit_case k;

	(void)state;
	kit_case_init(&k);
	kit_submit(&k, KIT_AUTHOR, KIT_LIAISON);
	kit_inspect(&k, "review");
	want = kit_facts(&k, "desk");
	want.decision = "return";
	want.code = "表述错误";
	want.reason = "第二段有误";
	kit_approve(&k, desk, &want);
	kit_release(&k, gateway, KIT_NOW);
	nf = (struct notice_facts){.action = "confirm",
				   .release = "R-2026-000123",
				   .version = 2,
				   .reason_code = "PI",
				   .text_sha256 = k.subject,
				   .time = KIT_NOW,
				   .freeze = 41};
	kit_add(&k, desk, PRED_ORDER, order_predicate(&nf), NULL);
	nf.action = "correct";
	nf.serial = 43;
	nf.policy_sha256 = k.policy;
	nf.policy_version = 7;
	nf.freeze = 0;
	nf.orders = orders;
	nf.successor = "R-2026-000124";
	nf.successor_sha256 = k.policy;
	nf.successor_version = 1;
	kit_add(&k, gateway, PRED_NOTICE, notice_predicate(&nf), NULL);
	assert_int_equal(
		submission_read(k.list[0], &draft, &revision, &author, &submitter, &time, NULL),
		SL_OK);
	assert_string_equal(draft, "D-2026-000123");
	assert_string_equal(author, "p-01");
	assert_string_equal(submitter, "p-02");
	assert_int_equal(inspection_read(k.list[1], &verdict, &report, NULL), SL_OK);
	assert_string_equal(verdict, "review");
	assert_int_equal(approval_read(k.list[2], &f, NULL), SL_OK);
	assert_string_equal(f.decision, "return");
	assert_string_equal(f.reason, want.reason);
	assert_string_equal(f.nonce, want.nonce);
	assert_true(f.time == want.time && f.expires == want.expires && f.policy_version == 7);
	assert_int_equal(
		release_read(k.list[3], &inputs, &policy, &version, &serial, &time, NULL),
		SL_OK);
	assert_true(json_array_size(inputs) == 3 && serial == 42 && version == 7 &&
		    time == KIT_NOW);
	assert_int_equal(order_read(k.list[4], &nf, NULL), SL_OK);
	assert_true(nf.freeze == 41 && nf.serial == 0 && nf.orders == NULL);
	assert_string_equal(nf.text_sha256, k.subject);
	assert_int_equal(notice_read(k.list[5], &nf, NULL), SL_OK);
	assert_true(nf.serial == 43 && nf.policy_version == 7 && nf.successor_version == 1);
	assert_string_equal(nf.successor, "R-2026-000124");
	/* A reader never takes a statement of another kind. */
	assert_int_equal(approval_read(k.list[0], &f, NULL), SL_E_FORMAT);
	assert_int_equal(
		submission_read(k.list[1], &draft, &revision, &author, &submitter, &time, NULL),
		SL_E_FORMAT);
	assert_int_equal(inspection_read(k.list[0], &verdict, &report, NULL), SL_E_FORMAT);
	assert_int_equal(
		release_read(k.list[0], &inputs, &policy, &version, &serial, &time, NULL),
		SL_E_FORMAT);
	assert_int_equal(order_read(k.list[5], &nf, NULL), SL_E_FORMAT);
	assert_int_equal(notice_read(k.list[4], &nf, NULL), SL_E_FORMAT);
	json_decref(orders);
	key_free(gateway);
	key_free(desk);
	kit_case_release(&k);
}

static void unknown_members_of_predicates_are_refused(void **state)
{
	static const struct {
		const char *name, *member;
		const char *value; /* JSON; NULL: delete the member */
	} rows[] = {
		{"unknown", "weight", "2"},
		{"no role", "role", NULL},
		{"unknown role", "role", "\"king\""},
		{"decision", "decision", "\"maybe\""},
		{"revision 0", "revision", "0"},
		{"time", "time", "\"now\""},
		{"expires", "expires", "\"never\""},
		{"nonce", "nonce", "\"00\""},
		{"reason", "reason", "7"},
		{"code", "code", "7"},
		{"policy", "policy", "{}"},
		{"draft", "draft", "\"../x\""},
		{"acknowledged", "acknowledged", "[{\"rule\":1}]"},
		{"shown", "shown_sha256", "\"x\""},
	};
	struct approval_facts f;
	struct kit_case k;

	(void)state;
	kit_case_init(&k);
	f = kit_facts(&k, "desk");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct statement s = {.kind = PRED_APPROVAL,
				      .predicate = approval_predicate(&f)};

		assert_int_equal(approval_read(&s, &f, NULL), SL_OK);
		f = kit_facts(&k, "desk");
		if (rows[i].value == NULL)
			(void)json_object_del(s.predicate, rows[i].member);
		else
			(void)json_object_set_new(
				s.predicate, rows[i].member,
				json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
		if (approval_read(&s, &f, NULL) != SL_E_FORMAT)
			fail_msg("%s", rows[i].name);
		json_decref(s.predicate);
		f = kit_facts(&k, "desk");
	}
	kit_case_release(&k);
}

static void newline_in_a_reason_cannot_be_signed(void **state)
{
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 1);
	struct notice_facts f = {.action = "withdraw",
				 .release = "R-2026-000123",
				 .version = 1,
				 .reason_code = "two\nlines",
				 .time = KIT_NOW};
	char subject[65];
	struct buf out;
	json_t *p;

	(void)state;
	buf_init(&out, DSSE_MAX);
	hash_hex("x", 1, subject);
	f.text_sha256 = subject;
	p = order_predicate(&f);
	assert_int_equal(statement_sign(k, PRED_ORDER, subject, p, &out), SL_E_FORMAT);
	assert_int_equal(statement_sign(k, PRED_ORDER, "not a digest", p, &out), SL_E_FORMAT);
	json_decref(p);
	f.reason_code = "\xff";
	assert_null(order_predicate(&f));
	assert_int_equal(statement_sign(k, PRED_ORDER, subject, NULL, &out), SL_E_FORMAT);
	buf_release(&out);
	key_free(k);
}

static void signed_line(unsigned i, struct buf *out)
{
	struct key *k = kit_key(KEY_DSSE_REVIEWER, 1);
	json_t *p = submission_predicate("D-1", (int64_t)i + 1, "p-01", "p-01", KIT_NOW);
	char subject[65];

	hash_hex("x", 1, subject);
	buf_init(out, DSSE_MAX);
	assert_int_equal(statement_sign(k, PRED_SUBMISSION, subject, p, out), SL_OK);
	json_decref(p);
	key_free(k);
}

static void attest_is_sorted_and_bounded(void **state)
{
	struct buf lines[ATTEST_LINES_MAX + 1], out, twice;
	struct statement *list[ATTEST_LINES_MAX];
	const char *nl;
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i <= ATTEST_LINES_MAX; i++)
		signed_line(i, &lines[i]);
	buf_init(&out, 1 << 20);
	buf_init(&twice, 1 << 20);
	assert_int_equal(attest_join(lines, 5, &out), SL_OK);
	assert_int_equal(attest_split(out.data, out.len, list, &n, NULL), SL_OK);
	assert_int_equal(n, 5);
	for (unsigned i = 1; i < n; i++)
		assert_true(strcmp(list[i - 1]->sha256, list[i]->sha256) < 0);
	while (n > 0)
		statement_free(list[--n]);
	assert_int_equal(attest_split(out.data, out.len - 1, list, &n, NULL), SL_E_FORMAT);
	assert_int_equal(attest_split(out.data, 0, list, &n, NULL), SL_E_LIMIT);
	/* P1: the same line twice; and lines out of order. */
	nl = (const char *)memchr(out.data, '\n', out.len) + 1;
	buf_put(&twice, out.data, (size_t)(nl - buf_str(&out)));
	buf_put(&twice, out.data, (size_t)(nl - buf_str(&out)));
	assert_int_equal(attest_split(twice.data, twice.len, list, &n, NULL), SL_E_FORMAT);
	buf_clear(&twice);
	buf_puts(&twice, nl);
	buf_put(&twice, out.data, (size_t)(nl - buf_str(&out)));
	assert_int_equal(attest_split(twice.data, twice.len, list, &n, NULL), SL_E_FORMAT);
	buf_clear(&out);
	assert_int_equal(attest_join(lines, ATTEST_LINES_MAX + 1, &out), SL_E_LIMIT);
	assert_int_equal(attest_join(lines, 0, &out), SL_E_LIMIT);
	buf_release(&lines[1]);
	lines[1] = lines[0];
	assert_int_equal(attest_join(lines, 2, &out), SL_E_EXISTS);
	buf_init(&lines[1], 0);
	for (unsigned i = 0; i <= ATTEST_LINES_MAX; i++)
		buf_release(&lines[i]);
	buf_release(&out);
	buf_release(&twice);
}

static void p22_thousands_of_lines_are_refused(void **state)
{
	struct statement *list[ATTEST_LINES_MAX];
	struct buf out;
	unsigned n = 0;

	(void)state;
	buf_init(&out, 1 << 20);
	for (unsigned i = 0; i < 10000; i++)
		buf_puts(&out, "{}\n");
	assert_int_equal(attest_split(out.data, out.len, list, &n, NULL), SL_E_FORMAT);
	for (unsigned i = 0; i < 40000; i++)
		buf_puts(&out, "{}\n");
	assert_int_equal(attest_split(out.data, out.len, list, &n, NULL), SL_E_LIMIT);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest_is_read),
		cmocka_unit_test(bad_manifests_are_refused),
		cmocka_unit_test(p11_unknown_types_are_refused),
		cmocka_unit_test(predicates_come_back),
		cmocka_unit_test(unknown_members_of_predicates_are_refused),
		cmocka_unit_test(newline_in_a_reason_cannot_be_signed),
		cmocka_unit_test(attest_is_sorted_and_bounded),
		cmocka_unit_test(p22_thousands_of_lines_are_refused),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
