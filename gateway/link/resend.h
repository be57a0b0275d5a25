/* resend.h - "send these again": from `sluiced link resend` to the running sender.
 *
 * A request is one durable file in DATA/outbox/resend/, which the sender watches:
 * {"all":bool,"serials":[[from,to],…]}.  It stays until what it asks for stands in the marks
 * of the units (kept.h), so a request that was accepted is never lost. */
#ifndef SL_LINK_RESEND_H
#define SL_LINK_RESEND_H

#include "link/serials.h"

#define RESEND_DIRECTORY "outbox/resend" /* below DATA */

/* Leave a request in `dir`; all: everything that is kept, and s is not looked at. */
int resend_ask(int dir, bool all, const struct serials *s) SL_MUST_USE;
/* Each request that is there; `apply` marks the units, and the request is removed when it
 * returns SL_OK.  One that cannot be read is removed too: *ret_bad counts them. */
int resend_take(int dir, int (*apply)(void *arg, bool all, const struct serials *s), void *arg,
		unsigned *ret_bad) SL_MUST_USE;
/* The bytes of one request (hostile as far as its form goes): SL_E_FORMAT, SL_E_LIMIT. */
int resend_parse(const void *bytes, size_t len, bool *ret_all,
		 struct serials *ret_s) SL_MUST_USE;

#endif
