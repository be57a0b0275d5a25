/* clean_office_rules.c - which member is copied, changed or left out, kind by kind.
 *
 * People, programs, printers, paths and histories go; text, looks and pictures stay.
 * ECMA-376 part 1 and 2, ODF 1.3 part 2. */
#include <string.h>
#include <strings.h>

#include "inspect/clean/clean_office.h"
#include "inspect/extract/extract_links.h"
#include "inspect/extract/extract_package.h"

static uint32_t told(struct clean_office *o, const char *member, const char *which, uint32_t n)
{
	if (n > 0)
		clean_say(o->result, "removed", member, which, n);
	return n;
}

/* --- Office Open XML --- */

/* Editing sessions are numbered in attributes of every paragraph. */
static uint32_t word_part(struct clean_office *o, xmlDoc *d, const char *member,
			  bool (*left_out)(void *, const char *))
{
	(void)left_out;
	return told(o, member, "editing sessions", clean_xml_drop_attrs(d, "rsid"));
}

static uint32_t word_settings(struct clean_office *o, xmlDoc *d, const char *member,
			      bool (*left_out)(void *, const char *))
{
	(void)left_out;
	return told(o, member, "editing sessions", clean_xml_drop(d, "rsids")) +
	       told(o, member, "template", clean_xml_drop(d, "attachedTemplate")) +
	       told(o, member, "document variables", clean_xml_drop(d, "docVars")) +
	       told(o, member, "mail merge", clean_xml_drop(d, "mailMerge"));
}

static bool property_of_a_person(void *arg, const xmlNode *n)
{
	static const char *const stay[] = {"title",	 "language", "coreProperties",
					   "Properties", "meta",     "document-meta"};

	(void)arg;
	for (size_t i = 0; i < sizeof(stay) / sizeof(stay[0]); i++)
		if (strcmp((const char *)n->name, stay[i]) == 0)
			return false;
	return true;
}

static uint32_t properties(struct clean_office *o, xmlDoc *d, const char *member,
			   bool (*left_out)(void *, const char *))
{
	(void)left_out;
	return told(o, member, "properties", clean_xml_filter(d, property_of_a_person, NULL));
}

struct links {
	struct clean_office *o;
	const char *base; /* member that the targets are relative to */
	bool (*left_out)(void *, const char *);
};

static bool leads_nowhere(void *arg, const xmlNode *n)
{
	const struct links *l = arg;
	const char *target = clean_xml_attr(n, "Target"),
		   *mode = clean_xml_attr(n, "TargetMode");
	char member[EXTRACT_MEMBER_NAME_MAX];

	if (strcmp((const char *)n->name, "Relationship") != 0 || target == NULL)
		return false;
	if (mode != NULL && strcasecmp(mode, "External") == 0) {
		/* The template's path on somebody's disk. */
		const char *type = clean_xml_attr(n, "Type");

		return type != NULL && strstr(type, "/attachedTemplate") != NULL;
	}
	extract_member_name(l->base, target, member);
	return l->left_out(l->o, member);
}

/* "word/_rels/document.xml.rels" speaks of "word/document.xml". */
static uint32_t relationships(struct clean_office *o, xmlDoc *d, const char *member,
			      bool (*left_out)(void *, const char *))
{
	char base[EXTRACT_MEMBER_NAME_MAX];
	const char *rels = strstr(member, "_rels/");
	struct links l = {.o = o, .base = base, .left_out = left_out};
	int head = (rels != NULL) ? (int)(rels - member) : 0;
	int tail = (rels != NULL) ? (int)strlen(rels + 6) - 5 : 0;

	(void)snprintf(base, sizeof(base), "%.*s%.*s", head, member, tail > 0 ? tail : 0,
		       rels != NULL ? rels + 6 : "");
	return clean_xml_filter(d, leads_nowhere, &l);
}

static bool names_nothing(void *arg, const xmlNode *n)
{
	const struct links *l = arg;
	const char *part = clean_xml_attr(n, "PartName");

	return strcmp((const char *)n->name, "Override") == 0 && part != NULL &&
	       part[0] == '/' && l->left_out(l->o, part + 1);
}

static uint32_t content_types(struct clean_office *o, xmlDoc *d, const char *member,
			      bool (*left_out)(void *, const char *))
{
	struct links l = {.o = o, .base = member, .left_out = left_out};

	return clean_xml_filter(d, names_nothing, &l);
}

/* A settings element of a sheet or slide that points at the printer's own data. */
static uint32_t sheet_part(struct clean_office *o, xmlDoc *d, const char *member,
			   bool (*left_out)(void *, const char *))
{
	uint32_t n = 0;
	xmlNode *root = xmlDocGetRootElement(d);

	(void)left_out;
	for (xmlNode *c = root != NULL ? root->children : NULL; c != NULL; c = c->next) {
		xmlAttr *a = (c->type == XML_ELEMENT_NODE &&
			      strcmp((const char *)c->name, "pageSetup") == 0)
				     ? c->properties
				     : NULL;

		while (a != NULL) {
			xmlAttr *after = a->next;

			if (strcmp((const char *)a->name, "id") == 0) {
				(void)xmlRemoveProp(a);
				n++;
			}
			a = after;
		}
	}
	return told(o, member, "printer", n);
}

static const struct clean_rule ooxml[] = {
	{"[Content_Types].xml", NULL, CLEAN_XML, content_types},
	{NULL, ".rels", CLEAN_XML, relationships},
	{NULL, ".vml", CLEAN_XML, NULL},
	{"docProps/thumbnail", NULL, CLEAN_LEAVE_OUT, NULL},
	{"docProps/custom.xml", NULL, CLEAN_LEAVE_OUT, NULL},
	{"docProps/", ".xml", CLEAN_XML, properties},
	{"docMetadata/", NULL, CLEAN_LEAVE_OUT, NULL},
	{NULL, "printerSettings1.bin", CLEAN_LEAVE_OUT, NULL},
	{"xl/printerSettings/", NULL, CLEAN_LEAVE_OUT, NULL},
	{"ppt/printerSettings/", NULL, CLEAN_LEAVE_OUT, NULL},
	{"word/people.xml", NULL, CLEAN_LEAVE_OUT, NULL},
	{"word/settings.xml", NULL, CLEAN_XML, word_settings},
	{"word/", ".xml", CLEAN_XML, word_part},
	{"xl/worksheets/", ".xml", CLEAN_XML, sheet_part},
	{"xl/calcChain.xml", NULL, CLEAN_COPY, NULL},
	{"xl/", ".xml", CLEAN_XML, NULL},
	{"ppt/", ".xml", CLEAN_XML, NULL},
	{NULL, ".png", CLEAN_PICTURE, NULL},
	{NULL, ".jpg", CLEAN_PICTURE, NULL},
	{NULL, ".jpeg", CLEAN_PICTURE, NULL},
	{NULL, ".gif", CLEAN_PICTURE, NULL},
	{NULL, ".webp", CLEAN_PICTURE, NULL},
	{NULL, ".bmp", CLEAN_PICTURE, NULL},
	{"word/fonts/", NULL, CLEAN_COPY, NULL},
	{"ppt/fonts/", NULL, CLEAN_COPY, NULL},
	{NULL, NULL, CLEAN_NONE, NULL},
};

/* --- OpenDocument --- */

static bool printer_item(void *arg, const xmlNode *n)
{
	const char *name = clean_xml_attr(n, "name");

	(void)arg;
	return strcmp((const char *)n->name, "config-item") == 0 && name != NULL &&
	       (strncmp(name, "Printer", 7) == 0 || strncmp(name, "Rsid", 4) == 0 ||
		strcmp(name, "CurrentDatabaseDataSource") == 0);
}

static uint32_t odf_settings(struct clean_office *o, xmlDoc *d, const char *member,
			     bool (*left_out)(void *, const char *))
{
	(void)left_out;
	return told(o, member, "printer and editing sessions",
		    clean_xml_filter(d, printer_item, NULL));
}

static bool entry_of_nothing(void *arg, const xmlNode *n)
{
	const struct links *l = arg;
	const char *path = clean_xml_attr(n, "full-path");

	return strcmp((const char *)n->name, "file-entry") == 0 && path != NULL &&
	       l->left_out(l->o, path);
}

static uint32_t odf_manifest(struct clean_office *o, xmlDoc *d, const char *member,
			     bool (*left_out)(void *, const char *))
{
	struct links l = {.o = o, .base = member, .left_out = left_out};

	return clean_xml_filter(d, entry_of_nothing, &l);
}

static uint32_t odf_content(struct clean_office *o, xmlDoc *d, const char *member,
			    bool (*left_out)(void *, const char *))
{
	(void)left_out;
	return told(o, member, "editing sessions", clean_xml_drop_attrs(d, "rsid")) +
	       told(o, member, "editing sessions", clean_xml_drop_attrs(d, "paragraph-rsid"));
}

static const struct clean_rule odf[] = {
	{"mimetype", NULL, CLEAN_COPY, NULL},
	{"META-INF/manifest.xml", NULL, CLEAN_XML, odf_manifest},
	{"Thumbnails/", NULL, CLEAN_LEAVE_OUT, NULL},
	{"Configurations2/", NULL, CLEAN_LEAVE_OUT, NULL},
	{"layout-cache", NULL, CLEAN_LEAVE_OUT, NULL},
	{"meta.xml", NULL, CLEAN_XML, properties},
	{"settings.xml", NULL, CLEAN_XML, odf_settings},
	{"manifest.rdf", NULL, CLEAN_COPY, NULL},
	{NULL, "content.xml", CLEAN_XML, odf_content},
	{NULL, "styles.xml", CLEAN_XML, odf_content},
	{"Pictures/", ".png", CLEAN_PICTURE, NULL},
	{"Pictures/", ".jpg", CLEAN_PICTURE, NULL},
	{"Pictures/", ".jpeg", CLEAN_PICTURE, NULL},
	{"Pictures/", ".gif", CLEAN_PICTURE, NULL},
	{"Pictures/", ".webp", CLEAN_PICTURE, NULL},
	{"Pictures/", ".bmp", CLEAN_PICTURE, NULL},
	{NULL, NULL, CLEAN_NONE, NULL},
};

const struct clean_rule *clean_office_rules(const char *type)
{
	return (strstr(type, "oasis.opendocument") != NULL) ? odf : ooxml;
}
