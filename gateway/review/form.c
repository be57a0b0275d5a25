/* form.c - review.form: what the printed review form of a draft is made of.
 *
 * Everything that people signed goes out as the line that they signed, so that the
 * reader's machine judges it for itself.  Objects are handed on as they are stored, their
 * digests unchecked: a form must show what is wrong with the record, not fail over it.
 * Unlike review.show this marks nothing as shown: a form is not the draft. */
#include <string.h>

#include "base/i18n.h"
#include "policy/routes.h"
#include "review/digest.h"
#include "review/evidence.h"
#include "review/fixed.h"
#include "review/form_names.h"
#include "store/outcome.h"

enum { RECORD_MAX = 64 << 10, ENTRIES_MAX = 2000 };

/* The stored line as a string; absent when nothing is there that is text. */
static int put_line(struct store *s, const char *sha256, const char *name, json_t *into)
{
	struct buf line;
	uint64_t total = 0;
	json_t *text = NULL;
	int r = SL_OK;

	buf_init(&line, DSSE_MAX);
	if (sha256[0] != '\0' &&
	    store_object_read(s, sha256, 0, DSSE_MAX, &line, &total) == SL_OK)
		text = json_stringn(buf_str(&line), line.len);
	if (text != NULL && json_object_set_new(into, name, text) != 0)
		r = SL_E_NOMEM;
	buf_release(&line);
	return r;
}

struct rows {
	const struct review *v;
	const struct draft *d;
	json_t *list;
	bool own; /* for the author: who ordered a freeze or a recall stays in the house */
};

static int put_vote(const struct vote *vote, void *arg)
{
	const struct rows *x = arg;
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:s}", "pid", vote->pid, "role",
			      vote->role, "decision", vote->decision, "code", vote->code,
			      "reason", vote->reason, "time", digest_time(vote->time),
			      "envelope_sha256", vote->envelope);
	int r = j == NULL ? SL_E_NOMEM : put_line(x->v->store, vote->envelope, "envelope", j);

	if (r == SL_OK && vote->stands_for[0] != '\0' &&
	    json_object_set_new(j, "stands_for", json_string(vote->stands_for)) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK && vote->overruled &&
	    json_object_set_new(j, "overruled", json_true()) != 0)
		r = SL_E_NOMEM;
	if (r != SL_OK) {
		json_decref(j);
		return r;
	}
	return json_array_append_new(x->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

/* Moves of this revision, and orders about its release. */
static int put_entry(int64_t seq, int64_t ms, const char *kind, const char *actor,
		     const char *record, void *arg)
{
	const struct rows *x = arg;
	json_t *parsed = NULL;
	int64_t revision = 0;
	bool move = strcmp(kind, "draft.move") == 0;
	int r;

	(void)seq;
	if (!move && strcmp(kind, "release.order") != 0)
		return SL_OK;
	if (x->own && strcmp(actor, x->d->author) != 0) {
		if (!move)
			return SL_OK;
		actor = "";
	}
	r = json_parse(record, strlen(record), RECORD_MAX, &parsed);
	if (r != SL_OK)
		return SL_E_CORRUPT;
	if ((json_i64(parsed, move ? "revision" : "version", &revision) &&
	     revision != x->d->revision)) {
		json_decref(parsed);
		return SL_OK;
	}
	if (json_array_size(x->list) == ENTRIES_MAX) {
		json_decref(parsed);
		return SL_E_LIMIT;
	}
	return json_array_append_new(x->list, json_pack("{s:o,s:s,s:s,s:o}", "time",
							digest_time(ms / 1000), "kind", kind,
							"actor", actor, "record", parsed)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

/* One signed step that is no vote: the line, or only its name when it is lost. */
static int put_step(const struct rows *x, const char *envelope, const char *pid)
{
	json_t *j;
	int r;

	if (envelope[0] == '\0')
		return SL_OK;
	j = json_pack("{s:s,s:s}", "envelope_sha256", envelope, "pid", pid);
	r = j == NULL ? SL_E_NOMEM : put_line(x->v->store, envelope, "envelope", j);
	if (r != SL_OK) {
		json_decref(j);
		return r;
	}
	return json_array_append_new(x->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

static int put_referral(const struct referral *p, void *arg)
{
	const struct rows *x = arg;
	int r;

	if (p->revision != x->d->revision)
		return SL_OK;
	r = put_step(x, p->envelope, p->pid);
	return r == SL_OK ? put_step(x, p->answer, p->answered_by) : r;
}

/* Opinions asked outside, and the appeal, of this revision. */
static int put_steps(const struct review *v, const struct draft *d, json_t *into)
{
	struct rows steps = {v, d, json_array(), false};
	struct appeal a = {.revision = 0};
	int r = steps.list == NULL ? SL_E_NOMEM
				   : store_referral_each(v->store, d->id, put_referral, &steps);

	if (r == SL_OK) {
		r = store_appeal_get(v->store, d->id, &a);
		r = r == SL_E_NOTFOUND ? SL_OK : r;
	}
	if (r == SL_OK && a.revision == d->revision) {
		r = put_step(&steps, a.envelope, a.pid);
		if (r == SL_OK)
			r = put_step(&steps, a.decision, a.decided_by);
	}
	if (r == SL_OK && json_array_size(steps.list) > 0 &&
	    json_object_set(into, "steps", steps.list) != 0)
		r = SL_E_NOMEM;
	json_decref(steps.list);
	return r;
}

static int put_rows(const struct review *v, const struct draft *d, bool own, json_t *into)
{
	struct rows votes = {v, d, json_array(), own}, entries = {v, d, json_array(), own};
	int r = store_vote_each(v->store, d->id, d->revision, put_vote, &votes);

	if (r == SL_OK)
		r = store_audit_each(v->store, d->id, put_entry, &entries);
	if (r == SL_OK && (json_object_set(into, "votes", votes.list) != 0 ||
			   json_object_set(into, "entries", entries.list) != 0))
		r = SL_E_NOMEM;
	json_decref(votes.list);
	json_decref(entries.list);
	return r;
}

/* Whose signature carries the secrecy opinion, by the routes in force. */
static int put_opinion(const struct review *v, const struct draft *d, json_t *into)
{
	const struct route *way = v->routes != NULL ? routes_find(v->routes, d->klass) : NULL;

	for (unsigned i = 0; way != NULL && i < way->steps_count; i++) {
		const struct route_step *s = &way->steps[i];

		if (s->opinion != NULL && strcmp(s->opinion, "secrecy") == 0)
			return json_object_set_new(into, "secrecy_by", json_string(s->role)) ==
					       0
				       ? SL_OK
				       : SL_E_NOMEM;
	}
	return SL_OK;
}

/* What only some drafts have: the fix they came from, and what is for the house alone. */
static int put_more(const struct review *v, const struct draft *d, json_t *into)
{
	json_t *record = NULL;
	char sha256[65];
	int r = fixed_record(v, d, &record, sha256);

	if (r == SL_OK && record != NULL && json_object_set(into, "fix", record) != 0)
		r = SL_E_NOMEM;
	json_decref(record);
	return r == SL_OK ? review_put_internal(v, d, into) : r;
}

static int form_of(const struct review *v, const struct draft *d, bool own, json_t **ret_j)
{
	json_t *report = NULL, *j = NULL;
	char manifest[65] = "";
	struct buf text;
	int r;

	buf_init(&text, MANIFEST_MAX);
	r = evidence_manifest(v->store, d, manifest, &text);
	if (r == SL_OK)
		r = digest_report(v, d, &report);
	if (r == SL_OK) {
		j = json_pack("{s:o,s:s,s:s,s:O?}", "draft", digest_status(v, d, false),
			      "manifest", buf_str(&text), "report_sha256", d->report, "report",
			      report);
		r = j == NULL ? SL_E_NOMEM
			      : digest_for_reviewers(v, d, json_object_get(j, "draft"));
	}
	if (r == SL_OK && json_object_set_new(json_object_get(j, "draft"), "submitter",
					      json_string(d->submitter)) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = put_line(v->store, d->submission, "submission", j);
	if (r == SL_OK)
		r = put_line(v->store, d->inspection, "inspection", j);
	if (r == SL_OK && d->serial != 0 &&
	    json_object_set_new(j, "serial", json_integer(d->serial)) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = put_rows(v, d, own, j);
	if (r == SL_OK)
		r = put_steps(v, d, j);
	if (r == SL_OK)
		r = put_more(v, d, j);
	if (r == SL_OK)
		r = put_opinion(v, d, j);
	if (r == SL_OK)
		r = form_names_put(v, j);
	json_decref(report);
	buf_release(&text);
	if (r == SL_OK)
		*ret_j = j;
	else
		json_decref(j);
	return r;
}

/* Is there a form of it, and who asks on record before anything goes out. */
static int hand_out(const struct review *v, const struct wire_peer *peer, const struct draft *d,
		    bool own, struct wire_reply *ret, struct sl_why *why)
{
	json_t *record;
	int r;

	if (d->state == DRAFT_SPILL)
		return why_set(why, SL_E_DENIED,
			       _("%s is a spill: it is sealed, and there is no form of it"),
			       d->id);
	if (d->state == DRAFT_SUBMITTED || d->state == DRAFT_INSPECTING)
		return why_set(why, SL_E_STATE, _("%s is not inspected yet"), d->id);
	record = json_pack("{s:s,s:I}", "draft", d->id, "revision", (json_int_t)d->revision);
	r = record == NULL
		    ? SL_E_NOMEM
		    : review_note(v, own ? "draft.form" : "review.form", peer->pid, record);
	json_decref(record);
	return r == SL_OK ? form_of(v, d, own, &ret->result) : r;
}

int review_form(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_draft(v, peer, rq, &d, why);

	if (r == SL_OK)
		r = hand_out(v, peer, &d, false, ret, why);
	draft_release(&d);
	return r;
}

int review_own_form(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		    struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_own_draft(v, peer, rq, &d, why);

	if (r == SL_OK)
		r = hand_out(v, peer, &d, true, ret, why);
	draft_release(&d);
	return r;
}
