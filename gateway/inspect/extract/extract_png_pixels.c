/* extract_png_pixels.c - is there anything in a picture's stream but its pixels?
 *
 * Decoders stop when the last row is full; what the stream or its chunks hold behind that is
 * seen by nobody.  Hostile: streams without end; the picture's own size is the ceiling. */
#include "inspect/extract/extract_png_pixels.h"

#include <string.h>

#include "inspect/type/identify.h"

enum { STEP = 1 << 16, HEAD_LEN = 13, PASSES = 7 };

/* Bytes of `rows` rows, each with a byte for its filter. */
static uint64_t size_of(uint64_t width, uint64_t rows, unsigned bits)
{
	return width == 0 ? 0 : rows * (1 + (width * bits + 7) / 8);
}

/* Adam7: seven pictures of every eighth, fourth and second pixel. */
static uint64_t interlaced(uint64_t width, uint64_t height, unsigned bits)
{
	static const uint8_t x0[PASSES] = {0, 4, 0, 2, 0, 1, 0},
			     y0[PASSES] = {0, 0, 4, 0, 2, 0, 1};
	static const uint8_t dx[PASSES] = {8, 8, 4, 4, 2, 2, 1},
			     dy[PASSES] = {8, 8, 8, 4, 4, 2, 2};
	uint64_t n = 0;

	for (unsigned i = 0; i < PASSES; i++)
		n += size_of((width + dx[i] - 1 - x0[i]) / dx[i],
			     (height + dy[i] - 1 - y0[i]) / dy[i], bits);
	return n;
}

bool extract_png_head(struct png_pixels *px, const uint8_t *head, size_t len)
{
	static const uint8_t samples[] = {1, 0, 3, 1, 2, 0, 4};
	uint32_t width, height;
	unsigned bits;

	if (len != HEAD_LEN || px->started || head[9] >= sizeof(samples) ||
	    samples[head[9]] == 0)
		return false;
	width = identify_be32(head);
	height = identify_be32(head + 4);
	bits = (unsigned)head[8] * samples[head[9]];
	px->left =
		head[12] != 0 ? interlaced(width, height, bits) : size_of(width, height, bits);
	px->started = inflateInit(&px->z) == Z_OK;
	return px->started;
}

bool extract_png_data(struct png_pixels *px, const uint8_t *bytes, size_t len)
{
	static uint8_t step[STEP];

	if (!px->started || (px->ended && len > 0))
		return false;
	px->z.next_in = (z_const Bytef *)bytes;
	px->z.avail_in = (uInt)len;
	while (px->z.avail_in > 0 && !px->ended) {
		size_t got;
		int r;

		px->z.next_out = step;
		px->z.avail_out = sizeof(step);
		r = inflate(&px->z, Z_NO_FLUSH);
		got = sizeof(step) - px->z.avail_out;
		if (got > px->left || (r != Z_OK && r != Z_STREAM_END))
			return false;
		px->left -= got;
		px->ended = r == Z_STREAM_END;
	}
	return px->z.avail_in == 0;
}

void extract_png_end(struct png_pixels *px)
{
	if (px->started)
		(void)inflateEnd(&px->z);
	px->started = false;
}
