/* sluice-pull.c - the platforms' program: fetch, prove, publish; or prove what is there. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "outlet/pull_package.h"
#include "outlet/pull_run.h"
#include "sluice_pull_log.h"

enum { INTERVAL_DEFAULT = 60, INTERVAL_MAX = 86400 };

static int interval(const struct cli *c, unsigned *ret_s)
{
	const char *text = cli_value(c, "interval");
	uint64_t v = INTERVAL_DEFAULT;

	if (text != NULL && (!text_to_u64(text, strlen(text), INTERVAL_MAX, &v) || v == 0))
		return SL_E_USAGE;
	*ret_s = (unsigned)v;
	return SL_OK;
}

static int pull(const struct cli *c)
{
	static char *layers[CLI_MAX_VALUES];
	struct config_list without = {.item = layers};
	struct pull_options o = {
		.from = cli_value(c, "from"),
		.trust = cli_value(c, "trust"),
		.into = cli_value(c, "into"),
		.channel = cli_value(c, "channel"),
		.exec = cli_value(c, "exec"),
		.announce = cli_value(c, "announce"),
		.watch = cli_has(c, "watch"),
		.json = c->json,
		.optional = &without,
	};
	struct sl_why why = {.text = ""};
	int r;

	if (o.from == NULL || o.trust == NULL || o.into == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("--from, --trust and --into are needed"),
				_("For example: sluice-pull --from https://outlet.example "
				  "--trust root.json --into /srv/site"));
	if ((o.watch && cli_has(c, "once")) || interval(c, &o.interval_s) != SL_OK)
		return cli_fail(
			SL_E_USAGE, NULL,
			_("choose --once or --watch, and an --interval of 1 to 86400 seconds"),
			NULL);
	for (int i = 0; i < CLI_MAX_VALUES; i++) {
		const char *name = cli_value_at(c, "without", i);

		if (name == NULL)
			break;
		layers[without.n] = strdup(name);
		if (layers[without.n++] == NULL)
			return cli_fail(SL_E_NOMEM, NULL, _("no memory"), NULL);
	}
	r = pull_run(&o, &why);
	for (unsigned i = 0; i < without.n; i++)
		free(layers[i]);
	if (r == SL_OK)
		return CLI_DONE;
	if (r == SL_E_DENIED && why.text[0] == '\0')
		return CLI_REFUSED; /* each refusal was reported as an event */
	if (r == SL_E_DENIED && !o.watch)
		return CLI_REFUSED;
	return cli_fail(r == SL_E_CONFLICT ? SL_E_UNREACHABLE : r, &why,
			_("nothing more was pulled"),
			_("What is published stays as it is; try again."));
}

static void print_proof(const struct cli *c, const struct dossier *p)
{
	char when[CLOCK_TEXT + 1];

	clock_format(p->time, when);
	if (c->json) {
		json_t *j = json_pack("{s:b,s:s,s:I,s:I,s:I,s:I,s:s}", "good", 1, "id",
				      p->manifest->id, "persons", (json_int_t)p->result.persons,
				      "policy_version", (json_int_t)p->policy_version, "serial",
				      (json_int_t)p->serial, "version",
				      (json_int_t)p->manifest->version, "released", when);
		struct buf b;

		buf_init(&b, 65536);
		if (json_compact(j, &b) == SL_OK)
			(void)printf("%s\n", buf_str(&b));
		buf_release(&b);
		json_decref(j);
		return;
	}
	(void)printf(_("%sgood%s: %s version %lld, serial %lld, released %s; %u persons "
		       "approved exactly these bytes (policy version %lld)\n"),
		     cli_paint(c, CLI_GREEN), cli_paint(c, CLI_RESET), p->manifest->id,
		     (long long)p->manifest->version, (long long)p->serial, when,
		     p->result.persons, (long long)p->policy_version);
}

static int read_option(const char *path, size_t max, struct buf *b, struct sl_why *why)
{
	int r = file_read(AT_FDCWD, path, max, b);

	return r == SL_OK ? r : why_set(why, r, "%s cannot be read", path);
}

static int verify(const struct cli *c)
{
	const char *trust = cli_value(c, "trust"), *policy_path = cli_value(c, "policy");
	struct pull_package_options o = {.now = clock_now()};
	struct dossier p = {.manifest = NULL};
	struct sl_why why = {.text = ""};
	struct buf root, policy;
	int dir, r;

	if (trust == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("--trust root.json is needed"), NULL);
	buf_init(&root, TUF_ROOT_MAX);
	buf_init(&policy, DOSSIER_POLICY_MAX);
	dir = file_open_dir(AT_FDCWD, c->operands[0]);
	r = dir < 0 ? why_set(&why, dir, "%s is not a package directory", c->operands[0])
		    : crypto_start();
	if (r == SL_OK)
		r = read_option(trust, TUF_ROOT_MAX, &root, &why);
	if (r == SL_OK && policy_path != NULL)
		r = read_option(policy_path, DOSSIER_POLICY_MAX, &policy, &why);
	o.root = &root;
	o.policy = policy_path != NULL ? &policy : NULL;
	if (r == SL_OK)
		r = pull_package_verify(dir, &o, &p, &why);
	if (r == SL_OK)
		print_proof(c, &p);
	dossier_release(&p);
	file_close(dir);
	buf_release(&root);
	buf_release(&policy);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("this package is not proved"),
				     _("Do not publish it; tell the gateway's operators."));
}

static const struct cli_option pull_options[] = {
	{"from", "URL", N_("the outlet: http://, https:// or file:///"), false},
	{"trust", "FILE", N_("root.json of the publishing body, received by a safe way"),
	 false},
	{"into", "DIR", N_("directory that holds what is published"), false},
	{"channel", "NAME", N_("only releases for this channel"), false},
	{"once", NULL, N_("look once and end (the default)"), false},
	{"watch", NULL, N_("keep looking: when something is announced, and every interval"),
	 false},
	{"interval", "SECONDS", N_("longest pause while watching (60)"), false},
	{"announce", "URL", N_("NNG address where the outlet announces new versions"), false},
	{"exec", "HOOK", N_("program to run as HOOK EVENT ID VERSION PATH for every change"),
	 false},
	{"without", "LAYER", N_("accept that this isolation layer is missing on this host"),
	 true},
	{.name = NULL},
};
static const struct cli_option verify_options[] = {
	{"trust", "FILE", N_("root.json to prove against"), false},
	{"policy", "FILE",
	 N_("an approval policy that you trust, instead of the proved copy inside"), false},
	{.name = NULL},
};
static const struct cli_command commands[] = {
	{"", "", N_("Fetch new releases and recalls, prove each one, make them live."),
	 pull_options, 0, 0, pull},
	{"verify", "PACKAGE-DIR",
	 N_("Prove one release from its directory and the trust root alone, offline."),
	 verify_options, 1, 1, verify},
	{"log", "verify DIR-or-URL",
	 N_("Prove the public log: signed, cosigned, complete, the same as the feed."),
	 sluice_pull_log_options, 2, 2, sluice_pull_log},
	{.name = NULL},
};
static const struct cli_program program = {
	.name = "sluice-pull",
	.about = N_("Brings released items to a publishing platform. Every item is proved from "
		    "the signatures of the people who approved it before it becomes visible."),
	.commands = commands,
	.examples =
		N_("sluice-pull --from https://outlet.example --trust root.json --into "
		   "/srv/site --watch\n"
		   "sluice-pull verify /srv/site/releases/R-2026-000123/1 --trust root.json\n"
		   "sluice-pull log verify https://outlet.example --trust root.json"),
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
