/* case_waive.c - findings that two persons said need not count.
 *
 * The finding stays in the report, marked with who, why and until when; only the verdict goes
 * without it.  A spill counts whatever anyone signed. */
#include "inspect/case.h"

#include <string.h>

#include "base/clock.h"

static int compare(const struct inspect_waiver *w, const struct finding *f)
{
	int c = strcmp(w->rule, f->rule);

	return c != 0 ? c : memcmp(w->text_hmac, f->text_hmac, sizeof(w->text_hmac));
}

const struct inspect_waiver *case_waiver(const struct inspect_case *c, const struct finding *f)
{
	static const uint8_t none[32];
	const struct inspect_waivers *w = c->in->waivers;
	unsigned low = 0, high = w != NULL ? w->n : 0;

	/* What no rule of the packs matched has no text to be bound to. */
	if (f->severity == SEV_S0 || memcmp(f->text_hmac, none, sizeof(none)) == 0)
		return NULL;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = compare(&w->list[middle], f);

		if (order == 0)
			return &w->list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

json_t *case_waiver_json(const struct inspect_waiver *w)
{
	char until[CLOCK_TEXT + 1];

	clock_format(w->until, until);
	return json_pack("{s:[s,s],s:s,s:s}", "by", w->owner, w->second, "reason", w->reason,
			 "until", until);
}
