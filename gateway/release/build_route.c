/* build_route.c - did the draft really take its route?
 *
 * The desk records who signed and says that all is there; here the same library walks the
 * route again, over the envelopes themselves and what their signers said: class, type, column
 * and source of the manifest, the unit of the author by the roster, the report that was
 * signed for.  Of the store's rows nothing counts but which envelopes to look at. */
#include <stdio.h>
#include <string.h>

#include "policy/route_follow.h"
#include "policy/route_prove.h"
#include "release/build_private.h"
#include "trust/approval.h"

enum { REPORT_MAX = 16 << 20, VOTES_MAX = APPROVAL_VOICES_MAX };

struct heard { /* everybody who approved, also where only the route asks for it */
	struct build *b;
	const struct draft *d;
	struct statement *statement[VOTES_MAX + 2];
	unsigned n;
};

static void heard_release(struct heard *h)
{
	/* The first two are the caller's. */
	while (h->n > 2)
		statement_free(h->statement[--h->n]);
}

static int hear(const struct vote *v, void *arg)
{
	struct heard *h = arg;
	struct statement *s = NULL;
	struct buf line;
	int r;

	if (strcmp(v->decision, "approve") != 0)
		return SL_OK;
	if (h->n == VOTES_MAX + 2)
		return SL_E_LIMIT;
	buf_init(&line, DSSE_MAX);
	r = store_object_get(h->b->store, v->envelope, DSSE_MAX, &line);
	if (r == SL_OK)
		r = statement_parse(line.data, line.len, &s, NULL);
	buf_release(&line);
	if (r != SL_OK)
		return r;
	if (build_is_old(h->d, s))
		statement_free(s);
	else
		h->statement[h->n++] = s;
	return SL_OK;
}

static int read_report(struct build *b, const char *sha256, json_t **ret_j)
{
	struct buf text;
	int r;

	buf_init(&text, REPORT_MAX);
	r = store_object_get(b->store, sha256, REPORT_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, REPORT_MAX, ret_j);
	buf_release(&text);
	return r;
}

/* What the approvals stand for, as the rule itself hears them. */
static int voices(const struct heard *h, const struct manifest *m,
		  struct walk_voice out[APPROVAL_VOICES_MAX], unsigned *ret_n,
		  struct sl_why *why)
{
	const struct approval_case c = {.manifest = m,
					.roster = h->b->chain->roster,
					.statements = h->statement,
					.n = h->n,
					.now = h->b->now};
	struct approval_voice said[APPROVAL_VOICES_MAX];
	unsigned n = 0;
	int r = approval_standing(&c, said, &n, why);

	for (unsigned i = 0; r == SL_OK && i < n; i++)
		out[i] = route_voice(said[i].person->pid, said[i].person->unit, said[i].role,
				     said[i].time, said[i].acknowledged);
	*ret_n = n;
	return r;
}

struct handed { /* what the author signed beside the manifest */
	const char *unit;
	int64_t time;
};

static int handed_in(const struct build *b, const struct statement *submission,
		     struct handed *ret_h, struct sl_why *why)
{
	const char *draft, *author, *submitter;
	const struct roster_person *p;
	int64_t revision;
	int r = submission_read(submission, &draft, &revision, &author, &submitter,
				&ret_h->time, why);

	if (r != SL_OK)
		return r;
	p = roster_person(b->chain->roster, author);
	if (p == NULL)
		return why_set(why, SL_E_DENIED, "the approval policy does not know %s",
			       author);
	ret_h->unit = p->unit;
	return SL_OK;
}

/* The route of what the manifest says that it corrects, by that one's own manifest: class and
 * type are in it, and which it is follows from the number that both name. */
static int original_route(struct build *b, const struct manifest *m,
			  const struct route **ret_way, struct sl_why *why)
{
	const char *release = json_str(m->json, "supersedes");
	struct manifest *was = NULL;
	struct draft old = {0};
	struct buf text;
	int r;

	*ret_way = NULL;
	if (release == NULL)
		return SL_OK;
	buf_init(&text, MANIFEST_MAX);
	r = store_draft_by_release(b->store, release, &old);
	if (r == SL_OK)
		r = store_object_get(b->store, old.manifest, MANIFEST_MAX, &text);
	if (r == SL_OK)
		r = manifest_parse(text.data, text.len, &was, why);
	if (r == SL_OK && strcmp(was->id, release) != 0)
		r = SL_E_CORRUPT;
	if (r == SL_OK) {
		*ret_way = route_of_released(b->routes->now, was->klass, was->content_type);
		if (*ret_way == NULL)
			r = why_set(why, SL_E_DENIED, "no route in force fits %s", release);
	}
	manifest_free(was);
	draft_release(&old);
	buf_release(&text);
	return r == SL_OK ? r : build_explain(why, r, "what the draft corrects");
}

static int may_take(struct build *b, const struct manifest *m, const struct walk_case *c,
		    struct sl_why *why)
{
	const struct route *original = NULL;
	int r = original_route(b, m, &original, why);

	return r == SL_OK ? route_may_take(c->routes, c->type, original, c->way, why) : r;
}

static int prove(struct build *b, const struct heard *h, const struct manifest *m,
		 const json_t *report, struct sl_why *why)
{
	struct walk_voice voice[APPROVAL_VOICES_MAX];
	const char *column = json_str(m->json, "column");
	struct walk_case c = {.routes = b->routes->now,
			      .way = routes_find(b->routes->now, m->klass),
			      .type = m->content_type,
			      .column = column != NULL ? column : "",
			      .source_type = json_str(m->json, "source_type"),
			      .report = report,
			      .voices = voice};
	struct handed in = {.unit = NULL};
	int r = handed_in(b, h->statement[0], &in, why);

	c.unit = in.unit;
	if (r == SL_OK && (c.way == NULL || c.way->steps_count == 0))
		r = why_set(why, SL_E_DENIED, "no route in force is called %s", m->klass);
	/* A draft keeps the route it was handed in for when its type gets another. */
	if (r == SL_OK && in.time > b->routes->since)
		r = may_take(b, m, &c, why);
	if (r == SL_OK)
		r = voices(h, m, voice, &c.n_voices, why);
	return r == SL_OK ? route_prove(&c, b->routes->since, why) : r;
}

int build_route(struct build *b, const struct draft *d, struct statement *submission,
		struct statement *inspection, const struct manifest *m, struct sl_why *why)
{
	struct heard *h = calloc(1, sizeof(*h));
	json_t *report = NULL;
	int r = h == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	*h = (struct heard){.b = b, .d = d, .statement = {submission, inspection}, .n = 2};
	r = read_report(b, d->report, &report);
	if (r == SL_OK)
		r = store_vote_each(b->store, d->id, d->revision, hear, h);
	if (r != SL_OK)
		r = build_explain(why, r, "a stored envelope");
	else
		r = prove(b, h, m, report, why);
	json_decref(report);
	heard_release(h);
	free(h);
	return r;
}
