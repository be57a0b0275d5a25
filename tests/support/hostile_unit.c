/* hostile_unit.c - see hostile_unit.h.
 *
 * A row says what the header claims, as text; "@" in it becomes the digest of the contents, so
 * that only the fault that the row is about is there.  Then the bytes of the unit are put
 * together, signed, spoiled and sealed. */
#include "tests/support/hostile_unit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"
#include "link/sealed.h"

enum { PLAIN_MAX = 4 << 20, DEEP = 200000, MANY = UNIT_FILES_MAX + 1, CUTS = 64 };
enum { BOMB_MIB = 64, ZEROS = 65536 };

enum spoil { /* what is done besides the header */
	     NOTHING,
	     OTHER_SIGNER,
	     NO_SIGNATURE,
	     TRAILING,	   /* a byte behind the signature */
	     INNER_SERIAL, /* the header's serial is another one */
	     OUTER_SERIAL, /* all of it is of another serial than the name */
	     HEAD_OF_1E9,  /* the header's length says 10^9 bytes */
	     HEAD_OF_0,	   /* ... none */
	     HEAD_OF_ALL,  /* ... more than there is */
	     HEAD_DEEP,	   /* a hundred thousand brackets */
	     HEAD_MANY,	   /* more files than may be */
	     HEAD_NOISE,   /* no JSON at all */
	     OTHER_MAGIC,  /* no unit at all */
	     NAME_OF_600,  /* bytes */
	     INNER_CUT,	   /* cut before it was sealed */
	     SEALED_TO_OTHER,
	     SEALED_TO_TWO,
	     SEALED_FLIPPED, /* one bit of the sealed bytes */
	     SEALED_LONGER,
	     NOT_SEALED,
	     EMPTY,
	     BOMB /* zeros without end, well described and signed */
};

struct row {
	struct hostile_unit unit;
	const char *files, *removes, *contents, *kind;
	enum spoil spoil;
	const char *members; /* more of the header, or NULL */
};

#define HEADER		      "the header of the transfer unit is not valid"
#define WHOLE		      "the contents in the unit are not whole"
#define SIGNED		      "the signature of the transfer unit is not the gateway's"
#define SERIALS		      "the two serials of the transfer unit differ"
#define FILE_OF(path, length) "{\"length\":" length ",\"path\":\"" path "\",\"sha256\":\"@\"}"
#define NAMED(title, path)                                                                     \
	{                                                                                      \
		{title, HOSTILE_OPEN, HEADER}, FILE_OF(path, "1"), "", "x", "release",         \
			NOTHING, NULL                                                          \
	}
#define SIZED(title, length, says)                                                             \
	{                                                                                      \
		{title, HOSTILE_OPEN, says}, FILE_OF("index.html", length), "", "x",           \
			"release", NOTHING, NULL                                               \
	}
#define REMOVING(title, path)                                                                  \
	{                                                                                      \
		{title, HOSTILE_OPEN, HEADER}, "", "\"" path "\"", "", "notice", NOTHING, NULL \
	}
#define SPOILT(title, how, says)                                                               \
	{                                                                                      \
		{title, HOSTILE_OPEN, says}, FILE_OF("index.html", "1"), "", "x", "release",   \
			how, NULL                                                              \
	}
#define HEX "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct row rows[] = {
	NAMED("name-dotdot", "../x"),
	NAMED("name-dotdot-inside", "targets/../../../etc/x"),
	NAMED("name-dot", "targets/./x"),
	NAMED("name-absolute", "/etc/cron.d/x"),
	NAMED("name-empty", ""),
	NAMED("name-empty-part", "targets//x"),
	NAMED("name-ends-with-slash", "targets/x/"),
	NAMED("name-nul", "targets/x\\u0000.json"),
	NAMED("name-newline", "targets/x\\ny"),
	NAMED("name-escape", "targets/x\\u001b[2J"),
	NAMED("name-backslash", "targets\\\\..\\\\x"),
	NAMED("name-drive", "C:/x"),
	NAMED("name-hidden", "targets/.placing"),
	NAMED("name-option", "targets/-rf"),
	NAMED("name-space", "targets/x y"),
	NAMED("name-wide-dots", "targets/\xef\xbc\x8e\xef\xbc\x8e/x"),
	NAMED("name-right-to-left", "targets/x\xe2\x80\xaelmth"),
	NAMED("name-composed", "targets/e\xcc\x81"),
	NAMED("name-broken-utf8", "targets/\xc0\xae\xc0\xae"),
	NAMED("name-percent", "targets/%2e%2e/x"),
	NAMED("name-top-level", "robots.txt"),
	NAMED("name-folder", "targets"),
	NAMED("name-deep-metadata", "metadata/a/b.json"),
	NAMED("name-blob-of-other", "blobs/bb/" HEX),
	SPOILT("name-overlong", NAME_OF_600, HEADER),
	REMOVING("remove-outside", "../../../etc/passwd"),
	REMOVING("remove-absolute", "/etc/passwd"),
	REMOVING("remove-everything", "targets/*"),

	SIZED("size-larger", "1000", WHOLE),
	SIZED("size-negative", "-1", HEADER),
	SIZED("size-fraction", "1.5", HEADER),
	SIZED("size-exponent", "1e9", HEADER),
	SIZED("size-text", "\"1\"", HEADER),
	SIZED("size-64-bits", "18446744073709551615", HEADER),
	SIZED("size-over-limit", "1073741825", HEADER),
	{{"size-smaller", HOSTILE_OPEN, WHOLE},
	 FILE_OF("index.html", "1"),
	 "",
	 "xyz",
	 "release",
	 NOTHING,
	 NULL},
	{{"size-overflow", HOSTILE_OPEN, HEADER},
	 FILE_OF("index.html", "9223372036854775807") "," FILE_OF("feed.json",
								  "9223372036854775807"),
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"size-sum", HOSTILE_OPEN, HEADER},
	 FILE_OF("index.html", "1073741824") "," FILE_OF("feed.json", "1"),
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},

	SPOILT("head-of-1e9-bytes", HEAD_OF_1E9, "the header of the transfer unit is too long"),
	SPOILT("head-of-nothing", HEAD_OF_0, "the header of the transfer unit is too long"),
	SPOILT("head-of-all-and-more", HEAD_OF_ALL,
	       "the header of the transfer unit is cut short"),
	SPOILT("head-deep", HEAD_DEEP, HEADER),
	SPOILT("head-of-many-files", HEAD_MANY, HEADER),
	SPOILT("head-noise", HEAD_NOISE, HEADER),
	SPOILT("no-unit", OTHER_MAGIC, "this is not a transfer unit"),

	{{"manifest-other-digest", HOSTILE_OPEN, WHOLE},
	 "{\"length\":1,\"path\":\"index.html\",\"sha256\":\"" HEX "\"}",
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"manifest-upper-case", HOSTILE_OPEN, HEADER},
	 "{\"length\":1,\"path\":\"index.html\",\"sha256\":\"A" HEX "\"}",
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"manifest-twice", HOSTILE_OPEN, HEADER},
	 FILE_OF("index.html", "1") "," FILE_OF("index.html", "1"),
	 "",
	 "xx",
	 "release",
	 NOTHING,
	 NULL},
	{{"manifest-file-removed", HOSTILE_OPEN, HEADER},
	 FILE_OF("index.html", "1"),
	 "\"index.html\"",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"manifest-folder-and-file", HOSTILE_OPEN, HEADER},
	 FILE_OF("targets/x", "1") "," FILE_OF("targets/x/y", "1"),
	 "",
	 "xx",
	 "release",
	 NOTHING,
	 NULL},
	{{"manifest-other-kind", HOSTILE_OPEN, HEADER}, "", "", "", "evil", NOTHING, NULL},
	{{"manifest-more-members", HOSTILE_OPEN, HEADER},
	 "",
	 "",
	 "",
	 "refresh",
	 NOTHING,
	 ",\"zzz\":1"},
	{{"manifest-member-twice", HOSTILE_OPEN, HEADER},
	 "",
	 "",
	 "",
	 "refresh",
	 NOTHING,
	 ",\"serial\":1"},
	{{"manifest-spaces", HOSTILE_OPEN, HEADER}, "", "", "", "refresh", NOTHING, "  "},

	SPOILT("serial-inside", INNER_SERIAL, SERIALS),
	SPOILT("serial-of-the-name", OUTER_SERIAL, "under another number"),
	SPOILT("signed-by-another", OTHER_SIGNER, SIGNED),
	SPOILT("not-signed", NO_SIGNATURE, SIGNED),
	SPOILT("trailing-byte", TRAILING, SIGNED),
	SPOILT("cut-inside", INNER_CUT, "the header of the transfer unit is cut short"),
	SPOILT("sealed-to-another", SEALED_TO_OTHER, "it is sealed to the link key"),
	SPOILT("sealed-to-two", SEALED_TO_TWO, "the file is sealed to several officers"),
	SPOILT("sealed-flipped", SEALED_FLIPPED, "the sealed file is damaged or was cut short"),
	SPOILT("sealed-longer", SEALED_LONGER, "the sealed file is damaged or was cut short"),
	SPOILT("not-sealed", NOT_SEALED, "not a sealed file"),
	SPOILT("empty", EMPTY, "not a sealed file"),

	/* Signed by the gateway's own key and well formed: only the proof is left. */
	{{"gateway-target", HOSTILE_DONE, "is not named by its digest"},
	 FILE_OF("targets/rel/x", "1"),
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"gateway-other-digest", HOSTILE_DONE, "does not have the digest in its name"},
	 FILE_OF("targets/rel/" HEX ".x", "1"),
	 "",
	 "x",
	 "release",
	 NOTHING,
	 NULL},
	{{"gateway-timestamp", HOSTILE_DONE, "the unit's timestamp is malformed"},
	 FILE_OF("metadata/timestamp.json", "1"),
	 "",
	 "x",
	 "refresh",
	 NOTHING,
	 NULL},
	{{"gateway-index", HOSTILE_VOID, NULL},
	 FILE_OF("index.html", "1"),
	 "",
	 "x",
	 "refresh",
	 NOTHING,
	 NULL},
	{{"gateway-blob", HOSTILE_VOID, NULL},
	 FILE_OF("blobs/aa/" HEX, "1"),
	 "",
	 "x",
	 "refresh",
	 NOTHING,
	 NULL},
	{{"gateway-metadata", HOSTILE_VOID, NULL},
	 FILE_OF("metadata/99.root.json", "1"),
	 "",
	 "x",
	 "refresh",
	 NOTHING,
	 NULL},
	{{"gateway-removes", HOSTILE_VOID, NULL},
	 "",
	 "\"metadata/timestamp.json\",\"metadata/1.root.json\",\"log/"
	 "checkpoint\",\"index.html\"",
	 "",
	 "notice",
	 NOTHING,
	 NULL},
	{{"gateway-bomb", HOSTILE_DONE, "index.html is larger than any page for people"},
	 "",
	 "",
	 "",
	 "refresh",
	 BOMB,
	 NULL},
	{{NULL, HOSTILE_OPEN, NULL}, NULL, NULL, NULL, NULL, NOTHING, NULL},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

const struct hostile_unit *hostile_units(void)
{
	static struct hostile_unit all[ROWS + CUTS];
	static char names[CUTS][24];
	unsigned n = 0;

	for (; rows[n].unit.name != NULL; n++)
		all[n] = rows[n].unit;
	/* The last one would be whole. */
	for (unsigned i = 0; i < CUTS; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "cut-%u-of-%d", i, CUTS);
		all[n++] = (struct hostile_unit){names[i], HOSTILE_OPEN, "sealed file"};
	}
	return all;
}

/* ---- the header ---- */

struct making {
	const struct row *row;
	int64_t serial;
	const struct key *signer;
	int fd; /* the plain unit */
	struct hash *hash;
	uint64_t bomb; /* bytes of zeros */
};

static void put_replaced(struct buf *b, const char *text, const char *digest)
{
	for (; *text != '\0'; text++) {
		if (*text == '@')
			buf_puts(b, digest);
		else
			buf_put(b, text, 1);
	}
}

static void put_many(struct buf *b)
{
	for (unsigned i = 0; i < MANY; i++)
		buf_putf(b, "%s{\"length\":0,\"path\":\"targets/%u\",\"sha256\":\"" HEX "\"}",
			 i > 0 ? "," : "", i);
}

static void put_files(struct buf *b, const struct making *m, const char *digest)
{
	const struct row *row = m->row;
	char name[601];

	if (row->spoil == HEAD_MANY) {
		put_many(b);
	} else if (row->spoil == NAME_OF_600) {
		memset(name, 'a', sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		buf_putf(b, "{\"length\":1,\"path\":\"targets/%s\",\"sha256\":\"%s\"}", name,
			 digest);
	} else if (row->spoil == BOMB) {
		buf_putf(b,
			 "{\"length\":%" PRIu64 ",\"path\":\"index.html\",\"sha256\":\"%s\"}",
			 m->bomb, digest);
	} else {
		put_replaced(b, row->files, digest);
	}
}

static void put_header(struct buf *b, const struct making *m, const char *digest,
		       int64_t serial)
{
	const struct row *row = m->row;

	if (row->spoil == HEAD_DEEP) {
		for (unsigned i = 0; i < DEEP; i++)
			buf_puts(b, "[");
		return;
	}
	if (row->spoil == HEAD_NOISE) {
		for (unsigned i = 0; i < 4096; i++)
			buf_put_u8(b, (uint8_t)(i * 97 + 13));
		return;
	}
	buf_puts(b, "{\"files\":[");
	put_files(b, m, digest);
	buf_putf(b, "],\"kind\":\"%s\",\"removes\":[%s],\"serial\":%" PRId64 "%s}", row->kind,
		 row->removes, row->spoil == INNER_SERIAL ? serial + 1 : serial,
		 row->members != NULL ? row->members : "");
}

/* ---- the whole ---- */

static int put(struct making *m, const void *bytes, size_t len)
{
	hash_update(m->hash, bytes, len);
	return file_write_all(m->fd, bytes, len);
}

static int put_zeros(struct making *m, uint64_t n)
{
	static const uint8_t zeros[ZEROS];
	int r = SL_OK;

	for (; r == SL_OK && n > 0; n -= sizeof(zeros))
		r = put(m, zeros, sizeof(zeros));
	return r;
}

static int digest_of_contents(const struct making *m, char out[HASH_HEX + 1])
{
	static const uint8_t zeros[ZEROS];
	uint8_t digest[HASH_LEN];
	struct hash *h = NULL;
	int r;

	if (m->row->spoil != BOMB) {
		hash_hex(m->row->contents, strlen(m->row->contents), out);
		return SL_OK;
	}
	r = hash_new(&h);
	if (r != SL_OK)
		return r;
	for (uint64_t n = m->bomb; n > 0; n -= sizeof(zeros))
		hash_update(h, zeros, sizeof(zeros));
	hash_final(h, digest);
	hash_free(h);
	text_hex(digest, sizeof(digest), out);
	return SL_OK;
}

static int put_signature(struct making *m)
{
	uint8_t digest[HASH_LEN], sig[KEY_SIGNATURE], seed[32] = {0xee};
	struct key *other = NULL;
	struct buf pae;
	int r = SL_OK;

	if (m->row->spoil == NO_SIGNATURE)
		return SL_OK;
	if (m->row->spoil == OTHER_SIGNER)
		r = key_generate(KEY_DSSE_GATEWAY, seed, &other);
	hash_final(m->hash, digest);
	buf_init(&pae, 256);
	dsse_pae(UNIT_PAYLOAD_TYPE, digest, sizeof(digest), &pae);
	if (r == SL_OK)
		r = buf_error(&pae);
	if (r == SL_OK) {
		key_sign(other != NULL ? other : m->signer, pae.data, pae.len, sig);
		r = file_write_all(m->fd, sig, sizeof(sig));
	}
	if (r == SL_OK && m->row->spoil == TRAILING)
		r = file_write_all(m->fd, "", 1);
	key_free(other);
	buf_release(&pae);
	return r;
}

static int write_plain(struct making *m)
{
	const struct row *row = m->row;
	int64_t serial = row->spoil == OUTER_SERIAL ? m->serial + 1 : m->serial;
	char digest[HASH_HEX + 1];
	struct buf head, json;
	uint32_t len;
	int r = digest_of_contents(m, digest);

	buf_init(&head, PLAIN_MAX);
	buf_init(&json, PLAIN_MAX);
	put_header(&json, m, digest, serial);
	len = (uint32_t)json.len;
	if (row->spoil == HEAD_OF_1E9)
		len = 1000000000;
	else if (row->spoil == HEAD_OF_0)
		len = 0;
	else if (row->spoil == HEAD_OF_ALL)
		len = UNIT_HEADER_MAX;
	buf_puts(&head, row->spoil == OTHER_MAGIC ? "SLUICE-UNIT/9\n" : UNIT_MAGIC);
	buf_put_u64(&head, (uint64_t)serial);
	buf_put_u32(&head, len);
	buf_put(&head, json.data, json.len);
	buf_puts(&head, row->contents);
	if (r == SL_OK)
		r = buf_error(&json);
	if (r == SL_OK)
		r = buf_error(&head);
	if (r == SL_OK)
		r = put(m, head.data, head.len);
	if (r == SL_OK && row->spoil == BOMB)
		r = put_zeros(m, m->bomb);
	if (r == SL_OK)
		r = put_signature(m);
	if (r == SL_OK && row->spoil == INNER_CUT &&
	    ftruncate(m->fd, (off_t)(head.len - 3)) != 0)
		r = SL_E_IO;
	buf_release(&head);
	buf_release(&json);
	return r;
}

static int seal(struct making *m, const uint8_t link[KEY_PUBLIC], int out_fd)
{
	uint8_t to[2][SEAL_PUBLIC], seed[32] = {0xdd}, bit;
	enum spoil spoil = m->row->spoil;
	struct key *other = NULL;
	int r = key_generate(KEY_LINK, seed, &other);

	if (r != SL_OK || spoil == EMPTY)
		goto out;
	memcpy(to[0], spoil == SEALED_TO_OTHER ? key_public(other) : link, SEAL_PUBLIC);
	memcpy(to[1], key_public(other), SEAL_PUBLIC);
	r = lseek(m->fd, 0, SEEK_SET) == 0 ? SL_OK : SL_E_IO;
	if (r == SL_OK && spoil == NOT_SEALED) {
		struct buf b;

		buf_init(&b, PLAIN_MAX);
		r = file_read_fd(m->fd, PLAIN_MAX, &b);
		if (r == SL_OK)
			r = file_write_all(out_fd, b.data, b.len);
		buf_release(&b);
	} else if (r == SL_OK) {
		r = seal_fd(m->fd, out_fd, (const uint8_t(*)[SEAL_PUBLIC])to,
			    spoil == SEALED_TO_TWO ? 2 : 1);
	}
	if (r == SL_OK && spoil == SEALED_LONGER)
		r = file_write_all(out_fd, "", 1);
	if (r == SL_OK && spoil == SEALED_FLIPPED) {
		off_t end = lseek(out_fd, 0, SEEK_END);

		if (pread(out_fd, &bit, 1, end - 20) != 1)
			r = SL_E_IO;
		bit ^= 4;
		if (r == SL_OK && pwrite(out_fd, &bit, 1, end - 20) != 1)
			r = SL_E_IO;
	}
out:
	key_free(other);
	return r;
}

/* "bomb-256": so many MiB of zeros. */
static bool bomb_of(const char *name, uint64_t *ret_bytes)
{
	if (strncmp(name, "bomb-", 5) != 0 ||
	    !text_to_u64(name + 5, strlen(name + 5), UNIT_BYTES_MAX >> 20, ret_bytes))
		return false;
	*ret_bytes <<= 20;
	return true;
}

/* "cut-3-of-64": what the first 3/64 of a good unit are. */
static bool cut_of(const char *name, unsigned *ret_part)
{
	char again[24];

	for (*ret_part = 0; *ret_part < CUTS; (*ret_part)++) {
		(void)snprintf(again, sizeof(again), "cut-%u-of-%d", *ret_part, CUTS);
		if (strcmp(again, name) == 0)
			return true;
	}
	return false;
}

int hostile_write(const char *name, int64_t serial, const struct key *signer,
		  const uint8_t link[KEY_PUBLIC], int out_fd, struct sl_why *why)
{
	static const struct row good = {{"good", HOSTILE_VOID, NULL},
					FILE_OF("index.html", "1"),
					"",
					"x",
					"refresh",
					NOTHING,
					NULL};
	struct making m = {.row = &rows[0], .serial = serial, .signer = signer};
	FILE *plain = tmpfile();
	unsigned part = 0;
	bool cut = cut_of(name, &part);
	int r;

	m.bomb = (uint64_t)BOMB_MIB << 20;
	if (bomb_of(name, &m.bomb))
		name = "gateway-bomb";
	while (m.row->unit.name != NULL && strcmp(m.row->unit.name, name) != 0)
		m.row++;
	if (cut || strcmp(name, good.unit.name) == 0)
		m.row = &good;
	if (m.row->unit.name == NULL || plain == NULL) {
		if (plain != NULL)
			(void)fclose(plain);
		return why_set(why, SL_E_USAGE, "there is no hostile unit %s", name);
	}
	m.fd = fileno(plain);
	r = hash_new(&m.hash);
	if (r == SL_OK)
		r = write_plain(&m);
	if (r == SL_OK)
		r = seal(&m, link, out_fd);
	if (r == SL_OK && cut) {
		off_t end = lseek(out_fd, 0, SEEK_END);

		r = ftruncate(out_fd, end * part / CUTS) == 0 ? SL_OK : SL_E_IO;
	}
	hash_free(m.hash);
	(void)fclose(plain);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", name, sl_strerror(r));
}
