/* SSHSIG containers, their armour and OpenSSH key lines: nothing crashes, nothing verifies,
 * and what parses has one spelling. */
#include <string.h>

#include "crypto/hash.h"
#include "crypto/sshsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_key k;
	struct sshsig s;
	struct buf b;

	buf_init(&b, SSHSIG_MAX);
	if (sshsig_parse(data, size, &s) == SL_OK) {
		sshsig_write(&s, &b);
		BUG(b.len != size || memcmp(b.data, data, size) != 0);
		s.key.public_key[0] ^= 1;
		BUG(sshsig_verify(data, size, &s.key, false, "x", 1) == SL_OK);
	}
	buf_clear(&b);
	(void)!sshsig_unarmor((const char *)data, size, &b);
	(void)!ssh_key_parse((const char *)data, size, &k);
	buf_release(&b);
	return 0;
}
