/* identify_archive.c - archives other than ZIP, walked from the first byte to the last.
 *
 * What unpackers skip is where bytes hide: after the end of the archive, between
 * blocks, in blocks that only some programs know.  Every byte has to belong to a block
 * whose kind we know; what is inside the members is looked at elsewhere. */
#include <string.h>

#include <zlib.h>

#include "inspect/type/identify.h"

static bool starts(const struct identify_in *in, const char *magic, size_t len)
{
	return in->len >= len && memcmp(in->p, magic, len) == 0;
}

/* --- tar: POSIX.1-2017 pax, and GNU tar's long names --- */

enum { TAR_BLOCK = 512, TAR_KIND = 156, TAR_MEMBERS_MAX = 20000, GZIP_CHUNK = 64 << 10 };

/* An octal number, or GNU's big-endian form; false: neither. */
static bool tar_number(const uint8_t *p, size_t len, uint64_t *ret_n)
{
	uint64_t n = 0;
	size_t i = 0;

	if (p[0] == 0x80) {
		for (i = 1; i < len; i++) {
			if (n >> 55 != 0)
				return false;
			n = n << 8 | p[i];
		}
		*ret_n = n;
		return true;
	}
	while (i < len && p[i] == ' ')
		i++;
	for (; i < len && p[i] >= '0' && p[i] <= '7'; i++)
		n = n << 3 | (uint64_t)(p[i] - '0');
	for (; i < len; i++)
		if (p[i] != ' ' && p[i] != '\0')
			return false;
	*ret_n = n;
	return true;
}

static bool tar_checksum(const uint8_t *block)
{
	uint64_t want;
	uint32_t sum = 8 * ' '; /* the field itself counts as blanks */

	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += (i >= 148 && i < 156) ? 0 : block[i];
	return tar_number(block + 148, 8, &want) && want == sum;
}

static bool all_zero(const uint8_t *p, size_t len)
{
	return len == 0 || (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}

/* Does a pax header give the next member another length than its own header does, which
 * programs that do not know pax go by?  Records are "LENGTH KEYWORD=VALUE\n". */
static bool pax_resizes(const uint8_t *p, size_t len)
{
	return memmem(p, len, " size=", 6) != NULL ||
	       memmem(p, len, " GNU.sparse.", 12) != NULL ||
	       memmem(p, len, " SCHILY.realsize=", 17) != NULL;
}

static const char *tar_walk(const struct identify_in *in)
{
	size_t at = 0;
	unsigned n = 0;

	while (in->len - at >= TAR_BLOCK && !all_zero(in->p + at, TAR_BLOCK)) {
		const uint8_t *block = in->p + at;
		uint64_t size, rest;

		if (++n > TAR_MEMBERS_MAX)
			return "over-limit";
		if (!tar_checksum(block) || !tar_number(block + 124, 12, &size))
			return "corrupt";
		/* Files, links, directories, devices, pax and GNU headers; sparse files and
		 * several volumes are read in more ways than one. */
		if (block[TAR_KIND] != '\0' && strchr("01234567xgLK", block[TAR_KIND]) == NULL)
			return "unsupported";
		/* Some programs skip the content of a link or directory, some do not. */
		if (block[TAR_KIND] != '\0' && strchr("123456", block[TAR_KIND]) != NULL &&
		    size != 0)
			return "corrupt";
		at += TAR_BLOCK;
		if (size > in->len - at)
			return "truncated";
		if ((block[TAR_KIND] == 'x' || block[TAR_KIND] == 'g') &&
		    pax_resizes(in->p + at, (size_t)size))
			return "unsupported";
		at += size;
		rest = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
		if (rest > in->len - at)
			return "truncated";
		if (!all_zero(in->p + at, rest)) /* no program shows what stands there */
			return "polyglot";
		at += rest;
	}
	if (in->len - at < (size_t)2 * TAR_BLOCK)
		return "truncated"; /* two empty blocks end it */
	return all_zero(in->p + at, in->len - at) ? "" : "polyglot";
}

/* --- 7z: 7zFormat.txt, SignatureHeader --- */

static const char *seven_walk(const struct identify_in *in)
{
	uint64_t offset, size;

	if (in->len < 32)
		return "truncated";
	if (crc32_z(0, in->p + 12, 20) != identify_le32(in->p + 8))
		return "corrupt";
	offset = identify_le64(in->p + 12);
	size = identify_le64(in->p + 20);
	if (offset > in->len - 32 || size > in->len - 32 - offset)
		return "truncated";
	if (offset + size != in->len - 32)
		return "polyglot";
	return crc32_z(0, in->p + 32 + offset, (size_t)size) == identify_le32(in->p + 28)
		       ? ""
		       : "corrupt";
}

/* --- RAR 4 (technote.txt) and RAR 5 --- */

enum {
	RAR4_MAIN = 0x73,
	RAR4_FILE = 0x74,
	RAR4_END = 0x7b,
	RAR5_MAIN = 1,
	RAR5_FILE = 2,
	RAR5_SERVICE = 3,
	RAR5_ENCRYPTED = 4,
	RAR5_END = 5,
};

static const char *rar4_walk(const struct identify_in *in)
{
	size_t at = 7;

	for (;;) {
		const uint8_t *b = in->p + at;
		uint32_t kind, flags, head;
		uint64_t data = 0;

		if (in->len - at < 7)
			return "truncated";
		kind = b[2];
		flags = identify_le16(b + 3);
		head = identify_le16(b + 5);
		if (head < 7 || head > in->len - at)
			return "truncated";
		if ((crc32_z(0, b + 2, head - 2) & 0xffff) != identify_le16(b))
			return "corrupt";
		if (kind == RAR4_MAIN && (flags & 0x0080) != 0)
			return "encrypted";
		/* Volumes, comments and other blocks hold bytes that no member shows. */
		if ((kind != RAR4_MAIN && kind != RAR4_FILE && kind != RAR4_END) ||
		    (kind == RAR4_MAIN && (flags & 0x0003) != 0) ||
		    (kind == RAR4_FILE && (flags & 0x000b) != 0 && (flags & 0x0004) == 0))
			return "unsupported";
		if (kind == RAR4_FILE && (flags & 0x0004) != 0)
			return "encrypted";
		if ((flags & 0x8000) != 0 || kind == RAR4_FILE) {
			if (head < 11)
				return "corrupt";
			data = identify_le32(b + 7);
			if (kind == RAR4_FILE && (flags & 0x0100) != 0)
				return "unsupported"; /* sizes beyond 4 GiB */
		}
		at += head;
		if (data > in->len - at)
			return "truncated";
		at += data;
		if (kind == RAR4_END)
			return at == in->len ? "" : "polyglot";
		if (at == in->len)
			return ""; /* old versions write no end block */
	}
}

/* A number in pieces of seven bits; false: it does not end before `end`. */
static bool rar5_number(const uint8_t **p, const uint8_t *end, uint64_t *ret_n)
{
	uint64_t n = 0;

	for (unsigned shift = 0; shift < 63 && *p < end; shift += 7) {
		uint8_t b = *(*p)++;

		n |= (uint64_t)(b & 0x7f) << shift;
		if ((b & 0x80) == 0) {
			*ret_n = n;
			return true;
		}
	}
	return false;
}

/* The quick open record repeats headers; anything else of service is unknown to us. */
static bool rar5_known_service(const uint8_t *p, size_t len)
{
	return memmem(p, len, "\2QO", 3) != NULL;
}

static const char *rar5_walk(const struct identify_in *in)
{
	const uint8_t *at = in->p + 8, *end = in->p + in->len;

	for (;;) {
		const uint8_t *head, *crc_from, *p;
		uint64_t size, kind, flags, extra = 0, data = 0;

		if (end - at < 7)
			return "truncated";
		crc_from = p = at + 4;
		if (!rar5_number(&p, end, &size) || size == 0 || size > (uint64_t)(end - p))
			return "truncated";
		head = p;
		if (crc32_z(0, crc_from, (size_t)(head - crc_from) + size) != identify_le32(at))
			return "corrupt";
		at = head + size;
		if (!rar5_number(&p, at, &kind) || !rar5_number(&p, at, &flags) ||
		    ((flags & 1) != 0 && !rar5_number(&p, at, &extra)) ||
		    ((flags & 2) != 0 && !rar5_number(&p, at, &data)))
			return "corrupt";
		if (kind == RAR5_ENCRYPTED)
			return "encrypted";
		if (kind < RAR5_MAIN || kind > RAR5_END || (flags & 0x18) != 0 ||
		    (kind == RAR5_SERVICE && !rar5_known_service(p, (size_t)(at - p))))
			return "unsupported";
		if (data > (uint64_t)(end - at))
			return "truncated";
		at += data;
		if (kind == RAR5_END)
			return at == end ? "" : "polyglot";
	}
}

/* --- gzip: RFC 1952, one member --- */

static const char *gzip_walk(const struct identify_in *in)
{
	uint8_t chunk[GZIP_CHUNK];
	z_stream s;
	uint64_t made = 0;
	int end = Z_OK;
	const char *why = "";

	memset(&s, 0, sizeof(s));
	if (inflateInit2(&s, MAX_WBITS + 16) != Z_OK)
		return "over-limit";
	s.next_in = (z_const Bytef *)(uintptr_t)in->p;
	s.avail_in = in->len <= UINT32_MAX ? (uInt)in->len : 0;
	while (end == Z_OK && why[0] == '\0') {
		s.next_out = chunk;
		s.avail_out = sizeof(chunk);
		end = inflate(&s, Z_NO_FLUSH);
		made += sizeof(chunk) - s.avail_out;
		if (made > (UINT64_C(1) << 30))
			why = "over-limit";
	}
	if (why[0] == '\0' && end != Z_STREAM_END)
		why = end == Z_BUF_ERROR ? "truncated" : "corrupt";
	if (why[0] == '\0' && s.avail_in != 0)
		why = "polyglot";
	(void)inflateEnd(&s);
	return why;
}

bool identify_archive(const struct identify_in *in, struct identity *ret_id)
{
	if (starts(in, "7z\xbc\xaf\x27\x1c", 6)) {
		ret_id->type = "application/x-7z-compressed";
		ret_id->reason = seven_walk(in);
	} else if (starts(in, "Rar!\x1a\x07\x01\x00", 8)) {
		ret_id->type = "application/vnd.rar";
		ret_id->reason = rar5_walk(in);
	} else if (starts(in, "Rar!\x1a\x07\x00", 7)) {
		ret_id->type = "application/vnd.rar";
		ret_id->reason = rar4_walk(in);
	} else if (starts(in, "\x1f\x8b\x08", 3)) {
		ret_id->type = "application/gzip";
		ret_id->reason = gzip_walk(in);
	} else if (in->len > TAR_KIND && in->len >= 265 &&
		   memcmp(in->p + 257, "ustar", 5) == 0) {
		ret_id->type = "application/x-tar";
		ret_id->reason = tar_walk(in);
	} else {
		return false;
	}
	return true;
}
