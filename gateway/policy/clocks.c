/* clocks.c - clocks.yaml as a schema, and the small questions about one rule. */
#include "policy/clocks.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"

enum { PATH_CAP = 4096, TEXT_MAX = 300, WORD_MAX = 64, LIST_MAX = 20, DAY_S = 86400 };
/* Asia/Shanghai, which knows no summer time. */
static const char first_zone[] = "+08:00";
static const uint32_t usual_warn[] = {50, 80, 100};

struct clocks_file {
	char *zone;
	struct clocks_rule *clocks;
	unsigned clocks_count;
};

static const char *const unit_names[CLOCK_UNIT_COUNT] = {"working-day", "day", "hour",
							 "minute"};
static const cyaml_strval_t units[] = {{"working-day", CLOCK_WORKING_DAY},
				       {"day", CLOCK_DAY},
				       {"hour", CLOCK_HOUR},
				       {"minute", CLOCK_MINUTE}};
static const cyaml_strval_t holidays[] = {{"stays", CLOCK_STAYS}, {"next", CLOCK_NEXT}};

#define TEXT(s, key, member)                                                                   \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, s, member, 1, TEXT_MAX)
#define WORDS(key, member)                                                                     \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,              \
				   struct clocks_rule, member.item, member.n, &word_entry, 0,  \
				   LIST_MAX)

static const cyaml_schema_value_t word_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, WORD_MAX),
};
static const cyaml_schema_value_t percent_entry = {
	CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t),
};
static const cyaml_schema_field_t name_fields[] = {
	TEXT(struct clocks_name, "en", en),
	TEXT(struct clocks_name, "zh", zh),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t rule_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct clocks_rule, id, 1,
			       CLOCKS_ID - 1),
	CYAML_FIELD_MAPPING("name", CYAML_FLAG_DEFAULT, struct clocks_rule, name, name_fields),
	TEXT(struct clocks_rule, "basis", basis),
	WORDS("routes", routes),
	WORDS("types", types),
	WORDS("not_types", not_types),
	WORDS("categories", categories),
	WORDS("not_categories", not_categories),
	CYAML_FIELD_ENUM("unit", CYAML_FLAG_STRICT, struct clocks_rule, unit, units,
			 CLOCK_UNIT_COUNT),
	CYAML_FIELD_UINT("length", CYAML_FLAG_DEFAULT, struct clocks_rule, length),
	CYAML_FIELD_STRING_PTR("start", CYAML_FLAG_POINTER, struct clocks_rule, start, 1,
			       WORD_MAX),
	WORDS("pause", pause),
	WORDS("end", end),
	CYAML_FIELD_ENUM("holiday", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct clocks_rule,
			 holiday, holidays, 2),
	CYAML_FIELD_UINT("extend_to", CYAML_FLAG_OPTIONAL, struct clocks_rule, extend_to),
	CYAML_FIELD_SEQUENCE("warn", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
			     struct clocks_rule, warn, &percent_entry, 1, CLOCKS_WARN_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct clocks_rule, rule_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_STRING_PTR("zone", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			       struct clocks_file, zone, 1, WORD_MAX),
	CYAML_FIELD_SEQUENCE("clocks", CYAML_FLAG_POINTER, struct clocks_file, clocks,
			     &rule_schema, 0, CLOCKS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct clocks_file, file_fields),
};

static bool parse_zone(const char *text, int64_t *ret_s)
{
	static const char form[] = "+dd:dd";
	int64_t h, m;

	if (strlen(text) != sizeof(form) - 1 || (text[0] != '+' && text[0] != '-') ||
	    text[3] != ':')
		return false;
	for (size_t i = 1; i < sizeof(form) - 1; i++) {
		if (form[i] == 'd' && (text[i] < '0' || text[i] > '9'))
			return false;
	}
	h = (text[1] - '0') * 10 + (text[2] - '0');
	m = (text[4] - '0') * 10 + (text[5] - '0');
	if (h > 14 || m > 59)
		return false;
	*ret_s = (h * 60 + m) * 60 * (text[0] == '-' ? -1 : 1);
	return true;
}

static int take_zone(struct clocks *c, const struct clocks_file *f, const char *path,
		     struct sl_why *why)
{
	char what[200];

	if (parse_zone(f != NULL && f->zone != NULL ? f->zone : first_zone, &c->zone_s))
		return SL_OK;
	(void)snprintf(what, sizeof(what),
		       _("\"%.40s\" is no zone like +08:00, the same all year"), f->zone);
	return yaml_complain(path, "zone:", NULL, what, why);
}

/* Without the key a clock warns at the usual levels. */
static int fill_warn(struct clocks_rule *r)
{
	if (r->warn_count > 0)
		return SL_OK;
	r->warn = calloc(sizeof(usual_warn) / sizeof(usual_warn[0]), sizeof(*r->warn));
	if (r->warn == NULL)
		return SL_E_NOMEM;
	memcpy(r->warn, usual_warn, sizeof(usual_warn));
	r->warn_count = sizeof(usual_warn) / sizeof(usual_warn[0]);
	return SL_OK;
}

static int load_rules(struct clocks *c, const char *dir, struct sl_why *why)
{
	struct clocks_file *f;
	char path[PATH_CAP];
	int r = file_join(path, sizeof(path), dir, "clocks.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	if (!file_exists(AT_FDCWD, path))
		return take_zone(c, NULL, path, why);
	r = yaml_load(path, &file_schema, &c->file, why);
	if (r != SL_OK)
		return r;
	f = c->file;
	c->rule = f->clocks;
	c->n = f->clocks_count;
	r = take_zone(c, f, path, why);
	for (unsigned i = 0; r == SL_OK && i < c->n; i++) {
		r = fill_warn(&c->rule[i]);
		if (r == SL_OK)
			r = clocks_check(c, i, path, why);
	}
	return r;
}

int clocks_load(const char *policies_dir, struct clocks **ret_c, struct sl_why *why)
{
	struct clocks *c = calloc(1, sizeof(*c));
	int r;

	if (c == NULL)
		return SL_E_NOMEM;
	r = load_rules(c, policies_dir, why);
	if (r == SL_OK)
		r = workdays_load(policies_dir, &c->workdays, why);
	if (r != SL_OK) {
		clocks_free(c);
		return r;
	}
	*ret_c = c;
	return SL_OK;
}

void clocks_free(struct clocks *c)
{
	if (c == NULL)
		return;
	yaml_free(&file_schema, c->file, 0);
	workdays_release(&c->workdays);
	free(c);
}

const struct clocks_rule *clocks_find(const struct clocks *c, const char *id)
{
	for (unsigned i = 0; i < c->n; i++) {
		if (strcmp(c->rule[i].id, id) == 0)
			return &c->rule[i];
	}
	return NULL;
}

int64_t clocks_day(const struct clocks *c, int64_t t)
{
	int64_t local = t + c->zone_s;

	return local >= 0 ? local / DAY_S : -((-local + DAY_S - 1) / DAY_S);
}

int64_t clocks_day_end(const struct clocks *c, int64_t day)
{
	return (day + 1) * DAY_S - c->zone_s;
}

void clocks_zone(const struct clocks *c, char out[CLOCKS_ZONE])
{
	unsigned minutes = (unsigned)(c->zone_s < 0 ? -c->zone_s : c->zone_s) / 60;

	(void)snprintf(out, CLOCKS_ZONE, "%c%02u:%02u", c->zone_s < 0 ? '-' : '+',
		       minutes / 60 % 100, minutes % 60);
}

const char *clocks_unit_name(enum clock_unit u)
{
	BUG(u >= CLOCK_UNIT_COUNT);
	return unit_names[u];
}

int clocks_unit_from_name(const char *name, enum clock_unit *ret_u)
{
	for (unsigned i = 0; i < CLOCK_UNIT_COUNT; i++) {
		if (strcmp(name, unit_names[i]) == 0) {
			*ret_u = (enum clock_unit)i;
			return SL_OK;
		}
	}
	return SL_E_NOTFOUND;
}

bool clocks_by_day(enum clock_unit u)
{
	return u == CLOCK_WORKING_DAY || u == CLOCK_DAY;
}

bool clocks_has(const struct clocks_words *w, const char *word)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->item[i], word) == 0)
			return true;
	}
	return false;
}

int clocks_join(const struct clocks_words *w, char out[CLOCKS_WORDS])
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < w->n; i++) {
		size_t len = strlen(w->item[i]);

		if (n + len + 3 > CLOCKS_WORDS)
			return SL_E_LIMIT;
		n += (size_t)snprintf(out + n, CLOCKS_WORDS - n, "%s%s,", i == 0 ? "," : "",
				      w->item[i]);
	}
	return SL_OK;
}

const char *clocks_start_word(const struct clocks_rule *r)
{
	static const char *const words[][2] = {
		{"submitted", "SUBMITTED"}, {"published", "RELEASED"}, {"frozen", "FROZEN"},
		{"spilled", "SPILL"},	    {"found", "found"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i][0], r->start) == 0)
			return words[i][1];
	}
	return "";
}

static bool any_class(const struct clocks_rule *r, const char *classes)
{
	for (unsigned i = 0; classes != NULL && i < r->routes.n; i++) {
		if (strchr(classes, r->routes.item[i][0]) != NULL)
			return true;
	}
	return classes == NULL || r->routes.n == 0;
}

bool clocks_applies(const struct clocks_rule *r, const char *classes, const char *content_type,
		    const char *category)
{
	return any_class(r, classes) &&
	       (r->types.n == 0 || clocks_has(&r->types, content_type)) &&
	       !clocks_has(&r->not_types, content_type) &&
	       (r->categories.n == 0 || clocks_has(&r->categories, category)) &&
	       !clocks_has(&r->not_categories, category);
}
