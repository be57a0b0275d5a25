/* extract_docx.c - a word processing package: which member is read how.
 *
 * The text of the main part belongs to the file (object 0), so that lines are
 * counted as a reader counts them; every other member has its own object.
 * Hostile: all of it; see the readers. */
#include "inspect/extract/extract.h"

#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_ooxml.h"
#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_styles.h"
#include "inspect/extract/extract_word.h"

enum member_kind { KIND_MAIN, KIND_WORD, KIND_TEXT, KIND_METADATA, KIND_PROPERTIES };

struct kind_row {
	const char *tail; /* of the content type */
	enum member_kind kind;
	enum segment_where where;
};

static const struct kind_row kinds[] = {
	{"document.main+xml", KIND_MAIN, WHERE_BODY},
	{"document.macroEnabled.main+xml", KIND_MAIN, WHERE_BODY},
	{"template.main+xml", KIND_MAIN, WHERE_BODY},
	{"template.macroEnabledTemplate.main+xml", KIND_MAIN, WHERE_BODY},
	{".header+xml", KIND_WORD, WHERE_HEADER},
	{".footer+xml", KIND_WORD, WHERE_FOOTER},
	{".footnotes+xml", KIND_WORD, WHERE_NOTE},
	{".endnotes+xml", KIND_WORD, WHERE_NOTE},
	{".comments+xml", KIND_WORD, WHERE_COMMENT},
	{"document.glossary+xml", KIND_WORD, WHERE_HIDDEN},
	{".chart+xml", KIND_TEXT, WHERE_BODY},
	{"diagramData+xml", KIND_TEXT, WHERE_BODY},
	{"diagramDrawing+xml", KIND_TEXT, WHERE_BODY},
	{"drawingml.chartshapes+xml", KIND_TEXT, WHERE_BODY},
	{".styles+xml", KIND_METADATA, WHERE_METADATA},
	{".stylesWithEffects+xml", KIND_METADATA, WHERE_METADATA},
	{".fontTable+xml", KIND_METADATA, WHERE_METADATA},
	{".theme+xml", KIND_METADATA, WHERE_METADATA},
	{".numbering+xml", KIND_METADATA, WHERE_METADATA},
	{".webSettings+xml", KIND_METADATA, WHERE_METADATA},
};

static struct kind_row kind_of(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (extract_ends_with(type, kinds[i].tail))
			return kinds[i];
	return (struct kind_row){.kind = KIND_PROPERTIES, .where = WHERE_PROPERTY};
}

/* The main part speaks for the file; when it fails, so does the file. */
static int read_main(struct extract *x, const struct extract_member *m,
		     const struct extract_styles *styles)
{
	struct extract_part *file = extract_file(x);
	int r = extract_word_part(file, m, styles, WHERE_BODY);

	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(m->part, extract_reason(r));
	return extract_settle(file, r);
}

static int read_member(struct extract *x, const struct extract_member *m, const char *type,
		       const struct extract_styles *styles, unsigned *mains)
{
	struct kind_row row = kind_of(type);
	int r;

	switch (row.kind) {
	case KIND_MAIN:
		(*mains)++;
		return read_main(x, m, styles);
	case KIND_WORD:
		r = extract_word_part(m->part, m, styles, row.where);
		break;
	case KIND_TEXT:
	case KIND_METADATA:
		r = extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_TEXT, row.where);
		break;
	default:
		r = extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_PROPERTIES,
				      row.where);
		break;
	}
	return extract_settle(m->part, r);
}

static const struct extract_member *find_styles(const struct extract_package *pkg,
						const struct extract_types *types)
{
	for (size_t i = 0; i < pkg->n; i++)
		if (pkg->members[i].data != NULL &&
		    extract_ends_with(extract_types_get(types, pkg->members[i].name),
				      ".styles+xml") &&
		    strcasestr(pkg->members[i].name, "glossary") == NULL)
			return &pkg->members[i];
	return NULL;
}

static int read_package(struct extract *x, const struct extract_package *pkg)
{
	struct extract_types *types = NULL;
	struct extract_styles *styles = NULL;
	unsigned mains = 0;
	int r = extract_types_read(pkg, &types);

	if (r == SL_OK)
		r = extract_styles_read(find_styles(pkg, types), &styles);
	for (size_t i = 0; r == SL_OK && i < pkg->n; i++) {
		struct extract_member *m = &pkg->members[i];
		const char *type = extract_types_get(types, m->name);

		if (!extract_ooxml_common(x, m, type))
			r = read_member(x, m, type, styles, &mains);
	}
	/* None, or two of which a program might show the other. */
	if (r == SL_OK && mains != 1)
		r = SL_E_FORMAT;
	extract_types_free(types);
	extract_styles_free(styles);
	return r;
}

int extract_docx_document(struct extract *x)
{
	static const uint8_t ole[] = {0xd0, 0xcf, 0x11, 0xe0};
	struct extract_package pkg = {0};
	int r;

	/* Office wraps an encrypted package in an OLE2 file. */
	if (x->len >= sizeof(ole) && memcmp(x->bytes, ole, sizeof(ole)) == 0) {
		extract_fail(extract_file(x), "encrypted");
		return SL_OK;
	}
	r = extract_package_read(x, extract_ooxml_keep, &pkg);
	if (r == SL_OK)
		r = read_package(x, &pkg);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(r));
	extract_package_release(&pkg);
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
