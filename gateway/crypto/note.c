/* note.c - C2SP signed-note and tlog-cosignature: splitting, checking, signing.
 *
 * Hostile: whole notes and vkey strings.  Invariants: a note has one split only, at its
 * last empty line; every signature line must have the form, also those of keys that
 * nobody asked for; what is verified is the exact text before the split. */
#include "crypto/note.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

enum { ID_LEN = 4, TIME_LEN = 8, RAW_MAX = NOTE_MAX / 4 * 3 + 3 };

static const char DASH[] = "\xe2\x80\x94 "; /* em dash, space */
enum { DASH_LEN = sizeof(DASH) - 1 };

static bool is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= 0x09 && cp <= 0x0d) || cp == 0x85 || cp == 0xa0 ||
	       cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

/* What the standard demands of any name; a name of ours also deceives nobody. */
static bool name_ok(const char *name, size_t len, bool ours)
{
	size_t used;

	if (len == 0 || (ours && len >= NOTE_NAME_MAX))
		return false;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(name + i, len - i, &used);

		if (cp == TEXT_BAD || cp < 0x20 || cp == '+' || is_space(cp) ||
		    (ours && text_is_deceptive(cp)))
			return false;
	}
	return true;
}

int note_key_make(const char *name, enum note_kind kind, const uint8_t public_key[KEY_PUBLIC],
		  struct note_key *ret_k)
{
	uint8_t text[NOTE_NAME_MAX + 2 + KEY_PUBLIC], digest[HASH_LEN];
	size_t len = strlen(name);
	struct note_key k = {.kind = kind};

	if (!name_ok(name, len, true) || !key_public_ok(public_key) ||
	    (kind != NOTE_LOG && kind != NOTE_COSIGNATURE))
		return SL_E_FORMAT;
	memcpy(k.name, name, len + 1);
	memcpy(k.public_key, public_key, KEY_PUBLIC);
	memcpy(text, name, len);
	text[len] = '\n';
	text[len + 1] = (uint8_t)kind;
	memcpy(text + len + 2, public_key, KEY_PUBLIC);
	hash_bytes(text, len + 2 + KEY_PUBLIC, digest);
	memcpy(k.id, digest, ID_LEN);
	*ret_k = k;
	return SL_OK;
}

int note_key_parse(const char *vkey, size_t len, struct note_key *ret_k)
{
	const char *first = memchr(vkey, '+', len), *second, *end = vkey + len;
	char name[NOTE_NAME_MAX];
	uint8_t id[ID_LEN];
	struct note_key k;
	struct buf raw;
	int r;

	/* Base64 may hold more of them: only the first two divide. */
	second = first == NULL ? NULL : memchr(first + 1, '+', (size_t)(end - first - 1));
	if (len >= NOTE_VKEY_MAX || second == NULL || first - vkey >= NOTE_NAME_MAX ||
	    memchr(vkey, '\0', len) != NULL ||
	    !text_unhex(first + 1, (size_t)(second - first - 1), id, sizeof(id)))
		return SL_E_FORMAT;
	memcpy(name, vkey, (size_t)(first - vkey));
	name[first - vkey] = '\0';
	buf_init(&raw, NOTE_VKEY_MAX);
	r = base64_get(second + 1, (size_t)(end - second - 1), &raw);
	if (r == SL_OK && raw.len != 1 + KEY_PUBLIC)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		r = note_key_make(name, (enum note_kind)raw.data[0], raw.data + 1, &k);
	if (r == SL_OK && memcmp(k.id, id, ID_LEN) != 0)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		*ret_k = k;
	buf_release(&raw);
	return r;
}

void note_key_write(const struct note_key *k, struct buf *out)
{
	uint8_t raw[1 + KEY_PUBLIC];
	char id[2 * ID_LEN + 1];

	raw[0] = (uint8_t)k->kind;
	memcpy(raw + 1, k->public_key, KEY_PUBLIC);
	text_hex(k->id, ID_LEN, id);
	buf_putf(out, "%s+%s+", k->name, id);
	base64_put(out, raw, sizeof(raw));
}

/* ---- reading ---- */

static bool text_ok(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 && s[i] != '\n')
			return false;
	}
	return text_is_utf8(s, len);
}

struct line { /* of a signature; borrowed from the note */
	const char *name;
	size_t name_len;
	struct buf raw; /* id, signature */
};

/* One line without its end. */
static int line_parse(const char *s, size_t len, struct line *l)
{
	const char *space;

	if (len < DASH_LEN || memcmp(s, DASH, DASH_LEN) != 0)
		return SL_E_FORMAT;
	s += DASH_LEN;
	len -= DASH_LEN;
	space = memchr(s, ' ', len);
	if (space == NULL || !name_ok(s, (size_t)(space - s), false))
		return SL_E_FORMAT;
	l->name = s;
	l->name_len = (size_t)(space - s);
	buf_clear(&l->raw);
	if (base64_get(space + 1, len - l->name_len - 1, &l->raw) != SL_OK)
		return SL_E_FORMAT;
	return l->raw.len > ID_LEN ? SL_OK : SL_E_FORMAT;
}

int note_text(const void *note, size_t len, size_t *ret_text_len)
{
	const char *s = note;

	if (len > NOTE_MAX)
		return SL_E_LIMIT;
	if (len < 4 || s[len - 1] != '\n' || !text_ok(s, len))
		return SL_E_FORMAT;
	/* The last empty line: a text may hold others, made to look like the end. */
	for (size_t i = len - 2; i > 0; i--) {
		if (s[i] == '\n' && s[i - 1] == '\n') {
			*ret_text_len = i;
			return SL_OK;
		}
	}
	return SL_E_FORMAT;
}

static void put_cosigned(int64_t time, const void *text, size_t len, struct buf *out)
{
	buf_putf(out, "cosignature/v1\ntime %lld\n", (long long)time);
	buf_put(out, text, len);
}

static int verify_cosignature(const void *text, size_t len, const struct note_key *k,
			      const struct buf *raw, int64_t *ret_time)
{
	struct buf signed_bytes;
	struct cur c;
	uint64_t time;
	int r;

	if (raw->len != ID_LEN + TIME_LEN + KEY_SIGNATURE)
		return SL_E_SIGNATURE;
	cur_init(&c, raw->data + ID_LEN, TIME_LEN);
	time = cur_u64(&c);
	if (time > INT64_MAX)
		return SL_E_SIGNATURE;
	buf_init(&signed_bytes, NOTE_MAX + 64);
	put_cosigned((int64_t)time, text, len, &signed_bytes);
	r = buf_error(&signed_bytes);
	if (r == SL_OK)
		r = key_verify(k->public_key, signed_bytes.data, signed_bytes.len,
			       raw->data + ID_LEN + TIME_LEN);
	if (r == SL_OK && (int64_t)time > *ret_time)
		*ret_time = (int64_t)time;
	buf_release(&signed_bytes);
	return r;
}

static int verify_line(const void *text, size_t len, const struct note_key *k,
		       const struct line *l, int64_t *ret_time)
{
	if (l->name_len != strlen(k->name) || memcmp(l->name, k->name, l->name_len) != 0 ||
	    memcmp(l->raw.data, k->id, ID_LEN) != 0)
		return SL_E_NOTFOUND;
	if (k->kind == NOTE_COSIGNATURE)
		return verify_cosignature(text, len, k, &l->raw, ret_time);
	if (l->raw.len != ID_LEN + KEY_SIGNATURE)
		return SL_E_SIGNATURE;
	return key_verify(k->public_key, text, len, l->raw.data + ID_LEN);
}

int note_verify(const void *note, size_t len, const struct note_key *k, int64_t *ret_time)
{
	const char *s, *end = (const char *)note + len;
	size_t text_len = 0;
	unsigned lines = 0;
	int64_t time = 0;
	bool found = false;
	struct line l;
	int r = note_text(note, len, &text_len);

	if (r != SL_OK)
		return r;
	buf_init(&l.raw, RAW_MAX);
	for (s = (const char *)note + text_len + 1; r == SL_OK && s < end;) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));

		BUG(stop == NULL); /* note_text has seen the last one */
		r = ++lines > NOTE_LINES_MAX ? SL_E_LIMIT
					     : line_parse(s, (size_t)(stop - s), &l);
		if (r == SL_OK)
			r = verify_line(note, text_len, k, &l, &time);
		if (r == SL_OK)
			found = true;
		else if (r == SL_E_NOTFOUND)
			r = SL_OK;
		s = stop + 1;
	}
	buf_release(&l.raw);
	if (r != SL_OK)
		return r;
	if (!found)
		return SL_E_NOTFOUND;
	if (ret_time != NULL)
		*ret_time = time;
	return SL_OK;
}

/* ---- writing ---- */

static void put_line(const struct note_key *k, const uint8_t *raw, size_t len, struct buf *out)
{
	uint8_t all[ID_LEN + TIME_LEN + KEY_SIGNATURE];

	BUG(len > sizeof(all) - ID_LEN);
	memcpy(all, k->id, ID_LEN);
	memcpy(all + ID_LEN, raw, len);
	buf_putf(out, "%s%s ", DASH, k->name);
	base64_put(out, all, ID_LEN + len);
	buf_puts(out, "\n");
}

/* A text that stays whole when a note is made of it. */
static int check_text(const void *text, size_t len)
{
	const char *s = text;

	if (len > NOTE_MAX / 2)
		return SL_E_LIMIT;
	if (len < 2 || s[0] == '\n' || s[len - 1] != '\n' || !text_ok(s, len))
		return SL_E_FORMAT;
	for (size_t i = 1; i < len; i++) {
		if (s[i] == '\n' && s[i - 1] == '\n')
			return SL_E_FORMAT;
	}
	return SL_OK;
}

int note_sign(const struct key *log, const char *name, const void *text, size_t len,
	      struct buf *out)
{
	uint8_t sig[KEY_SIGNATURE];
	struct note_key k;
	int r = note_key_make(name, NOTE_LOG, key_public(log), &k);

	if (r == SL_OK)
		r = check_text(text, len);
	if (r == SL_OK && (key_get_use(log) != KEY_LOG || !key_may_sign(KEY_LOG, text, len)))
		r = SL_E_DENIED;
	if (r != SL_OK)
		return r;
	key_sign(log, text, len, sig);
	buf_put(out, text, len);
	buf_puts(out, "\n");
	put_line(&k, sig, sizeof(sig), out);
	return buf_error(out);
}

int note_cosignature_line(const struct key *witness, const char *name, int64_t time,
			  const void *text, size_t len, struct buf *out)
{
	struct buf bytes, raw;
	struct note_key k;
	uint8_t *sig;
	int r = note_key_make(name, NOTE_COSIGNATURE, key_public(witness), &k);

	if (r == SL_OK)
		r = time < 0 ? SL_E_FORMAT : check_text(text, len);
	if (r == SL_OK && key_get_use(witness) != KEY_WITNESS)
		r = SL_E_DENIED;
	if (r != SL_OK)
		return r;
	buf_init(&bytes, NOTE_MAX);
	buf_init(&raw, TIME_LEN + KEY_SIGNATURE);
	put_cosigned(time, text, len, &bytes);
	buf_put_u64(&raw, (uint64_t)time);
	sig = buf_extend(&raw, KEY_SIGNATURE);
	r = buf_error(&bytes) != SL_OK ? buf_error(&bytes) : buf_error(&raw);
	if (r == SL_OK) {
		key_sign(witness, bytes.data, bytes.len, sig);
		put_line(&k, raw.data, raw.len, out);
		r = buf_error(out);
	}
	buf_release(&bytes);
	buf_release(&raw);
	return r;
}

int note_cosign(const struct key *witness, const char *name, int64_t time, struct buf *note)
{
	struct buf line;
	size_t len = 0;
	int r = note_text(note->data, note->len, &len);

	if (r != SL_OK)
		return r;
	buf_init(&line, NOTE_NAME_MAX + 256);
	r = note_cosignature_line(witness, name, time, note->data, len, &line);
	if (r == SL_OK) {
		buf_put(note, line.data, line.len);
		r = buf_error(note);
	}
	buf_release(&line);
	return r;
}
