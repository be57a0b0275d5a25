/* extract_iptc.c - what agencies and picture editors write into pictures: IPTC datasets,
 * Photoshop resources, XMP packets, colour profiles.
 *
 * Hostile: lengths, and text where numbers are expected. */
#include <string.h>

#include "inspect/extract/extract_exif.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_props.h"
#include "inspect/type/identify.h"

enum { RESOURCE_HEAD = 12, DATASET_HEAD = 5, THUMBNAIL_HEAD = 28, NAME_MAX_BYTES = 32 };

static const struct {
	uint16_t set; /* record and number */
	const char *name;
} datasets[] = {
	{0x0205, "ObjectName"},	 {0x0207, "EditStatus"},
	{0x0219, "Keywords"},	 {0x0228, "Instructions"},
	{0x0237, "DateCreated"}, {0x0241, "Program"},
	{0x0250, "By-line"},	 {0x0255, "By-lineTitle"},
	{0x025a, "City"},	 {0x025c, "Sub-location"},
	{0x025f, "Province"},	 {0x0264, "CountryCode"},
	{0x0265, "Country"},	 {0x0267, "TransmissionReference"},
	{0x0269, "Headline"},	 {0x026e, "Credit"},
	{0x0273, "Source"},	 {0x0274, "Copyright"},
	{0x0276, "Contact"},	 {0x0278, "Caption"},
	{0x027a, "Writer"},
};

static const char *dataset_name(uint32_t set, char own[NAME_MAX_BYTES])
{
	for (size_t i = 0; i < sizeof(datasets) / sizeof(datasets[0]); i++)
		if (datasets[i].set == set)
			return datasets[i].name;
	(void)snprintf(own, NAME_MAX_BYTES, "iptc-%u-%u", set >> 8, set & 0xff);
	return own;
}

void extract_iptc(struct extract *x, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(x);

	while (len >= DATASET_HEAD && s[0] == 0x1c) {
		char own[NAME_MAX_BYTES];
		uint32_t set = identify_be16(s + 1);
		size_t n = identify_be16(s + 3), head = DATASET_HEAD;

		if ((n & 0x8000) != 0) {
			if ((n & 0x7fff) != 4 || len < DATASET_HEAD + 4)
				break;
			n = identify_be32(s + 5);
			head += 4;
		}
		if (n > len - head)
			break;
		/* Version numbers and the character set are no text. */
		if (set != 0x0100 && set != 0x015a && set != 0x0200)
			extract_unread(p, dataset_name(set, own), s + head, n);
		s += head + n;
		len -= head + n;
	}
	/* Filled up to four bytes, or not what it says. */
	extract_unread(p, "iptc", s, len);
}

/* A resource that is neither a thumbnail nor metadata of another kind. */
static bool is_numbers(uint32_t id)
{
	static const uint16_t ids[] = {0x03ed, 0x03f3, 0x03f5, 0x03f8, 0x0406, 0x0408,
				       0x040a, 0x040d, 0x0411, 0x0414, 0x0419, 0x0421,
				       0x0425, 0x0426, 0x0428, 0x043a, 0x043b, 0x2710};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] == id)
			return true;
	return false;
}

static int resource(struct extract *x, uint32_t id, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(x);
	char name[NAME_MAX_BYTES];

	(void)snprintf(name, sizeof(name), "resource-%04x", id);
	switch (id) {
	case 0x0404:
		extract_iptc(x, s, len);
		return SL_OK;
	case 0x0409:
	case 0x040c:
		return len > THUMBNAIL_HEAD
			       ? extract_inner_picture(x, "editor-thumbnail",
						       s + THUMBNAIL_HEAD, len - THUMBNAIL_HEAD)
			       : SL_OK;
	case 0x040f:
		extract_icc(x, s, len);
		return SL_OK;
	case 0x0422:
	case 0x0423:
		return extract_exif(x, s, len, false);
	case 0x0424:
		return extract_xmp(x, (const char *)s, len);
	default:
		if (is_numbers(id))
			extract_runs(p, name, s, len);
		else
			extract_unread(p, name, s, len);
		return SL_OK;
	}
}

int extract_resources(struct extract *x, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(x);
	int r = SL_OK;

	while (r == SL_OK && len >= RESOURCE_HEAD && memcmp(s, "8BIM", 4) == 0) {
		uint32_t id = identify_be16(s + 4);
		size_t name = ((size_t)s[6] + 2) & ~(size_t)1, n;

		if (len - 6 < name + 4)
			break;
		extract_unread(p, "resource", s + 7, s[6]);
		s += 6 + name;
		len -= 6 + name;
		n = identify_be32(s);
		s += 4;
		len -= 4;
		if (n > len) {
			extract_field_unread(p, "resources", n, "truncated");
			return SL_OK;
		}
		r = resource(x, id, s, n);
		n += (n < len) ? n & 1 : 0;
		s += n;
		len -= n;
	}
	if (r == SL_OK)
		extract_unread(p, "resources", s, len);
	return r;
}

int extract_xmp(struct extract *x, const char *xml, size_t len)
{
	struct extract_part *p = extract_file(x);
	int r;

	while (len > 0 && xml[len - 1] == '\0')
		len--;
	r = extract_xml_words(p, xml, len, EXTRACT_XML_XMP, WHERE_METADATA);
	if (r == SL_E_NOMEM)
		return r;
	if (r != SL_OK)
		extract_field_unread(p, "XMP", len, extract_reason(r));
	/* Previews and depth pictures are written as base64 into it. */
	if (memmem(xml, len, "GImg", 4) != NULL || memmem(xml, len, "GImage", 6) != NULL ||
	    memmem(xml, len, "GDepth", 6) != NULL)
		return extract_inner_picture(x, "xmp-picture", NULL, 0);
	return SL_OK;
}

void extract_icc(struct extract *x, const uint8_t *s, size_t len)
{
	if (len < 128 || memcmp(s + 36, "acsp", 4) != 0 || identify_be32(s) != len)
		extract_unread(extract_file(x), "profile", s, len);
	else
		extract_runs(extract_file(x), "profile", s, len);
}

int extract_inner_picture(struct extract *x, const char *name, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_part_new(x, name, len);
	struct buf bytes;
	int r = SL_OK;

	if (p == NULL)
		return x->nomem ? SL_E_NOMEM : SL_OK;
	if (s == NULL) {
		extract_fail(p, "picture-not-read");
		return SL_OK;
	}
	buf_init(&bytes, len);
	buf_put(&bytes, s, len);
	r = buf_error(&bytes);
	if (r == SL_OK)
		r = extract_nested(x, p, name, &bytes);
	buf_release(&bytes);
	return r;
}

void extract_frames(struct extract *x, uint32_t frames)
{
	char number[NAME_MAX_BYTES];

	if (frames <= 1)
		return;
	(void)snprintf(number, sizeof(number), "%u", frames);
	extract_line(extract_file(x), WHERE_METADATA, "frames", number, strlen(number));
}
