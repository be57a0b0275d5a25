/* message.h - signed requests and replies between people's programs and the desk.
 *
 * A request is one NNG message:
 *   "sluice-request/1\n" · u8 version=2 · key id (32 raw bytes) · u64 time (unix ms)
 *   · nonce (16) · desk public key (32) · str operation · blob JSON arguments
 *   · SHA-256 of the data (32) · signature (64) · blob data
 * signed by the client's dsse-author or dsse-reviewer key over everything before the
 * signature.  The data is bound by its digest, so that a megabyte is hashed once and
 * not twice by Ed25519. Naming the desk's key inside stops a request from being
 * replayed to another desk. A reply: "sluice-reply/1\n" · u8 version=1 · nonce (16, the
 * request's) · str error name
 * ("ok" …) · str detail (one sentence, "" when ok) · blob JSON result · blob data ·
 * signature (64) signed by the desk's identity key, so that the server is authenticated on
 * ipc:// as well as on tls+tcp://.  Bounds: JSON of a request WIRE_ARGS_MAX, of a
 * reply WIRE_JSON_MAX, data WIRE_DATA_MAX.
 * The arguments carry "lang", "zh" or "en": the language of whoever asks, which the reply's
 * sentences are then in.  Without it they are in the desk's own. */
#ifndef SL_WIRE_MESSAGE_H
#define SL_WIRE_MESSAGE_H

#include "base/buf.h"
#include "base/i18n.h"
#include "base/json.h"
#include "crypto/key.h"

enum {
	WIRE_DATA_MAX = 1 << 20, /* one upload or download chunk */
	WIRE_JSON_MAX = 8 << 20, /* a queue of 10,000 drafts fits */
	WIRE_MESSAGE_MAX = WIRE_DATA_MAX + WIRE_JSON_MAX + 4096,
	WIRE_ARGS_MAX = 1 << 20, /* JSON of a request: from outside, so smaller */
	WIRE_REQUEST_MAX = WIRE_DATA_MAX + WIRE_ARGS_MAX + 4096,
	WIRE_NONCE = 16,
	WIRE_OP_MAX = 32,
	WIRE_SKEW_MS = 120000, /* a request older or newer than this is stale */
};

struct wire_request { /* parsed; bytes borrowed from the message */
	uint8_t keyid[32];
	char keyid_hex[KEY_ID_HEX + 1];
	int64_t time_ms;
	uint8_t nonce[WIRE_NONCE];
	uint8_t desk[KEY_PUBLIC];
	char op[WIRE_OP_MAX];
	json_t *args;	     /* owned; an object, without "lang" */
	enum i18n_lang lang; /* of the person: for what the reply says */
	const uint8_t *data; /* checked against the signed digest already */
	size_t data_len;
	const uint8_t *signed_bytes;
	size_t signed_len;
	const uint8_t *sig;
};
int wire_request_write(const struct key *k, const uint8_t desk[KEY_PUBLIC], int64_t time_ms,
		       const uint8_t nonce[WIRE_NONCE], const char *op, const json_t *args,
		       const void *data, size_t data_len, struct buf *out) SL_MUST_USE;
int wire_request_parse(const void *bytes, size_t len, struct wire_request *ret) SL_MUST_USE;
void wire_request_release(struct wire_request *r);

struct wire_reply {
	int error; /* enum sl_err */
	struct sl_why why;
	json_t *result;	 /* owned; an object, maybe empty */
	struct buf data; /* owned */
};
int wire_reply_write(const struct key *desk, const uint8_t nonce[WIRE_NONCE],
		     const struct wire_reply *r, struct buf *out) SL_MUST_USE;
/* Verifies the desk's signature and the nonce. */
int wire_reply_parse(const void *bytes, size_t len, const uint8_t desk[KEY_PUBLIC],
		     const uint8_t nonce[WIRE_NONCE], struct wire_reply *ret) SL_MUST_USE;
void wire_reply_release(struct wire_reply *r);

#endif
