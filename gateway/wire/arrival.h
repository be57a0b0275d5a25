/* arrival.h - wait for a message for some time without ever letting the receive expire.
 *
 * NNG 1.5 can lose a message that arrives in the moment its receive times out
 * (seen: two requests in five hundred).  So the receive is posted once and stays
 * posted; the clock runs beside it.  Inside wire/ only. */
#ifndef SL_WIRE_ARRIVAL_H
#define SL_WIRE_ARRIVAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <nng/nng.h>

struct arrival {
	pthread_mutex_t lock;
	pthread_cond_t there;
	nng_aio *aio;
	nng_socket socket;
	bool posted, done;
};

/* NNG's error, 0 when open. The arrival must not move in memory afterwards. */
int arrival_open(struct arrival *a, nng_socket s);
/* Before the socket is closed; an arrival that never opened (all zero) is fine. */
void arrival_close(struct arrival *a);
/* A message (free it), NNG_ETIMEDOUT at `until` (clock_mono_ms), or NNG's error. */
int arrival_wait(struct arrival *a, int64_t until, nng_msg **ret_m);

#endif
