/* stand_in.c - the rules of standing in, each with what to do instead. */
#include "policy/stand_in.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/workdays.h"
#include "trust/order.h"

int stand_in_allowed(const struct accounts *a, const char *substitute, const char *person,
		     const char *role, struct sl_why *why)
{
	const struct account *k = accounts_find(a, substitute), *o = accounts_find(a, person);

	if (k == NULL)
		return why_set(why, SL_E_DENIED, _("accounts.yaml has no account for %s"),
			       substitute);
	if (o == NULL || o == k || !account_has(o, role))
		return why_set(why, SL_E_DENIED,
			       _("%s cannot stand in for %s, who does not hold the role %s"),
			       substitute, person, role);
	if (!order_reviewing_role(role))
		return why_set(why, SL_E_DENIED, _("nobody stands in as %s (%s)"), role,
			       substitute);
	/* Whoever drafts would come to decide about what the own desk wrote. */
	if (account_has(k, "author"))
		return why_set(why, SL_E_DENIED,
			       _("%s is an author and must not stand in as %s"), substitute,
			       role);
	if (account_has(k, "system-admin"))
		return why_set(why, SL_E_DENIED,
			       _("%s is system administrator and must not review as %s"),
			       substitute, role);
	if ((strcmp(role, "liaison") == 0 || strcmp(role, "unit-leader") == 0) &&
	    strcmp(k->unit, o->unit) != 0)
		return why_set(why, SL_E_DENIED,
			       _("%s is of another unit than %s and cannot be its %s"),
			       substitute, person, role);
	return SL_OK;
}

int stand_in_granted(const struct roster *r, const struct stand_in *s, struct sl_why *why)
{
	const struct roster_person *p = roster_person(r, s->substitute);

	if (p != NULL && roster_has_role(p, s->role))
		return SL_OK;
	return why_set(why, SL_E_DENIED,
		       _("the approval policy does not give %s the role %s, so that no "
			 "platform would count the signature: choose somebody who has it, or "
			 "have it signed first"),
		       s->substitute, s->role);
}

int stand_in_days(const struct stand_in *s, int64_t today, struct sl_why *why)
{
	int64_t from = 0, until = 0;

	if (!workdays_parse(s->from, &from) || !workdays_parse(s->until, &until) ||
	    until < from)
		return why_set(why, SL_E_DENIED, _("from %s to %s is no time"), s->from,
			       s->until);
	if (from < today)
		return why_set(why, SL_E_DENIED,
			       _("%s is over: a delegation begins today or later"), s->from);
	if (from > today + STAND_IN_AHEAD_MAX)
		return why_set(why, SL_E_DENIED,
			       _("%s is too far ahead: a delegation begins within %d days"),
			       s->from, STAND_IN_AHEAD_MAX);
	if (until - from >= STAND_IN_DAYS_MAX)
		return why_set(
			why, SL_E_DENIED,
			_("%s to %s is too long: a delegation holds for %d days at most; "
			  "whoever is away for longer needs a successor in accounts.yaml"),
			s->from, s->until, STAND_IN_DAYS_MAX);
	return SL_OK;
}

int stand_in_current(const struct accounts *a, const struct stand_in *s, struct sl_why *why)
{
	const struct account *k = accounts_find(a, s->substitute);
	const char *what;
	int64_t until = 0;

	if (k == NULL || !workdays_parse(s->until, &until))
		return SL_E_INTERNAL;
	if (accounts_left(k, until, &what) >= 0)
		return SL_OK;
	if (strcmp(what, "trained_on") == 0)
		return why_set(why, SL_E_EXPIRED,
			       _("the training of %s (%s) does not hold until %s: it is taken "
				 "again first, or choose an earlier day or somebody else"),
			       k->pid, k->trained_on, s->until);
	return why_set(why, SL_E_EXPIRED,
		       _("the account of %s (confirmed on %s) does not hold until %s: it is "
			 "confirmed first, or choose an earlier day or somebody else"),
		       k->pid, k->confirmed_on, s->until);
}

bool stand_in_overlap(const struct stand_in *x, const struct stand_in *y)
{
	/* Days written YYYY-MM-DD sort as texts. */
	return strcmp(x->from, y->until) <= 0 && strcmp(y->from, x->until) <= 0;
}

bool stand_in_holds(const struct stand_in *s, int64_t today)
{
	int64_t from = 0, until = 0;

	return workdays_parse(s->from, &from) && workdays_parse(s->until, &until) &&
	       from <= today && today <= until;
}

static bool same_office(const struct stand_in *x, const struct stand_in *y)
{
	return strcmp(x->person, y->person) == 0 && strcmp(x->role, y->role) == 0 &&
	       stand_in_overlap(x, y);
}

static int taken(const struct stand_in *other, struct sl_why *why)
{
	return why_set(why, SL_E_CONFLICT,
		       _("%s stands in for %s as %s from %s to %s already: one at a time"),
		       other->substitute, other->person, other->role, other->from,
		       other->until);
}

int stand_in_free(const struct accounts *a, const struct stand_in *s, struct sl_why *why)
{
	for (unsigned i = 0; i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];

		for (unsigned n = 0; n < k->substitutes_count; n++) {
			const struct substitute *w = &k->substitutes[n];
			const struct stand_in other = {.person = w->instead_of,
						       .role = w->role,
						       .substitute = k->pid,
						       .from = w->from,
						       .until = w->until};

			if (same_office(s, &other))
				return taken(&other, why);
		}
	}
	return SL_OK;
}

int stand_in_beside(const struct stand_in *s, const struct stand_in *other, struct sl_why *why)
{
	if (same_office(s, other))
		return taken(other, why);
	if (!stand_in_overlap(s, other))
		return SL_OK;
	/* Neither chains nor circles: nobody could tell who answers for an office. */
	if (strcmp(s->substitute, other->person) == 0)
		return why_set(why, SL_E_CONFLICT,
			       _("%s is away from %s to %s and cannot stand in"), s->substitute,
			       other->from, other->until);
	if (strcmp(s->person, other->substitute) == 0)
		return why_set(why, SL_E_CONFLICT,
			       _("%s stands in for %s from %s to %s: end that first"),
			       s->person, other->person, other->from, other->until);
	return SL_OK;
}
