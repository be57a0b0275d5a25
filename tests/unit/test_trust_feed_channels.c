/* Tables of channel serials: forwards, backwards, joined to what was seen, and in words. */
#include <string.h>

#include "trust/feed_channels.h"
#include "trust_kit.h"

/* "a:3 b:2" -> {"a":3,"b":2} -> table. */
static struct feed_channels table(const char *text)
{
	struct feed_channels t = {.n = 0};
	json_t *j = NULL;

	assert_int_equal(json_parse(text, strlen(text), 4096, &j), SL_OK);
	assert_int_equal(feed_channels_read(j, &t), SL_OK);
	json_decref(j);
	return t;
}

static void counts_there_and_back(void **state)
{
	const char *names[] = {"site", "blog"}, *twice[] = {"site", "site"};
	struct feed_channels t = table("{\"blog\":7,\"site\":3}"), before = t;
	struct sl_why why = {.text = ""};
	struct feed_numbers e, other;
	json_t *j;

	(void)state;
	assert_int_equal(feed_channels_next(&t, names, 2, &e), SL_OK);
	j = feed_channels_entry_json(&t, &e, NULL);
	assert_int_equal(json_object_size(j), 2);
	assert_int_equal(json_integer_value(json_object_get(j, "site")), 3);
	assert_int_equal(json_integer_value(json_object_get(j, "blog")), 7);
	assert_int_equal(feed_channels_entry_read(j, &t, &other), SL_OK);
	assert_memory_equal(&e, &other, sizeof(e));
	json_decref(j);
	j = feed_channels_entry_json(&t, &e, "blog");
	assert_int_equal(json_object_size(j), 1);
	json_decref(j);
	assert_int_equal(feed_channels_count(&t, &e, NULL), SL_OK);
	/* The same entry again is not the next one, and nothing is counted. */
	assert_int_equal(feed_channels_count(&t, &e, &why), SL_E_REPLAY);
	assert_string_equal(why.text, "serial 7 of channel blog instead of 8");
	assert_int_equal(feed_channels_back(&t, &e, NULL), SL_OK);
	assert_memory_equal(&t, &before, sizeof(t));
	assert_int_equal(feed_channels_next(&t, twice, 2, &e), SL_E_FORMAT);
	assert_int_equal(feed_channels_next(&t, names, 0, &e), SL_E_FORMAT);
	twice[0] = "with space";
	assert_int_equal(feed_channels_next(&t, twice, 1, &e), SL_E_FORMAT);
}

static void joins_or_names_the_serial(void **state)
{
	static const struct {
		const char *newer, *older, *says; /* newer: walked back */
	} rows[] = {
		{"{\"a\":3,\"b\":2}", "{\"b\":2,\"a\":3}", NULL},
		{"{}", "{}", NULL},
		{"{\"a\":5}", "{\"a\":4}", "serial 4 of channel a is missing"},
		{"{\"a\":4}", "{\"a\":5}", "serial 4 of channel a is there twice"},
		{"{\"a\":4,\"b\":3}", "{\"a\":4}", "serial 2 of channel b is missing"},
		{"{\"a\":4}", "{\"a\":4,\"b\":9}", "serial 1 of channel b is there twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct feed_channels newer = table(rows[i].newer), older = table(rows[i].older);
		struct sl_why why = {.text = ""};
		int r = feed_channels_join(&newer, &older, &why);

		if (rows[i].says == NULL
			    ? r != SL_OK
			    : r != SL_E_FORMAT || strcmp(why.text, rows[i].says) != 0)
			fail_msg("%zu: %d %s", i, r, why.text);
	}
}

static void never_goes_back(void **state)
{
	struct feed_channels old = table("{\"a\":4,\"b\":9}"),
			     new = table("{\"a\":4,\"b\":9,\"c\":2}");
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(feed_channels_grew(&new, &old, NULL), SL_OK);
	assert_int_equal(feed_channels_grew(&old, &new, &why), SL_E_REPLAY);
	assert_string_equal(why.text, "channel c went back from serial 1 to 0");
	new = table("{\"a\":3,\"b\":9}");
	assert_int_equal(feed_channels_grew(&new, &old, &why), SL_E_REPLAY);
	assert_string_equal(why.text, "channel a went back from serial 3 to 2");
}

static void moves_to_another_table(void **state)
{
	struct feed_channels from = table("{\"a\":2,\"b\":3}"), to = table("{\"b\":3}");
	const char *names[] = {"b", "a"};
	struct feed_numbers e;
	json_t *j;

	(void)state;
	assert_int_equal(feed_channels_next(&from, names, 2, &e), SL_OK);
	assert_int_equal(feed_channels_move(&from, &to, &e), SL_OK);
	assert_int_equal(to.n, 2);
	assert_int_equal(to.next[1], 1); /* named, not counted, not written */
	j = feed_channels_entry_json(&to, &e, NULL);
	assert_int_equal(json_integer_value(json_object_get(j, "a")), 2);
	assert_int_equal(json_integer_value(json_object_get(j, "b")), 3);
	json_decref(j);
	j = feed_channels_json(&to);
	assert_int_equal(json_object_size(j), 1);
	json_decref(j);
}

static void channels_of_a_manifest(void **state)
{
	struct feed_channels t = table("{\"a\":2,\"b\":3}");
	const char *both[] = {"a", "b"};
	struct manifest m = {.channels = {"b", "a"}, .n_channels = 2};
	struct sl_why why = {.text = ""};
	struct feed_numbers e;

	(void)state;
	assert_int_equal(feed_channels_next(&t, both, 2, &e), SL_OK);
	assert_int_equal(feed_channels_are(&t, &e, &m, NULL), SL_OK);
	m.n_channels = 1;
	assert_int_equal(feed_channels_are(&t, &e, &m, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "not for"));
	m.channels[0] = "c";
	assert_int_equal(feed_channels_are(&t, &e, &m, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "channel c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_there_and_back),
		cmocka_unit_test(joins_or_names_the_serial),
		cmocka_unit_test(never_goes_back),
		cmocka_unit_test(moves_to_another_table),
		cmocka_unit_test(channels_of_a_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
