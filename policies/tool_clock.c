/* tool_clock.c - sluice-policy clock: what each clock counts, and what it gives from a day. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/present.h"
#include "policy/reckon.h"

enum { MOMENT = 40, LENGTH = 60 };

struct view {
	const struct cli *c;
	const struct clocks *clocks;
	int64_t from;
};

static void moment(const struct clocks *c, int64_t t, char out[MOMENT])
{
	int64_t day = clocks_day(c, t), into = t - clocks_day_end(c, day - 1);
	char text[WORKDAYS_TEXT];

	workdays_format(day, text);
	(void)snprintf(out, MOMENT, "%s %02lld:%02lld", text, (long long)into / 3600,
		       (long long)into / 60 % 60);
}

/* "2026-11-30 24:00": the end of a term belongs to the day that it closes. */
static void closing(const struct clocks *c, int64_t t, char out[MOMENT])
{
	char text[WORKDAYS_TEXT];

	if (t != clocks_day_end(c, clocks_day(c, t - 1))) {
		moment(c, t, out);
		return;
	}
	workdays_format(clocks_day(c, t - 1), text);
	(void)snprintf(out, MOMENT, "%s 24:00", text);
}

static void length_text(enum clock_unit u, uint32_t n, char out[LENGTH])
{
	bool one = n == 1;

	switch (u) {
	case CLOCK_WORKING_DAY:
		(void)snprintf(out, LENGTH, one ? _("%u working day") : _("%u working days"),
			       n);
		return;
	case CLOCK_DAY:
		(void)snprintf(out, LENGTH, one ? _("%u calendar day") : _("%u calendar days"),
			       n);
		return;
	case CLOCK_HOUR:
		(void)snprintf(out, LENGTH, one ? _("%u hour") : _("%u hours"), n);
		return;
	default:
		(void)snprintf(out, LENGTH, one ? _("%u minute") : _("%u minutes"), n);
	}
}

static int64_t due_of(const struct view *v, const struct clocks_rule *r, uint32_t length,
		      bool *ret_provisional)
{
	const struct reckon_term t = {.unit = r->unit,
				      .length = length,
				      .moves = r->holiday == CLOCK_NEXT,
				      .started = v->from};
	int64_t due = reckon_due(v->clocks, &t);

	*ret_provisional = reckon_provisional(v->clocks, &t, due);
	return due;
}

static json_t *list_json(const struct clocks_words *w)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < w->n; i++)
		(void)json_array_append_new(a, json_string(w->item[i]));
	return a;
}

static json_t *rule_json(const struct view *v, const struct clocks_rule *r)
{
	char from[CLOCK_TEXT + 1], due[CLOCK_TEXT + 1];
	json_t *warn = json_array();
	bool provisional = false;

	clock_format(v->from, from);
	clock_format(due_of(v, r, r->length, &provisional), due);
	for (unsigned i = 0; i < r->warn_count; i++)
		(void)json_array_append_new(warn, json_integer(r->warn[i]));
	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:s,s:I,s:s,s:o,s:o,s:b,s:I,"
			 "s:o,s:s,s:s,s:b}",
			 "id", r->id, "name_en", r->name.en, "name_zh", r->name.zh, "basis",
			 r->basis, "routes", list_json(&r->routes), "types",
			 list_json(&r->types), "not_types", list_json(&r->not_types),
			 "categories", list_json(&r->categories), "not_categories",
			 list_json(&r->not_categories), "unit", clocks_unit_name(r->unit),
			 "length", (json_int_t)r->length, "start", r->start, "pause",
			 list_json(&r->pause), "end", list_json(&r->end), "next_working_day",
			 r->holiday == CLOCK_NEXT, "extend_to", (json_int_t)r->extend_to,
			 "warn", warn, "from", from, "due", due, "provisional", provisional);
}

static void print_row(const struct view *v, const struct clocks_rule *r)
{
	bool provisional = false;
	char due[MOMENT], length[LENGTH];

	closing(v->clocks, due_of(v, r, r->length, &provisional), due);
	length_text(r->unit, r->length, length);
	printf("%-16s %s  %s%s%s  (%s)\n", present_text(r->id), length, due,
	       provisional ? " " : "", provisional ? _("provisional") : "",
	       present_text(i18n_is_zh() ? r->name.zh : r->name.en));
}

/* What a word of clocks.yaml means; a state's own name is known to present_state. */
static const char *meaning(const char *word)
{
	static const struct {
		const char *word, *text;
	} words[] = {
		{"formed", N_("the first revision is handed in, or the day it was made")},
		{"submitted", N_("a revision is handed in")},
		{"received", N_("the question came in")},
		{"found", N_("something is found in what is public")},
		{"published", N_("it is released")},
		{"frozen", N_("it is taken down")},
		{"spilled", N_("it is sealed as a spill")},
		{"third-party", N_("referred, and a third party is heard")},
		{"settled", N_("somebody says why it may stand")},
		{"reviewed", N_("the full review is done")},
		{"reported", N_("the incident is reported")},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) == 0)
			return _(words[i].text);
	}
	return present_state(word);
}

/* One a line: the word to write, and what it means. */
static void print_meanings(const char *label, const struct clocks_words *w, const char *none)
{
	if (w->n == 0)
		printf("  %s: %s\n", label, none);
	for (unsigned i = 0; i < w->n; i++)
		printf("  %s: %s (%s)\n", label, present_text(w->item[i]), meaning(w->item[i]));
}

static void print_words(const char *label, const struct clocks_words *w, const char *none)
{
	if (w->n == 0 && none == NULL)
		return;
	printf("  %s:", label);
	for (unsigned i = 0; i < w->n; i++)
		printf(" %s", present_text(w->item[i]));
	printf("%s%s\n", w->n == 0 ? " " : "", w->n == 0 ? none : "");
}

static void print_end(const struct view *v, const struct clocks_rule *r)
{
	bool provisional = false;
	char from[MOMENT], due[MOMENT], zone[CLOCKS_ZONE];

	moment(v->clocks, v->from, from);
	closing(v->clocks, due_of(v, r, r->length, &provisional), due);
	clocks_zone(v->clocks, zone);
	printf(_("Started at %s it ends at %s (UTC%s)."), from, due, zone);
	if (clocks_by_day(r->unit))
		printf(" %s", _("The day on which it starts is not counted."));
	putchar('\n');
	if (provisional)
		printf("%s\n", _("Provisional: it was counted over days whose yearly notice is "
				 "not there yet."));
	if (r->extend_to == 0)
		return;
	closing(v->clocks, due_of(v, r, r->extend_to, &provisional), due);
	printf(_("Extended it ends at %s."), due);
	putchar('\n');
}

static void print_rule(const struct view *v, const struct clocks_rule *r)
{
	char length[LENGTH];

	length_text(r->unit, r->length, length);
	printf("%s  %s\n", present_text(r->id),
	       present_text(i18n_is_zh() ? r->name.zh : r->name.en));
	printf("  %s: %s\n", _("basis"), present_text(r->basis));
	print_words(_("routes"), &r->routes, _("any"));
	print_words(_("content types"), &r->types, NULL);
	print_words(_("not for"), &r->not_types, NULL);
	print_words(_("categories"), &r->categories, NULL);
	print_words(_("not for"), &r->not_categories, NULL);
	printf("  %s: %s\n", _("length"), length);
	if (r->unit == CLOCK_DAY)
		printf("  %s: %s\n", _("last day a holiday"),
		       r->holiday == CLOCK_NEXT ? _("it ends on the next working day")
						: _("it ends that day"));
	printf("  %s: %s (%s)\n", _("starts when"), present_text(r->start), meaning(r->start));
	print_meanings(_("stands still in"), &r->pause, _("nothing: it runs on"));
	print_meanings(_("ends with"), &r->end, "");
	if (r->extend_to > 0) {
		length_text(r->unit, r->extend_to, length);
		printf("  %s: %s\n", _("extended once, with a reason, to"), length);
	}
	printf("  %s:", _("warns at"));
	for (unsigned i = 0; i < r->warn_count; i++)
		printf(" %u%%", r->warn[i]);
	putchar('\n');
	print_end(v, r);
}

static int print_all(const struct view *v)
{
	json_t *list = json_array();
	char from[MOMENT];

	for (unsigned i = 0; i < v->clocks->n; i++) {
		if (v->c->json)
			(void)json_array_append_new(list, rule_json(v, &v->clocks->rule[i]));
		else
			print_row(v, &v->clocks->rule[i]);
	}
	if (v->c->json)
		return tool_print(json_pack("{s:o}", "clocks", list));
	json_decref(list);
	moment(v->clocks, v->from, from);
	printf(_("The moments are those at which each ends when it starts at %s; "
		 "\"sluice-policy clock ID\" says more.\n"),
	       from);
	return SL_OK;
}

/* --from DAY or TIME, else now. */
static int starting(const struct view *v, int64_t *ret_t)
{
	const char *given = cli_value(v->c, "from");
	int64_t day;

	if (given == NULL)
		*ret_t = clock_now();
	else if (workdays_parse(given, &day))
		*ret_t = clocks_day_end(v->clocks, day - 1);
	else if (!clock_parse(given, strlen(given), ret_t))
		return SL_E_USAGE;
	return SL_OK;
}

int tool_clock_run(const struct cli *c)
{
	const char *id = c->n_operands == 1 ? c->operands[0] : NULL;
	const struct clocks_rule *rule = NULL;
	struct sl_why why = {.text = ""};
	struct clocks *clocks = NULL;
	struct view v = {.c = c};
	char dir[TOOL_PATH];
	int r = tool_policy_dir(c, dir), code = CLI_DONE;

	if (r == SL_OK)
		r = clocks_load(dir, &clocks, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the clocks cannot be read"),
				_("Correct the file at that line and try again."));
	v.clocks = clocks;
	if (id != NULL && (rule = clocks_find(clocks, id)) == NULL)
		code = cli_fail(SL_E_NOTFOUND, NULL, _("there is no such clock"),
				_("\"sluice-policy clock\" lists them all."));
	else if (starting(&v, &v.from) != SL_OK)
		code = cli_fail(SL_E_USAGE, NULL,
				_("--from takes a day such as 2026-11-27, or a time such as "
				  "2026-11-27T06:30:00Z"),
				NULL);
	else if (rule == NULL)
		r = print_all(&v);
	else if (c->json)
		r = tool_print(rule_json(&v, rule));
	else
		print_rule(&v, rule);
	clocks_free(clocks);
	return r == SL_OK ? code : CLI_REFUSED;
}
