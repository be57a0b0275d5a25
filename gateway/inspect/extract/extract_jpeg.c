/* extract_jpeg.c - segments of a JPEG file (ITU T.81, JFIF 1.02, Exif 2.32).
 *
 * Hostile: every length.  Data after the end marker (a film of a "motion photo", a second
 * picture, another file) fails the picture by a name of its own. */
#include <string.h>

#include "inspect/extract/extract_exif.h"
#include "inspect/extract/extract_note.h"
#include "inspect/type/identify.h"

enum { XMP_MAX = 16 << 20, XMP_EXTENSION_HEAD = 40, JFIF_LEN = 14, ADOBE_LEN = 12 };

struct jpeg {
	struct extract *x;
	struct buf xmp; /* the extended packet, put together from its pieces */
	struct buf icc;
	struct buf resources;
};

/* Does the segment begin with this name?  The NUL that ends it belongs to it. */
static bool named(const uint8_t *s, size_t len, const char *name, size_t *ret_head)
{
	size_t n = strlen(name) + 1;

	if (len < n || memcmp(s, name, n) != 0)
		return false;
	*ret_head = n;
	return true;
}

static int app0(struct jpeg *j, const uint8_t *s, size_t len)
{
	size_t head;

	if (named(s, len, "JFIF", &head) && len >= JFIF_LEN) {
		if (s[12] == 0 || s[13] == 0) {
			extract_unread(extract_file(j->x), "JFIF", s + JFIF_LEN,
				       len - JFIF_LEN);
			return SL_OK;
		}
		return extract_inner_picture(j->x, "jfif-thumbnail", NULL, 0);
	}
	if (named(s, len, "JFXX", &head) && len > head)
		return s[head] == 0x10 ? extract_inner_picture(j->x, "jfif-thumbnail",
							       s + head + 1, len - head - 1)
				       : extract_inner_picture(j->x, "jfif-thumbnail", NULL, 0);
	extract_unread(extract_file(j->x), "APP0", s, len);
	return SL_OK;
}

static int app1(struct jpeg *j, const uint8_t *s, size_t len)
{
	size_t head;

	if (len >= 6 && memcmp(s, "Exif\0", 5) == 0)
		return extract_exif(j->x, s + 6, len - 6, false);
	if (named(s, len, "http://ns.adobe.com/xap/1.0/", &head))
		return extract_xmp(j->x, (const char *)s + head, len - head);
	if (named(s, len, "http://ns.adobe.com/xmp/extension/", &head) &&
	    len - head >= XMP_EXTENSION_HEAD)
		buf_put(&j->xmp, s + head + XMP_EXTENSION_HEAD,
			len - head - XMP_EXTENSION_HEAD);
	else
		extract_unread(extract_file(j->x), "APP1", s, len);
	return SL_OK;
}

static int segment(struct jpeg *j, uint8_t marker, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(j->x);
	char name[8];
	size_t head;

	(void)snprintf(name, sizeof(name), "APP%u", marker & 15u);
	switch (marker) {
	case 0xe0:
		return app0(j, s, len);
	case 0xe1:
		return app1(j, s, len);
	case 0xe2:
		if (named(s, len, "ICC_PROFILE", &head) && len >= head + 2)
			buf_put(&j->icc, s + head + 2, len - head - 2);
		else
			extract_unread(p, name, s, len);
		return SL_OK;
	case 0xed:
		if (named(s, len, "Photoshop 3.0", &head))
			buf_put(&j->resources, s + head, len - head);
		else
			extract_unread(p, name, s, len);
		return SL_OK;
	case 0xee:
		if (len != ADOBE_LEN || memcmp(s, "Adobe", 5) != 0)
			extract_unread(p, name, s, len);
		return SL_OK;
	case 0xfe:
		extract_unread(p, "Comment", s, len);
		return SL_OK;
	default:
		/* Tables and frame headers are numbers that a decoder needs. */
		if (marker >= 0xe0)
			extract_unread(p, name, s, len);
		return SL_OK;
	}
}

/* After SOS: to the next marker that is neither stuffed nor a restart. */
static size_t skip_scan(const uint8_t *s, size_t len, size_t at)
{
	for (; at + 1 < len; at++)
		if (s[at] == 0xff && s[at + 1] != 0 && s[at + 1] != 0xff &&
		    (s[at + 1] < 0xd0 || s[at + 1] > 0xd7))
			return at;
	return len;
}

static int walk(struct jpeg *j, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(j->x);
	size_t at = 2;
	int r = SL_OK;

	while (r == SL_OK) {
		uint8_t marker;
		size_t n;

		while (len - at >= 2 && s[at] == 0xff && s[at + 1] == 0xff)
			at++;
		if (len - at < 2 || s[at] != 0xff) {
			extract_fail(p, "truncated");
			return SL_OK;
		}
		marker = s[at + 1];
		if (marker == 0xd9) {
			if (len - at > 2)
				extract_fail(p, "trailing-data");
			return SL_OK;
		}
		n = (len - at >= 4) ? identify_be16(s + at + 2) : 0;
		if (n < 2 || n > len - at - 2) {
			extract_fail(p, "truncated");
			return SL_OK;
		}
		r = segment(j, marker, s + at + 4, n - 2);
		at += 2 + n;
		if (marker == 0xda)
			at = skip_scan(s, len, at);
	}
	return r;
}

int extract_jpeg(struct extract *x)
{
	struct jpeg j = {.x = x};
	int r;

	buf_init(&j.xmp, XMP_MAX);
	buf_init(&j.icc, XMP_MAX);
	buf_init(&j.resources, XMP_MAX);
	r = walk(&j, x->bytes, x->len);
	if (r == SL_OK && j.icc.len > 0)
		extract_icc(x, j.icc.data, j.icc.len);
	if (r == SL_OK && j.resources.len > 0)
		r = extract_resources(x, j.resources.data, j.resources.len);
	if (r == SL_OK && j.xmp.len > 0)
		r = extract_xmp(x, buf_str(&j.xmp), j.xmp.len);
	if (buf_error(&j.xmp) != SL_OK || buf_error(&j.icc) != SL_OK ||
	    buf_error(&j.resources) != SL_OK)
		extract_fail(extract_file(x), "over-limit");
	buf_release(&j.xmp);
	buf_release(&j.icc);
	buf_release(&j.resources);
	return r;
}
