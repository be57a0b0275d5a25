/* vote.c - from a decision to a signed approval/v1 statement. */
#include "vote.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/i18n.h"
#include "crypto/hash.h"
#include "policy/present_role.h"
#include "review/sign.h"

static bool is_acknowledged(const struct vote_choice *v, const char *rule)
{
	for (unsigned i = 0; i < v->n_acks; i++) {
		if (strcmp(v->ack[i].rule, rule) == 0)
			return true;
	}
	return false;
}

int vote_unacknowledged(const struct review_case *c, const struct vote_choice *v,
			struct buf *out)
{
	size_t before = out->len, i;

	for (unsigned k = 0; k < c->n_files; k++) {
		const json_t *findings = json_arr(case_file_report(c, k), "findings"), *f;

		json_array_foreach(findings, i, f)
		{
			const char *rule = json_str(f, "rule"),
				   *severity = json_str(f, "severity");

			if (rule == NULL || severity == NULL || strlen(rule) > 15 ||
			    json_obj(f, "suppressed") != NULL ||
			    (strcmp(severity, "S2") != 0 && strcmp(severity, "S3") != 0) ||
			    is_acknowledged(v, rule) ||
			    strstr(buf_str(out) + before, rule) != NULL)
				continue;
			buf_putf(out, "%s %s\n", rule, severity);
		}
	}
	if (buf_error(out) != SL_OK)
		return buf_error(out);
	return out->len == before ? SL_OK : SL_E_DENIED;
}

unsigned vote_roles(const struct session *s, const struct review_case *c,
		    const char *ret_roles[ROSTER_SLOTS_MAX])
{
	const struct roster_person *me = roster_person(c->roster, s->config->person);
	const json_t *m;
	unsigned n = 0, k;
	size_t i;

	if (me == NULL)
		return 0;
	json_array_foreach(json_arr(c->draft, "missing"), i, m)
	{
		const char *role = json_string_value(m);

		if (role == NULL || n == ROSTER_SLOTS_MAX || !roster_has_role(me, role))
			continue;
		for (k = 0; k < n && strcmp(ret_roles[k], role) != 0; k++)
			continue;
		if (k == n)
			ret_roles[n++] = role;
	}
	return n;
}

static bool is_listed(const struct roster_class *k, const char *role)
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

static int may_refuse(const struct review_case *c, const char *role, struct sl_why *why)
{
	const struct roster_class *k = roster_class(c->roster, c->manifest->klass);
	char list[200] = "";
	size_t used = 0;

	if (is_listed(k, role))
		return SL_OK;
	for (unsigned i = 0; k != NULL && i < k->n_require && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, " %s",
					 present_role(k->require[i].role));
	return why_set(why, SL_E_DENIED,
		       _("as %s you cannot refuse a draft of route %s; these can:%s. You can "
			 "return it."),
		       present_role(role), c->manifest->klass, list);
}

/* The gateway says whose turn it is.  Where it does not, it will say so when it is asked. */
static int may_approve(const struct review_case *c, const char *role, struct sl_why *why)
{
	const char *turn = json_str(c->draft, "turn");
	bool open = false, waiting = false;
	const json_t *s;
	size_t i;

	json_array_foreach(json_arr(c->draft, "steps"), i, s)
	{
		const char *its = json_str(s, "role"), *state = json_str(s, "state");

		if (its == NULL || state == NULL || strcmp(its, role) != 0)
			continue;
		open = open || strcmp(state, "open") == 0;
		waiting = waiting || strcmp(state, "waiting") == 0;
	}
	if (open || !waiting || turn == NULL || turn[0] == '\0')
		return SL_OK;
	return why_set(why, SL_E_DENIED,
		       _("It is the turn of %s; %s comes after that. v shows the route, R asks "
			 "again."),
		       present_role(turn), present_role(role));
}

int vote_may(const struct review_case *c, const char *role, const char *decision,
	     struct sl_why *why)
{
	if (strcmp(decision, "approve") == 0)
		return may_approve(c, role, why);
	return strcmp(decision, "refuse") == 0 ? may_refuse(c, role, why) : SL_OK;
}

const char *vote_only_role(const struct session *s, const struct review_case *c)
{
	const char *roles[ROSTER_SLOTS_MAX];

	return vote_roles(s, c, roles) == 1 ? roles[0] : NULL;
}

static json_t *acknowledgements(const struct vote_choice *v)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < v->n_acks; i++)
		(void)json_array_append_new(list,
					    json_pack("{s:s, s:s}", "reason", v->ack[i].reason,
						      "rule", v->ack[i].rule));
	return list;
}

static int sign_vote(struct session *s, const struct review_case *c,
		     const struct vote_choice *v, const char *shown, struct buf *line,
		     struct sl_why *why)
{
	const struct roster_class *k = roster_class(c->roster, c->manifest->klass);
	json_t *acks = acknowledgements(v), *predicate;
	struct approval_facts f = {
		.decision = v->decision,
		.role = v->role,
		.draft = c->id,
		.revision = c->revision,
		.inspection_sha256 = c->report_sha256,
		.shown_sha256 = shown,
		.policy_sha256 = c->policy_sha256,
		.policy_version = roster_version(c->roster),
		.acknowledged = acks,
		.code = v->code,
		.reason = v->reason,
		.edits = v->edits,
		.time = clock_now(),
	};
	uint8_t nonce[16];
	int r;

	if (k == NULL) {
		json_decref(acks);
		return why_set(why, SL_E_CONFIG, _("the approval policy has no route %s"),
			       c->manifest->klass);
	}
	f.expires = f.time + k->approval_ttl_s;
	random_bytes(nonce, sizeof(nonce));
	text_hex(nonce, sizeof(nonce), f.nonce);
	predicate = approval_predicate(&f);
	r = predicate == NULL
		    ? SL_E_NOMEM
		    : sign_decision(s, PRED_APPROVAL, c->manifest_sha256, predicate, line, why);
	json_decref(predicate);
	json_decref(acks);
	return r;
}

int vote_cast(struct session *s, const struct review_case *c, const struct seen *seen,
	      const struct vote_choice *v, json_t **ret_result, struct sl_why *why)
{
	struct wire_reply reply = {0};
	json_t *args = NULL;
	char shown[65];
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	r = seen_digest(seen, shown);
	if (r == SL_OK)
		r = sign_vote(s, c, v, shown, &line, why);
	if (r != SL_OK)
		goto out;
	args = json_pack("{s:s, s:I, s:s}", "draft", c->id, "revision", (json_int_t)c->revision,
			 "envelope", buf_str(&line));
	r = args == NULL ? SL_E_NOMEM
			 : wire_ask(s->wire, "review.vote", args, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
out:
	wire_reply_release(&reply);
	json_decref(args);
	buf_release(&line);
	return r;
}
