/* present_clock.c - clocks[] and holders[] of a draft's status (docs/protocol.md). */
#include "policy/present_clock.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"

enum { OVER = 100, SOON = 80, HOUR_S = 3600, DAY_S = 86400 };

static enum cli_paint paint_of(int64_t used)
{
	return used >= OVER ? CLI_RED : used >= SOON ? CLI_YELLOW : CLI_RESET;
}

/* " 62% used (50%), provisional, paused": meaning is never in the colour alone. */
static void print_used(FILE *out, const json_t *clock)
{
	int64_t used = 0, warn = 0;
	bool provisional = false;

	(void)json_i64(clock, "used_percent", &used);
	(void)json_i64(clock, "warn", &warn);
	(void)json_bool(clock, "provisional", &provisional);
	fprintf(out, "  ");
	if (used >= OVER)
		fprintf(out, _("OVERDUE, %lld%% used"), (long long)used);
	else
		fprintf(out, _("%lld%% used"), (long long)used);
	if (warn > 0 && used < OVER)
		fprintf(out, _(", past %lld%%"), (long long)warn);
	if (provisional)
		fprintf(out, ", %s", _("provisional"));
	if (json_str(clock, "paused") != NULL)
		fprintf(out, ", %s", _("paused"));
}

static const char *due_of(const json_t *j)
{
	const char *local = json_str(j, "due_local");

	return present_text(local != NULL ? local : json_str(j, "due"));
}

void present_due(FILE *out, const struct cli *c, const json_t *draft)
{
	const char *due = json_str(draft, "due");
	const json_t *clocks = json_arr(draft, "clocks"), *first = json_array_get(clocks, 0),
		     *k;
	int64_t used = 0;
	size_t i;

	if (due == NULL || due[0] == '\0')
		return;
	/* The date is that of the first which is not paused. */
	json_array_foreach(clocks, i, k)
	{
		if (json_str(first, "paused") != NULL && json_str(k, "paused") == NULL)
			first = k;
	}
	(void)json_i64(first, "used_percent", &used);
	fprintf(out, "    %s%s %s", cli_paint(c, paint_of(used)), _("due"), due_of(draft));
	if (first != NULL)
		print_used(out, first);
	fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
}

/* "3 days" or "5 hours" or "12 minutes" since then. */
static void print_since(FILE *out, const char *since)
{
	int64_t t, ago;

	if (since == NULL || !clock_parse(since, strlen(since), &t))
		return;
	ago = clock_now() - t;
	if (ago < 0)
		ago = 0;
	if (ago >= DAY_S)
		fprintf(out, _(" for %lld d"), (long long)(ago / DAY_S));
	else if (ago >= HOUR_S)
		fprintf(out, _(" for %lld h"), (long long)(ago / HOUR_S));
	else
		fprintf(out, _(" for %lld min"), (long long)(ago / 60));
}

static const char *holder(const char *role)
{
	static const struct {
		const char *role, *text;
	} words[] = {
		{"inspection", N_("the inspection")}, {"author", N_("the author")},
		{"outside", N_("an outside body")},   {"release", N_("the release")},
		{"secrecy", N_("secrecy officers")},
	};

	for (size_t i = 0; role != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].role, role) == 0)
			return _(words[i].text);
	}
	return present_role(role);
}

static void print_holders(FILE *out, const json_t *holders)
{
	const json_t *h;
	size_t i;

	if (json_array_size(holders) == 0)
		return;
	fprintf(out, "  %s", _("held by:"));
	json_array_foreach(holders, i, h)
	{
		fprintf(out, "%s %s", i > 0 ? "," : "", holder(json_str(h, "role")));
		print_since(out, json_str(h, "since"));
	}
	fputc('\n', out);
}

void present_clocks(FILE *out, const struct cli *c, const json_t *draft)
{
	const json_t *k;
	int64_t used, longer;
	size_t i;

	if (json_arr(draft, "holders") == NULL)
		return;
	print_holders(out, json_arr(draft, "holders"));
	json_array_foreach(json_arr(draft, "clocks"), i, k)
	{
		const json_t *name = json_obj(k, "name");

		used = longer = 0;
		(void)json_i64(k, "used_percent", &used);
		fprintf(out, "  %s%s %s  %s %s", cli_paint(c, paint_of(used)), _("clock"),
			present_text(json_str(name, i18n_is_zh() ? "zh" : "en")), _("due"),
			due_of(k));
		print_used(out, k);
		fprintf(out, "%s", cli_paint(c, CLI_RESET));
		if (json_i64(k, "extend_to", &longer) && longer > 0)
			fprintf(out, "  [%s]", present_text(json_str(k, "kind")));
		fputc('\n', out);
	}
}

void present_missing_calendar(FILE *out, const struct cli *c, const json_t *result)
{
	int64_t year = 0;

	if (!json_i64(result, "missing_calendar", &year) || year <= 0)
		return;
	fprintf(out, "%s", cli_paint(c, CLI_YELLOW));
	fprintf(out,
		_("The holidays of %lld are not known yet: dates counted over that year are "
		  "provisional."),
		(long long)year);
	fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
}
