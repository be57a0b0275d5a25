/* identify_media.c - sound and film: boxes, pages, chunks and frames up to the last byte.
 *
 * No sound is heard and no film is seen here, so none of them is ever more than held; the
 * walk says what it is and that nothing stands beside it.  Hostile: every length. */
#include <string.h>

#include "inspect/type/identify.h"

enum { BOXES_MAX = 100000 };

static bool starts(const struct identify_in *in, size_t at, const char *magic, size_t len)
{
	return in->len >= at + len && memcmp(in->p + at, magic, len) == 0;
}

/* --- ISO 14496-12 --- */

static const char *iso_type(const struct identify_in *in)
{
	static const struct {
		const char *brand, *type;
	} rows[] = {
		{"heic", "image/heic"}, {"heix", "image/heic"},	     {"hevc", "image/heic"},
		{"mif1", "image/heic"}, {"msf1", "image/heic"},	     {"avif", "image/avif"},
		{"avis", "image/avif"}, {"qt  ", "video/quicktime"}, {"M4A ", "audio/mp4"},
		{"M4B ", "audio/mp4"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (starts(in, 8, rows[i].brand, 4))
			return rows[i].type;
	return "video/mp4";
}

static const char *iso(const struct identify_in *in)
{
	size_t at = 0;

	for (unsigned n = 0; at < in->len; n++) {
		uint64_t len;

		if (n == BOXES_MAX)
			return "over-limit";
		if (in->len - at < 8)
			return "polyglot";
		len = identify_be32(in->p + at);
		if (len == 0)
			return NULL; /* up to the end */
		if (len == 1) {
			if (in->len - at < 16)
				return "truncated";
			len = (uint64_t)identify_be32(in->p + at + 8) << 32 |
			      identify_be32(in->p + at + 12);
		}
		if (len < 8)
			return "corrupt";
		if (len > in->len - at)
			return "truncated";
		/* Every box has a name of letters; what follows the last has none. */
		for (unsigned k = 4; k < 8; k++) {
			uint8_t c = in->p[at + k];

			if (c < 0x20 || (c >= 0x7f && c != 0xa9))
				return "polyglot";
		}
		at += (size_t)len;
	}
	return NULL;
}

/* --- Ogg (RFC 3533) --- */

static const char *ogg(const struct identify_in *in)
{
	size_t at = 0;

	while (at < in->len) {
		size_t n, len = 0;

		if (!starts(in, at, "OggS", 4))
			return "polyglot";
		if (in->len - at < 27)
			return "truncated";
		n = in->p[at + 26];
		if (in->len - at < 27 + n)
			return "truncated";
		for (size_t i = 0; i < n; i++)
			len += in->p[at + 27 + i];
		at += 27 + n;
		if (len > in->len - at)
			return "truncated";
		at += len;
	}
	return NULL;
}

/* --- RIFF --- */

static const char *riff(const struct identify_in *in)
{
	uint64_t whole = (uint64_t)identify_le32(in->p + 4) + 8;

	whole += whole & 1;
	if (whole != in->len && whole - 1 != in->len)
		return whole > in->len ? "truncated" : "polyglot";
	return NULL;
}

/* --- MPEG audio --- */

/* Bytes of the frame whose header is at p, 0 when it is none (ISO 11172-3, 13818-3). */
static size_t frame_len(const uint8_t *p)
{
	static const uint16_t rates[2][3][15] = {
		{{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		 {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		 {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
		{{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		 {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		 {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}}};
	static const uint16_t samples[3] = {44100, 48000, 32000};
	unsigned version = p[1] >> 3 & 3, layer = 3 - (p[1] >> 1 & 3), rate = p[2] >> 4;
	unsigned sample = p[2] >> 2 & 3, pad = p[2] >> 1 & 1, hz, bits;

	if (p[0] != 0xff || (p[1] & 0xe0) != 0xe0 || version == 1 || layer == 3 || rate == 0 ||
	    rate == 15 || sample == 3)
		return 0;
	hz = samples[sample] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
	bits = rates[version == 3 ? 0 : 1][layer][rate] * 1000u;
	if (layer == 0)
		return (size_t)(12 * bits / hz + pad) * 4;
	return (size_t)((layer == 2 && version != 3 ? 72 : 144) * bits / hz + pad);
}

static size_t id3_len(const struct identify_in *in, size_t at)
{
	const uint8_t *p = in->p + at;

	if (!starts(in, at, "ID3", 3) || in->len - at < 10)
		return 0;
	return 10 +
	       ((size_t)(p[6] & 0x7f) << 21 | (size_t)(p[7] & 0x7f) << 14 |
		(size_t)(p[8] & 0x7f) << 7 | (p[9] & 0x7f)) +
	       ((p[5] & 0x10) != 0 ? 10 : 0);
}

static const char *mpeg(const struct identify_in *in)
{
	size_t at = id3_len(in, 0), end = in->len, frames = 0;

	if (at > in->len)
		return "truncated";
	if (end - at >= 128 && starts(in, end - 128, "TAG", 3))
		end -= 128;
	while (at < end && in->p[at] == 0)
		at++; /* filled up */
	while (end - at >= 4) {
		size_t len = frame_len(in->p + at);

		if (len == 0)
			return frames > 0 ? "polyglot" : "corrupt";
		if (len > end - at)
			return frames > 1 ? NULL : "truncated"; /* recordings may be cut */
		at += len;
		frames++;
	}
	return frames > 0 && at == end ? NULL : "corrupt";
}

/* The first frames of a file without a tag: two bytes alone would be chance. */
static bool is_bare_mpeg(const struct identify_in *in)
{
	size_t at = 0;

	for (unsigned i = 0; i < 2; i++) {
		size_t len = in->len - at >= 4 ? frame_len(in->p + at) : 0;

		if (len == 0 || len > in->len - at)
			return false;
		at += len;
	}
	return true;
}

/* --- FLAC, Matroska --- */

static const char *flac(const struct identify_in *in)
{
	size_t at = 4;
	bool last = false;

	while (!last) {
		size_t len;

		if (in->len - at < 4)
			return "truncated";
		last = (in->p[at] & 0x80) != 0;
		len = identify_be32(in->p + at) & 0xffffff;
		if (len > in->len - at - 4)
			return "truncated";
		at += 4 + len;
	}
	return at == in->len || (in->len - at >= 2 && in->p[at] == 0xff) ? NULL : "polyglot";
}

/* Element header (RFC 8794): its length, and that of its body; 0: none. */
static size_t ebml_head(const uint8_t *p, size_t len, uint64_t *ret_body)
{
	size_t id = 1, n = 1;
	uint64_t v;

	if (len < 2 || p[0] == 0)
		return 0;
	while (id <= 4 && (p[0] & (0x80 >> (id - 1))) == 0)
		id++;
	if (id > 4 || len < id + 1 || p[id] == 0)
		return 0;
	while ((p[id] & (0x80 >> (n - 1))) == 0)
		n++;
	if (len < id + n)
		return 0;
	v = p[id] & (0xffu >> n);
	for (size_t i = 1; i < n; i++)
		v = v << 8 | p[id + i];
	/* All ones: as long as the file. */
	*ret_body = v == (UINT64_C(1) << (7 * n)) - 1 ? UINT64_MAX : v;
	return id + n;
}

static const char *matroska(const struct identify_in *in)
{
	size_t at = 0;

	for (unsigned i = 0; at < in->len; i++) {
		uint64_t body;
		size_t head = ebml_head(in->p + at, in->len - at, &body);

		if (head == 0 || i == BOXES_MAX)
			return "polyglot";
		if (body == UINT64_MAX)
			return NULL;
		if (body > in->len - at - head)
			return "truncated";
		at += head + (size_t)body;
	}
	return NULL;
}

bool identify_media(const struct identify_in *in, struct identity *ret_id)
{
	const char *why;

	if (starts(in, 4, "ftyp", 4)) {
		ret_id->type = iso_type(in);
		why = iso(in);
		if (why == NULL && strncmp(ret_id->type, "image/", 6) == 0)
			why = "unsupported";
	} else if (starts(in, 0, "OggS", 4)) {
		ret_id->type = "application/ogg";
		why = ogg(in);
	} else if (starts(in, 0, "RIFF", 4) && starts(in, 8, "WAVE", 4)) {
		ret_id->type = "audio/x-wav";
		why = riff(in);
	} else if (starts(in, 0, "RIFF", 4) && starts(in, 8, "AVI ", 4)) {
		ret_id->type = "video/x-msvideo";
		why = riff(in);
	} else if (starts(in, 0, "fLaC", 4)) {
		ret_id->type = "audio/flac";
		why = flac(in);
	} else if (starts(in, 0, "\x1a\x45\xdf\xa3", 4)) {
		ret_id->type = "video/x-matroska";
		why = matroska(in);
	} else if (starts(in, 0, "ID3", 3) || is_bare_mpeg(in)) {
		ret_id->type = "audio/mpeg";
		why = mpeg(in);
	} else {
		return false;
	}
	if (why != NULL)
		ret_id->reason = why;
	return true;
}
