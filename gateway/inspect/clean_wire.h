/* clean_wire.h - what the clean filter is given: masks and document in one sealed memory file.
 *
 *   u32 exact (0 or 1), u32 masks, each blob text and blob with (UTF-8); then the document to
 * the end
 *
 * A request carries one descriptor and has no room for masks. */
#ifndef SL_INSPECT_CLEAN_WIRE_H
#define SL_INSPECT_CLEAN_WIRE_H

#include "inspect/clean/clean.h"

enum {
	CLEAN_MASK_TEXT_MAX = 1024,
	CLEAN_HEAD_MAX = CLEAN_MASKS_MAX * (2 * CLEAN_MASK_TEXT_MAX + 8) + 8,
};

/* Append everything that stands before the document. */
void clean_wire_put(struct buf *b, const struct clean_mask *masks, size_t n, bool exact);
/* *ret_masks: owned with their texts, release with clean_wire_free; c stands at the
 * document afterwards.  SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM. */
int clean_wire_get(struct cur *c, struct clean_mask **ret_masks, size_t *ret_n,
		   bool *ret_exact) SL_MUST_USE;
void clean_wire_free(struct clean_mask *masks, size_t n);

#endif
