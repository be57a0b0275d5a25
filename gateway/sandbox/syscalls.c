/* syscalls.c - the seccomp program of a role: a list of what it may ask the kernel.
 *
 * Three answers.  On the list: done.  On a soft list: refused with an error,
 * because libraries try these as a matter of course and live with a no.  All
 * else kills the process, since only code that is not ours would ask.  Rules of
 * one call that differ by argument never overlap; libseccomp promises nothing
 * about their order.
 *
 * A program depends only on the calls and flags of the profile, so it is
 * compiled once and kept: a zygote compiles before it forks. */
#include "sandbox/layers.h"

#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox/syscall_rules.h"

enum { PROGRAMS_MAX = 8, PROGRAM_BYTES_MAX = 32 << 10 };

/* Process-wide because it is read-only after it is made and survives fork. */
static struct program {
	unsigned calls;
	bool network, keep_user_ns;
	pid_t self; /* signals to this process are allowed; 0: no number inside */
	unsigned short n;
	struct sock_filter *code;
} programs[PROGRAMS_MAX];
static unsigned n_programs;

static pid_t self_of(const struct sandbox_profile *p)
{
	return p->keep_user_ns || (p->calls & SANDBOX_FORK) != 0 ? 0 : getpid();
}

static struct program *find_program(const struct sandbox_profile *p)
{
	for (unsigned i = 0; i < n_programs; i++) {
		struct program *g = &programs[i];

		if (g->calls == p->calls && g->network == p->network &&
		    g->keep_user_ns == p->keep_user_ns && g->self == self_of(p))
			return g;
	}
	return NULL;
}

/* A pipe holds the program (a few KiB), so this works where files and memfd do not. */
static int export_program(scmp_filter_ctx ctx, struct program *g, struct sl_why *why)
{
	int ends[2] = {-1, -1}, r = SL_OK;
	uint8_t *code = malloc(PROGRAM_BYTES_MAX);
	ssize_t n;

	if (code == NULL)
		return SL_E_NOMEM;
	if (pipe2(ends, 0) != 0) {
		r = why_set(why, SL_E_SANDBOX, "pipe: %s", strerror(errno));
		goto out;
	}
	if (seccomp_export_bpf(ctx, ends[1]) != 0) {
		r = why_set(why, SL_E_SANDBOX, "the seccomp program could not be made");
		goto out;
	}
	n = read(ends[0], code, PROGRAM_BYTES_MAX);
	if (n <= 0 || n == PROGRAM_BYTES_MAX || n % (ssize_t)sizeof(struct sock_filter) != 0) {
		r = why_set(why, SL_E_SANDBOX, "the seccomp program has an impossible size");
		goto out;
	}
	g->n = (unsigned short)((size_t)n / sizeof(struct sock_filter));
	g->code = (struct sock_filter *)(void *)code;
	code = NULL; /* moved */
out:
	file_close(ends[0]);
	file_close(ends[1]);
	free(code);
	return r;
}

int syscalls_prepare(const struct sandbox_profile *p, struct sl_why *why)
{
	struct program g = {.calls = p->calls,
			    .network = p->network,
			    .keep_user_ns = p->keep_user_ns,
			    .self = self_of(p)};
	scmp_filter_ctx ctx = NULL;
	int r;

	if (find_program(p) != NULL)
		return SL_OK;
	if (n_programs == PROGRAMS_MAX)
		return why_set(why, SL_E_LIMIT, "too many seccomp programs in one process");
	ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (ctx == NULL)
		return SL_E_NOMEM;
	/* Calls in the manner of another architecture are only ever an attack. */
	if (seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0 ||
	    seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0) {
		r = why_set(why, SL_E_SANDBOX, "libseccomp refuses its own settings");
		goto out;
	}
	r = syscall_rules_add(ctx, p, why);
	if (r == SL_OK)
		r = export_program(ctx, &g, why);
	if (r == SL_OK)
		programs[n_programs++] = g;
out:
	seccomp_release(ctx);
	return r;
}

int syscalls_enter(const struct sandbox_profile *p, struct sl_why *why)
{
	struct sock_fprog prog;
	struct program *g;
	int r = syscalls_prepare(p, why);

	if (r != SL_OK)
		return r;
	g = find_program(p);
	prog.len = g->n;
	prog.filter = g->code;
	if (syscall(SYS_seccomp, 1 /* SECCOMP_SET_MODE_FILTER */, 0, &prog) != 0)
		return why_set(why, SL_E_SANDBOX, "seccomp: %s", strerror(errno));
	return SL_OK;
}
