/* link_watch.c - DEVICE symbol|large DIRECTORY|- COUNT SECONDS: when did the first datagram of
 * a transfer come in at DEVICE, and when was the last of COUNT units renamed into DIRECTORY?
 *
 * Says "ready", and at the end "FIRST_NS LAST_NS UNITS BYTES" (unix time; 0 for what did not
 * happen).  A transfer begins with a datagram of kind symbol (link/datagram.h), or for another
 * program with one of more than 1000 bytes.  The tap is closed after that one datagram, so that
 * it costs the others nothing.  SIGTERM ends it early. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static volatile sig_atomic_t stopped;

static void on_term(int signal)
{
	(void)signal;
	stopped = 1;
}

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* IPv4 without options, from the IP header on: UDP, and then the kind or the length. */
static int open_tap(const char *device, bool symbols)
{
	struct sock_filter symbol[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 29),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 15),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 64),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter large[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 24),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1008, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 64),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {
		.len = symbols ? sizeof(symbol) / sizeof(symbol[0])
			       : sizeof(large) / sizeof(large[0]),
		.filter = symbols ? symbol : large,
	};
	struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	int on = 1, fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 && errno == EPERM)
		return -1; /* not for everybody: then the first datagram is not seen */
	at.sll_ifindex = (int)if_nametoindex(device);
	if (fd < 0 || at.sll_ifindex == 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		perror(device);
		exit(1);
	}
	return fd;
}

static int64_t tap_time(int fd)
{
	char byte, room[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec v = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = room,
			   .msg_controllen = sizeof(room)};
	struct timespec t;

	if (recvmsg(fd, &m, 0) < 0)
		return 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			return t.tv_sec * SECOND + t.tv_nsec;
		}
	}
	return now();
}

struct units {
	const char *directory;
	int64_t last;
	unsigned n;
	uint64_t bytes;
};

static void take(struct units *u, const char *name)
{
	size_t len = strlen(name);
	char path[4096];
	struct stat st;

	if (len < 5 || strcmp(name + len - 5, ".unit") != 0)
		return;
	u->last = now();
	u->n++;
	(void)snprintf(path, sizeof(path), "%s/%s", u->directory, name);
	if (stat(path, &st) == 0)
		u->bytes += (uint64_t)st.st_size;
}

static void take_all(struct units *u, int fd)
{
	_Alignas(struct inotify_event) char room[65536];
	ssize_t n = read(fd, room, sizeof(room));

	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(room + at);

		if ((e->mask & IN_MOVED_TO) != 0)
			take(u, e->name);
		at += (ssize_t)(sizeof(*e) + e->len);
	}
}

int main(int argc, char **argv)
{
	struct units u = {.directory = argc == 6 ? argv[3] : NULL};
	struct pollfd p[2] = {{.events = POLLIN}, {.fd = -1, .events = POLLIN}};
	int64_t first = 0, deadline;
	unsigned long count;

	if (argc != 6)
		return 2;
	count = strtoul(argv[4], NULL, 10);
	deadline = now() + strtol(argv[5], NULL, 10) * SECOND;
	p[0].fd = open_tap(argv[1], strcmp(argv[2], "symbol") == 0);
	if (strcmp(u.directory, "-") != 0) {
		p[1].fd = inotify_init1(IN_CLOEXEC);
		if (p[1].fd < 0 || inotify_add_watch(p[1].fd, u.directory, IN_MOVED_TO) < 0) {
			perror(u.directory);
			return 1;
		}
	}
	(void)signal(SIGTERM, on_term);
	(void)puts("ready");
	(void)fflush(stdout);
	while (!stopped && (count == 0 || u.n < count) && now() < deadline) {
		if (poll(p, 2, 200) < 0 && errno != EINTR)
			break;
		if (p[0].fd >= 0 && (p[0].revents & POLLIN) != 0) {
			first = tap_time(p[0].fd);
			(void)close(p[0].fd);
			p[0].fd = -1;
		}
		if (p[1].fd >= 0 && (p[1].revents & POLLIN) != 0)
			take_all(&u, p[1].fd);
	}
	(void)printf("%lld %lld %u %llu\n", (long long)first, (long long)u.last, u.n,
		     (unsigned long long)u.bytes);
	return 0;
}
