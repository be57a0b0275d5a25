/* push_directory.c - for exchange platforms that move files: temporary name, fsync, rename,
 * so that the platform never sees half a unit. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "link/push_private.h"

enum { CHUNK = 512 << 10 };

struct directory {
	struct push push;
	int dir;
	uint8_t *chunk; /* CHUNK bytes */
	uint64_t bytes;
};

static void directory_close(struct push *p)
{
	struct directory *d = (struct directory *)p;

	file_close(d->dir);
	free(d->chunk);
	free(d);
}

static int directory_open(const struct gateway_config *c, int outbox, struct push **ret_p,
			  struct sl_why *why)
{
	struct directory *d = calloc(1, sizeof(*d));
	int r = SL_OK;

	(void)outbox;
	if (d == NULL)
		return SL_E_NOMEM;
	d->push.kind = &push_directory;
	d->dir = file_open_dir(AT_FDCWD, c->link.directory);
	if (d->dir < 0)
		r = why_set(why, d->dir, "the link directory %s cannot be opened",
			    c->link.directory);
	d->chunk = malloc(CHUNK);
	if (r == SL_OK && d->chunk == NULL)
		r = SL_E_NOMEM;
	if (r != SL_OK)
		directory_close(&d->push);
	else
		*ret_p = &d->push;
	return r;
}

static int copy(struct directory *d, int from, int to)
{
	for (;;) {
		ssize_t n = read(from, d->chunk, CHUNK);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			return fsync(to) == 0 ? SL_OK : sl_err_errno(errno);
		r = file_write_all(to, d->chunk, (size_t)n);
		if (r != SL_OK)
			return r;
		d->bytes += (size_t)n;
	}
}

static int directory_unit(struct push *p, const struct spool_entry *e, int fd,
			  int (*between)(void *arg), void *arg)
{
	struct directory *d = (struct directory *)p;
	char name[SPOOL_NAME + 1], tmp[SPOOL_NAME + 8];
	int out, r;

	(void)between; /* the platform takes whole files: nothing overtakes within one */
	(void)arg;
	spool_name(e, name);
	(void)snprintf(tmp, sizeof(tmp), ".%s.tmp", name);
	(void)unlinkat(d->dir, tmp, 0); /* of an earlier try that was killed */
	out = openat(d->dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (out < 0)
		return sl_err_errno(errno);
	r = copy(d, fd, out);
	file_close(out);
	if (r == SL_OK && renameat(d->dir, tmp, d->dir, name) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		return file_sync_dir(d->dir);
	(void)unlinkat(d->dir, tmp, 0);
	return r;
}

static uint64_t directory_bytes(const struct push *p)
{
	return ((const struct directory *)p)->bytes;
}

const struct push_kind push_directory = {.mode = "directory",
					 .profile = "sender-oneway",
					 .reaches_disk = true,
					 .open = directory_open,
					 .close = directory_close,
					 .unit = directory_unit,
					 .bytes = directory_bytes};
