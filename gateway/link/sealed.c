/* sealed.c - the officers' sealing with one "officer", the outlet.
 *
 * Hostile: the sealed file on reading.  crypto/seal.h authenticates each chunk
 * and the end; who wrote it is not shown by this layer but by the unit's own
 * signature inside. */
#include "link/sealed.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

int sealed_write(int in_fd, const uint8_t outlet[SEAL_PUBLIC], int out_fd)
{
	uint8_t to[1][SEAL_PUBLIC];

	memcpy(to[0], outlet, SEAL_PUBLIC);
	return seal_fd(in_fd, out_fd, (const uint8_t(*)[SEAL_PUBLIC])to, 1);
}

void sealed_fingerprint(const uint8_t public_key[SEAL_PUBLIC], char out[SEALED_PRINT + 1])
{
	char id[KEY_ID_HEX + 1];

	key_id_of(public_key, id);
	(void)snprintf(out, SEALED_PRINT + 1, "%.4s %.4s %.4s %.4s", id, id + 4, id + 8,
		       id + 12);
}

static int find_key(int in_fd, const struct sealed_keys *keys, unsigned *ret_key,
		    struct sl_why *why)
{
	char print[SEALED_PRINT + 1];
	uint8_t to[SEAL_PUBLIC];
	int r = seal_only_officer(in_fd, to, why);

	if (r != SL_OK)
		return r;
	for (unsigned i = 0; i < keys->n; i++) {
		if (memcmp(key_public(keys->key[i]), to, sizeof(to)) == 0) {
			*ret_key = i;
			return SL_OK;
		}
	}
	sealed_fingerprint(to, print);
	return why_set(
		why, SL_E_DENIED,
		_("it is sealed to the link key %s ..., which is neither link.key nor one "
		  "of link.old_keys of this outlet"),
		print);
}

int sealed_read(int in_fd, const struct sealed_keys *keys, int out_fd, unsigned *ret_key,
		struct sl_why *why)
{
	struct buf share;
	unsigned which = 0;
	int r = find_key(in_fd, keys, &which, why);

	buf_init(&share, 4096);
	if (r == SL_OK)
		r = seal_share(in_fd, keys->key[which], &share, why);
	if (r == SL_OK)
		r = seal_open(in_fd, &share, NULL, out_fd, why);
	buf_wipe(&share);
	if (r == SL_OK)
		*ret_key = which;
	return r;
}
