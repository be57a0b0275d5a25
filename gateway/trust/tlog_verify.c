/* tlog_verify.c - prove a whole log: entries, every tile, the root that was signed.
 *
 * Hostile: every file.  The tree is built again from the entries alone; each tile must
 * be what that gives, so a tile nobody needs for the root may not lie either. */
#include <string.h>

#include "trust/tlog_private.h"

struct verify {
	const struct tlog_reader *reader;
	uint64_t size;
	struct tlog_levels levels;
	struct merkle_frontier frontier;
	struct buf tile, bundle;
	struct sl_why *why;
};

/* The file is not there or has a wrong length: the fault lies in it, not in us. */
static int unreadable(struct verify *v, int r, int level, uint64_t number, unsigned width)
{
	char path[TLOG_PATH_MAX];

	tlog_path(level, number, width, path);
	if (r == SL_E_NOTFOUND)
		return why_set(v->why, SL_E_CORRUPT, "%s is missing", path);
	if (r == SL_E_FORMAT || r == SL_E_LIMIT)
		return why_set(v->why, SL_E_CORRUPT, "%s has not the form or length it must",
			       path);
	return why_set(v->why, r, "%s cannot be read", path);
}

static int check_tile(struct verify *v, unsigned level, uint64_t number, unsigned width,
		      const uint8_t (*hash)[HASH_LEN])
{
	char path[TLOG_PATH_MAX];
	int r = tlog_read_tile(v->reader, level, number, width, &v->tile);

	if (r != SL_OK)
		return unreadable(v, r, (int)level, number, width);
	for (unsigned i = 0; i < width; i++) {
		if (memcmp(v->tile.data + i * (size_t)HASH_LEN, hash[i], HASH_LEN) == 0)
			continue;
		tlog_path((int)level, number, width, path);
		if (level == 0)
			return why_set(v->why, SL_E_SIGNATURE,
				       "entry %llu does not have the hash that %s gives it",
				       (unsigned long long)(number * TLOG_TILE + i), path);
		return why_set(v->why, SL_E_SIGNATURE,
			       "hash %u of %s does not follow from the tile below it", i, path);
	}
	return SL_OK;
}

static int check_full(void *arg, unsigned level, uint64_t number,
		      const uint8_t (*hash)[HASH_LEN])
{
	return check_tile(arg, level, number, TLOG_TILE, hash);
}

/* The first `known` entries are part of what was there before. */
static int check_bundle(struct verify *v, uint64_t number, unsigned width, unsigned known,
			int (*each)(uint64_t index, const void *entry, size_t len, void *arg,
				    struct sl_why *why),
			void *arg)
{
	uint8_t leaf[HASH_LEN];
	const uint8_t *entry;
	struct cur c;
	size_t len;
	int r = tlog_read_bundle(v->reader, number, width, &v->bundle);

	if (r != SL_OK)
		return unreadable(v, r, TLOG_ENTRIES, number, width);
	cur_init(&c, v->bundle.data, v->bundle.len);
	for (unsigned i = 0; i < width && r == SL_OK; i++) {
		r = tlog_bundle_next(&c, &entry, &len);
		if (r != SL_OK)
			break;
		merkle_leaf(entry, len, leaf);
		if (i < known && memcmp(leaf, v->levels.hash[0][i], HASH_LEN) != 0)
			return why_set(v->why, SL_E_SIGNATURE, "entry %llu is not what it was",
				       (unsigned long long)(number * TLOG_TILE + i));
		if (i < known)
			continue;
		merkle_append(&v->frontier, leaf);
		r = tlog_levels_add(&v->levels, leaf, check_full, v);
		if (r == SL_OK && each != NULL)
			r = each(number * TLOG_TILE + i, entry, len, arg, v->why);
	}
	return r;
}

static int check_partial(struct verify *v)
{
	int r = SL_OK;

	for (unsigned level = 0; level < TLOG_LEVELS && r == SL_OK; level++) {
		if (v->levels.n[level] > 0)
			r = check_tile(v, level, v->size >> (8 * level) >> 8,
				       v->levels.n[level],
				       (const uint8_t(*)[HASH_LEN])v->levels.hash[level]);
	}
	return r;
}

static int walk(struct verify *v, const struct tlog_checkpoint *c,
		int (*each)(uint64_t index, const void *entry, size_t len, void *arg,
			    struct sl_why *why),
		void *arg)
{
	unsigned known = v->levels.n[0];
	uint8_t root[HASH_LEN];
	int r = SL_OK;

	for (uint64_t n = v->levels.size / TLOG_TILE; r == SL_OK; n++, known = 0) {
		unsigned width = tlog_width(TLOG_ENTRIES, n, c->size);

		if (width == 0)
			break;
		r = check_bundle(v, n, width, known, each, arg);
	}
	if (r == SL_OK)
		r = check_partial(v);
	if (r != SL_OK)
		return r;
	merkle_root(&v->frontier, root);
	if (memcmp(root, c->root, HASH_LEN) != 0)
		r = why_set(v->why, SL_E_SIGNATURE,
			    "the checkpoint's root is not that of its %llu entries",
			    (unsigned long long)c->size);
	return r;
}

static int verify(const struct tlog_reader *reader, const struct merkle_frontier *before,
		  const struct tlog_checkpoint *c,
		  int (*each)(uint64_t index, const void *entry, size_t len, void *arg,
			      struct sl_why *why),
		  void *arg, struct sl_why *why)
{
	struct verify *v = calloc(1, sizeof(*v));
	int r;

	if (v == NULL)
		return SL_E_NOMEM;
	v->reader = reader;
	v->size = c->size;
	v->why = why;
	v->frontier = *before;
	buf_init(&v->tile, TLOG_TILE * HASH_LEN);
	buf_init(&v->bundle, TLOG_BUNDLE_MAX);
	r = tlog_levels_open(reader, before, &v->levels);
	if (r != SL_OK)
		r = why_set(why, r,
			    "the tiles of the first %llu entries are not what they were",
			    (unsigned long long)before->size);
	else
		r = walk(v, c, each, arg);
	buf_release(&v->tile);
	buf_release(&v->bundle);
	free(v);
	return r;
}

int tlog_verify_all(const struct tlog_reader *reader, const struct tlog_checkpoint *c,
		    int (*each)(uint64_t index, const void *entry, size_t len, void *arg,
				struct sl_why *why),
		    void *arg, struct sl_why *why)
{
	static const struct merkle_frontier nothing = {.size = 0};

	return verify(reader, &nothing, c, each, arg, why);
}

int tlog_verify_growth(const struct tlog_reader *reader, const struct merkle_frontier *before,
		       const struct tlog_checkpoint *c, struct sl_why *why)
{
	if (c->size < before->size)
		return why_set(why, SL_E_REPLAY, "the log has become smaller");
	return verify(reader, before, c, NULL, NULL, why);
}
