/* client.c - one REQ socket to the desk.
 *
 * What comes back is believed only after the desk's signature and our nonce.
 * NNG's own re-sending is off: the desk would rightly take it for a replay, and
 * a person must know whether an operation was done (see exchange). */
#include "wire/client.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "wire/socket.h"

enum { CALL_MS = 30000, SEND_MS = 3000, BROKEN_OFF_MS = 3000, UPLOAD_TRIES = 5 };

struct wire_client {
	char *url, *ca;
	uint8_t desk[KEY_PUBLIC];
	const struct key *key; /* borrowed */
	nng_socket socket;
	bool open;
};

int wire_client_open(const struct client_config *c, const struct key *k,
		     struct wire_client **ret_c, struct sl_why *why)
{
	struct wire_client *w;
	bool tls;

	if (c->gateway == NULL || c->server_key == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("the configuration names no gateway or no server_key"));
	tls = strncmp(c->gateway, "tls+tcp://", 10) == 0;
	/* Plain TCP would show drafts to everyone on the way. */
	if (!tls && strncmp(c->gateway, "ipc://", 6) != 0)
		return why_set(why, SL_E_CONFIG, _("%s: only ipc:// and tls+tcp:// are used"),
			       c->gateway);
	if (tls && c->tls_ca == NULL)
		return why_set(why, SL_E_CONFIG, _("%s needs tls_ca"), c->gateway);
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return SL_E_NOMEM;
	if (!text_unhex(c->server_key, strlen(c->server_key), w->desk, sizeof(w->desk))) {
		wire_client_close(w);
		return why_set(why, SL_E_CONFIG, _("server_key must be 64 hex digits"));
	}
	w->key = k;
	w->url = strdup(c->gateway);
	w->ca = c->tls_ca == NULL ? NULL : strdup(c->tls_ca);
	if (w->url == NULL || (c->tls_ca != NULL && w->ca == NULL)) {
		wire_client_close(w);
		return SL_E_NOMEM;
	}
	*ret_c = w;
	return SL_OK;
}

static void disconnect(struct wire_client *c)
{
	if (c->open)
		(void)nng_close(c->socket);
	c->open = false;
}

void wire_client_close(struct wire_client *c)
{
	if (c == NULL)
		return;
	disconnect(c);
	free(c->url);
	free(c->ca);
	free(c);
}

static int connect_desk(struct wire_client *c, struct sl_why *why)
{
	const struct wire_tls tls = {.ca = c->ca};
	int r;

	if (c->open)
		return SL_OK;
	r = socket_error(nng_req0_open(&c->socket), c->url, why);
	if (r != SL_OK)
		return r;
	c->open = true;
	r = socket_error(
		nng_socket_set_ms(c->socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE),
		c->url, why);
	if (r == SL_OK)
		r = socket_dial(c->socket, c->url, &tls, WIRE_MESSAGE_MAX, false, why);
	if (r != SL_OK)
		disconnect(c);
	return r;
}

static int send_bytes(struct wire_client *c, const struct buf *bytes, int timeout_ms,
		      bool *ret_nobody)
{
	nng_msg *m = NULL;
	/* To send needs somebody at the other end, who may have gone while nothing was asked:
	 * whoever sits at a screen is told soon, and the next question connects anew. */
	int rv = nng_socket_set_ms(c->socket, NNG_OPT_SENDTIMEO,
				   timeout_ms < SEND_MS ? timeout_ms : SEND_MS);

	if (rv == 0)
		rv = nng_socket_set_ms(c->socket, NNG_OPT_RECVTIMEO, timeout_ms);
	if (rv == 0)
		rv = nng_msg_alloc(&m, 0);
	if (rv == 0)
		rv = nng_msg_append(m, bytes->data, bytes->len);
	if (rv == 0)
		rv = nng_sendmsg(c->socket, m, 0);
	*ret_nobody = rv == NNG_ETIMEDOUT;
	if (rv != 0 && m != NULL)
		nng_msg_free(m);
	return rv;
}

/* One question and its answer, of which nothing is believed yet. */
static int ask_once(struct wire_client *c, const struct buf *bytes, int timeout_ms,
		    nng_msg **ret_m, bool *ret_broken, struct sl_why *why)
{
	bool nobody = false;
	int rv, r = connect_desk(c, why);

	*ret_broken = false;
	if (r != SL_OK)
		return r;
	rv = send_bytes(c, bytes, timeout_ms, &nobody);
	if (rv == 0)
		rv = nng_recvmsg(c->socket, ret_m, 0);
	if (rv == 0)
		return SL_OK;
	disconnect(c); /* a late answer must not meet the next question */
	*ret_broken = rv == NNG_ECONNRESET;
	if (nobody)
		return why_set(why, SL_E_UNREACHABLE,
			       _("%s: nobody is there; nothing was sent"), c->url);
	return socket_error(rv, c->url, why);
}

/* A connection that breaks may do so before the desk has read the question: a full or
 * renewed listener turns people away.  The same bytes may be sent again, as the desk takes
 * them once only; when it has, or was started anew since, its refusal says no more than that
 * nobody knows the answer. */
static int exchange(struct wire_client *c, const struct buf *bytes,
		    const uint8_t nonce[WIRE_NONCE], int timeout_ms, struct wire_reply *ret,
		    struct sl_why *why)
{
	static const struct timespec pause = {.tv_nsec = 100000000};
	int64_t until = clock_mono_ms() + BROKEN_OFF_MS;
	bool broken, again = false;
	nng_msg *m = NULL;
	int r = ask_once(c, bytes, timeout_ms, &m, &broken, why);

	while (broken && clock_mono_ms() < until) {
		(void)nanosleep(&pause, NULL);
		again = true;
		r = ask_once(c, bytes, timeout_ms, &m, &broken, why);
	}
	if (r != SL_OK)
		return r;
	r = wire_reply_parse(nng_msg_body(m), nng_msg_len(m), c->desk, nonce, ret);
	nng_msg_free(m);
	if (r == SL_OK && again && (ret->error == SL_E_REPLAY || ret->error == SL_E_EXPIRED)) {
		wire_reply_release(ret);
		return why_set(why, SL_E_UNREACHABLE,
			       _("%s: the connection broke before the answer came"), c->url);
	}
	if (r == SL_OK)
		return r;
	disconnect(c);
	return why_set(why, r,
		       _("%s did not answer with the desk's signature: check server_key"),
		       c->url);
}

int wire_call(struct wire_client *c, const char *op, const json_t *args, const void *data,
	      size_t data_len, int timeout_ms, struct wire_reply *ret, struct sl_why *why)
{
	uint8_t nonce[WIRE_NONCE];
	struct buf bytes;
	int r;

	buf_init(&bytes, WIRE_REQUEST_MAX);
	random_bytes(nonce, sizeof(nonce));
	r = wire_request_write(c->key, c->desk, clock_now_ms(), nonce, op, args, data, data_len,
			       &bytes);
	if (r != SL_OK)
		(void)why_set(why, r, _("the request \"%s\" is too large"), op);
	else
		r = exchange(c, &bytes, nonce, timeout_ms, ret, why);
	buf_release(&bytes);
	return r;
}

int wire_ask(struct wire_client *c, const char *op, const json_t *args, const void *data,
	     size_t data_len, struct wire_reply *ret, struct sl_why *why)
{
	struct wire_reply rp = {0};
	int r = wire_call(c, op, args, data, data_len, CALL_MS, &rp, why);

	if (r != SL_OK)
		return r;
	if (rp.error != SL_OK) {
		r = why_set(why, rp.error, "%s", why_text(&rp.why, rp.error));
		wire_reply_release(&rp);
		return r;
	}
	*ret = rp; /* moved */
	return SL_OK;
}

/* One upload operation; the offset in the answer, if the caller wants it. */
static int upload_op(struct wire_client *c, const char *op, json_t *args, const void *data,
		     size_t len, uint64_t *ret_offset, struct sl_why *why)
{
	struct wire_reply rp = {0};
	int64_t offset = 0;
	int r = args == NULL ? SL_E_NOMEM : wire_ask(c, op, args, data, len, &rp, why);

	json_decref(args);
	if (r != SL_OK)
		return r;
	if (ret_offset != NULL && (!json_i64(rp.result, "offset", &offset) || offset < 0))
		r = why_set(why, SL_E_FORMAT, _("the desk's answer to \"%s\" has no offset"),
			    op);
	else if (ret_offset != NULL)
		*ret_offset = (uint64_t)offset;
	wire_reply_release(&rp);
	return r;
}

static int upload_rest(struct wire_client *c, int fd, const char *sha256, uint64_t length,
		       void (*progress)(uint64_t done, uint64_t total), struct sl_why *why)
{
	uint8_t *chunk = malloc(WIRE_DATA_MAX);
	uint64_t offset = 0;
	int r = chunk == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK)
		r = upload_op(
			c, "upload.begin",
			json_pack("{s:s,s:I}", "sha256", sha256, "length", (json_int_t)length),
			NULL, 0, &offset, why);
	while (r == SL_OK && offset < length) {
		ssize_t n = pread(fd, chunk, WIRE_DATA_MAX, (off_t)offset);
		uint64_t before = offset;

		if (n <= 0) {
			r = why_set(why, SL_E_CONFLICT,
				    _("the file changed while it was sent"));
			break;
		}
		r = upload_op(
			c, "upload.chunk",
			json_pack("{s:s,s:I}", "sha256", sha256, "offset", (json_int_t)offset),
			chunk, (size_t)n, &offset, why);
		if (r == SL_OK && offset <= before)
			r = why_set(why, SL_E_FORMAT, _("the upload does not advance"));
		if (r == SL_OK && progress != NULL)
			progress(offset, length);
	}
	if (r == SL_OK)
		r = upload_op(c, "upload.finish", json_pack("{s:s}", "sha256", sha256), NULL, 0,
			      NULL, why);
	free(chunk);
	return r;
}

int wire_upload(struct wire_client *c, int fd, char ret_sha256[65], uint64_t *ret_length,
		void (*progress)(uint64_t done, uint64_t total), struct sl_why *why)
{
	uint8_t sha256[HASH_LEN];
	char hex[HASH_HEX + 1];
	uint64_t length = 0;
	int r = hash_fd(fd, sha256, &length);

	if (r != SL_OK)
		return why_set(why, r, _("the file cannot be read"));
	text_hex(sha256, sizeof(sha256), hex);
	for (int i = 0; i < UPLOAD_TRIES; i++) {
		r = upload_rest(c, fd, hex, length, progress, why);
		/* STATE, CONFLICT: another program of this person sends the same file and
		 * is ahead; asking again finds where it stands. */
		if (r != SL_E_TIMEOUT && r != SL_E_UNREACHABLE && r != SL_E_STATE &&
		    r != SL_E_CONFLICT)
			break;
	}
	if (r != SL_OK)
		return r;
	memcpy(ret_sha256, hex, sizeof(hex));
	*ret_length = length;
	return SL_OK;
}
