/* clean_xml.c - a tree read, changed by elements and attributes taken out, and written.
 *
 * Hostile: structure and size; the parser's limits bound depth, loops are over trees. */
#include "inspect/clean/clean_xml.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract.h"

static void quiet(void *arg, const char *msg, ...)
{
	(void)arg, (void)msg;
}

int clean_xml_parse(const char *bytes, size_t len, xmlDoc **ret_d)
{
	xmlParserCtxt *c;
	xmlDoc *d;
	bool good;

	if (len > EXTRACT_XML_MAX)
		return SL_E_LIMIT;
	c = xmlNewParserCtxt();
	if (c == NULL)
		return SL_E_NOMEM;
	xmlSetGenericErrorFunc(NULL, quiet);
	d = xmlCtxtReadMemory(c, bytes, (int)len, NULL, NULL,
			      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	good = d != NULL && c->wellFormed && xmlGetIntSubset(d) == NULL;
	xmlFreeParserCtxt(c);
	if (good) {
		*ret_d = d;
		return SL_OK;
	}
	xmlFreeDoc(d);
	return SL_E_FORMAT;
}

int clean_xml_write(xmlDoc *d, struct buf *out)
{
	xmlChar *text = NULL;
	int len = 0;

	xmlDocDumpMemoryEnc(d, &text, &len, "UTF-8");
	if (text == NULL)
		return SL_E_NOMEM;
	buf_put(out, text, (size_t)len);
	xmlFree(text);
	return buf_error(out);
}

xmlNode *clean_xml_next(xmlNode *n, const xmlNode *root, bool down)
{
	if (down && n->children != NULL)
		return n->children;
	while (n != root && n->next == NULL)
		n = n->parent;
	return (n == root) ? NULL : n->next;
}

const char *clean_xml_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return (a->children != NULL && a->children->content != NULL)
				       ? (const char *)a->children->content
				       : "";
	return NULL;
}

uint32_t clean_xml_filter(xmlDoc *d, bool (*each)(void *arg, const xmlNode *n), void *arg)
{
	xmlNode *root = xmlDocGetRootElement(d), *n = root;
	uint32_t count = 0;

	while (n != NULL) {
		bool gone = n != root && n->type == XML_ELEMENT_NODE && each(arg, n);
		xmlNode *after = clean_xml_next(n, root, !gone);

		if (gone) {
			xmlUnlinkNode(n);
			xmlFreeNode(n);
			count++;
		}
		n = after;
	}
	return count;
}

static bool is_named(void *arg, const xmlNode *n)
{
	return strcmp((const char *)n->name, arg) == 0;
}

uint32_t clean_xml_drop(xmlDoc *d, const char *name)
{
	char copy[64];

	(void)snprintf(copy, sizeof(copy), "%s", name);
	return clean_xml_filter(d, is_named, copy);
}

uint32_t clean_xml_drop_attrs(xmlDoc *d, const char *prefix)
{
	xmlNode *root = xmlDocGetRootElement(d);
	size_t len = strlen(prefix);
	uint32_t count = 0;

	for (xmlNode *n = root; n != NULL; n = clean_xml_next(n, root, true)) {
		xmlAttr *a = (n->type == XML_ELEMENT_NODE) ? n->properties : NULL;

		while (a != NULL) {
			xmlAttr *after = a->next;

			if (strncmp((const char *)a->name, prefix, len) == 0) {
				(void)xmlRemoveProp(a);
				count++;
			}
			a = after;
		}
	}
	return count;
}
