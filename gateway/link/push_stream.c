/* push_stream.c - NNG PUSH, a socket type that cannot receive; the transport's own
 * back-pressure paces us. */
#include <stdlib.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/frame.h"
#include "link/push_private.h"
#include "wire/pipe.h"

enum { SEND_TIMEOUT_MS = 5000, BETWEEN_EVERY = 8 };

struct stream {
	struct push push;
	const char *url; /* of the configuration, as are the paths in tls */
	struct wire_tls tls;
	struct wire_pipe *pipe;
	struct buf message;
	uint8_t *chunk; /* FRAME_DATA_MAX bytes */
	uint64_t bytes;
};

static void stream_close(struct push *p)
{
	struct stream *s = (struct stream *)p;

	if (s->pipe != NULL)
		wire_pipe_close(s->pipe);
	buf_release(&s->message);
	free(s->chunk);
	free(s);
}

static int stream_open(const struct gateway_config *c, int outbox, struct push **ret_p,
		       struct sl_why *why)
{
	struct stream *s = calloc(1, sizeof(*s));

	(void)outbox;
	(void)why;
	if (s == NULL)
		return SL_E_NOMEM;
	s->push.kind = &push_stream;
	s->url = c->link.url;
	s->tls = (struct wire_tls){.certificate = c->link.certificate, .ca = c->link.ca};
	buf_init(&s->message, FRAME_MAX);
	s->chunk = malloc(FRAME_DATA_MAX);
	if (s->chunk == NULL) {
		stream_close(&s->push);
		return SL_E_NOMEM;
	}
	*ret_p = &s->push;
	return SL_OK;
}

static int stream_start(struct push *p, struct sl_why *why)
{
	struct stream *s = (struct stream *)p;

	return wire_push_open(s->url, &s->tls, &s->pipe, why);
}

static int send_frame(struct stream *s, struct frame *f, int fd)
{
	uint64_t left = f->total - f->offset;
	int r;

	f->len = left < FRAME_DATA_MAX ? (size_t)left : FRAME_DATA_MAX;
	f->data = s->chunk;
	r = file_read_all(fd, s->chunk, f->len);
	if (r != SL_OK)
		return r;
	buf_clear(&s->message);
	r = frame_write(f, &s->message);
	if (r == SL_OK)
		r = wire_pipe_send(s->pipe, s->message.data, s->message.len, SEND_TIMEOUT_MS);
	if (r == SL_OK)
		s->bytes += s->message.len;
	f->offset += f->len;
	return r;
}

static int stream_unit(struct push *p, const struct spool_entry *e, int fd,
		       int (*between)(void *arg), void *arg)
{
	struct stream *s = (struct stream *)p;
	struct frame f = {.priority = e->priority, .serial = e->serial};
	unsigned frames = 0;
	int r = hash_fd(fd, f.sha256, &f.total);

	if (r != SL_OK)
		return r;
	if (f.total > FRAME_UNIT_MAX)
		return SL_E_LIMIT;
	do {
		r = send_frame(s, &f, fd);
		if (r == SL_OK && between != NULL && ++frames % BETWEEN_EVERY == 0)
			r = between(arg);
	} while (r == SL_OK && f.offset < f.total);
	return r;
}

static uint64_t stream_bytes(const struct push *p)
{
	return ((const struct stream *)p)->bytes;
}

const struct push_kind push_stream = {.mode = "stream",
				      .profile = "sender",
				      .buffers = true,
				      .open = stream_open,
				      .start = stream_start,
				      .close = stream_close,
				      .unit = stream_unit,
				      .bytes = stream_bytes};
