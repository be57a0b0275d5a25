/* offer.c - from a draft to the exact bytes that everybody will sign. */
#include "intake/offer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/clocks.h"
#include "trust/statement.h"

enum {
	TEXT_MAX = 2000,
	KEYWORDS_MAX = 32,
	KEYWORD_MAX = 200,
	PER_YEAR = 1000000,
	INDEX_MAX = 99999
};

/* What an author may say about a release (domain.md 3.1, public fields).  The
 * other members of a manifest are the desk's own. */
static const char *const text_fields[] = {
	"audience_class", "contact_public", "doc_no",	  "genre_class", "publisher",
	"source_name",	  "source_type",    "source_url", "subtitle",	 "summary",
	"topic_class",	  "validity",	    NULL,
};
static const char *const date_fields[] = {"created_on", "effective_on", "expires_on", NULL};

static bool listed(const char *const *list, const char *name)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static bool text_ok(const json_t *v, size_t max)
{
	const char *s = json_string_value(v);
	size_t len = json_string_length(v);

	if (s == NULL || len > max)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	}
	return true;
}

static bool date_ok(const json_t *v)
{
	const char *s = json_string_value(v);
	int part[3] = {0}, n = 0;

	if (s == NULL || strlen(s) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return false;
			n++;
		} else if (s[i] < '0' || s[i] > '9') {
			return false;
		} else {
			part[n] = part[n] * 10 + (s[i] - '0');
		}
	}
	return clock_date_exists(part[0], part[1], part[2]);
}

static bool keywords_ok(const json_t *v)
{
	const json_t *word;
	size_t i;

	if (!json_is_array(v) || json_array_size(v) > KEYWORDS_MAX)
		return false;
	json_array_foreach(v, i, word)
	{
		if (!text_ok(word, KEYWORD_MAX))
			return false;
	}
	return true;
}

int offer_check_meta(const json_t *meta, struct sl_why *why)
{
	const char *name;
	json_t *v;

	if (meta == NULL)
		return SL_OK;
	if (!json_is_object(meta))
		return why_set(why, SL_E_FORMAT, _("\"meta\" is not an object"));
	json_object_foreach((json_t *)(uintptr_t)meta, name, v)
	{
		if (listed(date_fields, name)) {
			if (!date_ok(v))
				return why_set(why, SL_E_FORMAT,
					       _("\"%s\" is not a date like 2026-03-31"), name);
		} else if (strcmp(name, "keywords") == 0) {
			if (!keywords_ok(v))
				return why_set(why, SL_E_FORMAT,
					       _("\"keywords\" must be at most %d texts"),
					       KEYWORDS_MAX);
		} else if (!listed(text_fields, name)) {
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" is not public metadata of a draft"), name);
		} else if (!text_ok(v, TEXT_MAX)) {
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" must be one line of at most %d bytes"), name,
				       TEXT_MAX);
		}
	}
	return SL_OK;
}

static const char *const internal_texts[] = {"category", "consent", "origin_agency", "question",
					     NULL};
static const char *const internal_dates[] = {"due_on", "received_on", NULL};

int offer_check_internal(const json_t *internal, struct sl_why *why)
{
	const char *name;
	json_t *v;

	if (internal == NULL)
		return SL_OK;
	if (!json_is_object(internal))
		return why_set(why, SL_E_FORMAT, _("\"internal\" is not an object"));
	json_object_foreach((json_t *)(uintptr_t)internal, name, v)
	{
		bool is_date = listed(internal_dates, name);

		if (!is_date && !listed(internal_texts, name))
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" is no internal field of a draft"), name);
		if (is_date && !date_ok(v))
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" is not a date like 2026-03-31"), name);
		/* Its term hangs on it: a slip of the pen must not choose another. */
		if (strcmp(name, "category") == 0 &&
		    (json_string_value(v) == NULL ||
		     !clocks_category_known(json_string_value(v))))
			return why_set(
				why, SL_E_FORMAT,
				_("\"category\" is one of 咨询 投诉 求助 建议 举报 不予受理"));
		if (!is_date && !text_ok(v, TEXT_MAX))
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" must be one line of at most %d bytes"), name,
				       TEXT_MAX);
	}
	return SL_OK;
}

static json_t *blobs_of(const struct draft *d)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_files; i++)
		(void)json_array_append_new(
			list,
			json_pack("{s:I,s:s,s:s,s:s}", "length", (json_int_t)d->files[i].length,
				  "media_type", d->files[i].media_type, "name",
				  d->files[i].name, "sha256", d->files[i].sha256));
	return list;
}

static json_t *channels_of(const struct draft *d)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_channels; i++)
		(void)json_array_append_new(list, json_string(d->channels[i]));
	return list;
}

static int set_text(json_t *m, const char *name, const char *value)
{
	if (value[0] == '\0')
		return SL_OK;
	return json_object_set_new(m, name, json_string(value)) == 0 ? SL_OK : SL_E_FORMAT;
}

int offer_manifest(const struct draft *d, const char *klass, const char *organisation,
		   const json_t *meta, struct buf *out, struct sl_why *why)
{
	long long year = d->number / PER_YEAR, n = d->number % PER_YEAR;
	char index_no[128], created[CLOCK_TEXT + 1];
	json_t *m;
	int r;

	/* 索引号: code/year-serial with five digits; the draft's number is never reused. */
	if (n > INDEX_MAX)
		return why_set(why, SL_E_LIMIT, _("this year's index numbers are used up"));
	(void)snprintf(index_no, sizeof(index_no), "%s/%04lld-%05lld", organisation, year, n);
	clock_format(d->created, created);
	m = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o}", "id", d->release,
		      "version", (json_int_t)d->revision, "class", klass, "content_type",
		      d->content_type, "created", created, "index_no", index_no, "language",
		      "zh-CN", "pubstatus", "usable", "schema", "sluice-manifest/1", "title",
		      d->title, "blobs", blobs_of(d), "channels", channels_of(d));
	r = m == NULL ? SL_E_NOMEM : set_text(m, "column", d->column);
	if (r == SL_OK)
		r = set_text(m, "disclosure", d->disclosure);
	if (r == SL_OK)
		r = set_text(m, "supersedes", d->corrects);
	if (r == SL_OK && meta != NULL &&
	    json_object_update_missing(m, (json_t *)(uintptr_t)meta) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = json_canonical(m, out);
	json_decref(m);
	return r == SL_OK ? r : why_set(why, r, _("no manifest can be made of this draft"));
}
