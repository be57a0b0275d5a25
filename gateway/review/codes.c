/* codes.c - codes.list: the reasons there are, for everybody who meets one. */
#include "policy/house.h"
#include "review/review.h"

int review_codes(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;

	(void)peer;
	(void)rq;
	(void)why;
	ret->result = json_pack("{s:o}", "codes",
				codes_json(v->house != NULL ? v->house->codes : NULL));
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}
