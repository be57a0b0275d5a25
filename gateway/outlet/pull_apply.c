/* pull_apply.c - feed entries into releases, live links and tombstones.
 *
 * Order of writing, so that a crash at any instant leaves a state from which the
 * same entry can be applied again with the same end:
 *   publish   releases/ID/V (rename) -> hook record -> live link -> serial passed
 *   withdraw  live link gone -> hook record -> tombstone -> serial passed
 * The hook hears of a change at least once, never of one that did not happen. */
#include "outlet/pull_apply.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "outlet/notice_proof.h"
#include "outlet/pull_notice.h"

/* Not the release's fault: end this look and try again later. */
static bool passing_trouble(int r)
{
	return r == SL_E_UNREACHABLE || r == SL_E_TIMEOUT || r == SL_E_FULL ||
	       r == SL_E_NOMEM || r == SL_E_IO;
}

static int remember(struct pull_run *p, enum pull_event event, const struct feed_entry *e,
		    int64_t version)
{
	struct pull_hook_record rec = {.version = version, .serial = e->serial};

	if (p->hook == NULL)
		return SL_OK;
	(void)snprintf(rec.event, sizeof(rec.event), "%s", pull_event_name(event));
	(void)snprintf(rec.id, sizeof(rec.id), "%s", e->id);
	if (event == PULL_WITHDRAWN)
		(void)snprintf(rec.path, sizeof(rec.path), "%s/tombstones/%s.json",
			       p->store.dir, e->id);
	else
		(void)snprintf(rec.path, sizeof(rec.path), "%s/releases/%s/%" PRId64,
			       p->store.dir, e->id, version);
	return pull_hook_remember(p->store.hooks, &rec);
}

static int withdraw(struct pull_run *p, const struct feed_entry *e, const char *reason)
{
	int64_t shown = pull_store_shown(&p->store, e->id);
	int64_t buried = pull_store_buried(&p->store, e->id);
	/* Its successor came first and took it down: the notice only adds its words. */
	bool told = shown == 0 && buried > 0 && e->status == FEED_REPLACED;
	json_t *tombstone;
	int r;

	if (pull_store_newest(&p->store, e->id) == 0)
		return SL_OK; /* never held here */
	if (shown == 0 && buried >= e->serial)
		return SL_OK; /* done before */
	r = pull_store_hide(&p->store, e->id);
	if (r == SL_OK && !told)
		r = remember(p, PULL_WITHDRAWN, e, shown != 0 ? shown : e->version);
	if (r != SL_OK)
		return r;
	tombstone = pull_notice_tombstone(&p->source, e, &p->state.at.channels);
	r = tombstone == NULL ? SL_E_NOMEM : pull_store_bury(&p->store, e->id, tombstone);
	json_decref(tombstone);
	if (r == SL_OK) {
		p->changed++;
		if (!told)
			pull_run_report(p, PULL_WITHDRAWN, e, reason);
	}
	return r;
}

/* May the entry show something?  What was taken down comes back by the orders of two
 * persons, or as a newer version with approvals of its own. */
static int may_show(struct pull_run *p, const struct feed_entry *e, bool again,
		    struct sl_why *why)
{
	struct tuf_fetcher pages = fetch_tuf(p->source.fetch);

	if (e->kind == FEED_NOTICE)
		return notice_restores(p->source.tuf, &pages, e, why);
	if (again || pull_store_buried_version(&p->store, e->id) >= e->version)
		return why_set(why, SL_E_REPLAY,
			       "version %" PRId64
			       " was taken down; only a newer one comes back",
			       e->version);
	return SL_OK;
}

static bool for_us(const struct pull_run *p, const struct manifest *m)
{
	if (p->o->channel == NULL)
		return true;
	for (unsigned i = 0; i < m->n_channels; i++) {
		if (strcmp(m->channels[i], p->o->channel) == 0)
			return true;
	}
	return false;
}

static int stage_and_commit(struct pull_run *p, const struct feed_entry *e,
			    const struct buf *manifest, struct sl_why *why)
{
	int dir = pull_store_stage(&p->store, e);
	int r = dir < 0 ? why_set(why, dir, "the staging directory cannot be used")
			: pull_release_stage(&p->source, e, manifest, dir, why);

	file_close(dir);
	if (r == SL_OK) {
		r = pull_store_commit(&p->store, e);
		if (r != SL_OK)
			r = why_set(why, r, "the release cannot be stored");
	}
	if (r != SL_OK)
		pull_store_unstage(&p->store, e);
	return r;
}

static int show(struct pull_run *p, const struct feed_entry *e, bool had, struct sl_why *why)
{
	enum pull_event event = had ? PULL_CORRECTED : PULL_RELEASED;
	int r;

	if (pull_store_shown(&p->store, e->id) == e->version &&
	    pull_store_buried(&p->store, e->id) == 0)
		return SL_OK; /* done before a crash; its hook record is there if it is owed */
	r = remember(p, event, e, e->version);
	if (r == SL_OK)
		r = pull_store_show(&p->store, e);
	if (r != SL_OK)
		return why_set(why, r, "the live link cannot be changed");
	p->changed++;
	pull_run_report(p, event, e, NULL);
	return SL_OK;
}

/* Held versions only grow; the same version is only ever the same bytes. */
static int place(struct pull_run *p, const struct feed_entry *e, const struct buf *manifest,
		 bool corrects, struct sl_why *why)
{
	int64_t newest = pull_store_newest(&p->store, e->id);
	bool had = pull_store_shown(&p->store, e->id) != 0 && newest > 0;
	int r;

	if (newest > e->version)
		return why_set(why, SL_E_REPLAY, "version %" PRId64 " is held already", newest);
	r = pull_store_holds(&p->store, e);
	if (r == SL_E_CONFLICT)
		return why_set(why, SL_E_REPLAY, "another manifest is held as this version");
	had = had && pull_store_shown(&p->store, e->id) != e->version;
	if (r == SL_E_NOTFOUND)
		r = stage_and_commit(p, e, manifest, why);
	if (r == SL_OK)
		r = show(p, e, had || corrects, why);
	return r;
}

/* A correction takes the place of what it corrects: its manifest, which the reviewers
 * signed, names the release.  Safe to repeat. */
static int supersede(struct pull_run *p, const struct feed_entry *e, const struct manifest *m,
		     struct sl_why *why)
{
	const char *old = json_str(m->json, "supersedes");
	json_t *tombstone;
	int r;

	if (old == NULL || !release_id_ok(old) || strcmp(old, e->id) == 0 ||
	    pull_store_newest(&p->store, old) == 0 ||
	    pull_store_buried(&p->store, old) >= e->serial)
		return SL_OK;
	tombstone = json_pack(
		"{s:o,s:s,s:s,s:I,s:s,s:I}", "channels",
		feed_channels_entry_json(&p->state.at.channels, &e->numbers, NULL), "id", old,
		"replaced_by", e->id, "serial", (json_int_t)e->serial, "status", "replaced",
		"version", (json_int_t)pull_store_newest(&p->store, old));
	r = tombstone == NULL ? SL_E_NOMEM : pull_store_hide(&p->store, old);
	if (r == SL_OK)
		r = pull_store_bury(&p->store, old, tombstone);
	json_decref(tombstone);
	if (r != SL_OK)
		return why_set(why, r, "%s, which is corrected, cannot be taken down", old);
	p->changed++;
	return SL_OK;
}

/* 1 when the release waits for its embargo. */
static int publish(struct pull_run *p, const struct feed_entry *e, struct sl_why *why)
{
	struct manifest *m = NULL;
	struct buf bytes;
	int r;

	buf_init(&bytes, MANIFEST_MAX);
	r = pull_release_manifest(&p->source, e, &bytes, &m, why);
	if (r == SL_OK)
		r = feed_channels_are(&p->state.at.channels, &e->numbers, m, why);
	if (r != SL_OK)
		goto out;
	if (!for_us(p, m))
		r = withdraw(p, e, "no longer meant for this channel");
	else if (m->embargo > p->source.now)
		r = 1;
	else
		r = place(p, e, &bytes, json_str(m->json, "supersedes") != NULL, why);
	if (r == SL_OK && for_us(p, m))
		r = supersede(p, e, m, why);
out:
	manifest_free(m);
	buf_release(&bytes);
	return r;
}

static void refuse(struct pull_run *p, const struct feed_entry *e, int r,
		   const struct sl_why *why)
{
	p->refused++;
	pull_run_report(p, PULL_REFUSED, e, why_text(why, r));
}

static bool recalls(const struct feed_entry *e, bool overridden, int64_t newest)
{
	if (e->status == FEED_CANCELED || e->status == FEED_WITHHELD)
		return true;
	/* Replaced by a version that is here or coming: that one takes the place. */
	return e->status == FEED_REPLACED && !overridden && newest <= e->version;
}

/* 0 passed, 1 refused: the state must stop before this entry; negative: end the look. */
static int apply_one(struct pull_run *p, const struct feed_entry *e, bool overridden,
		     bool again, bool stopped, struct sl_why *why)
{
	int r;

	if (!release_id_ok(e->id)) {
		refuse(p, e, SL_E_FORMAT, NULL);
		return 1;
	}
	if (e->status != FEED_USABLE) {
		if (!recalls(e, overridden, pull_store_newest(&p->store, e->id)))
			return SL_OK;
		return withdraw(p, e, feed_status_name(e->status));
	}
	if (overridden || stopped)
		return SL_OK;
	r = may_show(p, e, again, why);
	if (r == SL_OK)
		r = publish(p, e, why);
	if (r == 1)
		r = pull_state_wait(&p->state, e);
	if (r == SL_OK || passing_trouble(r))
		return r;
	refuse(p, e, r, why);
	return 1;
}

/* Releases whose embargo may have ended by now. */
static int apply_waiting(struct pull_run *p, struct sl_why *why)
{
	for (unsigned i = 0; i < p->state.n_waiting;) {
		struct feed_entry e = p->state.waiting[i];
		int r = publish(p, &e, why);

		if (r < 0 && passing_trouble(r))
			return r;
		if (r < 0)
			refuse(p, &e, r, why);
		if (r == SL_OK)
			pull_state_done(&p->state, e.serial);
		else
			i++;
	}
	return SL_OK;
}

/* A recall overtakes on the link, so it may be listed after releases whose files are still
 * on their way, and it must not wait for them here either. */
static int apply_recalls(struct pull_run *p, const struct pull_feed *f)
{
	int r = SL_OK;

	for (size_t i = 0; i < f->n && r == SL_OK; i++) {
		const struct feed_entry *e = &f->entries[i];

		if (!f->overridden[i] && release_id_ok(e->id) &&
		    (e->status == FEED_CANCELED || e->status == FEED_WITHHELD))
			r = withdraw(p, e, feed_status_name(e->status));
	}
	return r;
}

int pull_apply_feed(struct pull_run *p, const struct pull_feed *f, struct sl_why *why)
{
	bool stopped = false;
	int r = apply_recalls(p, f);

	/* Before anything new is shown, so that a newer version is not shown under an older
	 * one. */
	for (size_t i = 0; i < f->n; i++)
		pull_state_forget(&p->state, f->entries[i].id, f->entries[i].serial);
	if (r == SL_OK)
		r = apply_waiting(p, why);
	for (size_t i = 0; r == SL_OK && i < f->n; i++) {
		const struct feed_entry *e = &f->entries[i];

		r = apply_one(p, e, f->overridden[i], f->again[i], stopped, why);
		if (r == 1) {
			stopped = true;
			r = SL_OK;
		}
		if (r == SL_OK && !stopped)
			pull_state_pass(&p->state, e);
		if (r == SL_OK && p->changed > 0)
			r = pull_state_save(p->store.state, &p->state);
	}
	if (r == SL_OK)
		r = pull_state_save(p->store.state, &p->state);
	return r;
}
