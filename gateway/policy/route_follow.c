/* route_follow.c - two routes compared by whom they ask for. */
#include "policy/route_follow.h"

#include <string.h>

static unsigned asks_for(const struct route *way, const char *role)
{
	for (unsigned i = 0; i < way->steps_count; i++) {
		if (strcmp(way->steps[i].role, role) == 0)
			return way->steps[i].count;
	}
	return 0;
}

bool route_covers(const struct route *way, const struct route *other)
{
	if (way->is_private != other->is_private)
		return false;
	for (unsigned i = 0; i < other->steps_count; i++) {
		if (asks_for(way, other->steps[i].role) < other->steps[i].count)
			return false;
	}
	return true;
}

const struct route *route_of_released(const struct routes *r, const char *klass,
				      const char *type)
{
	const struct route *way = routes_find(r, klass);
	const struct route_type *t = routes_type(r, type);

	if (way != NULL && way->review_after == NULL && way->steps_count > 0)
		return way;
	return t != NULL ? routes_find(r, t->route) : NULL;
}

const struct route *route_for(const struct routes *r, const struct route_type *type,
			      const struct route *original)
{
	const struct route *own = routes_find(r, type->route);

	if (original == NULL || own == NULL)
		return own;
	if (type->follows != NULL || route_covers(original, own))
		return original;
	return route_covers(own, original) ? own : NULL;
}
