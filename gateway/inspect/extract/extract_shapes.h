/* extract_shapes.h - text in drawn shapes: slides, notes, drawings of a sheet. */
#ifndef SL_INSPECT_EXTRACT_SHAPES_H
#define SL_INSPECT_EXTRACT_SHAPES_H

#include "inspect/extract/extract_package.h"

struct extract_shapes_frame {
	enum segment_where where;	 /* of visible text */
	enum segment_where placeholders; /* of text in placeholders that hold no content:
					    layouts, page numbers of notes */
	bool all_placeholders;		 /* layouts: every placeholder is such */
	int64_t width, height;		 /* of the page in EMU, 0 unknown */
};

/* Text of every shape into part p, by lines of paragraphs and tabs between cells; names
 * and descriptions as ALT.  Hidden shapes, shapes beside the page and text of at most two
 * points go to HIDDEN with DH-003; text under an opaque shape also to COVERED, DH-007.
 * *ret_content (may be NULL): bytes of visible text outside idle placeholders.
 * Errors of extract_xml_parse, SL_E_LIMIT. */
int extract_shapes(struct extract_part *p, const struct extract_member *m,
		   const struct extract_shapes_frame *frame, size_t *ret_content) SL_MUST_USE;

#endif
