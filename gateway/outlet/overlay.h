/* overlay.h - the tree as it would be with a unit installed: the unit's files first, then the
 * tree's. */
#ifndef SL_OUTLET_OVERLAY_H
#define SL_OUTLET_OVERLAY_H

#include "link/unit.h"
#include "trust/tuf_client.h"

struct overlay { /* all borrowed */
	int tree_fd;
	int files_fd; /* the unit's contents, named by index */
	const struct unit *unit;
	bool metadata; /* does the unit's metadata count, or only the tree's? */
};
/* Index of a path in the unit, or -1. */
int overlay_index(const struct unit *u, const char *path);
/* Open the file for reading; fd or an error. */
int overlay_open(const struct overlay *o, const char *path) SL_MUST_USE;
int overlay_read(const struct overlay *o, const char *path, size_t max,
		 struct buf *out) SL_MUST_USE;
/* Length of the file; SL_E_NOTFOUND. */
int overlay_length(const struct overlay *o, const char *path, uint64_t *ret_len) SL_MUST_USE;
/* For tuf_client_open; valid while o lives. */
struct tuf_fetcher overlay_tuf(struct overlay *o);

#endif
