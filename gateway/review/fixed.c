/* fixed.c - what was removed and masked, for those who look at the revision made by it. */
#include "review/fixed.h"

#include <string.h>

enum { RECORD_MAX = 1 << 20 };

static bool same_files(const struct draft *d, const json_t *record)
{
	const json_t *rows = json_arr(record, "files"), *row;
	size_t i;

	if (json_array_size(rows) != d->n_files)
		return false;
	json_array_foreach(rows, i, row)
	{
		const char *name = json_str(row, "name"), *after = json_str(row, "after");

		if (name == NULL || after == NULL || strcmp(name, d->files[i].name) != 0 ||
		    strcmp(after, d->files[i].sha256) != 0)
			return false;
	}
	return true;
}

int fixed_record(const struct review *v, const struct draft *d, json_t **ret_record,
		 char ret_sha256[65])
{
	json_t *record = NULL;
	struct buf b;
	struct fix f;
	int r = store_fix_before(v->store, d->id, d->revision, &f);

	*ret_record = NULL;
	if (r != SL_OK)
		return r == SL_E_NOTFOUND ? SL_OK : r;
	buf_init(&b, RECORD_MAX);
	r = store_object_get(v->store, f.record, RECORD_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, RECORD_MAX, &record);
	buf_wipe(&b);
	if (r == SL_OK && same_files(d, record)) {
		memcpy(ret_sha256, f.record, 65);
		*ret_record = record;
		record = NULL; /* moved */
	}
	json_decref(record);
	return r;
}
