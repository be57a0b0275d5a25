/* clean_zip.c - libzip over a buffer.  It can go back and write sizes and checksums into
 * the headers, which a stored first member of OpenDocument needs. */
#include "inspect/clean/clean_zip.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* 1 January 1980, midnight, in ZIP's own form. */
enum { DOS_DATE = 1 << 5 | 1, DOS_TIME = 0, STEP = 64 << 10 };

struct clean_zip {
	zip_source_t *target;
	zip_t *zip;
};

int clean_zip_new(struct clean_zip **ret_z)
{
	struct clean_zip *z = calloc(1, sizeof(*z));
	zip_error_t e;

	if (z == NULL)
		return SL_E_NOMEM;
	zip_error_init(&e);
	z->target = zip_source_buffer_create(NULL, 0, 0, &e);
	if (z->target != NULL) {
		zip_source_keep(z->target); /* to be read after the archive is closed */
		z->zip = zip_open_from_source(z->target, ZIP_TRUNCATE, &e);
	}
	zip_error_fini(&e);
	if (z->zip == NULL) {
		clean_zip_free(z);
		return SL_E_NOMEM;
	}
	*ret_z = z;
	return SL_OK;
}

void clean_zip_free(struct clean_zip *z)
{
	if (z == NULL)
		return;
	if (z->zip != NULL)
		zip_discard(z->zip);
	if (z->target != NULL)
		zip_source_free(z->target);
	free(z);
}

int clean_zip_add(struct clean_zip *z, const char *name, const struct buf *bytes, bool stored)
{
	void *copy = malloc(bytes->len > 0 ? bytes->len : 1);
	zip_source_t *s;
	zip_int64_t i;

	if (copy == NULL)
		return SL_E_NOMEM;
	if (bytes->len > 0)
		memcpy(copy, bytes->data, bytes->len);
	s = zip_source_buffer(z->zip, copy, bytes->len, 1); /* frees the copy */
	if (s == NULL) {
		free(copy);
		return SL_E_NOMEM;
	}
	i = zip_file_add(z->zip, name, s, ZIP_FL_ENC_UTF_8);
	if (i < 0) {
		zip_source_free(s);
		return SL_E_FORMAT;
	}
	if (zip_set_file_compression(z->zip, (zip_uint64_t)i,
				     stored || bytes->len == 0 ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
				     0) != 0 ||
	    zip_file_set_dostime(z->zip, (zip_uint64_t)i, DOS_TIME, DOS_DATE, 0) != 0)
		return SL_E_INTERNAL;
	return SL_OK;
}

int clean_zip_write(struct clean_zip *z, struct buf *out)
{
	static uint8_t step[STEP];
	zip_int64_t n = 0;
	int r = SL_OK;

	if (zip_close(z->zip) != 0)
		return SL_E_INTERNAL;
	z->zip = NULL; /* closed */
	if (zip_source_open(z->target) != 0)
		return SL_E_INTERNAL;
	while (r == SL_OK && (n = zip_source_read(z->target, step, sizeof(step))) > 0) {
		buf_put(out, step, (size_t)n);
		r = buf_error(out);
	}
	(void)zip_source_close(z->target);
	return (r == SL_OK && n < 0) ? SL_E_INTERNAL : r;
}
