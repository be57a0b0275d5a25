/* accounts_check.c - separation of duties, before anybody acts on it. */
#include "policy/accounts.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/stand_in.h"
#include "policy/workdays.h"
#include "trust/order.h"

static int check_roles(const struct account *k, const char *path, struct sl_why *why)
{
	bool machines = account_has(k, "system-admin");

	for (unsigned i = 0; i < k->roles.n; i++) {
		const char *role = k->roles.item[i];

		if (strcmp(role, "system-admin") != 0 &&
		    (!roster_role_known(role) || strcmp(role, "gateway-service") == 0))
			return why_set(why, SL_E_CONFIG,
				       _("%s: %s has the role \"%s\", which "
					 "does not exist"),
				       path, k->pid, role);
		if (machines && order_reviewing_role(role))
			return why_set(
				why, SL_E_CONFIG,
				_("%s: %s is system administrator and must not review as "
				  "%s"),
				path, k->pid, role);
	}
	if (account_has(k, "auditor") &&
	    (machines || account_has(k, "unit-admin") || account_has(k, "operator")))
		return why_set(why, SL_E_CONFIG, _("%s: %s is auditor and must not administer"),
			       path, k->pid);
	return SL_OK;
}

static int check_days(const struct account *k, const char *path, struct sl_why *why)
{
	int64_t day, until;

	if (!workdays_parse(k->trained_on, &day) || !workdays_parse(k->confirmed_on, &day))
		return why_set(why, SL_E_CONFIG,
			       _("%s: %s: trained_on and confirmed_on are days such as "
				 "2026-03-02"),
			       path, k->pid);
	for (unsigned i = 0; i < k->substitutes_count; i++) {
		const struct substitute *s = &k->substitutes[i];

		if (!workdays_parse(s->from, &day) || !workdays_parse(s->until, &until) ||
		    until < day)
			return why_set(why, SL_E_CONFIG,
				       _("%s: %s stands in for %s from %s to %s, which is no "
					 "time"),
				       path, k->pid, s->instead_of, s->from, s->until);
	}
	return SL_OK;
}

static int check_substitutes(const struct accounts *a, const struct account *k,
			     const char *path, struct sl_why *why)
{
	struct sl_why detail = {.text = ""};

	for (unsigned i = 0; i < k->substitutes_count; i++) {
		const struct substitute *s = &k->substitutes[i];

		if (stand_in_allowed(a, k->pid, s->instead_of, s->role, &detail) != SL_OK)
			return why_set(why, SL_E_CONFIG, "%s: %s", path, detail.text);
	}
	return SL_OK;
}

static struct stand_in window(const struct account *k, const struct substitute *s)
{
	return (struct stand_in){.person = s->instead_of,
				 .role = s->role,
				 .substitute = k->pid,
				 .from = s->from,
				 .until = s->until};
}

/* One office, one substitute at a time: else nobody knows who answers for it. */
static int check_windows(const struct accounts *a, const struct account *k,
			 const struct substitute *s, const char *path, struct sl_why *why)
{
	const struct stand_in mine = window(k, s);

	for (unsigned i = 0; i < a->accounts_count; i++) {
		const struct account *other = &a->accounts[i];

		for (unsigned n = 0; n < other->substitutes_count; n++) {
			const struct stand_in w = window(other, &other->substitutes[n]);

			if (&other->substitutes[n] == s || strcmp(w.person, mine.person) != 0 ||
			    strcmp(w.role, mine.role) != 0 || !stand_in_overlap(&w, &mine))
				continue;
			return why_set(
				why, SL_E_CONFIG,
				_("%s: %s and %s stand in for %s as %s at the same time"), path,
				k->pid, other->pid, s->instead_of, s->role);
		}
	}
	return SL_OK;
}

static int check_account(const struct accounts *a, const struct units *u,
			 const struct account *k, const char *path, struct sl_why *why)
{
	const struct account *first = accounts_find(a, k->pid);
	int r;

	if (first != k)
		return strcmp(first->unit, k->unit) == 0
			       ? why_set(why, SL_E_CONFIG, _("%s names %s twice"), path, k->pid)
			       : why_set(why, SL_E_CONFIG,
					 _("%s: %s is in two units, %s and %s"), path, k->pid,
					 first->unit, k->unit);
	if (units_find(u, k->unit) == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("%s: %s is of unit %s, which units.yaml does "
				 "not have"),
			       path, k->pid, k->unit);
	r = check_roles(k, path, why);
	if (r == SL_OK)
		r = check_days(k, path, why);
	if (r == SL_OK)
		r = check_substitutes(a, k, path, why);
	for (unsigned i = 0; r == SL_OK && i < k->substitutes_count; i++)
		r = check_windows(a, k, &k->substitutes[i], path, why);
	return r;
}

static int check_unit(const struct accounts *a, const struct unit *u, const char *path,
		      struct sl_why *why)
{
	static const char *const needed[] = {"unit-leader", "liaison", "unit-admin"};
	bool substitute = false;

	for (size_t n = 0; n < sizeof(needed) / sizeof(needed[0]); n++) {
		bool found = false;

		for (unsigned i = 0; i < a->accounts_count && !found; i++)
			found = strcmp(a->accounts[i].unit, u->id) == 0 &&
				account_has(&a->accounts[i], needed[n]);
		if (!found)
			return why_set(why, SL_E_CONFIG, _("%s: the unit %s (%s) has no %s"),
				       path, u->id, u->name, needed[n]);
	}
	for (unsigned i = 0; i < a->accounts_count; i++)
		substitute = substitute || (strcmp(a->accounts[i].unit, u->id) == 0 &&
					    a->accounts[i].substitutes_count > 0);
	if (!substitute)
		return why_set(why, SL_E_CONFIG,
			       _("%s: the unit %s (%s) has nobody who stands in for its leader "
				 "or liaison"),
			       path, u->id, u->name);
	return SL_OK;
}

int accounts_check(const struct accounts *a, const struct units *u, const char *path,
		   struct sl_why *why)
{
	int r = SL_OK;

	if (u == NULL)
		return why_set(why, SL_E_CONFIG, _("%s needs units.yaml beside it"), path);
	for (unsigned i = 0; r == SL_OK && i < a->accounts_count; i++)
		r = check_account(a, u, &a->accounts[i], path, why);
	for (unsigned i = 0; r == SL_OK && i < u->units_count; i++)
		r = check_unit(a, &u->units[i], path, why);
	return r;
}
