/* namespaces.c - own user, network, ipc and uts namespaces, without any mapped power.
 *
 * The user namespace is what lets an ordinary user create the others; the
 * process keeps its own uid and gid numbers, so files and sockets look the same
 * from both sides.  For root it also means that capabilities over the host are
 * gone for good.  There is no mount namespace: Landlock forbids changing mounts
 * and decides about paths. */
#include "sandbox/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static int write_proc(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	file_close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

static int map_self(const char *path, unsigned id)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "%u %u 1\n", id, id);
	return write_proc(path, line);
}

static int unshare_all(const struct sandbox_profile *p, struct sl_why *why)
{
	int flags =
		CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWUTS | (p->network ? 0 : CLONE_NEWNET);
	unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();

	if (unshare(flags) != 0)
		return why_set(why, SL_E_SANDBOX, "unshare: %s", strerror(errno));
	/* The kernel wants setgroups closed before an unprivileged gid map. */
	if (write_proc("/proc/self/setgroups", "deny") != 0 && errno != ENOENT)
		return why_set(why, SL_E_SANDBOX, "/proc/self/setgroups: %s", strerror(errno));
	if (map_self("/proc/self/gid_map", gid) != 0 ||
	    map_self("/proc/self/uid_map", uid) != 0)
		return why_set(why, SL_E_SANDBOX, "uid map: %s", strerror(errno));
	return SL_OK;
}

/* Some hosts let anyone unshare but refuse the map afterwards, which would leave
 * this process as nobody.  A child tries first, so that a host where the layer
 * is missing and named optional still gets a working process. */
static int try_in_child(const struct sandbox_profile *p, struct sl_why *why)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return why_set(why, SL_E_SANDBOX, "fork: %s", strerror(errno));
	if (pid == 0)
		_exit(unshare_all(p, NULL) == SL_OK ? 0 : 1);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0 ? SL_OK
			   : why_set(why, SL_E_SANDBOX,
				     "this host does not let %s create user namespaces",
				     geteuid() == 0 ? "root" : "an ordinary user");
}

int namespaces_enter(const struct sandbox_profile *p, struct sl_why *why)
{
	int r;

	if (p->keep_user_ns)
		return SL_OK;
	r = try_in_child(p, why);
	return r != SL_OK ? r : unshare_all(p, why);
}
