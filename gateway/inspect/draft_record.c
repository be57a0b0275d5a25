/* draft_record.c - names of the fields that are filled in, and the few values that rules read.
 *
 * Hostile: both objects come from an author's program; the desk has checked their form. */
#include "inspect/draft_record.h"

#include <stdio.h>
#include <string.h>

#include "policy/workdays.h"
#include "trust/statement.h"

enum { OFFERS_MAX = 8 };

static bool is_filled(const json_t *v)
{
	return json_is_string(v) ? json_string_length(v) > 0
				 : json_is_array(v) && json_array_size(v) > 0;
}

static void note(struct draft_record *r, const json_t *fields)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)fields, name, v)
	{
		size_t used = strlen(r->given);

		if (is_filled(v) && used + strlen(name) + 2 <= sizeof(r->given))
			(void)snprintf(r->given + used, sizeof(r->given) - used, "%s%s",
				       used > 0 ? "," : "", name);
	}
}

static void take_text(const json_t *fields, const char *name, char *out, size_t cap)
{
	const char *v = json_str(fields, name);

	(void)snprintf(out, cap, "%s", v != NULL && strlen(v) < cap ? v : "");
}

static int64_t take_day(const json_t *fields, const char *name)
{
	const char *v = json_str(fields, name);
	int64_t day = 0;

	return v != NULL && workdays_parse(v, &day) ? day : 0;
}

static int read_json(const void *bytes, size_t len, json_t **ret_j)
{
	return json_parse(bytes, len, MANIFEST_MAX, ret_j);
}

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
		r = read_json(text.data, text.len, ret_j);
	buf_release(&text);
	return r;
}

static int read_internal(struct store *s, const struct draft *d, json_t **ret_j)
{
	struct buf text;
	int r;

	buf_init(&text, STORE_INTERNAL_MAX);
	r = store_internal_get(s, d->number, d->revision, &text);
	if (r == SL_OK)
		r = read_json(text.data, text.len, ret_j);
	buf_wipe(&text);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

int draft_record_load(struct store *s, const struct draft *d, struct draft_record *ret_r,
		      struct sl_why *why)
{
	json_t *manifest = NULL, *internal = NULL;
	struct draft_record *x = ret_r;
	int r = read_manifest(s, d, &manifest);

	memset(x, 0, sizeof(*x));
	if (r == SL_OK)
		r = read_internal(s, d, &internal);
	if (r != SL_OK) {
		r = why_set(why, r, "%s: its metadata cannot be read", d->id);
		goto out;
	}
	note(x, manifest);
	note(x, internal);
	take_text(manifest, "source_type", x->source_type, sizeof(x->source_type));
	take_text(internal, "question", x->question, sizeof(x->question));
	x->scan = (struct scan_record){.given = x->given,
				       .source_type = x->source_type[0] != '\0' ? x->source_type
										: NULL,
				       .question = x->question[0] != '\0' ? x->question : NULL,
				       .received = take_day(internal, "received_on"),
				       .due = take_day(internal, "due_on"),
				       .first = true};
out:
	json_decref(manifest);
	json_decref(internal);
	return r;
}
