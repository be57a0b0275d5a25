/* office_rest.c - walk every chain to its end and take what lies behind and between. */
#include "inspect/office/office_rest.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/type/identify.h"

enum { MINI = 64, KIND_STREAM = 2 };
static const uint32_t END = UINT32_C(0xfffffffe);

/* The container of the small streams, as a list of its sectors. */
struct mini {
	const uint8_t **sectors; /* owned */
	uint32_t n;
	uint32_t *next; /* owned: the table of small sectors */
	uint32_t count; /* small sectors that exist */
	uint8_t *owned; /* of a stream; owned by us, too */
};

static const uint8_t *sector_at(const struct ole *o, uint32_t n)
{
	return (n < o->sectors) ? o->p + (size_t)(n + 1) * o->sector : NULL;
}

static uint32_t follow(const struct ole *o, uint32_t s)
{
	return (s < o->n_fat) ? o->fat[s] : END;
}

void office_rest_piece(struct buf *out, const uint8_t *p, size_t len)
{
	static const uint8_t gap[OFFICE_REST_GAP];

	buf_put(out, p, len);
	buf_put(out, gap, sizeof(gap));
}

/* Large sectors that are in no chain; neighbours are one piece. */
static void free_sectors(const struct ole *o, struct buf *out)
{
	for (uint32_t i = 0; i < o->sectors; i++) {
		uint32_t from = i;

		while (i < o->sectors && o->used[i] == 0)
			i++;
		if (i > from)
			office_rest_piece(out, sector_at(o, from),
					  (size_t)(i - from) * o->sector);
	}
}

/* What follows the end of a stream in its own chain. */
static void large_tail(const struct ole *o, const struct ole_entry *e, struct buf *out)
{
	uint64_t left = e->size;

	for (uint32_t s = e->start; s != END; s = follow(o, s)) {
		const uint8_t *p = sector_at(o, s);

		if (p == NULL)
			return;
		if (left >= o->sector) {
			left -= o->sector;
			continue;
		}
		office_rest_piece(out, p + left, (size_t)(o->sector - left));
		left = 0;
	}
}

static int mini_open(const struct ole *o, struct mini *m)
{
	const struct ole_entry *root = &o->entries[0];
	uint32_t per = o->sector / 4, entries = 0;
	uint64_t want = root->size / MINI;

	memset(m, 0, sizeof(*m));
	if (root->size == 0 || o->mini_count == 0)
		return SL_OK;
	if (want > (uint64_t)o->sectors * (o->sector / MINI) || o->mini_count > o->sectors)
		return SL_E_FORMAT;
	m->sectors = calloc((size_t)(root->size / o->sector) + 1, sizeof(*m->sectors));
	m->next = calloc((size_t)o->mini_count * per, sizeof(*m->next));
	m->owned = calloc((size_t)want + 1, 1);
	if (m->sectors == NULL || m->next == NULL || m->owned == NULL)
		return SL_E_NOMEM;
	for (uint32_t s = root->start; s != END && m->n <= root->size / o->sector;
	     s = follow(o, s)) {
		m->sectors[m->n] = sector_at(o, s);
		if (m->sectors[m->n++] == NULL)
			return SL_E_FORMAT;
	}
	for (uint32_t s = o->mini_start; s != END && entries / per < o->mini_count;
	     s = follow(o, s)) {
		const uint8_t *p = sector_at(o, s);

		for (uint32_t i = 0; p != NULL && i < per; i++)
			m->next[entries++] = identify_le32(p + 4 * (size_t)i);
		if (p == NULL)
			return SL_E_FORMAT;
	}
	m->count = (want < entries) ? (uint32_t)want : entries;
	if ((uint64_t)m->n * o->sector < (uint64_t)m->count * MINI)
		return SL_E_FORMAT;
	return SL_OK;
}

static void mini_release(struct mini *m)
{
	free(m->sectors);
	free(m->next);
	free(m->owned);
}

static const uint8_t *mini_at(const struct ole *o, const struct mini *m, uint32_t i)
{
	size_t at = (size_t)i * MINI;

	return m->sectors[at / o->sector] + at % o->sector;
}

/* Own the chain of a small stream; its end goes to `out`. */
static int small_stream(const struct ole *o, struct mini *m, const struct ole_entry *e,
			struct buf *out)
{
	uint64_t left = e->size;

	for (uint32_t s = e->start; s != END; s = m->next[s]) {
		if (s >= m->count || m->owned[s])
			return SL_E_FORMAT;
		m->owned[s] = 1;
		if (left < MINI)
			office_rest_piece(out, mini_at(o, m, s) + left, (size_t)(MINI - left));
		left -= (left < MINI) ? left : MINI;
	}
	return (left == 0) ? SL_OK : SL_E_FORMAT;
}

static void free_small(const struct ole *o, const struct mini *m, struct buf *out)
{
	static const uint8_t gap[OFFICE_REST_GAP];

	for (uint32_t i = 0; i < m->count; i++) {
		if (m->owned[i])
			continue;
		buf_put(out, mini_at(o, m, i), MINI);
		if (i + 1 == m->count || m->owned[i + 1])
			buf_put(out, gap, sizeof(gap));
	}
}

int office_rest(const struct ole *o, struct buf *out)
{
	struct mini m;
	int r = mini_open(o, &m);

	free_sectors(o, out);
	for (uint32_t i = 0; r == SL_OK && i < o->n; i++) {
		const struct ole_entry *e = &o->entries[i];
		bool small = e->kind == KIND_STREAM && e->size < o->cutoff;

		if (e->size == 0 || (i > 0 && e->kind != KIND_STREAM))
			continue;
		if (!small)
			large_tail(o, e, out);
		else
			r = small_stream(o, &m, e, out);
	}
	if (r == SL_OK)
		free_small(o, &m, out);
	mini_release(&m);
	return (r == SL_OK) ? buf_error(out) : r;
}

int office_stream(const struct ole *o, const struct ole_entry *e, struct buf *ret)
{
	uint64_t left = e->size;
	uint8_t *room;

	if (e->size > o->len)
		return SL_E_FORMAT;
	buf_clear(ret);
	if (e->size < o->cutoff) {
		room = buf_extend(ret, (size_t)e->size);
		if (room == NULL)
			return buf_error(ret);
		return (ole_read(o, e, 0, room, (size_t)e->size) == e->size) ? SL_OK
									     : SL_E_FORMAT;
	}
	for (uint32_t s = e->start; left > 0; s = follow(o, s)) {
		const uint8_t *p = sector_at(o, s);
		size_t n = (left < o->sector) ? (size_t)left : o->sector;

		if (p == NULL)
			return SL_E_FORMAT;
		buf_put(ret, p, n);
		left -= n;
	}
	return buf_error(ret);
}
