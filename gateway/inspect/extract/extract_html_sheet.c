/* extract_html_sheet.c - rules and variables of the sheets in a page.
 *
 * Hostile: all of it.  A sheet with more rules than are kept says so (SL_E_LIMIT); a
 * selector that is not fully understood counts as one that may fit. */
#include "inspect/extract/extract_html_sheet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_html_select.h"

enum { EFFECTS_MAX = 1 << 16, VARIABLES_MAX = 1 << 13, REPLACED_MAX = 16 };

void extract_html_sheet_init(struct html_sheet *s)
{
	*s = (struct html_sheet){.error = SL_OK};
	buf_init(&s->text, SHEET_TEXT_MAX);
	buf_init(&s->strings, SHEET_TEXT_MAX);
	buf_put_u8(&s->text, 0); /* offset 0 means none */
}

void extract_html_sheet_release(struct html_sheet *s)
{
	buf_release(&s->text);
	buf_release(&s->strings);
	free(s->rules);
	free(s->effects);
	free(s->variables);
}

static void failed(struct html_sheet *s, int r)
{
	if (s->error == SL_OK)
		s->error = r;
}

uint32_t extract_html_sheet_keep(struct html_sheet *s, const char *text, size_t len)
{
	size_t at = s->text.len;

	buf_put(&s->text, text, len);
	buf_put_u8(&s->text, 0);
	if (buf_error(&s->text) == SL_OK)
		return (uint32_t)at;
	failed(s, buf_error(&s->text));
	return 0;
}

/* --- variables --- */

static void add_variable(struct html_sheet *s, const struct css_declaration *d)
{
	void *list = s->variables;
	int r = extract_grow(&list, s->n_variables, &s->cap_variables, sizeof(*s->variables),
			     VARIABLES_MAX);
	struct sheet_variable *v;

	s->variables = list;
	if (r != SL_OK) {
		failed(s, r);
		return;
	}
	v = &s->variables[s->n_variables++];
	v->name = extract_html_sheet_keep(s, d->name, strlen(d->name));
	v->value = extract_html_sheet_keep(s, d->value, strlen(d->value));
}

static void variables_of(void *arg, const char *selector, const char *list, size_t len,
			 bool condition)
{
	struct css_declaration d;
	size_t at = 0;

	(void)selector, (void)condition;
	while (extract_css_next(list, len, &at, &d))
		if (strncmp(d.name, "--", 2) == 0)
			add_variable(arg, &d);
}

void extract_html_sheet_variables(struct html_sheet *s, const char *list, size_t len,
				  bool attribute)
{
	if (attribute)
		variables_of(s, "", list, len, false);
	else
		extract_css_rules(list, len, variables_of, s);
}

static const char *value_of(const struct html_sheet *s, const char *name, size_t len, bool last)
{
	const char *found = NULL, *text = buf_str(&s->text);

	for (size_t i = 0; i < s->n_variables; i++) {
		const char *n = text + s->variables[i].name;

		if (strlen(n) != len || memcmp(n, name, len) != 0)
			continue;
		found = text + s->variables[i].value;
		if (!last)
			break;
	}
	return found;
}

/* "var(--name, otherwise)" at `at` in out. */
static bool replace(const struct html_sheet *s, char out[CSS_VALUE_MAX], char *at, bool last)
{
	char rest[CSS_VALUE_MAX];
	const char *name = at + 4, *value, *end;
	size_t n, deep = 1, tail, value_len;

	name += strspn(name, " \t\r\n\f");
	n = strcspn(name, " \t\r\n\f,)");
	for (end = name + n; *end != '\0' && deep > 0; end++)
		deep += (*end == '(') - (size_t)(*end == ')');
	value = value_of(s, name, n, last);
	value_len = value != NULL ? strlen(value) : 0;
	if (value == NULL) {
		value = name + n + strspn(name + n, " \t\r\n\f");
		if (*value != ',' || end - 1 <= value)
			return false;
		value++;
		value_len = (size_t)(end - 1 - value);
	}
	tail = strlen(end);
	if ((size_t)(at - out) + value_len + tail >= CSS_VALUE_MAX)
		return false;
	memcpy(rest, value, value_len);
	memcpy(rest + value_len, end, tail + 1);
	memcpy(at, rest, value_len + tail + 1);
	return true;
}

void extract_html_sheet_resolve(const struct html_sheet *s, const char *value, bool last,
				char out[CSS_VALUE_MAX])
{
	(void)snprintf(out, CSS_VALUE_MAX, "%s", value);
	for (unsigned i = 0; i < REPLACED_MAX; i++) {
		char *at = strcasestr(out, "var(");

		if (at == NULL || !replace(s, out, at, last))
			return;
		/* A value begins where its blanks end. */
		memmove(out, out + strspn(out, " \t"), strlen(out + strspn(out, " \t")) + 1);
	}
}

/* --- rules --- */

/* What shows its strings to a reader. */
static bool shows_strings(const char *name)
{
	static const char *const names[] = {
		"content",	   "quotes",	    "list-style",
		"list-style-type", "symbols",	    "additive-symbols",
		"prefix",	   "suffix",	    "negative",
		"text-emphasis",   "text-overflow", "hyphenate-character",
		"string-set",	   "pad",	    "text-emphasis-style"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void add_strings(struct html_sheet *s, const struct css_declaration *d)
{
	size_t at = 0, before;

	for (;;) {
		before = s->strings.len;
		if (!extract_css_string(d->raw, d->raw_len, &at, &s->strings))
			break;
		if (s->strings.len > before)
			buf_put_u8(&s->strings, 0);
	}
	if (buf_error(&s->strings) != SL_OK)
		failed(s, buf_error(&s->strings));
}

static void add_effect(struct html_sheet *s, const struct css_declaration *d)
{
	char first[CSS_VALUE_MAX], last[CSS_VALUE_MAX];
	struct sheet_effect e = {.important = d->important};
	enum style_group group;
	void *list = s->effects;
	bool read;
	int r;

	extract_html_sheet_resolve(s, d->value, false, first);
	extract_html_sheet_resolve(s, d->value, true, last);
	read = extract_style_read(d->name, first, &e.group, &e.first);
	e.last = e.first;
	if (extract_style_read(d->name, last, &group, &e.last)) {
		e.group = group;
		e.first = read ? e.first : e.last;
	} else if (!read) {
		return;
	}
	r = extract_grow(&list, s->n_effects, &s->cap_effects, sizeof(*s->effects),
			 EFFECTS_MAX);
	s->effects = list;
	if (r != SL_OK) {
		failed(s, r);
		return;
	}
	s->effects[s->n_effects++] = e;
	if (e.group < STYLE_COLOR && ((e.first | e.last) & STYLE_HIDES) != 0)
		s->hides = true;
	if (e.group == STYLE_COLOR || e.group == STYLE_FILL)
		s->hides = s->hides || e.first == CSS_COLOR_NONE || e.last == CSS_COLOR_NONE;
}

static void add_selector(struct html_sheet *s, const char *text, size_t len,
			 struct sheet_rule rule)
{
	void *list = s->rules;
	int r;

	if (!extract_html_select_read(s, text, len, &rule) ||
	    (rule.of != 0 && rule.content == 0))
		return;
	r = extract_grow(&list, s->n_rules, &s->cap_rules, sizeof(*s->rules), SHEET_RULES_MAX);
	s->rules = list;
	if (r != SL_OK)
		failed(s, r);
	else
		s->rules[s->n_rules++] = rule;
}

static void rule_of(void *arg, const char *selector, const char *list, size_t len,
		    bool condition)
{
	struct html_sheet *s = arg;
	struct sheet_rule rule = {.effects = s->n_effects, .view = condition ? 2 : 0};
	struct css_declaration d;
	size_t at = 0, deep = 0;

	s->any = true;
	while (extract_css_next(list, len, &at, &d)) {
		if (shows_strings(d.name))
			add_strings(s, &d);
		if (strcmp(d.name, "content") == 0)
			rule.content = extract_html_sheet_keep(s, d.raw, d.raw_len);
		else
			add_effect(s, &d);
	}
	rule.n_effects = s->n_effects - rule.effects;
	if (selector[0] == '@' || (rule.n_effects == 0 && rule.content == 0))
		return;
	/* A comma in brackets divides no selectors. */
	for (const char *from = selector, *c = selector;; c++) {
		deep += *c == '(' || *c == '[';
		deep -= (*c == ')' || *c == ']') && deep > 0;
		if (*c == '\\' && c[1] != '\0') {
			c++;
		} else if (*c == '\0' || (*c == ',' && deep == 0)) {
			add_selector(s, from, (size_t)(c - from), rule);
			from = c + 1;
		}
		if (*c == '\0')
			break;
	}
}

void extract_html_sheet_rules(struct html_sheet *s, const char *css, size_t len)
{
	extract_css_rules(css, len, rule_of, s);
}
