/* routes.h - which class a content type takes, and the channels a draft may name.
 *
 * From POLICIES/routes.yaml and POLICIES/channels.yaml, which the bureau edits. */
#ifndef SL_INTAKE_ROUTES_H
#define SL_INTAKE_ROUTES_H

#include <stdbool.h>

#include "base/err.h"

struct routes; /* immutable */

/* SL_E_CONFIG names file, line and what is wrong. */
int routes_load(const char *policies_dir, struct routes **ret_r,
		struct sl_why *why) SL_MUST_USE;
void routes_free(struct routes *r);
const char *routes_class(const struct routes *r, const char *content_type); /* NULL: unknown */
const char *routes_escalate(const struct routes *r); /* class that findings may raise to */
bool routes_channel_known(const struct routes *r, const char *id);
/* Code of the organisation in index numbers. */
const char *routes_organisation(const struct routes *r);

#endif
