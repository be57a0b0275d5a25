/* suppression.c - statements of two persons about one text, judged the same way by the desk, by
 * the inspector and on a reviewer's machine.
 *
 * Hostile: the statements.  Invariant: nothing that marks a secret can be made quiet. */
#include "trust/suppression.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "trust/order.h"
#include "trust/predicate_private.h"

enum { SKEW_S = 300, DAY = 86400 };

json_t *suppression_predicate(const struct suppression_facts *f)
{
	return json_pack("{s:s,s:o,s:s,s:s,s:s,s:o}", "action", f->action, "expires",
			 predicate_time_new(f->expires), "owner", f->owner, "reason", f->reason,
			 "rule", f->rule, "time", predicate_time_new(f->time));
}

int suppression_read(const struct statement *s, struct suppression_facts *ret_f,
		     struct sl_why *why)
{
	static const char *const names[] = {"action", "expires", "owner", "reason",
					    "rule",   "time",	 NULL};
	struct suppression_facts f = {.text_hmac = s->subject};

	f.action = json_str(s->predicate, "action");
	f.rule = predicate_text(s->predicate, "rule");
	f.owner = predicate_text(s->predicate, "owner");
	f.reason = predicate_text(s->predicate, "reason");
	if (s->kind != PRED_SUPPRESSION || !json_has_only(s->predicate, names, NULL) ||
	    f.action == NULL || f.rule == NULL || f.owner == NULL || f.reason == NULL ||
	    f.rule[0] == '\0' || strlen(f.rule) >= SUPPRESSION_RULE_MAX ||
	    strlen(f.owner) >= ROSTER_NAME_MAX || f.reason[0] == '\0' ||
	    strlen(f.reason) > SUPPRESSION_REASON_MAX ||
	    (strcmp(f.action, "suppress") != 0 && strcmp(f.action, "revoke") != 0) ||
	    !json_time(s->predicate, "time", &f.time) ||
	    !json_time(s->predicate, "expires", &f.expires))
		return why_set(why, SL_E_FORMAT, "suppression is malformed");
	*ret_f = f;
	return SL_OK;
}

bool suppression_permits(const char *rule)
{
	/* SM-009 and SM-010 are no marks of state secrets; a filter's own findings are about
	 * files and not about texts. */
	if (strncmp(rule, "SM-", 3) == 0)
		return strcmp(rule, "SM-009") == 0 || strcmp(rule, "SM-010") == 0;
	return strncmp(rule, "AV-", 3) != 0;
}

const struct roster_person *suppression_signer(const struct statement *s,
					       const struct roster *r, int64_t now)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(r, s->envelope.keyid, &k);
	struct suppression_facts f;

	if (p == NULL || k->use != KEY_DSSE_REVIEWER || !order_reviewing(p) ||
	    suppression_read(s, &f, NULL) != SL_OK || roster_verify(k, &s->envelope) != SL_OK ||
	    f.time < k->from || f.time > k->until || f.time > now + SKEW_S)
		return NULL;
	return p;
}

int suppression_judge(const struct statement *first, const struct statement *second,
		      const struct roster *r, int64_t now, struct suppression_facts *ret_f,
		      struct sl_why *why)
{
	const struct roster_person *a = suppression_signer(first, r, now);
	const struct roster_person *b = suppression_signer(second, r, now);
	struct suppression_facts f, g;
	int e = suppression_read(first, &f, why);

	if (e == SL_OK)
		e = suppression_read(second, &g, why);
	if (e != SL_OK)
		return e;
	if (a == NULL || b == NULL)
		return why_set(why, SL_E_DENIED,
			       _("a signature of the suppression does not "
				 "count any more"));
	if (a == b)
		return why_set(why, SL_E_DENIED,
			       _("a suppression needs two different persons"));
	if (!roster_has_role(a, "secrecy") && !roster_has_role(b, "secrecy"))
		return why_set(why, SL_E_DENIED, _("one of the two must be a secrecy officer"));
	if (strcmp(f.action, "suppress") != 0 || strcmp(g.action, "suppress") != 0 ||
	    strcmp(f.rule, g.rule) != 0 || strcmp(f.text_hmac, g.text_hmac) != 0 ||
	    strcmp(f.owner, g.owner) != 0 || strcmp(f.reason, g.reason) != 0 ||
	    f.expires != g.expires)
		return why_set(why, SL_E_DENIED, _("the two persons did not sign the same"));
	if (strcmp(f.owner, a->pid) != 0)
		return why_set(why, SL_E_DENIED, _("the first who signs is its owner"));
	if (!suppression_permits(f.rule))
		return why_set(why, SL_E_DENIED, _("%s can never be suppressed"), f.rule);
	if (f.expires - f.time > SUPPRESSION_DAYS_MAX * DAY)
		return why_set(why, SL_E_DENIED, _("a suppression holds for %d days at most"),
			       SUPPRESSION_DAYS_MAX);
	if (f.expires <= now)
		return why_set(why, SL_E_EXPIRED, _("the suppression has expired"));
	*ret_f = f;
	return SL_OK;
}
