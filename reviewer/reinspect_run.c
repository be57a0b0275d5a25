/* reinspect_run.c - fetch, fork, hand over descriptors, end.
 *
 * Drafts are not public: their bytes lie in files without a name, which are gone with the
 * last descriptor.  The program leads its own process group and ends with us. */
#include "reinspect_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

enum { FIRST_FD = 10, REQUEST_MAX = 4 << 20, ENDING_MAX = 8 };

/* Asked to end and not gone yet: filters that load their rules need up to three seconds,
 * which nobody at a terminal waits for. */
static pid_t ending[ENDING_MAX];
static unsigned n_ending;

struct handing {
	int request;
	const int *files; /* borrowed */
	unsigned n;
	char program[PATH_MAX];
};

void reinspect_run_init(struct reinspect_run *r)
{
	*r = (struct reinspect_run){.out = -1};
}

/* What is installed beside this program. */
static int libexec(char out[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return SL_E_IO;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return SL_E_IO;
	*slash = '\0';
	return file_join(out, PATH_MAX, self, "../libexec/sluice");
}

static int program_path(char out[PATH_MAX])
{
	char dir[PATH_MAX];
	int r = libexec(dir);

	return r == SL_OK ? file_join(out, PATH_MAX, dir, "sluice-reinspect") : r;
}

const char *reinspect_run_missing(const struct client_config *config)
{
	static const char *const programs[] = {"sluice-reinspect", "sluice-filter-type",
					       "sluice-filter-extract", "sluice-filter-match"};
	char dir[PATH_MAX], path[PATH_MAX];

	if (libexec(dir) != SL_OK)
		return "filters";
	for (unsigned i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (file_join(path, sizeof(path), dir, programs[i]) != SL_OK ||
		    access(path, X_OK) != 0)
			return "filters";
	}
	if (config->policies == NULL || !file_exists(AT_FDCWD, config->policies))
		return "rules";
	return NULL;
}

int reinspect_run_fetch(struct reinspect_run *r, struct session *s, const struct review_case *c,
			bool *ret_all, struct sl_why *why)
{
	bool whole = false;
	int e = SL_OK;

	if (r->fetched < c->n_files && r->n == r->fetched) {
		int fd = memfd_create("draft", MFD_CLOEXEC);

		if (fd < 0)
			return why_set(why, sl_err_errno(errno), "memfd: %s", strerror(errno));
		r->files[r->n++] = fd;
	}
	if (r->fetched < c->n_files)
		e = case_file_unread_more(s, c, r->fetched, r->files[r->fetched], &r->pieces,
					  &whole, why);
	r->fetched += whole ? 1 : 0;
	*ret_all = e == SL_OK && r->fetched == c->n_files;
	return e;
}

static json_t *file_rows(const struct review_case *c)
{
	json_t *rows = json_array();

	for (unsigned i = 0; i < c->n_files; i++) {
		const struct case_file *f = &c->files[i];

		(void)json_array_append_new(rows, json_pack("{s:i, s:s, s:s, s:i}", "index",
							    (int)f->index, "name", f->name,
							    "media_type", f->media_type, "fd",
							    FIRST_FD + (int)i));
	}
	return rows;
}

static int write_request(const struct client_config *config, const struct review_case *c,
			 const struct reinspect_ask *ask, struct handing *h)
{
	json_t *internal = json_object_get(c->shown, "internal"),
	       *inspected = json_object_get(c->shown, "inspected"), *j = NULL;
	char dir[PATH_MAX];
	struct buf b;
	int r = libexec(dir);

	buf_init(&b, REQUEST_MAX);
	if (r == SL_OK)
		j = json_pack("{s:s, s:s, s:s, s:b, s:b, s:I, s:I, s:O, s:o}", "libexec", dir,
			      "policies", config->policies, "database",
			      config->antivirus.database, "demo", (int)config->antivirus.demo,
			      "see", (int)ask->see, "seconds", (json_int_t)ask->seconds,
			      "see_seconds", (json_int_t)ask->see_seconds, "manifest",
			      c->manifest->json, "files", file_rows(c));
	if (r == SL_OK && j == NULL)
		r = SL_E_NOMEM;
	if (r == SL_OK &&
	    ((internal != NULL && json_object_set(j, "internal", internal) != 0) ||
	     (inspected != NULL && json_object_set(j, "inspected", inspected) != 0) ||
	     (ask->rules != NULL &&
	      json_object_set_new(j, "rules_sha256", json_string(ask->rules)) != 0) ||
	     (ask->version > 0 &&
	      json_object_set_new(j, "rules_version", json_integer(ask->version)) != 0)))
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = json_compact(j, &b);
	if (r == SL_OK) {
		h->request = file_in_memory(b.data, b.len);
		r = h->request < 0 ? h->request : SL_OK;
	}
	json_decref(j);
	buf_wipe(&b);
	return r;
}

/* In the child.  The descriptors first go above all places they shall have. */
static void become(const struct handing *h, int out)
{
	char *argv[] = {(char *)(uintptr_t)h->program, NULL};
	int high[CASE_FILES_MAX], quiet = open("/dev/null", O_WRONLY);
	int top = FIRST_FD + CASE_FILES_MAX;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (unsigned i = 0; i < h->n; i++)
		high[i] = fcntl(h->files[i], F_DUPFD_CLOEXEC, top);
	if (dup2(h->request, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(quiet, STDERR_FILENO) < 0)
		_exit(127);
	for (unsigned i = 0; i < h->n; i++) {
		if (high[i] < 0 || dup2(high[i], FIRST_FD + (int)i) < 0)
			_exit(127);
	}
	(void)execv(h->program, argv);
	_exit(127);
}

static int launch(struct reinspect_run *r, const struct handing *h, struct sl_why *why)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return why_set(why, sl_err_errno(errno), "pipe: %s", strerror(errno));
	r->pid = fork();
	if (r->pid == 0)
		become(h, ends[1]);
	file_close(ends[1]);
	if (r->pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
		int e = sl_err_errno(errno);

		file_close(ends[0]);
		r->pid = r->pid < 0 ? 0 : r->pid;
		reinspect_run_end(r);
		return why_set(why, e, "fork: %s", sl_strerror(e));
	}
	(void)setpgid(r->pid, r->pid); /* both do it: whoever comes first */
	r->out = ends[0];
	return SL_OK;
}

static void close_files(struct reinspect_run *r)
{
	for (unsigned i = 0; i < r->n; i++)
		file_close(r->files[i]);
	r->n = r->fetched = 0;
	case_pieces_release(&r->pieces);
}

int reinspect_run_start(struct reinspect_run *r, const struct client_config *config,
			const struct review_case *c, const struct reinspect_ask *ask,
			struct sl_why *why)
{
	struct handing *h = calloc(1, sizeof(*h));
	int e = h == NULL ? SL_E_NOMEM : SL_OK;

	if (e != SL_OK)
		return e;
	*h = (struct handing){.request = -1, .files = r->files, .n = r->n};
	e = program_path(h->program);
	if (e == SL_OK)
		e = write_request(config, c, ask, h);
	if (e == SL_OK)
		e = launch(r, h, why);
	close_files(r);
	file_close(h->request);
	free(h);
	return e;
}

void reinspect_run_reap(void)
{
	for (unsigned i = 0; i < n_ending;) {
		pid_t ended = waitpid(ending[i], NULL, WNOHANG);

		if (ended == ending[i] || (ended < 0 && errno == ECHILD))
			ending[i] = ending[--n_ending];
		else
			i++;
	}
}

static void let_go(pid_t pid)
{
	(void)kill(pid, SIGTERM);
	reinspect_run_reap();
	if (n_ending < ENDING_MAX) {
		ending[n_ending++] = pid;
		reinspect_run_reap();
		return;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* It ends its filters and removes its directory when asked to end. */
void reinspect_run_end(struct reinspect_run *r)
{
	if (r->pid > 0)
		let_go(r->pid);
	file_close(r->out);
	close_files(r);
	reinspect_run_init(r);
}
