/* relay.c - stands on the wire between the two ends of the link and does what wires do.
 *
 *   relay listen=IP:PORT to=IP:PORT [seed=N] [record=FILE] [earlier=FILE]
 *         [loss=% | bad=% good=% | burst=BYTES every=BYTES] [duplicate=%]
 *         [reorder=% by=N] [flip=%] [cut=%] [inject=%] [dark_from=MS dark_to=MS]
 *         [lie=% lies=N key=FILE]
 *
 * Datagrams that come to `listen` go on to `to`, after faults.h.  Says "ready" on its
 * output, and after SIGTERM what it did, one JSON object.  record: everything that came,
 * for a later run's `earlier` (strangers.h). */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config_link.h"
#include "crypto/hash.h"
#include "faults.h"

enum {
	IN = 64,
	ROOM = 65536,
	OUT = 256,
	OUT_BYTES = 16 << 20,
	BUFFER = 256 << 20,
	IDLE_MS = 20
};

static volatile sig_atomic_t stopping;

struct relay {
	int in, out;
	struct sockaddr_storage to;
	socklen_t to_len;
	struct faults *faults;
	FILE *record;
	int64_t first_ms;
	uint64_t overflowed, failed; /* dropped by the kernel on the way in; not sent */
	uint8_t *in_bytes;
	struct mmsghdr in_msg[IN], out_msg[OUT];
	struct iovec in_iov[IN], out_iov[OUT];
	uint8_t control[IN][CMSG_SPACE(sizeof(uint32_t))];
	uint8_t *out_bytes;
	size_t out_used;
	unsigned n_out;
};
struct settings {
	const char *listen, *to, *record, *earlier, *key;
	struct faults_plan plan;
};

static void on_signal(int sig)
{
	(void)sig;
	stopping = 1;
}

static void die(const char *what)
{
	(void)fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- sockets ---- */

static socklen_t address_of(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	char host[64];
	uint16_t port = 0;

	if (config_address(text, host, &port) != SL_OK)
		die(text);
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) != 1)
		die(text);
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(port);
	return sizeof(*six);
}

/* As much as we may have; what does not fit is counted by the kernel. */
static void widen(int fd, int force, int plain)
{
	const int bytes = BUFFER;

	if (setsockopt(fd, SOL_SOCKET, force, &bytes, sizeof(bytes)) != 0)
		(void)setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof(bytes));
}

static void open_sockets(struct relay *r, const struct settings *s)
{
	const struct timeval idle = {.tv_usec = IDLE_MS * 1000};
	const int yes = 1;
	struct sockaddr_storage here;
	socklen_t len = address_of(s->listen, &here);

	r->to_len = address_of(s->to, &r->to);
	r->in = socket(here.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	r->out = socket(r->to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (r->in < 0 || r->out < 0 || bind(r->in, (struct sockaddr *)&here, len) != 0)
		die(s->listen);
	widen(r->in, SO_RCVBUFFORCE, SO_RCVBUF);
	widen(r->out, SO_SNDBUFFORCE, SO_SNDBUF);
	if (setsockopt(r->in, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) != 0 ||
	    setsockopt(r->in, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof(yes)) != 0)
		die("setsockopt");
}

static void flush(struct relay *r)
{
	unsigned done = 0;

	while (done < r->n_out) {
		int n = sendmmsg(r->out, &r->out_msg[done], r->n_out - done, 0);

		if (n > 0) {
			done += (unsigned)n;
		} else if (errno != EINTR && errno != ENOBUFS && errno != EAGAIN) {
			/* This one alone cannot be sent. */
			r->failed++;
			done++;
		}
	}
	r->n_out = 0;
	r->out_used = 0;
}

static void hand_on(void *arg, const uint8_t *bytes, size_t len)
{
	struct relay *r = arg;

	if (r->n_out == OUT || r->out_used + len > OUT_BYTES)
		flush(r);
	memcpy(r->out_bytes + r->out_used, bytes, len);
	r->out_iov[r->n_out] =
		(struct iovec){.iov_base = r->out_bytes + r->out_used, .iov_len = len};
	r->out_msg[r->n_out].msg_hdr = (struct msghdr){.msg_name = &r->to,
						       .msg_namelen = r->to_len,
						       .msg_iov = &r->out_iov[r->n_out],
						       .msg_iovlen = 1};
	r->out_used += len;
	r->n_out++;
}

static void note_overflow(struct relay *r, struct msghdr *h)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		uint32_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&n, CMSG_DATA(c), sizeof(n));
		r->overflowed = n;
	}
}

static void take_batch(struct relay *r)
{
	int n;

	for (unsigned i = 0; i < IN; i++) {
		r->in_iov[i] =
			(struct iovec){.iov_base = r->in_bytes + i * ROOM, .iov_len = ROOM};
		r->in_msg[i].msg_hdr = (struct msghdr){.msg_iov = &r->in_iov[i],
						       .msg_iovlen = 1,
						       .msg_control = r->control[i],
						       .msg_controllen = sizeof(r->control[i])};
	}
	n = recvmmsg(r->in, r->in_msg, IN, MSG_WAITFORONE, NULL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die("recvmmsg");
	if (n <= 0)
		faults_idle(r->faults);
	if (n > 0 && r->first_ms == 0)
		r->first_ms = clock_mono_ms();
	for (int i = 0; i < n; i++) {
		uint8_t *bytes = r->in_iov[i].iov_base;
		size_t len = r->in_msg[i].msg_len;

		note_overflow(r, &r->in_msg[i].msg_hdr);
		if (r->record != NULL)
			strangers_record(r->record, bytes, len);
		faults_take(r->faults, bytes, len, (uint64_t)(clock_mono_ms() - r->first_ms));
	}
	flush(r);
}

static void report(const struct relay *r)
{
	static const char *const names[STRANGERS] = {
		[STRANGER_RANDOM] = "random",	[STRANGER_HEAD] = "head",
		[STRANGER_CUT] = "cut",		[STRANGER_FOREIGN] = "foreign",
		[STRANGER_FUTURE] = "future",	[STRANGER_REPLAYED] = "replayed",
		[STRANGER_EARLIER] = "earlier",
	};
	const struct faults_counts *n = faults_counted(r->faults);

	(void)printf("{\"taken\":%" PRIu64 ",\"handed_out\":%" PRIu64 ",\"lost\":%" PRIu64
		     ",\"bursts\":%" PRIu64 ",\"lost_in_bursts\":%" PRIu64
		     ",\"lost_in_the_dark\":%" PRIu64 ",\"duplicated\":%" PRIu64
		     ",\"reordered\":%" PRIu64 ",\"flipped\":%" PRIu64 ",\"truncated\":%" PRIu64
		     ",\"lied\":%" PRIu64 ",\"overflowed\":%" PRIu64 ",\"failed\":%" PRIu64
		     ",\"injected\":{",
		     n->taken, n->handed_out, n->lost, n->bursts, n->lost_in_bursts,
		     n->lost_in_the_dark, n->duplicated, n->reordered, n->flipped, n->truncated,
		     n->lied, r->overflowed, r->failed);
	for (unsigned i = 0; i < STRANGERS; i++)
		(void)printf("%s\"%s\":%" PRIu64, i == 0 ? "" : ",", names[i], n->injected[i]);
	(void)printf("}}\n");
}

/* ---- settings ---- */

static uint64_t number(const char *text)
{
	char *end = NULL;
	uint64_t n = strtoull(text, &end, 10);

	errno = EINVAL;
	if (end == text || *end != '\0')
		die(text);
	return n;
}

static uint32_t percent(const char *text)
{
	char *end = NULL;
	double n = strtod(text, &end);

	errno = EINVAL;
	if (end == text || *end != '\0' || !(n >= 0 && n <= 100))
		die(text);
	return (uint32_t)(n * 10000);
}

static void set(struct settings *s, const char *arg)
{
	struct faults_plan *p = &s->plan;
	const struct {
		const char *name;
		const char **text;
		uint64_t *number;
		uint32_t *percent;
	} known[] = {
		{"listen", &s->listen, NULL, NULL},   {"to", &s->to, NULL, NULL},
		{"record", &s->record, NULL, NULL},   {"earlier", &s->earlier, NULL, NULL},
		{"key", &s->key, NULL, NULL},	      {"seed", NULL, &p->seed, NULL},
		{"burst", NULL, &p->burst, NULL},     {"every", NULL, &p->every, NULL},
		{"by", NULL, &p->by, NULL},	      {"dark_from", NULL, &p->dark_from, NULL},
		{"lies", NULL, &p->lies, NULL},	      {"dark_to", NULL, &p->dark_to, NULL},
		{"loss", NULL, NULL, &p->loss},	      {"bad", NULL, NULL, &p->bad},
		{"good", NULL, NULL, &p->good},	      {"duplicate", NULL, NULL, &p->duplicate},
		{"reorder", NULL, NULL, &p->reorder}, {"flip", NULL, NULL, &p->flip},
		{"cut", NULL, NULL, &p->cut},	      {"inject", NULL, NULL, &p->inject},
		{"lie", NULL, NULL, &p->lie},
	};
	size_t len = strcspn(arg, "=");

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && arg[len] == '='; i++) {
		if (strlen(known[i].name) != len || memcmp(known[i].name, arg, len) != 0)
			continue;
		if (known[i].text != NULL)
			*known[i].text = arg + len + 1;
		else if (known[i].number != NULL)
			*known[i].number = number(arg + len + 1);
		else
			*known[i].percent = percent(arg + len + 1);
		return;
	}
	errno = EINVAL;
	die(arg);
}

int main(int argc, char **argv)
{
	const struct sigaction stop = {.sa_handler = on_signal};
	struct settings s = {.plan = {.seed = 1}};
	struct relay *r = calloc(1, sizeof(*r));
	struct strangers *strangers;

	for (int i = 1; i < argc; i++)
		set(&s, argv[i]);
	errno = EINVAL;
	if (r == NULL || crypto_start() != SL_OK)
		die("start");
	if (s.listen == NULL || s.to == NULL || (s.plan.burst > 0 && s.plan.every == 0) ||
	    (s.plan.reorder > 0 && (s.plan.by == 0 || s.plan.by > FAULTS_HELD)))
		die("listen=, to=; burst= needs every=, reorder= needs by=");
	strangers = strangers_new(s.plan.seed, s.earlier, s.key);
	if (strangers == NULL)
		die("earlier= or key= cannot be read");
	r->in_bytes = malloc((size_t)IN * ROOM);
	r->out_bytes = malloc(OUT_BYTES);
	r->faults = faults_new(&s.plan, strangers, hand_on, r);
	if (r->in_bytes == NULL || r->out_bytes == NULL || r->faults == NULL)
		die("memory");
	if (s.record != NULL && (r->record = fopen(s.record, "we")) == NULL)
		die(s.record);
	open_sockets(r, &s);
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)printf("ready\n");
	(void)fflush(stdout);
	while (stopping == 0)
		take_batch(r);
	faults_idle(r->faults);
	flush(r);
	report(r);
	if (r->record != NULL && fclose(r->record) != 0)
		die(s.record);
	faults_free(r->faults);
	strangers_free(strangers);
	free(r->in_bytes);
	free(r->out_bytes);
	free(r);
	return 0;
}
