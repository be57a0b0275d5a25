/* extract_exif.c - directories of tags: TIFF files, and Exif in other pictures.
 *
 * Hostile: offsets and counts of any size, loops, directories that overlap, text between
 * them.  Each byte that something refers to is ticked; the rest is a field of its own. */
#include "inspect/extract/extract_exif.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_props.h"
#include "inspect/type/identify.h"

enum {
	DIRS_MAX = 1000,
	ENTRIES_MAX = 4096,
	NUMBERS_MAX = 256, /* bytes of a row of numbers without a known meaning */
	GAP_MAX = 16,
	OVERLAP_MAX = 16,
	STRIPS_MAX = 1 << 20,
	CHARSET_HEAD = 8,
	NAME_MAX_BYTES = 16,
};

enum dir_kind { DIR_PICTURE, DIR_THUMBNAIL, DIR_EXIF, DIR_GPS, DIR_INTEROP };

enum value_type {
	TYPE_BYTE = 1,
	TYPE_ASCII = 2,
	TYPE_SHORT = 3,
	TYPE_LONG = 4,
	TYPE_RATIONAL = 5,
	TYPE_UNDEFINED = 7
};

struct tiff {
	struct extract *x;
	const uint8_t *s;
	size_t len;
	uint8_t *seen; /* owned; one bit for each byte */
	bool big, whole_file;
	uint64_t ticked;
	unsigned dirs, pages;
	int error;
};

struct value {
	uint32_t tag, type, count;
	const uint8_t *p;
	size_t len;
};

/* What a directory says in two tags. */
struct pairs {
	struct value thumb, thumb_len, offsets, counts;
	struct value place[4]; /* latitude N/S, latitude, longitude E/W, longitude */
	struct value target[4];
};

static const struct {
	uint16_t tag;
	const char *name;
} names[] = {
	{0x010d, "DocumentName"},
	{0x010e, "ImageDescription"},
	{0x010f, "Make"},
	{0x0110, "Model"},
	{0x011d, "PageName"},
	{0x0131, "Software"},
	{0x0132, "ModifyDate"},
	{0x013b, "Artist"},
	{0x013c, "HostComputer"},
	{0x8298, "Copyright"},
	{0x9003, "DateTimeOriginal"},
	{0x9004, "CreateDate"},
	{0x9c9b, "XPTitle"},
	{0x9c9c, "XPComment"},
	{0x9c9d, "XPAuthor"},
	{0x9c9e, "XPKeywords"},
	{0x9c9f, "XPSubject"},
	{0xa420, "ImageUniqueID"},
	{0xa430, "CameraOwnerName"},
	{0xa431, "BodySerialNumber"},
	{0xa433, "LensMake"},
	{0xa434, "LensModel"},
	{0xa435, "LensSerialNumber"},
	{0x9286, "UserComment"},
	{0xc62f, "CameraSerialNumber"},
	{0x001b, "ProcessingMethod"},
	{0x001c, "AreaInformation"},
};

static uint32_t u16(const struct tiff *t, const uint8_t *p)
{
	return t->big ? identify_be16(p) : identify_le16(p);
}

static uint32_t u32(const struct tiff *t, const uint8_t *p)
{
	return t->big ? identify_be32(p) : identify_le32(p);
}

static bool tick(struct tiff *t, uint64_t at, uint64_t len)
{
	if (at > t->len || len > t->len - at)
		return false;
	/* Values may share bytes, but not so many that reading them would never end. */
	t->ticked += len;
	if (t->ticked > t->len * OVERLAP_MAX)
		return false;
	for (size_t i = (size_t)at; i < at + len; i++)
		t->seen[i / 8] |= (uint8_t)(1u << (i % 8));
	return true;
}

static struct extract_part *part(struct tiff *t)
{
	return extract_file(t->x);
}

/* A TIFF is nothing else; of another picture this is a field, which can be taken away. */
static void damaged(struct tiff *t, const char *reason)
{
	if (t->whole_file)
		extract_fail(part(t), reason);
	else
		extract_field_unread(part(t), "Exif", t->len, reason);
}

static uint32_t number(const struct tiff *t, const struct value *v, uint32_t i)
{
	if (v->type == TYPE_SHORT && i < v->count)
		return u16(t, v->p + 2 * (size_t)i);
	return (v->type == TYPE_LONG && i < v->count) ? u32(t, v->p + 4 * (size_t)i) : 0;
}

static const char *name_of(const struct value *v, enum dir_kind kind, char own[NAME_MAX_BYTES])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].tag == v->tag && (v->tag > 0xff || kind == DIR_GPS))
			return names[i].name;
	(void)snprintf(own, NAME_MAX_BYTES, "tag-%04x", v->tag & 0xffff);
	return own;
}

/* --- places on the earth --- */

static double degrees(const struct tiff *t, const struct value *v)
{
	static const double parts[] = {1, 60, 3600};
	double sum = 0;

	for (uint32_t i = 0; v->type == TYPE_RATIONAL && i < 3 && i < v->count; i++) {
		uint32_t above = u32(t, v->p + 8 * (size_t)i);
		uint32_t below = u32(t, v->p + 8 * (size_t)i + 4);

		if (below != 0)
			sum += (double)above / below / parts[i];
	}
	return sum;
}

static void say_place(struct tiff *t, const char *name, const struct value place[4])
{
	char line[64];
	double north = degrees(t, &place[1]), east = degrees(t, &place[3]);

	if (place[1].p == NULL && place[3].p == NULL)
		return;
	if (place[0].p != NULL && place[0].p[0] == 'S')
		north = -north;
	if (place[2].p != NULL && place[2].p[0] == 'W')
		east = -east;
	(void)snprintf(line, sizeof(line), "%.6f, %.6f", north, east);
	extract_property(part(t), name, line, strlen(line));
}

/* --- values --- */

/* Eight bytes say which characters follow (Exif 2.32, 4.6.5). */
static void comment(struct tiff *t, const char *name, const struct value *v)
{
	if (v->len <= CHARSET_HEAD) {
		extract_unread(part(t), name, v->p, v->len);
	} else if (memcmp(v->p, "UNICODE", 7) == 0) {
		if (!extract_note_utf16(part(t), name, v->p + CHARSET_HEAD,
					v->len - CHARSET_HEAD, t->big) &&
		    !extract_note_utf16(part(t), name, v->p + CHARSET_HEAD,
					v->len - CHARSET_HEAD, !t->big))
			extract_unread(part(t), name, v->p, v->len);
	} else {
		extract_unread(part(t), name, v->p + CHARSET_HEAD, v->len - CHARSET_HEAD);
	}
}

/* Known to be numbers, however many. */
static bool is_numbers(const struct value *v)
{
	static const uint16_t tags[] = {273,	279,	301,	320,	321,	324,   325,
					347,	519,	520,	521,	529,	532,   0x9000,
					0x9101, 0xa000, 0xa300, 0xa301, 0xa302, 0xc4a5};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (v->tag == tags[i])
			return true;
	return false;
}

static void say_value(struct tiff *t, const struct value *v, enum dir_kind kind)
{
	struct extract_part *p = part(t);
	char own[NAME_MAX_BYTES];
	const char *name = name_of(v, kind, own);

	if (v->tag == 0x9286 || (kind == DIR_GPS && (v->tag == 0x1b || v->tag == 0x1c))) {
		comment(t, name, v);
	} else if (v->tag >= 0x9c9b && v->tag <= 0x9c9f) {
		if (!extract_note_utf16(p, name, v->p, v->len, false))
			extract_unread(p, name, v->p, v->len);
	} else if (v->tag == 0x02bc) {
		t->error = extract_xmp(t->x, (const char *)v->p, v->len);
	} else if (v->tag == 0x83bb) {
		extract_iptc(t->x, v->p, v->len);
	} else if (v->tag == 0x8649) {
		t->error = extract_resources(t->x, v->p, v->len);
	} else if (v->tag == 0x8773) {
		extract_icc(t->x, v->p, v->len);
	} else if (v->tag == 0x927c) {
		/* What only the maker of the camera can read: serial numbers, owners, places.
		 */
		extract_unread(p, "MakerNote", v->p, v->len);
		extract_mark(p, "DH-004", SEV_S4, WHERE_METADATA, 0, "maker-note");
	} else if (kind == DIR_GPS && v->type == TYPE_ASCII && v->len <= 2) {
		return; /* one letter: which half of the earth, which unit */
	} else if (v->type == TYPE_ASCII) {
		if (!extract_note(p, name, v->p, v->len))
			extract_note_latin1(p, name, v->p, v->len);
	} else if (!is_numbers(v) && (v->type == TYPE_BYTE || v->type == TYPE_UNDEFINED ||
				      v->len > NUMBERS_MAX)) {
		extract_unread(p, name, v->p, v->len);
	}
}

static void collect(struct pairs *d, const struct value *v, enum dir_kind kind)
{
	if (v->tag == 0x0201)
		d->thumb = *v;
	else if (v->tag == 0x0202)
		d->thumb_len = *v;
	else if (v->tag == 273 || v->tag == 324)
		d->offsets = *v;
	else if (v->tag == 279 || v->tag == 325)
		d->counts = *v;
	else if (kind == DIR_GPS && v->tag >= 1 && v->tag <= 4)
		d->place[v->tag - 1] = *v;
	else if (kind == DIR_GPS && v->tag >= 0x13 && v->tag <= 0x16)
		d->target[v->tag - 0x13] = *v;
}

static void finish(struct tiff *t, const struct pairs *d, enum dir_kind kind)
{
	uint32_t at = number(t, &d->thumb, 0), len = number(t, &d->thumb_len, 0);
	uint32_t strips =
		d->offsets.count < d->counts.count ? d->offsets.count : d->counts.count;

	if (kind == DIR_GPS) {
		say_place(t, "GPSPosition", d->place);
		say_place(t, "GPSDestination", d->target);
	}
	for (uint32_t i = 0; i < strips && i < STRIPS_MAX; i++)
		if (!tick(t, number(t, &d->offsets, i), number(t, &d->counts, i)))
			damaged(t, "truncated");
	if (kind == DIR_THUMBNAIL && strips > 0 && t->error == SL_OK)
		t->error = extract_inner_picture(t->x, "thumbnail", NULL, 0);
	if (len == 0 || t->error != SL_OK)
		return;
	if (!tick(t, at, len))
		damaged(t, "truncated");
	else if (!t->whole_file)
		t->error = extract_inner_picture(t->x, "thumbnail", t->s + at, len);
}

static uint32_t directory(struct tiff *t, uint32_t at, enum dir_kind kind);

/* Directories below this one.  false: the value is no pointer. */
static bool below(struct tiff *t, const struct value *v)
{
	enum dir_kind kind = v->tag == 0x8769	? DIR_EXIF
			     : v->tag == 0x8825 ? DIR_GPS
			     : v->tag == 0xa005 ? DIR_INTEROP
						: DIR_PICTURE;

	if (v->tag != 0x014a && kind == DIR_PICTURE)
		return false;
	for (uint32_t i = 0; i < v->count && i < ENTRIES_MAX && t->error == SL_OK; i++) {
		(void)directory(t, number(t, v, i), kind);
		/* No viewer goes there by itself. */
		if (kind == DIR_PICTURE && t->error == SL_OK)
			t->error = extract_inner_picture(t->x, "inner-picture", NULL, 0);
	}
	return true;
}

static bool read_value(struct tiff *t, const uint8_t *e, struct value *v)
{
	static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
	uint64_t bytes;
	uint32_t at = u32(t, e + 8);

	*v = (struct value){.tag = u16(t, e), .type = u16(t, e + 2), .count = u32(t, e + 4)};
	if (v->type == 0 || v->type >= sizeof(sizes))
		return false;
	bytes = (uint64_t)v->count * sizes[v->type];
	v->len = (size_t)bytes;
	v->p = e + 8;
	if (bytes <= 4)
		return true;
	if (!tick(t, at, bytes))
		return false;
	v->p = t->s + at;
	return true;
}

/* Returns the place of the next directory, 0 when there is none or on an error. */
static uint32_t directory(struct tiff *t, uint32_t at, enum dir_kind kind)
{
	struct pairs d = {0};
	uint32_t n;

	/* Loops end by this number, and by every directory being read once. */
	if (++t->dirs > DIRS_MAX || at >= t->len || t->len - at < 2 ||
	    (t->seen[at / 8] & 1u << (at % 8)) != 0)
		goto bad;
	n = u16(t, t->s + at);
	if (n > ENTRIES_MAX || !tick(t, at, 2 + (uint64_t)n * 12 + 4))
		goto bad;
	for (uint32_t i = 0; i < n && t->error == SL_OK; i++) {
		struct value v;

		if (!read_value(t, t->s + at + 2 + (size_t)i * 12, &v))
			goto bad;
		collect(&d, &v, kind);
		if (!below(t, &v))
			say_value(t, &v, kind);
	}
	finish(t, &d, kind);
	return u32(t, t->s + at + 2 + (size_t)n * 12);
bad:
	damaged(t, "corrupt");
	return 0;
}

static void say_gaps(struct tiff *t)
{
	size_t start = 0, n = 0;

	for (size_t i = 0; i <= t->len; i++) {
		if (i < t->len && (t->seen[i / 8] & 1u << (i % 8)) == 0) {
			start = (n++ == 0) ? i : start;
			continue;
		}
		if (n > GAP_MAX)
			extract_unread(part(t), "gap", t->s + start, n);
		n = 0;
	}
}

int extract_exif(struct extract *x, const uint8_t *s, size_t len, bool whole_file)
{
	struct tiff t = {.x = x, .s = s, .len = len, .whole_file = whole_file};
	uint32_t at;

	if (len < 8 || (memcmp(s, "II*\0", 4) != 0 && memcmp(s, "MM\0*", 4) != 0)) {
		extract_unread(extract_file(x), "Exif", s, len);
		return SL_OK;
	}
	t.seen = calloc(len / 8 + 1, 1);
	if (t.seen == NULL)
		return SL_E_NOMEM;
	t.big = s[0] == 'M';
	(void)tick(&t, 0, 8);
	at = u32(&t, s + 4);
	for (unsigned i = 0; at != 0 && t.error == SL_OK; i++) {
		at = directory(&t, at, (!whole_file && i == 1) ? DIR_THUMBNAIL : DIR_PICTURE);
		t.pages++;
	}
	if (t.error == SL_OK)
		say_gaps(&t);
	if (whole_file)
		extract_frames(x, t.pages);
	free(t.seen);
	return t.error;
}
