/* Who answers for a set of rules: two secrecy officers, the same bytes, the same version. */
#include "trust_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "trust/vouch.h"

static char dir[64];

/* The worked cast, the liaison being a second secrecy officer. */
static struct roster *officers(void)
{
	char *text = kit_policy_text();
	char *more = kit_replace(text, "\"roles\":[\"liaison\"]", "\"roles\":[\"secrecy\"]");
	struct roster *r = NULL;
	struct sl_why why = {.text = ""};

	if (roster_parse(more, strlen(more), &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	free(text);
	free(more);
	return r;
}

static void sign(enum kit_person who, uint8_t digest, int64_t version, int64_t time,
		 const char *type, const char *name)
{
	struct vouch_facts f = {.version = version, .time = time};
	struct key *k = kit_person_key(who);
	char path[128];
	struct buf body, line;

	buf_init(&body, 4096);
	buf_init(&line, DSSE_MAX);
	memset(f.digest, digest, sizeof(f.digest));
	assert_int_equal(vouch_write(&f, &body), SL_OK);
	assert_int_equal(dsse_sign(k, type, body.data, body.len, &line), SL_OK);
	(void)snprintf(path, sizeof(path), VOUCH_FOLDER "/%s", name);
	kit_write_file(path, line.data, line.len);
	buf_release(&body);
	buf_release(&line);
	key_free(k);
}

static int check(struct vouch_result *v, struct sl_why *why)
{
	struct roster *r = officers();
	uint8_t digest[HASH_LEN];
	int e;

	memset(digest, 7, sizeof(digest));
	e = vouch_check(".", digest, r, KIT_NOW, v, why);
	roster_free(r);
	return e;
}

static void two_persons(void **state)
{
	struct sl_why why = {.text = ""};
	struct vouch_result v;

	(void)state;
	assert_int_equal(check(&v, &why), SL_E_SIGNATURE);
	assert_non_null(strstr(why.text, "have 0"));
	assert_int_equal(mkdir(VOUCH_FOLDER, 0700), 0);
	sign(KIT_SECRECY, 7, 3, KIT_NOW, VOUCH_TYPE, "a.json");
	sign(KIT_SECRECY, 7, 3, KIT_NOW - 5, VOUCH_TYPE, "again.json");
	assert_int_equal(check(&v, &why), SL_E_SIGNATURE);
	assert_non_null(strstr(why.text, kit_pid(KIT_SECRECY)));
	sign(KIT_LIAISON, 7, 3, KIT_NOW, VOUCH_TYPE, "b.json");
	assert_int_equal(check(&v, &why), SL_OK);
	assert_int_equal(v.n, 2);
	assert_int_equal(v.version, 3);
	/* What does not count spoils nothing. */
	kit_write_file(VOUCH_FOLDER "/0.json", "{}", 2);
	kit_write_file(VOUCH_FOLDER "/note.txt", "x", 1);
	assert_int_equal(check(&v, &why), SL_OK);
	assert_int_equal(unlink(VOUCH_FOLDER "/b.json"), 0);
}

static void signatures_that_do_not_count(void **state)
{
	static const struct {
		enum kit_person who;
		uint8_t digest;
		int64_t version, time;
		const char *type;
	} rows[] = {
		{KIT_LIAISON, 8, 3, KIT_NOW, VOUCH_TYPE},	 /* another set */
		{KIT_LIAISON, 7, 4, KIT_NOW, VOUCH_TYPE},	 /* another version */
		{KIT_LIAISON, 7, 3, KIT_NOW + 4000, VOUCH_TYPE}, /* not yet */
		{KIT_LIAISON, 7, 3, 1700000000, VOUCH_TYPE},	 /* before its key was valid */
		{KIT_LIAISON, 7, 3, KIT_NOW, DSSE_INTOTO},
		{KIT_DESK, 7, 3, KIT_NOW, VOUCH_TYPE},	 /* not the role */
		{KIT_AUTHOR, 7, 3, KIT_NOW, VOUCH_TYPE}, /* not the kind of key */
	};
	struct sl_why why = {.text = ""};
	struct vouch_result v;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sign(rows[i].who, rows[i].digest, rows[i].version, rows[i].time, rows[i].type,
		     "c.json");
		if (check(&v, &why) != SL_E_SIGNATURE)
			fail_msg("row %zu counts", i);
	}
}

/* What was touched since an officer signed is named; another's word about files is not. */
static void touched_files(void **state)
{
	static const struct {
		const char *path, *bytes; /* NULL: removed */
		const char *want;
	} rows[] = {{"packs/pi.yaml", "b", "packs/pi.yaml was changed"},
		    {"packs/pi.yaml", NULL, "packs/pi.yaml is missing"},
		    {"lists/more.yaml", "x", "lists/more.yaml was added"},
		    {"calendars/2027.json", "x", "calendars/2027.json was added"},
		    {"calendars/notes.json", "x", ""},
		    {"lists/2027.json", "x", ""},
		    {"lists/notes.txt", "x", ""}};
	struct vouch_facts f = {.version = 3, .time = KIT_NOW, .digest = {9}};
	struct sl_why why = {.text = ""};
	struct vouch_result v;
	struct buf body, line;

	(void)state;
	assert_int_equal(mkdir("packs", 0700), 0);
	assert_int_equal(mkdir("lists", 0700), 0);
	assert_int_equal(mkdir("calendars", 0700), 0);
	kit_write_file("packs/pi.yaml", "a", 1);
	kit_write_file("policy.yaml", "version: 3", 10);
	assert_int_equal(vouch_files(".", &f.files), SL_OK);
	assert_int_equal(json_object_size(f.files), 2);
	for (unsigned who = 0; who < 2; who++) {
		struct key *k = kit_person_key(who == 0 ? KIT_SECRECY : KIT_DESK);

		buf_init(&body, 4096);
		buf_init(&line, DSSE_MAX);
		assert_int_equal(vouch_write(&f, &body), SL_OK);
		assert_int_equal(dsse_sign(k, VOUCH_TYPE, body.data, body.len, &line), SL_OK);
		kit_write_file(who == 0 ? VOUCH_FOLDER "/c.json" : VOUCH_FOLDER "/desk.json",
			       line.data, line.len);
		buf_release(&body);
		buf_release(&line);
		key_free(k);
	}
	vouch_release(&f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].bytes != NULL)
			kit_write_file(rows[i].path, rows[i].bytes, strlen(rows[i].bytes));
		else
			assert_int_equal(unlink(rows[i].path), 0);
		assert_int_equal(check(&v, &why), SL_E_SIGNATURE);
		if (strstr(why.text, rows[i].want) == NULL)
			fail_msg("%s: %s", rows[i].path, why.text);
		assert_null(rows[i].want[0] == '\0' ? strstr(why.text, "since") : NULL);
		(void)unlink(rows[i].path);
		kit_write_file("packs/pi.yaml", "a", 1);
	}
}

static void payload_has_one_spelling(void **state)
{
	static const char *const rows[] = {
		"",
		"{}",
		"{\"digest\":\"00\",\"schema\":\"sluice-rules/1\",\"time\":"
		"\"2026-05-28T20:26:40Z\",\"version\":1}",
		"{\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\",\"schema\":\"sluice-rules/2\",\"time\":\"2026-05-28T20:26:40Z\","
		"\"version\":1}",
		"{\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\",\"schema\":\"sluice-rules/1\",\"time\":\"2026-05-28T20:26:40Z\","
		"\"version\":0}",
		"{\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\",\"files\":{\"../"
		"x.yaml\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaa\"},\"schema\":\"sluice-rules/1\",\"time\":"
		"\"2026-05-28T20:26:40Z\",\"version\":1}",
		"{\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\",\"files\":{\"x.yaml\":\"00\"},\"schema\":\"sluice-rules/1\",\"time\":"
		"\"2026-05-28T20:26:40Z\",\"version\":1}",
		"{\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\",\"more\":1,\"schema\":\"sluice-rules/1\",\"time\":\"2026-05-28T20:26:40Z\","
		"\"version\":1}",
	};
	struct vouch_facts f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(vouch_read(rows[i], strlen(rows[i]), &f), SL_E_FORMAT);
}

static int setup(void **state)
{
	(void)state;
	if (crypto_start() != SL_OK)
		return -1;
	kit_enter(dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_leave(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_persons),
		cmocka_unit_test(signatures_that_do_not_count),
		cmocka_unit_test(touched_files),
		cmocka_unit_test(payload_has_one_spelling),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
