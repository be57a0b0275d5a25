/* pattern.h - the units of a run: what unit N of a seed holds, for whoever makes and whoever
 * checks them. */
#ifndef SL_TEST_PATTERN_H
#define SL_TEST_PATTERN_H

#include <stdint.h>
#include <string.h>

#include "chance.h"
#include "link/spool.h"

struct pattern {
	uint64_t seed, least, most; /* bytes of a unit */
};

static inline struct chance pattern_chance(const struct pattern *p, int64_t serial)
{
	struct chance c = {.state = p->seed ^ ((uint64_t)serial << 20)};

	c.state = chance_next(&c);
	return c;
}

/* Sizes: as many between 1 and 2 KiB as between 1 and 2 MiB; each 12th is at an edge.  least
 * and most are powers of two. */
static inline uint64_t pattern_size(const struct pattern *p, int64_t serial)
{
	static const uint64_t edges[] = {1,    1023, 1024,  1025,   1402,   1434,
					 4096, 8192, 65535, 326536, 365670, 1 << 20};
	struct chance c = pattern_chance(p, serial);
	unsigned octaves = (unsigned)(__builtin_clzll(p->least) - __builtin_clzll(p->most));
	uint64_t n = edges[serial / 12 % 12];

	if (serial % 12 == 0)
		return n < p->least ? p->least : n > p->most ? p->most : n;
	n = octaves == 0 ? p->least : p->least << chance_below(&c, octaves);
	return octaves == 0 ? n : n + chance_below(&c, n);
}

/* Every 50th is a recall, which overtakes. */
static inline struct spool_entry pattern_entry(int64_t serial)
{
	return (struct spool_entry){.serial = serial,
				    .priority = serial % 50 == 0 ? SPOOL_RECALL : SPOOL_NORMAL};
}

/* `out` gets pattern_size() bytes. */
static inline void pattern_bytes(const struct pattern *p, int64_t serial, uint8_t *out)
{
	struct chance c = pattern_chance(p, serial);

	(void)chance_next(&c);
	chance_fill(&c, out, (size_t)pattern_size(p, serial));
}

#endif
