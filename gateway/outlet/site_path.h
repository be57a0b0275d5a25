/* site_path.h - what a URL path may name in the published tree, and how it is described. */
#ifndef SL_OUTLET_SITE_PATH_H
#define SL_OUTLET_SITE_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum { SITE_PATH_MAX = 512, SITE_ETAG_MAX = 80, SITE_DATE = 29 };

/* Relative path for a request path ("/" is index.html).  false for anything
 * with dot components, empty components, or characters the tree never uses. */
bool site_path_clean(const char *url, char out[SITE_PATH_MAX]);
const char *site_path_type(const char *path);
/* Value of Cache-Control: names that carry their hash or version never change. */
const char *site_path_cache(const char *path);
/* Strong ETag with quotes: the hash in the name, else from inode, size and time. */
void site_path_etag(const char *path, const struct stat *st, char out[SITE_ETAG_MAX]);
/* IMF-fixdate of RFC 9110, whatever the locale; out gets SITE_DATE + 1 bytes. */
void site_path_date(int64_t t, char out[SITE_DATE + 1]);

/* One Range header against a file of `size` bytes (RFC 9110 section 14).
 * NONE: serve everything (absent, several ranges, or not understood). */
enum site_range { SITE_RANGE_NONE, SITE_RANGE_OK, SITE_RANGE_BAD };
enum site_range site_path_range(const char *header, uint64_t size, uint64_t *ret_from,
				uint64_t *ret_len);
/* Is `etag` in the list of an If-None-Match header (weak comparison, "*")? */
bool site_path_match(const char *header, const char *etag);

#endif
