/* udp_in.c - many datagrams per system call.
 *
 * Hostile: every byte, and every length.  Invariant: nothing leaves by this socket: it is
 * shut down for writing at once, and there is no sending call in this file. */
#include "link/udp_in.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/config_link.h"
#include "base/file.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/* What the kernel has put together (UDP_GRO) is at most one IP packet's worth. */
enum { BATCH = 32, SLOT = 65536, CONTROL = 64 };

struct udp_in {
	int fd;
	struct udp_in_sizes sizes;
	uint32_t counter; /* SO_RXQ_OVFL as the kernel said it last; it wraps */
	struct mmsghdr message[BATCH];
	struct iovec slot[BATCH];
	_Alignas(struct cmsghdr) uint8_t control[BATCH][CONTROL];
	uint8_t *bytes; /* BATCH slots */
};

static int on(int fd, int level, int option)
{
	int one = 1;

	return setsockopt(fd, level, option, &one, sizeof(one));
}

static void ask_for_buffer(struct udp_in *u, uint64_t buffer)
{
	int want = buffer < INT_MAX / 2 ? (int)buffer : INT_MAX / 2, got = 0;
	socklen_t len = sizeof(got);

	u->sizes.asked = (uint64_t)want;
	/* Beyond the host's limit only with CAP_NET_ADMIN. */
	if (setsockopt(u->fd, SOL_SOCKET, SO_RCVBUFFORCE, &want, sizeof(want)) != 0)
		(void)setsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &want, sizeof(want));
	/* The kernel doubles what it is told, for its own bookkeeping (socket(7)). */
	if (getsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &got, &len) == 0 && got > 0)
		u->sizes.got = (uint64_t)got / 2;
}

static int bind_to(struct udp_in *u, const char *listen, struct sl_why *why)
{
	struct sockaddr_storage address;
	socklen_t len;
	char host[64];
	uint16_t port = 0;

	if (config_address(listen, host, &port) != SL_OK)
		return why_set(why, SL_E_CONFIG, "link.listen: %s is no address with a port",
			       listen);
	len = address_of(host, port, &address);
	u->fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0 || bind(u->fd, (const struct sockaddr *)(const void *)&address, len) != 0)
		return why_set(why, SL_E_IO, "cannot listen on %s: %s", listen,
			       strerror(errno));
	return SL_OK;
}

int udp_in_open(const char *listen, uint64_t buffer, struct udp_in **ret_u, struct sl_why *why)
{
	struct udp_in *u = calloc(1, sizeof(*u));
	int r = SL_E_NOMEM;

	if (u == NULL)
		return r;
	u->fd = -1;
	u->bytes = malloc((size_t)BATCH * SLOT);
	if (u->bytes == NULL)
		goto out;
	r = bind_to(u, listen, why);
	if (r != SL_OK)
		goto out;
	/* Says ENOTCONN, and yet whatever is sent from now on fails with EPIPE. */
	(void)shutdown(u->fd, SHUT_WR);
	ask_for_buffer(u, buffer);
	(void)on(u->fd, SOL_SOCKET, SO_RXQ_OVFL);
	(void)on(u->fd, SOL_UDP, UDP_GRO); /* an old kernel gives them one by one */
	for (unsigned i = 0; i < BATCH; i++) {
		u->slot[i] = (struct iovec){.iov_base = u->bytes + (size_t)i * SLOT,
					    .iov_len = SLOT};
		u->message[i].msg_hdr.msg_iov = &u->slot[i];
		u->message[i].msg_hdr.msg_iovlen = 1;
	}
	*ret_u = u;
	u = NULL; /* moved */
out:
	udp_in_close(u);
	return r;
}

void udp_in_close(struct udp_in *u)
{
	if (u == NULL)
		return;
	file_close(u->fd);
	free(u->bytes);
	free(u);
}

/* Length of the datagrams that came together; 0: it is one. */
static size_t look_at_control(struct udp_in *u, struct msghdr *m)
{
	size_t segment = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) {
			int size = 0;

			memcpy(&size, CMSG_DATA(c), sizeof(size));
			segment = size > 0 ? (size_t)size : 0;
		} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
			uint32_t now = 0;

			memcpy(&now, CMSG_DATA(c), sizeof(now));
			u->sizes.overflowed += (uint32_t)(now - u->counter);
			u->counter = now;
		}
	}
	return segment;
}

struct taker {
	int (*take)(void *arg, const struct iovec *datagrams, unsigned n);
	void *arg;
	int taken;
	struct iovec some[UDP_IN_TAKE];
	unsigned n;
};

static int hand_on(struct taker *t)
{
	int r = t->n > 0 ? t->take(t->arg, t->some, t->n) : 0;

	t->taken += (int)t->n;
	t->n = 0;
	return r;
}

/* What came as one, in pieces of `segment`; 0: it is one. */
static int note(struct taker *t, uint8_t *bytes, size_t len, size_t segment)
{
	int r = 0;

	if (segment == 0 || segment > len)
		segment = len;
	do {
		size_t n = segment < len ? segment : len;

		t->some[t->n++] = (struct iovec){.iov_base = bytes, .iov_len = n};
		if (t->n == UDP_IN_TAKE)
			r = hand_on(t);
		bytes += n;
		len -= n;
	} while (r >= 0 && len > 0);
	return r;
}

static int receive(struct udp_in *u)
{
	int n;

	for (unsigned i = 0; i < BATCH; i++) {
		u->message[i].msg_hdr.msg_control = u->control[i];
		u->message[i].msg_hdr.msg_controllen = sizeof(u->control[i]);
	}
	n = recvmmsg(u->fd, u->message, BATCH, MSG_DONTWAIT, NULL);
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? 0 : sl_err_errno(errno);
}

int udp_in_recv(struct udp_in *u, int timeout_ms,
		int (*take)(void *arg, const struct iovec *datagrams, unsigned n), void *arg)
{
	struct taker t = {.take = take, .arg = arg};
	struct pollfd p = {.fd = u->fd, .events = POLLIN};
	int n = receive(u), r = 0;

	/* Under load there is always something, and poll would only cost. */
	if (n == 0) {
		if (poll(&p, 1, timeout_ms) < 0 && errno != EINTR)
			return sl_err_errno(errno);
		n = receive(u);
	}
	for (int i = 0; i < n && r >= 0; i++) {
		struct msghdr *m = &u->message[i].msg_hdr;
		size_t segment = look_at_control(u, m);

		/* Cut off: longer than any datagram can be. */
		if ((m->msg_flags & MSG_TRUNC) == 0)
			r = note(&t, m->msg_iov->iov_base, u->message[i].msg_len, segment);
	}
	if (r >= 0)
		r = hand_on(&t);
	if (n < 0)
		return n;
	return r < 0 ? r : t.taken;
}

void udp_in_sizes(const struct udp_in *u, struct udp_in_sizes *ret_s)
{
	*ret_s = u->sizes;
}
