/* fuzz_link_serials.c - a list of serials that somebody copied from the outlet's side, and a
 * request in the outbox.  What is taken is the same set when it is written and read again. */
#include "link/resend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct serials *s)
{
	struct serials again = {.n = 0};
	json_t *j = serials_json(s);

	BUG(j == NULL || serials_from_json(&again, j) != SL_OK || again.n > s->n);
	for (size_t i = 0; i < s->n; i++) {
		BUG(s->range[i].from < 1 || s->range[i].to < s->range[i].from);
		BUG(!serials_has(&again, s->range[i].from) ||
		    !serials_has(&again, s->range[i].to));
	}
	json_decref(j);
	serials_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct serials s = {.n = 0}, of_request = {.n = 0};
	struct sl_why why = {.text = ""};
	bool all = false;

	if (serials_read(&s, data, size, &why) == SL_OK) {
		BUG(s.n == 0);
		check(&s);
	}
	serials_release(&s);
	if (resend_parse(data, size, &all, &of_request) == SL_OK)
		check(&of_request);
	serials_release(&of_request);
	return 0;
}
