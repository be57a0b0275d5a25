/* spray.h - udp mode: whole units onto the wire, datagram by datagram.
 *
 *   unit --mmap--> symbols --repair.h--> + repair symbols --MAC--> batch --pace--> udp_out
 *
 * Blocks are sent in groups of `interleave`: symbol 0 of each block, symbol 1 of each, …, so
 * that what is lost in a row is spread over the group.  All datagrams of a unit have one
 * size.  Memory: the repair symbols of one group (SPRAY_REPAIR_BYTES) and one batch; the
 * unit itself is mapped.  Numbers come from the session and are never used twice. */
#ifndef SL_LINK_SPRAY_H
#define SL_LINK_SPRAY_H

#include "link/datagram.h"
#include "link/geometry.h"
#include "link/session.h"
#include "link/spool.h"

#define SPRAY_REPAIR_BYTES (UINT64_C(64) << 20)
#define SPRAY_GROUP_BYTES  (UINT64_C(256) << 20) /* of the unit: its pages stay in memory */

struct spray;
struct spray_options {
	uint64_t rate_bits; /* on the wire, IP and UDP headers included */
	uint32_t mtu;	    /* largest IP packet */
	uint32_t headers;   /* IP and UDP: DATAGRAM_IPV4 or DATAGRAM_IPV6 */
	uint32_t loss_permille;
	uint32_t interleave;
	const struct mac_key *key; /* borrowed */
	struct session *session;   /* borrowed */
	/* n datagrams of len bytes each leave: udp_out_send. */
	int (*send)(void *arg, const uint8_t *bytes, size_t len, unsigned n);
	/* Monotonic time; wait_ns returns at that instant or, at a signal, earlier. */
	int64_t (*now_ns)(void *arg);
	void (*wait_ns)(void *arg, int64_t until_ns);
	int64_t (*unix_ms)(void *arg); /* for sessions and heartbeats */
	void *arg;		       /* of these four */
};
struct spray_counts {
	uint64_t datagrams, bytes; /* bytes on the wire, headers included */
};

int spray_new(const struct spray_options *o, struct spray **ret_s) SL_MUST_USE;
void spray_free(struct spray *s);
/* Everything in fd.  `between` (may be NULL) is called every few milliseconds while nothing
 * of this unit is half-way; it may spray other units and heartbeats, and what it returns
 * other than SL_OK ends the unit.  SL_E_LIMIT: larger than the link takes, or a serial
 * beyond 2^32 - 1. */
int spray_unit(struct spray *s, const struct spool_entry *e, int fd, int (*between)(void *arg),
	       void *arg) SL_MUST_USE;
/* At once; what follows waits the longer.  Time, rate, loss and size are filled in.  Padded
 * to the size of full datagrams as far as that costs little of the rate. */
int spray_heartbeat(struct spray *s, const struct heartbeat *h) SL_MUST_USE;
void spray_counts(const struct spray *s, struct spray_counts *ret_c);

#endif
