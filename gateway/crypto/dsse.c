/* dsse.c - DSSE 1.0.2 envelopes, one signature each.
 *
 * Hostile: envelope bytes.  Invariants: what is verified is the exact decoded
 * payload, and callers parse those same bytes; an envelope has one spelling
 * only (canonical JSON, strict Base64), so its SHA-256 names it. */
#include "crypto/dsse.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "crypto/hash.h"

void dsse_pae(const char *type, const void *payload, size_t len, struct buf *out)
{
	buf_putf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, len);
	buf_put(out, payload, len);
}

/* Names and values need no escaping: the type is checked, the rest is hex and Base64. */
static bool type_ok(const char *type)
{
	size_t len = strlen(type);

	if (len == 0 || len >= DSSE_TYPE_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (type[i] <= ' ' || type[i] > '~' || type[i] == '"' || type[i] == '\\')
			return false;
	}
	return true;
}

int dsse_sign(const struct key *k, const char *type, const void *payload, size_t len,
	      struct buf *out)
{
	uint8_t sig[KEY_SIGNATURE];
	struct buf pae;
	int r;

	BUG(!type_ok(type));
	buf_init(&pae, DSSE_MAX + 2 * DSSE_TYPE_MAX);
	dsse_pae(type, payload, len, &pae);
	r = buf_error(&pae);
	if (r == SL_OK) {
		key_sign(k, pae.data, pae.len, sig);
		r = dsse_wrap(type, payload, len, key_id(k), sig, sizeof(sig), out);
	}
	buf_release(&pae);
	return r;
}

int dsse_wrap(const char *type, const void *payload, size_t len, const char *keyid,
	      const void *sig, size_t sig_len, struct buf *out)
{
	size_t start = out->len;
	int r;

	buf_puts(out, "{\"payload\":\"");
	base64_put(out, payload, len);
	buf_putf(out, "\",\"payloadType\":\"%s\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"",
		 type, keyid);
	base64_put(out, sig, sig_len);
	buf_puts(out, "\"}]}");
	r = buf_error(out);
	return r == SL_OK && out->len - start > DSSE_MAX ? SL_E_LIMIT : r;
}

/* An Ed25519 signature, or what may be a container; sshsig_verify looks inside. */
static bool signature_ok(const struct buf *raw)
{
	return raw->len == KEY_SIGNATURE ||
	       (raw->len > KEY_SIGNATURE && memcmp(raw->data, "SSHSIG", 6) == 0);
}

static int read_signature(const json_t *j, struct dsse *e)
{
	static const char *const names[] = {"keyid", "sig", NULL};
	const json_t *list = json_arr(j, "signatures"), *s = json_array_get(list, 0);
	const char *id = json_str(s, "keyid"), *sig = json_str(s, "sig");
	struct buf raw;
	int r;

	if (json_array_size(list) != 1 || id == NULL || sig == NULL ||
	    !json_has_only(s, names, NULL) || !text_is_sha256(id))
		return SL_E_FORMAT;
	memcpy(e->keyid, id, sizeof(e->keyid));
	buf_init(&raw, SSHSIG_MAX);
	r = base64_get(sig, strlen(sig), &raw);
	if (r == SL_OK && signature_ok(&raw)) {
		memcpy(e->sig, raw.data, raw.len);
		e->sig_len = raw.len;
	} else {
		r = SL_E_FORMAT;
	}
	buf_release(&raw);
	return r;
}

static int read_payload(const json_t *j, struct dsse *e)
{
	const char *payload = json_str(j, "payload"), *type = json_str(j, "payloadType");
	struct buf raw;
	int r;

	if (payload == NULL || type == NULL || !type_ok(type))
		return SL_E_FORMAT;
	memcpy(e->payload_type, type, strlen(type) + 1);
	buf_init(&raw, DSSE_MAX);
	r = base64_get(payload, strlen(payload), &raw);
	if (r == SL_OK && raw.len == 0)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		e->payload = buf_take(&raw, &e->payload_len);
	buf_release(&raw);
	return r;
}

int dsse_parse(const void *bytes, size_t len, struct dsse *ret_e)
{
	static const char *const names[] = {"payload", "payloadType", "signatures", NULL};
	struct dsse e = {.payload = NULL};
	json_t *j = NULL;
	int r;

	if (len > DSSE_MAX)
		return SL_E_LIMIT;
	r = json_parse_signed(bytes, len, &j);
	if (r != SL_OK)
		return r;
	r = json_has_only(j, names, NULL) ? read_signature(j, &e) : SL_E_FORMAT;
	if (r == SL_OK)
		r = read_payload(j, &e);
	json_decref(j);
	if (r == SL_OK)
		*ret_e = e; /* moved */
	else
		dsse_release(&e);
	return r;
}

void dsse_release(struct dsse *e)
{
	free(e->payload);
	memset(e, 0, sizeof(*e));
}

int dsse_verify(const struct dsse *e, const uint8_t public_key[KEY_PUBLIC])
{
	char id[KEY_ID_HEX + 1];
	struct buf pae;
	int r;

	key_id_of(public_key, id);
	if (strcmp(id, e->keyid) != 0 || e->sig_len != KEY_SIGNATURE)
		return SL_E_SIGNATURE;
	buf_init(&pae, DSSE_MAX + 2 * DSSE_TYPE_MAX);
	dsse_pae(e->payload_type, e->payload, e->payload_len, &pae);
	r = buf_error(&pae);
	if (r == SL_OK)
		r = key_verify(public_key, pae.data, pae.len, e->sig);
	buf_release(&pae);
	return r;
}

int dsse_verify_ssh(const struct dsse *e, const struct ssh_key *key, bool verified)
{
	char id[KEY_ID_HEX + 1];
	struct buf pae;
	int r;

	ssh_key_id(key, id);
	if (strcmp(id, e->keyid) != 0)
		return SL_E_SIGNATURE;
	buf_init(&pae, DSSE_MAX + 2 * DSSE_TYPE_MAX);
	dsse_pae(e->payload_type, e->payload, e->payload_len, &pae);
	r = buf_error(&pae);
	if (r == SL_OK)
		r = sshsig_verify(e->sig, e->sig_len, key, verified, pae.data, pae.len);
	buf_release(&pae);
	return r;
}
