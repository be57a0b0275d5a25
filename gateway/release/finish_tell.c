/* finish_tell.c - the store learns what is public now.
 *
 * Called again after a crash: what is as it should be is left alone. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "release/finish_private.h"

/* The old release gets a notice that names the new one; once, however often told. */
static int order_correction(const struct finish *f, const struct draft *old,
			    const struct casefile_item *it)
{
	struct order o = {.version = old->revision, .action = "correct", .pid = "releaser"};
	int r;

	if (old->state == DRAFT_WITHDRAWN)
		return SL_OK;
	o.time = clock_now();
	(void)snprintf(o.release, sizeof(o.release), "%s", old->release);
	(void)snprintf(o.envelope, sizeof(o.envelope), "%s", it->delta.manifest.sha256);
	(void)snprintf(o.reason, sizeof(o.reason), "corrected by %.31s", it->delta.id);
	r = store_order_add(f->store, &o, NULL);
	return r == SL_E_EXISTS ? SL_OK : r;
}

/* What this release corrects is no longer the last word. */
static int tell_corrected(const struct finish *f, const char *release,
			  const struct casefile_item *it)
{
	const struct draft_change change = {.actor = "releaser"};
	struct draft d = {.number = 0};
	int r = store_draft_by_release(f->store, release, &d);

	if (r == SL_OK)
		r = order_correction(f, &d, it);
	if (r == SL_OK && d.state != DRAFT_CORRECTED &&
	    draft_move_legal(d.state, DRAFT_CORRECTED))
		r = store_move(f->store, d.id, d.revision, d.state, DRAFT_CORRECTED, &change,
			       NULL);
	draft_release(&d);
	return r == SL_E_NOTFOUND || r == SL_E_CONFLICT ? SL_OK : r;
}

static int tell_release(const struct finish *f, const struct casefile_item *it,
			struct sl_why *why)
{
	const struct draft_change change = {.actor = "releaser", .serial = it->delta.serial};
	struct draft d = {.number = 0};
	int r = store_draft_get(f->store, it->draft, it->revision, &d);

	if (r != SL_OK)
		return why_set(why, r, "%s: %s", it->draft, sl_strerror(r));
	if (d.state == DRAFT_APPROVED)
		r = store_move(f->store, d.id, d.revision, DRAFT_APPROVED, DRAFT_RELEASED,
			       &change, why);
	else if (d.serial != it->delta.serial)
		/* Taken back in the instant in which it went out: people must recall it. */
		log_err("released",
			"draft=%s release=%s state=%s the draft left APPROVED while it was "
			"being released; it is public, recall it if that is not wanted",
			d.id, it->delta.id, draft_state_name(d.state));
	if (r == SL_OK && d.corrects[0] != '\0')
		r = tell_corrected(f, d.corrects, it);
	draft_release(&d);
	return r;
}

static int tell_notice(const struct finish *f, const struct casefile_item *it,
		       struct sl_why *why)
{
	const struct draft_change change = {.actor = "releaser"};
	enum draft_state to = it->delta.status == FEED_WITHHELD	  ? DRAFT_FROZEN
			      : it->delta.status == FEED_USABLE	  ? DRAFT_SENT
			      : it->delta.status == FEED_REPLACED ? DRAFT_CORRECTED
								  : DRAFT_WITHDRAWN;
	struct draft d = {.number = 0};
	int r = store_draft_by_release(f->store, it->delta.id, &d);

	if (r == SL_OK && d.state != to && draft_move_legal(d.state, to))
		r = store_move(f->store, d.id, d.revision, d.state, to, &change, why);
	draft_release(&d);
	if (r == SL_OK || r == SL_E_NOTFOUND)
		r = store_order_done(f->store, it->order, it->delta.serial);
	return r == SL_E_NOTFOUND ? SL_OK : r; /* told before */
}

int finish_tell(const struct finish *f, const struct casefile *c, struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++)
		r = c->kind == CASEFILE_RELEASE ? tell_release(f, &c->items[i], why)
						: tell_notice(f, &c->items[i], why);
	return r;
}
