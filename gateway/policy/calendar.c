/* calendar.c - a file of one year, refused when its days contradict each other.
 *
 * Hostile: the file, until two officers have signed it; it comes from another project. */
#include "policy/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/yaml.h"
#include "policy/workdays.h"

enum { NAME_MAX_LEN = 200 };

/* These words and no others: as a YAML truth everything but a few words is true. */
static const cyaml_strval_t truths[] = {{"false", 0}, {"true", 1}};
static const cyaml_schema_field_t day_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct calendar_day, name, 0,
			       NAME_MAX_LEN),
	CYAML_FIELD_STRING_PTR("date", CYAML_FLAG_POINTER, struct calendar_day, date, 1,
			       NAME_MAX_LEN),
	CYAML_FIELD_ENUM("isOffDay", CYAML_FLAG_STRICT, struct calendar_day, is_off, truths, 2),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t day_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct calendar_day, day_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_UINT("year", CYAML_FLAG_DEFAULT, struct calendar, year),
	CYAML_FIELD_SEQUENCE("days", CYAML_FLAG_POINTER, struct calendar, days, &day_schema, 0,
			     CALENDAR_DAYS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct calendar, file_fields),
};

bool calendar_named(const char *name)
{
	return strlen(name) == 9 && strspn(name, "0123456789") == 4 &&
	       strcmp(name + 4, ".json") == 0;
}

/* In the year of the file, or in the December before it. */
static bool of_year(const struct calendar *c, int64_t day)
{
	int year = (int)c->year;

	return day >= clock_days(year - 1, 12, 1) && day <= clock_days(year, 12, 31);
}

/* The same day further up? */
static bool said_before(const struct calendar *c, unsigned i)
{
	for (unsigned k = 0; k < i; k++) {
		if (c->days[k].day == c->days[i].day)
			return true;
	}
	return false;
}

static int check_day(const char *path, struct calendar *c, unsigned i, struct sl_why *why)
{
	struct calendar_day *d = &c->days[i];
	const char *from = "days", *date = d->date;
	char what[320];

	if (!workdays_parse(date, &d->day)) {
		(void)snprintf(what, sizeof(what), _("\"%.40s\" is no date like 2026-10-01"),
			       date);
	} else if (!of_year(c, d->day)) {
		(void)snprintf(what, sizeof(what),
			       _("\"%s\" is no day of %u, nor of the December before"), date,
			       c->year);
	} else if (said_before(c, i)) {
		(void)snprintf(what, sizeof(what), _("\"%s\" stands here twice"), date);
		from = date; /* the second is at fault */
	} else if (!d->is_off && !workdays_is_weekend(d->day)) {
		(void)snprintf(what, sizeof(what),
			       _("\"%s\" is no Saturday or Sunday: it is worked anyway"), date);
	} else {
		return SL_OK;
	}
	return yaml_complain(path, from, date, what, why);
}

static int check_year(const char *path, const struct calendar *c, struct sl_why *why)
{
	const char *name = strrchr(path, '/');
	char text[200];

	name = name != NULL ? name + 1 : path;
	if (c->year < CALENDAR_YEAR_MIN || c->year > CALENDAR_YEAR_MAX)
		(void)snprintf(text, sizeof(text), _("the year %u is not between %d and %d"),
			       c->year, CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX);
	else if (calendar_named(name) && (uint32_t)strtoul(name, NULL, 10) != c->year)
		(void)snprintf(text, sizeof(text), _("the file %s says that its year is %u"),
			       name, c->year);
	else
		return SL_OK;
	return yaml_complain(path, "year", NULL, text, why);
}

int calendar_load(const char *path, struct calendar **ret_c, struct sl_why *why)
{
	void *data = NULL;
	struct calendar *c;
	int r = yaml_load_open(path, &file_schema, &data, why);

	if (r != SL_OK)
		return r;
	c = data;
	r = check_year(path, c, why);
	for (unsigned i = 0; r == SL_OK && i < c->days_count; i++)
		r = check_day(path, c, i, why);
	if (r != SL_OK) {
		calendar_free(c);
		return r;
	}
	*ret_c = c;
	return SL_OK;
}

void calendar_free(struct calendar *c)
{
	yaml_free(&file_schema, c, 0);
}
