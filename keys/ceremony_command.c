/* ceremony_command.c - sluice-keys ceremony: which step, merge and status.
 *
 * Hostile: the folder; ceremony_load decides, this only prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "keys/ceremony_command.h"
#include "keys/commands.h"

enum { SUMMARY_MAX = 1 << 20, PATH_CAP = 4096 };

const struct cli_option ceremony_options[] = {
	{"new", NULL, N_("init: the very first ceremony; there is nothing in force yet"),
	 false},
	{"repository", "DIR",
	 N_("init, due: what is in force, as the gateway has it (metadata/, "
	    "approval-policy.json)"),
	 false},
	{"root", "FILE", N_("init, sign: a root.json that you trust; due: a file to look at"),
	 true},
	{"add", "ROLE=KEY.pub",
	 N_("init: a key joins a role (root, targets, policy, snapshot, "
	    "timestamp, feed, rel)"),
	 true},
	{"remove", "ROLE=KEY", N_("init: a key leaves; a .pub file or its first digits"), true},
	{"threshold", "ROLE=N", N_("init: how many keys of a role must sign"), true},
	{"renew", "DOCUMENT", N_("init: root, targets or policy again with a new date"), true},
	{"approval-policy", "FILE", N_("init: the next version, made with roster"), false},
	{"policy-file", "NAME=FILE", N_("init: another file that the policy officers sign"),
	 true},
	{"root-until", "YYYY-MM-DD", N_("init: end of root.json (in 365 days)"), false},
	{"targets-until", "YYYY-MM-DD", N_("init: end of targets.json (in 365 days)"), false},
	{"policy-until", "YYYY-MM-DD", N_("init: end of policy.json (in 180 days)"), false},
	{"key", "FILE", N_("sign: your secret key"), false},
	{"yes", NULL, N_("sign: do not ask (for scripts and rehearsals)"), false},
	{.name = NULL},
};

static enum ceremony_language language(void)
{
	return i18n_is_zh() ? CEREMONY_ZH : CEREMONY_EN;
}

void ceremony_command_show(const struct cli *c, const struct ceremony *x)
{
	struct buf b;

	if (c->json) {
		(void)json_print_take(ceremony_status_json(x));
		return;
	}
	buf_init(&b, SUMMARY_MAX);
	ceremony_summary(x, language(), &b);
	printf("%s", buf_str(&b));
	buf_release(&b);
}

static void print_missing(const struct cli *c, const struct ceremony *x)
{
	struct tuf_role sets[CEREMONY_SETS];
	char groups[CEREMONY_GROUPS + 1];
	struct buf b;

	buf_init(&b, SUMMARY_MAX);
	ceremony_tally(x, language(), &b);
	printf("%s%s%s", cli_paint(c, ceremony_complete(x) ? CLI_GREEN : CLI_YELLOW),
	       buf_str(&b), cli_paint(c, CLI_RESET));
	buf_release(&b);
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		int n = x->new[d] == NULL ? 0 : ceremony_signers(x, d, sets, NULL);

		for (int i = 0; i < n; i++) {
			unsigned have = ceremony_count(x, d, &sets[i]);

			if (have >= sets[i].threshold)
				continue;
			printf(_("%s.json needs %u more of these keys:\n"),
			       ceremony_doc_name(d), sets[i].threshold - have);
			for (unsigned k = 0; k < sets[i].n_keys; k++) {
				if (ceremony_signed_by(x, d, sets[i].keys[k]) != NULL)
					continue;
				ceremony_groups(sets[i].keyids[k], groups);
				printf("  %s\n", groups);
			}
		}
	}
}

static int status_run(const struct cli *c, struct ceremony *x)
{
	if (c->json)
		(void)json_print_take(ceremony_status_json(x));
	else {
		ceremony_command_show(c, x);
		printf("\n");
		print_missing(c, x);
	}
	return ceremony_complete(x) ? CLI_DONE : CLI_REFUSED;
}

static int merge_run(const struct cli *c, struct ceremony *x, const char *dir)
{
	struct sl_why why = {.text = ""};
	char result[PATH_CAP];
	struct buf b;
	int r = file_join(result, sizeof(result), dir, "result");

	if (r == SL_OK)
		r = ceremony_merge(x, result, clock_now(), &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was merged"),
				_("\"sluice-keys ceremony status\" says whose signature is "
				  "missing."));
	if (c->json) {
		(void)json_print_take(ceremony_status_json(x));
		return CLI_DONE;
	}
	buf_init(&b, SUMMARY_MAX);
	ceremony_tally(x, language(), &b);
	printf("%s", buf_str(&b));
	buf_release(&b);
	printf(_("Wrote %s.\n"
		 "Print transcript.txt for the paper file. On the gateway, copy everything in "
		 "this folder\n"
		 "into the repository directory, then run:\n"
		 "  sluiced --config gateway.yaml check\n"
		 "  sluiced --config gateway.yaml record transcript.json\n"),
	       result);
	return CLI_DONE;
}

static int with_folder(const struct cli *c, const char *what, const char *dir)
{
	struct ceremony *x = calloc(1, sizeof(*x));
	struct sl_why why = {.text = ""};
	int r = x == NULL ? SL_E_NOMEM : ceremony_load(dir, clock_now(), x, &why), code;

	if (r != SL_OK)
		code = cli_fail(r, &why, _("this ceremony cannot go on"),
				_("Do not sign. Compare the folder with the other custodians; "
				  "if in doubt, start again with an empty one."));
	else
		code = strcmp(what, "merge") == 0 ? merge_run(c, x, dir) : status_run(c, x);
	if (r == SL_OK)
		ceremony_release(x);
	free(x);
	return code;
}

int ceremony_run(const struct cli *c)
{
	const char *what = c->operands[0], *dir = c->n_operands > 1 ? c->operands[1] : NULL;
	int r = crypto_start();

	if (r != SL_OK)
		return cli_fail(r, NULL, _("this ceremony cannot go on"), NULL);
	if (strcmp(what, "due") == 0 && dir == NULL)
		return ceremony_due_run(c);
	if (dir == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("which folder?"),
				_("For example: sluice-keys ceremony status /media/stick"));
	if (strcmp(what, "init") == 0)
		return ceremony_init_run(c, dir);
	if (strcmp(what, "sign") == 0)
		return ceremony_sign_run(c, dir);
	if (strcmp(what, "merge") == 0 || strcmp(what, "status") == 0)
		return with_folder(c, what, dir);
	return cli_fail(SL_E_USAGE, NULL, _("a ceremony has five steps"),
			_("They are init, sign, merge, status and due."));
}
