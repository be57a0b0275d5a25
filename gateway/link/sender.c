/* sender.c - the gateway's end of the one-way link: reads the outbox, pushes, never listens.
 *
 * Trusted input: sealed units that the releaser finished by rename.
 *
 *   outbox/N.P.unit --handed over whole--> outbox/sent/N.P.unit --after 64 more--> removed
 *
 * Invariants: a unit leaves the outbox only after the transport took all of it;
 * recalls (priority 0) go first and even interrupt a large unit between frames.
 * Handing over is not arriving, and nothing can tell us: the last SENDER_WINDOW
 * units are sent again at start, after every interruption, and a few times on a
 * schedule; the receiver drops what it has. */
#include "link/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "link/carousel.h"
#include "link/frame.h"
#include "link/push.h"
#include "link/spool.h"
#include "sandbox/role.h"

enum {
	POLL_MS = 2000,
	BEAT_MS = 1000,
	BACKOFF_MIN_MS = 200,
	BACKOFF_MAX_MS = 10000,
	LOG_EVERY_MS = 60000
};

struct sender {
	int outbox, sent, status;
	struct push *push;
	struct carousel carousel;
	struct wake *wake;
	int backoff_ms;	    /* 0 while the link works */
	int64_t down_since; /* monotonic ms; 0 while the link works */
	int64_t logged;
	int64_t last_serial; /* highest serial handed over */
	int64_t beaten;	     /* monotonic ms: the last heartbeat */
	bool in_recall;
};

static int send_from(struct sender *s, int dir, const struct spool_entry *e);

static void report(struct sender *s, size_t waiting)
{
	char now[CLOCK_TEXT + 1];

	clock_format(clock_now(), now);
	role_status(s->status, "sender.json",
		    json_pack("{s:b,s:I,s:s,s:I}", "connected", s->down_since == 0, "sent",
			      (json_int_t)s->last_serial, "time", now, "waiting",
			      (json_int_t)waiting));
}

/* udp: at the outlet silence means that the link is broken. */
static int beat(struct sender *s)
{
	struct heartbeat h = {.highest = (uint32_t)s->last_serial};
	int64_t now = clock_mono_ms();

	if (!push_beats(s->push) || now - s->beaten < BEAT_MS)
		return SL_OK;
	s->beaten = now;
	return push_heartbeat(s->push, &h);
}

/* Between two pieces of a unit: does a recall wait? Send it now. */
static int let_in(void *arg)
{
	struct sender *s = arg;
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = beat(s);

	if (r == SL_OK && role_stopping())
		r = SL_E_CANCELED;
	if (r != SL_OK || s->in_recall)
		return r;
	r = spool_list(s->outbox, 1, &list, &n);
	if (r == SL_OK && n == 1 && list[0].priority == SPOOL_RECALL)
		r = send_from(s, s->outbox, &list[0]);
	free(list);
	return r;
}

static void moved_to_sent(struct sender *s, const struct spool_entry *e)
{
	char name[SPOOL_NAME + 1];

	spool_name(e, name);
	if (renameat(s->outbox, name, s->sent, name) != 0) {
		log_err("sent", "serial=%lld error=%s", (long long)e->serial,
			sl_errname(sl_err_errno(errno)));
		return;
	}
	if (file_sync_dir(s->sent) != SL_OK || file_sync_dir(s->outbox) != SL_OK ||
	    spool_prune(s->sent, CAROUSEL_MAX) != SL_OK)
		log_warn("sent", "serial=%lld upkeep of outbox/sent failed",
			 (long long)e->serial);
	carousel_add(&s->carousel, e, clock_mono_ms());
	if (e->serial > s->last_serial)
		s->last_serial = e->serial;
	log_info("sent", "serial=%lld priority=%u", (long long)e->serial,
		 (unsigned)e->priority);
}

static int send_from(struct sender *s, int dir, const struct spool_entry *e)
{
	char name[SPOOL_NAME + 1];
	int fd, r;

	spool_name(e, name);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return sl_err_errno(errno);
	s->in_recall = e->priority == SPOOL_RECALL;
	r = push_unit(s->push, e, fd, let_in, s);
	s->in_recall = false;
	file_close(fd);
	if (r == SL_OK && dir == s->outbox)
		moved_to_sent(s, e);
	return r;
}

static void link_down(struct sender *s, int r)
{
	int64_t now = clock_mono_ms();

	if (s->down_since == 0) {
		s->down_since = now;
		s->logged = now - LOG_EVERY_MS;
	}
	if (now - s->logged >= LOG_EVERY_MS) {
		s->logged = now;
		log_warn("link",
			 "error=%s the outlet does not take units since %lld s; nothing is "
			 "lost, trying again",
			 sl_errname(r), (long long)((now - s->down_since) / 1000));
	}
	s->backoff_ms = s->backoff_ms == 0 ? BACKOFF_MIN_MS : s->backoff_ms * 2;
	if (s->backoff_ms > BACKOFF_MAX_MS)
		s->backoff_ms = BACKOFF_MAX_MS;
}

static void link_up(struct sender *s)
{
	if (s->down_since == 0)
		return;
	/* What was on the way when the connection broke is lost without a trace. */
	carousel_again(&s->carousel, clock_mono_ms());
	log_info("link", "the outlet takes units again after %lld s",
		 (long long)((clock_mono_ms() - s->down_since) / 1000));
	s->down_since = 0;
	s->backoff_ms = 0;
}

/* One unit: new ones before repeated ones. 1 when something was sent, 0 when idle. */
static int step(struct sender *s)
{
	struct spool_entry *list = NULL, e;
	size_t n = 0;
	int r = spool_list(s->outbox, SPOOL_MAX, &list, &n);
	int dir = s->outbox;

	if (r != SL_OK)
		return r;
	if (n > 0) {
		e = list[0];
	} else if (!push_reaches_disk(s->push) &&
		   carousel_due(&s->carousel, clock_mono_ms(), &e)) {
		dir = s->sent;
	} else {
		free(list);
		return 0;
	}
	free(list);
	r = send_from(s, dir, &e);
	if (r == SL_E_NOTFOUND && dir == s->sent)
		r = SL_OK; /* pruned meanwhile */
	if (r == SL_OK && dir == s->outbox)
		report(s, n - 1);
	return r == SL_OK ? 1 : r;
}

static int loop(struct sender *s)
{
	while (!role_stopping()) {
		int r = beat(s);
		int wait = push_beats(s->push) ? BEAT_MS : POLL_MS;

		if (r == SL_OK)
			r = step(s);
		if (r < 0) {
			bool first = s->down_since == 0;

			link_down(s, r);
			wait = s->backoff_ms;
			if (first)
				report(s, 1);
		} else if (r == 1) {
			link_up(s);
			continue;
		}
		if (wake_wait(s->wake, wait) < 0)
			return SL_E_IO;
	}
	return SL_OK;
}

static int remember_sent(struct sender *s)
{
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = spool_prune(s->sent, CAROUSEL_MAX);

	if (r == SL_OK)
		r = spool_list(s->sent, CAROUSEL_MAX, &list, &n);
	for (size_t i = 0; i < n; i++)
		carousel_add(&s->carousel, &list[i], clock_mono_ms());
	carousel_again(&s->carousel, clock_mono_ms());
	free(list);
	return r;
}

static int open_directories(struct sender *s, const struct gateway_config *c,
			    struct sl_why *why)
{
	char path[4096];
	int bell;

	s->outbox = role_directory(c->data, "outbox", why);
	s->sent = s->outbox < 0 ? s->outbox : role_directory(c->data, "outbox/sent", why);
	s->status = s->sent < 0 ? s->sent : role_directory(c->data, "status", why);
	bell = s->status < 0 ? s->status : role_directory(c->data, "run/wake/sender", why);
	if (bell < 0)
		return bell;
	file_close(bell);
	if (wake_new(&s->wake) != SL_OK ||
	    file_join(path, sizeof(path), c->data, "outbox") != SL_OK ||
	    wake_watch(s->wake, path) != SL_OK ||
	    file_join(path, sizeof(path), c->data, "run/wake/sender") != SL_OK ||
	    wake_watch(s->wake, path) != SL_OK)
		return why_set(why, SL_E_IO, "%s/outbox cannot be watched", c->data);
	return SL_OK;
}

static int confine(const struct sender *s, const struct gateway_config *c, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	char outbox[4096], status[4096];
	int r = file_join(outbox, sizeof(outbox), c->data, "outbox");

	if (r == SL_OK)
		r = file_join(status, sizeof(status), c->data, "status");
	if (r != SL_OK)
		return r;
	role_path(&p, outbox, true, false);
	role_path(&p, status, true, false);
	role_path(&p, c->link.directory, true, true);
	role_path(&p, c->link.ca, false, true);
	role_path(&p, c->link.certificate, false, true);
	role_paths_network(&p);
	return role_sandbox(push_profile(s->push), &p, &c->sandbox.optional, why);
}

int sender_main(const char *config, struct sl_why *why)
{
	struct sender s = {.outbox = -1, .sent = -1, .status = -1};
	struct gateway_config *c = NULL;
	int r = config_gateway_load(config, &c, why);

	if (r != SL_OK)
		return r;
	role_signals();
	r = crypto_start();
	if (r == SL_OK)
		r = open_directories(&s, c, why);
	if (r == SL_OK)
		r = push_open(c, s.outbox, &s.push, why);
	if (r == SL_OK)
		r = confine(&s, c, why);
	if (r == SL_OK)
		r = push_start(s.push, why);
	if (r == SL_OK)
		r = remember_sent(&s);
	if (r == SL_OK) {
		log_info("start", "mode=%s", c->link.mode);
		process_say_ready();
		r = loop(&s);
	}
	push_close(s.push);
	wake_free(s.wake);
	file_close(s.outbox);
	file_close(s.sent);
	file_close(s.status);
	config_gateway_free(c);
	return r;
}
