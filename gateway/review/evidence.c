/* evidence.c - stored envelopes back into statements. */
#include "review/evidence.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "review/envelope.h"

enum { OFFERS_MAX = 4 };

void evidence_release(struct evidence *e)
{
	for (unsigned i = 0; i < e->n; i++)
		statement_free(e->statement[i]);
	for (unsigned i = 0; i < e->n_old; i++)
		statement_free(e->old[i]);
	manifest_free(e->manifest);
	memset(e, 0, sizeof(*e));
}

int evidence_add(struct evidence *e, struct statement *s)
{
	if (e->n == sizeof(e->statement) / sizeof(e->statement[0])) {
		statement_free(s);
		return SL_E_LIMIT;
	}
	e->statement[e->n++] = s;
	return SL_OK;
}

/* Is it an approval of what was stored before this revision was inspected again? */
static bool is_old(const struct draft *d, const struct statement *s)
{
	struct approval_facts f;

	return s->kind == PRED_APPROVAL && approval_read(s, &f, NULL) == SL_OK &&
	       strcmp(f.decision, "approve") == 0 &&
	       (strcmp(s->subject, d->manifest) != 0 ||
		strcmp(f.inspection_sha256, d->report) != 0);
}

static int add_vote(struct evidence *e, const struct draft *d, struct statement *s,
		    bool overruled)
{
	if (!overruled && !is_old(d, s))
		return evidence_add(e, s);
	if (e->n_old == EVIDENCE_MAX) {
		statement_free(s);
		return SL_E_LIMIT;
	}
	e->old[e->n_old++] = s;
	return SL_OK;
}

static int add_stored(struct store *st, const struct draft *d, struct evidence *e,
		      const char *sha256, bool overruled, struct sl_why *why)
{
	struct statement *s = NULL;
	int r = envelope_stored(st, sha256, &s, why);

	return r == SL_OK ? add_vote(e, d, s, overruled) : r;
}

struct votes {
	char envelope[EVIDENCE_MAX][65];
	bool overruled[EVIDENCE_MAX];
	unsigned n;
};

static int note_vote(const struct vote *v, void *arg)
{
	struct votes *all = arg;

	if (all->n == EVIDENCE_MAX)
		return SL_E_LIMIT;
	all->overruled[all->n] = v->overruled;
	(void)snprintf(all->envelope[all->n++], sizeof(all->envelope[0]), "%s", v->envelope);
	return SL_OK;
}

int evidence_manifest(struct store *s, const struct draft *d, char ret_sha256[65],
		      struct buf *out)
{
	struct draft_offer offers[OFFERS_MAX];
	const char *sha256 = d->manifest;
	unsigned n = 0;
	int r = SL_OK;

	if (sha256[0] == '\0') {
		r = store_draft_offers(s, d, offers, OFFERS_MAX, &n);
		if (r == SL_OK && n == 0)
			r = SL_E_NOTFOUND;
		sha256 = offers[0].manifest;
	}
	if (r == SL_OK)
		r = store_object_get(s, sha256, MANIFEST_MAX, out);
	if (r == SL_OK)
		(void)snprintf(ret_sha256, 65, "%s", sha256);
	return r;
}

int evidence_load(struct store *s, const struct draft *d, struct evidence *ret_e,
		  struct sl_why *why)
{
	struct evidence e = {.n = 0};
	struct votes votes = {.n = 0};
	struct buf text;
	int r;

	buf_init(&text, MANIFEST_MAX);
	r = store_object_get(s, d->manifest, MANIFEST_MAX, &text);
	if (r == SL_OK)
		r = manifest_parse(text.data, text.len, &e.manifest, why);
	if (r == SL_OK)
		r = add_stored(s, d, &e, d->submission, false, why);
	if (r == SL_OK)
		r = add_stored(s, d, &e, d->inspection, false, why);
	if (r == SL_OK)
		r = store_vote_each(s, d->id, d->revision, note_vote, &votes);
	for (unsigned i = 0; r == SL_OK && i < votes.n; i++)
		r = add_stored(s, d, &e, votes.envelope[i], votes.overruled[i], why);
	buf_release(&text);
	if (r != SL_OK) {
		evidence_release(&e);
		return why_prefix(why, r, _("the evidence of %s"), d->id);
	}
	*ret_e = e;
	return SL_OK;
}

struct approval_case evidence_case(const struct evidence *e, const struct roster *r,
				   int64_t now)
{
	return (struct approval_case){.manifest = e->manifest,
				      .roster = r,
				      .statements = e->statement,
				      .n = e->n,
				      .now = now};
}
