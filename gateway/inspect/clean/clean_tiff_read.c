/* clean_tiff_read.c - the directories of a TIFF (TIFF 6.0).
 *
 * Hostile: every offset and count.  A tag twice, a directory twice, a value outside the file
 * or with more numbers than it may have end the reading. */
#include "inspect/clean/clean_tiff_read.h"

#include <string.h>

#include "inspect/type/identify.h"

enum { ENTRIES_MAX = 1024 /* of one directory */, ENTRY_LEN = 12, OVERLAP_MAX = 16 };

static uint32_t u16(const struct tiff *t, const uint8_t *p)
{
	return t->big ? identify_be16(p) : identify_le16(p);
}

uint32_t clean_tiff_u32(const struct tiff *t, const uint8_t *p)
{
	return t->big ? identify_be32(p) : identify_le32(p);
}

bool clean_tiff_tick(struct tiff *t, uint64_t at, uint64_t len)
{
	if (at > t->len || len > t->len - at)
		return false;
	/* Values may share bytes, but not so many that reading them would never end. */
	t->ticked += len;
	if (t->ticked > (uint64_t)t->len * OVERLAP_MAX)
		return false;
	for (size_t i = (size_t)at; i < at + len; i++)
		t->seen[i / 8] |= (uint8_t)(1u << (i % 8));
	return true;
}

uint32_t clean_tiff_value(const struct tiff *t, const struct tiff_entry *e, uint32_t i)
{
	if (e->p == NULL || i >= e->count)
		return 0;
	return e->type == TIFF_SHORT  ? u16(t, e->p + 2 * (size_t)i)
	       : e->type == TIFF_LONG ? clean_tiff_u32(t, e->p + 4 * (size_t)i)
	       : e->type == TIFF_BYTE ? e->p[i]
				      : 0;
}

const struct tiff_entry *clean_tiff_find(const struct tiff_page *g, uint32_t tag)
{
	static const struct tiff_entry none = {.p = NULL};

	for (size_t i = 0; i < g->n; i++)
		if (g->kept[i].tag == tag)
			return &g->kept[i];
	return &none;
}

uint32_t clean_tiff_number(const struct tiff *t, const struct tiff_page *g, uint32_t tag,
			   uint32_t missing)
{
	const struct tiff_entry *e = clean_tiff_find(g, tag);

	return e->p != NULL ? clean_tiff_value(t, e, 0) : missing;
}

static int read_entry(struct tiff *t, size_t at, struct tiff_entry *ret_e)
{
	const uint8_t *p = t->p + at;
	struct tiff_entry e = {
		.tag = u16(t, p), .type = u16(t, p + 2), .count = clean_tiff_u32(t, p + 4)};
	uint64_t bytes = (uint64_t)e.count * clean_tiff_size(e.type);

	if (bytes == 0 || bytes > t->len)
		return SL_E_FORMAT;
	e.len = (size_t)bytes;
	e.p = p + 8;
	/* Of a value in its entry only the bytes that it has. */
	if (!clean_tiff_tick(t, at, 8) ||
	    !clean_tiff_tick(t, bytes <= 4 ? at + 8 : clean_tiff_u32(t, p + 8), bytes))
		return SL_E_FORMAT;
	if (bytes > 4) {
		if (!clean_tiff_tick(t, at + 8, 4))
			return SL_E_FORMAT;
		e.p = t->p + clean_tiff_u32(t, p + 8);
	}
	*ret_e = e;
	return SL_OK;
}

static int keep(struct tiff *t, struct tiff_page *g, const struct tiff_entry *e)
{
	size_t at = g->n;

	if (e->tag == TIFF_STRIPS || e->tag == TIFF_TILES || e->tag == TIFF_STRIP_LENGTHS ||
	    e->tag == TIFF_TILE_LENGTHS) {
		struct tiff_entry *to = e->tag == TIFF_STRIPS || e->tag == TIFF_TILES
						? &g->offsets
						: &g->counts;

		if (to->p != NULL || (e->type != TIFF_SHORT && e->type != TIFF_LONG))
			return SL_E_FORMAT;
		*to = *e;
		return SL_OK;
	}
	if (!clean_tiff_keeps(e)) {
		clean_say(t->r, "removed", "", clean_tiff_name(e->tag), 1);
		return SL_OK;
	}
	if (e->count > clean_tiff_most(e->tag) || g->n == TIFF_KEPT_MAX ||
	    clean_tiff_find(g, e->tag)->p != NULL)
		return SL_E_FORMAT;
	while (at > 0 && g->kept[at - 1].tag > e->tag)
		at--;
	memmove(g->kept + at + 1, g->kept + at, (g->n - at) * sizeof(*e));
	g->kept[at] = *e;
	g->n++;
	return SL_OK;
}

int clean_tiff_page(struct tiff *t, uint32_t at, struct tiff_page *g)
{
	uint32_t n;

	*g = (struct tiff_page){.n = 0};
	/* No directory twice: a chain of them ends. */
	if (at < 8 || at >= t->len || t->len - at < 2 ||
	    (t->seen[at / 8] & 1u << (at % 8)) != 0)
		return SL_E_FORMAT;
	n = u16(t, t->p + at);
	if (n == 0 || n > ENTRIES_MAX || t->len - at < 2 + (size_t)n * ENTRY_LEN + 4 ||
	    !clean_tiff_tick(t, at, 2) ||
	    !clean_tiff_tick(t, at + 2 + (uint64_t)n * ENTRY_LEN, 4))
		return SL_E_FORMAT;
	for (uint32_t i = 0; i < n; i++) {
		struct tiff_entry e;
		int r = read_entry(t, at + 2 + (size_t)i * ENTRY_LEN, &e);

		if (r == SL_OK)
			r = keep(t, g, &e);
		if (r != SL_OK)
			return r;
	}
	g->next = clean_tiff_u32(t, t->p + at + 2 + (size_t)n * ENTRY_LEN);
	return SL_OK;
}

/* Bytes that nothing refers to; programs leave zeros between the parts. */
bool clean_tiff_has_more(const struct tiff *t)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->p[i] != 0 && (t->seen[i / 8] & 1u << (i % 8)) == 0)
			return true;
	return false;
}
