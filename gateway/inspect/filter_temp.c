/* filter_temp.c - one directory per filter, one inside it per child. */
#include "inspect/filter_temp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"

#define SHARED_MEMORY "/dev/shm"

static char root[FILTER_TEMP_PATH - 24]; /* room for "/" and a job's number */
static char holder[64];

/* A directory there is believed only when it is ours and closed to everyone else:
 * the place is open to every user of the host. */
static bool open_holder(void)
{
	struct statfs fs;
	struct stat st;

	if (statfs(SHARED_MEMORY, &fs) != 0 || fs.f_type != TMPFS_MAGIC)
		return false;
	(void)snprintf(holder, sizeof(holder), SHARED_MEMORY "/sluice-%lu",
		       (unsigned long)geteuid());
	if (mkdir(holder, 0700) != 0 && errno != EEXIST)
		return false;
	return lstat(holder, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

static int make_root(void)
{
	int r = file_remove_tree(AT_FDCWD, root);

	if (r == SL_OK && mkdir(root, 0700) != 0)
		r = sl_err_errno(errno);
	return r;
}

int filter_temp_open(const char *name, unsigned turn, const char *dir, struct sl_why *why)
{
	char hex[HASH_HEX + 1];
	int n, r = SL_E_NOTFOUND;

	hash_hex(dir, strlen(dir), hex);
	if (open_holder()) {
		(void)snprintf(root, sizeof(root), "%s/%.16s-%s-%u", holder, hex, name, turn);
		r = make_root();
	}
	if (r == SL_OK)
		return SL_OK;
	holder[0] = '\0';
	n = snprintf(root, sizeof(root), "%s/%s-%u.tmp", dir, name, turn);
	r = n < 0 || (size_t)n >= sizeof(root) ? SL_E_LIMIT : make_root();
	if (r != SL_OK)
		root[0] = '\0';
	return r == SL_OK ? r
			  : why_set(why, r, "%s: no directory for unpacking can be made", dir);
}

void filter_temp_close(void)
{
	/* What stays behind after a failure is removed by the next start. */
	if (root[0] != '\0')
		(void)!file_remove_tree(AT_FDCWD, root);
	root[0] = '\0';
}

const char *filter_temp_root(void)
{
	return root[0] != '\0' ? root : NULL;
}

const char *filter_temp_holder(void)
{
	return holder[0] != '\0' ? holder : NULL;
}

void filter_temp_job(unsigned long n, char out[FILTER_TEMP_PATH])
{
	(void)snprintf(out, FILTER_TEMP_PATH, "%s/%lu", root, n);
}
