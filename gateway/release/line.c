/* line.c - which case comes next, and how far the present one has come.
 *
 *   nothing ──build──▶ offered ──checker──▶ checked ──▶ ready ──▶ out, merged, told ──▶ nothing
 *                          └────checker────▶ refused ──▶ nothing (the draft is HELD, or tried
 * later)
 *
 * One case at a time.  An offered case is never taken back by the releaser: the
 * checker may be signing it at this moment, and it signs no other one with the
 * same versions.  Orders go before releases, releases before refreshes. */
#include "release/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "release/line_private.h"

static int reload(struct line *l, struct sl_why *why)
{
	struct repo *fresh = NULL;
	int r = repo_load(l->f.repo_fd, &fresh, why);

	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	repo_free(l->repo);
	l->repo = fresh;
	return SL_OK;
}

static int close_case(struct line *l, int case_fd, const struct casefile *c, struct sl_why *why)
{
	int r = finish_unit(&l->f, case_fd, c, why);

	if (r == SL_OK)
		r = finish_merge(&l->f, case_fd, c, why);
	if (r == SL_OK)
		r = finish_tell(&l->f, c, why);
	if (r == SL_OK)
		r = finish_clean(&l->f, case_fd, c);
	if (r == SL_OK)
		log_info("finished", "case=%lld kind=%s items=%u", (long long)c->number,
			 casefile_kind_name(c->kind), c->n);
	return r == SL_OK ? reload(l, why) : r;
}

/* The case that waits, as far as it can go now. */
static int advance(struct line *l, int64_t number, int64_t now, enum line_step *ret_step,
		   struct sl_why *why)
{
	struct casefile *c = calloc(1, sizeof(*c));
	int case_fd = -1;
	int r = c == NULL ? SL_E_NOMEM : finish_load(&l->f, number, &case_fd, c, why);

	if (r != SL_OK)
		goto out;
	*ret_step = LINE_DID;
	if (!file_exists(case_fd, "ready")) {
		if (casefile_needs_checker(c) && !file_exists(case_fd, "checked")) {
			if (file_exists(case_fd, "refused"))
				r = line_refused(l, case_fd, c, now, why);
			else
				*ret_step = LINE_WAITS;
			goto out;
		}
		r = finish_complete(&l->f, case_fd, c, l->repo, l->chain, now, why);
	}
	if (r == SL_OK)
		r = close_case(l, case_fd, c, why);
out:
	file_close(case_fd);
	free(c);
	return r;
}

static struct build new_build(struct line *l, int64_t now)
{
	return (struct build){.cases_fd = l->f.cases_fd,
			      .release_fd = l->f.release_fd,
			      .signed_fd = l->f.signed_fd,
			      .store = l->store,
			      .repo = l->repo,
			      .chain = l->chain,
			      .routes = &l->routes,
			      .repository = l->source.repository,
			      .keys = &l->keys,
			      .now = now,
			      .case_fd = -1,
			      .tree_fd = -1};
}

static int build_notices(struct line *l, int64_t now, bool *ret_did, struct sl_why *why)
{
	struct build b = new_build(l, now);
	struct order o;
	int r = store_order_next(l->store, &o);

	if (r != SL_OK)
		return r == SL_E_NOTFOUND ? SL_OK : r;
	*ret_did = true;
	r = build_begin(&b, CASEFILE_NOTICE, why);
	if (r == SL_OK) {
		r = build_notice(&b, &o, why);
		if (r == SL_OK)
			r = build_finish(&b, why);
		if (line_void(r))
			r = line_drop_order(l, o.number, o.release, r, why);
	}
	build_end(&b);
	return r;
}

struct approved {
	struct {
		char id[24];
		int64_t revision;
	} draft[DELTA_ITEMS_MAX];
	unsigned n;
};

static int see_approved(const struct draft *d, void *arg)
{
	struct approved *a = arg;

	(void)snprintf(a->draft[a->n].id, sizeof(a->draft[0].id), "%s", d->id);
	a->draft[a->n].revision = d->revision;
	return ++a->n == DELTA_ITEMS_MAX ? 1 : 0;
}

/* 1: added, 0: not (it was sent elsewhere, or there is no more room), or an error. */
static int add_draft(struct line *l, struct build *b, const char *id, int64_t revision,
		     bool *ret_full)
{
	struct sl_why why = {.text = ""};
	struct draft d = {.number = 0};
	int r = store_draft_get(l->store, id, revision, &d);

	if (r == SL_OK)
		r = d.state == DRAFT_APPROVED ? build_release(b, &d, &why) : SL_E_STATE;
	if (r == SL_E_FULL && b->c.n > 0) {
		*ret_full = true;
		r = SL_E_STATE;
	} else if (r != SL_OK && r != SL_E_STATE) {
		r = line_send_back(l, d.id, d.revision, r, &why);
		if (r == SL_OK)
			r = SL_E_STATE;
	}
	draft_release(&d);
	return r == SL_E_STATE ? SL_OK : r == SL_OK ? 1 : r;
}

/* Without routes that are signed nothing is released; recalls and timestamps go on. */
static bool has_routes(struct line *l, int64_t now)
{
	struct sl_why why = {.text = ""};
	int r = routes_signed_renew(&l->routes, l->c, l->chain->roster, now, &why);

	if (r != SL_OK && r != l->complaint)
		log_err("routes.refused", "error=%s reason=%s", sl_errname(r),
			log_q(why_text(&why, r)));
	l->complaint = r;
	return l->routes.now != NULL;
}

static int build_releases(struct line *l, int64_t now, bool *ret_did, struct sl_why *why)
{
	static const enum draft_state states[] = {DRAFT_APPROVED};
	const struct draft_filter filter = {.states = states,
					    .n_states = 1,
					    .not_channel = MANIFEST_PRIVATE,
					    .limit = DELTA_ITEMS_MAX};
	struct build *b = calloc(1, sizeof(*b));
	struct approved a = {.n = 0};
	bool full = false;
	int r = b == NULL ? SL_E_NOMEM : store_draft_each(l->store, &filter, see_approved, &a);

	if (r < 0 || a.n == 0 || !has_routes(l, now)) {
		free(b);
		return r < 0 ? r : SL_OK;
	}
	*ret_did = true;
	*b = new_build(l, now);
	r = build_begin(b, CASEFILE_RELEASE, why);
	for (unsigned i = 0; i < a.n && r >= 0 && !full; i++) {
		r = add_draft(l, b, a.draft[i].id, a.draft[i].revision, &full);
		full = full || (l->singly > 0 && b->c.n > 0);
	}
	if (r >= 0 && b->c.n > 0) {
		r = build_finish(b, why);
		/* Two of one item, or one that is there already: find out which. */
		if (r == SL_E_EXISTS || r == SL_E_REPLAY)
			r = b->c.n > 1
				    ? (l->singly = b->c.n, SL_OK)
				    : line_send_back(l, b->c.items[0].draft,
						     b->c.items[0].revision, SL_E_EXISTS, why);
		else if (r == SL_OK && l->singly > 0)
			l->singly--;
	}
	build_end(b);
	free(b);
	return r > 0 ? SL_OK : r;
}

/* Is anything of the custodians newer than the repository? */
static bool chain_is_newer(const struct line *l)
{
	return l->chain->policy->version > l->repo->policy ||
	       l->chain->targets->version > l->repo->targets ||
	       l->chain->root->version > l->repo->root;
}

/* The custodians gave "rel" or "feed" other keys: what the old ones signed counts no more. */
static int other_keys(const struct line *l, bool *ret_other, struct sl_why *why)
{
	static const char *const keepers[] = {"rel", "feed"};
	int r = SL_OK;

	*ret_other = false;
	for (unsigned i = 0; i < 2 && r == SL_OK; i++) {
		struct tuf_role *role = calloc(1, sizeof(*role));
		struct tuf_meta *m = NULL;

		r = role == NULL ? SL_E_NOMEM : repo_role(l->repo, keepers[i], &m, why);
		if (r == SL_OK)
			r = tuf_role_of_targets(l->chain->targets, keepers[i], role, why);
		if (r == SL_OK && tuf_verify(m, role, NULL) != SL_OK)
			*ret_other = true;
		tuf_free(m);
		free(role);
	}
	return r;
}

/* A new targets.json may name other keys for the roles that we sign. */
static bool keys_may_differ(const struct line *l)
{
	return l->repo != NULL && l->chain->targets->version > l->repo->targets;
}

static int choose_renewed(struct line *l, struct casefile *c, int64_t now, struct sl_why *why)
{
	int r = SL_OK;

	if (keys_may_differ(l))
		r = other_keys(l, &c->renew_all, why);
	return r == SL_OK ? repo_expiring(l->repo, now, c, why) : r;
}

static int build_refresh(struct line *l, int64_t now, bool *ret_did, struct sl_why *why)
{
	struct build *b;
	int r;

	if (l->repo != NULL && !chain_is_newer(l) &&
	    l->repo->timestamp->expires - FINISH_TIMESTAMP_S + l->c->timestamp_seconds > now)
		return SL_OK;
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		return SL_E_NOMEM;
	*ret_did = true;
	*b = new_build(l, now);
	r = build_begin(b, l->repo == NULL ? CASEFILE_INITIAL : CASEFILE_REFRESH, why);
	if (r == SL_OK && l->repo != NULL)
		r = choose_renewed(l, &b->c, now, why);
	if (r == SL_OK && l->anchor.version > l->anchored && !l->no_anchor)
		b->c.anchor = l->anchor;
	if (r == SL_OK)
		r = build_finish(b, why);
	if (r == SL_OK && b->c.anchor.version > 0)
		l->anchored = b->c.anchor.version;
	build_end(b);
	free(b);
	return r;
}

int line_step(struct line *l, int64_t now, enum line_step *ret_step, struct sl_why *why)
{
	int64_t pending = 0;
	bool did = false;
	int r = finish_pending(&l->f, &pending);

	*ret_step = LINE_IDLE;
	if (r == SL_OK && l->repo == NULL)
		r = reload(l, why);
	if (r == SL_OK && (pending == 0 || l->chain == NULL))
		r = chain_renew(&l->source, now, &l->chain, why);
	if (r != SL_OK)
		return r;
	if (pending != 0)
		return advance(l, pending, now, ret_step, why);
	r = finish_sent(&l->f);
	if (r == SL_OK)
		r = signers_begin(&l->keys.own, l->chain->targets, why);
	if (r != SL_OK || now < l->not_before)
		return r;
	/* What the old keys signed is worth nothing below it: that comes first. */
	if (keys_may_differ(l))
		r = build_refresh(l, now, &did, why);
	else if (l->repo != NULL)
		r = build_notices(l, now, &did, why);
	if (r == SL_OK && !did && l->repo != NULL)
		r = build_releases(l, now, &did, why);
	if (r == SL_OK && !did)
		r = build_refresh(l, now, &did, why);
	if (r == SL_OK && did)
		*ret_step = LINE_DID;
	return r;
}
