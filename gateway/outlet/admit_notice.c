/* admit_notice.c - the notices of a unit, before anything of it is placed.
 *
 * A recall must not wait: when the policy version that a notice names, or a page of the
 * feed, is still on its way, the unit is installed on the word of releaser and checker,
 * and platforms judge the orders.  What brings something back is else proved or refused. */
#include <stdio.h>
#include <string.h>

#include "outlet/admit.h"
#include "outlet/notice_proof.h"

static int admit_one(struct admit *a, const char *target, struct sl_why *why)
{
	struct tuf_fetcher pages = overlay_tuf(&a->view);
	struct statement *s = NULL;
	struct feed_entry e;
	struct notice_facts f;
	int r = notice_proof(a->tuf, target, &s, &f, why);

	if (r == SL_OK)
		r = notice_entry(a->tuf, &pages, f.serial, &e, why);
	if (r == SL_OK && (e.kind != FEED_NOTICE || strcmp(e.notice, target) != 0 ||
			   strcmp(e.id, f.release) != 0 || e.version != f.version))
		r = why_set(why, SL_E_DENIED, "the feed says something else than %s", target);
	statement_free(s);
	return r;
}

/* Without the page nobody sees the item in the feed either. */
static int tolerate(int r)
{
	return r == SL_E_UNREACHABLE ? SL_OK : r;
}

/* targets/rel/ID/VERSION/SHA256.manifest.json: a new release, or one that comes back?
 * *last is the item that the file before it belonged to: one look at the feed is enough. */
static int admit_return(struct admit *a, const char *path, const char **last,
			struct sl_why *why)
{
	const char *id = path + 12, *slash = strchr(id, '/');
	struct tuf_fetcher pages = overlay_tuf(&a->view);
	struct feed_entry e;
	char name[32];

	if (slash == NULL || (size_t)(slash - id) >= sizeof(name) ||
	    strncmp(id, *last, (size_t)(slash + 1 - id)) == 0)
		return SL_OK;
	*last = id;
	(void)snprintf(name, sizeof(name), "%.*s", (int)(slash - id), id);
	if (notice_last_word(a->tuf, &pages, name, &e) != SL_OK || e.kind != FEED_NOTICE ||
	    e.status != FEED_USABLE)
		return SL_OK;
	return tolerate(notice_restores(a->tuf, &pages, &e, why));
}

int admit_notices(struct admit *a, struct sl_why *why)
{
	const struct unit *u = a->view.unit;
	char target[ADMIT_PATH], sha256[65];
	const char *last = "";
	int r = SL_OK;

	for (unsigned i = 0; i < u->n_files && r == SL_OK; i++) {
		struct sl_why trouble = {.text = ""};

		if (!a->place[i] || strncmp(u->files[i].path, "targets/", 8) != 0 ||
		    !admit_target(u->files[i].path + 8, target, sha256))
			continue;
		if (strncmp(u->files[i].path, "targets/rel/", 12) == 0)
			r = admit_return(a, u->files[i].path, &last, why);
		if (strncmp(u->files[i].path, "targets/notice/", 15) != 0)
			continue;
		r = tolerate(admit_one(a, target, &trouble));
		if (r == SL_E_NOTFOUND)
			r = SL_OK;
		else if (r != SL_OK)
			(void)why_set(why, r, "%s", why_text(&trouble, r));
	}
	return r;
}
