/* identify_tiff.c - TIFF 6.0: directories, values and strips all inside, nothing after them. */
#include "inspect/type/identify_tiff.h"

enum {
	IFDS_MAX = 1000,
	ENTRIES_MAX = 4096,
	VALUES_MAX = 1 << 20,
	PADDING = 16,
	TAG_STRIP_OFFSETS = 273,
	TAG_STRIP_COUNTS = 279,
	TAG_TILE_OFFSETS = 324,
	TAG_TILE_COUNTS = 325,
	TYPE_SHORT = 3,
	TYPE_LONG = 4
};

struct tiff {
	const struct identify_in *in;
	bool big;
	uint64_t reach; /* furthest byte that something refers to */
};
struct values {
	uint32_t type, count;
	size_t at;
};

static uint32_t u16(const struct tiff *t, size_t at)
{
	const uint8_t *p = t->in->p + at;

	return t->big ? identify_be16(p) : identify_le16(p);
}

static uint32_t u32(const struct tiff *t, size_t at)
{
	const uint8_t *p = t->in->p + at;

	return t->big ? identify_be32(p) : identify_le32(p);
}

static bool cover(struct tiff *t, uint64_t at, uint64_t len)
{
	if (at > t->in->len || len > t->in->len - at)
		return false;
	if (at + len > t->reach)
		t->reach = at + len;
	return true;
}

static uint32_t value(const struct tiff *t, const struct values *v, uint32_t i)
{
	return v->type == TYPE_SHORT ? u16(t, v->at + 2 * (size_t)i)
				     : u32(t, v->at + 4 * (size_t)i);
}

static const char *strips(struct tiff *t, const struct values *offsets,
			  const struct values *counts)
{
	if (offsets->count != counts->count)
		return "corrupt";
	for (uint32_t i = 0; i < offsets->count; i++) {
		if (!cover(t, value(t, offsets, i), value(t, counts, i)))
			return "truncated";
	}
	return NULL;
}

static const char *directory(struct tiff *t, size_t at, uint32_t n)
{
	static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
	struct values offsets = {0, 0, 0}, counts = {0, 0, 0};

	for (uint32_t i = 0; i < n; i++, at += 12) {
		uint32_t tag = u16(t, at);
		struct values v = {
			.type = u16(t, at + 2), .count = u32(t, at + 4), .at = at + 8};
		uint64_t bytes;

		if (v.type == 0 || v.type >= sizeof(sizes))
			return "corrupt";
		bytes = (uint64_t)v.count * sizes[v.type];
		if (bytes > 4) {
			v.at = u32(t, at + 8);
			if (!cover(t, v.at, bytes))
				return "truncated";
		}
		if (tag != TAG_STRIP_OFFSETS && tag != TAG_STRIP_COUNTS &&
		    tag != TAG_TILE_OFFSETS && tag != TAG_TILE_COUNTS)
			continue;
		if ((v.type != TYPE_SHORT && v.type != TYPE_LONG) || v.count > VALUES_MAX)
			return "corrupt";
		if (tag == TAG_STRIP_OFFSETS || tag == TAG_TILE_OFFSETS)
			offsets = v;
		else
			counts = v;
	}
	return strips(t, &offsets, &counts);
}

const char *identify_tiff(const struct identify_in *in)
{
	struct tiff t = {.in = in, .big = in->p[0] == 'M'};
	uint64_t at;

	if (in->len < 8)
		return "truncated";
	at = u32(&t, 4);
	for (unsigned i = 0; at != 0; i++) {
		uint32_t n;
		const char *why;

		if (i == IFDS_MAX)
			return "over-limit";
		if (!cover(&t, at, 2))
			return "truncated";
		n = u16(&t, (size_t)at);
		if (n == 0 || n > ENTRIES_MAX)
			return "corrupt";
		if (!cover(&t, at, 2 + (uint64_t)n * 12 + 4))
			return "truncated";
		why = directory(&t, (size_t)at + 2, n);
		if (why != NULL)
			return why;
		at = u32(&t, (size_t)at + 2 + (size_t)n * 12);
	}
	if (t.reach == 0)
		return "corrupt";
	return in->len - t.reach <= PADDING ? NULL : "polyglot";
}
