/* admit_notice.c - the notices of a unit, before anything of it is placed.
 *
 * A recall must not wait: when the policy version that a notice names is still on its
 * way, the takedown is installed on the word of releaser and checker, and platforms judge
 * the orders.  What brings something back is proved or refused. */
#include <string.h>

#include "outlet/admit.h"
#include "outlet/notice_proof.h"

static int admit_one(struct admit *a, const char *target, struct sl_why *why)
{
	struct statement *s = NULL;
	struct feed_entry e;
	struct notice_facts f;
	int r = notice_proof(a->tuf, target, &s, &f, why);

	if (r == SL_OK)
		r = notice_entry(a->tuf, f.serial, &e, why);
	if (r == SL_OK && (e.kind != FEED_NOTICE || strcmp(e.notice, target) != 0 ||
			   strcmp(e.id, f.release) != 0 || e.version != f.version))
		r = why_set(why, SL_E_DENIED, "the feed says something else than %s", target);
	statement_free(s);
	return r;
}

int admit_notices(struct admit *a, const struct feed_page *head, struct sl_why *why)
{
	const struct unit *u = a->view.unit;
	char target[ADMIT_PATH], sha256[65];
	struct sl_why trouble = {.text = ""};
	int r = SL_OK;

	for (unsigned i = 0; i < u->n_files && r == SL_OK; i++) {
		if (!a->place[i] || strncmp(u->files[i].path, "targets/notice/", 15) != 0 ||
		    !admit_target(u->files[i].path + 8, target, sha256))
			continue;
		r = admit_one(a, target, &trouble);
		if (r == SL_E_NOTFOUND)
			r = SL_OK;
		else if (r != SL_OK)
			(void)why_set(why, r, "%s", why_text(&trouble, r));
	}
	/* Whatever the unit carries: nothing in the newest page comes back unproved. */
	for (unsigned i = 0; i < head->n && r == SL_OK; i++) {
		const struct feed_entry *e = &head->entries[i];

		if (e->kind == FEED_NOTICE && e->status == FEED_USABLE &&
		    e->serial > a->known_serial)
			r = notice_restores(a->tuf, e, why);
	}
	return r;
}
