/* filter_child.c - one document in one process that ends with it.
 *
 * The request comes from our orchestrator and is read before the sandbox is
 * entered; the document is hostile and is first touched inside.  Exit status:
 * 0 when everything was said, else the error code as a small number. */
#include "inspect/filter_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "inspect/filter_temp.h"
#include "inspect/filter_wire.h"
#include "sandbox/sandbox.h"

enum { PATHS_MAX = 16, REQUEST_SECONDS = 10, EXIT_SANDBOX = 100 };

static const char *child_temp; /* of this process: it looks at one document */
static struct sandbox_path child_paths[PATHS_MAX + 2];
static char parent_role[48], child_role[48];
static uint64_t own_memory; /* address space of the warm parent */

const char *filter_temp_dir(void)
{
	return child_temp != NULL ? child_temp : filter_temp_root();
}

/* Address space in use now, from /proc: a child may have this and what ops grants. */
static uint64_t memory_now(void)
{
	struct buf b;
	uint64_t pages = 0;

	buf_init(&b, 256);
	if (file_read(AT_FDCWD, "/proc/self/statm", 256, &b) == SL_OK)
		pages = strtoull(buf_str(&b), NULL, 10);
	buf_release(&b);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static struct sandbox_profile child_profile(const struct filter_ops *ops,
					    const struct filter_args *a)
{
	struct sandbox_profile p = {
		.role = child_role,
		.calls = ops->extra_calls,
		.keep_user_ns = true,
		.paths = child_paths,
		.memory_bytes = own_memory + ops->memory_bytes,
		.cpu_seconds = a->seconds + 1,
		.files = 64,
	};

	if (ops->temp_dir)
		p.calls |= SANDBOX_FS_READ | SANDBOX_FS_WRITE;
	if (ops->read_paths != NULL)
		p.calls |= SANDBOX_FS_READ;
	/* A bomb that is unpacked to disk ends here. */
	if (ops->temp_dir)
		p.file_bytes = a->bytes + (1u << 20);
	return p;
}

static int fill_paths(const struct filter_ops *ops, const char *temp)
{
	unsigned n = 0;

	for (; ops->read_paths != NULL && ops->read_paths[n] != NULL; n++) {
		if (n == PATHS_MAX)
			return SL_E_LIMIT;
		child_paths[n] =
			(struct sandbox_path){.path = ops->read_paths[n], .optional = true};
	}
	if (temp != NULL)
		child_paths[n++] = (struct sandbox_path){.path = temp, .write = true};
	child_paths[n].path = NULL;
	return SL_OK;
}

static struct sandbox_profile parent_profile(const struct filter_ops *ops)
{
	return (struct sandbox_profile){
		.role = parent_role,
		.calls = SANDBOX_FS_READ | SANDBOX_FS_WRITE | SANDBOX_PASSED | SANDBOX_FORK |
			 ops->extra_calls,
	};
}

int filter_child_prepare(const struct filter_ops *ops, const struct filter_args *a,
			 struct sl_why *why)
{
	struct sandbox_profile child, parent = parent_profile(ops);
	int r;

	(void)snprintf(parent_role, sizeof(parent_role), "filter-%s", ops->name);
	(void)snprintf(child_role, sizeof(child_role), "filter-%s-child", ops->name);
	own_memory = memory_now();
	if (own_memory == 0 || fill_paths(ops, NULL) != SL_OK)
		return why_set(why, SL_E_INTERNAL, "cannot prepare the sandbox of children");
	child = child_profile(ops, a);
	r = sandbox_prepare(&child, why);
	return r == SL_OK ? sandbox_prepare(&parent, why) : r;
}

int filter_child_confine_parent(const struct filter_ops *ops, const struct filter_args *a,
				struct sl_why *why)
{
	struct sandbox_path paths[PATHS_MAX + 3] = {{.path = a->dir, .write = true}};
	struct sandbox_profile p = parent_profile(ops);
	unsigned n = 1;

	/* Landlock only narrows: what a child may read must be open to its parent. */
	for (unsigned i = 0; ops->read_paths != NULL && ops->read_paths[i] != NULL; i++) {
		if (i == PATHS_MAX)
			return SL_E_LIMIT;
		paths[n++] =
			(struct sandbox_path){.path = ops->read_paths[i], .optional = true};
	}
	if (filter_temp_holder() != NULL)
		paths[n++] = (struct sandbox_path){.path = filter_temp_holder(), .write = true};
	p.paths = paths;
	return sandbox_enter(&p, a->optional, NULL, why);
}

/* First bytes of the request and the one descriptor that rides on them. */
static int receive_first(int conn, uint8_t *bytes, size_t cap, size_t *ret_n, int *ret_fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = bytes, .iov_len = cap};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(conn, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (n <= 0 || (m.msg_flags & MSG_CTRUNC) != 0 || c == NULL ||
	    c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(int)))
		return SL_E_FORMAT;
	memcpy(ret_fd, CMSG_DATA(c), sizeof(*ret_fd));
	*ret_n = (size_t)n;
	return SL_OK;
}

static int receive(int conn, struct filter_request *ret_rq, int *ret_fd)
{
	uint8_t bytes[8 + FILTER_REQUEST_MAX];
	struct timeval patience = {.tv_sec = REQUEST_SECONDS};
	struct cur c;
	size_t n = 0;
	uint32_t len;
	int r;

	(void)setsockopt(conn, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	r = receive_first(conn, bytes, sizeof(bytes), &n, ret_fd);
	if (r == SL_OK && n < 8) {
		r = file_read_all(conn, bytes + n, 8 - n);
		n = 8;
	}
	if (r != SL_OK)
		return r;
	cur_init(&c, bytes, 8);
	if (cur_u32(&c) != FILTER_MAGIC)
		return SL_E_FORMAT;
	len = cur_u32(&c);
	if (len > FILTER_REQUEST_MAX || n > 8 + (size_t)len)
		return SL_E_FORMAT;
	r = file_read_all(conn, bytes + n, 8 + (size_t)len - n);
	return r == SL_OK ? filter_request_get(bytes + 8, len, ret_rq) : r;
}

static int over_limit(const struct filter_request *rq, struct filter_out *out)
{
	struct filter_object o = {
		.id = "0", .bytes = rq->length, .state = OBJECT_FAILED, .reason = "over-limit"};

	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	return filter_out_object(out, &o, NULL);
}

static int look(const struct filter_ops *ops, const struct filter_args *a, int fd,
		const struct filter_request *rq, int conn)
{
	struct filter_out *out = NULL;
	struct stat st;
	int r = filter_out_new(conn, &out);

	if (r != SL_OK)
		return r;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 ||
	    (uint64_t)st.st_size != rq->length)
		r = SL_E_FORMAT;
	else if (rq->length > a->bytes && rq->length > ops->least_bytes)
		r = over_limit(rq, out);
	else
		r = ops->run(fd, rq, out);
	if (r == SL_OK)
		r = filter_out_end(out);
	filter_out_free(out);
	return r;
}

void filter_child_run(const struct filter_ops *ops, const struct filter_args *a, int conn,
		      const char *temp)
{
	struct filter_request rq;
	struct sandbox_profile p;
	struct sl_why why = {{0}};
	int fd = -1, r;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_temp = temp;
	r = receive(conn, &rq, &fd);
	if (r == SL_OK)
		r = fill_paths(ops, temp);
	if (r == SL_OK) {
		p = child_profile(ops, a);
		r = sandbox_enter(&p, a->optional, NULL, &why);
		if (r != SL_OK) {
			log_err("filter.sandbox", "why=%s", log_q(why_text(&why, r)));
			_exit(EXIT_SANDBOX);
		}
	}
	if (r == SL_OK)
		r = look(ops, a, fd, &rq, conn);
	_exit(r == SL_OK ? 0 : -r);
}
