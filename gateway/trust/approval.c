/* approval.c - which approvals count, and whether they are enough.
 *
 * Hostile: every statement, and who signed it.  The roster is trusted (it came
 * through TUF).  Order of proof: submission and inspection first, as they fix who
 * the author is and what was inspected; then each approval alone; then the slots. */
#include "trust/approval.h"

#include <string.h>

#include "base/text.h"
#include "trust/approval_private.h"

/* Clocks of workstations and gateway may differ by this much. */
enum { SKEW_S = 300 };

int approval_signer(const struct approval_ground *g, const struct statement *s,
		    enum key_use use, int64_t time, const struct roster_person **ret_p,
		    struct sl_why *why)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(g->c->roster, s->envelope.keyid, &k);

	if (p == NULL)
		return why_set(why, SL_E_DENIED, "key %s is not in this policy version",
			       s->envelope.keyid);
	if (roster_verify(k, &s->envelope) != SL_OK)
		return why_set(why, SL_E_SIGNATURE, "the signature of %s does not verify",
			       p->pid);
	if (k->use != use)
		return why_set(why, SL_E_DENIED, "%s signed with a %s key", p->pid,
			       key_use_name(k->use));
	/* Now as well as then: a backdated statement cannot revive an ended key. */
	if (time < k->from || time > k->until || g->c->now < k->from || g->c->now > k->until)
		return why_set(why, SL_E_DENIED, "the key of %s is outside its time", p->pid);
	*ret_p = p;
	return SL_OK;
}

static int check_submission(struct approval_ground *g, const struct statement *s,
			    struct sl_why *why)
{
	const struct roster_person *p = NULL;
	const struct roster_key *k = NULL;
	int64_t time;
	int r = submission_read(s, &g->draft, &g->revision, &g->author, &g->submitter, &time,
				why);

	if (r != SL_OK)
		return r;
	/* People hold an author's key, a reviewer's key or both; either may submit. */
	if (roster_find_key(g->c->roster, s->envelope.keyid, &k) == NULL)
		return why_set(why, SL_E_DENIED,
			       "the submission's key is not in this policy version");
	r = approval_signer(g, s,
			    k->use == KEY_DSSE_AUTHOR ? KEY_DSSE_AUTHOR : KEY_DSSE_REVIEWER,
			    time, &p, why);
	if (r != SL_OK)
		return r;
	if (strcmp(p->pid, g->submitter) != 0 && strcmp(p->pid, g->author) != 0)
		return why_set(why, SL_E_DENIED, "%s signed a submission in another name",
			       p->pid);
	if (roster_person(g->c->roster, g->author) == NULL ||
	    roster_person(g->c->roster, g->submitter) == NULL)
		return why_set(why, SL_E_DENIED, "author or submitter is not in the roster");
	return SL_OK;
}

static int check_inspection(struct approval_ground *g, const struct statement *s,
			    struct sl_why *why)
{
	const struct roster_person *p = NULL;
	const char *verdict;
	int r = inspection_read(s, &verdict, &g->report_sha256, why);

	if (r == SL_OK)
		r = approval_signer(g, s, KEY_DSSE_INSPECTOR, g->c->now, &p, why);
	if (r != SL_OK)
		return r;
	if (!roster_has_role(p, "gateway-service"))
		return why_set(why, SL_E_DENIED, "%s is no inspection service", p->pid);
	if (strcmp(verdict, "clean") != 0 && strcmp(verdict, "review") != 0)
		return why_set(why, SL_E_DENIED, "the inspection's verdict is %s", verdict);
	return SL_OK;
}

int approval_ground(const struct approval_case *c, struct approval_ground *ret_g,
		    struct sl_why *why)
{
	const struct statement *submission = NULL, *inspection = NULL;
	struct approval_ground g = {.c = c};
	int r;

	text_hex(c->manifest->sha256, HASH_LEN, g.subject);
	text_hex(roster_digest(c->roster), HASH_LEN, g.policy);
	g.klass = roster_class(c->roster, c->manifest->klass);
	if (g.klass == NULL)
		return why_set(why, SL_E_DENIED, "the policy has no class %s",
			       c->manifest->klass);
	for (unsigned i = 0; i < c->n; i++) {
		const struct statement *s = c->statements[i], **slot;

		if (strcmp(s->subject, g.subject) != 0)
			return why_set(why, SL_E_DENIED,
				       "a statement is about another manifest");
		if (s->kind == PRED_APPROVAL)
			continue;
		if (s->kind != PRED_SUBMISSION && s->kind != PRED_INSPECTION)
			return why_set(why, SL_E_DENIED,
				       "a statement of this kind does not belong here");
		slot = s->kind == PRED_SUBMISSION ? &submission : &inspection;
		if (*slot != NULL)
			return why_set(why, SL_E_DENIED, "two submissions or two inspections");
		*slot = s;
	}
	if (submission == NULL || inspection == NULL)
		return why_set(why, SL_E_DENIED, "no submission or no inspection");
	r = check_submission(&g, submission, why);
	if (r == SL_OK)
		r = check_inspection(&g, inspection, why);
	if (r == SL_OK)
		*ret_g = g;
	return r;
}

static bool role_of_class(const struct roster_class *k, const char *role, bool *ret_veto)
{
	bool needed = false;

	*ret_veto = false;
	for (unsigned i = 0; i < k->n_require; i++)
		needed = needed || strcmp(k->require[i].role, role) == 0;
	for (unsigned i = 0; i < k->n_veto; i++)
		*ret_veto = *ret_veto || strcmp(k->veto[i], role) == 0;
	return needed || *ret_veto;
}

/* Do the contents of an approval fit the case?  Everything but signer and decision. */
static int fits(const struct approval_ground *g, const struct approval_facts *f,
		struct sl_why *why)
{
	int64_t now = g->c->now;

	if (strcmp(f->draft, g->draft) != 0 || f->revision != g->revision)
		return why_set(why, SL_E_DENIED, "it is for another draft or revision");
	if (strcmp(f->inspection_sha256, g->report_sha256) != 0)
		return why_set(why, SL_E_DENIED, "it is for another inspection report");
	if (strcmp(f->policy_sha256, g->policy) != 0 ||
	    f->policy_version != roster_version(g->c->roster))
		return why_set(why, SL_E_DENIED, "it was given under another policy version");
	if (f->time > now + SKEW_S)
		return why_set(why, SL_E_DENIED, "it was signed in the future");
	if (f->expires <= f->time || f->expires - f->time > g->klass->approval_ttl_s)
		return why_set(why, SL_E_DENIED,
			       "it claims to be valid longer than the class allows");
	if (f->expires <= now)
		return why_set(why, SL_E_EXPIRED, "it has expired");
	return SL_OK;
}

/* 0: one more voice. SL_E_SIGNATURE: forged. Anything else: does not count, why says so.
 * any_role: also in roles that the class does not ask for. */
static int voice_of(const struct approval_ground *g, const struct statement *s, bool any_role,
		    struct approval_voice *ret_v, struct sl_why *why)
{
	const struct roster_person *p = NULL;
	struct approval_facts f;
	bool veto;
	int r = approval_read(s, &f, why);

	if (r == SL_OK)
		r = approval_signer(g, s, KEY_DSSE_REVIEWER, f.time, &p, why);
	if (r != SL_OK)
		return r;
	if (strcmp(f.decision, "approve") != 0)
		r = why_set(why, SL_E_DENIED, "%s decided \"%s\"", p->pid, f.decision);
	else if (!roster_has_role(p, f.role))
		r = why_set(why, SL_E_DENIED, "%s does not have the role %s", p->pid, f.role);
	else if (!any_role && !role_of_class(g->klass, f.role, &veto))
		r = why_set(why, SL_E_DENIED, "class %s does not ask for role %s",
			    g->klass->name, f.role);
	else if (g->klass->exclude_author && strcmp(p->pid, g->author) == 0)
		r = why_set(why, SL_E_DENIED, "%s is the author", p->pid);
	else if (g->klass->exclude_submitter && strcmp(p->pid, g->submitter) == 0)
		r = why_set(why, SL_E_DENIED, "%s is the submitter", p->pid);
	else
		r = fits(g, &f, why);
	if (r != SL_OK)
		return r;
	*ret_v = (struct approval_voice){.person = p,
					 .role = f.role,
					 .acknowledged = f.acknowledged,
					 .time = f.time,
					 .expires = f.expires};
	return SL_OK;
}

/* A later "no" of the same person takes the person's approvals back; a "no" in a
 * veto role stops the item.  The time window of the key and the policy version are
 * not asked for: who objects should not be overheard for a formality. */
static void hear_objection(const struct approval_ground *g, const struct statement *s,
			   struct approval_voice *voices, unsigned *n,
			   struct approval_result *res)
{
	const struct roster_person *p;
	const struct roster_key *k = NULL;
	struct approval_facts f;
	unsigned kept = 0;
	bool veto;

	p = roster_find_key(g->c->roster, s->envelope.keyid, &k);
	if (p == NULL || k->use != KEY_DSSE_REVIEWER || approval_read(s, &f, NULL) != SL_OK ||
	    strcmp(f.decision, "approve") == 0)
		return;
	(void)role_of_class(g->klass, f.role, &veto);
	if (veto && roster_has_role(p, f.role) && strcmp(f.decision, "return") != 0)
		res->vetoed = true;
	for (unsigned i = 0; i < *n; i++) {
		if (voices[i].person != p || voices[i].time > f.time)
			voices[kept++] = voices[i];
	}
	*n = kept;
}

static int collect(const struct approval_ground *g, bool any_role,
		   struct approval_voice *voices, unsigned *ret_n, struct approval_result *res,
		   struct sl_why *why)
{
	const struct approval_case *c = g->c;
	struct sl_why detail = {.text = ""};
	unsigned n = 0;

	for (unsigned i = 0; i < c->n; i++) {
		int r;

		if (c->statements[i]->kind != PRED_APPROVAL)
			continue;
		if (n == APPROVAL_VOICES_MAX)
			return why_set(why, SL_E_LIMIT, "too many approvals");
		r = voice_of(g, c->statements[i], any_role, &voices[n], &detail);
		if (r == SL_OK)
			n++;
		else if (r == SL_E_SIGNATURE || r == SL_E_FORMAT)
			return why_set(why, r, "%s", detail.text);
		else if (res->detail[0] == '\0')
			(void)snprintf(res->detail, sizeof(res->detail), "%.255s", detail.text);
	}
	for (unsigned i = 0; i < c->n; i++) {
		if (c->statements[i]->kind == PRED_APPROVAL)
			hear_objection(g, c->statements[i], voices, &n, res);
	}
	*ret_n = n;
	return SL_OK;
}

static void count(const struct approval_voice *voices, unsigned n, struct approval_result *res)
{
	for (unsigned i = 0; i < n; i++) {
		bool before = false;

		for (unsigned k = 0; k < i; k++)
			before = before || voices[k].person == voices[i].person;
		res->persons += !before;
		if (i == 0 || voices[i].expires < res->expires)
			res->expires = voices[i].expires;
	}
}

static void decide(const struct approval_ground *g, const struct approval_voice *voices,
		   unsigned n, struct approval_result *res)
{
	const struct roster_person *author = roster_person(g->c->roster, g->author);
	const char *slot_role[ROSTER_SLOTS_MAX];
	bool filled[ROSTER_SLOTS_MAX], outside;
	unsigned slots =
		approval_match(g->klass, voices, n, author->unit, filled, slot_role, &outside);
	const char *reason = NULL;

	for (unsigned i = 0; i < slots; i++) {
		if (!filled[i])
			(void)snprintf(res->missing[res->n_missing++], ROSTER_NAME_MAX, "%s",
				       slot_role[i]);
	}
	count(voices, n, res);
	if (res->vetoed)
		reason = "a role with veto refused";
	else if (res->n_missing == 0 && !outside)
		reason = "nobody from outside the author's unit has approved";
	else if (res->n_missing == 0 && res->persons < g->klass->min_persons)
		reason = "too few different persons have approved";
	/* What stops the case outweighs why one approval more or less does not count. */
	if (reason != NULL)
		(void)snprintf(res->detail, sizeof(res->detail), "%s", reason);
	res->satisfied = res->n_missing == 0 && reason == NULL;
}

int approval_judge(const struct approval_case *c, struct approval_result *ret,
		   struct sl_why *why)
{
	struct approval_voice voices[APPROVAL_VOICES_MAX];
	struct approval_result res = {.satisfied = false};
	struct approval_ground g;
	unsigned n = 0;
	int r = approval_ground(c, &g, why);

	if (r != SL_OK)
		return r;
	(void)snprintf(res.author, sizeof(res.author), "%s", g.author);
	(void)snprintf(res.submitter, sizeof(res.submitter), "%s", g.submitter);
	r = collect(&g, false, voices, &n, &res, why);
	if (r != SL_OK)
		return r;
	decide(&g, voices, n, &res);
	*ret = res;
	return SL_OK;
}

int approval_standing(const struct approval_case *c,
		      struct approval_voice ret_voices[APPROVAL_VOICES_MAX], unsigned *ret_n,
		      struct sl_why *why)
{
	struct approval_result res = {.satisfied = false};
	struct approval_ground g;
	int r = approval_ground(c, &g, why);

	return r == SL_OK ? collect(&g, true, ret_voices, ret_n, &res, why) : r;
}

int approval_would_count(const struct approval_case *c, const struct statement *approval,
			 bool any_role, struct sl_why *why)
{
	struct approval_ground g;
	struct approval_voice voice;
	int r = approval_ground(c, &g, why);

	if (r != SL_OK)
		return r;
	if (approval->kind != PRED_APPROVAL || strcmp(approval->subject, g.subject) != 0)
		return why_set(why, SL_E_DENIED, "it does not approve this manifest");
	return voice_of(&g, approval, any_role, &voice, why);
}
