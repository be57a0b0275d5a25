/* site_cache.h - small files of the tree kept ready to send, bounded, always validated. */
#ifndef SL_OUTLET_SITE_CACHE_H
#define SL_OUTLET_SITE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"
#include "outlet/site_path.h"

struct MHD_Response;

enum {
	SITE_CACHE_SLOTS = 4096,
	SITE_CACHE_FILE_MAX = 64 << 10,
	SITE_CACHE_BYTES_MAX = 64 << 20
};

struct site_cache_entry {
	char path[SITE_PATH_MAX]; /* "" : slot is free */
	struct stat st;
	char etag[SITE_ETAG_MAX];
	char date[SITE_DATE + 1];
	struct MHD_Response *full; /* the 200 answer with all its headers */
};
struct site_cache;

int site_cache_new(struct site_cache **ret_c) SL_MUST_USE;
void site_cache_free(struct site_cache *c);
/* Call `use` under the cache's lock with the entry of this path if it is still
 * the file that `st` describes; false when it is not there. */
bool site_cache_use(struct site_cache *c, const char *path, const struct stat *st,
		    void (*use)(const struct site_cache_entry *e, void *arg), void *arg);
/* Keep a response; the cache takes its own reference's ownership in every case. */
void site_cache_put(struct site_cache *c, const struct site_cache_entry *e);

#endif
