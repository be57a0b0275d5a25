/* sshsig.c - the container, the key line and the check.
 *
 * Hostile: all bytes.  Invariants: a container has one spelling (fixed version,
 * namespace, hash and no trailing bytes); the key in it must be the one that the caller
 * got from the roster, field by field. */
#include "crypto/sshsig.h"

#include <string.h>

#include <sodium.h>

#include "crypto/hash.h"

static const char MAGIC[] = "SSHSIG", HASH_NAME[] = "sha512";
static const char BEGIN[] = "-----BEGIN SSH SIGNATURE-----\n",
		  END[] = "-----END SSH SIGNATURE-----\n";
enum { MAGIC_LEN = 6, VERSION = 1, KEY_BLOB_MAX = 256, LINE_MAX_LEN = 1024 };

static const char *const names[] = {
	[SSH_KEY_PLAIN] = "ssh-ed25519",
	[SSH_KEY_FIDO] = "sk-ssh-ed25519@openssh.com",
};

const char *ssh_key_type_name(enum ssh_key_type t)
{
	BUG((unsigned)t > SSH_KEY_FIDO);
	return names[t];
}

bool ssh_key_type_from_name(const char *name, enum ssh_key_type *ret_t)
{
	for (unsigned i = 0; name != NULL && i <= SSH_KEY_FIDO; i++) {
		if (strcmp(names[i], name) == 0) {
			*ret_t = (enum ssh_key_type)i;
			return true;
		}
	}
	return false;
}

bool ssh_key_application_ok(const char *s)
{
	size_t len = strlen(s);

	return len >= 4 && len < SSHSIG_APPLICATION && strncmp(s, "ssh:", 4) == 0 &&
	       strspn(s + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			     "0123456789._-") == len - 4;
}

static void put_key(const struct ssh_key *k, struct buf *out)
{
	buf_put_str(out, ssh_key_type_name(k->type));
	buf_put_blob(out, k->public_key, KEY_PUBLIC);
	if (k->type == SSH_KEY_FIDO)
		buf_put_str(out, k->application);
}

void ssh_key_id(const struct ssh_key *k, char out[KEY_ID_HEX + 1])
{
	struct buf b;

	buf_init(&b, KEY_BLOB_MAX);
	put_key(k, &b);
	/* A fixed layout of bounded fields: only memory can be missing. */
	BUG(buf_error(&b) != SL_OK);
	hash_hex(b.data, b.len, out);
	buf_release(&b);
}

static bool equals(const uint8_t *bytes, size_t len, const char *text)
{
	return bytes != NULL && len == strlen(text) && memcmp(bytes, text, len) == 0;
}

static int read_key(const uint8_t *bytes, size_t len, struct ssh_key *ret_k)
{
	struct ssh_key k = {.application = ""};
	const uint8_t *public_key;
	char type[64] = "";
	struct cur c;
	size_t n = 0;

	cur_init(&c, bytes, len);
	cur_str(&c, type, sizeof(type));
	if (!ssh_key_type_from_name(type, &k.type))
		return c.error != SL_OK ? SL_E_FORMAT : SL_E_UNSUPPORTED;
	public_key = cur_blob(&c, KEY_PUBLIC, &n);
	if (k.type == SSH_KEY_FIDO)
		cur_str(&c, k.application, sizeof(k.application));
	if (cur_end(&c) != SL_OK || n != KEY_PUBLIC ||
	    (k.type == SSH_KEY_FIDO && !ssh_key_application_ok(k.application)))
		return SL_E_FORMAT;
	memcpy(k.public_key, public_key, KEY_PUBLIC);
	*ret_k = k;
	return SL_OK;
}

int ssh_key_parse(const char *line, size_t len, struct ssh_key *ret_k)
{
	const char *end = memchr(line, '\n', len), *at, *stop;
	struct ssh_key k = {.application = ""};
	enum ssh_key_type type;
	char name[64];
	struct buf raw;
	int r;

	len = end == NULL ? len : (size_t)(end - line);
	at = memchr(line, ' ', len);
	if (len > LINE_MAX_LEN || at == NULL || (size_t)(at - line) >= sizeof(name))
		return SL_E_FORMAT;
	memcpy(name, line, (size_t)(at - line));
	name[at - line] = '\0';
	if (!ssh_key_type_from_name(name, &type))
		return SL_E_UNSUPPORTED;
	at++;
	stop = memchr(at, ' ', len - (size_t)(at - line));
	stop = stop == NULL ? line + len : stop;
	buf_init(&raw, KEY_BLOB_MAX);
	r = base64_get(at, (size_t)(stop - at), &raw);
	if (r == SL_OK)
		r = read_key(raw.data, raw.len, &k);
	buf_release(&raw);
	if (r == SL_OK && k.type != type)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		*ret_k = k;
	return r;
}

/* "string type, string signature" and for a security key "byte flags, uint32 counter". */
static int read_signature(const uint8_t *bytes, size_t len, struct sshsig *s)
{
	const uint8_t *type, *sig;
	size_t type_len = 0, sig_len = 0;
	struct cur c;

	cur_init(&c, bytes, len);
	type = cur_blob(&c, 64, &type_len);
	sig = cur_blob(&c, KEY_SIGNATURE, &sig_len);
	if (s->key.type == SSH_KEY_FIDO) {
		s->flags = cur_u8(&c);
		s->counter = cur_u32(&c);
	}
	if (cur_end(&c) != SL_OK || sig_len != KEY_SIGNATURE ||
	    !equals(type, type_len, ssh_key_type_name(s->key.type)))
		return SL_E_FORMAT;
	memcpy(s->sig, sig, KEY_SIGNATURE);
	return SL_OK;
}

int sshsig_parse(const void *bytes, size_t len, struct sshsig *ret_s)
{
	const uint8_t *magic, *key, *space, *reserved, *hash, *sig;
	size_t key_len = 0, space_len = 0, reserved_len = 0, hash_len = 0, sig_len = 0;
	struct sshsig s = {.flags = 0};
	uint32_t version;
	struct cur c;
	int r;

	if (len > SSHSIG_MAX)
		return SL_E_LIMIT;
	cur_init(&c, bytes, len);
	magic = cur_bytes(&c, MAGIC_LEN);
	version = cur_u32(&c);
	key = cur_blob(&c, KEY_BLOB_MAX, &key_len);
	space = cur_blob(&c, SSHSIG_MAX, &space_len);
	reserved = cur_blob(&c, 0, &reserved_len);
	hash = cur_blob(&c, SSHSIG_MAX, &hash_len);
	sig = cur_blob(&c, SSHSIG_MAX, &sig_len);
	if (cur_end(&c) != SL_OK || memcmp(magic, MAGIC, MAGIC_LEN) != 0 ||
	    version != VERSION || !equals(space, space_len, SSHSIG_NAMESPACE) ||
	    reserved == NULL || !equals(hash, hash_len, HASH_NAME))
		return SL_E_FORMAT;
	r = read_key(key, key_len, &s.key);
	if (r == SL_OK)
		r = read_signature(sig, sig_len, &s);
	if (r == SL_OK)
		*ret_s = s;
	return r;
}

void sshsig_write(const struct sshsig *s, struct buf *out)
{
	struct buf part;

	buf_init(&part, SSHSIG_MAX);
	buf_put(out, MAGIC, MAGIC_LEN);
	buf_put_u32(out, VERSION);
	put_key(&s->key, &part);
	buf_put_blob(out, part.data, part.len);
	buf_put_str(out, SSHSIG_NAMESPACE);
	buf_put_str(out, "");
	buf_put_str(out, HASH_NAME);
	buf_clear(&part);
	buf_put_str(&part, ssh_key_type_name(s->key.type));
	buf_put_blob(&part, s->sig, KEY_SIGNATURE);
	if (s->key.type == SSH_KEY_FIDO) {
		buf_put_u8(&part, s->flags);
		buf_put_u32(&part, s->counter);
	}
	buf_put_blob(out, part.data, part.len);
	buf_release(&part);
}

void sshsig_signed_bytes(const void *message, size_t len, struct buf *out)
{
	uint8_t digest[crypto_hash_sha512_BYTES];

	(void)crypto_hash_sha512(digest, message, len);
	buf_put(out, MAGIC, MAGIC_LEN);
	buf_put_str(out, SSHSIG_NAMESPACE);
	buf_put_str(out, "");
	buf_put_str(out, HASH_NAME);
	buf_put_blob(out, digest, sizeof(digest));
}

/* What the authenticator saw instead of the bytes themselves. */
static void wrap_fido(const struct sshsig *s, struct buf *bytes)
{
	uint8_t application[HASH_LEN], inner[HASH_LEN];

	hash_bytes(s->key.application, strlen(s->key.application), application);
	hash_bytes(bytes->data, bytes->len, inner);
	buf_clear(bytes);
	buf_put(bytes, application, sizeof(application));
	buf_put_u8(bytes, s->flags);
	buf_put_u32(bytes, s->counter);
	buf_put(bytes, inner, sizeof(inner));
}

int sshsig_verify(const void *bytes, size_t len, const struct ssh_key *key, bool verified,
		  const void *message, size_t message_len)
{
	uint8_t wanted = verified ? SSHSIG_PRESENT | SSHSIG_VERIFIED : SSHSIG_PRESENT;
	struct sshsig s;
	struct buf over;
	int r;

	if (sshsig_parse(bytes, len, &s) != SL_OK || s.key.type != key->type ||
	    memcmp(s.key.public_key, key->public_key, KEY_PUBLIC) != 0 ||
	    strcmp(s.key.application, key->application) != 0)
		return SL_E_SIGNATURE;
	if (key->type == SSH_KEY_FIDO && (s.flags & wanted) != wanted)
		return SL_E_SIGNATURE;
	buf_init(&over, SSHSIG_MAX);
	sshsig_signed_bytes(message, message_len, &over);
	if (key->type == SSH_KEY_FIDO)
		wrap_fido(&s, &over);
	r = buf_error(&over);
	if (r == SL_OK)
		r = key_verify(key->public_key, over.data, over.len, s.sig);
	buf_release(&over);
	return r;
}

int sshsig_unarmor(const char *text, size_t len, struct buf *out)
{
	size_t head = sizeof(BEGIN) - 1, tail = sizeof(END) - 1;
	struct buf joined;
	int r;

	if (len < head + tail || len > 4 * SSHSIG_MAX || memcmp(text, BEGIN, head) != 0 ||
	    memcmp(text + len - tail, END, tail) != 0)
		return SL_E_FORMAT;
	buf_init(&joined, 4 * SSHSIG_MAX);
	for (const char *p = text + head; p < text + len - tail; p++) {
		if (*p != '\n')
			buf_put(&joined, p, 1);
	}
	r = buf_error(&joined);
	if (r == SL_OK)
		r = base64_get(buf_str(&joined), joined.len, out);
	buf_release(&joined);
	return r;
}
