/* digest.c - pieces through lanes.h, as many at once as the processor takes.
 *
 * Whole pieces are hashed where they lie; only what is left of one part is kept until the
 * next part completes it. */
#include "crypto/digest.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/lanes.h"

struct digest {
	crypto_generichash_state root; /* aligned to 64: no pointer of malloc need be */
	struct lanes leaf;
	size_t held;
	uint8_t hold[DIGEST_PIECE];
};

static void start(struct digest *d)
{
	(void)crypto_generichash_init(&d->root, NULL, 0, DIGEST_LEN);
	lanes_begin(&d->leaf, DIGEST_LEN, NULL, 0);
	d->held = 0;
}

int digest_new(struct digest **ret_d)
{
	struct digest *d = aligned_alloc(_Alignof(struct digest), sizeof(*d));

	if (d == NULL)
		return SL_E_NOMEM;
	start(d);
	*ret_d = d;
	return SL_OK;
}

static void one(struct digest *d, const uint8_t *piece, size_t len)
{
	uint8_t leaf[DIGEST_LEN];

	(void)crypto_generichash(leaf, sizeof(leaf), piece, len, NULL, 0);
	(void)crypto_generichash_update(&d->root, leaf, sizeof(leaf));
}

/* n whole pieces, at most as many as there are lanes. */
static void several(struct digest *d, const uint8_t *pieces, unsigned n)
{
	uint8_t leaves[LANES_MAX][DIGEST_LEN];
	const uint8_t *piece[LANES_MAX];
	uint8_t *leaf[LANES_MAX];

	for (unsigned i = 0; i < n; i++) {
		piece[i] = pieces + (size_t)i * DIGEST_PIECE;
		leaf[i] = leaves[i];
	}
	lanes_hash(&d->leaf, piece, DIGEST_PIECE, n, leaf);
	(void)crypto_generichash_update(&d->root, leaves[0], n * (size_t)DIGEST_LEN);
}

static const uint8_t *whole(struct digest *d, const uint8_t *at, size_t n)
{
	const size_t width = lanes_width();

	while (n > 0) {
		unsigned now = (unsigned)(n < width ? n : width);

		if (now > 1) {
			several(d, at, now);
		} else {
			now = 1;
			one(d, at, DIGEST_PIECE);
		}
		at += now * (size_t)DIGEST_PIECE;
		n -= now;
	}
	return at;
}

static size_t hold(struct digest *d, const uint8_t *bytes, size_t len)
{
	size_t room = sizeof(d->hold) - d->held, n = len < room ? len : room;

	if (n > 0)
		memcpy(d->hold + d->held, bytes, n);
	d->held += n;
	return n;
}

void digest_update(struct digest *d, const void *bytes, size_t len)
{
	const uint8_t *at = bytes, *end = at + len;

	if (d->held > 0) {
		at += hold(d, at, len);
		if (d->held < DIGEST_PIECE)
			return;
		one(d, d->hold, DIGEST_PIECE);
		d->held = 0;
	}
	at = whole(d, at, (size_t)(end - at) / DIGEST_PIECE);
	(void)hold(d, at, (size_t)(end - at));
}

void digest_final(struct digest *d, uint8_t out[DIGEST_LEN])
{
	if (d->held > 0)
		one(d, d->hold, d->held);
	(void)crypto_generichash_final(&d->root, out, DIGEST_LEN);
}

void digest_free(struct digest *d)
{
	free(d);
}

void digest_bytes(const void *bytes, size_t len, uint8_t out[DIGEST_LEN])
{
	struct digest d;

	start(&d);
	digest_update(&d, bytes, len);
	digest_final(&d, out);
}
