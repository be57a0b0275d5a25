/* spill_order.c - statements of two officers about one spill.
 *
 * Hostile: the statements.  Invariant: no one person and nobody else than secrecy officers. */
#include "trust/spill_order.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "trust/predicate_private.h"

enum { SKEW_S = 300 };

void spill_order_subject(const char *draft, int64_t revision, char ret_hex[65])
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%.30s/%lld", draft, (long long)revision);

	hash_hex(text, (size_t)n, ret_hex);
}

json_t *spill_order_predicate(const struct spill_order_facts *f)
{
	return json_pack("{s:s,s:s,s:o,s:s,s:s,s:I,s:o}", "action", f->action, "draft",
			 f->draft, "expires", predicate_time_new(f->expires), "first", f->first,
			 "reason", f->reason, "revision", (json_int_t)f->revision, "time",
			 predicate_time_new(f->time));
}

static bool is_action(const char *a)
{
	return a != NULL && (strcmp(a, "open") == 0 || strcmp(a, "close") == 0 ||
			     strcmp(a, "reported") == 0);
}

int spill_order_read(const struct statement *s, struct spill_order_facts *ret_f,
		     struct sl_why *why)
{
	static const char *const names[] = {"action", "draft",	  "expires", "first",
					    "reason", "revision", "time",    NULL};
	struct spill_order_facts f = {.action = json_str(s->predicate, "action")};
	char subject[65] = "";

	f.draft = predicate_text(s->predicate, "draft");
	f.reason = predicate_text(s->predicate, "reason");
	f.first = json_str(s->predicate, "first");
	if (s->kind != PRED_SPILL || !json_has_only(s->predicate, names, NULL) ||
	    !is_action(f.action) || f.draft == NULL || f.reason == NULL || f.first == NULL ||
	    f.reason[0] == '\0' || strlen(f.reason) > SPILL_ORDER_REASON_MAX ||
	    strlen(f.draft) >= 24 || (f.first[0] != '\0' && !text_is_sha256(f.first)) ||
	    !json_i64(s->predicate, "revision", &f.revision) || f.revision < 1 ||
	    !json_time(s->predicate, "time", &f.time) ||
	    !json_time(s->predicate, "expires", &f.expires))
		return why_set(why, SL_E_FORMAT, "spill order is malformed");
	spill_order_subject(f.draft, f.revision, subject);
	if (strcmp(subject, s->subject) != 0)
		return why_set(why, SL_E_FORMAT, "spill order is about something else");
	*ret_f = f;
	return SL_OK;
}

const struct roster_person *spill_order_signer(const struct statement *s,
					       const struct roster *r, int64_t now)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(r, s->envelope.keyid, &k);
	struct spill_order_facts f;

	if (p == NULL || k->use != KEY_DSSE_REVIEWER || !roster_has_role(p, "secrecy") ||
	    spill_order_read(s, &f, NULL) != SL_OK || roster_verify(k, &s->envelope) != SL_OK ||
	    f.time < k->from || f.time > k->until || f.time > now + SKEW_S)
		return NULL;
	return p;
}

int spill_order_judge(const struct statement *first, const struct statement *second,
		      const struct roster *r, int64_t now, struct sl_why *why)
{
	const struct roster_person *a = spill_order_signer(first, r, now);
	const struct roster_person *b = spill_order_signer(second, r, now);
	struct spill_order_facts f, g;
	int e = spill_order_read(first, &f, why);

	if (e == SL_OK)
		e = spill_order_read(second, &g, why);
	if (e != SL_OK)
		return e;
	if (a == NULL || b == NULL)
		return why_set(why, SL_E_DENIED,
			       _("a signature is not, or not any more, that of a secrecy "
				 "officer"));
	if (a == b)
		return why_set(why, SL_E_DENIED,
			       _("two different secrecy officers are needed"));
	if (f.first[0] != '\0' || strcmp(g.first, first->sha256) != 0 ||
	    strcmp(f.action, g.action) != 0 || strcmp(f.draft, g.draft) != 0 ||
	    f.revision != g.revision)
		return why_set(why, SL_E_DENIED, _("the second did not sign that request"));
	if (f.expires - f.time > SPILL_ORDER_SECONDS || f.expires <= now)
		return why_set(why, SL_E_EXPIRED,
			       _("the request is older than a day; ask again"));
	return SL_OK;
}
