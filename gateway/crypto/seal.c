/* seal.c - X25519 sealing: who may open what.
 *
 * A spilled draft may hold a secret of the State.  The gateway seals it at once
 * and can never read it again; no officer can alone.  Hostile on opening: the
 * sealed file and the other officer's share. */
#include "crypto/seal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/key_private.h"
#include "crypto/seal_private.h"

static const char FILE_MAGIC[] = "sluice-seal/1\n", SHARE_MAGIC[] = "sluice-share/1\n";

int seal_box(const uint8_t to[SEAL_PUBLIC], const void *bytes, size_t len, struct buf *out)
{
	uint8_t *at;

	if (!key_public_ok_for(KEY_SEAL, to))
		return SL_E_DENIED;
	if (len > SIZE_MAX - crypto_box_SEALBYTES)
		return SL_E_LIMIT;
	at = buf_extend(out, len + crypto_box_SEALBYTES);
	if (at == NULL)
		return buf_error(out);
	return crypto_box_seal(at, bytes, len, to) == 0 ? SL_OK : SL_E_INTERNAL;
}

int seal_box_open(const struct key *mine, const void *bytes, size_t len, struct buf *out)
{
	size_t start = out->len;
	uint8_t *at;

	if (!key_is_x25519(mine->use))
		return SL_E_DENIED;
	if (len < crypto_box_SEALBYTES)
		return SL_E_FORMAT;
	at = buf_extend(out, len - crypto_box_SEALBYTES);
	if (at == NULL)
		return buf_error(out);
	if (crypto_box_seal_open(at, bytes, len, mine->public_key, mine->secret) != 0) {
		out->len = start;
		return SL_E_SIGNATURE;
	}
	return SL_OK;
}

unsigned seal_box_count(unsigned n)
{
	return n == 1 ? 1 : n * (n - 1);
}

unsigned seal_box_index(unsigned n, unsigned to, unsigned other)
{
	unsigned i = to < other ? to : other, j = to < other ? other : to;
	/* Pairs before (i, …): (n-1) + (n-2) + … i terms. */
	unsigned pair = i * (2 * n - i - 1) / 2 + (j - i - 1);

	return 2 * pair + (to > other);
}

/* A random half to i, what is left of the key to j: either alone is random. */
static int put_pair(struct buf *head, const uint8_t key[32], const uint8_t *i, const uint8_t *j)
{
	uint8_t *halves = sodium_malloc(64);
	int r;

	if (halves == NULL)
		return SL_E_NOMEM;
	randombytes_buf(halves, 32);
	for (unsigned k = 0; k < 32; k++)
		halves[32 + k] = key[k] ^ halves[k];
	r = seal_box(i, halves, 32, head);
	if (r == SL_OK)
		r = seal_box(j, halves + 32, 32, head);
	sodium_free(halves);
	return r;
}

static int check_officers(const uint8_t officers[][SEAL_PUBLIC], unsigned n)
{
	if (n == 0 || n > SEAL_OFFICERS_MAX)
		return SL_E_LIMIT;
	for (unsigned i = 0; i < n; i++) {
		if (!key_public_ok_for(KEY_SEAL, officers[i]))
			return SL_E_DENIED;
		/* The same officer twice could open it alone. */
		for (unsigned k = 0; k < i; k++) {
			if (memcmp(officers[i], officers[k], SEAL_PUBLIC) == 0)
				return SL_E_DENIED;
		}
	}
	return SL_OK;
}

int seal_fd(int in_fd, int out_fd, const uint8_t officers[][SEAL_PUBLIC], unsigned n)
{
	uint8_t *key = sodium_malloc(32), hash[HASH_LEN];
	struct buf head;
	int r = key == NULL ? SL_E_NOMEM : check_officers(officers, n);

	buf_init(&head, SEAL_HEAD_MAX);
	if (r != SL_OK)
		goto out;
	randombytes_buf(key, 32);
	buf_puts(&head, FILE_MAGIC);
	buf_put_u8(&head, (uint8_t)n);
	buf_put(&head, officers, (size_t)n * SEAL_PUBLIC);
	if (n == 1)
		r = seal_box(officers[0], key, 32, &head);
	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		for (unsigned j = i + 1; j < n && r == SL_OK; j++)
			r = put_pair(&head, key, officers[i], officers[j]);
	}
	if (r == SL_OK)
		r = buf_error(&head);
	if (r == SL_OK)
		r = file_write_all(out_fd, head.data, head.len);
	if (r != SL_OK)
		goto out;
	hash_bytes(head.data, head.len, hash);
	r = seal_stream_out(in_fd, out_fd, key, hash);
out:
	sodium_free(key);
	buf_release(&head);
	return r;
}

/* Read from offset 0 as much as there is up to cap. */
static int read_start(int fd, struct buf *out, size_t cap)
{
	uint8_t *at = buf_extend(out, cap);
	size_t got = 0;

	if (at == NULL)
		return buf_error(out);
	while (got < cap) {
		ssize_t n = pread(fd, at + got, cap - got, (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	out->len = got;
	return SL_OK;
}

struct head { /* borrowed from a buf */
	unsigned n;
	const uint8_t *officers, *boxes;
	size_t len;
	uint8_t hash[HASH_LEN];
};

static int read_head(int fd, struct buf *bytes, struct head *ret, struct sl_why *why)
{
	const uint8_t *magic;
	struct cur c;
	int r = read_start(fd, bytes, SEAL_HEAD_MAX);

	if (r != SL_OK)
		return r;
	cur_init(&c, bytes->data, bytes->len);
	magic = cur_bytes(&c, sizeof(FILE_MAGIC) - 1);
	ret->n = cur_u8(&c);
	if (magic == NULL || memcmp(magic, FILE_MAGIC, sizeof(FILE_MAGIC) - 1) != 0 ||
	    ret->n == 0 || ret->n > SEAL_OFFICERS_MAX)
		return why_set(why, SL_E_FORMAT, "not a sealed file");
	ret->officers = cur_bytes(&c, (size_t)ret->n * SEAL_PUBLIC);
	ret->boxes = cur_bytes(&c, (size_t)seal_box_count(ret->n) * SEAL_BOX);
	if (ret->boxes == NULL)
		return why_set(why, SL_E_FORMAT, "the sealed file is cut short");
	ret->len = bytes->len - cur_left(&c);
	hash_bytes(bytes->data, ret->len, ret->hash);
	return SL_OK;
}

int seal_only_officer(int fd, uint8_t ret_officer[SEAL_PUBLIC], struct sl_why *why)
{
	struct buf bytes;
	struct head h;
	int r;

	buf_init(&bytes, SEAL_HEAD_MAX);
	r = read_head(fd, &bytes, &h, why);
	if (r == SL_OK && h.n != 1)
		r = why_set(why, SL_E_FORMAT, "the file is sealed to several officers");
	if (r == SL_OK)
		memcpy(ret_officer, h.officers, SEAL_PUBLIC);
	buf_release(&bytes);
	return r;
}

static int put_halves(const struct head *h, unsigned index, const struct key *officer,
		      struct buf *share)
{
	int r = SL_OK;

	if (h->n == 1)
		return seal_box_open(officer, h->boxes, SEAL_BOX, share);
	for (unsigned other = 0; other < h->n && r == SL_OK; other++) {
		if (other != index)
			r = seal_box_open(officer,
					  h->boxes + (size_t)SEAL_BOX *
							     seal_box_index(h->n, index, other),
					  SEAL_BOX, share);
	}
	return r;
}

int seal_share(int fd, const struct key *officer, struct buf *ret_share, struct sl_why *why)
{
	struct buf bytes, share;
	unsigned index = 0;
	struct head h;
	int r;

	buf_init(&bytes, SEAL_HEAD_MAX);
	buf_init(&share, SEAL_SHARE_MAX);
	r = read_head(fd, &bytes, &h, why);
	if (r != SL_OK)
		goto out;
	while (index < h.n && memcmp(h.officers + (size_t)SEAL_PUBLIC * index,
				     officer->public_key, SEAL_PUBLIC) != 0)
		index++;
	if (index == h.n) {
		r = why_set(why, SL_E_DENIED, "it is not sealed to this key");
		goto out;
	}
	buf_puts(&share, SHARE_MAGIC);
	buf_put(&share, h.hash, HASH_LEN);
	buf_put_u8(&share, (uint8_t)h.n);
	buf_put_u8(&share, (uint8_t)index);
	r = put_halves(&h, index, officer, &share);
	if (r != SL_OK) {
		(void)why_set(why, r, "the officer's part of the sealed file is damaged");
		goto out;
	}
	buf_put(ret_share, share.data, share.len);
	r = buf_error(ret_share);
out:
	buf_release(&bytes);
	buf_wipe(&share);
	return r;
}

struct share { /* borrowed from a buf */
	unsigned index;
	const uint8_t *halves;
};

static int read_share(const struct buf *b, const struct head *h, struct share *ret,
		      struct sl_why *why)
{
	const uint8_t *magic, *hash;
	struct cur c;
	unsigned n;

	cur_init(&c, b->data, b->len);
	magic = cur_bytes(&c, sizeof(SHARE_MAGIC) - 1);
	hash = cur_bytes(&c, HASH_LEN);
	n = cur_u8(&c);
	ret->index = cur_u8(&c);
	ret->halves = cur_bytes(&c, h->n == 1 ? 32 : 32 * (size_t)(h->n - 1));
	if (magic == NULL || hash == NULL || cur_end(&c) != SL_OK ||
	    memcmp(magic, SHARE_MAGIC, sizeof(SHARE_MAGIC) - 1) != 0)
		return why_set(why, SL_E_FORMAT, "not a share");
	if (!hash_equal(hash, h->hash, HASH_LEN) || n != h->n || ret->index >= n)
		return why_set(why, SL_E_DENIED, "the share belongs to another sealed file");
	return SL_OK;
}

static const uint8_t *half_for(const struct share *s, unsigned other)
{
	return s->halves + 32 * (size_t)(other < s->index ? other : other - 1);
}

static int combine(const struct head *h, const struct buf *share_a, const struct buf *share_b,
		   uint8_t key[32], struct sl_why *why)
{
	struct share a, b;
	int r = read_share(share_a, h, &a, why);

	if (r != SL_OK)
		return r;
	if (h->n == 1) {
		memcpy(key, a.halves, 32);
		return SL_OK;
	}
	if (share_b == NULL)
		return why_set(why, SL_E_DENIED, "two officers are needed");
	r = read_share(share_b, h, &b, why);
	if (r != SL_OK)
		return r;
	if (a.index == b.index)
		return why_set(why, SL_E_DENIED, "both shares are of one officer");
	for (unsigned k = 0; k < 32; k++)
		key[k] = half_for(&a, b.index)[k] ^ half_for(&b, a.index)[k];
	return SL_OK;
}

int seal_open(int fd, const struct buf *share_a, const struct buf *share_b, int out_fd,
	      struct sl_why *why)
{
	uint8_t *key = sodium_malloc(32);
	struct buf bytes;
	struct head h;
	int r;

	if (key == NULL)
		return SL_E_NOMEM;
	buf_init(&bytes, SEAL_HEAD_MAX);
	r = read_head(fd, &bytes, &h, why);
	if (r == SL_OK)
		r = combine(&h, share_a, share_b, key, why);
	if (r == SL_OK)
		r = seal_stream_in(fd, h.len, out_fd, key, h.hash, why);
	sodium_free(key);
	buf_release(&bytes);
	return r;
}
