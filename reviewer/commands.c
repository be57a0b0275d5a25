/* commands.c - the table of commands, and those that show and fetch a draft. */
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "alerts.h"
#include "audit.h"
#include "base/text.h"
#include "decide_commands.h"
#include "extend.h"
#include "form/form_command.h"
#include "get.h"
#include "list.h"
#include "orders.h"
#include "outcomes.h"
#include "policy/present.h"
#include "recheck.h"
#include "script.h"
#include "show.h"
#include "spill.h"
#include "suppress.h"
#include "tui/tui.h"
#include "unit.h"
#include "vote.h"

int commands_start(const struct cli *c, struct session *s, int *ret_code)
{
	struct sl_why why = {""};
	int r = session_open(c->config, s, &why);

	if (r != SL_OK)
		*ret_code = cli_fail(r, &why, _("cannot start"),
				     _("see the file given with --config"));
	return r;
}

int commands_note_shown(const struct review_case *c, struct seen *seen)
{
	int r = seen_add(seen, "manifest", c->manifest_sha256);

	if (r == SL_OK)
		r = seen_add(seen, "report", c->report_sha256);
	for (unsigned i = 0; r == SL_OK && i < c->n_files; i++) {
		char part[32];

		if (!c->files[i].have_text)
			continue;
		(void)snprintf(part, sizeof(part), "text:%u", c->files[i].index);
		r = seen_add(seen, part, c->files[i].text_sha256);
	}
	return r;
}

static int fetch_texts(struct session *s, struct review_case *k, struct sl_why *why)
{
	for (unsigned i = 0; i < k->n_files; i++) {
		int r = case_text(s, k, i, why);

		if (r != SL_OK && r != SL_E_NOTFOUND)
			return r;
	}
	return SL_OK;
}

static int print_case(const struct cli *c, struct session *s, struct review_case *k)
{
	json_t *again = recheck_recall(s->config, k);
	struct exact_result x;
	bool checked = exact_check(s, k, &x, NULL) == SL_OK;
	int r = SL_OK;

	if (recheck_differs(again))
		recheck_print(stdout, c, again);
	json_decref(again);
	show_summary(stdout, c, k);
	show_fix(stdout, c, k, checked ? &x : NULL);
	present_report(stdout, c, k->report);
	for (unsigned i = 0; r == SL_OK && i < k->n_files; i++) {
		if (k->files[i].have_text)
			r = show_text(stdout, c, k, i);
		else
			printf(_("%s has no text that can be shown here; fetch it with: "
				 "sluice-review get "
				 "%s --into DIR\n"),
			       present_text(k->files[i].name), k->id);
	}
	if (json_array_size(k->votes) > 0)
		printf("%s\n", _("Votes:"));
	show_votes(stdout, c, k);
	return r;
}

/* What this machine makes of the gateway's claim about edits, where there is one. */
static void put_exact(struct session *s, struct review_case *k, json_t *doc)
{
	static const char *const words[EXACT_STATES] = {
		[EXACT_BYTES] = "bytes", [EXACT_WORDS] = "words", [EXACT_NOT] = "not"};
	struct exact_result x;

	if (exact_check(s, k, &x, NULL) == SL_OK && words[x.state] != NULL)
		(void)json_object_set_new(doc, "edits_here", json_string(words[x.state]));
}

static int run_show(const struct cli *c)
{
	struct review_case *k = NULL;
	struct seen *seen = NULL;
	struct sl_why why = {""};
	struct session s;
	int code, r = commands_start(c, &s, &code);

	if (r != SL_OK)
		return code;
	r = case_open(&s, c->operands[0], 0, &k, &why);
	if (r == SL_OK)
		r = fetch_texts(&s, k, &why);
	if (r == SL_OK)
		r = seen_load(s.config, k->id, k->revision, &seen, &why);
	if (r == SL_OK) {
		json_t *doc;

		if (c->json) {
			doc = get_case_json(k);
			put_exact(&s, k, doc);
			(void)json_print(doc);
			json_decref(doc);
		} else {
			r = print_case(c, &s, k);
		}
		/* Only what really left for the screen counts as shown. */
		if (r == SL_OK)
			r = cli_written() ? commands_note_shown(k, seen) : SL_E_IO;
	}
	code = r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
	seen_free(seen);
	case_free(k);
	session_close(&s);
	return code;
}

static void show_download(uint64_t done, uint64_t total)
{
	cli_progress(_("download"), done, total);
}

static int run_get(const struct cli *c)
{
	const char *into = cli_value(c, "into");
	struct review_case *k = NULL;
	struct seen *seen = NULL;
	struct sl_why why = {""};
	struct session s;
	int code, r;

	if (into == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("--into DIR is needed"), NULL);
	r = commands_start(c, &s, &code);
	if (r != SL_OK)
		return code;
	r = case_open(&s, c->operands[0], 0, &k, &why);
	if (r == SL_OK)
		r = fetch_texts(&s, k, &why);
	if (r == SL_OK)
		r = seen_load(s.config, k->id, k->revision, &seen, &why);
	if (r == SL_OK)
		r = get_into(&s, k, seen, into, show_download, &why);
	if (r == SL_OK)
		r = commands_note_shown(k, seen);
	if (r == SL_OK && c->json)
		printf("{\"draft\":\"%s\",\"into\":\"%s\"}\n", k->id, present_text(into));
	else if (r == SL_OK)
		printf(_("%s is in %s\n"), k->id, present_text(into));
	code = r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
	seen_free(seen);
	case_free(k);
	session_close(&s);
	return code;
}

static int run_freeze(const struct cli *c)
{
	return orders_run(c, "freeze");
}
static int run_confirm(const struct cli *c)
{
	return orders_run(c, "confirm");
}
static int run_restore(const struct cli *c)
{
	return orders_run(c, "reinstate");
}

static int run_default(const struct cli *c)
{
	const char *script = cli_value(c, "script");

	return script != NULL ? script_run(c, script) : tui_run(c);
}

static const struct cli_option approve_options[] = {
	{"role", "R", N_("role you sign in (default: the only one of yours still missing)"),
	 false},
	{"ack", "RULE=REASON", N_("why a finding may stand; once for each S2 and S3 rule"),
	 true},
	{NULL, NULL, NULL, false},
};
static const struct cli_option return_options[] = {
	{"role", "R", N_("role you sign in"), false},
	{"code", "C",
	 N_("reason code, for example personal-data; \"sluice-review codes\" lists them"),
	 false},
	{"reason", "TEXT", N_("one sentence the author understands"), false},
	{"edit", "FROM=TO",
	 N_("exact words to change, once for each; title:FROM=TO or file:0@2:FROM=TO says "
	    "where"),
	 true},
	{NULL, NULL, NULL, false},
};
static const struct cli_option back_options[] = {
	{"role", "R", N_("role you sign in"), false},
	{"code", "C",
	 N_("reason code, for example third-party; \"sluice-review codes\" lists them"), false},
	{"reason", "TEXT", N_("one sentence the author understands"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option refer_options[] = {
	{"to", "BODY", N_("who is asked, for example 市国家保密局"), false},
	{"question", "TEXT", N_("what is asked, one sentence"), false},
	{"third-party", NULL, N_("one whose rights it touches: that time does not count"),
	 false},
	{"role", "R", N_("secrecy or legal (default: the one of yours)"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option answer_options[] = {
	{"opinion", "TEXT", N_("what they say, one sentence or a few"), false},
	{"file", "SCAN", N_("their letter: name and digest go on record, the file stays here"),
	 false},
	{"role", "R", N_("secrecy or legal (default: the one of yours)"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option appeal_options[] = {
	{"uphold", NULL, N_("the refusal is final"), false},
	{"admit", NULL, N_("it is reviewed anew, on the strictest route"), false},
	{"reason", "TEXT", N_("one sentence the author understands"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option freeze_options[] = {
	{"reason", "TEXT", N_("one sentence"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option suppress_options[] = {
	{"reason", "TEXT", N_("one sentence"), false},
	{"until", "DAY", N_("when it ends, such as 2027-03-31 (default: in 90 days)"), false},
	{"text", "HASH", N_("which text, by the start of its text_hmac in the report"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option recheck_options[] = {
	{"without-pictures", NULL, N_("leave out what is only a picture, which takes long"),
	 false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option spill_options[] = {
	{"reason", "TEXT", N_("one sentence"), false},
	{"seal-key", "FILE", N_("your seal key, to open what is sealed to you"), false},
	{"with", "FILE.pub", N_("public seal key of the officer who asked"), false},
	{"into", "DIR", N_("new directory for what is opened"), false},
	{"lang", "LANG", N_("language of the report: zh or en"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option get_options[] = {
	{"into", "DIR", N_("where to put manifest, report, texts and files"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option form_options[] = {
	{"out", "FILE", N_("where to put it: a PDF when FILE ends in .pdf, else text"), false},
	{"text", NULL, N_("show it as text, also when a file is written"), false},
	{"lang", "zh|en", N_("language of the form (default zh)"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option default_options[] = {
	{"script", "FILE", N_("run commands from a file, one a line, instead of the terminal"),
	 false},
	{"readonly", NULL, N_("look only; nothing can be signed"), false},
	{"theme", "NAME", N_("colours: default, light, high-contrast, mono"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_command table[] = {
	{"", "", N_("the terminal for reviewing: queue, draft, findings in place, vote"),
	 default_options, 0, 0, run_default},
	{"list", "", N_("what waits for review"), list_options, 0, 0, list_run},
	{"show", "ID", N_("one draft: summary, findings, text with findings in place, votes"),
	 NULL, 1, 1, run_show},
	{"get", "ID", N_("fetch the files themselves, checked against the manifest"),
	 get_options, 1, 1, run_get},
	{"recheck", "ID",
	 N_("inspect its files again on this machine and compare with the gateway's report"),
	 recheck_options, 1, 1, recheck_run},
	{"diff", "ID", N_("what changed since the last revision, or since revision N"),
	 audit_diff_options, 1, 1, audit_diff_run},
	{"audit", "[ID]",
	 N_("everything that happened to a draft; with --unit who stood in for whom"),
	 audit_options, 0, 1, audit_run},
	{"form", "ID",
	 N_("the review form of a draft, for the screen or as a PDF to print and archive"),
	 form_options, 1, 1, form_command_run},
	{"approve", "ID", N_("sign that exactly these bytes may be published"), approve_options,
	 1, 1, decide_approve},
	{"return", "ID", N_("give it back to the author, with what to change"), return_options,
	 1, 1, decide_return},
	{"refuse", "ID", N_("decide that it is not published, with the reason code"),
	 back_options, 1, 1, decide_refuse},
	{"refer", "ID", N_("ask another body's opinion; the clocks stand until it comes"),
	 refer_options, 1, 1, outcomes_refer},
	{"answer", "ID", N_("put the opinion on record; the review goes on"), answer_options, 1,
	 1, outcomes_answer},
	{"decide-appeal", "ID", N_("as director: does a refusal stand"), appeal_options, 1, 1,
	 outcomes_decide_appeal},
	{"codes", "", N_("the codes to return or refuse with, and the law behind each"), NULL,
	 0, 0, outcomes_codes},
	{"freeze", "RELEASE", N_("take something published down at once; one person is enough"),
	 freeze_options, 1, 1, run_freeze},
	{"confirm", "RELEASE", N_("make a freeze final; two reviewers must say so"),
	 freeze_options, 1, 1, run_confirm},
	{"restore", "RELEASE",
	 N_("bring the same bytes back after a freeze; two reviewers must say so"),
	 freeze_options, 1, 1, run_restore},
	{"hits", "RELEASE", N_("what new rules or signatures found in something published"),
	 NULL, 1, 1, alerts_hits},
	{"settle", "RELEASE", N_("say why a new hit in something published may stand"),
	 freeze_options, 1, 1, alerts_settle},
	{"extend", "ID CLOCK", N_("give one clock of a draft more time, once, and say why"),
	 freeze_options, 2, 2, extend_run},
	{"suppress", "WORD ...",
	 N_("propose DRAFT RULE, confirm NUMBER, revoke NUMBER, list: two reviewers say that "
	    "one rule need not count for one text"),
	 suppress_options, 1, 3, suppress_run},
	{"spill", "WORD [DRAFT]",
	 N_("secrecy officers: list, open DRAFT, report DRAFT, reported DRAFT, close DRAFT; "
	    "opening and closing need two"),
	 spill_options, 1, 2, spill_run},
	{"unit", "WORD [PERSON]",
	 N_("list: the people of your unit, who is away, what runs out; absence PERSON: as the "
	    "unit's administrator, sign who stands in, or --end it"),
	 unit_options, 1, 2, unit_run},
	{NULL, NULL, NULL, NULL, 0, 0, NULL},
};
const struct cli_program commands_program = {
	.name = "sluice-review",
	.about = N_("sluice-review is where reviewers read drafts and sign. A signature covers "
		    "exactly the\n"
		    "bytes that will be published, the inspection report, the rules in force "
		    "and what this\n"
		    "machine showed; parts you were never shown cannot be approved."),
	.commands = table,
	.examples = N_("  sluice-review\n"
		       "  sluice-review show D-2026-000123\n"
		       "  sluice-review approve D-2026-000123 --role desk"),
};
