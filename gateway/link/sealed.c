/* sealed.c - the officers' sealing with one "officer", the outlet.
 *
 * Hostile: the sealed file on reading.  crypto/seal.h authenticates each chunk
 * and the end; who wrote it is not shown by this layer but by the unit's own
 * signature inside. */
#include "link/sealed.h"

#include <string.h>

int sealed_write(int in_fd, const uint8_t outlet[SEAL_PUBLIC], int out_fd)
{
	uint8_t to[1][SEAL_PUBLIC];

	memcpy(to[0], outlet, SEAL_PUBLIC);
	return seal_fd(in_fd, out_fd, (const uint8_t(*)[SEAL_PUBLIC])to, 1);
}

int sealed_read(int in_fd, const struct key *mine, int out_fd, struct sl_why *why)
{
	struct buf share;
	int r;

	buf_init(&share, 4096);
	r = seal_share(in_fd, mine, &share, why);
	if (r == SL_OK)
		r = seal_open(in_fd, &share, NULL, out_fd, why);
	buf_wipe(&share);
	return r;
}
