/* outcomes.c - referrals and appeals as people see them. */
#include "review/outcomes.h"

#include "review/digest.h"
#include "store/outcome.h"

static json_t *referral_row(const struct referral *p)
{
	json_t *j =
		json_pack("{s:I,s:s,s:s,s:s,s:s,s:b,s:o,s:s}", "revision",
			  (json_int_t)p->revision, "pid", p->pid, "role", p->role, "body",
			  p->body, "question", p->question, "third_party", (int)p->third_party,
			  "since", digest_time(p->asked), "envelope_sha256", p->envelope);

	if (j == NULL || p->answered == 0)
		return j;
	if (json_object_set_new(j, "answered", digest_time(p->answered)) != 0 ||
	    json_object_set_new(j, "answered_by", json_string(p->answered_by)) != 0 ||
	    json_object_set_new(j, "opinion", json_string(p->opinion)) != 0 ||
	    (p->scan_name[0] != '\0' &&
	     json_object_set_new(j, "scan",
				 json_pack("{s:s,s:s}", "name", p->scan_name, "sha256",
					   p->scan_sha256)) != 0)) {
		json_decref(j);
		return NULL;
	}
	return j;
}

static json_t *appeal_row(const struct appeal *a)
{
	json_t *j = json_pack("{s:I,s:s,s:s,s:o,s:s,s:s}", "revision", (json_int_t)a->revision,
			      "pid", a->pid, "reason", a->reason, "since",
			      digest_time(a->asked), "outcome", appeal_outcome_name(a->outcome),
			      "envelope_sha256", a->envelope);

	if (j == NULL || a->outcome == APPEAL_OPEN)
		return j;
	if (json_object_set_new(j, "decided", digest_time(a->decided)) != 0 ||
	    json_object_set_new(j, "decided_by", json_string(a->decided_by)) != 0 ||
	    json_object_set_new(j, "grounds", json_string(a->grounds)) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

static int put(json_t *obj, const char *name, json_t *row)
{
	return json_object_set_new(obj, name, row) == 0 ? SL_OK : SL_E_NOMEM;
}

static int put_appeal(const struct review *v, const struct draft *d, json_t *obj)
{
	struct appeal a;
	int r = store_appeal_get(v->store, d->id, &a);

	if (r == SL_E_NOTFOUND)
		return SL_OK;
	return r == SL_OK ? put(obj, "appeal", appeal_row(&a)) : r;
}

int outcomes_put(const struct review *v, const struct draft *d, json_t *status)
{
	struct referral p;
	int r;

	if (d->state == DRAFT_REFUSED)
		return put_appeal(v, d, status);
	if (d->state != DRAFT_REFERRED)
		return SL_OK;
	r = store_referral_open(v->store, d->id, &p);
	if (r == SL_E_NOTFOUND)
		return SL_OK;
	return r == SL_OK ? put(status, "referral", referral_row(&p)) : r;
}

static int add_referral(const struct referral *p, void *arg)
{
	return json_array_append_new(arg, referral_row(p)) == 0 ? SL_OK : SL_E_NOMEM;
}

int outcomes_history(const struct review *v, const struct draft *d, json_t *result)
{
	json_t *list = json_array();
	int r = list == NULL ? SL_E_NOMEM
			     : store_referral_each(v->store, d->id, add_referral, list);

	if (r == SL_OK && json_array_size(list) > 0 &&
	    json_object_set(result, "referrals", list) != 0)
		r = SL_E_NOMEM;
	json_decref(list);
	return r == SL_OK ? put_appeal(v, d, result) : r;
}

struct appeals {
	const struct review *v;
	json_t *list;
};

static int add_appeal(const struct appeal *a, void *arg)
{
	const struct appeals *x = arg;
	struct draft d = {0};
	json_t *j = NULL;
	int r = store_draft_get(x->v->store, a->draft, 0, &d);

	if (r == SL_OK)
		j = digest_status(x->v, &d, false);
	draft_release(&d);
	if (r != SL_OK)
		return r;
	return json_array_append_new(x->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

int outcomes_appeals(const struct review *v, const struct roster_person *p, json_t *result)
{
	struct appeals x = {.v = v, .list = json_array()};
	int r = x.list == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && roster_has_role(p, "director"))
		r = store_appeal_each_open(v->store, add_appeal, &x);
	if (r == SL_OK && json_array_size(x.list) > 0 &&
	    json_object_set(result, "appeals", x.list) != 0)
		r = SL_E_NOMEM;
	json_decref(x.list);
	return r;
}
