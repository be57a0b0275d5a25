/* extract_odf_private.h - the state of the OpenDocument reader while it walks the elements.
 *
 * Each open element has a level that inherits from the one around it: which stream its
 * text goes to and why.  The level that sends text somewhere else marks it when it ends. */
#ifndef SL_INSPECT_EXTRACT_ODF_PRIVATE_H
#define SL_INSPECT_EXTRACT_ODF_PRIVATE_H

#include "inspect/extract/extract_boxes.h"
#include "inspect/extract/extract_odf.h"
#include "inspect/extract/extract_odf_elements.h"

enum { ODF_COLUMNS = 16384, ODF_VALUE_MAX = 4096 };

struct odf_level {
	uint8_t element; /* enum odf_element */
	uint8_t where;	 /* of text below */
	bool text;	 /* text below is text, not the value of something */
	bool background;
	bool cell; /* inside a cell: paragraphs are set apart by blanks */
	/* Set by the element that sends its text elsewhere: */
	const char *rule, *evidence;
	uint8_t severity;
	size_t start;
	size_t box; /* index + 1 */
};

struct odf {
	struct odf_styles *styles;
	struct extract_part *part;
	enum odf_kind kind;
	struct odf_level level[EXTRACT_DEPTH_MAX + 2];
	unsigned depth;
	unsigned page;
	int64_t page_w, page_h;
	struct extract_boxes boxes;
	bool hidden_columns[ODF_COLUMNS];
	unsigned column, columns; /* of the cell that is read; of the table so far */
	unsigned tabs[WHERE_COUNT];
	bool in_cell[WHERE_COUNT], in_row[WHERE_COUNT]; /* something was said there */
	bool inserting;
	int error;
};

/* The innermost open element. */
struct odf_level *odf_here(struct odf *o);
/* Text below it goes to w, and is a finding when there is any. */
void odf_send(struct odf *o, enum segment_where w, const char *rule, enum severity sev,
	      const char *evidence);
void odf_hide(struct odf *o, const char *evidence); /* the same to HIDDEN, DH-003 */
/* enum odf_look of the style that an element names. */
unsigned odf_look_of(const struct odf *o, const char *family,
		     const struct extract_xml_attrs *a);
/* What a style of letters or paragraphs does here.  On slides and in shapes the ground
 * may be of any colour, so that white says nothing. */
void odf_apply(struct odf *o, const char *family, const struct extract_xml_attrs *a);
/* Value of an attribute as a line of stream w; nothing when there is none. */
void odf_value_line(struct odf *o, enum segment_where w, const struct extract_xml_attrs *a,
		    const char *name);

/* Tables, pages, shapes and what comes from outside: start of such an element. */
void odf_start_frame(struct odf *o, const struct extract_xml_attrs *a);
/* Tabs up to the column of this cell, before its first letter in stream w. */
void odf_to_column(struct odf *o, enum segment_where w);
void odf_end_row(struct odf *o);

#endif
