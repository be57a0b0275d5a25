/* sluiced_check.c - is everything there that the configuration names, and private enough? */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox/sandbox.h"

enum { KEYS_IN_DIRECTORY_MAX = 64, IPC_PREFIX = 6 };

static void check_present(struct report *r, const char *name, const char *path, mode_t type,
			  const char *next)
{
	struct stat st;

	if (stat(path, &st) != 0)
		report_add(r, name, false, next, "%s: %s", path, strerror(errno));
	else if ((st.st_mode & S_IFMT) != type)
		report_add(r, name, false, next, "%s: %s", path,
			   type == S_IFDIR ? _("is not a directory") : _("is not a file"));
	else if (access(path, type == S_IFDIR ? R_OK | X_OK : R_OK) != 0)
		report_add(r, name, false, next, "%s: %s", path, strerror(errno));
	else
		report_add(r, name, true, NULL, "%s", path);
}

/* A secret is a file that nobody but its owner can read. */
static const char *secret_problem(int dir, const char *path, bool want_directory)
{
	struct stat st;

	if (fstatat(dir, path, &st, 0) != 0)
		return strerror(errno);
	if (want_directory && !S_ISDIR(st.st_mode))
		return _("is not a directory");
	if (!want_directory && !S_ISREG(st.st_mode))
		return _("is not a file");
	if (faccessat(dir, path, R_OK, AT_EACCESS) != 0)
		return strerror(errno);
	if (!want_directory && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return _("others on this host can read it");
	if (want_directory && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return _("others on this host can change it");
	return NULL;
}

struct key_directory {
	int dir;
	const char *bad, *bad_name;
	char name[256];
};

static int check_key_in_directory(const char *name, void *arg)
{
	struct key_directory *k = arg;
	size_t len = strlen(name);

	/* Public halves may be read by all. */
	if (len > 4 && strcmp(name + len - 4, ".pub") == 0)
		return SL_OK;
	k->bad = secret_problem(k->dir, name, false);
	if (k->bad == NULL)
		return SL_OK;
	(void)snprintf(k->name, sizeof(k->name), "%s", name);
	k->bad_name = k->name;
	return SL_E_DENIED;
}

static void check_secret(struct report *r, const char *name, const char *path)
{
	const char *bad = secret_problem(AT_FDCWD, path, false);

	report_add(r, name, bad == NULL,
		   _("Create it with sluice-keys generate, and chmod 600 it."), "%s%s%s", path,
		   bad != NULL ? ": " : "", bad != NULL ? bad : "");
}

static void check_secrets(struct report *r, const char *name, const char *path)
{
	const char *bad = secret_problem(AT_FDCWD, path, true);
	struct key_directory k = {.dir = -1, .bad_name = ""};

	if (bad == NULL) {
		k.dir = file_open_dir(AT_FDCWD, path);
		bad = k.dir < 0 ? sl_strerror(k.dir) : NULL;
	}
	if (bad == NULL &&
	    file_each(k.dir, KEYS_IN_DIRECTORY_MAX, check_key_in_directory, &k) != SL_OK)
		bad = k.bad != NULL ? k.bad : _("too many files");
	file_close(k.dir);
	report_add(r, name, bad == NULL,
		   _("Create the keys in it with sluice-keys generate, and chmod 600 them."),
		   "%s%s%s%s%s", path, k.bad_name[0] != '\0' ? "/" : "", k.bad_name,
		   bad != NULL ? ": " : "", bad != NULL ? bad : "");
}

static void check_keys(const struct gateway_config *c, struct report *r)
{
	const struct {
		const char *name, *path;
	} keys[] = {
		{"keys.desk", c->keys.desk},	       {"keys.inspector", c->keys.inspector},
		{"keys.gateway", c->keys.gateway},     {"keys.snapshot", c->keys.snapshot},
		{"keys.timestamp", c->keys.timestamp}, {"keys.link", c->keys.link},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].path != NULL)
			check_secret(r, keys[i].name, keys[i].path);
	}
	check_secrets(r, "keys.releaser", c->keys.releaser);
	check_secrets(r, "keys.checker", c->keys.checker);
	if (c->keys.link == NULL || c->link.outlet_key == NULL)
		report_add(r, "link", false, _("Set keys.link and link.outlet_key."),
			   _("units cannot be sealed for the outlet without both keys"));
	if (c->keys.seal.n == 0)
		report_add(r, "keys.seal", false,
			   _("List the secrecy officers' public seal keys."),
			   _("a spill could not be sealed to anyone"));
	for (unsigned i = 0; i < c->keys.seal.n; i++)
		check_present(r, "keys.seal", c->keys.seal.item[i], S_IFREG,
			      _("Ask the secrecy officer for the public key file."));
}

static void check_listeners(const struct gateway_config *c, struct report *r)
{
	if (c->tls_certificate != NULL)
		check_secret(r, "tls_certificate", c->tls_certificate);
	for (unsigned i = 0; i < c->listen.n; i++) {
		const char *url = c->listen.item[i];
		char dir[SLUICED_PATH];
		char *slash;

		if (strncmp(url, "ipc://", IPC_PREFIX) != 0)
			continue;
		(void)snprintf(dir, sizeof(dir), "%s", url + IPC_PREFIX);
		slash = strrchr(dir, '/');
		if (slash != NULL)
			*slash = '\0';
		/* Below the data directory it is made at start. */
		if (strncmp(dir, c->data, strlen(c->data)) == 0)
			report_add(r, "listen", true, NULL, "%s", url);
		else
			check_present(r, "listen", dir, S_IFDIR,
				      _("Create the socket's directory."));
	}
}

static void check_link(const struct gateway_config *c, struct report *r)
{
	if (c->link.outlet_key != NULL)
		check_present(r, "link.outlet_key", c->link.outlet_key, S_IFREG,
			      _("Copy the outlet's public link key here."));
	if (c->link.ca != NULL)
		check_present(r, "link.ca", c->link.ca, S_IFREG,
			      _("Copy the outlet's certificate here."));
	if (c->link.certificate != NULL) {
		const char *bad = secret_problem(AT_FDCWD, c->link.certificate, false);

		report_add(r, "link.certificate", bad == NULL,
			   _("A PEM file with certificate and key, readable by the gateway "
			     "only."),
			   "%s%s%s", c->link.certificate, bad != NULL ? ": " : "",
			   bad != NULL ? bad : "");
	}
	if (strcmp(c->link.mode, "udp") == 0)
		check_secret(r, "link.mac_key", c->link.mac_key);
	if (strcmp(c->link.mode, "directory") == 0)
		check_present(r, "link.directory", c->link.directory, S_IFDIR,
			      _("Create or mount the transfer directory."));
}

static void check_data(const struct gateway_config *c, struct report *r)
{
	char dir[SLUICED_PATH];
	char *slash;

	(void)snprintf(dir, sizeof(dir), "%s", c->data);
	while (access(dir, F_OK) != 0 && (slash = strrchr(dir, '/')) != NULL && slash != dir)
		*slash = '\0';
	report_add(r, "data", access(dir, W_OK | X_OK) == 0,
		   _("Give the gateway's user a data directory that it may write to; "
		     "\"sluiced export FILE\" reads what is in it all the same."),
		   "%s", c->data);
}

static void check_programs(const struct gateway_config *c, struct report *r)
{
	static struct sluiced_roles roles; /* large, and used once */
	char libexec[SLUICED_PATH];
	struct sl_why why = {.text = ""};
	int e = supervisor_libexec(libexec, &why);

	if (e == SL_OK)
		e = sluiced_roles_fill(c, "", libexec, SLUICED_STORE_SOUND, &roles, &why);
	if (e != SL_OK) {
		report_add(r, "programs", false, NULL, "%s", why_text(&why, e));
		return;
	}
	for (unsigned i = 0; i < roles.n; i++) {
		if (access(roles.spec[i].argv[0], X_OK) != 0) {
			report_add(r, "programs", false, _("Install Sluice again, completely."),
				   "%s: %s", roles.spec[i].argv[0], strerror(errno));
			return;
		}
	}
	report_add(r, "programs", true, NULL, "%s", libexec);
}

static void check_rules(const struct gateway_config *c, struct report *r)
{
	struct sluiced_installed found;
	struct sl_why why = {.text = ""};
	int e = sluiced_rules_look(c, &found, &why);

	if (e == SL_OK)
		report_add(r, "rules", true, NULL, _("version %u, signed by %s and %s"),
			   found.version, found.pid[0], found.pid[1]);
	else
		report_add(r, "rules", false,
			   _("Two secrecy officers sign the directory with sluice-policy sign; "
			     "then sluiced policy install DIR."),
			   "%s", why_text(&why, e));
}

void sluiced_check_all(const struct gateway_config *c, struct report *r)
{
	struct sl_why why = {.text = ""};
	char dir[SLOT_PATH];
	unsigned layers = 0;
	int e;

	check_programs(c, r);
	check_data(c, r);
	check_present(r, "policies", c->policies, S_IFDIR,
		      _("Copy the policies directory here."));
	check_rules(c, r);
	check_present(r, "approval_policy", c->approval_policy, S_IFREG,
		      _("Policy officers sign it in a ceremony: docs/ceremony.md."));
	check_present(r, "repository", c->repository, S_IFDIR,
		      _("Custodians make it with sluice-keys ceremony."));
	check_present(r, "trust_root", c->trust_root, S_IFREG,
		      _("Copy the custodians' root.json here."));
	check_keys(c, r);
	check_listeners(c, r);
	check_link(c, r);
	e = sandbox_optional(&c->sandbox.optional, &layers, &why);
	if (e != SL_OK)
		report_add(r, "sandbox", false, NULL, "%s", why_text(&why, e));
	e = sluiced_host_antivirus_fit(c, NULL, &why);
	report_add(r, "antivirus", e == SL_OK,
		   _("Run freshclam daily, or bring signatures on a medium: sluiced av import "
		     "MEDIUM."),
		   "%s",
		   e != SL_OK					 ? why_text(&why, e)
		   : sluiced_host_antivirus_dir(c, dir) == SL_OK ? dir
								 : c->antivirus.database);
}

static bool check_store(const struct cli *c, struct report *r)
{
	enum sluiced_store store = SLUICED_STORE_SOUND;
	struct sl_why why = {.text = ""};
	char libexec[SLUICED_PATH];
	int e = supervisor_libexec(libexec, &why);

	if (e == SL_OK)
		e = sluiced_store_look(c->config, libexec, &store, &why);
	report_add(r, "store", e == SL_OK && store == SLUICED_STORE_SOUND,
		   sluiced_store_advice(store), "%s",
		   e == SL_OK && store == SLUICED_STORE_SOUND ? _("sound") : why_text(&why, e));
	return e == SL_OK;
}

static const char *conclusion(const struct report *r, bool complete, bool trusted)
{
	if (r->all_ok)
		return _("The configuration is complete.");
	if (complete && !trusted)
		return _("The gateway would start, but nothing can be released until the "
			 "custodians' files are whole.");
	return complete ? _("The configuration is complete, but the gateway would start "
			    "read-only.")
			: _("The gateway cannot start with this configuration.");
}

int sluiced_check(const struct cli *c)
{
	struct gateway_config *config;
	struct report report;
	int code = CLI_DONE;
	bool complete, trusted = true;

	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	report_init(&report);
	sluiced_check_all(config, &report);
	complete = report.all_ok;
	if (complete) {
		sluiced_trust_check(config, &report);
		trusted = report.all_ok;
		complete = check_store(c, &report);
	}
	if (c->json) {
		(void)json_print_take(
			json_pack("{sb sO}", "ok", report.all_ok, "checks", report.items));
	} else {
		report_print(&report, c);
		printf("%s%s%s\n", cli_paint(c, CLI_BOLD),
		       conclusion(&report, complete, trusted), cli_paint(c, CLI_RESET));
	}
	code = report.all_ok ? CLI_DONE : CLI_REFUSED;
	report_release(&report);
	config_gateway_free(config);
	return code;
}
