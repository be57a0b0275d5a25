/* filters.c - start the filter programs and wait until each of them is ready.
 *
 * A filter that does not say "ready" is a filter that is not there: the caller
 * gets its own words about why, and nothing starts.  Only the one that sees may be
 * missing: what needs it is held then. */
#include "inspect/inspect.h"

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
#include "sandbox/sandbox.h"

enum { AV = 1, SEE = 3, MATCH = 4, OFFICE = 5, FILTERS = 6 };
enum { READY_FD = 3, READY_MS = 180000, STOP_MS = 3000, ARGS_MAX = 20, WORD = 32 };

static const char *const names[FILTERS] = {"type", "av", "extract", "see", "match", "office"};

struct filters {
	const struct filters_options *o; /* borrowed */
	pid_t pid[FILTERS];		 /* 0: not running */
};

struct line {
	char program[4096], socket[256], bytes[WORD], seconds[WORD], age[WORD], layers[160];
	char *argv[ARGS_MAX];
};

static void name_layers(unsigned layers, char *out, size_t cap)
{
	out[0] = '\0';
	for (unsigned bit = 1; bit != 0 && bit <= SANDBOX_NO_DUMP; bit <<= 1) {
		size_t n = strlen(out);

		if ((layers & bit) != 0)
			(void)snprintf(out + n, cap - n, "%s%s", n > 0 ? "," : "",
				       sandbox_layer_name(bit));
	}
}

static void add(struct line *l, unsigned *n, const char *option, char *value)
{
	BUG(*n + 2 >= ARGS_MAX);
	l->argv[(*n)++] = (char *)(uintptr_t)option;
	if (value != NULL)
		l->argv[(*n)++] = value;
}

static int make_line(const struct filters_options *o, unsigned which, struct line *l)
{
	unsigned n = 0;

	memset(l, 0, sizeof(*l));
	if (snprintf(l->program, sizeof(l->program), "%s/sluice-filter-%s", o->libexec,
		     names[which]) >= (int)sizeof(l->program) ||
	    snprintf(l->socket, sizeof(l->socket), "%s/%s.sock", o->socket_dir, names[which]) >=
		    (int)sizeof(l->socket))
		return SL_E_LIMIT;
	(void)snprintf(l->bytes, sizeof(l->bytes), "%llu", (unsigned long long)o->file_bytes);
	(void)snprintf(l->seconds, sizeof(l->seconds), "%u",
		       which == SEE && o->see_seconds > 0 ? o->see_seconds : o->seconds);
	(void)snprintf(l->age, sizeof(l->age), "%u", o->av_max_age_days);
	name_layers(o->sandbox_optional, l->layers, sizeof(l->layers));
	add(l, &n, l->program, NULL);
	add(l, &n, "--socket", l->socket);
	add(l, &n, "--bytes", l->bytes);
	add(l, &n, "--seconds", l->seconds);
	if (l->layers[0] != '\0')
		add(l, &n, "--optional", l->layers);
	if (which == AV) {
		add(l, &n, "--database", (char *)(uintptr_t)o->av_database);
		add(l, &n, "--max-age", l->age);
		if (o->av_demo)
			add(l, &n, "--demo", NULL);
	}
	if (which == MATCH)
		add(l, &n, "--policies", (char *)(uintptr_t)o->policies);
	if (which == OFFICE && o->office != NULL)
		add(l, &n, "--office", (char *)(uintptr_t)o->office);
	return SL_OK;
}

static int start_one(const struct filters_options *o, unsigned which, pid_t *ret_pid,
		     int *ret_ready, struct sl_why *why)
{
	struct line l;
	int ends[2];
	pid_t pid;

	if (make_line(o, which, &l) != SL_OK)
		return why_set(why, SL_E_LIMIT, "%s: path too long", o->socket_dir);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return why_set(why, sl_err_errno(errno), "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		/* dup2 on itself would keep close-on-exec. */
		if (ends[1] == READY_FD ? fcntl(READY_FD, F_SETFD, 0) != 0
					: dup2(ends[1], READY_FD) < 0)
			_exit(127);
		(void)execv(l.program, l.argv);
		(void)dprintf(READY_FD, "failed: %s: %s\n", l.program, strerror(errno));
		_exit(127);
	}
	file_close(ends[1]);
	if (pid < 0) {
		file_close(ends[0]);
		return why_set(why, sl_err_errno(errno), "fork: %s", strerror(errno));
	}
	*ret_pid = pid;
	*ret_ready = ends[0];
	return SL_OK;
}

/* The one line a filter says; anything but "ready" is its reason. */
static int wait_ready(int fd, const char *name, int64_t deadline, struct sl_why *why)
{
	char line[sizeof(why->text)];
	size_t n = 0;

	while (n + 1 < sizeof(line) && (n == 0 || line[n - 1] != '\n')) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - clock_mono_ms();
		ssize_t got;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return why_set(why, SL_E_TIMEOUT, "filter %s is not ready in time",
				       name);
		got = read(fd, line + n, sizeof(line) - 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	while (n > 0 && line[n - 1] == '\n')
		n--;
	line[n] = '\0';
	if (strcmp(line, "ready") == 0)
		return SL_OK;
	return why_set(why, SL_E_CONFIG, "filter %s: %.400s", name,
		       n > 0 ? line : "ended without a word");
}

int filters_start(const struct filters_options *o, struct filters **ret_f, struct sl_why *why)
{
	struct filters *f = calloc(1, sizeof(*f));
	int ready[FILTERS] = {-1, -1, -1, -1, -1, -1};
	int64_t deadline = clock_mono_ms() + READY_MS;
	int r = f == NULL ? SL_E_NOMEM : SL_OK;

	/* All load at the same time; the engine's signatures take the longest. */
	for (unsigned i = 0; r == SL_OK && i < FILTERS; i++) {
		if ((i == SEE && o->late_see) || (i == OFFICE && o->late_office) ||
		    (i == AV && o->av_database == NULL))
			continue;
		r = start_one(o, i, &f->pid[i], &ready[i], why);
	}
	for (unsigned i = 0; r == SL_OK && i < FILTERS; i++) {
		struct sl_why own = {{0}};

		if (ready[i] < 0)
			continue;
		r = wait_ready(ready[i], names[i], deadline, i == SEE ? &own : why);
		if (i == SEE)
			r = SL_OK; /* it has logged why */
	}
	for (unsigned i = 0; i < FILTERS; i++)
		file_close(ready[i]);
	if (r != SL_OK) {
		filters_stop(f);
		return r;
	}
	f->o = o;
	*ret_f = f;
	return SL_OK;
}

void filters_need(struct filters *f, const char *name)
{
	struct sl_why own = {{0}};
	unsigned which = 0;
	int ready = -1;

	while (which < FILTERS && strcmp(names[which], name) != 0)
		which++;
	if (which == FILTERS || f->pid[which] != 0 ||
	    (which == AV && f->o->av_database == NULL))
		return;
	/* Without it what needs it is held; it has logged why. */
	if (start_one(f->o, which, &f->pid[which], &ready, &own) == SL_OK)
		(void)wait_ready(ready, names[which], clock_mono_ms() + READY_MS, &own);
	file_close(ready);
}

static bool gone(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) != 0;
}

void filters_stop(struct filters *f)
{
	int64_t deadline = clock_mono_ms() + STOP_MS;

	if (f == NULL)
		return;
	for (unsigned i = 0; i < FILTERS; i++) {
		if (f->pid[i] > 0)
			(void)kill(f->pid[i], SIGTERM);
	}
	for (unsigned i = 0; i < FILTERS; i++) {
		while (f->pid[i] > 0 && !gone(f->pid[i])) {
			if (clock_mono_ms() >= deadline)
				(void)kill(f->pid[i], SIGKILL);
			(void)poll(NULL, 0, 5);
		}
	}
	free(f);
}
