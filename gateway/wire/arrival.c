/* arrival.c - a posted receive and a condition beside it. */
#include "wire/arrival.h"

#include <string.h>
#include <time.h>

/* On one of NNG's threads. */
static void on_arrival(void *arg)
{
	struct arrival *a = arg;

	(void)pthread_mutex_lock(&a->lock);
	a->done = true;
	(void)pthread_cond_signal(&a->there);
	(void)pthread_mutex_unlock(&a->lock);
}

int arrival_open(struct arrival *a, nng_socket s)
{
	pthread_condattr_t attr;
	int rv = NNG_ENOMEM;

	memset(a, 0, sizeof(*a));
	a->socket = s;
	if (pthread_condattr_init(&attr) != 0)
		return rv;
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (pthread_mutex_init(&a->lock, NULL) == 0 && pthread_cond_init(&a->there, &attr) == 0)
		rv = nng_aio_alloc(&a->aio, on_arrival, a);
	(void)pthread_condattr_destroy(&attr);
	if (rv == 0)
		nng_aio_set_timeout(a->aio, NNG_DURATION_INFINITE);
	return rv;
}

void arrival_close(struct arrival *a)
{
	if (a->aio == NULL)
		return;
	nng_aio_stop(a->aio); /* waits for the callback */
	if (a->posted && nng_aio_result(a->aio) == 0 && nng_aio_get_msg(a->aio) != NULL)
		nng_msg_free(nng_aio_get_msg(a->aio));
	nng_aio_free(a->aio);
	(void)pthread_cond_destroy(&a->there);
	(void)pthread_mutex_destroy(&a->lock);
	memset(a, 0, sizeof(*a));
}

int arrival_wait(struct arrival *a, int64_t until, nng_msg **ret_m)
{
	struct timespec t = {.tv_sec = until / 1000, .tv_nsec = (long)(until % 1000) * 1000000};
	bool done;
	int rv;

	if (!a->posted) {
		a->done = false;
		a->posted = true;
		nng_recv_aio(a->socket, a->aio);
	}
	(void)pthread_mutex_lock(&a->lock);
	while (!a->done && pthread_cond_timedwait(&a->there, &a->lock, &t) == 0)
		continue;
	done = a->done;
	(void)pthread_mutex_unlock(&a->lock);
	if (!done)
		return NNG_ETIMEDOUT;
	a->posted = false;
	rv = nng_aio_result(a->aio);
	if (rv == 0) {
		*ret_m = nng_aio_get_msg(a->aio);
		nng_aio_set_msg(a->aio, NULL);
	}
	return rv;
}
