/* tool_calendar.c - sluice-policy calendar: a year with its working days counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/calendar.h"
#include "policy/clocks.h"
#include "policy/present.h"

enum { MONTHS = 12 };

struct year {
	uint32_t year;
	const struct clocks *clocks;
	struct calendar *file; /* NULL: there is none */
	char path[TOOL_PATH];
};

static unsigned of_month(const struct year *y, int month)
{
	int year = (int)y->year;
	int64_t next =
		month == MONTHS ? clock_days(year + 1, 1, 1) : clock_days(year, month + 1, 1);

	return workdays_between(&y->clocks->workdays, clock_days(year, month, 1) - 1, next - 1);
}

static const char *weekday(int64_t day)
{
	static const char *const names[] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
					    N_("Thu"), N_("Fri"), N_("Sat")};

	return _(names[((day + 4) % 7 + 7) % 7]); /* 1970-01-01 was a Thursday */
}

static int print_json(const struct year *y, uint32_t missing)
{
	json_t *months = json_array(), *days = json_array();

	for (int m = 1; m <= MONTHS; m++)
		(void)json_array_append_new(months, json_integer(of_month(y, m)));
	for (unsigned i = 0; y->file != NULL && i < y->file->days_count; i++) {
		const struct calendar_day *d = &y->file->days[i];

		(void)json_array_append_new(days, json_pack("{s:s,s:s,s:b}", "date", d->date,
							    "name", d->name, "off", d->is_off));
	}
	return tool_print(json_pack("{s:I,s:b,s:I,s:o,s:o,s:I}", "year", (json_int_t)y->year,
				    "known", y->file != NULL, "working_days",
				    (json_int_t)workdays_of_year(&y->clocks->workdays, y->year),
				    "months", months, "days", days, "missing",
				    (json_int_t)missing));
}

static void print_days(const struct year *y)
{
	const char *name = "";

	for (unsigned i = 0; i < y->file->days_count; i++) {
		const struct calendar_day *d = &y->file->days[i];

		if (strcmp(name, d->name) != 0)
			printf("  %s\n", present_text(d->name));
		name = d->name;
		printf("    %s %s  %s\n", present_text(d->date), weekday(d->day),
		       d->is_off ? _("holiday") : _("working day"));
	}
}

static void print(const struct year *y, uint32_t missing)
{
	printf(_("%u: %u working days\n"), y->year,
	       workdays_of_year(&y->clocks->workdays, y->year));
	printf("  %s:", _("by month"));
	for (int m = 1; m <= MONTHS; m++)
		printf(" %u", of_month(y, m));
	putchar('\n');
	if (y->file != NULL) {
		printf(_("Monday to Friday, but for these days of %s:\n"), y->path);
		print_days(y);
	} else {
		printf(_("There is no %s: Monday to Friday are counted, holidays unknown, and "
			 "dates in it are provisional.\n"),
		       y->path);
	}
	if (missing != 0)
		printf(_("The notice for %u is missing: docs/clocks.md says how it is "
			 "added.\n"),
		       missing);
}

static int load_file(struct year *y, const char *dir, struct sl_why *why)
{
	char name[64];
	int r;

	(void)snprintf(name, sizeof(name), CALENDAR_FOLDER "/%u.json", y->year);
	r = file_join(y->path, sizeof(y->path), dir, name);
	if (r == SL_OK)
		r = calendar_load(y->path, &y->file, why);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

int tool_calendar_run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	struct clocks *clocks = NULL;
	struct year y = {.file = NULL};
	char dir[TOOL_PATH];
	uint64_t given = 0;
	uint32_t missing;
	int r = tool_policy_dir(c, dir);

	if (c->n_operands == 1 &&
	    (!text_to_u64(c->operands[0], strlen(c->operands[0]), CALENDAR_YEAR_MAX, &given) ||
	     given < CALENDAR_YEAR_MIN))
		return cli_fail(SL_E_USAGE, NULL, _("a year is needed, such as 2026"), NULL);
	if (r == SL_OK)
		r = clocks_load(dir, &clocks, &why);
	if (r == SL_OK) {
		y.clocks = clocks;
		y.year = given > 0 ? (uint32_t)given
				   : workdays_year(clocks_day(clocks, clock_now()));
		r = load_file(&y, dir, &why);
	}
	if (r == SL_OK) {
		missing = workdays_missing(&clocks->workdays, clocks_day(clocks, clock_now()));
		if (c->json)
			r = print_json(&y, missing);
		else
			print(&y, missing);
	}
	calendar_free(y.file);
	clocks_free(clocks);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the calendar cannot be read"),
				     _("Correct the file at that line and try again."));
}
