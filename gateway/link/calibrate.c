/* calibrate.c - paced probes, batch by batch, in whatever room the sender leaves. */
#include "link/calibrate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "link/pace.h"

enum {
	BATCH_NS = 1000000, /* so much goes out between two looks at the sender */
	BURST_NS = 2000000, /* credit of the pace */
	LOOK_MS = 5,	    /* how often we look whether the sender is done */
	GAP_MS = 100	    /* between steps: queues run empty */
};
static const uint32_t percents[] = {25, 50, 75, 100, 125};
enum { N_PERCENTS = sizeof(percents) / sizeof(percents[0]) };

static uint64_t wire_bits(const struct calibrate *c, uint32_t size)
{
	return 8 * ((uint64_t)size + datagram_headers(c->six));
}

static void add(struct calibrate *c, uint32_t percent, uint32_t size)
{
	uint64_t bits = c->rate_bits / 100 * percent;
	uint64_t of = bits / 1000 * CALIBRATE_STEP_MS / wire_bits(c, size);

	if (c->ceiling_bits != 0 && bits > c->ceiling_bits)
		return;
	if (of < CALIBRATE_LEAST)
		of = CALIBRATE_LEAST;
	if (of > PROBE_STEP_DATAGRAMS)
		of = PROBE_STEP_DATAGRAMS;
	c->step[c->n++] = (struct calibrate_step){.percent = percent,
						  .rate_kbit = (uint32_t)(bits / 1000),
						  .size = size,
						  .of = (uint32_t)of};
}

void calibrate_plan(struct calibrate *c)
{
	c->n = 0;
	for (unsigned i = 0; i < N_PERCENTS; i++) {
		add(c, percents[i], CALIBRATE_SMALL);
		add(c, percents[i], c->mtu - datagram_headers(c->six));
	}
	if (c->mtu_more > c->mtu)
		add(c, percents[0], c->mtu_more - datagram_headers(c->six));
}

int64_t calibrate_ms(const struct calibrate *c)
{
	int64_t ms = 0;

	for (unsigned i = 0; i < c->n; i++)
		ms += (int64_t)(c->step[i].of * wire_bits(c, c->step[i].size) /
				c->step[i].rate_kbit) +
		      GAP_MS;
	return ms;
}

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void wait_ns(int64_t ns)
{
	const struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};

	if (ns > 0)
		(void)nanosleep(&t, NULL);
}

struct run {
	const struct calibrate *c;
	struct udp_out *u;
	const struct mac_key *key;
	struct calibrate_result *result;
	uint8_t *batch;
	uint32_t number;
	int64_t paused_ns;
};

/* Stand still while the sender works.  Adds what it took to the step's. */
static int give_way(struct run *x, int64_t *paused_ns)
{
	int64_t began = now_ns();

	while (x->c->busy != NULL && x->c->busy(x->c->arg)) {
		if (x->paused_ns + now_ns() - began > x->c->patience_ms * 1000000)
			return SL_E_TIMEOUT;
		wait_ns(LOOK_MS * INT64_C(1000000));
	}
	began = now_ns() - began;
	x->paused_ns += began;
	*paused_ns += began;
	return SL_OK;
}

static void fill(struct run *x, unsigned step, uint32_t index, unsigned n)
{
	const struct calibrate_step *s = &x->c->step[step];
	struct datagram d = {.kind = DATAGRAM_PROBE, .session = x->c->session};
	struct probe p = {.run = x->c->run,
			  .step = step,
			  .steps = x->c->n,
			  .of = s->of,
			  .rate_kbit = s->rate_kbit};

	d.len = s->size - DATAGRAM_FRAMING;
	for (unsigned i = 0; i < n; i++) {
		uint8_t *out = x->batch + (size_t)i * s->size;

		p.index = index + i;
		memset(out, 0, s->size);
		probe_put(&p, out + DATAGRAM_HEAD);
		d.body = out + DATAGRAM_HEAD;
		d.number = ++x->number;
		(void)datagram_write(&d, x->key, out);
	}
}

static unsigned batch_of(const struct calibrate *c, const struct calibrate_step *s,
			 uint32_t left)
{
	uint64_t n = (uint64_t)s->rate_kbit * (BATCH_NS / 1000) / 1000 / wire_bits(c, s->size);

	n = n < 1 ? 1 : n > UDP_OUT_BATCH ? UDP_OUT_BATCH : n;
	return n < left ? (unsigned)n : (unsigned)left;
}

static int send_step(struct run *x, unsigned step)
{
	const struct calibrate_step *s = &x->c->step[step];
	int64_t paused = 0, began = now_ns(), took;
	struct pace pace;
	int r = SL_OK;

	if (x->c->begins != NULL)
		x->c->begins(x->c->arg, step);
	pace_start(&pace, (uint64_t)s->rate_kbit * 1000, BURST_NS, began);
	for (uint32_t i = 0; r == SL_OK && i < s->of;) {
		unsigned n = batch_of(x->c, s, s->of - i);

		r = give_way(x, &paused);
		if (r != SL_OK)
			break;
		fill(x, step, i, n);
		wait_ns(pace_take(&pace, n * (size_t)(wire_bits(x->c, s->size) / 8), now_ns()));
		r = udp_out_send(x->u, x->batch, s->size, n);
		i += n;
	}
	took = now_ns() - began - paused;
	if (took > 0)
		x->result->step[step].bits =
			(uint64_t)((double)s->of * (double)wire_bits(x->c, s->size) * 1e9 /
				   (double)took);
	x->result->step[step].paused_ms = paused / 1000000;
	wait_ns(GAP_MS * INT64_C(1000000));
	return r;
}

int calibrate_send(const struct calibrate *c, struct udp_out *u, const struct mac_key *key,
		   struct calibrate_result *ret_r)
{
	struct run x = {.c = c, .u = u, .key = key, .result = ret_r};
	int r = SL_OK;

	memset(ret_r, 0, sizeof(*ret_r));
	x.batch = malloc((size_t)UDP_OUT_BATCH * DATAGRAM_MAX);
	if (x.batch == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; r == SL_OK && i < c->n; i++)
		r = send_step(&x, i);
	free(x.batch);
	return r;
}
