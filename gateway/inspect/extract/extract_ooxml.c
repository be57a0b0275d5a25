/* extract_ooxml.c - content types, relationships and the members every package has.
 *
 * Hostile: a part's name says nothing; its declared content type decides how an
 * office program reads it, so it decides here as well.  A member that no row
 * knows is failed "unsupported", never passed. */
#include "inspect/extract/extract_ooxml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"

enum { TYPES_MAX = 20000, TYPE_MAX = 128, KEY_MAX = 256, PRINTER_NAME = 64 };

struct type_row {
	char key[KEY_MAX]; /* "/word/document.xml" or "xml" */
	char type[TYPE_MAX];
	bool whole_name;
};

struct extract_types {
	struct type_row *rows;
	size_t n, cap;
	int error;
};

static void types_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_types *t = arg;
	struct type_row *row;
	bool whole = strcmp(name, "Override") == 0;

	if (!whole && strcmp(name, "Default") != 0)
		return;
	if (t->n == t->cap) {
		size_t cap = (t->cap == 0) ? 32 : t->cap * 2;
		void *more =
			(cap <= TYPES_MAX) ? reallocarray(t->rows, cap, sizeof(*row)) : NULL;

		if (more == NULL) {
			t->error = (cap <= TYPES_MAX) ? SL_E_NOMEM : SL_E_LIMIT;
			return;
		}
		t->rows = more;
		t->cap = cap;
	}
	row = &t->rows[t->n++];
	*row = (struct type_row){.whole_name = whole};
	(void)extract_xml_attr(a, whole ? "PartName" : "Extension", row->key, sizeof(row->key));
	(void)extract_xml_attr(a, "ContentType", row->type, sizeof(row->type));
}

int extract_types_read(const struct extract_package *pkg, struct extract_types **ret_t)
{
	static const struct extract_xml_events events = {.start = types_start};
	const struct extract_member *m = extract_package_find(pkg, "[Content_Types].xml");
	struct extract_types *t;
	int r;

	if (m == NULL)
		return SL_E_FORMAT;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return SL_E_NOMEM;
	r = extract_xml_parse(m->data, m->len, &events, t);
	if (r == SL_OK)
		r = t->error;
	if (r != SL_OK) {
		extract_types_free(t);
		return r;
	}
	*ret_t = t;
	return SL_OK;
}

void extract_types_free(struct extract_types *t)
{
	if (t == NULL)
		return;
	free(t->rows);
	free(t);
}

const char *extract_types_get(const struct extract_types *t, const char *member)
{
	const char *dot = strrchr(member, '.');
	const char *found = "";

	for (size_t i = 0; i < t->n; i++) {
		const struct type_row *row = &t->rows[i];

		if (row->whole_name && row->key[0] == '/' &&
		    strcasecmp(row->key + 1, member) == 0)
			return row->type;
		if (!row->whole_name && dot != NULL && strcasecmp(row->key, dot + 1) == 0)
			found = row->type;
	}
	return found;
}

int extract_ooxml_main(const struct extract_package *pkg, const struct extract_types *t,
		       const char *const *tails, size_t n_tails,
		       const struct extract_member **ret_m)
{
	unsigned found = 0;

	for (size_t i = 0; i < pkg->n; i++) {
		const char *type = extract_types_get(t, pkg->members[i].name);
		bool is = false;

		for (size_t k = 0; k < n_tails; k++)
			is = is || extract_ends_with(type, tails[k]);
		if (!is)
			continue;
		found++;
		*ret_m = &pkg->members[i];
	}
	return (found == 1 && (*ret_m)->data != NULL) ? SL_OK : SL_E_FORMAT;
}

/* --- relationships --- */

/* A template on the disk of whoever wrote it is a property; elsewhere it is fetched. */
static bool is_remote(const char *target)
{
	bool file = strncasecmp(target, "file:", 5) == 0;
	size_t slashes = file ? strspn(target + 5, "/\\") : 0;
	bool drive = target[0] != '\0' && target[1] == ':';

	if (file) /* file:///C:/x is here, file://host/x and file://///host/x are not */
		return slashes == 2 || slashes > 3 || strstr(target, "\\\\") != NULL;
	return !drive && extract_is_outside(target, strlen(target));
}

static void rels_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_part *p = arg;
	char mode[16], type[160], target[4096];
	const char *kind;
	size_t start;

	if (strcmp(name, "Relationship") != 0 ||
	    !extract_xml_attr(a, "TargetMode", mode, sizeof(mode)) ||
	    strcasecmp(mode, "External") != 0) {
		extract_attrs(p, a);
		return;
	}
	(void)extract_xml_attr(a, "Id", target, sizeof(target));
	if (extract_is_wordy(target, strlen(target)))
		extract_line(p, WHERE_METADATA, NULL, target, strlen(target));
	(void)extract_xml_attr(a, "Type", type, sizeof(type));
	(void)extract_xml_attr(a, "Target", target, sizeof(target));
	kind = strrchr(type, '/');
	kind = (kind != NULL) ? kind + 1 : type;
	if (strcmp(kind, "attachedTemplate") == 0) {
		extract_property(p, "template", target, strlen(target));
		if (!is_remote(target))
			return;
	}
	start = extract_stream_len(p, WHERE_FIELD);
	extract_line(p, WHERE_FIELD, kind, target, strlen(target));
	if (strcmp(kind, "hyperlink") != 0)
		extract_mark(p, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	else if (extract_is_inner_path(target, strlen(target)))
		extract_mark(p, "DH-004", SEV_S2, WHERE_FIELD, start, "internal-path");
}

int extract_rels(struct extract_part *p, const struct extract_member *m)
{
	static const struct extract_xml_events events = {.start = rels_start};

	if (m->data == NULL)
		return SL_E_FORMAT;
	return extract_xml_parse(m->data, m->len, &events, p);
}

/* --- members of every package --- */

int extract_settle(struct extract_part *p, int r)
{
	if (r == SL_E_NOMEM)
		return r;
	if (r != SL_OK)
		extract_fail(p, extract_reason(r));
	return SL_OK;
}

bool extract_is_picture(const char *type, const char *name)
{
	static const char *const tails[] = {".png",  ".jpg",  ".jpeg", ".gif", ".bmp",
					    ".tif",  ".tiff", ".emf",  ".wmf", ".svg",
					    ".webp", ".wdp",  ".ico"};

	if (strncasecmp(type, "image/", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (type[0] == '\0' && extract_ends_with(name, tails[i]))
			return true;
	return false;
}

/* What Windows keeps about the printer: numbers for its driver, and the names of printer
 * and paper. */
static void printer_settings(struct extract_part *p, const struct extract_member *m)
{
	extract_runs(p, "printer", (const uint8_t *)m->data, m->len);
	(void)extract_note_utf16(p, "printer", (const uint8_t *)m->data,
				 m->len < PRINTER_NAME ? m->len : PRINTER_NAME, false);
	extract_mark(p, "DH-004", SEV_S4, WHERE_METADATA, 0, "printer");
}

static bool is_sound_or_film(const char *type)
{
	return strncasecmp(type, "audio/", 6) == 0 || strncasecmp(type, "video/", 6) == 0;
}

bool extract_ooxml_keep(const char *name)
{
	return extract_ends_with(name, ".xml") || extract_ends_with(name, ".rels") ||
	       extract_ends_with(name, ".vml") || strcasestr(name, "/embeddings/") != NULL ||
	       strcasestr(name, "/media/") != NULL ||
	       strcasestr(name, "/printerSettings/") != NULL || extract_is_picture("", name);
}

/* Macros, and files inside the file.  What is a document is read; either is for a person
 * to refuse all the same. */
static int settle_embedded(struct extract *x, struct extract_member *m, const char *type)
{
	struct extract_part *p = m->part;
	bool macro =
		strcasestr(type, "vba") != NULL || strcasestr(m->name, "vbaProject") != NULL;
	struct buf bytes;
	int r = SL_OK;

	if (macro)
		extract_fact(x, "macro", 1);
	if (macro || (m->data == NULL && m->len > 0)) {
		extract_fail(p, "unsupported");
	} else {
		buf_init(&bytes, m->len);
		buf_put(&bytes, m->data, m->len);
		r = buf_error(&bytes);
		if (r == SL_OK)
			r = extract_nested(x, p, m->name, &bytes);
		buf_release(&bytes);
	}
	extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0,
		     macro ? "macro" : "embedded-object");
	return r;
}

bool extract_ooxml_common(struct extract *x, struct extract_member *m, const char *type)
{
	struct extract_part *p = m->part;
	int r = SL_OK;

	if (m->error != SL_OK)
		return true; /* failed when it was read */
	if (extract_ends_with(m->name, "/") && m->len == 0)
		extract_skip(p, "directory");
	else if (extract_is_picture(type, m->name))
		r = extract_package_shown(x, m, "picture-not-read");
	else if (is_sound_or_film(type))
		r = extract_package_shown(x, m, "media-not-read");
	else if (strcasestr(type, "obfuscatedFont") != NULL ||
		 strcasestr(type, "x-fontdata") != NULL || strcasestr(type, "font-ttf") != NULL)
		extract_skip(p, "ooxml-font");
	else if (strcasecmp(m->name, "[Content_Types].xml") == 0)
		r = extract_xml_words(p, m->data, m->len, EXTRACT_XML_PROPERTIES,
				      WHERE_METADATA);
	/* By the name, too: some programs read them whatever the package calls them. */
	else if (extract_ends_with(type, "relationships+xml") ||
		 extract_ends_with(m->name, ".rels"))
		r = extract_rels(p, m);
	else if (extract_ends_with(type, ".printerSettings") && m->data != NULL)
		printer_settings(p, m);
	else if (m->data == NULL ||
		 !(extract_ends_with(type, "xml") || extract_ends_with(type, "vmlDrawing")))
		r = settle_embedded(x, m, type);
	else
		return false;
	if (extract_settle(p, r) != SL_OK)
		x->nomem = true;
	return true;
}
