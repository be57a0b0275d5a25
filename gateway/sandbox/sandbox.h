/* sandbox.h - one call that takes away everything a role does not need.
 *
 * Layers, in the order they are applied: user+network+ipc(+mount) namespaces,
 * rlimits, no core dumps and no ptrace (PR_SET_DUMPABLE 0), capabilities
 * dropped (bounding set too), Landlock path rules, no-new-privs, seccomp
 * allow-list (whatever is not listed kills the process; a few calls that
 * libraries probe get EPERM or ENOSYS softly).  A layer that the kernel
 * does not offer makes sandbox_enter fail with SL_E_SANDBOX unless the
 * configuration named it optional.  In sanitizer builds (SL_NO_SANDBOX) only
 * rlimits are applied and the report says so. */
#ifndef SL_SANDBOX_SANDBOX_H
#define SL_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

enum sandbox_layer {
	SANDBOX_NAMESPACES = 1u << 0, /* user, network (unless allowed), ipc, uts */
	SANDBOX_LIMITS = 1u << 1,
	SANDBOX_CAPABILITIES = 1u << 2,
	SANDBOX_LANDLOCK = 1u << 3,
	SANDBOX_NO_NEW_PRIVS = 1u << 4,
	SANDBOX_SECCOMP = 1u << 5,
	SANDBOX_NO_DUMP = 1u << 6,
};

/* Groups of system calls a role may make beside the base set (read, write,
 * close, mmap without PROT_EXEC growth, futex, clocks, exit, poll, fstat, …). */
enum sandbox_calls {
	SANDBOX_FS_READ = 1u << 0,   /* openat read, stat, getdents, readlink */
	SANDBOX_FS_WRITE = 1u << 1,  /* create, rename, link, unlink, mkdir, fsync, ftruncate, flock/fcntl locks */
	SANDBOX_SOCKETS = 1u << 2,   /* socket, bind, listen, accept, connect, epoll, eventfd, … */
	SANDBOX_PASSED = 1u << 3,    /* sendmsg/recvmsg on inherited or accepted sockets, accept4 */
	SANDBOX_FORK = 1u << 4,      /* fork-like clone, wait4, kill to own children */
	SANDBOX_THREADS = 1u << 5,   /* thread-like clone, set_robust_list, rseq, … */
	SANDBOX_EXEC = 1u << 6,      /* execve (supervisor only) */
	SANDBOX_NOTIFY = 1u << 7,    /* inotify */
	SANDBOX_TERMINAL = 1u << 8,  /* ioctl on a terminal */
	SANDBOX_MEMFD = 1u << 9,     /* memfd_create, seals */
};

struct sandbox_path {
	const char *path; /* missing paths are skipped when optional, else an error */
	bool write;       /* else read only */
	bool execute;
	bool optional;
};

struct sandbox_profile {
	const char *role;     /* "desk", "filter-av", "filter-av-child" … */
	unsigned calls;       /* enum sandbox_calls */
	bool network;         /* keeps the host's network namespace */
	bool keep_user_ns;    /* do not unshare (children of a zygote that already did) */
	const struct sandbox_path *paths; /* ends with path NULL; NULL: no path at all */
	uint64_t memory_bytes;  /* RLIMIT_AS; 0: none */
	uint64_t file_bytes;    /* RLIMIT_FSIZE; 0 with no FS_WRITE means 0, else none */
	uint32_t cpu_seconds;   /* RLIMIT_CPU; 0: none */
	uint32_t files;         /* RLIMIT_NOFILE; 0: 256 */
	uint32_t processes;     /* RLIMIT_NPROC-like; 0: unchanged */
};

struct sandbox_report {
	unsigned wanted, active; /* enum sandbox_layer */
	int landlock_abi;
};

/* Turn names of layers ("landlock", "namespaces", …) into bits; SL_E_CONFIG on
 * an unknown name. */
int sandbox_optional(const struct config_list *names, unsigned *ret_layers, struct sl_why *why) SL_MUST_USE;
/* Enter; irreversible.  Must be called while the process is single-threaded
 * (before NNG or libmicrohttpd start threads). ret_report may be NULL. */
int sandbox_enter(const struct sandbox_profile *p, unsigned optional,
		  struct sandbox_report *ret_report, struct sl_why *why) SL_MUST_USE;
/* Name of a single layer. */
const char *sandbox_layer_name(unsigned layer);

/* The known profiles: what doctor lists and tests attack.  Paths are filled in
 * by the role itself at start; the table shows calls and limits. */
const struct sandbox_profile *sandbox_profiles(unsigned *ret_n);
const struct sandbox_profile *sandbox_profile_named(const char *role);

#endif
