/* envelope.h - the signed envelope that a call hands over, and those that are stored. */
#ifndef SL_REVIEW_ENVELOPE_H
#define SL_REVIEW_ENVELOPE_H

#include "store/store.h"
#include "trust/statement.h"
#include "wire/message.h"

struct envelope {
	const char *line; /* as it came, borrowed from the request */
	size_t len;
	struct statement *s; /* owned: statement_free */
};
/* "envelope" of the request, parsed and not judged.  SL_E_FORMAT. */
int envelope_take(const struct wire_request *rq, struct envelope *ret_e,
		  struct sl_why *why) SL_MUST_USE;
/* Was it signed now, give or take what two clocks may differ? */
bool envelope_is_now(int64_t time);
/* One that was recorded, by the digest of its object; why may be NULL. */
int envelope_stored(struct store *s, const char *sha256, struct statement **ret_s,
		    struct sl_why *why) SL_MUST_USE;

#endif
