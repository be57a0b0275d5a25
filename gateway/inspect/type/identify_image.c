/* identify_image.c - PNG, JPEG, GIF, BMP, WebP: every chunk from the first byte to the last.
 *
 * What stands after the end marker is where a second file is hidden, so the
 * marker must be the end.  TIFF is in identify_tiff.c. */
#include <string.h>

#include <zlib.h>

#include "inspect/type/bmp.h"
#include "inspect/type/identify.h"
#include "inspect/type/identify_tiff.h"

static const char *png(const struct identify_in *in)
{
	size_t at = 8;

	while (in->len - at >= 12) {
		uint32_t len = identify_be32(in->p + at);
		const uint8_t *kind = in->p + at + 4;

		if (len > in->len - at - 12)
			return "truncated";
		if (at == 8 && (memcmp(kind, "IHDR", 4) != 0 || len != 13))
			return "corrupt";
		if (crc32(crc32(0, NULL, 0), kind, len + 4) != identify_be32(kind + 4 + len))
			return "corrupt";
		at += 12 + (size_t)len;
		if (memcmp(kind, "IEND", 4) == 0)
			return at == in->len ? NULL : "polyglot";
	}
	return "truncated";
}

/* After SOS come coded bytes in which FF is followed by 00 or a restart marker. */
static size_t jpeg_scan(const struct identify_in *in, size_t at)
{
	while (at + 1 < in->len) {
		const uint8_t *ff = memchr(in->p + at, 0xff, in->len - at - 1);

		if (ff == NULL)
			return in->len;
		at = (size_t)(ff - in->p);
		if (ff[1] != 0 && ff[1] != 0xff && (ff[1] < 0xd0 || ff[1] > 0xd7))
			return at;
		at += ff[1] == 0xff ? 1 : 2;
	}
	return in->len;
}

static const char *jpeg(const struct identify_in *in)
{
	size_t at = 2;
	bool scanned = false;

	while (in->len - at >= 2) {
		uint8_t marker = in->p[at + 1];
		uint32_t len;

		if (in->p[at] != 0xff)
			return "corrupt";
		if (marker == 0xff) { /* fill byte */
			at++;
			continue;
		}
		if (marker == 0xd9)
			return !scanned ? "corrupt" : at + 2 == in->len ? NULL : "polyglot";
		if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8))
			return "corrupt";
		if (in->len - at < 4)
			return "truncated";
		len = identify_be16(in->p + at + 2);
		if (len < 2)
			return "corrupt";
		if (len > in->len - at - 2)
			return "truncated";
		at += 2 + (size_t)len;
		if (marker == 0xda) {
			scanned = true;
			at = jpeg_scan(in, at);
		}
	}
	return "truncated";
}

/* Chain of length-prefixed sub-blocks; the place after its zero, or 0. */
static size_t gif_blocks(const struct identify_in *in, size_t at)
{
	while (at < in->len) {
		uint8_t len = in->p[at++];

		if (len == 0)
			return at;
		if (len > in->len - at)
			return 0;
		at += len;
	}
	return 0;
}

static const char *gif(const struct identify_in *in)
{
	size_t at = 13;

	if (in->len < 14)
		return "truncated";
	if ((in->p[10] & 0x80) != 0)
		at += (size_t)3 << ((in->p[10] & 7) + 1);
	while (at < in->len) {
		uint8_t kind = in->p[at];

		if (kind == 0x3b)
			return at + 1 == in->len ? NULL : "polyglot";
		if (kind == 0x21) {
			at = gif_blocks(in, at + 2);
		} else if (kind == 0x2c && in->len - at > 11) {
			uint8_t flags = in->p[at + 9];

			at += 10;
			if ((flags & 0x80) != 0)
				at += (size_t)3 << ((flags & 7) + 1);
			at = gif_blocks(in, at + 1);
		} else {
			return "corrupt";
		}
		if (at == 0)
			return "truncated";
	}
	return "truncated";
}

static const char *bmp(const struct identify_in *in)
{
	uint32_t size = identify_le32(in->p + 2);
	struct bmp b;
	const char *why = bmp_open(in->p, in->len, &b);

	if (why != NULL || size == in->len)
		return why;
	/* LibreOffice writes a size of its own; then the structure must fill the file. */
	if (b.coding == BMP_PLAIN && b.pixels + b.pixels_len == in->len)
		return NULL;
	return size > in->len ? "truncated" : "polyglot";
}

static const char *webp(const struct identify_in *in)
{
	size_t at = 12;
	uint64_t whole = (uint64_t)identify_le32(in->p + 4) + 8;

	if (whole != in->len)
		return whole > in->len ? "truncated" : "polyglot";
	while (in->len - at >= 8) {
		uint64_t len = identify_le32(in->p + at + 4);

		len += len & 1;
		if (len > in->len - at - 8)
			return "truncated";
		at += 8 + (size_t)len;
	}
	return at == in->len && at > 12 ? NULL : "corrupt";
}

static bool starts(const struct identify_in *in, const char *magic, size_t len)
{
	return in->len >= len && memcmp(in->p, magic, len) == 0;
}

bool identify_image(const struct identify_in *in, struct identity *ret_id)
{
	const char *why;

	if (starts(in, "\x89PNG\r\n\x1a\n", 8)) {
		ret_id->type = "image/png";
		why = png(in);
	} else if (starts(in, "\xff\xd8\xff", 3)) {
		ret_id->type = "image/jpeg";
		why = jpeg(in);
	} else if (starts(in, "GIF87a", 6) || starts(in, "GIF89a", 6)) {
		ret_id->type = "image/gif";
		why = gif(in);
	} else if (in->len >= 26 && starts(in, "BM", 2) && identify_le32(in->p + 6) == 0 &&
		   identify_le32(in->p + 14) >= 12 && identify_le32(in->p + 14) <= 124) {
		ret_id->type = "image/bmp";
		why = bmp(in);
	} else if (starts(in, "RIFF", 4) && in->len >= 16 &&
		   memcmp(in->p + 8, "WEBP", 4) == 0) {
		ret_id->type = "image/webp";
		why = webp(in);
	} else if (starts(in, "II*\0", 4) || starts(in, "MM\0*", 4)) {
		ret_id->type = "image/tiff";
		why = identify_tiff(in);
	} else {
		return false;
	}
	if (why != NULL)
		ret_id->reason = why;
	return true;
}
