/* present_outcome.c - referrals and appeals in plain words for a person at a terminal. */
#include "policy/present_outcome.h"

#include <string.h>

#include "policy/present.h"

static void print_referral(FILE *out, const struct cli *c, const json_t *p)
{
	const json_t *scan = json_obj(p, "scan");

	fprintf(out, "  %s%s%s %s (%s), %s: %s\n", cli_paint(c, CLI_YELLOW), _("referred to"),
		cli_paint(c, CLI_RESET), present_text(json_str(p, "body")),
		present_text(json_str(p, "pid")), present_text(json_str(p, "since")),
		present_text(json_str(p, "question")));
	if (json_str(p, "opinion") == NULL) {
		fprintf(out, "    %s\n", _("its opinion has not come yet; the clocks stand"));
		return;
	}
	fprintf(out, "    %s (%s), %s: %s\n", _("opinion"),
		present_text(json_str(p, "answered_by")), present_text(json_str(p, "answered")),
		present_text(json_str(p, "opinion")));
	if (scan != NULL)
		fprintf(out, "    %s %s  sha256 %.16s…\n", _("letter on file:"),
			present_text(json_str(scan, "name")),
			present_text(json_str(scan, "sha256")));
}

static void print_appeal(FILE *out, const struct cli *c, const json_t *a)
{
	const char *outcome = json_str(a, "outcome");
	bool admitted = outcome != NULL && strcmp(outcome, "admitted") == 0;

	fprintf(out, "  %s%s%s (%s), %s: %s\n", cli_paint(c, CLI_YELLOW), _("appeal"),
		cli_paint(c, CLI_RESET), present_text(json_str(a, "pid")),
		present_text(json_str(a, "since")), present_text(json_str(a, "reason")));
	if (json_str(a, "decided") == NULL)
		fprintf(out, "    %s\n",
			_("the lead group has not decided; the refusal stands"));
	else
		fprintf(out, "    %s (%s), %s: %s\n",
			admitted ? _("admitted; it is reviewed anew on the strictest route")
				 : _("the refusal is upheld and final"),
			present_text(json_str(a, "decided_by")),
			present_text(json_str(a, "decided")),
			present_text(json_str(a, "grounds")));
}

void present_outcomes(FILE *out, const struct cli *c, const json_t *shown)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_arr(shown, "referrals"), i, p) print_referral(out, c, p);
	if (json_obj(shown, "appeal") != NULL)
		print_appeal(out, c, json_obj(shown, "appeal"));
}

static void print_edit(FILE *out, const struct cli *c, const json_t *e)
{
	int64_t occurrence = 1;

	(void)json_i64(e, "occurrence", &occurrence);
	fprintf(out, "      %s", present_text(json_str(e, "part")));
	if (occurrence > 1)
		fprintf(out, " #%lld", (long long)occurrence);
	fprintf(out, ": %s-%s%s → %s+%s%s", cli_paint(c, CLI_RED),
		present_text(json_str(e, "from")), cli_paint(c, CLI_RESET),
		cli_paint(c, CLI_GREEN), present_text(json_str(e, "to")),
		cli_paint(c, CLI_RESET));
}

void present_edits(FILE *out, const struct cli *c, const json_t *vote)
{
	const json_t *e;
	size_t i;

	json_array_foreach(json_arr(vote, "edits"), i, e)
	{
		print_edit(out, c, e);
		fputc('\n', out);
	}
}

static const char *why_not(const char *why)
{
	static const struct {
		const char *key, *text;
	} words[] = {
		{"absent", N_("this text does not stand there")},
		{"several", N_("this text stands there more than once")},
		{"source",
		 N_("this kind of file takes no edits: change what it was made from")},
		{"encoding", N_("the file is no UTF-8")},
		{"place", N_("it could not be put in exactly once")},
		{"hidden", N_("it stands only in a comment, a property or hidden text")},
		{"tracked", N_("the file has tracked changes: accept or reject them, and hand "
			       "it in again")},
	};

	for (size_t i = 0; why != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].key, why) == 0)
			return _(words[i].text);
	}
	return "";
}

void present_edits_applied(FILE *out, const struct cli *c, const json_t *record)
{
	const json_t *e;
	size_t i;

	json_array_foreach(json_arr(record, "edits"), i, e)
	{
		print_edit(out, c, e);
		if (json_is_true(json_object_get(e, "applied")))
			fprintf(out, "  %s\n", _("applied"));
		else
			fprintf(out, "  %s: %s\n", _("NOT applied"),
				why_not(json_str(e, "why")));
	}
}

bool present_edits_exact(const json_t *record)
{
	const json_t *e;
	size_t i;

	json_array_foreach(json_arr(record, "edits"), i, e)
	{
		if (!json_is_true(json_object_get(e, "applied")))
			return false;
	}
	return json_array_size(json_arr(record, "edits")) > 0;
}

void present_stands_for(FILE *out, const json_t *vote)
{
	const char *pid = json_str(vote, "stands_for");

	if (pid != NULL)
		fprintf(out, _("      in place of %s\n"), present_text(pid));
}
