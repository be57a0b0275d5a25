/* Approval policies: what loads has people with keys and classes that need two. */
#include "crypto/hash.h"
#include "trust/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct roster *r = NULL;
	struct sl_why why;

	if (crypto_start() != SL_OK || roster_parse(data, size, &r, &why) != SL_OK)
		return 0;
	BUG(roster_count(r) == 0 || roster_version(r) < 1);
	for (unsigned i = 0; i < roster_count(r); i++)
		BUG(roster_person_at(r, i)->n_keys == 0);
	roster_free(r);
	return 0;
}
