/* key.h - Ed25519 keys in minisign files, one key for one use.
 *
 * Secrets live in guarded memory and never leave this folder except as handles.
 * File format: minisign 0.11 secret ("untrusted comment: sluice secret key use=dsse-reviewer
 * keyid=63d0…" / base64) and public keys, so that `minisign -VHm` can check
 * what a key signs prehashed.  scrypt work factors are read from the file and
 * bounded: refuse below 2^22/64 MiB (unless SL_KEY_WEAK_KDF: tests, demo) and
 * above 2^26/1 GiB; no passphrase = minisign's own unencrypted form.
 *
 * Two things are ours inside that format.  The 8-byte minisign key number is the
 * start of SHA-256("sluice-key/1 USE\n" + public key), so that editing `use=` in
 * the comment makes the file useless; and X25519 pairs (seal, link, link-mac) carry the
 * algorithm "X2" instead of "Ed" with secret and public half in the 64 secret
 * bytes, so that minisign refuses them as signing keys. */
#ifndef SL_CRYPTO_KEY_H
#define SL_CRYPTO_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	KEY_PUBLIC = 32,
	KEY_SIGNATURE = 64,
	KEY_ID_HEX = 64, /* TUF key id: hex SHA-256 of the canonical TUF key object */
	KEY_USE_MAX = 24
};

enum key_use {
	KEY_TUF_ROOT,
	KEY_TUF_TARGETS,
	KEY_TUF_POLICY,
	KEY_TUF_REL,
	KEY_TUF_FEED,
	KEY_TUF_SNAPSHOT,
	KEY_TUF_TIMESTAMP,
	KEY_DSSE_GATEWAY,
	KEY_DSSE_INSPECTOR,
	KEY_DSSE_AUTHOR,
	KEY_DSSE_REVIEWER,
	KEY_SEAL,
	KEY_LINK,
	KEY_DESK,
	KEY_LOG,
	KEY_WITNESS,
	KEY_LINK_MAC,
	KEY_USE_COUNT
};
const char *key_use_name(enum key_use u); /* "tuf-root" … "link-mac" */
int key_use_from_name(const char *name, enum key_use *ret_u) SL_MUST_USE;

struct key; /* a secret key in guarded memory, with its public half and use */

/* New random key; seed != NULL (32 bytes) makes it deterministic (tests, demo). */
int key_generate(enum key_use use, const uint8_t *seed, struct key **ret_k) SL_MUST_USE;
/* Write PATH (secret, O_EXCL, 0600) and PATH.pub (0644). passphrase NULL: unencrypted. */
int key_write(const struct key *k, const char *path, const char *passphrase) SL_MUST_USE;
/* Load a secret key that must have this use; group or world bits are refused
 * (SL_E_DENIED).  `ask` is called when the file is encrypted (may be NULL:
 * SL_E_DENIED then): writes the passphrase, returns 0 or an error. */
int key_load(const char *path, enum key_use use,
	     int (*ask)(const char *path, char *out, size_t cap), struct key **ret_k,
	     struct sl_why *why) SL_MUST_USE;
void key_free(struct key *k); /* wipes */
enum key_use key_get_use(const struct key *k);
const uint8_t *key_public(const struct key *k);
const char *key_id(const struct key *k); /* KEY_ID_HEX digits, borrowed */
/* Public key file (PATH.pub): public bytes and use. */
int key_read_public(const char *path, uint8_t ret_public[KEY_PUBLIC], enum key_use *ret_use,
		    struct sl_why *why) SL_MUST_USE;
/* TUF key id of raw public bytes. */
void key_id_of(const uint8_t public_key[KEY_PUBLIC], char out[KEY_ID_HEX + 1]);

/* May a key of this use sign bytes that begin like these?  TUF keys only
 * `{"_type"`, dsse keys only `DSSEv1 ` (those of persons also
 * `sluice-request/1\n`), the desk only `sluice-reply/1\n`, witnesses only
 * `cosignature/v1\n`, the log only the text of a checkpoint whose origin begins like
 * none of these; seal, link and link-mac keys nothing. */
bool key_may_sign(enum key_use use, const void *bytes, size_t len);
/* Detached Ed25519 over exact bytes. The caller's bytes must start with the
 * prefix that belongs to the key's use (trust.md section 2): BUG otherwise. */
void key_sign(const struct key *k, const void *bytes, size_t len,
	      uint8_t ret_sig[KEY_SIGNATURE]);
/* 0 or SL_E_SIGNATURE; small-order and non-canonical public keys are refused. */
int key_verify(const uint8_t public_key[KEY_PUBLIC], const void *bytes, size_t len,
	       const uint8_t sig[KEY_SIGNATURE]) SL_MUST_USE;
/* A public key that may be enrolled: canonical, on the main subgroup, not small order. */
bool key_public_ok(const uint8_t public_key[KEY_PUBLIC]);
/* The same for the curve that this use needs (X25519 for seal, link and link-mac). */
bool key_public_ok_for(enum key_use use, const uint8_t public_key[KEY_PUBLIC]);

/* A detached minisign signature of whole-file bytes, prehashed with BLAKE2b
 * ("ED", never the legacy form), as the text of a .minisig file; what is signed
 * is a 64-byte hash and so has no prefix of ours.  `comment` becomes the trusted
 * comment: printable UTF-8, no control characters, at most 200 bytes, else
 * SL_E_FORMAT.  SL_E_DENIED for an X25519 pair. */
int key_minisign_sign(const struct key *k, const void *bytes, size_t len, const char *comment,
		      struct buf *out) SL_MUST_USE;

#endif
