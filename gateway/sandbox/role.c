/* role.c - what all roles have in common at start.
 *
 * Invariant: everything opened here is opened before a byte from outside is read. */
#include "sandbox/role.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/process.h"

enum { STATUS_MAX = 1 << 20 };

static volatile sig_atomic_t stopping;

void role_path(struct role_paths *p, const char *path, bool write, bool optional)
{
	if (path == NULL)
		return;
	BUG(p->n >= ROLE_PATHS_MAX);
	p->path[p->n++] =
		(struct sandbox_path){.path = path, .write = write, .optional = optional};
	p->path[p->n] = (struct sandbox_path){.path = NULL};
}

void role_paths_network(struct role_paths *p)
{
	static const char *const files[] = {
		"/etc/resolv.conf", "/etc/hosts",     "/etc/nsswitch.conf",
		"/etc/gai.conf",    "/etc/host.conf", "/etc/services",
		"/etc/ssl",	    "/usr/lib/ssl",   "/usr/share/ca-certificates",
		"/dev/urandom"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		role_path(p, files[i], false, true);
}

int role_path_listen(struct role_paths *p, const char *url, char *out, size_t cap)
{
	char *slash;
	int r;

	if (url == NULL || strncmp(url, "ipc://", 6) != 0)
		return SL_OK;
	if (strlen(url + 6) >= cap)
		return SL_E_LIMIT;
	(void)snprintf(out, cap, "%s", url + 6);
	slash = strrchr(out, '/');
	if (slash == NULL || slash == out)
		return SL_E_CONFIG;
	(void)unlink(out);
	*slash = '\0';
	r = file_mkdirs(out, 0755);
	if (r == SL_OK)
		role_path(p, out, true, false);
	return r;
}

static void on_signal(int sig)
{
	(void)sig;
	stopping = 1;
}

void role_signals(void)
{
	struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};

	(void)sigaction(SIGTERM, &stop, NULL);
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

bool role_stopping(void)
{
	return stopping != 0;
}

void role_listener_renewed(void *arg, const char *url)
{
	(void)arg;
	log_warn("listener.renewed", "address=%s", log_q(url));
}

int role_directory(const char *data, const char *name, struct sl_why *why)
{
	char path[4096];
	int r = file_join(path, sizeof(path), data, name);

	if (r == SL_OK)
		r = file_mkdirs(path, 0700);
	if (r == SL_OK)
		r = file_open_dir(AT_FDCWD, path);
	return r >= 0 ? r : why_set(why, r, "%s/%s cannot be used", data, name);
}

int role_sandbox(const char *role, const struct role_paths *p,
		 const struct config_list *optional, struct sl_why *why)
{
	const struct sandbox_profile *known = sandbox_profile_named(role);
	struct sandbox_profile profile;
	unsigned layers = 0;
	int r = sandbox_optional(optional, &layers, why);

	if (r != SL_OK)
		return r;
	if (known == NULL)
		return why_set(why, SL_E_SANDBOX, "there is no sandbox profile named %s", role);
	profile = *known;
	profile.paths = p->n > 0 ? p->path : NULL;
	return sandbox_enter(&profile, layers, NULL, why);
}

void role_status(int dir_fd, const char *name, json_t *j)
{
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, STATUS_MAX);
	if (j != NULL)
		r = json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(dir_fd, name, b.data, b.len, 0644);
	if (r != SL_OK)
		log_warn("status", "file=%s error=%s", name, sl_errname(r));
	buf_release(&b);
	json_decref(j);
}

int role_run(const struct cli *c, int (*work)(const char *config, struct sl_why *why),
	     const char *stopped)
{
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config FILE."));
	r = work(c->config, &why);
	if (r == SL_OK)
		return CLI_DONE;
	process_say_failed(why_text(&why, r));
	return cli_fail(r, &why, stopped, NULL);
}

int role_main(const char *name, const char *about, int (*run)(const struct cli *c), int argc,
	      char **argv)
{
	const struct cli_command commands[] = {
		{"", "", N_("Run until stopped; started by the supervisor."), NULL, 0, 0, run},
		{.name = NULL},
	};
	const struct cli_program program = {.name = name, .about = about, .commands = commands};

	i18n_init();
	log_init(name, LOG_LEVEL_INFO);
	return cli_main(&program, argc, argv);
}
