/* ceremony_load.c - the folder on the memory stick becomes checked metadata.
 *
 * Invariant: after success every signature in c is good, over the bytes in c, by a
 * raw key that signed that document once, and the change keeps every rule. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "keys/ceremony.h"

enum { ENTRIES_MAX = 2 * CEREMONY_SIGNATURES_MAX };

static const struct {
	const char *name, *type;
	enum key_use use;
} docs[CEREMONY_DOCS] = {
	[CEREMONY_ROOT] = {"root", "root", KEY_TUF_ROOT},
	[CEREMONY_TARGETS] = {"targets", "targets", KEY_TUF_TARGETS},
	[CEREMONY_POLICY] = {"policy", "targets", KEY_TUF_POLICY},
};

const char *ceremony_doc_name(enum ceremony_doc d)
{
	return docs[d].name;
}

enum key_use ceremony_doc_use(enum ceremony_doc d)
{
	return docs[d].use;
}

void ceremony_groups(const char hex[HASH_HEX + 1], char out[CEREMONY_GROUPS + 1])
{
	size_t n = 0;

	for (unsigned i = 0; i < HASH_HEX && hex[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = ' ';
		out[n++] = hex[i];
	}
	out[n] = '\0';
}

/* A missing file leaves *ret_m NULL: that document does not change. */
static int load_meta(int fd, const char *folder, enum ceremony_doc d, struct tuf_meta **ret_m,
		     struct sl_why *why)
{
	char path[64];
	struct buf b;
	int r;

	(void)snprintf(path, sizeof(path), "%s/%s.json", folder, docs[d].name);
	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(fd, path, TUF_TARGETS_MAX, &b);
	if (r == SL_E_NOTFOUND)
		r = SL_OK;
	else if (r == SL_OK)
		r = tuf_parse(b.data, b.len, docs[d].type, ret_m, why);
	buf_release(&b);
	return r == SL_OK ? r : why_prefix(why, r, "%s", path);
}

static int load_policy(int fd, const char *path, struct buf *bytes, struct roster **ret_r,
		       struct sl_why *why)
{
	int r = file_read(fd, path, JSON_SIGNED_MAX, bytes);

	if (r == SL_E_NOTFOUND)
		return SL_OK;
	if (r == SL_OK)
		r = roster_parse(bytes->data, bytes->len, ret_r, why);
	return r == SL_OK ? r : why_prefix(why, r, "%s", path);
}

static int load_documents(struct ceremony *c, struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		r = load_meta(c->fd, "old", d, &c->old[d], why);
		if (r == SL_OK)
			r = load_meta(c->fd, "new", d, &c->new[d], why);
		if (r != SL_OK || c->new[d] == NULL)
			continue;
		/* Signatures stand beside, each in a file that names its key. */
		if (json_array_size(json_arr(c->new[d]->json, "signatures")) != 0)
			r = why_set(why, SL_E_FORMAT,
				    _("new/%s.json must not carry signatures"), docs[d].name);
		if (r == SL_OK)
			r = json_canonical(c->new[d]->body, &c->body[d]);
		if (r == SL_OK)
			hash_hex(c->body[d].data, c->body[d].len, c->sha256[d]);
	}
	if (r == SL_OK)
		r = load_policy(c->fd, "old/approval-policy.json", &c->old_policy,
				&c->old_roster, why);
	if (r == SL_OK)
		r = load_policy(c->fd, "new/approval-policy.json", &c->new_policy,
				&c->new_roster, why);
	return r;
}

struct reading {
	struct ceremony *c;
	int dir;
	struct sl_why *why;
};

/* The same custodian twice is a mistake; the same raw key under two names is an attack.
 * Neither counts, and both are said. */
static int check_signature(const struct ceremony *c, const struct ceremony_signature *s,
			   const char *name, struct sl_why *why)
{
	if (c->new[s->doc] == NULL)
		return why_set(why, SL_E_DENIED, _("%s signs %s.json, which does not change"),
			       name, docs[s->doc].name);
	if (ceremony_signed_by(c, s->doc, s->key) != NULL)
		return why_set(why, SL_E_DENIED,
			       _("%s: this raw key has already signed %s.json; one key counts "
				 "once, whatever it is called"),
			       name, docs[s->doc].name);
	if (strcmp(s->sha256, c->sha256[s->doc]) != 0 ||
	    key_verify(s->key, c->body[s->doc].data, c->body[s->doc].len, s->sig) != SL_OK)
		return why_set(why, SL_E_SIGNATURE,
			       _("%s does not sign this %s.json: the file was changed after "
				 "that custodian had signed it, or the signature is not real"),
			       name, docs[s->doc].name);
	return SL_OK;
}

static int read_signature(const char *name, void *arg)
{
	struct reading *x = arg;
	struct ceremony_signature s;
	struct buf b;
	size_t len = strlen(name);
	int r;

	/* What computers leave on memory sticks (Thumbs.db) is not ours. */
	if (len < 5 || strcmp(name + len - 5, ".json") != 0)
		return SL_OK;
	buf_init(&b, CEREMONY_SIGNATURE_MAX);
	r = file_read(x->dir, name, CEREMONY_SIGNATURE_MAX, &b);
	if (r == SL_OK)
		r = ceremony_signature_parse(b.data, b.len, &s, x->why);
	buf_release(&b);
	if (r != SL_OK)
		return why_prefix(x->why, r, "signatures/%s", name);
	r = check_signature(x->c, &s, name, x->why);
	if (r != SL_OK)
		return r;
	if (x->c->n_sig == CEREMONY_SIGNATURES_MAX)
		return why_set(x->why, SL_E_LIMIT, _("too many signatures"));
	x->c->sig[x->c->n_sig++] = s;
	return SL_OK;
}

static int load_signatures(struct ceremony *c, struct sl_why *why)
{
	struct reading x = {.c = c, .why = why, .dir = file_open_dir(c->fd, "signatures")};
	int r = x.dir == SL_E_NOTFOUND ? SL_OK : x.dir;

	if (x.dir >= 0)
		r = file_each(x.dir, ENTRIES_MAX, read_signature, &x);
	file_close(x.dir);
	return r;
}

int ceremony_load(const char *dir, int64_t now, struct ceremony *ret_c, struct sl_why *why)
{
	struct ceremony *c = ret_c;
	int r;

	memset(c, 0, sizeof(*c));
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		buf_init(&c->body[d], TUF_TARGETS_MAX);
	buf_init(&c->old_policy, JSON_SIGNED_MAX);
	buf_init(&c->new_policy, JSON_SIGNED_MAX);
	c->fd = file_open_dir(AT_FDCWD, dir);
	r = c->fd < 0 ? why_set(why, c->fd, "%s: %s", dir, _(sl_strerror(c->fd))) : SL_OK;
	if (r == SL_OK)
		r = load_documents(c, why);
	if (r == SL_OK)
		r = ceremony_check(c, now, why);
	if (r == SL_OK)
		r = load_signatures(c, why);
	if (r != SL_OK)
		ceremony_release(c);
	return r;
}

void ceremony_release(struct ceremony *c)
{
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		tuf_free(c->old[d]);
		tuf_free(c->new[d]);
		buf_release(&c->body[d]);
	}
	buf_release(&c->old_policy);
	buf_release(&c->new_policy);
	roster_free(c->old_roster);
	roster_free(c->new_roster);
	file_close(c->fd);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

void ceremony_number(const struct ceremony *c, char out[HASH_HEX + 1])
{
	char text[CEREMONY_DOCS * (HASH_HEX + 16)] = "";
	size_t n = 0;

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		if (c->new[d] != NULL)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s %s\n",
					      docs[d].name, c->sha256[d]);
	}
	hash_hex(text, n, out);
}
