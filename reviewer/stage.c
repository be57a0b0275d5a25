/* stage.c - what was read is what is signed, however much later. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/present.h"
#include "recheck.h"
#include "review/sign.h"

static void free_one(struct staged *d)
{
	if (d == NULL)
		return;
	free(d->ack);
	free(d);
}

void stage_release(struct stage *s)
{
	for (unsigned i = 0; i < s->n; i++)
		free_one(s->item[i]);
	s->n = 0;
}

static void copy(char *out, size_t cap, const char *text)
{
	(void)snprintf(out, cap, "%s", text != NULL ? text : "");
}

static unsigned votes_of_others(const struct review_case *c, const char *person)
{
	const json_t *v;
	unsigned n = 0;
	size_t i;

	json_array_foreach(c->votes, i, v) n +=
		json_str(v, "pid") != NULL && strcmp(json_str(v, "pid"), person) != 0;
	return n;
}

static int fill(struct staged *d, const struct review_case *c, const struct vote_choice *v)
{
	copy(d->id, sizeof(d->id), c->id);
	copy(d->title, sizeof(d->title), c->manifest->title);
	copy(d->klass, sizeof(d->klass), c->manifest->klass);
	d->revision = c->revision;
	copy(d->manifest_sha256, sizeof(d->manifest_sha256), c->manifest_sha256);
	copy(d->report_sha256, sizeof(d->report_sha256), c->report_sha256);
	copy(d->policy_sha256, sizeof(d->policy_sha256), c->policy_sha256);
	copy(d->decision, sizeof(d->decision), v->decision);
	copy(d->role, sizeof(d->role), v->role);
	copy(d->code, sizeof(d->code), v->code);
	copy(d->reason, sizeof(d->reason), v->reason);
	d->n_acks = v->n_acks;
	d->ack = calloc(v->n_acks + 1, sizeof(*d->ack));
	if (d->ack == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < v->n_acks; i++) {
		copy(d->ack[i].rule, sizeof(d->ack[i].rule), v->ack[i].rule);
		copy(d->ack[i].reason, sizeof(d->ack[i].reason), v->ack[i].reason);
	}
	return SL_OK;
}

const struct staged *stage_find(const struct stage *s, const char *id)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->item[i]->id, id) == 0)
			return s->item[i];
	}
	return NULL;
}

void stage_drop(struct stage *s, unsigned i)
{
	free_one(s->item[i]);
	memmove(&s->item[i], &s->item[i + 1], (s->n - i - 1) * sizeof(s->item[0]));
	s->n--;
}

int stage_add(struct stage *s, const struct review_case *c, const char *person,
	      const struct vote_choice *v)
{
	struct staged *d = calloc(1, sizeof(*d));
	int r = d == NULL ? SL_E_NOMEM : fill(d, c, v);

	for (unsigned i = s->n; r == SL_OK && i-- > 0;) {
		if (strcmp(s->item[i]->id, c->id) == 0)
			stage_drop(s, i);
	}
	if (r == SL_OK && s->n == STAGE_MAX)
		r = SL_E_LIMIT;
	if (r == SL_OK) {
		d->n_votes = votes_of_others(c, person);
		s->item[s->n++] = d;
		d = NULL; /* moved */
	}
	free_one(d);
	return r;
}

int stage_key(const struct session *s, const struct review_case *c, struct sl_why *why)
{
	const struct roster_key *k = NULL;
	char id[KEY_ID_HEX + 1];
	int r = sign_key_id(s, id);
	const struct roster_person *p;

	if (r != SL_OK)
		return why_set(why, r, "%s", _("the key that would sign cannot be read"));
	p = roster_by_key(c->roster, id, KEY_DSSE_REVIEWER, clock_now(), &k);
	if (p == NULL)
		return why_set(
			why, SL_E_DENIED,
			_("your key %.16s… is not in the approval policy that is in force, "
			  "or not valid now: ask a policy officer"),
			id);
	if (strcmp(p->pid, s->config->person) != 0)
		return why_set(why, SL_E_DENIED,
			       _("your key belongs to %s in the approval policy, and your "
				 "configuration says %s"),
			       p->pid, s->config->person);
	return SL_OK;
}

/* Has this person decided the same already?  So it is when an answer was lost. */
static bool is_recorded(const struct session *s, const struct review_case *c,
			const struct staged *d)
{
	const json_t *v;
	size_t i;

	json_array_foreach(c->votes, i, v)
	{
		const char *pid = json_str(v, "pid"), *role = json_str(v, "role");
		const char *decision = json_str(v, "decision");
		bool policy = true, report = true;

		(void)json_bool(v, "policy_in_force", &policy);
		(void)json_bool(v, "report_in_force", &report);
		/* What was decided before an appeal was admitted is to be decided anew. */
		if (json_is_true(json_object_get(v, "overruled")))
			continue;
		if (pid != NULL && role != NULL && decision != NULL && policy && report &&
		    strcmp(pid, s->config->person) == 0 && strcmp(role, d->role) == 0 &&
		    strcmp(decision, d->decision) == 0)
			return true;
	}
	return false;
}

static bool is_missing(const struct review_case *c, const char *role)
{
	const json_t *m;
	size_t i;

	json_array_foreach(json_arr(c->draft, "missing"), i, m)
	{
		if (json_string_value(m) != NULL && strcmp(json_string_value(m), role) == 0)
			return true;
	}
	return false;
}

/* Is it still what was read? */
static int compare(const struct session *s, const struct review_case *c, const struct staged *d,
		   char said[240], struct sl_why *why)
{
	bool approve = strcmp(d->decision, "approve") == 0;
	const char *state = json_str(c->draft, "state");
	unsigned others = votes_of_others(c, s->config->person);

	if (is_recorded(s, c, d))
		return why_set(why, SL_E_EXISTS, _("%s is recorded already"), d->decision);
	if (c->revision != d->revision)
		return why_set(why, SL_E_CONFLICT,
			       _("revision %lld is there now, you read revision %lld: R opens "
				 "it"),
			       (long long)c->revision, (long long)d->revision);
	if (strcmp(c->manifest_sha256, d->manifest_sha256) != 0 ||
	    strcmp(c->report_sha256, d->report_sha256) != 0)
		return why_set(why, SL_E_CONFLICT, "%s",
			       _("it was inspected again since you read it, and the report is "
				 "another: open it again"));
	if (strcmp(c->policy_sha256, d->policy_sha256) != 0)
		return why_set(why, SL_E_CONFLICT, "%s",
			       _("another approval policy came into force since you read it: "
				 "open it again"));
	if (approve && (state == NULL || strcmp(state, "IN_REVIEW") != 0))
		return why_set(why, SL_E_CONFLICT, _("it is not in review any more: %s"),
			       present_state(state));
	if (approve && !is_missing(c, d->role))
		return why_set(why, SL_E_CONFLICT,
			       _("somebody else has signed as %s meanwhile; nothing is missing "
				 "in that role"),
			       d->role);
	if (others > d->n_votes)
		(void)snprintf(said, 240, _("%u more have decided meanwhile."),
			       others - d->n_votes);
	return stage_key(s, c, why);
}

static int cast(struct session *s, const struct review_case *c, const struct staged *d,
		struct sl_why *why)
{
	struct vote_choice *v = calloc(1, sizeof(*v));
	struct seen *seen = NULL;
	json_t *result = NULL, *again = recheck_recall(s->config, c);
	char line[RECHECK_LINE];
	struct buf open;
	int r = v == NULL ? SL_E_NOMEM : seen_load(s->config, c->id, c->revision, &seen, why);

	buf_init(&open, 64 << 10);
	if (r != SL_OK)
		goto out;
	v->decision = d->decision;
	v->role = d->role;
	v->code = d->code[0] != '\0' ? d->code : NULL;
	v->reason = d->reason[0] != '\0' ? d->reason : NULL;
	for (; v->n_acks < d->n_acks && v->n_acks < VOTE_ACKS_MAX; v->n_acks++) {
		v->ack[v->n_acks].rule = d->ack[v->n_acks].rule;
		v->ack[v->n_acks].reason = d->ack[v->n_acks].reason;
	}
	/* The record of reading could have been removed meanwhile. */
	if (strcmp(d->decision, "approve") == 0 && seen_complete(seen, c, &open) != SL_OK)
		r = why_set(why, SL_E_DENIED, _("not yet shown to you: %s"), buf_str(&open));
	/* A second inspection may have come to its end since it was staged. */
	if (strcmp(d->decision, "approve") == 0 && recheck_differs(again)) {
		recheck_line(again, line);
		r = why_set(why, SL_E_DENIED, "%s", line);
	}
	if (r == SL_OK)
		r = vote_cast(s, c, seen, v, &result, why);
out:
	buf_release(&open);
	json_decref(result);
	json_decref(again);
	seen_free(seen);
	free(v);
	return r;
}

int stage_sign(struct session *s, const struct staged *d, char said[240], bool *ret_sent,
	       struct sl_why *why)
{
	struct review_case *c = NULL;
	int r = case_open(s, d->id, 0, &c, why);

	said[0] = '\0';
	if (r == SL_OK)
		r = compare(s, c, d, said, why);
	*ret_sent = r == SL_OK;
	if (r == SL_OK)
		r = cast(s, c, d, why);
	case_free(c);
	return r;
}
