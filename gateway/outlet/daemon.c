/* daemon.c - the outlet's supervisor: prepare, confine, start, watch, end in order.
 *
 * It opens no socket, reads no unit and holds no key.  Its own sandbox is what its
 * children can live with (they inherit it): Landlock, limits, no-new-privs. */
#include "outlet/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "sandbox/role.h"

enum { TURN_MS = 1000, GRACE_MS = 10000, STATUS_MAX = 1 << 18 };

static const char *const roles[] = {"receiver", "installer", "server"};
enum { N_ROLES = sizeof(roles) / sizeof(roles[0]) };

struct supervisor {
	const struct outlet_config *c;
	struct process_set *set;
	struct process_spec spec[N_ROLES];
	char program[N_ROLES][DAEMON_PATH], config[PATH_MAX], libexec[DAEMON_PATH];
	int run_dir, lock;
	bool up; /* every role was ready once */
	struct {
		enum process_state state;
		pid_t pid;
	} seen[N_ROLES]; /* what was logged last */
};

struct outlet_config *daemon_config(const struct cli *c, int *ret_exit)
{
	struct outlet_config *config = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL) {
		*ret_exit = cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				     _("Use --config outlet.yaml."));
		return NULL;
	}
	r = config_outlet_load(c->config, &config, &why);
	if (r != SL_OK) {
		*ret_exit = cli_fail(r, &why, _("the configuration cannot be used"), NULL);
		return NULL;
	}
	return config;
}

int daemon_libexec(char out[DAEMON_PATH], struct sl_why *why)
{
	char self[DAEMON_PATH];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return why_set(why, SL_E_IO, "/proc/self/exe: %s", strerror(errno));
	self[n] = '\0';
	/* Never from the environment, which could name other people's programs. */
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(self, '/');

		if (slash == NULL)
			return why_set(why, SL_E_IO, "%s has no directory", self);
		*slash = '\0';
	}
	return file_join(out, DAEMON_PATH, self, "libexec/sluice");
}

static int make_layout(const struct outlet_config *c, struct sl_why *why)
{
	static const char *const dirs[] = {"quarantine", "quarantine/refused", "state",
					   "status", "run"};
	char metadata[DAEMON_PATH];
	int r = file_join(metadata, sizeof(metadata), c->tree, "metadata");

	for (size_t i = 0; r == SL_OK && i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		int fd = role_directory(c->data, dirs[i], why);

		r = fd < 0 ? fd : SL_OK;
		file_close(fd);
	}
	/* The tree is for everyone, other web servers included. */
	if (r == SL_OK)
		r = file_mkdirs(metadata, 0755);
	return r == SL_OK ? r : why_set(why, r, "%s or %s cannot be made", c->data, c->tree);
}

static int take_lock(struct supervisor *s, struct sl_why *why)
{
	s->run_dir = role_directory(s->c->data, "run", why);
	if (s->run_dir < 0)
		return s->run_dir;
	s->lock = openat(s->run_dir, "outlet.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			 0600);
	if (s->lock < 0)
		return why_set(why, sl_err_errno(errno), "run/outlet.lock: %s",
			       strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return why_set(why, SL_E_UNREACHABLE, "an outlet runs already in %s",
			       s->c->data);
	return SL_OK;
}

static void put_file(const struct supervisor *s, const char *name, const char *text)
{
	int r = file_write_durable(s->run_dir, name, text, strlen(text), 0644);

	if (r != SL_OK)
		log_err("run.file", "name=%s error=%s", name, sl_errname(r));
}

static void drop_file(const struct supervisor *s, const char *name)
{
	if (unlinkat(s->run_dir, name, 0) != 0 && errno != ENOENT)
		log_err("run.file", "name=%s error=%s", name, strerror(errno));
}

static int prepare(struct supervisor *s, const char *config, struct sl_why *why)
{
	char pid[32];
	int r = make_layout(s->c, why);

	if (r == SL_OK)
		r = take_lock(s, why);
	if (r == SL_OK)
		r = daemon_libexec(s->libexec, why);
	if (r == SL_OK && realpath(config, s->config) == NULL)
		r = why_set(why, SL_E_NOTFOUND, "%s: %s", config, strerror(errno));
	for (unsigned i = 0; r == SL_OK && i < N_ROLES; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "sluice-%s", roles[i]);
		r = file_join(s->program[i], DAEMON_PATH, s->libexec, name);
		s->spec[i] = (struct process_spec){
			.name = roles[i], .argv = {s->program[i], "--config", s->config, NULL}};
	}
	if (r == SL_OK)
		r = process_set_new(s->spec, N_ROLES, &s->set);
	if (r != SL_OK)
		return r;
	drop_file(s, "ready");
	(void)snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	put_file(s, "outlet.pid", pid);
	return SL_OK;
}

static int confine(const struct supervisor *s, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	static const char *const loaders[] = {"/lib", "/lib64", "/usr/lib"};
	char announce[DAEMON_PATH], link[DAEMON_PATH];

	role_path(&p, "/", false, false);
	role_path(&p, s->c->data, true, false);
	role_path(&p, s->c->tree, true, false);
	/* A role writes its own uid map there; its own sandbox closes this again. */
	role_path(&p, "/proc", true, true);
	role_path(&p, "/dev/null", true, true);
	role_path(&p, s->c->link.directory, true, true);
	if (role_path_listen(&p, s->c->announce, announce, sizeof(announce)) != SL_OK ||
	    role_path_listen(&p, s->c->link.url, link, sizeof(link)) != SL_OK)
		return why_set(why, SL_E_CONFIG, "announce or link.url cannot be used");
	role_path(&p, s->libexec, false, false);
	p.path[p.n - 1].execute = true;
	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		role_path(&p, loaders[i], false, true);
		p.path[p.n - 1].execute = true; /* the dynamic loader is run like a program */
	}
	return role_sandbox("supervisor", &p, &s->c->sandbox.optional, why);
}

static void write_status(const struct supervisor *s, const char *state)
{
	json_t *j = json_pack("{s:I,s:i,s:o*,s:s}", "at", (json_int_t)clock_now(), "pid",
			      (int)getpid(), "roles", process_set_json(s->set), "state", state);
	struct buf b;

	buf_init(&b, STATUS_MAX);
	if (j != NULL && json_compact(j, &b) == SL_OK)
		put_file(s, "status.json", buf_str(&b));
	buf_release(&b);
	json_decref(j);
}

static void log_changes(struct supervisor *s)
{
	for (unsigned i = 0; i < process_set_count(s->set); i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
		if (v.state == s->seen[i].state && v.pid == s->seen[i].pid)
			continue;
		if (v.state == PROCESS_READY)
			log_info("role.ready", "role=%s pid=%ld", v.name, (long)v.pid);
		else if (v.state == PROCESS_BACKOFF)
			log_warn("role.ended", "role=%s restarts=%u why=%s", v.name, v.restarts,
				 log_q(v.reason));
		s->seen[i].state = v.state;
		s->seen[i].pid = v.pid;
	}
}

/* A role that cannot work at the first start ends everything with its reason. */
static int judge_start(struct supervisor *s, struct sl_why *why)
{
	for (unsigned i = 0; i < process_set_count(s->set); i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
		if ((v.said_failed && v.state == PROCESS_BACKOFF) || v.looping)
			return why_set(why, SL_E_STATE, "%s: %s", v.name, v.reason);
	}
	if (!process_set_ready(s->set))
		return SL_OK;
	s->up = true;
	write_status(s, "running");
	put_file(s, "ready", "ready\n");
	log_info("outlet.ready", "roles=%u", process_set_count(s->set));
	return SL_OK;
}

static int watch(struct supervisor *s, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK && process_set_step(s->set, TURN_MS) == SL_OK) {
		log_changes(s);
		if (!s->up)
			r = judge_start(s, why);
		if (process_set_changed(s->set))
			write_status(s, s->up ? "running" : "starting");
	}
	log_info("outlet.stopping", "pid=%ld", (long)getpid());
	process_set_stop(s->set, GRACE_MS);
	drop_file(s, "ready");
	drop_file(s, "outlet.pid");
	write_status(s, "down");
	return r;
}

static bool complete(const struct outlet_config *c, const struct cli *cli)
{
	struct daemon_report report;
	bool ok;

	daemon_report_init(&report);
	daemon_check_all(c, &report);
	ok = report.all_ok;
	if (!ok)
		daemon_report_print(&report, cli);
	daemon_report_release(&report);
	return ok;
}

int daemon_run(const struct cli *c)
{
	struct supervisor *s = calloc(1, sizeof(*s));
	struct outlet_config *config;
	struct sl_why why = {.text = ""};
	int code = CLI_REFUSED, r;

	log_init("sluice-outlet", LOG_LEVEL_INFO);
	config = daemon_config(c, &code);
	if (s == NULL || config == NULL || !complete(config, c))
		goto out;
	s->c = config;
	s->run_dir = s->lock = -1;
	r = prepare(s, c->config, &why);
	if (r == SL_OK)
		r = confine(s, &why);
	if (r == SL_OK)
		r = watch(s, &why);
	code = r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the outlet stopped"),
				     _("Cure the cause and start it again; no unit is lost."));
	process_set_free(s->set);
	file_close(s->lock);
	file_close(s->run_dir);
out:
	free(s);
	config_outlet_free(config);
	return code;
}
