/* seal_file.c - the content of a sealed file: a stream of authenticated pieces.
 *
 * Hostile on opening: every byte.  Pieces cannot be cut off (the last is tagged),
 * reordered or moved to another file (the head's hash is bound to the first). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/seal_private.h"

enum {
	PIECE = SEAL_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
	STREAM_HEAD = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
};
#define TAG_FINAL crypto_secretstream_xchacha20poly1305_TAG_FINAL

struct stream {
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t plain[SEAL_CHUNK + 1]; /* one more: is there anything behind? */
	uint8_t sealed[PIECE + 1];
};

/* Up to len bytes; fewer only at the end.  at < 0: read(), else pread() there. */
static int read_up_to(int fd, int64_t at, uint8_t *out, size_t len, size_t *ret_len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n =
			at < 0 ? read(fd, out + got, len - got)
			       : pread(fd, out + got, len - got, (off_t)(at + (int64_t)got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	*ret_len = got;
	return SL_OK;
}

static void stream_free(struct stream *s)
{
	if (s != NULL)
		sodium_memzero(s, sizeof(*s));
	free(s);
}

int seal_stream_out(int in_fd, int out_fd, const uint8_t key[32],
		    const uint8_t head_hash[HASH_LEN])
{
	struct stream *s = malloc(sizeof(*s));
	uint8_t head[STREAM_HEAD];
	size_t have = 0, more;
	bool first = true;
	int r = s == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		goto out;
	(void)crypto_secretstream_xchacha20poly1305_init_push(&s->state, head, key);
	r = file_write_all(out_fd, head, sizeof(head));
	while (r == SL_OK) {
		size_t n;
		bool last;

		/* One byte ahead, so that the last piece is known when it is written. */
		r = read_up_to(in_fd, -1, s->plain + have, SEAL_CHUNK + 1 - have, &more);
		if (r != SL_OK)
			break;
		have += more;
		last = have <= SEAL_CHUNK;
		n = last ? have : SEAL_CHUNK;
		(void)crypto_secretstream_xchacha20poly1305_push(
			&s->state, s->sealed, NULL, s->plain, n, first ? head_hash : NULL,
			first ? HASH_LEN : 0, last ? TAG_FINAL : 0);
		r = file_write_all(out_fd, s->sealed,
				   n + crypto_secretstream_xchacha20poly1305_ABYTES);
		if (last)
			break;
		first = false;
		s->plain[0] = s->plain[SEAL_CHUNK];
		have = 1;
	}
out:
	stream_free(s);
	return r;
}

/* One piece from offset at; *ret_end: it was the last and nothing follows. */
static int open_piece(struct stream *s, int fd, uint64_t at, int out_fd, const uint8_t *ad,
		      bool *ret_end)
{
	unsigned long long n = 0;
	unsigned char tag = 0;
	size_t got;
	int r = read_up_to(fd, (int64_t)at, s->sealed, PIECE + 1, &got);

	if (r != SL_OK)
		return r;
	*ret_end = got <= PIECE;
	got = got > PIECE ? PIECE : got;
	if (got < crypto_secretstream_xchacha20poly1305_ABYTES ||
	    crypto_secretstream_xchacha20poly1305_pull(&s->state, s->plain, &n, &tag, s->sealed,
						       got, ad,
						       ad == NULL ? 0 : HASH_LEN) != 0 ||
	    (tag == TAG_FINAL) != *ret_end)
		return SL_E_SIGNATURE;
	return file_write_all(out_fd, s->plain, (size_t)n);
}

int seal_stream_in(int fd, uint64_t at, int out_fd, const uint8_t key[32],
		   const uint8_t head_hash[HASH_LEN], struct sl_why *why)
{
	struct stream *s = malloc(sizeof(*s));
	const uint8_t *ad = head_hash;
	uint8_t head[STREAM_HEAD];
	bool end = false;
	size_t got = 0;
	int r = s == NULL ? SL_E_NOMEM : read_up_to(fd, (int64_t)at, head, sizeof(head), &got);

	if (r == SL_OK &&
	    (got != sizeof(head) ||
	     crypto_secretstream_xchacha20poly1305_init_pull(&s->state, head, key) != 0))
		r = SL_E_SIGNATURE;
	for (at += sizeof(head); r == SL_OK && !end; at += PIECE) {
		r = open_piece(s, fd, at, out_fd, ad, &end);
		ad = NULL;
	}
	stream_free(s);
	return r == SL_E_SIGNATURE
		       ? why_set(why, r, "the sealed file is damaged or was cut short")
		       : r;
}
