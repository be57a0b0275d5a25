/* ssh_kit.h - a security key made of software, for the tests of sshsig.
 *
 * It does what PROTOCOL.u2f says an authenticator does, with an Ed25519 secret of ours. */
#ifndef SL_TESTS_SSH_KIT_H
#define SL_TESTS_SSH_KIT_H

#include "crypto/sshsig.h"

struct ssh_kit {
	struct ssh_key key;
	uint8_t secret[64];
};
void ssh_kit_new(struct ssh_kit *k, enum ssh_key_type type, uint8_t seed);
/* The same key as okit_key of this use and number. */
void ssh_kit_reseed(struct ssh_kit *k, uint8_t n, enum key_use use);
/* 64 bytes of Ed25519 over the bare message, as no SSH program makes them. */
void ssh_kit_raw(const struct ssh_kit *k, const void *message, size_t len, struct buf *out);
/* The container over a message; flags and counter as the authenticator says them. */
void ssh_kit_sign(const struct ssh_kit *k, const void *message, size_t len, uint8_t flags,
		  uint32_t counter, struct buf *out);
/* "TYPE BASE64 comment\n" */
void ssh_kit_line(const struct ssh_kit *k, struct buf *out);
/* "-----BEGIN SSH SIGNATURE-----" as ssh-keygen reads it. */
void ssh_kit_armour(const struct buf *raw, struct buf *out);

#endif
