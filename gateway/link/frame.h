/* frame.h - stream mode: one NNG message carries one piece of one sealed unit.
 *
 *   "SLFRAME1" · u8 priority · u64 serial · u64 offset · u64 total · sha256 of the
 *   whole (32) · blob data (1..FRAME_DATA_MAX; nothing only when total is 0)
 * Pieces of one unit come in order; several units may be interleaved, so that a
 * recall overtakes a large unit half-way. */
#ifndef SL_LINK_FRAME_H
#define SL_LINK_FRAME_H

#include <stdint.h>

#include "base/buf.h"

enum {
	FRAME_DATA_MAX = 512 << 10,
	FRAME_HEAD = 8 + 1 + 8 + 8 + 8 + 32 + 4,
	FRAME_MAX = FRAME_HEAD + FRAME_DATA_MAX,
	FRAME_SHA256 = 32
};
/* A sealed unit: contents, header and the overhead of sealing. */
#define FRAME_UNIT_MAX ((UINT64_C(1) << 30) + (UINT64_C(64) << 20))

struct frame {
	uint8_t priority; /* 0 recall … 9 */
	int64_t serial;
	uint64_t offset, total;
	uint8_t sha256[FRAME_SHA256];
	const uint8_t *data; /* borrowed */
	size_t len;
};
/* Append one message. */
int frame_write(const struct frame *f, struct buf *out) SL_MUST_USE;
/* Parse hostile bytes; data borrows from them. SL_E_FORMAT, SL_E_LIMIT. */
int frame_parse(const void *bytes, size_t len, struct frame *ret_f) SL_MUST_USE;

#endif
