/* extract_styles.h - what WordprocessingML formatting hides text, styles included. */
#ifndef SL_INSPECT_EXTRACT_STYLES_H
#define SL_INSPECT_EXTRACT_STYLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_xml.h"

enum { FORMAT_UNSET = -1, FORMAT_AUTO = -2 };

/* The formatting that decides whether a run can be seen.  FORMAT_UNSET inherits. */
struct extract_format {
	int8_t vanish; /* 0, 1 */
	int8_t web_hidden;
	int32_t color; /* RGB or FORMAT_AUTO */
	int32_t shade; /* RGB behind the text or FORMAT_AUTO */
	int16_t half_points;
	bool black_bar; /* highlighted black */
};
extern const struct extract_format extract_format_unset;

/* Take one property element (w:vanish, w:color, w:sz, w:shd, …) into f; false
 * when the element is none of these. */
bool extract_format_read(struct extract_format *f, const char *name,
			 const struct extract_xml_attrs *a);
/* What is unset in f comes from under. */
void extract_format_inherit(struct extract_format *f, const struct extract_format *under);

struct extract_styles; /* of one package */
/* m may be NULL (a package without styles). Errors of extract_xml_parse. */
int extract_styles_read(const struct extract_member *m,
			struct extract_styles **ret_s) SL_MUST_USE;
void extract_styles_free(struct extract_styles *s);
/* Format of a style with its ancestors; unset when there is no such style. */
struct extract_format extract_styles_get(const struct extract_styles *s, const char *id);
struct extract_format extract_styles_default(const struct extract_styles *s);

#endif
