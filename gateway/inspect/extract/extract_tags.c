/* extract_tags.c - texts that travel with sound: ID3, Vorbis comments, FLAC blocks.
 *
 * Hostile: every length.  What is no text and long fails the file. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_media.h"
#include "inspect/extract/extract_note.h"
#include "inspect/type/identify.h"

enum {
	TEXT_MAX = 4 << 20,
	ID_MAX = 8,
	ITEMS_MAX = 10000,
	KEY_MAX = 64,
	PACKETS_MAX = 16 << 20
};

/* --- ID3 --- */

/* Text in one of four encodings; NUL divides. */
static void id3_text(struct extract *x, const char *name, unsigned encoding, const uint8_t *s,
		     size_t len)
{
	struct extract_part *p = extract_file(x);
	bool big = encoding == 2;
	struct buf text;

	if (encoding == 0 || encoding == 3) {
		if (!extract_note(p, name, s, len))
			extract_note_latin1(p, name, s, len);
		return;
	}
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t unit = big ? identify_be16(s + i) : identify_le16(s + i);

		if (unit == 0xfffe)
			big = !big;
		if (unit == 0xfffe || unit == 0xfeff)
			continue;
		unit = unit == 0 ? ' ' : unit;
		buf_put_u8(&text, (uint8_t)(unit >> 8));
		buf_put_u8(&text, (uint8_t)unit);
	}
	if (text.len > 0 && !extract_note_utf16(p, name, text.data, text.len, true))
		extract_unread(p, name, s, len);
	buf_release(&text);
}

/* Behind a text ended by NUL (two in UTF-16); its own length without it. */
static size_t id3_after(unsigned encoding, const uint8_t *s, size_t len, size_t *ret_text)
{
	size_t wide = encoding == 1 || encoding == 2 ? 2 : 1;

	for (size_t i = 0; i + wide <= len; i += wide) {
		if (s[i] != 0 || s[i + wide - 1] != 0)
			continue;
		*ret_text = i;
		return i + wide;
	}
	*ret_text = len;
	return len;
}

/* Pictures and files: encoding, kind, (number), names, bytes. */
static int id3_file(struct extract *x, bool picture, bool old, const uint8_t *s, size_t len)
{
	unsigned encoding;
	size_t n, text;

	if (len < 6)
		return SL_OK;
	encoding = s[0];
	n = 1;
	if (picture && old)
		n += 3;
	else
		n += id3_after(0, s + n, len - n, &text);
	n += picture && n < len;
	for (unsigned i = 0; i < (picture ? 1u : 2u); i++) {
		size_t from = n;

		n += id3_after(encoding, s + n, len - n, &text);
		id3_text(x, "file", encoding, s + from, text);
	}
	return extract_media_file(x, picture ? "cover" : "object", s + n, len - n);
}

static int id3_frame(struct extract *x, const char *id, const uint8_t *s, size_t len, bool old)
{
	static const char *const names[][2] = {
		{"TIT2", "Title"},  {"TT2", "Title"},	{"TPE1", "Artist"},  {"TP1", "Artist"},
		{"TCOM", "Artist"}, {"TALB", "Album"},	{"COMM", "Comment"}, {"COM", "Comment"},
		{"TOWN", "Owner"},  {"USLT", "Lyrics"}, {"ULT", "Lyrics"}};
	const char *name = id;
	size_t text, n = 1;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], id) == 0)
			name = names[i][1];
	if (strcmp(id, "APIC") == 0 || strcmp(id, "PIC") == 0)
		return id3_file(x, true, old, s, len);
	if (strcmp(id, "GEOB") == 0 || strcmp(id, "GEO") == 0)
		return id3_file(x, false, old, s, len);
	if (len < 2)
		return SL_OK;
	if (strcmp(name, "Comment") == 0 || strcmp(name, "Lyrics") == 0 ||
	    strcmp(id, "USER") == 0)
		n += len >= 4 ? 3 : 0; /* a language */
	if (id[0] == 'T' || n > 1) {
		size_t after = id3_after(s[0], s + n, len - n, &text);

		id3_text(x, name, s[0], s + n, text);
		id3_text(x, name, s[0], s + n + after, len - n - after);
	} else {
		extract_unread(extract_file(x), name, s, len);
	}
	return SL_OK;
}

static size_t synchsafe(const uint8_t *p)
{
	return (size_t)(p[0] & 0x7f) << 21 | (size_t)(p[1] & 0x7f) << 14 |
	       (size_t)(p[2] & 0x7f) << 7 | (p[3] & 0x7f);
}

/* FF 00 stands for FF. */
static void synchronise(const uint8_t *s, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		buf_put_u8(out, s[i]);
		if (s[i] == 0xff && i + 1 < len && s[i + 1] == 0)
			i++;
	}
}

static int id3_frames(struct extract *x, unsigned version, const uint8_t *s, size_t len)
{
	bool old = version == 2;
	size_t id_len = old ? 3 : 4, head = old ? 6 : 10;

	while (len >= head && s[0] != 0) {
		char id[ID_MAX] = "";
		size_t n = old		  ? ((size_t)s[3] << 16 | (size_t)s[4] << 8 | s[5])
			   : version == 4 ? synchsafe(s + 4)
					  : identify_be32(s + 4);
		int r;

		if (n > len - head)
			break;
		for (size_t i = 0; i < id_len; i++)
			id[i] = (char)(s[i] >= 0x20 && s[i] < 0x7f ? s[i] : '?');
		/* Packed or encrypted. */
		if (!old && (s[9] & (version == 4 ? 0x0c : 0xc0)) != 0) {
			extract_unread(extract_file(x), id, s + head, n);
		} else {
			r = id3_frame(x, id, s + head, n, old);
			if (r != SL_OK)
				return r;
		}
		s += head + n;
		len -= head + n;
	}
	extract_unread(extract_file(x), "ID3", s, len);
	return SL_OK;
}

int extract_id3(struct extract *x, const uint8_t *s, size_t len)
{
	struct buf plain;
	size_t n, skip = 0;
	int r;

	if (len < 10 || memcmp(s, "ID3", 3) != 0)
		return SL_OK;
	n = synchsafe(s + 6);
	if (n > len - 10 || s[3] < 2 || s[3] > 4) {
		extract_fail(extract_file(x), n > len - 10 ? "truncated" : "unsupported");
		return SL_OK;
	}
	buf_init(&plain, n);
	if ((s[5] & 0x80) != 0)
		synchronise(s + 10, n, &plain);
	else
		buf_put(&plain, s + 10, n);
	r = buf_error(&plain);
	if (r == SL_OK && (s[5] & 0x40) != 0 && s[3] > 2 && plain.len >= 4)
		skip = s[3] == 4 ? synchsafe(plain.data)
				 : identify_be32(plain.data) + (size_t)4;
	if (r == SL_OK && skip <= plain.len && plain.len > 0)
		r = id3_frames(x, s[3], plain.data + skip, plain.len - skip);
	else if (skip > plain.len)
		extract_fail(extract_file(x), "corrupt");
	buf_release(&plain);
	return r;
}

int extract_mpeg(struct extract *x)
{
	static const struct {
		size_t at, len;
		const char *name;
	} old[] = {
		{3, 30, "Title"}, {33, 30, "Artist"}, {63, 30, "Album"}, {97, 30, "Comment"}};
	const uint8_t *s = x->bytes + (x->len >= 128 ? x->len - 128 : 0);

	if (x->len >= 128 && memcmp(s, "TAG", 3) == 0)
		for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
			extract_unread(extract_file(x), old[i].name, s + old[i].at, old[i].len);
	return extract_id3(x, x->bytes, x->len);
}

/* --- Vorbis comments and FLAC --- */

static int flac_picture(struct extract *x, const uint8_t *s, size_t len)
{
	size_t at = 4, n;

	for (unsigned i = 0; i < 2; i++) {
		if (len < at + 4)
			return SL_OK;
		n = identify_be32(s + at);
		at += 4;
		if (n > len - at)
			return SL_OK;
		extract_unread(extract_file(x), "cover", s + at, n);
		at += n;
	}
	at += 20; /* width, height, depth, colours, length */
	if (at >= len)
		return SL_OK;
	return extract_media_file(x, "cover", s + at, len - at);
}

static int vorbis_item(struct extract *x, const uint8_t *s, size_t len)
{
	const uint8_t *equals = memchr(s, '=', len);
	char key[KEY_MAX];
	struct buf bytes;
	size_t n = equals != NULL ? (size_t)(equals - s) : 0;
	int r = SL_OK;

	if (equals == NULL) {
		extract_unread(extract_file(x), "comment", s, len);
		return SL_OK;
	}
	(void)text_safe((const char *)s, n, key, sizeof(key));
	if (strcasecmp(key, "METADATA_BLOCK_PICTURE") != 0) {
		extract_media_say(x, key, s + n + 1, len - n - 1);
		return SL_OK;
	}
	buf_init(&bytes, len);
	if (extract_base64((const char *)s + n + 1, len - n - 1, &bytes))
		r = flac_picture(x, bytes.data, bytes.len);
	else
		extract_unread(extract_file(x), key, s + n + 1, len - n - 1);
	buf_release(&bytes);
	return r;
}

int extract_vorbis(struct extract *x, const uint8_t *s, size_t len)
{
	struct extract_part *p = extract_file(x);
	size_t n = len >= 4 ? identify_le32(s) : 0, count;
	int r = SL_OK;

	if (len < 8 || n > len - 8) {
		extract_fail(p, "corrupt");
		return SL_OK;
	}
	extract_unread(p, "encoder", s + 4, n);
	s += 4 + n;
	len -= 4 + n;
	count = identify_le32(s);
	s += 4;
	len -= 4;
	for (size_t i = 0; r == SL_OK && i < count; i++) {
		n = len >= 4 ? identify_le32(s) : 0;
		if (len < 4 || n > len - 4 || i == ITEMS_MAX) {
			extract_fail(p, i == ITEMS_MAX ? "over-limit" : "truncated");
			return SL_OK;
		}
		r = vorbis_item(x, s + 4, n);
		s += 4 + n;
		len -= 4 + n;
	}
	return r;
}

int extract_flac(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	size_t at = 4;
	bool last = false;
	int r = SL_OK;

	while (r == SL_OK && !last) {
		const uint8_t *s = x->bytes + at;
		size_t n = x->len - at >= 4 ? identify_be32(s) & 0xffffff : 0;

		if (x->len - at < 4 || n > x->len - at - 4) {
			extract_fail(p, "truncated");
			return SL_OK;
		}
		last = (s[0] & 0x80) != 0;
		if ((s[0] & 0x7f) == 4)
			r = extract_vorbis(x, s + 4, n);
		else if ((s[0] & 0x7f) == 6)
			r = flac_picture(x, s + 4, n);
		else if ((s[0] & 0x7f) != 0 && (s[0] & 0x7f) != 3)
			extract_unread(p, "block", s + 4, n);
		at += 4 + n;
	}
	return r;
}

/* --- Ogg --- */

/* The packets one after the other, as far as comments may reach. */
static void ogg_packets(const struct extract *x, struct buf *out)
{
	size_t at = 0;

	while (x->len - at >= 27 && memcmp(x->bytes + at, "OggS", 4) == 0 &&
	       out->len < out->max / 2) {
		const uint8_t *s = x->bytes + at;
		size_t n = s[26], len = 0;

		if (x->len - at < 27 + n)
			return;
		for (size_t i = 0; i < n; i++)
			len += s[27 + i];
		if (len > x->len - at - 27 - n)
			return;
		buf_put(out, s + 27 + n, len);
		at += 27 + n + len;
	}
}

int extract_ogg(struct extract *x)
{
	static const char *const heads[] = {"\x03vorbis", "OpusTags", "\x81theora"};
	struct buf all;
	int r;

	buf_init(&all, PACKETS_MAX);
	ogg_packets(x, &all);
	r = buf_error(&all);
	for (size_t i = 0; r == SL_OK && i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = strlen(heads[i]);
		const uint8_t *hit =
			all.len > 0 ? memmem(all.data, all.len, heads[i], n) : NULL;

		if (hit != NULL)
			r = extract_vorbis(x, hit + n, all.len - (size_t)(hit + n - all.data));
	}
	buf_release(&all);
	return r;
}
