/* calibrate.h - the gateway's half of the probe: which datagrams, how fast, and sending them.
 *
 * The doctor may send beside a running sender, so what it sends must never hurt a unit:
 *
 *   numbers   Probes have a session of their own (the second at which the run began, as the
 *             sender's sessions are counted) and numbers from 1.  The receiver judges probes
 *             outside its replay window and only counts them (probe_tally.h), so neither end's
 *             state is touched: the sender's session file is not even read.
 *   room      While `busy` says that the sender has something to send, the probe stands still,
 *             in the middle of a step if need be; it is asked before each batch, at most 64
 *             datagrams and about 1 ms.  What overlaps is no more than that, which is less than
 *             the repair symbols of a block make good.
 *   ceiling   125 % of link.rate for a second in ten, and never when the interface is slower.
 *
 * The steps: each of 25, 50, 75, 100 and 125 % of the rate with small datagrams and then with
 * those of the link's MTU; when the interface would carry larger ones, one more step of 25 %
 * with these. */
#ifndef SL_LINK_CALIBRATE_H
#define SL_LINK_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/probe_tally.h"
#include "link/udp_out.h"

enum { CALIBRATE_SMALL = 256, CALIBRATE_STEP_MS = 900, CALIBRATE_LEAST = 20 };

struct calibrate_step {
	uint32_t percent; /* of the rate */
	uint32_t rate_kbit;
	uint32_t size; /* payload bytes */
	uint32_t of;
};
struct calibrate {
	uint32_t run, session;
	uint64_t rate_bits;    /* link.rate */
	uint64_t ceiling_bits; /* speed of the interface; 0 unknown */
	uint32_t mtu;	       /* link.mtu */
	uint32_t mtu_more;     /* MTU of the interface when it is larger, else 0 */
	bool six;
	unsigned n; /* steps, filled in by calibrate_plan() */
	struct calibrate_step step[PROBE_STEPS_MAX];
	/* Has the sender work?  NULL: never. */
	bool (*busy)(void *arg);
	/* A step begins; NULL: nobody cares. */
	void (*begins)(void *arg, unsigned step);
	void *arg;
	int64_t patience_ms; /* busy for so long in all: SL_E_TIMEOUT */
};
struct calibrate_result {
	struct {
		uint64_t bits;	   /* a second, on the wire with headers, as it was sent */
		int64_t paused_ms; /* for the sender */
	} step[PROBE_STEPS_MAX];
};

/* Fill in step[] and n from the rest. */
void calibrate_plan(struct calibrate *c);
/* How long it will take without pauses. */
int64_t calibrate_ms(const struct calibrate *c);
/* Send all steps.  SL_E_UNREACHABLE when the interface went down, SL_E_TIMEOUT. */
int calibrate_send(const struct calibrate *c, struct udp_out *u, const struct mac_key *key,
		   struct calibrate_result *ret_r) SL_MUST_USE;

#endif
