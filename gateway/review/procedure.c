/* procedure.c - review.refer, review.answer, draft.appeal, appeal.decide.
 *
 * Hostile: envelopes.  Each is the caller's own, about the newest revision, and names what it
 * answers, so that none can be used twice or for another draft. */
#include "trust/procedure.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/wake.h"
#include "review/envelope.h"
#include "review/evidence.h"
#include "review/stand_ins.h"
#include "store/outcome.h"

struct step { /* one call */
	const struct review *v;
	const struct wire_peer *peer;
	struct envelope e;
	struct procedure_facts f; /* borrowed from e.s */
	struct draft d;		  /* the newest revision */
	char envelope[65];
};

static void end(struct step *x)
{
	statement_free(x->e.s);
	draft_release(&x->d);
}

static int read_envelope(struct step *x, const struct wire_request *rq, const char *action,
			 const char *or_action, struct sl_why *why)
{
	char stands_for[ROSTER_NAME_MAX];
	int64_t now = clock_now();
	int r = envelope_take(rq, &x->e, why);

	if (r == SL_OK)
		r = procedure_read(x->e.s, &x->f, why);
	if (r != SL_OK)
		return r;
	if (strcmp(x->f.action, action) != 0 && strcmp(x->f.action, or_action) != 0)
		return why_set(why, SL_E_FORMAT, _("the envelope says something else"));
	if (procedure_signer(x->e.s, x->v->roster, now) != x->peer->person)
		return why_set(why, SL_E_DENIED,
			       _("it is not signed with your own key, or you may not do this "
				 "as %s"),
			       x->f.role);
	/* Authors decide nothing, and an appeal is their right whatever has lapsed. */
	if (strcmp(x->f.action, "appeal") != 0) {
		r = stand_ins_may(x->v, x->peer->person, x->f.role, stands_for, why);
		if (r != SL_OK)
			return r;
	}
	if (!envelope_is_now(x->f.time))
		return why_set(why, SL_E_EXPIRED, _("its time is not now; check the clock"));
	return SL_OK;
}

/* Is it about what is stored now? */
static int check_subject(struct step *x, struct sl_why *why)
{
	char manifest[65] = "";
	struct buf text;
	int r;

	if (strcmp(x->f.draft, x->d.id) != 0 || x->f.revision != x->d.revision)
		return why_set(why, SL_E_CONFLICT, _("%s has another revision by now"),
			       x->d.id);
	buf_init(&text, MANIFEST_MAX);
	r = evidence_manifest(x->v->store, &x->d, manifest, &text);
	buf_release(&text);
	if (r == SL_OK && strcmp(manifest, x->e.s->subject) != 0)
		r = why_set(why, SL_E_DENIED, _("the decision is about another manifest"));
	return r;
}

static int check_apart(const struct step *x, struct sl_why *why)
{
	if (strcmp(x->peer->pid, x->d.author) == 0 || strcmp(x->peer->pid, x->d.submitter) == 0)
		return why_set(why, SL_E_DENIED,
			       _("you handed %s in yourself; others must decide about it"),
			       x->d.id);
	return SL_OK;
}

static int keep(struct step *x)
{
	return store_object_put(x->v->store, x->e.line, x->e.len, x->envelope);
}

static int answer(const struct step *x, struct wire_reply *ret)
{
	struct draft now = {0};
	int r = store_draft_get(x->v->store, x->d.id, 0, &now);

	if (r == SL_OK)
		ret->result =
			json_pack("{s:s,s:I,s:s,s:s,s:s}", "draft", now.id, "revision",
				  (json_int_t)now.revision, "action", x->f.action, "state",
				  draft_state_name(now.state), "envelope_sha256", x->envelope);
	draft_release(&now);
	return r == SL_OK && ret->result == NULL ? SL_E_NOMEM : r;
}

/* A reviewer's step about the newest revision of a draft that somebody else handed in. */
static int begin(struct step *x, const struct wire_request *rq, const char *action,
		 const char *or_action, struct sl_why *why)
{
	int r = read_envelope(x, rq, action, or_action, why);

	if (r == SL_OK)
		r = review_draft(x->v, x->peer, rq, &x->d, why);
	if (r == SL_OK)
		r = check_subject(x, why);
	return r == SL_OK ? check_apart(x, why) : r;
}

int review_refer(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why)
{
	struct step x = {.v = arg, .peer = peer};
	struct referral p = {.id = 0};
	int r = begin(&x, rq, "refer", "refer", why);

	if (r == SL_OK && x.d.state != DRAFT_IN_REVIEW)
		r = why_set(why, SL_E_STATE,
			    _("%s is %s; only a draft in review can be referred"), x.d.id,
			    draft_state_name(x.d.state));
	if (r == SL_OK)
		r = keep(&x);
	if (r == SL_OK) {
		p.revision = x.d.revision;
		p.third_party = x.f.third_party;
		(void)snprintf(p.draft, sizeof(p.draft), "%s", x.d.id);
		(void)snprintf(p.pid, sizeof(p.pid), "%s", peer->pid);
		(void)snprintf(p.role, sizeof(p.role), "%s", x.f.role);
		(void)snprintf(p.body, sizeof(p.body), "%s", x.f.body);
		(void)snprintf(p.question, sizeof(p.question), "%s", x.f.text);
		memcpy(p.envelope, x.envelope, sizeof(p.envelope));
		r = store_referral_add(x.v->store, &p, why);
	}
	if (r == SL_OK)
		r = answer(&x, ret);
	end(&x);
	return r;
}

int review_answer(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	struct step x = {.v = arg, .peer = peer};
	struct referral p = {.id = 0};
	int r = begin(&x, rq, "answer", "answer", why);

	if (r == SL_OK)
		r = store_referral_open(x.v->store, x.d.id, &p);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, _("no opinion about %s is waited for"), x.d.id);
	if (r == SL_OK && strcmp(p.envelope, x.f.answers) != 0)
		r = why_set(why, SL_E_CONFLICT, _("it answers another question about %s"),
			    x.d.id);
	if (r == SL_OK)
		r = keep(&x);
	if (r == SL_OK) {
		(void)snprintf(p.answered_by, sizeof(p.answered_by), "%s", peer->pid);
		(void)snprintf(p.opinion, sizeof(p.opinion), "%s", x.f.text);
		memcpy(p.answer, x.envelope, sizeof(p.answer));
		if (x.f.scan_name != NULL) {
			(void)snprintf(p.scan_name, sizeof(p.scan_name), "%s", x.f.scan_name);
			(void)snprintf(p.scan_sha256, sizeof(p.scan_sha256), "%s",
				       x.f.scan_sha256);
		}
		r = store_referral_answer(x.v->store, &p, why);
	}
	if (r == SL_OK)
		r = answer(&x, ret);
	end(&x);
	return r;
}

struct refusals { /* of one revision */
	const char *envelope, *pid;
	bool named, own;
};

static int see_vote(const struct vote *vote, void *arg)
{
	struct refusals *x = arg;

	if (vote->overruled || strcmp(vote->decision, "approve") == 0 ||
	    strcmp(vote->decision, "return") == 0)
		return SL_OK;
	x->named = x->named || strcmp(vote->envelope, x->envelope) == 0;
	x->own = x->own || strcmp(vote->pid, x->pid) == 0;
	return SL_OK;
}

int review_appeal(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	struct step x = {.v = arg, .peer = peer};
	struct refusals all = {.pid = peer->pid};
	struct appeal a = {.outcome = APPEAL_OPEN};
	int r = read_envelope(&x, rq, "appeal", "appeal", why);

	if (r == SL_OK)
		r = store_draft_own(x.v->store, peer->pid, json_str(rq->args, "draft"), 0, &x.d,
				    why);
	if (r == SL_OK)
		r = check_subject(&x, why);
	all.envelope = x.f.answers;
	if (r == SL_OK)
		r = store_vote_each(x.v->store, x.d.id, x.d.revision, see_vote, &all);
	/* What the state is, and whether there was one before, the store says. */
	if (r == SL_OK && x.d.state == DRAFT_REFUSED && !all.named)
		r = why_set(why, SL_E_DENIED, _("it answers another decision about %s"),
			    x.d.id);
	if (r == SL_OK)
		r = keep(&x);
	if (r == SL_OK) {
		a.revision = x.d.revision;
		(void)snprintf(a.draft, sizeof(a.draft), "%s", x.d.id);
		(void)snprintf(a.pid, sizeof(a.pid), "%s", peer->pid);
		(void)snprintf(a.reason, sizeof(a.reason), "%s", x.f.text);
		memcpy(a.envelope, x.envelope, sizeof(a.envelope));
		r = store_appeal_add(x.v->store, &a, why);
	}
	if (r == SL_OK)
		r = answer(&x, ret);
	end(&x);
	return r;
}

static int check_appeal(const struct step *x, const struct appeal *a, struct sl_why *why)
{
	struct refusals all = {.pid = x->peer->pid, .envelope = ""};
	int r;

	if (strcmp(a->envelope, x->f.answers) != 0)
		return why_set(why, SL_E_CONFLICT, _("it answers another appeal"));
	r = store_vote_each(x->v->store, x->d.id, x->d.revision, see_vote, &all);
	if (r == SL_OK && all.own)
		r = why_set(why, SL_E_DENIED,
			    _("you refused %s yourself; another director must decide about "
			      "the appeal"),
			    x->d.id);
	return r;
}

int review_decide_appeal(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why)
{
	struct step x = {.v = arg, .peer = peer};
	struct appeal a;
	int r = begin(&x, rq, "uphold", "admit", why);

	if (r == SL_OK)
		r = store_appeal_get(x.v->store, x.d.id, &a);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, _("there is no appeal about %s"), x.d.id);
	if (r == SL_OK)
		r = check_appeal(&x, &a, why);
	if (r == SL_OK)
		r = keep(&x);
	if (r == SL_OK) {
		a.outcome = strcmp(x.f.action, "admit") == 0 ? APPEAL_ADMITTED : APPEAL_UPHELD;
		(void)snprintf(a.decided_by, sizeof(a.decided_by), "%s", peer->pid);
		(void)snprintf(a.grounds, sizeof(a.grounds), "%s", x.f.text);
		memcpy(a.decision, x.envelope, sizeof(a.decision));
		r = store_appeal_decide(x.v->store, &a, why);
	}
	if (r == SL_OK && a.outcome == APPEAL_ADMITTED)
		wake_ring(x.v->bell);
	if (r == SL_OK)
		r = answer(&x, ret);
	end(&x);
	return r;
}
