/* notice_proof.c - notice, policy and the feed's head as TUF targets, older pages by their
 * digests; then the one rule.
 *
 * Hostile: the outlet, and a gateway whose keys were stolen: its signature on a notice
 * counts for nothing without the orders of persons inside. */
#include "outlet/notice_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outlet/dossier.h"
#include "outlet/pull_feed.h"

static int load_roster(struct tuf_client *tuf, const struct notice_facts *f,
		       struct roster **ret_r, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	int r = SL_E_NOTFOUND;
	struct buf b;

	buf_init(&b, DOSSIER_POLICY_MAX);
	for (unsigned i = 0;
	     r == SL_E_NOTFOUND && dossier_policy_path(f->policy_version, i, path); i++) {
		buf_clear(&b);
		if (tuf_client_download(tuf, path, DOSSIER_POLICY_MAX, &b, NULL) != SL_OK)
			continue;
		hash_hex(b.data, b.len, hex);
		if (strcmp(hex, f->policy_sha256) == 0)
			r = roster_parse(b.data, b.len, ret_r, why);
	}
	buf_release(&b);
	return r == SL_E_NOTFOUND
		       ? why_set(why, r, "approval policy version %" PRId64 " is not listed",
				 f->policy_version)
		       : r;
}

int notice_proof(struct tuf_client *tuf, const char *target, struct statement **ret_s,
		 struct notice_facts *ret_f, struct sl_why *why)
{
	struct roster *roster = NULL;
	struct statement *s = NULL;
	struct notice_facts f;
	struct buf b;
	int r;

	buf_init(&b, DSSE_MAX);
	r = tuf_client_download(tuf, target, DSSE_MAX, &b, why);
	if (r == SL_OK)
		r = statement_parse(b.data, b.len, &s, why);
	if (r == SL_OK)
		r = notice_read(s, &f, why);
	if (r == SL_OK)
		r = load_roster(tuf, &f, &roster, why);
	if (r == SL_OK)
		r = notice_judge(s, roster, &f, why);
	roster_free(roster);
	buf_release(&b);
	if (r != SL_OK) {
		statement_free(s);
		return r;
	}
	*ret_s = s; /* moved */
	*ret_f = f;
	return SL_OK;
}

/* From the newest entry to the oldest; fn returns 0 to go on. */
static int each_entry(struct tuf_client *tuf, const struct tuf_fetcher *pages,
		      int (*fn)(const struct feed_entry *e, void *arg), void *arg,
		      struct sl_why *why)
{
	struct feed_page *p = malloc(sizeof(*p));
	int r = p == NULL ? SL_E_NOMEM : pull_feed_head(tuf, p, why);

	/* Not here is no answer: it may still be on its way. */
	if (r == SL_E_NOTFOUND)
		r = SL_E_UNREACHABLE;
	while (r == SL_OK) {
		for (unsigned i = p->n; i > 0 && r == SL_OK; i--)
			r = fn(&p->entries[i - 1], arg);
		if (r == SL_OK)
			r = pull_feed_older(pages, p, why);
	}
	free(p);
	return r;
}

struct search {
	int64_t serial; /* the entry with this number … */
	const char *id; /* … or the newest before it about this item */
	struct feed_entry *found;
};

static int see(const struct feed_entry *e, void *arg)
{
	struct search *s = arg;
	bool hit = s->id == NULL ? e->serial == s->serial
				 : e->serial < s->serial && strcmp(e->id, s->id) == 0;

	if (hit)
		*s->found = *e;
	return hit ? 1 : 0;
}

int notice_entry(struct tuf_client *tuf, const struct tuf_fetcher *pages, int64_t serial,
		 struct feed_entry *ret_e, struct sl_why *why)
{
	struct search s = {.serial = serial, .found = ret_e};
	int r = each_entry(tuf, pages, see, &s, why);

	if (r == SL_E_NOTFOUND)
		return why_set(why, r, "the feed has no serial %" PRId64, serial);
	return r == 1 ? SL_OK : r;
}

int notice_last_word(struct tuf_client *tuf, const struct tuf_fetcher *pages, const char *id,
		     struct feed_entry *ret_e)
{
	struct search s = {.serial = INT64_MAX, .id = id, .found = ret_e};

	return each_entry(tuf, pages, see, &s, NULL) == 1 ? SL_OK : SL_E_NOTFOUND;
}

/* Nobody brings back what he handed in: who that is, the item's own envelopes say. */
static int check_apart(struct tuf_client *tuf, const struct notice_facts *f, struct sl_why *why)
{
	struct statement *list[ATTEST_LINES_MAX];
	char path[DOSSIER_PATH_MAX];
	unsigned n = 0;
	struct buf b;
	int r;

	buf_init(&b, ATTEST_MAX);
	dossier_path(f->release, f->version, "attest.intoto.jsonl", path);
	r = tuf_client_download(tuf, path, ATTEST_MAX, &b, why);
	if (r == SL_OK)
		r = attest_split(b.data, b.len, list, &n, why);
	if (r == SL_OK)
		r = notice_apart(f, list, n, why);
	while (n > 0)
		statement_free(list[--n]);
	buf_release(&b);
	return r;
}

int notice_restores(struct tuf_client *tuf, const struct tuf_fetcher *pages,
		    const struct feed_entry *e, struct sl_why *why)
{
	struct feed_entry before;
	struct search last = {.serial = e->serial, .id = e->id, .found = &before};
	struct statement *s = NULL;
	struct notice_facts f;
	int r = notice_proof(tuf, e->notice, &s, &f, why);

	if (r == SL_OK &&
	    (strcmp(f.action, "reinstate") != 0 || strcmp(f.release, e->id) != 0 ||
	     f.version != e->version || f.serial != e->serial ||
	     strcmp(s->subject, e->manifest_sha256) != 0))
		r = why_set(why, SL_E_DENIED, "the notice does not bring this item back");
	if (r == SL_OK)
		r = check_apart(tuf, &f, why);
	if (r == SL_OK) {
		r = each_entry(tuf, pages, see, &last, why);
		if (r == 1)
			r = before.status == FEED_WITHHELD && before.version == e->version &&
					    before.serial == f.freeze
				    ? SL_OK
				    : why_set(why, SL_E_REPLAY,
					      "its orders answer serial %" PRId64
					      ", which is not the present freeze",
					      f.freeze);
		else if (r == SL_E_NOTFOUND)
			r = why_set(why, SL_E_DENIED, "%s was never frozen", e->id);
	}
	statement_free(s);
	return r;
}
