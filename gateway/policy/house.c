/* house.c - each file may be absent; one that is there must be right. */
#include "policy/house.h"

#include <stdlib.h>

#include "base/file.h"

static int present(int r)
{
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

int house_load(const char *policies_dir, struct house **ret_h, struct sl_why *why)
{
	struct house *h = calloc(1, sizeof(*h));
	int r = h == NULL ? SL_E_NOMEM : present(codes_load(policies_dir, &h->codes, why));

	if (r == SL_OK)
		r = present(units_load(policies_dir, &h->units, why));
	if (r == SL_OK)
		r = file_join(h->path, sizeof(h->path), policies_dir, "accounts.yaml");
	if (r == SL_OK)
		r = present(accounts_load(policies_dir, h->units, &h->accounts, why));
	if (r != SL_OK) {
		house_free(h);
		return r;
	}
	if (why != NULL)
		why->text[0] = '\0'; /* of a file that is not there */
	*ret_h = h;
	return SL_OK;
}

void house_free(struct house *h)
{
	if (h == NULL)
		return;
	codes_free(h->codes);
	units_free(h->units);
	accounts_free(h->accounts);
	free(h);
}
