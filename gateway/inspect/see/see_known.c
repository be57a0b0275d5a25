/* see_known.c - a table of digests of a fixed size. */
#include "inspect/see/see_known.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = SEE_KNOWN_MOST * 2 };

struct entry {
	uint8_t digest[HASH_LEN];
	uint32_t page; /* where it was tried last; 0: the slot is free */
	uint8_t tries;
	uint8_t lines; /* that showed it */
	uint8_t n_ways;
	bool known, torn;
	struct see_as as[SEE_WAYS];
};

struct see_known {
	uint32_t n;
	struct entry entries[SLOTS];
};

int see_known_new(struct see_known **ret_k)
{
	struct see_known *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return SL_E_NOMEM;
	*ret_k = k;
	return SL_OK;
}

void see_known_free(struct see_known *k)
{
	free(k);
}

/* The digest's slot, or the free one where it belongs.  Half of the slots stay free. */
static size_t slot_of(const struct see_known *k, const uint8_t digest[HASH_LEN])
{
	uint32_t start;
	size_t i;

	memcpy(&start, digest, sizeof(start));
	for (i = start % SLOTS; k->entries[i].page != 0; i = (i + 1) % SLOTS)
		if (memcmp(k->entries[i].digest, digest, HASH_LEN) == 0)
			break;
	return i;
}

bool see_known_has(const struct see_known *k, const uint8_t digest[HASH_LEN])
{
	return k->entries[slot_of(k, digest)].known;
}

bool see_known_try(struct see_known *k, const uint8_t digest[HASH_LEN], uint32_t page)
{
	struct entry *e = &k->entries[slot_of(k, digest)];

	if (e->known || e->page == page || e->tries == SEE_TRIES)
		return false;
	if (e->page == 0) {
		if (k->n == SEE_KNOWN_MOST)
			return false;
		memcpy(e->digest, digest, HASH_LEN);
		k->n++;
	}
	e->page = page;
	e->tries++;
	return true;
}

void see_known_add(struct see_known *k, const uint8_t digest[HASH_LEN])
{
	struct entry *e = &k->entries[slot_of(k, digest)];

	if (e->page != 0) /* only what has been tried */
		e->known = true;
}

static bool is_same(const struct see_as *a, const struct see_as *b)
{
	return a->n == b->n && memcmp(a->cp, b->cp, a->n * sizeof(a->cp[0])) == 0;
}

void see_known_line(struct see_known *k, const uint8_t digest[HASH_LEN],
		    const struct see_as *as)
{
	struct entry *e = &k->entries[slot_of(k, digest)];
	unsigned way = 0;

	if (e->page == 0 || e->known || e->torn)
		return;
	while (way < e->n_ways && !is_same(&e->as[way], as))
		way++;
	if (way == SEE_WAYS) {
		e->torn = true;
		return;
	}
	if (way == e->n_ways)
		e->as[e->n_ways++] = *as;
	if (e->lines < SEE_SAME * SEE_WAYS)
		e->lines++;
	e->known = e->n_ways == 1 && e->lines >= SEE_SAME && e->as[0].n == 0;
}

unsigned see_known_ways(const struct see_known *k, const uint8_t digest[HASH_LEN],
			struct see_as ret_as[SEE_WAYS])
{
	const struct entry *e = &k->entries[slot_of(k, digest)];

	memcpy(ret_as, e->as, sizeof(e->as));
	return e->torn || e->known || e->lines < SEE_SAME * e->n_ways ? 0 : e->n_ways;
}
