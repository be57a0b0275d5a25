/* What expires soon: one rule, one order, one sentence; files that say nothing are left out. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "trust/due_files.h"
#include "trust/tuf_writer.h"
#include "trust_kit.h"

enum { DAY = 86400 };

static void sixty_days(void **state)
{
	static const struct {
		int64_t left;
		enum due_state want;
	} rows[] = {{-DAY, DUE_OVER},
		    {0, DUE_OVER},
		    {1, DUE_SOON},
		    {60 * DAY, DUE_SOON},
		    {60 * DAY + 1, DUE_FINE},
		    {400 * DAY, DUE_FINE}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(due_judge(KIT_NOW + rows[i].left, KIT_NOW), rows[i].want);
	assert_string_equal(due_state_name(DUE_FINE), "fine");
	assert_string_equal(due_state_name(DUE_SOON), "soon");
	assert_string_equal(due_state_name(DUE_OVER), "expired");
}

static void soonest_first(void **state)
{
	struct due_list l = {.n = 0};
	enum due_state worst = DUE_FINE;
	char text[DUE_TEXT_MAX];
	json_t *j;

	(void)state;
	for (int i = DUE_ITEMS_MAX + 20; i > 0; i--)
		due_add(&l, KIT_NOW + (int64_t)i * DAY, "thing %d", i);
	assert_int_equal(l.n, DUE_ITEMS_MAX);
	for (unsigned i = 0; i + 1 < l.n; i++)
		assert_true(l.item[i].expires < l.item[i + 1].expires);
	assert_string_equal(l.item[0].what, "thing 1");
	assert_int_equal(due_count(&l, KIT_NOW, &worst), 60);
	assert_int_equal(worst, DUE_SOON);
	due_say(&l.item[0], KIT_NOW, text);
	assert_string_equal(text, "thing 1 expires in 1 days, on 2026-05-29");
	due_say(&l.item[0], KIT_NOW + 2 * DAY, text);
	assert_string_equal(text, "thing 1 has expired, on 2026-05-29");
	assert_int_equal(due_count(&l, KIT_NOW + 2 * DAY, &worst), 62);
	assert_int_equal(worst, DUE_OVER);
	j = due_json(&l, KIT_NOW + 2 * DAY);
	assert_int_equal(json_array_size(j), 62);
	assert_string_equal(json_str(json_array_get(j, 0), "state"), "expired");
	assert_string_equal(json_str(json_array_get(j, 2), "state"), "soon");
	json_decref(j);
}

static void a_report_warns_and_complains(void **state)
{
	struct due_list l = {.n = 0};
	struct report r;

	(void)state;
	due_add(&l, KIT_NOW + DAY, "soon");
	due_add(&l, KIT_NOW + 100 * DAY, "later");
	report_init(&r);
	due_report(&l, KIT_NOW, &r);
	assert_true(r.all_ok);
	assert_int_equal(json_array_size(r.items), 1);
	assert_true(json_is_true(json_object_get(json_array_get(r.items, 0), "warning")));
	due_report(&l, KIT_NOW + 2 * DAY, &r);
	assert_false(r.all_ok);
	report_release(&r);
}

/* A person's newest key counts: who has the next one already is not reminded. */
static void people_by_their_last_key(void **state)
{
	struct due_list l = {.n = 0};
	struct roster *r = kit_roster();
	unsigned service = 0;

	(void)state;
	due_files_roster(&l, r);
	assert_int_equal(l.n, KIT_PEOPLE);
	for (unsigned i = 0; i < l.n; i++)
		service += strstr(l.item[i].what, "dsse-gateway") != NULL ||
			   strstr(l.item[i].what, "dsse-inspector") != NULL;
	assert_int_equal(service, 2);
	roster_free(r);
}

static void write_leaf(const char *name, int64_t version, int64_t expires)
{
	json_t *targets = json_object(), *body = tuf_leaf_body(version, expires, targets),
	       *envelope = tuf_envelope_new(body);
	struct buf b;

	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	kit_write_file(name, b.data, b.len);
	buf_release(&b);
	json_decref(envelope);
	json_decref(body);
	json_decref(targets);
}

static void the_newest_of_a_directory(void **state)
{
	struct due_list l = {.n = 0};
	unsigned found = 7;
	char dir[64];

	(void)state;
	due_files_directory(&l, "/nonexistent", &found);
	assert_int_equal(found, 0);
	kit_enter(dir);
	assert_int_equal(file_mkdirs("metadata", 0700), SL_OK);
	write_leaf("metadata/9.policy.json", 9, KIT_NOW);
	write_leaf("metadata/10.policy.json", 10, KIT_NOW + DAY);
	write_leaf("metadata/x.policy.json", 11, KIT_NOW);
	kit_write_file("metadata/3.targets.json", "{}", 2);
	due_files_directory(&l, ".", &found);
	assert_int_equal(found, 1);
	assert_string_equal(l.item[0].what, "policy metadata 10");
	assert_int_equal(due_files_one(&l, "metadata/9.policy.json", NULL), SL_OK);
	assert_string_equal(l.item[0].what, "9.policy.json");
	assert_int_equal(due_files_one(&l, "metadata/3.targets.json", NULL), SL_E_FORMAT);
	assert_int_equal(due_files_one(&l, "metadata/4.targets.json", NULL), SL_E_NOTFOUND);
	kit_leave(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixty_days),
		cmocka_unit_test(soonest_first),
		cmocka_unit_test(a_report_warns_and_complains),
		cmocka_unit_test(people_by_their_last_key),
		cmocka_unit_test(the_newest_of_a_directory),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
