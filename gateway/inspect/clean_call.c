/* clean_call.c - masks and document into one sealed memory file, and the copy back. */
#include "inspect/clean_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/clean_wire.h"

enum { QUEUE_SECONDS = 30, COPY_BYTES = 256 << 10, PATH_CAP = 256 };

static int copy_document(int from, uint64_t length, int to)
{
	uint8_t *piece = malloc(COPY_BYTES);
	uint64_t at = 0;
	int r = piece == NULL ? SL_E_NOMEM : SL_OK;

	while (r == SL_OK && at < length) {
		size_t want = length - at < COPY_BYTES ? (size_t)(length - at) : COPY_BYTES;
		ssize_t n = pread(from, piece, want, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		r = n > 0 ? file_write_all(to, piece, (size_t)n) : SL_E_IO;
		at += n > 0 ? (uint64_t)n : 0;
	}
	free(piece);
	return r;
}

/* A descriptor, or an error. */
static int make_job(const struct clean_ask *a, uint64_t *ret_len)
{
	struct buf head;
	int fd, r;

	buf_init(&head, CLEAN_HEAD_MAX);
	clean_wire_put(&head, a->masks, a->n_masks, a->exact);
	r = buf_error(&head);
	fd = memfd_create("clean", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (r == SL_OK && fd < 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = file_write_all(fd, buf_str(&head), head.len);
	if (r == SL_OK)
		r = copy_document(a->fd, a->length, fd);
	if (r == SL_OK && fcntl(fd, F_ADD_SEALS,
				F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		r = sl_err_errno(errno);
	*ret_len = head.len + a->length;
	buf_wipe(&head);
	if (r != SL_OK) {
		file_close(fd);
		return r;
	}
	return fd;
}

/* An honest filter speaks of one object, of our length, and copies only what it cleaned. */
static bool believable(const struct clean_ask *a, const struct filter_reply *r)
{
	return strcmp(r->name, "clean") == 0 && r->n_objects == 1 && r->n_segments == 0 &&
	       r->n_findings == 0 && r->objects[0].bytes == a->length &&
	       (r->objects[0].state == OBJECT_FAILED
			? r->n_changes == 0 && r->n_bytes == 0
			: r->objects[0].state == OBJECT_INSPECTED &&
				  (r->n_bytes > 0 || a->length == 0));
}

static int understand(const struct clean_ask *a, struct clean_answer *x, struct sl_why *why)
{
	const struct filter_reply *r = &x->reply;
	int e = x->call.error;

	if (e == SL_OK)
		e = filter_reply_parse(buf_str(&x->call.answer), x->call.answer.len, 0,
				       &x->reply);
	if (e == SL_OK && !believable(a, r))
		e = SL_E_FORMAT;
	switch (e) {
	case SL_OK:
		return SL_OK;
	case SL_E_TIMEOUT:
		return why_set(why, e, "the cleaning took longer than %u seconds", a->seconds);
	case SL_E_UNREACHABLE:
		return why_set(why, e, "the cleaning %s",
			       x->call.absent		    ? "is not running"
			       : r->ending == ENDING_SIGNAL ? "crashed on this file"
							    : "gave up on this file");
	case SL_E_FORMAT:
		return why_set(why, e, "the cleaning answered something that is no answer");
	case SL_E_LIMIT:
		return why_set(why, e, "the cleaning answered more than is allowed");
	default:
		return why_set(why, e, "the cleaning could not be asked: %s", sl_strerror(e));
	}
}

int clean_call(const struct clean_ask *a, struct clean_answer *ret_a, struct sl_why *why)
{
	struct filter_call *calls[1] = {&ret_a->call};
	struct filter_request rq = {.length = 0};
	char path[PATH_CAP];
	int fd;

	memset(ret_a, 0, sizeof(*ret_a));
	ret_a->call.fd = -1;
	buf_init(&ret_a->call.answer, FILTER_REPLY_MAX);
	if (snprintf(path, sizeof(path), "%s/clean.sock", a->socket_dir) >= (int)sizeof(path))
		return why_set(why, SL_E_LIMIT, "%s: the path is too long", a->socket_dir);
	if (a->n_masks > CLEAN_MASKS_MAX)
		return why_set(why, SL_E_LIMIT, "more than %d masks", CLEAN_MASKS_MAX);
	(void)snprintf(rq.name, sizeof(rq.name), "%s", a->name);
	(void)snprintf(rq.type, sizeof(rq.type), "%s", a->type);
	fd = make_job(a, &rq.length);
	if (fd < 0)
		return why_set(why, fd, "the file cannot be handed to the cleaning: %s",
			       sl_strerror(fd));
	filter_call_start(&ret_a->call, path, fd, &rq,
			  clock_mono_ms() + ((int64_t)a->seconds + QUEUE_SECONDS) * 1000);
	file_close(fd);
	filter_call_wait(calls, 1);
	ret_a->absent = ret_a->call.absent;
	return understand(a, ret_a, why);
}

void clean_answer_release(struct clean_answer *a)
{
	filter_reply_release(&a->reply);
	filter_call_release(&a->call);
}
