/* sending.c - an open file description lock as a flag that dies with its process. */
#include "link/sending.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

#define NAME ".sending"

int sending_open(int outbox)
{
	int fd = openat(outbox, NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd >= 0 ? fd : sl_err_errno(errno);
}

static void lock(int fd, short type)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET};

	/* It can only fail where there are no such locks: then a probe is not held up. */
	if (fd >= 0)
		(void)fcntl(fd, F_OFD_SETLK, &l);
}

void sending_begin(int fd)
{
	lock(fd, F_WRLCK);
}

void sending_end(int fd)
{
	lock(fd, F_UNLCK);
}

int sending_look_open(const char *outbox)
{
	char path[4096];
	int fd, r = file_join(path, sizeof(path), outbox, NAME);

	if (r != SL_OK)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd >= 0 ? fd : sl_err_errno(errno);
}

bool sending_now(int fd)
{
	struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}
