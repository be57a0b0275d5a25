/* ended.c - the key entries of a new approval policy.
 *
 * Hostile: the files of older policies; each is what the policy metadata lists or nothing. */
#include "release/ended.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "trust/roster_ended.h"

int ended_keys(const struct chain *c, const char *before_sha256, struct casefile_ended *ret,
	       struct sl_why *why)
{
	struct roster_ended *list = NULL;
	struct roster *before = NULL;
	char now[HASH_HEX + 1];
	unsigned n = 0;
	int r = SL_OK;

	memset(ret, 0, sizeof(*ret));
	text_hex(roster_digest(c->roster), HASH_LEN, now);
	/* Policy metadata is signed again every half year; mostly that ends nothing. */
	if (before_sha256 == NULL || strcmp(before_sha256, now) == 0)
		return SL_OK;
	r = chain_policy(c, before_sha256, &before, why);
	if (r == SL_OK)
		r = roster_ended(before, c->roster, &list, &n);
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		memcpy(ret->id[i], list[i].key->keyid, LOG_KEY_ID);
	ret->n = n;
	free(list);
	roster_free(before);
	return r;
}
