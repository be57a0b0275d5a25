/* review.c - who is a reviewer, which drafts one may see, and the table of operations. */
#include "review/review.h"

#include <string.h>

#include "base/i18n.h"
#include "review/deliver.h"
#include "review/digest.h"
#include "trust/order.h"

int review_init(struct review *v)
{
	int r = digest_cache_new(&v->cache);

	return r == SL_OK ? delivery_new(&v->delivery) : r;
}

void review_release(struct review *v)
{
	digest_cache_free(v->cache);
	delivery_free(v->delivery);
	v->cache = NULL;
	v->delivery = NULL;
}

void review_renew_routes(struct review *v, const struct routes *routes)
{
	if (v->routes != routes)
		digest_cache_forget(v->cache);
	v->routes = routes;
}

bool review_is_reviewer(const struct roster_person *p)
{
	return order_reviewing(p);
}

bool review_is_secrecy(const struct roster_person *p)
{
	return roster_has_role(p, "secrecy");
}

int review_note(const struct review *v, const char *kind, const char *pid, const json_t *record)
{
	return store_read_only(v->store) ? SL_OK : store_audit(v->store, kind, pid, record);
}

int review_draft(const struct review *v, const struct wire_peer *peer,
		 const struct wire_request *rq, struct draft *ret_d, struct sl_why *why)
{
	const char *id = json_str(rq->args, "draft");
	int64_t revision = 0;
	struct draft d = {0};
	int r;

	if (!review_is_reviewer(peer->person))
		return why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	(void)json_i64(rq->args, "revision", &revision);
	r = id == NULL ? SL_E_NOTFOUND : store_draft_get(v->store, id, revision, &d);
	if (r == SL_OK && d.state == DRAFT_PREPARED)
		r = SL_E_NOTFOUND;
	if (r == SL_OK) {
		*ret_d = d;
		return SL_OK;
	}
	draft_release(&d);
	return r == SL_E_NOTFOUND
		       ? why_set(why, r, _("there is no draft %s"), id != NULL ? id : "")
		       : r;
}

int review_own_draft(const struct review *v, const struct wire_peer *peer,
		     const struct wire_request *rq, struct draft *ret_d, struct sl_why *why)
{
	int64_t revision = 0;

	(void)json_i64(rq->args, "revision", &revision);
	return store_draft_own(v->store, peer->pid, json_str(rq->args, "draft"), revision,
			       ret_d, why);
}

int review_put_internal(const struct review *v, const struct draft *d, json_t *result)
{
	json_t *fields = NULL;
	int r = store_internal_read(v->store, d->number, d->revision, &fields);

	if (r == SL_OK && fields != NULL && json_object_set(result, "internal", fields) != 0)
		r = SL_E_NOMEM;
	json_decref(fields);
	return r;
}

const struct wire_op *review_ops(void)
{
	static const struct wire_op ops[] = {
		{"draft.status", 0, review_status, NULL},
		{"draft.state", 0, review_own_state, NULL},
		{"draft.show", 0, review_own_show, NULL},
		{"draft.form", 0, review_own_form, NULL},
		{"review.list", 0, review_list, NULL},
		{"review.show", 0, review_show, NULL},
		{"review.get", 0, review_get, NULL},
		{"review.vote", 0, review_vote, NULL},
		{"review.audit", 0, review_audit, NULL},
		{"review.form", 0, review_form, NULL},
		{"review.signed", 0, review_signed, NULL},
		{"alert.show", 0, review_hits, NULL},
		{"alert.settle", 0, review_settle, NULL},
		{"suppress.propose", 0, review_suppress_propose, NULL},
		{"suppress.confirm", 0, review_suppress_confirm, NULL},
		{"suppress.revoke", 0, review_suppress_revoke, NULL},
		{"suppress.list", 0, review_suppress_list, NULL},
		{"suppress.signed", 0, review_suppress_signed, NULL},
		{"review.refer", 0, review_refer, NULL},
		{"review.answer", 0, review_answer, NULL},
		{"draft.appeal", 0, review_appeal, NULL},
		{"appeal.decide", 0, review_decide_appeal, NULL},
		{"codes.list", 0, review_codes, NULL},
		{"spill.list", 0, review_spill_list, NULL},
		{"spill.order", 0, review_spill_order, NULL},
		{"spill.confirm", 0, review_spill_confirm, NULL},
		{"spill.get", 0, review_spill_get, NULL},
		{"spill.share", 0, review_spill_share, NULL},
		{"unit.list", 0, review_unit_list, NULL},
		{"unit.absence", 0, review_unit_absence, NULL},
		{"unit.audit", 0, review_unit_audit, NULL},
		{"clock.extend", 0, review_extend, NULL},
		{"release.find", 0, review_find, NULL},
		{"release.order", 0, review_order, NULL},
		{NULL, 0, NULL, NULL},
	};

	return ops;
}
