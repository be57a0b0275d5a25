/* extract_xml.h - XML of office packages as events; DTDs, entities and depth refused. */
#ifndef SL_INSPECT_EXTRACT_XML_H
#define SL_INSPECT_EXTRACT_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct extract_xml_attrs; /* borrowed for the call */

struct extract_xml_events { /* what nobody wants to hear of is NULL; start is always there */
	/* Names are local names: prefixes are the author's choice. */
	void (*start)(void *arg, const char *name, const struct extract_xml_attrs *a);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *s, size_t len); /* may come in pieces */
	void (*note)(void *arg, const char *s); /* comment or processing instruction */
};

void extract_xml_init(void); /* once, before the sandbox */

/* SL_E_FORMAT not well-formed, SL_E_UNSUPPORTED document type declaration or an
 * encoding other than UTF-8/UTF-16, SL_E_LIMIT deeper than EXTRACT_DEPTH_MAX,
 * SL_E_NOMEM.  Events before the error were delivered. */
int extract_xml_parse(const char *bytes, size_t len, const struct extract_xml_events *ev,
		      void *arg) SL_MUST_USE;

/* Value of the attribute with this local name, cut to cap - 1 bytes at a
 * character; false (and "") when absent. */
bool extract_xml_attr(const struct extract_xml_attrs *a, const char *name, char *out,
		      size_t cap);
/* The id of a relationship: the attribute "id" of that namespace, whatever its prefix. */
bool extract_xml_link_id(const struct extract_xml_attrs *a, char *out, size_t cap);
/* A whole number, `missing` when absent; "1" or "true". */
long extract_xml_long(const struct extract_xml_attrs *a, const char *name, long missing);
bool extract_xml_true(const struct extract_xml_attrs *a, const char *name);
bool extract_xml_has(const struct extract_xml_attrs *a, const char *name);
/* The i-th attribute, borrowed, value not NUL-terminated; false past the end. */
bool extract_xml_attr_at(const struct extract_xml_attrs *a, int i, const char **ret_name,
			 const char **ret_value, size_t *ret_len);

#endif
