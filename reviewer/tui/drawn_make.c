/* drawn_make.c - start sluice-draw for one page, with nothing but that file and a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/supervisor.h"
#include "tui/drawn.h"

enum { WAIT_MS = 20000, ANSWER_MAX = 16 << 20 };

/* In the child.  The key's memory is not copied into the program that looks at the bytes:
 * execve begins with nothing of ours. */
static void become(const char *path, const struct drawn_wish *w, int out)
{
	char page[16], cols[16], rows[16], type[128],
		kind[2] = {w->as[0] == 's' && w->as[1] == 'i' ? 'x' : w->as[0], '\0'};
	char *const argv[] = {(char *)(uintptr_t) "sluice-draw",
			      type,
			      page,
			      cols,
			      rows,
			      kind,
			      (char *)(uintptr_t)(w->color ? "color" : "mono"),
			      NULL};
	char *const none[] = {(char *)(uintptr_t) "LC_ALL=C.UTF-8", NULL};

	(void)snprintf(type, sizeof(type), "%s", w->type);
	(void)snprintf(page, sizeof(page), "%u", w->page);
	(void)snprintf(cols, sizeof(cols), "%u", w->cols);
	(void)snprintf(rows, sizeof(rows), "%u", w->rows);
	if (dup2(w->fd, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	(void)execve(path, argv, none);
	_exit(127);
}

static int read_answer(int fd, struct buf *out)
{
	int64_t until = clock_mono_ms() + WAIT_MS;
	char chunk[16384];
	ssize_t n = 1;

	while (n != 0) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = until - clock_mono_ms();

		if (left <= 0)
			return SL_E_TIMEOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue; /* a signal, or the time is over */
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno != EINTR)
			return sl_err_errno(errno);
		if (n > 0)
			buf_put(out, chunk, (size_t)n);
		if (buf_error(out) != SL_OK)
			return buf_error(out);
	}
	return SL_OK;
}

/* What the program's end means; `r` is what reading its answer gave. */
static int ended(pid_t pid, int r, struct sl_why *why)
{
	int status = 0;

	if (r != SL_OK)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return SL_E_IO;
	}
	if (r == SL_E_TIMEOUT)
		return why_set(why, r, "%s",
			       _("drawing takes too long; save the file and open it outside"));
	if (r != SL_OK || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return r;
	if (!WIFEXITED(status))
		return why_set(
			why, SL_E_FORMAT, "%s",
			_("the file broke the program that draws it; save it and look at "
			  "it with care"));
	switch (WEXITSTATUS(status)) {
	case 3:
		return why_set(why, SL_E_UNSUPPORTED, "%s",
			       _("there is nothing to draw in such a file; s saves it"));
	case 4:
		return why_set(why, SL_E_LIMIT, "%s",
			       _("it is too large to be drawn; s saves it"));
	case 5:
		return why_set(why, SL_E_NOTFOUND, "%s", _("there is no such page"));
	case 127:
		return why_set(why, SL_E_NOTFOUND, "%s",
			       _("the program sluice-draw is not installed"));
	default:
		return why_set(why, SL_E_FORMAT, "%s",
			       _("it cannot be drawn here: damaged, or this machine offers no "
				 "sandbox; s saves it"));
	}
}

int drawn_make(const struct drawn_wish *w, struct drawn **ret_d, struct sl_why *why)
{
	char libexec[SUPERVISOR_PATH], path[SUPERVISOR_PATH];
	int ends[2] = {-1, -1}, r = supervisor_libexec(libexec, why);
	struct buf answer;
	pid_t pid = -1;

	buf_init(&answer, ANSWER_MAX);
	if (r == SL_OK)
		r = file_join(path, sizeof(path), libexec, "sluice-draw");
	if (r == SL_OK && (lseek(w->fd, 0, SEEK_SET) != 0 || pipe2(ends, O_CLOEXEC) != 0))
		r = sl_err_errno(errno);
	if (r == SL_OK) {
		pid = fork();
		if (pid == 0)
			become(path, w, ends[1]);
		r = pid < 0 ? sl_err_errno(errno) : SL_OK;
	}
	file_close(ends[1]);
	if (r == SL_OK)
		r = read_answer(ends[0], &answer);
	file_close(ends[0]);
	if (pid > 0)
		r = ended(pid, r, why);
	if (r == SL_OK) {
		r = drawn_parse(answer.data, answer.len, ret_d);
		if (r != SL_OK)
			r = why_set(why, r, "%s", _("what was drawn cannot be understood"));
	}
	buf_release(&answer);
	return r;
}
