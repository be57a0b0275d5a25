/* recheck_words.c - the result of a second inspection in sentences. */
#include "recheck.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

static const struct {
	const char *what, *text;
} differences[] = {
	{"finding-missing", N_("a finding is left out")},
	{"finding-added", N_("a finding that is not there")},
	{"finding-changed", N_("a finding was changed")},
	{"type", N_("another type")},
	{"object", N_("an object was changed")},
	{"objects", N_("another number of objects")},
	{"text", N_("the text shown is not the file's")},
	{"filter", N_("a filter did not look at it there")},
	{"files", N_("another number of files")},
	{"counts", N_("the report's sums are wrong")},
	{"verdict", N_("the report's verdict is wrong")},
	{"digest", N_("the report was changed after it was made")},
	{"input", N_("the report is about another file")},
	{"members", N_("the report has parts that no report has")},
	{"schema", N_("the report has another form")},
	{"rules", N_("the rules it names are not signed by two secrecy officers")},
	{"suppression", N_("what is marked as suppressed is not proved to be")},
};

static const struct {
	const char *why, *text;
} reasons[] = {
	{"pictures", N_("pictures were not read here")},
	{"signatures", N_("virus signatures here are not the gateway's")},
	{"filters", N_("the filters are not installed here")},
	{"rules", N_("no rules are installed here (policies in the configuration)")},
	{"bytes", N_("the files are too large to do so without being asked")},
	{"time", N_("it did not come to an end in time")},
	{"ended", N_("the filters ended before every file was read")},
	{"garbage", N_("the filters' answer could not be understood")},
};

static const char *reason_text(const char *why)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (why != NULL && strcmp(reasons[i].why, why) == 0)
			return _(reasons[i].text);
	}
	return present_text(why != NULL ? why : "");
}

/* Values come from a report that may be hostile. */
static void difference_text(const json_t *d, char out[RECHECK_LINE])
{
	const char *what = json_str(d, "what"), *file = json_str(d, "file"), *text = "";
	const char *gateway = json_str(d, "gateway"), *here = json_str(d, "here");
	char name[80], x[120], y[120];

	for (size_t i = 0; what != NULL && i < sizeof(differences) / sizeof(differences[0]);
	     i++) {
		if (strcmp(differences[i].what, what) == 0)
			text = _(differences[i].text);
	}
	(void)snprintf(name, sizeof(name), "%s", present_text(file != NULL ? file : ""));
	(void)snprintf(x, sizeof(x), "%s",
		       gateway != NULL && gateway[0] != '\0' ? present_text(gateway)
							     : _("nothing"));
	(void)snprintf(y, sizeof(y), "%s",
		       here != NULL && here[0] != '\0' ? present_text(here) : _("nothing"));
	(void)snprintf(out, RECHECK_LINE, _("%s%s%s; gateway: %s; here: %s"), name,
		       name[0] != '\0' ? ": " : "", text, x, y);
}

bool recheck_differs(const json_t *result)
{
	const char *state = json_str(result, "state");

	return state != NULL && strcmp(state, "differs") == 0;
}

void recheck_line(const json_t *result, char out[RECHECK_LINE])
{
	const json_t *all = json_arr(result, "differences"),
		     *left = json_arr(result, "left_out");
	const char *state = json_str(result, "state");
	char one[RECHECK_LINE];

	out[0] = '\0';
	if (state == NULL)
		return;
	if (strcmp(state, "differs") == 0) {
		difference_text(json_array_get(all, 0), one);
		(void)snprintf(out, RECHECK_LINE, _("differs from what your machine finds: %s"),
			       one);
	} else if (strcmp(state, "same") == 0) {
		(void)snprintf(out, RECHECK_LINE, "%s",
			       json_is_true(json_object_get(result, "newer"))
				       ? _("your machine's newer rules find nothing more than "
					   "the gateway's")
				       : _("your machine finds the same as the gateway"));
	} else if (strcmp(state, "partly") == 0) {
		(void)snprintf(out, RECHECK_LINE,
			       _("your machine finds the same as far as it looked: %s"),
			       reason_text(json_str(json_array_get(left, 0), "why")));
	} else if (strcmp(state, "other-rules") == 0) {
		(void)snprintf(out, RECHECK_LINE, "%s",
			       _("not inspected again here: the rules here are not those of "
				 "the report"));
	} else {
		(void)snprintf(out, RECHECK_LINE, _("not inspected again here: %s"),
			       reason_text(json_str(result, "why")));
	}
}

void recheck_print(FILE *out, const struct cli *cli, const json_t *result)
{
	const json_t *all = json_arr(result, "differences"),
		     *left = json_arr(result, "left_out"), *d;
	bool bad = recheck_differs(result);
	char line[RECHECK_LINE];
	size_t i;

	recheck_line(result, line);
	(void)fprintf(out, "%s%s%s\n", cli_paint(cli, bad ? CLI_RED : CLI_GREEN), line,
		      cli_paint(cli, CLI_RESET));
	/* The first one stands in the line above. */
	json_array_foreach(all, i, d)
	{
		if (i == 0)
			continue;
		difference_text(d, line);
		(void)fprintf(out, "  %s\n", line);
	}
	json_array_foreach(left, i, d)
	{
		(void)fprintf(out, _("  not compared: %s (%s)\n"),
			      present_text(json_str(d, "file")),
			      reason_text(json_str(d, "why")));
	}
}
