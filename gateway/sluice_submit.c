/* sluice_submit.c - hand drafts in, wait for the inspection, say what was found.
 *
 * Files of one call are one draft, or with --each a draft of its own each: all
 * are handed in before the first is waited for, so the gateway works on many at
 * a time, and one that fails does not stop the others. */
#include "sluice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/author.h"
#include "policy/present.h"
#include "wire/session.h"

enum { WAIT_MS = 15 * 60 * 1000 };

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

static void print_next(const json_t *draft)
{
	const char *state = json_str(draft, "state"),
		   *id = present_text(json_str(draft, "draft"));

	if (state == NULL)
		return;
	if (strcmp(state, "BLOCKED") == 0)
		printf(_("Correct the draft as shown above and hand it in again: sluice revise "
			 "%s FILE\nWhat the gateway can mend by itself: sluice fix %s\n"),
		       id, id);
	else if (strcmp(state, "HELD") == 0)
		printf(_("Hand in a form that can be read in full (for example .docx or PDF "
			 "with text): sluice revise %s FILE\n"),
		       id);
	else if (strcmp(state, "SPILL") == 0)
		printf("%s\n", _("Do not copy or send this file any further. The secrecy "
				 "officers have been told and will call you."));
	else if (strcmp(state, "IN_REVIEW") == 0)
		printf(_("Nothing more to do now. Follow it with: sluice status %s\n"), id);
}

/* A draft as --json shows it, with every member whatever is known yet. */
static json_t *as_json(const json_t *draft)
{
	static const char *const names[] = {"draft",   "revision", "state",
					    "verdict", "route",	   "report"};
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *v = json_object_get(draft, names[i]);

		(void)json_object_set_new(out, names[i],
					  v != NULL ? json_incref(v)
						    : (strcmp(names[i], "report") == 0
							       ? json_object()
							       : json_string("")));
	}
	return out;
}

static void print_outcome(const struct cli *c, const json_t *draft)
{
	present_draft_line(stdout, c, draft);
	present_report(stdout, c, json_obj(draft, "report"));
	print_next(draft);
}

static void print_submitted(const json_t *result)
{
	int64_t revision = 0;

	(void)json_i64(result, "revision", &revision);
	printf(_("%s revision %lld is handed in. Follow it with: sluice status %s\n"),
	       present_text(json_str(result, "draft")), (long long)revision,
	       present_text(json_str(result, "draft")));
}

static void show_upload(uint64_t done, uint64_t total)
{
	cli_progress(_("upload"), done, total);
}

static void take_options(const struct cli *c, struct author_draft *d)
{
	d->title = cli_value(c, "title");
	d->content_type = cli_value(c, "type");
	d->column = cli_value(c, "column");
	d->route = cli_value(c, "route");
	d->meta_file = cli_value(c, "meta");
	for (int i = 0; i < AUTHOR_CHANNELS_MAX && cli_value_at(c, "channel", i) != NULL; i++)
		d->channels[d->n_channels++] = cli_value_at(c, "channel", i);
}

/* *ret_outcome: the draft after its inspection; on a failure it stays as it was. */
static int wait_for(struct session *s, json_t **outcome)
{
	struct sl_why why = {""};
	json_t *found = NULL;
	int r = author_wait(s, json_str(*outcome, "draft"), WAIT_MS, &found, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("handed in, but the outcome is not known yet"),
				_("look later with: sluice status"));
	json_decref(*outcome);
	*outcome = found; /* moved */
	return exit_for_state(json_str(found, "state"));
}

int sluice_outcome(const struct cli *c, struct session *s, json_t *handed_in, const json_t *fix)
{
	json_t *outcome = json_incref(handed_in), *doc;
	int code;

	if (!c->json) {
		printf(_("%s is handed in; being inspected ...\n"),
		       present_text(json_str(outcome, "draft")));
		(void)fflush(stdout);
	}
	code = wait_for(s, &outcome);
	if (code != CLI_UNREACHABLE && c->json) {
		doc = as_json(outcome);
		(void)json_object_set_new(doc, "fix", json_deep_copy(fix));
		(void)json_print_take(doc);
	} else if (code != CLI_UNREACHABLE) {
		print_outcome(c, outcome);
	}
	json_decref(outcome);
	return code;
}

static int one_draft(const struct cli *c, struct session *s, const struct author_draft *d)
{
	struct sl_why why = {""};
	json_t *outcome = NULL;
	bool wait = !cli_has(c, "no-wait");
	int r = author_submit(s, d, show_upload, &outcome, &why), code = CLI_DONE;

	if (r != SL_OK)
		return cli_fail(r, &why, _("the draft was not handed in"), NULL);
	if (wait && !c->json) {
		printf(_("%s is handed in; being inspected ...\n"),
		       present_text(json_str(outcome, "draft")));
		(void)fflush(stdout);
	}
	if (wait)
		code = wait_for(s, &outcome);
	if (code == CLI_UNREACHABLE) /* said already */
		goto out;
	if (c->json) {
		(void)json_print_take(as_json(outcome));
	} else if (wait) {
		print_outcome(c, outcome);
	} else {
		print_submitted(outcome);
	}
out:
	json_decref(outcome);
	return code;
}

/* A spill outweighs everything, a refusal what may only need another try. */
static int worse(int a, int b)
{
	static const int order[] = {CLI_DONE, CLI_UNREACHABLE, CLI_REFUSED, CLI_SPILL};
	unsigned at_a = 0, at_b = 0;

	for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		at_a = order[i] == a ? i : at_a;
		at_b = order[i] == b ? i : at_b;
	}
	return at_a > at_b ? a : b;
}

/* Hand in the i-th file; its row of the answer names the file whatever happens. */
static int each_file(const struct cli *c, struct session *s, int i, json_t **ret_outcome)
{
	struct author_draft d = {.files = c->operands + i, .n_files = 1};
	struct sl_why why = {""};
	int r;

	take_options(c, &d);
	r = author_submit(s, &d, NULL, ret_outcome, &why);
	if (r == SL_OK)
		return CLI_DONE;
	/* The reason names the file already when the file is the reason. */
	if (strstr(why.text, c->operands[i]) == NULL)
		r = why_prefix(&why, r, "%s", c->operands[i]);
	return cli_fail(r, &why, _("the draft was not handed in"), NULL);
}

static int each_outcome(const struct cli *c, struct session *s, const char *file,
			json_t **outcome, json_t *rows)
{
	int code = cli_has(c, "no-wait") ? CLI_DONE : wait_for(s, outcome);
	json_t *row;

	if (c->json) {
		row = as_json(*outcome);
		(void)json_object_set_new(row, "file", json_string(file));
		(void)json_array_append_new(rows, row);
	} else if (cli_has(c, "no-wait")) {
		print_submitted(*outcome);
	} else if (code != CLI_UNREACHABLE) {
		printf("%s%s%s\n", cli_paint(c, CLI_BOLD), present_text(file),
		       cli_paint(c, CLI_RESET));
		print_outcome(c, *outcome);
	}
	return code;
}

static int each_draft(const struct cli *c, struct session *s)
{
	json_t **outcome = calloc((size_t)c->n_operands, sizeof(json_t *));
	json_t *rows = json_array();
	int code = outcome == NULL ? CLI_REFUSED : CLI_DONE;

	for (int i = 0; outcome != NULL && i < c->n_operands; i++) {
		code = worse(code, each_file(c, s, i, &outcome[i]));
		cli_progress(_("handing in"), (uint64_t)i + 1, (uint64_t)c->n_operands);
	}
	for (int i = 0; outcome != NULL && i < c->n_operands; i++) {
		if (outcome[i] != NULL)
			code = worse(code,
				     each_outcome(c, s, c->operands[i], &outcome[i], rows));
		json_decref(outcome[i]);
	}
	if (c->json) {
		(void)json_print_take(json_pack("{s:O}", "drafts", rows));
	}
	json_decref(rows);
	free(outcome);
	return code;
}

static int submit(const struct cli *c, struct author_draft *d)
{
	struct session s;
	struct sl_why why = {""};
	int r = session_open(c->config, &s, &why), code;

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	take_options(c, d);
	code = cli_has(c, "each") ? each_draft(c, &s) : one_draft(c, &s, d);
	if (code != CLI_UNREACHABLE)
		session_remind(&s, c);
	session_close(&s);
	return code;
}

int sluice_submit(const struct cli *c)
{
	struct author_draft d = {.files = c->operands, .n_files = c->n_operands};

	if (cli_has(c, "each") && cli_has(c, "title"))
		return cli_fail(SL_E_USAGE, NULL,
				_("--title names one draft, --each makes many"),
				_("Leave --title out: each draft gets its own first line."));
	return submit(c, &d);
}

int sluice_revise(const struct cli *c)
{
	struct author_draft d = {.revises = c->operands[0],
				 .files = c->operands + 1,
				 .n_files = c->n_operands - 1};

	return submit(c, &d);
}

int sluice_correct(const struct cli *c)
{
	struct author_draft d = {.corrects = c->operands[0],
				 .files = c->operands + 1,
				 .n_files = c->n_operands - 1};

	return submit(c, &d);
}
