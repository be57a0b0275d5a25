/* extract_png.c - chunks of a PNG file (ISO/IEC 15948), and what programs keep in its texts.
 *
 * Hostile: lengths, and streams that unpack without end. */
#define ZLIB_CONST
#include <string.h>
#include <zlib.h>

#include "inspect/extract/extract_exif.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_png_pixels.h"
#include "inspect/type/identify.h"

enum { TEXT_MAX = 4 << 20, KEYWORD_MAX = 80, STEP = 1 << 14 };

static const char raw_profile[] = "Raw profile type ";

/* SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM. */
static int unpack(const uint8_t *s, size_t len, struct buf *out)
{
	uint8_t step[STEP];
	z_stream z = {0};
	int got, r = SL_OK;

	if (inflateInit(&z) != Z_OK)
		return SL_E_NOMEM;
	z.next_in = s;
	z.avail_in = (uInt)len;
	do {
		z.next_out = step;
		z.avail_out = sizeof(step);
		got = inflate(&z, Z_NO_FLUSH);
		buf_put(out, step, sizeof(step) - z.avail_out);
		r = buf_error(out);
	} while (r == SL_OK && got == Z_OK);
	if (r == SL_OK && (got != Z_STREAM_END || z.avail_in > 0))
		r = SL_E_FORMAT;
	(void)inflateEnd(&z);
	return r;
}

static int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* "\nexif\n      42\n4578…": how ImageMagick keeps the blocks of other formats. */
static int profile(struct extract *x, const char *kind, const uint8_t *s, size_t len)
{
	struct buf bytes;
	size_t lines = 0, i = 0;
	int high = -1, r;

	buf_init(&bytes, TEXT_MAX);
	for (; i < len && lines < 3; i++)
		lines += s[i] == '\n';
	for (; i < len; i++) {
		int v = hex_digit(s[i]);

		if (v < 0)
			continue;
		if (high >= 0)
			buf_put_u8(&bytes, (uint8_t)(high << 4 | v));
		high = (high >= 0) ? -1 : v;
	}
	r = buf_error(&bytes);
	if (r == SL_OK && bytes.len >= 6 && memcmp(bytes.data, "Exif\0", 5) == 0)
		r = extract_exif(x, bytes.data + 6, bytes.len - 6, false);
	else if (r == SL_OK && (strcmp(kind, "iptc") == 0 || strcmp(kind, "8bim") == 0))
		r = extract_resources(x, bytes.data, bytes.len);
	else if (r == SL_OK && strcmp(kind, "xmp") == 0)
		r = extract_xmp(x, buf_str(&bytes), bytes.len);
	else if (r == SL_OK && (strcmp(kind, "icc") == 0 || strcmp(kind, "icm") == 0))
		extract_icc(x, bytes.data, bytes.len);
	else if (r == SL_OK)
		extract_unread(extract_file(x), kind, bytes.data, bytes.len);
	buf_release(&bytes);
	return r;
}

static int say(struct extract *x, const char *keyword, const uint8_t *s, size_t len)
{
	if (strcmp(keyword, "XML:com.adobe.xmp") == 0)
		return extract_xmp(x, (const char *)s, len);
	if (strncmp(keyword, raw_profile, sizeof(raw_profile) - 1) == 0)
		return profile(x, keyword + sizeof(raw_profile) - 1, s, len);
	if (!extract_note(extract_file(x), keyword, s, len))
		extract_note_latin1(extract_file(x), keyword, s, len);
	return SL_OK;
}

static int say_packed(struct extract *x, const char *keyword, const uint8_t *s, size_t len)
{
	size_t left = EXTRACT_UNPACKED_MAX - x->unpacked;
	struct buf text;
	int r;

	buf_init(&text, left < TEXT_MAX ? left : TEXT_MAX);
	r = unpack(s, len, &text);
	x->unpacked += text.len;
	if (r == SL_OK && strcmp(keyword, "iCCP") == 0)
		extract_icc(x, text.data, text.len);
	else if (r == SL_OK)
		r = say(x, keyword, text.data, text.len);
	buf_release(&text);
	return r;
}

/* Text up to a NUL; false: there is none. */
static bool cut(const uint8_t **s, size_t *len, const char **ret, size_t *ret_len)
{
	const uint8_t *end = memchr(*s, 0, *len);

	if (end == NULL)
		return false;
	*ret = (const char *)*s;
	*ret_len = (size_t)(end - *s);
	*len -= *ret_len + 1;
	*s = end + 1;
	return true;
}

static int international(struct extract *x, const char *keyword, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(x);
	const char *language, *translated;
	size_t n, m;
	bool packed;

	if (len < 2)
		return SL_E_FORMAT;
	packed = s[0] != 0;
	s += 2;
	len -= 2;
	if (!cut(&s, &len, &language, &n) || !cut(&s, &len, &translated, &m))
		return SL_E_FORMAT;
	extract_unread(p, "language", (const uint8_t *)language, n);
	extract_unread(p, "keyword", (const uint8_t *)translated, m);
	return packed ? say_packed(x, keyword, s, len) : say(x, keyword, s, len);
}

/* Chunks that begin with a keyword. */
static int text_chunk(struct extract *x, const char *kind, const uint8_t *s, size_t len)
{
	char keyword[KEYWORD_MAX] = "";
	const char *k;
	size_t n;

	if (!cut(&s, &len, &k, &n) || n >= sizeof(keyword))
		return SL_E_FORMAT;
	memcpy(keyword, k, n);
	if (strcmp(kind, "iTXt") == 0)
		return international(x, keyword, s, len);
	if (strcmp(kind, "tEXt") == 0)
		return say(x, keyword, s, len);
	if (len < 1 || s[0] != 0)
		return SL_E_FORMAT;
	if (strcmp(kind, "iCCP") == 0) {
		extract_unread(extract_file(x), "profile", (const uint8_t *)keyword, n);
		return say_packed(x, kind, s + 1, len - 1);
	}
	return say_packed(x, keyword, s + 1, len - 1);
}

static int chunk(struct extract *x, const char *kind, const uint8_t *s, size_t len,
		 uint32_t *frames, struct png_pixels *pixels)
{
	static const char *const texts[] = {"tEXt", "zTXt", "iTXt", "iCCP"};
	static const char *const numbers[] = {
		"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD",
		"hIST", "pHYs", "tIME", "fdAT", "acTL", "vpAg", "orNT", "cICP", "iDOT"};

	if (strcmp(kind, "IHDR") == 0 && !extract_png_head(pixels, s, len))
		return SL_E_FORMAT;
	if ((strcmp(kind, "IDAT") == 0 && !extract_png_data(pixels, s, len)) ||
	    (strcmp(kind, "IEND") == 0 && len > 0))
		extract_fail(extract_file(x), "trailing-data");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(kind, texts[i]) == 0)
			return text_chunk(x, kind, s, len);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(kind, numbers[i]) == 0)
			return SL_OK;
	if (strcmp(kind, "fcTL") == 0)
		(*frames)++;
	else if (strcmp(kind, "eXIf") == 0)
		return extract_exif(x, s, len, false);
	else
		extract_unread(extract_file(x), kind, s, len);
	return SL_OK;
}

int extract_png(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	struct png_pixels pixels = {0};
	size_t at = 8;
	uint32_t frames = 0;

	while (x->len - at >= 12) {
		const uint8_t *s = x->bytes + at;
		size_t len = identify_be32(s);
		char kind[5] = "";
		int r;

		if (len > x->len - at - 12)
			break;
		memcpy(kind, s + 4, 4);
		r = chunk(x, kind, s + 8, len, &frames, &pixels);
		if (r == SL_E_NOMEM) {
			extract_png_end(&pixels);
			return r;
		}
		/* Cleaning takes all chunks away but the head and the profile; what would fill
		 * the memory is not for a person to decide on. */
		if (r == SL_E_LIMIT ||
		    (r != SL_OK && (strcmp(kind, "IHDR") == 0 || strcmp(kind, "iCCP") == 0)))
			extract_fail(p, extract_reason(r));
		else if (r != SL_OK)
			extract_field_unread(p, kind, len, extract_reason(r));
		at += 12 + len;
		if (strcmp(kind, "IEND") != 0)
			continue;
		if (at != x->len)
			extract_fail(p, "trailing-data");
		extract_frames(x, frames);
		extract_png_end(&pixels);
		return SL_OK;
	}
	extract_png_end(&pixels);
	extract_fail(p, "truncated");
	return SL_OK;
}
