/* pull_notice.c - the tombstone of an item, with the notice where it is proved.
 *
 * Hostile: the notice's bytes until notice_proof has judged the orders in it. */
#include "outlet/pull_notice.h"

#include <string.h>

#include "base/clock.h"
#include "outlet/notice_proof.h"

/* Adds what the notice says; without memory the tombstone stays shorter. */
static void add_words(json_t *j, const struct statement *st, const struct notice_facts *f)
{
	json_t *notice = json_copy(st->predicate);

	/* The envelopes are for proving, not for showing; they stay in the tree. */
	(void)json_object_del(notice, "orders");
	(void)json_object_set_new(j, "notice", notice);
	if (f->successor != NULL)
		(void)json_object_set_new(j, "replaced_by", json_string(f->successor));
}

json_t *pull_notice_tombstone(const struct pull_source *s, const struct feed_entry *e,
			      const struct feed_channels *t)
{
	struct statement *st = NULL;
	enum feed_status status;
	struct notice_facts f;
	char now[CLOCK_TEXT + 1];
	json_t *j;

	clock_format(s->now, now);
	j = json_pack("{s:s,s:o,s:s,s:I,s:s,s:I}", "applied", now, "channels",
		      feed_channels_entry_json(t, &e->numbers, NULL), "id", e->id, "serial",
		      (json_int_t)e->serial, "status", feed_status_name(e->status), "version",
		      (json_int_t)e->version);
	if (j == NULL || e->notice[0] == '\0' ||
	    notice_proof(s->tuf, e->notice, &st, &f, NULL) != SL_OK)
		return j;
	if (strcmp(f.release, e->id) == 0 && f.version == e->version && f.serial == e->serial &&
	    strcmp(st->subject, e->manifest_sha256) == 0 && notice_status(f.action, &status) &&
	    status == e->status)
		add_words(j, st, &f);
	statement_free(st);
	return j;
}
