/* message.c - bytes of requests and replies; both sides treat what arrives as hostile.
 *
 * Parsing checks form only.  Who signed a request, and when, is the server's
 * business (server.c); a reply is verified here because the client knows the
 * one key it may come from. */
#include "wire/message.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

#define REQUEST_DOMAIN "sluice-request/1\n"
#define REPLY_DOMAIN   "sluice-reply/1\n"

enum { REQUEST_VERSION = 2, REPLY_VERSION = 1, ERROR_NAME_MAX = 32 };

static int put_json(struct buf *out, const json_t *j, size_t max)
{
	struct buf text;
	int r;

	buf_init(&text, max);
	if (j == NULL)
		buf_puts(&text, "{}");
	r = j == NULL ? buf_error(&text) : json_compact(j, &text);
	if (r == SL_OK)
		buf_put_blob(out, text.data, text.len);
	buf_release(&text);
	return r;
}

/* What the caller asks, and in which language the answer shall speak. */
static int put_args(struct buf *out, const json_t *args)
{
	json_t *j = args != NULL ? json_copy((json_t *)(uintptr_t)args) : json_object();
	int r = SL_E_NOMEM;

	if (j != NULL &&
	    (!json_is_object(j) ||
	     json_object_set_new(j, "lang", json_string(i18n_is_zh() ? "zh" : "en")) == 0))
		r = put_json(out, j, WIRE_ARGS_MAX);
	json_decref(j);
	return r;
}

/* Handlers see their own arguments only. */
static int take_lang(json_t *args, enum i18n_lang *ret_lang)
{
	const char *lang = json_str(args, "lang");

	*ret_lang = I18N_OWN;
	if (json_object_get(args, "lang") == NULL)
		return SL_OK;
	if (lang == NULL || (strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0))
		return SL_E_FORMAT;
	*ret_lang = strcmp(lang, "zh") == 0 ? I18N_ZH : I18N_EN;
	return json_object_del(args, "lang") == 0 ? SL_OK : SL_E_NOMEM;
}

static int put_signature(struct buf *out, const struct key *k)
{
	uint8_t sig[KEY_SIGNATURE];

	if (buf_error(out) != SL_OK)
		return buf_error(out);
	key_sign(k, out->data, out->len, sig);
	buf_put(out, sig, sizeof(sig));
	return buf_error(out);
}

/* The domain line and the version; the cursor's error tells. */
static void get_head(struct cur *c, const char *domain, uint8_t version)
{
	size_t len = strlen(domain);
	const uint8_t *at = cur_bytes(c, len);

	if (at != NULL && memcmp(at, domain, len) != 0)
		c->error = SL_E_FORMAT;
	if (cur_u8(c) != version && c->error == SL_OK)
		c->error = SL_E_UNSUPPORTED;
}

static void get_fixed(struct cur *c, uint8_t *out, size_t len)
{
	const uint8_t *at = cur_bytes(c, len);

	if (at != NULL)
		memcpy(out, at, len);
}

static int parse_object(const uint8_t *bytes, size_t len, size_t max, json_t **ret_j)
{
	json_t *j = NULL;
	int r = json_parse(bytes, len, max, &j);

	if (r == SL_OK && !json_is_object(j))
		r = SL_E_FORMAT;
	if (r != SL_OK) {
		json_decref(j);
		return r;
	}
	*ret_j = j;
	return SL_OK;
}

/* Operations go into logs and audit: nothing but lower case, digits, '.', '-'. */
static bool op_ok(const char *op)
{
	return op[0] != '\0' &&
	       op[strspn(op, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

int wire_request_write(const struct key *k, const uint8_t desk[KEY_PUBLIC], int64_t time_ms,
		       const uint8_t nonce[WIRE_NONCE], const char *op, const json_t *args,
		       const void *data, size_t data_len, struct buf *out)
{
	uint8_t keyid[32], digest[HASH_LEN];
	int r;

	BUG(!text_unhex(key_id(k), KEY_ID_HEX, keyid, sizeof(keyid)));
	if (!op_ok(op) || strlen(op) >= WIRE_OP_MAX || data_len > WIRE_DATA_MAX || time_ms < 0)
		return SL_E_LIMIT;
	buf_puts(out, REQUEST_DOMAIN);
	buf_put_u8(out, REQUEST_VERSION);
	buf_put(out, keyid, sizeof(keyid));
	buf_put_u64(out, (uint64_t)time_ms);
	buf_put(out, nonce, WIRE_NONCE);
	buf_put(out, desk, KEY_PUBLIC);
	buf_put_str(out, op);
	r = put_args(out, args);
	if (r != SL_OK)
		return r;
	hash_bytes(data, data_len, digest);
	buf_put(out, digest, sizeof(digest));
	r = put_signature(out, k);
	if (r != SL_OK)
		return r;
	buf_put_blob(out, data, data_len);
	return buf_error(out);
}

int wire_request_parse(const void *bytes, size_t len, struct wire_request *ret)
{
	struct wire_request rq = {0};
	uint8_t said[HASH_LEN] = {0}, digest[HASH_LEN];
	const uint8_t *args;
	size_t args_len;
	uint64_t time_ms;
	struct cur c;
	int r;

	cur_init(&c, bytes, len);
	get_head(&c, REQUEST_DOMAIN, REQUEST_VERSION);
	get_fixed(&c, rq.keyid, sizeof(rq.keyid));
	time_ms = cur_u64(&c);
	get_fixed(&c, rq.nonce, sizeof(rq.nonce));
	get_fixed(&c, rq.desk, sizeof(rq.desk));
	cur_str(&c, rq.op, sizeof(rq.op));
	args = cur_blob(&c, WIRE_ARGS_MAX, &args_len);
	get_fixed(&c, said, sizeof(said));
	rq.signed_bytes = bytes;
	rq.signed_len = len - cur_left(&c);
	rq.sig = cur_bytes(&c, KEY_SIGNATURE);
	rq.data = cur_blob(&c, WIRE_DATA_MAX, &rq.data_len);
	r = cur_end(&c);
	if (r != SL_OK)
		return r;
	/* Data changed on the way never gets as far as the question who signed it. */
	hash_bytes(rq.data, rq.data_len, digest);
	if (!hash_equal(digest, said, HASH_LEN))
		return SL_E_FORMAT;
	if (time_ms > INT64_MAX || !op_ok(rq.op))
		return SL_E_FORMAT;
	rq.time_ms = (int64_t)time_ms;
	text_hex(rq.keyid, sizeof(rq.keyid), rq.keyid_hex);
	r = parse_object(args, args_len, WIRE_ARGS_MAX, &rq.args);
	if (r == SL_OK)
		r = take_lang(rq.args, &rq.lang);
	if (r != SL_OK) {
		json_decref(rq.args);
		return r;
	}
	*ret = rq; /* args moved */
	return SL_OK;
}

void wire_request_release(struct wire_request *r)
{
	json_decref(r->args);
	memset(r, 0, sizeof(*r));
}

int wire_reply_write(const struct key *desk, const uint8_t nonce[WIRE_NONCE],
		     const struct wire_reply *r, struct buf *out)
{
	int e;

	if (r->data.len > WIRE_DATA_MAX)
		return SL_E_LIMIT;
	buf_puts(out, REPLY_DOMAIN);
	buf_put_u8(out, REPLY_VERSION);
	buf_put(out, nonce, WIRE_NONCE);
	buf_put_str(out, sl_errname(r->error));
	buf_put_str(out, r->error == SL_OK ? "" : why_text(&r->why, r->error));
	e = put_json(out, r->result, WIRE_JSON_MAX);
	if (e != SL_OK)
		return e;
	buf_put_blob(out, r->data.data, r->data.len);
	return put_signature(out, desk);
}

/* The signature covers everything before it, so it is checked before any field
 * is believed. */
static int verify_reply(const uint8_t *bytes, size_t len, const uint8_t desk[KEY_PUBLIC])
{
	if (len < strlen(REPLY_DOMAIN) + KEY_SIGNATURE ||
	    memcmp(bytes, REPLY_DOMAIN, strlen(REPLY_DOMAIN)) != 0)
		return SL_E_FORMAT;
	return key_verify(desk, bytes, len - KEY_SIGNATURE, bytes + len - KEY_SIGNATURE);
}

int wire_reply_parse(const void *bytes, size_t len, const uint8_t desk[KEY_PUBLIC],
		     const uint8_t nonce[WIRE_NONCE], struct wire_reply *ret)
{
	char error[ERROR_NAME_MAX], detail[sizeof(ret->why.text)];
	uint8_t echoed[WIRE_NONCE] = {0};
	struct wire_reply rp = {0};
	const uint8_t *json, *data;
	size_t json_len, data_len;
	struct cur c;
	int r = verify_reply(bytes, len, desk);

	if (r != SL_OK)
		return r;
	buf_init(&rp.data, WIRE_DATA_MAX);
	cur_init(&c, bytes, len - KEY_SIGNATURE);
	get_head(&c, REPLY_DOMAIN, REPLY_VERSION);
	get_fixed(&c, echoed, sizeof(echoed));
	cur_str(&c, error, sizeof(error));
	cur_str(&c, detail, sizeof(detail));
	json = cur_blob(&c, WIRE_JSON_MAX, &json_len);
	data = cur_blob(&c, WIRE_DATA_MAX, &data_len);
	r = cur_end(&c);
	if (r != SL_OK)
		goto out;
	/* A good reply to another question must not answer this one. */
	r = SL_E_REPLAY;
	if (!hash_equal(echoed, nonce, WIRE_NONCE))
		goto out;
	rp.error = sl_err_from_name(error);
	if (rp.error != SL_OK)
		(void)why_set(&rp.why, rp.error, "%s", detail);
	r = parse_object(json, json_len, WIRE_JSON_MAX, &rp.result);
	if (r != SL_OK)
		goto out;
	buf_put(&rp.data, data, data_len);
	r = buf_error(&rp.data);
	if (r != SL_OK)
		goto out;
	*ret = rp;
	return SL_OK;
out:
	wire_reply_release(&rp);
	return r;
}

void wire_reply_release(struct wire_reply *r)
{
	json_decref(r->result);
	r->result = NULL;
	buf_release(&r->data);
}
