/* seal.h - X25519 sealing: spilled drafts to secrecy officers, units to the outlet. */
#ifndef SL_CRYPTO_SEAL_H
#define SL_CRYPTO_SEAL_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/key.h"

enum { SEAL_PUBLIC = 32, SEAL_CHUNK = 64 << 10, SEAL_OFFICERS_MAX = 16 };

/* KEY_SEAL and KEY_LINK keys are X25519 pairs kept in the same file format. */

/* Encrypt everything readable from in_fd to out_fd for N >= 2 officers so that
 * any two together can open it and no one alone: random content key, XOR-split
 * for each pair, each half sealed (crypto_box_seal) to one officer; content by
 * crypto_secretstream in SEAL_CHUNK pieces.  With officers == 1 (trial only)
 * the key is sealed to that one. */
int seal_fd(int in_fd, int out_fd, const uint8_t officers[][SEAL_PUBLIC],
	    unsigned n) SL_MUST_USE;
/* Whose file is it?  The only officer of a file that was sealed to one; SL_E_FORMAT when
 * it is no such file. */
int seal_only_officer(int fd, uint8_t ret_officer[SEAL_PUBLIC], struct sl_why *why) SL_MUST_USE;
/* One officer's share out of a sealed file: opaque bytes to hand to the second.
 * Secret: buf_wipe it. SL_E_DENIED: not sealed to this officer. */
int seal_share(int fd, const struct key *officer, struct buf *ret_share,
	       struct sl_why *why) SL_MUST_USE;
/* Two officers' shares open it (for n == 1: share_b NULL).  What was written to
 * out_fd must be discarded when this fails.  fd is read with pread: a file. */
int seal_open(int fd, const struct buf *share_a, const struct buf *share_b, int out_fd,
	      struct sl_why *why) SL_MUST_USE;

/* Whole-buffer anonymous box to one X25519 key (link units). seal_box_open:
 * SL_E_SIGNATURE when it was not sealed to this key or was changed. */
int seal_box(const uint8_t to[SEAL_PUBLIC], const void *bytes, size_t len,
	     struct buf *out) SL_MUST_USE;
int seal_box_open(const struct key *mine, const void *bytes, size_t len,
		  struct buf *out) SL_MUST_USE;

#endif
