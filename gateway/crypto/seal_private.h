/* seal_private.h - the sealed file's format; shared by seal.c and seal_file.c only.
 *
 *   "sluice-seal/1\n" · u8 officers N · N public keys of 32 bytes
 *   · boxes of 80 bytes: N = 1: the content key; else for each pair i < j in
 *     order (0,1) (0,2) … one half to i, the other half to j
 *   · secretstream header (24) · pieces of SEAL_CHUNK bytes + 17, the last one
 *     tagged final; the first carries SHA-256 of everything before as additional data
 *
 *   share: "sluice-share/1\n" · SHA-256 of the sealed file's head · u8 N · u8 index
 *   · halves of 32 bytes for the other officers in order (N = 1: the key) */
#ifndef SL_CRYPTO_SEAL_PRIVATE_H
#define SL_CRYPTO_SEAL_PRIVATE_H

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/seal.h"

enum {
	SEAL_BOX = 32 + crypto_box_SEALBYTES,
	SEAL_HEAD_MAX = 16 + SEAL_OFFICERS_MAX * SEAL_PUBLIC +
			SEAL_OFFICERS_MAX * (SEAL_OFFICERS_MAX - 1) * SEAL_BOX,
	SEAL_SHARE_MAX = 64 + 32 * SEAL_OFFICERS_MAX,
};

/* Position of the box for officer `to` in the pair with `other`, in boxes. */
unsigned seal_box_index(unsigned n, unsigned to, unsigned other);
/* Number of boxes for n officers. */
unsigned seal_box_count(unsigned n);

/* Stream in_fd (from its present offset) to out_fd; `head` was written before. */
int seal_stream_out(int in_fd, int out_fd, const uint8_t key[32],
		    const uint8_t head_hash[HASH_LEN]) SL_MUST_USE;
/* The rest of fd from offset `at` (pread), decrypted to out_fd. */
int seal_stream_in(int fd, uint64_t at, int out_fd, const uint8_t key[32],
		   const uint8_t head_hash[HASH_LEN], struct sl_why *why) SL_MUST_USE;

#endif
