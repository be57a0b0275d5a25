/* ahead.c - one REQ socket that is never waited for. */
#include "wire/ahead.h"

#include <stdlib.h>
#include <string.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "wire/socket.h"

struct wire_ahead {
	char *url, *ca;
	uint8_t desk[KEY_PUBLIC], nonce[WIRE_NONCE];
	const struct key *key; /* borrowed */
	nng_socket socket;
	bool open, busy;
	int64_t deadline; /* of the question under way */
};

static void disconnect(struct wire_ahead *a)
{
	if (a->open)
		(void)nng_close(a->socket);
	a->open = a->busy = false;
}

/* The first time it is waited for, which takes no longer than the connection that answered just
 * before: one that is closed half made is no good news for the desk.  Later in the background.
 */
static int connect_desk(struct wire_ahead *a, bool background, struct sl_why *why)
{
	const struct wire_tls tls = {.ca = a->ca};
	int r;

	if (a->open)
		return SL_OK;
	r = socket_error(nng_req0_open(&a->socket), a->url, why);
	if (r != SL_OK)
		return r;
	a->open = true;
	r = socket_error(
		nng_socket_set_ms(a->socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE),
		a->url, why);
	if (r == SL_OK)
		r = socket_dial(a->socket, a->url, &tls, WIRE_MESSAGE_MAX, background, why);
	if (r != SL_OK)
		disconnect(a);
	return r;
}

int wire_ahead_open(const struct client_config *c, const struct key *k, bool wait,
		    struct wire_ahead **ret_a, struct sl_why *why)
{
	struct wire_ahead *a = calloc(1, sizeof(*a));
	int r = a == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK &&
	    (c->gateway == NULL || c->server_key == NULL ||
	     !text_unhex(c->server_key, strlen(c->server_key), a->desk, sizeof(a->desk))))
		r = SL_E_CONFIG;
	if (r == SL_OK) {
		a->key = k;
		a->url = strdup(c->gateway);
		a->ca = c->tls_ca == NULL ? NULL : strdup(c->tls_ca);
		if (a->url == NULL || (c->tls_ca != NULL && a->ca == NULL))
			r = SL_E_NOMEM;
	}
	if (r == SL_OK && (!wait || connect_desk(a, false, why) != SL_OK))
		r = connect_desk(a, true, why);
	if (r != SL_OK) {
		wire_ahead_close(a);
		return r;
	}
	*ret_a = a;
	return SL_OK;
}

void wire_ahead_close(struct wire_ahead *a)
{
	if (a == NULL)
		return;
	disconnect(a);
	free(a->url);
	free(a->ca);
	free(a);
}

/* Handed to a connection that is there, or not at all. */
static int send_now(struct wire_ahead *a, const struct buf *bytes, struct sl_why *why)
{
	nng_msg *m = NULL;
	int rv = nng_msg_alloc(&m, 0);

	if (rv == 0)
		rv = nng_msg_append(m, bytes->data, bytes->len);
	if (rv == 0)
		rv = nng_sendmsg(a->socket, m, NNG_FLAG_NONBLOCK);
	if (rv != 0 && m != NULL)
		nng_msg_free(m);
	if (rv == NNG_EAGAIN || rv == NNG_ETIMEDOUT)
		return why_set(why, SL_E_UNREACHABLE, _("%s does not answer"), a->url);
	return socket_error(rv, a->url, why);
}

int wire_ahead_ask(struct wire_ahead *a, const char *op, const json_t *args, int timeout_ms,
		   struct sl_why *why)
{
	struct buf bytes;
	int r;

	if (a->busy)
		return SL_E_STATE;
	r = connect_desk(a, true, why);
	if (r != SL_OK)
		return r;
	buf_init(&bytes, WIRE_REQUEST_MAX);
	random_bytes(a->nonce, sizeof(a->nonce));
	r = wire_request_write(a->key, a->desk, clock_now_ms(), a->nonce, op, args, NULL, 0,
			       &bytes);
	if (r == SL_OK)
		r = send_now(a, &bytes, why);
	buf_release(&bytes);
	a->busy = r == SL_OK;
	a->deadline = clock_mono_ms() + timeout_ms;
	return r;
}

int wire_ahead_fd(const struct wire_ahead *a)
{
	int fd = -1;

	return a->open && nng_socket_get_int(a->socket, NNG_OPT_RECVFD, &fd) == 0 ? fd : -1;
}

bool wire_ahead_busy(const struct wire_ahead *a)
{
	return a->busy;
}

static int parse(struct wire_ahead *a, nng_msg *m, struct wire_reply *ret, struct sl_why *why)
{
	struct wire_reply rp = {0};
	int r = wire_reply_parse(nng_msg_body(m), nng_msg_len(m), a->desk, a->nonce, &rp);

	if (r != SL_OK) {
		disconnect(a);
		return why_set(why, r,
			       _("%s did not answer with the desk's signature: check "
				 "server_key"),
			       a->url);
	}
	if (rp.error != SL_OK) {
		r = why_set(why, rp.error, "%s", why_text(&rp.why, rp.error));
		wire_reply_release(&rp);
		return r;
	}
	*ret = rp; /* moved */
	return SL_OK;
}

int wire_ahead_take(struct wire_ahead *a, struct wire_reply *ret, struct sl_why *why)
{
	nng_msg *m = NULL;
	int rv, r;

	if (!a->busy)
		return SL_E_STATE;
	rv = nng_recvmsg(a->socket, &m, NNG_FLAG_NONBLOCK);
	if (rv == NNG_EAGAIN && clock_mono_ms() < a->deadline)
		return SL_E_STATE;
	a->busy = false;
	if (rv != 0) {
		disconnect(a); /* a late answer must not meet the next question */
		return rv == NNG_EAGAIN
			       ? why_set(why, SL_E_TIMEOUT, _("%s does not answer"), a->url)
			       : socket_error(rv, a->url, why);
	}
	r = parse(a, m, ret, why);
	nng_msg_free(m);
	return r;
}
