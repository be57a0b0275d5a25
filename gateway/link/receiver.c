/* receiver.c - the outlet's end of the link: whole units into the quarantine.
 *
 * Hostile: everything that arrives, in both modes.  The receiver proves only
 * that a unit is whole; it opens nothing and holds no key but the transport's.
 * It never sends: NNG PULL cannot, and directory mode only removes units that
 * the installer has dealt with. */
#include "link/receiver.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "link/inbox.h"
#include "sandbox/role.h"
#include "wire/pipe.h"

enum { WAIT_MS = 500, REPORT_MS = 5000, FULL_WAIT_MS = 1000, SEEN_MAX = 1024 };

struct seen { /* a file of directory mode that was taken once already */
	int64_t serial, mtime_ns, size;
};
struct receiver {
	int quarantine, state, status, directory;
	struct inbox *inbox;
	struct wire_pipe *pipe;
	struct wake *wake; /* directory mode: the link directory */
	int64_t reported;
	bool full;
	struct seen seen[SEEN_MAX]; /* ring */
	unsigned n_seen;
};

static void report(struct receiver *s, bool force)
{
	int64_t now = clock_mono_ms();

	if (!force && now - s->reported < REPORT_MS)
		return;
	s->reported = now;
	role_status(s->status, "receiver.json", inbox_report(s->inbox));
}

static void taken(struct receiver *s, int64_t serial, int r)
{
	if (r == 1)
		log_info("arrived", "serial=%lld", (long long)serial);
	else if (r < 0 && r != SL_E_EXISTS && r != SL_E_STATE)
		log_warn("dropped", "serial=%lld error=%s", (long long)serial, sl_errname(r));
	if (r == 1)
		report(s, true);
}

/* No room: leave the units with the sender, whose transport then waits. */
static bool wait_for_room(struct receiver *s)
{
	bool room = inbox_room(s->inbox);

	if (!room && !s->full)
		log_warn("full", "the quarantine is full; nothing is read from the link until "
				 "there is room");
	s->full = !room;
	return room;
}

static int step_stream(struct receiver *s, struct buf *message)
{
	struct frame f;
	int r;

	buf_clear(message);
	r = wire_pipe_recv(s->pipe, message, WAIT_MS);
	if (r == SL_E_TIMEOUT)
		return SL_OK;
	if (r != SL_OK)
		return r;
	r = frame_parse(message->data, message->len, &f);
	if (r != SL_OK) {
		log_warn("dropped", "error=%s", sl_errname(r));
		return SL_OK;
	}
	if (f.offset == 0 && !wait_for_room(s)) {
		while (!wait_for_room(s) && !role_stopping())
			(void)wake_wait(s->wake, FULL_WAIT_MS);
	}
	taken(s, f.serial, inbox_frame(s->inbox, &f));
	return SL_OK;
}

static bool seen_before(struct receiver *s, const struct seen *now)
{
	unsigned n = s->n_seen < SEEN_MAX ? s->n_seen : SEEN_MAX;

	for (unsigned i = 0; i < n; i++) {
		if (memcmp(&s->seen[i], now, sizeof(*now)) == 0)
			return true;
	}
	s->seen[s->n_seen++ % SEEN_MAX] = *now;
	if (s->n_seen == 2 * SEEN_MAX)
		s->n_seen = SEEN_MAX;
	return false;
}

static void take_file(struct receiver *s, const struct spool_entry *e)
{
	char name[SPOOL_NAME + 1];
	struct seen now = {.serial = e->serial};
	struct stat st;

	spool_name(e, name);
	if (inbox_finished(s->inbox, e->serial)) {
		/* May be read-only for us; then the platform cleans up by its own rules. */
		(void)unlinkat(s->directory, name, 0);
		return;
	}
	if (!inbox_wants(s->inbox, e->serial) ||
	    fstatat(s->directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return;
	now.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	now.size = st.st_size;
	/* The installer refused exactly this file: taking it again would not help. */
	if (!seen_before(s, &now))
		taken(s, e->serial, inbox_file(s->inbox, s->directory, e));
}

static int step_directory(struct receiver *s)
{
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = spool_list(s->directory, INBOX_WINDOW, &list, &n);

	for (size_t i = 0; r == SL_OK && i < n && !role_stopping(); i++) {
		if (wait_for_room(s))
			take_file(s, &list[i]);
	}
	free(list);
	if (r == SL_OK && wake_wait(s->wake, s->full ? FULL_WAIT_MS : WAIT_MS) < 0)
		r = SL_E_IO;
	return r;
}

static int loop(struct receiver *s)
{
	struct buf message;
	int r = SL_OK;

	buf_init(&message, FRAME_MAX);
	while (r == SL_OK && !role_stopping()) {
		r = s->pipe != NULL ? step_stream(s, &message) : step_directory(s);
		report(s, false);
	}
	buf_release(&message);
	return r;
}

static int open_directories(struct receiver *s, const struct outlet_config *c,
			    struct sl_why *why)
{
	bool directory = strcmp(c->link.mode, "directory") == 0;

	s->quarantine = role_directory(c->data, "quarantine", why);
	s->state = s->quarantine < 0 ? s->quarantine : role_directory(c->data, "state", why);
	s->status = s->state < 0 ? s->state : role_directory(c->data, "status", why);
	if (s->status < 0)
		return s->status;
	if (wake_new(&s->wake) != SL_OK)
		return why_set(why, SL_E_IO, "inotify is not available");
	if (!directory)
		return SL_OK;
	s->directory = file_open_dir(AT_FDCWD, c->link.directory);
	if (s->directory < 0 || wake_watch(s->wake, c->link.directory) != SL_OK)
		return why_set(why, SL_E_CONFIG, "the link directory %s cannot be opened",
			       c->link.directory);
	return SL_OK;
}

static int confine(const struct outlet_config *c, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	char quarantine[4096], state[4096], status[4096], sockets[4096];
	int r = file_join(quarantine, sizeof(quarantine), c->data, "quarantine");

	if (r == SL_OK)
		r = file_join(state, sizeof(state), c->data, "state");
	if (r == SL_OK)
		r = file_join(status, sizeof(status), c->data, "status");
	if (r == SL_OK && role_path_listen(&p, c->link.url, sockets, sizeof(sockets)) != SL_OK)
		r = why_set(why, SL_E_CONFIG, "link.url: %s cannot be used", c->link.url);
	if (r != SL_OK)
		return r;
	role_path(&p, quarantine, true, false);
	role_path(&p, state, true, false);
	role_path(&p, status, true, false);
	role_path(&p, c->link.directory, true, true);
	role_path(&p, c->link.certificate, false, true);
	role_path(&p, c->link.ca, false, true);
	role_paths_network(&p);
	return role_sandbox("receiver", &p, &c->sandbox.optional, why);
}

static int start(struct receiver *s, const struct outlet_config *c, struct sl_why *why)
{
	const struct wire_tls tls = {.certificate = c->link.certificate, .ca = c->link.ca};
	int r = crypto_start();

	if (r == SL_OK)
		r = open_directories(s, c, why);
	if (r == SL_OK)
		r = confine(c, why);
	if (r == SL_OK)
		r = inbox_open(s->quarantine, s->state, &s->inbox);
	if (r == SL_OK && s->directory < 0)
		r = wire_pull_open(c->link.url, &tls, FRAME_MAX, &s->pipe, why);
	if (r == SL_OK && s->pipe != NULL)
		wire_pipe_on_renewal(s->pipe, role_listener_renewed, NULL);
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
	s->quarantine = s->state = s->status = s->directory = -1;
	role_signals();
	r = start(s, c, why);
	if (r == SL_OK) {
		log_info("start", "mode=%s", c->link.mode);
		process_say_ready();
		report(s, true);
		r = loop(s);
	}
	if (s->pipe != NULL)
		wire_pipe_close(s->pipe);
	inbox_close(s->inbox);
	wake_free(s->wake);
	file_close(s->quarantine);
	file_close(s->state);
	file_close(s->status);
	file_close(s->directory);
	config_outlet_free(c);
	free(s);
	return r;
}
