/* limits.c - resource limits, and no memory of ours in a core file or a debugger. */
#include "sandbox/layers.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_DEFAULT = 256 };
static const rlim_t LOG_MAX = (rlim_t)1 << 30;

/* Never raises: a hard limit that is lower already stays. */
static int lower(__rlimit_resource_t what, rlim_t value)
{
	struct rlimit now, want = {value, value};

	if (getrlimit(what, &now) != 0)
		return -1;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < value)
		want.rlim_cur = want.rlim_max = now.rlim_max;
	return setrlimit(what, &want);
}

static int limit_file_size(const struct sandbox_profile *p)
{
	struct stat st;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (p->file_bytes != 0)
		return lower(RLIMIT_FSIZE, (rlim_t)p->file_bytes);
	if ((p->calls & (SANDBOX_FS_WRITE | SANDBOX_MEMFD)) != 0)
		return 0;
	/* Descriptors that were open before must not fill the disk, but a log in a
	 * file has to go on. */
	if (fstat(STDERR_FILENO, &st) == 0 && S_ISREG(st.st_mode) && !p->keep_user_ns)
		return lower(RLIMIT_FSIZE, LOG_MAX);
	return lower(RLIMIT_FSIZE, 0);
}

int limits_enter(const struct sandbox_profile *p, struct sl_why *why)
{
	int bad = lower(RLIMIT_CORE, 0);

	bad |= lower(RLIMIT_NOFILE, p->files != 0 ? p->files : FILES_DEFAULT);
	bad |= limit_file_size(p);
#ifndef SL_NO_SANDBOX /* AddressSanitizer reserves terabytes of address space */
	if (p->memory_bytes != 0)
		bad |= lower(RLIMIT_AS, (rlim_t)p->memory_bytes);
#endif
	if (p->cpu_seconds != 0)
		bad |= lower(RLIMIT_CPU, p->cpu_seconds);
	if (p->processes != 0)
		bad |= lower(RLIMIT_NPROC, p->processes);
	return bad == 0 ? SL_OK : why_set(why, SL_E_SANDBOX, "setrlimit: %s", strerror(errno));
}

int limits_no_dump(struct sl_why *why)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return why_set(why, SL_E_SANDBOX, "PR_SET_DUMPABLE: %s", strerror(errno));
	return SL_OK;
}
