/* clocks.c - clock.extend: one clock of a draft made longer, once, with a reason.
 *
 * The desk's own people do it, or the leader of the unit that writes: the reason is audited and
 * shown, and the longest term stands in the rules. */
#include <string.h>

#include "base/i18n.h"
#include "review/digest.h"
#include "store/clockwork.h"

enum { REASON_MAX = 400 };

static int may_extend(const struct roster_person *p, const struct draft *d, struct sl_why *why)
{
	if (strcmp(p->pid, d->author) == 0 || strcmp(p->pid, d->submitter) == 0)
		return why_set(why, SL_E_DENIED,
			       _("you handed %s in yourself; others must decide about it"),
			       d->id);
	if (roster_has_role(p, "desk") ||
	    (roster_has_role(p, "unit-leader") && strcmp(p->unit, d->unit) == 0))
		return SL_OK;
	return why_set(why, SL_E_DENIED,
		       _("the desk extends a term, or the leader of the unit that writes"));
}

static int extend(const struct review *v, const struct wire_peer *peer, const json_t *args,
		  const struct draft *d, struct sl_why *why)
{
	const char *kind = json_str(args, "kind"), *reason = json_str(args, "reason");
	const struct clocks_rule *rule =
		kind != NULL && v->clocks != NULL ? clocks_find(v->clocks, kind) : NULL;
	unsigned n;
	int r;

	if (rule == NULL)
		return why_set(why, SL_E_NOTFOUND, _("there is no clock \"%.40s\""),
			       kind != NULL ? kind : "");
	if (reason == NULL || reason[0] == '\0' || strlen(reason) > REASON_MAX)
		return why_set(why, SL_E_FORMAT, _("a reason of at most %d bytes is needed"),
			       REASON_MAX);
	if (rule->extend_to == 0)
		return why_set(why, SL_E_DENIED, _("the rules let nobody extend %s"), kind);
	r = may_extend(peer->person, d, why);
	if (r == SL_OK)
		r = store_begin(v->store);
	if (r != SL_OK)
		return r;
	r = store_clock_extend(v->store, d, kind, rule->extend_to, peer->pid, reason, why);
	if (r == SL_OK)
		r = clockwork_count(v->store, v->clocks, &n);
	return store_end(v->store, r);
}

int review_extend(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_draft(v, peer, rq, &d, why);

	if (r == SL_OK)
		r = extend(v, peer, rq->args, &d, why);
	draft_release(&d);
	/* As it is now. */
	if (r == SL_OK)
		r = store_draft_get(v->store, json_str(rq->args, "draft"), 0, &d);
	if (r == SL_OK) {
		ret->result = digest_status(v, &d, review_is_secrecy(peer->person));
		r = ret->result == NULL ? SL_E_NOMEM
					: digest_details(v, &d, review_is_secrecy(peer->person),
							 ret->result);
	}
	draft_release(&d);
	return r;
}
