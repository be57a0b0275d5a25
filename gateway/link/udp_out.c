/* udp_out.c - datagrams out, nothing in.
 *
 * Hostile: whoever sits on the wire of a wrong wiring and answers.  What he sends is thrown
 * away by the kernel, before this process could read it; an ICMP error he makes costs one
 * more system call. */
#include "link/udp_out.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/address.h"
#include "base/config_link.h"
#include "base/file.h"
#include "link/datagram.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum {
	RETRIES = 8,	/* errors of earlier datagrams before we believe one */
	WAIT_MS = 1000, /* for room in the buffer, before it counts as an error */
	FULL_NS = 200000
};

struct udp_out {
	int fd;
	bool connected, offload, six;
	struct sockaddr_storage to;
	socklen_t to_len;
	uint64_t icmp;
};

static bool set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

/* Whatever comes in is dropped by the kernel, for ever. */
static bool deafen(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &nothing};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0 &&
	       set(fd, SOL_SOCKET, SO_LOCK_FILTER, 1);
}

/* Fragments would multiply the loss, and an ICMP from outside must not change sizes. */
static bool never_fragment(const struct udp_out *u)
{
	return u->six ? set(u->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE)
		      : set(u->fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
}

static int bind_to(struct udp_out *u, const char *source, struct sl_why *why)
{
	struct sockaddr_storage from;
	socklen_t len = address_of(source, 0, &from);

	if (len != u->to_len)
		return why_set(why, SL_E_CONFIG,
			       "link.source: %s is no address of the kind of link.address",
			       source);
	/* The interface may get it later: connecting finds out. */
	if (!(u->six ? set(u->fd, IPPROTO_IPV6, IPV6_FREEBIND, 1)
		     : set(u->fd, IPPROTO_IP, IP_FREEBIND, 1)) ||
	    bind(u->fd, (const struct sockaddr *)(const void *)&from, len) != 0)
		return why_set(why, sl_err_errno(errno), "link.source %s: %s", source,
			       strerror(errno));
	return SL_OK;
}

int udp_out_new(const char *address, const char *source, bool offload, struct udp_out **ret_u,
		struct sl_why *why)
{
	struct udp_out *u = calloc(1, sizeof(*u));
	char host[64];
	uint16_t port = 0;
	int r = SL_OK;

	if (u == NULL)
		return SL_E_NOMEM;
	u->fd = -1;
	if (config_address(address, host, &port) != SL_OK) {
		r = why_set(why, SL_E_CONFIG, "%s is no numeric address and port", address);
		goto out;
	}
	u->to_len = address_of(host, port, &u->to);
	u->six = u->to.ss_family == AF_INET6;
	u->fd = socket(u->to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0 || !deafen(u->fd) || !never_fragment(u)) {
		r = why_set(why, sl_err_errno(errno), "a socket for %s: %s", address,
			    strerror(errno));
		goto out;
	}
	(void)set(u->fd, SOL_SOCKET, SO_SNDBUF, UDP_OUT_BUFFER);
	/* 0 is the default of this option: it fails only where the kernel has none. */
	u->offload = offload && set(u->fd, IPPROTO_UDP, UDP_SEGMENT, 0);
	if (source != NULL)
		r = bind_to(u, source, why);
out:
	if (r == SL_OK)
		*ret_u = u;
	else
		udp_out_close(u);
	return r;
}

static int connect_now(struct udp_out *u)
{
	const struct sockaddr none = {.sa_family = AF_UNSPEC};

	if (u->connected)
		return SL_OK;
	/* Lets go of the address that the host had when it was connected before. */
	(void)connect(u->fd, &none, sizeof(none));
	/* No route, or the source is not an address of this host, or not yet. */
	if (connect(u->fd, (const struct sockaddr *)(const void *)&u->to, u->to_len) != 0)
		return SL_E_UNREACHABLE;
	(void)shutdown(u->fd, SHUT_RD);
	u->connected = true;
	return SL_OK;
}

int udp_out_open(const char *address, const char *source, bool offload, struct udp_out **ret_u,
		 struct sl_why *why)
{
	struct udp_out *u = NULL;
	int r = udp_out_new(address, source, offload, &u, why);

	if (r != SL_OK)
		return r;
	r = connect_now(u);
	if (r != SL_OK) {
		r = why_set(why, r, "there is no way to %s%s%s: %s", address,
			    source != NULL ? " from " : "", source != NULL ? source : "",
			    strerror(errno));
		udp_out_close(u);
		return r;
	}
	*ret_u = u;
	return SL_OK;
}

void udp_out_close(struct udp_out *u)
{
	if (u == NULL)
		return;
	file_close(u->fd);
	free(u);
}

/* One system call; *ret_sent datagrams left.  -1 with errno when none did. */
static int send_some(struct udp_out *u, const uint8_t *bytes, size_t len, unsigned n,
		     unsigned *ret_sent)
{
	struct mmsghdr m[UDP_OUT_BATCH];
	struct iovec v[UDP_OUT_BATCH];
	union {
		char room[CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr align;
	} segment;
	unsigned most = u->offload ? (unsigned)(DATAGRAM_MAX / len) : 1, calls = 0, at = 0;
	struct cmsghdr *c;
	int sent;

	if (most > UDP_OUT_BATCH)
		most = UDP_OUT_BATCH;
	memset(m, 0, sizeof(m));
	memset(&segment, 0, sizeof(segment));
	c = &segment.align;
	c->cmsg_level = IPPROTO_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(uint16_t));
	memcpy(CMSG_DATA(c), &(uint16_t){(uint16_t)len}, sizeof(uint16_t));
	while (at < n) {
		unsigned here = n - at < most ? n - at : most;

		v[calls].iov_base = (void *)(uintptr_t)(bytes + at * len);
		v[calls].iov_len = here * len;
		m[calls].msg_hdr.msg_iov = &v[calls];
		m[calls].msg_hdr.msg_iovlen = 1;
		if (here > 1) {
			m[calls].msg_hdr.msg_control = segment.room;
			m[calls].msg_hdr.msg_controllen = sizeof(segment.room);
		}
		at += here;
		calls++;
	}
	sent = sendmmsg(u->fd, m, calls, 0);
	if (sent < 0)
		return -1;
	/* A call in the middle of which the buffer filled tells of whole messages only. */
	*ret_sent = (unsigned)sent == calls ? n : (unsigned)sent * most;
	return 0;
}

/* The interface's queue is full, which poll() does not know of. */
static int wait_for_queue(unsigned times)
{
	struct timespec pause = {.tv_nsec = FULL_NS};

	if (times > WAIT_MS * 1000000u / FULL_NS)
		return SL_E_TIMEOUT;
	(void)nanosleep(&pause, NULL);
	return SL_OK;
}

static int wait_for_room(const struct udp_out *u)
{
	struct pollfd p = {.fd = u->fd, .events = POLLOUT};
	int n = poll(&p, 1, WAIT_MS);

	if (n == 0)
		return SL_E_TIMEOUT;
	return n > 0 || errno == EINTR ? SL_OK : sl_err_errno(errno);
}

struct attempt {
	unsigned retries; /* after what may be an ICMP */
	unsigned full;	  /* times that the interface's queue was */
	bool without;	  /* tried without handing over many in one */
};

/* The interface does not take many datagrams in one, or something else is wrong that the
 * kernel has the same word for: one by one shows which. */
static int one_by_one(struct udp_out *u, struct attempt *a)
{
	if (u->offload && !a->without) {
		u->offload = false;
		a->without = true;
		return SL_OK;
	}
	if (a->without)
		u->offload = true;
	return SL_E_UNREACHABLE;
}

/* SL_OK: try again. */
static int judge(struct udp_out *u, int error, struct attempt *a)
{
	switch (error) {
	case EINTR:
		return SL_OK;
	case EAGAIN:
		return wait_for_room(u);
	case ENOBUFS:
		return wait_for_queue(a->full++);
	case EINVAL:
	case EIO:
	case EOPNOTSUPP:
		return one_by_one(u, a);
	case EMSGSIZE:
		return SL_E_CONFIG;
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENOPROTOOPT:
	case EPROTO:
		/* An ICMP that answered an earlier datagram, or else the route is gone: then
		 * it is the same at every retry. */
		return a->retries++ < RETRIES ? SL_OK : SL_E_UNREACHABLE;
	case ENETDOWN:
	case ENODEV:
	case ENXIO:
		return SL_E_UNREACHABLE;
	default:
		return sl_err_errno(error);
	}
}

int udp_out_send(struct udp_out *u, const uint8_t *bytes, size_t len, unsigned n)
{
	struct attempt a = {.retries = 0};
	int r = connect_now(u);

	BUG(n > UDP_OUT_BATCH || len == 0 || len > DATAGRAM_MAX);
	while (r == SL_OK && n > 0) {
		unsigned sent = 0;

		if (send_some(u, bytes, len, n, &sent) != 0) {
			r = judge(u, errno, &a);
			if (r == SL_E_UNREACHABLE)
				u->connected = false;
			continue;
		}
		u->icmp += a.retries;
		a.retries = 0;
		bytes += sent * len;
		n -= sent;
	}
	return r;
}

bool udp_out_offloads(const struct udp_out *u)
{
	return u->offload;
}

bool udp_out_six(const struct udp_out *u)
{
	return u->six;
}

uint64_t udp_out_icmp(const struct udp_out *u)
{
	return u->icmp;
}
