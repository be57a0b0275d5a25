/* ceremony_signature.c - one custodian's signature as a small file of its own.
 *
 * Hostile: the file.  It says by which raw key, over which digest and when; the
 * caller proves it against the bytes, this only reads and writes the form. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "keys/ceremony.h"

#define SCHEMA "sluice-signature/1"

static bool read_doc(const char *name, enum ceremony_doc *ret_d)
{
	for (unsigned d = 0; name != NULL && d < CEREMONY_DOCS; d++) {
		if (strcmp(ceremony_doc_name(d), name) == 0) {
			*ret_d = (enum ceremony_doc)d;
			return true;
		}
	}
	return false;
}

static bool plain(const char *s, size_t cap)
{
	size_t n = s == NULL ? cap : strlen(s);

	for (size_t i = 0; i < n && n < cap; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	}
	return n < cap;
}

int ceremony_signature_parse(const void *bytes, size_t len, struct ceremony_signature *ret,
			     struct sl_why *why)
{
	static const char *const names[] = {"keyid",  "program", "public", "role", "schema",
					    "sha256", "sig",	 "time",   NULL};
	struct ceremony_signature s;
	const char *schema, *keyid, *hex, *sig, *sha256, *time, *program;
	json_t *j = NULL;
	int r = json_parse_signed(bytes, len, &j);

	memset(&s, 0, sizeof(s));
	schema = json_str(j, "schema");
	keyid = json_str(j, "keyid");
	hex = json_str(j, "public");
	sig = json_str(j, "sig");
	sha256 = json_str(j, "sha256");
	time = json_str(j, "time");
	program = json_str(j, "program");
	if (r != SL_OK || !json_has_only(j, names, NULL) || schema == NULL ||
	    strcmp(schema, SCHEMA) != 0 || keyid == NULL || hex == NULL || sig == NULL ||
	    sha256 == NULL || !text_is_sha256(sha256) || time == NULL ||
	    !clock_parse(time, strlen(time), &s.time) || !plain(program, sizeof(s.program)) ||
	    !read_doc(json_str(j, "role"), &s.doc) ||
	    !text_unhex(hex, strlen(hex), s.key, KEY_PUBLIC) ||
	    !text_unhex(sig, strlen(sig), s.sig, KEY_SIGNATURE)) {
		r = why_set(why, SL_E_FORMAT, _("not a signature file"));
		goto out;
	}
	key_id_of(s.key, s.keyid);
	if (strcmp(s.keyid, keyid) != 0) {
		r = why_set(why, SL_E_DENIED, _("key id %.16s does not belong to its key"),
			    keyid);
		goto out;
	}
	memcpy(s.sha256, sha256, sizeof(s.sha256));
	memcpy(s.program, program, strlen(program) + 1);
	*ret = s;
out:
	json_decref(j);
	return r;
}

int ceremony_signature_bytes(const struct ceremony_signature *s, struct buf *out)
{
	char hex[2 * KEY_PUBLIC + 1], sig[2 * KEY_SIGNATURE + 1], time[CLOCK_TEXT + 1];
	json_t *j;
	int r;

	text_hex(s->key, KEY_PUBLIC, hex);
	text_hex(s->sig, KEY_SIGNATURE, sig);
	clock_format(s->time, time);
	j = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "keyid", s->keyid, "program",
		      s->program, "public", hex, "role", ceremony_doc_name(s->doc), "schema",
		      SCHEMA, "sha256", s->sha256, "sig", sig, "time", time);
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	return r;
}

bool ceremony_has_part(const struct ceremony *c, enum ceremony_doc d,
		       const uint8_t key[KEY_PUBLIC])
{
	struct tuf_role sets[CEREMONY_SETS];
	int n = c->new[d] == NULL ? 0 : ceremony_signers(c, d, sets, NULL);

	for (int i = 0; i < n; i++) {
		for (unsigned k = 0; k < sets[i].n_keys; k++) {
			if (memcmp(sets[i].keys[k], key, KEY_PUBLIC) == 0)
				return true;
		}
	}
	return false;
}

static int write_one(struct ceremony *c, const struct ceremony_signature *s, struct sl_why *why)
{
	char name[128];
	struct buf b;
	int dir, r;

	(void)snprintf(name, sizeof(name), "%s.%.16s.json", ceremony_doc_name(s->doc),
		       s->keyid);
	buf_init(&b, CEREMONY_SIGNATURE_MAX);
	(void)mkdirat(c->fd, "signatures", 0755); /* opening it says what is wrong */
	dir = file_open_dir(c->fd, "signatures");
	r = dir < 0 ? dir : ceremony_signature_bytes(s, &b);
	/* Memory sticks carry FAT, which has no links: rename, after the check above. */
	if (r == SL_OK)
		r = file_write_durable(dir, name, b.data, b.len, 0644);
	file_close(dir);
	buf_release(&b);
	if (r != SL_OK)
		return why_set(why, r, "signatures/%s: %s", name, _(sl_strerror(r)));
	c->sig[c->n_sig++] = *s;
	return SL_OK;
}

int ceremony_sign(struct ceremony *c, const struct key *k, int64_t now, unsigned *ret_n,
		  struct sl_why *why)
{
	unsigned n = 0, part = 0;

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		struct ceremony_signature s = {.doc = d, .time = now};
		int r;

		if (c->new[d] == NULL || key_get_use(k) != ceremony_doc_use(d) ||
		    !ceremony_has_part(c, d, key_public(k)))
			continue;
		part++;
		if (ceremony_signed_by(c, d, key_public(k)) != NULL)
			continue;
		if (c->n_sig == CEREMONY_SIGNATURES_MAX ||
		    !key_may_sign(key_get_use(k), c->body[d].data, c->body[d].len))
			return SL_E_DENIED;
		memcpy(s.key, key_public(k), KEY_PUBLIC);
		memcpy(s.keyid, key_id(k), sizeof(s.keyid));
		memcpy(s.sha256, c->sha256[d], sizeof(s.sha256));
		(void)snprintf(s.program, sizeof(s.program), "sluice-keys %s", SL_VERSION);
		key_sign(k, c->body[d].data, c->body[d].len, s.sig);
		r = write_one(c, &s, why);
		if (r != SL_OK)
			return r;
		n++;
	}
	if (part == 0)
		return why_set(why, SL_E_DENIED,
			       _("this %s key (%.16s) has no part in this change"),
			       key_use_name(key_get_use(k)), key_id(k));
	if (n == 0)
		return why_set(why, SL_E_EXISTS, _("this key has signed already"));
	*ret_n = n;
	return SL_OK;
}
