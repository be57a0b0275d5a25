/* suppress.c - suppress.propose, .confirm, .revoke, .list: two reviewers on one text.
 *
 * Hostile: envelopes.  What is recorded has been judged by the same function that the inspector
 * uses before it lets a finding go. */
#include "store/suppress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "review/digest.h"
#include "review/envelope.h"
#include "trust/suppression.h"

struct said { /* one envelope of a request */
	struct envelope e;
	struct suppression_facts f; /* borrowed from e.s */
};

static int read_envelope(const struct review *v, const struct wire_peer *peer,
			 const struct wire_request *rq, struct said *x, struct sl_why *why)
{
	int64_t now = clock_now();
	int r;

	r = envelope_take(rq, &x->e, why);
	if (r == SL_OK)
		r = suppression_read(x->e.s, &x->f, why);
	if (r != SL_OK)
		return r;
	if (suppression_signer(x->e.s, v->roster, now) != peer->person)
		return why_set(why, SL_E_DENIED,
			       _("it is not signed with your reviewer key, or you hold no "
				 "reviewing role"));
	if (!envelope_is_now(x->f.time))
		return why_set(why, SL_E_EXPIRED, _("its time is not now; check the clock"));
	return SL_OK;
}

static int find(const struct review *v, const struct wire_request *rq, struct suppression *p,
		struct sl_why *why)
{
	int64_t number = 0;
	int r = json_i64(rq->args, "number", &number) ? store_suppress_get(v->store, number, p)
						      : SL_E_NOTFOUND;

	return r == SL_E_NOTFOUND
		       ? why_set(why, r, _("there is no suppression %lld"), (long long)number)
		       : r;
}

static const char *state_of(const struct suppression *p, int64_t now)
{
	if (p->revoked != 0)
		return "revoked";
	if (p->expires <= now)
		return "expired";
	return p->second[0] != '\0' ? "in-force" : "proposed";
}

static json_t *row(const struct suppression *p)
{
	return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o}", "number",
			 (json_int_t)p->number, "rule", p->rule, "text_hmac", p->text_hmac,
			 "owner", p->owner, "second", p->second_pid, "first_sha256", p->first,
			 "second_sha256", p->second, "reason", p->reason, "state",
			 state_of(p, clock_now()), "time", digest_time(p->time), "expires",
			 digest_time(p->expires));
}

static int answer(const struct review *v, int64_t number, struct wire_reply *ret)
{
	struct suppression p;
	int r = store_suppress_get(v->store, number, &p);

	if (r == SL_OK)
		ret->result = row(&p);
	return r == SL_OK && ret->result == NULL ? SL_E_NOMEM : r;
}

static int check_proposal(const struct said *x, const struct wire_peer *peer,
			  struct sl_why *why)
{
	int64_t now = clock_now();

	if (strcmp(x->f.action, "suppress") != 0)
		return why_set(why, SL_E_FORMAT, _("the envelope is not a proposal"));
	if (!suppression_permits(x->f.rule))
		return why_set(why, SL_E_DENIED, _("%s can never be suppressed"), x->f.rule);
	if (strcmp(x->f.owner, peer->pid) != 0)
		return why_set(why, SL_E_DENIED, _("whoever proposes is the owner"));
	if (x->f.expires <= now ||
	    x->f.expires - x->f.time > SUPPRESSION_DAYS_MAX * INT64_C(86400))
		return why_set(why, SL_E_DENIED, _("it must end after now and within %d days"),
			       SUPPRESSION_DAYS_MAX);
	return SL_OK;
}

int review_suppress_propose(void *arg, const struct wire_peer *peer,
			    const struct wire_request *rq, struct wire_reply *ret,
			    struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct suppression p = {.number = 0};
	int r = read_envelope(v, peer, rq, &x, why);

	if (r == SL_OK)
		r = check_proposal(&x, peer, why);
	if (r == SL_OK)
		r = store_object_put(v->store, x.e.line, x.e.len, p.first);
	if (r == SL_OK) {
		(void)snprintf(p.rule, sizeof(p.rule), "%s", x.f.rule);
		(void)snprintf(p.text_hmac, sizeof(p.text_hmac), "%s", x.f.text_hmac);
		(void)snprintf(p.owner, sizeof(p.owner), "%s", x.f.owner);
		(void)snprintf(p.reason, sizeof(p.reason), "%s", x.f.reason);
		p.time = x.f.time;
		p.expires = x.f.expires;
		r = store_suppress_add(v->store, &p);
	}
	if (r == SL_OK)
		r = answer(v, p.number, ret);
	statement_free(x.e.s);
	return r;
}

int review_suppress_confirm(void *arg, const struct wire_peer *peer,
			    const struct wire_request *rq, struct wire_reply *ret,
			    struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct statement *first = NULL;
	struct suppression_facts f;
	struct suppression p;
	char envelope[65];
	int r = read_envelope(v, peer, rq, &x, why);

	if (r == SL_OK)
		r = find(v, rq, &p, why);
	if (r == SL_OK)
		r = envelope_stored(v->store, p.first, &first, NULL);
	if (r == SL_OK)
		r = suppression_judge(first, x.e.s, v->roster, clock_now(), &f, why);
	if (r == SL_OK)
		r = store_object_put(v->store, x.e.line, x.e.len, envelope);
	if (r == SL_OK) {
		r = store_suppress_confirm(v->store, p.number, peer->pid, envelope);
		if (r == SL_E_CONFLICT)
			(void)why_set(why, r, _("it is confirmed or revoked already"));
	}
	if (r == SL_OK)
		r = answer(v, p.number, ret);
	statement_free(first);
	statement_free(x.e.s);
	return r;
}

int review_suppress_revoke(void *arg, const struct wire_peer *peer,
			   const struct wire_request *rq, struct wire_reply *ret,
			   struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct suppression p;
	char envelope[65];
	int r = read_envelope(v, peer, rq, &x, why);

	if (r == SL_OK)
		r = find(v, rq, &p, why);
	if (r == SL_OK && (strcmp(x.f.action, "revoke") != 0 || strcmp(x.f.rule, p.rule) != 0 ||
			   strcmp(x.f.text_hmac, p.text_hmac) != 0))
		r = why_set(why, SL_E_DENIED, _("the envelope takes back another suppression"));
	if (r == SL_OK)
		r = store_object_put(v->store, x.e.line, x.e.len, envelope);
	if (r == SL_OK) {
		r = store_suppress_revoke(v->store, p.number, peer->pid, envelope);
		if (r == SL_E_CONFLICT)
			(void)why_set(why, r, _("it is revoked already"));
	}
	if (r == SL_OK)
		r = answer(v, p.number, ret);
	statement_free(x.e.s);
	return r;
}

static int add(const struct suppression *p, void *arg)
{
	return json_array_append_new(arg, row(p)) == 0 ? SL_OK : SL_E_NOMEM;
}

int review_suppress_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	json_t *list = json_array();
	int r;

	(void)rq;
	if (!review_is_reviewer(peer->person))
		r = why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	else
		r = list == NULL ? SL_E_NOMEM
				 : store_suppress_each(v->store, false, clock_now(), add, list);
	if (r == SL_OK) {
		ret->result = json_pack("{s:O}", "suppressions", list);
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	json_decref(list);
	return r;
}
