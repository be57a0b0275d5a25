/* pipe.c - PUSH/PULL and PUB/SUB.
 *
 * A PUSH socket cannot receive and a PULL socket cannot send: the link's
 * direction is a property of the socket, not of our manners.  What a PULL or
 * SUB socket hands out is as hostile as its sender. */
#include "wire/pipe.h"

#include <stdlib.h>
#include <string.h>

#include <nng/nng.h>
#include <nng/protocol/pipeline0/pull.h>
#include <nng/protocol/pipeline0/push.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/pubsub0/sub.h>

#include "base/clock.h"
#include "wire/arrival.h"
#include "wire/listeners.h"
#include "wire/socket.h"

enum { ANNOUNCE_MAX = 4096, SUB_QUEUE = 16 };

struct wire_pipe {
	nng_socket socket;
	struct arrival arrival;	     /* opened by the first receive */
	struct listeners *listeners; /* NULL: it dials */
};

static int pipe_new(int (*open)(nng_socket *), const char *url, struct wire_pipe **ret_p,
		    struct sl_why *why)
{
	struct wire_pipe *p = calloc(1, sizeof(*p));
	int r;

	if (p == NULL)
		return SL_E_NOMEM;
	r = socket_error(open(&p->socket), url, why);
	if (r != SL_OK) {
		free(p);
		return r;
	}
	*ret_p = p;
	return SL_OK;
}

/* Hands p out, or closes it when the step before failed. */
static int finish(int r, struct wire_pipe *p, struct wire_pipe **ret_p)
{
	if (r != SL_OK) {
		wire_pipe_close(p);
		return r;
	}
	*ret_p = p;
	return SL_OK;
}

int wire_push_open(const char *url, const struct wire_tls *tls, struct wire_pipe **ret_p,
		   struct sl_why *why)
{
	struct wire_pipe *p = NULL;
	int r = pipe_new(nng_push0_open, url, &p, why);

	if (r == SL_OK)
		r = socket_dial(p->socket, url, tls, 1, true, why);
	return finish(r, p, ret_p);
}

int wire_pull_open(const char *url, const struct wire_tls *tls, size_t max,
		   struct wire_pipe **ret_p, struct sl_why *why)
{
	const char *const urls[] = {url, NULL};
	struct wire_pipe *p = NULL;
	int r = pipe_new(nng_pull0_open, url, &p, why);

	if (r == SL_OK)
		r = listeners_open(p->socket, urls, tls, max, &p->listeners, why);
	return finish(r, p, ret_p);
}

int wire_pub_open(const char *url, struct wire_pipe **ret_p, struct sl_why *why)
{
	const char *const urls[] = {url, NULL};
	struct wire_pipe *p = NULL;
	int r = pipe_new(nng_pub0_open, url, &p, why);

	if (r == SL_OK)
		r = listeners_open(p->socket, urls, NULL, 1, &p->listeners, why);
	return finish(r, p, ret_p);
}

int wire_sub_open(const char *url, const char *topic, struct wire_pipe **ret_p,
		  struct sl_why *why)
{
	struct wire_pipe *p = NULL;
	int r = pipe_new(nng_sub0_open, url, &p, why);

	if (r == SL_OK)
		r = socket_error(
			nng_socket_set(p->socket, NNG_OPT_SUB_SUBSCRIBE, topic, strlen(topic)),
			url, why);
	if (r == SL_OK)
		r = socket_error(nng_socket_set_int(p->socket, NNG_OPT_RECVBUF, SUB_QUEUE), url,
				 why);
	if (r == SL_OK)
		r = socket_dial(p->socket, url, NULL, ANNOUNCE_MAX, true, why);
	return finish(r, p, ret_p);
}

int wire_pipe_send(struct wire_pipe *p, const void *bytes, size_t len, int timeout_ms)
{
	nng_msg *m = NULL;
	int rv = nng_socket_set_ms(p->socket, NNG_OPT_SENDTIMEO, timeout_ms);

	if (rv == 0)
		rv = nng_msg_alloc(&m, 0);
	if (rv == 0)
		rv = nng_msg_append(m, bytes, len);
	if (rv == 0)
		rv = nng_sendmsg(p->socket, m, 0);
	if (rv != 0 && m != NULL)
		nng_msg_free(m);
	return socket_error(rv, NULL, NULL);
}

int wire_pipe_recv(struct wire_pipe *p, struct buf *out, int timeout_ms)
{
	nng_msg *m = NULL;
	int rv = 0, r = SL_OK;

	if (p->listeners != NULL)
		r = listeners_check(p->listeners, clock_mono_ms());
	if (r != SL_OK)
		return r;
	if (p->arrival.aio == NULL)
		rv = arrival_open(&p->arrival, p->socket);
	if (rv == 0)
		rv = arrival_wait(&p->arrival, clock_mono_ms() + timeout_ms, &m);
	if (rv != 0)
		return socket_error(rv, NULL, NULL);
	buf_put(out, nng_msg_body(m), nng_msg_len(m));
	nng_msg_free(m);
	return buf_error(out);
}

void wire_pipe_on_renewal(struct wire_pipe *p, void (*renewed)(void *arg, const char *url),
			  void *arg)
{
	if (p->listeners != NULL)
		listeners_on_renewal(p->listeners, renewed, arg);
}

uint64_t wire_pipe_refused(const struct wire_pipe *p)
{
	return p->listeners == NULL ? 0 : listeners_refused(p->listeners);
}

void wire_pipe_close(struct wire_pipe *p)
{
	if (p == NULL)
		return;
	arrival_close(&p->arrival);
	(void)nng_close(p->socket);
	listeners_close(p->listeners);
	free(p);
}
