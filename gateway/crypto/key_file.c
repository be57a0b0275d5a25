/* key_file.c - the text of minisign key files: encode and decode.
 *
 * Hostile: the whole file text (someone may have replaced it), above all the
 * scrypt work factors, which would otherwise let a file exhaust memory.
 * Invariant: decoded secrets pass through guarded or wiped memory only.
 *
 *   secret  alg[2] kdf[2] chk[2]="B2" salt[32] ops[8] mem[8] · number[8] secret[64] check[32]
 *           (the last 104 bytes XORed with the scrypt stream when kdf is "Sc")
 *   public  alg[2] number[8] public[32]
 *   check = BLAKE2b-256(alg · number · secret); integers little-endian. */
#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/key_private.h"

enum {
	SALT_LEN = 32,
	CHECK_LEN = 32,
	HEAD_LEN = 6 + SALT_LEN + 16,
	BOX_LEN = KEY_NUMBER + KEY_SECRET + CHECK_LEN,
	SECRET_LEN = HEAD_LEN + BOX_LEN,
	PUBLIC_LEN = 2 + KEY_NUMBER + KEY_PUBLIC,
	PASSPHRASE_MAX = 1024,
};

static const struct key_kdf kdf_most = {UINT64_C(1) << 26, UINT64_C(1) << 30};

static void put_le64(uint8_t out[8], uint64_t v)
{
	for (unsigned i = 0; i < 8; i++, v >>= 8)
		out[i] = (uint8_t)(v & 0xff);
}

static uint64_t get_le64(const uint8_t in[8])
{
	uint64_t v = 0;

	for (unsigned i = 8; i-- > 0;)
		v = v << 8 | in[i];
	return v;
}

static const char *algorithm(enum key_use use)
{
	return key_is_x25519(use) ? "X2" : "Ed";
}

static void check_of(const char *alg, const uint8_t *box, uint8_t out[CHECK_LEN])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, CHECK_LEN);
	(void)crypto_generichash_update(&state, (const uint8_t *)alg, 2);
	(void)crypto_generichash_update(&state, box, KEY_NUMBER + KEY_SECRET);
	(void)crypto_generichash_final(&state, out, CHECK_LEN);
	sodium_memzero(&state, sizeof(state));
}

/* XOR the box with the stream that passphrase and salt give; twice undoes it. */
static int apply_stream(const char *passphrase, const uint8_t *salt, const struct key_kdf *kdf,
			uint8_t box[BOX_LEN])
{
	uint8_t *stream = sodium_malloc(BOX_LEN);

	if (stream == NULL)
		return SL_E_NOMEM;
	if (crypto_pwhash_scryptsalsa208sha256(stream, BOX_LEN, passphrase, strlen(passphrase),
					       salt, kdf->ops, (size_t)kdf->mem) != 0) {
		sodium_free(stream);
		return SL_E_NOMEM;
	}
	for (unsigned i = 0; i < BOX_LEN; i++)
		box[i] ^= stream[i];
	sodium_free(stream);
	return SL_OK;
}

int key_file_encode(const struct key *k, const char *passphrase, const struct key_kdf *kdf,
		    struct buf *out)
{
	const char *alg = algorithm(k->use);
	uint8_t *raw = sodium_malloc(SECRET_LEN), *box;
	int r = SL_OK;

	if (raw == NULL)
		return SL_E_NOMEM;
	memset(raw, 0, SECRET_LEN);
	box = raw + HEAD_LEN;
	memcpy(raw, alg, 2);
	memcpy(raw + 4, "B2", 2);
	memcpy(box, k->number, KEY_NUMBER);
	memcpy(box + KEY_NUMBER, k->secret, KEY_SECRET);
	check_of(alg, box, box + KEY_NUMBER + KEY_SECRET);
	if (passphrase != NULL) {
		memcpy(raw + 2, "Sc", 2);
		randombytes_buf(raw + 6, SALT_LEN);
		put_le64(raw + 6 + SALT_LEN, kdf->ops);
		put_le64(raw + 14 + SALT_LEN, kdf->mem);
		r = apply_stream(passphrase, raw + 6, kdf, box);
	}
	if (r == SL_OK) {
		buf_putf(out, "untrusted comment: sluice secret key use=%s keyid=%s\n",
			 key_use_name(k->use), k->id);
		base64_put(out, raw, SECRET_LEN);
		buf_puts(out, "\n");
		r = buf_error(out);
	}
	sodium_free(raw);
	return r;
}

struct parts { /* of a key file, borrowed from its text */
	const char *base64;
	size_t base64_len;
	enum key_use use;
	char id[KEY_ID_HEX + 1];
};

/* "untrusted comment: sluice KIND key use=U keyid=H" LF base64 LF, nothing else. */
static int split(const char *text, size_t len, const char *kind, struct parts *ret,
		 struct sl_why *why)
{
	char head[64], name[KEY_USE_MAX];
	const char *end = memchr(text, '\n', len), *at, *space;
	size_t n;

	(void)snprintf(head, sizeof(head), "untrusted comment: sluice %s key use=", kind);
	if (end == NULL || (size_t)(end - text) < strlen(head) ||
	    memcmp(text, head, strlen(head)) != 0)
		return why_set(why, SL_E_FORMAT, "not a sluice %s key file", kind);
	at = text + strlen(head);
	space = memchr(at, ' ', (size_t)(end - at));
	n = space == NULL ? 0 : (size_t)(space - at);
	if (n == 0 || n >= sizeof(name))
		return why_set(why, SL_E_FORMAT, "the comment line names no use");
	memcpy(name, at, n);
	name[n] = '\0';
	if (key_use_from_name(name, &ret->use) != SL_OK)
		return why_set(why, SL_E_FORMAT, "unknown key use %s", name);
	if (end - space != 7 + KEY_ID_HEX || memcmp(space, " keyid=", 7) != 0)
		return why_set(why, SL_E_FORMAT, "the comment line has no key id");
	memcpy(ret->id, space + 7, KEY_ID_HEX);
	ret->id[KEY_ID_HEX] = '\0';
	ret->base64 = end + 1;
	ret->base64_len = len - (size_t)(ret->base64 - text);
	if (ret->base64_len < 1 || ret->base64[ret->base64_len - 1] != '\n')
		return why_set(why, SL_E_FORMAT, "the key file does not end with a line");
	ret->base64_len--;
	return SL_OK;
}

static int ask_and_open(const char *path, int (*ask)(const char *, char *, size_t),
			const uint8_t *raw, const struct key_kdf *least, uint8_t *box,
			struct sl_why *why)
{
	struct key_kdf kdf = {get_le64(raw + 6 + SALT_LEN), get_le64(raw + 14 + SALT_LEN)};
	char *passphrase;
	int r;

	if (kdf.ops < least->ops || kdf.mem < least->mem)
		return why_set(why, SL_E_DENIED, "the passphrase is protected too weakly");
	if (kdf.ops > kdf_most.ops || kdf.mem > kdf_most.mem)
		return why_set(why, SL_E_LIMIT, "the file asks for too much memory or time");
	if (ask == NULL)
		return why_set(why, SL_E_DENIED, "the key needs a passphrase");
	passphrase = sodium_malloc(PASSPHRASE_MAX);
	if (passphrase == NULL)
		return SL_E_NOMEM;
	passphrase[0] = '\0';
	r = ask(path, passphrase, PASSPHRASE_MAX);
	if (r == SL_OK)
		r = apply_stream(passphrase, raw + 6, &kdf, box);
	sodium_free(passphrase);
	if (r == SL_E_NOTFOUND)
		return why_set(why, r,
			       "it has a passphrase, and there is no terminal to ask for it");
	return r;
}

/* raw is complete; the box still encrypted if it was. */
static int open_raw(uint8_t *raw, const struct parts *parts, const struct key_kdf *least,
		    const char *path, int (*ask)(const char *, char *, size_t),
		    struct key **ret_k, struct sl_why *why)
{
	uint8_t *box = raw + HEAD_LEN, check[CHECK_LEN];
	bool encrypted = memcmp(raw + 2, "Sc", 2) == 0;
	struct key *k = NULL;
	int r = SL_OK;

	if (memcmp(raw, algorithm(parts->use), 2) != 0 || memcmp(raw + 4, "B2", 2) != 0 ||
	    (!encrypted && memcmp(raw + 2, "\0\0", 2) != 0))
		return why_set(why, SL_E_FORMAT, "unknown key algorithm");
	if (encrypted)
		r = ask_and_open(path, ask, raw, least, box, why);
	if (r != SL_OK)
		return r;
	check_of(algorithm(parts->use), box, check);
	if (!hash_equal(check, box + KEY_NUMBER + KEY_SECRET, CHECK_LEN))
		return encrypted ? why_set(why, SL_E_DENIED, "wrong passphrase")
				 : why_set(why, SL_E_CORRUPT, "the key file is damaged");
	r = key_from_secret(parts->use, box + KEY_NUMBER, &k);
	if (r == SL_OK &&
	    (memcmp(k->number, box, KEY_NUMBER) != 0 || strcmp(k->id, parts->id) != 0))
		r = SL_E_CORRUPT;
	if (r != SL_OK) {
		key_free(k);
		return why_set(why, r, "the key does not belong to its comment line");
	}
	*ret_k = k;
	return SL_OK;
}

int key_file_decode(const char *text, size_t len, enum key_use use, const struct key_kdf *least,
		    const char *path, int (*ask)(const char *path, char *out, size_t cap),
		    struct key **ret_k, struct sl_why *why)
{
	struct parts parts;
	uint8_t *raw = NULL;
	int r = split(text, len, "secret", &parts, why);

	if (r != SL_OK)
		return r;
	if (parts.use != use)
		return why_set(why, SL_E_DENIED, "this is a %s key, a %s key is needed",
			       key_use_name(parts.use), key_use_name(use));
	raw = sodium_malloc(SECRET_LEN);
	if (raw == NULL)
		return SL_E_NOMEM;
	/* Straight into guarded memory: base64_get would leave a copy in a buffer. */
	if (base64_exact(parts.base64, parts.base64_len, raw, SECRET_LEN) != SL_OK)
		r = why_set(why, SL_E_FORMAT, "the key line is not a minisign secret key");
	else
		r = open_raw(raw, &parts, least, path, ask, ret_k, why);
	sodium_free(raw);
	return r;
}

int key_file_decode_public(const char *text, size_t len, uint8_t ret_public[KEY_PUBLIC],
			   enum key_use *ret_use, struct sl_why *why)
{
	uint8_t number[KEY_NUMBER], raw[PUBLIC_LEN];
	char id[KEY_ID_HEX + 1];
	struct parts parts;
	int r = split(text, len, "public", &parts, why);

	if (r != SL_OK)
		return r;
	if (base64_exact(parts.base64, parts.base64_len, raw, PUBLIC_LEN) != SL_OK ||
	    memcmp(raw, algorithm(parts.use), 2) != 0)
		return why_set(why, SL_E_FORMAT, "the key line is not a minisign public key");
	key_number_of(parts.use, raw + 2 + KEY_NUMBER, number);
	key_id_of(raw + 2 + KEY_NUMBER, id);
	if (memcmp(number, raw + 2, KEY_NUMBER) != 0 || strcmp(id, parts.id) != 0)
		return why_set(why, SL_E_CORRUPT,
			       "the key does not belong to its comment line");
	if (!key_public_ok_for(parts.use, raw + 2 + KEY_NUMBER))
		return why_set(why, SL_E_DENIED, "this public key may not be used");
	memcpy(ret_public, raw + 2 + KEY_NUMBER, KEY_PUBLIC);
	*ret_use = parts.use;
	return SL_OK;
}

void key_file_encode_public(const struct key *k, struct buf *out)
{
	uint8_t raw[PUBLIC_LEN];

	memcpy(raw, algorithm(k->use), 2);
	memcpy(raw + 2, k->number, KEY_NUMBER);
	memcpy(raw + 2 + KEY_NUMBER, k->public_key, KEY_PUBLIC);
	buf_putf(out, "untrusted comment: sluice public key use=%s keyid=%s\n",
		 key_use_name(k->use), k->id);
	base64_put(out, raw, sizeof(raw));
	buf_puts(out, "\n");
}
