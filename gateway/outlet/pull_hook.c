/* pull_hook.c - run the hook from a process that never touches the network.
 *
 * The main process parses hostile bytes inside a sandbox that forbids exec.  So a
 * helper is forked first; all it accepts is five short strings over a pipe, and
 * the program it runs was fixed by the command line.  Ids are R-YYYY-NNNNNN,
 * versions numbers, paths ours: nothing an outlet chose reaches the hook raw. */
#include "outlet/pull_hook.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"

enum {
	ARGS = 4,
	MESSAGE_MAX = 4 * PULL_HOOK_ARG_MAX,
	RECORD_MAX = 16384,
	RECORDS_MAX = 1 << 20
};

struct pull_hook {
	pid_t pid;
	int to, from; /* pipe ends of ours */
};

static void exec_hook(const char *program, char *const args[ARGS])
{
	char *name = strdup(program);
	char *argv[ARGS + 2] = {name, args[0], args[1], args[2], args[3], NULL};
	int null = open("/dev/null", O_RDONLY);

	/* Our standard output carries events for machines. */
	if (name == NULL || null < 0 || dup2(null, 0) < 0 || dup2(2, 1) < 0)
		_exit(126);
	(void)execv(program, argv);
	_exit(127);
}

static int wait_for(pid_t pid)
{
	int status = 0;

	for (int tenths = 0; tenths < PULL_HOOK_SECONDS * 10; tenths++) {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (done == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? SL_OK
									     : SL_E_DENIED;
		if (done < 0 && errno != EINTR)
			return SL_E_IO;
		(void)poll(NULL, 0, tenths < 20 ? 5 : 100);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return SL_E_TIMEOUT;
}

static int run_once(const char *program, const uint8_t *bytes, size_t len)
{
	static char text[ARGS][PULL_HOOK_ARG_MAX];
	char *args[ARGS] = {text[0], text[1], text[2], text[3]};
	struct cur c;
	pid_t pid;

	cur_init(&c, bytes, len);
	for (int i = 0; i < ARGS; i++)
		cur_str(&c, text[i], sizeof(text[i]));
	if (cur_end(&c) != SL_OK)
		return SL_E_FORMAT;
	pid = fork();
	if (pid == 0)
		exec_hook(program, args);
	return pid < 0 ? sl_err_errno(errno) : wait_for(pid);
}

static void helper(const char *program, int in, int out)
{
	static uint8_t message[MESSAGE_MAX];

	(void)prctl(PR_SET_NAME, "sluice-pull-hook");
	for (;;) {
		uint8_t head[4];
		struct cur c;
		uint32_t len;
		int r;

		if (file_read_all(in, head, sizeof(head)) != SL_OK)
			_exit(0); /* the main process is gone */
		cur_init(&c, head, sizeof(head));
		len = cur_u32(&c);
		if (len > sizeof(message) || file_read_all(in, message, len) != SL_OK)
			_exit(1);
		r = run_once(program, message, len);
		if (file_write_all(out, &r, sizeof(r)) != SL_OK)
			_exit(1);
	}
}

int pull_hook_start(const char *program, struct pull_hook **ret_h, struct sl_why *why)
{
	struct pull_hook *h;
	int to[2] = {-1, -1}, from[2] = {-1, -1};

	if (access(program, X_OK) != 0)
		return why_set(why, SL_E_USAGE, "the hook %s is not a program", program);
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		return SL_E_NOMEM;
	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		goto fail;
	h->pid = fork();
	if (h->pid < 0)
		goto fail;
	if (h->pid == 0) {
		file_close(to[1]);
		file_close(from[0]);
		helper(program, to[0], from[1]);
	}
	file_close(to[0]);
	file_close(from[1]);
	h->to = to[1];
	h->from = from[0];
	*ret_h = h;
	return SL_OK;
fail:
	for (int i = 0; i < 2; i++) {
		file_close(to[i]);
		file_close(from[i]);
	}
	free(h);
	return why_set(why, SL_E_IO, "the hook's helper cannot be started");
}

void pull_hook_stop(struct pull_hook *h)
{
	if (h == NULL)
		return;
	/* The helper ends when its pipe does.  It is not waited for: our sandbox has no
	 * such call, and we end in a moment ourselves. */
	file_close(h->to);
	file_close(h->from);
	free(h);
}

int pull_hook_run(struct pull_hook *h, const char *event, const char *id, int64_t version,
		  const char *path)
{
	struct buf args, message;
	char number[24];
	int answer = SL_E_IO, r;

	(void)snprintf(number, sizeof(number), "%" PRId64, version);
	buf_init(&args, MESSAGE_MAX);
	buf_init(&message, MESSAGE_MAX + 4);
	buf_put_str(&args, event);
	buf_put_str(&args, id);
	buf_put_str(&args, number);
	buf_put_str(&args, path);
	r = buf_error(&args);
	if (r == SL_OK) {
		buf_put_blob(&message, args.data, args.len);
		r = buf_error(&message);
	}
	if (r == SL_OK && (file_write_all(h->to, message.data, message.len) != SL_OK ||
			   file_read_all(h->from, &answer, sizeof(answer)) != SL_OK))
		r = SL_E_IO;
	buf_release(&args);
	buf_release(&message);
	return r == SL_OK ? answer : r;
}

static void record_name(int64_t serial, char out[32])
{
	(void)snprintf(out, 32, "%020" PRId64 ".json", serial);
}

int pull_hook_remember(int hooks_fd, const struct pull_hook_record *rec)
{
	json_t *j = json_pack("{s:s,s:s,s:s,s:I,s:I}", "event", rec->event, "id", rec->id,
			      "path", rec->path, "serial", (json_int_t)rec->serial, "version",
			      (json_int_t)rec->version);
	char name[32];
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, RECORD_MAX);
	record_name(rec->serial, name);
	if (j != NULL)
		r = json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(hooks_fd, name, b.data, b.len, 0600);
	json_decref(j);
	buf_release(&b);
	return r;
}

static int read_record(int hooks_fd, const char *name, struct pull_hook_record *rec)
{
	const char *event, *id, *path;
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, RECORD_MAX);
	r = file_read(hooks_fd, name, RECORD_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, RECORD_MAX, &j);
	event = json_str(j, "event");
	id = json_str(j, "id");
	path = json_str(j, "path");
	if (r == SL_OK &&
	    (event == NULL || id == NULL || path == NULL ||
	     !json_i64(j, "version", &rec->version) || !json_i64(j, "serial", &rec->serial)))
		r = SL_E_CORRUPT;
	if (r == SL_OK) {
		(void)snprintf(rec->event, sizeof(rec->event), "%s", event);
		(void)snprintf(rec->id, sizeof(rec->id), "%s", id);
		(void)snprintf(rec->path, sizeof(rec->path), "%s", path);
	}
	json_decref(j);
	buf_release(&b);
	return r;
}

struct flush {
	struct pull_hook *hook;
	int dir, first;
	struct pull_hook_record *failed;
};

static int flush_one(const char *name, void *arg)
{
	struct flush *f = arg;
	struct pull_hook_record rec = {.serial = 0};
	int r = read_record(f->dir, name, &rec);

	if (r == SL_OK)
		r = pull_hook_run(f->hook, rec.event, rec.id, rec.version, rec.path);
	if (r == SL_OK || r == SL_E_CORRUPT || r == SL_E_FORMAT) {
		(void)unlinkat(f->dir, name, 0);
		return SL_OK;
	}
	if (f->first == SL_OK) {
		f->first = r;
		*f->failed = rec;
	}
	return r == SL_E_IO ? r : SL_OK; /* without a helper the others must wait as well */
}

int pull_hook_flush(struct pull_hook *h, int hooks_fd, struct pull_hook_record *ret_failed)
{
	struct flush f = {.hook = h, .dir = hooks_fd, .first = SL_OK, .failed = ret_failed};
	int r = file_each(hooks_fd, RECORDS_MAX, flush_one, &f);

	return f.first != SL_OK ? f.first : r;
}
