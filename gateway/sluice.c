/* sluice.c - the authors' program: hand a draft in, see what was found, follow it, recall it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/json.h"
#include "intake/author.h"
#include "policy/present.h"
#include "review/order.h"
#include "wire/session.h"

enum { WAIT_MS = 15 * 60 * 1000 };

static void print_json(const json_t *j)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	if (json_compact(j, &b) == SL_OK)
		puts(buf_str(&b));
	buf_release(&b);
}

static int exit_for_state(const char *state)
{
	if (state == NULL)
		return CLI_REFUSED;
	if (strcmp(state, "SPILL") == 0)
		return CLI_SPILL;
	if (strcmp(state, "BLOCKED") == 0 || strcmp(state, "HELD") == 0)
		return CLI_REFUSED;
	return CLI_DONE;
}

static const char *what_next(const char *state)
{
	if (strcmp(state, "BLOCKED") == 0)
		return _("Correct the draft as shown above and hand it in again: sluice revise "
			 "ID FILE");
	if (strcmp(state, "HELD") == 0)
		return _("Hand in a form that can be read in full (for example .docx or PDF "
			 "with text): "
			 "sluice revise ID FILE");
	if (strcmp(state, "SPILL") == 0)
		return _("Do not copy or send this file any further. The secrecy officers have "
			 "been told "
			 "and will call you.");
	if (strcmp(state, "IN_REVIEW") == 0)
		return _("Nothing more to do now. Follow it with: sluice status ID");
	return NULL;
}

static int print_outcome(const struct cli *c, const json_t *draft)
{
	const char *state = json_str(draft, "state");

	if (c->json) {
		json_t *out = json_object();
		static const char *const names[] = {"draft",   "revision", "state",
						    "verdict", "route",	   "report"};

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			json_t *v = json_object_get(draft, names[i]);

			(void)json_object_set_new(out, names[i],
						  v != NULL ? json_incref(v)
							    : (strcmp(names[i], "report") == 0
								       ? json_object()
								       : json_string("")));
		}
		print_json(out);
		json_decref(out);
		return exit_for_state(state);
	}
	present_draft_line(stdout, c, draft);
	present_report(stdout, c, json_obj(draft, "report"));
	if (state != NULL && what_next(state) != NULL)
		printf("%s\n", what_next(state));
	return exit_for_state(state);
}

static int print_submitted(const struct cli *c, const json_t *result)
{
	int64_t revision = 0;

	if (c->json) {
		json_t *out = json_deep_copy(result);

		(void)json_object_set_new(out, "verdict", json_string(""));
		(void)json_object_set_new(out, "route", json_string(""));
		(void)json_object_set_new(out, "report", json_object());
		print_json(out);
		json_decref(out);
		return CLI_DONE;
	}
	(void)json_i64(result, "revision", &revision);
	printf(_("%s revision %lld is handed in. Follow it with: sluice status %s\n"),
	       present_text(json_str(result, "draft")), (long long)revision,
	       present_text(json_str(result, "draft")));
	return CLI_DONE;
}

static void show_upload(uint64_t done, uint64_t total)
{
	cli_progress(_("upload"), done, total);
}

static int submit(const struct cli *c, struct author_draft *d)
{
	struct session s;
	struct sl_why why = {""};
	json_t *result = NULL, *outcome = NULL;
	int r = session_open(c->config, &s, &why);
	int code;

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	d->title = cli_value(c, "title");
	d->content_type = cli_value(c, "type");
	d->column = cli_value(c, "column");
	d->meta_file = cli_value(c, "meta");
	for (int i = 0; i < AUTHOR_CHANNELS_MAX && cli_value_at(c, "channel", i) != NULL; i++)
		d->channels[d->n_channels++] = cli_value_at(c, "channel", i);
	r = author_submit(&s, d, show_upload, &result, &why);
	if (r != SL_OK) {
		code = cli_fail(r, &why, _("the draft was not handed in"), NULL);
		goto out;
	}
	if (cli_has(c, "no-wait")) {
		code = print_submitted(c, result);
		goto out;
	}
	if (!c->json) {
		printf(_("%s is handed in; being inspected ...\n"),
		       present_text(json_str(result, "draft")));
		(void)fflush(stdout);
	}
	r = author_wait(&s, json_str(result, "draft"), WAIT_MS, &outcome, &why);
	if (r != SL_OK)
		code = cli_fail(r, &why, _("handed in, but the outcome is not known yet"),
				_("look later with: sluice status"));
	else
		code = print_outcome(c, outcome);
out:
	json_decref(result);
	json_decref(outcome);
	session_close(&s);
	return code;
}

static int run_submit(const struct cli *c)
{
	struct author_draft d = {.files = c->operands, .n_files = c->n_operands};

	return submit(c, &d);
}

static int run_revise(const struct cli *c)
{
	struct author_draft d = {.revises = c->operands[0],
				 .files = c->operands + 1,
				 .n_files = c->n_operands - 1};

	return submit(c, &d);
}

static int run_correct(const struct cli *c)
{
	struct author_draft d = {.corrects = c->operands[0],
				 .files = c->operands + 1,
				 .n_files = c->n_operands - 1};

	return submit(c, &d);
}

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
	wire_reply_release(&reply);
	json_decref(args);
	session_close(&s);
	return code;
}

static int print_status(const struct cli *c, const json_t *result)
{
	const json_t *drafts = json_arr(result, "drafts"), *d;
	size_t i;

	if (c->json) {
		/* With an ID: one such object; without: the list. */
		print_json(c->n_operands == 1 && json_array_size(drafts) == 1
				   ? json_array_get(drafts, 0)
				   : result);
		return CLI_DONE;
	}
	if (json_array_size(drafts) == 0)
		printf("%s\n", _("You have no drafts."));
	json_array_foreach(drafts, i, d) present_draft_line(stdout, c, d);
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
		print_json(result);
		return CLI_DONE;
	}
	present_draft_line(stdout, c, result);
	present_report(stdout, c, json_obj(result, "report"));
	json_array_foreach(json_arr(result, "votes"), i, v)
		printf("  %s %s: %s %s\n", present_text(json_str(v, "time")),
		       present_text(json_str(v, "role")), present_text(json_str(v, "decision")),
		       present_text(json_str(v, "reason")));
	return CLI_DONE;
}

static int run_show(const struct cli *c)
{
	return ask_and_print(c, "draft.show", c->operands[0], print_shown);
}

static int print_canceled(const struct cli *c, const json_t *result)
{
	if (c->json)
		print_json(result);
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
			print_json(result);
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

static const struct cli_option draft_options[] = {
	{"title", "T", N_("title (default: from --meta, else the first line of the text)"),
	 false},
	{"type", "CT05", N_("content type CT01 to CT19 (default CT04, news)"), false},
	{"column", "C", N_("column it belongs to"), false},
	{"channel", "C", N_("platform to publish on (default official-site)"), true},
	{"meta", "FILE",
	 N_("metadata as YAML: title, type, column, channels, summary, doc_no ..."), false},
	{"no-wait", NULL, N_("do not wait for the inspection"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_option recall_options[] = {
	{"reason", "TEXT", N_("one sentence the public may read"), false},
	{NULL, NULL, NULL, false},
};
static const struct cli_command commands[] = {
	{"submit", "FILE...",
	 N_("hand in a draft, wait for the inspection and see what was found"), draft_options,
	 1, AUTHOR_FILES_MAX, run_submit},
	{"status", "[ID]", N_("where my drafts are and who is still missing"), NULL, 0, 1,
	 run_status},
	{"show", "ID", N_("one draft with its findings and votes"), NULL, 1, 1, run_show},
	{"revise", "ID FILE...", N_("hand in a new revision; earlier approvals are void"),
	 draft_options, 2, AUTHOR_FILES_MAX + 1, run_revise},
	{"cancel", "ID", N_("take a draft back before it is approved"), NULL, 1, 1, run_cancel},
	{"correct", "RELEASE FILE...", N_("hand in a corrected version of something published"),
	 draft_options, 2, AUTHOR_FILES_MAX + 1, run_correct},
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
		       "  sluice status\n"
		       "  sluice revise D-2026-000123 notice.docx"),
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
