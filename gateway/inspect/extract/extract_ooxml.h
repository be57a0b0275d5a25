/* extract_ooxml.h - the frame of an Office Open XML package: content types and links. */
#ifndef SL_INSPECT_EXTRACT_OOXML_H
#define SL_INSPECT_EXTRACT_OOXML_H

#include "inspect/extract/extract_package.h"

struct extract_types; /* [Content_Types].xml */

/* SL_E_FORMAT when the package has none, else errors of extract_xml_parse. */
int extract_types_read(const struct extract_package *pkg,
		       struct extract_types **ret_t) SL_MUST_USE;
void extract_types_free(struct extract_types *t);
/* Media type of a member: by its name, else by its extension; "" unknown. */
const char *extract_types_get(const struct extract_types *t, const char *member);

/* The one member whose media type ends with one of these: the main part.  SL_E_FORMAT for
 * none, and for two, of which a program might show the other. */
int extract_ooxml_main(const struct extract_package *pkg, const struct extract_types *t,
		       const char *const *tails, size_t n_tails,
		       const struct extract_member **ret_m) SL_MUST_USE;

/* A relationships member: targets outside become FIELD lines of its part;
 * DH-005 for what a program would load by itself, DH-004 for a template's
 * inner path.  Errors of extract_xml_parse. */
int extract_rels(struct extract_part *p, const struct extract_member *m) SL_MUST_USE;

/* Members that are alike in every package.  Sets the state of m's part and
 * returns true when the member was one of these: directories, pictures,
 * relationships, properties, embedded objects, macros, fonts, unknown bytes. */
bool extract_ooxml_common(struct extract *x, struct extract_member *m, const char *type);
/* Members whose bytes the readers of such a package want: XML, links, pictures, embedded files.
 */
bool extract_ooxml_keep(const char *name);
/* By media type, or when that is "" by the end of the name. */
bool extract_is_picture(const char *type, const char *name);
/* r != 0 fails the part; returns SL_E_NOMEM or 0. */
int extract_settle(struct extract_part *p, int r) SL_MUST_USE;

#endif
