/* dsse.h - DSSE 1.0.2 envelopes with exactly one signature each.
 *
 * The signature is 64 bytes of Ed25519 over the PAE, or a whole SSHSIG container over
 * the same PAE (sshsig.h); which of both a key makes is written beside it in the roster. */
#ifndef SL_CRYPTO_DSSE_H
#define SL_CRYPTO_DSSE_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/key.h"
#include "crypto/sshsig.h"

enum { DSSE_MAX = 64 << 10, DSSE_TYPE_MAX = 64 };
#define DSSE_INTOTO "application/vnd.in-toto+json"

struct dsse { /* a parsed, not yet verified envelope */
	char payload_type[DSSE_TYPE_MAX];
	char keyid[KEY_ID_HEX + 1];
	uint8_t sig[SSHSIG_MAX];
	size_t sig_len;	  /* KEY_SIGNATURE, or another length that begins with "SSHSIG" */
	uint8_t *payload; /* owned */
	size_t payload_len;
};

/* "DSSEv1 LEN TYPE LEN PAYLOAD" (protocol.md, PAE). */
void dsse_pae(const char *type, const void *payload, size_t len, struct buf *out);
/* Sign and append the envelope as one line of canonical JSON, without newline. */
int dsse_sign(const struct key *k, const char *type, const void *payload, size_t len,
	      struct buf *out) SL_MUST_USE;
/* The same around a signature over dsse_pae that was made elsewhere. */
int dsse_wrap(const char *type, const void *payload, size_t len, const char *keyid,
	      const void *sig, size_t sig_len, struct buf *out) SL_MUST_USE;
/* Parse untrusted bytes: canonical JSON, exactly the three members, exactly
 * one signature, at most DSSE_MAX bytes. dsse_release when done. */
int dsse_parse(const void *bytes, size_t len, struct dsse *ret_e) SL_MUST_USE;
void dsse_release(struct dsse *e);
/* Verify an Ed25519 signature with this key (the envelope's keyid must be its id).  0 or
 * SL_E_SIGNATURE.  A person's key may be of another kind: use roster_verify for it. */
int dsse_verify(const struct dsse *e, const uint8_t public_key[KEY_PUBLIC]) SL_MUST_USE;
/* Verify an SSHSIG with this key; `verified` as in sshsig_verify. */
int dsse_verify_ssh(const struct dsse *e, const struct ssh_key *key, bool verified) SL_MUST_USE;

#endif
