/* show.c - review.show and review.get: a draft, and the bytes of its parts. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "review/deliver.h"
#include "review/digest.h"
#include "review/envelope.h"
#include "review/evidence.h"
#include "review/fixed.h"
#include "review/outcomes.h"
#include "trust/statement.h"

static json_t *file_rows(const struct review *v, const struct draft *d)
{
	char report[65], text[65];
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_files; i++) {
		const struct draft_file *f = &d->files[i];

		if (store_file_results(v->store, d->id, d->revision, i, report, text) !=
		    SL_OK) {
			json_decref(list);
			return NULL;
		}
		(void)json_array_append_new(
			list,
			json_pack("{s:i,s:s,s:s,s:I,s:s,s:s}", "index", (int)i, "name", f->name,
				  "sha256", f->sha256, "length", (json_int_t)f->length,
				  "media_type", f->media_type, "text_sha256", text));
	}
	return list;
}

static json_t *policy_row(const struct review *v)
{
	char hex[HASH_HEX + 1];

	text_hex(roster_digest(v->roster), HASH_LEN, hex);
	return json_pack("{s:s,s:I}", "sha256", hex, "version",
			 (json_int_t)roster_version(v->roster));
}

static json_t *status_row(const struct review *v, const struct wire_peer *peer,
			  const struct draft *d)
{
	json_t *j = digest_status(v, d, review_is_secrecy(peer->person));

	if (j != NULL && (digest_for_reviewers(v, d, j) != SL_OK ||
			  digest_details(v, d, review_is_secrecy(peer->person), j) != SL_OK)) {
		json_decref(j);
		return NULL;
	}
	return j;
}

/* Are this revision's files and title what the edits alone make? */
static bool edits_exact(const struct draft *d, const json_t *record)
{
	const char *title = json_str(record, "title");
	const json_t *e;
	size_t i;

	json_array_foreach(json_arr(record, "edits"), i, e)
	{
		if (!json_is_true(json_object_get(e, "applied")))
			return false;
	}
	return title != NULL && strcmp(title, d->title) == 0;
}

/* What a fix has removed and masked, when that made this revision. */
static int put_fix(const struct review *v, const struct draft *d, json_t *result)
{
	json_t *record = NULL;
	char sha256[65];
	int r = fixed_record(v, d, &record, sha256);

	if (r == SL_OK && record != NULL &&
	    (json_object_set(result, "fix", record) != 0 ||
	     json_object_set_new(result, "fix_sha256", json_string(sha256)) != 0))
		r = SL_E_NOMEM;
	if (r == SL_OK && json_arr(record, "edits") != NULL &&
	    json_object_set_new(result, "edits_exact", json_boolean(edits_exact(d, record))) !=
		    0)
		r = SL_E_NOMEM;
	json_decref(record);
	return r;
}

/* When the report was made: rules with dates in them depend on the day. */
static int put_inspected(const struct review *v, const struct draft *d, json_t *result)
{
	struct statement *s = NULL;
	int r;

	if (d->inspection[0] == '\0')
		return SL_OK;
	r = envelope_stored(v->store, d->inspection, &s, NULL);
	if (r == SL_OK &&
	    json_object_set(result, "inspected", json_object_get(s->predicate, "time")) != 0)
		r = SL_E_FORMAT;
	statement_free(s);
	return r;
}

/* Everything of a draft that may be seen. */
static int show_open(const struct review *v, const struct wire_peer *peer,
		     const struct draft *d, struct wire_reply *ret)
{
	json_t *report = NULL, *shown = NULL;
	char manifest[65] = "";
	struct buf text;
	int r;

	buf_init(&text, MANIFEST_MAX);
	r = evidence_manifest(v->store, d, manifest, &text);
	if (r == SL_OK)
		r = digest_report(v, d, &report);
	/* Marked before the answer goes out: if it is lost, the person asks again. */
	if (r == SL_OK)
		r = deliver_mark(v, peer->pid, d, "manifest", manifest);
	if (r == SL_OK && report != NULL)
		r = deliver_mark(v, peer->pid, d, "report", d->report);
	if (r == SL_OK)
		r = deliver_shown(v, peer->pid, d, &shown);
	if (r == SL_OK) {
		ret->result = json_pack(
			"{s:o,s:s,s:s,s:o,s:s,s:o,s:o,s:o,s:o}", "draft",
			status_row(v, peer, d), "manifest", buf_str(&text), "manifest_sha256",
			manifest, "report", report != NULL ? report : json_object(),
			"report_sha256", d->report, "files", file_rows(v, d), "votes",
			digest_votes(v, d), "policy", policy_row(v), "shown", shown);
		report = shown = NULL; /* taken, also when it failed */
		r = ret->result == NULL ? SL_E_NOMEM : put_fix(v, d, ret->result);
		if (r == SL_OK)
			r = review_put_internal(v, d, ret->result);
		if (r == SL_OK)
			r = outcomes_history(v, d, ret->result);
		if (r == SL_OK)
			r = put_inspected(v, d, ret->result);
	}
	json_decref(report);
	json_decref(shown);
	buf_release(&text);
	return r;
}

static int note_view(const struct review *v, const struct wire_peer *peer,
		     const struct draft *d, const char *kind, const char *part)
{
	json_t *record = json_pack("{s:s,s:I,s:s}", "draft", d->id, "revision",
				   (json_int_t)d->revision, "part", part);
	int r = record == NULL ? SL_E_NOMEM : review_note(v, kind, peer->pid, record);

	json_decref(record);
	return r;
}

int review_show(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_draft(v, peer, rq, &d, why);

	if (r == SL_OK && d.state == DRAFT_SPILL)
		r = why_set(why, SL_E_DENIED,
			    _("%s is a spill: it is sealed, and only the secrecy officers can "
			      "open it"),
			    d.id);
	/* It may yet turn out to be one. */
	if (r == SL_OK && (d.state == DRAFT_SUBMITTED || d.state == DRAFT_INSPECTING))
		r = why_set(why, SL_E_STATE, _("%s is not inspected yet"), d.id);
	/* Who looks is on record before anything is shown. */
	if (r == SL_OK)
		r = note_view(v, peer, &d, "review.show", "all");
	if (r == SL_OK)
		r = show_open(v, peer, &d, ret);
	draft_release(&d);
	return r;
}

/* "text:3" or "file:3" -> the object's digest. */
static int resolve_part(const struct review *v, const struct draft *d, const char *part,
			char ret_sha256[65], struct sl_why *why)
{
	char report[65], text[65];
	uint64_t i = 0;

	if (part == NULL ||
	    (strncmp(part, "text:", 5) != 0 && strncmp(part, "file:", 5) != 0) ||
	    !text_to_u64(part + 5, strlen(part + 5), 9999, &i) || i >= d->n_files)
		return why_set(why, SL_E_FORMAT, _("there is no part \"%s\" of %s"),
			       part != NULL ? part : "", d->id);
	if (part[0] == 'f') {
		(void)snprintf(ret_sha256, 65, "%s", d->files[i].sha256);
		return SL_OK;
	}
	if (store_file_results(v->store, d->id, d->revision, (unsigned)i, report, text) !=
		    SL_OK ||
	    text[0] == '\0')
		return why_set(why, SL_E_NOTFOUND, _("no text was found in \"%s\""),
			       d->files[i].name);
	(void)snprintf(ret_sha256, 65, "%s", text);
	return SL_OK;
}

static int deliver_piece(const struct review *v, const struct wire_peer *peer,
			 const struct draft *d, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why)
{
	const char *part = json_str(rq->args, "part");
	uint64_t total = 0, len;
	int64_t offset = 0;
	char sha256[65];
	bool done, recheck = false;
	int r = resolve_part(v, d, part, sha256, why);

	(void)json_i64(rq->args, "offset", &offset);
	/* For the person's machine to inspect again: nobody has read anything by that. */
	(void)json_bool(rq->args, "recheck", &recheck);
	if (r == SL_OK && offset < 0)
		r = SL_E_LIMIT;
	if (r == SL_OK && offset == 0)
		r = note_view(v, peer, d, recheck ? "review.recheck" : "review.get", part);
	if (r == SL_OK)
		r = store_object_read(v->store, sha256, (uint64_t)offset, WIRE_DATA_MAX,
				      &ret->data, &total);
	if (r != SL_OK)
		return r;
	len = ret->data.len;
	done = (uint64_t)offset + len == total;
	if (!recheck &&
	    delivery_step(v->delivery, peer->pid, d, part, (uint64_t)offset, len, total))
		r = deliver_mark(v, peer->pid, d, part, sha256);
	if (r != SL_OK)
		return r;
	ret->result = json_pack("{s:I,s:s,s:b}", "length", (json_int_t)total, "sha256", sha256,
				"done", (int)done);
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

int review_get(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
	       struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_draft(v, peer, rq, &d, why);

	/* Nothing is handed out that no filter has looked at. */
	if (r == SL_OK && (d.state == DRAFT_SPILL || d.state == DRAFT_SUBMITTED ||
			   d.state == DRAFT_INSPECTING))
		r = why_set(why, SL_E_STATE, _("%s is %s: its files are not shown"), d.id,
			    draft_state_name(d.state));
	if (r == SL_OK)
		r = deliver_piece(v, peer, &d, rq, ret, why);
	draft_release(&d);
	return r;
}
