/* extract_ofd.c - an OFD package (GB/T 33190-2016): documents, pages and what is beside.
 *
 * The text of the pages belongs to the file (object 0); templates, annotations, tags,
 * older versions and attachments have objects of their own.  A page or document that
 * nothing lists is read as hidden.  Hostile: all of it; paths end at the package's root. */
#include "inspect/extract/extract.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_links.h"
#include "inspect/extract/extract_ofd.h"
#include "inspect/extract/extract_ooxml.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { REFS_MAX = 20000, VALUE_MAX = 1024 };

enum ref_kind {
	REF_DOCUMENT,
	REF_PAGE,
	REF_TEMPLATE,
	REF_ANNOTATIONS,
	REF_ANNOTATION_PAGE,
	REF_ATTACHMENTS,
	REF_ATTACHMENT,
	REF_VERSION,
};

struct ref {
	enum ref_kind kind;
	char member[EXTRACT_MEMBER_NAME_MAX];
};

struct ofd {
	struct extract *x;
	struct extract_package *pkg;
	struct ref *refs; /* owned; what the lists name, in their order */
	size_t n, cap;
	/* the member that is read */
	const char *base;
	struct extract_part *part;
	int64_t width, height;
	unsigned documents, pages;
	char element[32]; /* whose text is read */
	struct buf value;
	int error;
};

/* A place in the package is a path; anything else would be fetched from elsewhere. */
static bool say_outside(struct extract_part *p, const char *target)
{
	size_t start = extract_stream_len(p, WHERE_FIELD);

	target += strspn(target, " \t\r\n");
	if (!extract_is_outside(target, strlen(target)))
		return false;
	extract_line(p, WHERE_FIELD, NULL, target, strlen(target));
	extract_mark(p, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	return true;
}

static void add_ref(struct ofd *o, enum ref_kind kind, const char *target)
{
	struct ref *ref;
	void *list = o->refs;

	if (target[0] == '\0' || o->error != SL_OK)
		return;
	if (say_outside(o->part, target))
		return;
	o->error = extract_grow(&list, o->n, &o->cap, sizeof(*ref), REFS_MAX);
	o->refs = list;
	if (o->error != SL_OK)
		return;
	ref = &o->refs[o->n++];
	ref->kind = kind;
	extract_member_name(o->base, target, ref->member);
}

static void add_from(struct ofd *o, enum ref_kind kind, const struct extract_xml_attrs *a)
{
	char target[VALUE_MAX];

	if (extract_xml_attr(a, "BaseLoc", target, sizeof(target)) ||
	    extract_xml_attr(a, "FileLoc", target, sizeof(target)))
		add_ref(o, kind, target);
}

/* OFD.xml, Document.xml, Annotations.xml, Attachments.xml: lists of places. */
static void list_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct ofd *o = arg;

	(void)snprintf(o->element, sizeof(o->element), "%s", name);
	buf_clear(&o->value);
	if (strcmp(name, "Page") == 0)
		add_from(o, REF_PAGE, a);
	else if (strcmp(name, "TemplatePage") == 0)
		add_from(o, REF_TEMPLATE, a);
	else if (strcmp(name, "Version") == 0)
		add_from(o, REF_VERSION, a);
	extract_attrs(o->part, a);
}

static void list_value(struct ofd *o, const char *name, const char *v)
{
	static const struct {
		const char *name;
		enum ref_kind kind;
	} places[] = {
		{"DocRoot", REF_DOCUMENT},
		{"Annotations", REF_ANNOTATIONS},
		{"Attachments", REF_ATTACHMENTS},
	};
	int64_t box[4];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(name, places[i].name) != 0)
			continue;
		add_ref(o, places[i].kind, v);
		return;
	}
	if (strcmp(name, "PhysicalBox") == 0 && ofd_numbers(v, box, 4) == 4) {
		o->width = box[2];
		o->height = box[3];
		return;
	}
	/* Signatures, resources and the like are members that are read one by one. */
	if (extract_ends_with(v, ".xml"))
		return;
	extract_property(o->part, name, v, strlen(v));
}

static void list_end(void *arg, const char *name)
{
	struct ofd *o = arg;
	const char *v = buf_str(&o->value);

	if (strcmp(name, o->element) == 0 && v[strspn(v, " \t\r\n")] != '\0')
		list_value(o, name, v + strspn(v, " \t\r\n"));
	o->element[0] = '\0';
	buf_clear(&o->value);
}

static void list_text(void *arg, const char *s, size_t len)
{
	struct ofd *o = arg;

	if (o->element[0] != '\0')
		buf_put(&o->value, s, len);
	else if (extract_is_wordy(s, len))
		extract_line(o->part, WHERE_METADATA, NULL, s, len);
}

static int read_list(struct ofd *o, const struct extract_member *m)
{
	static const struct extract_xml_events events = {
		.start = list_start, .end = list_end, .text = list_text};
	int r;

	o->base = m->name;
	o->part = m->part;
	buf_clear(&o->value);
	r = extract_xml_parse(m->data, m->len, &events, o);
	if (r == SL_OK)
		r = o->error;
	return (r == SL_OK) ? buf_error(&o->value) : r;
}

/* --- annotations and attachments: lists whose entries are elements --- */

struct entries {
	struct ofd *o;
	bool page, file;
	char name[VALUE_MAX];
	struct buf value;
};

static void entry_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct entries *e = arg;

	e->page = strcmp(name, "FileLoc") == 0;
	if (strcmp(name, "Attachment") == 0) {
		(void)extract_xml_attr(a, "Name", e->name, sizeof(e->name));
		extract_line(e->o->part, WHERE_FILENAME, NULL, e->name, strlen(e->name));
		e->file = true;
	}
	buf_clear(&e->value);
	extract_attrs(e->o->part, a);
}

static void entry_end(void *arg, const char *name)
{
	struct entries *e = arg;

	if (strcmp(name, "FileLoc") == 0)
		add_ref(e->o, e->file ? REF_ATTACHMENT : REF_ANNOTATION_PAGE,
			buf_str(&e->value));
	e->page = false;
}

static void entry_text(void *arg, const char *s, size_t len)
{
	struct entries *e = arg;

	if (e->page)
		buf_put(&e->value, s, len);
	else if (extract_is_wordy(s, len))
		extract_line(e->o->part, WHERE_METADATA, NULL, s, len);
}

static int read_entries(struct ofd *o, const struct extract_member *m)
{
	static const struct extract_xml_events events = {
		.start = entry_start, .end = entry_end, .text = entry_text};
	struct entries e = {.o = o};
	int r;

	o->base = m->name;
	o->part = m->part;
	buf_init(&e.value, VALUE_MAX);
	r = extract_xml_parse(m->data, m->len, &events, &e);
	if (r == SL_OK)
		r = o->error;
	if (r == SL_OK)
		r = buf_error(&e.value);
	buf_release(&e.value);
	return r;
}

/* --- what the lists name --- */

static int read_page(struct ofd *o, const struct extract_member *m)
{
	struct extract_part *file = extract_file(o->x);
	int r = SL_OK;

	o->pages++;
	for (int w = 0; r == SL_OK && w < WHERE_COUNT; w++)
		r = extract_cut(file, (enum segment_where)w, o->pages);
	return (r == SL_OK) ? ofd_page_read(file, m, WHERE_BODY, o->width, o->height) : r;
}

/* Annotations are drawn like pages; what is no watermark is a note between colleagues. */
static int read_annotation(const struct extract_member *m)
{
	int r = ofd_page_read(m->part, m, WHERE_ANNOTATION, 0, 0);

	if (r == SL_OK)
		r = extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_PROPERTIES,
				      WHERE_METADATA);
	if (memmem(m->data, m->len, "Watermark", 9) == NULL)
		extract_mark(m->part, "DH-002", SEV_S1, WHERE_ANNOTATION, 0, "annotation");
	return r;
}

static int read_attachment(struct ofd *o, struct extract_member *m)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, m->len);
	buf_put(&bytes, m->data, m->len);
	r = buf_error(&bytes);
	if (r == SL_OK)
		r = extract_nested(o->x, m->part, m->name, &bytes);
	extract_mark(m->part, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "embedded-file");
	buf_release(&bytes);
	return r;
}

static int read_ref(struct ofd *o, const struct ref *ref, struct extract_member *m)
{
	switch (ref->kind) {
	case REF_DOCUMENT:
		o->documents++;
		return read_list(o, m);
	case REF_PAGE:
		return read_page(o, m);
	case REF_TEMPLATE:
		return ofd_page_read(m->part, m, WHERE_HEADER, o->width, o->height);
	case REF_ANNOTATIONS:
	case REF_ATTACHMENTS:
		return read_entries(o, m);
	case REF_ANNOTATION_PAGE:
		return read_annotation(m);
	case REF_ATTACHMENT:
		return read_attachment(o, m);
	case REF_VERSION:
		extract_mark(m->part, "DH-007", SEV_S1, WHERE_OLD_REVISION, 0, "old-version");
		return extract_xml_words(m->part, m->data, m->len, EXTRACT_XML_PROPERTIES,
					 WHERE_METADATA);
	}
	return SL_E_FORMAT;
}

static bool listed(const struct ofd *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcasecmp(o->refs[i].member, name) == 0)
			return true;
	return strcasecmp(name, "OFD.xml") == 0;
}

/* Lists name lists: refs grow while they are read.  Twice the same one is read once. */
static int read_refs(struct ofd *o)
{
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < o->n; i++) {
		struct ref ref = o->refs[i]; /* the list may move */
		struct extract_member *m = extract_package_find(o->pkg, ref.member);
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || strcasecmp(o->refs[k].member, ref.member) == 0;
		if (again)
			continue;
		if (m == NULL) {
			extract_fail(extract_file(o->x), "missing-part");
			continue;
		}
		r = read_ref(o, &ref, m);
		if (r != SL_OK && r != SL_E_NOMEM) {
			extract_fail(m->part, extract_reason(r));
			extract_fail(extract_file(o->x), extract_reason(r));
			r = SL_OK;
		}
	}
	return r;
}

/* --- resources: pictures, sounds and fonts by their places --- */

struct places {
	struct extract_part *part;
	struct buf text;
};

static void places_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	static const char *const attrs[] = {"BaseLoc", "FileLoc", "Loc"};
	struct places *p = arg;
	char target[VALUE_MAX];

	(void)name;
	buf_clear(&p->text);
	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (extract_xml_attr(a, attrs[i], target, sizeof(target)))
			(void)say_outside(p->part, target);
}

static void places_text(void *arg, const char *s, size_t len)
{
	struct places *p = arg;

	buf_put(&p->text, s, len);
}

static void places_end(void *arg, const char *name)
{
	static const char *const elements[] = {"MediaFile", "FontFile", "Profile", "FileLoc"};
	struct places *p = arg;

	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (strcmp(name, elements[i]) == 0)
			(void)say_outside(p->part, buf_str(&p->text));
	buf_clear(&p->text);
}

static int read_places(const struct extract_member *m)
{
	static const struct extract_xml_events events = {
		.start = places_start, .end = places_end, .text = places_text};
	struct places p = {.part = m->part};
	int r;

	buf_init(&p.text, EXTRACT_XML_MAX);
	r = extract_xml_parse(m->data, m->len, &events, &p);
	if (r == SL_OK)
		r = buf_error(&p.text);
	buf_release(&p.text);
	return r;
}

/* A member that no list names. */
static int read_rest(struct ofd *o, struct extract_member *m)
{
	struct extract_part *p = m->part;
	int r;

	if (m->error != SL_OK || listed(o, m->name))
		return SL_OK;
	if (extract_ends_with(m->name, "/") && m->len == 0) {
		extract_skip(p, "directory");
	} else if (extract_is_picture("", m->name) || extract_ends_with(m->name, ".esl")) {
		return extract_package_shown(
			o->x, m, "picture-not-read"); /* a seal is a picture in a shell */
	} else if (extract_ends_with(m->name, ".ttf") || extract_ends_with(m->name, ".otf")) {
		extract_skip(p, "ooxml-font");
	} else if (m->len > 0 && (m->data == NULL || !extract_ends_with(m->name, ".xml"))) {
		extract_fail(p, "unsupported");
	} else if (m->len > 0 && memmem(m->data, m->len, "TextCode", 8) != NULL) {
		r = ofd_page_read(p, m, WHERE_HIDDEN, 0, 0);
		extract_mark(p, "DH-003", SEV_S1, WHERE_HIDDEN, 0, "unlisted-page");
		return r;
	} else if (m->len > 0) {
		r = read_places(m);
		return r != SL_OK ? r
				  : extract_xml_words(p, m->data, m->len,
						      EXTRACT_XML_PROPERTIES, WHERE_METADATA);
	}
	return SL_OK;
}

static bool keep(const char *name)
{
	return !extract_ends_with(name, ".ttf") && !extract_ends_with(name, ".otf");
}

static int read_package(struct ofd *o)
{
	struct extract_member *root = extract_package_find(o->pkg, "OFD.xml");
	int r = (root != NULL) ? read_list(o, root) : SL_E_FORMAT;

	if (r == SL_OK)
		r = read_refs(o);
	if (r == SL_OK && o->documents == 0)
		r = SL_E_FORMAT;
	for (size_t i = 0; r == SL_OK && i < o->pkg->n; i++)
		r = extract_settle(o->pkg->members[i].part, read_rest(o, &o->pkg->members[i]));
	if (r == SL_OK)
		extract_fact(o->x, "pages", o->pages);
	return r;
}

int extract_ofd_document(struct extract *x)
{
	struct extract_package pkg = {0};
	struct ofd o = {.x = x, .pkg = &pkg};
	int r;

	buf_init(&o.value, EXTRACT_XML_MAX);
	r = extract_package_read(x, keep, &pkg);
	if (r == SL_OK)
		r = read_package(&o);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail_all(x, extract_reason(r));
	free(o.refs);
	buf_release(&o.value);
	extract_package_release(&pkg);
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}
