/* recall.c - release.find and release.order: stopping what is already public.
 *
 * Publishing needs many people, taking down needs one: any reviewer, operator or
 * auditor, and the author for the own release.  What becomes of a freeze needs two
 * reviewers.  The order is signed; the desk freezes the draft at once and counts
 * persons, the releaser makes the notice once they suffice. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/wake.h"
#include "review/envelope.h"
#include "review/review.h"
#include "trust/order.h"

int review_find(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	const char *release = json_str(rq->args, "release");
	struct draft d = {0};
	int64_t freeze = 0;
	int r = release == NULL ? SL_E_NOTFOUND : store_draft_by_release(v->store, release, &d);

	(void)peer;
	if (r == SL_E_NOTFOUND)
		return why_set(why, r, _("there is no release %s"),
			       release != NULL ? release : "");
	if (r != SL_OK)
		return r;
	ret->result =
		json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "release", d.release, "version",
			  (json_int_t)d.revision, "draft", d.id, "manifest_sha256", d.manifest,
			  "state", draft_state_name(d.state), "title", d.title);
	r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	if (r == SL_OK && d.state == DRAFT_FROZEN &&
	    store_order_frozen(v->store, d.release, d.revision, &freeze) == SL_OK &&
	    json_object_set_new(ret->result, "freeze", json_integer(freeze)) != 0)
		r = SL_E_NOMEM;
	draft_release(&d);
	return r;
}

/* To confirm or reinstate: about the freeze that is in force, and not by who wrote it. */
static int may_answer(const struct review *v, const struct draft *d, bool own,
		      const struct notice_facts *f, struct sl_why *why)
{
	int64_t freeze = 0;

	if (own)
		return why_set(why, SL_E_DENIED,
			       _("you handed %s in yourself; others must decide about it"),
			       d->id);
	if (d->state != DRAFT_FROZEN ||
	    store_order_frozen(v->store, d->release, d->revision, &freeze) != SL_OK)
		return why_set(why, SL_E_STATE,
			       _("%s is not frozen, or its freeze has not gone out yet"),
			       d->release);
	if (f->freeze != freeze)
		return why_set(why, SL_E_CONFLICT, _("the order answers another freeze of %s"),
			       d->release);
	return SL_OK;
}

static int may_order(const struct review *v, const struct roster_person *p,
		     const struct roster_key *k, const struct draft *d,
		     const struct notice_facts *f, struct sl_why *why)
{
	bool own = strcmp(d->author, p->pid) == 0 || strcmp(d->submitter, p->pid) == 0;
	bool guard = order_permits(p, k->use, "freeze");

	if (!order_permits(p, k->use, f->action) ||
	    (strcmp(f->action, "withdraw") == 0 && !own && !guard))
		return why_set(why, SL_E_DENIED, _("you may not %s %s"), f->action, d->release);
	if (d->state == DRAFT_WITHDRAWN)
		return why_set(why, SL_E_STATE, _("%s is withdrawn already"), d->release);
	if (order_persons(f->action) > 1)
		return may_answer(v, d, own, f, why);
	/* One person's freeze is not to be made final by the same one. */
	if (d->state == DRAFT_FROZEN && !own)
		return why_set(why, SL_E_STATE,
			       _("%s is frozen already; two reviewers confirm or restore it"),
			       d->release);
	return SL_OK;
}

static int check_order(const struct review *v, const struct wire_peer *peer,
		       const struct statement *s, const struct notice_facts *f,
		       const struct draft *d, struct sl_why *why)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(v->roster, s->envelope.keyid, &k);
	int64_t now = clock_now();
	int r;

	if (p == NULL || p != peer->person || now < k->from || now > k->until)
		return why_set(why, SL_E_DENIED,
			       _("the order is not signed with a key of yours"));
	r = roster_verify(k, &s->envelope);
	if (r != SL_OK)
		return why_set(why, r, _("the order's signature does not verify"));
	if (!envelope_is_now(f->time))
		return why_set(why, SL_E_EXPIRED,
			       _("the order's time is not now; check the clock"));
	if (f->version != d->revision || strcmp(s->subject, d->manifest) != 0)
		return why_set(why, SL_E_CONFLICT,
			       _("the order is about another version of %s"), d->release);
	return may_order(v, p, k, d, f, why);
}

/* The words stay here; what is signed and published is their digest. */
static int check_reason(const char *reason, const struct notice_facts *f, struct sl_why *why)
{
	char text[HASH_HEX + 1];

	if (reason == NULL || reason[0] == '\0')
		return why_set(why, SL_E_DENIED, _("an order needs its reason"));
	hash_hex(reason, strlen(reason), text);
	if (strcmp(text, f->text_sha256) != 0)
		return why_set(why, SL_E_DENIED, _("the order was signed for another reason"));
	return SL_OK;
}

static int record(const struct review *v, const struct wire_peer *peer,
		  const struct wire_request *rq, const struct notice_facts *f,
		  struct wire_reply *ret, struct sl_why *why)
{
	const json_t *envelope = json_object_get(rq->args, "envelope");
	const char *reason = json_str(rq->args, "reason");
	struct order o = {.version = f->version, .time = f->time, .freeze = f->freeze};
	unsigned persons = 0;
	int r = store_object_put(v->store, json_string_value(envelope),
				 json_string_length(envelope), o.envelope);

	if (r != SL_OK)
		return r;
	if ((size_t)snprintf(o.release, sizeof(o.release), "%s", f->release) >=
		    sizeof(o.release) ||
	    (size_t)snprintf(o.action, sizeof(o.action), "%s", f->action) >= sizeof(o.action) ||
	    (size_t)snprintf(o.reason, sizeof(o.reason), "%s", reason) >= sizeof(o.reason))
		return why_set(why, SL_E_LIMIT, _("the reason is too long"));
	(void)snprintf(o.pid, sizeof(o.pid), "%s", peer->pid);
	r = store_order_add(v->store, &o, why);
	if (r == SL_OK)
		r = store_order_persons(v->store, &o, &persons);
	if (r != SL_OK)
		return r;
	wake_ring(v->wake);
	ret->result = json_pack("{s:s,s:s,s:s,s:i,s:i}", "release", o.release, "action",
				o.action, "order", o.envelope, "persons", (int)persons,
				"needed", (int)order_persons(o.action));
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

int review_order(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct envelope e;
	struct notice_facts f;
	struct draft d = {0};
	int r = envelope_take(rq, &e, why);

	if (r == SL_OK && e.s->kind != PRED_ORDER)
		r = why_set(why, SL_E_FORMAT, _("the envelope is not an order"));
	if (r == SL_OK)
		r = order_read(e.s, &f, why);
	if (r == SL_OK) {
		r = store_draft_by_release(v->store, f.release, &d);
		if (r == SL_E_NOTFOUND)
			(void)why_set(why, r, _("there is no release %s"), f.release);
	}
	if (r == SL_OK)
		r = check_order(v, peer, e.s, &f, &d, why);
	if (r == SL_OK)
		r = check_reason(json_str(rq->args, "reason"), &f, why);
	if (r == SL_OK)
		r = record(v, peer, rq, &f, ret, why);
	draft_release(&d);
	statement_free(e.s);
	return r;
}
