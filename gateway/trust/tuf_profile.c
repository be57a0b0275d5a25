/* tuf_profile.c - the strict profile: what every program that ships accepts.
 *
 * Hostile: all of it.  `signed` stands in the file in its canonical form, so what was
 * signed and what is read are the same bytes; a key is named by its own digest.  What
 * nobody signs (the list of signatures, blanks beside `signed`) may be written as any
 * client of TUF reads it: whoever serves the file could choose that anyway. */
#include "trust/tuf_profile.h"

#include <string.h>

#include "base/text.h"

int tuf_profile_read(const void *bytes, size_t len, size_t max, json_t **ret_j)
{
	struct buf again;
	const json_t *body;
	json_t *j = NULL;
	int r = json_parse(bytes, len, max, &j);

	if (r != SL_OK)
		return r;
	buf_init(&again, max);
	body = json_obj(j, "signed");
	r = body == NULL ? SL_E_FORMAT : json_canonical(body, &again);
	/* Its bytes begin with a brace and a quote, which no string can hold: where they
	 * stand there is this object, and the caller lets no other one stand beside it. */
	if (r == SL_OK && memmem(bytes, len, again.data, again.len) == NULL)
		r = SL_E_FORMAT;
	buf_release(&again);
	if (r == SL_OK)
		*ret_j = j;
	else
		json_decref(j);
	return r;
}

int tuf_profile_signed(const json_t *body, struct buf *out)
{
	static const char prefix[] = "{\"_type\"";
	size_t start = out->len;
	int r = json_canonical(body, out);

	/* A member name that sorts before "_type" would leave TUF's own prefix. */
	if (r == SL_OK && (out->len - start < sizeof(prefix) - 1 ||
			   memcmp(out->data + start, prefix, sizeof(prefix) - 1) != 0))
		r = SL_E_FORMAT;
	return r;
}

int tuf_profile_key(const json_t *key, const char *id, uint8_t ret_public[KEY_PUBLIC],
		    struct sl_why *why)
{
	static const char *const names[] = {"keytype", "keyval", "scheme", NULL},
				 *const inner[] = {"public", NULL};
	const json_t *val = json_obj(key, "keyval");
	const char *type = json_str(key, "keytype"), *scheme = json_str(key, "scheme"),
		   *hex = json_str(val, "public");
	char own[KEY_ID_HEX + 1];
	uint8_t raw[KEY_PUBLIC];

	if (type == NULL || scheme == NULL || hex == NULL || !json_has_only(key, names, NULL) ||
	    !json_has_only(val, inner, NULL) || !text_unhex(hex, strlen(hex), raw, sizeof(raw)))
		return why_set(why, SL_E_FORMAT, "key %s is malformed", id);
	if (strcmp(type, "ed25519") != 0 || strcmp(scheme, "ed25519") != 0)
		return why_set(why, SL_E_UNSUPPORTED, "key %s is not Ed25519", id);
	key_id_of(raw, own);
	if (strcmp(own, id) != 0)
		return why_set(why, SL_E_FORMAT, "%s is not the id of its key", id);
	if (!key_public_ok(raw))
		return why_set(why, SL_E_DENIED, "key %s may not be used", id);
	memcpy(ret_public, raw, sizeof(raw));
	return SL_OK;
}

bool tuf_profile_verify(const uint8_t public_key[KEY_PUBLIC], const void *bytes, size_t len,
			const char *sig)
{
	uint8_t raw[KEY_SIGNATURE];

	return text_unhex_any_case(sig, strlen(sig), raw, sizeof(raw)) &&
	       key_verify(public_key, bytes, len, raw) == SL_OK;
}

bool tuf_profile_threshold(int64_t threshold, unsigned n_keys)
{
	return threshold >= 1 && threshold <= (int64_t)n_keys;
}

bool tuf_profile_hashes(const json_t *hashes, struct tuf_digest *ret_d)
{
	const char *hex = json_str(hashes, "sha256");

	ret_d->len = HASH_LEN;
	return hex != NULL && text_unhex(hex, strlen(hex), ret_d->bytes, HASH_LEN);
}

bool tuf_profile_matches(const struct tuf_digest *d, const void *bytes, size_t len)
{
	uint8_t got[HASH_LEN];

	hash_bytes(bytes, len, got);
	return d->len == HASH_LEN && hash_equal(got, d->bytes, HASH_LEN);
}
