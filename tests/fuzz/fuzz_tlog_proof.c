/* Proof files: what parses and carries no extra data is written back byte for byte. */
#include <string.h>

#include "crypto/hash.h"
#include "trust/tlog_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlog_proof p;
	struct buf b;

	if (crypto_start() != SL_OK || tlog_proof_parse(data, size, &p) != SL_OK)
		return 0;
	BUG(p.note_at >= size || p.n > MERKLE_PROOF_MAX);
	buf_init(&b, 2 * TLOG_PROOF_MAX);
	tlog_proof_write(p.index, (const uint8_t(*)[HASH_LEN])p.hash, p.n, data + p.note_at,
			 size - p.note_at, &b);
	BUG(buf_error(&b) != SL_OK || b.len > size);
	BUG(b.len == size && memcmp(b.data, data, size) != 0);
	buf_release(&b);
	return 0;
}
