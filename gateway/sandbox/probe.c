/* probe.c - do what an intruder would do first, from inside each sandbox, and look.
 *
 * Every act is tried in a process of its own: it either exits with "it worked",
 * exits with "I got an error", or is killed.  The parent of the prober offers
 * the things that must not be reachable: a TCP port, an abstract socket, its
 * memory, itself. */
#include "sandbox/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

enum { ACT_WORKED = 0, ACT_REFUSED = 1, ACT_NOT_ENTERED = 2 };

/* What the prober's parent offers. */
struct bait {
	int tcp, abstract;
	struct sockaddr_in port;
	struct sockaddr_un name;
	socklen_t name_len;
	pid_t owner;
	char tmp_name[64];
};
/* How the child tells whether it could enter. */
struct entered {
	struct sandbox_report report;
	int error;
	struct sl_why why;
};

static const char *const act_names[] = {"read", "create", "connect", "abstract", "fork",
					"exec", "ptrace", "memory",  "signal"};
_Static_assert(sizeof(act_names) / sizeof(act_names[0]) == SANDBOX_ACTS,
	       "every act has a name");

const char *sandbox_act_name(enum sandbox_act act)
{
	return (unsigned)act < SANDBOX_ACTS ? act_names[act] : "unknown";
}

static bool try_read(const struct bait *b)
{
	char byte;
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	(void)b;
	return fd >= 0 && read(fd, &byte, 1) == 1;
}

static bool try_create(const struct bait *b)
{
	int fd = open(b->tmp_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	(void)unlink(b->tmp_name);
	return true;
}

static bool try_connect(const struct bait *b)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&b->port,
				  sizeof(b->port)) == 0;
}

static bool try_abstract(const struct bait *b)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 &&
	       connect(fd, (const struct sockaddr *)(const void *)&b->name, b->name_len) == 0;
}

static bool try_fork(const struct bait *b)
{
	int status = -1;
	pid_t pid = fork();

	(void)b;
	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool try_exec(const struct bait *b)
{
	char *const argv[] = {(char[]){"true"}, NULL}, *const none[] = {NULL};

	(void)b;
	/* On success the program's own exit status 0 says that it worked. */
	(void)execve("/bin/true", argv, none);
	return false;
}

static bool try_ptrace(const struct bait *b)
{
	/* Seizing does not stop the victim; our end lets it go again. */
	return ptrace(PTRACE_SEIZE, b->owner, NULL, NULL) == 0;
}

static bool try_memory(const struct bait *b)
{
	char byte;
	struct iovec here = {&byte, 1};
	struct iovec there = {(void *)(uintptr_t)b, 1};

	return process_vm_readv(b->owner, &here, 1, &there, 1, 0) == 1;
}

static bool try_signal(const struct bait *b)
{
	return kill(b->owner, 0) == 0;
}

static bool (*const tries[SANDBOX_ACTS])(const struct bait *) = {
	try_read, try_create, try_connect, try_abstract, try_fork,
	try_exec, try_ptrace, try_memory,  try_signal,
};

static bool covers(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	while (n > 0 && dir[n - 1] == '/')
		n--;
	return strncmp(dir, path, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool path_permitted(const struct sandbox_profile *p, const char *path, bool write,
			   bool execute)
{
	for (const struct sandbox_path *e = p->paths; e != NULL && e->path != NULL; e++) {
		if (covers(e->path, path) && (e->write || !write) && (e->execute || !execute))
			return true;
	}
	return false;
}

static bool permitted(const struct sandbox_profile *p, enum sandbox_act act, int abi)
{
	switch (act) {
	case SANDBOX_ACT_READ:
		return (p->calls & (SANDBOX_FS_READ | SANDBOX_FS_WRITE)) != 0 &&
		       path_permitted(p, "/etc/passwd", false, false);
	case SANDBOX_ACT_CREATE:
		return (p->calls & SANDBOX_FS_WRITE) != 0 &&
		       path_permitted(p, "/tmp", true, false);
	case SANDBOX_ACT_CONNECT:
		return p->network && ((p->calls & SANDBOX_SOCKETS) != 0 ||
				      (p->without & SANDBOX_SECCOMP) != 0);
	case SANDBOX_ACT_ABSTRACT:
		/* Only kernels without Landlock's scopes leave this to the namespace. */
		return p->network && (p->calls & SANDBOX_SOCKETS) != 0 && abi < 6;
	case SANDBOX_ACT_FORK:
		return (p->calls & SANDBOX_FORK) != 0;
	case SANDBOX_ACT_EXEC:
		return (p->calls & SANDBOX_EXEC) != 0 &&
		       path_permitted(p, "/bin/true", false, true);
	case SANDBOX_ACT_SIGNAL:
		return (p->calls & SANDBOX_FORK) != 0 && abi < 6;
	default:
		return false;
	}
}

static int bait_offer(struct bait *b)
{
	socklen_t len = sizeof(b->port);

	memset(b, 0, sizeof(*b));
	b->owner = getpid();
	(void)snprintf(b->tmp_name, sizeof(b->tmp_name), "/tmp/sluice-probe-%ld-%d",
		       (long)b->owner, rand() % 10000);
	b->port.sin_family = AF_INET;
	b->port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	b->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	b->abstract = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (b->tcp < 0 || b->abstract < 0)
		return SL_E_IO;
	if (bind(b->tcp, (const struct sockaddr *)(const void *)&b->port, sizeof(b->port)) !=
		    0 ||
	    listen(b->tcp, 64) != 0 ||
	    getsockname(b->tcp, (struct sockaddr *)(void *)&b->port, &len) != 0)
		return SL_E_IO;
	/* Binding with the family alone lets the kernel choose an abstract name. */
	b->name.sun_family = AF_UNIX;
	if (bind(b->abstract, (const struct sockaddr *)(const void *)&b->name,
		 sizeof(b->name.sun_family)) != 0 ||
	    listen(b->abstract, 64) != 0)
		return SL_E_IO;
	b->name_len = sizeof(b->name);
	return getsockname(b->abstract, (struct sockaddr *)(void *)&b->name, &b->name_len) == 0
		       ? SL_OK
		       : SL_E_IO;
}

static void bait_release(struct bait *b)
{
	file_close(b->tcp);
	file_close(b->abstract);
}

/* The child: never returns. */
static void act_in_child(const struct sandbox_profile *p, unsigned optional,
			 const struct bait *b, enum sandbox_act act, int tell)
{
	struct entered e = {.error = 0};

	e.error = sandbox_enter(p, optional, &e.report, &e.why);
	if (write(tell, &e, sizeof(e)) != (ssize_t)sizeof(e) || e.error != SL_OK)
		_exit(ACT_NOT_ENTERED);
	_exit(tries[act](b) ? ACT_WORKED : ACT_REFUSED);
}

static int probe_one(const struct sandbox_profile *p, unsigned optional, const struct bait *b,
		     enum sandbox_act act, struct entered *ret_e, bool *ret_happened)
{
	int ends[2] = {-1, -1}, status = 0, r = SL_E_IO;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return SL_E_IO;
	pid = fork();
	if (pid == 0)
		act_in_child(p, optional, b, act, ends[1]);
	file_close(ends[1]);
	if (pid > 0 && file_read_all(ends[0], ret_e, sizeof(*ret_e)) == SL_OK)
		r = SL_OK;
	file_close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	*ret_happened = r == SL_OK && ret_e->error == SL_OK && WIFEXITED(status) &&
			WEXITSTATUS(status) == ACT_WORKED;
	/* A program killed before it could be traced is refused; one that a signal
	 * from the terminal ended is refused as well, which fails safe for doctor. */
	return r;
}

int sandbox_probe(const struct sandbox_profile *p, unsigned optional,
		  struct sandbox_probe_result *ret_result)
{
	struct sandbox_probe_result result;
	struct bait bait;
	int r;

	memset(&result, 0, sizeof(result));
	r = bait_offer(&bait);
	result.as_promised = true;
	for (unsigned act = 0; act < SANDBOX_ACTS && r == SL_OK && result.error == SL_OK;
	     act++) {
		struct entered e;

		memset(&e, 0, sizeof(e));
		r = probe_one(p, optional, &bait, (enum sandbox_act)act, &e,
			      &result.act[act].happened);
		result.error = e.error;
		result.why = e.why;
		result.report = e.report;
		result.act[act].permitted =
			permitted(p, (enum sandbox_act)act, e.report.landlock_abi);
		if (result.act[act].happened != result.act[act].permitted)
			result.as_promised = false;
	}
	bait_release(&bait);
	if (result.error != SL_OK)
		result.as_promised = false;
	if (r == SL_OK)
		*ret_result = result;
	return r;
}
