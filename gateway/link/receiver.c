/* receiver.c - the outlet's end of the link: whole units into the quarantine.
 *
 * Hostile: everything that arrives, in every mode.  The receiver proves only that a unit
 * is whole; it opens nothing and holds no key but the transport's.  It never sends: NNG
 * PULL cannot, a udp socket is shut down for it (and the sandbox knows no call for it),
 * and directory mode only removes units that the installer has dealt with. */
#include "link/receiver.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "crypto/hash.h"
#include "link/pull.h"

enum { REPORT_MS = 5000, REPORT_NEWS_MS = 250 };

struct receiver {
	struct pull pull;
	const struct pull_mode *mode;
	void *way; /* the mode's own */
	int quarantine, state, status;
	int64_t reported;
};

static void report(struct receiver *s, bool force)
{
	int64_t now = clock_mono_ms();
	json_t *j;

	/* Many small units a second would otherwise be as many durable writes. */
	if (!force && now - s->reported < (s->pull.news ? REPORT_NEWS_MS : REPORT_MS))
		return;
	s->reported = now;
	s->pull.news = false;
	j = quarantine_report(s->pull.quarantine);
	(void)json_object_set_new(j, "mode", json_string(s->mode->name));
	if (s->mode->report != NULL)
		s->mode->report(s->way, j);
	role_status(s->status, "receiver.json", j);
}

static int loop(struct receiver *s)
{
	int r = SL_OK;

	while (r == SL_OK && !role_stopping()) {
		r = s->mode->step(s->way);
		report(s, false);
	}
	report(s, true);
	return r;
}

static int open_directories(struct receiver *s, const char *data, struct sl_why *why)
{
	s->quarantine = role_directory(data, "quarantine", why);
	s->state = s->quarantine < 0 ? s->quarantine : role_directory(data, "state", why);
	s->status = s->state < 0 ? s->state : role_directory(data, "status", why);
	if (s->status < 0)
		return s->status;
	s->pull.state = s->state;
	if (wake_new(&s->pull.wake) != SL_OK)
		return why_set(why, SL_E_IO, "inotify is not available");
	return quarantine_open(s->quarantine, s->state, &s->pull.quarantine);
}

static int confine(const struct receiver *s, struct sl_why *why)
{
	const struct outlet_config *c = s->pull.config;
	struct role_paths p = {.n = 0};
	char quarantine[4096], state[4096], status[4096], text[4096];
	int r = file_join(quarantine, sizeof(quarantine), c->data, "quarantine");

	if (r == SL_OK)
		r = file_join(state, sizeof(state), c->data, "state");
	if (r == SL_OK)
		r = file_join(status, sizeof(status), c->data, "status");
	if (r == SL_OK)
		r = s->mode->paths(c, &p, text, sizeof(text), why);
	if (r != SL_OK)
		return r;
	role_path(&p, quarantine, true, false);
	role_path(&p, state, true, false);
	role_path(&p, status, true, false);
	return role_sandbox(s->mode->profile, &p, &c->sandbox.optional, why);
}

static int start(struct receiver *s, struct sl_why *why)
{
	const struct outlet_config *c = s->pull.config;
	int r = crypto_start();

	s->mode = pull_mode_named(c->link.mode);
	BUG(s->mode == NULL); /* the configuration was checked */
	if (r == SL_OK)
		r = open_directories(s, c->data, why);
	if (r == SL_OK)
		r = s->mode->open(&s->pull, &s->way, why);
	if (r == SL_OK)
		r = confine(s, why);
	if (r == SL_OK)
		r = s->mode->start(s->way, why);
	return r;
}

int receiver_main(const char *config, struct sl_why *why)
{
	struct receiver *s = calloc(1, sizeof(*s));
	struct outlet_config *c = NULL;
	int r = s == NULL ? SL_E_NOMEM : config_outlet_load(config, &c, why);

	if (r != SL_OK) {
		free(s);
		return r;
	}
	s->quarantine = s->state = s->status = -1;
	s->pull.config = c;
	role_signals();
	r = start(s, why);
	if (r == SL_OK) {
		log_info("start", "mode=%s", c->link.mode);
		process_say_ready();
		report(s, true);
		r = loop(s);
	}
	if (s->way != NULL)
		s->mode->close(s->way);
	quarantine_close(s->pull.quarantine);
	wake_free(s->pull.wake);
	file_close(s->quarantine);
	file_close(s->state);
	file_close(s->status);
	config_outlet_free(c);
	free(s);
	return r;
}
