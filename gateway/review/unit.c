/* unit.c - unit.list, unit.absence, unit.audit: a unit's people, and who stands in for whom.
 *
 * Hostile: envelopes.  A delegation is an administrator's own statement about the own unit;
 * what it may not do is refused here, and judged again whenever somebody acts on it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "review/digest.h"
#include "review/envelope.h"
#include "review/unit_rows.h"
#include "trust/delegation.h"

enum { RECORD_MAX = 64 << 10, ENTRIES_MAX = 10000 };

struct said { /* one envelope of a request */
	struct envelope e;
	struct delegation_facts f; /* borrowed from e.s */
};

/* Only whoever administers the unit, and holds that office today. */
static int check_administrator(const struct review *v, const struct wire_peer *peer,
			       const struct said *x, struct sl_why *why)
{
	const struct accounts *a = stand_ins_accounts(v);
	const struct roster_person *me = peer->person;
	const struct account *person;
	const char *stands_for;
	int r;

	if (!roster_has_role(me, "unit-admin"))
		return why_set(why, SL_E_DENIED,
			       _("only a unit's administrator says who stands in"));
	if (a == NULL)
		return why_set(why, SL_E_STATE,
			       _("the rules in force have no accounts.yaml: everybody acts in "
				 "all roles that the approval policy gives, and nobody stands "
				 "in"));
	r = stand_ins_same_unit(a, me, why);
	if (r == SL_OK)
		r = accounts_may(a, me->pid, "unit-admin", clock_now(), &stands_for, why);
	if (r != SL_OK)
		return r;
	person = accounts_find(a, x->f.person);
	if (person == NULL)
		return why_set(why, SL_E_DENIED, _("accounts.yaml has no account for %s"),
			       x->f.person);
	if (strcmp(person->unit, me->unit) != 0)
		return why_set(why, SL_E_DENIED,
			       _("%s is of the unit %s; you administer %s and nothing else"),
			       x->f.person, person->unit, me->unit);
	if (strcmp(x->f.unit, person->unit) != 0 ||
	    delegation_signer(x->e.s, v->roster, clock_now()) != me)
		return why_set(why, SL_E_DENIED,
			       _("it is not signed with your reviewer key, for your own unit"));
	if (!envelope_is_now(x->f.time))
		return why_set(why, SL_E_EXPIRED, _("its time is not now; check the clock"));
	return SL_OK;
}

struct beside {
	const struct review *v;
	const struct stand_in *s;
	struct sl_why *why;
};

static int look_beside(const struct delegation *d, void *arg)
{
	const struct beside *x = arg;
	const struct stand_in other = stand_ins_of(d);

	/* One that does not count any more is in nobody's way. */
	if (d->ended != 0 || stand_in_beside(x->s, &other, NULL) == SL_OK ||
	    stand_ins_judge(x->v, d, NULL) != SL_OK)
		return SL_OK;
	return stand_in_beside(x->s, &other, x->why);
}

static int check_limits(const struct review *v, const struct wire_peer *peer,
			const struct delegation *d, struct sl_why *why)
{
	const struct accounts *a = stand_ins_accounts(v);
	const struct stand_in s = stand_ins_of(d);
	struct beside x = {.v = v, .s = &s, .why = why};
	int r = stand_in_days(&s, accounts_day(clock_now()), why);

	if (r == SL_OK && strcmp(s.substitute, peer->pid) == 0)
		r = why_set(why, SL_E_DENIED,
			    _("nobody makes the own person a substitute: another administrator "
			      "of %s signs it, or choose somebody else"),
			    d->unit);
	if (r == SL_OK)
		r = stand_in_allowed(a, s.substitute, s.person, s.role, why);
	if (r == SL_OK)
		r = stand_in_granted(v->roster, &s, why);
	if (r == SL_OK)
		r = stand_in_current(a, &s, why);
	if (r == SL_OK)
		r = stand_in_free(a, &s, why);
	return r == SL_OK ? store_delegation_each(v->store, NULL, NULL, look_beside, &x) : r;
}

static void fill(const struct said *x, const struct wire_peer *peer, struct delegation *d)
{
	const struct delegation_facts *f = &x->f;

	*d = (struct delegation){.time = f->time};
	(void)snprintf(d->unit, sizeof(d->unit), "%s", f->unit);
	(void)snprintf(d->person, sizeof(d->person), "%s", f->person);
	(void)snprintf(d->role, sizeof(d->role), "%s", f->role);
	(void)snprintf(d->substitute, sizeof(d->substitute), "%s", f->substitute);
	(void)snprintf(d->from, sizeof(d->from), "%s", f->from);
	(void)snprintf(d->until, sizeof(d->until), "%s", f->until);
	(void)snprintf(d->reason, sizeof(d->reason), "%s", f->reason);
	(void)snprintf(d->begun_by, sizeof(d->begun_by), "%s", peer->pid);
}

static int begin(const struct review *v, const struct wire_peer *peer, const struct said *x,
		 int64_t *ret_number, struct sl_why *why)
{
	struct delegation d;
	int r;

	fill(x, peer, &d);
	r = check_limits(v, peer, &d, why);
	if (r == SL_OK)
		r = store_object_put(v->store, x->e.line, x->e.len, d.begin);
	if (r == SL_OK)
		r = store_delegation_add(v->store, &d);
	if (r == SL_E_EXISTS)
		return why_set(why, r, _("this envelope was handed in before"));
	*ret_number = d.number;
	return r;
}

struct find {
	const struct delegation_facts *f;
	struct delegation found;
};

static int match(const struct delegation *d, void *arg)
{
	struct find *x = arg;

	if (strcmp(d->begin, x->f->begun) == 0)
		x->found = *d;
	return SL_OK;
}

static int end(const struct review *v, const struct wire_peer *peer, const struct said *x,
	       int64_t *ret_number, struct sl_why *why)
{
	struct find w = {.f = &x->f};
	char envelope[65], today[WORKDAYS_TEXT];
	int r = store_delegation_each(v->store, x->f.unit, NULL, match, &w);

	if (r == SL_OK &&
	    (w.found.number == 0 || strcmp(w.found.person, x->f.person) != 0 ||
	     strcmp(w.found.role, x->f.role) != 0 ||
	     strcmp(w.found.substitute, x->f.substitute) != 0 ||
	     strcmp(w.found.from, x->f.from) != 0 || strcmp(w.found.until, x->f.until) != 0))
		r = why_set(why, SL_E_NOTFOUND, _("there is no such delegation in %s"),
			    x->f.unit);
	workdays_format(accounts_day(clock_now()), today);
	if (r == SL_OK && w.found.ended == 0 && strcmp(w.found.until, today) < 0)
		r = why_set(why, SL_E_STATE, _("it was over on %s by itself"), w.found.until);
	if (r == SL_OK)
		r = store_object_put(v->store, x->e.line, x->e.len, envelope);
	if (r == SL_OK) {
		r = store_delegation_end(v->store, w.found.number, peer->pid, envelope);
		if (r == SL_E_CONFLICT)
			(void)why_set(why, r, _("it is ended already"));
	}
	*ret_number = w.found.number;
	return r;
}

int review_unit_absence(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct delegation d;
	int64_t number = 0;
	int r = envelope_take(rq, &x.e, why);

	if (r == SL_OK)
		r = delegation_read(x.e.s, &x.f, why);
	if (r == SL_OK)
		r = check_administrator(v, peer, &x, why);
	if (r == SL_OK)
		r = strcmp(x.f.action, "begin") == 0 ? begin(v, peer, &x, &number, why)
						     : end(v, peer, &x, &number, why);
	if (r == SL_OK)
		r = store_delegation_get(v->store, number, &d);
	if (r == SL_OK) {
		ret->result = unit_rows_delegation(v, &d);
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	statement_free(x.e.s);
	return r;
}

/* The own unit; auditors every one. */
static int wanted_unit(const struct roster_person *me, const struct wire_request *rq,
		       const char **ret_unit, struct sl_why *why)
{
	const char *unit = json_str(rq->args, "unit");

	*ret_unit = unit != NULL ? unit : me->unit;
	if (strcmp(*ret_unit, me->unit) == 0 || roster_has_role(me, "auditor"))
		return SL_OK;
	return why_set(why, SL_E_DENIED, _("you are of the unit %s and see that one only"),
		       me->unit);
}

int review_unit_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why)
{
	const char *unit;
	int r = wanted_unit(peer->person, rq, &unit, why);

	return r == SL_OK ? unit_rows(arg, unit, &ret->result, why) : r;
}

struct entries {
	const char *unit;
	json_t *list;
};

static int put_entry(int64_t seq, int64_t ms, const char *kind, const char *actor,
		     const char *record, void *arg)
{
	const struct entries *x = arg;
	json_t *parsed = NULL, *row;
	const char *unit;

	if (json_array_size(x->list) == ENTRIES_MAX)
		return SL_E_LIMIT;
	if (json_parse(record, strlen(record), RECORD_MAX, &parsed) != SL_OK)
		return SL_E_CORRUPT;
	unit = json_str(parsed, "unit");
	if (unit == NULL || strcmp(unit, x->unit) != 0) {
		json_decref(parsed);
		return SL_OK;
	}
	row = json_pack("{s:I,s:o,s:s,s:s,s:o}", "seq", (json_int_t)seq, "time",
			digest_time(ms / 1000), "kind", kind, "actor", actor, "record", parsed);
	return json_array_append_new(x->list, row) == 0 ? SL_OK : SL_E_NOMEM;
}

int review_unit_audit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		      struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct entries x = {.list = json_array()};
	int r = wanted_unit(peer->person, rq, &x.unit, why);

	if (r == SL_OK)
		r = x.list == NULL ? SL_E_NOMEM
				   : store_delegation_audit(v->store, put_entry, &x);
	if (r == SL_OK) {
		ret->result = json_pack("{s:s,s:O}", "unit", x.unit, "entries", x.list);
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	json_decref(x.list);
	return r;
}
