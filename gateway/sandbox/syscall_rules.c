/* syscall_rules.c - the lists of system calls, one per group of enum sandbox_calls.
 *
 * Names that an architecture lacks are skipped (arm64 has no open, stat, fork).
 * A call stands in one list only, except where a later group widens what an
 * argument may be; then the narrow rule is left out, never added as well. */
#include "sandbox/syscall_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif
#define CLONE_NAMESPACES                                                                       \
	((scmp_datum_t)(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS |            \
			CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP))

struct rules {
	scmp_filter_ctx ctx;
	const char *failed; /* first call that could not be added */
};

/* clang-format off */
/* Memory, time, own threads' locks, descriptors that are open already. */
static const char *const base_calls[] = {
	"read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64",
	"pwritev", "pwritev2", "close", "close_range", "lseek", "fstat", "fcntl", "dup",
	"dup2", "dup3", "pipe", "pipe2", "poll", "ppoll", "select", "pselect6", "munmap",
	"mremap", "madvise", "brk", "futex", "futex_waitv", "membarrier", "rseq",
	"set_robust_list", "get_robust_list", "set_tid_address", "clock_gettime",
	"clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
	"getrusage", "exit", "exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigpending", "rt_sigtimedwait", "sigaltstack", "restart_syscall", "getpid",
	"gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid",
	"getresgid", "getgroups", "getpgrp", "getpgid", "getsid", "getcpu", "getrandom",
	"sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
	"sched_get_priority_min", "sched_get_priority_max", "uname", "sysinfo", "fadvise64",
	"getitimer", "setitimer", "alarm", "umask", "mincore", "mlock", "munlock",
	"getrlimit", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
	"epoll_pwait", "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime",
	"signalfd4", NULL};
static const char *const read_calls[] = {
	"stat", "lstat", "newfstatat", "fstatat64", "statx", "access", "faccessat",
	"faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "statfs", "fstatfs",
	"flock", "readahead", NULL};
static const char *const write_calls[] = {
	"mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "unlink",
	"unlinkat", "rmdir", "symlink", "symlinkat", "fsync", "fdatasync", "sync_file_range",
	"syncfs", "fallocate", "chmod", "fchmod", "fchmodat", "utimensat", "copy_file_range",
	"msync", "truncate", NULL};
static const char *const passed_calls[] = {
	"accept", "accept4", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "recvfrom",
	"shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername", NULL};
static const char *const receive_calls[] = {
	"recvmsg", "recvmmsg", NULL};
static const char *const socket_calls[] = {
	"bind", "listen", "connect", "sendfile", "epoll_pwait2", NULL};
static const char *const one_way_calls[] = {"connect", "shutdown", "sendmsg", "sendmmsg", NULL};
static const char *const fork_calls[] = {
	"fork", "vfork", "wait4", "waitid", "kill", "tgkill", "pidfd_open",
	"pidfd_send_signal", "setpgid", "setsid",
	/* A zygote's children close themselves in further; none of these gives anything. */
	"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
	"capget", "capset", "setrlimit", NULL};
static const char *const exec_calls[] = {
	"execve", "execveat", "mmap", "mprotect", "pkey_mprotect", "arch_prctl", "chdir",
	"fchdir", NULL};
static const char *const notify_calls[] = {
	"inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", NULL};
/* Probes of libraries: they get an error where the role has no right to them. */
static const char *const path_probes[] = {
	"open", "openat", "openat2", "stat", "lstat", "statx", "access", "faccessat",
	"faccessat2", "readlink", "readlinkat", "getcwd", "statfs", "fstatfs", "flock", NULL};
static const char *const change_probes[] = {"unlink", "rmdir", "mkdir", NULL};
static const char *const other_probes[] = {
	"chown", "fchown", "lchown", "fchownat", "setpriority", "sched_setscheduler",
	"sched_setaffinity", "sched_setattr", "mbind", "set_mempolicy", "get_mempolicy",
	"personality", "setfsuid", "setfsgid", "getxattr", "lgetxattr", "fgetxattr",
	"listxattr", NULL};
static const char *const absent_probes[] = {
	"clone3", "io_uring_setup", NULL};
/* clang-format on */

static void add(struct rules *r, uint32_t action, const char *name, unsigned n,
		const struct scmp_arg_cmp *cmp)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr < 0) /* unknown, or not a call of this architecture */
		return;
	if (seccomp_rule_add_array(r->ctx, action, nr, n, cmp) != 0 && r->failed == NULL)
		r->failed = name;
}

static void allow(struct rules *r, const char *const *names)
{
	for (; *names != NULL; names++)
		add(r, SCMP_ACT_ALLOW, *names, 0, NULL);
}

static void refuse(struct rules *r, const char *const *names, int error)
{
	for (; *names != NULL; names++)
		add(r, SCMP_ACT_ERRNO((uint16_t)error), *names, 0, NULL);
}

static void equal(struct rules *r, uint32_t action, const char *name, unsigned arg,
		  scmp_datum_t value)
{
	struct scmp_arg_cmp cmp = SCMP_CMP(arg, SCMP_CMP_EQ, value);

	add(r, action, name, 1, &cmp);
}

static void allow_equal(struct rules *r, const char *name, unsigned arg, scmp_datum_t value)
{
	equal(r, SCMP_ACT_ALLOW, name, arg, value);
}

static void mask(struct rules *r, uint32_t action, const char *name, unsigned arg,
		 scmp_datum_t bits, scmp_datum_t value)
{
	struct scmp_arg_cmp cmp = SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, bits, value);

	add(r, action, name, 1, &cmp);
}

/* Memory is never writable code, and no new code comes in after the start. */
static void memory_rules(struct rules *r, const struct sandbox_profile *p)
{
	if ((p->calls & SANDBOX_EXEC) != 0)
		return; /* in exec_calls: a fresh program maps its own code */
	mask(r, SCMP_ACT_ALLOW, "mmap", 2, PROT_EXEC, 0);
	mask(r, SCMP_ACT_ALLOW, "mprotect", 2, PROT_EXEC, 0);
	mask(r, SCMP_ACT_ERRNO(EACCES), "mmap", 2, PROT_EXEC, PROT_EXEC);
	mask(r, SCMP_ACT_ERRNO(EACCES), "mprotect", 2, PROT_EXEC, PROT_EXEC);
}

/* open and openat, read-only: every flag that could change a file is refused. */
static void open_read_only(struct rules *r, const char *name, unsigned arg)
{
	scmp_datum_t changing = O_ACCMODE | O_CREAT | O_TRUNC;

	mask(r, SCMP_ACT_ALLOW, name, arg, changing, 0);
	/* Disjoint cases of "some changing bit is set". */
	mask(r, SCMP_ACT_ERRNO(EACCES), name, arg, O_ACCMODE, O_WRONLY);
	mask(r, SCMP_ACT_ERRNO(EACCES), name, arg, O_ACCMODE, O_RDWR);
	mask(r, SCMP_ACT_ERRNO(EACCES), name, arg, O_ACCMODE, O_ACCMODE);
	mask(r, SCMP_ACT_ERRNO(EACCES), name, arg, O_ACCMODE | O_CREAT, O_CREAT);
	mask(r, SCMP_ACT_ERRNO(EACCES), name, arg, changing, O_TRUNC);
}

static void path_rules(struct rules *r, const struct sandbox_profile *p)
{
	static const char *const open_calls[] = {"open", "openat", NULL};
	static const char *const no_open2[] = {"openat2", NULL};
	static const char *const truncate_call[] = {"ftruncate", NULL};

	if ((p->calls & (SANDBOX_FS_READ | SANDBOX_FS_WRITE)) == 0) {
		refuse(r, path_probes, EACCES);
		refuse(r, change_probes, EACCES);
		/* fstat() of glibc is this call with AT_EMPTY_PATH. */
		mask(r, SCMP_ACT_ALLOW, "newfstatat", 3, AT_EMPTY_PATH, AT_EMPTY_PATH);
		mask(r, SCMP_ACT_ERRNO(EACCES), "newfstatat", 3, AT_EMPTY_PATH, 0);
	} else {
		allow(r, read_calls);
		/* Its flags are behind a pointer; callers fall back to openat. */
		refuse(r, no_open2, ENOSYS);
		if ((p->calls & SANDBOX_FS_WRITE) != 0) {
			allow(r, open_calls);
			allow(r, write_calls);
		} else {
			open_read_only(r, "open", 1);
			open_read_only(r, "openat", 2);
			refuse(r, change_probes, EACCES);
		}
	}
	if ((p->calls & (SANDBOX_FS_WRITE | SANDBOX_MEMFD)) != 0)
		allow(r, truncate_call);
}

static void socket_rules(struct rules *r, const struct sandbox_profile *p)
{
	static const char *const any_socket[] = {"socket", "socketpair", NULL};
	static const char *const send_call[] = {"sendto", NULL};
	uint32_t inet = p->network ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES);

	if ((p->calls & (SANDBOX_SOCKETS | SANDBOX_PASSED)) != 0)
		allow(r, passed_calls);
	else if ((p->calls & SANDBOX_RECEIVE) != 0)
		allow(r, receive_calls);
	if ((p->calls & SANDBOX_SOCKETS) == 0) {
		refuse(r, any_socket, EACCES);
		/* send() on a connected socket says no more than write(). */
		if ((p->calls & SANDBOX_RECEIVE) == 0)
			allow_equal(r, "sendto", 4, 0);
		if ((p->calls & SANDBOX_SEND) != 0)
			allow(r, one_way_calls);
		else if ((p->calls & SANDBOX_PASSED) == 0)
			allow_equal(r, "recvfrom", 4, 0);
		return;
	}
	allow(r, socket_calls);
	allow(r, send_call);
	allow_equal(r, "socketpair", 0, AF_UNIX);
	allow_equal(r, "socket", 0, AF_UNIX);
	equal(r, inet, "socket", 0, AF_INET);
	equal(r, inet, "socket", 0, AF_INET6);
	equal(r, inet, "socket", 0, AF_NETLINK); /* getaddrinfo looks at the addresses */
}

static void clone_rules(struct rules *r, const struct sandbox_profile *p)
{
	bool forks = (p->calls & SANDBOX_FORK) != 0,
	     threads = (p->calls & SANDBOX_THREADS) != 0;
	scmp_datum_t thread = CLONE_THREAD;

	/* Its flags are behind a pointer: glibc falls back to clone, whose can be read. */
	refuse(r, absent_probes, ENOSYS);
	if (forks && threads)
		mask(r, SCMP_ACT_ALLOW, "clone", 0, CLONE_NAMESPACES, 0);
	else if (forks)
		mask(r, SCMP_ACT_ALLOW, "clone", 0, CLONE_NAMESPACES | thread, 0);
	else if (threads)
		mask(r, SCMP_ACT_ALLOW, "clone", 0, CLONE_NAMESPACES | thread, thread);
}

/* What a zygote's child needs to enter a narrower sandbox: nothing of this gives. */
static void narrowing_rules(struct rules *r)
{
	static const int options[] = {PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP,  PR_GET_SECCOMP,
				      PR_CAPBSET_READ,	   PR_CAPBSET_DROP, PR_SET_PDEATHSIG};
	struct scmp_arg_cmp no_dump[] = {SCMP_A0(SCMP_CMP_EQ, PR_SET_DUMPABLE),
					 SCMP_A1(SCMP_CMP_EQ, 0)};
	struct scmp_arg_cmp ambient[] = {SCMP_A0(SCMP_CMP_EQ, PR_CAP_AMBIENT),
					 SCMP_A1(SCMP_CMP_EQ, PR_CAP_AMBIENT_CLEAR_ALL)};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		allow_equal(r, "prctl", 0, (scmp_datum_t)options[i]);
	add(r, SCMP_ACT_ALLOW, "prctl", 2, no_dump);
	add(r, SCMP_ACT_ALLOW, "prctl", 2, ambient);
}

static void process_rules(struct rules *r, const struct sandbox_profile *p)
{
	static const char *const signals[] = {"kill", "tgkill", NULL};
	scmp_datum_t self = (scmp_datum_t)getpid();
	/* getrlimit() of glibc: own limits, nothing set. */
	struct scmp_arg_cmp own_limits[] = {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0)};
	struct scmp_arg_cmp setting[] = {SCMP_A2(SCMP_CMP_NE, 0)};

	clone_rules(r, p);
	allow_equal(r, "prctl", 0, PR_SET_NAME);
	allow_equal(r, "prctl", 0, PR_GET_NAME);
	allow_equal(r, "prctl", 0, PR_SET_VMA);
	allow_equal(r, "prctl", 0, PR_GET_DUMPABLE);
	if ((p->calls & SANDBOX_FORK) != 0) {
		allow(r, fork_calls);
		allow_equal(r, "prlimit64", 0, 0); /* its own, which can only sink */
		narrowing_rules(r);
		return;
	}
	add(r, SCMP_ACT_ALLOW, "prlimit64", 2, own_limits);
	/* A library that would raise its own learns that it may not. */
	add(r, SCMP_ACT_ERRNO(EPERM), "prlimit64", 1, setting);
	if (p->keep_user_ns) {
		/* Compiled before the fork, when the own number is not known. */
		refuse(r, signals, EPERM);
	} else {
		allow_equal(r, "kill", 0, self);
		allow_equal(r, "tgkill", 0, self);
	}
}

static void device_rules(struct rules *r, const struct sandbox_profile *p)
{
	static const unsigned long terminal[] = {TCGETS,     TCSETS,	TCSETSW, TCSETSF,
						 TIOCGWINSZ, TIOCGPGRP, TCFLSH,	 TIOCSWINSZ};
	uint32_t may =
		(p->calls & SANDBOX_TERMINAL) != 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOTTY);

	allow_equal(r, "ioctl", 1, FIONREAD);
	allow_equal(r, "ioctl", 1, FIONBIO);
	allow_equal(r, "ioctl", 1, FIOCLEX);
	for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++)
		equal(r, may, "ioctl", 1, terminal[i]);
}

int syscall_rules_add(scmp_filter_ctx ctx, const struct sandbox_profile *p, struct sl_why *why)
{
	static const char *const memfd_calls[] = {"memfd_create", NULL};
	struct rules r = {.ctx = ctx};

	allow(&r, base_calls);
	memory_rules(&r, p);
	path_rules(&r, p);
	socket_rules(&r, p);
	process_rules(&r, p);
	device_rules(&r, p);
	if ((p->calls & SANDBOX_EXEC) != 0)
		allow(&r, exec_calls);
	if ((p->calls & SANDBOX_NOTIFY) != 0)
		allow(&r, notify_calls);
	if ((p->calls & SANDBOX_MEMFD) != 0)
		allow(&r, memfd_calls);
	refuse(&r, other_probes, EPERM);
	if (r.failed != NULL)
		return why_set(why, SL_E_SANDBOX, "seccomp rule for %s", r.failed);
	return SL_OK;
}
