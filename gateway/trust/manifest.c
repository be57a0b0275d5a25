/* manifest.c - sluice-manifest/1: what exactly is published.
 *
 * Hostile: all bytes.  Reviewers sign the SHA-256 of these bytes, so nothing in
 * them may be ambiguous: canonical JSON, no unknown member, safe blob names. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "trust/statement.h"

enum { LIST_MAX = 64, WORD_MAX = MANIFEST_CHANNEL_MAX };
#define BLOB_BYTES_MAX (UINT64_C(1) << 40)

const char *const manifest_texts[] = {
	"audience_class", "column",	  "column_id",	   "column_name",
	"contact_public", "created_on",	  "disclosure",	   "disclosure_attr",
	"doc_no",	  "effective_on", "expires_on",	   "genre_class",
	"not_after",	  "not_before",	  "published_at",  "publisher",
	"source_name",	  "source_type",  "source_url",	   "subtitle",
	"summary",	  "supersedes",	  "superseded_by", "topic_class",
	"validity",	  NULL,
};
static const char *const manifest_lists[] = {"keywords", "related", NULL};

bool release_id_ok(const char *id)
{
	static const char shape[] = "R-dddd-dddddd";

	if (strlen(id) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (shape[i] == 'd' ? id[i] < '0' || id[i] > '9' : id[i] != shape[i])
			return false;
	}
	return true;
}

/* A short name for machines: channel, class, language, type. */
static bool word_ok(const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s);

	return len > 0 && len <= WORD_MAX &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		       len;
}

bool manifest_channel_ok(const char *name)
{
	return word_ok(name);
}

static bool media_type_ok(const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s);
	const char *slash = len == 0 ? NULL : strchr(s, '/');

	if (slash == NULL || slash == s || slash[1] == '\0' ||
	    len >= sizeof(((struct manifest_blob *)0)->media_type))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < ' ' || s[i] > '~')
			return false;
	}
	return true;
}

static int read_blob(const json_t *j, struct manifest_blob *b, struct sl_why *why)
{
	static const char *const names[] = {"length", "media_type", "name", "sha256", NULL};
	const char *name = json_str(j, "name"), *type = json_str(j, "media_type"),
		   *sha256 = json_str(j, "sha256");
	int64_t length;

	if (!json_has_only(j, names, NULL) || name == NULL || sha256 == NULL ||
	    !json_i64(j, "length", &length) || !media_type_ok(type) || !text_is_sha256(sha256))
		return why_set(why, SL_E_FORMAT, "a blob is malformed");
	if (!text_is_safe_name(name, strlen(name)))
		return why_set(why, SL_E_FORMAT, "blob name \"%s\" is not safe", name);
	if (length < 0 || (uint64_t)length > BLOB_BYTES_MAX)
		return why_set(why, SL_E_LIMIT, "length of blob %s", name);
	memcpy(b->name, name, strlen(name) + 1);
	memcpy(b->media_type, type, strlen(type) + 1);
	memcpy(b->sha256, sha256, sizeof(b->sha256));
	b->length = (uint64_t)length;
	return SL_OK;
}

static int read_blobs(const json_t *list, struct manifest *m, struct sl_why *why)
{
	size_t n = json_array_size(list), i;
	const json_t *v;
	int r;

	if (n == 0 || n > MANIFEST_BLOBS_MAX)
		return why_set(why, SL_E_LIMIT, "number of blobs");
	m->blobs = calloc(n, sizeof(*m->blobs));
	if (m->blobs == NULL)
		return SL_E_NOMEM;
	json_array_foreach(list, i, v)
	{
		r = read_blob(v, &m->blobs[i], why);
		if (r != SL_OK)
			return r;
		for (unsigned k = 0; k < m->n_blobs; k++) {
			if (strcmp(m->blobs[k].name, m->blobs[i].name) == 0)
				return why_set(why, SL_E_FORMAT, "blob name %s twice",
					       m->blobs[i].name);
		}
		m->n_blobs++;
	}
	return SL_OK;
}

static int read_channels(const json_t *list, struct manifest *m, struct sl_why *why)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		const char *s = json_string_value(v);

		if (m->n_channels == MANIFEST_CHANNELS_MAX)
			return why_set(why, SL_E_LIMIT, "number of channels");
		if (!word_ok(s))
			return why_set(why, SL_E_FORMAT, "a channel is malformed");
		for (unsigned k = 0; k < m->n_channels; k++) {
			if (strcmp(m->channels[k], s) == 0)
				return why_set(why, SL_E_FORMAT, "channel %s twice", s);
		}
		m->channels[m->n_channels++] = s;
	}
	return m->n_channels == 0 ? why_set(why, SL_E_FORMAT, "no channel") : SL_OK;
}

static bool read_embargo(const json_t *v, struct manifest *m)
{
	const char *s = json_string_value(v);

	return v == NULL ||
	       (s != NULL && clock_parse(s, strlen(s), &m->embargo) && m->embargo > 0);
}

/* Optional members have the right type and number; required ones are counted by the caller. */
static int count_optional(const json_t *j, size_t *ret_n)
{
	size_t n = 0, k;
	const json_t *v, *e;

	for (unsigned i = 0; manifest_texts[i] != NULL; i++) {
		v = json_object_get(j, manifest_texts[i]);
		if (v != NULL && !json_is_string(v))
			return SL_E_FORMAT;
		n += v != NULL;
	}
	for (unsigned i = 0; manifest_lists[i] != NULL; i++) {
		v = json_object_get(j, manifest_lists[i]);
		if (v != NULL && (!json_is_array(v) || json_array_size(v) > LIST_MAX))
			return SL_E_FORMAT;
		json_array_foreach(v, k, e)
		{
			if (!json_is_string(e))
				return SL_E_FORMAT;
		}
		n += v != NULL;
	}
	*ret_n = n + (json_object_get(j, "embargo") != NULL);
	return SL_OK;
}

static int read_words(const json_t *j, struct manifest *m, struct sl_why *why)
{
	const char *schema = json_str(j, "schema");
	int64_t created;

	if (schema == NULL || strcmp(schema, "sluice-manifest/1") != 0)
		return why_set(why, SL_E_FORMAT, "not a sluice-manifest/1 file");
	m->id = json_str(j, "id");
	m->klass = json_str(j, "class");
	m->content_type = json_str(j, "content_type");
	m->title = json_str(j, "title");
	m->index_no = json_str(j, "index_no");
	m->language = json_str(j, "language");
	m->pubstatus = json_str(j, "pubstatus");
	m->created = json_str(j, "created");
	if (m->id == NULL || !release_id_ok(m->id))
		return why_set(why, SL_E_FORMAT, "id is not R-YYYY-NNNNNN");
	if (!word_ok(m->klass) || !word_ok(m->content_type) || !word_ok(m->language) ||
	    !word_ok(m->pubstatus) || m->title == NULL || m->title[0] == '\0' ||
	    m->index_no == NULL || m->created == NULL ||
	    !clock_parse(m->created, strlen(m->created), &created))
		return why_set(why, SL_E_FORMAT, "a required member is malformed");
	if (!json_i64(j, "version", &m->version) || m->version < 1)
		return why_set(why, SL_E_FORMAT, "version is not a number above 0");
	return SL_OK;
}

static int read_manifest(struct manifest *m, struct sl_why *why)
{
	enum { REQUIRED = 12 };
	const json_t *j = m->json;
	size_t optional;
	int r;

	if (json_arr(j, "blobs") == NULL || json_arr(j, "channels") == NULL)
		return why_set(why, SL_E_FORMAT, "blobs or channels missing");
	r = read_words(j, m, why);
	if (r != SL_OK)
		return r;
	if (count_optional(j, &optional) != SL_OK ||
	    !read_embargo(json_object_get(j, "embargo"), m))
		return why_set(why, SL_E_FORMAT, "an optional member is malformed");
	/* All required members are there by now, so any surplus is unknown. */
	if (json_object_size(j) != REQUIRED + optional)
		return why_set(why, SL_E_FORMAT, "unknown member");
	r = read_channels(json_arr(j, "channels"), m, why);
	return r == SL_OK ? read_blobs(json_arr(j, "blobs"), m, why) : r;
}

int manifest_parse(const void *bytes, size_t len, struct manifest **ret_m, struct sl_why *why)
{
	struct manifest *m = NULL;
	int r = SL_E_LIMIT;

	if (len > MANIFEST_MAX) {
		(void)why_set(why, r, "too large");
		goto out;
	}
	m = calloc(1, sizeof(*m));
	r = m == NULL ? SL_E_NOMEM : json_parse_signed(bytes, len, &m->json);
	if (r != SL_OK) {
		(void)why_set(why, r, "it is not canonical JSON of the signed profile");
		goto out;
	}
	r = read_manifest(m, why);
	if (r != SL_OK)
		goto out;
	hash_bytes(bytes, len, m->sha256);
	*ret_m = m;
	m = NULL; /* moved */
out:
	manifest_free(m);
	return r == SL_OK ? r : why_prefix(why, r, "manifest");
}

void manifest_free(struct manifest *m)
{
	if (m == NULL)
		return;
	json_decref(m->json);
	free(m->blobs);
	free(m);
}
