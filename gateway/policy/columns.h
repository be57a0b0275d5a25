/* columns.h - POLICIES/columns.yaml: the columns of the sites, whose they are and who co-signs.
 */
#ifndef SL_POLICY_COLUMNS_H
#define SL_POLICY_COLUMNS_H

#include <stdint.h>

#include "base/err.h"

struct column_cosign {
	char *role, *unit; /* a person in this role, of this unit */
};
struct column {
	char *id, *name, *kind;
	uint32_t days;		      /* at the latest an update is due; 0: on change */
	char *owner;		      /* unit that keeps it */
	struct column_cosign *cosign; /* who signs beside the route; NULL: a column-owner of
					 `owner` */
};
struct columns { /* immutable */
	struct column *columns;
	unsigned columns_count;
};

/* SL_E_CONFIG names file, line and what is wrong; SL_E_NOTFOUND. */
int columns_load(const char *policies_dir, struct columns **ret_c,
		 struct sl_why *why) SL_MUST_USE;
void columns_free(struct columns *c);
/* By id or by name, as authors write either; NULL: unknown.  c may be NULL. */
const struct column *columns_find(const struct columns *c, const char *name);
/* Role and unit of the co-signer. */
const char *column_role(const struct column *c);
const char *column_unit(const struct column *c);

#endif
