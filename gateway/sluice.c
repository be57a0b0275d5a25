/* sluice.c - the authors' program: hand a draft in, see what was found, follow it, recall it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/json.h"
#include "form/form_command.h"
#include "intake/author.h"
#include "policy/present.h"
#include "policy/present_clock.h"
#include "policy/present_outcome.h"
#include "policy/present_route.h"
#include "review/order.h"
#include "sluice.h"
#include "wire/session.h"

/* One operation with one named argument (or none); the result is printed by `print`. */
static int ask_and_print(const struct cli *c, const char *op, const char *draft,
			 int (*print)(const struct cli *c, const json_t *result))
{
	struct session s;
	struct sl_why why = {""};
	struct wire_reply reply = {0};
	json_t *args = draft != NULL ? json_pack("{s:s}", "draft", draft) : json_object();
	int r = args == NULL ? SL_E_FORMAT : session_open(c->config, &s, &why);
	int code;

	if (r != SL_OK) {
		json_decref(args);
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	}
	r = wire_ask(s.wire, op, args, NULL, 0, &reply, &why);
	code = r == SL_OK ? print(c, reply.result)
			  : cli_fail(r, &why, draft != NULL ? draft : op, NULL);
	if (r == SL_OK)
		session_remind(&s, c);
	wire_reply_release(&reply);
	json_decref(args);
	session_close(&s);
	return code;
}

/* Nobody else tells an author that there is something left to do. */
static void print_hint(const json_t *draft)
{
	const char *state = json_str(draft, "state"),
		   *id = present_text(json_str(draft, "draft"));
	const json_t *vote;
	bool edits = false;
	size_t i;

	if (state == NULL)
		return;
	if (strcmp(state, "REFUSED") == 0 && json_obj(draft, "appeal") == NULL)
		printf(_("  You may ask the lead group once whether that stands: sluice appeal "
			 "%s --reason \"...\"\n"),
		       id);
	if (strcmp(state, "RETURNED") != 0)
		return;
	json_array_foreach(json_arr(draft, "votes"), i, vote) edits =
		edits || json_arr(vote, "edits") != NULL;
	if (edits)
		printf(_("  Take the reviewer's edits over as they are: sluice accept %s\n"),
		       id);
	printf(_("  Change it and hand it in again: sluice revise %s FILE...\n"), id);
}

static int print_status(const struct cli *c, const json_t *result)
{
	const json_t *drafts = json_arr(result, "drafts"), *d;
	size_t i;

	if (c->json) {
		/* With an ID: one such object; without: the list. */
		(void)json_print(c->n_operands == 1 && json_array_size(drafts) == 1
					 ? json_array_get(drafts, 0)
					 : result);
		return CLI_DONE;
	}
	if (json_array_size(drafts) == 0)
		printf("%s\n", _("You have no drafts."));
	json_array_foreach(drafts, i, d)
	{
		present_draft_line(stdout, c, d);
		present_route(stdout, c, d);
		present_clocks(stdout, c, d);
		present_outcomes(stdout, c, d);
		print_hint(d);
	}
	return CLI_DONE;
}

static int run_status(const struct cli *c)
{
	return ask_and_print(c, "draft.status", c->n_operands == 1 ? c->operands[0] : NULL,
			     print_status);
}

static int print_shown(const struct cli *c, const json_t *result)
{
	const json_t *v;
	size_t i;

	if (c->json) {
		(void)json_print(result);
		return CLI_DONE;
	}
	present_draft_line(stdout, c, result);
	present_route(stdout, c, result);
	present_clocks(stdout, c, result);
	present_outcomes(stdout, c, result);
	print_hint(result);
	present_report(stdout, c, json_obj(result, "report"));
	json_array_foreach(json_arr(result, "votes"), i, v)
	{
		printf("  %s %s: %s %s\n", present_text(json_str(v, "time")),
		       present_text(json_str(v, "role")), present_text(json_str(v, "decision")),
		       present_text(json_str(v, "reason")));
		present_edits(stdout, c, v);
		present_vote_policy(stdout, c, v);
	}
	return CLI_DONE;
}

static int run_show(const struct cli *c)
{
	return ask_and_print(c, "draft.show", c->operands[0], print_shown);
}

static int print_canceled(const struct cli *c, const json_t *result)
{
	if (c->json)
		(void)json_print(result);
	else
		printf(_("%s is canceled.\n"), c->operands[0]);
	return CLI_DONE;
}

static int run_cancel(const struct cli *c)
{
	return ask_and_print(c, "draft.cancel", c->operands[0], print_canceled);
}

static int run_recall(const struct cli *c)
{
	const char *reason = cli_value(c, "reason");
	struct session s;
	struct sl_why why = {""};
	json_t *result = NULL;
	int r, code;

	if (reason == NULL || reason[0] == '\0')
		return cli_fail(SL_E_USAGE, NULL, _("a reason is needed"),
				_("sluice recall RELEASE --reason \"one sentence the public "
				  "may read\""));
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = order_send(&s, c->operands[0], "withdraw", "author-recall", reason, &result, &why);
	if (r != SL_OK) {
		code = cli_fail(r, &why, c->operands[0], NULL);
	} else {
		if (c->json)
			(void)json_print(result);
		else
			printf(_("%s: recall ordered. The platforms take it down at their next "
				 "look, "
				 "at the latest within five minutes.\n"),
			       c->operands[0]);
		code = CLI_DONE;
	}
	json_decref(result);
	session_close(&s);
	return code;
}

/* The first row is for submit alone. */
static const struct cli_option submit_options[] = {
	{"each", NULL, N_("every FILE is a draft of its own, with its own title"), false},
	{"title", "T", N_("title (default: from --meta, else the first line of the text)"),
	 false},
	{"type", "CT05",
	 N_("content type CT01 to CT19 (default CT04, news); one that there is not, "
	    "such as \"?\", lists them"),
	 false},
	{"column", "C", N_("column it belongs to"), false},
	{"route", "U", N_("ask for the immediate route: an approved template and two on duty"),
	 false},
	{"channel", "C", N_("platform to publish on (default official-site)"), true},
	{"meta", "FILE",
	 N_("metadata as YAML: title, type, column, channels, summary, doc_no ..."), false},
	{"no-wait", NULL, N_("do not wait for the inspection"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option fix_options[] = {
	{"yes", NULL, N_("hand it in without asking, unless it would be blocked again"), false},
	{"out", "DIR", N_("only write the cleaned files to DIR"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option form_options[] = {
	{"out", "FILE", N_("where to put it: a PDF when FILE ends in .pdf, else text"), false},
	{"text", NULL, N_("show it as text, also when a file is written"), false},
	{"lang", "zh|en", N_("language of the form (default zh)"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option recall_options[] = {
	{"reason", "TEXT", N_("one sentence the public may read"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option appeal_options[] = {
	{"reason", "TEXT", N_("why it should be published, in one sentence or a few"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_command commands[] = {
	{"submit", "FILE...",
	 N_("hand in a draft, wait for the inspection and see what was found"), submit_options,
	 1, -1, sluice_submit},
	{"status", "[ID]", N_("where my drafts are and who is still missing"), NULL, 0, 1,
	 run_status},
	{"show", "ID", N_("one draft with its findings and votes"), NULL, 1, 1, run_show},
	{"revise", "ID FILE...", N_("hand in a new revision; earlier approvals are void"),
	 submit_options + 1, 2, AUTHOR_FILES_MAX + 1, sluice_revise},
	{"fix", "ID",
	 N_("see what the gateway can mask and remove by itself, and hand that in as the next "
	    "revision"),
	 fix_options, 1, 1, sluice_fix},
	{"cancel", "ID", N_("take a draft back before it is approved"), NULL, 1, 1, run_cancel},
	{"accept", "ID", N_("take over the exact edits of a reviewer as the next revision"),
	 fix_options, 1, 1, sluice_accept},
	{"form", "ID",
	 N_("the review form of an own draft, for the screen or as a PDF to print and file"),
	 form_options, 1, 1, form_command_own},
	{"appeal", "ID", N_("ask the lead group, once, whether a refusal stands"),
	 appeal_options, 1, 1, sluice_appeal},
	{"correct", "RELEASE FILE...", N_("hand in a corrected version of something published"),
	 submit_options + 1, 2, AUTHOR_FILES_MAX + 1, sluice_correct},
	{"recall", "RELEASE", N_("take something published down"), recall_options, 1, 1,
	 run_recall},
	{NULL, NULL, NULL, NULL, 0, 0, NULL},
};
static const struct cli_program program = {
	.name = "sluice",
	.about = N_("sluice hands drafts to the publishing gateway. Every file is checked for "
		    "malware and\n"
		    "for what must not leave the house; then reviewers sign exactly these "
		    "bytes; only then\n"
		    "is it published. What was found is shown with the place, the reason and "
		    "the fix."),
	.commands = commands,
	.examples = N_("  sluice submit --type CT05 --column 公示公告 notice.docx\n"
		       "  sluice submit --each --type CT04 news/*.txt\n"
		       "  sluice status\n"
		       "  sluice revise D-2026-000123 notice.docx\n"
		       "  sluice fix D-2026-000123"),
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
