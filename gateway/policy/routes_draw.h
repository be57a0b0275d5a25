/* routes_draw.h - a route as people see it: boxes for steps, top to bottom, 78 columns. */
#ifndef SL_POLICY_ROUTES_DRAW_H
#define SL_POLICY_ROUTES_DRAW_H

#include "base/buf.h"
#include "base/json.h"
#include "policy/routes.h"

enum { ROUTES_DRAW_COLUMNS = 78 };

/* Appends lines in the person's language; errors stick in `out`. */
void routes_draw(const struct routes *r, const struct route *way, struct buf *out);
/* Which type takes which route. */
void routes_draw_types(const struct routes *r, struct buf *out);
/* A role in the person's language, "liaison" for one without a name. */
const char *routes_role(const char *role);
/* The same as data; caller owns, NULL without memory. */
json_t *routes_json(const struct routes *r, const struct route *way);
json_t *routes_types_json(const struct routes *r);

#endif
