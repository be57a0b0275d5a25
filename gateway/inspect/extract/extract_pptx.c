/* extract_pptx.c - a presentation: slides in the order in which they are shown, then
 * what nobody sees on the wall.
 *
 * The text of the slides belongs to the file (object 0), one page a slide; notes,
 * comments, layouts and everything else have objects of their own.  Hostile: all of it. */
#include "inspect/extract/extract.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_links.h"
#include "inspect/extract/extract_ooxml.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_shapes.h"

enum { SLIDES_MAX = 4096, ID_MAX = 64 };

struct deck {
	struct extract *x;
	const struct extract_package *pkg;
	struct extract_types *types;
	int64_t width, height;
	char (*ids)[ID_MAX]; /* relationship ids of slides, in order */
	size_t n, cap;
	int error;
};

static void deck_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct deck *d = arg;
	void *list = d->ids;
	char value[ID_MAX];

	if (strcmp(name, "sldSz") == 0) {
		(void)extract_xml_attr(a, "cx", value, sizeof(value));
		d->width = strtoll(value, NULL, 10) % INT32_MAX;
		(void)extract_xml_attr(a, "cy", value, sizeof(value));
		d->height = strtoll(value, NULL, 10) % INT32_MAX;
	}
	if (strcmp(name, "sldId") != 0 || d->error != SL_OK)
		return;
	d->error = extract_grow(&list, d->n, &d->cap, ID_MAX, SLIDES_MAX);
	d->ids = list;
	if (d->error != SL_OK)
		return;
	(void)extract_xml_link_id(a, value, sizeof(value));
	memcpy(d->ids[d->n++], value, ID_MAX);
}

struct root {
	bool seen, hidden;
};

/* The slide's own element says whether it is shown. */
static void root_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct root *root = arg;
	char show[8];

	if (root->seen)
		return;
	root->seen = true;
	root->hidden = strcmp(name, "sld") == 0 &&
		       extract_xml_attr(a, "show", show, sizeof(show)) &&
		       (strcmp(show, "0") == 0 || strcmp(show, "false") == 0);
}

static int slide(struct deck *d, const struct extract_member *m, unsigned number)
{
	static const struct extract_xml_events events = {.start = root_start};
	struct extract_part *file = extract_file(d->x);
	struct extract_shapes_frame frame = {.where = WHERE_BODY,
					     .placeholders = WHERE_BODY,
					     .width = d->width,
					     .height = d->height};
	struct root root = {0};
	size_t start = extract_stream_len(file, WHERE_HIDDEN);
	int r = (m->data == NULL) ? SL_E_FORMAT
				  : extract_xml_parse(m->data, m->len, &events, &root);

	for (int w = 0; r == SL_OK && w < WHERE_COUNT; w++)
		r = extract_cut(file, (enum segment_where)w, number);
	if (root.hidden)
		frame.where = frame.placeholders = WHERE_HIDDEN;
	if (r == SL_OK)
		r = extract_shapes(file, m, &frame, NULL);
	if (root.hidden)
		extract_mark(file, "DH-003", SEV_S1, WHERE_HIDDEN, start, "hidden-slide");
	return r;
}

/* All slides that the presentation lists; a slide that nobody lists is read as hidden. */
static int slides(struct deck *d, const struct extract_links *links)
{
	struct extract_part *file = extract_file(d->x);
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < d->n; i++) {
		const char *name = extract_links_get(links, d->ids[i]);
		const struct extract_member *m =
			(name != NULL) ? extract_package_find(d->pkg, name) : NULL;

		r = (m != NULL) ? slide(d, m, (unsigned)i + 1) : SL_E_FORMAT;
		if (m != NULL && r != SL_OK && r != SL_E_NOMEM)
			extract_fail(m->part, extract_reason(r));
	}
	return extract_settle(file, r);
}

static bool listed(const struct deck *d, const struct extract_links *links, const char *name)
{
	for (size_t i = 0; i < d->n; i++) {
		const char *target = extract_links_get(links, d->ids[i]);

		if (target != NULL && strcasecmp(target, name) == 0)
			return true;
	}
	return false;
}

static int shapes_of(struct extract_member *m, enum segment_where where, bool placeholders)
{
	struct extract_shapes_frame frame = {.where = where,
					     .placeholders = WHERE_METADATA,
					     .all_placeholders = placeholders};
	size_t content = 0;
	int r = extract_shapes(m->part, m, &frame, &content);

	if (where == WHERE_NOTE && content > 0)
		extract_mark(m->part, "DH-002", SEV_S1, where, 0, "speaker-notes");
	if (where == WHERE_HIDDEN)
		extract_mark(m->part, "DH-003", SEV_S1, where, 0, "unlisted-slide");
	return r;
}

static int other_member(struct deck *d, const struct extract_links *links,
			struct extract_member *m, const char *type)
{
	enum segment_where where = WHERE_BODY;
	int r;

	if (extract_ends_with(type, ".slide+xml"))
		return listed(d, links, m->name) ? SL_OK : shapes_of(m, WHERE_HIDDEN, false);
	if (extract_ends_with(type, ".notesSlide+xml"))
		return shapes_of(m, WHERE_NOTE, false);
	if (extract_ends_with(type, ".slideLayout+xml") ||
	    extract_ends_with(type, ".slideMaster+xml") ||
	    extract_ends_with(type, ".notesMaster+xml") ||
	    extract_ends_with(type, ".handoutMaster+xml"))
		return shapes_of(m, WHERE_HEADER, true);
	if (extract_ends_with(type, ".comments+xml"))
		where = WHERE_COMMENT;
	else if (!extract_ends_with(type, ".chart+xml") &&
		 strstr(type, "chartshapes") == NULL && strstr(type, "diagramData") == NULL &&
		 strstr(type, "diagramDrawing") == NULL)
		where = WHERE_METADATA;
	r = extract_xml_words(
		m->part, m->data, m->len,
		(where == WHERE_METADATA) ? EXTRACT_XML_PROPERTIES : EXTRACT_XML_TEXT, where);
	if (where == WHERE_COMMENT)
		extract_mark(m->part, "DH-002", SEV_S1, where, 0, "comment");
	return r;
}

static int read_members(struct deck *d, const struct extract_links *links)
{
	for (size_t i = 0; i < d->pkg->n; i++) {
		struct extract_member *m = &d->pkg->members[i];
		const char *type = extract_types_get(d->types, m->name);

		if (!extract_ooxml_common(d->x, m, type) &&
		    extract_settle(m->part, other_member(d, links, m, type)) != SL_OK)
			return SL_E_NOMEM;
	}
	return d->x->nomem ? SL_E_NOMEM : SL_OK;
}

static int read_package(struct deck *d)
{
	static const struct extract_xml_events events = {.start = deck_start};
	static const char *const mains[] = {"presentation.main+xml", "slideshow.main+xml",
					    "template.main+xml", ".macroEnabled.main+xml"};
	struct extract_links *links = NULL;
	const struct extract_member *m = NULL;
	int r = extract_types_read(d->pkg, &d->types);

	if (r == SL_OK)
		r = extract_ooxml_main(d->pkg, d->types, mains,
				       sizeof(mains) / sizeof(mains[0]), &m);
	if (r == SL_OK)
		r = extract_xml_parse(m->data, m->len, &events, d);
	if (r == SL_OK)
		r = d->error;
	if (r == SL_OK)
		r = extract_links_read(d->pkg, m->name, &links);
	if (r == SL_OK)
		r = slides(d, links);
	if (r == SL_OK)
		r = read_members(d, links);
	extract_links_free(links);
	extract_types_free(d->types);
	free(d->ids);
	return r;
}

int extract_pptx_document(struct extract *x)
{
	struct extract_package pkg = {0};
	struct deck d = {.x = x, .pkg = &pkg};
	int r = extract_package_read(x, extract_ooxml_keep, &pkg);

	if (r == SL_OK)
		r = read_package(&d);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(r));
	extract_package_release(&pkg);
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
