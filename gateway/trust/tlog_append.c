/* tlog_append.c - the frontier of a log from its tiles, and the files that entries add.
 *
 * Hostile here: old tiles and bundles, which a disk may have changed.  Invariant: not a
 * hash of them is carried on that does not lead to the frontier the caller trusts. */
#include <string.h>

#include "trust/tlog_private.h"

int tlog_levels_read(const struct tlog_reader *r, uint64_t size, struct tlog_levels *t)
{
	struct buf b;
	int e = SL_OK;

	buf_init(&b, TLOG_TILE * HASH_LEN);
	t->size = size;
	for (unsigned level = 0; level < TLOG_LEVELS && e == SL_OK; level++) {
		uint64_t number = size >> (8 * level) >> 8;

		t->n[level] = (size >> (8 * level)) & 0xff;
		if (t->n[level] == 0)
			continue;
		e = tlog_read_tile(r, level, number, t->n[level], &b);
		if (e == SL_OK)
			memcpy(t->hash[level], b.data, b.len);
	}
	buf_release(&b);
	return e;
}

/* Each one bit of the size is a perfect subtree; eight bits of them lie in one tile. */
void tlog_levels_frontier(const struct tlog_levels *t, struct merkle_frontier *f)
{
	f->size = t->size;
	f->n = 0;
	for (unsigned level = TLOG_LEVELS; level-- > 0;) {
		unsigned at = 0;

		for (unsigned bit = TLOG_TILE / 2; bit > 0; bit /= 2) {
			if ((t->n[level] & bit) == 0)
				continue;
			tlog_perfect((const uint8_t(*)[HASH_LEN])(t->hash[level] + at), bit,
				     f->node[f->n++]);
			at += bit;
		}
	}
}

int tlog_frontier(const struct tlog_reader *r, uint64_t size, struct merkle_frontier *ret_f)
{
	struct tlog_levels *t = calloc(1, sizeof(*t));
	int e = t == NULL ? SL_E_NOMEM : tlog_levels_read(r, size, t);

	if (e == SL_OK)
		tlog_levels_frontier(t, ret_f);
	free(t);
	return e;
}

int tlog_levels_open(const struct tlog_reader *r, const struct merkle_frontier *before,
		     struct tlog_levels *t)
{
	struct merkle_frontier f;
	int e = tlog_levels_read(r, before->size, t);

	if (e != SL_OK)
		return e;
	tlog_levels_frontier(t, &f);
	return f.n == before->n && memcmp(f.node, before->node, f.n * sizeof(f.node[0])) == 0
		       ? SL_OK
		       : SL_E_CORRUPT;
}

struct append {
	struct tlog_levels levels;
	struct buf bundle; /* the rightmost one */
	int (*put)(void *arg, const char *path, const void *bytes, size_t len);
	void *arg;
};

static int put_full(void *arg, unsigned level, uint64_t number, const uint8_t (*hash)[HASH_LEN])
{
	struct append *a = arg;
	char path[TLOG_PATH_MAX];

	tlog_path((int)level, number, TLOG_TILE, path);
	return a->put(a->arg, path, hash, TLOG_TILE * (size_t)HASH_LEN);
}

static int put_bundle(struct append *a, uint64_t number, unsigned width)
{
	char path[TLOG_PATH_MAX];
	int r = buf_error(&a->bundle);

	tlog_path(TLOG_ENTRIES, number, width, path);
	if (r == SL_OK)
		r = a->put(a->arg, path, a->bundle.data, a->bundle.len);
	buf_clear(&a->bundle);
	return r;
}

/* The old bundle's entries must be those whose hashes the old tile has. */
static int check_bundle(const struct append *a)
{
	const uint8_t *entry;
	uint8_t leaf[HASH_LEN];
	size_t len;
	struct cur c;
	int r = SL_OK;

	cur_init(&c, a->bundle.data, a->bundle.len);
	for (unsigned i = 0; i < a->levels.n[0] && r == SL_OK; i++) {
		r = tlog_bundle_next(&c, &entry, &len);
		if (r != SL_OK)
			break;
		merkle_leaf(entry, len, leaf);
		if (memcmp(leaf, a->levels.hash[0][i], HASH_LEN) != 0)
			r = SL_E_CORRUPT;
	}
	return r;
}

static int read_old(const struct tlog_reader *old, const struct merkle_frontier *before,
		    struct append *a)
{
	int r = tlog_levels_open(old, before, &a->levels);

	if (r == SL_OK && a->levels.n[0] > 0)
		r = tlog_read_bundle(old, before->size / TLOG_TILE, a->levels.n[0], &a->bundle);
	if (r == SL_OK)
		r = check_bundle(a);
	return r == SL_E_NOTFOUND || r == SL_E_FORMAT || r == SL_E_LIMIT ? SL_E_CORRUPT : r;
}

static int add(struct append *a, const struct tlog_entry *e, struct merkle_frontier *f)
{
	uint8_t leaf[HASH_LEN];

	merkle_leaf(e->bytes, e->len, leaf);
	merkle_append(f, leaf);
	buf_put_u16(&a->bundle, (uint16_t)e->len);
	buf_put(&a->bundle, e->bytes, e->len);
	if (f->size % TLOG_TILE == 0) {
		int r = put_bundle(a, f->size / TLOG_TILE - 1, TLOG_TILE);

		if (r != SL_OK)
			return r;
	}
	return tlog_levels_add(&a->levels, leaf, put_full, a);
}

/* What is not full; of the upper levels only what has changed. */
static int put_partial(struct append *a, uint64_t old_size)
{
	uint64_t size = a->levels.size;
	char path[TLOG_PATH_MAX];
	int r = SL_OK;

	if (size % TLOG_TILE != 0 && size != old_size)
		r = put_bundle(a, size / TLOG_TILE, (unsigned)(size % TLOG_TILE));
	for (unsigned level = 0; level < TLOG_LEVELS && r == SL_OK; level++) {
		uint64_t hashes = size >> (8 * level);

		if (a->levels.n[level] == 0 || hashes == old_size >> (8 * level))
			continue;
		tlog_path((int)level, hashes / TLOG_TILE, a->levels.n[level], path);
		r = a->put(a->arg, path, a->levels.hash[level],
			   a->levels.n[level] * (size_t)HASH_LEN);
	}
	return r;
}

int tlog_append(const struct tlog_reader *old, const struct merkle_frontier *before,
		const struct tlog_entry *entries, unsigned n,
		int (*put)(void *arg, const char *path, const void *bytes, size_t len),
		void *arg, struct merkle_frontier *ret_after)
{
	struct merkle_frontier f = *before;
	struct append *a = calloc(1, sizeof(*a));
	int r = a == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		goto out;
	buf_init(&a->bundle, TLOG_BUNDLE_MAX);
	a->put = put;
	a->arg = arg;
	for (unsigned i = 0; i < n; i++) {
		if (entries[i].len > TLOG_ENTRY_MAX || before->size > (uint64_t)INT64_MAX - n)
			r = SL_E_LIMIT;
	}
	if (r == SL_OK)
		r = read_old(old, before, a);
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		r = add(a, &entries[i], &f);
	if (r == SL_OK)
		r = put_partial(a, before->size);
	if (r == SL_OK)
		*ret_after = f;
	buf_release(&a->bundle);
out:
	free(a);
	return r;
}
