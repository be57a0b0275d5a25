/* extract_html_select.c - which elements a rule of a style sheet speaks of.
 *
 * Hostile: the selectors, the names of elements and their classes.  Types, ids, classes and
 * the two joints of ancestors are decided; whatever else a selector asks for makes it one
 * that may hold (its view is 1). */
#include "inspect/extract/extract_html_select.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { WEIGHT_ID = 1 << 8, WEIGHT_CLASS = 1 << 4, WEIGHT_TYPE = 1, IDENT_MAX = 256 };

struct reader {
	struct html_sheet *sheet;
	const char *s;
	size_t len, at;
	struct sheet_rule *rule;
};

static bool take_ident(struct reader *r, struct buf *out)
{
	buf_clear(out);
	while (extract_css_ident(r->s, r->len, &r->at, out))
		;
	return out->len > 0;
}

/* The brackets that begin here. */
static void pass_brackets(struct reader *r)
{
	size_t deep = 0;

	do {
		char c = r->s[r->at++];

		deep += c == '(' || c == '[';
		deep -= (c == ')' || c == ']') && deep > 0;
	} while (deep > 0 && r->at < r->len);
}

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(name, *list) == 0)
			return true;
	return false;
}

/* ":name" or "::name", perhaps with brackets; false: the rule says nothing of a page as it
 * opens. */
static bool take_pseudo(struct reader *r, struct buf *name)
{
	static const char *const states[] = {
		"hover",	 "active",  "focus",   "focus-within",
		"focus-visible", "target",  "visited", "disabled",
		"checked",	 "invalid", NULL};
	static const char *const lines[] = {"first-line", "first-letter", NULL};
	bool element = false;

	r->at++;
	if (r->at < r->len && r->s[r->at] == ':') {
		element = true;
		r->at++;
	}
	if (!take_ident(r, name))
		return false;
	r->rule->weight += WEIGHT_CLASS;
	if (strcasecmp(buf_str(name), "before") == 0) {
		r->rule->of = SHEET_BEFORE;
	} else if (strcasecmp(buf_str(name), "after") == 0) {
		r->rule->of = SHEET_AFTER;
	} else if (is_one_of(buf_str(name), lines)) {
		r->rule->view = r->rule->view > 1 ? r->rule->view : 1;
	} else if (element || is_one_of(buf_str(name), states)) {
		return false;
	} else if (r->rule->view == 0 && strcasecmp(buf_str(name), "root") != 0) {
		r->rule->view = 1;
	}
	if (r->at < r->len && r->s[r->at] == '(')
		pass_brackets(r);
	return true;
}

/* One piece of a compound at r->at; false: not understood or without meaning here. */
static bool take_simple(struct reader *r, struct sheet_compound *c, struct buf *name)
{
	char first = r->s[r->at];

	if (first == '*' || first == '&') {
		r->at++;
		return true;
	}
	if (first == ':')
		return take_pseudo(r, name);
	if (first == '[') {
		pass_brackets(r);
		r->rule->weight += WEIGHT_CLASS;
		r->rule->view = r->rule->view > 1 ? r->rule->view : 1;
		return true;
	}
	r->at += first == '.' || first == '#';
	if (!take_ident(r, name))
		return false;
	if (first == '#') {
		c->id = extract_html_sheet_keep(r->sheet, buf_str(name), name->len);
		r->rule->weight += WEIGHT_ID;
	} else if (first == '.') {
		size_t i = 0;

		while (i < SHEET_CLASSES_MAX && c->classes[i] != 0)
			i++;
		if (i < SHEET_CLASSES_MAX)
			c->classes[i] =
				extract_html_sheet_keep(r->sheet, buf_str(name), name->len);
		else if (r->rule->view == 0)
			r->rule->view = 1;
		r->rule->weight += WEIGHT_CLASS;
	} else {
		c->type = extract_html_sheet_keep(r->sheet, buf_str(name), name->len);
		r->rule->weight += WEIGHT_TYPE;
	}
	return true;
}

/* What stands between two compounds: 0 nothing. */
static char take_joint(struct reader *r)
{
	char joint = 0;

	while (r->at < r->len) {
		char c = r->s[r->at];

		if (c == '>' || c == '+' || c == '~')
			joint = c == '>' ? '>' : '+';
		else if (isspace((unsigned char)c))
			joint = joint == 0 ? ' ' : joint;
		else
			break;
		r->at++;
	}
	return joint;
}

static uint64_t mask_of(const struct html_sheet *s, const struct sheet_compound *c)
{
	const char *text = buf_str(&s->text);
	/* Offset 0 is the empty word. */
	uint64_t mask =
		extract_html_sheet_mask(text + c->type) | extract_html_sheet_mask(text + c->id);

	for (size_t i = 0; i < SHEET_CLASSES_MAX; i++)
		mask |= extract_html_sheet_mask(text + c->classes[i]);
	return mask;
}

bool extract_html_select_read(struct html_sheet *s, const char *text, size_t len,
			      struct sheet_rule *rule)
{
	struct reader r = {.sheet = s, .s = text, .len = len, .rule = rule};
	struct sheet_compound all[SHEET_COMPOUNDS_MAX] = {{0}};
	struct buf name;
	size_t n = 0;
	char joint = 0;
	bool good = true;

	buf_init(&name, IDENT_MAX);
	(void)take_joint(&r);
	while (good && r.at < r.len) {
		if (n == SHEET_COMPOUNDS_MAX) { /* the first one is forgotten */
			memmove(all, all + 1, (SHEET_COMPOUNDS_MAX - 1) * sizeof(all[0]));
			n--;
			all[n] = (struct sheet_compound){0};
			rule->view = rule->view > 1 ? rule->view : 1;
		}
		all[n].joint = joint;
		do
			good = take_simple(&r, &all[n], &name);
		while (good && r.at < r.len && strchr(" \t\r\n\f>+~", r.s[r.at]) == NULL);
		n++;
		joint = take_joint(&r);
	}
	good = good && n > 0 && buf_error(&name) == SL_OK;
	for (size_t i = 0; good && i < n; i++)
		rule->compounds[i] = all[n - 1 - i];
	rule->mask = good ? mask_of(s, &rule->compounds[0]) : 0;
	rule->n_compounds = n;
	buf_release(&name);
	return good;
}

/* --- elements --- */

uint64_t extract_html_sheet_mask(const char *words)
{
	uint64_t mask = 0;

	while (*words != '\0') {
		size_t n = strcspn(words, " \t\r\n\f");
		uint32_t hash = 5381;

		for (size_t i = 0; i < n; i++)
			hash = hash * 33 ^ (uint32_t)tolower((unsigned char)words[i]);
		hash ^= hash >> 15;
		if (n > 0)
			mask |= UINT64_C(1) << (hash & 63) | UINT64_C(1) << (hash >> 6 & 63);
		words += n;
		words += strspn(words, " \t\r\n\f");
	}
	return mask;
}

static bool has_class(const char *classes, const char *want)
{
	size_t len = strlen(want);

	while (*classes != '\0') {
		size_t n = strcspn(classes, " \t\r\n\f");

		if (n == len && strncasecmp(classes, want, n) == 0)
			return true;
		classes += n;
		classes += strspn(classes, " \t\r\n\f");
	}
	return false;
}

static bool fits(const struct html_sheet *s, const struct sheet_compound *c,
		 const struct sheet_path *path, size_t at)
{
	const struct sheet_place *p = &path->places[at];
	const char *text = buf_str(&s->text);

	if (c->type != 0 && strcasecmp(text + c->type, path->text + p->name) != 0)
		return false;
	if (c->id != 0 && strcasecmp(text + c->id, path->text + p->id) != 0)
		return false;
	for (size_t i = 0; i < SHEET_CLASSES_MAX && c->classes[i] != 0; i++)
		if (!has_class(path->text + p->classes, text + c->classes[i]))
			return false;
	return true;
}

unsigned extract_html_sheet_match(const struct html_sheet *s, const struct sheet_rule *r,
				  const struct sheet_path *path)
{
	size_t at = path->n - 1;
	bool guessed = false; /* an ancestor was chosen where others would do too */

	if ((r->mask & ~path->places[at].mask) != 0 || !fits(s, &r->compounds[0], path, at))
		return SHEET_VIEWS;
	for (size_t i = 1; i < r->n_compounds; i++) {
		char joint = r->compounds[i - 1].joint;

		if (joint == '+')
			return r->view > 1 ? r->view : 1;
		do {
			if (at == 0)
				return guessed ? (r->view > 1 ? r->view : 1) : SHEET_VIEWS;
			at--;
		} while (joint == ' ' && !fits(s, &r->compounds[i], path, at));
		if (joint == '>' && !fits(s, &r->compounds[i], path, at))
			return guessed ? (r->view > 1 ? r->view : 1) : SHEET_VIEWS;
		guessed = guessed || joint == ' ';
	}
	return r->view;
}
