/* daemon_check.c - is everything there that outlet.yaml names, and is the host fit? */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/supervisor.h"
#include "base/text.h"
#include "link/quarantine.h"
#include "outlet/daemon.h"
#include "outlet/daemon_link.h"
#include "sandbox/doctor.h"

static int print_json(json_t *j, bool well)
{
	return json_print_take(j) == SL_OK && well ? CLI_DONE : CLI_REFUSED;
}

static void check_file(struct report *r, const char *name, const char *path, bool secret,
		       const char *next)
{
	struct stat st;

	if (path == NULL)
		report_add(r, name, false, next, "%s", _("not set"));
	else if (stat(path, &st) != 0 || access(path, R_OK) != 0)
		report_add(r, name, false, next, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		report_add(r, name, false, next, "%s: %s", path, _("is not a file"));
	else if (secret && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		report_add(r, name, false, next, "%s: %s", path,
			   _("others on this host can read it"));
	else
		report_add(r, name, true, NULL, "%s", path);
}

static void check_directory(struct report *r, const char *name, const char *path)
{
	struct stat st;

	if (path == NULL || stat(path, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    access(path, R_OK | W_OK | X_OK) != 0)
		report_add(r, name, false,
			   _("Create or mount the directory; the outlet must be able to "
			     "write to it."),
			   "%s", path != NULL ? path : _("not set"));
	else
		report_add(r, name, true, NULL, "%s", path);
}

/* The nearest directory that exists: what is missing is made at start. */
static int open_nearest(const char *path)
{
	char dir[DAEMON_PATH];
	char *slash;
	int fd;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	while ((fd = file_open_dir(AT_FDCWD, dir)) < 0 && (slash = strrchr(dir, '/')) != NULL &&
	       slash != dir)
		*slash = '\0';
	return fd;
}

static void check_data(struct report *r, const struct outlet_config *c)
{
	int fd = open_nearest(c->data);

	report_add(r, "data", fd >= 0 && faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0,
		   _("Give the outlet's user a data directory that it may write to."), "%s",
		   c->data);
	file_close(fd);
}

void daemon_check_all(const struct outlet_config *c, struct report *r)
{
	struct sl_why why = {.text = ""};
	char libexec[DAEMON_PATH] = "", program[DAEMON_PATH + 32];
	unsigned layers = 0;
	bool stream = strcmp(c->link.mode, "stream") == 0,
	     directory = strcmp(c->link.mode, "directory") == 0;
	int e = supervisor_libexec(libexec, &why);

	(void)snprintf(program, sizeof(program), "%s/sluice-installer", libexec);
	report_add(r, "programs", e == SL_OK && access(program, X_OK) == 0,
		   _("Install Sluice again, completely."), "%s", libexec);
	check_data(r, c);
	check_file(r, "trust_root", c->trust_root, false,
		   _("Copy the custodians' root.json here."));
	check_file(r, "link.key", c->link.key, true,
		   _("Create it with sluice-keys generate --use link, and chmod 600 it."));
	for (unsigned i = 0; i < c->link.old_keys.n; i++)
		check_file(r, "link.old_keys", c->link.old_keys.item[i], true,
			   _("An earlier link key; take it off the list when it is gone."));
	check_file(r, "link.signer", c->link.signer, false,
		   _("Copy the gateway's public key here."));
	if (stream && strncmp(c->link.url, "tls", 3) == 0) {
		check_file(
			r, "link.certificate", c->link.certificate, true,
			_("A PEM file with certificate and key, readable by the outlet only."));
		check_file(r, "link.ca", c->link.ca, false,
			   _("Copy the gateway's certificate here, without its key."));
	}
	if (directory)
		check_directory(r, "link.directory", c->link.directory);
	for (unsigned i = 0; !stream && !directory && i < c->link.mac_keys.n; i++)
		check_file(r, "link.mac_keys", c->link.mac_keys.item[i], true,
			   _("Copy the gateway's link.mac_key here, and chmod 600 it."));
	e = sandbox_optional(&c->sandbox.optional, &layers, &why);
	if (e != SL_OK)
		report_add(r, "sandbox", false, NULL, "%s", why_text(&why, e));
}

int daemon_check(const struct cli *c)
{
	struct outlet_config *config;
	struct report report;
	int code = CLI_DONE;

	config = daemon_config(c, &code);
	if (config == NULL)
		return code;
	report_init(&report);
	daemon_check_all(config, &report);
	if (c->json) {
		code = print_json(json_pack("{s:O,s:b}", "checks", report.items, "ok",
					    (int)report.all_ok),
				  report.all_ok);
	} else {
		report_print(&report, c);
		(void)printf("%s%s%s\n", cli_paint(c, CLI_BOLD),
			     report.all_ok
				     ? _("The configuration is complete.")
				     : _("The outlet cannot start with this configuration."),
			     cli_paint(c, CLI_RESET));
		code = report.all_ok ? CLI_DONE : CLI_REFUSED;
	}
	report_release(&report);
	config_outlet_free(config);
	return code;
}

static void look_at_host(const struct outlet_config *c, struct report *r)
{
	int fd = open_nearest(c->data);
	uint64_t bytes = fd < 0 ? 0 : file_free_space(fd);
	char now[CLOCK_TEXT + 1], path[DAEMON_PATH];
	struct stat st;
	bool later;

	file_close(fd);
	report_add(r, "disk", bytes > 2 * QUARANTINE_SPARE_BYTES,
		   _("Free some space: nothing is read from the link meanwhile."),
		   _("%llu MiB free"), (unsigned long long)(bytes >> 20));
	clock_format(clock_now(), now);
	later = file_join(path, sizeof(path), c->tree, "metadata/timestamp.json") == SL_OK &&
		stat(path, &st) == 0 && (int64_t)st.st_mtime > clock_now() + 300;
	report_add(r, "clock", !later,
		   _("Set the clock: it is earlier than the newest timestamp."), "%s", now);
	report_add(r, "link", true, NULL, "%s %s", c->link.mode,
		   strcmp(c->link.mode, "udp") == 0	 ? c->link.listen
		   : strcmp(c->link.mode, "stream") == 0 ? c->link.url
							 : c->link.directory);
}

int daemon_doctor(const struct cli *c)
{
	static const char *const profiles[] = {"supervisor", "receiver", "receiver-udp",
					       "installer",  "server",	 NULL};
	struct doctor *d = calloc(1, sizeof(*d));
	struct outlet_config *config;
	struct settings settings;
	struct report report;
	struct sl_why why = {.text = ""};
	unsigned optional = 0;
	int code = CLI_REFUSED, r;
	bool well, udp;

	report_init(&report);
	settings_init(&settings);
	config = daemon_config(c, &code);
	if (d == NULL || config == NULL)
		goto out;
	udp = strcmp(config->link.mode, "udp") == 0;
	if (cli_has(c, "probe")) {
		code = udp ? daemon_link_probe(c, config)
			   : cli_fail(SL_E_UNSUPPORTED, NULL,
				      _("only a link of mode udp can be measured"), NULL);
		goto out;
	}
	r = sandbox_optional(&config->sandbox.optional, &optional, &why);
	if (r == SL_OK)
		r = doctor_examine(profiles, optional, d);
	if (r != SL_OK) {
		code = cli_fail(r, &why, _("the sandbox could not be tried"), NULL);
		goto out;
	}
	look_at_host(config, &report);
	if (udp)
		daemon_link_look(config, &report, &settings);
	well = d->as_promised && report.all_ok;
	if (c->json) {
		code = print_json(json_pack("{s:O,s:O,s:b,s:o*}", "commands", settings.items,
					    "host", report.items, "ok", (int)well, "roles",
					    doctor_json(d)),
				  well);
		goto out;
	}
	doctor_print(d, c);
	report_print(&report, c);
	settings_print(&settings, c);
	(void)printf("%s%s%s\n", cli_paint(c, CLI_BOLD),
		     well ? _("This host is fit to run the outlet.")
			  : _("This host needs attention."),
		     cli_paint(c, CLI_RESET));
	code = well ? CLI_DONE : CLI_REFUSED;
out:
	settings_release(&settings);
	report_release(&report);
	free(d);
	config_outlet_free(config);
	return code;
}
