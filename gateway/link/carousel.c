/* carousel.c - repetition is all a one-way sender has against loss. */
#include "link/carousel.h"

#include <string.h>

static const int64_t pause_ms[CAROUSEL_STEPS + 1] = {5000, 60000, 600000, 3600000, 0};

void carousel_add(struct carousel *c, const struct spool_entry *unit, int64_t now)
{
	if (c->n == CAROUSEL_MAX) {
		memmove(&c->e[0], &c->e[1], (CAROUSEL_MAX - 1) * sizeof(c->e[0]));
		c->n--;
	}
	c->e[c->n].unit = *unit;
	c->e[c->n].due = now + pause_ms[0];
	c->e[c->n].step = 0;
	c->n++;
}

void carousel_again(struct carousel *c, int64_t now)
{
	for (unsigned i = 0; i < c->n; i++) {
		c->e[i].due = now;
		c->e[i].step = 0;
	}
}

static bool before(const struct spool_entry *a, const struct spool_entry *b)
{
	if ((a->priority == SPOOL_RECALL) != (b->priority == SPOOL_RECALL))
		return a->priority == SPOOL_RECALL;
	return a->serial > b->serial;
}

bool carousel_due(struct carousel *c, int64_t now, struct spool_entry *ret_unit)
{
	unsigned best = CAROUSEL_MAX;

	for (unsigned i = 0; i < c->n; i++) {
		if (c->e[i].step == CAROUSEL_STEPS || c->e[i].due > now)
			continue;
		if (best == CAROUSEL_MAX || before(&c->e[i].unit, &c->e[best].unit))
			best = i;
	}
	if (best == CAROUSEL_MAX)
		return false;
	*ret_unit = c->e[best].unit;
	c->e[best].step++;
	c->e[best].due = now + pause_ms[c->e[best].step];
	return true;
}
