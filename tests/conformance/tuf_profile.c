/* tuf_profile.c - the wide profile, for the conformance program only: any JSON, members
 * that we do not know, keys of the public suite (Ed25519, ECDSA P-256, RSA-PSS), SHA-512.
 *
 * It stands in for gateway/trust/tuf_profile.c and is never linked into what ships. */
#include "trust/tuf_profile.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/text.h"

enum { KEYS_MAX = 512, PEM_MAX = 16384, SIGNATURE_MAX = 1024, DEPTH_MAX = 64 };

/* Keys that were read, by their 32 bytes; Ed25519 keys are those bytes themselves. */
static struct known {
	uint8_t id[KEY_PUBLIC];
	EVP_PKEY *key;
	bool pss;
} known[KEYS_MAX];
static unsigned n_known;

int tuf_profile_read(const void *bytes, size_t len, size_t max, json_t **ret_j)
{
	return json_parse(bytes, len, max, ret_j);
}

static void put_string(const char *s, size_t len, struct buf *out)
{
	buf_put(out, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_put(out, "\\", 1);
		buf_put(out, s + i, 1);
	}
	buf_put(out, "\"", 1);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int put_value(const json_t *j, unsigned depth, struct buf *out);

static int put_object(const json_t *j, unsigned depth, struct buf *out)
{
	size_t n = json_object_size(j), i = 0;
	const char **names = calloc(n + 1, sizeof(*names)), *name;
	json_t *v;
	int r = SL_OK;

	if (names == NULL)
		return SL_E_NOMEM;
	json_object_foreach((json_t *)(uintptr_t)j, name, v) names[i++] = name;
	qsort(names, n, sizeof(*names), by_name);
	buf_put(out, "{", 1);
	for (i = 0; i < n && r == SL_OK; i++) {
		if (i > 0)
			buf_put(out, ",", 1);
		put_string(names[i], strlen(names[i]), out);
		buf_put(out, ":", 1);
		r = put_value(json_object_get(j, names[i]), depth + 1, out);
	}
	buf_put(out, "}", 1);
	free(names);
	return r;
}

/* OLPC canonical JSON: only '"' and '\' are escaped, everything else stands as it is. */
static int put_value(const json_t *j, unsigned depth, struct buf *out)
{
	char number[32];
	const json_t *v;
	size_t i;
	int r = SL_OK;

	if (depth > DEPTH_MAX)
		return SL_E_LIMIT;
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return put_object(j, depth, out);
	case JSON_ARRAY:
		buf_put(out, "[", 1);
		json_array_foreach(j, i, v)
		{
			if (i > 0)
				buf_put(out, ",", 1);
			if (r == SL_OK)
				r = put_value(v, depth + 1, out);
		}
		buf_put(out, "]", 1);
		return r;
	case JSON_STRING:
		put_string(json_string_value(j), json_string_length(j), out);
		return SL_OK;
	case JSON_INTEGER:
		(void)snprintf(number, sizeof(number), "%lld",
			       (long long)json_integer_value(j));
		buf_put(out, number, strlen(number));
		return SL_OK;
	case JSON_TRUE:
		buf_put(out, "true", 4);
		return SL_OK;
	case JSON_FALSE:
		buf_put(out, "false", 5);
		return SL_OK;
	case JSON_NULL:
		buf_put(out, "null", 4);
		return SL_OK;
	default: /* canonical JSON has no reals */
		return SL_E_FORMAT;
	}
}

int tuf_profile_signed(const json_t *body, struct buf *out)
{
	int r = put_value(body, 1, out);

	return r == SL_OK ? buf_error(out) : r;
}

static const struct known *known_key(const uint8_t id[KEY_PUBLIC])
{
	for (unsigned i = 0; i < n_known; i++) {
		if (memcmp(known[i].id, id, KEY_PUBLIC) == 0)
			return &known[i];
	}
	return NULL;
}

/* The digest of the key's own bytes, so that one key has one id whatever its text. */
static int identify(EVP_PKEY *key, uint8_t id[KEY_PUBLIC])
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	if (len <= 0)
		return SL_E_FORMAT;
	hash_bytes(der, (size_t)len, id);
	OPENSSL_free(der);
	return SL_OK;
}

static int read_pem(const char *pem, bool pss, uint8_t id[KEY_PUBLIC])
{
	size_t len = strlen(pem);
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;
	int r = SL_E_FORMAT;

	if (len == 0 || len > PEM_MAX)
		goto out;
	bio = BIO_new_mem_buf(pem, (int)len);
	key = bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	if (key == NULL || EVP_PKEY_get_base_id(key) != (pss ? EVP_PKEY_RSA : EVP_PKEY_EC))
		goto out;
	r = identify(key, id);
	if (r != SL_OK || known_key(id) != NULL)
		goto out;
	if (n_known == KEYS_MAX) {
		r = SL_E_LIMIT;
		goto out;
	}
	memcpy(known[n_known].id, id, KEY_PUBLIC);
	known[n_known].pss = pss;
	known[n_known++].key = key;
	key = NULL; /* moved */
out:
	EVP_PKEY_free(key);
	BIO_free(bio);
	return r;
}

int tuf_profile_key(const json_t *key, const char *id, uint8_t ret_public[KEY_PUBLIC],
		    struct sl_why *why)
{
	const char *scheme = json_str(key, "scheme"),
		   *text = json_str(json_obj(key, "keyval"), "public");
	int r = SL_E_UNSUPPORTED;

	if (scheme == NULL || text == NULL || json_str(key, "keytype") == NULL)
		return why_set(why, SL_E_FORMAT, "key %s is malformed", id);
	if (strcmp(scheme, "ed25519") == 0)
		r = text_unhex(text, strlen(text), ret_public, KEY_PUBLIC) ? SL_OK
									   : SL_E_FORMAT;
	else if (strcmp(scheme, "ecdsa-sha2-nistp256") == 0)
		r = read_pem(text, false, ret_public);
	else if (strcmp(scheme, "rsassa-pss-sha256") == 0)
		r = read_pem(text, true, ret_public);
	return r == SL_OK ? r : why_set(why, r, "key %s, %s: %s", id, scheme, sl_strerror(r));
}

static bool verify_with(const struct known *k, const void *bytes, size_t len,
			const uint8_t *sig, size_t sig_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options = NULL; /* borrowed from ctx */
	bool good = ctx != NULL &&
		    EVP_DigestVerifyInit(ctx, &options, EVP_sha256(), NULL, k->key) == 1;

	if (good && k->pss)
		good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_AUTO) == 1;
	good = good && EVP_DigestVerify(ctx, sig, sig_len, bytes, len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

bool tuf_profile_verify(const uint8_t public_key[KEY_PUBLIC], const void *bytes, size_t len,
			const char *sig)
{
	const struct known *k = known_key(public_key);
	size_t n = k == NULL ? KEY_SIGNATURE : strlen(sig) / 2;
	uint8_t raw[SIGNATURE_MAX];

	if (n == 0 || n > sizeof(raw) || !text_unhex_any_case(sig, strlen(sig), raw, n))
		return false;
	return k == NULL ? key_verify(public_key, bytes, len, raw) == SL_OK
			 : verify_with(k, bytes, len, raw, n);
}

/* More than there are keys: such a role can never be met, and the file around it may
 * still be a good one. */
bool tuf_profile_threshold(int64_t threshold, unsigned n_keys)
{
	(void)n_keys;
	return threshold >= 1 && threshold <= TUF_KEYS_MAX;
}

bool tuf_profile_hashes(const json_t *hashes, struct tuf_digest *ret_d)
{
	static const struct {
		const char *name;
		size_t len;
	} kinds[] = {{"sha256", 32}, {"sha512", 64}};

	ret_d->len = 0; /* nothing matches a digest of a kind that we do not know */
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *hex = json_str(hashes, kinds[i].name);

		if (hex == NULL)
			continue;
		ret_d->len = kinds[i].len;
		return text_unhex(hex, strlen(hex), ret_d->bytes, kinds[i].len);
	}
	return json_object_size(hashes) > 0;
}

bool tuf_profile_matches(const struct tuf_digest *d, const void *bytes, size_t len)
{
	unsigned char got[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return d->len > 0 &&
	       EVP_Digest(bytes, len, got, &n, d->len == HASH_LEN ? EVP_sha256() : EVP_sha512(),
			  NULL) == 1 &&
	       n == d->len && memcmp(got, d->bytes, n) == 0;
}
