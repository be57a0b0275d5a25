/* datagram.h - udp mode: what one UDP payload carries.  docs/link-format.md is for
 * those who write another end.
 *
 *   off len  (numbers big endian)
 *   0   1    version: 1
 *   1   1    low 4 bits kind, high 4 bits priority of the unit (0 recall .. 9;
 *            heartbeat, probe: 0)
 *   2   4    session: a run of the sender; seconds since 2020-01-01, at least 1 and more
 *            than every earlier run's
 *   6   4    number of this datagram in its session, from 1, never repeated
 *   10  4    serial of the unit (heartbeat: the highest handed over; probe: 0)
 *   14  4    total: bytes of the object (heartbeat, probe: 0)
 *   18  2    block      (heartbeat, probe: 0)
 *   20  1    symbol in the block: 0..k-1 data, k..k+m-1 repair (heartbeat, probe: 0)
 *   21  1    m: repair symbols of every block of this object   (heartbeat, probe: 0)
 *   22  s    symbol, or body of a heartbeat or a probe
 *   end 16   keyed BLAKE2b-128 (crypto/mac.h) over everything before
 *
 * Nothing else is agreed on beforehand: s is the datagram's length less 38 and the
 * geometry (geometry.h) follows from total, s and m.  The object of a unit is its sealed
 * bytes and then the digest (crypto/digest.h) of them. */
#ifndef SL_LINK_DATAGRAM_H
#define SL_LINK_DATAGRAM_H

#include <sys/uio.h>

#include "crypto/digest.h"
#include "crypto/mac.h"
#include "link/frame.h"

enum {
	DATAGRAM_VERSION = 1,
	DATAGRAM_HEAD = 22,
	DATAGRAM_FRAMING = DATAGRAM_HEAD + MAC_LEN,
	DATAGRAM_MAX = 65507,
	DATAGRAM_BODY_MAX = DATAGRAM_MAX - DATAGRAM_FRAMING,
	DATAGRAM_IPV4 = 28, /* IP and UDP headers before the payload */
	DATAGRAM_IPV6 = 48
};
/* Seconds between 1970-01-01 and 2020-01-01: sessions count from there. */
#define DATAGRAM_EPOCH	    INT64_C(1577836800)
#define DATAGRAM_OBJECT_MAX (FRAME_UNIT_MAX + DIGEST_LEN)

/* IP and UDP headers before a payload that goes over IPv6 or IPv4. */
static inline uint32_t datagram_headers(bool six)
{
	return six ? DATAGRAM_IPV6 : DATAGRAM_IPV4;
}

enum datagram_kind { DATAGRAM_SYMBOL = 1, DATAGRAM_HEARTBEAT, DATAGRAM_PROBE };

struct datagram {
	enum datagram_kind kind;
	uint8_t priority;
	uint32_t session, number;
	uint32_t serial;
	uint32_t total;
	uint16_t block;
	uint8_t symbol, m;
	const uint8_t *body; /* symbol or body, borrowed */
	size_t len;	     /* 1 .. DATAGRAM_BODY_MAX */
};
/* Write head, body and MAC; returns the length, DATAGRAM_FRAMING + len, which `out` must
 * have.  The body may already stand at out + DATAGRAM_HEAD. */
size_t datagram_write(const struct datagram *d, const struct mac_key *key, uint8_t *out);
/* The same in two steps, for many at once: everything but the MAC, with the body already in
 * its place; then the MACs of n datagrams of `len` bytes each, one after the other. */
size_t datagram_put(const struct datagram *d, uint8_t *out);
void datagram_seal(const struct mac_key *key, uint8_t *datagrams, size_t len, unsigned n);
/* Is the MAC that of `key`?  False for whatever is too short. */
bool datagram_proved(const void *bytes, size_t len, const struct mac_key *key);
/* ret_proved[i]: the same of each of n; those of one length are better side by side. */
void datagram_proved_each(const struct iovec *datagrams, unsigned n, const struct mac_key *key,
			  bool ret_proved[]);
/* The shape of hostile bytes, without the MAC: SL_E_FORMAT; SL_E_LIMIT for an object or a
 * length that cannot be; for symbols also the geometry must hold (block and symbol within
 * it).  On success ret_d borrows from bytes. */
int datagram_parse(const void *bytes, size_t len, struct datagram *ret_d) SL_MUST_USE;

/* Body of a heartbeat, padded with zeros to the datagram size of the link. */
struct heartbeat {
	int64_t time_ms;	/* the sender's clock, unix */
	uint32_t highest;	/* serial handed over; 0: none yet */
	uint32_t lowest_repeat; /* lowest serial that will still come again; 0: none */
	uint32_t waiting;	/* units in the outbox */
	uint32_t repeating;	/* units on the schedule */
	uint32_t rate_kbit;
	uint16_t loss_permille; /* planned for */
	uint16_t size;		/* datagram payload bytes */
};
enum { HEARTBEAT_BODY = 8 + 5 * 4 + 2 * 2 };
void heartbeat_put(const struct heartbeat *h, uint8_t out[HEARTBEAT_BODY]);
/* SL_E_FORMAT when too short or when what follows is not zeros. */
int heartbeat_parse(const void *body, size_t len, struct heartbeat *ret_h) SL_MUST_USE;

/* Body of a probe of `sluiced doctor --link`, padded with zeros to its size. */
struct probe {
	uint32_t run;	      /* random: one calibration */
	uint32_t step, steps; /* a step is one rate and size, from 0 */
	uint32_t index, of;   /* datagram of the step, from 0 */
	uint32_t rate_kbit;
};
enum { PROBE_BODY = 6 * 4 };
void probe_put(const struct probe *p, uint8_t out[PROBE_BODY]);
int probe_parse(const void *body, size_t len, struct probe *ret_p) SL_MUST_USE;

#endif
