/* unit_read.c - take a unit apart, streaming, and check everything in it.
 *
 * Hostile: every byte.  Nothing read here may be used before unit_read has
 * returned SL_OK, because the signature stands at the end.
 * Invariants: names never come from the unit (contents are 0, 1, 2 …); at most
 * what the bounded header promises is written; trailing bytes are refused. */
#include "link/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"

enum { FIXED_HEAD = sizeof(UNIT_MAGIC) - 1 + 8 + 4 };

static int get(int fd, struct hash *h, void *bytes, size_t len)
{
	int r = file_read_all(fd, bytes, len);

	if (r == SL_OK)
		hash_update(h, bytes, len);
	return r;
}

static int read_head(int fd, struct hash *h, struct unit *ret_u, struct sl_why *why)
{
	uint8_t fixed[FIXED_HEAD];
	uint8_t *json = NULL;
	struct cur c;
	uint64_t serial;
	uint32_t len;
	int r = get(fd, h, fixed, sizeof(fixed));

	if (r != SL_OK || memcmp(fixed, UNIT_MAGIC, sizeof(UNIT_MAGIC) - 1) != 0)
		return why_set(why, r != SL_OK ? r : SL_E_FORMAT,
			       "this is not a transfer unit");
	cur_init(&c, fixed + sizeof(UNIT_MAGIC) - 1, 12);
	serial = cur_u64(&c);
	len = cur_u32(&c);
	if (len == 0 || len > UNIT_HEADER_MAX)
		return why_set(why, SL_E_LIMIT, "the header of the transfer unit is too long");
	json = malloc(len);
	if (json == NULL)
		return SL_E_NOMEM;
	r = get(fd, h, json, len);
	if (r != SL_OK)
		(void)why_set(why, r, "the header of the transfer unit is cut short");
	if (r == SL_OK)
		r = unit_header_parse(json, len, ret_u, why);
	free(json);
	if (r == SL_OK && (uint64_t)ret_u->serial != serial) {
		unit_release(ret_u);
		r = why_set(why, SL_E_FORMAT, "the two serials of the transfer unit differ");
	}
	return r;
}

static int read_contents(int fd, struct hash *all, const struct unit_file *f, int out,
			 struct hash *own)
{
	uint8_t chunk[65536], digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	uint64_t left = f->length;

	while (left > 0) {
		size_t n = left < sizeof(chunk) ? (size_t)left : sizeof(chunk);
		int r = get(fd, all, chunk, n);

		if (r == SL_OK)
			r = file_write_all(out, chunk, n);
		if (r != SL_OK)
			return r;
		hash_update(own, chunk, n);
		left -= n;
	}
	hash_final(own, digest);
	text_hex(digest, sizeof(digest), hex);
	return strcmp(hex, f->sha256) == 0 ? SL_OK : SL_E_SIGNATURE;
}

static int read_file(int fd, struct hash *all, const struct unit_file *f, unsigned index,
		     int into_fd, struct sl_why *why)
{
	struct hash *own = NULL;
	char name[16];
	int out = -1;
	int r = hash_new(&own);

	if (r != SL_OK)
		return r;
	(void)snprintf(name, sizeof(name), "%u", index);
	out = openat(into_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	r = out < 0 ? sl_err_errno(errno) : read_contents(fd, all, f, out, own);
	file_close(out);
	hash_free(own);
	return r == SL_OK
		       ? r
		       : why_set(why, r, "%s: the contents in the unit are not whole", f->path);
}

static int read_signature(int fd, struct hash *h, const uint8_t signer[KEY_PUBLIC])
{
	uint8_t digest[HASH_LEN], sig[KEY_SIGNATURE], extra;
	struct buf pae;
	int r = file_read_all(fd, sig, sizeof(sig));

	if (r != SL_OK)
		return r;
	if (read(fd, &extra, 1) != 0)
		return SL_E_FORMAT;
	hash_final(h, digest);
	buf_init(&pae, 256);
	dsse_pae(UNIT_PAYLOAD_TYPE, digest, sizeof(digest), &pae);
	r = buf_error(&pae);
	if (r == SL_OK)
		r = key_verify(signer, pae.data, pae.len, sig);
	buf_release(&pae);
	return r;
}

int unit_read(int in_fd, const uint8_t signer[KEY_PUBLIC], int into_fd, struct unit *ret_u,
	      struct sl_why *why)
{
	struct unit u = {.files = NULL};
	struct hash *all = NULL;
	int r = hash_new(&all);

	if (r == SL_OK)
		r = read_head(in_fd, all, &u, why);
	for (unsigned i = 0; r == SL_OK && i < u.n_files; i++)
		r = read_file(in_fd, all, &u.files[i], i, into_fd, why);
	if (r == SL_OK) {
		r = read_signature(in_fd, all, signer);
		if (r != SL_OK)
			r = why_set(why, r,
				    "the signature of the transfer unit is not the gateway's");
	}
	hash_free(all);
	if (r != SL_OK) {
		unit_release(&u);
		return r;
	}
	*ret_u = u; /* moved */
	return SL_OK;
}
