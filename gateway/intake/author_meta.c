/* author_meta.c - metadata from YAML, the command line and the first line of the text. */
#include "intake/author_meta.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/yaml.h"

/* Public metadata a draft may carry (domain.md 3.1, the fields marked P). */
struct meta_file {
	char *title, *subtitle, *summary, *type, *column, *disclosure, *publisher, *created_on;
	char *effective_on, *expires_on, *validity, *doc_no, *topic_class, *genre_class;
	char *audience_class, *source_type, *source_name, *source_url, *contact_public;
	/* These stay in the house. */
	char *consent, *origin_agency, *question, *received_on, *due_on, *category;
	char **channels, **keywords;
	unsigned channels_count, keywords_count;
};

#define META_STR(name)                                                                         \
	CYAML_FIELD_STRING_PTR(#name, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,                \
			       struct meta_file, name, 0, 2000)

static const cyaml_schema_value_t word_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, 200),
};
static const cyaml_schema_field_t meta_fields[] = {
	META_STR(title),
	META_STR(subtitle),
	META_STR(summary),
	META_STR(type),
	META_STR(column),
	META_STR(disclosure),
	META_STR(publisher),
	META_STR(created_on),
	META_STR(effective_on),
	META_STR(expires_on),
	META_STR(validity),
	META_STR(doc_no),
	META_STR(topic_class),
	META_STR(genre_class),
	META_STR(audience_class),
	META_STR(source_type),
	META_STR(source_name),
	META_STR(source_url),
	META_STR(contact_public),
	META_STR(consent),
	META_STR(origin_agency),
	META_STR(question),
	META_STR(received_on),
	META_STR(category),
	META_STR(due_on),
	CYAML_FIELD_SEQUENCE("channels", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			     struct meta_file, channels, &word_schema, 0, AUTHOR_CHANNELS_MAX),
	CYAML_FIELD_SEQUENCE("keywords", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			     struct meta_file, keywords, &word_schema, 0, 32),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t meta_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct meta_file, meta_fields),
};

static const struct {
	const char *name;
	size_t offset;
} extra_fields[] = {
	{"audience_class", offsetof(struct meta_file, audience_class)},
	{"contact_public", offsetof(struct meta_file, contact_public)},
	{"created_on", offsetof(struct meta_file, created_on)},
	{"doc_no", offsetof(struct meta_file, doc_no)},
	{"effective_on", offsetof(struct meta_file, effective_on)},
	{"expires_on", offsetof(struct meta_file, expires_on)},
	{"genre_class", offsetof(struct meta_file, genre_class)},
	{"publisher", offsetof(struct meta_file, publisher)},
	{"source_name", offsetof(struct meta_file, source_name)},
	{"source_type", offsetof(struct meta_file, source_type)},
	{"source_url", offsetof(struct meta_file, source_url)},
	{"subtitle", offsetof(struct meta_file, subtitle)},
	{"summary", offsetof(struct meta_file, summary)},
	{"topic_class", offsetof(struct meta_file, topic_class)},
	{"validity", offsetof(struct meta_file, validity)},
};

static const struct {
	const char *suffix, *type;
} media_types[] = {
	{".txt", "text/plain"},
	{".md", "text/markdown"},
	{".csv", "text/csv"},
	{".json", "application/json"},
	{".html", "text/html"},
	{".htm", "text/html"},
	{".xml", "application/xml"},
	{".pdf", "application/pdf"},
	{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{".odt", "application/vnd.oasis.opendocument.text"},
	{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
	{".ofd", "application/ofd"},
	{".png", "image/png"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".gif", "image/gif"},
	{".zip", "application/zip"},
};

const char *author_media_type(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++) {
		size_t m = strlen(media_types[i].suffix);

		if (n > m && strcasecmp(name + n - m, media_types[i].suffix) == 0)
			return media_types[i].type;
	}
	return "application/octet-stream";
}

/* The first line of a UTF-8 text, else the file's name: a title the author can live with. */
static int guess_title(const char *path, char *out, size_t cap)
{
	const char *slash = strrchr(path, '/');
	char head[600] = "";
	ssize_t n;
	size_t len;
	int fd;

	(void)text_safe(slash != NULL ? slash + 1 : path,
			strlen(slash != NULL ? slash + 1 : path), out, cap);
	if (strncmp(author_media_type(path), "text/", 5) != 0 ||
	    strcmp(author_media_type(path), "text/html") == 0)
		return SL_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	n = fd < 0 ? -1 : read(fd, head, sizeof(head) - 1);
	file_close(fd);
	if (n <= 0)
		return SL_OK; /* author_submit says why the file cannot be read */
	head[n] = '\0';
	len = strcspn(head, "\r\n");
	if (len == 0 || len > 300 || !text_is_utf8(head, len))
		return SL_OK;
	(void)text_safe(head, len, out, cap);
	return SL_OK;
}

static int put(json_t *args, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return SL_OK;
	return json_object_set_new(args, name, json_string(value)) == 0 ? SL_OK : SL_E_FORMAT;
}

static const char *either(const char *a, const char *b, const char *fallback)
{
	if (a != NULL)
		return a;
	return b != NULL ? b : fallback;
}

static json_t *channel_list(const struct author_draft *d, const struct meta_file *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_channels; i++)
		(void)json_array_append_new(list, json_string(d->channels[i]));
	for (unsigned i = 0; d->n_channels == 0 && i < m->channels_count; i++)
		(void)json_array_append_new(list, json_string(m->channels[i]));
	if (json_array_size(list) == 0)
		(void)json_array_append_new(list, json_string("official-site"));
	return list;
}

/* NULL: none of them is given. */
static json_t *internal_meta(const struct meta_file *m)
{
	const struct {
		const char *name, *value;
	} rows[] = {{"category", m->category}, {"consent", m->consent},
		    {"due_on", m->due_on},     {"origin_agency", m->origin_agency},
		    {"question", m->question}, {"received_on", m->received_on}};
	json_t *j = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].value == NULL || rows[i].value[0] == '\0')
			continue;
		if (j == NULL)
			j = json_object();
		(void)json_object_set_new(j, rows[i].name, json_string(rows[i].value));
	}
	return j;
}

static json_t *extra_meta(const struct meta_file *m)
{
	json_t *extra = json_object();

	for (size_t i = 0; i < sizeof(extra_fields) / sizeof(extra_fields[0]); i++) {
		const char *const *at =
			(const char *const *)(const void *)((const char *)m +
							    extra_fields[i].offset);

		if (*at != NULL && (*at)[0] != '\0')
			(void)json_object_set_new(extra, extra_fields[i].name,
						  json_string(*at));
	}
	if (m->keywords_count > 0) {
		json_t *words = json_array();

		for (unsigned i = 0; i < m->keywords_count; i++)
			(void)json_array_append_new(words, json_string(m->keywords[i]));
		(void)json_object_set_new(extra, "keywords", words);
	}
	return extra;
}

/* The same fields out of a manifest of an earlier revision. */
static json_t *like_meta(const json_t *manifest)
{
	json_t *extra = json_object(), *words = json_object_get(manifest, "keywords");

	for (size_t i = 0; i < sizeof(extra_fields) / sizeof(extra_fields[0]); i++) {
		json_t *v = json_object_get(manifest, extra_fields[i].name);

		if (v != NULL)
			(void)json_object_set(extra, extra_fields[i].name, v);
	}
	if (words != NULL)
		(void)json_object_set(extra, "keywords", words);
	return extra;
}

int author_meta_args(const struct author_draft *d, json_t **ret_args, struct sl_why *why)
{
	struct meta_file none = {0}, *m = NULL;
	char title[512];
	json_t *args = NULL, *internal;
	int r = SL_OK;

	if (d->meta_file != NULL) {
		void *loaded = NULL;

		r = yaml_load(d->meta_file, &meta_schema, &loaded, why);
		if (r != SL_OK)
			return r;
		m = loaded;
	}
	r = guess_title(d->files[0], title, sizeof(title));
	if (r != SL_OK)
		goto out;
	args = json_object();
	r = put(args, "title", either(d->title, m != NULL ? m->title : NULL, title));
	if (r == SL_OK)
		r = put(args, "type",
			either(d->content_type, m != NULL ? m->type : NULL, "CT04"));
	if (r == SL_OK)
		r = put(args, "column", either(d->column, m != NULL ? m->column : NULL, NULL));
	if (r == SL_OK)
		r = put(args, "disclosure",
			either(d->disclosure, m != NULL ? m->disclosure : NULL, "主动公开"));
	if (r == SL_OK)
		r = put(args, "revise", d->revises);
	if (r == SL_OK)
		r = put(args, "corrects", d->corrects);
	if (r == SL_OK)
		r = put(args, "route", d->route);
	if (r != SL_OK) {
		r = why_set(why, r, _("title, type, column and disclosure must be UTF-8 text"));
		goto out;
	}
	if (json_object_set_new(args, "channels", channel_list(d, m != NULL ? m : &none)) !=
		    0 ||
	    json_object_set_new(args, "meta",
				d->like != NULL ? like_meta(d->like)
						: extra_meta(m != NULL ? m : &none)) != 0) {
		r = SL_E_NOMEM;
		goto out;
	}
	internal = m != NULL ? internal_meta(m) : NULL;
	if (internal != NULL && json_object_set_new(args, "internal", internal) != 0) {
		r = SL_E_NOMEM;
		goto out;
	}
	*ret_args = args;
	args = NULL; /* moved */
out:
	json_decref(args);
	yaml_free(&meta_schema, m, 0);
	return r;
}
