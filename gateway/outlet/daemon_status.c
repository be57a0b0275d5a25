/* daemon_status.c - does it run, what is missing, how old is the gateway's last word?
 *
 * Reads what the roles left in DATA/status and DATA/run; these are hints for
 * people, so whatever is missing or damaged is simply shown as unknown. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/due.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "outlet/daemon.h"
#include "outlet/daemon_arrivals.h"
#include "trust/due_files.h"

enum { FILE_MAX = 1 << 20 };

static json_t *load(const char *data, const char *name)
{
	char path[DAEMON_PATH];
	json_t *j = NULL;
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (file_join(path, sizeof(path), data, name) != SL_OK ||
	    file_read(AT_FDCWD, path, FILE_MAX, &b) != SL_OK ||
	    json_parse(b.data, b.len, FILE_MAX, &j) != SL_OK)
		j = NULL;
	buf_release(&b);
	return j;
}

/* What the file says is true only while its writer lives. */
static bool runs(const json_t *j)
{
	int64_t pid = 0;

	return json_i64(j, "pid", &pid) && pid > 0 && pid < INT32_MAX &&
	       (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

json_t *daemon_receiver(const struct outlet_config *c)
{
	return load(c->data, "status/receiver.json");
}

bool daemon_is_up(const struct outlet_config *c)
{
	json_t *run = load(c->data, "run/status.json");
	bool up = runs(run);

	json_decref(run);
	return up;
}

static void freshen(json_t *run, int64_t now)
{
	json_t *roles = json_object_get(run, "roles");

	for (size_t i = 0; i < json_array_size(roles); i++) {
		json_t *role = json_array_get(roles, i);
		int64_t pid = 0, started = 0;

		(void)json_i64(role, "pid", &pid);
		(void)json_i64(role, "started", &started);
		(void)json_object_set_new(
			role, "resident",
			json_integer(pid > 0 && pid < INT32_MAX
					     ? (json_int_t)process_resident((pid_t)pid)
					     : 0));
		(void)json_object_set_new(
			role, "uptime",
			json_integer(pid > 0 && started <= now ? now - started : 0));
	}
}

/* The timestamp as the tree holds it, which is what platforms see. */
static json_t *timestamp(const struct outlet_config *c, int64_t now)
{
	json_t *j = load(c->tree, "metadata/timestamp.json");
	const json_t *body = json_obj(j, "signed");
	const char *expires = json_str(body, "expires");
	int64_t version = 0, t = 0;
	json_t *out = NULL;

	if (json_i64(body, "version", &version) && json_time(body, "expires", &t))
		out = json_pack("{s:s,s:I,s:b,s:I}", "expires", expires, "seconds_left",
				(json_int_t)(t - now), "stale", (int)(t <= now), "version",
				(json_int_t)version);
	json_decref(j);
	return out;
}

static void print_roles(const struct cli *c, const json_t *run)
{
	const json_t *roles = json_arr(run, "roles");

	for (size_t i = 0; i < json_array_size(roles); i++) {
		const json_t *role = json_array_get(roles, i);
		const char *state = json_str(role, "state"), *name = json_str(role, "name");
		int64_t resident = 0, restarts = 0, pid = 0;
		bool ready = state != NULL && strcmp(state, "ready") == 0;

		(void)json_i64(role, "resident", &resident);
		(void)json_i64(role, "restarts", &restarts);
		(void)json_i64(role, "pid", &pid);
		(void)printf(
			"%-11s %s%-9s%s %8lld %8.1f MiB  %s %lld\n", name != NULL ? name : "?",
			cli_paint(c, ready ? CLI_GREEN : CLI_RED), state != NULL ? state : "?",
			cli_paint(c, CLI_RESET), (long long)pid, (double)resident / (1 << 20),
			_("restarts"), (long long)restarts);
	}
}

/* Until the gateway has the new key the outlet must not forget the old one. */
static void print_link(const struct cli *c, const json_t *receiver, const json_t *key)
{
	const char *print = json_str(key, "key");
	int64_t refused = 0, serial = 0;
	bool old = false;

	if (json_i64(receiver, "refused_connections", &refused) && refused > 0)
		(void)printf(_("%sconnections to the link refused: %lld%s\n"),
			     cli_paint(c, CLI_YELLOW), (long long)refused,
			     cli_paint(c, CLI_RESET));
	if (json_bool(key, "old", &old) && old && json_i64(key, "serial", &serial) &&
	    print != NULL)
		(void)printf(_("%sunit %lld was sealed to the old link key %s ...: give the "
			       "gateway the new one before the old one is taken off "
			       "link.old_keys%s\n"),
			     cli_paint(c, CLI_YELLOW), (long long)serial, print,
			     cli_paint(c, CLI_RESET));
}

static void print_people(const struct cli *c, const json_t *all, const struct link_view *link,
			 bool up)
{
	const json_t *stamp = json_obj(all, "timestamp"),
		     *installer = json_obj(all, "installer");
	const char *refusal = json_str(installer, "last_refusal"),
		   *trouble = json_str(installer, "trouble");
	int64_t version = 0, left = 0, refused = 0;
	bool stale = true;
	char safe[600];

	print_roles(c, json_obj(all, "outlet"));
	daemon_arrivals_print(c, link, clock_now(), stdout);
	print_link(c, json_obj(all, "receiver"), json_obj(installer, "link_key"));
	(void)json_i64(stamp, "version", &version);
	(void)json_i64(stamp, "seconds_left", &left);
	(void)json_bool(stamp, "stale", &stale);
	if (stamp == NULL)
		(void)printf("%s\n", _("nothing has been installed yet"));
	else
		(void)printf(_("last timestamp: version %lld, %s%s%s (%s)\n"),
			     (long long)version, cli_paint(c, stale ? CLI_RED : CLI_GREEN),
			     stale ? _("STALE: platforms show nothing new") : _("fresh"),
			     cli_paint(c, CLI_RESET), json_str(stamp, "expires"));
	if (trouble != NULL && trouble[0] != '\0') {
		(void)text_safe(trouble, strlen(trouble), safe, sizeof(safe));
		(void)printf(_("%sa unit cannot be installed for a fault of this host, it is "
			       "tried again: %s%s\n"),
			     cli_paint(c, CLI_RED), safe, cli_paint(c, CLI_RESET));
	}
	if (json_i64(installer, "refused", &refused) && refused > 0 && refusal != NULL) {
		(void)text_safe(refusal, strlen(refusal), safe, sizeof(safe));
		(void)printf(_("%srefused units: %lld, the last: %s%s\n"),
			     cli_paint(c, CLI_RED), (long long)refused, safe,
			     cli_paint(c, CLI_RESET));
	}
	(void)printf("%s%s%s\n", cli_paint(c, up ? CLI_GREEN : CLI_RED),
		     up ? _("outlet: running") : _("outlet: not running"),
		     cli_paint(c, CLI_RESET));
}

int daemon_status(const struct cli *c)
{
	json_t *run, *receiver, *installer, *stamp, *all;
	struct link_view link;
	struct due_list due = {.n = 0};
	struct outlet_config *config;
	const char *state;
	int code = CLI_REFUSED;
	bool up;

	config = daemon_config(c, &code);
	if (config == NULL)
		return code;
	run = load(config->data, "run/status.json");
	receiver = daemon_receiver(config);
	link_view_of(receiver, clock_now(), &link);
	installer = load(config->data, "status/installer.json");
	stamp = timestamp(config, clock_now());
	state = json_str(run, "state");
	up = runs(run) && state != NULL && strcmp(state, "running") == 0;
	if (run != NULL && !runs(run))
		(void)json_object_set_new(run, "state", json_string("down"));
	freshen(run, clock_now());
	/* What platforms read from this tree; the trust root lies beside it. */
	if (crypto_start() == SL_OK)
		due_files_directory(&due, config->tree, NULL);
	all = json_pack("{s:o,s:o*,s:o*,s:o*,s:o*,s:b,s:o*}", "due",
			due_json(&due, clock_now()), "installer", installer, "link",
			daemon_arrivals_json(&link), "outlet", run, "receiver", receiver,
			"running", (int)up, "timestamp", stamp);
	code = up ? CLI_DONE : CLI_UNREACHABLE;
	if (!c->json) {
		print_people(c, all, &link, up);
		due_print(&due, clock_now(), c, stdout);
	}
	if (c->json && json_print(all) != SL_OK)
		code = CLI_REFUSED;
	json_decref(all);
	config_outlet_free(config);
	return code;
}
