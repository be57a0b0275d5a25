/* P5: a root version is skipped; a timestamp that was refused is remembered. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "attack_kit.h"

static void p5_version_inside_is_not_the_one_in_the_name(void **state)
{
	struct attack a;
	json_t *root;

	(void)state;
	attack_new(&a);
	root = attack_body(&a, "root");
	assert_int_equal(json_object_set_new(root, "version", json_integer(3)), 0);
	attack_sign(&a, "root", root, a.k.root);
	assert_int_equal(
		renameat(a.k.tree, "metadata/3.root.json", a.k.tree, "metadata/2.root.json"),
		0);
	attack_refuses(&a, "2.root.json has version 3");
	attack_free(&a);
}

/* Root 3 gives the timestamp to the attacker; root 2, which custodians would have to
 * sign, is not there. */
static void p5_root_3_without_root_2(void **state)
{
	struct attack a;
	json_t *root, *entry;

	(void)state;
	attack_new(&a);
	root = attack_body(&a, "root");
	entry = json_object_get(json_object_get(root, "roles"), "timestamp");
	assert_int_equal(
		json_object_set_new(entry, "keyids", json_pack("[s]", key_id(a.k.snapshot))),
		0);
	assert_int_equal(json_object_set_new(root, "version", json_integer(3)), 0);
	attack_sign(&a, "root", root, a.k.root);
	attack_accepts(&a);
	attack_sign(&a, "timestamp", attack_body(&a, "timestamp"), a.k.snapshot);
	attack_refuses(&a, "timestamp: 0 of 1");
	attack_free(&a);
}

static void refused_timestamp(bool expired)
{
	char *good, *stored, *again;
	struct attack a;
	json_t *body;
	char path[160], text[CLOCK_TEXT + 1];

	attack_new(&a);
	attack_accepts(&a);
	(void)snprintf(path, sizeof(path), "%s/.state/tuf/timestamp.json", a.into);
	stored = okit_read(AT_FDCWD, path);
	good = okit_read(a.k.tree, "metadata/timestamp.json");
	body = attack_body(&a, "timestamp");
	assert_int_equal(json_object_set_new(body, "version", json_integer(1000000)), 0);
	if (expired) {
		clock_format(a.k.now - 60, text);
		assert_int_equal(json_object_set_new(body, "expires", json_string(text)), 0);
	}
	attack_sign(&a, "timestamp", body, expired ? a.k.timestamp : a.k.snapshot);
	attack_refuses(&a, expired ? "expired" : "timestamp: 0 of 1");
	again = okit_read(AT_FDCWD, path);
	assert_string_equal(again, stored);
	free(again);
	/* Had version 1000000 been kept, every true timestamp would now be a rollback. */
	okit_write(a.k.tree, "metadata/timestamp.json", good, strlen(good));
	attack_accepts(&a);
	free(good);
	free(stored);
	attack_free(&a);
}

static void p5_timestamp_by_a_wrong_key_is_not_kept(void **state)
{
	(void)state;
	refused_timestamp(false);
}

static void p5_expired_timestamp_is_not_kept(void **state)
{
	(void)state;
	refused_timestamp(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p5_version_inside_is_not_the_one_in_the_name),
		cmocka_unit_test(p5_root_3_without_root_2),
		cmocka_unit_test(p5_timestamp_by_a_wrong_key_is_not_kept),
		cmocka_unit_test(p5_expired_timestamp_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
