/* seen.c - the evidence of reading, kept beside the reader. */
#include "seen.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "crypto/hash.h"

enum { SEEN_MAX = 256 << 10 };

struct seen {
	char path[4096];
	char draft[24];
	int64_t revision;
	json_t *parts; /* object part -> sha256 */
};

int seen_load(const struct client_config *config, const char *draft, int64_t revision,
	      struct seen **ret_s, struct sl_why *why)
{
	struct seen *s = calloc(1, sizeof(*s));
	struct buf b;
	char dir[3500];
	int r = s == NULL ? SL_E_NOMEM : config_cache_dir(config, dir, sizeof(dir));

	buf_init(&b, SEEN_MAX);
	if (r != SL_OK)
		goto out;
	s->revision = revision;
	(void)snprintf(s->draft, sizeof(s->draft), "%s", draft);
	(void)snprintf(s->path, sizeof(s->path), "%s/%s-%lld.json", dir, s->draft,
		       (long long)revision);
	r = file_read(AT_FDCWD, s->path, SEEN_MAX, &b);
	if (r == SL_OK)
		r = json_parse(buf_str(&b), b.len, SEEN_MAX, &s->parts);
	/* A memory that is gone or damaged only means reading again. */
	if (r == SL_E_NOTFOUND || r == SL_E_FORMAT ||
	    (r == SL_OK && !json_is_object(s->parts))) {
		json_decref(s->parts);
		s->parts = json_object();
		r = s->parts == NULL ? SL_E_NOMEM : SL_OK;
	}
	if (r != SL_OK)
		goto out;
	*ret_s = s;
	s = NULL; /* moved */
out:
	if (r != SL_OK)
		r = why_set(why, r, _("cannot keep the record of what was shown in %s: %s"),
			    s != NULL ? s->path : "the cache", sl_strerror(r));
	buf_release(&b);
	seen_free(s);
	return r;
}

void seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	json_decref(s->parts);
	free(s);
}

int seen_add(struct seen *s, const char *part, const char *sha256)
{
	struct buf b;
	int r;

	if (seen_has(s, part, sha256))
		return SL_OK;
	buf_init(&b, SEEN_MAX);
	r = json_object_set_new(s->parts, part, json_string(sha256)) == 0 ? SL_OK : SL_E_NOMEM;
	if (r == SL_OK)
		r = json_compact(s->parts, &b);
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, s->path, b.data, b.len, 0600);
	buf_release(&b);
	return r;
}

bool seen_has(const struct seen *s, const char *part, const char *sha256)
{
	const char *have = json_str(s->parts, part);

	return have != NULL && strcmp(have, sha256) == 0;
}

static int by_part(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int seen_digest(const struct seen *s, char ret_sha256[65])
{
	size_t n = json_object_size(s->parts), i = 0;
	const char **names = calloc(n + 1, sizeof(*names)), *name;
	json_t *list = json_array(), *doc = NULL, *value;
	struct buf b;
	int r = names == NULL || list == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, SEEN_MAX);
	if (r != SL_OK)
		goto out;
	json_object_foreach(s->parts, name, value) names[i++] = name;
	qsort(names, n, sizeof(*names), by_part);
	for (i = 0; i < n; i++)
		(void)json_array_append_new(list,
					    json_pack("{s:s, s:s}", "part", names[i], "sha256",
						      json_str(s->parts, names[i])));
	doc = json_pack("{s:s, s:O, s:I}", "draft", s->draft, "parts", list, "revision",
			(json_int_t)s->revision);
	r = doc == NULL ? SL_E_NOMEM : json_canonical(doc, &b);
	if (r == SL_OK)
		hash_hex(b.data, b.len, ret_sha256);
out:
	json_decref(doc);
	json_decref(list);
	free(names);
	buf_release(&b);
	return r;
}

int seen_complete(const struct seen *s, const struct review_case *c, struct buf *out)
{
	size_t before = out->len;

	if (!seen_has(s, "manifest", c->manifest_sha256))
		buf_putf(out, "%s\n", _("the summary (manifest)"));
	if (!seen_has(s, "report", c->report_sha256))
		buf_putf(out, "%s\n", _("the inspection report"));
	for (unsigned i = 0; i < c->n_files; i++) {
		const struct case_file *f = &c->files[i];
		char text[32], file[32];

		(void)snprintf(text, sizeof(text), "text:%u", f->index);
		(void)snprintf(file, sizeof(file), "file:%u", f->index);
		if (!(f->text_sha256[0] != '\0' && seen_has(s, text, f->text_sha256)) &&
		    !seen_has(s, file, f->sha256))
			buf_putf(out, "%s\n", f->name);
	}
	if (buf_error(out) != SL_OK)
		return buf_error(out);
	return out->len == before ? SL_OK : SL_E_DENIED;
}
