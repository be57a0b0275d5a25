/* Bytes of a request, as anyone who can reach the desk's socket may send them. */
#include <stddef.h>
#include <stdint.h>

#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_request rq;

	if (wire_request_parse(data, size, &rq) != SL_OK)
		return 0;
	/* What is accepted must be usable: an object, a bounded name, spans inside. */
	BUG(!json_is_object(rq.args) || rq.op[0] == '\0' ||
	    rq.signed_len + KEY_SIGNATURE + 4 + rq.data_len != size);
	wire_request_release(&rq);
	return 0;
}
