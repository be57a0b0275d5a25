/* deadlines.c - from what an author says of a draft to the moments from which clocks run.
 *
 * Hostile: the dates, which the desk has checked for their form only: one that lies ahead
 * counts from now, so that nobody gains time by it. */
#include "intake/deadlines.h"

#include <string.h>

#include "base/clock.h"
#include "store/clockwork.h"
#include "trust/statement.h"

enum { OFFERS_MAX = 2, CLASSES_MAX = 8 };

static int read_manifest(const struct intake *in, const char *sha256, json_t **ret_j)
{
	struct buf text;
	int r;

	buf_init(&text, MANIFEST_MAX);
	r = store_object_get(in->store, sha256, MANIFEST_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, MANIFEST_MAX, ret_j);
	buf_release(&text);
	return r;
}

/* The start of that day, when it lies before `otherwise`. */
static int64_t start_of(const struct clocks *k, const json_t *fields, const char *name,
			int64_t otherwise)
{
	const char *text = json_str(fields, name);
	int64_t day, t;

	if (text == NULL || !workdays_parse(text, &day))
		return otherwise;
	t = clocks_day_end(k, day - 1);
	return t > 0 && t < otherwise ? t : otherwise;
}

int deadlines_set(const struct intake *in, const struct draft *d)
{
	struct draft_offer offers[OFFERS_MAX];
	char classes[CLASSES_MAX] = "";
	struct clockwork_case x = {.classes = classes, .content_type = d->content_type};
	json_t *manifest = NULL, *internal = NULL;
	unsigned n = 0;
	int r;

	if (in->clocks == NULL)
		return SL_OK;
	r = store_draft_offers(in->store, d, offers, OFFERS_MAX, &n);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		classes[i] = offers[i].klass[0];
	if (r == SL_OK && n > 0)
		r = read_manifest(in, offers[0].manifest, &manifest);
	if (r == SL_OK)
		r = store_internal_read(in->store, d->number, d->revision, &internal);
	if (r != SL_OK)
		goto out;
	x.formed = start_of(in->clocks, manifest, "created_on", d->created);
	x.received = start_of(in->clocks, internal, "received_on", d->created);
	x.category = json_str(internal, "category");
	if (x.category == NULL)
		x.category = "";
	r = clockwork_wind(in->store, in->clocks, d->number, &x);
out:
	json_decref(manifest);
	json_decref(internal);
	return r;
}

int deadlines_count(const struct intake *in)
{
	unsigned n;

	return in->clocks == NULL ? SL_OK : clockwork_count(in->store, in->clocks, &n);
}
