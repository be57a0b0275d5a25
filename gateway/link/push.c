/* push.c - the two transports of the sender.
 *
 * stream: NNG PUSH, a socket type that cannot receive; the transport's own
 * back-pressure paces us.  directory: temporary name, fsync, rename, so that an
 * exchange platform never sees half a unit. */
#include "link/push.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/frame.h"
#include "wire/pipe.h"

enum { SEND_TIMEOUT_MS = 5000, BETWEEN_EVERY = 8 };

struct push {
	struct wire_pipe *pipe; /* stream */
	int dir;		/* directory */
	struct buf message;
	uint8_t *chunk; /* FRAME_DATA_MAX bytes */
};

int push_open(const struct gateway_config *c, struct push **ret_p, struct sl_why *why)
{
	struct push *p = calloc(1, sizeof(*p));
	int r = SL_OK;

	if (p == NULL)
		return SL_E_NOMEM;
	p->dir = -1;
	buf_init(&p->message, FRAME_MAX);
	p->chunk = malloc(FRAME_DATA_MAX);
	if (p->chunk == NULL) {
		r = SL_E_NOMEM;
	} else if (strcmp(c->link.mode, "stream") == 0) {
		const struct wire_tls tls = {.certificate = c->link.certificate,
					     .ca = c->link.ca};

		r = wire_push_open(c->link.url, &tls, &p->pipe, why);
	} else if (strcmp(c->link.mode, "directory") == 0) {
		p->dir = file_open_dir(AT_FDCWD, c->link.directory);
		if (p->dir < 0)
			r = why_set(why, p->dir, "the link directory %s cannot be opened",
				    c->link.directory);
	} else {
		r = why_set(why, SL_E_CONFIG, "link.mode is %s; stream and directory are known",
			    c->link.mode);
	}
	if (r != SL_OK) {
		push_close(p);
		return r;
	}
	*ret_p = p;
	return SL_OK;
}

void push_close(struct push *p)
{
	if (p == NULL)
		return;
	if (p->pipe != NULL)
		wire_pipe_close(p->pipe);
	file_close(p->dir);
	buf_release(&p->message);
	free(p->chunk);
	free(p);
}

bool push_reaches_disk(const struct push *p)
{
	return p->pipe == NULL;
}

static int send_frame(struct push *p, struct frame *f, int fd)
{
	uint64_t left = f->total - f->offset;
	int r;

	f->len = left < FRAME_DATA_MAX ? (size_t)left : FRAME_DATA_MAX;
	f->data = p->chunk;
	r = file_read_all(fd, p->chunk, f->len);
	if (r != SL_OK)
		return r;
	buf_clear(&p->message);
	r = frame_write(f, &p->message);
	if (r == SL_OK)
		r = wire_pipe_send(p->pipe, p->message.data, p->message.len, SEND_TIMEOUT_MS);
	f->offset += f->len;
	return r;
}

static int stream_unit(struct push *p, const struct spool_entry *e, int fd,
		       int (*between)(void *arg), void *arg)
{
	struct frame f = {.priority = e->priority, .serial = e->serial};
	unsigned frames = 0;
	int r = hash_fd(fd, f.sha256, &f.total);

	if (r != SL_OK)
		return r;
	if (f.total > FRAME_UNIT_MAX)
		return SL_E_LIMIT;
	do {
		r = send_frame(p, &f, fd);
		if (r == SL_OK && between != NULL && ++frames % BETWEEN_EVERY == 0)
			r = between(arg);
	} while (r == SL_OK && f.offset < f.total);
	return r;
}

static int copy(struct push *p, int from, int to)
{
	for (;;) {
		ssize_t n = read(from, p->chunk, FRAME_DATA_MAX);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			return fsync(to) == 0 ? SL_OK : sl_err_errno(errno);
		r = file_write_all(to, p->chunk, (size_t)n);
		if (r != SL_OK)
			return r;
	}
}

static int copy_unit(struct push *p, const struct spool_entry *e, int fd)
{
	char name[SPOOL_NAME + 1], tmp[SPOOL_NAME + 8];
	int out, r;

	spool_name(e, name);
	(void)snprintf(tmp, sizeof(tmp), ".%s.tmp", name);
	(void)unlinkat(p->dir, tmp, 0); /* of an earlier try that was killed */
	out = openat(p->dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (out < 0)
		return sl_err_errno(errno);
	r = copy(p, fd, out);
	file_close(out);
	if (r == SL_OK && renameat(p->dir, tmp, p->dir, name) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		return file_sync_dir(p->dir);
	(void)unlinkat(p->dir, tmp, 0);
	return r;
}

int push_unit(struct push *p, const struct spool_entry *e, int fd, int (*between)(void *arg),
	      void *arg)
{
	if (p->pipe != NULL)
		return stream_unit(p, e, fd, between, arg);
	return copy_unit(p, e, fd);
}
