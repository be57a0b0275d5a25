/* faults.h - what can happen to a datagram between the gateway and the outlet.
 *
 * Each datagram goes through: darkness, bursts, loss, flipped bits, truncation, then it is
 * handed out, perhaps twice, perhaps later than the ones behind it; strangers' datagrams
 * may follow it.  All of it comes from one seed and from the order of datagrams, but for
 * the darkness, which is a time. */
#ifndef SL_TEST_FAULTS_H
#define SL_TEST_FAULTS_H

#include "chance.h"
#include "strangers.h"

enum { FAULTS_HELD = 256, FAULTS_DATAGRAM = 65507 };

struct faults_plan { /* uint32_t: parts in a million of the datagrams */
	uint64_t seed;
	uint32_t loss;
	uint32_t bad, good;    /* Gilbert-Elliott: to the bad state, where all is lost, and
				  back; means of both are a million over these */
	uint64_t burst, every; /* so many bytes in a row are lost, about every so many */
	uint32_t duplicate;    /* handed out twice */
	uint32_t reorder;      /* held back until 1 .. `by` others have passed */
	uint64_t by;	       /* at most FAULTS_HELD */
	uint32_t flip;	       /* one bit is another */
	uint32_t cut;	       /* ends too early */
	uint32_t inject;       /* followed by one of strangers.h */
	uint32_t lie;	       /* says something else under the link's own key ... */
	uint64_t lies;	       /* ... but no more than so many do */
	uint64_t dark_from, dark_to; /* ms after the first datagram */
};
struct faults_counts {
	uint64_t taken, handed_out; /* handed_out: whatever left for the outlet */
	uint64_t lost, bursts, lost_in_bursts, lost_in_the_dark;
	uint64_t duplicated, reordered, flipped, truncated, lied;
	uint64_t injected[STRANGERS];
};

struct faults;

/* `out` takes each datagram that goes on; its bytes are valid during the call. */
struct faults *faults_new(const struct faults_plan *plan, struct strangers *strangers,
			  void (*out)(void *arg, const uint8_t *bytes, size_t len), void *arg);
void faults_free(struct faults *f);
/* One datagram, `ms` after the first one; its bytes may be changed. */
void faults_take(struct faults *f, uint8_t *bytes, size_t len, uint64_t ms);
void faults_idle(struct faults *f); /* nothing came for a while: let go what is held back */
const struct faults_counts *faults_counted(const struct faults *f);

#endif
