/* extract_odf_package.c - an OpenDocument package: which member is read how.
 *
 * The text of content.xml belongs to the file (object 0); styles, properties, settings,
 * objects and everything else have objects of their own.  Hostile: all of it. */
#include "inspect/extract/extract.h"

#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_odf.h"
#include "inspect/extract/extract_ooxml.h"
#include "inspect/extract/extract_props.h"

/* All of it: what is no text of the document is a picture, a sound, or a file in the file. */
static bool keep(const char *name)
{
	(void)name;
	return true;
}

/* Members that office programs read as XML. */
static bool is_text(const char *name)
{
	static const char *const ends[] = {".xml", ".xba", ".xlb", ".xlc", ".rdf"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (extract_ends_with(name, ends[i]))
			return true;
	return false;
}

static enum odf_kind kind_of(const char *type)
{
	if (strstr(type, "spreadsheet") != NULL)
		return ODF_SHEET;
	return (strstr(type, "presentation") != NULL || strstr(type, "graphics") != NULL)
		       ? ODF_SLIDES
		       : ODF_TEXT;
}

static bool under(const char *name, const char *dir)
{
	return strncasecmp(name, dir, strlen(dir)) == 0;
}

/* Programs in the file: their text is read, and that they are there is the finding. */
static bool is_macro(const char *name)
{
	return under(name, "Basic/") || under(name, "Scripts/");
}

/* A file in the file: what is a document is read; either is for a person to refuse. */
static void embedded(struct extract *x, struct extract_member *m)
{
	struct buf bytes;

	if (m->data == NULL) {
		extract_fail(m->part, "unsupported");
	} else {
		buf_init(&bytes, m->len);
		buf_put(&bytes, m->data, m->len);
		if (buf_error(&bytes) != SL_OK ||
		    extract_nested(x, m->part, m->name, &bytes) != SL_OK)
			x->nomem = true;
		buf_release(&bytes);
	}
	extract_mark(m->part, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "embedded-object");
}

/* Members that carry no text of the document; true: settled. */
static bool plain_member(struct extract *x, struct extract_member *m)
{
	struct extract_part *p = m->part;

	if (m->error != SL_OK)
		return true; /* failed when it was read */
	if (is_macro(m->name) && !extract_ends_with(m->name, "/")) {
		extract_fact(x, "macro", 1);
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "macro");
	}
	if (extract_ends_with(m->name, "/") && m->len == 0)
		extract_skip(p, "directory");
	else if (extract_is_picture("", m->name) || under(m->name, "ObjectReplacements/")) {
		if (extract_package_shown(x, m, "picture-not-read") != SL_OK)
			x->nomem = true;
	} else if (strcasecmp(m->name, "layout-cache") == 0)
		extract_skip(p, "odf-layout-cache");
	else if (strcasecmp(m->name, "mimetype") == 0 || m->len == 0)
		return true;
	else if (under(m->name, "Media/")) {
		if (extract_package_shown(x, m, "media-not-read") != SL_OK)
			x->nomem = true;
	} else if (m->data == NULL || !is_text(m->name))
		embedded(x, m);
	else
		return false;
	return true;
}

static int read_member(struct odf_styles *styles, struct extract_member *m, enum odf_kind kind)
{
	if (strcmp(m->name, "content.xml") == 0 || strcmp(m->name, "styles.xml") == 0)
		return SL_OK; /* read before */
	/* Charts and formulas in the text, other documents in it. */
	if (extract_ends_with(m->name, "/content.xml") ||
	    extract_ends_with(m->name, "/styles.xml"))
		return odf_content(styles, m->part, m, kind);
	if (under(m->name, "META-INF/") &&
	    memmem(m->data, m->len, "encryption-data", 15) != NULL)
		return SL_E_DENIED;
	return extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_PROPERTIES,
				 WHERE_METADATA);
}

static int read_package(struct extract *x, struct extract_package *pkg)
{
	enum odf_kind kind = kind_of(extract_file(x)->object.type);
	struct extract_member *content = extract_package_find(pkg, "content.xml");
	struct extract_member *look = extract_package_find(pkg, "styles.xml");
	struct odf_styles *styles = NULL;
	int r = (content != NULL) ? odf_styles_new(&styles) : SL_E_FORMAT;

	/* Styles first, for the pages that slides stand on. */
	if (r == SL_OK && look != NULL)
		r = extract_settle(look->part, odf_content(styles, look->part, look, ODF_TEXT));
	if (r == SL_OK) {
		r = odf_content(styles, extract_file(x), content, kind);
		if (r != SL_OK && r != SL_E_NOMEM)
			extract_fail(content->part, extract_reason(r));
		r = extract_settle(extract_file(x), r);
	}
	for (size_t i = 0; r == SL_OK && i < pkg->n; i++)
		if (!plain_member(x, &pkg->members[i]))
			r = extract_settle(pkg->members[i].part,
					   read_member(styles, &pkg->members[i], kind));
	odf_styles_free(styles);
	return r;
}

int extract_odf_document(struct extract *x)
{
	struct extract_package pkg = {0};
	int r = extract_package_read(x, keep, &pkg);

	if (r == SL_OK)
		r = read_package(x, &pkg);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(r));
	extract_package_release(&pkg);
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
