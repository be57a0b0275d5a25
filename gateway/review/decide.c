/* decide.c - review.vote: one person's signed decision about one revision.
 *
 * The envelope is hostile until its signature is the caller's own and every
 * digest in it is what the store holds.  The rule itself is trust/approval.h;
 * what is checked here beside it are clear refusals and what only the desk
 * knows: what was shown, what was acknowledged, what the person did before. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/wake.h"
#include "policy/house.h"
#include "review/acknowledge.h"
#include "review/afterwards.h"
#include "review/deliver.h"
#include "review/digest.h"
#include "review/envelope.h"
#include "review/on_route.h"
#include "review/stand_ins.h"

struct ballot { /* one call of review.vote */
	const struct review *v;
	const struct wire_peer *peer;
	const struct draft *d;
	const char *line;
	size_t line_len;
	struct statement *s;	 /* until it is handed to the evidence: owned */
	struct approval_facts f; /* borrowed from the statement */
	enum draft_state to;
	bool approve;
	bool counts; /* the class asks for it, so that the package carries it */
	char stands_for[ROSTER_NAME_MAX]; /* "", or whom the person stands in for */
};

/* Is it the caller's own envelope, in a role the caller holds? */
static int check_signer(struct ballot *b, struct sl_why *why)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_by_key(b->v->roster, b->s->envelope.keyid,
						      KEY_DSSE_REVIEWER, clock_now(), &k);
	int r;

	if (p == NULL || p != b->peer->person)
		return why_set(why, SL_E_DENIED,
			       _("the decision is not signed with your reviewer key"));
	r = roster_verify(k, &b->s->envelope);
	if (r != SL_OK)
		return why_set(why, r, _("the decision's signature does not verify"));
	if (!roster_has_role(p, b->f.role))
		return why_set(why, SL_E_DENIED, _("you do not hold the role %s"), b->f.role);
	if (strcmp(p->pid, b->d->author) == 0 || strcmp(p->pid, b->d->submitter) == 0)
		return why_set(why, SL_E_DENIED,
			       _("you handed %s in yourself; others must decide about it"),
			       b->d->id);
	return stand_ins_may(b->v, p, b->f.role, b->stands_for, why);
}

/* Is it about exactly what is stored now, under the policy in force now? */
static int check_binding(const struct ballot *b, const char *manifest, struct sl_why *why)
{
	const struct approval_facts *f = &b->f;
	char policy[HASH_HEX + 1];

	text_hex(roster_digest(b->v->roster), HASH_LEN, policy);
	if (strcmp(f->draft, b->d->id) != 0 || f->revision != b->d->revision)
		return why_set(why, SL_E_DENIED,
			       _("the decision names another draft or revision"));
	if (strcmp(b->s->subject, manifest) != 0)
		return why_set(why, SL_E_DENIED, _("the decision is about another manifest"));
	/* A draft held before it had a report can still be sent back. */
	if (strcmp(f->inspection_sha256, b->d->report) != 0 &&
	    (b->approve || b->d->report[0] != '\0'))
		return why_set(why, SL_E_DENIED,
			       _("the decision is about another inspection report"));
	if (strcmp(f->policy_sha256, policy) != 0 ||
	    f->policy_version != roster_version(b->v->roster))
		return why_set(
			why, SL_E_DENIED,
			_("the decision was made under another approval policy; open the draft "
			  "again"));
	if (!envelope_is_now(f->time))
		return why_set(why, SL_E_EXPIRED,
			       _("the decision's time is not now; check the clock"));
	return SL_OK;
}

struct earlier {
	const struct ballot *b;
	const struct evidence *e;
	int64_t valid_from;
	char role[48];
};

/* What was given under an older approval policy or report does not count, so it is no first
 * vote. */
static bool is_in_force(const struct earlier *e, const struct vote *vote)
{
	for (unsigned i = 0; i < e->e->n; i++) {
		const struct statement *s = e->e->statement[i];

		if (strcmp(s->sha256, vote->envelope) == 0)
			return digest_in_force(e->b->v, e->b->d, s, NULL);
	}
	for (unsigned i = 0; i < e->e->n_old; i++) {
		if (strcmp(e->e->old[i]->sha256, vote->envelope) == 0)
			return false;
	}
	return true;
}

static int find_earlier(const struct vote *vote, void *arg)
{
	struct earlier *e = arg;

	if (strcmp(vote->decision, "approve") == 0 && is_in_force(e, vote) &&
	    strcmp(vote->pid, e->b->peer->pid) == 0 && vote->time >= e->valid_from)
		(void)snprintf(e->role, sizeof(e->role), "%s", vote->role);
	return SL_OK;
}

/* One person, one slot: whatever roles a person holds. */
static int check_first_vote(const struct ballot *b, const struct evidence *ev,
			    const char *klass, struct sl_why *why)
{
	const struct roster_class *k = roster_class(b->v->roster, klass);
	struct earlier e = {.b = b, .e = ev};
	int r;

	if (k == NULL)
		return why_set(why, SL_E_CONFIG, _("the approval policy has no class %s"),
			       klass);
	e.valid_from = clock_now() - k->approval_ttl_s;
	r = store_vote_each(b->v->store, b->d->id, b->d->revision, find_earlier, &e);
	if (r != SL_OK || e.role[0] == '\0')
		return r;
	if (strcmp(e.role, b->f.role) == 0)
		return why_set(why, SL_E_DENIED, _("you have approved %s as %s already"),
			       b->d->id, e.role);
	return why_set(
		why, SL_E_DENIED,
		_("one person counts once: you have approved %s as %s, another person must "
		  "approve it as %s"),
		b->d->id, e.role, b->f.role);
}

/* Its turn on the route, then the class.  A role that only the route asks for (a modifier, say)
 * is recorded and seen, but means nothing to a platform and stays out of the package. */
static int check_route(struct ballot *b, const struct evidence *e, struct sl_why *why)
{
	const struct approval_case c = evidence_case(e, b->v->roster, clock_now());
	struct on_route *o = NULL;
	bool asked;
	int r = on_route_look(b->v, b->d, e, &o, why);

	if (r == SL_OK)
		r = on_route_admits(o, b->peer->person, &b->f, why);
	if (r == SL_OK) {
		asked = route_walk_step(&o->walk, b->f.role) != NULL;
		r = approval_would_count(&c, b->s, asked, why);
	}
	if (r == SL_OK)
		b->counts = approval_would_count(&c, b->s, false, NULL) == SL_OK;
	on_route_free(o);
	return r;
}

static int check_approval(struct ballot *b, struct evidence *e, struct sl_why *why)
{
	json_t *report = NULL;
	int r;

	if (b->d->state != DRAFT_IN_REVIEW)
		return why_set(why, SL_E_STATE,
			       _("%s is %s; only a draft in review can be approved"), b->d->id,
			       draft_state_name(b->d->state));
	r = check_first_vote(b, e, e->manifest->klass, why);
	if (r == SL_OK)
		r = deliver_check(b->v, b->peer->pid, b->d, b->f.shown_sha256, why);
	if (r == SL_OK)
		r = digest_report(b->v, b->d, &report);
	if (r == SL_OK)
		r = acknowledge_check(report, b->f.acknowledged, why);
	json_decref(report);
	return r == SL_OK ? check_route(b, e, why) : r;
}

/* Class and route agree that nothing is missing. */
static int is_complete(const struct ballot *b, const struct evidence *e, bool *ret_complete,
		       struct sl_why *why)
{
	const struct approval_case c = evidence_case(e, b->v->roster, clock_now());
	struct approval_result res = {.satisfied = false};
	struct on_route *o = NULL;
	int r = approval_judge(&c, &res, why);

	if (r == SL_OK)
		r = on_route_look(b->v, b->d, e, &o, why);
	if (r == SL_OK)
		*ret_complete = res.satisfied && !res.vetoed && on_route_complete(o);
	on_route_free(o);
	return r;
}

/* With this approval counted: is the case complete?  Hands b->s to the evidence. */
static int judge_with(struct ballot *b, struct evidence *e, struct sl_why *why)
{
	struct statement *s = b->s;
	bool complete = false;
	int r;

	b->s = NULL; /* moved, also on failure */
	r = evidence_add(e, s);
	if (r != SL_OK)
		return why_set(why, r, _("%s has too many decisions; revise it"), b->d->id);
	r = is_complete(b, e, &complete, why);
	if (r == SL_OK && complete)
		b->to = DRAFT_APPROVED;
	return r;
}

static int prepare_approval(struct ballot *b, struct sl_why *why)
{
	struct evidence e = {.n = 0};
	int r = evidence_load(b->v->store, b->d, &e, why);

	if (r == SL_OK)
		r = check_binding(b, b->d->manifest, why);
	if (r == SL_OK)
		r = check_approval(b, &e, why);
	if (r == SL_OK)
		r = judge_with(b, &e, why);
	/* The facts point into the statement; the caller still needs its words. */
	if (b->s == NULL && e.n > 0) {
		b->s = e.statement[e.n - 1];
		e.n--;
	}
	evidence_release(&e);
	return r;
}

/* Of something that is public already: read and acknowledged like any other. */
static int prepare_afterwards(struct ballot *b, struct sl_why *why)
{
	json_t *report = NULL;
	int r = afterwards_admits(b->v, b->peer->person, b->d, &b->f, why);

	if (r == SL_OK)
		r = check_binding(b, b->d->manifest, why);
	if (r == SL_OK)
		r = deliver_check(b->v, b->peer->pid, b->d, b->f.shown_sha256, why);
	if (r == SL_OK)
		r = digest_report(b->v, b->d, &report);
	if (r == SL_OK)
		r = acknowledge_check(report, b->f.acknowledged, why);
	json_decref(report);
	return r;
}

static bool role_decides(const struct roster_class *k, const char *role)
{
	for (unsigned i = 0; k != NULL && i < k->n_require; i++) {
		if (strcmp(k->require[i].role, role) == 0)
			return true;
	}
	for (unsigned i = 0; k != NULL && i < k->n_veto; i++) {
		if (strcmp(k->veto[i], role) == 0)
			return true;
	}
	return false;
}

static int check_code(const struct ballot *b, enum code_outcome outcome, struct sl_why *why)
{
	if (b->f.code == NULL || b->f.code[0] == '\0' || b->f.reason == NULL ||
	    b->f.reason[0] == '\0')
		return why_set(
			why, SL_E_DENIED,
			_("a draft goes back only with a code and a sentence for the author"));
	return codes_check(b->v->house != NULL ? b->v->house->codes : NULL, outcome, b->f.code,
			   why);
}

/* Words to change in a file that is not there would be words to nobody. */
static int check_edits(const struct ballot *b, struct sl_why *why)
{
	const json_t *e;
	size_t i;

	json_array_foreach(b->f.edits, i, e)
	{
		const char *part = json_str(e, "part");
		uint64_t n = 0;

		if (strcmp(part, "title") != 0 &&
		    (!text_to_u64(part + 5, strlen(part + 5), 9999, &n) || n >= b->d->n_files))
			return why_set(why, SL_E_FORMAT, _("there is no part \"%s\" of %s"),
				       part, b->d->id);
	}
	return SL_OK;
}

/* return, refuse, reject: a code and a sentence for the author. */
static int prepare_objection(struct ballot *b, struct sl_why *why)
{
	bool back = strcmp(b->f.decision, "return") == 0;
	char manifest[65] = "";
	struct buf text;
	int r = check_code(b, back ? CODE_RETURN : CODE_REFUSE, why);

	if (r == SL_OK)
		r = check_edits(b, why);
	if (r != SL_OK)
		return r;
	b->to = back ? DRAFT_RETURNED : DRAFT_REFUSED;
	if (!draft_move_legal(b->d->state, b->to))
		return why_set(why, SL_E_STATE, _("%s is %s and cannot become %s"), b->d->id,
			       draft_state_name(b->d->state), draft_state_name(b->to));
	buf_init(&text, MANIFEST_MAX);
	r = evidence_manifest(b->v->store, b->d, manifest, &text);
	buf_release(&text);
	if (r == SL_OK)
		r = check_binding(b, manifest, why);
	if (r == SL_OK && !back &&
	    !role_decides(roster_class(b->v->roster, b->d->klass), b->f.role))
		r = why_set(why, SL_E_DENIED,
			    _("the role %s cannot refuse a draft of class %s"), b->f.role,
			    b->d->klass);
	return r;
}

static int record(struct ballot *b, struct vote *vote, struct sl_why *why)
{
	char reason[sizeof(b->d->state_reason)] = "";
	struct draft_change c = {.actor = b->peer->pid};
	int r = store_object_put(b->v->store, b->line, b->line_len, vote->envelope);

	if (r != SL_OK)
		return r;
	(void)snprintf(vote->pid, sizeof(vote->pid), "%s", b->peer->pid);
	(void)snprintf(vote->role, sizeof(vote->role), "%s", b->f.role);
	(void)snprintf(vote->decision, sizeof(vote->decision), "%s", b->f.decision);
	memcpy(vote->stands_for, b->stands_for, sizeof(b->stands_for));
	vote->time = b->f.time;
	vote->counts = b->counts;
	if (!b->approve) {
		if ((size_t)snprintf(vote->code, sizeof(vote->code), "%s", b->f.code) >=
			    sizeof(vote->code) ||
		    (size_t)snprintf(vote->reason, sizeof(vote->reason), "%s", b->f.reason) >=
			    sizeof(vote->reason) ||
		    (size_t)snprintf(reason, sizeof(reason), "%s: %s", vote->code,
				     vote->reason) >= sizeof(reason))
			return why_set(why, SL_E_LIMIT, _("code or sentence is too long"));
		c.reason = reason;
	}
	r = store_vote_add(b->v->store, b->d->id, b->d->revision, vote, b->to, &c, why);
	if (r == SL_OK && b->to == DRAFT_APPROVED)
		wake_ring(b->v->wake);
	return r;
}

static int answer(const struct ballot *b, const struct vote *vote, struct wire_reply *ret)
{
	struct draft now = {0};
	json_t *status = NULL;
	int r = store_draft_get(b->v->store, b->d->id, b->d->revision, &now);

	if (r == SL_OK)
		status = digest_status(b->v, &now, false);
	ret->result = json_pack("{s:s,s:I,s:s,s:s,s:s,s:O,s:s}", "draft", b->d->id, "revision",
				(json_int_t)b->d->revision, "role", vote->role, "decision",
				vote->decision, "envelope_sha256", vote->envelope, "missing",
				json_object_get(status, "missing"), "state",
				draft_state_name(now.state));
	json_decref(status);
	draft_release(&now);
	return r == SL_OK && ret->result == NULL ? SL_E_NOMEM : r;
}

static int vote_on(struct ballot *b, struct wire_reply *ret, struct sl_why *why)
{
	struct vote vote = {.counts = false};
	int r = statement_parse(b->line, b->line_len, &b->s, why);

	if (r == SL_OK && b->s->kind != PRED_APPROVAL)
		r = why_set(why, SL_E_FORMAT, _("the envelope is not a reviewer's decision"));
	if (r == SL_OK)
		r = approval_read(b->s, &b->f, why);
	if (r == SL_OK)
		r = check_signer(b, why);
	if (r != SL_OK)
		return r;
	b->approve = strcmp(b->f.decision, "approve") == 0;
	if (!b->approve)
		r = prepare_objection(b, why);
	else if (b->d->state == DRAFT_RELEASED || b->d->state == DRAFT_SENT)
		r = prepare_afterwards(b, why);
	else
		r = prepare_approval(b, why);
	if (r == SL_OK)
		r = record(b, &vote, why);
	if (r == SL_OK && b->approve && b->d->serial != 0)
		r = afterwards_end(b->v, b->d);
	return r == SL_OK ? answer(b, &vote, ret) : r;
}

int review_vote(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	const json_t *line = json_object_get(rq->args, "envelope");
	struct draft d = {0}, newest = {0};
	struct ballot b = {.v = arg,
			   .peer = peer,
			   .d = &d,
			   .line = json_string_value(line),
			   .line_len = json_string_length(line)};
	int r;

	if (b.line == NULL)
		return why_set(why, SL_E_FORMAT, _("\"envelope\" is missing"));
	r = review_draft(b.v, peer, rq, &d, why);
	if (r == SL_OK)
		r = store_draft_get(b.v->store, d.id, 0, &newest);
	if (r == SL_OK && newest.revision != d.revision)
		r = why_set(why, SL_E_CONFLICT, _("%s has a newer revision; open it again"),
			    d.id);
	if (r == SL_OK) {
		b.to = d.state;
		r = vote_on(&b, ret, why);
	}
	statement_free(b.s);
	draft_release(&d);
	draft_release(&newest);
	return r;
}
