/* udp_ring.c - datagrams of all lengths, one after the other in one piece of memory.
 *
 * head and tail only grow; a record (length, bytes, padding to 8) never wraps: what is left
 * at the end of the memory and too short for it is skipped by a record of length SKIP.
 * Invariant: bytes between tail and head belong to the taker, all others to the thread. */
#include "link/udp_ring.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum {
	WAIT_MS = 200,	  /* how long a stop may take */
	RECORD_HEAD = 8,  /* length, and its padding */
	SKIP = INT32_MAX, /* nothing more up to the end of the memory */
};

struct udp_ring {
	struct udp_in *in;
	uint8_t *bytes;
	uint64_t size;
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t filled, emptied;
	uint64_t head, tail;
	int error; /* of the socket; the thread has ended */
	bool stop;
	struct udp_in_sizes sizes;
};

static uint64_t record_of(uint32_t len)
{
	return (RECORD_HEAD + (uint64_t)len + 7) & ~UINT64_C(7);
}

static void put_length(struct udp_ring *r, uint64_t at, uint32_t len)
{
	memcpy(r->bytes + at % r->size, &len, sizeof(len));
}

static uint32_t length_at(const struct udp_ring *r, uint64_t at)
{
	uint32_t len;

	memcpy(&len, r->bytes + at % r->size, sizeof(len));
	return len;
}

/* Room for so many bytes of records from head on; false: told to stop. */
static bool wait_for_room(struct udp_ring *r, uint64_t head, uint64_t bytes)
{
	bool stop;

	(void)pthread_mutex_lock(&r->lock);
	/* What was put in so far must be seen, or nobody would make room. */
	r->head = head;
	(void)pthread_cond_signal(&r->filled);
	while (!r->stop && head + bytes - r->tail > r->size)
		(void)pthread_cond_wait(&r->emptied, &r->lock);
	stop = r->stop;
	(void)pthread_mutex_unlock(&r->lock);
	return !stop;
}

struct putter {
	struct udp_ring *r;
	uint64_t head, tail; /* tail as it was seen last: there is more room, never less */
};

static bool fits(struct putter *p, uint64_t bytes)
{
	if (p->head + bytes - p->tail <= p->r->size)
		return true;
	if (!wait_for_room(p->r, p->head, bytes))
		return false;
	p->tail = p->head + bytes - p->r->size; /* that much at least */
	return true;
}

static int put(void *arg, const struct iovec *datagrams, unsigned n)
{
	struct putter *p = arg;
	struct udp_ring *r = p->r;

	for (unsigned i = 0; i < n; i++) {
		uint32_t len = (uint32_t)datagrams[i].iov_len;
		uint64_t left = r->size - p->head % r->size;

		if (left < record_of(len)) {
			if (!fits(p, left))
				return SL_E_CANCELED;
			put_length(r, p->head, SKIP);
			p->head += left;
		}
		if (!fits(p, record_of(len)))
			return SL_E_CANCELED;
		put_length(r, p->head, len);
		memcpy(r->bytes + p->head % r->size + RECORD_HEAD, datagrams[i].iov_base, len);
		p->head += record_of(len);
	}
	return SL_OK;
}

/* Whoever keeps up works in the same few pages again and again.  When all is taken the taker
 * holds nothing, so both may jump. */
static void rewind_when_empty(struct udp_ring *r, struct putter *p)
{
	(void)pthread_mutex_lock(&r->lock);
	if (r->tail == p->head) {
		p->head += (r->size - p->head % r->size) % r->size;
		r->head = r->tail = p->tail = p->head;
	}
	(void)pthread_mutex_unlock(&r->lock);
}

static void *run(void *arg)
{
	struct udp_ring *r = arg;
	struct putter p = {.r = r};
	int n = 0;
	bool stop = false;

	while (n >= 0 && !stop) {
		rewind_when_empty(r, &p);
		n = udp_in_recv(r->in, WAIT_MS, put, &p);
		(void)pthread_mutex_lock(&r->lock);
		r->head = p.head;
		p.tail = r->tail;
		udp_in_sizes(r->in, &r->sizes);
		if (n < 0)
			r->error = n;
		(void)pthread_cond_signal(&r->filled);
		stop = r->stop;
		(void)pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

static void release(struct udp_ring *r)
{
	if (r->bytes != NULL)
		(void)munmap(r->bytes, r->size);
	free(r);
}

int udp_ring_start(struct udp_in *u, uint64_t bytes, struct udp_ring **ret_r)
{
	struct udp_ring *r = calloc(1, sizeof(*r));
	pthread_condattr_t attr;
	void *map;

	if (r == NULL)
		return SL_E_NOMEM;
	BUG(bytes < UDP_RING_LEAST);
	r->in = u;
	r->size = bytes & ~UINT64_C(7);
	map = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED) {
		release(r);
		return SL_E_NOMEM;
	}
	r->bytes = map;
	udp_in_sizes(u, &r->sizes);
	/* These cannot fail on this system. */
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&r->lock, NULL);
	(void)pthread_cond_init(&r->filled, &attr);
	(void)pthread_cond_init(&r->emptied, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		release(r);
		return SL_E_NOMEM;
	}
	*ret_r = r;
	return SL_OK;
}

void udp_ring_stop(struct udp_ring *r)
{
	if (r == NULL)
		return;
	(void)pthread_mutex_lock(&r->lock);
	r->stop = true;
	(void)pthread_cond_signal(&r->emptied);
	(void)pthread_mutex_unlock(&r->lock);
	(void)pthread_join(r->thread, NULL);
	(void)pthread_cond_destroy(&r->filled);
	(void)pthread_cond_destroy(&r->emptied);
	(void)pthread_mutex_destroy(&r->lock);
	release(r);
}

/* Something to take from *ret_tail up to *ret_head, or the error that ended the thread. */
static int wait_for_some(struct udp_ring *r, int timeout_ms, uint64_t *ret_tail,
			 uint64_t *ret_head)
{
	struct timespec until;
	int e = 0, error;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	(void)pthread_mutex_lock(&r->lock);
	while (r->head == r->tail && r->error == 0 && e != ETIMEDOUT)
		e = pthread_cond_timedwait(&r->filled, &r->lock, &until);
	*ret_tail = r->tail;
	*ret_head = r->head;
	error = r->head == r->tail ? r->error : 0;
	(void)pthread_mutex_unlock(&r->lock);
	return error;
}

static void taken_up_to(struct udp_ring *r, uint64_t tail)
{
	(void)pthread_mutex_lock(&r->lock);
	r->tail = tail;
	(void)pthread_cond_signal(&r->emptied);
	(void)pthread_mutex_unlock(&r->lock);
}

int udp_ring_recv(struct udp_ring *r, int timeout_ms,
		  int (*take)(void *arg, const struct iovec *datagrams, unsigned n), void *arg)
{
	uint64_t tail = 0, head = 0;
	int e = wait_for_some(r, timeout_ms, &tail, &head), taken = 0;

	if (e != 0)
		return e;
	/* One turn of the memory at most, so that whoever calls gets to its other work. */
	while (tail < head && e >= 0) {
		struct iovec some[UDP_IN_TAKE];
		unsigned n = 0;

		for (; n < UDP_IN_TAKE && tail < head;) {
			uint32_t len = length_at(r, tail);

			if (len == SKIP) {
				tail += r->size - tail % r->size;
				continue;
			}
			some[n++] = (struct iovec){.iov_base = r->bytes + tail % r->size +
							       RECORD_HEAD,
						   .iov_len = len};
			tail += record_of(len);
		}
		e = n > 0 ? take(arg, some, n) : 0;
		taken += (int)n;
		taken_up_to(r, tail);
	}
	return e < 0 ? e : taken;
}

void udp_ring_sizes(struct udp_ring *r, struct udp_in_sizes *ret_s)
{
	(void)pthread_mutex_lock(&r->lock);
	*ret_s = r->sizes;
	(void)pthread_mutex_unlock(&r->lock);
}
