/* extract_media.c - texts that travel with film: MP4 boxes, RIFF chunks, Matroska elements.
 *
 * What is heard and seen stays "media-not-read", for a person.  Hostile: every length, and
 * containers in containers. */
#include "inspect/extract/extract_media.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_exif.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_props.h"
#include "inspect/type/identify.h"

enum { DEPTH_MAX = 16, KEYS_MAX = 64, KEY_SHOWN = 64, NAME_MAX_BYTES = 16 };

void extract_media_say(struct extract *x, const char *name, const uint8_t *s, size_t len)
{
	bool place = strcasestr(name, "location") != NULL || strcasestr(name, "xyz") != NULL;

	extract_unread(extract_file(x), place ? "GPSPosition" : name, s, len);
}

int extract_media_file(struct extract *x, const char *name, const uint8_t *s, size_t len)
{
	char member[NAME_MAX_BYTES];

	if (len == 0)
		return SL_OK;
	(void)snprintf(member, sizeof(member), "%.8s-%u", name, x->file->n_below + 1);
	return extract_inner_picture(x, member, s, len);
}

/* --- ISO 14496-12, QuickTime --- */

struct mp4 {
	struct extract *x;
	char keys[KEYS_MAX][KEY_SHOWN]; /* names of the items that have only numbers */
	uint32_t n_keys;
};

static bool is_in(const char *kind, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(kind, *list) == 0)
			return true;
	return false;
}

static void mp4_keys(struct mp4 *m, const uint8_t *s, size_t len)
{
	s += len >= 8 ? 8 : len;
	len -= len >= 8 ? 8 : len;
	while (len >= 8 && m->n_keys < KEYS_MAX) {
		size_t n = identify_be32(s);

		if (n < 8 || n > len)
			return;
		(void)text_safe((const char *)s + 8, n - 8, m->keys[m->n_keys++], KEY_SHOWN);
		s += n;
		len -= n;
	}
}

/* An item of a list: names and values in boxes of their own. */
static int mp4_item(struct mp4 *m, const char *kind, uint32_t number, const uint8_t *s,
		    size_t len)
{
	const char *name = number >= 1 && number <= m->n_keys ? m->keys[number - 1] : kind;
	char own[KEY_SHOWN] = "";
	int r = SL_OK;

	while (r == SL_OK && len >= 8) {
		size_t n = identify_be32(s);

		if (n < 8 || n > len)
			break;
		if (memcmp(s + 4, "name", 4) == 0 && n > 12) {
			(void)text_safe((const char *)s + 12, n - 12, own, sizeof(own));
			name = own;
		} else if (memcmp(s + 4, "data", 4) == 0 && n > 16) {
			uint32_t type = identify_be32(s + 8) & 0xffffff;

			if (type == 13 || type == 14 || strcmp(kind, "covr") == 0)
				r = extract_media_file(m->x, "cover", s + 16, n - 16);
			else
				extract_media_say(m->x, name, s + 16, n - 16);
		}
		s += n;
		len -= n;
	}
	return r;
}

/* QuickTime's texts: length, language, letters; else what there is. */
static void mp4_text(struct mp4 *m, const char *kind, const uint8_t *s, size_t len)
{
	size_t n = len >= 4 ? identify_be16(s) : 0;

	if (n > 0 && n == len - 4)
		extract_media_say(m->x, kind, s + 4, n);
	else
		extract_media_say(m->x, kind, s, len);
}

/* A place after 3GPP TS 26.244, 8.10: a name, then degrees in 16.16 bits. */
static void mp4_place(struct mp4 *m, const uint8_t *s, size_t len)
{
	const uint8_t *end = len > 6 ? memchr(s + 6, 0, len - 6) : NULL;
	size_t n = end != NULL ? (size_t)(end + 1 - s) : len;
	char line[KEY_SHOWN];

	if (len - n < 9) {
		extract_unread(extract_file(m->x), "GPSPosition", s, len);
		return;
	}
	extract_unread(extract_file(m->x), "location", s + 6, n - 7);
	s += n + 1;
	len -= n + 1;
	(void)snprintf(line, sizeof(line), "%.6f, %.6f",
		       (int32_t)identify_be32(s + 4) / 65536.0,
		       (int32_t)identify_be32(s) / 65536.0);
	extract_property(extract_file(m->x), "GPSPosition", line, strlen(line));
	if (len > 12)
		extract_unread(extract_file(m->x), "location", s + 12, len - 12);
}

static const char *mp4_name(const uint8_t kind[4], char out[NAME_MAX_BYTES])
{
	static const char *const names[][2] = {{"nam", "Title"},       {"ART", "Artist"},
					       {"aut", "Author"},      {"cmt", "Comment"},
					       {"xyz", "GPSPosition"}, {"cpy", "Copyright"}};

	(void)snprintf(out, NAME_MAX_BYTES, "%.4s", "????");
	for (unsigned i = 0; i < 4; i++)
		out[i] = (char)(kind[i] >= 0x20 && kind[i] < 0x7f ? kind[i] : '?');
	for (size_t i = 0; kind[0] == 0xa9 && i < sizeof(names) / sizeof(names[0]); i++)
		if (memcmp(kind + 1, names[i][0], 3) == 0)
			return names[i][1];
	return out;
}

static int mp4_boxes(struct mp4 *m, const uint8_t *s, size_t len, const char *above,
		     unsigned depth);

static int mp4_box(struct mp4 *m, const uint8_t kind4[4], const uint8_t *s, size_t len,
		   const char *above, unsigned depth)
{
	static const char *const containers[] = {"moov", "trak", "mdia", "minf", "udta",
						 "ilst", "edts", "moof", "traf", "mfra",
						 "stbl", "dinf", NULL};
	static const char *const numbers[] = {
		"ftyp", "mvhd", "tkhd", "mdhd", "stts", "stss", "stsc", "stsz", "stco",
		"co64", "ctts", "elst", "vmhd", "smhd", "nmhd", "sdtp", "sgpd", "sbgp",
		"mdat", "tfhd", "tfdt", "trun", "mfhd", "sidx", "tfra", "mfro", NULL};
	static const uint8_t xmp[16] = {0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8,
					0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac};
	char own[NAME_MAX_BYTES];
	const char *name = mp4_name(kind4, own);
	struct extract_part *p = extract_file(m->x);

	if (strcmp(above, "ilst") == 0)
		return mp4_item(m, name, identify_be32(kind4), s, len);
	if (is_in(own, numbers))
		return SL_OK;
	if (is_in(own, containers))
		return mp4_boxes(m, s, len, own, depth + 1);
	if (strcmp(own, "meta") == 0) {
		/* QuickTime writes it without version and flags. */
		size_t skip = len >= 8 && memcmp(s + 4, "hdlr", 4) == 0 ? 0 : 4;

		return len < skip ? SL_OK : mp4_boxes(m, s + skip, len - skip, own, depth + 1);
	}
	if (strcmp(own, "keys") == 0)
		mp4_keys(m, s, len);
	else if (strcmp(own, "uuid") == 0 && len > 16 && memcmp(s, xmp, 16) == 0)
		return extract_xmp(m->x, (const char *)s + 16, len - 16);
	else if (strcmp(own, "hdlr") == 0 || strcmp(own, "stsd") == 0 ||
		 strcmp(own, "dref") == 0)
		extract_runs(p, own, s, len);
	else if (strcmp(own, "loci") == 0)
		mp4_place(m, s, len);
	else if (strcmp(above, "udta") == 0)
		mp4_text(m, name, s, len);
	else
		extract_unread(p, own, s, len);
	return SL_OK;
}

static int mp4_boxes(struct mp4 *m, const uint8_t *s, size_t len, const char *above,
		     unsigned depth)
{
	struct extract_part *p = extract_file(m->x);
	int r = SL_OK;

	if (depth > DEPTH_MAX) {
		extract_fail(p, "over-limit");
		return SL_OK;
	}
	while (r == SL_OK && len >= 8) {
		uint64_t n = identify_be32(s);
		size_t head = 8;

		if (n == 1 && len >= 16) {
			n = (uint64_t)identify_be32(s + 8) << 32 | identify_be32(s + 12);
			head = 16;
		}
		if (n == 0 && depth == 0)
			n = len;
		if (n < head || n > len)
			break;
		r = mp4_box(m, s + 4, s + head, (size_t)n - head, above, depth);
		s += n;
		len -= (size_t)n;
	}
	if (r == SL_OK)
		extract_unread(p, "rest", s, len);
	return r;
}

int extract_mp4(struct extract *x)
{
	struct mp4 m = {.x = x};

	return mp4_boxes(&m, x->bytes, x->len, "", 0);
}

/* --- RIFF --- */

static int riff_chunks(struct extract *x, const uint8_t *s, size_t len, unsigned depth)
{
	static const char *const numbers[] = {"fmt ", "data", "fact", "idx1", "avih",
					      "strh", "strf", "vprp", "indx", NULL};
	struct extract_part *p = extract_file(x);
	int r = SL_OK;

	while (r == SL_OK && len >= 8) {
		size_t n = identify_le32(s + 4);
		char kind[5] = "";

		for (unsigned i = 0; i < 4; i++)
			kind[i] = (char)(s[i] >= 0x20 && s[i] < 0x7f ? s[i] : '?');
		s += 8;
		len -= 8;
		if (n > len) {
			extract_fail(p, "truncated");
			return SL_OK;
		}
		if (strcmp(kind, "LIST") == 0 && n >= 4 && depth < DEPTH_MAX) {
			if (memcmp(s, "movi", 4) != 0)
				r = riff_chunks(x, s + 4, n - 4, depth + 1);
		} else if (strcasecmp(kind, "id3 ") == 0) {
			r = extract_id3(x, s, n);
		} else if (strcmp(kind, "_PMX") == 0) {
			r = extract_xmp(x, (const char *)s, n);
		} else if (strcmp(kind, "JUNK") == 0 || strcmp(kind, "bext") == 0) {
			extract_runs(p, kind, s, n);
		} else if (!is_in(kind, numbers)) {
			extract_media_say(x,
					  strcmp(kind, "INAM") == 0   ? "Title"
					  : strcmp(kind, "IART") == 0 ? "Artist"
					  : strcmp(kind, "ICMT") == 0 ? "Comment"
								      : kind,
					  s, n);
		}
		n += n < len ? n & 1 : 0;
		s += n;
		len -= n;
	}
	return r;
}

int extract_riff(struct extract *x)
{
	return x->len < 12 ? SL_OK : riff_chunks(x, x->bytes + 12, x->len - 12, 0);
}

/* --- Matroska (RFC 9559) --- */

struct ebml {
	struct extract *x;
	char name[KEY_SHOWN]; /* of the tag or the file that is read */
};

static size_t ebml_number(const uint8_t *s, size_t len, bool is_id, uint64_t *ret)
{
	size_t n = 1;
	uint64_t v;

	if (len == 0 || s[0] == 0)
		return 0;
	while ((s[0] & (0x80 >> (n - 1))) == 0)
		n++;
	if (n > len || (is_id && n > 4))
		return 0;
	v = is_id ? s[0] : s[0] & (0xffu >> n);
	for (size_t i = 1; i < n; i++)
		v = v << 8 | s[i];
	*ret = v;
	return n;
}

static int ebml_elements(struct ebml *e, const uint8_t *s, size_t len, unsigned depth);

static int ebml_element(struct ebml *e, uint64_t id, const uint8_t *s, size_t len,
			unsigned depth)
{
	static const uint32_t masters[] = {
		0x18538067, 0x1254c367, 0x7373, 0x67c8, 0x1549a966, 0x1941a469, 0x61a7,
		0x1043a770, 0x45b9,	0xb6,	0x80,	0x1654ae6b, 0xae};
	struct extract_part *p = extract_file(e->x);

	for (size_t i = 0; i < sizeof(masters) / sizeof(masters[0]); i++)
		if (masters[i] == id)
			return ebml_elements(e, s, len, depth + 1);
	switch (id) {
	case 0x45a3: /* name of a tag */
	case 0x466e: /* of a file */
		(void)text_safe((const char *)s, len, e->name, sizeof(e->name));
		if (id == 0x466e)
			extract_unread(p, "file", s, len);
		return SL_OK;
	case 0x4487:
		extract_media_say(e->x, e->name, s, len);
		return SL_OK;
	case 0x465c:
		return extract_media_file(e->x, "attached", s, len);
	case 0x467e:
	case 0x7ba9:
	case 0x85:
	case 0x536e:
		extract_unread(p, "Title", s, len);
		return SL_OK;
	case 0x4d80:
	case 0x5741:
		extract_unread(p, "Software", s, len);
		return SL_OK;
	case 0xec: /* filled up */
		extract_unread(p, "void", s, len);
		return SL_OK;
	default:
		return SL_OK;
	}
}

static int ebml_elements(struct ebml *e, const uint8_t *s, size_t len, unsigned depth)
{
	int r = SL_OK;

	if (depth > DEPTH_MAX) {
		extract_fail(extract_file(e->x), "over-limit");
		return SL_OK;
	}
	while (r == SL_OK && len > 0) {
		uint64_t id, body;
		size_t n = ebml_number(s, len, true, &id), k;

		k = n > 0 ? ebml_number(s + n, len - n, false, &body) : 0;
		if (k == 0)
			break;
		n += k;
		/* All ones: up to the end. */
		if (body == (UINT64_C(1) << (7 * k)) - 1)
			body = len - n;
		if (body > len - n) {
			extract_fail(extract_file(e->x), "truncated");
			break;
		}
		r = ebml_element(e, id, s + n, (size_t)body, depth);
		s += n + (size_t)body;
		len -= n + (size_t)body;
	}
	return r;
}

int extract_matroska(struct extract *x)
{
	struct ebml e = {.x = x, .name = "tag"};

	return ebml_elements(&e, x->bytes, x->len, 0);
}

int extract_media_document(struct extract *x)
{
	static const struct {
		const char *type, *magic;
		size_t at;
		int (*read)(struct extract *x);
	} rows[] = {
		{"video/mp4", "ftyp", 4, extract_mp4},
		{"video/quicktime", "ftyp", 4, extract_mp4},
		{"audio/mp4", "ftyp", 4, extract_mp4},
		{"audio/mpeg", "", 0, extract_mpeg},
		{"audio/flac", "fLaC", 0, extract_flac},
		{"application/ogg", "OggS", 0, extract_ogg},
		{"audio/x-wav", "RIFF", 0, extract_riff},
		{"video/x-msvideo", "RIFF", 0, extract_riff},
		{"video/x-matroska", "\x1a\x45\xdf\xa3", 0, extract_matroska},
	};
	struct extract_part *p = extract_file(x);
	int r = SL_OK;

	/* Whatever else is wrong with it: a person has to look and listen. */
	extract_fail(p, "media-not-read");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].magic);

		if (strcmp(p->object.type, rows[i].type) == 0 && x->len >= rows[i].at + n &&
		    memcmp(x->bytes + rows[i].at, rows[i].magic, n) == 0)
			r = rows[i].read(x);
	}
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
