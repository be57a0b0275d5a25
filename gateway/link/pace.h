/* pace.h - a token bucket: how many bytes may go onto the wire now. */
#ifndef SL_LINK_PACE_H
#define SL_LINK_PACE_H

#include <stddef.h>
#include <stdint.h>

struct pace {
	uint64_t bits;	  /* a second */
	int64_t burst_ns; /* how much credit may gather */
	int64_t next_ns;  /* monotonic time at which what was sent so far is paid for */
};
/* burst_ns: e.g. 1 ms; what has not been used within it is lost. */
void pace_start(struct pace *p, uint64_t bits, int64_t burst_ns, int64_t now_ns);
/* `bytes` on the wire, headers included, are about to be sent.  Returns how many ns to
 * wait before (0: now). */
int64_t pace_take(struct pace *p, size_t bytes, int64_t now_ns);

#endif
