/* extract_odf.h - the inner parts of the OpenDocument reader (ODF 1.3 part 3). */
#ifndef SL_INSPECT_EXTRACT_ODF_H
#define SL_INSPECT_EXTRACT_ODF_H

#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_xml.h"

/* What a style does to whatever has it. */
enum odf_look {
	ODF_GONE = 1,	    /* text:display="none" */
	ODF_WHITE = 2,	    /* white letters */
	ODF_TINY = 4,	    /* at most two points */
	ODF_BACKGROUND = 8, /* a background that is neither white nor none */
	ODF_NO_SHOW = 16,   /* table or slide is not shown */
	ODF_OPAQUE = 32,    /* a filled shape */
	ODF_PLAIN = 64,	    /* filled black or white */
	ODF_SEE_THROUGH = 128,
};

struct odf_styles;
int odf_styles_new(struct odf_styles **ret_s) SL_MUST_USE;
void odf_styles_free(struct odf_styles *s);
/* Feed every start of an element: styles, page layouts and master pages are kept.
 * SL_E_LIMIT, SL_E_NOMEM. */
int odf_styles_start(struct odf_styles *s, const char *name,
		     const struct extract_xml_attrs *a) SL_MUST_USE;
/* enum odf_look of a style with what it inherits; 0 for one that is not there. */
unsigned odf_styles_look(const struct odf_styles *s, const char *family, const char *name);
/* Size of the pages of a master page in 1/100 mm; false: unknown. */
bool odf_styles_page(const struct odf_styles *s, const char *master, int64_t *ret_w,
		     int64_t *ret_h);
/* "2.5cm", "1in", "12pt" in 1/100 mm; 0: no length. */
int64_t odf_length(const char *text);

enum odf_kind { ODF_TEXT, ODF_SHEET, ODF_SLIDES };
/* content.xml or styles.xml into part p: text by places, DH-001 to DH-007 where it is
 * not what a person sees. */
int odf_content(struct odf_styles *s, struct extract_part *p, const struct extract_member *m,
		enum odf_kind kind) SL_MUST_USE;

#endif
