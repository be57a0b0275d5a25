/* demo_command.c - sluice-keys demo-set: arguments in, warnings out. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "keys/commands.h"
#include "keys/demo.h"

/* Rule packs: installed beside us, or in the source tree that we were built in. */
static int find_policies(const char *given, char out[PATH_MAX])
{
	static const char *const places[] = {"../share/sluice/policies", "../../policies"};
	char self[PATH_MAX], path[2 * PATH_MAX];
	ssize_t n;
	char *slash;

	if (given != NULL)
		return realpath(given, out) != NULL ? SL_OK : SL_E_NOTFOUND;
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return SL_E_NOTFOUND;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return SL_E_NOTFOUND;
	*slash = '\0';
	for (unsigned i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", self, places[i]);
		if (realpath(path, out) != NULL)
			return SL_OK;
	}
	return SL_E_NOTFOUND;
}

static void print_result(const struct cli *c, const struct demo_result *d, unsigned port)
{
	struct buf line;
	json_t *j;

	if (c->json) {
		buf_init(&line, 1 << 14);
		j = json_pack("{s:s,s:i,s:b}", "dir", d->dir, "port", (int)port, "tls_skipped",
			      d->tls_skipped);
		if (j != NULL && json_compact(j, &line) == SL_OK)
			printf("%s\n", buf_str(&line));
		json_decref(j);
		buf_release(&line);
		return;
	}
	printf("%s%s%s\n", cli_paint(c, CLI_RED),
	       _("THESE KEYS ARE FOR DEMONSTRATION ONLY: all unencrypted, all in one place. "
		 "Never let a "
		 "real platform trust them."),
	       cli_paint(c, CLI_RESET));
	if (d->tls_skipped)
		printf("%s\n", _("There is no openssl command here, so the link stays on a "
				 "local socket."));
	printf(_("Wrote a complete trial installation to %s:\n"
		 "  sluiced --config %s/gateway.yaml\n"
		 "  sluice-outlet --config %s/outlet.yaml\n"
		 "  . %s/env\n"),
	       d->dir, d->dir, d->dir, d->dir);
}

/* "desk=id_ed25519_sk.pub"; the file as an absolute path. */
static bool split_ssh(const char *text, char *person, size_t cap, char path[PATH_MAX])
{
	const char *eq = text == NULL ? NULL : strchr(text, '=');

	return eq != NULL && eq > text && (size_t)(eq - text) < cap &&
	       snprintf(person, cap, "%.*s", (int)(eq - text), text) > 0 &&
	       realpath(eq + 1, path) != NULL;
}

int demo_command_run(const struct cli *c)
{
	const char *port_text = cli_value(c, "outlet-port");
	struct demo_options o = {.dir = c->operands[0],
				 .listen = cli_value(c, "listen"),
				 .link = cli_value(c, "link"),
				 .port = DEMO_PORT,
				 .tls = cli_has(c, "tls")};
	char policies[PATH_MAX], person[64], ssh_key[PATH_MAX];
	struct demo_result result;
	struct sl_why why = {.text = ""};
	uint64_t port;
	int r;

	if (port_text != NULL) {
		if (!text_to_u64(port_text, strlen(port_text), 65533, &port) || port == 0)
			return cli_fail(SL_E_USAGE, NULL,
					_("the port is not a number from 1 to 65533"), NULL);
		o.port = (uint16_t)port;
	}
	if (cli_has(c, "ssh-key")) {
		if (!split_ssh(cli_value(c, "ssh-key"), person, sizeof(person), ssh_key))
			return cli_fail(SL_E_USAGE, NULL,
					_("--ssh-key takes PERSON=FILE, for example "
					  "desk=id_ed25519_sk.pub"),
					NULL);
		o.ssh_person = person;
		o.ssh_key = ssh_key;
	}
	r = find_policies(cli_value(c, "policies"), policies);
	if (r != SL_OK)
		return cli_fail(r, NULL, _("the rule packs were not found"),
				_("Name them with --policies DIR."));
	o.policies = policies;
	r = demo_write(&o, &result, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("no demonstration set was written"),
				r == SL_E_EXISTS ? _("Choose an empty directory.") : NULL);
	print_result(c, &result, o.port);
	return CLI_DONE;
}
