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
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/supervisor.h"
#include "sandbox/role.h"

static const char *const roles[] = {"receiver", "installer", "server"};
enum { N_ROLES = sizeof(roles) / sizeof(roles[0]) };

struct outlet {
	struct supervisor s;
	const struct outlet_config *c;
	struct process_spec spec[N_ROLES];
	char program[N_ROLES][DAEMON_PATH], config[PATH_MAX], libexec[DAEMON_PATH];
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

static int prepare(struct outlet *o, const char *config, struct sl_why *why)
{
	const struct supervisor_options options = {
		.what = "outlet", .lock = "outlet.lock", .pid = "outlet.pid", .mode = 0644};
	int r = make_layout(o->c, why);

	if (r == SL_OK)
		r = supervisor_open(&o->s, &options, o->c->data, why);
	if (r == SL_OK)
		r = supervisor_libexec(o->libexec, why);
	if (r == SL_OK && realpath(config, o->config) == NULL)
		r = why_set(why, SL_E_NOTFOUND, "%s: %s", config, strerror(errno));
	for (unsigned i = 0; r == SL_OK && i < N_ROLES; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "sluice-%s", roles[i]);
		r = file_join(o->program[i], DAEMON_PATH, o->libexec, name);
		o->spec[i] = (struct process_spec){
			.name = roles[i], .argv = {o->program[i], "--config", o->config, NULL}};
	}
	if (r == SL_OK)
		r = supervisor_start(&o->s, o->spec, N_ROLES);
	return r;
}

static int confine(const struct outlet *o, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	static const char *const loaders[] = {"/lib", "/lib64", "/usr/lib"};
	char announce[DAEMON_PATH], link[DAEMON_PATH];

	role_path(&p, "/", false, false);
	role_path(&p, o->c->data, true, false);
	role_path(&p, o->c->tree, true, false);
	/* A role writes its own uid map there; its own sandbox closes this again. */
	role_path(&p, "/proc", true, true);
	role_path(&p, "/dev/null", true, true);
	role_path(&p, o->c->link.directory, true, true);
	if (role_path_listen(&p, o->c->announce, announce, sizeof(announce)) != SL_OK ||
	    role_path_listen(&p, o->c->link.url, link, sizeof(link)) != SL_OK)
		return why_set(why, SL_E_CONFIG, "announce or link.url cannot be used");
	role_path(&p, o->libexec, false, false);
	p.path[p.n - 1].execute = true;
	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		role_path(&p, loaders[i], false, true);
		p.path[p.n - 1].execute = true; /* the dynamic loader is run like a program */
	}
	return role_sandbox("supervisor", &p, &o->c->sandbox.optional, why);
}

static bool complete(const struct outlet_config *c, const struct cli *cli)
{
	struct report report;
	bool ok;

	report_init(&report);
	daemon_check_all(c, &report);
	ok = report.all_ok;
	if (!ok)
		report_print(&report, cli);
	report_release(&report);
	return ok;
}

int daemon_run(const struct cli *c)
{
	struct outlet *o = calloc(1, sizeof(*o));
	struct outlet_config *config;
	struct sl_why why = {.text = ""};
	int code = CLI_REFUSED, r;

	log_init("sluice-outlet", LOG_LEVEL_INFO);
	config = daemon_config(c, &code);
	if (o == NULL || config == NULL || !complete(config, c))
		goto out;
	o->c = config;
	o->s.run_dir = o->s.lock = -1;
	r = prepare(o, c->config, &why);
	if (r == SL_OK)
		r = confine(o, &why);
	if (r == SL_OK)
		r = supervisor_watch(&o->s, &why);
	code = r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the outlet stopped"),
				     _("Cure the cause and start it again; no unit is lost."));
	supervisor_release(&o->s);
out:
	free(o);
	config_outlet_free(config);
	return code;
}
