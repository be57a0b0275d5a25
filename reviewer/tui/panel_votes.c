/* panel_votes.c - the route: who must sign, who has, who is holding it, which clocks run. */
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_route.h"
#include "show.h"
#include "tui/panel.h"
#include "tui/role.h"

enum { NAMES_MAX = 8 };

static bool is_vote_of(const json_t *v, const char *role)
{
	const char *decision = json_str(v, "decision"), *its = json_str(v, "role");
	bool in_force = true, report = true;

	(void)json_bool(v, "policy_in_force", &in_force);
	(void)json_bool(v, "report_in_force", &report);
	return decision != NULL && its != NULL && strcmp(decision, "approve") == 0 &&
	       strcmp(its, role) == 0 && in_force && report &&
	       !json_is_true(json_object_get(v, "overruled"));
}

static bool has_voted(const struct review_case *c, const char *pid)
{
	const json_t *v;
	size_t i;

	json_array_foreach(c->votes, i, v)
	{
		const char *decision = json_str(v, "decision"), *its = json_str(v, "pid");

		if (decision != NULL && its != NULL && strcmp(decision, "approve") == 0 &&
		    strcmp(its, pid) == 0 && is_vote_of(v, json_str(v, "role")))
			return true;
	}
	return false;
}

/* Who could still sign in this role: its holders without the author and who signed already. */
static void who_can(const struct review_case *c, const char *role, char *out, size_t cap)
{
	const char *author = json_str(c->draft, "author");
	unsigned n = 0;
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < roster_count(c->roster); i++) {
		const struct roster_person *p = roster_person_at(c->roster, i);
		int w;

		if (!roster_has_role(p, role) || has_voted(c, p->pid) ||
		    (author != NULL && strcmp(author, p->pid) == 0))
			continue;
		w = snprintf(out + used, cap - used, "%s%s", used > 0 ? ", " : "",
			     n < NAMES_MAX ? present_text(p->pid) : "…");
		if (w < 0 || (size_t)w >= cap - used || n++ == NAMES_MAX)
			return;
		used += (size_t)w;
	}
}

static unsigned given_of(const struct review_case *c, const char *role)
{
	const json_t *v;
	unsigned n = 0;
	size_t i;

	json_array_foreach(c->votes, i, v) n += is_vote_of(v, role);
	return n;
}

static unsigned missing_of(const struct review_case *c, const char *role)
{
	const json_t *m;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_arr(c->draft, "missing"), i, m) n +=
		json_string_value(m) != NULL && strcmp(json_string_value(m), role) == 0;
	return n;
}

/* Since when this role holds it, "" when the gateway does not say. */
static const char *since_of(const struct review_case *c, const char *role)
{
	const json_t *h;
	size_t i;

	json_array_foreach(json_arr(c->draft, "holders"), i, h)
	{
		const char *its = json_str(h, "role"), *since = json_str(h, "since");

		if (its != NULL && since != NULL && strcmp(its, role) == 0)
			return present_text(since);
	}
	return "";
}

static int add_signed(struct page *p, const json_t *vote)
{
	const char *stands_for = json_str(vote, "stands_for");
	const char *pid = present_text(json_str(vote, "pid"));
	const char *time = present_text(json_str(vote, "time"));

	return stands_for == NULL
		       ? page_linef(p, LOOK_PLAIN, "    %s  %s", pid, time)
		       : page_linef(p, LOOK_PLAIN, _("    %s  %s  in place of %s (代)"), pid,
				    time, present_text(stands_for));
}

static int add_role(struct page *p, const struct review_case *c, const char *role, unsigned min)
{
	unsigned missing = missing_of(c, role), given = given_of(c, role);
	const json_t *late = json_obj(c->draft, "escalated");
	const json_t *v;
	char names[400];
	size_t i;
	int e = page_linef(p,
			   missing > 0	  ? LOOK_S2
			   : given >= min ? LOOK_GOOD
					  : LOOK_PLAIN,
			   "%s %s%s",
			   missing > 0	  ? "○"
			   : given >= min ? "●"
					  : "·",
			   role_word(role), missing == 0 ? "" : _(": missing"));

	if (e == SL_OK && min > 1)
		e = page_linef(p, LOOK_PLAIN, _("    %u persons must sign, %u have"), min,
			       given);
	json_array_foreach(c->votes, i, v)
	{
		if (e == SL_OK && is_vote_of(v, role))
			e = add_signed(p, v);
	}
	if (e != SL_OK || missing == 0)
		return e;
	who_can(c, role, names, sizeof(names));
	e = page_linef(p, LOOK_PLAIN, _("    may sign: %s"),
		       names[0] != '\0' ? names : _("nobody in the approval policy"));
	if (e == SL_OK && since_of(c, role)[0] != '\0')
		e = page_linef(p, LOOK_PLAIN, _("    holds it since %s"), since_of(c, role));
	if (e == SL_OK && json_str(late, "role") != NULL &&
	    strcmp(json_str(late, "role"), role) == 0) {
		present_escalated(late, names);
		e = page_linef(p, LOOK_S1, "    ↑ %s", names);
	}
	return e;
}

/* Roles that rules of the house add; the approval policy does not name them for this class. */
static int add_added(struct page *p, const struct review_case *c, const struct roster_class *k)
{
	const json_t *m;
	size_t i;
	int e = SL_OK;

	json_array_foreach(json_arr(c->draft, "missing"), i, m)
	{
		const char *role = json_string_value(m);
		bool known = role == NULL;

		for (unsigned n = 0; k != NULL && n < k->n_require && !known; n++)
			known = strcmp(k->require[n].role, role) == 0;
		if (!known && e == SL_OK)
			e = add_role(p, c, role, 1);
	}
	return e;
}

static int add_clock(struct page *p, const json_t *k)
{
	const char *name = json_str(json_obj(k, "name"), i18n_is_zh() ? "zh" : "en");
	const char *due = json_str(k, "due_local"), *paused = json_str(k, "paused");
	bool provisional = false;
	int64_t used = 0, warn = 0;

	(void)json_bool(k, "provisional", &provisional);
	(void)json_i64(k, "used_percent", &used);
	(void)json_i64(k, "warn", &warn);
	name = name != NULL ? name : json_str(k, "kind");
	due = due != NULL ? due : json_str(k, "due");
	return page_linef(p,
			  warn >= 100 ? LOOK_S1
			  : warn > 0  ? LOOK_S2
				      : LOOK_PLAIN,
			  "  %s: %s %s  %lld %%%s%s", present_text(name), _("due"),
			  present_text(due), (long long)used,
			  provisional ? _("  provisional") : "",
			  paused != NULL ? _("  paused") : "");
}

int panel_votes(struct reader *r, struct sl_why *why)
{
	static const struct cli plain = {0};
	const struct review_case *c = r->c;
	const struct roster_class *k = roster_class(c->roster, c->manifest->klass);
	struct panel_words w;
	const json_t *clock;
	size_t i;
	int e;

	(void)why;
	page_begin(r->page, r->cols, NULL, NULL);
	e = page_linef(r->page, LOOK_BOLD, _("Route %s"), present_text(c->manifest->klass));
	if (e == SL_OK && k != NULL)
		e = page_linef(r->page, LOOK_PLAIN,
			       _("  at least %u persons; an approval holds for %lld hours"),
			       k->min_persons, (long long)(k->approval_ttl_s / 3600));
	for (unsigned n = 0; e == SL_OK && k != NULL && n < k->n_require; n++)
		e = add_role(r->page, c, k->require[n].role, k->require[n].min);
	if (e == SL_OK)
		e = add_added(r->page, c, k);
	json_array_foreach(json_arr(c->draft, "clocks"), i, clock)
	{
		if (e == SL_OK && i == 0)
			e = page_line(r->page, LOOK_BOLD, _("Clocks:"));
		if (e == SL_OK)
			e = add_clock(r->page, clock);
	}
	if (e != SL_OK)
		return e;
	if (json_array_size(c->votes) == 0)
		return page_line(r->page, LOOK_BOLD, _("Nobody has decided yet."));
	panel_words_open(&w);
	if (w.f != NULL) {
		fprintf(w.f, "%s\n", _("Votes:"));
		show_votes(w.f, &plain, c);
	}
	return panel_words_add(&w, r->page, LOOK_BOLD, -1);
}
