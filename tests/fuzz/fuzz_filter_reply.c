/* fuzz_filter_reply.c - the answer of a filter that may have been taken over. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "inspect/filter_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter_reply r;
	struct filter_request rq;

	if (filter_reply_parse(data, size, 0, &r) == SL_OK) {
		if (!r.ended || r.ending != ENDING_CLEAN || r.name[0] == '\0')
			abort();
		for (uint32_t i = 0; i < r.n_findings; i++) {
			if (r.findings[i].object >= r.n_objects)
				abort();
		}
	}
	filter_reply_release(&r);
	(void)!filter_request_get(data, size, &rq);
	return 0;
}
