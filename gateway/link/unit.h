/* unit.h - the transfer unit: what crosses the one-way link, the same in every mode.
 *
 *   "SLUICE-UNIT/1\n" · u64 serial · u32 header length · canonical JSON header
 *   {"files":[{"length","path","sha256"}…],"kind":"release|notice|refresh|initial","removes":[path…],"serial":n}
 *   · contents in that order · 64-byte signature by the dsse-gateway key over the
 *   DSSE PAE of type "application/vnd.sluice.unit" and SHA-256 (32 raw bytes) of
 *   everything before.
 * Sealed to the outlet's link key around that.  Serials of units are gap-free.
 * Paths are relative, of the repository tree; the receiver never takes names or
 * modes for anything but checked relative paths. */
#ifndef SL_LINK_UNIT_H
#define SL_LINK_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "crypto/key.h"

enum { UNIT_FILES_MAX = 4096, UNIT_HEADER_MAX = 1 << 20 };
#define UNIT_MAGIC	  "SLUICE-UNIT/1\n"
#define UNIT_PAYLOAD_TYPE "application/vnd.sluice.unit"
#define UNIT_BYTES_MAX	  (UINT64_C(1) << 30)

struct unit_file {
	char path[512];
	char sha256[65];
	uint64_t length;
};
struct unit {
	int64_t serial;
	char kind[16];
	struct unit_file *files;
	unsigned n_files;
	char (*removes)[512];
	unsigned n_removes;
};
/* Is this a path a unit may carry? metadata/…, targets/…, blobs/…, log/…, or a
 * top-level feed file; no "..", no dot files, no absolute, <= 511 bytes. */
bool unit_path_ok(const char *path);
/* Write a unit for files below tree_fd into out_fd (plain, not sealed).  A file
 * entry whose sha256 is "" gets digest and length from the tree; one that names
 * them must agree with the tree (SL_E_CORRUPT). */
int unit_write(int tree_fd, const struct unit *u, const struct key *signer, int out_fd,
	       struct sl_why *why) SL_MUST_USE;
/* Read and check a unit from in_fd's position to its end: header, lengths,
 * hashes; contents go to files named by index (0, 1, …) below into_fd, which
 * must not exist yet. Signature checked with signer's public key: SL_E_SIGNATURE
 * means nobody vouches for anything in it.  On failure ret_u is untouched and
 * what stands below into_fd is for the caller to throw away. */
int unit_read(int in_fd, const uint8_t signer[KEY_PUBLIC], int into_fd, struct unit *ret_u,
	      struct sl_why *why) SL_MUST_USE;
void unit_release(struct unit *u);

/* The header alone: canonical JSON in and out.  unit_header_parse reads hostile
 * bytes; SL_E_FORMAT, SL_E_LIMIT. */
int unit_header_write(const struct unit *u, struct buf *out) SL_MUST_USE;
int unit_header_parse(const void *bytes, size_t len, struct unit *ret_u,
		      struct sl_why *why) SL_MUST_USE;

#endif
