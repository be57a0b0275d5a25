/* fix.c - draft.fix and draft.fixed: an author wants a cleaned copy of an own draft.
 *
 * The desk only records the wish and hands out what the inspector made of it; it reads no
 * document.  What is handed out are bytes: they become a revision only when the author
 * hands them in like any others, under the author's own signature. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/wake.h"
#include "intake/intake.h"
#include "trust/statement.h"

enum { OFFERS_MAX = 2, RECORD_MAX = 1 << 20 };

static int can_be_fixed(const struct draft *d, struct sl_why *why)
{
	if (d->state == DRAFT_SPILL)
		return why_set(why, SL_E_DENIED,
			       _("%s is a spill: it is sealed and nothing of it is cleaned or "
				 "handed out; the secrecy officers will call you"),
			       d->id);
	if (d->state == DRAFT_SUBMITTED || d->state == DRAFT_INSPECTING)
		return why_set(why, SL_E_STATE, _("%s is being inspected; fix it after that"),
			       d->id);
	if (d->serial != 0)
		return why_set(why, SL_E_STATE, _("%s is published; use \"correct %s\""), d->id,
			       d->release);
	if (!draft_move_legal(d->state, DRAFT_REPLACED))
		return why_set(why, SL_E_STATE,
			       _("%s is %s and cannot be revised; submit a new draft"), d->id,
			       draft_state_name(d->state));
	if (d->report[0] == '\0')
		return why_set(why, SL_E_STATE, _("%s has no report to be fixed by"), d->id);
	return SL_OK;
}

/* What the next revision takes over: title, type, column, channels and the like. */
static int get_manifest(const struct intake *in, const struct draft *d, struct buf *text)
{
	struct draft_offer offers[OFFERS_MAX];
	unsigned n = 0;
	int r = store_draft_offers(in->store, d, offers, OFFERS_MAX, &n);

	if (r == SL_OK && n == 0)
		r = SL_E_CORRUPT;
	return r == SL_OK ? store_object_get(in->store, offers[0].manifest, MANIFEST_MAX, text)
			  : r;
}

struct returned { /* the newest decision that gave exact words */
	const struct intake *in;
	char envelope[65];
};

static int see_return(const struct vote *vote, void *arg)
{
	struct returned *x = arg;
	struct approval_facts f;
	struct statement *s = NULL;
	struct buf line;

	if (strcmp(vote->decision, "return") != 0)
		return SL_OK;
	buf_init(&line, DSSE_MAX);
	if (store_object_get(x->in->store, vote->envelope, DSSE_MAX, &line) == SL_OK &&
	    statement_parse(line.data, line.len, &s, NULL) == SL_OK &&
	    approval_read(s, &f, NULL) == SL_OK && f.edits != NULL)
		(void)snprintf(x->envelope, sizeof(x->envelope), "%s", vote->envelope);
	statement_free(s);
	buf_release(&line);
	return SL_OK;
}

/* Which edits are meant, "" when none are. */
static int find_edits(const struct intake *in, const struct draft *d, const json_t *args,
		      char ret_envelope[65], struct sl_why *why)
{
	struct returned x = {.in = in};
	int r;

	ret_envelope[0] = '\0';
	if (!json_is_true(json_object_get(args, "accept")))
		return SL_OK;
	r = store_vote_each(in->store, d->id, d->revision, see_return, &x);
	if (r == SL_OK && x.envelope[0] == '\0')
		r = why_set(why, SL_E_NOTFOUND, _("no reviewer gave exact edits for %s"),
			    d->id);
	if (r == SL_OK)
		memcpy(ret_envelope, x.envelope, 65);
	return r;
}

int intake_fix(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
	       struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	struct draft d = {0};
	char edits[65] = "";
	struct buf text;
	int r = intake_open_for(in, 0, why);

	buf_init(&text, MANIFEST_MAX);
	if (r == SL_OK)
		r = store_draft_own(in->store, peer->pid, json_str(rq->args, "draft"), 0, &d,
				    why);
	if (r == SL_OK)
		r = can_be_fixed(&d, why);
	if (r == SL_OK)
		r = get_manifest(in, &d, &text);
	if (r == SL_OK)
		r = find_edits(in, &d, rq->args, edits, why);
	if (r == SL_OK)
		r = store_fix_ask(in->store, peer->pid, d.id, d.revision, edits);
	if (r == SL_E_CONFLICT)
		r = why_set(why, r, _("another copy of %s is being made; try again"), d.id);
	if (r == SL_OK) {
		wake_ring(in->wake);
		ret->result = json_pack("{s:s,s:I,s:s}", "draft", d.id, "revision",
					(json_int_t)d.revision, "manifest", buf_str(&text));
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	buf_release(&text);
	draft_release(&d);
	return r;
}

/* "record" or "file:3" -> the object's digest. */
static int resolve(const struct intake *in, const struct fix *f, const char *part,
		   char ret_sha256[65], struct sl_why *why)
{
	const char *after = NULL;
	json_t *record = NULL;
	uint64_t i = 0;
	struct buf b;
	int r;

	if (strcmp(part, "record") == 0) {
		(void)snprintf(ret_sha256, 65, "%s", f->record);
		return SL_OK;
	}
	buf_init(&b, RECORD_MAX);
	r = store_object_get(in->store, f->record, RECORD_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, RECORD_MAX, &record);
	if (r == SL_OK && strncmp(part, "file:", 5) == 0 &&
	    text_to_u64(part + 5, strlen(part + 5), 9999, &i))
		after = json_str(json_array_get(json_arr(record, "files"), (size_t)i), "after");
	if (r == SL_OK && (after == NULL || !text_is_sha256(after)))
		r = why_set(why, SL_E_FORMAT, _("there is no part \"%s\" of %s"), part,
			    f->draft);
	if (r == SL_OK)
		memcpy(ret_sha256, after, 65);
	json_decref(record);
	buf_wipe(&b);
	return r;
}

static int hand_out(const struct intake *in, const struct fix *f, const json_t *args,
		    struct wire_reply *ret, struct sl_why *why)
{
	const char *part = json_str(args, "part");
	int64_t offset = 0;
	uint64_t total = 0;
	char sha256[65];
	int r;

	if (part == NULL)
		return SL_OK;
	if (f->state != FIX_DONE)
		return why_set(why, SL_E_STATE, _("%s is not fixed yet"), f->draft);
	(void)json_i64(args, "offset", &offset);
	r = offset < 0 ? SL_E_LIMIT : resolve(in, f, part, sha256, why);
	if (r == SL_OK)
		r = store_object_read(in->store, sha256, (uint64_t)offset, WIRE_DATA_MAX,
				      &ret->data, &total);
	if (r == SL_OK &&
	    (json_object_set_new(ret->result, "length", json_integer((json_int_t)total)) != 0 ||
	     json_object_set_new(ret->result, "sha256", json_string(sha256)) != 0 ||
	     json_object_set_new(ret->result, "done",
				 json_boolean((uint64_t)offset + ret->data.len == total)) != 0))
		r = SL_E_NOMEM;
	return r;
}

int intake_fixed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	int64_t revision = 0;
	struct draft d = {0};
	struct fix f;
	int r;

	if (!json_i64(rq->args, "revision", &revision) || revision < 1)
		return why_set(why, SL_E_FORMAT, _("\"revision\" is missing"));
	r = store_draft_own(in->store, peer->pid, json_str(rq->args, "draft"), revision, &d,
			    why);
	if (r == SL_OK)
		r = can_be_fixed(&d, why);
	if (r == SL_OK) {
		r = store_fix_get(in->store, d.id, revision, &f);
		if (r == SL_E_NOTFOUND)
			r = why_set(why, r, _("nobody has asked for a fix of %s"), d.id);
	}
	if (r == SL_OK) {
		ret->result = json_pack("{s:s,s:s,s:s,s:s}", "draft", f.draft, "state",
					fix_state_name(f.state), "reason", f.reason,
					"record_sha256", f.record);
		r = ret->result == NULL ? SL_E_NOMEM : hand_out(in, &f, rq->args, ret, why);
	}
	draft_release(&d);
	return r;
}
