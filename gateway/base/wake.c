/* wake.c - inotify as the door bell between stages. */
#include "base/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/file.h"

struct wake {
	int fd;
};

int wake_new(struct wake **ret_w)
{
	struct wake *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return SL_E_NOMEM;
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0) {
		free(w);
		return sl_err_errno(errno);
	}
	*ret_w = w;
	return SL_OK;
}

void wake_free(struct wake *w)
{
	if (w == NULL)
		return;
	file_close(w->fd);
	free(w);
}

int wake_watch(struct wake *w, const char *dir)
{
	uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;

	return inotify_add_watch(w->fd, dir, mask) < 0 ? sl_err_errno(errno) : SL_OK;
}

int wake_fd(const struct wake *w)
{
	return w->fd;
}

int wake_wait(struct wake *w, int timeout_ms)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	char events[4096] __attribute__((aligned(8)));
	int n = poll(&p, 1, timeout_ms);

	if (n < 0)
		return errno == EINTR ? 0 : sl_err_errno(errno);
	if (n == 0)
		return 0;
	while (read(w->fd, events, sizeof(events)) > 0)
		continue;
	return 1;
}

void wake_ring(const char *dir)
{
	char path[4096];
	int fd;

	if (file_join(path, sizeof(path), dir, ".bell") != SL_OK)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	file_close(fd); /* closing a descriptor opened for writing is the event */
}
