/* sender.c - the gateway's end of the one-way link: reads the outbox, pushes, never listens.
 *
 * Trusted input: sealed units that the releaser finished by rename.
 *
 *   outbox/N.P.unit --handed over whole--> outbox/sent/N.P.unit --no room--> removed
 *
 * Invariants: a unit leaves the outbox only after the transport took all of it;
 * recalls (priority 0) go first and even interrupt a large unit.
 * Handing over is not arriving, and nothing can tell us: each unit is sent again a few
 * times on a schedule (carousel.h), what was on its way when the link broke as well, and
 * whatever is kept when a person asks for it; the receiver drops what it has. */
#include "link/sender.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "crypto/hash.h"
#include "link/resend.h"
#include "link/sender_private.h"
#include "link/sending.h"
#include "sandbox/role.h"

enum {
	POLL_MS = 2000,
	BACKOFF_MIN_MS = 200,
	BACKOFF_MAX_MS = 10000,
	LOG_EVERY_MS = 60000,
	REPORT_MS = 1000,
	REPORT_AGAIN_MS = 10000, /* counters alone */
	ON_THE_WAY_MS = 60000	 /* what a broken link may have had in its buffers */
};

static void link_down(struct sender *s, int r)
{
	int64_t now = clock_mono_ms();

	s->errors.n++;
	s->errors.last = r;
	s->errors.at = clock_now();
	if (s->down_since == 0) {
		s->down_since = now;
		s->logged = now - LOG_EVERY_MS;
		s->changed = true;
	}
	if (now - s->logged >= LOG_EVERY_MS) {
		s->logged = now;
		log_warn("link",
			 "error=%s nothing can be sent since %lld s; nothing is lost, trying "
			 "again",
			 sl_errname(r), (long long)((now - s->down_since) / 1000));
	}
	s->backoff_ms = s->backoff_ms == 0 ? BACKOFF_MIN_MS : s->backoff_ms * 2;
	if (s->backoff_ms > BACKOFF_MAX_MS)
		s->backoff_ms = BACKOFF_MAX_MS;
	s->beaten = now - SENDER_BEAT_MS; /* whether it works again shows at once */
}

static void link_up(struct sender *s)
{
	int64_t now = clock_mono_ms();

	if (s->down_since == 0)
		return;
	/* What was on the way when the connection broke is lost without a trace. */
	carousel_again(&s->carousel, s->down_since - ON_THE_WAY_MS, now);
	log_info("link", "units can be sent again after %lld s",
		 (long long)((now - s->down_since) / 1000));
	s->down_since = 0;
	s->backoff_ms = 0;
	s->changed = true;
}

/* ms until there is something to do by the clock. */
static int pause_of(const struct sender *s)
{
	int64_t now = clock_mono_ms(), wait = POLL_MS;
	struct carousel_view v;

	if (s->down_since != 0)
		return s->backoff_ms;
	carousel_view(&s->carousel, &v);
	if (push_beats(s->push) && s->beaten + SENDER_BEAT_MS - now < wait)
		wait = s->beaten + SENDER_BEAT_MS - now;
	if (v.due != CAROUSEL_NEVER && v.due - now < wait)
		wait = v.due - now;
	return wait < 0 ? 0 : (int)wait;
}

static int one_turn(struct sender *s)
{
	/* Both in any case: while nothing can be sent the status says what waits, and while the
	 * outbox cannot be read the outlet hears that we are there. */
	int looked = sender_look(s), r = sender_beat(s);

	if (r == SL_OK)
		r = looked;
	return r == SL_OK ? sender_turn(s) : r;
}

static int loop(struct sender *s)
{
	while (!role_stopping()) {
		int r = one_turn(s), woken;

		if (role_stopping())
			break;
		if (r < 0)
			link_down(s, r);
		else if (r > 0 || push_beats(s->push))
			link_up(s);
		if (clock_mono_ms() - s->reported >= REPORT_AGAIN_MS)
			s->changed = true;
		sender_report(s, r > 0 ? REPORT_MS : 0);
		if (r > 0)
			continue;
		woken = wake_wait(s->wake, pause_of(s));
		if (woken < 0)
			return SL_E_IO;
		if (woken > 0)
			s->waiting.stale = true;
	}
	return SL_OK;
}

static int remember_sent(struct sender *s)
{
	const struct kept_now now = sender_now();
	bool disk = push_reaches_disk(s->push);
	struct carousel_view v;
	int r;

	carousel_init(&s->carousel, s->c->link.repeat_seconds, disk ? 0 : s->c->link.n_repeat);
	r = kept_load(s->sent, push_buffers(s->push), &s->carousel, &now, &s->ended.at,
		      &s->ended.serial);
	carousel_view(&s->carousel, &v);
	s->last_serial = v.highest;
	s->waiting.stale = s->changed = true;
	return r;
}

static int watch(struct sender *s, const char *data, const char *name, struct sl_why *why)
{
	char path[4096];
	int r = file_join(path, sizeof(path), data, name);

	if (r == SL_OK)
		r = wake_watch(s->wake, path);
	return r == SL_OK ? r : why_set(why, r, "%s/%s cannot be watched", data, name);
}

static int open_directories(struct sender *s, struct sl_why *why)
{
	struct {
		const char *name;
		int *fd; /* NULL: only made */
		bool watched;
	} const all[] = {{"outbox", &s->outbox, true},
			 {"outbox/sent", &s->sent, false},
			 {RESEND_DIRECTORY, &s->resend, true},
			 {"status", &s->status, false},
			 {"run/wake/sender", NULL, true}};
	int r = wake_new(&s->wake);

	for (size_t i = 0; r == SL_OK && i < sizeof(all) / sizeof(all[0]); i++) {
		int fd = role_directory(s->c->data, all[i].name, why);

		r = fd < 0 ? fd : SL_OK;
		if (all[i].fd != NULL)
			*all[i].fd = fd;
		else
			file_close(fd);
		if (r == SL_OK && all[i].watched)
			r = watch(s, s->c->data, all[i].name, why);
	}
	return r;
}

static int confine(const struct sender *s, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	char outbox[4096], status[4096];
	int r = file_join(outbox, sizeof(outbox), s->c->data, "outbox");

	if (r == SL_OK)
		r = file_join(status, sizeof(status), s->c->data, "status");
	if (r != SL_OK)
		return r;
	role_path(&p, outbox, true, false);
	role_path(&p, status, true, false);
	if (push_reaches_disk(s->push)) {
		role_path(&p, s->c->link.directory, true, true);
	} else if (!push_beats(s->push)) {
		role_path(&p, s->c->link.ca, false, true);
		role_path(&p, s->c->link.certificate, false, true);
		role_paths_network(&p);
	}
	return role_sandbox(push_profile(s->push), &p, &s->c->sandbox.optional, why);
}

static void release(struct sender *s)
{
	push_close(s->push);
	carousel_release(&s->carousel);
	free(s->waiting.e);
	wake_free(s->wake);
	file_close(s->outbox);
	file_close(s->sent);
	file_close(s->resend);
	file_close(s->status);
	file_close(s->sending);
}

int sender_main(const char *config, struct sl_why *why)
{
	struct sender s = {.outbox = -1, .sent = -1, .resend = -1, .status = -1, .sending = -1};
	struct gateway_config *c = NULL;
	int r = config_gateway_load(config, &c, why);

	if (r != SL_OK)
		return r;
	s.c = c;
	role_signals();
	r = crypto_start();
	if (r == SL_OK)
		r = open_directories(&s, why);
	if (r == SL_OK)
		r = s.sending = sending_open(s.outbox);
	if (r >= SL_OK)
		r = push_open(c, s.outbox, &s.push, why);
	if (r == SL_OK)
		r = confine(&s, why);
	if (r == SL_OK)
		r = push_start(s.push, why);
	if (r == SL_OK)
		r = remember_sent(&s);
	if (r == SL_OK) {
		log_info("start", "mode=%s", c->link.mode);
		process_say_ready();
		r = loop(&s);
	}
	release(&s);
	config_gateway_free(c);
	return r;
}
