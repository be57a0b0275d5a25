/* pace.c - a token bucket kept as one instant: when all that was sent is paid for. */
#include "link/pace.h"

#include "base/err.h"

#define NS_A_SECOND UINT64_C(1000000000)
#define BYTES_MAX   (UINT64_C(1) << 30) /* so that the price below cannot overflow */

void pace_start(struct pace *p, uint64_t bits, int64_t burst_ns, int64_t now_ns)
{
	BUG(bits == 0 || burst_ns < 0);
	p->bits = bits;
	p->burst_ns = burst_ns;
	p->next_ns = now_ns;
}

int64_t pace_take(struct pace *p, size_t bytes, int64_t now_ns)
{
	int64_t wait;

	BUG(bytes > BYTES_MAX);
	if (p->next_ns < now_ns - p->burst_ns)
		p->next_ns = now_ns - p->burst_ns;
	wait = p->next_ns > now_ns ? p->next_ns - now_ns : 0;
	p->next_ns += (int64_t)(bytes * 8 * NS_A_SECOND / p->bits);
	return wait;
}
