/* extract_nested.c - a document inside a document: what it is, then its own parser.
 *
 * Nobody told us its type, so the structural identifier decides alone; a file that it
 * will not name, or that is not what its name says, is held.  Hostile: depth, size and
 * number are bounded by ceilings that all depths share. */
#include "inspect/extract/extract.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/filter_types.h"
#include "inspect/type/identify.h"

/* The last part of a member's name: "a/b/c.docx" is c.docx. */
static const char *base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return (slash != NULL) ? slash + 1 : name;
}

static const struct buf *keep(struct extract *x, struct buf *bytes)
{
	void *list = x->kept;
	int r = extract_grow(&list, x->n_kept, &x->cap_kept, sizeof(*x->kept), SIZE_MAX);

	x->kept = list;
	if (r != SL_OK)
		return NULL;
	x->kept[x->n_kept] = *bytes;
	buf_init(bytes, 0); /* moved */
	return &x->kept[x->n_kept++];
}

/* DH-008: a program, or a name that promises another kind of file. */
static void judge(struct extract_part *p, const char *name, const struct identity *id)
{
	bool whole = id->reason[0] == '\0';
	bool agrees = whole ? identify_name_agrees(name, id->type)
			    : identify_name_possible(name, id->type);

	if (id->executable)
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "executable");
	else if (strcmp(id->reason, "polyglot") == 0)
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "polyglot");
	else if (strcmp(id->reason, "encrypted") == 0)
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "encrypted");
	else if (id->type[0] != '\0' && !agrees)
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "name");
	if (id->macro)
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "macro");
}

/* Pages, pixels and what LibreOffice reads are looked at by filters of their own.  The
 * pictures of the file itself are found by `see` when it opens the same package. */
static void hand_on(struct extract *x, struct extract_part *p, const uint8_t *bytes, size_t len)
{
	const char *type = p->object.type;
	bool picture = strncmp(type, "image/", 6) == 0;
	bool found = picture && x->depth + x->base == 0 &&
		     filter_type_is_package(x->file->object.type);

	/* A drawing is text, and nobody draws it. */
	if (strcmp(type, "image/svg+xml") == 0)
		return;
	if (filter_type_is_office(type) || (filter_type_is_seen(type) && !found))
		extract_hand_on(p, bytes, len);
}

int extract_nested(struct extract *x, struct extract_part *p, const char *name,
		   struct buf *bytes)
{
	struct extract outer = *x;
	struct identify_in in;
	struct identity id;
	const struct buf *kept = keep(x, bytes);
	int r = SL_OK;

	if (kept == NULL)
		return SL_E_NOMEM;
	in = (struct identify_in){
		.p = (const uint8_t *)buf_str(kept), .len = kept->len, .name = base_name(name)};
	identify(&in, &id);
	/* Its name is as much in front of a reader's eyes as its text. */
	extract_line(p, WHERE_FILENAME, NULL, in.name, strlen(in.name));
	(void)snprintf(p->object.type, sizeof(p->object.type), "%s", id.type);
	judge(p, in.name, &id);
	if (x->base + x->depth >= EXTRACT_NESTING_MAX) {
		extract_fail(p, "nested-too-deep");
	} else if (id.reason[0] != '\0') {
		extract_fail(p, id.reason);
	} else {
		x->name = in.name;
		x->bytes = in.p;
		x->len = in.len;
		x->file = p;
		x->first = x->n_parts;
		x->depth++;
		r = extract_document(x);
		x->name = outer.name;
		x->bytes = outer.bytes;
		x->len = outer.len;
		x->file = outer.file;
		x->first = outer.first;
		x->depth--;
		if (r == SL_OK)
			hand_on(x, p, in.p, in.len); /* the list `kept` stands in may move */
	}
	return r;
}
