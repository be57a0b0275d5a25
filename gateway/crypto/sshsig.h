/* sshsig.h - signatures that `ssh-keygen -Y sign` makes, by a file or by a FIDO key.
 *
 * Sources: OpenSSH's PROTOCOL.sshsig (the container) and PROTOCOL.u2f (what a security
 * key signs).  Everything signed begins with "SSHSIG", which no other format of ours
 * does, and names our namespace, so that a signature made for git or for a login means
 * nothing here.  Only version 1, an empty reserved field and SHA-512 are accepted: one
 * spelling for one signature.
 *
 * A security key signs SHA-256(application) . flags . counter . SHA-256(the SSHSIG
 * bytes).  Its counter is signed but not compared: verifiers do not share a memory. */
#ifndef SL_CRYPTO_SSHSIG_H
#define SL_CRYPTO_SSHSIG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/key.h"

#define SSHSIG_NAMESPACE "sluice-approval@v1"
enum {
	SSHSIG_MAX = 512,
	SSHSIG_APPLICATION = 64, /* with the NUL: "ssh:" and what follows */
	SSHSIG_PRESENT = 0x01,	 /* somebody touched the key */
	SSHSIG_VERIFIED = 0x04	 /* and gave it a PIN or a finger */
};

enum ssh_key_type { SSH_KEY_PLAIN, SSH_KEY_FIDO };
struct ssh_key {
	enum ssh_key_type type;
	uint8_t public_key[KEY_PUBLIC];
	char application[SSHSIG_APPLICATION]; /* "" for a plain key */
};
/* "ssh-ed25519" and "sk-ssh-ed25519@openssh.com". */
const char *ssh_key_type_name(enum ssh_key_type t);
bool ssh_key_type_from_name(const char *name, enum ssh_key_type *ret_t);
/* "ssh:" and up to 59 more of [A-Za-z0-9._-]. */
bool ssh_key_application_ok(const char *s);
/* Hex SHA-256 of the public key's blob: what `ssh-keygen -l -E sha256` shows in Base64. */
void ssh_key_id(const struct ssh_key *k, char out[KEY_ID_HEX + 1]);
/* One line of a .pub file: "TYPE BASE64 [comment]". SL_E_FORMAT; SL_E_UNSUPPORTED for
 * other types. */
int ssh_key_parse(const char *line, size_t len, struct ssh_key *ret_k) SL_MUST_USE;

struct sshsig {
	struct ssh_key key; /* what the container claims */
	uint8_t sig[KEY_SIGNATURE];
	uint8_t flags; /* a security key's; 0 for a plain one */
	uint32_t counter;
};
/* The raw container, without armour. */
int sshsig_parse(const void *bytes, size_t len, struct sshsig *ret_s) SL_MUST_USE;
/* Is it by exactly this key over this message in our namespace?  A security key must have
 * been touched, and with `verified` must have known its person.  0 or SL_E_SIGNATURE. */
int sshsig_verify(const void *bytes, size_t len, const struct ssh_key *key, bool verified,
		  const void *message, size_t message_len) SL_MUST_USE;
/* What the key signs: "SSHSIG" and the fields that follow it. */
void sshsig_signed_bytes(const void *message, size_t len, struct buf *out);
/* Make a container out of its parts. */
void sshsig_write(const struct sshsig *s, struct buf *out);
/* What ssh-keygen writes, "-----BEGIN SSH SIGNATURE-----" …, as the raw container. */
int sshsig_unarmor(const char *text, size_t len, struct buf *out) SL_MUST_USE;

#endif
