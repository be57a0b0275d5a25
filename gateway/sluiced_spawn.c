/* sluiced_spawn.c - one of our programs is started for one question and believed one line. */
#include "sluiced.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

int sluiced_spawn(const char *libexec, const char *name, const char *args[], int out_fd,
		  pid_t *ret_pid)
{
	char program[SLUICED_PATH];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	/* posix_spawn copies the arguments and changes none. */
	union {
		const char **in;
		char *const *out;
	} argv = {.in = args};
	sigset_t none;
	int e = 0, r = file_join(program, sizeof(program), libexec, name);

	if (r != SL_OK)
		return r;
	args[0] = program;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attr);
	(void)sigemptyset(&none);
	/* The supervisor's own are blocked once it runs. */
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	if (out_fd >= 0)
		e = posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawn(ret_pid, program, &actions, &attr, argv.out, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attr);
	return sl_err_errno(e);
}

int sluiced_spawn_end(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return CLI_REFUSED;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : CLI_REFUSED;
}

void sluiced_spawn_answer(int fd, char answer[SLUICED_ANSWER])
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < SLUICED_ANSWER - 1) {
		n = read(fd, answer + len, SLUICED_ANSWER - 1 - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	answer[len] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
}
