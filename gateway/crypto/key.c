/* key.c - Ed25519 and X25519 keys: making, naming, signing, verifying.
 *
 * Hostile here: public keys, signatures and signed bytes given to the verifier.
 * Invariants: a struct key lives in guarded memory only; a key signs nothing but
 * bytes that begin with the prefix of its use, so a signature made for one
 * format can never be presented in another. */
#include "crypto/key.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key_private.h"

enum { COMMENT_MAX = 200, KNOWN_POINTS = 512 };

enum family {
	FAMILY_TUF,
	FAMILY_SERVICE,
	FAMILY_PERSON,
	FAMILY_DESK,
	FAMILY_LOG,
	FAMILY_WITNESS,
	FAMILY_BOX
};

static const struct {
	const char *name;
	enum family family;
} uses[KEY_USE_COUNT] = {
	[KEY_TUF_ROOT] = {"tuf-root", FAMILY_TUF},
	[KEY_TUF_TARGETS] = {"tuf-targets", FAMILY_TUF},
	[KEY_TUF_POLICY] = {"tuf-policy", FAMILY_TUF},
	[KEY_TUF_REL] = {"tuf-rel", FAMILY_TUF},
	[KEY_TUF_FEED] = {"tuf-feed", FAMILY_TUF},
	[KEY_TUF_SNAPSHOT] = {"tuf-snapshot", FAMILY_TUF},
	[KEY_TUF_TIMESTAMP] = {"tuf-timestamp", FAMILY_TUF},
	[KEY_DSSE_GATEWAY] = {"dsse-gateway", FAMILY_SERVICE},
	[KEY_DSSE_INSPECTOR] = {"dsse-inspector", FAMILY_SERVICE},
	[KEY_DSSE_AUTHOR] = {"dsse-author", FAMILY_PERSON},
	[KEY_DSSE_REVIEWER] = {"dsse-reviewer", FAMILY_PERSON},
	[KEY_SEAL] = {"seal", FAMILY_BOX},
	[KEY_LINK] = {"link", FAMILY_BOX},
	[KEY_DESK] = {"desk", FAMILY_DESK},
	[KEY_LOG] = {"log", FAMILY_LOG},
	[KEY_WITNESS] = {"witness", FAMILY_WITNESS},
	[KEY_LINK_MAC] = {"link-mac", FAMILY_BOX},
};

const char *key_use_name(enum key_use u)
{
	BUG((unsigned)u >= KEY_USE_COUNT);
	return uses[u].name;
}

int key_use_from_name(const char *name, enum key_use *ret_u)
{
	for (unsigned i = 0; i < KEY_USE_COUNT; i++) {
		if (strcmp(uses[i].name, name) == 0) {
			*ret_u = (enum key_use)i;
			return SL_OK;
		}
	}
	return SL_E_NOTFOUND;
}

bool key_is_x25519(enum key_use use)
{
	return uses[use].family == FAMILY_BOX;
}

void key_id_of(const uint8_t public_key[KEY_PUBLIC], char out[KEY_ID_HEX + 1])
{
	char hex[2 * KEY_PUBLIC + 1], object[160];
	int n;

	text_hex(public_key, KEY_PUBLIC, hex);
	/* Canonical JSON of the TUF key object; the same formula names X25519 keys. */
	n = snprintf(object, sizeof(object),
		     "{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"%s\"},\"scheme\":"
		     "\"ed25519\"}",
		     hex);
	BUG(n <= 0 || (size_t)n >= sizeof(object));
	hash_hex(object, (size_t)n, out);
}

void key_number_of(enum key_use use, const uint8_t public_key[KEY_PUBLIC],
		   uint8_t out[KEY_NUMBER])
{
	uint8_t digest[HASH_LEN], text[64];
	int n = snprintf((char *)text, sizeof(text) - KEY_PUBLIC, "sluice-key/1 %s\n",
			 uses[use].name);

	BUG(n <= 0 || (size_t)n >= sizeof(text) - KEY_PUBLIC);
	memcpy(text + n, public_key, KEY_PUBLIC);
	hash_bytes(text, (size_t)n + KEY_PUBLIC, digest);
	memcpy(out, digest, KEY_NUMBER);
}

static int derive(bool box, const uint8_t *seed, uint8_t secret[KEY_SECRET],
		  uint8_t pub[KEY_PUBLIC])
{
	if (!box)
		return crypto_sign_seed_keypair(pub, secret, seed);
	memcpy(secret, seed, crypto_box_SECRETKEYBYTES);
	if (crypto_scalarmult_base(pub, secret) != 0)
		return -1;
	memcpy(secret + crypto_box_SECRETKEYBYTES, pub, KEY_PUBLIC);
	return 0;
}

int key_generate(enum key_use use, const uint8_t *seed, struct key **ret_k)
{
	uint8_t fresh[crypto_sign_SEEDBYTES];
	struct key *k = sodium_malloc(sizeof(*k));
	int r;

	if (k == NULL)
		return SL_E_NOMEM;
	memset(k, 0, sizeof(*k));
	k->use = use;
	if (seed == NULL)
		randombytes_buf(fresh, sizeof(fresh));
	r = derive(key_is_x25519(use), seed == NULL ? fresh : seed, k->secret, k->public_key);
	sodium_memzero(fresh, sizeof(fresh));
	if (r != 0) {
		sodium_free(k);
		return SL_E_INTERNAL;
	}
	key_number_of(use, k->public_key, k->number);
	key_id_of(k->public_key, k->id);
	*ret_k = k;
	return SL_OK;
}

int key_from_secret(enum key_use use, const uint8_t secret[KEY_SECRET], struct key **ret_k)
{
	struct key *k = NULL;
	int r = key_generate(use, secret, &k);

	/* A wrong public half would leak the secret through the signatures made with it. */
	if (r == SL_OK && sodium_memcmp(k->secret, secret, KEY_SECRET) != 0)
		r = SL_E_CORRUPT;
	if (r != SL_OK) {
		key_free(k);
		return r;
	}
	*ret_k = k;
	return SL_OK;
}

void key_free(struct key *k)
{
	sodium_free(k);
}
enum key_use key_get_use(const struct key *k)
{
	return k->use;
}
const uint8_t *key_public(const struct key *k)
{
	return k->public_key;
}
const char *key_id(const struct key *k)
{
	return k->id;
}

static bool starts(const void *bytes, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return len >= n && memcmp(bytes, prefix, n) == 0;
}

static const char TUF[] = "{\"_type\"", DSSE[] = "DSSEv1 ", REQUEST[] = "sluice-request/1\n",
		  REPLY[] = "sluice-reply/1\n", COSIGNATURE[] = "cosignature/v1\n";

/* A log signs checkpoints and nothing else: origin, decimal size, Base64 of 32 bytes, a
 * line each.  An origin that begins like another format is refused, since that format
 * might allow the two lines behind it. */
static bool is_checkpoint(const void *bytes, size_t len)
{
	const char *s = bytes, *end = s + len;
	const char *first = len == 0 ? NULL : memchr(s, '\n', len), *second;
	uint8_t root[32];
	uint64_t size;

	if (first == NULL || first == s || starts(s, len, "{") || starts(s, len, "DSSEv1") ||
	    starts(s, len, "sluice-request/") || starts(s, len, "sluice-reply/") ||
	    starts(s, len, "cosignature/") || starts(s, len, "SSHSIG"))
		return false;
	for (const char *p = s; p < first; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	}
	second = memchr(first + 1, '\n', (size_t)(end - first - 1));
	return second != NULL &&
	       text_to_u64(first + 1, (size_t)(second - first - 1), INT64_MAX, &size) &&
	       end - second == 46 && end[-1] == '\n' &&
	       base64_exact(second + 1, 44, root, sizeof(root)) == SL_OK;
}

bool key_may_sign(enum key_use use, const void *bytes, size_t len)
{
	switch (uses[use].family) {
	case FAMILY_TUF:
		return starts(bytes, len, TUF);
	case FAMILY_SERVICE:
		return starts(bytes, len, DSSE);
	case FAMILY_PERSON:
		return starts(bytes, len, DSSE) || starts(bytes, len, REQUEST);
	case FAMILY_DESK:
		return starts(bytes, len, REPLY);
	case FAMILY_WITNESS:
		return starts(bytes, len, COSIGNATURE);
	case FAMILY_LOG:
		return is_checkpoint(bytes, len);
	case FAMILY_BOX:
		break;
	}
	return false;
}

void key_sign(const struct key *k, const void *bytes, size_t len,
	      uint8_t ret_sig[KEY_SIGNATURE])
{
	BUG(!key_may_sign(k->use, bytes, len));
	(void)crypto_sign_detached(ret_sig, NULL, bytes, len, k->secret);
}

int key_verify(const uint8_t public_key[KEY_PUBLIC], const void *bytes, size_t len,
	       const uint8_t sig[KEY_SIGNATURE])
{
	/* libsodium itself refuses small-order and non-canonical keys, small-order R
	 * and an S beyond the group order; the subgroup check is ours. */
	if (!key_public_ok(public_key) ||
	    crypto_sign_verify_detached(sig, bytes, len, public_key) != 0)
		return SL_E_SIGNATURE;
	return SL_OK;
}

/* The subgroup check costs as much as the signature, and a process meets the same few
 * keys again and again: points found good are remembered, bad ones never. */
bool key_public_ok(const uint8_t public_key[KEY_PUBLIC])
{
	static _Thread_local struct {
		uint8_t point[KEY_PUBLIC];
		bool good;
	} known[KNOWN_POINTS];
	unsigned at = (public_key[0] | (unsigned)public_key[1] << 8) % KNOWN_POINTS;

	if (known[at].good && memcmp(known[at].point, public_key, KEY_PUBLIC) == 0)
		return true;
	if (crypto_core_ed25519_is_valid_point(public_key) != 1)
		return false;
	memcpy(known[at].point, public_key, KEY_PUBLIC);
	known[at].good = true;
	return true;
}

bool key_public_ok_for(enum key_use use, const uint8_t public_key[KEY_PUBLIC])
{
	static const uint8_t scalar[crypto_scalarmult_SCALARBYTES] = {8};
	uint8_t shared[crypto_scalarmult_BYTES];

	if (!key_is_x25519(use))
		return key_public_ok(public_key);
	/* libsodium fails when the product is zero: a point of small order. */
	return (public_key[KEY_PUBLIC - 1] & 0x80) == 0 &&
	       crypto_scalarmult(shared, scalar, public_key) == 0;
}

static bool comment_ok(const char *s)
{
	size_t len = strlen(s), used;

	if (len > COMMENT_MAX)
		return false;
	for (size_t at = 0; at < len; at += used) {
		uint32_t cp = text_decode(s + at, len - at, &used);

		if (cp == TEXT_BAD || text_is_deceptive(cp))
			return false;
	}
	return true;
}

int key_minisign_sign(const struct key *k, const void *bytes, size_t len, const char *comment,
		      struct buf *out)
{
	uint8_t hash[64], line[2 + KEY_NUMBER + KEY_SIGNATURE], global[KEY_SIGNATURE];
	uint8_t over[KEY_SIGNATURE + COMMENT_MAX];
	size_t n = strlen(comment);

	if (key_is_x25519(k->use))
		return SL_E_DENIED;
	if (!comment_ok(comment))
		return SL_E_FORMAT;
	(void)crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0);
	memcpy(line, "ED", 2);
	memcpy(line + 2, k->number, KEY_NUMBER);
	(void)crypto_sign_detached(line + 2 + KEY_NUMBER, NULL, hash, sizeof(hash), k->secret);
	memcpy(over, line + 2 + KEY_NUMBER, KEY_SIGNATURE);
	memcpy(over + KEY_SIGNATURE, comment, n);
	(void)crypto_sign_detached(global, NULL, over, KEY_SIGNATURE + n, k->secret);
	buf_putf(out, "untrusted comment: sluice signature keyid=%s\n", k->id);
	base64_put(out, line, sizeof(line));
	buf_putf(out, "\ntrusted comment: %s\n", comment);
	base64_put(out, global, sizeof(global));
	buf_puts(out, "\n");
	return buf_error(out);
}
