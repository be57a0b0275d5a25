/* admit_listed.c - whatever the snapshot lists is there, or clients would find holes.
 *
 * A snapshot lists thousands of sets and a unit changes a few.  The one that this process
 * itself looked through and placed is remembered with its digest; if the tree's timestamp
 * still names exactly that one, what is listed as before is there as before.  In any other
 * case (after a start, after a failure) every file is looked at. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "outlet/admit_private.h"

/* What the tree's own timestamp says its snapshot is. */
static bool is_of_tree(const struct admit_listed *l, const struct tuf_meta *timestamp)
{
	const json_t *s = timestamp == NULL ? NULL
					    : json_obj(json_obj(timestamp->body, "meta"),
						       "snapshot.json");
	const char *sha256 = json_str(json_obj(s, "hashes"), "sha256");
	char known[HASH_HEX + 1];

	text_hex(l->snapshot->sha256, HASH_LEN, known);
	return sha256 != NULL && strcmp(sha256, known) == 0;
}

void admit_listed_use(struct admit *a, const struct tuf_meta *timestamp)
{
	if (a->listed != NULL &&
	    (a->listed->snapshot == NULL || !is_of_tree(a->listed, timestamp)))
		a->listed = NULL;
}

static bool as_before(const struct admit *a, const char *file, int64_t version)
{
	int64_t before = 0;

	return a->listed != NULL &&
	       json_i64(json_obj(json_obj(a->listed->snapshot->body, "meta"), file), "version",
			&before) &&
	       before == version;
}

int admit_listed(struct admit *a, struct sl_why *why)
{
	const struct tuf_meta *m = NULL;
	const char *file;
	json_t *meta, *value;
	int r = tuf_client_role(a->tuf, "snapshot", &m, why);

	if (r != SL_OK)
		return r;
	meta = json_object_get(m->body, "meta");
	json_object_foreach(meta, file, value)
	{
		char path[TUF_ROLE_MAX + 64];
		int64_t version = 0;
		uint64_t length;

		(void)json_i64(value, "version", &version);
		if (as_before(a, file, version))
			continue;
		(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".%.70s", version, file);
		if (overlay_length(&a->view, path, &length) != SL_OK)
			return why_set(why, SL_E_UNREACHABLE, "%s is missing", path);
	}
	return SL_OK;
}

void admit_listed_keep(const struct admit *a, struct admit_listed *l)
{
	const struct tuf_meta *m = NULL;

	admit_listed_drop(l);
	if (tuf_client_role(a->tuf, "snapshot", &m, NULL) == SL_OK)
		l->snapshot = tuf_share(m);
}

void admit_listed_drop(struct admit_listed *l)
{
	tuf_free(l->snapshot);
	l->snapshot = NULL;
}
