/* draft_record_load.c - the two objects that a draft's record is read from, out of the store.
 */
#include "inspect/draft_record.h"

#include "store/store.h"
#include "trust/statement.h"

enum { OFFERS_MAX = 8 };

static int read_manifest(struct store *s, const struct draft *d, json_t **ret_j)
{
	struct draft_offer offers[OFFERS_MAX];
	unsigned n = 0;
	struct buf text;
	int r = store_draft_offers(s, d, offers, OFFERS_MAX, &n);

	buf_init(&text, MANIFEST_MAX);
	if (r == SL_OK && n == 0)
		r = SL_E_NOTFOUND;
	/* They differ in the class only. */
	if (r == SL_OK)
		r = store_object_get(s, offers[0].manifest, MANIFEST_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, MANIFEST_MAX, ret_j);
	buf_release(&text);
	return r;
}

int draft_record_load(struct store *s, const struct draft *d, struct draft_record *ret_r,
		      struct sl_why *why)
{
	json_t *manifest = NULL, *internal = NULL;
	int r = read_manifest(s, d, &manifest);

	if (r == SL_OK)
		r = store_internal_read(s, d->number, d->revision, &internal);
	if (r != SL_OK)
		r = why_set(why, r, "%s: its metadata cannot be read", d->id);
	else
		draft_record_read(manifest, internal, ret_r);
	json_decref(manifest);
	json_decref(internal);
	return r;
}
