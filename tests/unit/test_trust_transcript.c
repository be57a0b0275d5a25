/* A ceremony's transcript: its form, and whether what it lists is installed. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "trust/transcript.h"
#include "trust_kit.h"

/* SHA-256 of nothing at all. */
#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const char good[] =
	"{\"documents\":[{\"role\":\"root\",\"signatures\":[{\"keyid\":\"" HEX
	"\",\"program\":\"sluice-keys 0.1.0\",\"public\":\"" HEX
	"\",\"time\":\"2026-11-27T01:00:00Z\"}],\"signed_sha256\":\"" HEX
	"\",\"version\":2}],\"files\":[{\"length\":0,\"path\":\"metadata/"
	"2.root.json\",\"sha256\":\"" HEX "\"}],\"number\":\"" HEX
	"\",\"program\":\"sluice-keys 0.1.0\",\"schema\":\"sluice-transcript/1\","
	"\"time\":\"2026-11-27T01:00:00Z\"}";

static int parse(const char *text)
{
	json_t *j = NULL;
	int r = transcript_parse(text, strlen(text), &j, NULL);

	json_decref(j);
	return r;
}

static void only_its_own_form(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"other schema", "sluice-transcript/1", "sluice-transcript/2"},
		{"no documents", "[{\"role\"", "[],\"document\":[{\"role\""},
		{"extra member", "\"number\"", "\"n\":1,\"number\""},
		{"number no digest", "\"number\":\"e3", "\"number\":\"E3"},
		{"version 0", "\"version\":2", "\"version\":0"},
		{"length below 0", "\"length\":0", "\"length\":-1"},
		{"path up", "metadata/2.root.json", "metadata/../2.root.json"},
		{"path absolute", "metadata/2.root.json", "/metadata/2.root.json"},
		{"path empty part", "metadata/2.root.json", "metadata//2.root.json"},
		{"time", "2026-11-27T01:00:00Z\"}],\"sig", "yesterday\"}],\"sig"},
		{"signature without key", "\"public\"", "\"publik\""},
		{"not canonical", "{\"documents\"", "{ \"documents\""},
	};

	(void)state;
	assert_int_equal(parse(good), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = kit_replace(good, rows[i].from, rows[i].to);

		if (parse(text) != SL_E_FORMAT)
			fail_msg("%s", rows[i].name);
		free(text);
	}
}

static void a_large_one_is_refused(void **state)
{
	char *text = calloc(1, TRANSCRIPT_MAX + 1);
	json_t *j = NULL;

	(void)state;
	assert_non_null(text);
	assert_int_equal(transcript_parse(text, TRANSCRIPT_MAX + 1, &j, NULL), SL_E_LIMIT);
	free(text);
}

static void what_it_lists_is_there(void **state)
{
	struct sl_why why = {.text = ""};
	json_t *j = NULL;
	char dir[64];

	(void)state;
	assert_int_equal(transcript_parse(good, strlen(good), &j, NULL), SL_OK);
	kit_enter(dir);
	assert_int_equal(transcript_installed(j, "nowhere", &why), SL_E_NOTFOUND);
	assert_int_equal(transcript_installed(j, ".", &why), SL_E_NOTFOUND);
	assert_int_equal(file_mkdirs("metadata", 0700), SL_OK);
	kit_write_file("metadata/2.root.json", "x", 1);
	assert_int_equal(transcript_installed(j, ".", &why), SL_E_SIGNATURE);
	kit_write_file("metadata/2.root.json", "", 0);
	assert_int_equal(transcript_installed(j, ".", &why), SL_OK);
	kit_leave(dir);
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_its_own_form),
		cmocka_unit_test(a_large_one_is_refused),
		cmocka_unit_test(what_it_lists_is_there),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
