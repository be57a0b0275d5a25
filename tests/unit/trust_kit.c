/* trust_kit.c - see trust_kit.h. */
#include "trust_kit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

static const char digest_a[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char digest_b[] =
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static const struct {
	const char *pid, *unit, *roles[3];
	enum key_use use;
} cast[KIT_PEOPLE] = {
	[KIT_AUTHOR] = {"p-01", "u-01", {"author", "desk"}, KEY_DSSE_REVIEWER},
	[KIT_LIAISON] = {"p-02", "u-01", {"liaison"}, KEY_DSSE_REVIEWER},
	[KIT_LEADER] = {"p-03", "u-01", {"unit-leader"}, KEY_DSSE_REVIEWER},
	[KIT_DESK] = {"p-04", "u-02", {"desk"}, KEY_DSSE_REVIEWER},
	[KIT_SECRECY] = {"p-05", "u-03", {"secrecy"}, KEY_DSSE_REVIEWER},
	[KIT_BOTH] = {"p-06", "u-02", {"unit-leader", "desk"}, KEY_DSSE_REVIEWER},
	[KIT_SAME_UNIT_DESK] = {"p-07", "u-01", {"desk"}, KEY_DSSE_REVIEWER},
	[KIT_GATEWAY] = {"s-gateway", "u-00", {"gateway-service"}, KEY_DSSE_GATEWAY},
	[KIT_INSPECTOR] = {"s-inspector", "u-00", {"gateway-service"}, KEY_DSSE_INSPECTOR},
};

struct key *kit_key(enum key_use use, uint8_t n)
{
	uint8_t seed[32];
	struct key *k = NULL;

	memset(seed, n, sizeof(seed));
	assert_int_equal(key_generate(use, seed, &k), SL_OK);
	return k;
}

struct key *kit_vector_key(enum key_use use)
{
	uint8_t seed[32];
	struct key *k = NULL;

	for (uint8_t i = 0; i < sizeof(seed); i++)
		seed[i] = i;
	assert_int_equal(key_generate(use, seed, &k), SL_OK);
	return k;
}

int kit_run(const char *const *argv)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		(void)dup2(null, 0);
		(void)dup2(null, 1);
		(void)dup2(null, 2);
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

void kit_enter(char path[64])
{
	(void)snprintf(path, 64, "/tmp/sluice-test-XXXXXX");
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
}

void kit_leave(const char *path)
{
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(file_remove_tree(AT_FDCWD, path), SL_OK);
}

void kit_write_file(const char *name, const void *bytes, size_t len)
{
	assert_int_equal(file_write_durable(AT_FDCWD, name, bytes, len, 0600), SL_OK);
}

char *kit_replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = NULL;

	assert_non_null(at);
	assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >
		    0);
	return out;
}

const char *kit_pid(enum kit_person p)
{
	return cast[p].pid;
}
struct key *kit_person_key(enum kit_person p)
{
	return kit_key(cast[p].use, (uint8_t)(p + 1));
}

struct key *kit_second_key(enum kit_person p)
{
	return kit_key(KEY_DSSE_REVIEWER, (uint8_t)(200 + p));
}

static json_t *key_json(struct key *k)
{
	char hex[65];
	json_t *j;

	text_hex(key_public(k), KEY_PUBLIC, hex);
	j = json_pack("{s:s,s:s,s:s,s:s,s:s}", "from", "2026-01-01T00:00:00Z", "keyid",
		      key_id(k), "public", hex, "until", "2026-12-31T00:00:00Z", "use",
		      key_use_name(key_get_use(k)));
	key_free(k);
	assert_non_null(j);
	return j;
}

static json_t *person_json(enum kit_person p)
{
	json_t *roles = json_array(), *keys = json_array(), *j;

	for (unsigned i = 0; i < 3 && cast[p].roles[i] != NULL; i++)
		assert_int_equal(json_array_append_new(roles, json_string(cast[p].roles[i])),
				 0);
	assert_int_equal(json_array_append_new(keys, key_json(kit_person_key(p))), 0);
	if (p == KIT_AUTHOR || p == KIT_BOTH)
		assert_int_equal(json_array_append_new(keys, key_json(kit_second_key(p))), 0);
	j = json_pack("{s:o,s:s,s:o,s:s}", "keys", keys, "pid", cast[p].pid, "roles", roles,
		      "unit", cast[p].unit);
	assert_non_null(j);
	return j;
}

char *kit_policy_text(void)
{
	json_t *persons = json_array(), *j;
	struct buf b;
	size_t len;

	for (unsigned i = 0; i < KIT_PEOPLE; i++)
		assert_int_equal(
			json_array_append_new(persons, person_json((enum kit_person)i)), 0);
	j = json_pack(
		"{s:{s:{s:i,s:[s,s],s:i,s:[{s:i,s:s},{s:i,s:s},{s:i,s:s}],s:[s]}},s:o,s:s,s:i}",
		"classes", "A", "approval_ttl_s", 604800, "exclude", "author", "submitter",
		"min_persons", 3, "require", "min", 1, "role", "liaison", "min", 1, "role",
		"unit-leader", "min", 1, "role", "desk", "veto", "secrecy", "persons", persons,
		"schema", "sluice-policy/1", "version", 7);
	assert_non_null(j);
	buf_init(&b, JSON_SIGNED_MAX);
	assert_int_equal(json_canonical(j, &b), SL_OK);
	json_decref(j);
	return (char *)buf_take(&b, &len);
}

struct roster *kit_roster(void)
{
	char *text = kit_policy_text();
	struct roster *r = NULL;
	struct sl_why why = {.text = ""};

	if (roster_parse(text, strlen(text), &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	free(text);
	return r;
}

const char *kit_manifest_text(void)
{
	return "{\"blobs\":[{\"length\":5120,\"media_type\":\"text/"
	       "html\",\"name\":\"body.html\","
	       "\"sha256\":"
	       "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}],"
	       "\"channels\":[\"official-site\"],\"class\":\"A\",\"content_type\":\"CT05\","
	       "\"created\":\"2026-05-28T08:00:00Z\",\"id\":\"R-2026-000123\","
	       "\"index_no\":\"005252709/"
	       "2026-00318\",\"language\":\"zh-CN\",\"pubstatus\":\"usable\","
	       "\"schema\":\"sluice-manifest/"
	       "1\",\"title\":\"关于道路施工的通告\",\"version\":2}";
}

struct manifest *kit_manifest(void)
{
	struct manifest *m = NULL;
	struct sl_why why = {.text = ""};

	if (manifest_parse(kit_manifest_text(), strlen(kit_manifest_text()), &m, &why) != SL_OK)
		fail_msg("%s", why.text);
	return m;
}

void kit_case_init(struct kit_case *k)
{
	memset(k, 0, sizeof(*k));
	k->roster = kit_roster();
	k->manifest = kit_manifest();
	text_hex(k->manifest->sha256, HASH_LEN, k->subject);
	text_hex(roster_digest(k->roster), HASH_LEN, k->policy);
	k->c = (struct approval_case){.manifest = k->manifest,
				      .roster = k->roster,
				      .statements = k->list,
				      .now = KIT_NOW};
}

void kit_case_release(struct kit_case *k)
{
	for (unsigned i = 0; i < k->c.n; i++)
		statement_free(k->list[i]);
	roster_free(k->roster);
	manifest_free(k->manifest);
}

void kit_add(struct kit_case *k, const struct key *key, enum predicate kind, json_t *predicate,
	     const char *subject)
{
	struct sl_why why = {.text = ""};
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_true(k->c.n < sizeof(k->list) / sizeof(k->list[0]));
	assert_int_equal(statement_sign(key, kind, subject == NULL ? k->subject : subject,
					predicate, &line),
			 SL_OK);
	if (statement_parse(line.data, line.len, &k->list[k->c.n], &why) != SL_OK)
		fail_msg("%s", why.text);
	k->c.n++;
	json_decref(predicate);
	buf_release(&line);
}

void kit_submit(struct kit_case *k, enum kit_person author, enum kit_person submitter)
{
	struct key *key = kit_person_key(submitter);

	kit_add(k, key, PRED_SUBMISSION,
		submission_predicate("D-2026-000123", 1, cast[author].pid, cast[submitter].pid,
				     KIT_NOW - 3600),
		NULL);
	key_free(key);
}

void kit_inspect(struct kit_case *k, const char *verdict)
{
	struct key *key = kit_person_key(KIT_INSPECTOR);
	json_t *filters = json_array();

	kit_add(k, key, PRED_INSPECTION,
		inspection_predicate(filters, verdict, digest_a, digest_b, KIT_NOW - 3000),
		NULL);
	json_decref(filters);
	key_free(key);
}

struct approval_facts kit_facts(struct kit_case *k, const char *role)
{
	return (struct approval_facts){
		.decision = "approve",
		.role = role,
		.draft = "D-2026-000123",
		.revision = 1,
		.inspection_sha256 = digest_a,
		.shown_sha256 = digest_b,
		.policy_sha256 = k->policy,
		.policy_version = 7,
		.time = KIT_NOW - 1000,
		.expires = KIT_NOW + 86400,
		.nonce = "000102030405060708090a0b0c0d0e0f",
	};
}

void kit_approve(struct kit_case *k, const struct key *key, const struct approval_facts *f)
{
	kit_add(k, key, PRED_APPROVAL, approval_predicate(f), NULL);
}

void kit_approve_as(struct kit_case *k, enum kit_person p, const char *role)
{
	struct approval_facts f = kit_facts(k, role);
	struct key *key = kit_person_key(p);

	kit_approve(k, key, &f);
	key_free(key);
}

void kit_release(struct kit_case *k, const struct key *key, int64_t time)
{
	const char *inputs[64];

	for (unsigned i = 0; i < k->c.n; i++)
		inputs[i] = k->list[i]->sha256;
	kit_add(k, key, PRED_RELEASE, release_predicate(inputs, k->c.n, k->policy, 7, 42, time),
		NULL);
}
