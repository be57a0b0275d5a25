/* form_paper.c - start sluice-paper, give it the record, take its PDF. */
#include "form/form_paper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/supervisor.h"

enum { RECORD_MAX = 16 << 20, PIECE = 64 << 10 };

static _Noreturn void become(const char *path, enum form_lang lang, int in, int out)
{
	char name[] = "sluice-paper", zh[] = "zh", en[] = "en";
	char *argv[] = {name, lang == FORM_ZH ? zh : en, NULL};

	if (dup2(in, 0) == 0 && dup2(out, 1) == 1)
		(void)execv(path, argv);
	_exit(127);
}

static int read_all(int fd, struct buf *out)
{
	while (true) {
		uint8_t piece[PIECE];
		ssize_t n = read(fd, piece, sizeof(piece));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			return buf_error(out);
		buf_put(out, piece, (size_t)n);
	}
}

static int wait_for(pid_t pid, const char *path, struct sl_why *why)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return sl_err_errno(errno);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return why_set(why, SL_E_NOTFOUND, _("%s cannot be started"), path);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return why_set(why, SL_E_UNSUPPORTED, _("the form was not printed"));
	return SL_OK;
}

static int run(const char *path, enum form_lang lang, const struct buf *record, struct buf *out,
	       struct sl_why *why)
{
	int ends[2] = {-1, -1}, in = file_in_memory(record->data, record->len),
	    r = in < 0 ? in : SL_OK;
	pid_t pid = -1;

	if (r == SL_OK && pipe2(ends, O_CLOEXEC) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK) {
		pid = fork();
		if (pid == 0)
			become(path, lang, in, ends[1]);
		r = pid < 0 ? sl_err_errno(errno) : SL_OK;
	}
	file_close(ends[1]);
	if (r == SL_OK)
		r = read_all(ends[0], out);
	file_close(ends[0]);
	file_close(in);
	if (pid > 0) {
		int ended = wait_for(pid, path, why);

		r = ended != SL_OK ? ended : r;
	}
	return r;
}

int form_paper(const json_t *record, enum form_lang lang, struct buf *out, struct sl_why *why)
{
	char dir[SUPERVISOR_PATH], path[SUPERVISOR_PATH];
	struct buf bytes;
	int r = supervisor_libexec(dir, why);

	buf_init(&bytes, RECORD_MAX);
	if (r == SL_OK)
		r = file_join(path, sizeof(path), dir, "sluice-paper");
	if (r == SL_OK)
		r = json_compact(record, &bytes);
	if (r == SL_OK)
		r = run(path, lang, &bytes, out, why);
	buf_release(&bytes);
	return r;
}
