/* tool_shell.c - the outer half of a scan: it waits, stops what is left, and cleans up.
 *
 * The inner half handles documents through filters; whatever happens to it, this
 * half has nothing to do with documents and lives long enough to remove what
 * they left.  The inner half has its own process group, which the filters and
 * their children share, so that nothing outlives a scan. */
#include "policies/tool_shell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"

enum { GRACE_MS = 3000, STEP_MS = 5 };

static void watched(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGCHLD);
}

static void inner(int (*work)(const char *dir, void *arg), void *arg, const char *dir,
		  const sigset_t *mask)
{
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* In a group of its own it writes to the terminal as from the background. */
	(void)signal(SIGTTOU, SIG_IGN);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	exit(work(dir, arg));
}

/* Until the inner half has ended; returns the signal that asked us to stop, or 0. */
static int attend(pid_t pid, const sigset_t *set, int *ret_status)
{
	int asked = 0;

	for (;;) {
		int sig = sigwaitinfo(set, NULL);

		if (sig == SIGCHLD) {
			pid_t ended;

			/* Orphans of the inner half end here too. */
			while ((ended = waitpid(-1, ret_status, WNOHANG)) > 0) {
				if (ended == pid)
					return asked;
			}
		} else if (sig > 0) {
			asked = sig;
			(void)kill(-pid, SIGTERM);
		}
	}
}

/* End the rest of the inner half's group and wait for all of it. */
static void sweep(pid_t group)
{
	int64_t deadline = clock_mono_ms() + GRACE_MS;

	(void)kill(-group, SIGTERM);
	for (;;) {
		pid_t ended = waitpid(-1, NULL, WNOHANG);

		if (ended < 0 && errno == ECHILD)
			return;
		if (ended > 0)
			continue;
		if (clock_mono_ms() >= deadline)
			(void)kill(-group, SIGKILL);
		(void)poll(NULL, 0, STEP_MS);
	}
}

static int run_inner(int (*work)(const char *dir, void *arg), void *arg, const char *dir,
		     int *ret_code, int *ret_asked, struct sl_why *why)
{
	sigset_t set, before;
	int status = 0;
	pid_t pid;

	watched(&set);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		inner(work, arg, dir, &before);
	if (pid < 0)
		return why_set(why, sl_err_errno(errno), "fork: %s", strerror(errno));
	(void)setpgid(pid, pid); /* both do it: whoever comes first */
	*ret_asked = attend(pid, &set, &status);
	sweep(pid);
	if (*ret_asked != 0)
		return SL_E_CANCELED;
	if (!WIFEXITED(status))
		return why_set(why, SL_E_INTERNAL, _("the scan was ended by signal %d"),
			       WTERMSIG(status));
	*ret_code = WEXITSTATUS(status);
	return SL_OK;
}

static void die_by(int sig)
{
	sigset_t set;

	(void)signal(sig, SIG_DFL);
	watched(&set);
	(void)raise(sig);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int tool_shell_run(int (*work)(const char *dir, void *arg), void *arg, int *ret_code,
		   struct sl_why *why)
{
	/* Not below TMPDIR: the path of a socket may have 107 bytes only. */
	char dir[] = "/tmp/sluice-scan.XXXXXX";
	int asked = 0, r;

	if (mkdtemp(dir) == NULL)
		return why_set(why, sl_err_errno(errno), "%s: %s", dir, strerror(errno));
	r = run_inner(work, arg, dir, ret_code, &asked, why);
	if (file_remove_tree(AT_FDCWD, dir) != SL_OK)
		(void)fprintf(stderr, _("sluice: %s could not be removed\n"), dir);
	if (asked != 0)
		die_by(asked);
	return r;
}
