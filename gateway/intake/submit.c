/* submit.c - draft.submit: the author's signatures over every offered manifest.
 *
 * Only after this a draft exists for anybody else: envelopes and state become
 * durable in one change, before the answer. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/wake.h"
#include "intake/deadlines.h"
#include "intake/intake.h"
#include "trust/statement.h"

enum { OFFERS_MAX = 2, SKEW_S = 300 };

/* Signed by this person's key, now valid, about this manifest, in these names? */
static int check_envelope(const struct intake *in, const struct wire_peer *peer,
			  const struct draft *d, const struct draft_offer *o,
			  const struct statement *s, struct sl_why *why)
{
	const char *draft, *author, *submitter;
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(in->roster, s->envelope.keyid, &k);
	int64_t revision, time, now = clock_now();
	int r;

	if (p == NULL || p != peer->person || now < k->from || now > k->until)
		return why_set(why, SL_E_DENIED,
			       _("the submission is not signed with a key of yours"));
	r = roster_verify(k, &s->envelope);
	if (r != SL_OK)
		return why_set(why, r, _("the submission's signature does not verify"));
	r = submission_read(s, &draft, &revision, &author, &submitter, &time, why);
	if (r != SL_OK)
		return r;
	if (strcmp(s->subject, o->manifest) != 0)
		return why_set(why, SL_E_DENIED,
			       _("the submission is not about the manifest offered"));
	if (strcmp(draft, d->id) != 0 || revision != d->revision ||
	    strcmp(author, d->author) != 0 || strcmp(submitter, d->submitter) != 0)
		return why_set(why, SL_E_DENIED,
			       _("the submission names another draft or author"));
	if (time > now + SKEW_S || time < now - SKEW_S)
		return why_set(why, SL_E_EXPIRED,
			       _("the submission's time is not now; check the clock"));
	return SL_OK;
}

static int take_envelope(const struct intake *in, const struct wire_peer *peer,
			 const struct draft *d, const json_t *line, struct draft_offer *o,
			 struct sl_why *why)
{
	const char *text = json_string_value(line);
	size_t len = json_string_length(line);
	struct statement *s = NULL;
	int r;

	if (text == NULL)
		return why_set(why, SL_E_FORMAT, _("an envelope is not a text"));
	r = statement_parse(text, len, &s, why);
	if (r == SL_OK && s->kind != PRED_SUBMISSION)
		r = why_set(why, SL_E_FORMAT, _("an envelope is not a submission"));
	if (r == SL_OK)
		r = check_envelope(in, peer, d, o, s, why);
	if (r == SL_OK)
		r = store_object_put(in->store, text, len, o->submission);
	statement_free(s);
	return r;
}

/* A spill of the same file in another draft may have removed it meanwhile. */
static int files_still_there(const struct intake *in, const struct draft *d, struct sl_why *why)
{
	for (unsigned i = 0; i < d->n_files; i++) {
		const struct draft_file *f = &d->files[i];

		if (store_upload_owned(in->store, d->submitter, f->sha256, f->length) != SL_OK)
			return why_set(why, SL_E_STATE,
				       _("\"%s\" is not stored any more; upload it again"),
				       f->name);
	}
	return SL_OK;
}

static int take_envelopes(const struct intake *in, const struct wire_peer *peer,
			  const struct draft *d, const json_t *envelopes, struct sl_why *why)
{
	struct draft_offer offers[OFFERS_MAX];
	unsigned n = 0;
	int r = store_draft_offers(in->store, d, offers, OFFERS_MAX, &n);

	if (r != SL_OK)
		return r;
	if (n == 0 || json_array_size(envelopes) != n)
		return why_set(why, SL_E_FORMAT, _("%u manifests were offered; sign each"), n);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = take_envelope(in, peer, d, json_array_get(envelopes, i), &offers[i], why);
	return r == SL_OK ? store_draft_offers_set(in->store, d, offers, n) : r;
}

static int accept(const struct intake *in, const struct wire_peer *peer, const struct draft *d,
		  const json_t *envelopes, struct sl_why *why)
{
	const struct draft_change c = {.actor = peer->pid};
	int r = store_begin(in->store);

	if (r != SL_OK)
		return r;
	r = take_envelopes(in, peer, d, envelopes, why);
	if (r == SL_OK)
		r = files_still_there(in, d, why);
	if (r == SL_OK)
		r = deadlines_set(in, d);
	if (r == SL_OK)
		r = store_move(in->store, d->id, d->revision, DRAFT_PREPARED, DRAFT_SUBMITTED,
			       &c, why);
	if (r == SL_OK)
		r = deadlines_count(in);
	r = store_end(in->store, r);
	if (r == SL_OK)
		wake_ring(in->wake);
	return r;
}

int intake_submit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	struct draft d = {0};
	int64_t revision = 0;
	int r;

	if (!json_i64(rq->args, "revision", &revision) || revision < 1)
		return why_set(why, SL_E_FORMAT, _("\"revision\" is missing"));
	r = intake_open_for(in, 0, why);
	if (r == SL_OK)
		r = store_draft_own(in->store, peer->pid, json_str(rq->args, "draft"), revision,
				    &d, why);
	if (r != SL_OK)
		return r;
	if (d.state == DRAFT_PREPARED) {
		r = accept(in, peer, &d, json_arr(rq->args, "envelopes"), why);
		d.state = DRAFT_SUBMITTED;
	} else if (d.state == DRAFT_CANCELED || d.state == DRAFT_REPLACED) {
		r = why_set(why, SL_E_STATE, _("%s revision %lld is %s"), d.id,
			    (long long)d.revision, draft_state_name(d.state));
	} /* else a retry whose first answer was lost */
	if (r == SL_OK) {
		ret->result =
			json_pack("{s:s,s:I,s:s}", "draft", d.id, "revision",
				  (json_int_t)d.revision, "state", draft_state_name(d.state));
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	draft_release(&d);
	return r;
}
