/* pull_stream.c - stream mode: frames out of an NNG PULL socket, which cannot send.
 *
 * Hostile: every frame. While there is no room nothing is read, and the sender's
 * transport waits. */
#include "link/pull.h"

#include <stdlib.h>

#include "base/log.h"
#include "link/inbox.h"
#include "wire/pipe.h"

enum { WAIT_MS = 500, FULL_WAIT_MS = 1000 };

struct stream {
	struct pull *p;
	struct inbox *inbox;
	struct wire_pipe *pipe;
	struct buf message;
	uint64_t refused; /* connections, as the log says already */
};

static void stream_close(void *state)
{
	struct stream *s = state;

	if (s == NULL)
		return;
	if (s->pipe != NULL)
		wire_pipe_close(s->pipe);
	inbox_close(s->inbox);
	buf_release(&s->message);
	free(s);
}

static int stream_open(struct pull *p, void **ret_state, struct sl_why *why)
{
	struct stream *s = calloc(1, sizeof(*s));
	int r = s == NULL ? SL_E_NOMEM : inbox_open(p->quarantine, &s->inbox);

	if (r != SL_OK) {
		free(s);
		return why_set(why, r, "%s", sl_strerror(r));
	}
	s->p = p;
	buf_init(&s->message, FRAME_MAX);
	*ret_state = s;
	return SL_OK;
}

static int stream_paths(const struct outlet_config *c, struct role_paths *paths, char *text,
			size_t cap, struct sl_why *why)
{
	if (role_path_listen(paths, c->link.url, text, cap) != SL_OK)
		return why_set(why, SL_E_CONFIG, "link.url: %s cannot be used", c->link.url);
	role_path(paths, c->link.certificate, false, true);
	role_path(paths, c->link.ca, false, true);
	role_paths_network(paths);
	return SL_OK;
}

static int stream_start(void *state, struct sl_why *why)
{
	struct stream *s = state;
	const struct outlet_config *c = s->p->config;
	const struct wire_tls tls = {.certificate = c->link.certificate, .ca = c->link.ca};
	int r = wire_pull_open(c->link.url, &tls, FRAME_MAX, &s->pipe, why);

	if (r == SL_OK)
		wire_pipe_on_renewal(s->pipe, role_listener_renewed, NULL);
	return r;
}

static int stream_step(void *state)
{
	struct stream *s = state;
	struct frame f;
	int r;

	buf_clear(&s->message);
	r = wire_pipe_recv(s->pipe, &s->message, WAIT_MS);
	if (r == SL_E_TIMEOUT)
		return SL_OK;
	if (r != SL_OK)
		return r;
	r = frame_parse(s->message.data, s->message.len, &f);
	if (r != SL_OK) {
		log_warn("dropped", "error=%s", sl_errname(r));
		return SL_OK;
	}
	while (f.offset == 0 && !pull_room(s->p) && !role_stopping())
		(void)wake_wait(s->p->wake, FULL_WAIT_MS);
	pull_taken(s->p, f.serial, inbox_frame(s->inbox, &f));
	return SL_OK;
}

/* A few are broken cables; many are somebody who tries. */
static void stream_report(void *state, json_t *status)
{
	struct stream *s = state;
	uint64_t refused = wire_pipe_refused(s->pipe);

	if (refused != s->refused)
		log_warn("refused", "connections=%llu total=%llu",
			 (unsigned long long)(refused - s->refused),
			 (unsigned long long)refused);
	s->refused = refused;
	(void)json_object_set_new(status, "refused_connections",
				  json_integer((json_int_t)refused));
}

const struct pull_mode pull_stream_mode = {.name = "stream",
					   .profile = "receiver",
					   .open = stream_open,
					   .paths = stream_paths,
					   .start = stream_start,
					   .step = stream_step,
					   .report = stream_report,
					   .close = stream_close};
