/* prepare.c - draft.prepare: check everything that can be checked before anyone
 * signs, give the draft its number, offer the manifests.
 *
 * Small files ride on the request itself, one after the other in the order in
 * which it names them; larger ones were uploaded before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "intake/intake.h"
#include "intake/offer.h"
#include "intake/way.h"
#include "trust/statement.h"

enum { TOKEN_MAX = 64, OFFERS_MAX = 2 };

static int take_token(const json_t *args, char out[TOKEN_MAX + 1], struct sl_why *why)
{
	int r = intake_text(args, "token", out, TOKEN_MAX + 1, why);

	if (r == SL_OK &&
	    (out[0] == '\0' ||
	     out[strspn(out,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")] !=
		     '\0'))
		r = why_set(why, SL_E_FORMAT, _("\"token\" must be letters, digits and '-'"));
	return r;
}

static int optional_text(const json_t *args, const char *name, char *out, size_t cap,
			 struct sl_why *why)
{
	out[0] = '\0';
	return json_object_get(args, name) == NULL ? SL_OK
						   : intake_text(args, name, out, cap, why);
}

static int no_channel(const struct channels *c, const char *asked, struct sl_why *why)
{
	struct sl_why list = {""};
	size_t used = 0;

	for (unsigned i = 0; c != NULL && i < c->channels_count; i++) {
		int n = snprintf(list.text + used, sizeof(list.text) - used, " %s",
				 c->channels[i].id);

		if (n < 0 || (size_t)n >= sizeof(list.text) - used) {
			list.text[used] = '\0';
			break;
		}
		used += (size_t)n;
	}
	return why_set(why, SL_E_FORMAT, _("there is no channel \"%s\"; there are%s"), asked,
		       list.text);
}

static int take_channels(const struct intake *in, const json_t *args, struct draft *d,
			 struct sl_why *why)
{
	const json_t *list = json_arr(args, "channels"), *v;
	size_t i;

	if (json_array_size(list) == 0 ||
	    json_array_size(list) > sizeof(d->channels) / sizeof(d->channels[0]))
		return why_set(why, SL_E_FORMAT, _("name between 1 and %zu channels"),
			       sizeof(d->channels) / sizeof(d->channels[0]));
	json_array_foreach(list, i, v)
	{
		const char *s = json_string_value(v);

		if (s == NULL || strlen(s) >= sizeof(d->channels[0]) ||
		    !routes_channel_known(in->routes, s))
			return no_channel(in->routes->channels, s != NULL ? s : "", why);
		for (unsigned k = 0; k < d->n_channels; k++) {
			if (strcmp(d->channels[k], s) == 0)
				return why_set(why, SL_E_FORMAT,
					       _("the channel \"%s\" is named twice"), s);
		}
		(void)snprintf(d->channels[d->n_channels++], sizeof(d->channels[0]), "%s", s);
	}
	return SL_OK;
}

static int take_file(const struct intake *in, const json_t *row, struct draft *d,
		     struct sl_why *why)
{
	struct draft_file *f = &d->files[d->n_files];
	int64_t length = -1;
	int r = intake_text(row, "name", f->name, sizeof(f->name), why);

	if (r == SL_OK)
		r = intake_text(row, "media_type", f->media_type, sizeof(f->media_type), why);
	if (r == SL_OK)
		r = intake_text(row, "sha256", f->sha256, sizeof(f->sha256), why);
	if (r != SL_OK)
		return r;
	if (!text_is_safe_name(f->name, strlen(f->name)))
		return why_set(why, SL_E_FORMAT,
			       _("the file name \"%s\" cannot be published; rename the file"),
			       f->name);
	if (!text_is_sha256(f->sha256) || !json_i64(row, "length", &length) || length < 0)
		return why_set(why, SL_E_FORMAT, _("\"%s\" has no proper sha256 and length"),
			       f->name);
	if ((uint64_t)length > in->config->limits.file_bytes)
		return why_set(why, SL_E_LIMIT, _("\"%s\" is larger than %llu MiB"), f->name,
			       (unsigned long long)(in->config->limits.file_bytes >> 20));
	for (unsigned k = 0; k < d->n_files; k++) {
		if (strcmp(d->files[k].name, f->name) == 0)
			return why_set(why, SL_E_FORMAT, _("two files are called \"%s\""),
				       f->name);
	}
	f->length = (uint64_t)length;
	d->n_files++;
	return SL_OK;
}

static int take_files(const struct intake *in, const json_t *args, struct draft *d,
		      struct sl_why *why)
{
	const json_t *list = json_arr(args, "files"), *row;
	size_t n = json_array_size(list), i;
	uint64_t left = in->config->limits.draft_bytes;

	if (n == 0 || n > in->config->limits.files || n > MANIFEST_BLOBS_MAX)
		return why_set(why, SL_E_LIMIT, _("a draft has between 1 and %u files"),
			       in->config->limits.files);
	d->files = calloc(n, sizeof(*d->files));
	if (d->files == NULL)
		return SL_E_NOMEM;
	json_array_foreach(list, i, row)
	{
		int r = take_file(in, row, d, why);

		if (r != SL_OK)
			return r;
		if (d->files[i].length > left)
			return why_set(
				why, SL_E_LIMIT,
				_("the files together are larger than %llu MiB"),
				(unsigned long long)(in->config->limits.draft_bytes >> 20));
		left -= d->files[i].length;
	}
	return SL_OK;
}

/* The bytes that came with the request: all files of the draft, or none. */
static int keep_files(const struct intake *in, const struct draft *d, const uint8_t *bytes,
		      size_t len, struct sl_why *why)
{
	size_t at = 0;
	int r = SL_OK;

	for (unsigned i = 0; i < d->n_files; i++) {
		if (d->files[i].length > len - at)
			return why_set(why, SL_E_FORMAT,
				       _("the request ends before the file \"%s\" does"),
				       d->files[i].name);
		at += (size_t)d->files[i].length;
	}
	if (at != len)
		return why_set(why, SL_E_FORMAT,
			       _("more bytes came than the files are said to have"));
	at = 0;
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		r = store_body_put(in->store, d->files[i].sha256, bytes + at,
				   (size_t)d->files[i].length, why);
		at += (size_t)d->files[i].length;
	}
	return r;
}

static int take_revise(const struct intake *in, const struct wire_peer *peer, const char *id,
		       struct draft *d, struct sl_why *why)
{
	struct draft old = {0};
	int r = store_draft_own(in->store, peer->pid, id, 0, &old, why);

	if (r != SL_OK)
		return r;
	if (old.state == DRAFT_SUBMITTED || old.state == DRAFT_INSPECTING)
		r = why_set(why, SL_E_STATE, _("%s is being inspected; revise it after that"),
			    id);
	else if (old.serial != 0)
		r = why_set(why, SL_E_STATE, _("%s is published; use \"correct %s\""), id,
			    old.release);
	else if (!draft_move_legal(old.state, DRAFT_REPLACED))
		r = why_set(why, SL_E_STATE,
			    _("%s is %s and cannot be revised; submit a new draft"), id,
			    draft_state_name(old.state));
	d->number = old.number;
	/* A correction stays one, and so keeps its route, however often it is revised. */
	(void)snprintf(d->corrects, sizeof(d->corrects), "%s", old.corrects);
	draft_release(&old);
	return r;
}

static int take_draft(const struct intake *in, const struct wire_peer *peer, const json_t *args,
		      struct draft *d, struct sl_why *why)
{
	const struct roster_person *p = peer->person;
	const char *revise = json_str(args, "revise");
	int r = intake_text(args, "title", d->title, sizeof(d->title), why);

	(void)snprintf(d->author, sizeof(d->author), "%s", p->pid);
	(void)snprintf(d->submitter, sizeof(d->submitter), "%s", p->pid);
	(void)snprintf(d->unit, sizeof(d->unit), "%s", p->unit);
	if (r == SL_OK && d->title[0] == '\0')
		r = why_set(why, SL_E_FORMAT, _("the draft has no title"));
	if (r == SL_OK)
		r = intake_text(args, "type", d->content_type, sizeof(d->content_type), why);
	if (r == SL_OK)
		r = optional_text(args, "column", d->column, sizeof(d->column), why);
	if (r == SL_OK)
		r = optional_text(args, "disclosure", d->disclosure, sizeof(d->disclosure),
				  why);
	if (r == SL_OK && revise != NULL)
		r = take_revise(in, peer, revise, d, why);
	else if (r == SL_OK)
		r = optional_text(args, "corrects", d->corrects, sizeof(d->corrects), why);
	if (r == SL_OK)
		r = way_choose(in, p, json_str(args, "route"), d, why);
	if (r == SL_OK && way_is_private(in, d))
		r = way_private(d);
	else if (r == SL_OK)
		r = take_channels(in, args, d, why);
	if (r == SL_OK)
		r = take_files(in, args, d, why);
	if (r == SL_OK)
		r = offer_check_meta(json_object_get(args, "meta"), why);
	if (r == SL_OK)
		r = offer_check_internal(json_object_get(args, "internal"), why);
	return r;
}

/* A manifest for each class; `texts` are released by the caller. */
static int make_offers(const struct intake *in, const struct draft *d, const json_t *meta,
		       struct draft_offer offers[OFFERS_MAX], struct buf texts[OFFERS_MAX],
		       unsigned *ret_n, struct sl_why *why)
{
	const char *classes[OFFERS_MAX] = {d->klass, way_raised(in, d)};
	unsigned n = classes[1] == NULL ? 1 : 2;
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		r = offer_manifest(d, classes[i], routes_organisation(in->routes), meta,
				   &texts[i], why);
		if (r == SL_OK)
			r = store_object_put(in->store, texts[i].data, texts[i].len,
					     offers[i].manifest);
		(void)snprintf(offers[i].klass, sizeof(offers[i].klass), "%s", classes[i]);
	}
	if (r == SL_OK)
		r = store_draft_offers_set(in->store, d, offers, n);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

/* A retry gets what the first try was offered, maybe signed meanwhile. */
static int find_offers(const struct intake *in, const struct draft *d,
		       struct draft_offer offers[OFFERS_MAX], struct buf texts[OFFERS_MAX],
		       unsigned *ret_n)
{
	unsigned n = 0;
	int r = store_draft_offers(in->store, d, offers, OFFERS_MAX, &n);

	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = store_object_get(in->store, offers[i].manifest, MANIFEST_MAX, &texts[i]);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

/* What stays in the house: as given, else as the revision before had it. */
static int keep_internal(const struct intake *in, const struct draft *d, const json_t *given)
{
	struct buf text;
	int r = SL_OK;

	buf_init(&text, STORE_INTERNAL_MAX);
	if (given != NULL)
		r = json_canonical(given, &text);
	else if (d->revision > 1)
		r = store_internal_get(in->store, d->number, d->revision - 1, &text);
	if (r == SL_OK && text.len > 0)
		r = store_internal_put(in->store, d->number, d->revision, buf_str(&text));
	buf_wipe(&text);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

/* Number, files, manifests and offers become one change.  It is durable with
 * draft.submit: before that nobody but the author's program knows the number. */
static int record(const struct intake *in, const struct wire_request *rq, struct draft *d,
		  const char *token, struct draft_offer offers[OFFERS_MAX],
		  struct buf texts[OFFERS_MAX], unsigned *ret_n, struct sl_why *why)
{
	int r = SL_OK;

	/* Bodies first: the store is locked for rows only. */
	if (rq->data_len > 0)
		r = keep_files(in, d, rq->data, rq->data_len, why);
	if (r == SL_OK)
		r = store_begin_soft(in->store);
	if (r != SL_OK)
		return r;
	for (unsigned i = 0; r == SL_OK && rq->data_len > 0 && i < d->n_files; i++)
		r = store_upload_note(in->store, d->submitter, d->files[i].sha256,
				      d->files[i].length);
	if (r == SL_OK)
		r = store_draft_prepare(in->store, d, token, why);
	if (r == SL_OK)
		r = keep_internal(in, d, json_object_get(rq->args, "internal"));
	if (r == SL_OK)
		r = find_offers(in, d, offers, texts, ret_n);
	if (r == SL_OK && *ret_n == 0)
		r = make_offers(in, d, json_object_get(rq->args, "meta"), offers, texts, ret_n,
				why);
	return store_end(in->store, r);
}

static int put_offers(const struct draft *d, const struct draft_offer *offers,
		      const struct buf *texts, unsigned n, struct wire_reply *ret)
{
	json_t *list = json_array();

	for (unsigned i = 0; list != NULL && i < n; i++)
		(void)json_array_append_new(list,
					    json_pack("{s:s,s:s}", "class", offers[i].klass,
						      "manifest", buf_str(&texts[i])));
	ret->result = json_array_size(list) != n
			      ? NULL
			      : json_pack("{s:s,s:I,s:O}", "draft", d->id, "revision",
					  (json_int_t)d->revision, "manifests", list);
	json_decref(list);
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

int intake_prepare(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		   struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	struct draft_offer offers[OFFERS_MAX] = {{.klass = ""}};
	struct buf texts[OFFERS_MAX];
	char token[TOKEN_MAX + 1];
	struct draft d = {0};
	unsigned n = 0;
	int r = intake_open_for(in, rq->data_len, why);

	for (unsigned i = 0; i < OFFERS_MAX; i++)
		buf_init(&texts[i], MANIFEST_MAX);
	if (r == SL_OK)
		r = take_token(rq->args, token, why);
	if (r == SL_OK)
		r = take_draft(in, peer, rq->args, &d, why);
	if (r == SL_OK)
		r = record(in, rq, &d, token, offers, texts, &n, why);
	if (r == SL_OK)
		r = put_offers(&d, offers, texts, n, ret);
	for (unsigned i = 0; i < OFFERS_MAX; i++)
		buf_release(&texts[i]);
	draft_release(&d);
	return r;
}
