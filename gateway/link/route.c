/* route.c - two questions to rtnetlink(7): one route, one dump of neighbours. */
#include "link/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"

enum { ANSWER_MAX = 32768, ANSWER_SECONDS = 2, PIECES_MAX = 1024 };

/* Copy the header out: the bytes need not be aligned. */
static bool message_at(const uint8_t *p, size_t left, struct nlmsghdr *ret_h)
{
	if (left < sizeof(*ret_h))
		return false;
	memcpy(ret_h, p, sizeof(*ret_h));
	return ret_h->nlmsg_len >= sizeof(*ret_h) && ret_h->nlmsg_len <= left;
}

static size_t aligned(size_t n, size_t left)
{
	size_t up = (n + 3) & ~(size_t)3;

	return up < left ? up : left;
}

/* The attributes after a message's fixed part, one by one. */
struct attributes {
	const uint8_t *p;
	size_t left;
};

static bool next_attribute(struct attributes *a, unsigned *ret_type, const uint8_t **ret_v,
			   size_t *ret_len)
{
	struct rtattr h;
	size_t step;

	if (a->left < sizeof(h))
		return false;
	memcpy(&h, a->p, sizeof(h));
	if (h.rta_len < sizeof(h) || h.rta_len > a->left)
		return false;
	*ret_type = h.rta_type;
	*ret_v = a->p + sizeof(h);
	*ret_len = h.rta_len - sizeof(h);
	step = aligned(h.rta_len, a->left);
	a->p += step;
	a->left -= step;
	return true;
}

static void take_text(int family, const uint8_t *v, size_t len, char out[ROUTE_TEXT])
{
	if (len == (family == AF_INET6 ? 16u : 4u) &&
	    inet_ntop(family, v, out, ROUTE_TEXT) == NULL)
		out[0] = '\0';
}

int route_parse(const void *bytes, size_t len, struct route *ret_r)
{
	const uint8_t *p = bytes, *v = NULL;
	struct route r = {.interface = 0};
	struct attributes a;
	struct nlmsghdr h;
	struct rtmsg m;
	unsigned type = 0;
	size_t n = 0;
	uint32_t index;
	int32_t error;

	if (!message_at(p, len, &h))
		return SL_E_FORMAT;
	if (h.nlmsg_type == NLMSG_ERROR && h.nlmsg_len >= sizeof(h) + sizeof(error)) {
		memcpy(&error, p + sizeof(h), sizeof(error));
		return error == -EPERM || error == -EACCES ? SL_E_DENIED : SL_E_UNREACHABLE;
	}
	if (h.nlmsg_type != RTM_NEWROUTE || h.nlmsg_len < sizeof(h) + sizeof(m))
		return SL_E_FORMAT;
	memcpy(&m, p + sizeof(h), sizeof(m));
	r.local = m.rtm_type == RTN_LOCAL;
	if (m.rtm_type != RTN_LOCAL && m.rtm_type != RTN_UNICAST)
		return SL_E_UNREACHABLE;
	a = (struct attributes){p + sizeof(h) + sizeof(m), h.nlmsg_len - sizeof(h) - sizeof(m)};
	/* With RTM_F_FIB_MATCH the kernel names the route that covers the address. */
	r.usual = m.rtm_dst_len == 0;
	while (next_attribute(&a, &type, &v, &n)) {
		if (type == RTA_OIF && n == sizeof(index)) {
			memcpy(&index, v, sizeof(index));
			r.interface = index;
		} else if (type == RTA_PREFSRC) {
			take_text(m.rtm_family, v, n, r.source);
		} else if (type == RTA_GATEWAY) {
			take_text(m.rtm_family, v, n, r.gateway);
		}
	}
	if (r.interface == 0)
		return SL_E_FORMAT;
	*ret_r = r;
	return SL_OK;
}

static enum route_neighbour state_of(unsigned nud)
{
	if ((nud & (NUD_PERMANENT | NUD_NOARP)) != 0)
		return ROUTE_PERMANENT;
	if ((nud & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)) != 0)
		return ROUTE_ANSWERED;
	return (nud & (NUD_FAILED | NUD_INCOMPLETE)) != 0 ? ROUTE_UNANSWERED : ROUTE_NOBODY;
}

int route_parse_neighbours(const void *bytes, size_t len, unsigned interface,
			   const void *address, size_t address_len, enum route_neighbour *n,
			   bool *ret_done)
{
	const uint8_t *p = bytes, *v = NULL;
	struct attributes a;
	struct nlmsghdr h;
	struct ndmsg m;
	unsigned type = 0;
	size_t step, vlen = 0;

	while (len > 0) {
		if (!message_at(p, len, &h))
			return SL_E_FORMAT;
		if (h.nlmsg_type == NLMSG_DONE) {
			*ret_done = true;
			return SL_OK;
		}
		if (h.nlmsg_type == NLMSG_ERROR)
			return SL_E_IO;
		if (h.nlmsg_type == RTM_NEWNEIGH && h.nlmsg_len >= sizeof(h) + sizeof(m)) {
			memcpy(&m, p + sizeof(h), sizeof(m));
			a = (struct attributes){p + sizeof(h) + sizeof(m),
						h.nlmsg_len - sizeof(h) - sizeof(m)};
			while (m.ndm_ifindex == (int)interface &&
			       next_attribute(&a, &type, &v, &vlen)) {
				if (type == NDA_DST && vlen == address_len &&
				    memcmp(v, address, vlen) == 0)
					*n = state_of(m.ndm_state);
			}
		}
		step = aligned(h.nlmsg_len, len);
		p += step;
		len -= step;
	}
	*ret_done = false;
	return SL_OK;
}

static int literal(const char *host, uint8_t out[16], int *ret_family)
{
	*ret_family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(*ret_family, host, out) == 1 ? SL_OK : SL_E_FORMAT;
}

static size_t put_attribute(uint8_t *out, unsigned short type, const void *v, size_t len)
{
	struct rtattr h = {.rta_len = (unsigned short)(sizeof(h) + len), .rta_type = type};

	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), v, len);
	return sizeof(h) + len; /* addresses are multiples of four */
}

/* A netlink socket with the question already asked. */
static int ask(uint16_t type, uint16_t flags, const void *body, size_t len, int *ret_fd)
{
	struct timeval wait = {.tv_sec = ANSWER_SECONDS};
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)(sizeof(h) + len),
			     .nlmsg_type = type,
			     .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
			     .nlmsg_seq = 1};
	uint8_t message[256];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	BUG(len > sizeof(message) - sizeof(h));
	if (fd < 0)
		return sl_err_errno(errno);
	memcpy(message, &h, sizeof(h));
	memcpy(message + sizeof(h), body, len);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) != 0 ||
	    send(fd, message, sizeof(h) + len, 0) < 0) {
		int r = sl_err_errno(errno);

		file_close(fd);
		return r;
	}
	*ret_fd = fd;
	return SL_OK;
}

static int find(const char *host, const char *source, unsigned match, struct route *ret_r)
{
	uint8_t body[128], from[16], to[16], answer[ANSWER_MAX];
	struct rtmsg m = {.rtm_flags = match};
	int fd = -1, family = 0, source_family = 0, r = literal(host, to, &family);
	size_t n = sizeof(m), len = family == AF_INET6 ? 16 : 4;
	ssize_t got;

	if (r == SL_OK && source != NULL)
		r = literal(source, from, &source_family);
	if (r != SL_OK || (source != NULL && source_family != family))
		return SL_E_FORMAT;
	m.rtm_family = (unsigned char)family;
	m.rtm_dst_len = (unsigned char)(8 * len);
	if (source != NULL)
		m.rtm_src_len = m.rtm_dst_len;
	memcpy(body, &m, sizeof(m));
	n += put_attribute(body + n, RTA_DST, to, len);
	if (source != NULL)
		n += put_attribute(body + n, RTA_SRC, from, len);
	r = ask(RTM_GETROUTE, 0, body, n, &fd);
	if (r != SL_OK)
		return r;
	got = recv(fd, answer, sizeof(answer), 0);
	r = got < 0 ? SL_E_IO : route_parse(answer, (size_t)got, ret_r);
	file_close(fd);
	return r;
}

int route_find(const char *host, const char *source, struct route *ret_r)
{
	struct route covering;
	int r = find(host, source, 0, ret_r);

	/* Asked without it the kernel answers with the address itself, /32. */
	if (r == SL_OK)
		ret_r->usual =
			find(host, NULL, RTM_F_FIB_MATCH, &covering) == SL_OK && covering.usual;
	return r;
}

int route_neighbour(const char *host, unsigned interface, enum route_neighbour *ret_n)
{
	uint8_t address[16], answer[ANSWER_MAX];
	struct ndmsg m = {.ndm_ifindex = 0};
	enum route_neighbour n = ROUTE_NOBODY;
	int family = 0, fd = -1, r = literal(host, address, &family);
	bool done = false;

	if (r != SL_OK)
		return r;
	m.ndm_family = (unsigned char)family;
	r = ask(RTM_GETNEIGH, NLM_F_DUMP, &m, sizeof(m), &fd);
	for (unsigned i = 0; r == SL_OK && !done && i < PIECES_MAX; i++) {
		ssize_t got = recv(fd, answer, sizeof(answer), 0);

		r = got <= 0 ? SL_E_IO
			     : route_parse_neighbours(answer, (size_t)got, interface, address,
						      family == AF_INET6 ? 16 : 4, &n, &done);
	}
	file_close(fd);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}
