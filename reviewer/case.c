/* case.c - fetch a draft from the desk and believe nothing that can be recomputed. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "trust/policy_trust.h"

enum { REPORT_MAX = 8 << 20 };

static int copy_str(const json_t *obj, const char *name, char *out, size_t cap)
{
	const char *s = json_str(obj, name);

	if (s == NULL || strlen(s) >= cap)
		return SL_E_FORMAT;
	memcpy(out, s, strlen(s) + 1);
	return SL_OK;
}

static int take_manifest(struct review_case *c, struct sl_why *why)
{
	const char *text = json_str(c->shown, "manifest");
	int r;

	if (text == NULL)
		return why_set(why, SL_E_FORMAT, _("the gateway sent no manifest"));
	r = manifest_parse(text, strlen(text), &c->manifest, why);
	if (r != SL_OK)
		return r;
	text_hex(c->manifest->sha256, HASH_LEN, c->manifest_sha256);
	return SL_OK;
}

static int take_report(struct review_case *c, struct sl_why *why)
{
	struct buf bytes;
	int r;

	c->report = json_obj(c->shown, "report");
	if (c->report == NULL)
		return why_set(why, SL_E_FORMAT, _("the gateway sent no inspection report"));
	buf_init(&bytes, REPORT_MAX);
	/* The digest that is signed is of the canonical bytes, which anyone can make again. */
	r = json_compact(c->report, &bytes);
	if (r == SL_OK)
		hash_hex(bytes.data, bytes.len, c->report_sha256);
	buf_release(&bytes);
	return r;
}

static int take_file(struct case_file *f, const json_t *row, const struct manifest *m)
{
	int64_t index = -1, length = -1;

	if (!json_i64(row, "index", &index) || index < 0 || index >= CASE_FILES_MAX ||
	    !json_i64(row, "length", &length) || length < 0 ||
	    copy_str(row, "name", f->name, sizeof(f->name)) != SL_OK ||
	    copy_str(row, "media_type", f->media_type, sizeof(f->media_type)) != SL_OK ||
	    copy_str(row, "sha256", f->sha256, sizeof(f->sha256)) != SL_OK ||
	    copy_str(row, "text_sha256", f->text_sha256, sizeof(f->text_sha256)) != SL_OK)
		return SL_E_FORMAT;
	f->index = (unsigned)index;
	f->length = (uint64_t)length;
	/* What is read must be what is signed. */
	for (unsigned k = 0; k < m->n_blobs; k++) {
		if (strcmp(m->blobs[k].sha256, f->sha256) == 0 &&
		    strcmp(m->blobs[k].name, f->name) == 0 && m->blobs[k].length == f->length)
			return SL_OK;
	}
	return SL_E_SIGNATURE;
}

static int take_files(struct review_case *c, struct sl_why *why)
{
	const json_t *rows = json_arr(c->shown, "files"), *row;
	size_t i, n = json_array_size(rows);

	if (n != c->manifest->n_blobs || n > CASE_FILES_MAX)
		return why_set(why, SL_E_SIGNATURE,
			       _("the gateway's list of files is not the manifest's"));
	c->files = calloc(n > 0 ? n : 1, sizeof(*c->files));
	if (c->files == NULL)
		return SL_E_NOMEM;
	c->n_files = (unsigned)n;
	for (i = 0; i < n; i++)
		buf_init(&c->files[i].text, CASE_TEXT_MAX);
	json_array_foreach(rows, i, row)
	{
		int r = take_file(&c->files[i], row, c->manifest);

		if (r != SL_OK)
			return why_set(
				why, r,
				_("file %zu in the gateway's list is not in the manifest"),
				i + 1);
	}
	return SL_OK;
}

int case_open(struct session *s, const char *draft, int64_t revision,
	      struct review_case **ret_c, struct sl_why *why)
{
	struct review_case *c = calloc(1, sizeof(*c));
	json_t *args = revision == 0 ? json_pack("{s:s}", "draft", draft)
				     : json_pack("{s:s, s:I}", "draft", draft, "revision",
						 (json_int_t)revision);
	struct wire_reply reply = {0};
	int r = c == NULL || args == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK)
		r = wire_ask(s->wire, "review.show", args, NULL, 0, &reply, why);
	if (r != SL_OK)
		goto out;
	c->shown = json_incref(reply.result);
	c->draft = json_obj(c->shown, "draft");
	c->votes = json_arr(c->shown, "votes");
	if (c->draft == NULL || copy_str(c->draft, "draft", c->id, sizeof(c->id)) != SL_OK ||
	    !json_i64(c->draft, "revision", &c->revision)) {
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
		goto out;
	}
	r = take_manifest(c, why);
	if (r == SL_OK)
		r = take_report(c, why);
	if (r == SL_OK)
		r = take_files(c, why);
	if (r == SL_OK)
		r = policy_trust_get(s, &c->roster, c->policy_sha256, why);
	if (r != SL_OK)
		goto out;
	*ret_c = c;
	c = NULL; /* moved */
out:
	wire_reply_release(&reply);
	json_decref(args);
	case_free(c);
	return r;
}

void case_free(struct review_case *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < c->n_files; i++)
		buf_release(&c->files[i].text);
	free(c->files);
	manifest_free(c->manifest);
	roster_free(c->roster);
	json_decref(c->shown);
	free(c);
}

/* One piece of a part, from `offset` on. */
static int fetch_piece(struct session *s, const struct review_case *c, const char *part,
		       uint64_t offset, bool recheck, struct wire_reply *ret,
		       uint64_t *ret_length, bool *ret_done, struct sl_why *why)
{
	json_t *args = json_pack("{s:s, s:I, s:s, s:I, s:b}", "draft", c->id, "revision",
				 (json_int_t)c->revision, "part", part, "offset",
				 (json_int_t)offset, "recheck", (int)recheck);
	int64_t length = 0;
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(s->wire, "review.get", args, NULL, 0, ret, why);

	json_decref(args);
	if (r == SL_OK &&
	    (!json_i64(ret->result, "length", &length) || length < 0 ||
	     !json_bool(ret->result, "done", ret_done) || (!*ret_done && ret->data.len == 0)))
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
	*ret_length = (uint64_t)length;
	return r;
}

int case_text_more(struct session *s, struct review_case *c, unsigned i, struct sl_why *why)
{
	struct case_file *f = &c->files[i];
	struct wire_reply reply = {0};
	char part[32], sha256[65];
	uint64_t length;
	bool done = false;
	int r;

	if (f->have_text)
		return SL_OK;
	if (f->text_sha256[0] == '\0')
		return SL_E_NOTFOUND;
	(void)snprintf(part, sizeof(part), "text:%u", f->index);
	r = fetch_piece(s, c, part, f->text.len, false, &reply, &length, &done, why);
	if (r == SL_OK) {
		buf_put(&f->text, reply.data.data, reply.data.len);
		r = buf_error(&f->text);
	}
	wire_reply_release(&reply);
	if (r != SL_OK || !done)
		return r;
	hash_hex(buf_str(&f->text), f->text.len, sha256);
	if (strcmp(sha256, f->text_sha256) != 0) {
		buf_clear(&f->text);
		return why_set(why, SL_E_SIGNATURE, _("the text of %s was changed on its way"),
			       f->name);
	}
	f->have_text = true;
	return SL_OK;
}

int case_text(struct session *s, struct review_case *c, unsigned i, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK && !c->files[i].have_text)
		r = case_text_more(s, c, i, why);
	return r;
}

void case_pieces_release(struct case_pieces *p)
{
	hash_free(p->hash);
	*p = (struct case_pieces){.hash = NULL};
}

/* After the last piece: are they the bytes of the manifest? */
static int check_pieces(const struct case_file *f, struct case_pieces *p, struct sl_why *why)
{
	uint8_t digest[HASH_LEN];
	char sha256[65];

	hash_final(p->hash, digest);
	case_pieces_release(p);
	text_hex(digest, sizeof(digest), sha256);
	return strcmp(sha256, f->sha256) == 0
		       ? SL_OK
		       : why_set(why, SL_E_SIGNATURE, _("%s was changed on its way"), f->name);
}

static int next_piece(struct session *s, const struct review_case *c, unsigned i, int fd,
		      bool recheck, struct case_pieces *p, bool *ret_all, struct sl_why *why)
{
	const struct case_file *f = &c->files[i];
	struct wire_reply reply = {0};
	uint64_t length;
	char part[32];
	bool done = false;
	int r = p->hash == NULL ? hash_new(&p->hash) : SL_OK;

	(void)snprintf(part, sizeof(part), "file:%u", f->index);
	if (r == SL_OK)
		r = fetch_piece(s, c, part, p->offset, recheck, &reply, &length, &done, why);
	if (r == SL_OK) {
		hash_update(p->hash, reply.data.data, reply.data.len);
		p->offset += reply.data.len;
		r = file_write_all(fd, reply.data.data, reply.data.len);
	}
	wire_reply_release(&reply);
	if (r == SL_OK && done)
		r = check_pieces(f, p, why);
	*ret_all = r == SL_OK && done;
	return r;
}

int case_file_into(struct session *s, struct review_case *c, unsigned i, int fd,
		   void (*progress)(uint64_t, uint64_t), struct sl_why *why)
{
	struct case_pieces p = {.hash = NULL};
	bool all = false;
	int r = SL_OK;

	while (r == SL_OK && !all) {
		r = next_piece(s, c, i, fd, false, &p, &all, why);
		if (r == SL_OK && progress != NULL)
			progress(all ? c->files[i].length : p.offset, c->files[i].length);
	}
	case_pieces_release(&p);
	c->files[i].have_file = r == SL_OK;
	return r;
}

int case_file_unread_more(struct session *s, const struct review_case *c, unsigned i, int fd,
			  struct case_pieces *p, bool *ret_all, struct sl_why *why)
{
	return next_piece(s, c, i, fd, true, p, ret_all, why);
}

int case_file_unread(struct session *s, const struct review_case *c, unsigned i, int fd,
		     struct sl_why *why)
{
	struct case_pieces p = {.hash = NULL};
	bool all = false;
	int r = SL_OK;

	while (r == SL_OK && !all)
		r = next_piece(s, c, i, fd, true, &p, &all, why);
	case_pieces_release(&p);
	return r;
}

const json_t *case_file_report(const struct review_case *c, unsigned i)
{
	const json_t *files = json_arr(c->report, "files");

	return i < c->n_files ? json_array_get(files, c->files[i].index) : NULL;
}
