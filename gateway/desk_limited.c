/* desk_limited.c - what a desk without a usable store still does. */
#include "desk_limited.h"

#include <string.h>

#include "base/i18n.h"
#include "base/log.h"

static bool in_list(const char *name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(name, *list) == 0)
			return true;
	}
	return false;
}

static bool needs_no_store(const char *name)
{
	static const char *const list[] = {"whoami",	   "policy.get", "policy.chain",
					   "rules.signed", "codes.list", NULL};

	return in_list(name, list);
}

static bool only_reads(const char *name)
{
	static const char *const list[] = {
		"desk.status", "draft.status", "draft.show",  "review.list", "review.show",
		"review.get",  "review.audit", "review.form", "draft.form",  "release.find",
		"unit.list",   "unit.audit",   NULL};

	return in_list(name, list);
}

/* UNREACHABLE: nothing is wrong with the request; it may be tried again later. */
static int refuse(const struct desk_limited *l, struct sl_why *why)
{
	if (l->fitness == STORE_DAMAGED)
		return why_set(why, SL_E_UNREACHABLE,
			       _("the store is damaged; nothing can be handed in or signed "
				 "until the operators have restored it"));
	return why_set(why, SL_E_UNREACHABLE,
		       _("the store cannot be written; nothing can be handed in or signed "
			 "until the operators have made it writable"));
}

static int run_limited(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why)
{
	const struct desk_limited_op *was = arg;
	const struct desk_limited *l = was->of;
	const char *name = was->op.name, *draft = json_str(rq->args, "draft");
	int r;

	if (!needs_no_store(name) && !only_reads(name))
		return refuse(l, why);
	if (!needs_no_store(name) && !l->readable)
		return why_set(why, SL_E_UNREACHABLE,
			       _("the store is damaged and cannot be read until the operators "
				 "have restored it"));
	r = was->op.run(was->op.arg, peer, rq, ret, why);
	/* INTERNAL: a table that is not there any more. */
	if (r == SL_E_CORRUPT || r == SL_E_INTERNAL)
		return why_set(why, SL_E_UNREACHABLE,
			       _("the store is damaged; this part of it cannot be read until "
				 "the operators have restored it"));
	if (r == SL_OK)
		log_info("limited.answered", "pid=%s operation=%s draft=%s", peer->pid, name,
			 log_q(draft != NULL ? draft : ""));
	return r;
}

void desk_limited_ops(struct desk_limited *l, struct wire_op *ops)
{
	for (unsigned i = 0; ops[i].name != NULL; i++) {
		BUG(i == DESK_LIMITED_OPS);
		l->was[i].of = l;
		l->was[i].op = ops[i];
		ops[i].run = run_limited;
		ops[i].arg = &l->was[i];
	}
}
