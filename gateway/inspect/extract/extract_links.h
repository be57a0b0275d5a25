/* extract_links.h - which member a relationship id of an Office Open XML part stands for. */
#ifndef SL_INSPECT_EXTRACT_LINKS_H
#define SL_INSPECT_EXTRACT_LINKS_H

#include "inspect/extract/extract_package.h"

struct extract_links;

/* Relationships of `member` ("xl/workbook.xml": "xl/_rels/workbook.xml.rels"); none is an
 * empty list.  SL_E_LIMIT, SL_E_NOMEM and errors of extract_xml_parse. */
int extract_links_read(const struct extract_package *pkg, const char *member,
		       struct extract_links **ret_l) SL_MUST_USE;
void extract_links_free(struct extract_links *l);
/* Member inside the package, by id; by the last part of its type.  Borrowed, NULL none. */
const char *extract_links_get(const struct extract_links *l, const char *id);
const char *extract_links_of_type(const struct extract_links *l, const char *type);

enum { EXTRACT_MEMBER_NAME_MAX = 512 };
/* A target as written in member `base`, as the name of a member: "/a/b" from the root,
 * else beside `base`; "." and ".." go, at most up to the root. */
void extract_member_name(const char *base, const char *target,
			 char out[EXTRACT_MEMBER_NAME_MAX]);

#endif
