/* present.c - findings that an author understands: where, what, why, how to fix. */
#include "policy/present.h"

#include <string.h>

#include "base/text.h"
#include "policy/present_clock.h"
#include "policy/present_role.h"
#include "policy/present_route.h"
#include "policy/present_why.h"

struct word {
	const char *key;
	const char *text;
};

static const struct word states[] = {
	{"PREPARED", N_("prepared, not yet signed")},
	{"SUBMITTED", N_("waiting for inspection")},
	{"INSPECTING", N_("being inspected")},
	{"SPILL", N_("SPILL: stopped and sealed")},
	{"BLOCKED", N_("blocked: a new revision is needed")},
	{"HELD", N_("held: could not be inspected in full")},
	{"IN_REVIEW", N_("in review")},
	{"RETURNED", N_("returned to the author")},
	{"REFUSED", N_("refused")},
	{"REFERRED", N_("outside opinion asked")},
	{"APPROVED", N_("approved, being released")},
	{"RELEASED", N_("released")},
	{"SENT", N_("released and sent")},
	{"CORRECTED", N_("corrected by a later version")},
	{"FROZEN", N_("frozen")},
	{"WITHDRAWN", N_("withdrawn")},
	{"CANCELED", N_("canceled")},
	{"REPLACED", N_("replaced by a newer revision")},
	{NULL, NULL},
};

static const struct word verdicts[] = {
	{"clean", N_("clean: nothing found")},
	{"review", N_("goes to review; the findings below are for the reviewers to decide")},
	{"hold", N_("held: something could not be inspected")},
	{"block", N_("blocked: this must not be published as it is")},
	{"spill", N_("SPILL: looks classified; sealed, secrecy officers are told")},
	{NULL, NULL},
};

static const struct word places[] = {
	{"header", N_("header")},
	{"footer", N_("footer")},
	{"note", N_("note")},
	{"comment", N_("comment")},
	{"deleted", N_("deleted text")},
	{"inserted", N_("inserted text")},
	{"hidden", N_("hidden text")},
	{"property", N_("document property")},
	{"filename", N_("file name")},
	{"alt", N_("alternative text")},
	{"field", N_("field")},
	{"annotation", N_("annotation")},
	{"attachment", N_("attachment")},
	{"old-revision", N_("old revision")},
	{"metadata", N_("metadata")},
	{"title", N_("title")},
	{NULL, NULL},
};

static const char *word_for(const struct word *table, const char *key)
{
	if (key == NULL)
		return "";
	for (; table->key != NULL; table++) {
		if (strcmp(table->key, key) == 0)
			return _(table->text);
	}
	return present_text(key);
}

const char *present_state(const char *state)
{
	return word_for(states, state);
}
const char *present_verdict(const char *verdict)
{
	return word_for(verdicts, verdict);
}

const char *present_place(const char *where)
{
	return word_for(places, where);
}

const char *present_text(const char *text)
{
	static char ring[8][2048];
	static unsigned next;
	char *out = ring[next++ % 8];

	if (text == NULL)
		return "";
	(void)text_safe(text, strlen(text), out, sizeof(ring[0]));
	return out;
}

static enum cli_paint severity_paint(const char *severity)
{
	if (severity == NULL || strcmp(severity, "S1") <= 0)
		return CLI_RED;
	return strcmp(severity, "S2") == 0 ? CLI_YELLOW : CLI_BLUE;
}

/* {"en":…,"zh":…} in the person's language. */
static const char *localized(const json_t *both)
{
	const char *s = json_str(both, i18n_is_zh() ? "zh" : "en");

	return present_text(s != NULL ? s : json_str(both, "en"));
}

static void print_place(FILE *out, const json_t *f)
{
	const char *where = json_str(f, "where");
	int64_t page = 0, line = 0, column = 0;

	if (json_i64(f, "page", &page) && page > 0)
		fprintf(out, _("page %lld, "), (long long)page);
	if (json_i64(f, "line", &line) && json_i64(f, "column", &column) && line > 0)
		fprintf(out, _("line %lld, column %lld"), (long long)line, (long long)column);
	if (where != NULL && strcmp(where, "body") != 0)
		fprintf(out, " (%s)", word_for(places, where));
}

static const struct word fixes[] = {
	{"mask", N_("mask it")},
	{"delete", N_("delete it")},
	{"replace", N_("write instead")},
	{"return", N_("this cannot be mended in the text: do not publish it")},
	{NULL, NULL},
};

/* What the author can do about it, with the offered text where there is one. */
static void print_fix(FILE *out, const json_t *fix)
{
	const char *action = json_str(fix, "action"), *text = json_str(fix, "text");

	if (action == NULL || action[0] == '\0')
		return;
	fprintf(out, "      %s %s", _("fix:"), word_for(fixes, action));
	if (text != NULL && text[0] != '\0')
		fprintf(out, ": %s", present_text(text));
	fputc('\n', out);
}

static void print_suppressed(FILE *out, const struct cli *c, const json_t *s)
{
	const json_t *by = json_arr(s, "by");

	fprintf(out, "      %s%s %s, %s, %s %.10s%s: %s\n", cli_paint(c, CLI_DIM),
		_("does not count, say"),
		present_text(json_string_value(json_array_get(by, 0))),
		present_text(json_string_value(json_array_get(by, 1))), _("until"),
		present_text(json_str(s, "until")), cli_paint(c, CLI_RESET),
		present_text(json_str(s, "reason")));
}

/* How sure it is and what was seen; how it was hidden. */
static void print_why(FILE *out, const json_t *f)
{
	char phrase[PRESENT_WHY_MAX];
	const json_t *word;
	size_t i;

	json_array_foreach(json_arr(f, "evidence"), i, word)
	{
		present_why(json_string_value(word) != NULL ? json_string_value(word) : "",
			    phrase);
		fprintf(out, i == 0 ? "      %s %s" : "%s %s", i == 0 ? _("why:") : ",",
			phrase);
	}
	json_array_foreach(json_arr(f, "evasion"), i, word)
	{
		present_why(json_string_value(word) != NULL ? json_string_value(word) : "",
			    phrase);
		fprintf(out, "%s %s", i == 0 ? _("; hidden:") : ",", phrase);
	}
	if (json_array_size(json_arr(f, "evidence")) > 0)
		fputc('\n', out);
}

/* Where in the file: the member, attachment or part of it that the finding stands in; NULL
 * for the file itself. */
static const char *inner_path(const json_t *report, const json_t *f)
{
	const char *id = json_str(f, "object"), *one;
	const json_t *o;
	size_t i;

	if (id == NULL || strcmp(id, "0") == 0)
		return NULL;
	json_array_foreach(json_arr(report, "objects"), i, o)
	{
		one = json_str(o, "id");
		if (one != NULL && strcmp(one, id) == 0)
			return json_str(o, "path");
	}
	return NULL;
}

void present_finding(FILE *out, const struct cli *c, const json_t *report, const json_t *f)
{
	const char *inside = inner_path(report, f);
	const char *severity = json_str(f, "severity"), *excerpt = json_str(f, "excerpt");
	const char *basis = json_str(f, "basis");

	fprintf(out, "  %s%s %s%s  ", cli_paint(c, severity_paint(severity)),
		present_text(severity), present_text(json_str(f, "rule")),
		cli_paint(c, CLI_RESET));
	print_place(out, f);
	if (inside != NULL)
		fprintf(out, ", %s %s", _("in"), present_text(inside));
	if (excerpt != NULL && excerpt[0] != '\0')
		fprintf(out, ": %s%s%s", cli_paint(c, CLI_BOLD), present_text(excerpt),
			cli_paint(c, CLI_RESET));
	fprintf(out, "\n      %s\n", localized(json_obj(f, "message")));
	print_why(out, f);
	if (basis != NULL && basis[0] != '\0')
		fprintf(out, "      %s %s\n", _("basis:"), present_text(basis));
	print_fix(out, json_obj(f, "fix"));
	if (json_obj(f, "suppressed") != NULL)
		print_suppressed(out, c, json_obj(f, "suppressed"));
}

static void print_failures(FILE *out, const struct cli *c, const json_t *report)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_arr(report, "objects"), i, o)
	{
		const char *state = json_str(o, "state");

		if (state == NULL || strcmp(state, "failed") != 0)
			continue;
		fprintf(out, "  %s%s%s %s: %s\n", cli_paint(c, CLI_YELLOW), _("not inspected"),
			cli_paint(c, CLI_RESET), present_text(json_str(o, "path")),
			present_text(json_str(o, "reason")));
	}
	json_array_foreach(json_arr(report, "filters"), i, o)
	{
		const char *state = json_str(o, "state");

		if (state != NULL && strcmp(state, "ok") != 0)
			fprintf(out, "  %s%s%s %s: %s\n", cli_paint(c, CLI_YELLOW),
				_("filter failed"), cli_paint(c, CLI_RESET),
				present_text(json_str(o, "name")), present_text(state));
	}
}

void present_report_head(FILE *out, const struct cli *c, const json_t *report)
{
	const char *verdict = json_str(report, "verdict");

	fprintf(out, "%s%s%s: %s\n", cli_paint(c, CLI_BOLD),
		present_text(json_str(json_obj(report, "input"), "name")),
		cli_paint(c, CLI_RESET), present_verdict(verdict));
	print_failures(out, c, report);
}

static void print_file(FILE *out, const struct cli *c, const json_t *report)
{
	const json_t *f;
	size_t i;

	present_report_head(out, c, report);
	json_array_foreach(json_arr(report, "findings"), i, f)
		present_finding(out, c, report, f);
}

void present_report(FILE *out, const struct cli *c, const json_t *report)
{
	const json_t *files = json_arr(report, "files"), *one;
	size_t i;

	if (report == NULL)
		return;
	if (files == NULL) {
		print_file(out, c, report);
		return;
	}
	json_array_foreach(files, i, one) print_file(out, c, one);
}

void present_draft_line(FILE *out, const struct cli *c, const json_t *draft)
{
	const char *release = json_str(draft, "release"), *reason = json_str(draft, "reason");
	const char *route = json_str(draft, "route");
	const char *waits_for = json_str(draft, "waits_for");
	const json_t *missing = json_arr(draft, "missing"), *m;
	int64_t revision = 0, outdated = 0;
	size_t i;

	(void)json_i64(draft, "revision", &revision);
	fprintf(out, "%s%s%s  %s %lld  %s", cli_paint(c, CLI_BOLD),
		present_text(json_str(draft, "draft")), cli_paint(c, CLI_RESET), _("revision"),
		(long long)revision, present_state(json_str(draft, "state")));
	if (route != NULL && route[0] != '\0')
		fprintf(out, "  %s %s", _("route"), present_text(route));
	fprintf(out, "  %s\n", present_text(json_str(draft, "title")));
	if (json_array_size(missing) > 0) {
		fprintf(out, "    %s", _("still missing:"));
		json_array_foreach(missing, i, m)
			fprintf(out, " %s", present_role(json_string_value(m)));
		fputc('\n', out);
	}
	present_turn(out, c, draft);
	present_due(out, c, draft);
	if (json_i64(draft, "outdated", &outdated) && outdated > 0)
		fprintf(out, "    %s%s %lld%s\n", cli_paint(c, CLI_YELLOW),
			_("approvals under an older policy or of an older report, to be given "
			  "again:"),
			(long long)outdated, cli_paint(c, CLI_RESET));
	if (release != NULL && release[0] != '\0')
		fprintf(out, "    %s %s\n", _("release"), present_text(release));
	if (reason != NULL && reason[0] != '\0')
		fprintf(out, "    %s %s\n", _("reason:"), present_text(reason));
	if (waits_for != NULL && strcmp(waits_for, "pictures") == 0)
		fprintf(out, "    %s\n",
			_("its pages and pictures are being read; that takes longer than "
			  "text"));
}

void present_vote_policy(FILE *out, const struct cli *c, const json_t *vote)
{
	const char *decision = json_str(vote, "decision");
	int64_t version = 0;
	bool in_force = true;

	if (!json_bool(vote, "policy_in_force", &in_force) || in_force || decision == NULL ||
	    strcmp(decision, "approve") != 0)
		return;
	(void)json_i64(vote, "policy_version", &version);
	fprintf(out, "    %s", cli_paint(c, CLI_YELLOW));
	fprintf(out,
		_("given under approval policy %lld, which is not in force any more: it does "
		  "not count and must be given again"),
		(long long)version);
	fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
}

void present_alert_line(FILE *out, const struct cli *c, const json_t *alert)
{
	const char *worst = json_str(alert, "worst");

	fprintf(out, "%s%s %s%s  %s  %s\n", cli_paint(c, CLI_RED),
		present_text(worst != NULL ? worst : ""),
		present_text(json_str(alert, "release")), cli_paint(c, CLI_RESET),
		present_text(json_str(alert, "rules")), present_text(json_str(alert, "title")));
}
