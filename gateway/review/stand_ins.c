/* stand_ins.c - delegations, judged each time from what was signed.
 *
 * Hostile: nothing but the store's rows, should somebody have written to it. */
#include "review/stand_ins.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "review/envelope.h"
#include "trust/delegation.h"

/* The row says what was signed, by whom it says. */
static bool same_words(const struct delegation *d, const struct delegation_facts *f,
		       const struct roster_person *signer)
{
	return strcmp(f->action, "begin") == 0 && strcmp(f->unit, d->unit) == 0 &&
	       strcmp(f->person, d->person) == 0 && strcmp(f->role, d->role) == 0 &&
	       strcmp(f->substitute, d->substitute) == 0 && strcmp(f->from, d->from) == 0 &&
	       strcmp(f->until, d->until) == 0 && strcmp(signer->pid, d->begun_by) == 0;
}

static int judge_signature(const struct review *v, const struct delegation *d,
			   struct sl_why *why)
{
	const struct accounts *a = stand_ins_accounts(v);
	const struct roster_person *signer;
	const struct account *k;
	struct statement *s = NULL;
	struct delegation_facts f;
	int r = envelope_stored(v->store, d->begin, &s, why);

	if (r != SL_OK)
		return r;
	signer = delegation_signer(s, v->roster, clock_now());
	if (signer == NULL || delegation_read(s, &f, NULL) != SL_OK ||
	    !same_words(d, &f, signer)) {
		r = why_set(why, SL_E_DENIED,
			    _("the signature of %s does not count any more: an administrator "
			      "of %s signs it again"),
			    d->begun_by, d->unit);
	} else {
		k = accounts_find(a, signer->pid);
		if (k == NULL || !account_has(k, "unit-admin") || strcmp(k->unit, d->unit) != 0)
			r = why_set(why, SL_E_DENIED,
				    _("%s does not administer %s any more: its administrator "
				      "signs it again"),
				    d->begun_by, d->unit);
	}
	statement_free(s);
	return r;
}

int stand_ins_judge(const struct review *v, const struct delegation *d, struct sl_why *why)
{
	const struct accounts *a = stand_ins_accounts(v);
	const struct stand_in s = stand_ins_of(d);
	const struct account *person;
	int r;

	if (a == NULL)
		return why_set(why, SL_E_DENIED,
			       _("the rules in force have no accounts.yaml: nobody stands in"));
	r = judge_signature(v, d, why);
	if (r == SL_OK)
		r = stand_in_allowed(a, s.substitute, s.person, s.role, why);
	if (r != SL_OK)
		return r;
	person = accounts_find(a, s.person);
	if (strcmp(person->unit, d->unit) != 0)
		return why_set(why, SL_E_DENIED, _("%s is of the unit %s by now"), s.person,
			       person->unit);
	return stand_in_granted(v->roster, &s, why);
}

int stand_ins_same_unit(const struct accounts *a, const struct roster_person *p,
			struct sl_why *why)
{
	const struct account *k = a != NULL ? accounts_find(a, p->pid) : NULL;

	if (k == NULL || strcmp(k->unit, p->unit) == 0)
		return SL_OK;
	return why_set(
		why, SL_E_DENIED,
		_("accounts.yaml has you in the unit %s, the approval policy in %s: until "
		  "one of them is corrected and signed again you can decide nothing"),
		k->unit, p->unit);
}

struct search {
	const struct review *v;
	const char *role;
	int64_t today;
	struct sl_why *why;
	bool other; /* one was found that does not hold today; why says more */
	char found[ROSTER_NAME_MAX];
};

static int look(const struct delegation *d, void *arg)
{
	struct search *x = arg;
	const struct stand_in s = stand_ins_of(d);
	struct sl_why detail = {.text = ""};

	if (x->found[0] != '\0' || strcmp(d->role, x->role) != 0)
		return SL_OK;
	if (!stand_in_holds(&s, x->today)) {
		(void)why_set(
			x->why, SL_E_DENIED,
			_("you stand in as %s for %s from %s to %s only; today you do not"),
			d->role, d->person, d->from, d->until);
		x->other = true;
	} else if (stand_ins_judge(x->v, d, &detail) != SL_OK) {
		(void)why_set(x->why, SL_E_DENIED,
			      _("you cannot stand in for %s any more: %.400s"), d->person,
			      detail.text);
		x->other = true;
	} else {
		(void)snprintf(x->found, sizeof(x->found), "%s", d->person);
	}
	return SL_OK;
}

int stand_ins_may(const struct review *v, const struct roster_person *p, const char *role,
		  char ret_for[ROSTER_NAME_MAX], struct sl_why *why)
{
	const struct accounts *a = stand_ins_accounts(v);
	struct sl_why more = {.text = ""};
	struct search x = {.v = v, .role = role, .why = &more};
	const char *instead_of = NULL;
	int64_t now = clock_now();
	int r = stand_ins_same_unit(a, p, why), e;

	ret_for[0] = '\0';
	if (r != SL_OK)
		return r;
	r = accounts_may(a, p->pid, role, now, &instead_of, why);
	if (r == SL_OK)
		(void)snprintf(ret_for, ROSTER_NAME_MAX, "%s",
			       instead_of != NULL ? instead_of : "");
	/* What has lapsed is no office that somebody could give. */
	if (r != SL_E_DENIED || a == NULL || accounts_find(a, p->pid) == NULL)
		return r;
	x.today = accounts_day(now);
	e = store_delegation_each(v->store, NULL, p->pid, look, &x);
	if (e != SL_OK)
		return e;
	if (x.found[0] != '\0') {
		(void)snprintf(ret_for, ROSTER_NAME_MAX, "%s", x.found);
		return SL_OK;
	}
	return x.other ? why_set(why, SL_E_DENIED, "%s", more.text) : r;
}
