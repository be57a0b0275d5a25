/* sandbox.h - one call that takes away everything a role does not need.
 *
 * Layers, in the order they are applied: user+network+ipc+uts namespaces,
 * rlimits, no core dumps and no ptrace (PR_SET_DUMPABLE 0), capabilities
 * dropped (bounding set too), no-new-privs, Landlock path rules (and, where
 * the kernel has them, no TCP for roles without network, no signal and no
 * abstract socket to a process outside), seccomp allow-list (whatever is not
 * listed kills the process; a few calls that libraries probe get EACCES,
 * EPERM, ENOTTY or ENOSYS softly).  A layer that the kernel does not offer
 * makes sandbox_enter fail with SL_E_SANDBOX unless the configuration named it
 * optional.  In sanitizer builds (SL_NO_SANDBOX) only rlimits are applied
 * (without the one on address space) and the report says so.
 *
 * What the layers do not hide: a role with a known path may still learn with
 * stat() whether it exists (Landlock does not cover it), because glibc's
 * fstat() is that same call. */
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
	SANDBOX_FS_READ = 1u << 0,  /* openat read, stat, getdents, readlink */
	SANDBOX_FS_WRITE = 1u << 1, /* create, rename, link, unlink, mkdir, fsync, ftruncate,
				       flock/fcntl locks */
	SANDBOX_SOCKETS =
		1u << 2, /* socket, bind, listen, accept, connect, epoll, eventfd, … */
	SANDBOX_PASSED =
		1u << 3,	/* sendmsg/recvmsg on inherited or accepted sockets, accept4 */
	SANDBOX_FORK = 1u << 4, /* fork-like clone, wait4, kill to own children */
	SANDBOX_THREADS = 1u << 5,  /* thread-like clone, set_robust_list, rseq, … */
	SANDBOX_EXEC = 1u << 6,	    /* execve (supervisor only) */
	SANDBOX_NOTIFY = 1u << 7,   /* inotify */
	SANDBOX_TERMINAL = 1u << 8, /* ioctl on a terminal */
	SANDBOX_MEMFD = 1u << 9,    /* memfd_create, seals */
	SANDBOX_SEND = 1u << 10,    /* connect, shutdown, sendmsg and sendmmsg on a socket that
				       is open already; no call that receives or opens another */
	SANDBOX_RECEIVE = 1u << 11, /* recvmsg and recvmmsg on such a socket; none that sends */
};

struct sandbox_path {
	const char *path; /* missing paths are skipped when optional, else an error */
	bool write;	  /* else read only */
	bool execute;
	bool optional;
};

struct sandbox_profile {
	const char *role;  /* "desk", "filter-av", "filter-av-child" … */
	unsigned calls;	   /* enum sandbox_calls */
	unsigned without;  /* enum sandbox_layer left out by design (supervisors, whose
			      children would inherit it) */
	bool network;	   /* keeps the host's network namespace */
	bool keep_user_ns; /* do not unshare (children of a zygote that already did) */
	const struct sandbox_path *paths; /* ends with path NULL; NULL: no path at all */
	uint64_t memory_bytes;		  /* RLIMIT_AS; 0: none */
	uint64_t file_bytes; /* RLIMIT_FSIZE; 0 with FS_WRITE or MEMFD: none; 0 without them: no
				file may grow, except that a log on standard error may reach 1
				GiB. Going past gives EFBIG (SIGXFSZ is ignored) */
	uint32_t cpu_seconds; /* RLIMIT_CPU; 0: none */
	uint32_t files;	      /* RLIMIT_NOFILE; 0: 256 */
	uint32_t processes;   /* RLIMIT_NPROC-like; 0: unchanged */
};

struct sandbox_report {
	unsigned wanted, active; /* enum sandbox_layer */
	int landlock_abi;
};

/* Turn names of layers ("landlock", "namespaces", …) into bits; SL_E_CONFIG on
 * an unknown name. */
int sandbox_optional(const struct config_list *names, unsigned *ret_layers,
		     struct sl_why *why) SL_MUST_USE;
/* Compile the profile's list of system calls ahead, so that a zygote's children
 * enter in a fraction of a millisecond.  Optional; kept until the process ends. */
int sandbox_prepare(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
/* Enter; irreversible.  Must be called while the process is single-threaded
 * (before NNG or libmicrohttpd start threads). ret_report may be NULL.
 * SL_E_SANDBOX with the layer's name in `why`; SL_E_NOTFOUND when a path that is
 * not optional is missing. */
int sandbox_enter(const struct sandbox_profile *p, unsigned optional,
		  struct sandbox_report *ret_report, struct sl_why *why) SL_MUST_USE;
/* Name of a single layer: "namespaces", "limits", "capabilities", "landlock",
 * "no-new-privs", "seccomp", "no-dump". */
const char *sandbox_layer_name(unsigned layer);

/* The known profiles: what doctor lists and tests attack.  Paths are filled in
 * by the role itself at start; the table shows calls and limits. */
const struct sandbox_profile *sandbox_profiles(unsigned *ret_n);
const struct sandbox_profile *sandbox_profile_named(const char *role); /* NULL: no such role */

/* What an intruder in the role would try first. */
enum sandbox_act {
	SANDBOX_ACT_READ,     /* read /etc/passwd */
	SANDBOX_ACT_CREATE,   /* create a file in /tmp */
	SANDBOX_ACT_CONNECT,  /* connect to a TCP port of this host */
	SANDBOX_ACT_ABSTRACT, /* reach another process through an abstract socket */
	SANDBOX_ACT_FORK,
	SANDBOX_ACT_EXEC,   /* run /bin/true */
	SANDBOX_ACT_PTRACE, /* seize the parent process */
	SANDBOX_ACT_MEMORY, /* read the parent's memory */
	SANDBOX_ACT_SIGNAL, /* send a signal to the parent */
	SANDBOX_ACTS
};
struct sandbox_probe_result {
	struct sandbox_report report; /* layers that became active */
	int error;		      /* of sandbox_enter, 0 = entered */
	struct sl_why why;
	struct {
		bool permitted; /* the profile allows it */
		bool happened;	/* the attempt succeeded */
	} act[SANDBOX_ACTS];
	bool as_promised; /* entered, and nothing happened that is not permitted, and all that
			     is permitted worked */
};
const char *sandbox_act_name(enum sandbox_act act); /* "read", "create", "connect" … */
/* Fork, enter the profile in the child and try each act, each in a child of its
 * own because a refusal may kill.  SL_E_IO when that could not even be started;
 * a profile that cannot be entered is in ret_result->error. */
int sandbox_probe(const struct sandbox_profile *p, unsigned optional,
		  struct sandbox_probe_result *ret_result) SL_MUST_USE;

#endif
