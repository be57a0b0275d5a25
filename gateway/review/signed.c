/* signed.c - suppress.signed, review.signed: what people signed, as the lines that they signed.
 *
 * A reviewer's machine believes a mark in a report, or an edit in a record, for these lines
 * only.  Nothing is judged here: that would be the gateway's word again. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "review/digest.h"
#include "store/suppress.h"

enum { LINES_MAX = 96 };

static int put_line(struct store *s, const char *sha256, json_t *into)
{
	struct buf line;
	int r = SL_OK;

	if (sha256[0] == '\0' || json_array_size(into) >= LINES_MAX)
		return SL_OK;
	buf_init(&line, DSSE_MAX);
	if (store_object_get(s, sha256, DSSE_MAX, &line) == SL_OK &&
	    json_array_append_new(into, json_stringn(buf_str(&line), line.len)) != 0)
		r = SL_E_NOMEM;
	buf_release(&line);
	return r;
}

static int answer(struct wire_reply *ret, json_t *lines)
{
	ret->result = json_pack("{s:O}", "signed", lines);
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

/* ---- suppress.signed ---- */

struct about {
	const struct review *v;
	const char *rule, *text_hmac;
	json_t *lines;
};

static int take(const struct suppression *p, void *arg)
{
	const struct about *a = arg;
	int r;

	if (strcmp(p->rule, a->rule) != 0 || strcmp(p->text_hmac, a->text_hmac) != 0)
		return SL_OK;
	r = put_line(a->v->store, p->first, a->lines);
	if (r == SL_OK)
		r = put_line(a->v->store, p->second, a->lines);
	return r == SL_OK ? put_line(a->v->store, p->revocation, a->lines) : r;
}

int review_suppress_signed(void *arg, const struct wire_peer *peer,
			   const struct wire_request *rq, struct wire_reply *ret,
			   struct sl_why *why)
{
	struct about a = {.v = arg,
			  .rule = json_str(rq->args, "rule"),
			  .text_hmac = json_str(rq->args, "text_hmac")};
	int r;

	if (!review_is_reviewer(peer->person))
		return why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	if (a.rule == NULL || a.text_hmac == NULL)
		return why_set(why, SL_E_FORMAT, _("\"rule\" or \"text_hmac\" is missing"));
	a.lines = json_array();
	r = a.lines == NULL ? SL_E_NOMEM : store_suppress_each(a.v->store, false, 0, take, &a);
	if (r == SL_OK)
		r = answer(ret, a.lines);
	json_decref(a.lines);
	return r;
}

/* ---- review.signed ---- */

struct wanted {
	const char *sha256;
	bool found;
};

static int see_vote(const struct vote *vote, void *arg)
{
	struct wanted *w = arg;

	w->found = w->found || strcmp(vote->envelope, w->sha256) == 0;
	return SL_OK;
}

int review_signed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct wanted w = {.sha256 = json_str(rq->args, "sha256")};
	json_t *lines = NULL;
	struct draft d = {0};
	int r;

	if (w.sha256 == NULL || !text_is_sha256(w.sha256))
		return why_set(why, SL_E_FORMAT, _("\"sha256\" is missing"));
	r = review_draft(v, peer, rq, &d, why);
	if (r == SL_OK && d.state == DRAFT_SPILL)
		r = why_set(why, SL_E_DENIED, _("%s is a spill"), d.id);
	if (r == SL_OK)
		r = store_vote_each(v->store, d.id, d.revision, see_vote, &w);
	if (r == SL_OK && !w.found)
		r = why_set(why, SL_E_NOTFOUND, _("nobody signed that about %s"), d.id);
	if (r == SL_OK) {
		lines = json_array();
		r = lines == NULL ? SL_E_NOMEM : put_line(v->store, w.sha256, lines);
	}
	if (r == SL_OK)
		r = answer(ret, lines);
	json_decref(lines);
	draft_release(&d);
	return r;
}
