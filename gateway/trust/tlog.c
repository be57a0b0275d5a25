/* tlog.c - names of tiles, texts of checkpoints, reading of tiles and bundles.
 *
 * Hostile: everything a reader gives, and checkpoint texts.  A tile's length is exactly
 * what its place in the tree demands; whether its hashes are true others decide. */
#include "trust/tlog.h"

#include <string.h>

#include "base/text.h"
#include "trust/tlog_private.h"

enum { CHECKPOINT_LINES = 3, ROOT_TEXT = 44 };

static bool origin_ok(const char *s, size_t len)
{
	size_t used;

	if (len == 0 || len >= NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (cp == TEXT_BAD || text_is_deceptive(cp))
			return false;
	}
	return true;
}

static int root_parse(const char *s, size_t len, uint8_t out[HASH_LEN])
{
	struct buf raw;
	int r;

	if (len != ROOT_TEXT)
		return SL_E_FORMAT;
	buf_init(&raw, ROOT_TEXT);
	r = base64_get(s, len, &raw);
	if (r == SL_OK && raw.len != HASH_LEN)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		memcpy(out, raw.data, HASH_LEN);
	buf_release(&raw);
	return r;
}

int tlog_checkpoint_parse(const void *text, size_t len, struct tlog_checkpoint *ret)
{
	const char *line[CHECKPOINT_LINES], *s = text, *end = s + len;
	size_t n[CHECKPOINT_LINES];
	struct tlog_checkpoint c = {.size = 0};
	uint8_t empty[HASH_LEN];
	int r;

	for (unsigned i = 0; i < CHECKPOINT_LINES; i++) {
		if (!text_next_line(&s, end, &line[i], &n[i]))
			return SL_E_FORMAT;
	}
	if (s != end || !origin_ok(line[0], n[0]) ||
	    !text_to_u64(line[1], n[1], INT64_MAX, &c.size))
		return SL_E_FORMAT;
	memcpy(c.origin, line[0], n[0]);
	r = root_parse(line[2], n[2], c.root);
	hash_bytes("", 0, empty);
	if (r == SL_OK && c.size == 0 && memcmp(c.root, empty, HASH_LEN) != 0)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		*ret = c;
	return r;
}

void tlog_checkpoint_write(const struct tlog_checkpoint *c, struct buf *out)
{
	buf_putf(out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
	base64_put(out, c->root, HASH_LEN);
	buf_puts(out, "\n");
}

static SL_PRINTF(3, 4) size_t put(char out[TLOG_PATH_MAX], size_t at, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out + at, TLOG_PATH_MAX - at, fmt, args);
	va_end(args);
	BUG(n < 0 || (size_t)n >= TLOG_PATH_MAX - at);
	return at + (size_t)n;
}

void tlog_path(int level, uint64_t number, unsigned width, char out[TLOG_PATH_MAX])
{
	uint64_t unit = 1;
	size_t n;

	BUG(width == 0 || width > TLOG_TILE || level < TLOG_ENTRIES || level > 63);
	n = level == TLOG_ENTRIES ? put(out, 0, "tile/entries/")
				  : put(out, 0, "tile/%d/", level);
	while (number / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		n = put(out, n, "x%03u/", (unsigned)(number / unit % 1000));
	n = put(out, n, "%03u", (unsigned)(number % 1000));
	if (width < TLOG_TILE)
		(void)put(out, n, ".p/%u", width);
}

unsigned tlog_width(int level, uint64_t number, uint64_t size)
{
	uint64_t hashes = size >> (level == TLOG_ENTRIES ? 0 : 8 * level);

	if (number > hashes / TLOG_TILE)
		return 0;
	return number < hashes / TLOG_TILE ? TLOG_TILE : (unsigned)(hashes % TLOG_TILE);
}

/* *ret_full: the answer is the full file though a partial one was meant. */
static int read_file(const struct tlog_reader *r, int level, uint64_t number, unsigned width,
		     size_t max, struct buf *out, bool *ret_full)
{
	char path[TLOG_PATH_MAX];
	int e;

	*ret_full = width == TLOG_TILE;
	buf_clear(out);
	tlog_path(level, number, width, path);
	e = r->read(r->arg, path, max, out);
	if (e != SL_E_NOTFOUND || width == TLOG_TILE)
		return e;
	/* Whoever keeps a log may drop a partial tile once the full one is there. */
	*ret_full = true;
	buf_clear(out);
	tlog_path(level, number, TLOG_TILE, path);
	return r->read(r->arg, path, max, out);
}

int tlog_read_tile(const struct tlog_reader *r, unsigned level, uint64_t number, unsigned width,
		   struct buf *out)
{
	bool full;
	int e = read_file(r, (int)level, number, width, TLOG_TILE * HASH_LEN, out, &full);

	if (e != SL_OK)
		return e;
	if (out->len != (full ? TLOG_TILE : width) * (size_t)HASH_LEN)
		return SL_E_FORMAT;
	buf_cut(out, width * (size_t)HASH_LEN);
	return SL_OK;
}

int tlog_bundle_next(struct cur *c, const uint8_t **ret_entry, size_t *ret_len)
{
	size_t len = cur_u16(c);
	const uint8_t *entry = cur_bytes(c, len);

	if (c->error != SL_OK || entry == NULL)
		return SL_E_FORMAT;
	if (len > TLOG_ENTRY_MAX)
		return SL_E_LIMIT;
	*ret_entry = entry;
	*ret_len = len;
	return SL_OK;
}

int tlog_read_bundle(const struct tlog_reader *r, uint64_t number, unsigned width,
		     struct buf *out)
{
	const uint8_t *entry;
	struct cur c;
	size_t len;
	bool full;
	int e = read_file(r, TLOG_ENTRIES, number, width, TLOG_BUNDLE_MAX, out, &full);

	cur_init(&c, out->data, out->len);
	for (unsigned i = 0; e == SL_OK && i < width; i++)
		e = tlog_bundle_next(&c, &entry, &len);
	if (e != SL_OK)
		return e;
	if (full && width < TLOG_TILE)
		buf_cut(out, out->len - cur_left(&c));
	else
		e = cur_end(&c);
	return e;
}

int tlog_entry(const struct tlog_reader *r, uint64_t index, uint64_t size, struct buf *out)
{
	uint64_t number = index / TLOG_TILE;
	const uint8_t *entry = NULL;
	size_t len = 0;
	struct buf b;
	struct cur c;
	int e;

	if (index >= size)
		return SL_E_NOTFOUND;
	buf_init(&b, TLOG_BUNDLE_MAX);
	e = tlog_read_bundle(r, number, tlog_width(TLOG_ENTRIES, number, size), &b);
	cur_init(&c, b.data, b.len);
	for (uint64_t i = 0; e == SL_OK && i <= index % TLOG_TILE; i++)
		e = tlog_bundle_next(&c, &entry, &len);
	if (e == SL_OK) {
		buf_put(out, entry, len);
		e = buf_error(out);
	}
	buf_release(&b);
	return e;
}

void tlog_perfect(const uint8_t (*hash)[HASH_LEN], unsigned n, uint8_t out[HASH_LEN])
{
	uint8_t row[TLOG_TILE / 2][HASH_LEN];

	if (n == 1) {
		memcpy(out, hash[0], HASH_LEN);
		return;
	}
	for (unsigned i = 0; i < n / 2; i++)
		merkle_node(hash[2 * (size_t)i], hash[2 * (size_t)i + 1], row[i]);
	for (n /= 2; n > 1; n /= 2) {
		for (unsigned i = 0; i < n / 2; i++)
			merkle_node(row[2 * (size_t)i], row[2 * (size_t)i + 1], row[i]);
	}
	memcpy(out, row[0], HASH_LEN);
}

int tlog_levels_add(struct tlog_levels *t, const uint8_t leaf[HASH_LEN],
		    int (*full)(void *arg, unsigned level, uint64_t number,
				const uint8_t (*hash)[HASH_LEN]),
		    void *arg)
{
	uint8_t node[HASH_LEN];
	uint64_t at = t->size++; /* index of the node within its level */
	int r = SL_OK;

	memcpy(node, leaf, HASH_LEN);
	for (unsigned level = 0; level < TLOG_LEVELS && r == SL_OK; level++) {
		memcpy(t->hash[level][t->n[level]++], node, HASH_LEN);
		if (t->n[level] < TLOG_TILE)
			break;
		t->n[level] = 0;
		at /= TLOG_TILE;
		r = full(arg, level, at, (const uint8_t(*)[HASH_LEN])t->hash[level]);
		tlog_perfect((const uint8_t(*)[HASH_LEN])t->hash[level], TLOG_TILE, node);
	}
	return r;
}
