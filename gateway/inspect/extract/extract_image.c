/* extract_image.c - what a picture says beside its pixels: GIF, WebP, BMP, and the choice.
 *
 * The pixels are left to the filter that sees ("picture-not-read").  Hostile: lengths and
 * counts; what a reader does not know is text or fails the picture. */
#include <string.h>

#include "inspect/extract/extract_exif.h"
#include "inspect/extract/extract_note.h"
#include "inspect/type/bmp.h"
#include "inspect/type/identify.h"

enum { BLOCKS_MAX = 16 << 20, APPLICATION_LEN = 11, PLAIN_TEXT_HEAD = 12 };

/* --- GIF --- */

/* The chain of blocks at `at`, without its lengths.  The place after its end, 0 when there
 * is none. */
static size_t gif_chain(const uint8_t *s, size_t len, size_t at, struct buf *out)
{
	while (at < len) {
		size_t n = s[at++];

		if (n == 0)
			return at;
		if (n > len - at)
			return 0;
		buf_put(out, s + at, n);
		at += n;
	}
	return 0;
}

/* `raw` is the chain with its lengths: XMP is written as if there were none. */
static int gif_application(struct extract *x, const uint8_t *raw, size_t raw_len,
			   const struct buf *data)
{
	struct extract_part *p = extract_file(x);
	static const char xmp[] = "XMP DataXMP";

	if (data->len < APPLICATION_LEN) {
		extract_unread(p, "application", data->data, data->len);
		return SL_OK;
	}
	if (memcmp(data->data, xmp, APPLICATION_LEN) == 0 && raw_len > APPLICATION_LEN + 1) {
		const uint8_t *s = raw + APPLICATION_LEN + 1, *end = raw + raw_len;

		while (end > s && end[-1] != '>')
			end--;
		return extract_xmp(x, (const char *)s, (size_t)(end - s));
	}
	if (memcmp(data->data, "ICCRGBG1012", APPLICATION_LEN) == 0) {
		extract_icc(x, data->data + APPLICATION_LEN, data->len - APPLICATION_LEN);
		return SL_OK;
	}
	extract_unread(p, "application", data->data, APPLICATION_LEN);
	extract_unread(p, "application", data->data + APPLICATION_LEN,
		       data->len - APPLICATION_LEN);
	return SL_OK;
}

static int gif_extension(struct extract *x, uint8_t label, const uint8_t *raw, size_t raw_len,
			 const struct buf *data)
{
	struct extract_part *p = extract_file(x);

	switch (label) {
	case 0xff:
		return gif_application(x, raw, raw_len, data);
	case 0xfe:
		extract_unread(p, "Comment", data->data, data->len);
		return SL_OK;
	case 0x01:
		if (data->len > PLAIN_TEXT_HEAD)
			extract_unread(p, "PlainText", data->data + PLAIN_TEXT_HEAD,
				       data->len - PLAIN_TEXT_HEAD);
		return SL_OK;
	case 0xf9: /* how long a frame stays */
		if (data->len > 4)
			extract_unread(p, "control", data->data, data->len);
		return SL_OK;
	default:
		extract_unread(p, "extension", data->data, data->len);
		return SL_OK;
	}
}

static size_t gif_colours(uint8_t flags)
{
	return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

int extract_gif(struct extract *x)
{
	const uint8_t *s = x->bytes;
	size_t len = x->len, at = (len >= 13) ? 13 + gif_colours(s[10]) : len;
	struct buf data;
	uint32_t frames = 0;
	int r = SL_OK;

	buf_init(&data, BLOCKS_MAX);
	while (r == SL_OK && at != 0 && at < len && s[at] != 0x3b) {
		size_t from;

		if (s[at] == 0x2c && len - at > 10) {
			frames++;
			from = at + 11 + gif_colours(s[at + 9]);
			at = gif_chain(s, len, from, &data);
		} else if (s[at] == 0x21 && len - at > 2) {
			from = at + 2;
			buf_clear(&data);
			at = gif_chain(s, len, from, &data);
			if (at != 0 && buf_error(&data) == SL_OK)
				r = gif_extension(x, s[from - 1], s + from, at - from, &data);
		} else {
			break;
		}
		if (buf_error(&data) == SL_E_NOMEM)
			r = SL_E_NOMEM;
		else if (buf_error(&data) != SL_OK)
			extract_fail(extract_file(x), "over-limit");
		buf_clear(&data);
	}
	buf_release(&data);
	if (at == 0 || at >= len || s[at] != 0x3b)
		extract_fail(extract_file(x), "truncated");
	else if (at + 1 != len)
		extract_fail(extract_file(x), "trailing-data");
	extract_frames(x, frames);
	return r;
}

/* --- WebP --- */

static int webp_chunk(struct extract *x, const char *kind, const uint8_t *s, size_t len)
{
	static const char *const pixels[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"};
	bool named = len >= 6 && memcmp(s, "Exif\0", 5) == 0;

	for (size_t i = 0; i < sizeof(pixels) / sizeof(pixels[0]); i++)
		if (strcmp(kind, pixels[i]) == 0)
			return SL_OK;
	if (strcmp(kind, "EXIF") == 0)
		return extract_exif(x, named ? s + 6 : s, named ? len - 6 : len, false);
	if (strcmp(kind, "XMP ") == 0)
		return extract_xmp(x, (const char *)s, len);
	if (strcmp(kind, "ICCP") == 0)
		extract_icc(x, s, len);
	else
		extract_unread(extract_file(x), kind, s, len);
	return SL_OK;
}

int extract_webp(struct extract *x)
{
	size_t at = 12;
	uint32_t frames = 0;
	int r = SL_OK;

	while (r == SL_OK && at <= x->len && x->len - at >= 8) {
		const uint8_t *s = x->bytes + at;
		size_t len = identify_le32(s + 4);
		char kind[5] = "";

		if (len > x->len - at - 8)
			break;
		memcpy(kind, s, 4);
		frames += strcmp(kind, "ANMF") == 0;
		r = webp_chunk(x, kind, s + 8, len);
		at += 8 + len + (len & 1);
	}
	if (at != x->len)
		extract_fail(extract_file(x), at < x->len ? "trailing-data" : "truncated");
	extract_frames(x, frames);
	return r;
}

/* --- BMP --- */

int extract_bmp(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	const uint8_t *s = x->bytes;
	size_t end, colours;
	struct bmp b;
	const char *why = bmp_open(s, x->len, &b);

	if (why != NULL) {
		extract_fail(p, why);
		return SL_OK;
	}
	/* Words would be seen among colours; what is neither is a field that nobody knows. */
	colours = b.colours + (size_t)b.n_colours * b.colour_len;
	extract_runs(p, "palette", s + b.colours, colours - b.colours);
	extract_unread(p, "before-pixels", s + colours, b.pixels - colours);
	end = b.pixels + b.pixels_len;
	if (b.profile != 0) {
		extract_unread(p, "after-pixels", s + end, b.profile - end);
		if (b.linked)
			extract_unread(p, "profile-file", s + b.profile, b.profile_len);
		else
			extract_icc(x, s + b.profile, b.profile_len);
		end = b.profile + b.profile_len;
	}
	extract_unread(p, "after-pixels", s + end, x->len - end);
	return SL_OK;
}

static int read_tiff(struct extract *x)
{
	return extract_exif(x, x->bytes, x->len, true);
}

int extract_image_document(struct extract *x)
{
	static const struct {
		const char *type, *magic;
		size_t len;
		int (*read)(struct extract *x);
	} rows[] = {
		{"image/jpeg", "\xff\xd8\xff", 3, extract_jpeg},
		{"image/png", "\x89PNG\r\n\x1a\n", 8, extract_png},
		{"image/gif", "GIF8", 4, extract_gif},
		{"image/webp", "RIFF", 4, extract_webp},
		{"image/bmp", "BM", 2, extract_bmp},
		{"image/tiff", "II*", 3, read_tiff},
		{"image/tiff", "MM\0*", 4, read_tiff},
	};
	struct extract_part *p = extract_file(x);
	int r = SL_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(p->object.type, rows[i].type) == 0 && x->len >= rows[i].len &&
		    memcmp(x->bytes, rows[i].magic, rows[i].len) == 0)
			r = rows[i].read(x);
	extract_fail(p, "picture-not-read");
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : r;
}

int extract_shown(struct extract *x, struct extract_part *p, const char *name,
		  struct buf *bytes, const char *reason)
{
	static const char *const kinds[] = {"image/", "audio/", "video/", "application/ogg"};
	char plain[FILTER_PATH_MAX];
	struct identity id;
	const char *slash = strrchr(name, '/');
	struct identify_in in = {
		.p = (const uint8_t *)buf_str(bytes), .len = bytes->len, .name = ""};
	bool known = false;

	identify(&in, &id);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		known = known || strncmp(id.type, kinds[i], strlen(kinds[i])) == 0;
	if (!known) {
		extract_fail(p, reason);
		return SL_OK;
	}
	/* Nobody sees what a picture in a document is called; programs call PNG "jpeg". */
	(void)snprintf(plain, sizeof(plain), "%s", slash != NULL ? slash + 1 : name);
	plain[strcspn(plain, ".")] = '\0';
	return extract_nested(x, p, plain, bytes);
}
