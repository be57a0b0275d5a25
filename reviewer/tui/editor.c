/* editor.c - the path is an argument and never part of the command. */
#include "tui/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen.h"

enum { PATH_CAP = 4096 };
static const char command[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";

static void become(char *path)
{
	char sh[] = "sh", c[] = "-c", what[sizeof(command)];
	char *const argv[] = {sh, c, what, sh, path, NULL};

	memcpy(what, command, sizeof(command));
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	(void)execv("/bin/sh", argv);
	_exit(127);
}

/* ^C is for the editor, not for us, who would leave a draft on the screen. */
static int run(char *path, struct sl_why *why)
{
	void (*old_int)(int) = signal(SIGINT, SIG_IGN);
	void (*old_quit)(int) = signal(SIGQUIT, SIG_IGN);
	int status = 0, r = SL_OK;
	pid_t pid;

	screen_lend();
	pid = fork();
	if (pid == 0)
		become(path);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	screen_take_back();
	(void)signal(SIGINT, old_int);
	(void)signal(SIGQUIT, old_quit);
	if (pid < 0)
		r = sl_err_errno(errno);
	else if (WIFSIGNALED(status))
		r = why_set(why, SL_E_CANCELED, _("the editor was killed (signal %d)"),
			    WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		r = why_set(why, SL_E_CANCELED,
			    _("the editor failed (exit %d); see $VISUAL and $EDITOR"),
			    WEXITSTATUS(status));
	return r;
}

/* What could not be typed into the line is not taken out of a file either. */
static bool is_plain(const char *text, size_t len)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(text + i, len - i, &used);

		if (cp != '\n' && cp != '\r' && cp != '\t' && text_is_deceptive(cp))
			return false;
	}
	return true;
}

static int take(const char *path, char *out, size_t cap, struct sl_why *why)
{
	struct buf b;
	size_t len;
	int r;

	buf_init(&b, cap - 1);
	r = file_read(AT_FDCWD, path, cap - 1, &b);
	len = b.len;
	while (r == SL_OK && len > 0 && (b.data[len - 1] == '\n' || b.data[len - 1] == ' '))
		len--;
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, "%s", _("the editor left no file"));
	else if (r == SL_E_LIMIT)
		r = why_set(why, r, _("it is longer than %zu bytes"), cap - 1);
	else if (r == SL_OK && !text_is_utf8(buf_str(&b), len))
		r = why_set(why, SL_E_FORMAT, "%s", _("it is not UTF-8"));
	else if (r == SL_E_DENIED || r == SL_E_FORMAT)
		r = why_set(why, r, "%s",
			    _("the editor left a link or another thing that is no file"));
	else if (r == SL_OK && !is_plain(buf_str(&b), len))
		r = why_set(why, SL_E_FORMAT, "%s",
			    _("it has control characters or marks of direction"));
	if (r == SL_OK) {
		memcpy(out, buf_str(&b), len);
		out[len] = '\0';
		for (size_t i = 0; i < len; i++)
			out[i] = out[i] == '\n' || out[i] == '\r' || out[i] == '\t' ? ' '
										    : out[i];
	}
	buf_wipe(&b);
	return r;
}

int editor_run(const char *dir, char *out, size_t cap, struct sl_why *why)
{
	char own[PATH_CAP], path[PATH_CAP];
	int r, removed;

	/* A directory of its own: editors leave copies beside the file. */
	if (snprintf(own, sizeof(own), "%s/edit.XXXXXX", dir) >= (int)sizeof(own))
		return SL_E_LIMIT;
	r = file_mkdirs(dir, 0700);
	if (r != SL_OK || mkdtemp(own) == NULL)
		return why_set(why, r != SL_OK ? r : sl_err_errno(errno), "%s: %s", dir,
			       r != SL_OK ? sl_strerror(r) : strerror(errno));
	r = file_join(path, sizeof(path), own, "reason.txt");
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, path, out, strlen(out), 0600);
	if (r == SL_OK)
		r = run(path, why);
	if (r == SL_OK)
		r = take(path, out, cap, why);
	removed = file_remove_tree(AT_FDCWD, own);
	return r == SL_OK ? removed : r;
}
