/* refs.h - is a blob of the tree still named by a manifest in it?  DATA/state/refs.
 *
 * An index (trust/blob_refs.h) that the tree can always make again:
 *   - for each manifest in the tree it has all digests in that manifest; they are on the
 *     disk before the manifest is;
 *   - one reference too many does no harm: whether the manifest is there and names the
 *     blob is read in the tree;
 *   - refs/of names, by SHA-256, the timestamp.json that the tree had when the last unit
 *     began and the one it was to get.  A tree or an index that was put back, copied or
 *     lost does not fit the other any more: then every manifest is read again. */
#ifndef SL_OUTLET_REFS_H
#define SL_OUTLET_REFS_H

#include "outlet/admit.h"

/* The directory of the index, which is of this tree (made now if it was not: *ret_made). */
int refs_open(int state_fd, int tree_fd, int *ret_fd, bool *ret_made,
	      struct sl_why *why) SL_MUST_USE;
/* Before anything of an admitted unit is placed. */
int refs_expect(int refs_fd, const struct admit *a, struct sl_why *why) SL_MUST_USE;
/* References that the tree no longer bears out are forgotten on the way. */
int refs_used(int refs_fd, int tree_fd, const char *sha256, bool *ret_used) SL_MUST_USE;

#endif
