/* route_follow.h - which route a correction takes.
 *
 * Whoever corrects chooses the content type, and must not choose a shorter review by it: a
 * correction takes the route of what it corrects, or its own type's when that asks for
 * everybody whom the original's asks for and more.  The desk chooses by it, and the releaser
 * proves it again. */
#ifndef SL_POLICY_ROUTE_FOLLOW_H
#define SL_POLICY_ROUTE_FOLLOW_H

#include "policy/routes.h"

/* Does `way` ask for at least as many in every role that `other` asks for?  Never when only one
 * of them is private: what was public is not corrected by a letter. */
bool route_covers(const struct route *way, const struct route *other);
/* The route that something released in this class and type stands for: of something immediate,
 * the one that its type has otherwise; so too when no route has that class any more.  NULL:
 * none is in force. */
const struct route *route_of_released(const struct routes *r, const char *klass,
				      const char *type);
/* The route of a correction of this type (one of r's).  `original`: of what it corrects; NULL:
 * this corrects nothing.  NULL: neither route asks for everybody of the other, so that no
 * existing route would do. */
const struct route *route_for(const struct routes *r, const struct route_type *type,
			      const struct route *original);

#endif
