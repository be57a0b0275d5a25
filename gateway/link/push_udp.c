/* push_udp.c - the diode: datagrams, numbers, pace and heartbeats put together.
 *
 * Everything is opened before the sandbox closes, so that afterwards the process has no
 * network but one socket that nothing can be read from. */
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "link/push_private.h"
#include "link/spray.h"
#include "link/udp_out.h"

enum { NS_A_SECOND = 1000000000 };

struct udp {
	struct push push;
	struct udp_out *out;
	struct mac_key *key;
	struct session session;
	struct spray *spray;
};

static int send(void *arg, const uint8_t *bytes, size_t len, unsigned n)
{
	struct udp *u = arg;

	return udp_out_send(u->out, bytes, len, n);
}

static int64_t now_ns(void *arg)
{
	struct timespec t;

	(void)arg;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NS_A_SECOND + t.tv_nsec;
}

static void wait_ns(void *arg, int64_t until)
{
	struct timespec t = {.tv_sec = (time_t)(until / NS_A_SECOND),
			     .tv_nsec = (long)(until % NS_A_SECOND)};

	(void)arg;
	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static int64_t unix_ms(void *arg)
{
	(void)arg;
	return clock_now_ms();
}

static void udp_close(struct push *p)
{
	struct udp *u = (struct udp *)p;

	spray_free(u->spray);
	mac_key_free(u->key);
	udp_out_close(u->out);
	free(u);
}

static int udp_open(const struct gateway_config *c, int outbox, struct push **ret_p,
		    struct sl_why *why)
{
	struct udp *u = calloc(1, sizeof(*u));
	struct spray_options o = {.rate_bits = c->link.rate_bits,
				  .mtu = c->link.mtu,
				  .loss_permille = c->link.loss * 10,
				  .interleave = c->link.interleave,
				  .send = send,
				  .now_ns = now_ns,
				  .wait_ns = wait_ns,
				  .unix_ms = unix_ms,
				  .arg = u};
	int r;

	if (u == NULL)
		return SL_E_NOMEM;
	u->push.kind = &push_udp;
	r = mac_key_load(c->link.mac_key, &u->key, why);
	if (r == SL_OK)
		r = udp_out_new(c->link.address, c->link.source, !c->link.no_offload, &u->out,
				why);
	if (r == SL_OK) {
		r = session_begin(&u->session, outbox, clock_now());
		if (r != SL_OK)
			r = why_set(why, r, "%s/outbox/" SESSION_FILE ": %s", c->data,
				    sl_strerror(r));
	}
	if (r == SL_OK) {
		o.headers = datagram_headers(udp_out_six(u->out));
		o.key = u->key;
		o.session = &u->session;
		r = spray_new(&o, &u->spray);
	}
	/* The kernel may otherwise sleep 50 us longer than asked: 40 datagrams at 10 Gbit/s. */
	(void)prctl(PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L);
	if (r != SL_OK)
		udp_close(&u->push);
	else
		*ret_p = &u->push;
	return r;
}

static int udp_unit(struct push *p, const struct spool_entry *e, int fd,
		    int (*between)(void *arg), void *arg)
{
	return spray_unit(((struct udp *)p)->spray, e, fd, between, arg);
}

static int udp_heartbeat(struct push *p, const struct heartbeat *h)
{
	return spray_heartbeat(((struct udp *)p)->spray, h);
}

static uint64_t udp_bytes(const struct push *p)
{
	struct spray_counts n;

	spray_counts(((const struct udp *)p)->spray, &n);
	return n.bytes;
}

static json_t *udp_report(const struct push *p)
{
	const struct udp *u = (const struct udp *)p;
	struct spray_counts n;

	spray_counts(u->spray, &n);
	return json_pack("{s:b,s:I,s:I,s:b,s:I}", "clock_only", u->session.damaged, "datagrams",
			 (json_int_t)n.datagrams, "icmp", (json_int_t)udp_out_icmp(u->out),
			 "offload", udp_out_offloads(u->out), "session",
			 (json_int_t)u->session.session);
}

const struct push_kind push_udp = {.mode = "udp",
				   .profile = "sender-oneway",
				   .open = udp_open,
				   .close = udp_close,
				   .unit = udp_unit,
				   .heartbeat = udp_heartbeat,
				   .bytes = udp_bytes,
				   .report = udp_report};
