/* server.h - the desk's side: REP socket, signature, freshness, replay, then a table of
 * operations. */
#ifndef SL_WIRE_SERVER_H
#define SL_WIRE_SERVER_H

#include <stdatomic.h>

#include "wire/message.h"

struct wire_server;

/* Who signed: filled by `identify`; the handler trusts only this. */
struct wire_peer {
	char pid[48];
	char keyid[KEY_ID_HEX + 1];
	const void *person; /* of the identifier's own kind */
};
struct wire_op {
	const char *name; /* "draft.submit" */
	size_t max_data;  /* largest data blob accepted */
	/* Fill ret->result / data; returns 0 or an error (why tells the person). */
	int (*run)(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		   struct wire_reply *ret, struct sl_why *why);
	void *arg; /* for run; NULL: the server's own */
};
struct wire_server_options {
	const char *const *listen;   /* URLs, NULL-terminated */
	const char *tls_certificate; /* PEM for tls+tcp, or NULL */
	const struct key *identity;
	const struct wire_op *ops; /* ends with name NULL */
	/* Public key and person of a key id now; SL_E_DENIED when unknown. */
	int (*identify)(void *arg, const char *keyid, struct wire_peer *ret_peer,
			uint8_t ret_public[KEY_PUBLIC]);
	/* Every refused request before its handler ran (unknown key, bad signature, stale,
	 * replay, unknown op). */
	void (*refused)(void *arg, const char *keyid, const char *op, int error);
	/* A handler refused; may be NULL. */
	void (*failed)(void *arg, const struct wire_peer *peer, const char *op, int error,
		       const char *detail);
	/* The listener at `url` was opened anew (see listeners.h); may be NULL. */
	void (*renewed)(void *arg, const char *url);
	void *arg;
	unsigned peers_max;    /* connections at the same time; default 512 */
	unsigned replay_slots; /* remembered nonces in four minutes; default 65536 */
	/* A moment (unix ms) known to have passed, 0 for none: nothing older is accepted,
	 * so that a clock set back over a restart brings no old request back. */
	int64_t known_ms;
};
int wire_server_open(const struct wire_server_options *o, struct wire_server **ret_s,
		     struct sl_why *why) SL_MUST_USE;
/* Serve until *stop, which any thread may set, becomes non-zero; also returns after each
 * `tick_ms` to call tick(arg).  An error, too, when a listener is broken and cannot be
 * opened again: the process must start anew. */
int wire_server_run(struct wire_server *s, const atomic_int *stop, int tick_ms,
		    void (*tick)(void *arg)) SL_MUST_USE;
void wire_server_close(struct wire_server *s);

#endif
