/* routes_signed.h - the routes that the releaser proves by, read from signed rules only.
 *
 * Digest first, then two officers' signatures, and only then is anything made of the bytes;
 * never an older version than before.  The releaser looks for itself: the desk's word about
 * the routes is worth nothing here. */
#ifndef SL_RELEASE_ROUTES_SIGNED_H
#define SL_RELEASE_ROUTES_SIGNED_H

#include <time.h>

#include "base/config.h"
#include "crypto/hash.h"
#include "policy/routes.h"
#include "trust/roster.h"

struct routes_signed {
	struct routes *now; /* NULL: none that is signed */
	int64_t version;
	int64_t since; /* when the last officer signed them */
	/* What they were proved with. */
	struct timespec seen;
	uint8_t roster[HASH_LEN];
};
/* Look whether other rules came into force, or another roster judges them.  On failure `now`
 * stays what it was if it was proved by this roster; else it is NULL.  SL_E_SIGNATURE,
 * SL_E_REPLAY, SL_E_CONFIG with a sentence. */
int routes_signed_renew(struct routes_signed *s, const struct gateway_config *c,
			const struct roster *roster, int64_t now,
			struct sl_why *why) SL_MUST_USE;
void routes_signed_release(struct routes_signed *s);

#endif
