/* server.c - one thread, one raw REP socket, a listener per URL.
 *
 * Every message is hostile.  The order of the checks: form, desk, time, key,
 * signature, nonce, operation, size of data; only then the handler.  Bytes that
 * are not a request are answered by nothing and their connection is closed;
 * everything else gets a signed refusal.
 *
 * The socket is raw so that sending never waits for a peer that does not read:
 * NNG drops what does not fit into that peer's own queue. */
#include "wire/server.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "crypto/hash.h"
#include "wire/arrival.h"
#include "wire/listeners.h"
#include "wire/replay.h"
#include "wire/socket.h"

/* Each connection may hold one message of WIRE_REQUEST_MAX and a descriptor. */
enum { PEERS_MAX = 512, REPLAY_SLOTS = 65536, HAND_OVER_MS = 5000 };

struct wire_server {
	struct wire_server_options o;
	nng_socket socket;
	struct listeners *listeners;
	struct replay *replay;
	atomic_int peers;
};

/* Called by NNG's threads. */
static void on_pipe(nng_pipe p, nng_pipe_ev event, void *arg)
{
	struct wire_server *s = arg;

	if (event == NNG_PIPE_EV_ADD_PRE) {
		if (atomic_fetch_add(&s->peers, 1) >= (int)s->o.peers_max)
			(void)nng_pipe_close(p); /* counted down when it is removed */
	} else if (event == NNG_PIPE_EV_REM_POST) {
		atomic_fetch_sub(&s->peers, 1);
	}
}

static int open_socket(struct wire_server *s, struct sl_why *why)
{
	const struct wire_tls tls = {.certificate = s->o.tls_certificate};
	int r = socket_error(nng_rep0_open_raw(&s->socket), "REP", why);

	if (r == SL_OK)
		r = socket_error(nng_pipe_notify(s->socket, NNG_PIPE_EV_ADD_PRE, on_pipe, s),
				 "REP", why);
	if (r == SL_OK)
		r = socket_error(nng_pipe_notify(s->socket, NNG_PIPE_EV_REM_POST, on_pipe, s),
				 "REP", why);
	if (r == SL_OK)
		r = listeners_open(s->socket, s->o.listen, &tls, WIRE_REQUEST_MAX,
				   &s->listeners, why);
	if (r == SL_OK)
		listeners_on_renewal(s->listeners, s->o.renewed, s->o.arg);
	return r;
}

int wire_server_open(const struct wire_server_options *o, struct wire_server **ret_s,
		     struct sl_why *why)
{
	int64_t start = clock_now_ms();
	struct wire_server *s;
	int r = SL_E_NOMEM;

	if (o->listen == NULL || o->listen[0] == NULL)
		return why_set(why, SL_E_CONFIG, _("no URL to listen on"));
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return r;
	s->o = *o;
	if (s->o.peers_max == 0)
		s->o.peers_max = PEERS_MAX;
	if (o->known_ms > start)
		start = o->known_ms;
	r = replay_new(o->replay_slots != 0 ? o->replay_slots : REPLAY_SLOTS, start,
		       &s->replay);
	if (r == SL_OK)
		r = open_socket(s, why);
	if (r != SL_OK) {
		wire_server_close(s);
		return r;
	}
	*ret_s = s;
	return SL_OK;
}

void wire_server_close(struct wire_server *s)
{
	if (s == NULL)
		return;
	if (nng_socket_id(s->socket) > 0)
		(void)nng_close(s->socket);
	listeners_close(s->listeners);
	replay_free(s->replay);
	free(s);
}

static const struct wire_op *find_op(const struct wire_server *s, const char *name)
{
	for (const struct wire_op *op = s->o.ops; op->name != NULL; op++) {
		if (strcmp(op->name, name) == 0)
			return op;
	}
	return NULL;
}

static int admit(struct wire_server *s, const struct wire_request *rq,
		 struct wire_peer *ret_peer, const struct wire_op **ret_op, struct sl_why *why)
{
	uint8_t public_key[KEY_PUBLIC];
	const struct wire_op *op;
	int r;

	if (!hash_equal(rq->desk, key_public(s->o.identity), KEY_PUBLIC))
		return why_set(why, SL_E_DENIED, _("the request is for another desk"));
	r = replay_fresh(s->replay, clock_now_ms(), rq->time_ms, why);
	if (r != SL_OK)
		return r;
	r = s->o.identify(s->o.arg, rq->keyid_hex, ret_peer, public_key);
	if (r != SL_OK)
		return why_set(why, r,
			       _("the key %.16s… is not in the roster, or its time is over"),
			       rq->keyid_hex);
	r = key_verify(public_key, rq->signed_bytes, rq->signed_len, rq->sig);
	if (r != SL_OK)
		return why_set(why, r, _("the request's signature does not verify"));
	memcpy(ret_peer->keyid, rq->keyid_hex, sizeof(ret_peer->keyid));
	r = replay_remember(s->replay, rq->nonce, why);
	if (r != SL_OK)
		return r;
	op = find_op(s, rq->op);
	if (op == NULL)
		return why_set(why, SL_E_UNSUPPORTED, _("there is no operation \"%s\""),
			       rq->op);
	if (rq->data_len > op->max_data)
		return why_set(why, SL_E_LIMIT, _("\"%s\" takes at most %zu bytes of data"),
			       rq->op, op->max_data);
	*ret_op = op;
	return SL_OK;
}

static int write_reply(const struct wire_server *s, const struct wire_request *rq,
		       struct wire_reply *rp, struct buf *out)
{
	int r = wire_reply_write(s->o.identity, rq->nonce, rp, out);

	if (r == SL_OK)
		return r;
	/* The result was too large; say that instead. */
	wire_reply_release(rp);
	buf_clear(out);
	rp->error = why_set(&rp->why, r, _("the answer is too large; ask for less"));
	return wire_reply_write(s->o.identity, rq->nonce, rp, out);
}

/* A refusal carries its sentence and nothing else. */
static void refuse(const struct wire_server *s, const struct wire_peer *peer,
		   const struct wire_request *rq, struct wire_reply *rp)
{
	json_decref(rp->result);
	rp->result = NULL;
	buf_clear(&rp->data);
	if (s->o.failed != NULL)
		s->o.failed(s->o.arg, peer, rq->op, rp->error, why_text(&rp->why, rp->error));
}

static int answer(struct wire_server *s, const struct wire_request *rq, struct buf *out)
{
	const struct wire_op *op = NULL;
	struct wire_peer peer = {0};
	struct wire_reply rp = {0};
	int r;

	buf_init(&rp.data, WIRE_DATA_MAX);
	i18n_speak(rq->lang);
	rp.error = admit(s, rq, &peer, &op, &rp.why);
	if (rp.error != SL_OK || op == NULL) {
		s->o.refused(s->o.arg, rq->keyid_hex, rq->op, rp.error);
	} else {
		rp.error =
			op->run(op->arg != NULL ? op->arg : s->o.arg, &peer, rq, &rp, &rp.why);
		if (rp.error != SL_OK)
			refuse(s, &peer, rq, &rp);
	}
	r = write_reply(s, rq, &rp, out);
	i18n_speak(I18N_OWN);
	wire_reply_release(&rp);
	return r;
}

/* The header NNG gave to the request leads the reply back to its peer.  The send
 * waits for NNG's own hand-over only (a non-blocking one would lose the reply
 * when the one before is still on its way there), never for the peer. */
static void send_to(struct wire_server *s, nng_msg *request, const struct buf *bytes)
{
	nng_msg *m = NULL;

	if (nng_msg_alloc(&m, 0) != 0)
		return;
	if (nng_msg_header_append(m, nng_msg_header(request), nng_msg_header_len(request)) !=
		    0 ||
	    nng_msg_append(m, bytes->data, bytes->len) != 0 ||
	    nng_sendmsg(s->socket, m, 0) != 0)
		nng_msg_free(m);
}

static void handle(struct wire_server *s, nng_msg *m)
{
	struct wire_request rq = {0};
	struct buf out;

	buf_init(&out, WIRE_MESSAGE_MAX);
	if (wire_request_parse(nng_msg_body(m), nng_msg_len(m), &rq) != SL_OK)
		(void)nng_pipe_close(nng_msg_get_pipe(m));
	else if (answer(s, &rq, &out) == SL_OK)
		send_to(s, m, &out);
	wire_request_release(&rq);
	buf_release(&out);
}

int wire_server_run(struct wire_server *s, const atomic_int *stop, int tick_ms,
		    void (*tick)(void *arg))
{
	int64_t next = clock_mono_ms() + tick_ms;
	struct arrival a;
	nng_msg *m;
	int rv = arrival_open(&a, s->socket);
	int r = SL_OK;

	if (rv == 0)
		rv = nng_socket_set_ms(s->socket, NNG_OPT_SENDTIMEO, HAND_OVER_MS);
	while (rv == 0 && r == SL_OK && atomic_load(stop) == 0) {
		m = NULL;
		rv = arrival_wait(&a, next, &m);
		if (rv == 0) {
			handle(s, m);
			nng_msg_free(m);
		} else if (rv == NNG_ETIMEDOUT) {
			rv = 0;
		}
		if (clock_mono_ms() >= next) {
			if (tick != NULL)
				tick(s->o.arg);
			next = clock_mono_ms() + tick_ms;
		}
		r = listeners_check(s->listeners, clock_mono_ms());
	}
	arrival_close(&a);
	return rv == 0 ? r : socket_error(rv, NULL, NULL);
}
