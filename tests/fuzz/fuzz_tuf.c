/* TUF metadata of every type: parsing, roles, signatures, delegations, targets. */
#include "crypto/hash.h"
#include "trust/tuf_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk_targets(const struct tuf_meta *m)
{
	struct tuf_delegation d;
	struct tuf_role role;
	struct tuf_target t;

	(void)tuf_target_of(m, "feed/head.json", &t);
	for (unsigned i = 0; i < tuf_delegation_count(m); i++) {
		(void)tuf_delegation_covers(m, i, "feed/head.json", &d);
		/* A parsed file has no delegation whose keys cannot be read. */
		BUG(tuf_role_of_targets(m, d.name, &role, NULL) != SL_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"root", "timestamp", "snapshot", "targets"};

	if (crypto_start() != SL_OK)
		return 0;
	for (unsigned i = 0; i < 4; i++) {
		struct tuf_meta *m = NULL;
		struct tuf_role role;
		struct tuf_file f;

		if (tuf_parse(data, size, types[i], &m, NULL) != SL_OK)
			continue;
		if (i == 0 && tuf_role_of_root(m, "root", &role, NULL) == SL_OK)
			(void)!tuf_verify(m, &role, NULL);
		if (i == 1)
			BUG(!tuf_file_of(m, "snapshot.json", &f));
		if (i == 3)
			walk_targets(m);
		tuf_free(m);
	}
	return 0;
}
