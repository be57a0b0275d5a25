/* P4: a new root that the old keys have signed and its own have not, or the other way
 * round; and a refused root must not stay behind. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "attack_kit.h"

enum signer { OLD_ONLY, NEW_ONLY, BOTH };

/* Root 2 hands the root role to a new key; timestamp keys change with it, so that what
 * the new root would allow shows. */
static void write_root(struct attack *a, struct key *fresh, enum signer by)
{
	json_t *root = attack_body(a, "root"),
	       *entry = json_object_get(json_object_get(root, "roles"), "root");
	const char *id = attack_add_key(json_object_get(root, "keys"),
					tuf_key_object(key_public(fresh)));
	const struct key *keys[3] = {by == NEW_ONLY ? fresh : a->k.root, NULL, NULL};

	assert_int_equal(json_object_set_new(entry, "keyids", json_pack("[s]", id)), 0);
	if (by == BOTH)
		keys[1] = fresh;
	attack_put(a, "root", attack_envelope(root, keys));
}

static char *stored_root(const struct attack *a)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/.state/tuf/root.json", a->into);
	return okit_read(AT_FDCWD, path);
}

static void refused(enum signer by)
{
	uint8_t seed[32] = {78};
	struct key *fresh = NULL;
	char *before, *after;
	struct attack a;

	attack_new(&a);
	assert_int_equal(key_generate(KEY_TUF_ROOT, seed, &fresh), SL_OK);
	attack_accepts(&a);
	before = stored_root(&a);
	write_root(&a, fresh, by);
	attack_refuses(&a, "needed signatures are good");
	after = stored_root(&a);
	assert_string_equal(after, before);
	free(after);
	/* A second look is no kinder, and without the bad root all is well again. */
	attack_refuses(&a, "needed signatures are good");
	assert_int_equal(unlinkat(a.k.tree, "metadata/2.root.json", 0), 0);
	attack_accepts(&a);
	/* The true root of that version is not shut out by the bad one. */
	write_root(&a, fresh, BOTH);
	attack_accepts(&a);
	after = stored_root(&a);
	assert_string_not_equal(after, before);
	free(after);
	free(before);
	key_free(fresh);
	attack_free(&a);
}

static void p4_signed_by_the_old_keys_only(void **state)
{
	(void)state;
	refused(OLD_ONLY);
}

static void p4_signed_by_itself_only(void **state)
{
	(void)state;
	refused(NEW_ONLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p4_signed_by_the_old_keys_only),
		cmocka_unit_test(p4_signed_by_itself_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
