/* filter_call.c - send one document to a filter and collect its answer in time.
 *
 * A filter may never answer, answer for ever, or vanish: each call has one
 * deadline and one ceiling, and ends with an error in `call` at worst. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/filter_reply.h"

enum { READ_LEAST = 16 << 10, SEND_SECONDS = 5, CALLS_MAX = 4 };

static int connect_to(const char *path, int *ret_fd)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = SEND_SECONDS};
	int fd, r;

	if (strlen(path) >= sizeof(at.sun_path))
		return SL_E_LIMIT;
	memcpy(at.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return sl_err_errno(errno);
	/* A full backlog makes connect wait: as long as a send may. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		r = sl_err_errno(errno);
		file_close(fd);
		return r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r;
	}
	*ret_fd = fd;
	return SL_OK;
}

static int send_request(int conn, int fd, const struct filter_request *rq)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct buf body, all;
	struct iovec iov;
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	ssize_t n;
	int r;

	memset(&control, 0, sizeof(control));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	buf_init(&body, FILTER_REQUEST_MAX);
	buf_init(&all, FILTER_REQUEST_MAX + 8);
	filter_request_put(&body, rq);
	buf_put_u32(&all, FILTER_MAGIC);
	buf_put_blob(&all, buf_str(&body), body.len);
	r = buf_error(&body) != SL_OK ? buf_error(&body) : buf_error(&all);
	if (r != SL_OK)
		goto out;
	iov = (struct iovec){.iov_base = all.data, .iov_len = all.len};
	do
		n = sendmsg(conn, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	/* A fresh stream socket takes a few KiB at once or not at all. */
	if (n < 0)
		r = sl_err_errno(errno);
	else if ((size_t)n != all.len)
		r = SL_E_IO;
out:
	buf_release(&body);
	buf_release(&all);
	return r;
}

void filter_call_start(struct filter_call *call, const char *socket_path, int fd,
		       const struct filter_request *rq, int64_t deadline)
{
	memset(call, 0, sizeof(*call));
	call->fd = -1;
	call->deadline = deadline;
	buf_init(&call->answer, FILTER_REPLY_MAX);
	call->error = connect_to(socket_path, &call->fd);
	call->absent = call->error == SL_E_UNREACHABLE;
	if (call->error == SL_OK)
		call->error = send_request(call->fd, fd, rq);
	if (call->error != SL_OK)
		file_close(call->fd);
	if (call->error != SL_OK)
		call->fd = -1;
}

static void finish(struct filter_call *call, int error)
{
	file_close(call->fd);
	call->fd = -1;
	call->error = error;
}

/* Received where it stays: little room for a small answer, as much again as has come for a
 * long one, so that the buffer is never more than twice what came. */
static ssize_t receive(struct filter_call *call)
{
	struct buf *b = &call->answer;
	size_t before = b->len, room = before < READ_LEAST ? READ_LEAST : before;
	uint8_t one, *at = &one;
	ssize_t n;

	if (room > b->max - before)
		room = b->max - before;
	if (room > 0)
		at = buf_extend(b, room);
	if (at == NULL)
		return -1;
	n = recv(call->fd, at, room > 0 ? room : 1, MSG_DONTWAIT);
	buf_cut(b, before + (room > 0 && n > 0 ? (size_t)n : 0));
	if (room == 0 && n > 0) /* one byte more than an answer may have */
		b->error = SL_E_LIMIT;
	return n;
}

static void read_some(struct filter_call *call)
{
	ssize_t n = receive(call);

	if (buf_error(&call->answer) != SL_OK)
		finish(call, buf_error(&call->answer));
	else if (n == 0)
		finish(call, SL_OK);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		finish(call, sl_err_errno(errno));
}

void filter_call_wait(struct filter_call *const *calls, unsigned n)
{
	BUG(n > CALLS_MAX);
	for (;;) {
		struct pollfd p[CALLS_MAX];
		int64_t now = clock_mono_ms(), least = -1;
		unsigned open = 0;

		for (unsigned i = 0; i < n; i++) {
			if (calls[i]->fd >= 0 && now >= calls[i]->deadline)
				finish(calls[i], SL_E_TIMEOUT);
			p[i] = (struct pollfd){.fd = calls[i]->fd, .events = POLLIN};
			if (calls[i]->fd < 0)
				continue;
			open++;
			if (least < 0 || calls[i]->deadline - now < least)
				least = calls[i]->deadline - now;
		}
		if (open == 0)
			return;
		if (poll(p, n, least > 60000 ? 60000 : (int)least) <= 0)
			continue;
		for (unsigned i = 0; i < n; i++) {
			if (calls[i]->fd >= 0 && p[i].revents != 0)
				read_some(calls[i]);
		}
	}
}

void filter_call_release(struct filter_call *call)
{
	file_close(call->fd);
	call->fd = -1;
	/* Extracted text may be secret; it goes with the call. */
	buf_wipe(&call->answer);
}
