/* ceremony_merge.c - enough signatures become the files that the gateway takes.
 *
 * Invariant: every file in result/ verifies by the keys that are in charge of it;
 * transcript.json is written last and says that the rest is complete. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "keys/ceremony.h"
#include "keys/ceremony_words.h"

enum { TEXT_MAX = 1 << 20, PATH_CAP = 4096 };

struct merging {
	const struct ceremony *c;
	const char *dir; /* of result/ */
	json_t *files;	 /* {"path","sha256","length"} of everything written */
	struct sl_why *why;
};

static int put(struct merging *m, const char *path, const void *bytes, size_t len)
{
	char whole[PATH_CAP], hex[HASH_HEX + 1];
	char *slash;
	int r = file_join(whole, sizeof(whole), m->dir, path);

	if (r == SL_OK) {
		slash = strrchr(whole, '/');
		*slash = '\0';
		r = file_mkdirs(whole, 0755);
		*slash = '/';
	}
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, whole, bytes, len, 0644);
	if (r != SL_OK)
		return why_set(m->why, r, "%s: %s", path, _(sl_strerror(r)));
	hash_hex(bytes, len, hex);
	(void)json_array_append_new(m->files,
				    json_pack("{s:I,s:s,s:s}", "length", (json_int_t)len,
					      "path", path, "sha256", hex));
	return SL_OK;
}

static int by_keyid(const void *a, const void *b)
{
	const struct ceremony_signature *const *x = a, *const *y = b;

	return strcmp((*x)->keyid, (*y)->keyid);
}

/* Signatures of this document, by key id; returns how many. */
static unsigned sorted(const struct ceremony *c, enum ceremony_doc d,
		       const struct ceremony_signature *out[CEREMONY_SIGNATURES_MAX])
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n_sig; i++) {
		if (c->sig[i].doc == d)
			out[n++] = &c->sig[i];
	}
	qsort(out, n, sizeof(out[0]), by_keyid);
	return n;
}

/* The finished file must stand on its own: parsed and verified like a platform does. */
static int prove(const struct ceremony *c, enum ceremony_doc d, const struct buf *b,
		 struct sl_why *why)
{
	struct tuf_role sets[CEREMONY_SETS];
	struct tuf_meta *m = NULL;
	int n = ceremony_signers(c, d, sets, why);
	int r = n < 0 ? n
		      : tuf_parse(b->data, b->len, d == CEREMONY_ROOT ? "root" : "targets", &m,
				  why);

	for (int i = 0; i < n && r == SL_OK; i++)
		r = tuf_verify(m, &sets[i], why);
	tuf_free(m);
	return r;
}

static int write_document(struct merging *m, enum ceremony_doc d)
{
	const struct ceremony_signature *sig[CEREMONY_SIGNATURES_MAX];
	const struct ceremony *c = m->c;
	json_t *list = json_array(), *envelope;
	unsigned n = sorted(c, d, sig);
	char path[64];
	struct buf b;
	int r;

	for (unsigned i = 0; i < n; i++) {
		char hex[2 * KEY_SIGNATURE + 1];

		text_hex(sig[i]->sig, KEY_SIGNATURE, hex);
		(void)json_array_append_new(
			list, json_pack("{s:s,s:s}", "keyid", sig[i]->keyid, "sig", hex));
	}
	envelope = json_pack("{s:o,s:O}", "signatures", list, "signed",
			     json_object_get(c->new[d]->json, "signed"));
	buf_init(&b, TUF_TARGETS_MAX);
	r = envelope == NULL ? SL_E_NOMEM : json_canonical(envelope, &b);
	if (r == SL_OK)
		r = prove(c, d, &b, m->why);
	(void)snprintf(path, sizeof(path), "metadata/%lld.%s.json",
		       (long long)c->new[d]->version, ceremony_doc_name(d));
	if (r == SL_OK)
		r = put(m, path, b.data, b.len);
	/* What platforms are given by hand, once. */
	if (r == SL_OK && d == CEREMONY_ROOT && c->old[d] == NULL)
		r = put(m, "root.json", b.data, b.len);
	buf_release(&b);
	json_decref(envelope);
	return r;
}

/* A file that policy.json lists, from what lies on the medium. */
static int write_target(struct merging *m, const char *path, const json_t *t)
{
	const struct ceremony *c = m->c;
	const char *name = strrchr(path, '/') + 1,
		   *sha256 = json_str(json_obj(t, "hashes"), "sha256");
	char from[TUF_PATH_MAX + 96], hex[HASH_HEX + 1] = "";
	struct buf b;
	int r = SL_OK;

	buf_init(&b, JSON_SIGNED_MAX);
	(void)snprintf(from, sizeof(from), "new/files/%s", name);
	if (strncmp(name, "approval-policy", 15) == 0)
		buf_put(&b, c->new_policy.data, c->new_policy.len);
	else
		r = file_read(c->fd, from, JSON_SIGNED_MAX, &b);
	hash_hex(b.data, b.len, hex);
	if (r != SL_OK || sha256 == NULL || strcmp(sha256, hex) != 0) {
		r = why_set(
			m->why, SL_E_SIGNATURE,
			_("%s is missing on the medium, or is not the file that policy.json "
			  "lists"),
			from);
	} else {
		(void)snprintf(from, sizeof(from), "targets/policy/%s.%s", hex, name);
		r = put(m, from, b.data, b.len);
	}
	buf_release(&b);
	return r;
}

static int write_targets(struct merging *m)
{
	const struct ceremony *c = m->c;
	const json_t *old = c->old[CEREMONY_POLICY] == NULL
				    ? NULL
				    : json_obj(c->old[CEREMONY_POLICY]->body, "targets");
	json_t *new;
	const char *path;
	json_t *t;
	int r = SL_OK;

	if (c->new[CEREMONY_POLICY] == NULL)
		return SL_OK;
	new = json_object_get(json_object_get(c->new[CEREMONY_POLICY]->json, "signed"),
			      "targets");
	json_object_foreach(new, path, t)
	{
		const char *name = strncmp(path, "policy/", 7) == 0 ? path + 7 : "";

		if (json_equal(json_object_get(old, path), t))
			continue;
		if (r == SL_OK && !text_is_safe_name(name, strlen(name)))
			r = why_set(m->why, SL_E_FORMAT,
				    _("%s is not the name of a file of the policy"), path);
		if (r == SL_OK)
			r = write_target(m, path, t);
	}
	if (r == SL_OK && c->new_roster != NULL)
		r = put(m, "approval-policy.json", c->new_policy.data, c->new_policy.len);
	return r;
}

/* ---- the transcript ---- */

static json_t *signatures_json(const struct ceremony *c, enum ceremony_doc d)
{
	const struct ceremony_signature *sig[CEREMONY_SIGNATURES_MAX];
	unsigned n = sorted(c, d, sig);
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		char hex[2 * KEY_PUBLIC + 1], time[CLOCK_TEXT + 1];

		text_hex(sig[i]->key, KEY_PUBLIC, hex);
		clock_format(sig[i]->time, time);
		(void)json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:s}", "keyid", sig[i]->keyid, "program",
					sig[i]->program, "public", hex, "time", time));
	}
	return list;
}

static json_t *transcript_json(const struct merging *m, int64_t now)
{
	const struct ceremony *c = m->c;
	char time[CLOCK_TEXT + 1], number[HASH_HEX + 1];
	json_t *documents = json_array();

	clock_format(now, time);
	ceremony_number(c, number);
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		if (c->new[d] == NULL)
			continue;
		(void)json_array_append_new(
			documents,
			json_pack("{s:s,s:o,s:s,s:I}", "role", ceremony_doc_name(d),
				  "signatures", signatures_json(c, d), "signed_sha256",
				  c->sha256[d], "version", (json_int_t)c->new[d]->version));
	}
	return json_pack("{s:o,s:O,s:s,s:s,s:s,s:s}", "documents", documents, "files", m->files,
			 "number", number, "program", "sluice-keys " SL_VERSION, "schema",
			 "sluice-transcript/1", "time", time);
}

static void text_in(const struct merging *m, const json_t *t, enum ceremony_language l,
		    struct buf *out)
{
	const struct ceremony *c = m->c;
	char groups[CEREMONY_GROUPS + 1];
	const json_t *f;
	size_t i;

	buf_putf(out, "%s\n\n%s: %s    %s\n\n",
		 words(l, "TRANSCRIPT OF A KEY CEREMONY", "密钥仪式记录"),
		 words(l, "merged", "合并时间"), json_str(t, "time"), json_str(t, "program"));
	ceremony_summary(c, l, out);
	buf_putf(out, "\n%s\n", words(l, "SIGNATURES", "签名"));
	ceremony_tally(c, l, out);
	for (unsigned k = 0; k < c->n_sig; k++) {
		char time[CLOCK_TEXT + 1];

		clock_format(c->sig[k].time, time);
		ceremony_groups(c->sig[k].keyid, groups);
		buf_putf(out,
			 "  %s.json  %s  %s\n    %.39s\n    %s\n    %s ______________  %s "
			 "______________\n",
			 ceremony_doc_name(c->sig[k].doc), time, c->sig[k].program, groups,
			 groups + 40, words(l, "name", "姓名"), words(l, "signature", "签字"));
	}
	buf_putf(out, "\n%s\n", words(l, "FILES (SHA-256)", "文件（SHA-256）"));
	json_array_foreach(m->files, i, f)
	{
		ceremony_groups(json_str(f, "sha256"), groups);
		buf_putf(out, "  %s\n    %.39s\n    %s\n", json_str(f, "path"), groups,
			 groups + 40);
	}
}

static int write_transcript(struct merging *m, int64_t now)
{
	json_t *t = transcript_json(m, now);
	struct buf text, bytes;
	int r = t == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&text, TEXT_MAX);
	buf_init(&bytes, JSON_SIGNED_MAX);
	if (r == SL_OK) {
		text_in(m, t, CEREMONY_EN, &text);
		buf_puts(&text, "\n\n");
		text_in(m, t, CEREMONY_ZH, &text);
		r = buf_error(&text);
	}
	if (r == SL_OK)
		r = json_canonical(t, &bytes);
	if (r == SL_OK)
		r = put(m, "transcript.txt", text.data, text.len);
	if (r == SL_OK)
		r = put(m, "transcript.json", bytes.data, bytes.len);
	buf_release(&text);
	buf_release(&bytes);
	json_decref(t);
	return r;
}

static int missing(const struct ceremony *c, struct sl_why *why)
{
	struct buf b, line;
	int r;

	buf_init(&b, 1024);
	buf_init(&line, 1024);
	ceremony_tally(c, i18n_is_zh() ? CEREMONY_ZH : CEREMONY_EN, &b);
	for (const char *p = buf_str(&b); *p != '\0'; p++) {
		if (*p != '\n')
			buf_put(&line, p, 1);
		else if (p[1] != '\0')
			buf_puts(&line, "; ");
	}
	r = why_set(why, SL_E_DENIED, _("signatures are missing: %s"), buf_str(&line));
	buf_release(&b);
	buf_release(&line);
	return r;
}

int ceremony_merge(const struct ceremony *c, const char *dir, int64_t now, struct sl_why *why)
{
	struct merging m = {.c = c, .dir = dir, .files = json_array(), .why = why};
	int r = m.files == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && !ceremony_complete(c))
		r = missing(c, why);
	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		if (c->new[d] != NULL)
			r = write_document(&m, (enum ceremony_doc)d);
	}
	if (r == SL_OK)
		r = write_targets(&m);
	if (r == SL_OK)
		r = write_transcript(&m, now);
	json_decref(m.files);
	return r;
}
