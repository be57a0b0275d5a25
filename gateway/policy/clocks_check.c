/* clocks_check.c - a clock that could not mean what it says is refused before it runs.
 *
 * Every sentence names the rule; the line is that of the key which is at fault. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/yaml.h"
#include "policy/clocks.h"

static const char *const starts[] = {"formed",	  "submitted", "received", "found",
				     "published", "frozen",    "spilled",  NULL};
static const char *const pauses[] = {"RETURNED", "BLOCKED",	"HELD",
				     "REFERRED", "third-party", NULL};
static const char *const ends[] = {"SUBMITTED", "IN_REVIEW", "APPROVED",  "RELEASED", "SENT",
				   "CORRECTED", "FROZEN",    "WITHDRAWN", "RETURNED", "REFUSED",
				   "settled",	"reviewed",  "reported",  NULL};
static const char *const categories[] = {"咨询", "投诉",     "求助", "建议",
					 "举报", "不予受理", NULL};
static const char *const routes[] = {"A", "B", "C", "D", "H", "R", "S", "U", NULL};

struct check {
	const struct clocks *c;
	const struct clocks_rule *r;
	const char *path;
	struct sl_why *why;
};

static bool listed(const char *const *list, const char *word)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, word) == 0)
			return true;
	}
	return false;
}

bool clocks_category_known(const char *category)
{
	return listed(categories, category);
}

/* `at`: what to look for below the rule's id, NULL: the id itself. */
static int complain(const struct check *k, const char *at, const char *what)
{
	char head[CLOCKS_ID + 8], text[400];

	(void)snprintf(head, sizeof(head), "id: %s", k->r->id);
	(void)snprintf(text, sizeof(text), "%s: %s", k->r->id, what);
	return yaml_complain(k->path, head, at, text, k->why);
}

static int check_id(const struct check *k, unsigned i)
{
	size_t n = strspn(k->r->id, "abcdefghijklmnopqrstuvwxyz0123456789-");
	char head[CLOCKS_ID + 8];

	if (k->r->id[n] != '\0')
		return complain(k, NULL, _("an id has small letters, digits and - only"));
	for (unsigned j = 0; j < i; j++) {
		if (strcmp(k->c->rule[j].id, k->r->id) == 0) {
			(void)snprintf(head, sizeof(head), "id: %s", k->r->id);
			return complain(k, head, _("this id is used twice"));
		}
	}
	return SL_OK;
}

static int check_words(const struct check *k, const struct clocks_words *w,
		       const char *const *known, const char *key)
{
	char what[200];

	for (unsigned i = 0; i < w->n; i++) {
		if (listed(known, w->item[i]))
			continue;
		(void)snprintf(what, sizeof(what), _("%s does not know \"%.40s\""), key,
			       w->item[i]);
		return complain(k, key, what);
	}
	return SL_OK;
}

static int check_types(const struct check *k, const struct clocks_words *w)
{
	char what[200];

	for (unsigned i = 0; i < w->n; i++) {
		const char *t = w->item[i];

		if (strlen(t) == 4 && t[0] == 'C' && t[1] == 'T' &&
		    strspn(t + 2, "0123456789") == 2)
			continue;
		(void)snprintf(what, sizeof(what), _("\"%.40s\" is no content type like CT05"),
			       t);
		return complain(k, t, what);
	}
	return SL_OK;
}

/* R, and S that an open S2 makes of it. */
static bool for_replies(const struct clocks_words *w)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->item[i], "R") != 0 && strcmp(w->item[i], "S") != 0)
			return false;
	}
	return w->n > 0;
}

static int check_for(const struct check *k)
{
	const struct clocks_rule *r = k->r;
	bool replies = for_replies(&r->routes);
	int e = check_words(k, &r->routes, routes, "routes");

	if (e == SL_OK)
		e = check_types(k, &r->types);
	if (e == SL_OK)
		e = check_types(k, &r->not_types);
	if (e == SL_OK)
		e = check_words(k, &r->categories, categories, "categories");
	if (e == SL_OK)
		e = check_words(k, &r->not_categories, categories, "not_categories");
	if (e != SL_OK)
		return e;
	if (r->types.n > 0 && r->not_types.n > 0)
		return complain(k, "not_types", _("types and not_types exclude each other"));
	if (r->categories.n > 0 && r->not_categories.n > 0)
		return complain(k, "not_categories",
				_("categories and not_categories exclude each other"));
	if (r->categories.n + r->not_categories.n > 0 && !replies)
		return complain(k, "categories",
				_("only replies (routes: [R]) have categories"));
	return SL_OK;
}

static uint32_t longest(enum clock_unit u)
{
	return clocks_by_day(u)	 ? CLOCKS_DAYS_MAX
	       : u == CLOCK_HOUR ? CLOCKS_HOURS_MAX
				 : CLOCKS_MINUTES_MAX;
}

/* Whoever must act within minutes must not be told "the next working day". */
static bool is_urgent(const struct clocks_rule *r)
{
	bool instant = r->routes.n == 1 && strcmp(r->routes.item[0], "U") == 0;

	return strcmp(r->start, "found") == 0 || strcmp(r->start, "spilled") == 0 ||
	       (instant && strcmp(r->start, "submitted") == 0);
}

static int check_length(const struct check *k)
{
	const struct clocks_rule *r = k->r;
	char what[200];

	if (r->length == 0 || r->length > longest(r->unit)) {
		(void)snprintf(what, sizeof(what), _("length is between 1 and %u %s"),
			       longest(r->unit), clocks_unit_name(r->unit));
		return complain(k, "length", what);
	}
	if (r->extend_to > longest(r->unit) || (r->extend_to > 0 && r->extend_to <= r->length))
		return complain(k, "extend_to",
				_("an extension ends later than the term, and within its "
				  "greatest length"));
	if (r->holiday == CLOCK_NEXT && r->unit != CLOCK_DAY)
		return complain(k, "holiday",
				_("only a term in calendar days can end on a holiday"));
	if (is_urgent(r) && clocks_by_day(r->unit))
		return complain(k, "unit",
				_("route U, what is found in public and spills run on "
				  "wall-clock time: hour or minute"));
	return SL_OK;
}

static int check_warn(const struct check *k)
{
	const struct clocks_rule *r = k->r;

	for (unsigned i = 0; i < r->warn_count; i++) {
		if (r->warn[i] < 1 || r->warn[i] > 100 ||
		    (i > 0 && r->warn[i] <= r->warn[i - 1]))
			return complain(k, "warn", _("warn is percent, 1 to 100, ascending"));
	}
	return SL_OK;
}

static int check_run(const struct check *k)
{
	const struct clocks_rule *r = k->r;
	const char *start = clocks_start_word(r);
	char what[200], words[CLOCKS_WORDS];

	if (!listed(starts, r->start)) {
		(void)snprintf(what, sizeof(what), _("start does not know \"%.40s\""),
			       r->start);
		return complain(k, "start", what);
	}
	if (r->end.n == 0)
		return complain(k, NULL, _("it never ends: end names what ends it"));
	if (clocks_join(&r->pause, words) != SL_OK || clocks_join(&r->end, words) != SL_OK)
		return complain(k, "end", _("too many words"));
	if (clocks_has(&r->end, start) || clocks_has(&r->pause, start)) {
		(void)snprintf(what, sizeof(what), _("it ends or pauses by what starts it, %s"),
			       r->start);
		return complain(k, "start", what);
	}
	for (unsigned i = 0; i < r->pause.n; i++) {
		if (!clocks_has(&r->end, r->pause.item[i]))
			continue;
		(void)snprintf(what, sizeof(what), _("%.40s pauses it and ends it"),
			       r->pause.item[i]);
		return complain(k, "pause", what);
	}
	return SL_OK;
}

/* Two terms of one draft, of which the one that begins later or together is longer than the
 * law's outer limit: whoever keeps the first breaks the second. */
static bool overlaps(const struct clocks_words *a, const struct clocks_words *b)
{
	if (a->n == 0 || b->n == 0)
		return true;
	for (unsigned i = 0; i < a->n; i++) {
		if (clocks_has(b, a->item[i]))
			return true;
	}
	return false;
}

static int check_outer(const struct check *k, unsigned i)
{
	const struct clocks_rule *r = k->r;
	char what[200];

	for (unsigned j = 0; j < k->c->n; j++) {
		const struct clocks_rule *o = &k->c->rule[j];

		if (j == i || strcmp(o->start, "formed") != 0 ||
		    strcmp(r->start, "submitted") != 0 || o->unit != r->unit ||
		    r->length <= o->length || !overlaps(&o->routes, &r->routes) ||
		    !overlaps(&o->types, &r->types))
			continue;
		(void)snprintf(what, sizeof(what), _("it is longer than the outer limit %s"),
			       o->id);
		return complain(k, "length", what);
	}
	return SL_OK;
}

int clocks_check(const struct clocks *c, unsigned i, const char *path, struct sl_why *why)
{
	const struct check k = {.c = c, .r = &c->rule[i], .path = path, .why = why};
	int r = check_id(&k, i);

	if (r == SL_OK)
		r = check_for(&k);
	if (r == SL_OK)
		r = check_run(&k);
	if (r == SL_OK)
		r = check_words(&k, &k.r->pause, pauses, "pause");
	if (r == SL_OK)
		r = check_words(&k, &k.r->end, ends, "end");
	if (r == SL_OK)
		r = check_length(&k);
	if (r == SL_OK)
		r = check_warn(&k);
	return r == SL_OK ? check_outer(&k, i) : r;
}
