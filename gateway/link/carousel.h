/* carousel.h - which units that were already sent are due to be sent again. */
#ifndef SL_LINK_CAROUSEL_H
#define SL_LINK_CAROUSEL_H

#include <stdbool.h>

#include "link/spool.h"

enum { CAROUSEL_MAX = 64, CAROUSEL_STEPS = 4 };

struct carousel { /* zero is an empty one; the oldest entry leaves when it is full */
	struct {
		struct spool_entry unit;
		int64_t due;   /* monotonic ms */
		unsigned step; /* repetitions done; CAROUSEL_STEPS: no more */
	} e[CAROUSEL_MAX];
	unsigned n;
};
/* A unit was handed over at `now`: repeat it after 5 s, 1 min, 10 min and 1 h. */
void carousel_add(struct carousel *c, const struct spool_entry *unit, int64_t now);
/* Everything is due at once and starts its schedule anew. */
void carousel_again(struct carousel *c, int64_t now);
/* Take the next due unit (recalls, then newest first) and put it on its next step. */
bool carousel_due(struct carousel *c, int64_t now, struct spool_entry *ret_unit);

#endif
