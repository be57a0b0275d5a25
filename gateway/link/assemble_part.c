/* assemble_part.c - symbols at their place, blocks made whole, the whole proved.
 *
 * Hostile: whatever a datagram says about itself; geometry.h has checked that block and
 * symbol lie within the object, and sizes here come from the geometry alone. */
#include "link/assemble_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"

struct assemble_block {
	uint8_t seen[(GEOMETRY_BLOCK + 7) / 8]; /* bit per symbol */
	uint8_t have;				/* symbols, until it is whole */
	uint8_t repairs;			/* kept, of those */
	bool whole;
};

static unsigned keep_of(const struct geometry *g)
{
	unsigned k = geometry_k(g, 0); /* the first block is a largest one */

	return g->m < k ? g->m : k;
}

static uint64_t object_bytes(const struct geometry *g)
{
	return (uint64_t)g->symbols * g->s;
}

uint64_t assemble_part_bytes(const struct geometry *g)
{
	return object_bytes(g) + (uint64_t)g->blocks * keep_of(g) * (g->s + UINT64_C(1));
}

static uint8_t *data_symbol(const struct assemble_part *p, uint32_t block, unsigned i)
{
	return p->map + ((uint64_t)geometry_first(&p->g, block) + i) * p->g.s;
}

static uint8_t *repair_symbol(const struct assemble_part *p, uint32_t block, unsigned slot)
{
	return p->map + object_bytes(&p->g) + ((uint64_t)block * p->keep + slot) * p->g.s;
}

/* Which symbol of the block stands in that slot. */
static uint8_t *repair_index(const struct assemble_part *p, uint32_t block, unsigned slot)
{
	return p->map + object_bytes(&p->g) + (uint64_t)p->g.blocks * p->keep * p->g.s +
	       (uint64_t)block * p->keep + slot;
}

int assemble_part_open(struct assemble_part *p, int dir, const char *name,
		       const struct datagram *d, const struct geometry *g)
{
	void *map = MAP_FAILED;
	int e, r;

	*p = (struct assemble_part){
		.fd = -1,
		.unit = {.serial = d->serial, .priority = d->priority},
		.g = *g,
		.keep = keep_of(g),
		.mapped = assemble_part_bytes(g),
	};
	(void)snprintf(p->name, sizeof(p->name), "%s", name);
	p->block = calloc(g->blocks, sizeof(*p->block));
	if (p->block == NULL)
		return SL_E_NOMEM;
	(void)unlinkat(dir, name, 0);
	p->fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (p->fd < 0) {
		r = sl_err_errno(errno);
		assemble_part_close(p);
		return r;
	}
	do
		e = posix_fallocate(p->fd, 0, (off_t)p->mapped);
	while (e == EINTR);
	r = e == 0 ? SL_OK : sl_err_errno(e);
	/* Larger than the file system or our own limit allows a file to be. */
	if (e == EFBIG)
		r = SL_E_FULL;
	if (r == SL_OK) {
		map = mmap(NULL, p->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
		if (map == MAP_FAILED)
			r = sl_err_errno(errno);
		else
			p->map = map;
	}
	if (r != SL_OK)
		assemble_part_drop(p, dir);
	return r;
}

bool assemble_part_shape(const struct assemble_part *p, const struct datagram *d)
{
	return p->g.total == d->total && p->g.s == d->len && p->g.m == d->m;
}

/* k symbols of the block are there, whichever they are. */
static int restore(struct assemble_part *p, uint32_t block, unsigned k, struct repair *repair)
{
	const struct assemble_block *b = &p->block[block];
	uint8_t *symbol[GEOMETRY_BLOCK] = {NULL};
	bool have[GEOMETRY_BLOCK] = {false};

	for (unsigned i = 0; i < k; i++) {
		symbol[i] = data_symbol(p, block, i);
		have[i] = (b->seen[i / 8] & (1u << (i % 8))) != 0;
	}
	for (unsigned slot = 0; slot < b->repairs; slot++) {
		unsigned i = *repair_index(p, block, slot);

		symbol[i] = repair_symbol(p, block, slot);
		have[i] = true;
	}
	return repair_decode(repair, k, p->g.m, p->g.s, symbol, have);
}

int assemble_part_take(struct assemble_part *p, const struct datagram *d, struct repair *repair)
{
	struct assemble_block *b = &p->block[d->block];
	unsigned k = geometry_k(&p->g, d->block), i = d->symbol;
	uint8_t bit = (uint8_t)(1u << (i % 8));
	int r = SL_OK;

	if (b->whole || (b->seen[i / 8] & bit) != 0)
		return 0;
	b->seen[i / 8] |= bit;
	b->have++;
	if (i < k) {
		memcpy(data_symbol(p, d->block, i), d->body, p->g.s);
	} else {
		/* Fewer than k are kept, so there is a slot: k of them make it whole. */
		memcpy(repair_symbol(p, d->block, b->repairs), d->body, p->g.s);
		*repair_index(p, d->block, b->repairs) = (uint8_t)i;
		b->repairs++;
	}
	if (b->have < k)
		return 0;
	if (b->repairs > 0)
		r = restore(p, d->block, k, repair);
	if (r != SL_OK)
		return r;
	b->whole = true;
	p->done++;
	return p->done == p->g.blocks ? 1 : 0;
}

int assemble_part_finish(struct assemble_part *p, const struct quarantine *q)
{
	size_t len = p->g.total - DIGEST_LEN;
	uint8_t digest[DIGEST_LEN];

	digest_bytes(p->map, len, digest);
	if (hash_equal(digest, p->map + len, DIGEST_LEN) != 1)
		return SL_E_SIGNATURE;
	(void)munmap(p->map, p->mapped);
	p->map = NULL;
	if (ftruncate(p->fd, (off_t)len) != 0)
		return sl_err_errno(errno);
	return quarantine_store(q, p->name, p->fd, &p->unit);
}

void assemble_part_close(struct assemble_part *p)
{
	if (p->map != NULL)
		(void)munmap(p->map, p->mapped);
	free(p->block);
	file_close(p->fd);
	*p = (struct assemble_part){.fd = -1};
}

void assemble_part_drop(struct assemble_part *p, int dir)
{
	if (p->fd >= 0)
		(void)unlinkat(dir, p->name, 0);
	assemble_part_close(p);
}
