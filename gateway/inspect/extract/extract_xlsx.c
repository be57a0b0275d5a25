/* extract_xlsx.c - a workbook: its sheets in the order of their tabs, then what is beside.
 *
 * The text of the sheets belongs to the file (object 0), one page a sheet; comments,
 * caches, connections, tracked changes and everything else have objects of their own.
 * Hostile: all of it.  A binary workbook (xlsb) is not read: failed "unsupported". */
#include "inspect/extract/extract.h"

#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_links.h"
#include "inspect/extract/extract_ooxml.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_shapes.h"
#include "inspect/extract/extract_sheet.h"

struct workbook {
	struct extract *x;
	const struct extract_package *pkg;
	struct extract_types *types;
	struct extract_links *links;
	struct sheet_book book;
};

/* Members that are text of one place, and the finding that goes with it. */
static const struct {
	const char *tail; /* of the content type */
	enum segment_where where;
	const char *rule, *evidence;
	enum severity severity;
} kinds[] = {
	{".comments+xml", WHERE_COMMENT, "DH-002", "comment", SEV_S1},
	{"threadedcomments+xml", WHERE_COMMENT, "DH-002", "comment", SEV_S1},
	{".externalLink+xml", WHERE_HIDDEN, "DH-005", "external-link", SEV_S1},
	{".connections+xml", WHERE_FIELD, "DH-005", "data-connection", SEV_S1},
	{".queryTable+xml", WHERE_FIELD, "DH-005", "data-connection", SEV_S1},
	{".pivotCacheDefinition+xml", WHERE_HIDDEN, "DH-003", "pivot-cache", SEV_S2},
	{".pivotCacheRecords+xml", WHERE_HIDDEN, "DH-003", "pivot-cache", SEV_S2},
	{".revisionHeaders+xml", WHERE_DELETED, "DH-001", "shared-history", SEV_S1},
	{".revisionLog+xml", WHERE_DELETED, "DH-001", "shared-history", SEV_S1},
	{".userNames+xml", WHERE_DELETED, "DH-001", "shared-history", SEV_S1},
	{".chart+xml", WHERE_BODY, NULL, NULL, SEV_S4},
	{"drawingml.chartshapes+xml", WHERE_BODY, NULL, NULL, SEV_S4},
	{"diagramData+xml", WHERE_BODY, NULL, NULL, SEV_S4},
	{"diagramDrawing+xml", WHERE_BODY, NULL, NULL, SEV_S4},
};

static const struct extract_member *linked(const struct workbook *w, const char *type)
{
	const char *name = extract_links_of_type(w->links, type);

	return (name != NULL) ? extract_package_find(w->pkg, name) : NULL;
}

static int one_sheet(struct workbook *w, const struct sheet_entry *e, unsigned number)
{
	struct extract_part *file = extract_file(w->x);
	const char *name = extract_links_get(w->links, e->id);
	const struct extract_member *m =
		(name != NULL) ? extract_package_find(w->pkg, name) : NULL;
	size_t start = extract_stream_len(file, WHERE_HIDDEN);
	int r = SL_OK;

	for (int i = 0; r == SL_OK && i < WHERE_COUNT; i++)
		r = extract_cut(file, (enum segment_where)i, number);
	extract_line(file, e->hidden ? WHERE_HIDDEN : WHERE_BODY, NULL, e->name,
		     strlen(e->name));
	if (r == SL_OK)
		r = (m != NULL) ? sheet_read(&w->book, file, m, e->hidden) : SL_E_FORMAT;
	if (m != NULL && r != SL_OK && r != SL_E_NOMEM)
		extract_fail(m->part, extract_reason(r));
	if (e->hidden)
		extract_mark(file, "DH-003", SEV_S1, WHERE_HIDDEN, start,
			     e->very_hidden ? "very-hidden-sheet" : "hidden-sheet");
	return r;
}

/* Strings that no cell shows: what was in cells that are gone. */
static void unused_strings(struct workbook *w, const struct extract_member *m)
{
	struct sheet_book *b = &w->book;
	size_t start = extract_stream_len(m->part, WHERE_HIDDEN);
	bool any = false;

	for (size_t i = 0; i < b->n_strings; i++) {
		size_t from = (i > 0) ? b->ends[i - 1] : 0;

		if (b->used[i] || b->ends[i] == from)
			continue;
		extract_line(m->part, WHERE_HIDDEN, NULL, (const char *)b->strings.data + from,
			     b->ends[i] - from);
		any = true;
	}
	if (any)
		extract_mark(m->part, "DH-003", SEV_S2, WHERE_HIDDEN, start, "unused-string");
}

static bool is_sheet(const struct workbook *w, const char *member)
{
	for (size_t i = 0; i < w->book.n_sheets; i++) {
		const char *name = extract_links_get(w->links, w->book.sheets[i].id);

		if (name != NULL && strcasecmp(name, member) == 0)
			return true;
	}
	return false;
}

static int drawing(struct extract_member *m)
{
	const struct extract_shapes_frame frame = {.where = WHERE_BODY,
						   .placeholders = WHERE_BODY};

	return extract_shapes(m->part, m, &frame, NULL);
}

static int other_member(struct workbook *w, struct extract_member *m, const char *type)
{
	int r;

	if (is_sheet(w, m->name) || extract_ends_with(type, ".sharedStrings+xml") ||
	    extract_ends_with(type, "spreadsheetml.styles+xml") ||
	    extract_ends_with(type, ".main+xml"))
		return SL_OK; /* read before */
	if (extract_ends_with(type, ".worksheet+xml")) {
		r = sheet_read(&w->book, m->part, m, true);
		extract_mark(m->part, "DH-003", SEV_S1, WHERE_HIDDEN, 0, "unlisted-sheet");
		return r;
	}
	if (extract_ends_with(type, "officedocument.drawing+xml"))
		return drawing(m);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!extract_ends_with(type, kinds[i].tail))
			continue;
		r = extract_xml_words(
			m->part, m->data, m->len,
			(kinds[i].where == WHERE_BODY || kinds[i].where == WHERE_COMMENT)
				? EXTRACT_XML_TEXT
				: EXTRACT_XML_CACHE,
			kinds[i].where);
		if (kinds[i].rule != NULL)
			extract_mark(m->part, kinds[i].rule, kinds[i].severity, kinds[i].where,
				     0, kinds[i].evidence);
		return r;
	}
	return extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_PROPERTIES,
				 WHERE_METADATA);
}

static int read_members(struct workbook *w)
{
	for (size_t i = 0; i < w->pkg->n; i++) {
		struct extract_member *m = &w->pkg->members[i];
		const char *type = extract_types_get(w->types, m->name);

		if (!extract_ooxml_common(w->x, m, type) &&
		    extract_settle(m->part, other_member(w, m, type)) != SL_OK)
			return SL_E_NOMEM;
	}
	return w->x->nomem ? SL_E_NOMEM : SL_OK;
}

/* Strings and formats first: the sheets only point at them. */
static int read_sheets(struct workbook *w, const struct extract_member *main_part)
{
	const struct extract_member *strings = linked(w, "sharedStrings");
	const struct extract_member *styles = linked(w, "styles");
	int r = sheet_book_read(&w->book, main_part->part, main_part);

	if (r == SL_OK && strings != NULL)
		r = sheet_strings_read(&w->book, strings);
	if (r == SL_OK && styles != NULL)
		r = sheet_formats_read(&w->book, styles);
	for (size_t i = 0; r == SL_OK && i < w->book.n_sheets; i++)
		r = one_sheet(w, &w->book.sheets[i], (unsigned)i + 1);
	if (r == SL_OK && strings != NULL)
		unused_strings(w, strings);
	return r;
}

static int read_package(struct workbook *w)
{
	static const char *const mains[] = {"sheet.main+xml", "template.main+xml",
					    ".macroEnabled.main+xml",
					    "macroEnabledTemplate.main+xml"};
	const struct extract_member *m = NULL;
	int r = extract_types_read(w->pkg, &w->types);

	if (r == SL_OK)
		r = extract_ooxml_main(w->pkg, w->types, mains,
				       sizeof(mains) / sizeof(mains[0]), &m);
	if (r == SL_OK)
		r = extract_links_read(w->pkg, m->name, &w->links);
	if (r == SL_OK)
		r = extract_settle(extract_file(w->x), read_sheets(w, m));
	if (r == SL_OK)
		r = read_members(w);
	return r;
}

int extract_xlsx_document(struct extract *x)
{
	struct extract_package pkg = {0};
	struct workbook w = {.x = x, .pkg = &pkg};
	int r;

	sheet_book_init(&w.book);
	r = extract_package_read(x, extract_ooxml_keep, &pkg);
	if (r == SL_OK)
		r = read_package(&w);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(r));
	sheet_book_release(&w.book);
	extract_links_free(w.links);
	extract_types_free(w.types);
	extract_package_release(&pkg);
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
