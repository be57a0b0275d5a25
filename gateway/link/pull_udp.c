/* pull_udp.c - udp mode: datagrams off a diode become units in the quarantine.
 *
 * Hostile: every datagram, and how many of them come.  Strangers' cost a MAC and a count:
 * no memory, no disk, and one line in the log a minute whatever they do.  Those of a gateway
 * that was taken over are bounded by assemble.h.
 *
 *   udp_in -> udp_ring -> judge (MAC, shape, replay)
 *                           -> symbol: assemble -> quarantine
 *                           -> heartbeat: what the sender says it has sent
 *                           -> probe: probe_tally */
#include "link/pull.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "link/assemble.h"
#include "link/judge.h"
#include "link/probe_tally.h"
#include "link/udp_ring.h"

enum { WAIT_MS = 500, LOG_MS = 60000, FULL_MS = 10000, REMEMBER_MS = 1000 };

struct udp {
	struct pull *p;
	struct udp_in *in;
	struct udp_ring *ring; /* empties it; NULL where the kernel's buffer is large enough */
	struct judge *judge;
	struct assemble *assemble;
	struct probe_tally *probes;
	struct heartbeat sender; /* its last one */
	uint32_t session;
	int64_t heard, past; /* wall clock, seconds; 0: never since the start; past: a datagram
			      * with a key of ours that counted as old */
	uint64_t no_room;    /* symbols dropped since the disk is full */
	int64_t no_room_at;  /* monotonic ms */
	uint64_t failed, failed_said; /* symbols or wholes that could not be used otherwise */
	int last_error;
	int64_t last_serial, said, remembered;
	uint64_t said_counts[JUDGE_ANSWERS];
};

static void udp_close(void *state)
{
	struct udp *u = state;

	if (u == NULL)
		return;
	if (u->judge != NULL && judge_remember(u->judge) != SL_OK)
		log_warn("windows", "what the replay windows know could not be written");
	udp_ring_stop(u->ring);
	assemble_close(u->assemble);
	probe_tally_free(u->probes);
	judge_close(u->judge);
	udp_in_close(u->in);
	free(u);
}

static int open_judge(struct udp *u, struct sl_why *why)
{
	const struct config_list *files = &u->p->config->link.mac_keys;
	struct mac_key *keys[JUDGE_KEYS_MAX] = {NULL};
	unsigned n = 0;
	int r = SL_OK;

	BUG(files->n > JUDGE_KEYS_MAX); /* the configuration was checked */
	for (; r == SL_OK && n < files->n; n++)
		r = mac_key_load(files->item[n], &keys[n], why);
	if (r == SL_OK)
		r = judge_open(keys, n, u->p->state, &u->judge);
	for (unsigned i = 0; r != SL_OK && i < n; i++)
		mac_key_free(keys[i]);
	return r;
}

static int udp_open(struct pull *p, void **ret_state, struct sl_why *why)
{
	const struct outlet_config *c = p->config;
	struct udp *u = calloc(1, sizeof(*u));
	int r;

	if (u == NULL)
		return SL_E_NOMEM;
	u->p = p;
	u->no_room_at = -FULL_MS;
	r = open_judge(u, why);
	if (r == SL_OK)
		r = assemble_open(p->quarantine, &u->assemble);
	if (r == SL_OK)
		r = probe_tally_new(&u->probes);
	if (r == SL_OK)
		r = udp_in_open(c->link.listen, c->link.buffer_bytes, &u->in, why);
	if (r != SL_OK) {
		udp_close(u);
		return r;
	}
	*ret_state = u;
	return SL_OK;
}

static int udp_paths(const struct outlet_config *c, struct role_paths *paths, char *text,
		     size_t cap, struct sl_why *why)
{
	(void)c;
	(void)paths;
	(void)text;
	(void)cap;
	(void)why;
	return SL_OK; /* the socket and the keys are open already */
}

static void whole(void *arg, int64_t serial, int r)
{
	struct udp *u = arg;

	if (r == 1) {
		pull_taken(u->p, serial, r);
		return;
	}
	u->failed++;
	u->last_error = r;
	u->last_serial = serial;
	quarantine_dropped(u->p->quarantine);
}

static int udp_start(void *state, struct sl_why *why)
{
	struct udp *u = state;
	struct udp_in_sizes sizes;
	uint64_t ring = u->p->config->link.buffer_bytes;
	int r = assemble_background(u->assemble, whole, u);

	udp_in_sizes(u->in, &sizes);
	/* A buffer in the kernel does as well, without a second copy of every datagram. */
	if (r == SL_OK && sizes.got < sizes.asked)
		r = udp_ring_start(u->in, ring > UDP_RING_LEAST ? ring : UDP_RING_LEAST,
				   &u->ring);
	if (r != SL_OK)
		return why_set(why, r, "a thread cannot be started");
	if (sizes.got < sizes.asked)
		log_warn("buffer",
			 "asked=%llu got=%llu set net.core.rmem_max to what was asked, or "
			 "bursts may be lost",
			 (unsigned long long)sizes.asked, (unsigned long long)sizes.got);
	return SL_OK;
}

static void take_symbol(struct udp *u, const struct datagram *d)
{
	int r = assemble_symbol(u->assemble, d);

	if (r == SL_E_FULL) {
		u->no_room++;
		u->no_room_at = clock_mono_ms();
	} else if (r < 0 && r != SL_E_EXISTS && r != SL_E_STATE) {
		whole(u, d->serial, r);
	}
}

static void take_heartbeat(struct udp *u, const struct datagram *d)
{
	struct heartbeat h;

	if (heartbeat_parse(d->body, d->len, &h) != SL_OK || h.highest != d->serial)
		return;
	u->sender = h;
	u->session = d->session;
	/* By arrival and not by number, or a liar's high number would silence the truth.  One
	 * that was overtaken on its way is put right by the next, a second later. */
	if (h.highest == 0)
		return; /* what it has sent before is not known to it any more */
	quarantine_told(u->p->quarantine, h.highest);
	assemble_name(u->assemble);
}

_Static_assert((int)UDP_IN_TAKE <= (int)JUDGE_BATCH,
	       "what arrives together is proved together");

static int take(void *arg, const struct iovec *datagrams, unsigned n)
{
	struct udp *u = arg;
	int8_t by[JUDGE_BATCH];

	judge_prove(u->judge, datagrams, n, by);
	for (unsigned i = 0; i < n; i++) {
		const struct iovec *one = &datagrams[i];
		struct datagram d;
		enum judge_answer answer =
			judge_proved(u->judge, by[i], one->iov_base, one->iov_len, &d);

		if (answer == JUDGE_PROBE)
			probe_tally_take(u->probes, &d, clock_now_ms());
		if (answer != JUDGE_TAKEN)
			continue;
		if (d.kind == DATAGRAM_SYMBOL)
			take_symbol(u, &d);
		else
			take_heartbeat(u, &d);
	}
	return SL_OK;
}

/* The disk is full while symbols find no room on it, or nothing else would either. */
static void look_at_room(struct udp *u, int64_t now)
{
	bool room = now - u->no_room_at >= FULL_MS && quarantine_room(u->p->quarantine);

	if (!room && !u->p->full)
		log_warn("full", "there is no room for what arrives; it is dropped, and comes "
				 "again with the gateway's repetitions");
	if (room && u->p->full)
		log_info("room", "there is room for what arrives again");
	u->p->full = !room;
}

/* Whatever arrives, one line a minute. */
static void say_counts(struct udp *u, int64_t now)
{
	uint64_t since[JUDGE_ANSWERS];
	bool any = false;

	if (u->said != 0 && now - u->said < LOG_MS)
		return;
	for (unsigned i = 0; i < JUDGE_ANSWERS; i++) {
		uint64_t count = judge_count(u->judge, (enum judge_answer)i);

		since[i] = count - u->said_counts[i];
		u->said_counts[i] = count;
		any = any || (i != JUDGE_TAKEN && i != JUDGE_PROBE && since[i] > 0);
	}
	if (!any && u->failed == u->failed_said)
		return;
	u->said = now;
	if (any)
		log_warn("refused",
			 "wrong_mac=%llu malformed=%llu replayed=%llu old_session=%llu",
			 (unsigned long long)since[JUDGE_WRONG_MAC],
			 (unsigned long long)since[JUDGE_MALFORMED],
			 (unsigned long long)since[JUDGE_REPLAYED],
			 (unsigned long long)since[JUDGE_OLD_SESSION]);
	if (u->failed > u->failed_said)
		log_warn("dropped", "count=%llu last_serial=%lld last_error=%s",
			 (unsigned long long)(u->failed - u->failed_said),
			 (long long)u->last_serial, sl_errname(u->last_error));
	u->failed_said = u->failed;
}

static void remember(struct udp *u, int64_t now)
{
	u->remembered = now;
	if (judge_remember(u->judge) != SL_OK)
		log_warn("windows", "what the replay windows know could not be written");
}

static uint64_t past_count(const struct udp *u)
{
	return judge_count(u->judge, JUDGE_REPLAYED) + judge_count(u->judge, JUDGE_OLD_SESSION);
}

static int udp_step(void *state)
{
	struct udp *u = state;
	uint64_t taken = judge_count(u->judge, JUDGE_TAKEN), past = past_count(u);
	int64_t now = clock_mono_ms();
	int r;

	assemble_time(u->assemble, now);
	r = u->ring != NULL ? udp_ring_recv(u->ring, WAIT_MS, take, u)
			    : udp_in_recv(u->in, WAIT_MS, take, u);
	if (r < 0)
		return r;
	assemble_reap(u->assemble);
	if (judge_count(u->judge, JUDGE_TAKEN) != taken)
		u->heard = clock_now();
	if (past_count(u) != past)
		u->past = clock_now();
	judge_tick(u->judge, now);
	if (now - u->remembered >= REMEMBER_MS && judge_unremembered(u->judge))
		remember(u, now);
	say_counts(u, now);
	return SL_OK;
}

static json_t *sender_json(const struct udp *u)
{
	const struct heartbeat *h = &u->sender;

	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "highest",
			 (json_int_t)h->highest, "loss_permille", (json_int_t)h->loss_permille,
			 "lowest_repeat", (json_int_t)h->lowest_repeat, "rate_kbit",
			 (json_int_t)h->rate_kbit, "repeating", (json_int_t)h->repeating,
			 "session", (json_int_t)u->session, "size", (json_int_t)h->size,
			 "time_ms", (json_int_t)h->time_ms, "waiting", (json_int_t)h->waiting);
}

static void udp_report(void *state, json_t *status)
{
	struct udp *u = state;
	struct udp_in_sizes sizes;
	json_t *datagrams = judge_report(u->judge), *probe;
	char text[CLOCK_TEXT + 1];
	int64_t now = clock_mono_ms();

	assemble_reap(u->assemble);
	remember(u, now);
	look_at_room(u, now);
	assemble_time(u->assemble, now);
	if (u->ring != NULL)
		udp_ring_sizes(u->ring, &sizes);
	else
		udp_in_sizes(u->in, &sizes);
	(void)json_object_set_new(datagrams, "no_room", json_integer((json_int_t)u->no_room));
	(void)json_object_set_new(datagrams, "overflow",
				  json_integer((json_int_t)sizes.overflowed));
	(void)json_object_set_new(status, "datagrams", datagrams);
	(void)json_object_set_new(status, "buffer",
				  json_pack("{s:I,s:I}", "asked", (json_int_t)sizes.asked,
					    "got", (json_int_t)sizes.got));
	(void)json_object_set_new(status, "full", json_boolean(u->p->full));
	(void)json_object_set_new(status, "parts", assemble_report(u->assemble));
	if (u->heard != 0) {
		clock_format(u->heard, text);
		(void)json_object_set_new(status, "heard", json_string(text));
	}
	if (u->past != 0) {
		clock_format(u->past, text);
		(void)json_object_set_new(status, "heard_old", json_string(text));
	}
	if (u->sender.size != 0)
		(void)json_object_set_new(status, "sender", sender_json(u));
	probe = probe_tally_json(u->probes, clock_now_ms());
	if (probe != NULL)
		(void)json_object_set_new(status, "probe", probe);
}

const struct pull_mode pull_udp_mode = {.name = "udp",
					.profile = "receiver-udp",
					.open = udp_open,
					.paths = udp_paths,
					.start = udp_start,
					.step = udp_step,
					.report = udp_report,
					.close = udp_close};
