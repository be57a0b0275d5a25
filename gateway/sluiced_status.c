/* sluiced_status.c - show what the supervisor wrote, with today's memory and uptime. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { STATUS_MAX = 1 << 18 };

int sluiced_read_json(const char *data, const char *name, json_t **ret_j)
{
	char path[SLUICED_PATH];
	struct buf text;
	int r;

	buf_init(&text, STATUS_MAX);
	r = file_join(path, sizeof(path), data, name);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, path, STATUS_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, STATUS_MAX, ret_j);
	buf_release(&text);
	return r;
}

/* Drafts in the queue of those with pictures: the inspector's own word. */
static void add_pictures(const char *data, json_t *status)
{
	json_t *pictures = NULL;
	int64_t waiting = 0, reading = 0;

	if (sluiced_read_json(data, "run/pictures.json", &pictures) == SL_OK &&
	    json_i64(pictures, "waiting", &waiting) && json_i64(pictures, "reading", &reading))
		(void)json_object_set_new(status, "pictures",
					  json_pack("{s:I,s:I}", "waiting", (json_int_t)waiting,
						    "reading", (json_int_t)reading));
	json_decref(pictures);
}

static void print_pictures(const json_t *status)
{
	const json_t *pictures = json_obj(status, "pictures");
	int64_t waiting = 0, reading = 0;

	if (json_i64(pictures, "waiting", &waiting) &&
	    json_i64(pictures, "reading", &reading) && waiting + reading > 0) {
		printf(_("drafts whose pages and pictures are read: %lld now, %lld waiting"),
		       (long long)reading, (long long)waiting);
		putchar('\n');
	}
}

/* What the inspector is doing in the background; nothing before its first look. */
static void add_reinspection(const char *data, json_t *j)
{
	json_t *again = NULL;

	if (sluiced_read_json(data, "run/reinspection.json", &again) == SL_OK)
		(void)json_object_set(j, "reinspection", again);
	json_decref(again);
}

/* Add what only this moment knows. */
static void freshen(json_t *roles, int64_t now)
{
	size_t i;
	json_t *role;

	json_array_foreach(roles, i, role)
	{
		int64_t pid = 0, started = 0;
		bool runs = json_i64(role, "pid", &pid) && pid > 0 && pid < INT32_MAX;

		(void)json_i64(role, "started", &started);
		(void)json_object_set_new(
			role, "resident",
			json_integer(runs ? (json_int_t)process_resident((pid_t)pid) : 0));
		(void)json_object_set_new(
			role, "uptime",
			json_integer(runs && started <= now ? now - started : 0));
	}
}

static void print_uptime(int64_t s)
{
	if (s >= 86400)
		printf("%4lldd %02lldh", (long long)(s / 86400), (long long)(s / 3600 % 24));
	else if (s >= 3600)
		printf("%4lldh %02lldm", (long long)(s / 3600), (long long)(s / 60 % 60));
	else
		printf("%4lldm %02llds", (long long)(s / 60), (long long)(s % 60));
}

static void print_role(const struct cli *c, const json_t *role)
{
	const char *name = json_str(role, "name"), *state = json_str(role, "state");
	const char *reason = json_str(role, "reason");
	int64_t pid = 0, uptime = 0, resident = 0, restarts = 0;
	bool ready = state != NULL && strcmp(state, "ready") == 0, looping = false;
	char safe[256];

	(void)json_i64(role, "pid", &pid);
	(void)json_i64(role, "uptime", &uptime);
	(void)json_i64(role, "resident", &resident);
	(void)json_i64(role, "restarts", &restarts);
	(void)json_bool(role, "looping", &looping);
	printf("%-11s %s%-9s%s %8lld ", name != NULL ? name : "?",
	       cli_paint(c, ready ? CLI_GREEN : CLI_RED), state != NULL ? state : "?",
	       cli_paint(c, CLI_RESET), (long long)pid);
	print_uptime(uptime);
	printf(" %8.1f MiB %8lld", (double)resident / (1 << 20), (long long)restarts);
	if (reason != NULL && reason[0] != '\0' && (!ready || looping)) {
		(void)text_safe(reason, strlen(reason), safe, sizeof(safe));
		printf("  %s%s%s", cli_paint(c, CLI_YELLOW), safe, cli_paint(c, CLI_RESET));
	}
	putchar('\n');
}

static const char *store_advice(const json_t *j)
{
	const char *store = json_str(j, "store");

	for (enum sluiced_store s = SLUICED_STORE_DAMAGED; s <= SLUICED_STORE_UNWRITABLE; s++) {
		if (store != NULL && strcmp(store, sluiced_store_name(s)) == 0)
			return sluiced_store_advice(s);
	}
	return "";
}

static void print_kind(const struct cli *c, const json_t *j, const char *kind, const char *what)
{
	const json_t *one = json_obj(j, kind);
	const char *name = json_str(one, "name"), *state = json_str(one, "state");
	const char *refused = json_str(one, "refused");

	if (name == NULL || state == NULL || name[0] == '\0')
		return;
	printf("%s: %s, %s\n", what, name, state);
	if (refused != NULL)
		printf("  %s%s%s\n", cli_paint(c, CLI_RED), refused, cli_paint(c, CLI_RESET));
}

static void print_reinspection(const struct cli *c, const json_t *j)
{
	const json_t *again = json_obj(j, "reinspection");
	int64_t total = 0, left = 0, alerts = 0;

	(void)json_i64(again, "total", &total);
	(void)json_i64(again, "left", &left);
	(void)json_i64(again, "alerts", &alerts);
	if (left > 0)
		printf(_("inspected again: %lld of %lld, by %s\n"), (long long)(total - left),
		       (long long)total, json_str(again, "basis"));
	if (alerts > 0)
		printf("%s%lld %s%s\n", cli_paint(c, CLI_RED), (long long)alerts,
		       _("new hits in published items: sluice-review list"),
		       cli_paint(c, CLI_RESET));
}

static void print_people(const struct cli *c, const json_t *j)
{
	const char *state = json_str(j, "state"), *reason = json_str(j, "reason");
	bool running = state != NULL && strcmp(state, "running") == 0, office = true;
	size_t i;
	json_t *role;

	printf("%s%-11s %-9s %8s %8s %12s %8s%s\n", cli_paint(c, CLI_BOLD), _("role"),
	       _("state"), _("pid"), _("uptime"), _("memory"), _("restarts"),
	       cli_paint(c, CLI_RESET));
	json_array_foreach(json_arr(j, "roles"), i, role) print_role(c, role);
	print_kind(c, j, "policies", _("rules"));
	print_kind(c, j, "antivirus", _("virus signatures"));
	print_reinspection(c, j);
	printf("%s%s: %s%s%s%s\n", cli_paint(c, running ? CLI_GREEN : CLI_RED), _("gateway"),
	       state != NULL ? state : "?", reason != NULL && reason[0] != '\0' ? ": " : "",
	       reason != NULL ? reason : "", cli_paint(c, CLI_RESET));
	print_pictures(j);
	sluiced_link_line(c, json_obj(j, "link"));
	if (json_bool(j, "office", &office) && !office)
		printf("%s\n", _("no LibreOffice: .doc, .xls and .ppt are held; install it, or "
				 "have them saved as .docx, .xlsx or .pptx"));
	if (store_advice(j)[0] != '\0')
		printf("%s\n", store_advice(j));
}

/* What the file says is true only while its writer lives. */
bool sluiced_writer_lives(const json_t *j)
{
	int64_t pid = 0;

	return json_i64(j, "pid", &pid) && pid > 0 && pid < INT32_MAX &&
	       (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

int sluiced_status(const struct cli *c)
{
	struct gateway_config *config;
	struct due_list due = {.n = 0};
	json_t *j = NULL;
	const char *state;
	int code = CLI_REFUSED, r;

	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	r = sluiced_read_json(config->data, "run/status.json", &j);
	if (r == SL_OK && !sluiced_writer_lives(j))
		r = SL_E_UNREACHABLE;
	if (r != SL_OK) {
		if (c->json)
			(void)json_print_take(json_pack("{ss s[]}", "state", "down", "roles"));
		else
			(void)fprintf(stderr, "sluiced: %s\n", _("the gateway does not run"));
		code = CLI_UNREACHABLE;
		goto out;
	}
	freshen(json_object_get(j, "roles"), clock_now());
	add_pictures(config->data, j);
	add_reinspection(config->data, j);
	(void)json_object_set_new(j, "link", sluiced_link_json(config, true));
	state = json_str(j, "state");
	if (state != NULL && strcmp(state, "running") == 0)
		code = CLI_DONE;
	else
		code = state != NULL && strcmp(state, "starting") == 0 ? CLI_UNREACHABLE
								       : CLI_REFUSED;
	if (crypto_start() == SL_OK)
		sluiced_trust_due(config, &due);
	if (c->json) {
		(void)json_object_set_new(j, "due", due_json(&due, clock_now()));
		(void)json_print_take(json_incref(j));
	} else {
		print_people(c, j);
		due_print(&due, clock_now(), c, stdout);
	}
out:
	json_decref(j);
	config_gateway_free(config);
	return code;
}
