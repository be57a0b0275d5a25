/* clean_image.c - pictures without what cameras and programs wrote beside the pixels (BMP and
 * TIFF are in files of their own).
 *
 * Nothing is encoded again: the segments that make the picture are copied.  Hostile:
 * lengths; what is not understood ends the copy with SL_E_FORMAT. */
#include "inspect/clean/clean.h"

#include <string.h>

#include "inspect/type/identify.h"

static int damaged(struct sl_why *why)
{
	return why_set(why, SL_E_FORMAT, "the picture is damaged");
}

/* --- JPEG --- */

enum {
	JPEG_SOS = 0xda,
	JPEG_EOI = 0xd9,
	JPEG_COM = 0xfe,
	ICC_HEAD = 14 /* name, which piece, of how many */
};

/* Orientation in an Exif segment (TIFF 6.0 directory), 1 when there is none: without it
 * a picture taken upright lies on its side. */
static unsigned orientation(const uint8_t *p, size_t len)
{
	bool little;
	uint32_t at, n;

	if (len < 16 || memcmp(p, "Exif\0\0", 6) != 0)
		return 1;
	p += 6;
	len -= 6;
	little = memcmp(p, "II", 2) == 0;
#define GET16(o) (little ? identify_le16(p + (o)) : identify_be16(p + (o)))
#define GET32(o) (little ? identify_le32(p + (o)) : identify_be32(p + (o)))
	at = GET32(4);
	if (at > len || len - at < 2)
		return 1;
	n = GET16(at);
	for (uint32_t i = 0; i < n && len - at >= 2 + (size_t)12 * (i + 1); i++) {
		uint32_t e = at + 2 + 12 * i;

		if (GET16(e) == 0x0112 && GET16(e + 8) >= 1 && GET16(e + 8) <= 8)
			return GET16(e + 8);
	}
#undef GET16
#undef GET32
	return 1;
}

enum { ORIENTATION_LEN = 36, ORIENTATION_AT = 29 };
static const uint8_t orientation_segment[ORIENTATION_LEN] = {
	0xff, 0xe1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
	0,    1,    1, 0x12, 0,	  3,   0,   0,	 0, 1, 0,   0,	 0, 0,	0, 0, 0, 0};

static void put_orientation(struct buf *out, unsigned o)
{
	uint8_t exif[ORIENTATION_LEN];

	memcpy(exif, orientation_segment, sizeof(exif));
	exif[ORIENTATION_AT] = (uint8_t)o;
	buf_put(out, exif, sizeof(exif));
}

/* The segment that an earlier cleaning wrote: nothing in it to take away. */
static bool is_ours(const uint8_t *p, size_t len)
{
	return len == ORIENTATION_LEN && memcmp(p, orientation_segment, ORIENTATION_AT) == 0 &&
	       p[ORIENTATION_AT] <= 8 &&
	       memcmp(p + ORIENTATION_AT + 1, orientation_segment + ORIENTATION_AT + 1,
		      ORIENTATION_LEN - ORIENTATION_AT - 1) == 0;
}

/* A colour profile (ICC.1, 7.2), and not a field that only calls itself one. */
static bool is_profile(const uint8_t *p, size_t len)
{
	return len >= 128 && memcmp(p + 36, "acsp", 4) == 0 && identify_be32(p) == len;
}

/* Segments that decoders need: JFIF, colour profile, Adobe's transform. */
static bool jpeg_needed(unsigned marker, const uint8_t *p, size_t len)
{
	if (marker == 0xe0)
		return len >= 5 && memcmp(p, "JFIF", 5) == 0;
	if (marker == 0xe2)
		return len >= ICC_HEAD && memcmp(p, "ICC_PROFILE", 12) == 0 &&
		       (p[13] != 1 || is_profile(p + ICC_HEAD, len - ICC_HEAD));
	if (marker == 0xee)
		return len >= 5 && memcmp(p, "Adobe", 5) == 0;
	return !(marker >= 0xe0 && marker <= 0xef) && marker != JPEG_COM;
}

/* Coded bytes, up to the next marker that is neither stuffed nor a restart. */
static size_t scan_end(const uint8_t *p, size_t len, size_t at)
{
	while (at + 1 < len && (p[at] != 0xff || p[at + 1] == 0 || p[at + 1] == 0xff ||
				(p[at + 1] >= 0xd0 && p[at + 1] <= 0xd7)))
		at++;
	return at + 1 < len ? at : len;
}

/* The segment with its marker and length: kept, or left out and said. */
static void jpeg_segment(unsigned marker, const uint8_t *p, size_t len, struct clean_result *r)
{
	unsigned turned;

	if ((marker == 0xe1 && is_ours(p, len)) || jpeg_needed(marker, p + 4, len - 4)) {
		buf_put(&r->bytes, p, len);
		return;
	}
	clean_say(r, "removed", "",
		  (marker == JPEG_COM) ? "comment"
		  : (marker == 0xe1)   ? "EXIF or XMP"
		  : (marker == 0xed)   ? "IPTC"
				       : "application data",
		  1);
	turned = marker == 0xe1 ? orientation(p + 4, len - 4) : 1;
	if (turned > 1)
		put_orientation(&r->bytes, turned);
}

int clean_jpeg(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	const uint8_t *p = job->bytes;
	size_t at = 2, len = job->len;
	bool scanned = false;

	if (len < 4 || p[0] != 0xff || p[1] != 0xd8)
		return damaged(why);
	buf_put(&r->bytes, p, 2);
	for (;;) {
		unsigned marker;
		size_t n;

		if (len - at < 2 || p[at] != 0xff)
			return damaged(why);
		marker = p[at + 1];
		if (marker == 0xff) {
			at++; /* fill byte */
			continue;
		}
		if (marker == JPEG_EOI)
			break;
		if (len - at < 4)
			return damaged(why);
		n = identify_be16(p + at + 2);
		if (n < 2 || n > len - at - 2)
			return damaged(why);
		jpeg_segment(marker, p + at, n + 2, r);
		at += n + 2;
		if (marker == JPEG_SOS) {
			size_t end = scan_end(p, len, at);

			buf_put(&r->bytes, p + at, end - at);
			at = end;
			scanned = true;
		}
	}
	if (!scanned)
		return damaged(why);
	buf_put(&r->bytes, p + at, 2);
	if (at + 2 < len)
		clean_say(r, "removed", "", "bytes after the picture", 1);
	return SL_OK;
}

/* --- PNG --- */

int clean_png(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	static const char *const needed[] = {"IHDR", "PLTE", "tRNS", "cHRM", "gAMA",
					     "iCCP", "sBIT", "sRGB", "bKGD", "pHYs",
					     "IDAT", "IEND", "acTL", "fcTL", "fdAT"};
	const uint8_t *p = job->bytes;
	size_t at = 8;

	if (job->len < 8 || memcmp(p, "\x89PNG\r\n\x1a\n", 8) != 0)
		return damaged(why);
	buf_put(&r->bytes, p, 8);
	while (job->len - at >= 12) {
		size_t n = identify_be32(p + at);
		char name[5] = {0};
		bool keep = false;

		if (n > job->len - at - 12)
			return damaged(why);
		memcpy(name, p + at + 4, 4);
		for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
			keep = keep || strcmp(name, needed[i]) == 0;
		if (keep)
			buf_put(&r->bytes, p + at, n + 12);
		else
			clean_say(r, "removed", "", name, 1);
		at += n + 12;
		if (strcmp(name, "IEND") != 0)
			continue;
		if (at < job->len)
			clean_say(r, "removed", "", "bytes after the picture", 1);
		return SL_OK;
	}
	return damaged(why);
}

/* --- GIF --- */

/* Length of the sub-blocks at p with their end; 0: they do not end. */
static size_t gif_blocks(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len && p[at] != 0)
		at += (size_t)p[at] + 1;
	return (at < len) ? at + 1 : 0;
}

int clean_gif(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	const uint8_t *p = job->bytes;
	size_t at = 13, n;

	if (job->len < 13 || memcmp(p, "GIF8", 4) != 0)
		return damaged(why);
	if ((p[10] & 0x80) != 0)
		at += (size_t)3 << ((p[10] & 7) + 1);
	if (at > job->len)
		return damaged(why);
	buf_put(&r->bytes, p, at);
	while (at < job->len && p[at] != 0x3b) {
		size_t head = 2;
		bool keep = true;

		if (p[at] == 0x2c) {
			if (job->len - at < 11)
				return damaged(why);
			head = 11 + ((p[at + 9] & 0x80) != 0
					     ? (size_t)3 << ((p[at + 9] & 7) + 1)
					     : 0);
		} else if (p[at] == 0x21 && job->len - at > 14) {
			keep = p[at + 1] == 0xf9 ||
			       (p[at + 1] == 0xff &&
				(memcmp(p + at + 3, "NETSCAPE2.0", 11) == 0));
		} else {
			return damaged(why);
		}
		n = (head < job->len - at) ? gif_blocks(p + at + head, job->len - at - head)
					   : 0;
		if (n == 0)
			return damaged(why);
		if (keep)
			buf_put(&r->bytes, p + at, head + n);
		else
			clean_say(r, "removed", "",
				  (p[at + 1] == 0xfe) ? "comment" : "application data", 1);
		at += head + n;
	}
	if (at >= job->len)
		return damaged(why);
	buf_put(&r->bytes, p + at, 1);
	if (at + 1 < job->len)
		clean_say(r, "removed", "", "bytes after the picture", 1);
	return SL_OK;
}

/* --- WebP --- */

int clean_webp(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	const uint8_t *p = job->bytes;
	size_t at = 12, size, flags = 0;

	if (job->len < 20 || memcmp(p, "RIFF", 4) != 0 || memcmp(p + 8, "WEBP", 4) != 0)
		return damaged(why);
	size = (size_t)identify_le32(p + 4) + 8;
	if (size > job->len)
		return damaged(why);
	buf_put(&r->bytes, p, 12);
	while (size - at >= 8) {
		size_t n = identify_le32(p + at + 4);

		n += n % 2;
		if (n > size - at - 8)
			return damaged(why);
		if (memcmp(p + at, "EXIF", 4) == 0 || memcmp(p + at, "XMP ", 4) == 0) {
			clean_say(r, "removed", "", p[at] == 'E' ? "EXIF" : "XMP", 1);
		} else {
			if (memcmp(p + at, "VP8X", 4) == 0)
				flags = r->bytes.len + 8;
			buf_put(&r->bytes, p + at, n + 8);
		}
		at += n + 8;
	}
	if (size < job->len)
		clean_say(r, "removed", "", "bytes after the picture", 1);
	if (buf_error(&r->bytes) != SL_OK)
		return buf_error(&r->bytes);
	if (flags != 0)
		r->bytes.data[flags] &= (uint8_t) ~(0x08 | 0x04); /* EXIF and XMP are there */
	for (unsigned i = 0; i < 4; i++)
		r->bytes.data[4 + i] = (uint8_t)((r->bytes.len - 8) >> (8 * i));
	return SL_OK;
}

int clean_picture(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	static const struct {
		const char *magic;
		size_t len;
		int (*clean)(const struct clean_job *, struct clean_result *, struct sl_why *);
	} kinds[] = {
		{"\xff\xd8\xff", 3, clean_jpeg},
		{"\x89PNG\r\n\x1a\n", 8, clean_png},
		{"GIF8", 4, clean_gif},
		{"RIFF", 4, clean_webp},
		{"BM", 2, clean_bmp},
		{"II*\0", 4, clean_tiff},
		{"MM\0*", 4, clean_tiff},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (job->len >= kinds[i].len &&
		    memcmp(job->bytes, kinds[i].magic, kinds[i].len) == 0)
			return kinds[i].clean(job, r, why);
	return why_set(why, SL_E_UNSUPPORTED, "%s is no picture that can be cleaned",
		       job->name);
}
