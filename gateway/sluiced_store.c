/* sluiced_store.c - what becomes of the gateway when its store is damaged or cannot be written.
 *
 * A damaged database is hostile bytes, so the supervisor never opens it: it asks
 * the desk's program, whose folder alone knows SQLite, and believes one word. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { ANSWER_MAX = 600 };

extern char **environ;

static const char *const names[] = {"sound", "damaged", "unwritable"};
enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

const char *sluiced_store_name(enum sluiced_store s)
{
	return names[s];
}

const char *sluiced_store_advice(enum sluiced_store s)
{
	switch (s) {
	case SLUICED_STORE_DAMAGED:
		return _("The store is damaged: what is left can be read, nothing can be "
			 "handed in or signed and nothing goes out. Save what is left with "
			 "\"sluiced export FILE\", stop the gateway, restore the backup, start "
			 "again.");
	case SLUICED_STORE_UNWRITABLE:
		return _("The store cannot be written: drafts can be read, nothing can be "
			 "handed in or signed and nothing goes out. Make it writable for the "
			 "gateway's user, then start the gateway again.");
	default:
		return "";
	}
}

/* Run the desk's program, whose path becomes args[0]; its standard output goes to
 * out_fd (-1: ours). */
static int spawn_desk(const char *libexec, const char *args[], int out_fd, pid_t *ret_pid)
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
	int e = 0, r = file_join(program, sizeof(program), libexec, "sluice-desk");

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

static int exit_code(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return CLI_REFUSED;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : CLI_REFUSED;
}

/* Up to the end, or as much as fits. */
static void read_answer(int fd, char answer[ANSWER_MAX])
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < ANSWER_MAX - 1) {
		n = read(fd, answer + len, ANSWER_MAX - 1 - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	answer[len] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
}

static int understand(const char *answer, enum sluiced_store *ret_s, struct sl_why *why)
{
	size_t len = strcspn(answer, ":");

	for (unsigned i = 0; i < N_NAMES; i++) {
		if (strlen(names[i]) != len || memcmp(answer, names[i], len) != 0)
			continue;
		if (answer[len] != '\0')
			(void)why_set(why, SL_OK, "%s",
				      answer + len + strspn(answer + len, ": "));
		*ret_s = (enum sluiced_store)i;
		return SL_OK;
	}
	return SL_E_FORMAT;
}

int sluiced_store_look(const char *config, const char *libexec, enum sluiced_store *ret_s,
		       struct sl_why *why)
{
	const char *args[] = {NULL, "--config", config, "look", NULL};
	char answer[ANSWER_MAX] = "";
	int ends[2] = {-1, -1}, r;
	pid_t pid = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return sl_err_errno(errno);
	r = spawn_desk(libexec, args, ends[1], &pid);
	file_close(ends[1]);
	if (r == SL_OK) {
		read_answer(ends[0], answer);
		if (exit_code(pid) != CLI_DONE || understand(answer, ret_s, why) != SL_OK)
			r = SL_E_IO; /* it has said why on standard error */
	}
	file_close(ends[0]);
	return r == SL_OK ? r : why_set(why, r, _("the store cannot be looked at"));
}

/* A command of the desk's program with its one operand, as if typed. */
static int run_desk(const struct cli *c, const char *command, const char *failed)
{
	/* "--": what follows is the operand, whatever it looks like. */
	const char *text[] = {NULL, "--config", c->config, command, "--", c->operands[0], NULL};
	const char *json[] = {NULL,    "--config", c->config,	   "--json",
			      command, "--",	   c->operands[0], NULL};
	char libexec[SLUICED_PATH];
	struct sl_why why = {.text = ""};
	pid_t pid = 0;
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config gateway.yaml."));
	r = supervisor_libexec(libexec, &why);
	if (r == SL_OK)
		r = spawn_desk(libexec, c->json ? json : text, -1, &pid);
	return r == SL_OK ? exit_code(pid) : cli_fail(r, &why, failed, NULL);
}

int sluiced_export(const struct cli *c)
{
	return run_desk(c, "export", _("nothing was exported"));
}

int sluiced_audit(const struct cli *c)
{
	return run_desk(c, "audit", _("the audit was not looked at"));
}
