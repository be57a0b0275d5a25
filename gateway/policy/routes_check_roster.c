/* routes_check_roster.c - routes.yaml against what is signed elsewhere: clocks, classes,
 * people, rules. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/clocks.h"
#include "policy/routes_check.h"

/* ---- clocks ---- */

static int check_clock(const struct routes *r, const struct clocks *clocks, const char *head,
		       const char *id, struct sl_why *why)
{
	if (id == NULL || clocks_find(clocks, id) != NULL)
		return SL_OK;
	return routes_complain(r, head, id, why, _("clocks.yaml has no clock \"%s\""), id);
}

int routes_check_clocks(const struct routes *r, const char *policies_dir, struct sl_why *why)
{
	struct clocks *clocks = NULL;
	char head[64];
	int res = clocks_load(policies_dir, &clocks, why);

	/* A set without clocks: the names stand for nothing. */
	if (res != SL_OK || clocks->file == NULL)
		goto out;
	for (unsigned i = 0; res == SL_OK && i < r->routes_count; i++) {
		const struct route *way = &r->routes[i];

		(void)snprintf(head, sizeof(head), "id: %s", way->id);
		res = check_clock(r, clocks, head, way->target, why);
		if (res == SL_OK)
			res = check_clock(r, clocks, head, way->outer, why);
		if (res == SL_OK)
			res = check_clock(r, clocks, head, way->review_after, why);
	}
	for (unsigned i = 0; res == SL_OK && i < r->types_count; i++) {
		(void)snprintf(head, sizeof(head), "type: %s", r->types[i].type);
		res = check_clock(r, clocks, head, r->types[i].target, why);
	}
out:
	clocks_free(clocks);
	return res;
}

/* ---- classes ---- */

static unsigned step_count(const struct route *way, const char *role)
{
	for (unsigned i = 0; i < way->steps_count; i++) {
		if (strcmp(way->steps[i].role, role) == 0)
			return way->steps[i].count;
	}
	return 0;
}

static unsigned class_min(const struct roster_class *k, const char *role)
{
	for (unsigned i = 0; i < k->n_require; i++) {
		if (strcmp(k->require[i].role, role) == 0)
			return k->require[i].min;
	}
	return 0;
}

static int check_class(const struct routes *r, const struct route *way,
		       const struct roster *roster, const char *head, struct sl_why *why)
{
	const struct roster_class *k = roster_class(roster, way->id);
	unsigned persons = 0;

	if (k == NULL)
		return routes_complain(
			r, head, NULL, why,
			_("the approval policy has no class %s, which routes.yaml "
			  "names"),
			way->id);
	for (unsigned i = 0; i < way->steps_count; i++) {
		const struct route_step *s = &way->steps[i];

		persons += s->count;
		if (class_min(k, s->role) < s->count)
			return routes_complain(
				r, head, s->role, why,
				_("class %s of the approval policy asks for %u %s, the "
				  "route for %u: platforms would take less"),
				way->id, class_min(k, s->role), s->role, s->count);
	}
	for (unsigned i = 0; i < k->n_require; i++) {
		if (step_count(way, k->require[i].role) < k->require[i].min)
			return routes_complain(
				r, head, NULL, why,
				_("class %s of the approval policy asks for %u %s, and "
				  "no step of the route gives that"),
				way->id, k->require[i].min, k->require[i].role);
	}
	if (k->min_persons < persons)
		return routes_complain(
			r, head, NULL, why,
			_("class %s of the approval policy takes %u persons, the route "
			  "has %u"),
			way->id, k->min_persons, persons);
	return SL_OK;
}

/* ---- people: a different one for every slot, found along augmenting paths ---- */

struct seats {
	const struct roster *roster;
	const char *role[ROSTER_SLOTS_MAX];
	int person[ROSTER_SLOTS_MAX]; /* -1: open */
	unsigned n;
};

static int slot_of(const struct seats *s, unsigned person)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->person[i] == (int)person)
			return (int)i;
	}
	return -1;
}

static bool seat(struct seats *s, unsigned slot, bool tried[ROSTER_SLOTS_MAX])
{
	tried[slot] = true;
	for (unsigned p = 0; p < roster_count(s->roster); p++) {
		int other;

		if (!roster_has_role(roster_person_at(s->roster, p), s->role[slot]))
			continue;
		other = slot_of(s, p);
		if (other >= 0 && (tried[other] || !seat(s, (unsigned)other, tried)))
			continue;
		s->person[slot] = (int)p;
		return true;
	}
	return false;
}

static int check_people(const struct routes *r, const struct route *way,
			const struct roster *roster, const char *head, struct sl_why *why)
{
	struct seats s = {.roster = roster};

	for (unsigned i = 0; i < way->steps_count; i++) {
		for (unsigned k = 0; k < way->steps[i].count && s.n < ROSTER_SLOTS_MAX; k++) {
			s.person[s.n] = -1;
			s.role[s.n++] = way->steps[i].role;
		}
	}
	for (unsigned i = 0; i < s.n; i++) {
		bool tried[ROSTER_SLOTS_MAX] = {false};

		if (!seat(&s, i, tried))
			return routes_complain(
				r, head, s.role[i], why,
				_("route %s: one person would be needed twice, as too "
				  "few people hold the role %s"),
				way->id, s.role[i]);
	}
	return SL_OK;
}

static bool somebody(const struct roster *roster, const char *role, const char *unit)
{
	for (unsigned i = 0; i < roster_count(roster); i++) {
		const struct roster_person *p = roster_person_at(roster, i);

		if (roster_has_role(p, role) && strcmp(p->unit, unit) == 0)
			return true;
	}
	return false;
}

/* Columns whose co-signer nobody is, and roles that the route of a column step has not. */
static int check_columns(const struct routes *r, const struct route *way,
			 const struct roster *roster, const char *head, struct sl_why *why)
{
	for (unsigned i = 0; i < way->steps_count; i++) {
		if (way->steps[i].from == NULL || strcmp(way->steps[i].from, "column") != 0)
			continue;
		for (unsigned k = 0; r->columns != NULL && k < r->columns->columns_count; k++) {
			const struct column *c = &r->columns->columns[k];

			if (strcmp(column_role(c), way->steps[i].role) != 0)
				return routes_complain(
					r, head, way->steps[i].role, why,
					_("column %s is co-signed as %s, which route "
					  "%s does not ask for"),
					c->id, column_role(c), way->id);
			if (!somebody(roster, column_role(c), column_unit(c)))
				return routes_complain(
					r, head, way->steps[i].role, why,
					_("nobody can co-sign for column %s: there is "
					  "no %s in the unit %s"),
					c->id, column_role(c), column_unit(c));
		}
	}
	return SL_OK;
}

int routes_check_roster(const struct routes *r, const struct roster *roster, struct sl_why *why)
{
	int res = SL_OK;

	for (unsigned i = 0; res == SL_OK && i < r->routes_count; i++) {
		const struct route *way = &r->routes[i];
		char head[64];

		if (way->steps_count == 0)
			continue;
		(void)snprintf(head, sizeof(head), "id: %s", way->id);
		res = check_class(r, way, roster, head, why);
		if (res == SL_OK)
			res = check_people(r, way, roster, head, why);
		if (res == SL_OK)
			res = check_columns(r, way, roster, head, why);
	}
	return res;
}

/* ---- rules ---- */

int routes_check_rules(const struct routes *r, bool (*knows)(void *arg, const char *rule),
		       void *arg, struct sl_why *why)
{
	for (unsigned i = 0; i < r->modifiers_count; i++) {
		const struct route_modifier *m = &r->modifiers[i];
		char head[64];

		(void)snprintf(head, sizeof(head), "id: %s", m->id);
		for (unsigned k = 0; k < m->when.rules.n; k++) {
			if (!knows(arg, m->when.rules.item[k]))
				return routes_complain(
					r, head, m->when.rules.item[k], why,
					_("modifier %s: no report can trigger it, as "
					  "there is no rule %s"),
					m->id, m->when.rules.item[k]);
		}
	}
	return SL_OK;
}
