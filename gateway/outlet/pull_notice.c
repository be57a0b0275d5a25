/* pull_notice.c - fetch and prove a notice; best effort by design.
 *
 * Hostile: the notice's bytes until the signature of a gateway key of the current
 * approval policy has been checked over them. */
#include "outlet/pull_notice.h"

#include <string.h>

#include "base/clock.h"
#include "trust/roster.h"
#include "trust/statement.h"

enum { NOTICE_MAX = 64 << 10 };

static int load_roster(const struct pull_source *s, struct roster **ret_r)
{
	struct buf b;
	char path[DOSSIER_PATH_MAX];
	int r;

	buf_init(&b, DOSSIER_POLICY_MAX);
	(void)dossier_policy_path(0, 0, path);
	r = tuf_client_download(s->tuf, path, DOSSIER_POLICY_MAX, &b, NULL);
	if (r == SL_OK)
		r = roster_parse(b.data, b.len, ret_r, NULL);
	buf_release(&b);
	return r;
}

static int prove(const struct pull_source *s, const struct statement *st,
		 const struct feed_entry *e)
{
	const struct roster_key *key = NULL;
	struct notice_facts f;
	struct roster *roster = NULL;
	const struct roster_person *p;
	int r = notice_read(st, &f, NULL);

	if (r == SL_OK && (strcmp(f.release, e->id) != 0 || f.version != e->version ||
			   strcmp(st->subject, e->manifest_sha256) != 0))
		r = SL_E_DENIED;
	if (r == SL_OK)
		r = load_roster(s, &roster);
	if (r != SL_OK)
		return r;
	p = roster_by_key(roster, st->envelope.keyid, KEY_DSSE_GATEWAY, f.time, &key);
	if (p == NULL || !roster_has_role(p, "gateway-service"))
		r = SL_E_SIGNATURE;
	else
		r = dsse_verify(&st->envelope, key->public_key);
	roster_free(roster);
	return r;
}

static json_t *proved_notice(const struct pull_source *s, const struct feed_entry *e)
{
	struct statement *st = NULL;
	json_t *notice = NULL;
	struct buf b;
	size_t len;

	if (e->notice[0] == '\0')
		return NULL;
	buf_init(&b, NOTICE_MAX);
	if (tuf_client_download(s->tuf, e->notice, NOTICE_MAX, &b, NULL) == SL_OK) {
		len = b.len > 0 && b.data[b.len - 1] == '\n' ? b.len - 1 : b.len;
		if (statement_parse(b.data, len, &st, NULL) == SL_OK &&
		    prove(s, st, e) == SL_OK)
			notice = json_deep_copy(st->predicate);
	}
	statement_free(st);
	buf_release(&b);
	return notice;
}

json_t *pull_notice_tombstone(const struct pull_source *s, const struct feed_entry *e)
{
	json_t *notice = proved_notice(s, e), *j;
	char now[CLOCK_TEXT + 1];

	clock_format(s->now, now);
	j = json_pack("{s:s,s:s,s:I,s:s,s:I}", "applied", now, "id", e->id, "serial",
		      (json_int_t)e->serial, "status", feed_status_name(e->status), "version",
		      (json_int_t)e->version);
	if (j == NULL || notice == NULL) {
		json_decref(notice);
		return j;
	}
	if (json_object_set_new(j, "notice", notice) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}
