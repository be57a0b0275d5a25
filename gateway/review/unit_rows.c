/* unit_rows.c - accounts, what runs out, and who stands in, from the rules and the store. */
#include "review/unit_rows.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "review/digest.h"

enum { SHOWN_DAYS = 92 }; /* what is over or ended stays in the list for so long */

static json_t *roles_of(const struct account *k, const struct roster_person *p)
{
	json_t *list = json_array();
	unsigned n = k != NULL ? k->roles.n : p->n_roles;

	for (unsigned i = 0; i < n; i++)
		(void)json_array_append_new(
			list, json_string(k != NULL ? k->roles.item[i] : p->roles[i]));
	return list;
}

/* Whichever of training and confirmation is first. */
static json_t *lapse_of(const struct account *k, int64_t today)
{
	const char *what;
	int64_t left = accounts_left(k, today, &what);
	char until[WORKDAYS_TEXT];

	workdays_format(today + left, until);
	return json_pack("{s:s,s:s,s:I,s:s}", "what", what, "until", until, "days_left",
			 (json_int_t)left, "state",
			 left < 0		 ? "lapsed"
			 : left <= ACCOUNTS_WARN ? "soon"
						 : "good");
}

static json_t *account_row(const struct account *k, int64_t today)
{
	return json_pack("{s:s,s:s,s:o,s:s,s:s,s:o}", "pid", k->pid, "name", k->name, "roles",
			 roles_of(k, NULL), "trained_on", k->trained_on, "confirmed_on",
			 k->confirmed_on, "lapses", lapse_of(k, today));
}

static int put_accounts(const struct review *v, const char *unit, int64_t today, json_t *list)
{
	const struct accounts *a = stand_ins_accounts(v);
	int bad = 0;

	for (unsigned i = 0; a != NULL && i < a->accounts_count; i++) {
		if (strcmp(a->accounts[i].unit, unit) == 0)
			bad |= json_array_append_new(list, account_row(&a->accounts[i], today));
	}
	for (unsigned i = 0; a == NULL && i < roster_count(v->roster); i++) {
		const struct roster_person *p = roster_person_at(v->roster, i);

		if (strcmp(p->unit, unit) == 0)
			bad |= json_array_append_new(list,
						     json_pack("{s:s,s:o}", "pid", p->pid,
							       "roles", roles_of(NULL, p)));
	}
	return bad == 0 ? SL_OK : SL_E_NOMEM;
}

static const char *state_on(const struct stand_in *s, int64_t today)
{
	char now[WORKDAYS_TEXT];

	if (stand_in_holds(s, today))
		return "running";
	workdays_format(today, now);
	return strcmp(now, s->from) < 0 ? "coming" : "over";
}

json_t *unit_rows_delegation(const struct review *v, const struct delegation *d)
{
	const struct stand_in s = stand_ins_of(d);
	struct sl_why why = {.text = ""};
	const char *state = state_on(&s, accounts_day(clock_now()));
	json_t *j;

	if (d->ended != 0)
		state = "ended";
	else if (strcmp(state, "over") != 0 && stand_ins_judge(v, d, &why) != SL_OK)
		state = "void";
	j = json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s}", "number",
		      (json_int_t)d->number, "unit", d->unit, "person", d->person, "role",
		      d->role, "substitute", d->substitute, "from", d->from, "until", d->until,
		      "reason", d->reason, "by", d->begun_by, "time", digest_time(d->time),
		      "state", state, "envelope_sha256", d->begin);
	if (j != NULL && strcmp(state, "void") == 0)
		(void)json_object_set_new(j, "why", json_string(why.text));
	if (j != NULL && d->ended != 0) {
		(void)json_object_set_new(j, "ended", digest_time(d->ended));
		(void)json_object_set_new(j, "ended_by", json_string(d->ended_by));
	}
	return j;
}

static bool is_of(const struct accounts *a, const char *pid, const char *unit)
{
	const struct account *k = a != NULL ? accounts_find(a, pid) : NULL;

	return k != NULL && strcmp(k->unit, unit) == 0;
}

/* The dated substitutes of accounts.yaml: no number, and nobody's signature of their own. */
static int put_windows(const struct review *v, const char *unit, int64_t today, json_t *list)
{
	const struct accounts *a = stand_ins_accounts(v);
	int bad = 0;

	for (unsigned i = 0; a != NULL && i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];

		for (unsigned n = 0; n < k->substitutes_count; n++) {
			const struct substitute *w = &k->substitutes[n];
			const struct stand_in s = {.from = w->from, .until = w->until};

			if (strcmp(k->unit, unit) != 0 && !is_of(a, w->instead_of, unit))
				continue;
			bad |= json_array_append_new(
				list,
				json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "person",
					  w->instead_of, "role", w->role, "substitute", k->pid,
					  "from", w->from, "until", w->until, "by",
					  "accounts.yaml", "state", state_on(&s, today)));
		}
	}
	return bad == 0 ? SL_OK : SL_E_NOMEM;
}

struct rows {
	const struct review *v;
	const char *unit;
	json_t *list;
	char oldest[WORKDAYS_TEXT]; /* day */
};

static int add(const struct delegation *d, void *arg)
{
	const struct rows *x = arg;

	if (strcmp(d->until, x->oldest) < 0 ||
	    (strcmp(d->unit, x->unit) != 0 &&
	     !is_of(stand_ins_accounts(x->v), d->substitute, x->unit)))
		return SL_OK;
	return json_array_append_new(x->list, unit_rows_delegation(x->v, d)) == 0 ? SL_OK
										  : SL_E_NOMEM;
}

int unit_rows(const struct review *v, const char *unit, json_t **ret_j, struct sl_why *why)
{
	const struct unit *u = v->house != NULL ? units_find(v->house->units, unit) : NULL;
	json_t *accounts = json_array();
	struct rows x = {.v = v, .unit = unit, .list = json_array()};
	int64_t today = accounts_day(clock_now());
	char day[WORKDAYS_TEXT];
	int r = accounts == NULL || x.list == NULL ? SL_E_NOMEM : SL_OK;

	workdays_format(today - SHOWN_DAYS, x.oldest);
	workdays_format(today, day);
	if (r == SL_OK)
		r = put_accounts(v, unit, today, accounts);
	if (r == SL_OK && u == NULL && json_array_size(accounts) == 0)
		r = why_set(why, SL_E_NOTFOUND, _("there is no unit %s"), unit);
	if (r == SL_OK)
		r = put_windows(v, unit, today, x.list);
	if (r == SL_OK)
		r = store_delegation_each(v->store, NULL, NULL, add, &x);
	if (r == SL_OK) {
		*ret_j = json_pack("{s:s,s:s,s:b,s:O,s:O}", "unit", unit, "today", day,
				   "narrowed", (int)(stand_ins_accounts(v) != NULL), "accounts",
				   accounts, "stand_ins", x.list);
		r = *ret_j == NULL ? SL_E_NOMEM : SL_OK;
	}
	if (r == SL_OK && u != NULL &&
	    (json_object_set_new(*ret_j, "name", json_string(u->name)) != 0 ||
	     json_object_set_new(*ret_j, "kind", json_string(u->kind)) != 0))
		r = SL_E_NOMEM;
	json_decref(accounts);
	json_decref(x.list);
	return r;
}

/* ---- notices beside the queue ---- */

static int put_lapses(const struct review *v, const struct roster_person *p, json_t *list)
{
	const struct accounts *a = stand_ins_accounts(v);
	int64_t today = accounts_day(clock_now());
	int bad = 0;

	for (unsigned i = 0; a != NULL && i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];
		json_t *j;

		if (accounts_left(k, today, NULL) > ACCOUNTS_WARN ||
		    (strcmp(k->pid, p->pid) != 0 &&
		     (!roster_has_role(p, "unit-admin") || strcmp(k->unit, p->unit) != 0)))
			continue;
		j = lapse_of(k, today);
		if (j == NULL || json_object_set_new(j, "pid", json_string(k->pid)) != 0 ||
		    json_object_set_new(j, "name", json_string(k->name)) != 0)
			bad = -1;
		bad |= json_array_append_new(list, j);
	}
	return bad == 0 ? SL_OK : SL_E_NOMEM;
}

struct today {
	const struct review *v;
	json_t *list;
	int64_t day;
};

static int add_office(json_t *list, const struct stand_in *s)
{
	return json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}", "person", s->person,
						     "role", s->role, "from", s->from, "until",
						     s->until)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

static int add_delegated(const struct delegation *d, void *arg)
{
	const struct today *x = arg;
	const struct stand_in s = stand_ins_of(d);

	return !stand_in_holds(&s, x->day) || stand_ins_judge(x->v, d, NULL) != SL_OK
		       ? SL_OK
		       : add_office(x->list, &s);
}

static int put_offices(const struct review *v, const struct roster_person *p, json_t *list)
{
	const struct accounts *a = stand_ins_accounts(v);
	const struct account *k = a != NULL ? accounts_find(a, p->pid) : NULL;
	struct today x = {.v = v, .list = list, .day = accounts_day(clock_now())};
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && k != NULL && i < k->substitutes_count; i++) {
		const struct substitute *w = &k->substitutes[i];
		const struct stand_in s = {.person = w->instead_of,
					   .role = w->role,
					   .from = w->from,
					   .until = w->until};

		r = stand_in_holds(&s, x.day) ? add_office(list, &s) : SL_OK;
	}
	return r == SL_OK && k != NULL
		       ? store_delegation_each(v->store, NULL, p->pid, add_delegated, &x)
		       : r;
}

int unit_rows_notices(const struct review *v, const struct roster_person *p, json_t *result)
{
	json_t *lapses = json_array(), *offices = json_array();
	int r = lapses == NULL || offices == NULL ? SL_E_NOMEM : put_lapses(v, p, lapses);

	if (r == SL_OK)
		r = put_offices(v, p, offices);
	if (r == SL_OK && json_array_size(lapses) > 0 &&
	    json_object_set(result, "lapses", lapses) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK && json_array_size(offices) > 0 &&
	    json_object_set(result, "stands_in", offices) != 0)
		r = SL_E_NOMEM;
	json_decref(lapses);
	json_decref(offices);
	return r;
}
